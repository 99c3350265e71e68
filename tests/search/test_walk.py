"""search/walk.py: how a search goes back through the room, what it opens, and where it stops."""

from typing import Any

import pytest

from chat.directory import GENERAL
from limits import MAX_BODY_CHARACTERS, MAX_PAGE_BYTES
from search.filters import Filter
from search.matching import Exact
from search.pace import Pace
from search.query import parse
from search.walk import Walk
from storage.store import Store
from tests.rooms import HOUR, ChatRoom, Person
from tests.search.scanning import build, pause

HERE = Filter(frozenset({GENERAL}))


class Reads:
    """What a walk read of the storage."""

    def __init__(self, store: Store, patch: pytest.MonkeyPatch) -> None:
        self.messages = 0
        self.segments = 0
        for table, name, counted in (
            (store.messages, "at", "messages"),
            (store.messages, "between", "messages"),
            (store.segments, "read", "segments"),
        ):
            patch.setattr(table, name, self._counting(getattr(table, name), counted))

    def _counting(self, real: Any, counted: str) -> Any:
        def reading(*given: Any) -> Any:
            found = real(*given)
            setattr(self, counted, getattr(self, counted) + len(found))
            return found

        return reading


def walk_for(room: ChatRoom, query: str, limits: Filter = HERE, *, below: int | None = None) -> Walk:
    state = room.state
    newest = state.directory.seq + 1 if below is None else below
    return Walk(state.index, state.store, state.keyring, limits, Exact(parse(query)), below=newest)


async def say(room: ChatRoom, person: Person, count: int, body: str = "hello") -> list[int]:
    found = []
    for _ in range(count):
        found.append((await room.say(person, body))["seq"])
        room.later(HOUR)
    return found


@pytest.mark.usefixtures("small")
async def test_a_rare_word_reads_each_segment_once_and_the_candidates(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(room, anna, 4)
    wanted = await say(room, anna, 1, "zebrafish")
    await say(room, anna, 45)
    await build(room)
    await room.wake()
    reads = Reads(room.state.store, monkeypatch)
    walk = walk_for(room, "zebrafish")
    assert await walk.run(50, Pace(pause))
    assert [hit.message.seq for hit in walk.hits] == wanted
    assert walk.is_over
    assert (reads.segments, reads.messages) == (5, 1)
    again = walk_for(room, "zebrafish")
    await again.run(50, Pace(pause))
    assert (reads.segments, reads.messages) == (5, 2), "segments stay open"


@pytest.mark.usefixtures("small")
async def test_a_frequent_word_opens_no_older_segments(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(room, anna, 60)
    await build(room)
    await room.wake()
    reads = Reads(room.state.store, monkeypatch)
    walk = walk_for(room, "hello")
    await walk.run(4, Pace(pause))
    assert [hit.message.seq for hit in walk.hits] == said[:-5:-1]
    assert (reads.segments, reads.messages) == (1, 6)
    assert not walk.is_over
    assert walk.below == said[-4]


async def test_a_frequent_word_opens_no_more_messages_than_a_page_and_one(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(room, anna, 60)
    await build(room)
    state = room.state
    await state.index.tail.take_in(state.directory.seq, Pace(pause), after_seq=0)
    reads = Reads(state.store, monkeypatch)
    walk = walk_for(room, "hello")
    await walk.run(4, Pace(pause))
    assert (len(walk.hits), reads.messages) == (4, 5)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("is_built", [True, False])
async def test_a_walk_that_used_its_budget_says_where_it_was(room: ChatRoom, anna: Person, is_built: bool) -> None:
    wanted = await say(room, anna, 1, "zebrafish")
    said = await say(room, anna, 59)
    if is_built:
        await build(room)
    await room.wake()
    below, pages, times = None, 0, []
    while True:
        walk = walk_for(room, "zebrafish", below=below)
        is_complete = await walk.run(5, Pace(pause, budget=4))
        pages += 1
        if walk.hits or walk.is_over:
            break
        assert not is_complete
        assert walk.below < (below or said[-1] + 1)
        below = walk.below
        times.append(walk.back_to)
    assert [hit.message.seq for hit in walk.hits] == wanted
    assert pages > 2
    assert times == sorted(times, reverse=True)


@pytest.mark.usefixtures("small")
async def test_segments_of_another_time_are_not_opened(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(room, anna, 60)
    await build(room)
    await room.wake()
    reads = Reads(room.state.store, monkeypatch)
    first = room.now_ms - 60 * HOUR
    walk = walk_for(room, "hello", Filter(HERE.channels, after=first + 20 * HOUR, before=first + 30 * HOUR))
    await walk.run(50, Pace(pause))
    assert [hit.message.seq for hit in walk.hits] == said[29:19:-1]
    assert (reads.segments, reads.messages) == (1, 10)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "limits", [Filter(frozenset()), Filter(HERE.channels, author="nobody"), Filter(HERE.channels, flags=4)]
)
async def test_filters_read_no_message(
    room: ChatRoom, anna: Person, limits: Filter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(room, anna, 30)
    await build(room)
    await room.wake()
    reads = Reads(room.state.store, monkeypatch)
    walk = walk_for(room, "hello", limits)
    assert await walk.run(50, Pace(pause))
    assert (walk.hits, reads.messages) == ([], 0)


async def test_a_page_is_full_by_its_size_too(room: ChatRoom, anna: Person) -> None:
    body = "я" * MAX_BODY_CHARACTERS
    said = [(await room.say(anna, body))["seq"] for _ in range(40)]
    seen: list[int] = []
    below = None
    while len(seen) < 40:
        walk = walk_for(room, "яяя", below=below)
        await walk.run(50, Pace(pause))
        assert 1 <= sum(hit.message.size_bytes for hit in walk.hits) <= MAX_PAGE_BYTES
        seen += [hit.message.seq for hit in walk.hits]
        below = walk.below
    assert seen == said[::-1]


@pytest.mark.usefixtures("small")
async def test_a_long_gap_without_messages_is_one_step(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(room, anna, 1)
    room.state.directory.seq += 100_000
    reads = Reads(room.state.store, monkeypatch)
    walk = walk_for(room, "hello")
    assert await walk.run(5, Pace(pause, budget=10))
    assert [hit.message.seq for hit in walk.hits] == said
    assert reads.messages == 1


@pytest.mark.usefixtures("small")
async def test_found_messages_are_looked_at_again_when_they_have_changed(room: ChatRoom, anna: Person) -> None:
    said = await say(room, anna, 3)
    walk = walk_for(room, "hello")
    await walk.run(5, Pace(pause))
    room.database.tamper("DELETE FROM messages WHERE seq = ?", said[1])
    await walk.check_again()
    assert [hit.message.seq for hit in walk.hits] == [said[2], said[0]]
