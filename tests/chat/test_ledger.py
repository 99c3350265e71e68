"""chat/ledger.py: one order for all changes, and each stored one belongs to its place in it."""

import asyncio

from chat.directory import GENERAL
from tests.rooms import ChatRoom, Person


async def test_two_swapped_events_are_not_told(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    for name in ("one", "two", "three"):
        await room.create_channel(anna, name)
    first, second = (row["sealed"] for row in room.database.rows("changes")[-3:-1])
    room.database.tamper("UPDATE changes SET sealed = ? WHERE seq = ?", second, seq + 1)
    room.database.tamper("UPDATE changes SET sealed = ? WHERE seq = ?", first, seq + 2)
    assert [event["channel"]["name"] for event in await room.missed(anna, seq)] == ["three"]


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
