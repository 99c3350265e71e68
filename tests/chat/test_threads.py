"""chat/replies.py and chat/threads.py: how many replies a message has, and which."""

from typing import Any

from chat.directory import GENERAL
from limits import MAX_COUNTED_REPLIES, MAX_HISTORY_PAGE
from tests.chat.asking import delete, edit, update
from tests.lanes import add, create_private, secure
from tests.rooms import ChatRoom, Person, accepted, answers, events, refused, uuid
from wire.lanes import LeaveChannel


async def thread(room: ChatRoom, person: Person, seq: int, channel: str = GENERAL, **more: int) -> dict[str, Any]:
    frame = {"type": "thread", "ref": "t", "channel": channel, "seq": seq, **more}
    return answers(await room.receive(await room.connect(person), frame))[-1]


async def replies(room: ChatRoom, channel: str = GENERAL) -> dict[str, Any]:
    """What a page of history says, by the text of the answered message."""
    messages = (await room.history(channel))["messages"]
    return {each.get("body", "deleted"): each["replies"] for each in messages if "replies" in each}


def bodies(page: dict[str, Any]) -> list[str]:
    return [message["body"] for message in page["messages"]]


async def discuss(room: ChatRoom, person: Person, *bodies: str, channel: str = GENERAL) -> int:
    """A message and replies to it, with ids from 1 on; the message's `seq`."""
    sent = await room.say(person, "lunch?", channel, id=uuid(1))
    for number, body in enumerate(bodies, 2):
        await room.say(person, body, channel, id=uuid(number), reply_to=uuid(1))
    return int(sent["seq"])


async def test_a_message_is_shown_with_the_number_of_its_replies(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna, "yes")
    room.now_ms += 5
    last = await room.say(anna, "no", id=uuid(3), reply_to=uuid(1))
    await room.say(anna, "something else", id=uuid(4))
    counted = {"count": 2, "at": room.now_ms, "as_of": last["seq"] + 1}
    assert await replies(room) == {"lunch?": counted}
    assert (await thread(room, anna, seq))["first"]["body"] == "lunch?"


async def test_a_thread_is_the_message_and_its_replies_oldest_first(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna, "yes", "no")
    await room.say(anna, "something else", id=uuid(4))
    await room.say(anna, "why not?", id=uuid(5), reply_to=uuid(3))
    page = await thread(room, anna, seq)
    assert page | {"first": page["first"]["body"], "messages": bodies(page)} == {
        "type": "thread", "ref": "t", "channel": GENERAL, "first": "lunch?", "messages": ["yes", "no"], "more": False,
    }  # fmt: skip
    assert bodies(await thread(room, anna, page["messages"][1]["seq"])) == ["why not?"]


async def test_a_long_thread_comes_in_pages_and_is_counted_so_far(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna, *(f"{number}" for number in range(MAX_HISTORY_PAGE + 3)))
    page = await thread(room, anna, seq)
    assert (len(page["messages"]), page["more"]) == (MAX_HISTORY_PAGE, True)
    rest = await thread(room, anna, seq, after=page["messages"][-1]["seq"])
    assert (bodies(rest), rest["more"]) == (["100", "101", "102"], False)
    assert room.state.store.replies.counts(GENERAL, seq, seq)[seq].many == MAX_COUNTED_REPLIES


async def test_a_deleted_reply_is_none_any_more_and_a_deleted_message_keeps_its_own(
    room: ChatRoom, anna: Person
) -> None:
    seq = await discuss(room, anna, "yes", "no")
    (event,) = events(await room.commit((anna, delete(uuid(2)))))
    assert (event["message_seq"], event["reply_seq"]) == (seq + 1, seq)
    await room.ask(anna, edit(uuid(3), "never"))
    (event,) = events(await room.commit((anna, delete(uuid(1)))))
    assert "reply_seq" not in event
    page = await thread(room, anna, seq)
    assert ("deleted_at" in page["first"], bodies(page)) == (True, ["never"])
    assert (await replies(room))["deleted"]["count"] == 1


async def test_who_returns_counts_no_reply_that_came_and_went_meanwhile(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna, "yes")
    await room.say(anna, "no", id=uuid(3), reply_to=uuid(1))
    for number in (2, 3):
        await room.ask(anna, delete(uuid(number)))
    gone = [event for event in await room.missed(anna, seq + 1) if event["kind"] == "delete"]
    assert [event.get("reply_seq") for event in gone] == [seq, None]


async def test_a_plain_message_has_no_row_and_a_reply_one_until_its_thread_is_removed(
    room: ChatRoom, anna: Person
) -> None:
    seq = await discuss(room, anna)
    assert room.database.count("replies") == 0
    await room.say(anna, "yes", id=uuid(2), reply_to=uuid(1))
    await room.say(anna, "yes", id=uuid(2), reply_to=uuid(1))
    assert room.database.count("replies") == 1
    room.state.store.delete_messages(GENERAL, seq, 1)
    assert room.database.count("replies") == 0
    assert refused(await thread(room, anna, seq)) == "not_found"


async def test_a_reply_from_before_there_were_counts_is_taken_off_nowhere(room: ChatRoom, anna: Person) -> None:
    await discuss(room, anna, "yes", "no")
    room.database.tamper("DELETE FROM replies WHERE seq = (SELECT min(seq) FROM replies)")
    (event,) = events(await room.commit((anna, delete(uuid(2)))))
    assert "reply_seq" not in event
    assert (await replies(room))["lunch?"]["count"] == 1


async def test_a_reply_that_does_not_open_is_counted_until_it_is_deleted(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna, "yes", "no")
    room.database.tamper("UPDATE messages SET sealed = x'00' WHERE seq = ?", seq + 1)
    assert (await replies(room))["lunch?"]["count"] == 2
    (event,) = events(await room.commit((anna, delete(uuid(2)))))
    assert event["reply_seq"] == seq
    assert (await replies(room))["lunch?"]["count"] == 1
    assert bodies(await thread(room, anna, seq)) == ["no"]


async def test_a_scheduled_reply_to_what_was_removed_leaves_no_row(room: ChatRoom, anna: Person) -> None:
    seq = await discuss(room, anna)
    room.state.store.delete_messages(GENERAL, seq, 1)
    room.state.directory.place(GENERAL).purged_seq = seq
    late = room.text("yes", reply_to=uuid(1))
    late.reply_seq = seq
    await room.ask(anna, late)
    assert room.database.count("replies") == 0


async def test_an_archived_channel_shows_its_threads_and_a_lane_none_to_who_left(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    seq = await discuss(room, anna, "yes", channel=plans)
    await room.ask(olga, update(plans, archived=True))
    assert bodies(await thread(room, boris, seq, plans)) == ["yes"]
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "secret", boris)
    seq = await discuss(room, anna, "no", channel=lane)
    assert bodies(await thread(room, boris, seq, lane)) == ["no"]
    accepted(await room.ask(boris, LeaveChannel("r", lane)))
    assert await thread(room, boris, seq, lane) == await thread(room, boris, seq, "nowhere")


async def test_whoever_is_not_shown_a_message_is_shown_no_thread(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans")
    seq = await discuss(room, anna, "before", channel=lane)
    hidden, missing = await thread(room, boris, seq, lane), await thread(room, boris, seq, "nowhere")
    assert hidden == missing
    await add(room, anna, lane, boris, history="none")
    await room.say(anna, "after", lane, id=uuid(8), reply_to=uuid(1))
    assert refused(await thread(room, boris, seq, lane)) == "not_found"
    assert bodies(await thread(room, anna, seq, lane)) == ["before", "after"]
    assert (await replies(room, lane))["lunch?"]["count"] == 2
