"""storage/store.py: the production SQL on sqlite3, as particular as the platform's."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limits import MAX_BOUND_PARAMETERS, MAX_ROW_BYTES
from sealing.datakeys import DataKey
from sealing.keyring import Sealed
from storage.schema import migrate
from storage.store import (
    Attempts,
    Change,
    ChannelRow,
    Confirmation,
    Credential,
    MemberRow,
    Message,
    Newest,
    NewMessage,
    NotUnique,
    Oldest,
    Session,
    Store,
)
from tests.rooms import NOON, SqliteDatabase, uuid

SEALED = Sealed(3, b"\x01sealed \x00\xff'\";--")
OTHER = Sealed(4, b"")
BIG = 2**53 - 1
NASTY = [
    "'; DROP TABLE messages; --",
    '" OR 1=1',
    "%",
    "_",
    "\\",
    "?",
    ":name",
    "@x",
    "$1",
    "a\nb",
    "NULL",
    "1e3",
    "0x10",
    " 7",
    "7",
    "ünï",
    "🙂",
    "null",
    "[1]",
    '{"a":1}',
    "",
]
# SQLite's JSON functions end a text at a NUL; our ids have none.
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class RecordingDatabase(SqliteDatabase):
    """Keeps what was bound, to see how big it is."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: list[tuple[Any, ...]] = []

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self.bound.append(parameters)
        return super().execute(statement, *parameters)


@pytest.fixture
def database() -> RecordingDatabase:
    database = RecordingDatabase()
    migrate(database)
    database.bound.clear()
    return database


@pytest.fixture
def store(database: RecordingDatabase) -> Store:
    return Store(database)


def new(number: int, *, channel: str = "general", sealed: Sealed = SEALED, **more: Any) -> NewMessage:
    return replace(NewMessage(channel, number, number, uuid(number), "anna", NOON + number, sealed), **more)


def stored(message: NewMessage) -> Message:
    return Message(
        message.channel,
        message.seq,
        message.id,
        message.author,
        message.sent_at,
        None,
        None,
        message.seq,
        message.sealed,
        None,
    )


# --- the platform's limits ---


@pytest.mark.parametrize("count", [0, 1, MAX_BOUND_PARAMETERS - 1, MAX_BOUND_PARAMETERS])
def test_a_statement_takes_up_to_100_parameters(store: Store, count: int) -> None:
    marks = ", ".join("?" * count) or "1"
    assert len(store._run(f"SELECT {marks}", *range(count))) == 1


def test_a_statement_with_101_parameters_is_refused(store: Store, database: RecordingDatabase) -> None:
    with pytest.raises(ValueError, match="101 bound parameters"):
        store._run("SELECT 1", *range(MAX_BOUND_PARAMETERS + 1))
    assert database.bound == []


@pytest.mark.parametrize("size", [MAX_ROW_BYTES - 1, MAX_ROW_BYTES])
@pytest.mark.parametrize("value", ["x", b"x", "я"], ids=["text", "bytes", "Cyrillic text"])
def test_a_value_of_up_to_2_mb_is_taken(store: Store, value: str | bytes, size: int) -> None:
    store.set_fact("big", value * (size // len(value.encode() if isinstance(value, str) else value)))


@pytest.mark.parametrize("value", ["x", b"x", "я", "🙂"], ids=["text", "bytes", "Cyrillic text", "emoji"])
def test_a_value_of_more_than_2_mb_is_refused(store: Store, value: str | bytes) -> None:
    width = len(value.encode() if isinstance(value, str) else value)
    with pytest.raises(ValueError, match="the platform takes 2000000"):
        store.set_fact("big", value * (MAX_ROW_BYTES // width + 1))
    assert store.fact("big") is None


def test_many_big_messages_are_stored_in_batches_that_the_platform_takes(
    store: Store, database: RecordingDatabase
) -> None:
    messages = [new(number, sealed=Sealed(1, bytes(16_000))) for number in range(1, 101)]
    store.insert_messages(messages)
    sizes = [len(batch) for (batch,) in database.bound]
    assert len(sizes) == 4
    assert max(sizes) < MAX_ROW_BYTES * 0.6
    assert store.page_after("general", 0, 200) == [stored(message) for message in messages]


def test_messages_that_fit_are_stored_with_one_statement(store: Store, database: RecordingDatabase) -> None:
    store.insert_messages([new(number) for number in range(1, 501)])
    assert len(database.bound) == 1
    assert len(store.page_after("general", 0, 1_000)) == 500


def test_no_messages_need_no_statement(store: Store, database: RecordingDatabase) -> None:
    store.insert_messages([])
    store.insert_mentions([])
    store.delete_mentions([], "general", 1)
    assert database.bound == []


# --- all or nothing ---


def test_a_transaction_keeps_all_or_nothing(store: Store, database: RecordingDatabase) -> None:
    def work() -> None:
        store.insert_messages([new(1)])
        store.set_fact("x", 1)
        raise ValueError("midway")

    before = database.dump()
    with pytest.raises(ValueError, match="midway"):
        store.transaction(work)
    assert database.dump() == before
    assert store.transaction(lambda: store.use_challenge(b"digest", NOON)) is True
    assert database.count("used_challenges") == 1


def test_a_message_that_is_there_already_is_not_stored_again(store: Store, database: RecordingDatabase) -> None:
    store.insert_messages([new(1)])
    before = database.dump()
    for again in (new(2, id=uuid(1)), new(1, id=uuid(2))):
        with pytest.raises(NotUnique):
            store.transaction(lambda again=again: store.insert_messages([new(3), again]))  # type: ignore[misc]
        assert database.dump() == before


# --- what goes in comes out ---


@pytest.mark.parametrize("value", [0, 1, BIG, -BIG, 1.5, "text", "7", "", b"", b"\x00\xff", None], ids=repr)
def test_facts_come_back_as_they_were(store: Store, value: Any) -> None:
    assert store.fact("x") is None
    store.set_fact("x", "before")
    store.set_fact("x", value)
    assert store.fact("x") == value
    assert type(store.fact("x")) is type(value)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was_in_every_column(store: Store, text: str) -> None:
    store.set_fact(text, text)
    assert store.fact(text) == text
    message = new(1, channel=text, author=text)
    store.insert_messages([message])
    assert store.page_after(text, 0, 9) == [stored(message)]
    assert store.newest_message(text) == Newest(1, 1, text)
    channel = ChannelRow(
        text,
        text,
        NOON,
        archived=False,
        retention_days=None,
        purged_seq=0,
        purged_position=0,
        deleted_at=None,
        sealed=SEALED,
    )
    store.put_channel(channel)
    assert store.channels() == [channel]
    member = MemberRow(text, text, NOON, None, SEALED)
    store.insert_member(member, name_digest=text.encode(), joined_at=NOON)
    assert (store.members(), store.member_named(text.encode())) == ([member], text)
    session = Session(text, text, text, NOON, NOON, NOON, SEALED)
    store.insert_session(session, token_digest=text.encode())
    assert store.sessions_of(text) == store.sessions() == [session]
    store.set_read_position(text, text, 0, 0)
    assert store.read_positions(text) == {text: (0, 0)}
    store.insert_mentions([(text, text, 1)])
    assert store.mention_counts(text) == {text: 1}
    store.delete_mentions([text], text, 1)
    assert store.mention_counts(text) == {}
    change = Change(1, NOON, text, text, SEALED)
    store.insert_change(change)
    assert store.changes_after(0, 9) == [change]
    confirmation = Confirmation(text, b"", text, NOON, NOON, 0, approved=False, address=b"", sealed=SEALED)
    store.put_confirmation(confirmation)
    assert store.confirmations(text) == [confirmation]
    store.delete_session(text, text)
    assert store.sessions() == []


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
    store.insert_messages([message])
    assert store.message(str(message_id)) == stored(message)
    assert store.sent_before([uuid(1), str(message_id)]) == {str(message_id): stored(message)}


def test_numbers_are_stored_as_numbers(store: Store, database: RecordingDatabase) -> None:
    store.insert_messages([new(1)])
    (types,) = database.connection.execute(
        "SELECT typeof(seq), typeof(position), typeof(id), typeof(sent_at), typeof(epoch), typeof(sealed) FROM messages"
    )
    assert types == ("integer", "integer", "blob", "integer", "integer", "blob")


def test_a_messages_changes_come_back(store: Store) -> None:
    store.insert_messages([new(1), new(2)])
    message = stored(new(1))
    store.edit_message(message, OTHER, edited_at=NOON + 9, changed_seq=7)
    edited = replace(message, sealed=OTHER, edited_at=NOON + 9, changed_seq=7)
    assert store.message(uuid(1)) == edited
    store.set_reactions(message, SEALED, changed_seq=8)
    assert store.message(uuid(1)) == replace(edited, reactions=SEALED, changed_seq=8)
    store.erase_message(message, deleted_at=NOON + 10, changed_seq=9)
    assert store.message(uuid(1)) == replace(edited, sealed=None, deleted_at=NOON + 10, changed_seq=9)
    assert store.message(uuid(2)) == stored(new(2))
    assert store.message(uuid(3)) is None
    assert store.sent_before([]) == {}


def test_pages_go_both_ways_within_one_channel(store: Store) -> None:
    store.insert_messages([new(number, channel="ab"[number % 2]) for number in range(1, 9)])
    assert [message.seq for message in store.page_before("a", 8, 2)] == [6, 4]
    assert [message.seq for message in store.page_before("a", BIG, 9)] == [8, 6, 4, 2]
    assert [message.seq for message in store.page_after("b", 1, 2)] == [3, 5]
    assert store.page_after("c", 0, 9) == store.page_before("c", BIG, 9) == []


def test_where_a_channel_begins_and_ends(store: Store) -> None:
    assert (store.newest_message("general"), store.oldest_message("general")) == (None, None)
    store.insert_messages([new(2), new(5), new(9, author="boris")])
    assert store.newest_message("general") == Newest(9, 9, "boris")
    assert store.oldest_message("general") == Oldest(NOON + 2, 3, was_edited=False)
    assert [store.position_at("general", seq) for seq in (1, 2, 4, 5, 8, 9, BIG)] == [0, 2, 2, 5, 5, 9, 9]
    store.edit_message(stored(new(2)), OTHER, edited_at=NOON, changed_seq=10)
    assert store.oldest_message("general") == Oldest(NOON + 2, 4, was_edited=True)
    store.erase_message(stored(new(2)), deleted_at=NOON, changed_seq=11)
    assert store.oldest_message("general") == Oldest(NOON + 2, None, was_edited=True)


def test_changes_come_back_in_order_up_to_a_number(store: Store) -> None:
    changes = [Change(seq, NOON + seq, "general", "anna", SEALED) for seq in (3, 1, 2)]
    assert (store.newest_change(), store.oldest_change_at()) == (0, None)
    for change in changes:
        store.insert_change(change)
    assert store.changes_after(1, 1) == [changes[2]]
    assert [change.seq for change in store.changes_after(0, 9)] == [1, 2, 3]
    assert (store.newest_change(), store.oldest_change_at()) == (3, NOON + 1)
    assert store.purge_changes(NOON + 3, 1) == 1
    assert store.purge_changes(NOON + 3, 9) == 2
    assert store.purge_changes(NOON + 3, 9) == 0
    assert store.changes_after(0, 9) == [changes[0]]


@pytest.mark.parametrize("archived", [True, False])
@pytest.mark.parametrize("number", [None, 0, BIG])
def test_channels_come_back_oldest_first_and_are_replaced_whole(
    store: Store, archived: bool, number: int | None
) -> None:
    younger = ChannelRow("a", "anna", NOON + 1, archived, number, number or 0, number or 0, number, SEALED)
    older = replace(younger, id="b", created_at=NOON)
    store.put_channel(younger)
    store.put_channel(older)
    assert store.channels() == [older, younger]
    changed = replace(younger, archived=not archived, retention_days=7, sealed=OTHER)
    store.put_channel(changed)
    store.reseal_channel("b", OTHER)
    assert store.channels() == [replace(older, sealed=OTHER), changed]
    store.forget_channel("a")
    assert [channel.id for channel in store.channels()] == ["b"]


def test_members_come_back_and_one_name_is_one_present_members(store: Store) -> None:
    anna = MemberRow("anna", "member", NOON, None, SEALED)
    store.insert_member(anna, name_digest=b"a", joined_at=NOON)
    with pytest.raises(NotUnique):
        store.insert_member(replace(anna, id="other"), name_digest=b"a", joined_at=NOON)
    store.set_member_role("anna", "admin")
    store.set_member_seen("anna", NOON + 5)
    store.reseal_member("anna", OTHER)
    assert store.members() == [MemberRow("anna", "admin", NOON + 5, None, OTHER)]
    assert (store.member_named(b"a"), store.member_named(b"b")) == ("anna", None)


def test_a_removed_member_leaves_nothing_but_the_name(store: Store, database: RecordingDatabase) -> None:
    for member in ("anna", "boris"):
        store.insert_member(MemberRow(member, "admin", NOON, None, SEALED), name_digest=member.encode(), joined_at=NOON)
        store.insert_session(Session("s", member, "admin", NOON, NOON, NOON, SEALED), token_digest=member.encode())
        store.set_read_position(member, "general", 1, 1)
        store.insert_mentions([(member, "general", 2)])
        store.put_confirmation(
            Confirmation(f"of {member}", b"", member, NOON, NOON, 0, approved=False, address=b"", sealed=SEALED)
        )
    store.remove_member("anna", NOON + 1)
    for table in ("sessions", "read_positions", "mentions", "confirmations"):
        assert [row["member"] for row in database.rows(table)] == ["boris"], table
    assert store.members() == [
        MemberRow("anna", "member", NOON, NOON + 1, SEALED),
        MemberRow("boris", "admin", NOON, None, SEALED),
    ]
    assert store.member_named(b"anna") is None
    store.insert_member(MemberRow("new", "member", NOON, None, SEALED), name_digest=b"anna", joined_at=NOON)
    assert store.member_named(b"anna") == "new"


def test_sessions_come_back_by_token_and_oldest_first(store: Store) -> None:
    younger = Session("a", "anna", "member", NOON + 1, NOON, BIG, SEALED)
    older = Session("b", "anna", "admin", NOON, NOON, BIG, OTHER)
    other = Session("a", "boris", "member", NOON, NOON, BIG, SEALED)
    for number, session in enumerate((younger, older, other)):
        store.insert_session(session, token_digest=bytes([number]))
    assert [store.session(bytes([number])) for number in range(4)] == [younger, older, other, None]
    assert store.sessions_of("anna") == [older, younger]
    store.set_session_seen("anna", "a", NOON + 9)
    store.reseal_session(younger, OTHER)
    assert store.session(bytes([0])) == replace(younger, seen_at=NOON + 9, sealed=OTHER)
    assert store.session(bytes([2])) == other
    store.delete_session("anna", "a")
    assert len(store.sessions()) == 2


def test_reading_forgets_the_mentions_up_to_there(store: Store) -> None:
    store.insert_mentions(
        [("anna", "general", seq) for seq in (1, 2, 3)] + [("anna", "plans", 2), ("boris", "general", 1)]
    )
    store.set_read_position("anna", "general", 2, 2)
    assert store.read_positions("anna") == {"general": (2, 2)}
    assert store.mention_counts("anna") == {"general": 1, "plans": 1}
    assert store.mention_counts("boris") == {"general": 1}
    store.set_read_position("anna", "general", 3, 3)
    assert store.mention_counts("anna") == {"plans": 1}


def test_a_mention_is_noted_once_and_only_while_it_is_unread(store: Store) -> None:
    store.set_read_position("anna", "general", 5, 5)
    store.insert_mentions([("anna", "general", seq) for seq in (4, 5, 6, 6)] + [("boris", "general", 4)])
    store.insert_mentions([("anna", "general", 6)])
    assert (store.mention_counts("anna"), store.mention_counts("boris")) == ({"general": 1}, {"general": 1})


def test_credentials_come_back_by_role(store: Store) -> None:
    credential = Credential(b"salt", b"hash", b"")
    store.put_credential("member", Credential(b"", b"", b""))
    store.put_credential("member", credential)
    assert (store.credential("member"), store.credential("admin")) == (credential, None)
    store.delete_credential("member")
    assert store.credential("member") is None


def test_attempts_come_back_by_address(store: Store) -> None:
    counts = Attempts(BIG, NOON, BIG, 0)
    store.put_attempts(b"", counts)
    store.put_attempts(b"\x00", Attempts(1, 1, 1, 1))
    assert (store.attempts(b""), store.attempts(b"x")) == (counts, None)
    store.delete_attempts(b"")
    assert (store.attempts(b""), store.attempts(b"\x00")) == (None, Attempts(1, 1, 1, 1))


def test_a_challenge_is_used_once(store: Store) -> None:
    assert [store.use_challenge(digest, NOON) for digest in (b"a", b"b", b"a")] == [True, True, False]


@pytest.mark.parametrize("approved", [True, False])
def test_confirmations_come_back_oldest_first_and_are_replaced_whole(store: Store, approved: bool) -> None:
    younger = Confirmation("a", b"digest", "anna", NOON + 1, BIG, 4, approved, b"address", SEALED)
    older = replace(younger, id="b", created_at=NOON)
    other = replace(younger, id="c", member="boris", created_at=NOON - 1)
    for confirmation in (younger, older, other):
        store.put_confirmation(confirmation)
    assert store.confirmations("anna") == [older, younger]
    assert store.all_confirmations() == [other, older, younger]
    store.put_confirmation(replace(older, tries=5, approved=not approved))
    store.delete_confirmation("a")
    assert store.confirmations("anna") == [replace(older, tries=5, approved=not approved)]


def test_data_keys_come_back_oldest_first(store: Store) -> None:
    newer, older = DataKey(9, b"wrapped", NOON, BIG, "m"), DataKey(0, b"", NOON, 0, "")
    store.add_data_key(newer)
    store.add_data_key(older)
    assert store.data_keys() == [older, newer]
    store.rewrap_data_key(9, b"again", "n")
    store.reserve_seals(9, 7)
    assert store.data_keys() == [older, DataKey(9, b"again", NOON, 7, "n")]
    with pytest.raises(NotUnique):
        store.add_data_key(newer)
    store.delete_data_keys([])
    store.delete_data_keys([9, 10])
    assert store.data_keys() == [older]


def test_removed_messages_are_remembered_by_their_channel(store: Store) -> None:
    channel = ChannelRow(
        "general",
        "",
        NOON,
        archived=False,
        retention_days=None,
        purged_seq=0,
        purged_position=0,
        deleted_at=None,
        sealed=SEALED,
    )
    store.put_channel(channel)
    store.insert_messages([new(number, position=number * 10) for number in (1, 2, 3)] + [new(4, channel="plans")])
    store.insert_mentions([("anna", "general", 1), ("anna", "general", 3), ("anna", "plans", 4)])
    assert store.oldest_messages("general", 2) == [(1, 10, NOON + 1), (2, 20, NOON + 2)]
    store.delete_messages("general", 2, 20)
    assert store.channels() == [replace(channel, purged_seq=2, purged_position=20)]
    assert store.oldest_messages("general", 9) == [(3, 30, NOON + 3)]
    assert store.mention_counts("anna") == {"general": 1, "plans": 1}
    assert len(store.page_after("plans", 0, 9)) == 1
