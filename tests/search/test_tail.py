"""search/tail.py: the newest messages, which are in no segment yet."""

from collections.abc import Sequence

import pytest

from chat.directory import GENERAL
from sealing.ciphers import Item
from search.filters import entry
from search.matching import Exact
from search.pace import Pace
from search.query import parse
from tests.rooms import ChatRoom, Person
from tests.search.scanning import pause
from wire.changes import Delete, Edit

pytestmark = pytest.mark.usefixtures("small")


def seqs(room: ChatRoom, word: str) -> list[int]:
    """The messages of the tail that may have a word."""
    segment = room.state.index.tail.at(room.state.directory.channels[GENERAL].last_seq)
    assert segment is not None
    found = Exact(parse(word)).candidates(segment, (1 << segment.count) - 1)
    return [segment.seq(column) for column in range(segment.count) if found >> column & 1]


async def take_in(room: ChatRoom, after_seq: int = 0) -> None:
    await room.state.index.tail.take_in(room.state.directory.seq, Pace(pause), after_seq=after_seq)


async def test_it_takes_in_what_came_since_and_opens_nothing_twice(room: ChatRoom, anna: Person) -> None:
    first = await room.say(anna, "hello one")
    assert room.state.index.tail.at(first["seq"]) is None
    await take_in(room)
    assert seqs(room, "hello") == [first["seq"]]
    second = await room.say(anna, "hello two")
    opened = room.ciphers.opened
    await take_in(room)
    assert room.ciphers.opened == opened + 1
    assert seqs(room, "hello") == [first["seq"], second["seq"]]
    await take_in(room)
    assert room.ciphers.opened == opened + 1


async def test_deleted_messages_are_left_out(room: ChatRoom, anna: Person) -> None:
    gone = room.text("hello one")
    await room.ask(anna, gone)
    await room.ask(anna, Delete("r", gone.id))
    await take_in(room)
    assert seqs(room, "hello") == []


async def test_an_edited_message_is_found_by_both_texts(room: ChatRoom, anna: Person) -> None:
    said = room.text("hello one")
    seq = (await room.ask(anna, said))["seq"]
    await take_in(room)
    await room.ask(anna, Edit("r", said.id, "goodbye", ()))
    assert seqs(room, "goodbye") == seqs(room, "hello") == [seq]


async def test_what_changes_while_it_is_read_is_read_again(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = room.text("hello one")
    seq = (await room.ask(anna, said))["seq"]
    real = room.ciphers.open

    async def opening(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        monkeypatch.undo()
        found = await real(key, items)
        await room.ask(anna, Edit("r", said.id, "goodbye", ()))
        return found

    monkeypatch.setattr(room.ciphers, "open", opening)
    await take_in(room)
    assert seqs(room, "goodbye") == [seq]


async def test_it_goes_back_no_further_than_it_may_and_lets_go_what_is_in_segments(
    room: ChatRoom, anna: Person
) -> None:
    said = [(await room.say(anna, "hello"))["seq"] for _ in range(40)]
    await take_in(room)
    tail = room.state.index.tail
    assert seqs(room, "hello") == said[25:]
    assert tail.at(said[25]) is not None
    assert tail.at(said[24]) is None
    said += [(await room.say(anna, "hello"))["seq"] for _ in range(10)]
    await take_in(room)
    await take_in(room, after_seq=said[29])
    assert seqs(room, "hello") == said[30:]
    assert tail.at(said[29]) is None


async def test_a_tail_that_is_too_old_begins_anew(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "hello")
    await take_in(room)
    said = [(await room.say(anna, "hello"))["seq"] for _ in range(40)]
    await take_in(room)
    assert seqs(room, "hello") == said[25:]


async def test_what_is_no_message_takes_no_room_in_it(room: ChatRoom, anna: Person) -> None:
    """A team of two thousand that has just joined, or a room that reacts to everything, is searched as fast."""
    first = await room.say(anna, "hello")
    said = room.text("hello")
    await room.ask(anna, said)
    for number in range(100):
        await room.ask(anna, Edit("r", said.id, f"hello {number}", ()))
    last = await room.say(anna, "hello")
    await take_in(room)
    assert room.state.index.tail.at(first["seq"]) is not None
    assert seqs(room, "hello")[0] == first["seq"]
    for number in range(100):
        await room.ask(anna, Edit("r", said.id, f"hello {number}", ()))
    await take_in(room)
    assert room.state.index.tail.at(last["seq"]) is not None
    assert room.state.index.tail.at(room.state.directory.seq) is not None


async def test_an_edit_of_a_message_that_is_not_here_changes_nothing(room: ChatRoom, anna: Person) -> None:
    said = room.text("hello")
    await room.ask(anna, said)
    message = room.state.store.messages.get(said.id)
    assert message is not None
    room.state.index.tail.include(entry(message, {"body": "zebra"}))
    await take_in(room)
    assert seqs(room, "zebra") == []
