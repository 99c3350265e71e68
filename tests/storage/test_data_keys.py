"""storage/data_keys.py: what goes in comes out."""

import pytest

from sealing.datakeys import DataKey
from storage.database import NotUnique
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG


def test_data_keys_come_back_oldest_first(store: Store) -> None:
    newer, older = DataKey(9, b"wrapped", NOON, BIG, "m"), DataKey(0, b"", NOON, 0, "")
    store.keys.add_data_key(newer)
    store.keys.add_data_key(older)
    assert store.keys.data_keys() == [older, newer]
    store.keys.rewrap_data_key(9, b"again", "n")
    store.keys.reserve_seals(9, 7)
    assert store.keys.data_keys() == [older, DataKey(9, b"again", NOON, 7, "n")]
    with pytest.raises(NotUnique):
        store.keys.add_data_key(newer)
    store.keys.delete_data_keys([])
    store.keys.delete_data_keys([9, 10])
    assert store.keys.data_keys() == [older]
