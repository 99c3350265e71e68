"""files/tickets.py: who may store and fetch the parts of a file."""

from dataclasses import replace
from typing import Any

import pytest

from encoding import b64url, compact_json, from_b64url
from errors import Forbidden
from files.tickets import DOWNLOAD, UPLOAD, Ticket, check, expiry, issue, ticket_key
from limits import MAX_TICKET_CHARACTERS, TICKET_MS
from tests.fakes import OpenSslCiphers

NOW = 1_800_000_000_000
KEY, DIGEST = bytes(range(32)), bytes(range(32, 64))
FILE = b64url(bytes(16))
TICKET = Ticket(UPLOAD, "main", FILE, 1_048_640, 5_000, "object", NOW + TICKET_MS)
TEXT = issue(TICKET, key=KEY, token_digest=DIGEST)


def _check(text: str | None, now_ms: int = NOW, **other: Any) -> Ticket:
    given = {"purpose": UPLOAD, "room": "main", "file": FILE, "key": KEY, "token_digest": DIGEST, **other}
    return check(text, now_ms=now_ms, **given)


def test_a_ticket_gives_back_what_it_was_made_from() -> None:
    assert _check(TEXT) == TICKET


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": DOWNLOAD},
        {"room": "main2"},
        {"file": b64url(bytes([1] * 16))},
        {"token_digest": bytes(32)},
        {"key": bytes(32)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_it_is_good_for_nothing_else(other: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        _check(TEXT, **other)


def test_it_ends() -> None:
    assert _check(TEXT, TICKET.expires_at - 1) == TICKET
    with pytest.raises(Forbidden):
        _check(TEXT, TICKET.expires_at)


@pytest.mark.parametrize("value", [{"size": 2**40}, {"thumb": 0}, {"place": "bucket"}, {"expires_at": NOW + 10**9}])
def test_nobody_can_change_what_it_says(value: dict[str, Any]) -> None:
    changed = replace(TICKET, **value)
    told = b64url(compact_json([changed.size, changed.thumb, changed.place, changed.expires_at]).encode())
    with pytest.raises(Forbidden):
        _check(f"{told}.{TEXT.partition('.')[2]}")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        ".",
        "x",
        TEXT[:-1],
        TEXT + "A",
        TEXT.replace(".", ""),
        b64url(b"\xff") + ".",
        b64url(b"5") + ".",
        b64url(b'{"a":1,"b":2,"c":3,"d":4}') + ".",
        b64url(b'[[],{},null,"x"]') + "." + TEXT.partition(".")[2],
        b64url(b"[1,2,3]") + ".",
        "A" * (MAX_TICKET_CHARACTERS + 1),
        "é.é",
    ],
)
def test_what_is_no_ticket_is_refused_without_a_reason(text: str | None) -> None:
    with pytest.raises(Forbidden) as refusal:
        _check(text)
    assert refusal.value.detail == "The ticket is missing, over or for something else: ask for a new one."


def test_it_is_short_and_fits_a_header() -> None:
    assert len(TEXT) < 200
    assert TEXT.isascii()
    assert from_b64url(TEXT.partition(".")[0])


def test_it_ends_with_the_session() -> None:
    assert expiry(NOW + 10**9, now_ms=NOW) == NOW + TICKET_MS
    assert expiry(NOW + 5, now_ms=NOW) == NOW + 5


async def test_its_key_belongs_to_the_master_key() -> None:
    key = await ticket_key(bytes(32), OpenSslCiphers())
    assert len(key) == 32
    assert key == await ticket_key(bytes(32), OpenSslCiphers())
    assert key != await ticket_key(bytes([1] * 32), OpenSslCiphers())
