"""search/index.py: signatures follow their messages, in the same transaction, and nothing else is written."""

import sqlite3

import pytest

from chat.directory import GENERAL
from limits import POSTS_BEFORE_BUILDING
from search.matching import Exact
from search.query import parse
from search.segment import LIVE
from tests.rooms import DAY, HOUR, ChatRoom, Person, accepted
from tests.search.scanning import Searcher, build, pause, ranges, scan, stored_segments
from wire.changes import Delete, Edit, Send

pytestmark = pytest.mark.usefixtures("small")


async def say_ten(room: ChatRoom, person: Person, channel: str = GENERAL) -> list[Send]:
    frames = [room.text(f"hello number{number}", channel) for number in range(10)]
    for frame in frames:
        accepted(await room.ask(person, frame))
    return frames


async def signs(room: ChatRoom, word: str) -> int:
    """The messages of the first stored segment that may have a word."""
    segment = (await stored_segments(room))[0]
    return Exact(parse(word)).candidates(segment, (1 << segment.count) - 1)


def test_it_is_time_to_build_after_so_many_messages(room: ChatRoom) -> None:
    index = room.state.index
    assert not index.note_posted(POSTS_BEFORE_BUILDING - 1)
    assert index.note_posted(1)
    assert not index.note_posted(POSTS_BEFORE_BUILDING - 1)
    assert index.note_posted(POSTS_BEFORE_BUILDING)


async def test_an_edit_rewrites_a_column(room: ChatRoom, anna: Person) -> None:
    frames = await say_ten(room, anna)
    await build(room)
    await room.ask(anna, Edit("r", frames[3].id, "zebra", ()))
    assert await signs(room, "zebra") == 1 << 3
    assert await signs(room, "hello") == 0b1111110111


async def test_a_deletion_clears_it(room: ChatRoom, anna: Person) -> None:
    frames = await say_ten(room, anna)
    await build(room)
    await room.ask(anna, Delete("r", frames[3].id))
    assert await signs(room, "hello") == 0b1111110111
    assert (await stored_segments(room))[0].with_flags(LIVE) == 0b1111110111


@pytest.mark.parametrize("is_awake", [True, False])
async def test_either_costs_one_row_more_and_only_for_what_is_in_a_segment(
    room: ChatRoom, anna: Person, is_awake: bool
) -> None:
    frames = await say_ten(room, anna)
    costs = []
    for frame in [frames[1], frames[2]]:
        if frame is frames[2]:
            await build(room)
        if not is_awake:
            await room.wake()
            await room.say(anna, "reserves seals")
        before = room.database.connection.total_changes
        await room.ask(anna, Edit("r", frame.id, "zebra", ()))
        costs.append(room.database.connection.total_changes - before)
    assert costs == [2, 3]


async def test_a_change_that_is_not_stored_changes_no_signature(room: ChatRoom, anna: Person) -> None:
    frames = await say_ten(room, anna)
    await build(room)
    searcher = await Searcher.of(room, anna)
    await searcher.seqs("hello")
    room.database.fail_at = "DELETE FROM segments"
    with pytest.raises(sqlite3.OperationalError):
        await room.ask(anna, Edit("r", frames[3].id, "zebra", ()))
    room.database.fail_at = None
    assert await signs(room, "hello") == 0b1111111111
    for word in ("hello", "zebra", "number3"):
        assert await searcher.seqs(word) == await scan(room, anna, word)


async def test_a_segment_that_is_built_during_a_change_goes(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made from the text as it was before the change."""
    frames = await say_ten(room, anna)
    real = room.state.conversation._ledger.enter

    async def entering(*given: object, **more: object) -> object:
        await build(room)
        assert len(ranges(room)) == 1
        return await real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(room.state.conversation._ledger, "enter", entering)
    await room.ask(anna, Edit("r", frames[3].id, "zebra", ()))
    assert ranges(room) == []
    await build(room)
    assert await signs(room, "zebra") == 1 << 3


# --- the clean-up ---


async def clean(room: ChatRoom) -> bool:
    return (await room.state.retention.run(now_ms=room.now_ms, is_online=[])).more


async def test_what_is_removed_is_forgotten_in_the_same_transaction(room: ChatRoom, anna: Person) -> None:
    await room.wake(RETENTION_DAYS="1")
    for _ in range(5):
        await room.say(anna, "hello old")
    room.later(23 * HOUR)
    for _ in range(5):
        await room.say(anna, "hello young")
    await build(room)
    room.later(2 * HOUR)
    room.database.fail_at = "UPDATE segments"
    with pytest.raises(sqlite3.OperationalError):
        await clean(room)
    room.database.fail_at = None
    assert room.database.count("messages") == 10
    await clean(room)
    assert room.database.count("messages") == 5
    assert await signs(room, "hello") == 0b1111100000
    room.later(DAY)
    await clean(room)
    assert ranges(room) == []


async def test_a_run_rewrites_few_segments_and_the_next_one_goes_on(room: ChatRoom, anna: Person) -> None:
    await room.wake(RETENTION_DAYS="1")
    olga = await room.join("Olga", admin=True)
    channel = await room.create_channel(olga, "plans")
    for _ in range(35):
        await room.say(anna, "hello")
        await room.say(anna, "hello", channel)
    await build(room)
    assert len(ranges(room)) == 7
    room.later(2 * DAY)
    left = [room.database.count("messages")]
    while await clean(room):
        left.append(room.database.count("messages"))
        words = [each.with_flags(LIVE).bit_count() for each in await stored_segments(room)]
        assert sum(words) == left[-1]
    assert len(left) >= 3
    assert (room.database.count("messages"), ranges(room)) == (0, [])


async def test_no_data_key_goes_before_the_signatures_of_its_messages(room: ChatRoom, anna: Person) -> None:
    await room.wake(RETENTION_DAYS="3")
    for day in range(40):
        for _ in range(4):
            await room.say(anna, f"hello day{day}")
        room.later(DAY)
        while await clean(room):
            pass
        await build(room)
        segments = await stored_segments(room)
        assert len(segments) == len(ranges(room)), "all of them open"
        for segment in segments:
            assert max(map(segment.sent_at, range(segment.count))) - segment.since <= 7 * DAY
        live = sum(segment.with_flags(LIVE).bit_count() for segment in segments)
        assert live <= room.database.count("messages")
    assert len(room.database.rows("data_keys")) < 12


async def test_an_upgraded_room_is_searched_at_once_and_built_in_steps(room: ChatRoom, anna: Person) -> None:
    for _ in range(100):
        await room.say(anna, "hello")
    room.database.tamper("DELETE FROM segments")
    await room.wake()
    searcher = await Searcher.of(room, anna)
    steps = 0
    while await room.state.index.build(2, pause, now_ms=room.now_ms):
        steps += 1
        assert await searcher.seqs("hello") == await scan(room, anna, "hello")
    assert steps == 5
    assert len(ranges(room)) == 10
