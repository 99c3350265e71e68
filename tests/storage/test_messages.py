"""storage/messages.py: what goes in comes out."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limits import MAX_ROW_BYTES
from sealing.keyring import Sealed
from storage.database import NotUnique
from storage.messages import NewMessage
from storage.schema import migrate
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase, uuid
from tests.storage.samples import BIG, NAMES, NASTY, OTHER, SEALED, RecordingDatabase, new, stored


def test_many_big_messages_are_stored_in_batches_that_the_platform_takes(
    store: Store, database: RecordingDatabase
) -> None:
    messages = [new(number, sealed=Sealed(1, bytes(16_000))) for number in range(1, 101)]
    store.messages.insert(messages)
    sizes = [len(batch) for (batch,) in database.bound]
    assert len(sizes) == 4
    assert max(sizes) < MAX_ROW_BYTES * 0.6
    assert store.messages.page_after("general", 0, 200) == [stored(message) for message in messages]


def test_messages_that_fit_are_stored_with_one_statement(store: Store, database: RecordingDatabase) -> None:
    store.messages.insert([new(number) for number in range(1, 501)])
    assert len(database.bound) == 1
    assert len(store.messages.page_after("general", 0, 1_000)) == 500


def test_no_messages_need_no_statement(store: Store, database: RecordingDatabase) -> None:
    store.messages.insert([])
    assert database.bound == []


def test_a_message_that_is_there_already_is_not_stored_again(store: Store, database: RecordingDatabase) -> None:
    store.messages.insert([new(1)])
    before = database.dump()
    for again in (new(2, id=uuid(1)), new(1, id=uuid(2))):
        with pytest.raises(NotUnique):
            store.transaction(lambda again=again: store.messages.insert([new(3), again]))  # type: ignore[misc]
        assert database.dump() == before


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    message = new(1, channel=text, author=text)
    store.messages.insert([message])
    assert store.messages.page_after(text, 0, 9) == [stored(message)]


@settings(max_examples=50, deadline=None)
@given(
    seq=st.integers(0, BIG),
    sent_at=st.integers(0, BIG),
    epoch=st.integers(1, BIG),
    data=st.binary(max_size=200),
    message_id=st.uuids(),
    channel=NAMES,
    author=NAMES,
)
def test_a_message_comes_back_as_it_was(
    seq: int, sent_at: int, epoch: int, data: bytes, message_id: Any, channel: str, author: str
) -> None:
    database = SqliteDatabase()
    migrate(database)
    store = Store(database)
    message = NewMessage(channel, seq, seq, str(message_id), author, sent_at, Sealed(epoch, data))
    store.messages.insert([message])
    assert store.messages.get(str(message_id)) == stored(message)
    assert store.messages.sent_before([(uuid(1), ""), (str(message_id), "")]) == {
        (str(message_id), ""): stored(message)
    }


def test_numbers_are_stored_as_numbers(store: Store, database: RecordingDatabase) -> None:
    store.messages.insert([new(1)])
    (types,) = database.connection.execute(
        "SELECT typeof(seq), typeof(position), typeof(id), typeof(sent_at), typeof(epoch), typeof(sealed) FROM messages"
    )
    assert types == ("integer", "integer", "blob", "integer", "integer", "blob")


def test_a_messages_changes_come_back(store: Store) -> None:
    store.messages.insert([new(1), new(2)])
    message = stored(new(1))
    store.messages.edit(message, OTHER, edited_at=NOON + 9, changed_seq=7)
    edited = replace(message, sealed=OTHER, edited_at=NOON + 9, changed_seq=7)
    assert store.messages.get(uuid(1)) == edited
    store.messages.set_reactions(message, SEALED, changed_seq=8)
    assert store.messages.get(uuid(1)) == replace(edited, reactions=SEALED, changed_seq=8)
    store.messages.erase(message, deleted_at=NOON + 10, changed_seq=9)
    assert store.messages.get(uuid(1)) == replace(edited, sealed=None, deleted_at=NOON + 10, changed_seq=9)
    assert store.messages.get(uuid(2)) == stored(new(2))
    assert store.messages.get(uuid(3)) is None
    assert store.messages.sent_before([]) == {}


def test_pages_go_both_ways_within_one_channel(store: Store) -> None:
    store.messages.insert([new(number, channel="ab"[number % 2]) for number in range(1, 9)])
    assert [message.seq for message in store.messages.page_before("a", 8, 2)] == [6, 4]
    assert [message.seq for message in store.messages.page_before("a", BIG, 9)] == [8, 6, 4, 2]
    assert [message.seq for message in store.messages.page_after("b", 1, 2)] == [3, 5]
    assert store.messages.page_after("c", 0, 9) == store.messages.page_before("c", BIG, 9) == []
