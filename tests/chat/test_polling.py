"""chat/polling.py: polls, votes, and what is told of them."""

from typing import Any

import pytest

import chat.polling
from chat.directory import GENERAL
from storage.registry import REGISTRY
from tests.chat.asking import close_poll, delete, edit, poll, update, vote
from tests.lanes import Screens, add, create_private, secure
from tests.rooms import ChatRoom, Person, events, parsed, refused, sealed_texts, uuid


async def shown(room: ChatRoom, channel: str = GENERAL) -> dict[str, Any]:
    """The newest poll of a channel as history shows it."""
    polls = [message["poll"] for message in (await room.history(channel))["messages"] if "poll" in message]
    return dict(polls[-1])


async def test_a_poll_is_a_message_with_a_text_for_whoever_knows_no_polls(room: ChatRoom, anna: Person) -> None:
    answer = await room.asked(anna, poll(uuid(1), " in ", "out", multiple=True))
    assert answer == {"type": "ack", "ref": "q", "seq": answer["seq"], "sent_at": room.now_ms}
    (message,) = (await room.history())["messages"]
    assert message["body"] == "📊 where to?\n- in\n- out"
    assert message["poll"] == {"question": "where to?", "options": ["in", "out"], "multiple": True, "votes": {}}
    (event,) = await room.missed(anna, answer["seq"] - 1)
    assert (event["kind"], event["poll"]["options"]) == ("message", ["in", "out"])


async def test_a_repeated_poll_is_one_and_its_ref_may_be_any_text(room: ChatRoom, anna: Person, boris: Person) -> None:
    first = await room.asked(anna, {**poll(uuid(1)), "ref": 'a "b"\n'})
    assert first["ref"] == 'a "b"\n'
    assert await room.asked(anna, poll(uuid(1))) == {**first, "ref": "q"}
    assert refused(await room.asked(boris, poll(uuid(1)))) == "forbidden"
    assert len((await room.history())["messages"]) == 1


async def test_votes_are_told_by_member_and_shown_in_history(room: ChatRoom, anna: Person, boris: Person) -> None:
    sent = await room.asked(anna, poll(uuid(1)))
    outcome = await room.commit((anna, vote(uuid(1), 0)), (boris, vote(uuid(1), 1)), (anna, vote(uuid(1), 1)))
    first = {"seq": sent["seq"] + 1, "kind": "vote", "id": uuid(1), "channel": GENERAL, "by": anna.id, "options": [0]}
    assert events(outcome)[0] == first
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "v", "seq": first["seq"]}
    assert (await shown(room))["votes"] == {boris.id: [1], anna.id: [1]}
    missed = await room.missed(anna, sent["seq"])
    assert [(event["by"], event["options"]) for event in missed] == [(anna.id, [0]), (boris.id, [1]), (anna.id, [1])]


async def test_a_vote_is_taken_back_and_a_repetition_changes_nothing(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    voted = await room.commit((anna, vote(uuid(1), 0)), (anna, vote(uuid(1), 0)))
    assert (len(voted.events), voted.answers[0]) == (1, voted.answers[1])
    taken = await room.commit((anna, vote(uuid(1))), (anna, vote(uuid(1))))
    assert [event["options"] for event in events(taken)] == [[]]
    assert (await shown(room))["votes"] == {}


async def test_only_options_that_there_are_and_one_unless_several_may_be_chosen(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    await room.asked(anna, poll(uuid(2), "a", "b", "c", multiple=True))
    assert refused(await room.ask(anna, vote(uuid(1), 2))) == "malformed"
    assert refused(await room.ask(anna, vote(uuid(1), 0, 1))) == "malformed"
    assert (await room.ask(anna, vote(uuid(2), 0, 2)))["type"] == "ack"
    assert (await shown(room))["votes"] == {anna.id: [0, 2]}


async def test_its_author_and_admins_close_it_and_then_it_takes_no_votes(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    for number in (1, 2):
        await room.asked(anna, poll(uuid(number)))
        await room.ask(boris, vote(uuid(number), 1))
    assert refused(await room.ask(boris, close_poll(uuid(1)))) == "forbidden"
    outcome = await room.commit((anna, close_poll(uuid(1))), (anna, close_poll(uuid(1))), (olga, close_poll(uuid(2))))
    assert [(event["kind"], event["by"], event["at"]) for event in events(outcome)] == [
        ("poll_closed", anna.id, room.now_ms),
        ("poll_closed", olga.id, room.now_ms),
    ]
    assert refused(await room.ask(boris, vote(uuid(1)))) == "forbidden"
    closed = await shown(room)
    assert (closed["votes"], closed["closed_at"], closed["closed_by"]) == ({boris.id: [1]}, room.now_ms, olga.id)


async def test_what_is_no_poll_deleted_or_archived_takes_no_votes(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    for number in (2, 3):
        await room.asked(anna, poll(uuid(number)))
    await room.ask(anna, vote(uuid(2), 1))
    await room.ask(anna, delete(uuid(2)))
    assert [refused(await room.ask(anna, vote(uuid(number), 0))) for number in (1, 2, 9)] == ["not_found"] * 3
    assert room.database.count_of("messages", "votes") == 0
    await room.ask(olga, update(GENERAL, archived=True))
    assert refused(await room.ask(anna, vote(uuid(3), 0))) == "archived"


async def test_a_poll_is_not_edited(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    assert refused(await room.ask(anna, edit(uuid(1), "something else"))) == "forbidden"


async def test_a_poll_takes_the_votes_of_so_many(
    room: ChatRoom, anna: Person, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.polling, "MAX_VOTERS", 1)
    await room.asked(anna, poll(uuid(1)))
    await room.ask(anna, vote(uuid(1), 0))
    assert refused(await room.ask(boris, vote(uuid(1), 0))) == "limit_reached"
    assert (await room.ask(anna, vote(uuid(1), 1)))["type"] == "ack"


async def test_the_vote_of_a_removed_member_stays(room: ChatRoom, anna: Person, boris: Person, olga: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    await room.ask(boris, vote(uuid(1), 0))
    await room.asked(olga, {"type": "member.remove", "ref": "m", "id": boris.id})
    assert refused(await room.ask(boris, vote(uuid(1)))) == "forbidden"
    assert (await shown(room))["votes"] == {boris.id: [0]}


async def test_a_vote_writes_two_rows_and_all_of_it_is_sealed(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1), "the secret beach"))  # too few options: refused, and nothing is kept
    assert (await room.history())["messages"] == []
    await room.asked(anna, poll(uuid(1), "the secret beach", "out"))
    before = room.database.connection.total_changes
    await room.ask(anna, vote(uuid(1), 0))
    assert room.database.connection.total_changes - before == 2
    assert "secret beach" not in room.database.dump()
    messages = next(entry for entry in REGISTRY if entry.table == "messages")
    (votes,) = [column for column in messages.sealed if column.name == "votes"]
    assert len(sealed_texts(room.database, "messages", votes)) == 1
    assert any(text == f'{{"votes":{{"{anna.id}":[0]}}}}' for text in await room.plaintexts())


async def test_votes_that_do_not_open_are_not_lost_by_the_next_one(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    await room.ask(anna, vote(uuid(1), 0))
    room.database.tamper("UPDATE messages SET votes = x'00'")
    assert refused(await room.ask(anna, vote(uuid(1), 1))) == "not_found"
    assert "votes" not in await shown(room)


async def test_whoever_is_not_in_a_lane_learns_nothing_of_its_polls(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    clara = await room.join("Clara")
    await secure(room, anna, boris, clara)
    lane = await create_private(room, anna, "plans", clara)
    await room.asked(anna, poll(uuid(1), channel=lane))
    screens = Screens(room)
    outside, inside = await screens.open(boris, {}), await screens.open(clara, {})
    outside.take(), inside.take()
    sender = await screens.open(anna, {})
    await screens.receive(sender, {"type": "vote", "ref": "v", "id": uuid(1), "channel": lane, "options": [0]})
    (frame,) = [frame for frame in inside.take() if frame["type"] == "events"]
    assert [(event["kind"], event["by"]) for event in frame["events"]] == [("vote", anna.id)]
    assert outside.take() == []
    missing = await room.ask(boris, vote(uuid(9), 0))
    assert await room.ask(boris, vote(uuid(1), 0)) == missing
    assert await room.ask(boris, close_poll(uuid(1), lane)) == {**missing, "ref": "c"}
    await add(room, anna, lane, boris, history="none")  # what was said before is not shown, and takes no vote
    assert await room.ask(boris, vote(uuid(1), 0)) == missing


async def test_polls_are_found_by_their_options_and_shown_with_their_votes(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1), "lighthouse", "out"))
    await room.ask(anna, vote(uuid(1), 0))
    found = await room.asked(anna, {"type": "search", "ref": "s", "query": "lighthouse", "limit": 5})
    assert [message["poll"]["votes"] for message in found["messages"]] == [{anna.id: [0]}]


async def test_bots_make_polls_see_votes_and_do_not_vote(room: ChatRoom, anna: Person, olga: Person) -> None:
    bot = await room.bot(olga, GENERAL)
    screens = Screens(room)
    screen = await screens.open(bot)
    await screens.receive(screen, poll(uuid(1)))
    await screens.receive(screen, {"type": "vote", "ref": "v", "id": uuid(1), "options": [0]})
    assert [refused(frame) for frame in screen.take() if frame["type"] == "error"] == ["forbidden"]
    sender = await screens.open(anna)
    await screens.receive(sender, {"type": "vote", "ref": "v", "id": uuid(1), "options": [0]})
    told = [event for frame in screen.take() if frame["type"] == "events" for event in frame["events"]]
    assert [(event["kind"], event["by"]) for event in told][-1] == ("vote", anna.id)
    await screens.receive(screen, {"type": "poll.close", "ref": "c", "id": uuid(1)})
    assert "closed_at" in await shown(room)
