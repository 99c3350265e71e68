"""live/attendance.py: who comes and goes, and who is told later what they missed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from limits import PRESENCE_EVERY_MS
from live.attendance import Attendance
from tests.rooms import NOON, SECOND, ChatRoom, Person


class Watchers:
    """Everybody who sees who is here; the timer goes off when the test says so."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.seen: list[dict[str, Any]] = []
        self.timers: list[tuple[int, Callable[[], None]]] = []
        self.died: list[tuple[str, int]] = []
        self.attendance = Attendance(
            room.state,
            self,  # type: ignore[arg-type]  # of the rounds only `line_died` is asked
            send=lambda text: self.seen.append(json.loads(text)),
            later=self._later,
            clock=lambda: room.now_ms,
        )

    def _later(self, milliseconds: int, work: Callable[[], None]) -> object:
        self.timers.append((milliseconds, work))
        return object()

    async def line_died(self, member: str, since_ms: int) -> None:
        self.died.append((member, since_ms))

    def ring(self) -> int:
        ((after_ms, work),) = self.timers
        self.timers.clear()
        self.room.later(after_ms)
        work()
        return after_ms


@pytest.fixture
def watchers(room: ChatRoom) -> Watchers:
    return Watchers(room)


async def test_those_who_come_together_are_announced_together_and_then_once_a_second(
    watchers: Watchers, room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    for person in (anna, boris):
        await room.connect(person)
        watchers.attendance.announce()
    assert watchers.ring() == 0
    assert watchers.seen == [{"type": "presence", "online": sorted([anna.id, boris.id]), "offline": []}]
    await room.connect(olga)
    watchers.attendance.announce()
    assert watchers.ring() == PRESENCE_EVERY_MS
    assert watchers.seen[1:] == [{"type": "presence", "online": [olga.id], "offline": []}]


async def test_nothing_new_is_not_announced(watchers: Watchers, room: ChatRoom, anna: Person) -> None:
    watchers.attendance.announce()
    assert watchers.timers == []
    connection = await room.connect(anna)
    watchers.attendance.announce()
    await watchers.attendance.leave(connection)
    watchers.ring()
    assert watchers.seen == []


async def test_who_leaves_is_announced_and_was_here_until_now(watchers: Watchers, room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    watchers.attendance.announce()
    watchers.ring()
    room.later(2 * 3_600 * SECOND)
    await watchers.attendance.leave(connection)
    watchers.ring()
    assert watchers.seen[-1] == {"type": "presence", "online": [], "offline": [anna.id]}
    assert room.state.store.sessions.all()[0].seen_at == room.now_ms
    assert watchers.died == []


async def test_who_is_lost_may_have_missed_what_was_sent_since(
    watchers: Watchers, room: ChatRoom, anna: Person
) -> None:
    await watchers.attendance.leave(await room.connect(anna), lost_at=NOON - SECOND)
    assert watchers.died == [(anna.id, NOON - SECOND)]
