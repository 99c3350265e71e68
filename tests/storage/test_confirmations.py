"""storage/confirmations.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.confirmations import Confirmation
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, SEALED


@pytest.mark.parametrize("approved", [True, False])
def test_confirmations_come_back_oldest_first_and_are_replaced_whole(store: Store, approved: bool) -> None:
    younger = Confirmation("a", b"digest", "anna", NOON + 1, BIG, 4, approved, b"address", SEALED)
    older = replace(younger, id="b", created_at=NOON)
    other = replace(younger, id="c", member="boris", created_at=NOON - 1)
    for confirmation in (younger, older, other):
        store.confirmations.put(confirmation)
    assert store.confirmations.of("anna") == [older, younger]
    assert store.confirmations.all() == [other, older, younger]
    store.confirmations.put(replace(older, tries=5, approved=not approved))
    store.confirmations.delete("a")
    assert store.confirmations.of("anna") == [replace(older, tries=5, approved=not approved)]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    confirmation = Confirmation(text, b"", text, NOON, NOON, 0, approved=False, address=b"", sealed=SEALED)
    store.confirmations.put(confirmation)
    assert store.confirmations.of(text) == [confirmation]
