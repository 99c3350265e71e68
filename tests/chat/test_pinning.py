"""chat/pinning.py: pinned messages of a channel."""

from typing import Any

from chat.directory import GENERAL
from limits import MAX_PAGE_BYTES, MAX_PINS
from tests.chat.asking import delete, pin, update
from tests.lanes import Screens, add, create_private, secure
from tests.rooms import ChatRoom, Person, answers, events, parsed, refused, uuid


async def pins_of(room: ChatRoom, person: Person, channel: str = GENERAL, **more: int) -> dict[str, Any]:
    connection = await room.connect(person)
    effects = await room.receive(connection, {"type": "pins", "ref": "p", "channel": channel, **more})
    return answers(effects)[-1]


def bodies(page: dict[str, Any]) -> list[str]:
    return [message["body"] for message in page["messages"]]


async def test_a_pinned_message_is_told_and_listed(room: ChatRoom, anna: Person, boris: Person) -> None:
    sent = await room.say(anna, "the plan", id=uuid(1))
    outcome = await room.commit((boris, pin(uuid(1))))
    seq = sent["seq"] + 1
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "p", "seq": seq}
    assert events(outcome) == [
        {
            "seq": seq,
            "kind": "pin",
            "id": uuid(1),
            "channel": GENERAL,
            "message_seq": sent["seq"],
            "by": boris.id,
            "on": True,
        }
    ]
    page = await pins_of(room, anna)
    assert page | {"messages": bodies(page)} == {
        "type": "pins", "ref": "p", "channel": GENERAL, "messages": ["the plan"], "more": False,
    }  # fmt: skip
    assert page["messages"][0]["pin"] == {"seq": seq, "at": room.now_ms, "by": boris.id}


async def test_the_newest_pin_stands_first_and_history_names_all(room: ChatRoom, anna: Person) -> None:
    for number in (1, 2, 3):
        await room.say(anna, f"m{number}", id=uuid(number))
    for number in (2, 1):
        await room.ask(anna, pin(uuid(number)))
    assert bodies(await pins_of(room, anna)) == ["m1", "m2"]
    page = await room.history()
    assert page["pinned"] == [page["messages"][0]["seq"], page["messages"][1]["seq"]]
    await room.ask(anna, pin(uuid(1), on=False))
    await room.ask(anna, pin(uuid(2), on=False))
    assert "pinned" not in await room.history()


async def test_a_repetition_changes_nothing(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    first = await room.ask(anna, pin(uuid(1)))
    again = await room.commit((anna, pin(uuid(1))))
    assert (parsed(again.answers[0]), again.events) == (first, [])
    assert (await room.commit((anna, pin(uuid(1), on=False)), (anna, pin(uuid(1), on=False)))).events[1:] == []


async def test_a_channel_has_so_many_pins_and_no_more(room: ChatRoom, anna: Person) -> None:
    for number in range(MAX_PINS + 1):
        await room.say(anna, "x", id=uuid(number))
    for number in range(MAX_PINS):
        assert (await room.ask(anna, pin(uuid(number))))["type"] == "ack"
    assert refused(await room.ask(anna, pin(uuid(MAX_PINS)))) == "limit_reached"
    await room.ask(anna, pin(uuid(0), on=False))
    assert (await room.ask(anna, pin(uuid(MAX_PINS))))["type"] == "ack"


async def test_what_is_not_there_deleted_or_archived_is_not_pinned(room: ChatRoom, anna: Person, olga: Person) -> None:
    assert refused(await room.ask(anna, pin(uuid(9)))) == "not_found"
    await room.say(anna, "x", id=uuid(1))
    await room.say(anna, "y", id=uuid(2))
    await room.ask(anna, delete(uuid(1)))
    assert refused(await room.ask(anna, pin(uuid(1)))) == "not_found"
    await room.ask(olga, update(GENERAL, archived=True))
    assert refused(await room.ask(anna, pin(uuid(2)))) == "archived"


async def test_a_pin_goes_with_its_message(room: ChatRoom, anna: Person) -> None:
    sent = await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, pin(uuid(1)))
    (event,) = events(await room.commit((anna, delete(uuid(1)))))
    assert event["unpinned"] == sent["seq"]
    assert (await pins_of(room, anna))["messages"] == []
    assert room.database.count("pins") == 0


async def test_a_pin_goes_when_its_message_expires(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, pin(uuid(1)))
    room.state.store.delete_messages(GENERAL, room.state.directory.seq, 1)
    assert room.database.count("pins") == 0


async def test_many_long_pins_come_in_pages(room: ChatRoom, anna: Person) -> None:
    count = MAX_PAGE_BYTES // 4_000 + 2
    for number in range(count):
        await room.say(anna, "x" * 4_000, id=uuid(number))
        await room.ask(anna, pin(uuid(number)))
    page = await pins_of(room, anna)
    assert page["more"] is True
    rest = await pins_of(room, anna, before=page["messages"][-1]["pin"]["seq"])
    assert (len(page["messages"]) + len(rest["messages"]), rest["more"]) == (count, False)


async def test_whoever_is_not_shown_the_past_of_a_private_channel_is_shown_no_pin_of_it(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "before", lane, id=uuid(1))
    await room.ask(anna, pin(uuid(1), channel=lane))
    assert refused(await room.ask(boris, pin(uuid(1), channel=lane))) == "not_found"
    await add(room, anna, lane, boris, history="none")
    await room.say(anna, "after", lane, id=uuid(2))
    await room.ask(boris, pin(uuid(2), channel=lane))
    assert bodies(await pins_of(room, boris, lane)) == ["after"]
    assert bodies(await pins_of(room, anna, lane)) == ["after", "before"]
    screens = Screens(room)
    screen = await screens.open(boris, {})
    await screens.receive(screen, {"type": "history", "channel": lane, "before": None, "limit": 9})
    page = screen.take()[-1]
    assert page["pinned"] == [message["seq"] for message in page["messages"] if message["body"] == "after"]
    assert refused(await room.ask(boris, pin(uuid(1), channel=lane, on=False))) == "not_found"


async def test_who_returns_learns_of_pins(room: ChatRoom, anna: Person) -> None:
    sent = await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, pin(uuid(1)))
    await room.ask(anna, pin(uuid(1), on=False))
    missed = await room.missed(anna, sent["seq"])
    assert [(event["kind"], event["on"], event["message_seq"]) for event in missed] == [
        ("pin", True, sent["seq"]),
        ("pin", False, sent["seq"]),
    ]
