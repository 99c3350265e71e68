"""access/attempts.py: how long failed logins make an address wait."""

import pytest

from access.attempts import (
    UNKNOWN_ADDRESS,
    address_bucket,
    address_digest,
    after_failure,
    before_failure,
    forgotten_at,
    is_suspect,
    room_is_attacked,
    wait_seconds,
)
from limits import LOGIN_FAILURE_WINDOW_MS, LOGIN_FAILURES_ALLOWED, ROOM_ATTACK_FAILURES
from storage.attempts import Attempts

NOON = 1_800_000_000_000
SECOND = 1_000


def fail(times: int, *, every_ms: int = SECOND, start: int = NOON, attempts: Attempts | None = None) -> Attempts:
    for number in range(times):
        attempts = after_failure(attempts, start + number * every_ms)
    assert attempts is not None
    return attempts


@pytest.mark.parametrize("failures", range(2, 9))
def test_what_was_no_failure_is_taken_back_and_nobody_waits_for_it(failures: int) -> None:
    earlier = fail(failures - 1, every_ms=0)
    attempts = before_failure(after_failure(earlier, NOON))
    assert attempts == Attempts(earlier.failures, NOON, 0, earlier.blocks)
    assert wait_seconds(attempts, NOON) == 0


def test_before_the_first_failure_there_was_nothing() -> None:
    assert before_failure(fail(1)) is None


def test_an_address_that_never_failed_does_not_wait() -> None:
    assert wait_seconds(None, NOON) == 0


@pytest.mark.parametrize("failures", [1, LOGIN_FAILURES_ALLOWED - 1])
def test_failures_below_the_limit_cost_no_wait(failures: int) -> None:
    assert wait_seconds(fail(failures, every_ms=0), NOON) == 0


def test_the_wait_begins_once_the_fifth_login_has_failed() -> None:
    assert wait_seconds(fail(LOGIN_FAILURES_ALLOWED, every_ms=0), NOON) == 30


@pytest.mark.parametrize(("later_ms", "left"), [(0, 30), (1, 30), (29_000, 1), (29_999, 1), (30_000, 0), (30_001, 0)])
def test_the_wait_is_counted_down_in_whole_seconds_rounded_up(later_ms: int, left: int) -> None:
    assert wait_seconds(fail(5, every_ms=0), NOON + later_ms) == left


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    attempts, now, waits = fail(5, every_ms=0), NOON, []
    for _ in range(9):
        waits.append(wait_seconds(attempts, now))
        now = attempts.blocked_until
        attempts = after_failure(attempts, now)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_ten_thousand_failures_are_counted_without_overflow() -> None:
    assert wait_seconds(fail(10_000, every_ms=0), NOON) == 900


@pytest.mark.parametrize(("quiet_ms", "forgotten"), [(-1, False), (0, True), (1, True)])
def test_failures_are_forgotten_after_a_quiet_quarter_of_an_hour(quiet_ms: int, forgotten: bool) -> None:
    attempts = fail(4, every_ms=0)
    after = after_failure(attempts, NOON + LOGIN_FAILURE_WINDOW_MS + quiet_ms)
    assert after.failures == (1 if forgotten else 5)
    assert (wait_seconds(after, NOON + LOGIN_FAILURE_WINDOW_MS + quiet_ms) > 0) is not forgotten


@pytest.mark.parametrize(("quiet_ms", "forgotten"), [(-1, False), (0, True), (1, True)])
def test_waits_are_forgotten_a_quiet_quarter_of_an_hour_after_the_last_has_ended(
    quiet_ms: int, forgotten: bool
) -> None:
    attempts = fail(7, every_ms=0)
    assert forgotten_at(attempts) == attempts.blocked_until + LOGIN_FAILURE_WINDOW_MS
    after = after_failure(attempts, forgotten_at(attempts) + quiet_ms)
    assert after.blocks == (0 if forgotten else 4)


def test_guessing_slowly_is_no_way_around_the_limit() -> None:
    """Five failures within the window make an address wait, wherever in time the window is laid."""
    attempts = fail(5, every_ms=LOGIN_FAILURE_WINDOW_MS - 1)
    assert attempts.blocks == 1


def test_two_hundred_guesses_a_second_apart_reach_the_hash_eight_times() -> None:
    attempts: Attempts | None = None
    tried = 0
    for number in range(200):
        now = NOON + number * SECOND
        if wait_seconds(attempts, now) == 0:
            tried += 1
            attempts = after_failure(attempts, now)
    assert tried == 7


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_longest_wait() -> None:
    assert wait_seconds(fail(5), NOON - 10**9) == 900


@pytest.mark.parametrize(("failures", "attacked"), [(0, False), (49, False), (50, True), (51, True)])
def test_fifty_failures_an_hour_are_an_attack(failures: int, attacked: bool) -> None:
    assert ROOM_ATTACK_FAILURES == 50
    assert room_is_attacked(failures) is attacked


@pytest.mark.parametrize(
    ("ip", "bucket"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_ipv6_customer_is_one_address(ip: str, bucket: str) -> None:
    assert address_bucket(ip) == bucket


@pytest.mark.parametrize(
    "ip", ["", "x", "203.0.113.300", "203.0.113.7:80", "1.2.3.4, 5.6.7.8", "0x7f.1", "\ud800", "١.٢.٣.٤"]
)
def test_addresses_that_cannot_be_read_share_one_bucket(ip: str) -> None:
    assert address_bucket(ip) == UNKNOWN_ADDRESS


def test_a_stored_address_is_keyed_and_tells_nothing() -> None:
    digest = address_digest(b"k" * 32, "203.0.113.7")
    assert len(digest) == 32
    assert digest == address_digest(b"k" * 32, "::ffff:203.0.113.7")
    assert digest != address_digest(b"K" * 32, "203.0.113.7")
    assert digest != address_digest(b"k" * 32, "203.0.113.8")


@pytest.mark.parametrize(("failures", "suspect"), [(0, False), (2, False), (3, True), (4, True)])
def test_an_address_gets_the_harder_challenge_from_its_third_failure_on(failures: int, suspect: bool) -> None:
    attempts = None
    for _ in range(failures):
        attempts = after_failure(attempts, 1_000)
    assert is_suspect(attempts, 1_000) is suspect
    assert is_suspect(attempts, 1_000 + 24 * 3_600_000) is False
