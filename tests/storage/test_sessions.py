"""storage/sessions.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.sessions import Session
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, SEALED


def test_sessions_come_back_by_token_and_oldest_first(store: Store) -> None:
    younger = Session("a", "anna", "member", NOON + 1, NOON, BIG, SEALED)
    older = Session("b", "anna", "admin", NOON, NOON, BIG, OTHER)
    other = Session("a", "boris", "member", NOON, NOON, BIG, SEALED)
    for number, session in enumerate((younger, older, other)):
        store.sessions.insert(session, token_digest=bytes([number]))
    assert [store.sessions.get(bytes([number])) for number in range(4)] == [younger, older, other, None]
    assert store.sessions.of("anna") == [older, younger]
    store.sessions.set_seen("anna", "a", NOON + 9)
    assert store.sessions.get(bytes([0])) == replace(younger, seen_at=NOON + 9)
    assert store.sessions.get(bytes([2])) == other
    store.delete_session("anna", "a")
    assert len(store.sessions.all()) == 2


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    session = Session(text, text, text, NOON, NOON, NOON, SEALED)
    store.sessions.insert(session, token_digest=text.encode())
    assert store.sessions.of(text) == store.sessions.all() == [session]
    store.delete_session(text, text)
    assert store.sessions.all() == []
