"""storage/segments.py: the table of segments."""

import pytest

from storage.database import NotUnique
from storage.segments import Range, SegmentRow
from storage.store import Store
from tests.storage.samples import BIG, OTHER, SEALED

FIRST, SECOND = Range(0, 10, 1_000, 2_000), Range(10, BIG, 3_000, BIG)


@pytest.fixture
def stored(store: Store) -> Store:
    store.segments.insert(SECOND, OTHER)
    store.segments.insert(FIRST, SEALED)
    return store


def test_ranges_come_oldest_first(store: Store, stored: Store) -> None:
    assert store.segments.ranges() == [FIRST, SECOND]


@pytest.mark.parametrize(("seq", "place"), [(0, None), (1, FIRST), (10, FIRST), (11, SECOND), (BIG, SECOND)])
def test_the_range_of_a_seq(stored: Store, seq: int, place: Range | None) -> None:
    assert stored.segments.covering(seq) == place


def test_segments_are_read_by_their_ends(stored: Store) -> None:
    assert stored.segments.read([BIG, 10, 7]) == [SegmentRow(0, 10, 0, SEALED), SegmentRow(10, BIG, 0, OTHER)]
    assert stored.segments.read([]) == []


def test_two_segments_never_end_at_the_same_message(stored: Store) -> None:
    with pytest.raises(NotUnique):
        stored.segments.insert(FIRST, OTHER)


def test_a_text_is_replaced_if_it_is_the_one_that_was_read(stored: Store) -> None:
    (row,) = stored.segments.read([10])
    stored.segments.replace(row, OTHER)
    assert stored.segments.read([10]) == [SegmentRow(0, 10, 1, OTHER)]
    assert stored.segments.ranges() == [FIRST, SECOND]


@pytest.mark.parametrize("text", [OTHER, SEALED])
def test_otherwise_the_segment_goes(stored: Store, text: object) -> None:
    (row,) = stored.segments.read([10])
    stored.segments.replace(row, OTHER)
    stored.segments.replace(row, SEALED)
    assert stored.segments.ranges() == [SECOND]
    stored.segments.replace(row, SEALED)
    assert stored.segments.ranges() == [SECOND]


def test_segments_are_removed(stored: Store) -> None:
    stored.segments.delete([10, 11])
    assert stored.segments.ranges() == [SECOND]
