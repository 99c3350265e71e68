"""storage/lane_segments.py: each lane has its own segments, with the methods of those of the open channels."""

import pytest

from sealing.keyring import Sealed
from storage.database import NotUnique
from storage.lane_segments import LaneSegmentTable
from storage.schema import migrate
from storage.segments import Range, SegmentRow, SegmentTable
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase

FIRST, SECOND = Range(0, 9, NOON, NOON + 1), Range(9, 20, NOON + 1, NOON + 2)
TEXT, OTHER = Sealed(1, b"one"), Sealed(2, b"two")


@pytest.fixture
def store() -> Store:
    database = SqliteDatabase()
    migrate(database)
    return Store(database)


def test_each_lane_has_its_own(store: Store) -> None:
    tables = [store.segments_of(lane) for lane in ("", "a", "b")]
    assert [type(table) for table in tables] == [SegmentTable, LaneSegmentTable, LaneSegmentTable]
    for number, table in enumerate(tables):
        table.insert(FIRST, Sealed(1, bytes([number])))
    assert [[row.sealed.data for row in table.read([9])] for table in tables] == [[b"\0"], [b"\1"], [b"\2"]]
    assert len({repr(table.header(FIRST)) for table in tables}) == 3
    tables[1].delete([9])
    assert [table.ranges() for table in tables] == [[FIRST], [], [FIRST]]


def test_a_segment_is_found_by_a_seq_that_it_has(store: Store) -> None:
    table = store.segments_of("a")
    table.insert(SECOND, TEXT)
    assert [table.covering(seq) for seq in (9, 10, 20, 21)] == [None, SECOND, SECOND, None]
    with pytest.raises(NotUnique):
        table.insert(SECOND, TEXT)


def test_a_text_made_from_an_older_one_removes_the_segment(store: Store) -> None:
    table = store.segments_of("a")
    table.insert(FIRST, TEXT)
    (row,) = table.read([9])
    table.replace(row, OTHER)
    assert table.read([9]) == [SegmentRow(0, 9, 1, OTHER)]
    table.replace(row, Sealed(3, b"late"))
    assert table.read([9]) == []
