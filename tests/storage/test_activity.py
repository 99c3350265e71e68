"""storage/activity.py: what goes in comes out, and what is read is bounded."""

import pytest

from limits import MAX_ACTIVITY, MAX_SAFE_INTEGER
from storage.activity import ANSWER, MENTION, REACTION, Note
from storage.schema import MIGRATIONS, migrate
from storage.store import Store
from tests.rooms import SqliteDatabase
from tests.storage.samples import NASTY, RecordingDatabase


def mention(member: str, channel: str, seq: int, *, kind: str = MENTION, at: int | None = None) -> Note:
    return Note(member, kind, seq if at is None else at, channel, seq)


def everything(store: Store, member: str) -> list[Note]:
    return store.activity.page(member, MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)


def test_what_is_read_stays_and_counts_no_longer(store: Store) -> None:
    store.activity.insert(
        [mention("anna", "general", 1), mention("anna", "general", 2, kind=ANSWER), mention("anna", "general", 3)]
    )
    store.activity.insert([mention("anna", "plans", 2), mention("boris", "general", 1)])
    assert store.activity.read_up_to("anna", "general", 2) is True
    assert store.activity.read_up_to("anna", "general", 2) is False
    assert store.activity.mention_counts("anna") == {"general": 1, "plans": 1}
    assert store.activity.mention_counts("boris") == {"general": 1}
    assert (store.activity.newest_mention("anna", "general"), store.activity.newest_mention("anna", "none")) == (3, 0)
    assert [(note.seq, note.unread) for note in everything(store, "anna") if note.channel == "general"] == [
        (3, True),
        (2, False),
        (1, False),
    ]


def test_what_somebody_has_read_before_it_is_noted_does_not_count(store: Store) -> None:
    store.reading.set_position("anna", "general", 5, 5)
    store.activity.insert([mention("anna", "general", seq) for seq in (4, 5, 6, 6)] + [mention("boris", "general", 4)])
    store.activity.insert([mention("anna", "general", 6)])
    assert (store.activity.mention_counts("anna"), store.activity.mention_counts("boris")) == (
        {"general": 1},
        {"general": 1},
    )


def test_new_is_what_is_unread_and_reactions_since_it_was_seen_last(store: Store) -> None:
    store.activity.insert(mention("anna", "general", seq) for seq in (1, 2, 3))
    for seq in (4, 5):
        store.activity.put_reaction(Note("anna", REACTION, seq, "general", seq), None)
    store.activity.read_up_to("anna", "general", 2)
    assert sorted(store.activity.unseen("anna", 0)) == [("general", 3), ("general", 4), ("general", 5)]
    assert store.activity.unseen("anna", 4) == [("general", 5)]
    assert (store.activity.newest_at("anna", 4), store.activity.newest_at("anna", 9)) == (4, 5)
    store.activity.set_seen("anna", 4)
    assert (store.activity.seen_at("anna"), store.activity.seen_at("boris")) == (4, 0)


def test_a_message_has_one_note_of_reactions_which_moves(store: Store) -> None:
    store.activity.put_reaction(Note("anna", REACTION, 7, "general", 1), None)
    assert store.activity.reaction_at("anna", "general", 1, sent_at=1) == 7
    assert store.activity.reaction_at("anna", "general", 2, sent_at=1) is None
    store.activity.put_reaction(Note("anna", REACTION, 9, "general", 1), 7)
    assert everything(store, "anna") == [Note("anna", REACTION, 9, "general", 1, unread=False)]


def test_what_is_noted_of_a_message_goes_for_those_who_are_named(store: Store) -> None:
    store.activity.insert(mention(member, "general", seq) for member in ("anna", "boris", "clara") for seq in (1, 2))
    store.activity.put_reaction(Note("dora", REACTION, 4, "general", 1), None)
    assert store.activity.noted_in("general", 1) == {"anna", "boris", "clara"}
    assert store.activity.delete(["anna", "boris", "dora", "emil"], "general", 1, sent_at=1) == {
        "anna",
        "boris",
        "dora",
    }
    assert store.activity.noted_in("general", 1) == {"clara"}
    assert store.activity.delete([], "general", 2, sent_at=1) == set()
    assert store.activity.noted_in("general", 2) == {"anna", "boris", "clara"}


def test_a_page_begins_before_a_time_and_has_so_many(store: Store) -> None:
    store.activity.insert(mention("anna", "general", seq) for seq in range(1, 8))
    assert [note.seq for note in store.activity.page("anna", 6, 3)] == [5, 4, 3]
    assert [note.seq for note in store.activity.page("anna", 3, 3)] == [2, 1]


@pytest.mark.parametrize("more", [0, 1, 2])
def test_the_newest_of_a_member_are_kept_and_whatever_is_unread(store: Store, more: int) -> None:
    store.activity.insert(mention("boris", "general", seq) for seq in range(1, 4))
    store.activity.insert(mention("anna", "general", seq) for seq in range(1, MAX_ACTIVITY + more))
    store.activity.read_up_to("anna", "general", MAX_ACTIVITY + more - 2)
    store.activity.insert([mention("anna", "plans", 1, at=0)])
    store.activity.delete_oldest()
    kept = everything(store, "anna")
    assert len(kept) == min(MAX_ACTIVITY + more, MAX_ACTIVITY + 1)
    assert (kept[-1].channel, kept[-1].unread, len(everything(store, "boris"))) == ("plans", True, 3)
    assert kept[0].seq == MAX_ACTIVITY + more - 1


def test_nothing_to_note_needs_no_statement(store: Store, database: RecordingDatabase) -> None:
    store.activity.insert([])
    store.activity.delete([], "general", 1, sent_at=0)
    assert database.bound == []


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    store.activity.insert([mention(text, text, 1)])
    assert store.activity.mention_counts(text) == {text: 1}
    store.activity.delete([text], text, 1, sent_at=0)
    assert store.activity.mention_counts(text) == {}


def test_unread_mentions_of_before_are_kept_each_at_a_time_of_its_own() -> None:
    database = SqliteDatabase()
    before = next(number for number, statements in enumerate(MIGRATIONS) if "TABLE activity" in statements[0])
    migrate(database, MIGRATIONS[:before])
    for seq, sent_at in ((3, 50), (4, 50), (5, 50), (9, 51)):
        database.execute(
            "INSERT INTO messages (channel, seq, position, id, author, sent_at, changed_seq)"
            " VALUES ('general', ?, ?, ?, 'boris', ?, ?)", seq, seq, seq.to_bytes(), sent_at, seq,
        )  # fmt: skip
        for member in ("anna", "clara"):
            database.execute("INSERT INTO mentions VALUES (?, 'general', ?)", member, seq)
    database.execute("INSERT INTO mentions VALUES ('anna', 'general', 7)")
    migrate(database)
    store = Store(database)
    assert store.activity.mention_counts("anna") == {"general": 4}
    assert [(note.kind, note.at, note.seq) for note in everything(store, "clara")] == [
        (MENTION, 54, 9),
        (MENTION, 52, 5),
        (MENTION, 51, 4),
        (MENTION, 50, 3),
    ]
    assert "mentions" not in database.tables()
