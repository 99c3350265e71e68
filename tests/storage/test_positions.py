"""storage/positions.py: what goes in comes out."""

import pytest

from storage.positions import Newest, Oldest
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, new, stored


def test_where_a_channel_begins_and_ends(store: Store) -> None:
    assert (store.positions.newest("general"), store.positions.oldest("general")) == (None, None)
    store.messages.insert([new(2), new(5), new(9, author="boris")])
    assert store.positions.newest("general") == Newest(9, 9, "boris")
    assert store.positions.oldest("general") == Oldest(NOON + 2, 3, was_edited=False)
    assert [store.positions.at("general", seq) for seq in (1, 2, 4, 5, 8, 9, BIG)] == [0, 2, 2, 5, 5, 9, 9]
    store.messages.edit(stored(new(2)), OTHER, edited_at=NOON, changed_seq=10)
    assert store.positions.oldest("general") == Oldest(NOON + 2, 4, was_edited=True)
    store.messages.erase(stored(new(2)), deleted_at=NOON, changed_seq=11)
    assert store.positions.oldest("general") == Oldest(NOON + 2, None, was_edited=True)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_channel_and_author_come_back_as_they_were(store: Store, text: str) -> None:
    store.messages.insert([new(1, channel=text, author=text)])
    assert store.positions.newest(text) == Newest(1, 1, text)
