"""chat/conversation.py: what people change, checked, sealed, numbered, stored and told."""

import asyncio
import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.conversation import ANSWERED, Outcome, Request, message_header
from chat.directory import GENERAL
from encoding import compact_json
from errors import Misconfigured
from limits import MAX_CHANNELS, MAX_EMOJIS, MAX_REACTIONS
from sealing.keyring import Header
from tests.rooms import (
    DAY,
    HOUR,
    ChatRoom,
    Person,
    SqliteDatabase,
    accepted,
    events,
    make_room,
    parsed,
    refused,
    uuid,
)
from wire.changes import (
    Change,
    CreateChannel,
    Delete,
    DeleteChannel,
    Edit,
    React,
    RemoveMember,
    UpdateChannel,
    UpdateRoom,
)
from wire.reading import parse

THUMB = "👍"
HEART = "❤️"


def edit(message: str, body: str, *mentions: str) -> Edit:
    return Edit("e", message, body, mentions)


def delete(message: str) -> Delete:
    return Delete("d", message)


def react(message: str, emoji: str = THUMB, *, on: bool = True) -> React:
    return React("r", message, emoji, on)


def update(channel: str, **changes: Any) -> UpdateChannel:
    return UpdateChannel("u", channel, changes)


# --- posting ---


async def test_a_message_is_acknowledged_with_its_place_and_told_with_its_text(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    outcome = await room.commit((anna, room.text("hello", id=uuid(1))))
    assert [parsed(answer) for answer in outcome.answers] == [
        {"type": "ack", "ref": uuid(1), "seq": seq + 1, "sent_at": room.now_ms}
    ]
    assert events(outcome) == [
        {
            "seq": seq + 1,
            "kind": "message",
            "id": uuid(1),
            "channel": GENERAL,
            "author": anna.id,
            "sent_at": room.now_ms,
            "body": "hello",
        }
    ]
    assert outcome.removed_members == []
    assert outcome.clean_up_is_due is False


async def test_messages_that_arrive_together_keep_their_order(room: ChatRoom, anna: Person, boris: Person) -> None:
    seq = room.state.directory.seq
    outcome = await room.commit(*[(person, room.text(f"{n}")) for n, person in enumerate([anna, boris, boris, anna])])
    assert [parsed(answer)["seq"] for answer in outcome.answers] == [seq + 1, seq + 2, seq + 3, seq + 4]
    assert [(event["seq"], event["body"], event["author"]) for event in events(outcome)] == [
        (seq + 1, "0", anna.id),
        (seq + 2, "1", boris.id),
        (seq + 3, "2", boris.id),
        (seq + 4, "3", anna.id),
    ]
    assert await room.bodies() == ["0", "1", "2", "3"]


async def test_every_kind_of_change_in_one_batch_takes_the_next_seq(room: ChatRoom, anna: Person, olga: Person) -> None:
    seq = room.state.directory.seq
    first = room.text("one", id=uuid(1))
    outcome = await room.commit(
        (anna, first),
        (anna, edit(uuid(1), "two")),
        (olga, react(uuid(1))),
        (anna, CreateChannel("c", "plans", "")),
        (anna, room.text("three")),
        (olga, UpdateRoom("u", 7)),
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


async def test_messages_posted_at_the_same_moment_from_two_tasks_get_different_places(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    acks = await asyncio.gather(*[room.say(person, "x") for person in [anna, boris] * 10])
    assert sorted(ack["seq"] for ack in acks) == list(range(seq + 1, seq + 21))
    assert len(await room.bodies()) == 20


async def test_channels_have_one_common_order(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    seqs = [(await room.say(anna, "x", channel))["seq"] for channel in (GENERAL, plans, GENERAL)]
    assert seqs == [seqs[0], seqs[0] + 1, seqs[0] + 2]


async def test_the_text_is_stored_sealed_only(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "Wilhelmina")
    assert "Wilhelmina" not in room.database.dump()
    assert b"Wilhelmina".hex().upper() not in room.database.dump().upper()
    assert any("Wilhelmina" in text for text in await room.plaintexts())


@pytest.mark.parametrize("body", ["'; DROP TABLE messages; --", '"', "%_\\", "\0 \x1b", "🧑‍🚀 é ‮", "]]>", "a" * 4_000])
async def test_any_text_comes_back_as_it_was_sent(room: ChatRoom, anna: Person, body: str) -> None:
    await room.say(anna, body)
    assert await room.bodies() == [body]


# --- exactly once ---


async def test_a_repetition_gets_the_first_answer_and_no_second_copy(room: ChatRoom, anna: Person) -> None:
    message = room.text("once")
    first = await room.ask(anna, message)
    room.later(HOUR)
    outcome = await room.commit((anna, message))
    assert parsed(outcome.answers[0]) == first
    assert outcome.events == []
    assert await room.bodies() == ["once"]


async def test_a_repetition_in_the_same_batch_gets_the_same_answer(room: ChatRoom, anna: Person) -> None:
    message = room.text("once")
    outcome = await room.commit((anna, message), (anna, room.text("other")), (anna, message))
    assert outcome.answers[0] == outcome.answers[2]
    assert [event["body"] for event in events(outcome)] == ["once", "other"]


async def test_a_repetition_24_hours_and_a_sleep_later_gets_the_first_answer(room: ChatRoom, anna: Person) -> None:
    message = room.text("once")
    first = await room.ask(anna, message)
    room.later(DAY)
    await room.wake()
    assert await room.ask(anna, message) == first
    assert await room.bodies() == ["once"]


async def test_a_repetition_with_another_text_changes_nothing(room: ChatRoom, anna: Person) -> None:
    first = await room.ask(anna, room.text("first", id=uuid(1)))
    assert await room.ask(anna, room.text("second", id=uuid(1))) == first
    assert await room.bodies() == ["first"]


async def test_a_repetition_after_the_deletion_brings_nothing_back(room: ChatRoom, anna: Person) -> None:
    message = room.text("gone", id=uuid(1))
    first = await room.ask(anna, message)
    await room.ask(anna, delete(uuid(1)))
    assert await room.ask(anna, message) == first
    assert not any("gone" in text for text in await room.plaintexts())


async def test_a_repetition_is_answered_although_the_channel_is_archived_by_now(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    message = room.text("x", plans)
    first = await room.ask(anna, message)
    await room.ask(anna, update(plans, archived=True))
    assert await room.ask(anna, message) == first


async def test_another_authors_id_is_forbidden(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "hers", id=uuid(1))
    assert refused(await room.ask(boris, room.text("his", id=uuid(1)))) == "forbidden"
    assert await room.bodies() == ["hers"]


async def test_another_authors_id_in_the_same_batch_is_forbidden_to_that_one_only(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    hers, his = room.text("hers", id=uuid(1)), room.text("his", id=uuid(1))
    outcome = await room.commit((anna, hers), (boris, his), (anna, hers))
    assert refused(parsed(outcome.answers[1])) == "forbidden"
    assert accepted(parsed(outcome.answers[0]))["ref"] == uuid(1)
    assert outcome.answers[2] == outcome.answers[0]
    assert [event["body"] for event in events(outcome)] == ["hers"]


async def test_an_id_that_was_refused_may_be_used_again_in_the_same_batch(room: ChatRoom, anna: Person) -> None:
    lost, good = room.text("x", "nowhere", id=uuid(1)), room.text("x", id=uuid(1))
    outcome = await room.commit((anna, lost), (anna, good), (anna, good))
    assert refused(parsed(outcome.answers[0])) == "not_found"
    assert accepted(parsed(outcome.answers[1])) == accepted(parsed(outcome.answers[2]))
    assert len(outcome.events) == 1


async def test_what_is_refused_beside_a_repetition_may_be_good_when_that_is_known(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    """Hers answers a message of another channel, so his may have the id: which shows when Z is known to be stored."""
    plans = await room.create_channel(anna, "plans")
    repeated = room.text("Z", plans, id=uuid(1))
    await room.ask(anna, repeated)
    outcome = await room.commit(
        (anna, room.text("Z", id=uuid(1))),
        (anna, room.text("hers", id=uuid(2), reply_to=uuid(1))),
        (boris, room.text("his", id=uuid(2))),
    )
    assert [event["body"] for event in events(outcome)] == ["his"]
    assert refused(parsed(outcome.answers[1])) == "not_found"
    assert accepted(parsed(outcome.answers[2]))["seq"] == events(outcome)[0]["seq"]


# --- whoever takes the event for the answer ---


async def test_a_new_message_is_answered_by_its_event_alone(room: ChatRoom, anna: Person) -> None:
    message = room.text("new", id=uuid(1))
    outcome = await room.commit((anna, message), (anna, room.text("next")), (anna, message), wants_acks=False)
    assert outcome.answers == [None, None, None]
    told = events(outcome)
    assert [event["body"] for event in told] == ["new", "next"]
    assert await room.ask(anna, message) == {
        "type": "ack",
        "ref": uuid(1),
        "seq": told[0]["seq"],
        "sent_at": told[0]["sent_at"],
    }


async def test_what_has_no_event_of_its_own_is_answered_all_the_same(room: ChatRoom, anna: Person) -> None:
    message = room.text("once", id=uuid(1))
    first = await room.ask(anna, message)
    outcome = await room.commit(
        (anna, message), (anna, room.text("lost", "nowhere")), (anna, delete(uuid(1))), wants_acks=False
    )
    repeated, lost, deleted = (parsed(answer) for answer in outcome.answers)
    assert repeated == first
    assert refused(lost) == "not_found"
    assert accepted(deleted)["seq"] == first["seq"] + 1


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


# --- stored before told ---


@pytest.mark.parametrize("statement", ["INSERT INTO messages", "INSERT OR IGNORE INTO mentions"])
async def test_a_failing_insert_acknowledges_nothing_tells_nothing_and_takes_no_seq(
    room: ChatRoom, anna: Person, boris: Person, statement: str
) -> None:
    seq, before = room.state.directory.seq, room.database.rows("messages")
    outcome = Outcome(["", ""])
    requests = [Request(anna.author, room.text(body, mentions=[boris.id]), "new") for body in ("one", "two")]
    room.database.fail_at = statement
    with pytest.raises(sqlite3.OperationalError):
        await room.state.conversation.commit(requests, outcome, now_ms=room.now_ms)
    assert outcome == Outcome(["", ""])
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
    outcome = Outcome([""])
    with pytest.raises(sqlite3.OperationalError):
        await room.state.conversation.commit(
            [Request(anna.author, edit(uuid(1), "new"), "")], outcome, now_ms=room.now_ms
        )
    room.database.fail_at = None
    assert outcome == Outcome([""])
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
    outcome = Outcome(["", ""])
    requests = [
        Request(anna.author, room.text("kept"), ""),
        Request(anna.author, CreateChannel("c", "plans", ""), "new"),
    ]
    room.database.fail_at = "INSERT OR REPLACE INTO channels"
    with pytest.raises(sqlite3.OperationalError):
        await room.state.conversation.commit(requests, outcome, now_ms=room.now_ms)
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


async def test_a_message_costs_one_statement_however_many_arrive_together(room: ChatRoom, anna: Person) -> None:
    before = room.database.connection.total_changes
    await room.commit(*[(anna, room.text("x")) for _ in range(50)])
    assert room.database.count("messages") == 50
    assert room.database.connection.total_changes - before == 50


# --- replies and mentions ---


async def test_a_reply_names_what_it_answers(room: ChatRoom, anna: Person, boris: Person) -> None:
    question = await room.say(anna, "why?", id=uuid(1))
    (event,) = events(await room.commit((boris, room.text("because", reply_to=uuid(1)))))
    assert (event["reply_to"], event["reply_seq"]) == (uuid(1), question["seq"])
    assert "mentions" not in event


@pytest.mark.parametrize("target", ["nothing", "other channel"])
async def test_a_reply_to_what_is_not_in_this_channel_is_refused(room: ChatRoom, anna: Person, target: str) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "elsewhere", plans, id=uuid(1))
    answered = uuid(1) if target == "other channel" else uuid(999)
    assert refused(await room.ask(anna, room.text("x", reply_to=answered))) == "not_found"
    assert await room.bodies() == []


async def test_a_reply_to_a_deleted_message_is_a_reply(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "gone", id=uuid(1))
    await room.ask(anna, delete(uuid(1)))
    await room.say(anna, "x", reply_to=uuid(1))


async def test_a_reply_to_a_message_of_the_same_batch_is_a_reply(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "before")
    seq = room.state.directory.seq
    outcome = await room.commit(
        (anna, room.text("lost", "nowhere")),
        (anna, room.text("why?", id=uuid(101))),
        (boris, room.text("because", id=uuid(102), reply_to=uuid(101))),
        (anna, room.text("ah", id=uuid(103), reply_to=uuid(102))),
    )
    assert [event.get("reply_seq") for event in events(outcome)] == [None, seq + 1, seq + 2]
    assert [message.get("reply_seq") for message in (await room.history())["messages"][1:]] == [None, seq + 1, seq + 2]
    assert (await room.channel_of(boris))["mentions"] == 1


async def test_a_reply_to_a_message_of_the_same_batch_in_another_channel_is_refused(
    room: ChatRoom, anna: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    outcome = await room.commit((anna, room.text("x", plans, id=uuid(1))), (anna, room.text("y", reply_to=uuid(1))))
    assert refused(parsed(outcome.answers[1])) == "not_found"


async def test_only_members_who_are_here_are_mentioned(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await room.ask(olga, RemoveMember("m", boris.id))
    (event,) = events(await room.commit((anna, room.text("x", mentions=["nobody", boris.id, olga.id]))))
    assert event["mentions"] == [olga.id]
    (event,) = events(await room.commit((anna, room.text("x", mentions=["nobody", boris.id]))))
    assert "mentions" not in event


async def test_nobody_is_notified_of_a_mention_of_oneself(room: ChatRoom, anna: Person) -> None:
    (event,) = events(await room.commit((anna, room.text("x", mentions=[anna.id]))))
    assert event["mentions"] == [anna.id]
    assert room.database.rows("mentions") == []


async def test_a_mention_and_an_answer_to_the_same_member_count_once(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(boris, "why?", id=uuid(1))
    await room.say(anna, "because", reply_to=uuid(1), mentions=[boris.id])
    assert (await room.channel_of(boris))["mentions"] == 1


# --- editing ---


async def test_an_edit_replaces_the_text_and_tells_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    sent = await room.say(anna, "old", id=uuid(1))
    room.later(HOUR)
    outcome = await room.commit((anna, edit(uuid(1), "new", boris.id)))
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "e", "seq": sent["seq"] + 1}
    assert events(outcome) == [
        {
            "seq": sent["seq"] + 1,
            "kind": "edit",
            "id": uuid(1),
            "channel": GENERAL,
            "edited_at": room.now_ms,
            "by": anna.id,
            "body": "new",
            "mentions": [boris.id],
        }
    ]
    (message,) = (await room.history())["messages"]
    assert message == {
        "seq": sent["seq"],
        "id": uuid(1),
        "channel": GENERAL,
        "author": anna.id,
        "sent_at": sent["sent_at"],
        "body": "new",
        "mentions": [boris.id],
        "edited_at": room.now_ms,
    }


async def test_the_former_text_of_an_edited_message_is_nowhere_any_more(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "embarrassing", id=uuid(1))
    await room.ask(anna, edit(uuid(1), "polite"))
    assert not any("embarrassing" in text for text in await room.plaintexts())


async def test_an_edit_keeps_what_the_message_answers(room: ChatRoom, anna: Person) -> None:
    question = await room.say(anna, "why?", id=uuid(1))
    await room.say(anna, "because", id=uuid(2), reply_to=uuid(1))
    await room.ask(anna, edit(uuid(2), "therefore"))
    answer = (await room.history())["messages"][1]
    assert (answer["body"], answer["reply_to"], answer["reply_seq"]) == ("therefore", uuid(1), question["seq"])


@pytest.mark.parametrize("who", ["a member", "an admin"])
async def test_nobody_but_the_author_edits_a_message(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, who: str
) -> None:
    await room.say(anna, "hers", id=uuid(1))
    assert refused(await room.ask(olga if who == "an admin" else boris, edit(uuid(1), "x"))) == "forbidden"
    assert await room.bodies() == ["hers"]


async def test_what_is_not_there_is_not_edited(room: ChatRoom, anna: Person) -> None:
    assert refused(await room.ask(anna, edit(uuid(9), "x"))) == "not_found"
    await room.say(anna, "gone", id=uuid(1))
    await room.ask(anna, delete(uuid(1)))
    assert refused(await room.ask(anna, edit(uuid(1), "x"))) == "not_found"


async def test_a_mention_added_by_an_edit_counts_and_one_taken_out_does_not(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await room.say(anna, "x", id=uuid(1), mentions=[boris.id])
    await room.ask(anna, edit(uuid(1), "x", olga.id))
    assert (await room.channel_of(boris))["mentions"] == 0
    assert (await room.channel_of(olga))["mentions"] == 1


async def test_an_edit_of_what_somebody_has_read_notifies_nobody(room: ChatRoom, anna: Person, boris: Person) -> None:
    first = await room.say(anna, "x", id=uuid(1))
    await room.receive(await room.connect(boris), {"type": "read", "channel": GENERAL, "seq": first["seq"]})
    await room.ask(anna, edit(uuid(1), "x", boris.id))
    await room.say(anna, "another")
    assert (await room.channel_of(boris)) | {"unread": 1, "mentions": 0} == await room.channel_of(boris)


async def test_an_answer_stays_an_answer_when_it_is_edited(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "why?", id=uuid(1))
    await room.say(anna, "because", id=uuid(2), reply_to=uuid(1))
    await room.ask(anna, edit(uuid(2), "therefore"))
    assert (await room.channel_of(boris))["mentions"] == 1


# --- deleting ---


async def test_an_author_deletes_a_message_and_everybody_is_told(room: ChatRoom, anna: Person) -> None:
    sent = await room.say(anna, "gone", id=uuid(1))
    room.later(HOUR)
    outcome = await room.commit((anna, delete(uuid(1))))
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "d", "seq": sent["seq"] + 1}
    assert events(outcome) == [
        {
            "seq": sent["seq"] + 1,
            "kind": "delete",
            "id": uuid(1),
            "channel": GENERAL,
            "by": anna.id,
            "at": room.now_ms,
        }
    ]
    assert (await room.history())["messages"] == [
        {"seq": sent["seq"], "id": uuid(1), "channel": GENERAL, "deleted_at": room.now_ms}
    ]


async def test_an_admin_deletes_anybodys_message(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "gone", id=uuid(1))
    (event,) = events(await room.commit((olga, delete(uuid(1)))))
    assert event["by"] == olga.id
    assert await room.bodies() == [""]


async def test_a_member_deletes_nobody_elses_message(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "hers", id=uuid(1))
    assert refused(await room.ask(boris, delete(uuid(1)))) == "forbidden"
    assert await room.bodies() == ["hers"]


async def test_a_repeated_deletion_gets_the_first_answer(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "gone", id=uuid(1))
    first = await room.ask(anna, delete(uuid(1)))
    room.later(HOUR)
    await room.wake()
    for person in (anna, olga):
        outcome = await room.commit((person, delete(uuid(1))))
        assert parsed(outcome.answers[0]) == first
        assert outcome.events == []


async def test_what_was_never_there_is_not_deleted(room: ChatRoom, anna: Person) -> None:
    assert refused(await room.ask(anna, delete(uuid(9)))) == "not_found"


async def test_erased_texts_are_nowhere_in_the_database(room: ChatRoom, anna: Person, boris: Person) -> None:
    for number, body in enumerate(["Wilhelmina", "Leopoldine"]):
        await room.say(anna, body, id=uuid(number), mentions=[boris.id])
        await room.ask(anna, edit(uuid(number), f"{body} the second", boris.id))
        await room.ask(boris, react(uuid(number)))
    await room.ask(anna, delete(uuid(0)))
    texts = await room.plaintexts()
    assert not any("Wilhelmina" in text for text in texts)
    assert [text for text in texts if "Leopoldine" in text] == [
        json.dumps({"body": "Leopoldine the second", "mentions": [boris.id]}, separators=(",", ":"))
    ]
    (erased,) = [row for row in room.database.rows("messages") if row["deleted_at"] is not None]
    assert erased["sealed"] is erased["reactions"] is erased["epoch"] is erased["reactions_epoch"] is None


async def test_a_deleted_message_mentions_nobody_any_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "why?", id=uuid(1))
    await room.say(anna, "because", id=uuid(2), reply_to=uuid(1))
    await room.say(anna, "x", id=uuid(3), mentions=[boris.id])
    assert (await room.channel_of(boris))["mentions"] == 2
    await room.ask(anna, delete(uuid(2)))
    await room.ask(anna, delete(uuid(3)))
    await room.say(anna, "still unread")
    assert (await room.channel_of(boris))["mentions"] == 0


async def test_a_mention_that_an_edit_took_out_is_gone_after_the_deletion_too(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(anna, "x", id=uuid(1), mentions=[boris.id])
    await room.ask(anna, edit(uuid(1), "y"))
    await room.ask(anna, delete(uuid(1)))
    assert room.database.rows("mentions") == []


async def test_a_message_that_does_not_open_can_still_be_deleted_and_edited(room: ChatRoom, anna: Person) -> None:
    for number in (1, 2):
        await room.say(anna, "x", id=uuid(number))
    room.database.tamper("UPDATE messages SET sealed = zeroblob(60)")
    accepted(await room.ask(anna, delete(uuid(1))))
    accepted(await room.ask(anna, edit(uuid(2), "again")))
    assert await room.bodies() == ["", "again"]


# --- reactions ---


async def test_a_reaction_is_put_on_and_taken_off(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    (event,) = events(await room.commit((boris, react(uuid(1)))))
    assert event == {
        "seq": room.state.directory.seq,
        "kind": "reaction",
        "id": uuid(1),
        "channel": GENERAL,
        "emoji": THUMB,
        "by": boris.id,
        "on": True,
    }
    await room.ask(anna, react(uuid(1)))
    await room.ask(anna, react(uuid(1), HEART))
    assert (await room.history())["messages"][0]["reactions"] == {THUMB: [boris.id, anna.id], HEART: [anna.id]}
    (event,) = events(await room.commit((boris, react(uuid(1), on=False))))
    assert event["on"] is False
    await room.ask(anna, react(uuid(1), HEART, on=False))
    assert (await room.history())["messages"][0]["reactions"] == {THUMB: [anna.id]}
    await room.ask(anna, react(uuid(1), on=False))
    assert "reactions" not in (await room.history())["messages"][0]


@pytest.mark.parametrize("on", [True, False])
async def test_a_repeated_reaction_changes_nothing_and_gets_the_same_answer(
    room: ChatRoom, anna: Person, on: bool
) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, react(uuid(1)))
    first = await room.ask(anna, react(uuid(1), on=on))
    before = room.database.dump()
    outcome = await room.commit((anna, react(uuid(1), on=on)))
    assert parsed(outcome.answers[0]) == first
    assert outcome.events == []
    assert room.database.dump() == before


async def test_reactions_to_what_is_not_there_are_refused(room: ChatRoom, anna: Person) -> None:
    assert refused(await room.ask(anna, react(uuid(9)))) == "not_found"
    await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, delete(uuid(1)))
    assert refused(await room.ask(anna, react(uuid(1)))) == "not_found"


async def test_a_message_has_at_most_so_many_different_reactions(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    emojis = [chr(ord("🐀") + number) for number in range(MAX_EMOJIS + 1)]
    for emoji in emojis[:MAX_EMOJIS]:
        accepted(await room.ask(anna, react(uuid(1), emoji)))
    assert refused(await room.ask(anna, react(uuid(1), emojis[-1]))) == "limit_reached"
    accepted(await room.ask(boris, react(uuid(1), emojis[0])))
    accepted(await room.ask(anna, react(uuid(1), emojis[1], on=False)))
    accepted(await room.ask(anna, react(uuid(1), emojis[-1])))


@pytest.mark.parametrize(("present", "code"), [(MAX_REACTIONS - 1, None), (MAX_REACTIONS, "limit_reached")])
async def test_a_message_has_at_most_so_many_reactions_in_all(
    room: ChatRoom, anna: Person, boris: Person, present: int, code: str | None
) -> None:
    await room.say(anna, "x", id=uuid(1))
    message = room.state.store.messages.get(uuid(1))
    assert message is not None
    crowd = json.dumps({THUMB: [f"member {number}" for number in range(present)]}).encode()
    header = Header("reactions", GENERAL, anna.id, uuid(1))
    (sealed,) = await room.state.keyring.seal([(crowd, header)], now_ms=room.now_ms)
    room.state.store.messages.set_reactions(message, sealed, changed_seq=message.seq)
    answer = await room.ask(boris, react(uuid(1)))
    assert answer.get("code") == code
    stored = room.state.store.messages.get(uuid(1))
    assert stored is not None
    assert len((await room.history())["messages"][0]["reactions"][THUMB]) == MAX_REACTIONS


# --- channels ---


async def test_a_channel_is_created_and_told(room: ChatRoom, anna: Person) -> None:
    outcome = await room.commit((anna, CreateChannel("c", "plans", "what to do")))
    (event,) = events(outcome)
    created = event["channel"]
    assert event == {"seq": room.state.directory.seq, "kind": "channel", "channel": created, "by": anna.id}
    assert created == {
        "id": created["id"],
        "name": "plans",
        "topic": "what to do",
        "archived": False,
        "created_by": anna.id,
        "retention_days": None,
    }
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "c", "seq": event["seq"], "channel": created["id"]}
    assert outcome.clean_up_is_due is False
    await room.wake()
    assert room.state.directory.channel(created["id"]).public() == created


async def test_names_and_topics_of_channels_are_stored_sealed_only(room: ChatRoom, anna: Person) -> None:
    await room.create_channel(anna, "Wilhelmina", "Leopoldine")
    assert "Wilhelmina" not in room.database.dump()
    assert "Leopoldine" not in room.database.dump()


@pytest.mark.parametrize("name", ["Plans", "PLANS", "ｐｌａｎｓ", "plans\u200b"])
async def test_two_channels_have_no_name_that_people_read_as_one(room: ChatRoom, anna: Person, name: str) -> None:
    await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, CreateChannel("c", name, ""))) == "name_taken"
    other = await room.create_channel(anna, "other")
    assert refused(await room.ask(anna, update(other, name=name))) == "name_taken"


@pytest.mark.parametrize("name", ["рlаns", "p1ans", "pl ans", "plans\u2800"])
async def test_a_channel_that_looks_like_another_is_refused(room: ChatRoom, anna: Person, name: str) -> None:
    await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, CreateChannel("c", name, ""))) == "name_taken"
    other = await room.create_channel(anna, "other")
    assert refused(await room.ask(anna, update(other, name=name))) == "name_taken"


async def test_two_channels_that_look_alike_from_before_can_still_be_changed(room: ChatRoom, anna: Person) -> None:
    plans, other = await room.create_channel(anna, "plans"), await room.create_channel(anna, "other")
    room.state.directory.channels[other].name = "рlаns"
    for channel, name in ((plans, "plans"), (other, "рlаns")):
        accepted(await room.ask(anna, update(channel, name=name, topic="the same name, another topic")))


async def test_a_channel_may_be_called_as_before_or_as_a_deleted_one(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    accepted(await room.ask(anna, update(plans, name="Plans")))
    accepted(await room.ask(anna, DeleteChannel("x", plans)))
    await room.create_channel(anna, "plans")


async def test_what_an_update_does_not_name_stays(room: ChatRoom, anna: Person, olga: Person) -> None:
    plans = await room.create_channel(anna, "plans", "topic")
    await room.ask(olga, update(plans, retention_days=3))
    (event,) = events(await room.commit((anna, update(plans, archived=True))))
    assert event["channel"] == {
        "id": plans,
        "name": "plans",
        "topic": "topic",
        "archived": True,
        "created_by": anna.id,
        "retention_days": 3,
    }
    (event,) = events(await room.commit((anna, update(plans, topic="", name="ideas"))))
    assert (event["channel"]["name"], event["channel"]["topic"], event["channel"]["archived"]) == ("ideas", "", True)


async def test_an_update_keeps_where_the_channel_stands(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    ack = await room.say(anna, "x", plans)
    await room.ask(anna, update(plans, topic="t"))
    shown = await room.channel_of(anna, plans)
    assert shown["last_seq"] == ack["seq"]
    assert (await room.say(anna, "y", plans))["seq"] == ack["seq"] + 2
    await room.wake()
    assert [row["position"] for row in room.database.rows("messages")] == [1, 2]


@pytest.mark.parametrize("change", [update("?", name="x"), DeleteChannel("u", "?")], ids=["update", "delete"])
async def test_only_its_creator_and_admins_manage_a_channel(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, change: UpdateChannel | DeleteChannel
) -> None:
    for person, allowed in ((boris, False), (olga, True), (anna, True)):
        channel = await room.create_channel(anna, f"of {person.name}")
        answer = await room.ask(person, replace(change, id=channel))
        assert (answer["type"], answer.get("code")) == (("ack", None) if allowed else ("error", "forbidden"))
        await room.ask(anna, DeleteChannel("x", channel))


async def test_a_creator_deletes_a_channel_until_others_have_written_in_it(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    own, shared, deleted = [await room.create_channel(anna, name) for name in ("own", "shared", "deleted")]
    for channel in (own, shared, deleted):
        await room.say(anna, "mine", channel)
    await room.say(boris, "ours", shared)
    await room.say(boris, "regretted", deleted, id=uuid(9))
    await room.ask(boris, delete(uuid(9)))
    assert accepted(await room.ask(anna, DeleteChannel("x", own)))
    for channel in (shared, deleted):
        refusal = await room.ask(anna, DeleteChannel("x", channel))
        assert (refusal["code"], "admin" in refusal["detail"]) == ("forbidden", True)
        accepted(await room.ask(anna, update(channel, topic="still mine", archived=True)))
        accepted(await room.ask(olga, DeleteChannel("x", channel)))


async def test_a_message_that_arrives_with_the_deletion_saves_the_channel(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    outcome = await room.commit((boris, room.text("just in time", plans)), (anna, DeleteChannel("x", plans)))
    assert parsed(outcome.answers[1])["code"] == "forbidden"


async def test_an_admin_who_made_a_channel_and_is_none_any_more_is_like_anybody(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    plans = await room.create_channel(olga, "plans")
    await room.say(anna, "x", plans)
    olga.session = replace(olga.session, role="member")
    assert refused(await room.ask(olga, DeleteChannel("x", plans))) == "forbidden"


@pytest.mark.parametrize("days", [7, 0, None])
async def test_only_admins_say_how_long_a_channel_is_kept(
    room: ChatRoom, anna: Person, olga: Person, days: int | None
) -> None:
    plans = await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, update(plans, retention_days=days))) == "forbidden"
    await room.commit((olga, update(plans, retention_days=30)))
    outcome = await room.commit((olga, update(plans, retention_days=days)))
    assert events(outcome)[0]["channel"]["retention_days"] == days
    await room.wake()
    assert room.state.directory.channel(plans).retention_days == days


async def test_the_first_channel_is_managed_by_admins_and_never_deleted(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    assert refused(await room.ask(anna, update(GENERAL, name="x"))) == "forbidden"
    assert refused(await room.ask(anna, DeleteChannel("x", GENERAL))) == "forbidden"
    assert refused(await room.ask(olga, DeleteChannel("x", GENERAL))) == "forbidden"
    accepted(await room.ask(olga, update(GENERAL, name="lobby")))


@pytest.mark.parametrize("change", ["send", "edit", "react"])
async def test_an_archived_channel_takes_no_more_changes_to_its_messages(
    room: ChatRoom, anna: Person, change: str
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    await room.ask(anna, update(plans, archived=True))
    frames: dict[str, Change] = {
        "send": room.text("y", plans),
        "edit": edit(uuid(1), "y"),
        "react": react(uuid(1)),
    }
    frame = frames[change]
    assert refused(await room.ask(anna, frame)) == "archived"
    assert await room.bodies(plans) == ["x"]
    await room.ask(anna, update(plans, archived=False))
    accepted(await room.ask(anna, frame))


async def test_an_archived_channel_can_still_be_read_and_lose_a_message(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    await room.ask(anna, update(plans, archived=True))
    accepted(await room.ask(anna, delete(uuid(1))))
    assert await room.bodies(plans) == [""]


async def test_a_deleted_channel_is_gone_for_every_request(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    outcome = await room.commit((anna, DeleteChannel("x", plans)))
    assert parsed(outcome.answers[0]) == {
        "type": "ack",
        "ref": "x",
        "seq": room.state.directory.seq,
        "channel": plans,
    }
    assert events(outcome) == [
        {"seq": room.state.directory.seq, "kind": "channel_deleted", "channel": plans, "by": anna.id}
    ]
    assert outcome.clean_up_is_due is True
    for frame in (
        room.text("y", plans),
        edit(uuid(1), "y"),
        delete(uuid(1)),
        react(uuid(1)),
        update(plans, name="z"),
        DeleteChannel("x", plans),
    ):
        assert refused(await room.ask(anna, frame)) == "not_found", frame
    assert [channel["id"] for channel in (await room.welcome(anna))["channels"]] == [GENERAL]


async def test_a_room_has_at_most_so_many_channels(room: ChatRoom, anna: Person) -> None:
    for number in range(MAX_CHANNELS - 2):
        channel = replace(room.state.directory.channels[GENERAL], id=f"c{number}", name=f"c{number}")
        room.state.directory.channels[channel.id] = channel
    last = await room.create_channel(anna, "the last one")
    assert refused(await room.ask(anna, CreateChannel("c", "one more", ""))) == "limit_reached"
    await room.ask(anna, DeleteChannel("x", last))
    await room.create_channel(anna, "one more")


# --- members and the room ---


async def test_an_admin_removes_a_member_and_all_their_devices(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "hers")
    outcome = await room.commit((olga, RemoveMember("m", anna.id)))
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "m", "seq": room.state.directory.seq}
    assert events(outcome) == [
        {"seq": room.state.directory.seq, "kind": "member_removed", "member": anna.id, "by": olga.id}
    ]
    assert outcome.removed_members == [anna.id]
    assert [row["member"] for row in room.database.rows("sessions")] == [olga.id]
    welcome = await room.welcome(olga)
    assert [member["name"] for member in welcome["members"]] == ["Olga"]
    assert welcome["former_members"] == [{"id": anna.id, "name": "Anna"}]
    assert await room.bodies() == ["hers"]


async def test_only_admins_remove_members_and_nobody_oneself(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    assert refused(await room.ask(anna, RemoveMember("m", boris.id))) == "forbidden"
    assert refused(await room.ask(olga, RemoveMember("m", olga.id))) == "forbidden"
    assert refused(await room.ask(olga, RemoveMember("m", "nobody"))) == "not_found"
    accepted(await room.ask(olga, RemoveMember("m", boris.id)))
    assert refused(await room.ask(olga, RemoveMember("m", boris.id))) == "not_found"


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


async def test_the_name_of_a_removed_member_is_free(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.ask(olga, RemoveMember("m", anna.id))
    again = await room.join("anna")
    assert again.id != anna.id


@pytest.mark.parametrize("days", [0, 7, None])
async def test_an_admin_says_how_long_the_room_keeps_messages(
    room: ChatRoom, anna: Person, olga: Person, days: int | None
) -> None:
    assert refused(await room.ask(anna, UpdateRoom("u", days))) == "forbidden"
    await room.commit((olga, UpdateRoom("u", 90)))
    outcome = await room.commit((olga, UpdateRoom("u", days)))
    assert events(outcome) == [{"seq": room.state.directory.seq, "kind": "room", "retention_days": days, "by": olga.id}]
    assert outcome.clean_up_is_due is True
    await room.wake()
    assert room.state.retention.room_days() == (30 if days is None else days)


# --- what is sealed belongs to its place ---


async def shown(room: ChatRoom, channel: str = GENERAL) -> list[str]:
    return [
        "unreadable" if message.get("unreadable") else message["body"]
        for message in (await room.history(channel))["messages"]
    ]


@pytest.fixture
async def three(room: ChatRoom, anna: Person, boris: Person) -> SqliteDatabase:
    for number, person in enumerate([anna, boris, anna]):
        await room.say(person, f"text {number}", id=uuid(number))
    return room.database


async def test_two_swapped_messages_are_unreadable_and_the_others_stay_readable(
    room: ChatRoom, three: SqliteDatabase
) -> None:
    first, second = (row["sealed"] for row in three.rows("messages")[:2])
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", second, uuid(0).replace("-", ""))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", first, uuid(1).replace("-", ""))
    assert await shown(room) == ["unreadable", "unreadable", "text 2"]


async def test_two_swapped_messages_of_one_author_are_unreadable(room: ChatRoom, three: SqliteDatabase) -> None:
    first, _, third = (row["sealed"] for row in three.rows("messages"))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", third, uuid(0).replace("-", ""))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", first, uuid(2).replace("-", ""))
    assert await shown(room) == ["unreadable", "text 1", "unreadable"]


async def test_a_message_moved_to_another_channel_is_unreadable_there(
    room: ChatRoom, anna: Person, three: SqliteDatabase
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "of plans", plans)
    three.tamper("UPDATE messages SET channel = ? WHERE id = unhex(?)", plans, uuid(0).replace("-", ""))
    await room.wake()
    assert await shown(room, plans) == ["unreadable", "of plans"]
    assert await shown(room) == ["text 1", "text 2"]


@pytest.mark.parametrize(
    "damage",
    [
        "author = 'somebody else'",
        "id = unhex('00000000000040008000000000000abc')",
        "epoch = epoch + 1",
        "epoch = 0",
        "sealed = x''",
        "sealed = substr(sealed, 1, 20)",
        "sealed = CAST(sealed || x'00' AS BLOB)",
        "sealed = CAST(x'01' || substr(sealed, 2) AS BLOB)",
        "sealed = CAST(x'02' || substr(sealed, 2) AS BLOB)",
        "sent_at = sent_at + 1",
        "sent_at = 0",
        "seq = seq + 1000",
    ],
)
async def test_a_damaged_message_is_unreadable_and_the_others_stay_readable(
    room: ChatRoom, three: SqliteDatabase, damage: str
) -> None:
    three.tamper(f"UPDATE messages SET {damage} WHERE id = unhex(?)", uuid(1).replace("-", ""))
    assert sorted(await shown(room)) == ["text 0", "text 2", "unreadable"]


@pytest.mark.parametrize("columns", ["seq", "sent_at", "seq, sent_at"])
@pytest.mark.parametrize("other", [1, 2], ids=["of another author", "of the same author"])
async def test_two_messages_whose_order_or_time_was_exchanged_are_unreadable(
    room: ChatRoom, anna: Person, boris: Person, columns: str, other: int
) -> None:
    for number, person in enumerate([anna, boris, anna]):
        await room.say(person, f"text {number}", id=uuid(number))
        room.later(1_000)
    await room.ask(anna, Edit("ref", uuid(0), "edited 0", ()))
    await room.ask(anna, react(uuid(0)))
    exchange(room.database, columns, uuid(0), uuid(other))
    page = (await room.history())["messages"]
    exchanged = [message for message in page if message["id"] in (uuid(0), uuid(other))]
    assert [message.get("unreadable") for message in exchanged] == [True, True]
    assert not any("reactions" in message for message in exchanged)


def exchange(database: SqliteDatabase, columns: str, one: str, other: str) -> None:
    """Give each of two messages what stands in these columns of the other."""
    names = columns.split(", ")
    ids = [name.replace("-", "") for name in (one, other)]
    found = [
        database.connection.execute(f"SELECT {columns} FROM messages WHERE id = unhex(?)", (each,)).fetchone()
        for each in ids
    ]
    put = "UPDATE messages SET " + ", ".join(f"{name} = ?" for name in names) + " WHERE id = unhex(?)"
    database.tamper(put, *(-value for value in found[1]), ids[0])  # the key is never there twice
    database.tamper(put, *found[0], ids[1])
    database.tamper(put, *found[1], ids[0])


async def test_what_was_sealed_before_order_and_time_were_bound_stays_readable(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old", id=uuid(7))
    text, emojis = b'{"body":"old"}', json.dumps({THUMB: [anna.id]}).encode()
    headers = [Header(kind, GENERAL, anna.id, uuid(7)) for kind in ("message", "reactions")]
    old = await room.state.keyring.seal(list(zip((text, emojis), headers, strict=True)), now_ms=room.now_ms)
    assert [each.data[:1] for each in old] == [b"\x01", b"\x01"]
    room.database.tamper(
        "UPDATE messages SET sealed = ?, reactions_epoch = ?, reactions = ?", old[0].data, old[1].epoch, old[1].data
    )
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["reactions"]) == ("old", {THUMB: [anna.id]})
    await room.ask(anna, Edit("ref", uuid(7), "new", ()))
    (row,) = room.database.rows("messages")
    assert row["sealed"][:1] == b"\x03", "whatever is sealed from now on is bound"
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["reactions"]) == ("new", {THUMB: [anna.id]})


async def test_every_flipped_bit_of_a_message_makes_it_unreadable(room: ChatRoom, three: SqliteDatabase) -> None:
    sealed = three.rows("messages")[1]["sealed"]
    for place in range(len(sealed)):
        damaged = bytes([*sealed[:place], sealed[place] ^ 1 << place % 8, *sealed[place + 1 :]])
        three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", damaged, uuid(1).replace("-", ""))
        assert sorted(await shown(room)) == ["text 0", "text 2", "unreadable"]


async def test_two_swapped_events_are_not_told(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    for name in ("one", "two", "three"):
        await room.create_channel(anna, name)
    first, second = (row["sealed"] for row in room.database.rows("changes")[-3:-1])
    room.database.tamper("UPDATE changes SET sealed = ? WHERE seq = ?", second, seq + 1)
    room.database.tamper("UPDATE changes SET sealed = ? WHERE seq = ?", first, seq + 2)
    assert [event["channel"]["name"] for event in await room.missed(anna, seq)] == ["three"]


async def test_reactions_of_another_message_are_not_shown(room: ChatRoom, anna: Person, three: SqliteDatabase) -> None:
    await room.ask(anna, react(uuid(0)))
    three.tamper(
        "UPDATE messages SET (reactions_epoch, reactions) = (SELECT reactions_epoch, reactions FROM messages"
        " WHERE reactions IS NOT NULL)"
    )
    assert ["reactions" in message for message in (await room.history())["messages"]] == [True, False, False]


async def test_the_database_of_one_room_does_not_open_as_another(three: SqliteDatabase) -> None:
    with pytest.raises(Misconfigured, match="MASTER_KEY is not the key"):
        await make_room("other", database=three.copy())


# --- what is undone is undone from what was stored ---


async def mentions_of(room: ChatRoom, person: Person) -> int:
    return int((await room.channel_of(person))["mentions"])


@pytest.fixture
async def answer(room: ChatRoom, anna: Person, boris: Person) -> str:
    """Boris has answered Anna, whose question retention has taken since; his answer and a later word remain."""
    question = await room.say(anna, "Q", id=uuid(1))
    await room.say(boris, "R", id=uuid(2), reply_to=uuid(1))
    await room.say(boris, "S")
    room.state.store.delete_messages(GENERAL, question["seq"], 1)
    await room.wake()
    assert await mentions_of(room, anna) == 1
    return uuid(2)


async def test_an_answer_whose_question_is_gone_is_deleted_and_counts_no_more(
    room: ChatRoom, anna: Person, boris: Person, answer: str
) -> None:
    accepted(await room.ask(boris, Delete("d", answer)))
    assert await mentions_of(room, anna) == 0


async def test_an_answer_whose_question_is_gone_is_edited_and_counts_as_before(
    room: ChatRoom, anna: Person, boris: Person, answer: str
) -> None:
    for mentions in ((anna.id,), (), (boris.id,), (anna.id,), ()):
        accepted(await room.ask(boris, Edit("e", answer, "R", mentions)))
        assert await mentions_of(room, anna) == 1
    accepted(await room.ask(boris, Delete("d", answer)))
    assert await mentions_of(room, anna) == 0


async def test_an_answer_whose_question_was_deleted_is_deleted_too(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "Q", id=uuid(1))
    await room.say(boris, "R", id=uuid(2), reply_to=uuid(1))
    await room.say(boris, "S")
    accepted(await room.ask(anna, Delete("d", uuid(1))))
    assert await mentions_of(room, anna) == 1
    accepted(await room.ask(boris, Delete("d", uuid(2))))
    assert await mentions_of(room, anna) == 0


async def test_a_damaged_message_is_deleted_and_mentions_nobody_any_more(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(boris, "@Anna", id=uuid(1), mentions=[anna.id])
    await room.say(boris, "S")
    room.database.tamper("UPDATE messages SET sealed = x'00' WHERE id = unhex(?)", uuid(1).replace("-", ""))
    accepted(await room.ask(boris, Delete("d", uuid(1))))
    assert await mentions_of(room, anna) == 0


@pytest.mark.parametrize("mentions", [(), ("anna",)])
async def test_answers_of_before_their_question_was_noted_are_undone_as_well(
    room: ChatRoom, anna: Person, boris: Person, answer: str, mentions: tuple[str, ...]
) -> None:
    message = room.state.store.messages.get(answer)
    assert message is not None
    old = compact_json({"body": "R", "reply_to": uuid(1), "reply_seq": 1}).encode()
    (sealed,) = await room.state.keyring.seal([(old, message_header("message", message))], now_ms=room.now_ms)
    room.state.store.messages.edit(message, sealed, edited_at=room.now_ms, changed_seq=message.changed_seq)
    accepted(await room.ask(boris, Edit("e", answer, "R", tuple(anna.id for _ in mentions))))
    assert await mentions_of(room, anna) == 1
    accepted(await room.ask(boris, Delete("d", answer)))
    assert await mentions_of(room, anna) == 0


async def test_whom_a_message_answers_is_sealed_with_it_and_told_nobody(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    await room.say(anna, "Q", id=uuid(1))
    outcome = await room.commit((boris, room.text("R", id=uuid(2), reply_to=uuid(1))))
    told = [*events(outcome), *await room.missed(anna, seq), *(await room.history())["messages"]]
    assert not any(ANSWERED in each for each in told)
    edited = await room.commit((boris, Edit("e", uuid(2), "R!", ())))
    assert not any(ANSWERED in each for each in events(edited))
    assert [each for each in await room.plaintexts() if ANSWERED in each], "it is sealed"


@pytest.mark.parametrize(
    "change", [{}, {"topic": ""}, {"name": "plans"}, {"archived": False}, {"retention_days": None}]
)
async def test_a_channel_that_stays_as_it_is_is_not_written(
    room: ChatRoom, olga: Person, change: dict[str, Any]
) -> None:
    plans = await room.create_channel(olga, "plans")
    stored = room.database.dump()
    outcome = await room.commit((olga, UpdateChannel("ref", plans, change)))
    assert (outcome.events, outcome.clean_up_is_due) == ([], False)
    answer = {"type": "ack", "ref": "ref", "seq": room.state.directory.seq, "channel": plans}
    assert json.loads(outcome.answers[0] or "") == answer
    assert room.database.dump() == stored


async def test_a_rooms_rule_that_stays_as_it_is_is_not_written(room: ChatRoom, olga: Person) -> None:
    await room.commit((olga, UpdateRoom("ref", 7)))
    stored = room.database.dump()
    outcome = await room.commit((olga, UpdateRoom("ref", 7)))
    assert (outcome.events, outcome.clean_up_is_due, room.database.dump()) == ([], False, stored)


async def test_a_reaction_is_taken_off_whatever_spelling_it_was_put_on_in(room: ChatRoom, anna: Person) -> None:
    message = await room.say(anna, "hello")
    put = parse(json.dumps({"type": "react", "id": message["ref"], "emoji": "❤", "on": True}))
    assert isinstance(put, React)
    await room.commit((anna, put))
    again = await room.commit((anna, replace(put, emoji="❤\ufe0f")))
    assert again.events == []
    assert (await room.history())["messages"][0]["reactions"] == {"❤\ufe0f": [anna.id]}
