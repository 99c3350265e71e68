"""search/building.py: when a segment is built, of which messages, and what it costs."""

from collections.abc import Sequence

import pytest

from chat.directory import GENERAL
from limits import SEGMENT_MESSAGES, SEGMENT_SPAN_MS, SEGMENTS_AT_ONCE
from sealing.ciphers import Item
from search.matching import Exact
from search.query import parse
from search.segment import Segment
from storage.positions import Standing
from tests.rooms import DAY, HOUR, SECOND, ChatRoom, Person
from tests.search.scanning import build, pause, ranges, stored_segments
from wire.changes import Delete, DeleteChannel, Edit, React


async def say(room: ChatRoom, person: Person, count: int, *, every: int = 0, body: str = "hello") -> list[int]:
    """So many messages; the `seq` of each."""
    found = []
    for _ in range(count):
        found.append((await room.say(person, body))["seq"])
        room.later(every)
    return found


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("count", "built"), [(0, 0), (9, 0), (10, 1), (11, 1), (20, 2), (25, 2)])
async def test_so_many_messages_fill_a_segment(room: ChatRoom, anna: Person, count: int, built: int) -> None:
    said = await say(room, anna, count)
    await build(room)
    ends = [up_to for _, up_to in ranges(room)]
    assert ends == [said[10 * number - 1] if 10 * number < count else said[-1] for number in range(1, built + 1)]
    assert [after for after, _ in ranges(room)] == [0, *ends[:-1]][:built]
    assert [each.count for each in await stored_segments(room)] == [10] * built


async def test_a_segment_has_about_a_thousand_messages(room: ChatRoom, anna: Person) -> None:
    for _ in range(SEGMENT_MESSAGES // 32):
        await room.commit(*[(anna, room.text("hello")) for _ in range(32)])
    await room.commit((anna, room.text("one more")))
    await build(room)
    assert [each.count for each in await stored_segments(room)] == [SEGMENT_MESSAGES]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("later", "count"), [(0, 3), (1, 2)])
async def test_a_segment_spans_seven_days(room: ChatRoom, anna: Person, later: int, count: int) -> None:
    await say(room, anna, 2)
    room.later(SEGMENT_SPAN_MS + later)
    await say(room, anna, 1)
    await build(room)
    room.later(2 * SEGMENT_SPAN_MS)
    await build(room)
    assert next(each.count for each in await stored_segments(room)) == count


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("later", "built"), [(0, 0), (1, 1)])
async def test_what_is_seven_days_old_is_in_a_segment(room: ChatRoom, anna: Person, later: int, built: int) -> None:
    await say(room, anna, 3)
    room.later(SEGMENT_SPAN_MS + later)
    await build(room)
    assert len(ranges(room)) == built


@pytest.mark.usefixtures("small")
async def test_a_clock_that_was_set_back_ends_a_segment(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, 3)
    room.later(-HOUR)
    await say(room, anna, 9)
    await build(room)
    assert [each.count for each in await stored_segments(room)][:1] == [3]


@pytest.mark.usefixtures("small")
async def test_a_segment_is_one_row_and_nothing_else_is_written(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, 100)
    before = room.database.connection.total_changes
    await build(room)
    assert room.database.count("segments") == 10
    assert room.database.connection.total_changes - before == 10


async def test_a_hundred_thousand_messages_cost_at_most_110_rows() -> None:
    """One row for each full segment, and the last one may wait."""
    assert 100_000 // SEGMENT_MESSAGES + 1 <= 110


@pytest.mark.usefixtures("small")
async def test_a_gap_is_filled_again_and_an_empty_one_is_looked_at_once(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(room, anna, 40)
    await build(room)
    before = ranges(room)
    room.database.tamper("DELETE FROM segments WHERE up_to_seq IN (?, ?)", before[1][1], before[3][1])
    await build(room)
    assert ranges(room) == before
    room.database.tamper("DELETE FROM segments WHERE up_to_seq = ?", before[1][1])
    room.database.tamper("DELETE FROM messages WHERE seq > ? AND seq <= ?", *before[1])
    await build(room)
    looked = []
    real = room.state.store.positions.oldest_after

    def looking(channels: Sequence[str], seq: int) -> Standing | None:
        looked.append(seq)
        return real(channels, seq)

    monkeypatch.setattr(room.state.store.positions, "oldest_after", looking)
    await build(room)
    assert before[1][0] not in looked


@pytest.mark.usefixtures("small")
async def test_messages_that_are_deleted_have_no_column_and_are_looked_at_once(room: ChatRoom, anna: Person) -> None:
    frames = [room.text("hello") for _ in range(20)]
    for frame in frames:
        await room.ask(anna, frame)
    for frame in frames:
        await room.ask(anna, Delete("r", frame.id))
    await build(room)
    opened = room.ciphers.opened
    before = ranges(room)
    assert before
    await build(room)
    assert (room.ciphers.opened, ranges(room)) == (opened, before)


@pytest.mark.usefixtures("small")
async def test_changes_that_are_no_messages_count_for_nothing(room: ChatRoom, anna: Person) -> None:
    said = room.text("hello")
    await room.ask(anna, said)
    for emoji in "👍🎉🙂👀🔥":
        await room.ask(anna, React("r", said.id, emoji, on=True))
        await room.ask(anna, React("r", said.id, emoji, on=False))
    await say(room, anna, 8)
    await build(room)
    assert ranges(room) == []
    await say(room, anna, 1)
    await build(room)
    assert [each.count for each in await stored_segments(room)] == [10]


@pytest.mark.usefixtures("small")
async def test_what_changes_while_a_segment_is_built_is_in_it(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = room.text("hello")
    await room.ask(anna, said)
    await say(room, anna, 9)
    real = room.ciphers.open

    async def opening(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        monkeypatch.setattr(room.ciphers, "open", real)
        found = await real(key, items)
        await room.ask(anna, Edit("r", said.id, "zebra", ()))
        return found

    monkeypatch.setattr(room.ciphers, "open", opening)
    assert await room.state.index.build(1, pause, now_ms=room.now_ms) is True
    assert ranges(room) == []
    await build(room)
    (segment,) = await stored_segments(room)
    assert "zebra" in segment_words(segment, ["zebra", "hello"], column=0)
    assert "hello" not in segment_words(segment, ["zebra", "hello"], column=0)


@pytest.mark.usefixtures("small")
async def test_it_is_done_in_steps_and_lets_others_in(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, 35, every=SECOND)
    paused = []

    async def count() -> None:
        paused.append(1)

    assert await room.state.index.build(2, count, now_ms=room.now_ms) is True
    assert len(ranges(room)) == 2
    assert len(paused) >= 4, "once a step"
    assert await room.state.index.build(2, count, now_ms=room.now_ms) is False
    assert len(ranges(room)) == 3


@pytest.mark.usefixtures("small")
async def test_messages_of_a_deleted_channel_are_in_segments_until_they_are_removed(
    room: ChatRoom, anna: Person
) -> None:
    olga = await room.join("Olga", admin=True)
    channel = await room.create_channel(olga, "plans")
    for _ in range(5):
        await room.say(anna, "hello", channel)
        await room.say(anna, "hello", GENERAL)
    await room.ask(olga, DeleteChannel("r", channel))
    await build(room)
    assert [each.count for each in await stored_segments(room)] == [10]
    room.later(DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    (segment,) = await stored_segments(room)
    assert segment.with_flags(1).bit_count() == 5


def test_one_run_of_the_alarm_builds_a_bounded_number() -> None:
    assert 1 <= SEGMENTS_AT_ONCE <= 10


def segment_words(segment: Segment, words: list[str], *, column: int) -> list[str]:
    """Which of these words the message of a column may have."""
    return [word for word in words if Exact(parse(word)).candidates(segment, 1 << column)]
