"""storage/sessions.py: what goes in comes out."""

from dataclasses import replace

import pytest

from limits import PAST_DEVICE_MS
from storage.sessions import PastDevice, Session
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


def retire(store: Store, session: str, *, is_own: bool) -> bytes:
    """Sign out a device of Anna's that keeps its cookie; returns the digest of its token."""
    token = session.encode()
    store.sessions.insert(Session(session, "anna", "member", NOON, NOON, BIG, SEALED), token_digest=token)
    store.retire_session("anna", session, is_own=is_own, at=NOON)
    return token


@pytest.mark.parametrize(("is_own", "member"), [(True, "anna"), (False, None)])
def test_a_device_whose_session_expired_is_still_its_members_for_a_while(
    store: Store, is_own: bool, member: str | None
) -> None:
    token = retire(store, "phone", is_own=is_own)
    ends = NOON + PAST_DEVICE_MS
    assert store.sessions.all() == []
    assert [store.past_devices.own(token, now_ms) for now_ms in (NOON, ends - 1, ends)] == [member, member, None]
    assert store.past_devices.own(b"other", NOON) is None
    store.delete_expired(ends - 1, NOON)
    assert store.past_devices.own(token, NOON) == member
    store.delete_expired(ends, NOON)
    assert store.past_devices.own(token, NOON) is None


def test_a_device_of_a_replaced_member_is_nobodys_and_learns_of_it_once(store: Store) -> None:
    token = retire(store, "phone", is_own=True)
    assert store.past_devices.replaced(token) is None
    store.sessions.insert(Session("laptop", "anna", "member", NOON, NOON, BIG, SEALED), token_digest=b"laptop")
    store.replace_member("anna", NOON + 1)
    for each in (token, b"laptop"):
        assert store.past_devices.replaced(each) == PastDevice(each, "anna", NOON + 1)
        assert store.past_devices.own(each, NOON + 1) is None
    store.past_devices.forget(token)
    assert store.past_devices.replaced(token) is None
    assert store.past_devices.replaced(b"laptop") is not None
