"""storage/bans.py: a ban holds for the member's devices, present and past, and for no others."""

from dataclasses import replace

from storage.sessions import Session
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import SEALED

PHONE = Session("phone", "anna", "member", NOON, NOON, NOON, SEALED)


def test_a_ban_holds_for_all_devices_of_its_member_until_it_is_lifted(store: Store) -> None:
    store.sessions.insert(PHONE, token_digest=b"phone")
    store.sessions.insert(replace(PHONE, id="old"), token_digest=b"old")
    store.sessions.insert(replace(PHONE, member="boris"), token_digest=b"boris")
    store.retire_session("anna", "old", is_own=True, at=NOON)
    store.bans.put("anna", NOON)
    store.remove_member("anna", NOON)
    assert store.bans.all() == [("anna", NOON)]
    assert [store.bans.has_device(token) for token in (b"phone", b"old", b"boris", b"")] == [True, True, False, False]
    store.bans.lift("anna")
    assert store.bans.all() == []
    assert not store.bans.has_device(b"phone")


def test_a_member_who_is_banned_again_is_banned_once(store: Store) -> None:
    store.bans.put("anna", NOON)
    store.bans.put("anna", NOON + 1)
    assert store.bans.all() == [("anna", NOON + 1)]
