"""text/hosts.py: public names are told from addresses and local names by their spelling."""

import pytest

from text.hosts import is_public_host


@pytest.mark.parametrize("host", ["example.org", "a.b.c.example.org", "xn--e1afmkfd.xn--p1ai", "127.0.0.1.example.org"])
def test_a_public_name_is_one(host: str) -> None:
    assert is_public_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "org",
        "chat.localhost",
        "localhost.localdomain",
        "printer.local",
        "db.internal",
        "router.lan",
        "1.168.192.in-addr.arpa",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "example.0x7f",
        "example.org.",
        "127.0.0.1.",
        ".example.org",
        "example..org",
        "[::1]",
        "::1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_nothing_else_is(host: str) -> None:
    assert not is_public_host(host)
