"""storage/reading.py: what goes in comes out."""

import pytest

from storage.store import Store
from tests.storage.samples import NASTY


def test_a_position_goes_forward_and_back_and_remembers_that_it_was_marked(store: Store) -> None:
    store.reading.set_position("anna", "general", 2, 2)
    assert store.reading.positions("anna") == {"general": (2, 2, 0)}
    store.reading.set_position("anna", "general", 1, 1, marked=3)
    assert store.reading.positions("anna") == {"general": (1, 1, 3)}
    store.reading.set_position("anna", "general", 3, 3)
    assert store.reading.positions("anna") == {"general": (3, 3, 0)}


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    store.reading.set_position(text, text, 0, 0)
    assert store.reading.positions(text) == {text: (0, 0, 0)}
