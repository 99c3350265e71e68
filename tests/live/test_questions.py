"""live/questions.py: what members ask of a room."""

import pytest

from chat.directory import GENERAL
from limits import (
    REQUEST_BURST,
    TYPING_EVERY_MS,
    WRITE_QUESTIONS,
)
from tests.rooms import (
    ChatRoom,
    Person,
    answers,
    errors,
    refusal,
    told,
)
from wire.changes import DeleteChannel, UpdateChannel

TYPING = {"type": "typing", "channel": GENERAL}


async def test_a_choice_costs_more_than_a_look_and_the_same_one_is_not_written_again(
    room: ChatRoom, anna: Person
) -> None:
    connection = await room.connect(anna)
    await room.connect(anna)
    choose = {"type": "notify", "ref": "n", "channel": GENERAL, "level": "none"}
    assert len(await room.receive(connection, choose)) == 2
    stored = room.database.dump()
    effects = await room.receive(connection, choose)
    assert (answers(effects), len(effects)) == ([{"type": "ok", "ref": "n"}], 1)
    assert room.database.dump() == stored
    for number in range(REQUEST_BURST // WRITE_QUESTIONS - 2):
        assert not errors(await room.receive(connection, choose | {"level": ["all", None][number % 2]}))
    assert (await refusal(room, connection, choose))["code"] == "rate_limited"


async def test_no_choice_is_not_written_either(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    stored = room.database.dump()
    effects = await room.receive(connection, {"type": "notify", "ref": "n", "channel": GENERAL, "level": None})
    assert (answers(effects), room.database.dump()) == ([{"type": "ok", "ref": "n"}], stored)


async def test_a_star_is_of_ones_own_follows_to_ones_other_devices_and_is_written_once(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    here, there = await room.connect(anna), await room.connect(anna)
    await room.connect(boris)
    star = {"type": "star", "ref": "s", "channel": GENERAL, "on": True}
    effects = await room.receive(here, star)
    assert answers(effects) == [{"type": "ok", "ref": "s"}]
    assert told(effects) == [({"type": "star", "channel": GENERAL, "on": True}, frozenset({anna.id}), here.id)]
    stored = room.database.dump()
    assert len(await room.receive(there, star)) == 1
    assert room.database.dump() == stored
    assert [(await room.channel_of(each)).get("starred") for each in (anna, boris)] == [True, None]
    await room.receive(there, star | {"on": False})
    assert room.database.rows("stars") == []


async def test_typing_on_many_sockets_is_told_once(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.connect(boris)
    lines = [await room.connect(anna) for _ in range(5)]
    assert [len(await room.receive(each, TYPING)) for each in lines] == [1, 0, 0, 0, 0]


async def test_typing_is_told_to_the_others_who_are_here(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    connection = await room.connect(anna)
    assert await room.receive(connection, TYPING) == []
    room.later(TYPING_EVERY_MS)
    await room.connect(boris)
    effects = await room.receive(connection, TYPING)
    assert told(effects) == [({"type": "typing", "channel": GENERAL, "member": anna.id}, frozenset({boris.id}), None)]
    assert len(effects) == 1


@pytest.mark.parametrize(("after", "is_told"), [(TYPING_EVERY_MS - 1, False), (TYPING_EVERY_MS, True)])
async def test_typing_is_told_every_two_seconds_a_channel(
    room: ChatRoom, anna: Person, boris: Person, after: int, is_told: bool
) -> None:
    await room.connect(boris)
    connection = await room.connect(anna)
    plans = await room.create_channel(anna, "plans")
    assert len(await room.receive(connection, TYPING)) == 1
    assert len(await room.receive(connection, {"type": "typing", "channel": plans})) == 1
    room.later(after)
    assert bool(await room.receive(connection, TYPING)) is is_told


async def test_typing_where_nobody_can_write_is_refused(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    connection = await room.connect(anna)
    await room.ask(anna, UpdateChannel("u", plans, {"archived": True}))
    assert (await refusal(room, connection, {"type": "typing", "channel": plans}))["code"] == "archived"
    await room.ask(anna, DeleteChannel("x", plans))
    assert (await refusal(room, connection, {"type": "typing", "channel": plans}))["code"] == "not_found"


async def test_a_read_position_is_told_to_ones_own_other_sockets_only(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seqs = [(await room.say(anna, f"{number}", mentions=[boris.id]))["seq"] for number in range(3)]
    connection = await room.connect(boris)
    await room.connect(boris)
    effects = await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": seqs[0]})
    expected = {"type": "read", "channel": GENERAL, "seq": seqs[0], "unread": 2, "mentions": 2}
    fewer = {"type": "activity.seen", "seen": 0, "unseen": 2}
    him = frozenset({boris.id})
    assert told(effects) == [(expected, him, connection.id), (fewer, him, None)]
    assert len(effects) == 2
    assert (await room.channel_of(boris))["unread"] == 2


@pytest.mark.parametrize("seq", [0, 3])
async def test_a_read_position_that_is_not_further_is_not_told(room: ChatRoom, anna: Person, seq: int) -> None:
    boris = await room.join("Boris")
    await room.say(anna, "x")
    connection = await room.connect(boris)
    await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": 3})
    before = room.database.dump()
    assert await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": seq}) == []
    assert room.database.dump() == before


async def test_reading_beyond_the_newest_message_is_reading_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    newest = (await room.say(anna, "x"))["seq"]
    effects = await room.receive(await room.connect(boris), {"type": "read", "channel": GENERAL, "seq": 2**53 - 1})
    assert told(effects)[0][0] == {"type": "read", "channel": GENERAL, "seq": newest, "unread": 0, "mentions": 0}


async def test_reading_a_channel_that_is_not_there_is_refused(room: ChatRoom, anna: Person) -> None:
    answer = await refusal(room, await room.connect(anna), {"type": "read", "ref": "r", "channel": "x", "seq": 1})
    assert (answer["ref"], answer["code"]) == ("r", "not_found")
