"""wire/rates.py: so many at once, then so many a second."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.rates import TokenBucket

NOON = 1_800_000_000_000


@pytest.mark.parametrize("burst", [1, 2, 20])
def test_a_full_bucket_gives_its_burst_at_once_and_then_says_how_long_to_wait(burst: int) -> None:
    bucket = TokenBucket.full(burst, 5, NOON)
    assert [bucket.take(NOON) for _ in range(burst)] == [0.0] * burst
    assert bucket.take(NOON) == 0.2


@pytest.mark.parametrize(("after_ms", "wait"), [(0, 0.5), (250, 0.25), (499, 0.001), (500, 0.0), (501, 0.0)])
def test_a_token_comes_back_in_its_time(after_ms: int, wait: float) -> None:
    bucket = TokenBucket.full(1, 2, NOON)
    bucket.take(NOON)
    assert bucket.take(NOON + after_ms) == pytest.approx(wait)


def test_a_refused_request_takes_nothing() -> None:
    bucket = TokenBucket.full(1, 1, NOON)
    bucket.take(NOON)
    assert [bucket.take(NOON) for _ in range(100)] == [1.0] * 100
    assert bucket.take(NOON + 1_000) == 0.0


def test_no_more_than_the_burst_is_saved_up() -> None:
    bucket = TokenBucket.full(3, 5, NOON)
    assert [bucket.take(NOON + 10**9) for _ in range(4)] == [0.0, 0.0, 0.0, 0.2]


def test_a_clock_that_was_set_back_gives_nothing_and_takes_nothing() -> None:
    bucket = TokenBucket.full(2, 1, NOON)
    bucket.take(NOON)
    assert bucket.take(NOON - 10_000) == 0.0
    assert bucket.take(NOON - 10_000) == 1.0
    assert bucket.take(NOON - 9_000) == 0.0


@given(
    burst=st.integers(1, 100),
    rate=st.floats(0.001, 1_000_000),
    pauses=st.lists(st.integers(0, 5_000), min_size=1, max_size=50),
)
def test_nobody_gets_more_than_burst_and_rate_allow(burst: int, rate: float, pauses: list[int]) -> None:
    bucket, now, taken = TokenBucket.full(burst, rate, NOON), NOON, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now) == 0.0
        assert taken <= burst + (now - NOON) * rate / 1_000 + 1e-6


@given(burst=st.integers(1, 100), rate=st.floats(0.001, 1_000_000), pauses=st.lists(st.integers(0, 500), max_size=50))
def test_whoever_waits_as_told_gets_through(burst: int, rate: float, pauses: list[int]) -> None:
    bucket, now = TokenBucket.full(burst, rate, NOON), NOON
    for pause in pauses:
        now += pause
        wait = bucket.take(now)
        if wait:
            now += math.ceil(wait * 1_000)
            assert bucket.take(now) == 0.0


def test_what_costs_more_is_taken_while_there_is_a_token_and_the_rest_is_owed() -> None:
    bucket = TokenBucket.full(2, 1, NOON)
    assert bucket.take(NOON, 4) == 0.0
    assert bucket.take(NOON, 4) == bucket.wait(NOON) == 3.0
    assert bucket.take(NOON + 2_999) > 0
    assert bucket.take(NOON + 3_000) == 0.0


def test_what_turns_out_to_cost_more_has_to_come_back_first() -> None:
    bucket = TokenBucket.full(10, 10, NOON)
    assert bucket.take(NOON) == 0.0
    bucket.spend(18)
    assert bucket.wait(NOON) == 1.0
    assert bucket.take(NOON + 1_000) == 0.0


def test_asking_how_long_to_wait_takes_nothing() -> None:
    bucket = TokenBucket.full(1, 1, NOON)
    assert [bucket.wait(NOON) for _ in range(3)] == [0.0] * 3
    assert bucket.take(NOON) == 0.0
