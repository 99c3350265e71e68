"""chat/revising.py: editing, deleting, reacting."""

import json
from dataclasses import replace

import pytest

from chat.directory import GENERAL
from encoding import compact_json
from limits import MAX_EMOJIS, MAX_REACTIONS
from sealing.keyring import Header
from storage.files import GONE, RESERVED, SENT
from storage.headers import message_header
from tests.chat.asking import HEART, THUMB, delete, edit, react
from tests.files.uploading import described, file_id, states, upload
from tests.rooms import HOUR, ChatRoom, Person, accepted, events, parsed, refused, uuid
from wire.changes import Delete, DeleteChannel, Edit, React
from wire.reading import parse

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


async def test_the_former_text_of_a_deleted_message_is_nowhere_any_more(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "embarrassing", id=uuid(1))
    await room.ask(anna, edit(uuid(1), "polite"))
    await room.ask(anna, delete(uuid(1)))
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
    assert [json.loads(text) for text in texts if "Leopoldine the second" in text] == [
        {"body": "Leopoldine the second", "mentions": [boris.id]}
    ]
    (erased,) = [row for row in room.database.rows("messages") if row["deleted_at"] is not None]
    assert erased["sealed"] is erased["reactions"] is erased["epoch"] is erased["reactions_epoch"] is None
    assert erased["former"] is erased["former_epoch"] is None


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
    assert room.database.rows("activity") == []


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


async def test_a_reaction_is_taken_off_whatever_spelling_it_was_put_on_in(room: ChatRoom, anna: Person) -> None:
    message = await room.say(anna, "hello")
    put = parse(json.dumps({"type": "react", "id": message["ref"], "emoji": "❤", "on": True}))
    assert isinstance(put, React)
    await room.commit((anna, put))
    again = await room.commit((anna, replace(put, emoji="❤\ufe0f")))
    assert again.events == []
    assert (await room.history())["messages"][0]["reactions"] == {"❤\ufe0f": [anna.id]}


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


async def test_a_message_of_a_deleted_channel_is_nobodys_to_edit(room: ChatRoom, anna: Person, boris: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "old", plans, id=uuid(1))
    await room.commit((anna, DeleteChannel("d", plans)))
    for person in (anna, boris):
        assert refused(await room.ask(person, edit(uuid(1), "new"))) == "not_found"


# --- files ---


async def test_an_edit_leaves_files_where_they_are_and_may_leave_nothing_else(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "look", files=[upload(room, anna, 1)], id=uuid(1))
    seq = room.state.directory.seq
    outcome = await room.commit((anna, edit(uuid(1), "")))
    (event,) = events(outcome)
    assert (event["body"], "files" in event) == ("", False)
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["files"]) == ("", [described(1)])
    assert [(each["body"], "files" in each) for each in await room.missed(anna, seq)] == [("", False)]
    assert states(room) == {file_id(1): SENT}


async def test_a_message_without_files_needs_a_text(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old", id=uuid(1))
    answer = await room.ask(anna, edit(uuid(1), ""))
    assert (refused(answer), answer["detail"]) == ("malformed", "body is empty.")
    assert await room.bodies() == ["old"]


async def test_a_deleted_message_gives_up_its_files_for_one_row_each(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "plain", id=uuid(2))
    await room.say(anna, "", files=[upload(room, anna, 1), upload(room, anna, 2)], id=uuid(1))
    kept = upload(room, anna, 3)

    async def cost(message: str, *, gives_up: bool) -> int:
        before = room.database.connection.total_changes
        outcome = await room.commit((anna, delete(message)))
        assert outcome.gives_up_files is gives_up
        return room.database.connection.total_changes - before

    plain = await cost(uuid(2), gives_up=False)
    assert await cost(uuid(1), gives_up=True) == plain + 2
    assert states(room) == {file_id(1): GONE, file_id(2): GONE, kept.id: RESERVED}
    assert [message.files for message in room.state.store.messages.page_after(GENERAL, 0, 9)] == [(), ()]
    assert not any("Wilhelmina" in text for text in await room.plaintexts())
    assert await cost(uuid(1), gives_up=False) == 0


async def test_a_message_that_does_not_open_gives_up_its_files_all_the_same(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "", files=[upload(room, anna, 1)], id=uuid(1))
    room.database.tamper("UPDATE messages SET sealed = ?", b"damaged")
    accepted(await room.ask(anna, delete(uuid(1))))
    assert states(room) == {file_id(1): GONE}
