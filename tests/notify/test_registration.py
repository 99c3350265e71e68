"""notify/registration.py: what a browser says of its subscription."""

import json
from typing import Any

import pytest

from encoding import b64url
from errors import Malformed
from notify.registration import parse_endpoint, parse_subscription
from notify.web_push import Device

ENDPOINT = "https://push.example.org/abc"
GOOD: dict[str, Any] = {"endpoint": ENDPOINT, "keys": {"p256dh": b64url(bytes(65)), "auth": b64url(bytes(16))}}


def subscription(**fields: Any) -> str:
    return json.dumps({"subscription": GOOD | fields})


def test_a_subscription_becomes_a_device() -> None:
    assert parse_subscription(subscription(expirationTime=None)) == Device(ENDPOINT, bytes(65), bytes(16))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"subscription": [GOOD]}),
        subscription(endpoint=7),
        subscription(endpoint="\ud800"),
        subscription(keys=None),
        subscription(keys={}),
        subscription(keys={"p256dh": b64url(bytes(65))}),
        subscription(keys={"p256dh": "!", "auth": b64url(bytes(16))}),
        subscription(keys={"p256dh": b64url(bytes(65)), "auth": 7}),
    ],
)
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse_subscription(text)


def test_an_address_is_read_by_itself() -> None:
    assert parse_endpoint(json.dumps({"endpoint": ENDPOINT})) == ENDPOINT
    for text in ("", "{}", '{"endpoint":null}', '{"endpoint":["x"]}'):
        with pytest.raises(Malformed):
            parse_endpoint(text)
