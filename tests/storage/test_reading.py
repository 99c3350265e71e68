"""storage/reading.py: what goes in comes out."""

import pytest

from storage.store import Store
from tests.storage.samples import NASTY, RecordingDatabase


def test_reading_forgets_the_mentions_up_to_there(store: Store) -> None:
    store.reading.insert_mentions(
        [("anna", "general", seq) for seq in (1, 2, 3)] + [("anna", "plans", 2), ("boris", "general", 1)]
    )
    store.reading.set_position("anna", "general", 2, 2)
    assert store.reading.positions("anna") == {"general": (2, 2, 0)}
    assert store.reading.mention_counts("anna") == {"general": 1, "plans": 1}
    assert store.reading.mention_counts("boris") == {"general": 1}
    store.reading.set_position("anna", "general", 1, 1, marked=3)
    assert store.reading.positions("anna") == {"general": (1, 1, 3)}
    store.reading.set_position("anna", "general", 3, 3)
    assert store.reading.positions("anna") == {"general": (3, 3, 0)}
    assert store.reading.mention_counts("anna") == {"plans": 1}


def test_a_mention_is_noted_once_and_only_while_it_is_unread(store: Store) -> None:
    store.reading.set_position("anna", "general", 5, 5)
    store.reading.insert_mentions([("anna", "general", seq) for seq in (4, 5, 6, 6)] + [("boris", "general", 4)])
    store.reading.insert_mentions([("anna", "general", 6)])
    assert (store.reading.mention_counts("anna"), store.reading.mention_counts("boris")) == (
        {"general": 1},
        {"general": 1},
    )


def test_no_mentions_need_no_statement(store: Store, database: RecordingDatabase) -> None:
    store.reading.insert_mentions([])
    store.reading.delete_mentions([], "general", 1)
    assert database.bound == []


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    store.reading.set_position(text, text, 0, 0)
    assert store.reading.positions(text) == {text: (0, 0, 0)}
    store.reading.insert_mentions([(text, text, 1)])
    assert store.reading.mention_counts(text) == {text: 1}
    store.reading.delete_mentions([text], text, 1)
    assert store.reading.mention_counts(text) == {}
