"""storage/importing.py: rows as others have them, with times of their own."""

import pytest

from sealing.keyring import Sealed
from storage.database import NotUnique
from storage.importing import ImportedMessage
from storage.members import MemberRow
from storage.messages import NewMessage
from storage.schema import migrate
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase, uuid


@pytest.fixture
def store() -> Store:
    database = SqliteDatabase()
    migrate(database)
    return Store(database)


def row(number: int, *, body: bytes = b"sealed", lane: str = "") -> ImportedMessage:
    place = NewMessage("plans", number, number, uuid(number), "clara", NOON, Sealed(0, b""), lane=lane)
    return ImportedMessage(place, Sealed(3, body), Sealed(3, b"reactions"), NOON + 1, None)


def test_a_message_is_stored_with_all_that_it_has(store: Store) -> None:
    store.importing.insert([row(1)])
    (message,) = store.messages.page_after("plans", 0, 9)
    assert (message.id, message.author, message.sent_at, message.edited_at) == (uuid(1), "clara", NOON, NOON + 1)
    assert (message.sealed, message.reactions) == (Sealed(3, b"sealed"), Sealed(3, b"reactions"))
    assert (message.changed_seq, message.deleted_at, message.files) == (1, None, ())


def test_a_deleted_one_has_no_text(store: Store) -> None:
    place = NewMessage("plans", 1, 1, uuid(1), "olga", NOON, Sealed(0, b""))
    store.importing.insert([ImportedMessage(place, None, None, None, NOON)])
    (message,) = store.messages.page_after("plans", 0, 9)
    assert (message.sealed, message.reactions, message.deleted_at) == (None, None, NOON)


def test_many_long_ones_take_several_statements_and_keep_their_order(store: Store) -> None:
    store.importing.insert([row(number, body=b"x" * 300_000) for number in range(1, 6)])
    assert [message.seq for message in store.messages.page_after("plans", 0, 9)] == [1, 2, 3, 4, 5]


def test_no_message_is_stored_twice(store: Store) -> None:
    store.importing.insert([row(1)])
    with pytest.raises(NotUnique):
        store.importing.insert([row(2), row(1)])
    store.importing.insert([row(3, lane="ours")])
    assert store.messages.get(uuid(3), "ours") is not None


def test_former_members_have_no_name_to_sign_in_under(store: Store) -> None:
    people = [
        MemberRow(name, "member", NOON, NOON, Sealed(3, name.encode()), joined_at=NOON) for name in ("clara", "dora")
    ]
    store.importing.add_former(people)
    assert store.members.all() == people
    assert store.members.named(b"") is None


def test_others_are_those_who_wrote_after_what_was_imported(store: Store) -> None:
    store.importing.insert([row(1), row(2)])
    assert store.importing.has_others("plans", "olga", 1)
    assert not store.importing.has_others("plans", "olga", 2)
    assert not store.importing.has_others("plans", "clara", 0)
