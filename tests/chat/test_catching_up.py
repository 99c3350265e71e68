"""chat/catching_up.py: what a member sees of the channels, and of what happened while they were away."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.catching_up import can_resume, resume_frames
from chat.directory import GENERAL
from limits import MAX_EVENTS_FRAME_BYTES, MAX_RESUME_EVENTS
from tests.chat.asking import THUMB
from tests.rooms import (
    DAY,
    HOUR,
    ChatRoom,
    Person,
    accepted,
    answers,
    closed,
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
)
from wire.profiles import UpdateRoom


async def post_many(room: ChatRoom, person: Person, count: int, channel: str = GENERAL) -> None:
    await room.commit(*[(person, room.text(f"{number}", channel)) for number in range(count)])


async def purge(room: ChatRoom) -> list[dict[str, Any]]:
    """Clean up until nothing is left to do; the events that were told."""
    told = []
    while True:
        online = {member.id for member in room.state.directory.present_members()}
        cleaned = await room.state.retention.run(now_ms=room.now_ms, is_online=online)
        told += events(cleaned.events)
        if not cleaned.more:
            return told


# --- coming back ---


async def test_whoever_missed_nothing_is_told_nothing(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x")
    welcome, *frames = await room.catch_up(anna, room.state.directory.seq)
    assert welcome["resumed"] is True
    assert frames == [{"type": "events", "events": []}]


async def test_whoever_missed_some_messages_is_told_them_in_order(room: ChatRoom, anna: Person, boris: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    seq = (await room.say(anna, "seen"))["seq"]
    outcome = await room.commit(
        (anna, room.text("one")),
        (boris, room.text("two", plans)),
        (anna, room.text("three")),
        (anna, room.text("four", plans)),
    )
    await room.wake()
    assert await room.missed(boris, seq) == events(outcome)


async def test_the_next_who_comes_back_from_the_same_place_is_told_the_same_without_opening_it_again(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    await room.say(anna, "one")
    first = await room.missed(anna, seq)
    opened = room.ciphers.opened
    assert await room.missed(boris, seq) == first
    assert room.ciphers.opened == opened


@pytest.mark.parametrize("then", ["message", "edit", "deletion", "reaction"])
async def test_what_was_told_to_one_who_came_back_is_not_told_to_the_next_after_a_change(
    room: ChatRoom, anna: Person, boris: Person, then: str
) -> None:
    seq = room.state.directory.seq
    await room.commit((anna, room.text("one", id=uuid(1))))
    before = await room.missed(anna, seq)
    changes: dict[str, Change] = {
        "message": room.text("two"),
        "edit": Edit("e", uuid(1), "uno", ()),
        "deletion": Delete("d", uuid(1)),
        "reaction": React("r", uuid(1), THUMB, on=True),
    }
    await room.commit((anna, changes[then]))
    after = await room.missed(boris, seq)
    assert len(after) == len(before) + 1
    await room.wake()
    assert await room.missed(boris, seq) == after


@pytest.mark.parametrize(
    "then", ["message", "edit", "deletion", "reaction", "archive", "deleted channel", "purge", "removal"]
)
async def test_the_page_that_is_kept_is_the_one_that_storage_has(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, then: str
) -> None:
    plans = await room.create_channel(anna, "plans")
    for number in (1, 2):
        await room.say(boris, f"message {number}", plans, id=uuid(number))
    connection = await room.connect(anna)

    async def page() -> dict[str, Any]:
        (answer,) = answers(await room.receive(connection, {"type": "history", "channel": plans, "limit": 10}))
        return answer

    before = await page()
    opened = room.ciphers.opened
    assert await page() == before
    assert room.ciphers.opened == opened, "the second page was opened anew"
    changes: dict[str, tuple[Person, Change]] = {
        "message": (anna, room.text("new", plans)),
        "edit": (boris, Edit("e", uuid(1), "uno", ())),
        "deletion": (boris, Delete("d", uuid(1))),
        "reaction": (anna, React("r", uuid(1), THUMB, on=True)),
        "archive": (anna, UpdateChannel("u", plans, {"archived": True})),
        "deleted channel": (olga, DeleteChannel("x", plans)),
        "removal": (olga, RemoveMember("m", boris.id)),
    }
    if then == "purge":
        await room.ask(olga, UpdateRoom("k", {"retention_days": 1}))
        room.later(2 * DAY)
        await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    else:
        accepted(await room.ask(*changes[then]))
    after = await page()
    if then == "deleted channel":
        assert refused(after) == "not_found"
    else:
        assert {"type": "history", "ref": None, **(await room.history(plans, limit=10))} == after
    assert (after != before) is (then not in ("archive", "removal"))


async def test_a_catch_up_tells_exactly_what_the_others_were_told(room: ChatRoom, anna: Person, olga: Person) -> None:
    seq = room.state.directory.seq
    room.later(HOUR)
    told = []
    changes: list[tuple[Person, Change]] = [
        (anna, room.text("hello", id=uuid(1), mentions=[olga.id])),
        (olga, room.text("yes?", reply_to=uuid(1))),
        (olga, React("r", uuid(1), THUMB, on=True)),
        (anna, CreateChannel("c", "plans", "topic")),
        (olga, UpdateRoom("u", {"retention_days": 7})),
        (olga, React("r", uuid(1), THUMB, on=False)),
        (anna, Edit("e", uuid(1), "hi", ())),
    ]
    for change in changes:
        told += events(await room.commit(change))
    told[0] |= {"body": "hi", "mentions": []}  # texts are told as they are now
    assert await room.missed(anna, seq) == told


@pytest.mark.parametrize(
    ("missed", "resumed"), [(MAX_RESUME_EVENTS - 1, True), (MAX_RESUME_EVENTS, True), (MAX_RESUME_EVENTS + 1, False)]
)
async def test_a_catch_up_goes_exactly_to_the_limit(room: ChatRoom, anna: Person, missed: int, resumed: bool) -> None:
    seq = room.state.directory.seq
    await post_many(room, anna, missed)
    welcome, *frames = await room.catch_up(anna, seq)
    assert welcome["resumed"] is resumed
    told = [event["seq"] for frame in frames for event in frame["events"]]
    assert told == (list(range(seq + 1, seq + missed + 1)) if resumed else [])


async def test_the_limit_counts_changes_of_every_kind(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    seq = room.state.directory.seq
    await room.commit(*[(anna, React("r", uuid(1), THUMB, on=number % 2 == 0)) for number in range(30)])
    await post_many(room, anna, MAX_RESUME_EVENTS - 30)
    assert len(await room.missed(anna, seq)) == MAX_RESUME_EVENTS
    await room.say(anna, "one too many")
    assert (await room.welcome(anna, seq))["resumed"] is False


@pytest.mark.parametrize("ahead", [1, 1_000, 2**53 - 1 - 1_000])
async def test_a_position_from_the_future_is_not_resumed(room: ChatRoom, anna: Person, ahead: int) -> None:
    welcome, *frames = await room.catch_up(anna, room.state.directory.seq + ahead)
    assert (welcome["resumed"], frames) == (False, [])


async def test_a_fresh_start_is_not_resumed(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x")
    welcome, *frames = await room.catch_up(anna, None)
    assert (welcome["resumed"], frames) == (False, [])


async def test_a_position_before_a_purge_is_resumed_with_the_gap_explained(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    await post_many(room, anna, 3)
    room.later(31 * DAY - HOUR)
    kept = await room.say(anna, "kept")
    room.later(HOUR)
    room.state.store.facts.put("forgotten_seq", seq)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    device = await room.join("Anna")
    told = [event for event in await room.missed(device, seq) if event["kind"] in ("message", "purge")]
    assert [(event["kind"], event["seq"]) for event in told] == [("message", kept["seq"]), ("purge", kept["seq"] + 1)]
    assert told[1] == {
        "seq": kept["seq"] + 1,
        "kind": "purge",
        "channel": GENERAL,
        "up_to_seq": seq + 3,
        "count": 3,
        "reason": "retention",
    }


@pytest.mark.parametrize(("position", "resumed"), [(-1, False), (0, True), (1, True)])
async def test_a_position_before_what_the_room_remembers_is_not_resumed(
    room: ChatRoom, anna: Person, position: int, resumed: bool
) -> None:
    for name in ("one", "two"):
        await room.create_channel(anna, name)
    forgotten = room.state.directory.seq
    room.later(31 * DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    assert room.database.count("changes") == 0
    anna = await room.join("Anna")
    await room.say(anna, "x")
    assert (await room.welcome(anna, forgotten + position))["resumed"] is resumed


async def test_an_empty_room_is_resumed_at_its_beginning(room: ChatRoom, anna: Person) -> None:
    await room.wake()
    assert (await room.welcome(anna, 0))["channels"][0]["last_seq"] == 0
    told = await room.missed(anna, 0)
    assert [(event["seq"], event["kind"], event.get("reason")) for event in told] == [(1, "member", "joined")]


async def test_a_missed_edit_brings_the_present_text(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "one", id=uuid(1))
    seq = room.state.directory.seq
    await room.ask(anna, Edit("e", uuid(1), "two", ()))
    room.later(HOUR)
    await room.ask(anna, Edit("e", uuid(1), "three", (boris.id,)))
    told = await room.missed(boris, seq)
    assert [(event["kind"], event["body"], event["mentions"]) for event in told] == [
        ("edit", "three", [boris.id]),
        ("edit", "three", [boris.id]),
    ]
    assert [event["edited_at"] for event in told] == [room.now_ms - HOUR, room.now_ms]


async def test_a_missed_edit_of_what_was_deleted_since_has_no_text(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "one", id=uuid(1))
    seq = room.state.directory.seq
    await room.ask(anna, Edit("e", uuid(1), "two", ()))
    await room.ask(anna, Delete("d", uuid(1)))
    told = await room.missed(anna, seq)
    assert [(event["kind"], event.get("body")) for event in told] == [("edit", ""), ("delete", None)]


async def test_a_missed_message_that_was_deleted_since_comes_without_its_text(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    sent = await room.say(anna, "gone", id=uuid(1))
    await room.ask(anna, Delete("d", uuid(1)))
    message, deletion = await room.missed(anna, seq)
    assert message == {
        "seq": seq + 1,
        "kind": "message",
        "id": uuid(1),
        "channel": GENERAL,
        "author": anna.id,
        "sent_at": sent["sent_at"],
        "body": "",
        "deleted_at": room.now_ms,
    }
    assert deletion["kind"] == "delete"


async def test_a_missed_message_that_does_not_open_is_told_as_unreadable(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    await post_many(room, anna, 3)
    room.database.tamper("UPDATE messages SET sealed = zeroblob(50) WHERE seq = ?", seq + 2)
    told = await room.missed(anna, seq)
    assert [(event["body"], event.get("unreadable")) for event in told] == [("0", None), ("", True), ("2", None)]


async def test_a_missed_change_that_does_not_open_is_left_out_and_the_others_are_told(
    room: ChatRoom, anna: Person
) -> None:
    seq = room.state.directory.seq
    for name in ("one", "two", "three"):
        await room.create_channel(anna, name)
    room.database.tamper("UPDATE changes SET sealed = zeroblob(50) WHERE seq = ?", seq + 2)
    assert [event["channel"]["name"] for event in await room.missed(anna, seq)] == ["one", "three"]


async def test_missed_changes_of_channels_and_members_are_told(room: ChatRoom, anna: Person, olga: Person) -> None:
    seq = room.state.directory.seq
    plans = await room.create_channel(anna, "plans")
    await room.ask(anna, UpdateChannel("u", plans, {"name": "ideas", "archived": True}))
    boris = await room.join("Boris")
    await room.ask(anna, DeleteChannel("x", plans))
    await room.ask(olga, RemoveMember("m", boris.id))
    told = await room.missed(anna, seq)
    assert [event["kind"] for event in told] == ["channel", "channel", "member", "channel_deleted", "member_removed"]
    assert [event["channel"]["name"] for event in told[:2]] == ["plans", "ideas"]
    assert told[2]["member"] == {"id": boris.id, "name": "Boris", "role": "member", "hue": 2}
    assert told[4]["member"] == boris.id


async def test_missed_texts_of_a_deleted_channel_are_not_told(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "secret", plans, id=uuid(1))
    seq = room.state.directory.seq
    await room.say(anna, "secret", plans)
    await room.ask(anna, Edit("e", uuid(1), "secret still", ()))
    await room.ask(anna, DeleteChannel("x", plans))
    told = await room.missed(anna, seq)
    assert told[-1]["kind"] == "channel_deleted"
    assert not any("secret" in str(event) for event in told)


@pytest.mark.parametrize("how", ["signed out", "expired", "removed"])
async def test_an_ended_session_is_told_nothing_at_all(room: ChatRoom, anna: Person, olga: Person, how: str) -> None:
    connection = room.socket(anna)
    await room.say(olga, "secret")
    if how == "signed out":
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    elif how == "expired":
        room.later(30 * DAY)
    else:
        await room.ask(olga, RemoveMember("m", anna.id))
    effects = await room.receive(connection, {"type": "hello", "last_seq": 0})
    assert closed(effects) == 4401
    assert len(effects) == 1


async def test_a_big_catch_up_is_cut_into_frames_and_loses_nothing(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    body = "x" * 4_000
    await room.commit(*[(anna, room.text(body)) for _ in range(200)])
    _, *frames = await room.catch_up(anna, seq)
    assert len(frames) > 1
    assert all(len(str(frame)) < MAX_EVENTS_FRAME_BYTES + 10_000 for frame in frames)
    assert [event["seq"] for frame in frames for event in frame["events"]] == list(range(seq + 1, seq + 201))


# --- what is unread ---


async def read(room: ChatRoom, person: Person, seq: int, channel: str = GENERAL) -> None:
    await room.receive(await room.connect(person), {"type": "read", "channel": channel, "seq": seq})


async def standing(room: ChatRoom, person: Person, channel: str = GENERAL) -> tuple[int, int, int]:
    """`read_seq`, `unread` and `mentions`; the same before and after a sleep."""
    awake = await room.channel_of(person, channel)
    await room.wake()
    assert await room.channel_of(person, channel) == awake
    return awake["read_seq"], awake["unread"], awake["mentions"]


async def test_whoever_never_read_has_everything_unread(room: ChatRoom, anna: Person, boris: Person) -> None:
    await post_many(room, anna, 3)
    assert await standing(room, boris) == (0, 3, 0)


async def test_what_came_after_the_read_position_is_unread(room: ChatRoom, anna: Person, boris: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await post_many(room, anna, 5)
    await post_many(room, anna, 4, plans)
    third = (await room.history())["messages"][2]["seq"]
    await read(room, boris, third)
    assert await standing(room, boris) == (third, 2, 0)
    assert await standing(room, boris, plans) == (0, 4, 0)


async def test_changes_that_are_no_messages_are_not_counted(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await read(room, boris, room.state.directory.seq)
    await room.ask(anna, React("r", uuid(1), THUMB, on=True))
    await room.ask(anna, Edit("e", uuid(1), "y", ()))
    assert (await standing(room, boris))[1] == 0
    await room.say(anna, "z")
    assert (await standing(room, boris))[1] == 1


async def test_whoever_wrote_last_has_nothing_unread(room: ChatRoom, anna: Person, boris: Person) -> None:
    await post_many(room, anna, 3)
    await room.say(boris, "mine")
    assert (await standing(room, boris))[1] == 0
    await room.say(anna, "newer")
    assert (await standing(room, boris))[1] == 4


async def test_a_read_position_never_goes_back_nor_beyond_the_newest(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await post_many(room, anna, 3)
    newest = room.state.directory.seq
    await read(room, boris, 2**53 - 1)
    assert await standing(room, boris) == (newest, 0, 0)
    await read(room, boris, newest - 1)
    assert await standing(room, boris) == (newest, 0, 0)


@pytest.mark.parametrize("read_of_five", range(6))
async def test_purged_messages_are_not_unread(room: ChatRoom, anna: Person, boris: Person, read_of_five: int) -> None:
    first = room.state.directory.seq + 1
    await post_many(room, anna, 3)
    room.later(31 * DAY)
    anna, boris = await room.join("Anna", admin=True), await room.join("Boris", admin=True)
    later = room.state.directory.seq + 1
    await post_many(room, anna, 2)
    seqs = [0, first, first + 1, first + 2, later, later + 1]
    if read_of_five:
        await read(room, boris, seqs[read_of_five])
    await purge(room)
    assert await standing(room, boris) == (seqs[read_of_five], min(2, 5 - read_of_five), 0)


async def test_after_everything_was_purged_nothing_is_unread(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", mentions=[boris.id])
    room.later(31 * DAY)
    await purge(room)
    boris = await room.join("Boris", admin=True)
    assert await standing(room, boris) == (0, 0, 0)


async def test_mentions_and_answers_that_are_unread_are_counted(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "why?", id=uuid(1))
    await room.say(anna, "@Boris", mentions=[boris.id])
    second = await room.say(anna, "because", reply_to=uuid(1))
    await room.say(anna, "nobody")
    await room.say(anna, "@Boris @Anna", mentions=[boris.id, anna.id])
    assert (await standing(room, boris))[1:] == (4, 3)
    assert (await standing(room, anna))[2] == 0
    await read(room, boris, second["seq"])
    assert (await standing(room, boris))[1:] == (2, 1)


async def test_whoever_wrote_last_has_seen_the_mentions(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "@Boris", mentions=[boris.id])
    await room.say(boris, "here")
    assert (await standing(room, boris))[1:] == (0, 0)


# --- one truth ---


def advance(view: dict[str, dict[str, Any]], event: dict[str, Any]) -> None:
    """What a client that follows the events shows: messages by id, as history gives them."""
    match event["kind"]:
        case "message" if "deleted_at" in event:
            view[event["id"]] = {name: event[name] for name in ("seq", "id", "channel", "deleted_at")}
        case "message":
            view[event["id"]] = {name: value for name, value in event.items() if name != "kind"}
        case "edit" if event["id"] in view and "deleted_at" not in view[event["id"]]:
            view[event["id"]] |= {name: event[name] for name in ("body", "edited_at", "mentions") if name in event}
        case "delete" if event["id"] in view:
            message = view[event["id"]]
            view[event["id"]] = {name: message[name] for name in ("seq", "id", "channel")} | {"deleted_at": event["at"]}
        case "reaction" if event["id"] in view and "deleted_at" not in view[event["id"]]:
            reactions = view[event["id"]].setdefault("reactions", {})
            members = reactions.setdefault(event["emoji"], [])
            members.append(event["by"]) if event["on"] else members.remove(event["by"])
            view[event["id"]]["reactions"] = {emoji: who for emoji, who in reactions.items() if who}
        case "channel_deleted":
            for message_id in [name for name, message in view.items() if message["channel"] == event["channel"]]:
                del view[message_id]
        case "purge":
            for message_id, message in list(view.items()):
                if message["channel"] == event["channel"] and message["seq"] <= event["up_to_seq"]:
                    del view[message_id]


def same(view: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without what makes no difference: no mentions and an empty list of them, no reactions and none left."""
    return {
        name: {key: value for key, value in message.items() if value or key not in ("mentions", "reactions")}
        for name, message in view.items()
    }


async def loaded(room: ChatRoom) -> dict[str, dict[str, Any]]:
    pages = [await room.history(channel.id) for channel in room.state.directory.present_channels()]
    return {message["id"]: message for page in pages for message in page["messages"]}


STEPS = st.tuples(
    st.sampled_from(["send", "send", "send", "edit", "delete", "react", "leave channel", "sleep", "half a month"]),
    st.integers(0, 9),
    st.integers(0, 1),
)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=40), cut=st.integers(0, 40))
def test_following_the_events_returning_later_and_loading_afresh_show_the_same(
    steps: list[tuple[str, int, int]], cut: int
) -> None:
    async def play() -> None:
        room = await make_room()
        people = [await room.join("Anna"), await room.join("Boris")]
        channels = [GENERAL, await room.create_channel(people[0], "plans")]
        followed: dict[str, dict[str, Any]] = {}
        saved: tuple[int, dict[str, dict[str, Any]]] = (room.state.directory.seq, {})
        for number, (kind, which, who) in enumerate(steps):
            if number == cut:
                saved = (room.state.directory.seq, await loaded(room))
            person, message = people[who], uuid(which)
            changes: dict[str, Change] = {
                "send": room.text(f"text {number}", channels[which % 2], id=message),
                "edit": Edit("e", message, f"edited {number}", (people[0].id,)),
                "delete": Delete("d", message),
                "react": React("r", message, THUMB, on=bool(number % 2)),
                "leave channel": DeleteChannel("x", channels[1]),
            }
            if kind == "sleep":
                await room.wake()
                continue
            if kind == "half a month":
                room.later(16 * DAY)
                told = await purge(room)
            else:
                told = events(await room.commit((person, changes[kind])))
            for event in told:
                advance(followed, event)

        fresh = await loaded(room)
        assert same(followed) == same(fresh)
        seq, returned = saved
        state = room.state
        if can_resume(seq, state.directory, state.store):
            for frame in await resume_frames(seq, people[0].id, state.audience, state.store, state.keyring):
                for event in parsed(frame)["events"]:
                    advance(returned, event)
            assert same(returned) == same(fresh)

    asyncio.run(play())
