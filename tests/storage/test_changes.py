"""storage/changes.py: what goes in comes out."""

import pytest

from storage.changes import Change
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY, SEALED


def test_changes_come_back_in_order_up_to_a_number(store: Store) -> None:
    changes = [Change(seq, NOON + seq, "general", "anna", SEALED) for seq in (3, 1, 2)]
    assert (store.changes.newest(), store.changes.oldest_at()) == (0, None)
    for change in changes:
        store.changes.insert(change)
    assert store.changes.after(1, 1) == [changes[2]]
    assert [change.seq for change in store.changes.after(0, 9)] == [1, 2, 3]
    assert (store.changes.newest(), store.changes.oldest_at()) == (3, NOON + 1)
    assert store.changes.purge(NOON + 3, 1) == 1
    assert store.changes.purge(NOON + 3, 9) == 2
    assert store.changes.purge(NOON + 3, 9) == 0
    assert store.changes.after(0, 9) == [changes[0]]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    change = Change(1, NOON, text, text, SEALED)
    store.changes.insert(change)
    assert store.changes.after(0, 9) == [change]
