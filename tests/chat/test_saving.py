"""chat/saving.py: messages that members save for themselves."""

from typing import Any

from chat.directory import GENERAL
from limits import MAX_PAGE_BYTES, MAX_SAVED
from tests.chat.asking import delete, poll, vote
from tests.lanes import Screens, add, create_private, secure
from tests.rooms import ChatRoom, Person, answers, refusal, told, uuid
from wire.lanes import LeaveChannel

MINUTE = 60_000
SAVE = {"type": "save", "ref": "s", "on": True}


async def save(room: ChatRoom, person: Person, number: int, **more: Any) -> dict[str, Any]:
    room.later(MINUTE)
    return answers(await room.receive(await room.connect(person), {**SAVE, "id": uuid(number), **more}))[0]


async def saved(room: ChatRoom, person: Person, **more: int) -> dict[str, Any]:
    room.later(MINUTE)
    return answers(await room.receive(await room.connect(person), {"type": "saved", "ref": "l", **more}))[0]


def bodies(page: dict[str, Any]) -> list[str]:
    return [message.get("body", "deleted") for message in page["messages"]]


async def test_what_somebody_saves_is_theirs_alone_newest_first(room: ChatRoom, anna: Person, boris: Person) -> None:
    said = [await room.say(boris, f"m{number}", id=uuid(number)) for number in range(3)]
    for number in (1, 0):
        assert await save(room, anna, number) == {"type": "ok", "ref": "s"}
    page = await saved(room, anna)
    assert (bodies(page), page["more"]) == (["m0", "m1"], False)
    assert page["places"] == [[GENERAL, said[0]["seq"]], [GENERAL, said[1]["seq"]]]
    assert bodies(await saved(room, boris)) == []
    await save(room, anna, 0, on=False)
    assert bodies(await saved(room, anna)) == ["m1"]


async def test_ones_other_devices_hear_of_it_and_a_repetition_is_told_to_nobody(room: ChatRoom, anna: Person) -> None:
    sent = await room.say(anna, "x", id=uuid(1))
    here = await room.connect(anna)
    frame = {**SAVE, "id": uuid(1)}
    event = {"type": "save", "id": uuid(1), "channel": GENERAL, "seq": sent["seq"], "on": True}
    assert told(await room.receive(here, frame)) == [(event, frozenset({anna.id}), here.id)]
    assert told(await room.receive(here, frame)) == []


async def test_a_deleted_message_says_so_and_a_removed_one_is_gone(room: ChatRoom, anna: Person) -> None:
    for number in (1, 2):
        await room.say(anna, f"m{number}", id=uuid(number))
        await save(room, anna, number)
    await room.ask(anna, delete(uuid(2)))
    assert bodies(await saved(room, anna)) == ["deleted", "m1"]
    await save(room, anna, 2, on=False)
    assert bodies(await saved(room, anna)) == ["m1"]
    room.state.store.delete_messages(GENERAL, room.state.directory.seq, 2)
    assert bodies(await saved(room, anna)) == []
    assert room.database.count("saved") == 0


async def test_a_member_saves_so_many_and_no_more(room: ChatRoom, anna: Person) -> None:
    sent = [await room.say(anna, "x", id=uuid(number)) for number in range(MAX_SAVED + 1)]
    for message in sent[1:]:
        room.database.tamper(
            "INSERT INTO saved (member, channel, seq, at) VALUES (?, ?, ?, ?)",
            anna.id, GENERAL, message["seq"], message["seq"],
        )  # fmt: skip
    room.later(MINUTE)
    refused = await refusal(room, await room.connect(anna), {**SAVE, "id": uuid(0)})
    assert refused["code"] == "limit_reached"
    await save(room, anna, 1, on=False)
    assert (await save(room, anna, 0))["type"] == "ok"


async def test_long_ones_come_in_pages(room: ChatRoom, anna: Person) -> None:
    count, here = MAX_PAGE_BYTES // 4_000 + 2, await room.connect(anna)
    for number in range(count):
        await room.say(anna, "x" * 4_000, id=uuid(number))
        room.later(MINUTE)
        assert answers(await room.receive(here, {**SAVE, "id": uuid(number)})) == [{"type": "ok", "ref": "s"}]
    page = await saved(room, anna)
    rest = await saved(room, anna, before=page["messages"][-1]["saved_at"])
    assert (page["more"], rest["more"], "places" in rest) == (True, False, False)
    assert len(page["messages"]) + len(rest["messages"]) == count


async def test_what_one_may_not_see_any_more_is_not_shown(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "secret", lane, id=uuid(1))
    screens = Screens(room)
    screen, other = await screens.open(boris, {}), await screens.open(boris)
    await screens.receive(screen, {**SAVE, "id": uuid(1), "channel": lane}, {"type": "saved", "ref": "l"})
    assert bodies(screen.take()[-1]) == ["secret"]
    assert [frame for frame in other.take() if frame["type"] == "save"] == []
    await room.ask(boris, LeaveChannel("x", lane))
    assert (await saved(room, boris))["places"] == []
    await add(room, anna, lane, boris, history="none")
    room.later(MINUTE)
    assert (await refusal(room, screen.connection, {**SAVE, "id": uuid(1), "channel": lane}))["code"] == "not_found"


async def test_whoever_is_let_in_under_a_name_does_not_get_its_saved_messages(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(boris, "something", id=uuid(1))
    await room.receive(await room.connect(anna), {"type": "save", "ref": "s", "id": uuid(1), "on": True})
    assert room.database.count("saved") == 1
    await room.state.standing.take_over(room.state.directory.member(anna.id), now_ms=room.now_ms)
    assert room.database.count("saved") == 0


async def test_votes_count_for_the_size_of_a_page(room: ChatRoom, anna: Person) -> None:
    await room.asked(anna, poll(uuid(1)))
    await room.receive(await room.connect(anna), {"type": "save", "ref": "s", "id": uuid(1), "on": True})
    (before,) = sizes(room)
    await room.ask(anna, vote(uuid(1), 0))
    (after,) = sizes(room)
    (message,) = room.state.store.messages.named(uuid(1))
    assert before < after == message.size_bytes


def sizes(room: ChatRoom) -> list[int]:
    saved = room.database.rows("saved")
    return list(room.state.store.positions.sizes([(each["channel"], each["seq"]) for each in saved]).values())
