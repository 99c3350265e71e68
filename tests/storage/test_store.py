"""storage/store.py: what concerns several tables."""

from dataclasses import replace

import pytest

from storage.activity import MENTION, Note
from storage.confirmations import Confirmation
from storage.members import MemberRow
from storage.positions import Place
from storage.sessions import Session
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import SEALED, RecordingDatabase, new, plain_channel


def test_a_transaction_keeps_all_or_nothing(store: Store, database: RecordingDatabase) -> None:
    def work() -> None:
        store.messages.insert([new(1)])
        store.facts.put("x", 1)
        raise ValueError("midway")

    before = database.dump()
    with pytest.raises(ValueError, match="midway"):
        store.transaction(work)
    assert database.dump() == before
    assert store.transaction(lambda: store.challenges.use(b"digest", NOON)) is True
    assert database.count("used_challenges") == 1


def test_a_removed_member_leaves_nothing_but_the_name(store: Store, database: RecordingDatabase) -> None:
    for member in ("anna", "boris"):
        store.members.insert(
            MemberRow(member, "admin", NOON, None, SEALED, joined_at=NOON), name_digest=member.encode()
        )
        store.sessions.insert(Session("s", member, "admin", NOON, NOON, NOON, SEALED), token_digest=member.encode())
        store.reading.set_position(member, "general", 1, 1)
        store.activity.insert([Note(member, MENTION, NOON, "general", 2)])
        store.activity.set_seen(member, NOON)
        store.confirmations.put(
            Confirmation(f"of {member}", b"", member, NOON, NOON, 0, approved=False, address=b"", sealed=SEALED)
        )
    store.remove_member("anna", NOON + 1)
    for table in ("sessions", "read_positions", "activity", "activity_seen", "confirmations"):
        assert [row["member"] for row in database.rows(table)] == ["boris"], table
    assert store.members.all() == [
        MemberRow("anna", "member", NOON, NOON + 1, SEALED, joined_at=NOON, went="left"),
        MemberRow("boris", "admin", NOON, None, SEALED, joined_at=NOON),
    ]
    assert store.members.named(b"anna") is None
    store.members.insert(MemberRow("new", "member", NOON, None, SEALED, joined_at=NOON), name_digest=b"anna")
    assert store.members.named(b"anna") == "new"


def test_removed_messages_are_remembered_by_their_channel(store: Store) -> None:
    channel = plain_channel("general")
    store.channels.put(channel)
    store.messages.insert([new(number, position=number * 10) for number in (1, 2, 3)] + [new(4, channel="plans")])
    store.activity.insert(
        Note("anna", MENTION, NOON + seq, channel, seq)
        for channel, seq in (("general", 1), ("general", 3), ("plans", 4))
    )
    assert store.positions.first("general", 2) == [Place(1, 10, NOON + 1, ()), Place(2, 20, NOON + 2, ())]
    store.delete_messages("general", 2, 20)
    assert store.channels.all() == [replace(channel, purged_seq=2, purged_position=20)]
    assert store.positions.first("general", 9) == [Place(3, 30, NOON + 3, ())]
    assert store.activity.mention_counts("anna") == {"general": 1, "plans": 1}
    assert len(store.messages.page_after("plans", 0, 9)) == 1
