"""notify/push_services.py: where members may have us send requests to, and where not."""

import json
from dataclasses import replace

import pytest

from encoding import from_b64url
from errors import Malformed
from limits import MAX_ENDPOINT_CHARACTERS
from logs import log_line
from notify.push_services import checked_device, is_public_key, one_spelling
from notify.web_push import Device
from tests.fakes import private_key, public_bytes

KEY = public_bytes(private_key(bytes(31) + b"\x07"))
FCM = "https://fcm.googleapis.com/fcm/send/abc:def-123_x"
DEVICE = Device(FCM, KEY, bytes(16))


def is_taken(endpoint: str, *, services: frozenset[str] | None = frozenset(), allow_http: bool = False) -> bool:
    try:
        checked_device(replace(DEVICE, endpoint=endpoint), services=services, allow_http=allow_http)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize(
    "endpoint",
    [
        FCM,
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB%20x",
        "https://web.push.apple.com/QOx",
        "https://api.push.apple.com/x?token=1&y=(a)~",
        "https://db5p.notify.windows.com/w/?token=BQYAAAA%3d%3d",
        "https://fcm.googleapis.com",
        "https://jmt17.google.com/fcm/send/abc:def",
        "https://jmt17.google.com:443/fcm/send/abc:def",
        "https://JMT17.Google.com/fcm/send/abc:def",
    ],
)
def test_the_push_services_of_browsers_are_taken(endpoint: str) -> None:
    assert is_taken(endpoint)


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("https://fcm.googleapis.com:443/A:443/b", "https://fcm.googleapis.com/A:443/b"),
        ("HTTPS://FCM.GoogleAPIs.com/Send/X", "https://fcm.googleapis.com/Send/X"),
        ("https://DB5P.notify.windows.com:443", "https://db5p.notify.windows.com"),
        (FCM, FCM),
        ("http://127.0.0.1:443/Push", "http://127.0.0.1:443/Push"),
        ("https://fcm.googleapis.com:0443/", "https://fcm.googleapis.com:0443/"),
        ("no address", "no address"),
    ],
)
def test_an_address_has_one_spelling(spelling: str, address: str) -> None:
    assert one_spelling(spelling) == address
    device = replace(DEVICE, endpoint=spelling)
    if is_taken(spelling):
        assert checked_device(device, services=frozenset(), allow_http=False).endpoint == address


def test_the_log_names_a_refused_host_and_nothing_else_of_the_address(caplog: pytest.LogCaptureFixture) -> None:
    assert not is_taken("https://Push.Example.org/the/device's/secret?token=1")
    (line,) = [json.loads(log_line(record)) for record in caplog.records]
    assert line == {
        "level": "warning",
        "logger": "durable_chat.push",
        "message": "a push service is not in the list",
        "request_id": None,
        "host": "push.example.org",
    }
    caplog.clear()
    assert not is_taken("https://fcm.googleapis.com@evil.example/")
    assert not is_taken("not an address")
    assert caplog.records == []


LOCAL = [
    "https://localhost/",
    "https://a.localhost/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://a.0x7f/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://printer/",
    "https://printer.local/",
    "https://db.internal/",
    "https://nas.home.arpa/",
    "https://8.8.8.8/",
]
TRICKS = [
    "http://fcm.googleapis.com/",
    "https://fcm.googleapis.com:8443/",
    "https://fcm.googleapis.com:0443/",
    "https://user@fcm.googleapis.com/",
    "https://fcm.googleapis.com@evil.example/",
    "https://fcm.googleapis.com\\@evil.example/",
    "https://evil.example\\.fcm.googleapis.com/",
    "https://fcm.googleapis.com.evil.example/",
    "https://evil-fcm.googleapis.com.x/",
    "https://xfcm.googleapis.com/",
    "https://notify.windows.com.evil.example/",
    "https://push.services.mozilla.com/",
    "https://google.com/",
    "https://www.google.com/",
    "https://xjmt17.google.com/",
    "http://fcm.googleapis.com:443/",
    "https://.notify.windows.com/",
    "https://push.apple.com/",
    "https://fcm.googleapis.com./",
    "https://fcm.googleapis.com:/",
    "https://ſcm.googleapis.com/",
    "https://fcm%2egoogleapis.com/",
    "https://fcm.googleapis.com/\nx",
    "https://fcm.googleapis.com/ x",
    " https://fcm.googleapis.com/",
    "https://fcm.googleapis.com/#x",
    "https://fcm.googleapis.com/ж",
    "https://fcm。googleapis.com/",
    "ftp://fcm.googleapis.com/",
    "//fcm.googleapis.com/",
    "https:fcm.googleapis.com/",
    "https:///",
    "",
    "x",
    "javascript:alert(1)",
    "https://fcm.googleapis.com\t/",
]


@pytest.mark.parametrize("endpoint", [*LOCAL, *TRICKS, "https://example.org/", "https://push.example.org/"])
def test_nothing_else_is(endpoint: str) -> None:
    assert not is_taken(endpoint)


def test_the_operator_may_add_services() -> None:
    added = frozenset({"push.example.org"})
    assert is_taken("https://push.example.org/x", services=added)
    assert is_taken(FCM, services=added)
    assert not is_taken("https://a.push.example.org/x", services=added)
    assert not is_taken("http://push.example.org/x", services=added)


@pytest.mark.parametrize("endpoint", [*LOCAL, *TRICKS[:6]])
def test_where_any_service_is_allowed_nothing_local_is(endpoint: str) -> None:
    assert is_taken("https://push.example.org/x", services=None)
    assert not is_taken(endpoint, services=None)


def test_tests_may_send_to_this_machine() -> None:
    assert is_taken("http://127.0.0.1:40123/push/1", allow_http=True)
    assert not is_taken("ftp://127.0.0.1:40123/push/1", allow_http=True)


def test_an_address_has_a_longest_length() -> None:
    assert is_taken(FCM + "x" * (MAX_ENDPOINT_CHARACTERS - len(FCM)))
    assert not is_taken(FCM + "x" * (MAX_ENDPOINT_CHARACTERS - len(FCM) + 1))


@pytest.mark.parametrize(
    "key",
    [
        b"",
        KEY[:-1],
        KEY + b"\0",
        b"\x02" + KEY[1:33],
        b"\x03" + KEY[1:],
        bytes(65),
        b"\x04" + bytes(64),
        b"\x04" + b"\xff" * 64,
        KEY[:64] + bytes([KEY[64] ^ 1]),
        KEY[:33] + KEY[1:33],
    ],
)
def test_what_is_no_public_key_is_refused(key: bytes) -> None:
    assert not is_public_key(key)
    with pytest.raises(Malformed, match="p256dh"):
        checked_device(replace(DEVICE, p256dh=key), services=None, allow_http=True)


def test_the_key_of_rfc_8291_is_one() -> None:
    assert is_public_key(
        from_b64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    )


@pytest.mark.parametrize("length", [0, 15, 17])
def test_the_secret_has_sixteen_bytes(length: int) -> None:
    with pytest.raises(Malformed, match="auth"):
        checked_device(replace(DEVICE, auth=bytes(length)), services=frozenset(), allow_http=True)
