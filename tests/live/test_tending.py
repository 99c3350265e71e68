"""live/tending.py: what a room sees to by itself."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from limits import (
    CLEAN_UP_EVERY_MS,
    PURGE_PAUSE_MS,
    REMOVAL_PAUSE_FIRST_MS,
    SEGMENTS_AT_ONCE,
    SOCKET_CHECK_MS,
    UPLOAD_OVER_MS,
)
from live.alarm import SOONEST_MS, Alarm
from live.announcements import committed
from live.attendance import Attendance
from live.awake import Awake
from live.calling import Caller
from live.effects import CleanUpSoon, Dismiss, Effect, RemoveFilesSoon
from live.indexing import Indexer
from live.requests import Requests
from live.tending import Tending
from live.watch import Watch
from live.writer import Writer
from notify.schedule import Rounds
from storage.calls import Call
from tests.chat.asking import delete
from tests.files.uploading import upload
from tests.lanes import create_private, secure
from tests.live.past import KeptPast
from tests.live.test_alarm import StandingBell
from tests.live.test_watch import FakeSockets
from tests.rooms import HOUR, ChatRoom, Person, accepted
from wire.changes import DeleteChannel
from wire.writing import ENDED, Close


class House:
    """A room with its alarm; `done` is what it performed, `wakings` how often it had to be awake for it."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.bell = StandingBell()
        self.sockets = FakeSockets()
        self.done: list[Effect] = []
        self.wakings = 0
        self.watch = Watch(self.sockets)
        self.tending = Tending(
            room.database,
            Alarm(self.bell, clock=lambda: room.now_ms),
            self.watch,
            wake=self._wake,
            perform=self._perform,
            clock=lambda: room.now_ms,
        )

    @property
    def clean_up_at(self) -> int | None:
        return self.tending.clean_up_at()

    async def ring(self) -> None:
        self.bell.rings_at = None
        await self.tending.ring()

    async def _perform(self, effects: Sequence[Effect]) -> None:
        self.done += effects

    def _now(self) -> int:
        return self.room.now_ms

    async def _wake(self) -> Awake:
        self.wakings += 1
        state = self.room.state
        rounds = Rounds(
            state.notices,
            None,
            is_visible=state.presence.is_visible,
            later=_never,
            arm=self.bell.set,
            clock=self._now,
        )
        attendance = Attendance(state, rounds, send=print, later=_never, clock=self._now)
        writer = Writer(
            state,
            answer=print,
            publish=self._perform,
            let_in=asyncio.sleep,
            clock=self._now,
        )
        requests = Requests(
            state, self.tending, self.watch, KeptPast(self.room), storage_bytes=lambda: 0, clock=self._now
        )
        indexer = Indexer(state, later=_never, let_in=_no_wait, clock=self._now)
        caller = Caller(state, publish=self._perform, arm=self.bell.set, clock=self._now)
        return Awake(state, self.room.reception, requests, writer, rounds, attendance, indexer, caller)


async def _no_wait(_milliseconds: int) -> None:
    """Waiting for real would take the test's time."""


def _never(_milliseconds: int, _work: Callable[[], None]) -> object:
    return object()


@pytest.fixture
def house(room: ChatRoom) -> House:
    return House(room)


async def test_a_room_that_nobody_has_entered_needs_no_alarm(house: House) -> None:
    await house.ring()
    await house.tending.plan_again(house.room.state)
    assert (house.clean_up_at, house.bell.set_to, house.wakings) == (None, [], 0)


async def test_the_clean_up_is_planned_once_and_noted(house: House, room: ChatRoom, anna: Person) -> None:
    planned_at = room.now_ms + CLEAN_UP_EVERY_MS
    await house.tending.plan_clean_up()
    room.later(HOUR)
    await house.tending.plan_clean_up()
    assert (house.clean_up_at, house.bell.set_to) == (planned_at, [planned_at])


async def test_a_clean_up_that_is_planned_too_late_is_planned_anew(house: House, room: ChatRoom, anna: Person) -> None:
    await house.tending.plan_clean_up()
    room.later(-HOUR)  # the clock is set back
    await house.tending.plan_clean_up()
    assert house.clean_up_at == room.now_ms + CLEAN_UP_EVERY_MS


async def test_a_changed_rule_brings_the_clean_up_forward(house: House, room: ChatRoom, anna: Person) -> None:
    await house.tending.plan_clean_up()
    await house.tending.clean_up_soon()
    assert house.bell.rings_at == house.clean_up_at == room.now_ms + PURGE_PAUSE_MS


async def test_a_changed_rule_of_a_lane_brings_its_clean_up_forward_and_no_other(
    house: House, room: ChatRoom, anna: Person
) -> None:
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "psst", lane)
    await room.say(anna, "old")
    await house.tending.plan_clean_up()
    told = house.clean_up_at
    outcome = await room.commit((anna, DeleteChannel("ref", lane)))
    assert [effect for effect in committed(room.state, outcome) if isinstance(effect, CleanUpSoon)] == [
        CleanUpSoon(of_lanes=True)
    ]
    await house.tending.clean_up_soon(of_lanes=True)
    assert (house.clean_up_at, house.bell.rings_at) == (told, room.now_ms + PURGE_PAUSE_MS)
    room.later(PURGE_PAUSE_MS)
    room.state.directory.retention_days = 1
    room.database.tamper("UPDATE messages SET sent_at = 0 WHERE channel = 'general'")
    await house.tending.plan_again(room.state)
    await house.ring()
    assert (room.database.count("lanes"), room.database.count("messages")) == (0, 1)
    assert house.clean_up_at == house.bell.rings_at == told


async def test_lanes_with_much_to_remove_are_gone_on_with_by_themselves(
    house: House, room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upkeep.retention.PURGE_BATCH_ROWS", 2)
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    for number in range(5):
        await room.say(anna, f"psst {number}", lane)
    accepted(await room.ask(anna, DeleteChannel("ref", lane)))
    await house.tending.plan_clean_up()
    told = house.clean_up_at
    await house.tending.clean_up_soon(of_lanes=True)
    for left in (3, 1, 0):
        room.later(PURGE_PAUSE_MS)
        await house.ring()
        assert (room.database.count("messages"), house.clean_up_at) == (left, told)
    assert (room.database.count("lanes"), house.bell.rings_at) == (0, told)


async def test_a_call_that_waits_has_an_alarm_after_waking_and_goes_when_it_rings(
    house: House, room: ChatRoom, anna: Person
) -> None:
    room.state.store.calls.insert(Call("nobody", "general", 1, 1, room.now_ms + HOUR))
    await house.tending.plan_again(room.state)
    assert room.now_ms + HOUR in house.bell.set_to
    room.later(HOUR)
    await house.ring()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert room.database.count("calls") == 0, "its bot is gone"


async def test_a_clean_up_runs_when_it_is_due_and_plans_the_next(house: House, room: ChatRoom, anna: Person) -> None:
    await house.tending.plan_clean_up()
    room.later(CLEAN_UP_EVERY_MS - 1)
    await house.ring()
    assert house.wakings == 0
    room.later(1)
    await house.ring()
    assert house.wakings == 1
    assert house.bell.rings_at == house.clean_up_at == room.now_ms + CLEAN_UP_EVERY_MS


async def test_many_messages_of_before_are_indexed_by_the_alarm_some_segments_at_a_time(
    house: House, room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade from a version that had no search."""
    await room.wake(MESSAGE_RATE="1000000/1000000")
    await room.commit(*[(anna, room.text(f"message {number}")) for number in range(10 * (2 * SEGMENTS_AT_ONCE + 3))])
    for module in ("building", "draft"):
        monkeypatch.setattr(f"search.{module}.SEGMENT_MESSAGES", 10)
    await house.tending.plan_clean_up()
    room.later(CLEAN_UP_EVERY_MS)
    for built in (SEGMENTS_AT_ONCE, 2 * SEGMENTS_AT_ONCE, 2 * SEGMENTS_AT_ONCE + 3):
        await house.ring()
        assert room.database.count("segments") == built
        room.later(PURGE_PAUSE_MS)
    assert house.bell.rings_at == house.clean_up_at, "there is nothing left to build"


async def test_a_clean_up_that_fails_has_noted_its_next_run(house: House, room: ChatRoom, anna: Person) -> None:
    await house.tending.plan_clean_up()
    room.later(CLEAN_UP_EVERY_MS)
    room.database.fail_at = "DELETE FROM"
    with pytest.raises(Exception, match="disk full"):
        await house.ring()
    assert house.clean_up_at == room.now_ms + CLEAN_UP_EVERY_MS


async def test_the_alarm_closes_dead_sockets_and_looks_again_while_somebody_would_see_them(house: House) -> None:
    now_ms = house.room.now_ms
    house.sockets.add("a")
    house.sockets.add("b")
    house.sockets.add("over", expires_at=now_ms)
    await house.ring()
    assert house.done == [Dismiss("over", Close.SESSION_ENDED, ENDED)]
    assert house.bell.rings_at == now_ms + SOCKET_CHECK_MS


async def test_after_sleep_what_was_planned_is_planned_again(house: House, room: ChatRoom, anna: Person) -> None:
    house.sockets.add("a")
    house.sockets.add("b")
    room.state.ended = frozenset({"session of b"})
    await house.tending.plan_again(room.state)
    assert house.done == [Dismiss("b", Close.SESSION_ENDED, ENDED)]
    assert house.bell.rings_at == room.now_ms + SOCKET_CHECK_MS
    assert house.clean_up_at == room.now_ms + CLEAN_UP_EVERY_MS


async def test_the_alarm_removes_the_bytes_of_files_that_were_given_up(
    house: House, room: ChatRoom, anna: Person
) -> None:
    await house.tending.plan_again(room.state)
    message = room.text("", files=[upload(room, anna, 1)])
    await room.ask(anna, message)
    await house.ring()
    assert (house.wakings, room.files.asked) == (0, 0)
    room.later(UPLOAD_OVER_MS)
    outcome = await room.commit((anna, delete(message.id)))
    assert RemoveFilesSoon() in committed(room.state, outcome)
    await house.tending.remove_files_soon()
    assert house.bell.rings_at == room.now_ms + SOONEST_MS
    await house.ring()
    assert (room.files.parts, room.database.count("files")) == ({}, 0)


async def test_the_alarm_comes_back_to_files_that_could_not_be_removed(
    house: House, room: ChatRoom, anna: Person
) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    await room.ask(anna, message)
    room.later(UPLOAD_OVER_MS)
    await room.ask(anna, delete(message.id))
    room.files.is_broken = True
    await house.tending.remove_files_soon()
    await house.ring()
    assert house.bell.rings_at == room.now_ms + REMOVAL_PAUSE_FIRST_MS
    room.later(REMOVAL_PAUSE_FIRST_MS)
    room.files.is_broken = False
    await house.ring()
    assert room.database.count("files") == 0


async def test_a_room_that_wakes_remembers_that_files_are_to_be_removed(
    house: House, room: ChatRoom, anna: Person
) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    await room.ask(anna, message)
    await room.ask(anna, delete(message.id))
    await room.wake()
    await house.tending.plan_again(room.state)
    assert house.bell.rings_at == room.now_ms + SOONEST_MS
