"""bots/addresses.py: where webhooks may be, and every way around that which anybody has thought of."""

import pytest

from bot_limits import MAX_WEBHOOK_URL_CHARACTERS
from bots.addresses import checked
from errors import Forbidden, Malformed

SOME = frozenset({"bots.example.org", "*.example.com"})


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("https://bots.example.org/hook", "https://bots.example.org/hook"),
        ("HTTPS://Bots.Example.ORG/Hook", "https://bots.example.org/Hook"),
        ("https://bots.example.org:443/a?b=c&d=%2F", "https://bots.example.org/a?b=c&d=%2F"),
        ("https://bots.example.org", "https://bots.example.org/"),
        ("https://a.example.com/@me/~x", "https://a.example.com/@me/~x"),
        ("https://a.b.example.com/", "https://a.b.example.com/"),
    ],
)
def test_an_address_at_a_host_of_the_list_has_one_spelling(url: str, spelling: str) -> None:
    assert checked(url, hosts=SOME, own=()) == spelling


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "https://example.org/",
        "https://x.bots.example.org/",
        "https://bots.example.org.evil.example/",
        "https://notexample.com/",
        "https://evilexample.com/",
    ],
)
def test_other_hosts_are_forbidden(url: str) -> None:
    with pytest.raises(Forbidden, match="WEBHOOK_HOSTS"):
        checked(url, hosts=SOME, own=())
    with pytest.raises(Forbidden, match="WEBHOOK_HOSTS"):
        checked(url, hosts=frozenset(), own=())
    assert checked(url, hosts=None, own=())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bots.example.org",
        "//bots.example.org/",
        "http://bots.example.org/",
        "wss://bots.example.org/",
        "ftp://bots.example.org/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "https:bots.example.org/",
        "https:/bots.example.org/",
        "https:///bots.example.org/",
        "https:\\\\bots.example.org\\",
        "https://bots.example.org\\@127.0.0.1/",
        "https://bots.example.org:8443/",
        "https://bots.example.org:80/",
        "https://bots.example.org:/",
        "https://bots.example.org:0443/",
        "https://bots.example.org:443:443/",
        "https://me@bots.example.org/",
        "https://me:secret@bots.example.org/",
        "https://bots.example.org@127.0.0.1/",
        "https://bots.example.org%40127.0.0.1/",
        "https://bots.example.org#@127.0.0.1/",
        "https://bots.example.org/#here",
        "https://bots.example.org?x",
        "https://bots.example.org./",
        "https://bots.example.org../",
        "https://.bots.example.org/",
        "https://bots..example.org/",
        "https://-bots.example.org/",
        "https://bots_.example.org/",
        "https://bots%2eexample%2eorg/",
        "https://bots\u3002example\u3002org/",
        "https://\u217cocalhost.example/",
        "https://bots.example.org/\n",
        "https://bots.example.org\n/",
        "\thttps://bots.example.org/",
        " https://bots.example.org/",
        "https://bots.example.org/a b",
        "https://bots.example.org/\x00",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://chat.localhost/",
        "https://localhost.localdomain/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://router.lan/",
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://127.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://1.0x7f/",
        "https://169.254.169.254/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://::1/",
        "https://org/",
        "https://" + "a" * 64 + ".example.org/",
        "https://" + "a." * 126 + "example.org/",
        "https://bots.example.org/" + "x" * MAX_WEBHOOK_URL_CHARACTERS,
    ],
)
def test_what_can_lead_elsewhere_is_no_address_even_where_any_host_is_allowed(url: str) -> None:
    with pytest.raises(Malformed, match=r"^webhook: "):
        checked(url, hosts=None, own=())


@pytest.mark.parametrize("url", ["https://chat.example.com/hooks/x", "https://CHAT.example.com:443/"])
def test_our_own_address_is_forbidden(url: str) -> None:
    with pytest.raises(Forbidden, match="this chat"):
        checked(url, hosts=None, own=["other.example", "chat.example.com"])
