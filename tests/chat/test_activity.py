"""chat/activity.py: who mentions or answers a member or reacts to them, in one list that is theirs alone."""

import json
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import MAX_HISTORY_PAGE, MAX_PAGE_BYTES, MAX_SAFE_INTEGER, MAX_UNSEEN
from live.announcements import cleaned
from live.effects import Tell
from tests.chat.asking import HEART, THUMB, delete, edit, react
from tests.lanes import Screen, Screens, add, create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, accepted, answers, uuid
from wire.changes import DeleteChannel, React, RemoveMember
from wire.lanes import LeaveChannel, PartMember

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


async def page(room: ChatRoom, person: Person, **more: Any) -> dict[str, Any]:
    room.later(MINUTE)
    return answers(await room.receive(await room.connect(person), {"type": "activity", "ref": "a", **more}))[0]


async def listed(room: ChatRoom, person: Person) -> list[tuple[str, str]]:
    """Why and about which words, newest first."""
    return [(message["why"], message["body"]) for message in (await page(room, person))["messages"]]


async def new_to(room: ChatRoom, person: Person) -> int:
    return int((await page(room, person))["unseen"])


async def see(room: ChatRoom, person: Person, at: int) -> None:
    frame = {"type": "activity.seen", "ref": "s", "at": at}
    assert answers(await room.receive(await room.connect(person), frame)) == [{"type": "ok", "ref": "s"}]


async def watched(room: ChatRoom, *people: Person) -> tuple[Screens, list[Screen]]:
    """A screen of each, with nothing on it so far."""
    screens = Screens(room)
    opened = [await screens.open(person, {}) for person in people]
    for screen in opened:
        screen.take()
    return screens, opened


def of_activity(screen: Screen) -> list[dict[str, Any]]:
    return [frame for frame in screen.take() if frame["type"].startswith("activity")]


# --- what is listed ---


async def test_mentions_answers_and_reactions_come_newest_first(room: ChatRoom, anna: Person, boris: Person) -> None:
    said = await room.say(anna, "question", id=uuid(1))
    room.later(MINUTE)
    await room.say(boris, "answer", id=uuid(2), reply_to=uuid(1), mentions=[anna.id])
    room.later(MINUTE)
    await room.say(boris, "Anna?", mentions=[anna.id])
    await room.say(boris, "nobody")
    room.later(MINUTE)
    accepted(await room.ask(boris, react(uuid(1))))
    assert await listed(room, anna) == [("reaction", "question"), ("mention", "Anna?"), ("answer", "answer")]
    first, *_ = (await page(room, anna))["messages"]
    assert (first["seq"], first["reactions"], first["unseen"]) == (said["seq"], {THUMB: [boris.id]}, True)
    assert await listed(room, boris) == []


async def test_the_message_says_what_it_says_now(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "Anna?", id=uuid(1), mentions=[anna.id])
    accepted(await room.ask(boris, edit(uuid(1), "Anna!", anna.id)))
    assert await listed(room, anna) == [("mention", "Anna!")]


async def test_what_is_deleted_or_mentions_one_no_longer_is_gone(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "mine", id=uuid(1))
    for number in (2, 3):
        await room.say(boris, f"Anna {number}", id=uuid(number), mentions=[anna.id])
    accepted(await room.ask(boris, react(uuid(1))))
    accepted(await room.ask(boris, edit(uuid(2), "nobody")))
    accepted(await room.ask(boris, delete(uuid(3))))
    assert await listed(room, anna) == [("reaction", "mine")]
    accepted(await room.ask(anna, delete(uuid(1))))
    assert await listed(room, anna) == []
    assert room.database.count("activity") == 0


async def test_who_is_mentioned_by_an_edit_finds_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "nobody", id=uuid(1))
    room.later(MINUTE)
    accepted(await room.ask(boris, edit(uuid(1), "Anna", anna.id)))
    assert await listed(room, anna) == [("mention", "Anna")]
    assert await new_to(room, anna) == 1


async def test_what_the_clean_up_removed_is_gone(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "mine", id=uuid(1))
    accepted(await room.ask(boris, react(uuid(1))))
    await room.say(boris, "Anna", mentions=[anna.id])
    room.state.store.delete_messages(GENERAL, room.state.directory.seq, 2)
    assert await listed(room, anna) == []
    assert room.database.count("activity") == 0


async def test_a_deleted_channel_is_not_listed(room: ChatRoom, anna: Person, boris: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(boris, "Anna", plans, mentions=[anna.id])
    assert await new_to(room, anna) == 1
    olga = await room.join("Olga", admin=True)
    accepted(await room.ask(olga, DeleteChannel("x", plans)))
    assert (await listed(room, anna), await new_to(room, anna)) == ([], 0)


# --- reactions ---


async def test_only_the_first_reaction_that_is_not_seen_is_noted(room: ChatRoom, anna: Person, boris: Person) -> None:
    clara = await room.join("Clara")
    await room.say(anna, "mine", id=uuid(1))
    screens, (hers, *_) = await watched(room, anna)
    his = await screens.open(boris, {})
    for emoji in (THUMB, HEART):
        await screens.receive(his, {"type": "react", "id": uuid(1), "emoji": emoji, "on": True})
    assert [frame["why"] for frame in of_activity(hers)] == ["reaction"]
    before = (await page(room, anna))["messages"][0]["at"]
    await see(room, anna, MAX_SAFE_INTEGER)
    room.later(MINUTE)
    accepted(await room.ask(clara, react(uuid(1))))
    (again,) = (await page(room, anna))["messages"]
    assert (again["at"] > before, again["unseen"], await new_to(room, anna)) == (True, True, 1)
    assert again["reactions"] == {THUMB: [boris.id, clara.id], HEART: [boris.id]}


async def test_with_the_last_reaction_of_others_it_is_gone(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "mine", id=uuid(1))
    for person, emoji in ((anna, THUMB), (boris, THUMB), (boris, HEART)):
        accepted(await room.ask(person, react(uuid(1), emoji)))
    accepted(await room.ask(boris, react(uuid(1), THUMB, on=False)))
    assert await listed(room, anna) == [("reaction", "mine")]
    screens, (hers, his) = await watched(room, anna, boris)
    await screens.receive(his, {"type": "react", "id": uuid(1), "emoji": HEART, "on": False})
    assert of_activity(hers) == [{"type": "activity.seen", "seen": 0, "unseen": 0}]
    assert await listed(room, anna) == []


async def test_ones_own_reactions_and_those_to_programs_and_former_members_are_noted_for_nobody(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(anna, "mine", id=uuid(1))
    accepted(await room.ask(anna, react(uuid(1))))
    await room.say(boris, "his", id=uuid(2))
    olga = await room.join("Olga", admin=True)
    accepted(await room.ask(olga, RemoveMember("x", boris.id)))
    accepted(await room.ask(anna, react(uuid(2))))
    assert room.database.count("activity") == 0


# --- what is new ---


async def test_what_is_new_follows_reading_seeing_and_marking(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "mine", id=uuid(1))
    seqs = [(await room.say(boris, f"Anna {number}", mentions=[anna.id]))["seq"] for number in range(3)]
    accepted(await room.ask(boris, react(uuid(1))))
    screens, (hers, other) = await watched(room, anna, anna)
    assert (await room.channel_of(anna))["mentions"] == 3
    assert await new_to(room, anna) == 4
    await screens.receive(hers, {"type": "read", "channel": GENERAL, "seq": seqs[1]})
    fewer = [{"type": "activity.seen", "seen": 0, "unseen": 2}]
    assert (of_activity(hers), of_activity(other)) == (fewer, fewer)
    await screens.receive(hers, {"type": "unread", "ref": "u", "channel": GENERAL, "seq": seqs[0]})
    assert ((await room.channel_of(anna))["mentions"], await new_to(room, anna)) == (1, 2)
    await screens.receive(hers, {"type": "activity.seen", "ref": "s", "at": MAX_SAFE_INTEGER})
    told = of_activity(other)
    assert [frame["unseen"] for frame in told] == [0]
    assert told == of_activity(hers)
    assert (await room.channel_of(anna))["mentions"] == 1, "what is seen here is unread in its channel"
    assert [message.get("unseen") for message in (await page(room, anna))["messages"]] == [None] * 4
    room.later(MINUTE)
    await room.say(boris, "once more", mentions=[anna.id])
    assert await new_to(room, anna) == 1


async def test_seeing_goes_forward_only_and_no_further_than_there_is_something(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await see(room, anna, MAX_SAFE_INTEGER)
    assert room.database.count("activity_seen") == 0
    times = []
    for number in range(3):
        room.later(MINUTE)
        times.append(room.now_ms)
        await room.say(boris, f"Anna {number}", mentions=[anna.id])
    await see(room, anna, times[1] + 5)
    assert room.database.rows("activity_seen") == [{"member": anna.id, "at": times[1]}]
    before = room.database.dump()
    for at in (0, times[0], times[1], times[2] - 1):
        await see(room, anna, at)
    assert room.database.dump() == before
    assert await new_to(room, anna) == 1


async def test_a_welcome_says_what_is_new(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(boris, "Anna", mentions=[anna.id])
    for person, new in ((anna, 1), (boris, 0)):
        (welcome,) = (frame for frame in (await Screens(room).open(person, {})).take() if frame["type"] == "welcome")
        assert welcome["activity"] == {"seen": 0, "unseen": new}


async def test_one_frame_is_for_all_whom_a_message_mentions(room: ChatRoom, anna: Person, boris: Person) -> None:
    clara = await room.join("Clara")
    await room.say(clara, "question", id=uuid(1))
    screens, (hers, his, another) = await watched(room, anna, boris, clara)
    said = {"type": "send", "id": uuid(2), "channel": GENERAL, "body": "x", "reply_to": uuid(1)}
    await screens.receive(hers, said | {"mentions": [boris.id, clara.id]})
    seq = room.state.directory.seq
    for screen, why in ((his, "mention"), (another, "answer")):
        assert of_activity(screen) == [{"type": "activity.new", "channel": GENERAL, "seq": seq, "why": why}]
    assert of_activity(hers) == []
    await screens.receive(hers, {"type": "delete", "ref": "d", "id": uuid(2)})
    for screen in (his, another):
        assert of_activity(screen) == [{"type": "activity.seen", "seen": 0, "unseen": 0}]


# --- pages ---


async def test_long_texts_come_in_pages(room: ChatRoom, anna: Person, boris: Person) -> None:
    count = MAX_PAGE_BYTES // 4_000 + 2
    for number in range(count):
        room.later(MINUTE)
        await room.say(boris, f"{number:04}" + "x" * 3_996, mentions=[anna.id])
    first = await page(room, anna)
    rest = await page(room, anna, before=first["next"])
    bodies = [message["body"][:4] for message in (*first["messages"], *rest["messages"])]
    assert bodies == [f"{number:04}" for number in reversed(range(count))]
    assert (bool(first["next"]), rest["next"]) == (True, None)


@pytest.mark.parametrize("more", [-1, 0, 1])
async def test_a_page_has_so_many_and_no_more(room: ChatRoom, anna: Person, boris: Person, more: int) -> None:
    said = [room.text(f"{number}", mentions=[anna.id]) for number in range(MAX_HISTORY_PAGE + more)]
    await room.commit(*((boris, each) for each in said))
    first = await page(room, anna)
    assert (len(first["messages"]), first["next"] is None) == (min(len(said), MAX_HISTORY_PAGE), more < 1)
    assert first["unseen"] == min(len(said), MAX_UNSEEN)
    if more == 1:
        rest = await page(room, anna, before=first["next"])
        assert [message["body"] for message in rest["messages"]] == ["0"]


async def test_what_happened_at_the_same_time_stands_on_one_page(room: ChatRoom, anna: Person, boris: Person) -> None:
    said = [await room.say(boris, f"{number}", mentions=[anna.id]) for number in range(MAX_HISTORY_PAGE + 5)]
    for number, message in enumerate(said):
        place = anna.id, message["seq"]
        room.database.tamper("UPDATE activity SET at = ? WHERE member = ? AND seq = ?", number // 3 + 1, *place)
    seen: list[str] = []
    before: dict[str, int] = {}
    while True:
        found = await page(room, anna, **before)
        seen += [message["body"] for message in found["messages"]]
        if found["next"] is None:
            break
        before = {"before": found["next"]}
    assert sorted(map(int, seen)) == list(range(len(said)))


# --- private channels ---


async def test_in_a_conversation_it_is_for_those_who_are_in_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    clara = await room.join("Clara")
    await secure(room, anna, boris, clara)
    lane = await open_direct(room, anna, boris)
    screens, (hers, his, another) = await watched(room, anna, boris, clara)
    old = await screens.open(boris)
    old.take()
    said = {"type": "send", "id": uuid(1), "channel": lane, "body": "psst", "mentions": [boris.id, clara.id]}
    await screens.receive(hers, said)
    await screens.receive(his, {"type": "react", "id": uuid(1), "channel": lane, "emoji": THUMB, "on": True})
    assert [frame["why"] for frame in of_activity(his)] == ["mention"]
    assert [frame["why"] for frame in of_activity(hers)] == ["reaction"]
    assert (another.take(), old.take()) == ([], [])
    assert (await listed(room, boris), await listed(room, clara)) == ([("mention", "psst")], [])
    (welcome,) = (frame for frame in (await screens.open(boris)).take() if frame["type"] == "welcome")
    assert welcome["activity"]["unseen"] == 0, "a socket that takes no lanes"


@pytest.mark.parametrize("how", ["leaves", "is removed"])
async def test_who_is_in_it_no_longer_or_from_now_on_sees_nothing_of_it(
    room: ChatRoom, anna: Person, boris: Person, how: str
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans", boris)
    await room.say(boris, "his", lane, id=uuid(1))
    await room.say(anna, "Boris", lane, mentions=[boris.id])
    accepted(await room.ask(anna, React("r", uuid(1), THUMB, on=True, channel=lane)))
    assert await new_to(room, boris) == 2
    gone = LeaveChannel("x", lane) if how == "leaves" else PartMember("x", lane, boris.id)
    accepted(await room.ask(boris if how == "leaves" else anna, gone))
    nothing: dict[str, Any] = {"type": "activity", "ref": "a", "messages": [], "next": None, "seen": 0, "unseen": 0}
    assert await page(room, boris) == nothing
    assert [row for row in room.database.rows("activity") if row["member"] == boris.id] == []
    accepted(await add(room, anna, lane, boris, history="none"))
    accepted(await room.ask(anna, React("r", uuid(1), HEART, on=True, channel=lane)))
    assert await page(room, boris) == nothing
    await room.say(anna, "Boris again", lane, mentions=[boris.id])
    assert await listed(room, boris) == [("mention", "Boris again")]


# --- who has left a private channel ---


@pytest.mark.parametrize("change", ["edit", "delete"])
@pytest.mark.parametrize("way", ["leaves", "is removed", "is back from now on"])
async def test_who_left_a_private_channel_hears_nothing_of_what_mentioned_them(
    room: ChatRoom, anna: Person, boris: Person, way: str, change: str
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "secret", boris)
    await room.say(anna, "look, Boris", lane, id=uuid(1), mentions=[boris.id])
    leaving = LeaveChannel("x", lane) if way == "leaves" else PartMember("x", lane, boris.id)
    accepted(await room.ask(boris if way == "leaves" else anna, leaving))
    if way == "is back from now on":
        accepted(await add(room, anna, lane, boris, history="none"))
    screens, (his, hers) = await watched(room, boris, anna)
    body = {"body": "something else"} if change == "edit" else {}
    await screens.receive(hers, {"type": change, "ref": "r", "id": uuid(1), "channel": lane, **body})
    assert his.take() == []


async def test_who_was_removed_hears_nothing_of_what_became_of_their_message(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    olga = await room.join("Olga", admin=True)
    await secure(room, anna, boris, olga)
    lane = await create_private(room, anna, "secret", boris, olga)
    await room.say(boris, "mine", lane, id=uuid(1))
    accepted(await room.ask(anna, React("r", uuid(1), THUMB, True, lane)))
    accepted(await room.ask(anna, PartMember("x", lane, boris.id)))
    screens, (his, hers) = await watched(room, boris, olga)
    await screens.receive(hers, {"type": "delete", "ref": "r", "id": uuid(1), "channel": lane})
    assert his.take() == []


# --- what is gone, or was never unread ---


def counted(screen: Screen) -> int | None:
    """How much is new, as the frames since the last look say."""
    seen = [frame["unseen"] for frame in screen.take() if frame["type"] == "activity.seen"]
    return seen[-1] if seen else None


async def test_what_goes_with_a_channel_is_new_no_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    channel = await room.create_channel(anna, "plans")
    await room.say(anna, "Boris", channel, mentions=[boris.id])
    screens, (his, hers) = await watched(room, boris, anna)
    await screens.receive(hers, {"type": "channel.delete", "ref": "r", "id": channel})
    assert counted(his) == 0 == await new_to(room, boris)


async def test_what_goes_with_a_private_channel_is_new_no_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "secret", boris)
    await room.say(anna, "Boris", lane, mentions=[boris.id])
    screens, (his, hers) = await watched(room, boris, anna)
    await screens.receive(hers, {"type": "channel.remove", "ref": "r", "id": lane, "member": boris.id})
    assert counted(his) == 0 == await new_to(room, boris)


async def test_what_becomes_too_old_is_new_no_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    olga = await room.join("Olga", admin=True)
    accepted(await room.asked(olga, {"type": "room.update", "retention_days": 1}))
    await room.say(anna, "Boris", mentions=[boris.id])
    await watched(room, boris)
    room.later(2 * DAY)
    result = await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id, boris.id])
    assert result.recount == {boris.id}
    told = [effect for effect in cleaned(room.state, result) if isinstance(effect, Tell)]
    assert [json.loads(tell.text)["unseen"] for tell in told if '"activity.seen"' in tell.text] == [0]
    assert room.database.count("activity") == 0


async def test_a_mention_added_to_what_was_there_before_one_came_is_not_unread(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "hello", id=uuid(1))
    boris = await room.join("Boris")
    accepted(await room.ask(anna, edit(uuid(1), "hello Boris", boris.id)))
    place = await room.channel_of(boris)
    assert (place["unread"], place["mentions"]) == (0, 0)
    await room.say(anna, "nobody is meant")
    place = await room.channel_of(boris)
    assert (place["unread"], place["mentions"]) == (1, 0)
    assert await listed(room, boris) == [("mention", "hello Boris")]
    assert await new_to(room, boris) == 0


# --- deleted channels ---


@pytest.mark.parametrize("kind", ["open", "private"])
async def test_a_deleted_channel_shows_nothing_before_its_messages_are_gone(
    room: ChatRoom, anna: Person, boris: Person, kind: str
) -> None:
    await secure(room, anna, boris)
    opened = room.create_channel(anna, "plans") if kind == "open" else create_private(room, anna, "plans", boris)
    channel = await opened
    await room.say(anna, "first words", channel, id=uuid(1), mentions=[boris.id])
    accepted(await room.ask(anna, edit(uuid(1), "second words", boris.id)))
    place = {"id": uuid(1), "channel": channel}
    line = await room.connect(boris)
    await room.receive(line, {"type": "save", "ref": "s", **place, "on": True})
    accepted(await room.ask(anna, DeleteChannel("x", channel)))
    assert room.database.count("messages") == 1
    room.later(MINUTE)
    for frame in (
        {"type": "former", **place},
        {"type": "save", **place, "on": True},
        {"type": "pins", "channel": channel},
    ):
        (answer,) = answers(await room.receive(line, {"ref": "q", **frame}))
        assert answer["code"] == "not_found", frame
    for kind_of_list in ("saved", "activity"):
        (answer,) = answers(await room.receive(line, {"type": kind_of_list, "ref": "q"}))
        assert answer["messages"] == [], kind_of_list
