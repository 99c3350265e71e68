"""live/alarm.py: when the bell is set, and that a lost alarm is set anew."""

import asyncio

import pytest

from limits import ALARM_LATE_MS, SOCKET_CHECK_MS
from live.alarm import SOONEST_MS, Alarm
from tests.rooms import HOUR, NOON, SECOND


class StandingBell:
    """A bell that notes what it was asked."""

    def __init__(self, rings_at: int | None = None) -> None:
        self.rings_at = rings_at
        self.set_to: list[int] = []
        self.looks = 0
        self.now_ms = NOON

    async def get(self) -> int | None:
        self.looks += 1
        return self.rings_at

    async def set(self, at_ms: int) -> None:
        self.rings_at = at_ms
        self.set_to.append(at_ms)

    def alarm(self) -> Alarm:
        return Alarm(self, clock=lambda: self.now_ms)


@pytest.mark.parametrize(
    ("present", "wanted", "set_to"),
    [
        (None, NOON + SECOND, [NOON + SECOND]),
        (NOON + SECOND + 1, NOON + SECOND, [NOON + SECOND]),
        (NOON + SECOND, NOON + SECOND, []),
        (NOON + SECOND - 1, NOON + SECOND, []),
        (None, NOON, [NOON + SOONEST_MS]),
        (None, NOON - SECOND, [NOON + SOONEST_MS]),
        (NOON + SOONEST_MS, NOON, []),
        (None, None, []),
    ],
)
async def test_the_bell_is_set_only_if_it_would_ring_later(
    present: int | None, wanted: int | None, set_to: list[int]
) -> None:
    bell = StandingBell(present)
    await bell.alarm().arm(wanted)
    assert bell.set_to == set_to


async def test_what_is_known_is_not_looked_up_again() -> None:
    bell = StandingBell()
    alarm = bell.alarm()
    for wanted in (NOON + SECOND, NOON + SECOND, NOON + 2 * SECOND):
        await alarm.arm(wanted)
    assert (bell.looks, bell.set_to) == (1, [NOON + SECOND])


@pytest.mark.parametrize(("late_ms", "is_lost"), [(ALARM_LATE_MS - 1, False), (ALARM_LATE_MS, True)])
async def test_an_alarm_that_should_have_rung_is_set_to_ring_now(late_ms: int, is_lost: bool) -> None:
    bell = StandingBell()
    alarm = bell.alarm()
    await alarm.arm(NOON + SECOND)
    bell.now_ms = NOON + SECOND + late_ms
    assert alarm.is_lost(bell.now_ms) is is_lost
    await alarm.arm(bell.now_ms)
    assert bell.set_to == [NOON + SECOND, *([bell.now_ms + SOONEST_MS] if is_lost else [])]


async def test_a_lost_alarm_is_found_by_an_object_that_has_just_woken() -> None:
    bell = StandingBell(NOON - ALARM_LATE_MS)
    await bell.alarm().arm(NOON + SECOND)
    assert bell.set_to == [NOON + SOONEST_MS]


async def test_after_it_rang_it_is_looked_up_again() -> None:
    bell = StandingBell()
    alarm = bell.alarm()
    await alarm.arm(NOON + SECOND)
    alarm.rang()
    bell.rings_at = None
    await alarm.arm(NOON + 2 * SECOND)
    assert bell.set_to == [NOON + SECOND, NOON + 2 * SECOND]


async def test_what_went_wrong_is_tried_again_within_a_minute() -> None:
    bell = StandingBell()
    await bell.alarm().ring_again()
    assert bell.set_to == [NOON + SOCKET_CHECK_MS]


class SlowBell(StandingBell):
    """A bell that lets others in while it is looked at and set."""

    broken = False

    async def get(self) -> int | None:
        present = await super().get()
        await asyncio.sleep(0)
        return present

    async def set(self, at_ms: int) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise OSError("full")
        await super().set(at_ms)


@pytest.mark.parametrize("wanted", [(SECOND, 2 * SECOND), (2 * SECOND, SECOND), (3 * SECOND, SECOND, 2 * SECOND)])
async def test_of_several_who_ask_at_once_the_first_time_counts(wanted: tuple[int, ...]) -> None:
    bell = SlowBell(NOON + HOUR)
    alarm = bell.alarm()
    await asyncio.gather(*(alarm.arm(NOON + each) for each in wanted))
    assert bell.rings_at == NOON + SECOND
    await alarm.arm(NOON + SECOND)
    assert bell.rings_at == NOON + SECOND


async def test_an_alarm_that_rings_while_it_is_looked_up_is_set_anew() -> None:
    bell = SlowBell(NOON)
    alarm = bell.alarm()
    arming = asyncio.create_task(alarm.arm(NOON + SECOND))
    await asyncio.sleep(0)
    alarm.rang()
    await arming
    assert bell.set_to == [NOON + SECOND]


async def test_what_could_not_be_set_is_not_taken_for_set() -> None:
    bell = SlowBell()
    alarm = bell.alarm()
    bell.broken = True
    with pytest.raises(OSError, match="full"):
        await alarm.arm(NOON + SECOND)
    bell.broken = False
    await alarm.arm(NOON + SECOND)
    assert bell.set_to == [NOON + SECOND]
