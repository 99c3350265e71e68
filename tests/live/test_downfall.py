"""live/downfall.py: which errors end a room; and that at whatever line one strikes, no answer was too early."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import limits
from chat.changes import Request
from live.downfall import downfall
from live.effects import Effect
from live.writer import Writer
from storage.store import Store
from tests.rooms import ChatRoom, Person, SqliteDatabase, parsed
from wire.changes import Change, CreateChannel, Edit, React

SRC = str(Path(limits.__file__).parent)
STEP = 7
"""Every so many lines of a commit are tried; over several changes all are near one."""


class CpuLimitExceeded(BaseException):
    """What the platform raises: no Exception."""


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (CpuLimitExceeded(), True),
        (asyncio.CancelledError(), True),
        (RuntimeError("Cannot enter into task <Task a> while another task <Task b> is being executed."), True),
        (type("NoGilError", (Exception,), {})("no GIL"), True),
        (RuntimeError("something else"), False),
        (ValueError(), False),
        (OSError("disk"), False),
    ],
    ids=repr,
)
def test_what_ends_a_room(error: BaseException, ends: bool) -> None:
    assert (downfall(error) is not None) is ends


class Limit:
    """Raises CpuLimitExceeded at the n-th line of ours that runs, or counts them all."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.lines = 0

    def __enter__(self) -> "Limit":
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(SRC):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                raise CpuLimitExceeded
        return self._trace


class Life:
    """A room that lives until its limit, with what its sockets were answered."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.answers: dict[str, dict[str, Any]] = {}

    async def write(self, changes: Sequence[tuple[Person, Change]], limit: Limit) -> None:
        async def publish(_: Sequence[Effect]) -> None:
            """Nobody listens here."""

        async def let_in(_: int) -> None:
            """Nobody waits outside."""

        writer = Writer(
            self.room.state, answer=self._answer, publish=publish, let_in=let_in, clock=lambda: self.room.now_ms
        )
        for person, change in changes:
            writer.enqueue("socket", Request(person.author, change, "fresh-channel"))
        with limit:
            await writer.write()

    def _answer(self, _socket: str, text: str) -> None:
        answer = parsed(text)
        self.answers[answer["ref"]] = answer


async def test_a_limit_that_strikes_at_any_line_of_a_commit_loses_and_doubles_nothing(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    first = room.text("first")
    await room.ask(anna, first)
    sent = [room.text("one", mentions=[boris.id]), room.text("two", reply_to=first.id), room.text("three")]
    changes: list[tuple[Person, Change]] = [
        (anna, sent[0]),
        (boris, sent[1]),
        (anna, Edit("edit", first.id, "changed", ())),
        (boris, React("react", first.id, "👍", on=True)),
        (anna, CreateChannel("create", "plans", "")),
        (boris, sent[2]),
    ]
    before = room.database.copy()

    async def lives(database: SqliteDatabase, limit: Limit) -> Life:
        room.database = database
        await room.wake()
        life = Life(room)
        await life.write(changes, limit)
        return life

    await lives(before.copy(), Limit())  # what is done once for all rooms
    whole = Limit()
    complete = await lives(before.copy(), whole)
    assert len(complete.answers) == len(changes)
    for at in range(1, whole.lines, STEP):
        room.database = database = before.copy()
        await room.wake()
        life = Life(room)
        with pytest.raises(CpuLimitExceeded):
            await life.write(changes, Limit(at))
        acknowledged = {ref for ref, answer in life.answers.items() if "sent_at" in answer}
        stored = Store(database).messages.sent_before([(new.id, "") for new in sent])
        assert acknowledged <= {message_id for message_id, _ in stored}, at
        again = await lives(database, Limit())  # a new object, and browsers that repeat what was not answered
        assert {ref: again.answers[ref] for ref in acknowledged} == {ref: life.answers[ref] for ref in acknowledged}, at
        assert sorted(await room.bodies()) == ["changed", "one", "three", "two"], at
    assert whole.lines > 500, "the lines of a commit, and not only its first ones"
