"""files/crowding.py: how much is on its way at once."""

import pytest

from errors import TooManyAttempts
from files.crowding import Crowding
from files.layout import BLOCK_BYTES, OBJECT
from limits import PARTS_BYTES_AT_ONCE, SESSION_PARTS_BYTES_AT_ONCE
from memory import Budget

PART = BLOCK_BYTES[OBJECT]
MOST = SESSION_PARTS_BYTES_AT_ONCE // PART


def test_a_session_has_some_parts_on_their_way_and_then_waits_for_one_to_arrive() -> None:
    crowding = Crowding(Budget(PARTS_BYTES_AT_ONCE))
    for _ in range(MOST):
        crowding.enter("anna", PART)
    with pytest.raises(TooManyAttempts) as refusal:
        crowding.enter("anna", PART)
    assert refusal.value.retry_after
    crowding.enter("boris", PART)
    crowding.leave("anna", PART)
    crowding.enter("anna", PART)


def test_small_parts_count_as_what_they_are() -> None:
    crowding = Crowding(Budget(PARTS_BYTES_AT_ONCE))
    for _ in range(100):
        crowding.enter("anna", 20_000)
    crowding.enter("anna", PART)


def test_all_sessions_together_have_a_limit_too() -> None:
    crowding = Crowding(Budget(PARTS_BYTES_AT_ONCE))
    sessions = PARTS_BYTES_AT_ONCE // SESSION_PARTS_BYTES_AT_ONCE
    for number in range(sessions * MOST):
        crowding.enter(f"session {number % sessions}", PART)
    with pytest.raises(TooManyAttempts):
        crowding.enter("one more", 1)
    crowding.leave("session 0", PART)
    crowding.enter("one more", 1)


def test_what_has_arrived_is_forgotten() -> None:
    crowding = Crowding(Budget(PARTS_BYTES_AT_ONCE))
    for number in range(10_000):
        crowding.enter(f"session {number}", PART)
        crowding.leave(f"session {number}", PART)
    crowding.enter("anna", SESSION_PARTS_BYTES_AT_ONCE)
