"""live/writer.py: what is committed together, and that nobody hears of what is not stored."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from chat.changes import Request
from encoding import b64url
from limits import ALONE_AFTER_WAKING
from live.effects import Effect, Tell
from live.writer import Writer
from tests.rooms import ChatRoom, Person, parsed
from wire.changes import Change


class Desk:
    """A writer, and what it did in order; while it lets frames in, those that the test has put outside arrive."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.done: list[str] = []
        self.waits: list[int] = []
        self.outside: list[Callable[[], None]] = []
        self.answers: list[tuple[str, str]] = []
        self.writer = Writer(
            room.state,
            answer=self._answer,
            publish=self._publish,
            let_in=self._let_in,
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

    async def _let_in(self, milliseconds: int) -> None:
        self.waits.append(milliseconds)
        arrived, self.outside = self.outside, []
        for arrive in arrived:
            arrive()
            await self.writer.write()  # as every frame does; the run that lets it in has to take its change

    async def wake_fully(self, person: Person) -> None:
        """Commit what a room commits at once after it woke; the next commit looks who waits."""
        for number in range(ALONE_AFTER_WAKING):
            self.ask(person, self.room.text(f"alone {number}"))
            await self.writer.write()
        assert self.waits == []
        self.done.clear()
        self.answers.clear()


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
    assert (desk.done, desk.waits) == ([], [])


async def test_what_waits_outside_is_committed_with_the_change_that_lets_it_in_and_after_it(
    desk: Desk, room: ChatRoom, anna: Person, boris: Person
) -> None:
    await desk.wake_fully(anna)
    desk.outside = [
        lambda: desk.ask(boris, room.text("second"), "his"),
        lambda: desk.ask(anna, room.text("third"), "hers"),
    ]
    desk.ask(anna, room.text("first"), "hers")
    await desk.writer.write()
    assert desk.waits == [0]
    assert desk.done == ["answered", "answered", "answered", "announced"]
    assert desk.answers == [("hers", "ack"), ("his", "ack"), ("hers", "ack")]
    assert (await room.bodies())[-3:] == ["first", "second", "third"]


async def test_a_change_for_which_nobody_else_waits_is_committed_after_one_look(
    desk: Desk, room: ChatRoom, anna: Person
) -> None:
    await desk.wake_fully(anna)
    desk.ask(anna, room.text("alone"))
    await desk.writer.write()
    assert (desk.waits, desk.done) == ([0], ["answered", "announced"])
    desk.ask(anna, room.text("alone again"))
    await desk.writer.write()
    assert desk.waits == [0]


async def test_a_wait_that_fails_loses_no_change(desk: Desk, room: ChatRoom, anna: Person) -> None:
    def fail() -> None:
        raise ConnectionError("the platform has closed the object")

    await desk.wake_fully(anna)
    desk.outside = [fail]
    desk.ask(anna, room.text("kept"))
    with pytest.raises(ConnectionError):
        await desk.writer.write()
    assert desk.writer.has_work
    await desk.writer.write()
    assert (await room.bodies())[-1] == "kept"


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
