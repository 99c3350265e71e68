"""chat/conversation.py: changes that arrive together, in order, stored before anybody hears of them."""

import asyncio
import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.changes import Outcome, Request
from chat.directory import GENERAL
from tests.chat.asking import delete, edit, react
from tests.rooms import ChatRoom, Person, events, make_room, parsed, refused, uuid
from wire.changes import CreateChannel, RemoveMember
from wire.profiles import UpdateRoom

# --- in order ---


async def test_every_kind_of_change_in_one_batch_takes_the_next_seq(room: ChatRoom, anna: Person, olga: Person) -> None:
    seq = room.state.directory.seq
    first = room.text("one", id=uuid(1))
    outcome = await room.commit(
        (anna, first),
        (anna, edit(uuid(1), "two")),
        (olga, react(uuid(1))),
        (anna, CreateChannel("c", "plans", "")),
        (anna, room.text("three")),
        (olga, UpdateRoom("u", {"retention_days": 7})),
        (anna, delete(uuid(1))),
    )
    assert [event["seq"] for event in events(outcome)] == list(range(seq + 1, seq + 8))
    assert [event["kind"] for event in events(outcome)] == [
        "message",
        "edit",
        "reaction",
        "channel",
        "message",
        "room",
        "delete",
    ]
    assert [parsed(answer)["seq"] for answer in outcome.answers] == list(range(seq + 1, seq + 8))


async def test_what_a_removed_member_sent_in_the_same_batch_is_refused(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    outcome = await room.commit(
        (anna, room.text("before")),
        (olga, RemoveMember("m", anna.id)),
        (anna, room.text("after")),
        (anna, CreateChannel("c", "plans", "")),
        (olga, room.text("goodbye")),
    )
    assert [parsed(answer).get("code") for answer in outcome.answers] == [None, None, "forbidden", "forbidden", None]
    assert await room.bodies() == ["before", "goodbye"]


# --- refusals concern one change only ---


async def test_a_refused_message_between_two_good_ones_takes_no_seq(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    outcome = await room.commit(
        (anna, room.text("one")), (anna, room.text("lost", "nowhere", id=uuid(7))), (anna, room.text("two"))
    )
    assert [parsed(answer).get("seq") for answer in outcome.answers] == [seq + 1, None, seq + 2]
    refusal = parsed(outcome.answers[1])
    assert refusal == {"type": "error", "ref": uuid(7), "code": "not_found", "detail": "There is no such channel."}
    assert await room.bodies() == ["one", "two"]


async def test_a_refused_change_between_two_good_ones_takes_no_seq(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    outcome = await room.commit((anna, room.text("one")), (anna, delete(uuid(999))), (anna, room.text("two")))
    assert [parsed(answer).get("seq") for answer in outcome.answers] == [seq + 1, None, seq + 2]
    assert refused(parsed(outcome.answers[1])) == "not_found"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["good", "lost", "again", "alien", "reply", "edit", "bad edit", "react"]), max_size=12))
def test_a_batch_leads_to_what_its_changes_lead_to_one_by_one(kinds: list[str]) -> None:
    async def play(*, together: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
        room = await make_room()
        anna, boris = await room.join("Anna"), await room.join("Boris")
        await room.say(anna, "first", id=uuid(1_000))
        changes: list[tuple[Person, Any]] = []
        for number, kind in enumerate(kinds):
            changes.append(
                {
                    "good": (anna, room.text(f"{number}", id=uuid(number))),
                    "lost": (anna, room.text("x", "nowhere")),
                    "again": (anna, room.text("again", id=uuid(0))),
                    "alien": (boris, room.text("alien", id=uuid(0))),
                    "reply": (boris, room.text("reply", id=uuid(number), reply_to=uuid(0))),
                    "edit": (anna, edit(uuid(1_000), f"edited {number}")),
                    "bad edit": (boris, edit(uuid(1_000), "x")),
                    "react": (boris, react(uuid(1_000), on=bool(number % 2))),
                }[kind]
            )
        outcomes = [await room.commit(*changes)] if together else [await room.commit(change) for change in changes]
        answers = [parsed(answer) for outcome in outcomes for answer in outcome.answers]
        # Ids of members are random, so authors are told apart by name.
        names = {anna.id: "Anna", boris.id: "Boris"}
        happened = [event for outcome in outcomes for event in events(outcome)]
        for event in happened:
            event |= {key: names[event[key]] for key in ("author", "by") if key in event}
        return answers, happened, await room.bodies()

    assert asyncio.run(play(together=True)) == asyncio.run(play(together=False))


# --- stored before sent ---


@pytest.mark.parametrize("statement", ["INSERT INTO messages", "INSERT OR IGNORE INTO activity"])
async def test_a_failing_insert_acknowledges_nothing_tells_nothing_and_takes_no_seq(
    room: ChatRoom, anna: Person, boris: Person, statement: str
) -> None:
    seq, before = room.state.directory.seq, room.database.rows("messages")
    requests = [Request(anna.author, room.text(body, mentions=[boris.id]), "new") for body in ("one", "two")]
    room.database.fail_at = statement
    outcome = await room.state.conversation.commit(requests, now_ms=room.now_ms)
    assert isinstance(outcome.failure, sqlite3.OperationalError)
    assert outcome == Outcome(["", ""], failure=outcome.failure)
    assert room.state.directory.seq == seq
    assert room.database.rows("messages") == before

    room.database.fail_at = None
    assert (await room.say(anna, "three"))["seq"] == seq + 1
    assert await room.bodies() == ["three"]


@pytest.mark.parametrize("statement", ["INSERT INTO changes", "UPDATE messages"])
async def test_a_failing_edit_leaves_text_event_and_seq_as_they_were(
    room: ChatRoom, anna: Person, statement: str
) -> None:
    await room.say(anna, "old", id=uuid(1))
    seq = room.state.directory.seq
    changes = room.database.count("changes")
    room.database.fail_at = statement
    requests = [Request(anna.author, edit(uuid(1), "new"), "")]
    outcome = await room.state.conversation.commit(requests, now_ms=room.now_ms)
    room.database.fail_at = None
    assert isinstance(outcome.failure, sqlite3.OperationalError)
    assert outcome == Outcome([""], failure=outcome.failure)
    assert room.state.directory.seq == seq
    assert room.database.count("changes") == changes
    assert await room.bodies() == ["old"]


async def test_a_failing_channel_creation_leaves_no_channel_behind(room: ChatRoom, anna: Person) -> None:
    room.database.fail_at = "INSERT OR REPLACE INTO channels"
    with pytest.raises(sqlite3.OperationalError):
        await room.commit((anna, CreateChannel("c", "plans", "")))
    room.database.fail_at = None
    assert [channel.name for channel in room.state.directory.present_channels()] == [GENERAL]
    await room.create_channel(anna, "plans")


async def test_what_was_committed_before_a_failure_in_the_same_batch_stands(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    requests = [
        Request(anna.author, room.text("kept"), ""),
        Request(anna.author, CreateChannel("c", "plans", ""), "new"),
    ]
    room.database.fail_at = "INSERT OR REPLACE INTO channels"
    outcome = await room.state.conversation.commit(requests, now_ms=room.now_ms)
    assert isinstance(outcome.failure, sqlite3.OperationalError)
    assert parsed(outcome.answers[0])["seq"] == seq + 1
    assert outcome.answers[1] == ""
    assert [event["body"] for event in events(outcome)] == ["kept"]


async def test_a_room_that_could_not_store_commits_again_afterwards(room: ChatRoom, anna: Person) -> None:
    room.database.fail_at = "INSERT"
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError):
            await room.say(anna, "lost")
    room.database.fail_at = None
    await room.say(anna, "kept")
    assert await room.bodies() == ["kept"]
