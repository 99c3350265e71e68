"""live/budgets.py: what one member may take of a room."""

import pytest

from errors import RateLimited
from limits import (
    ALLOWANCES_KEPT,
    ALLOWANCES_KEPT_MS,
    ANSWER_BURST,
    ANSWER_RATE,
    ANSWERED_BYTES_A_UNIT,
    ANSWERED_ITEMS_A_UNIT,
    MOST_OPENINGS_OWED,
    OPENING_BURST,
    OPENING_RATE,
    REFUSAL_BURST,
    REFUSAL_RATE,
    REQUEST_BURST,
    REQUEST_RATE,
    TYPING_BURST,
    TYPING_EVERY_MS,
    TYPING_RATE,
)
from live.budgets import Allowance, Budgets, check_wait

NOON = 1_800_000_000_000
BURST, RATE = 20, 5.0


@pytest.fixture
def budgets() -> Budgets:
    return Budgets(BURST, RATE)


@pytest.fixture
def anna(budgets: Budgets) -> Allowance:
    return budgets.of("anna", NOON)


def test_each_kind_of_thing_has_a_burst_and_a_rate_of_its_own(anna: Allowance) -> None:
    for bucket, burst, rate in (
        (anna.changes, BURST, RATE),
        (anna.questions, REQUEST_BURST, REQUEST_RATE),
        (anna.answers, ANSWER_BURST, ANSWER_RATE),
        (anna.openings, OPENING_BURST, OPENING_RATE),
        (anna.typing, TYPING_BURST, TYPING_RATE),
    ):
        assert [bucket.take(NOON) for _ in range(burst)] == [0.0] * burst
        assert bucket.take(NOON) == pytest.approx(1 / rate)


def test_a_member_has_one_allowance_and_others_have_theirs(budgets: Budgets, anna: Allowance) -> None:
    assert budgets.of("anna", NOON + 1) is anna
    assert budgets.of("boris", NOON) is not anna


@pytest.mark.parametrize(
    ("size", "items", "units"),
    [
        (0, 0, 0),
        (ANSWERED_BYTES_A_UNIT - 1, ANSWERED_ITEMS_A_UNIT - 1, 0),
        (ANSWERED_BYTES_A_UNIT, 0, 1),
        (0, ANSWERED_ITEMS_A_UNIT, 1),
        (400_000, 100, 24),
        (16_000, 100, 10),
    ],
)
def test_an_answer_costs_by_its_bytes_or_by_its_messages(anna: Allowance, size: int, items: int, units: int) -> None:
    anna.charge_answer(size, items)
    assert anna.answers.tokens == ANSWER_BURST - units


def test_a_large_answer_is_owed_and_has_to_come_back_before_the_next(anna: Allowance) -> None:
    anna.charge_answer((ANSWER_BURST + ANSWER_RATE) * ANSWERED_BYTES_A_UNIT)
    assert anna.answers.wait(NOON) == pytest.approx(1 + 1 / ANSWER_RATE)
    assert (anna.changes.wait(NOON), anna.questions.wait(NOON)) == (0, 0)


def test_who_is_told_to_slow_down_and_does_not_is_flooding_and_time_forgives(anna: Allowance) -> None:
    assert [anna.is_flooding(NOON) for _ in range(REFUSAL_BURST + 2)] == [False] * REFUSAL_BURST + [True, True]
    later = NOON + 1_000
    assert [anna.is_flooding(later) for _ in range(REFUSAL_RATE + 1)] == [False] * REFUSAL_RATE + [True]


def test_an_answer_is_owed_while_it_is_made_and_then_paid_for_by_what_it_was(anna: Allowance) -> None:
    begun = []
    while not anna.answers.wait(NOON):
        begun.append(anna.begin_answer(100))
    assert begun == [10] * 6, "six pages at once are all there is"
    for units in begun:
        anna.end_answer(units)
    assert (anna.answers.tokens, anna.begin_answer(1)) == (ANSWER_BURST, 1)


def test_frames_on_closed_sockets_cost_openings_and_never_too_many(anna: Allowance) -> None:
    anna.charge_dropped(NOON)
    assert anna.openings.tokens == OPENING_BURST - 1
    for _ in range(1_000):
        anna.charge_dropped(NOON)
    assert anna.openings.tokens == -MOST_OPENINGS_OWED
    assert anna.openings.wait(NOON) == (MOST_OPENINGS_OWED + 1) / OPENING_RATE


@pytest.mark.parametrize(("after", "is_told"), [(0, False), (TYPING_EVERY_MS - 1, False), (TYPING_EVERY_MS, True)])
def test_typing_is_told_at_intervals(anna: Allowance, after: int, is_told: bool) -> None:
    assert anna.may_send_typing("general", NOON) is True
    assert anna.may_send_typing("general", NOON + after) is is_told
    assert anna.may_send_typing("plans", NOON) is True


def test_typing_is_told_although_the_clock_was_set_back(anna: Allowance) -> None:
    anna.may_send_typing("general", NOON)
    assert anna.may_send_typing("general", NOON - 1) is True
    assert anna.may_send_typing("general", NOON) is False


def test_typing_everywhere_at_once_is_told_of_a_few_channels(anna: Allowance) -> None:
    told = [anna.may_send_typing(str(number), NOON) for number in range(100)]
    assert told == [True] * TYPING_BURST + [False] * (100 - TYPING_BURST)


def test_members_who_do_nothing_are_forgotten_when_there_are_many_and_those_who_do_are_not(budgets: Budgets) -> None:
    busy = [budgets.of(f"busy {number}", NOON + 1) for number in range(5)]
    for number in range(ALLOWANCES_KEPT):
        budgets.of(f"idle {number}", NOON)
    later = NOON + ALLOWANCES_KEPT_MS
    busy[0].questions.spend(7)
    budgets.of("new", later)
    assert [budgets.of(f"busy {number}", later) for number in range(5)] == busy
    assert budgets.of("idle 1", later).questions.filled_at == later


def test_what_has_to_wait_is_refused_with_a_time_that_is_long_enough() -> None:
    check_wait(0.0)
    with pytest.raises(RateLimited) as refused:
        check_wait(0.0123)
    assert refused.value.retry_after == 0.013
