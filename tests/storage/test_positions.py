"""storage/positions.py: what goes in comes out."""

import pytest

from storage.positions import Newest, Oldest, Standing
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, RecordingDatabase, new, stored


def test_where_a_channel_begins_and_ends(store: Store) -> None:
    assert (store.positions.newest("general"), store.positions.oldest("general")) == (None, None)
    store.messages.insert([new(2), new(5), new(9, author="boris")])
    assert store.positions.newest("general") == Newest(9, 9, "boris", NOON + 9)
    assert store.positions.oldest("general") == Oldest(NOON + 2, 3, was_edited=False)
    assert [store.positions.at("general", seq) for seq in (1, 2, 4, 5, 8, 9, BIG)] == [0, 2, 2, 5, 5, 9, 9]
    store.messages.edit(stored(new(2)), OTHER, edited_at=NOON, changed_seq=10)
    assert store.positions.oldest("general") == Oldest(NOON + 2, 4, was_edited=True)
    store.messages.erase(stored(new(2)), deleted_at=NOON, changed_seq=11)
    assert store.positions.oldest("general") == Oldest(NOON + 2, None, was_edited=True)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_channel_and_author_come_back_as_they_were(store: Store, text: str) -> None:
    store.messages.insert([new(1, channel=text, author=text)])
    assert store.positions.newest(text) == Newest(1, 1, text, NOON + 1)


def test_where_a_channel_stood_before_a_seq(store: Store) -> None:
    store.messages.insert([new(2), new(5), new(7, channel="plans")])
    found = [store.positions.before("general", seq) for seq in (2, 3, 5, 6, 9)]
    second, fifth = Standing(2, 2, NOON + 2), Standing(5, 5, NOON + 5)
    assert found == [None, second, second, fifth, fifth]
    assert store.positions.newest_up_to(["general", "plans", "none"], 6) == {"general": (5, 5)}
    assert store.positions.newest_up_to(["general", "plans"], 7) == {"general": (5, 5), "plans": (7, 7)}


def test_the_first_message_from_a_time_on_is_found_with_a_row_for_each_halving(
    store: Store, database: RecordingDatabase
) -> None:
    places = [3, 4, 9, 500_000, 500_001, 999_999]
    store.messages.insert([new(seq) for seq in places] + [new(7, channel="plans")])
    wanted = {time: next((seq for seq in places if NOON + seq >= time), None) for time in (0, *_around(places))}
    assert {time: store.positions.first_sent_from("general", time) for time in wanted} == wanted
    assert store.positions.first_sent_from("general", 0, since=9) == 500_000
    assert store.positions.first_sent_from("general", 0, since=999_999) is None
    assert store.positions.first_sent_from("none", 0) is None
    database.bound.clear()
    store.positions.first_sent_from("general", NOON + 9)
    assert len(database.bound) <= 22


def _around(places: list[int]) -> list[int]:
    return [NOON + place + near for place in places for near in (-1, 0, 1)]


def test_what_others_wrote_is_found(store: Store) -> None:
    store.messages.insert([new(1), new(2, author="boris"), new(3, author="boris"), new(4)])
    assert [store.positions.has_others("general", who) for who in ("anna", "boris", "olga")] == [True, True, True]
    assert store.positions.has_others("plans", "anna") is False
    assert [store.positions.newest_from_others("anna", "general", after) for after in (0, 2, 3)] == [3, 3, 0]
    store.messages.erase(stored(new(3, author="boris")), deleted_at=NOON, changed_seq=5)
    assert store.positions.newest_from_others("anna", "general", 0) == 2
    assert store.positions.authors_between([("general", 1, None), ("plans", 0, None)], 2) == {
        "general": [(4, "anna", False), (3, "boris", True)],
        "plans": [],
    }
    assert store.positions.authors_between([("general", 0, 3)], 9) == {
        "general": [(2, "boris", False), (1, "anna", False)]
    }
