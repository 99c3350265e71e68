"""live/writer.py: what is committed together, and that nobody hears of what is not stored."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from chat.changes import Request
from encoding import b64url
from limits import BUSY_FRAMES
from live.effects import Effect, Tell
from live.writer import Writer
from tests.rooms import ChatRoom, Person, parsed
from wire.changes import Change


class Desk:
    """A writer, and what it did in order; its timer goes off when the test says so."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.done: list[str] = []
        self.timers: list[tuple[int, Callable[[], None]]] = []
        self.answers: list[tuple[str, str]] = []
        self.writer = Writer(
            room.state,
            listeners=lambda: 1,
            answer=self._answer,
            publish=self._publish,
            later=lambda milliseconds, work: self.timers.append((milliseconds, work)),
            clock=lambda: room.now_ms,
        )

    def ask(self, person: Person, change: Change, socket: str = "socket") -> None:
        fresh_id = b64url(self.room.ciphers.random_bytes(9))
        self.writer.enqueue(socket, Request(person.author, change, fresh_id))

    def _answer(self, socket: str, text: str) -> None:
        self.done.append("answered")
        self.answers.append((socket, parsed(text)["type"]))

    async def _publish(self, effects: Sequence[Effect]) -> None:
        self.done += ["announced" for effect in effects if isinstance(effect, Tell)]

    async def collect(self) -> int:
        """The window closes; returns how long it was open."""
        ((after_ms, work),) = self.timers
        self.timers.clear()
        work()
        assert self.writer._task is not None
        await self.writer._task
        return after_ms


@pytest.fixture
def desk(room: ChatRoom) -> Desk:
    return Desk(room)


async def test_a_change_is_stored_then_answered_then_announced(desk: Desk, room: ChatRoom, anna: Person) -> None:
    desk.ask(anna, room.text("hello"))
    await desk.writer.write()
    assert await room.bodies() == ["hello"]
    assert desk.answers == [("socket", "ack")]
    assert desk.done == ["answered", "announced"]


async def test_changes_that_wait_are_committed_together_and_each_socket_gets_its_answer(
    desk: Desk, room: ChatRoom, anna: Person, boris: Person
) -> None:
    desk.ask(anna, room.text("one"), "hers")
    desk.ask(boris, room.text("two"), "his")
    await desk.writer.write()
    assert desk.answers == [("hers", "ack"), ("his", "ack")]
    assert desk.done == ["answered", "answered", "announced"]


async def test_nothing_to_write_does_nothing(desk: Desk) -> None:
    await desk.writer.write()
    assert (desk.done, desk.timers) == ([], [])


async def test_a_busy_room_waits_for_company(desk: Desk, room: ChatRoom, anna: Person) -> None:
    for number in range(BUSY_FRAMES - 1):
        desk.ask(anna, room.text(f"alone {number}"))
        await desk.writer.write()
    assert desk.timers == []
    desk.done.clear()
    desk.ask(anna, room.text("one of two"))
    await desk.writer.write()
    desk.ask(anna, room.text("two of two"))
    await desk.writer.write()
    assert desk.done == []
    assert await desk.collect() > 0
    assert desk.done == ["answered", "answered", "announced"]


async def test_who_asks_while_it_writes_is_served_by_the_same_run(desk: Desk, room: ChatRoom, anna: Person) -> None:
    desk.ask(anna, room.text("first"))
    first = asyncio.ensure_future(desk.writer.write())
    await asyncio.sleep(0)
    desk.ask(anna, room.text("second"))
    await desk.writer.write()
    await first
    assert await room.bodies() == ["first", "second"]


async def test_what_could_not_be_stored_is_refused_and_not_announced_and_the_next_is_taken(
    desk: Desk, room: ChatRoom, anna: Person
) -> None:
    room.database.fail_at = "INSERT INTO messages"
    desk.ask(anna, room.text("lost"))
    await desk.writer.write()
    assert (desk.answers, desk.done) == ([("socket", "error")], ["answered"])
    room.database.fail_at = None
    desk.ask(anna, room.text("kept"))
    await desk.writer.write()
    assert await room.bodies() == ["kept"]
