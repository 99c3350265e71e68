"""search/shelf.py: which segments there are, which are open, and that none is used that is out of date."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from limits import MAX_OPEN_SEGMENT_BYTES
from sealing.ciphers import Item
from search import blocks
from search.block import Block
from search.segment import LIVE, Entry, Segment
from search.shelf import Shelf
from storage.headers import segment_header
from storage.segments import Range
from tests.rooms import NOON, ChatRoom

FIRST, SECOND, THIRD = Range(0, 10, NOON, NOON), Range(10, 20, NOON, NOON), Range(25, 30, NOON, NOON)


def segment(place: Range, *seqs: int) -> Segment:
    made = Segment(place.after_seq, place.up_to_seq, NOON)
    for seq in seqs or (place.up_to_seq,):
        made.add(Entry(seq, "general", "anna", NOON, "hello", LIVE))
    return made


@pytest.fixture
async def stored(room: ChatRoom) -> Shelf:
    """Three segments, with a gap before the last one; the room sleeps and wakes."""
    room.state.prepare()
    for place in (FIRST, SECOND, THIRD):
        made = segment(place, place.up_to_seq - 1, place.up_to_seq)
        header = segment_header(place.after_seq, place.up_to_seq)
        (sealed,) = await room.state.keyring.seal([(made.encoded(), header)], now_ms=room.now_ms)
        room.state.index.shelf.add(place, made, sealed)
    await room.wake()
    return room.state.index.shelf


def test_ranges(stored: Shelf) -> None:
    assert stored.ranges() == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("seq", "place"),
    [(0, None), (1, FIRST), (10, FIRST), (11, SECOND), (20, SECOND), (21, None), (25, None), (26, THIRD), (31, None)],
)
def test_the_range_of_a_message_is_found_before_and_after_the_ranges_are_read(
    stored: Shelf, seq: int, place: Range | None
) -> None:
    assert stored.at(seq) == place
    stored.ranges()
    assert stored.at(seq) == place


@pytest.mark.parametrize(("seq", "end"), [(5, 0), (10, 0), (11, 10), (25, 20), (30, 20), (31, 30), (99, 30)])
def test_where_the_segment_before_a_message_ends(stored: Shelf, seq: int, end: int) -> None:
    assert stored.end_before(seq) == end


def ends(found: Iterable[Segment]) -> list[int]:
    return [each.up_to_seq for each in found]


async def test_opened_segments_are_kept(stored: Shelf) -> None:
    assert stored.closed_up_to(THIRD, 2) == [SECOND, THIRD]
    found = await stored.open([SECOND, THIRD])
    assert ends(stored.open_from(30, {})) == [30]
    assert ends(stored.open_from(20, {})) == [20]
    assert ends(stored.open_from(20, {10: found[30]})) == [20, 30], "some may not be kept"
    assert list(stored.open_from(22, {})) == list(stored.open_from(31, {})) == []
    assert stored.closed_up_to(THIRD, 3) == [FIRST]


async def test_segments_that_follow_each_other_are_open_as_one(stored: Shelf) -> None:
    await stored.open([FIRST, SECOND, THIRD])
    assert [(each.after_seq, each.up_to_seq) for each in stored.open_from(15, {})] == [(0, 20)]
    assert ends(stored.open_from(30, {})) == [30]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM segments WHERE up_to_seq = 20",
        "UPDATE segments SET sealed = zeroblob(200) WHERE up_to_seq = 20",
        "UPDATE segments SET epoch = 9 WHERE up_to_seq = 20",
        "UPDATE segments SET sealed = (SELECT sealed FROM segments WHERE up_to_seq = 10) WHERE up_to_seq = 20",
        "UPDATE segments SET after_seq = 9 WHERE up_to_seq = 20",
    ],
)
async def test_a_damaged_segment_is_none_until_it_is_built_again(stored: Shelf, room: ChatRoom, damage: str) -> None:
    stored.ranges()
    room.database.tamper(damage)
    assert list(await stored.open([FIRST, SECOND])) == [10]
    assert stored.ranges() == [FIRST, THIRD]
    assert stored.at(15) is None
    stored.reload()
    assert [row["up_to_seq"] for row in room.database.rows("segments")] == [10, 30]
    assert stored.ranges() == [FIRST, THIRD]


async def test_the_oldest_ones_are_closed_first(stored: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    size = Block([segment(FIRST, 9, 10)]).size_bytes
    monkeypatch.setattr(blocks, "MAX_OPEN_SEGMENT_BYTES", 2 * size)
    await stored.open([THIRD])
    await stored.open([SECOND])
    await stored.open([FIRST])
    assert stored.closed_up_to(THIRD, 3) == [FIRST]


def test_a_hundred_thousand_messages_are_kept_open() -> None:
    full = Segment(0, 0, NOON)
    for seq in range(1, 1_025):
        full.add(Entry(seq, "general", "anna", NOON, "hello", LIVE))
    again = Segment.decoded(full.encoded(), 0, 1_024)
    assert again is not None
    assert 98 * Block([again]).size_bytes <= MAX_OPEN_SEGMENT_BYTES


# --- changes ---


async def test_a_change_is_stored_with_one_written_row(stored: Shelf, room: ChatRoom) -> None:
    await stored.open([SECOND])
    before = room.database.connection.total_changes
    write = await stored.rewriting(SECOND, lambda each: each.erase([19]), now_ms=room.now_ms)
    assert room.database.connection.total_changes - before <= 1, "seals may have to be reserved"
    before = room.database.connection.total_changes
    write()
    assert room.database.connection.total_changes - before == 1
    assert SECOND in stored.closed_up_to(SECOND, 1)
    assert (await stored.open([SECOND]))[20].with_flags(LIVE) == 0b10


async def test_a_segment_goes_with_its_last_message(stored: Shelf) -> None:
    (await stored.rewriting(SECOND, lambda each: each.erase([19, 20]), now_ms=NOON))()
    assert stored.ranges() == [FIRST, THIRD]


async def test_a_segment_that_does_not_open_goes_when_a_message_of_it_changes(stored: Shelf, room: ChatRoom) -> None:
    room.database.tamper("UPDATE segments SET sealed = zeroblob(200) WHERE up_to_seq = 20")
    (await stored.rewriting(SECOND, lambda each: each.erase([19]), now_ms=NOON))()
    assert stored.ranges() == [FIRST, THIRD]


async def test_of_two_changes_at_once_none_is_lost(stored: Shelf, room: ChatRoom) -> None:
    """The second knows nothing of the first; so the segment goes and is built again."""
    first = await stored.rewriting(SECOND, lambda each: each.erase([19]), now_ms=NOON)
    second = await stored.rewriting(SECOND, lambda each: each.erase([20]), now_ms=NOON)
    first()
    assert room.database.count("segments") == 3
    second()
    assert room.database.count("segments") == 2
    assert await stored.open([SECOND]) == {}


async def test_what_was_read_before_a_change_is_not_kept(
    stored: Shelf, room: ChatRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = await stored.rewriting(SECOND, lambda each: each.erase([19]), now_ms=NOON)
    real = room.ciphers.open

    async def opening(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        found = await real(key, items)
        write()
        return found

    monkeypatch.setattr(room.ciphers, "open", opening)
    await stored.open([SECOND])
    assert SECOND in stored.closed_up_to(SECOND, 1)
    monkeypatch.undo()
    assert (await stored.open([SECOND]))[20].with_flags(LIVE) == 0b10


@pytest.mark.parametrize(("after", "up_to", "goes"), [(20, 21, True), (24, 30, True), (25, 26, False), (10, 20, False)])
async def test_a_segment_that_was_added_too_late_goes(
    stored: Shelf, room: ChatRoom, after: int, up_to: int, goes: bool
) -> None:
    version = stored.version
    late = Range(20, 25, NOON, NOON)
    (sealed,) = await room.state.keyring.seal([(segment(late).encoded(), segment_header(20, 25))], now_ms=NOON)
    stored.ranges()
    stored.add(late, segment(late), sealed)
    assert stored.ranges() == [FIRST, SECOND, late, THIRD]
    stored.remove_added_since(stored.version, after, up_to)
    assert stored.at(22) == late
    stored.remove_added_since(version, after, up_to)
    assert (stored.at(22) is None) is goes


async def test_opening_nothing_asks_for_no_keys(stored: Shelf, monkeypatch: pytest.MonkeyPatch, room: ChatRoom) -> None:
    async def never(*_: Any) -> Any:
        raise AssertionError("nothing to open")

    monkeypatch.setattr(room.state.keyring, "open", never)
    assert await stored.open([]) == {}
