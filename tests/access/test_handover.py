"""access/handover.py: what is handed over arrives as it was, in a header that any platform takes."""

import json
from dataclasses import replace

import pytest

from access.guessing import Spent
from access.handover import Handover
from tests.rooms import NOON

FULL = Handover(
    "0123456789abcdef-FRA",
    "2001:db8::1",
    "Mozilla/5.0 (Ünïcode\x7f \n)",
    (Spent(bytes(32), NOON), Spent(bytes(range(32)), NOON + 1)),
    is_hard=True,
    needs_proof=True,
    home="the address's object",
    is_suspect=True,
)


@pytest.mark.parametrize("handover", [FULL, Handover(), Handover("id"), Handover(home="x")], ids=str)
def test_what_is_written_is_read_again(handover: Handover) -> None:
    assert Handover.read(handover.written()) == handover


def test_a_request_that_brings_nothing_is_an_empty_handover() -> None:
    assert Handover.read(None) == Handover()


def test_it_fits_into_a_header() -> None:
    written = FULL.written()
    assert written.isascii()
    assert written.isprintable()


def test_a_neighbouring_version_may_know_more_or_less() -> None:
    told = json.loads(FULL.written())
    assert Handover.read(json.dumps({**told, "of_a_later_version": {"x": 1}})) == FULL
    for name in told:
        without = Handover.read(json.dumps({other: value for other, value in told.items() if other != name}))
        assert without == replace(FULL, **{name: getattr(Handover(), name)})
