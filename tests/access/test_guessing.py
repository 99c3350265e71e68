"""access/guessing.py: what the object of one address remembers and decides, whichever rooms the logins are for."""

import pytest

from access.guessing import Finding, Guessing, Spent, naming_key
from errors import ChallengeFailed, TooManyAttempts
from limits import (
    CHALLENGE_HARD_FAILURES,
    CHALLENGE_MS,
    FORGIVEN_FAILURES,
    FORGIVEN_WINDOW_MS,
    LOGIN_FAILURE_WINDOW_MS,
    LOGIN_FAILURES_ALLOWED,
    LOGIN_WAIT_FIRST_SECONDS,
)
from sealing.ciphers import KEY_BYTES
from storage.schema import ADDRESS_MIGRATIONS, migrate
from storage.store import Store
from tests.fakes import OpenSslCiphers
from tests.rooms import MINUTE, NOON, SECOND, SqliteDatabase, make_room

ANSWER = Spent(b"digest", NOON + CHALLENGE_MS)


@pytest.fixture
def database() -> SqliteDatabase:
    made = SqliteDatabase()
    migrate(made, ADDRESS_MIGRATIONS)
    return made


@pytest.fixture
def guessing(database: SqliteDatabase) -> Guessing:
    return Guessing(Store(database))


def guess(guessing: Guessing, finding: Finding = Finding.WRONG, *, now_ms: int = NOON) -> None:
    guessing.begin((), must_be_hard=False, now_ms=now_ms)
    guessing.settle(finding, now_ms=now_ms)


def waits(guessing: Guessing, *, now_ms: int = NOON) -> float:
    """The seconds that the address has to wait; it is asked by trying."""
    try:
        guess(guessing, Finding.NONE, now_ms=now_ms)
    except TooManyAttempts as refusal:
        return refusal.retry_after or 0
    return 0


def test_after_five_wrong_passwords_the_address_waits(guessing: Guessing) -> None:
    for _ in range(LOGIN_FAILURES_ALLOWED):
        assert waits(guessing) == 0
        guess(guessing)
    assert waits(guessing) == LOGIN_WAIT_FIRST_SECONDS
    assert waits(guessing, now_ms=NOON + LOGIN_WAIT_FIRST_SECONDS * SECOND) == 0


def test_guesses_that_overlap_see_each_other(guessing: Guessing) -> None:
    for _ in range(LOGIN_FAILURES_ALLOWED):
        guessing.begin((), must_be_hard=False, now_ms=NOON)
    with pytest.raises(TooManyAttempts):
        guessing.begin((), must_be_hard=False, now_ms=NOON)


@pytest.mark.parametrize("finding", [Finding.RIGHT, Finding.CLEARED])
def test_a_success_clears_what_was_wrong_before(guessing: Guessing, database: SqliteDatabase, finding: Finding) -> None:
    for _ in range(LOGIN_FAILURES_ALLOWED - 1):
        guess(guessing)
    guess(guessing, finding)
    assert [row["address"] for row in database.rows("attempts")] in ([], [b"forgiven"])
    for _ in range(LOGIN_FAILURES_ALLOWED - 1):
        guess(guessing)
    assert waits(guessing) == 0


def test_what_was_no_guess_counts_as_none_and_clears_nothing(guessing: Guessing) -> None:
    guess(guessing)
    for _ in range(2 * LOGIN_FAILURES_ALLOWED):
        guess(guessing, Finding.NONE)
    for _ in range(LOGIN_FAILURES_ALLOWED - 1):
        assert waits(guessing) == 0
        guess(guessing)
    assert waits(guessing) == LOGIN_WAIT_FIRST_SECONDS


def test_a_login_that_was_no_guess_does_not_lift_the_wait_that_others_have_earned(guessing: Guessing) -> None:
    guessing.begin((), must_be_hard=False, now_ms=NOON)
    for _ in range(LOGIN_FAILURES_ALLOWED):
        guess(guessing) if waits(guessing) == 0 else None
    guessing.settle(Finding.NONE, now_ms=NOON)
    guess(guessing)
    assert waits(guessing) == LOGIN_WAIT_FIRST_SECONDS


def test_where_another_password_can_be_guessed_at_only_so_many_failures_are_forgiven(guessing: Guessing) -> None:
    wrong = 0
    for _ in range(30):
        for _ in range(4):
            if waits(guessing) == 0:
                guess(guessing)
                wrong += 1
        if waits(guessing) == 0:
            guess(guessing, Finding.RIGHT)
    assert wrong == FORGIVEN_FAILURES + LOGIN_FAILURES_ALLOWED
    later = NOON + FORGIVEN_WINDOW_MS
    for _ in range(4):
        guess(guessing, now_ms=later)
    guess(guessing, Finding.RIGHT, now_ms=later)
    assert waits(guessing, now_ms=later) == 0, "the next hour begins afresh"


def test_whoever_knows_every_password_is_forgiven_any_number(guessing: Guessing) -> None:
    for _ in range(30):
        for _ in range(4):
            guess(guessing)
        guess(guessing, Finding.CLEARED)


def test_an_answer_is_good_once_and_not_spent_while_the_address_waits(guessing: Guessing) -> None:
    for _ in range(LOGIN_FAILURES_ALLOWED):
        guess(guessing)
    with pytest.raises(TooManyAttempts):
        guessing.begin([ANSWER], must_be_hard=False, now_ms=NOON)
    later = NOON + LOGIN_WAIT_FIRST_SECONDS * SECOND
    guessing.begin([ANSWER], must_be_hard=False, now_ms=later)
    guessing.settle(Finding.NONE, now_ms=later)
    with pytest.raises(ChallengeFailed):
        guessing.begin([ANSWER], must_be_hard=False, now_ms=later)
    with pytest.raises(ChallengeFailed):
        guessing.spend(ANSWER)


def test_a_suspect_address_has_to_work_harder(guessing: Guessing) -> None:
    for number in range(CHALLENGE_HARD_FAILURES):
        assert not guessing.is_suspect(now_ms=NOON), number
        guess(guessing)
    assert guessing.is_suspect(now_ms=NOON)
    with pytest.raises(ChallengeFailed):
        guessing.begin([ANSWER], must_be_hard=True, now_ms=NOON)
    guessing.begin([ANSWER], must_be_hard=False, now_ms=NOON)  # that refusal has not spent it


def test_it_is_empty_when_nothing_that_it_keeps_says_anything(guessing: Guessing) -> None:
    assert guessing.empty_at(now_ms=NOON) == NOON
    guessing.spend(ANSWER)
    assert guessing.empty_at(now_ms=NOON) == NOON + CHALLENGE_MS
    guess(guessing)
    assert guessing.empty_at(now_ms=NOON) == NOON + LOGIN_FAILURE_WINDOW_MS
    guess(guessing, Finding.RIGHT, now_ms=NOON + MINUTE)
    assert guessing.empty_at(now_ms=NOON) == NOON + MINUTE + FORGIVEN_WINDOW_MS
    later = NOON + MINUTE + FORGIVEN_WINDOW_MS
    assert guessing.empty_at(now_ms=later) == later


async def test_the_key_that_names_addresses_comes_from_master_key_alone() -> None:
    keys = [await naming_key(bytes([number]) * 32, OpenSslCiphers()) for number in (0, 0, 1)]
    assert keys[0] == keys[1] != keys[2]
    assert {len(key) for key in keys} == {KEY_BYTES}


async def test_guesses_in_another_room_count_as_well() -> None:
    one, other = await make_room("one"), await make_room("other")
    other.addresses = one.addresses
    codes = []
    for room in (one, other) * LOGIN_FAILURES_ALLOWED:
        try:
            await room.sign_in("Eve", password="a wrong password")
        except Exception as refusal:  # noqa: BLE001 (whatever it is, its code is looked at)
            codes.append(getattr(refusal, "code", None))
    assert codes == ["wrong_password"] * LOGIN_FAILURES_ALLOWED + ["too_many_attempts"] * LOGIN_FAILURES_ALLOWED
    assert one.database.tables() == other.database.tables() == []
