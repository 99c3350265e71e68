"""storage/profiles.py: what goes in comes out."""

from storage.profiles import ROOM
from storage.store import Store
from tests.storage.samples import OTHER, SEALED


def test_a_profile_is_one_row_that_is_replaced(store: Store) -> None:
    store.profiles.put("anna", SEALED)
    store.profiles.put(ROOM, SEALED)
    store.profiles.put("anna", OTHER)
    assert store.profiles.all() == [(ROOM, SEALED), ("anna", OTHER)]
    store.profiles.delete(ROOM)
    store.profiles.delete("nobody")
    assert store.profiles.all() == [("anna", OTHER)]


def test_a_picture_is_one_row_that_is_replaced(store: Store) -> None:
    store.pictures.put("anna", "first", SEALED)
    store.pictures.put(ROOM, "room", SEALED)
    store.pictures.put("anna", "second", OTHER)
    assert store.pictures.ids() == [(ROOM, "room"), ("anna", "second")]
    assert store.pictures.get("anna") == ("second", OTHER)
    store.pictures.delete("anna")
    assert store.pictures.get("anna") is None


def test_both_go_with_their_member(store: Store) -> None:
    for owner in ("anna", "boris", ROOM):
        store.profiles.put(owner, SEALED)
        store.pictures.put(owner, "face", SEALED)
    store.remove_member("anna", 1)
    assert store.profiles.all() == [(ROOM, SEALED), ("boris", SEALED)]
    assert store.pictures.ids() == [(ROOM, "face"), ("boris", "face")]
