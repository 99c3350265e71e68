"""chat/posting.py: new messages, each exactly once."""

import pytest

from chat.directory import GENERAL
from encoding import from_b64url
from tests.chat.asking import delete, update
from tests.files.uploading import described, upload
from tests.rooms import DAY, HOUR, ChatRoom, Person, accepted, events, parsed, refused, uuid
from wire.changes import RemoveMember

# --- a new message ---


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


async def test_the_text_is_stored_sealed_only(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "Wilhelmina")
    assert "Wilhelmina" not in room.database.dump()
    assert b"Wilhelmina".hex().upper() not in room.database.dump().upper()
    assert any("Wilhelmina" in text for text in await room.plaintexts())


@pytest.mark.parametrize("body", ["'; DROP TABLE messages; --", '"', "%_\\", "\0 \x1b", "🧑‍🚀 é ‮", "]]>", "a" * 4_000])
async def test_any_text_comes_back_as_it_was_sent(room: ChatRoom, anna: Person, body: str) -> None:
    await room.say(anna, body)
    assert await room.bodies() == [body]


async def test_a_message_costs_one_statement_however_many_arrive_together(room: ChatRoom, anna: Person) -> None:
    before = room.database.connection.total_changes
    await room.commit(*[(anna, room.text("x")) for _ in range(50)])
    assert room.database.count("messages") == 50
    assert room.database.connection.total_changes - before == 50


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
    assert room.database.rows("activity") == []


async def test_a_mention_and_an_answer_to_the_same_member_count_once(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(boris, "why?", id=uuid(1))
    await room.say(anna, "because", reply_to=uuid(1), mentions=[boris.id])
    assert (await room.channel_of(boris))["mentions"] == 1


# --- files ---


async def test_a_message_tells_its_files_in_their_order_as_their_sender_describes_them(
    room: ChatRoom, anna: Person
) -> None:
    files = [upload(room, anna, 2, thumb=9, alt="the sea"), upload(room, anna, 1)]
    seq = room.state.directory.seq
    outcome = await room.commit((anna, room.text("", files=files)))
    (event,) = events(outcome)
    assert (event["body"], event["files"]) == ("", [described(2, thumb=9, alt="the sea"), described(1)])
    assert "files" not in events(await room.commit((anna, room.text("without"))))[0]
    await room.wake()
    (shown, _) = (await room.history())["messages"]
    (missed, _) = await room.missed(anna, seq)
    assert shown["files"] == missed["files"] == event["files"]


async def test_nothing_of_a_file_but_its_id_and_sizes_is_stored_in_the_open(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "", files=[upload(room, anna, 1, alt="the sea", thumb=9)])
    dump = room.database.dump()
    told = described(1, alt="the sea", thumb=9)
    for text in (told["name"], told["key"], told["type"], told["alt"], "image/webp"):
        assert text not in dump
        assert text.encode().hex().upper() not in dump.upper()
    assert bytes(31).hex() + "01" not in dump.lower()
    assert any(told["key"] in text for text in await room.plaintexts())


async def test_a_message_with_files_is_posted_once(room: ChatRoom, anna: Person, boris: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    together = await room.commit((anna, message), (anna, message))
    assert together.answers[0] == together.answers[1]
    await room.wake()
    room.later(HOUR)
    assert (await room.commit((anna, message))).answers == together.answers[:1]
    assert refused(await room.ask(boris, message)) == "forbidden"
    assert len(await room.bodies()) == 1


async def test_each_message_of_a_batch_has_its_own_files(room: ChatRoom, anna: Person, boris: Person) -> None:
    messages = [room.text(f"{n}", files=[upload(room, anna, n)], mentions=[boris.id] * (n % 2)) for n in range(4)]
    outcome = await room.commit(
        (anna, messages[0]), (anna, room.text("plain")), *((anna, each) for each in messages[1:])
    )
    assert [parsed(answer)["type"] for answer in outcome.answers] == ["ack"] * 5
    seqs = {row["id"]: row["seq"] for row in room.database.rows("files")}
    for message in room.state.store.messages.page_after(GENERAL, 0, 9):
        assert [seqs[from_b64url(file)] for file in message.files] == [message.seq] * len(message.files)
    assert [len(message.get("files", ())) for message in (await room.history())["messages"]] == [1, 0, 1, 1, 1]


async def test_a_file_costs_one_row_when_it_is_reserved_and_one_when_it_is_sent(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "The first reserves seals for many.")

    def written() -> int:
        return room.database.connection.total_changes

    before = written()
    file = upload(room, anna, 1)
    assert written() - before == 1
    await room.say(anna, "", files=[file])
    assert written() - before == 3


async def test_a_message_whose_files_cannot_be_noted_is_not_stored(room: ChatRoom, anna: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    before = room.database.dump()
    room.database.fail_at = "UPDATE files"
    with pytest.raises(Exception, match="disk full"):
        await room.commit((anna, message))
    room.database.fail_at = None
    assert room.database.dump() == before
    accepted(await room.ask(anna, message))
