"""storage/lanes.py: the rows of lanes and their members."""

import pytest

from sealing.keyring import Sealed
from storage.channels import ChannelRow
from storage.lanes import LaneMemberRow, LaneRow
from storage.schema import migrate
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase


@pytest.fixture
def store() -> Store:
    database = SqliteDatabase()
    migrate(database)
    return Store(database)


def lane(name: str, kind: str = "private", *, created_at: int = NOON) -> LaneRow:
    channel = ChannelRow(
        name, "anna", created_at, archived=False, retention_days=None, purged_seq=0, purged_position=0, deleted_at=None,
        sealed=Sealed(1, b"name"),
    )  # fmt: skip
    return LaneRow(kind, channel)


def member(name: str, channel: str, place: int = 0, *, leads: bool = False) -> LaneMemberRow:
    return LaneMemberRow(name, channel, place, 3, 4, leads)


def test_lanes_come_back_as_they_were_oldest_first(store: Store) -> None:
    assert (store.lanes.any(), store.lanes.all()) == (False, [])
    rows = [lane("b", created_at=NOON + 1), lane("a", "direct")]
    for row in rows:
        store.lanes.put(row)
    assert store.lanes.any()
    assert store.lanes.all() == ["a", "b"]
    assert store.lanes.read(["b", "a", "c"]) == rows[::-1]


def test_members_come_back_in_the_order_in_which_they_came(store: Store) -> None:
    rows = [member("boris", "a", 1), member("anna", "a", 0, leads=True), member("anna", "b")]
    store.lanes.put_members(rows)
    assert store.lanes.of("anna") == ["a", "b"]
    assert store.lanes.members(["a"]) == [rows[1], rows[0]]
    store.lanes.put_members([member("boris", "a", 1, leads=True)])
    assert [each.leads for each in store.lanes.members(["a"])] == [True, True]


def test_what_changes_in_a_lane(store: Store) -> None:
    store.lanes.put(lane("a"))
    store.lanes.put(lane("b"))
    store.lanes.set_purged("a", 7, 5)
    store.lanes.set_forgotten("a", 6)
    store.lanes.set_deleted("a", NOON)
    changed, same = store.lanes.read(["a", "b"])
    assert (changed.channel.purged_seq, changed.channel.purged_position, changed.channel.deleted_at) == (7, 5, NOON)
    assert (changed.forgotten_seq, same) == (6, lane("b"))


def test_who_leaves_the_room_stays_in_conversations_only(store: Store) -> None:
    store.lanes.put(lane("a"))
    store.lanes.put(lane("b", "direct"))
    store.lanes.put_members([member(name, channel) for name in ("anna", "boris") for channel in ("a", "b")])
    store.lanes.part_with("anna")
    assert (store.lanes.of("anna"), store.lanes.of("boris")) == (["b"], ["a", "b"])
