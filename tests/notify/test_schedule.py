"""notify/schedule.py: when the courier goes, and that nothing that goes wrong with it reaches the chat."""

import asyncio
import sqlite3
from collections.abc import Callable

import pytest

from chat.changes import Posted
from chat.directory import GENERAL
from limits import PUSH_ALARM_MS, PUSH_PAUSE_MS, PUSH_RETRY_FIRST_MS, PUSH_TIMEOUT_SECONDS, PUSH_WINDOW_MS
from notify.schedule import Rounds
from notify.sender import Courier, PushAnswer
from notify.web_push import PushRequest, make_vapid
from tests.fakes import OpenSslCiphers
from tests.notify.absent import PUSH, Absent
from tests.rooms import Person, make_room

BEHIND_MS = PUSH_WINDOW_MS + PUSH_ALARM_MS


class Bell:
    """A room's timer and alarm; nothing rings unless the test lets it."""

    def __init__(self, place: Absent) -> None:
        self.place = place
        self.timers: list[tuple[int, Callable[[], None]]] = []
        self.alarms: list[int] = []
        self.sent: list[PushRequest] = []
        self.status = 201
        self.hold: asyncio.Event | None = None
        self.hold_begins = asyncio.Event()
        room, ciphers = place.room, OpenSslCiphers()
        vapid = make_vapid(room.settings, ciphers)
        courier = None if vapid is None else Courier(place.notices, vapid, ciphers, self._post)
        self.rounds = Rounds(
            place.notices,
            courier,
            is_visible=place.looking.__contains__,
            later=self._later,
            arm=self._arm,
            clock=lambda: room.now_ms,
        )

    async def say(self, author: Person, body: str = "hello") -> None:
        outcome = await self.place.room.commit((author, self.place.room.text(body)))
        await self.rounds.posted(outcome.posted)

    async def ring(self) -> int:
        """The timer's time has come; returns how long it was."""
        ((after_ms, work),) = self.timers
        self.timers.clear()
        self.place.room.later(after_ms)
        work()
        await asyncio.gather(*self.rounds._under_way)
        return after_ms

    def _later(self, milliseconds: int, work: Callable[[], None]) -> object:
        self.timers.append((milliseconds, work))
        return object()

    async def _arm(self, at_ms: int) -> None:
        if not self.alarms or at_ms != self.alarms[-1]:
            self.alarms.append(at_ms)

    async def _post(self, request: PushRequest) -> PushAnswer:
        self.hold_begins.set()
        if self.hold is not None:
            await self.hold.wait()
        self.sent.append(request)
        return PushAnswer(self.status, None)


@pytest.fixture
async def place() -> Absent:
    place = Absent(await make_room(**PUSH))
    await place.member("Anna")
    return place


@pytest.fixture
async def boris(place: Absent) -> Person:
    return await place.room.join("Boris")


async def test_after_the_window_the_courier_goes_once_and_then_nothing_is_set(place: Absent, boris: Person) -> None:
    bell = Bell(place)
    behind = place.room.now_ms + BEHIND_MS
    for _ in range(3):
        await bell.say(boris)
    assert bell.alarms == [behind], "a crash would take the timer along"
    assert await bell.ring() == PUSH_WINDOW_MS
    assert len(bell.sent) == 1
    assert (bell.timers, bell.alarms) == ([], [behind])


async def test_what_a_crash_has_left_is_sent_when_the_alarm_rings(place: Absent, boris: Person) -> None:
    await Bell(place).say(boris)
    bell = Bell(place)  # after a restart: no timer
    await bell.rounds.plan()
    assert bell.alarms == [place.room.now_ms + BEHIND_MS], "the next crash may come before this timer, too"
    assert await bell.ring() == PUSH_WINDOW_MS
    assert len(bell.sent) == 1


async def test_while_a_round_is_under_way_the_alarm_stands_behind_it(place: Absent, boris: Person) -> None:
    bell = Bell(place)
    await bell.say(boris)
    bell.hold = asyncio.Event()
    ((_, begin),) = bell.timers
    bell.timers.clear()
    place.room.later(PUSH_WINDOW_MS)
    begin()
    await bell.hold_begins.wait()
    bell.alarms.clear()
    await bell.rounds.plan()
    assert bell.timers == []
    assert bell.alarms == [place.room.now_ms + int(PUSH_TIMEOUT_SECONDS * 1_000) + PUSH_ALARM_MS]
    bell.hold.set()
    await asyncio.gather(*bell.rounds._under_way)


async def test_where_nobody_is_to_be_told_no_timer_runs(place: Absent, boris: Person) -> None:
    bell = Bell(place)
    place.looking.update(place.room.state.directory.members)
    await bell.say(boris)
    await bell.rounds.plan()
    assert (bell.timers, bell.alarms) == ([], [])


async def test_what_is_to_be_tried_again_waits_for_the_alarm(place: Absent, boris: Person) -> None:
    bell = Bell(place)
    bell.status = 500
    await bell.say(boris)
    await bell.ring()
    assert bell.alarms[1:] == [place.room.now_ms + PUSH_RETRY_FIRST_MS]
    assert bell.timers == []
    place.room.later(PUSH_RETRY_FIRST_MS)
    bell.status = 201
    await bell.rounds.plan()
    assert await bell.ring() == PUSH_PAUSE_MS
    assert len(bell.sent) == 2
    assert place.waiting == 0


async def test_whose_line_died_is_told_unless_they_come_back_meanwhile(place: Absent, boris: Person) -> None:
    bell = Bell(place)
    (anna,) = [each for each in place.room.state.directory.members.values() if each.name == "Anna"]
    place.looking.add(anna.id)
    since = place.room.now_ms - 1
    await bell.say(boris)
    await bell.rounds.line_died(anna.id, since)
    assert bell.timers == []
    place.looking.clear()
    await bell.rounds.line_died(anna.id, since)
    place.looking.add(anna.id)
    assert await bell.ring() == PUSH_WINDOW_MS
    assert bell.sent == []
    place.looking.clear()
    await bell.rounds.line_died(anna.id, since)
    assert await bell.ring() == PUSH_WINDOW_MS
    assert len(bell.sent) == 1


async def test_without_a_key_nothing_is_ever_set(place: Absent, boris: Person) -> None:
    await place.say(boris, "left over from when there was one")
    await place.room.wake(VAPID_PRIVATE_KEY="")
    bell = Bell(place)
    await bell.say(boris)
    await bell.rounds.go_soon(0)
    await bell.rounds.plan()
    assert (bell.timers, bell.alarms) == ([], [])


async def test_a_storage_that_fails_is_logged_and_the_chat_goes_on(
    place: Absent, boris: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell(place)
    place.room.database.fail_at = "notices"
    await bell.say(boris)
    await bell.rounds.posted([Posted(GENERAL, 1, boris.id, frozenset())])
    assert "notifying failed" in caplog.text
    assert bell.timers == []


async def test_a_round_that_fails_is_given_up_and_not_repeated(
    place: Absent, boris: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell(place)
    await bell.say(boris)
    place.room.database.fail_at = "FROM read_positions"
    await bell.ring()
    assert "sending notifications failed" in caplog.text
    assert place.waiting == 0
    assert (bell.timers, len(bell.alarms)) == ([], 1), "only the one that was set with the message"
    place.room.database.fail_at = None
    await bell.say(boris)
    await bell.ring()
    assert len(bell.sent) == 1


async def test_devices_of_a_round_that_failed_are_told_of_the_next_message(
    place: Absent, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Bell(place)
    await bell.say(boris)
    with monkeypatch.context() as broken:
        broken.setattr(place.notices, "notifications", None)
        await bell.ring()
    await bell.say(boris)
    await bell.ring()
    assert len(bell.sent) == 1


async def test_a_round_that_cannot_even_be_given_up_does_not_keep_the_next_one_from_being_planned(
    place: Absent, boris: Person
) -> None:
    bell = Bell(place)
    await bell.say(boris)
    place.room.database.fail_at = "notices"
    with pytest.raises(sqlite3.OperationalError):
        await bell.ring()
    assert (bell.timers, len(bell.alarms)) == ([], 1), "the same would happen again and again"
    place.room.database.fail_at = None
    await bell.rounds.plan()
    assert await bell.ring() == PUSH_PAUSE_MS
    assert len(bell.sent) == 1
