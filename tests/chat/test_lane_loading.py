"""chat/lane_loading.py: lanes come into memory when somebody needs them, as they were."""

from dataclasses import replace

import pytest

from chat.lanes import Lane
from tests.lanes import Screens, add, create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, accepted
from wire.changes import React
from wire.lanes import LeaveChannel


def lanes(room: ChatRoom) -> dict[str, Lane]:
    return room.state.directory.lanes


@pytest.fixture
async def clara(room: ChatRoom) -> Person:
    return await room.join("Clara")


async def test_a_room_that_wakes_knows_no_lanes_until_their_members_come(
    room: ChatRoom, anna: Person, boris: Person, clara: Person
) -> None:
    await secure(room, anna, boris, clara)
    both = await open_direct(room, anna, boris)
    await room.say(anna, "hello", both)
    hers = await create_private(room, clara, "plans")
    await room.wake()
    assert lanes(room) == {}
    await Screens(room).open(boris, {})
    assert lanes(room).keys() == {both}
    await room.state.lanes.know_all()
    assert lanes(room).keys() == {both, hers}


async def test_a_lane_is_as_it_was(room: ChatRoom, anna: Person, boris: Person, clara: Person) -> None:
    await secure(room, anna, boris, clara)
    lane = await create_private(room, anna, "plans", boris)
    said = room.text("hello", lane)
    accepted(await room.ask(anna, said))
    accepted(await room.ask(boris, React("ref", said.id, "👍", on=True)))
    accepted(await add(room, anna, lane, clara, history="none"))
    accepted(await room.ask(boris, LeaveChannel("ref", lane)))
    before, channel = lanes(room)[lane], replace(room.state.directory.hidden[lane], tail=None)
    assert (before.seq, channel.last_seq, channel.last_at) == (4, 1, room.now_ms)
    await room.wake()
    await room.state.lanes.know(clara.id)
    after = lanes(room)[lane]
    assert after.audience == before.audience
    assert after == before
    assert room.state.directory.hidden[lane] == channel
    assert (await room.say(clara, "again", lane))["seq"] == 5


async def test_a_room_without_lanes_never_looks_for_any(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.wake()
    looked: list[str] = []
    monkeypatch.setattr(room.state.store.lanes, "of", looked.append)
    await Screens(room).open(anna, {})
    assert looked == []
    await secure(room, anna)
    await open_direct(room, anna)
    await Screens(room).open(anna, {})
    assert looked == [], "the only lane is there"


async def test_a_name_that_does_not_open_closes_no_lane(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    room.database.tamper("UPDATE lanes SET sealed = x'00'")
    await room.wake()
    await room.state.lanes.know(anna.id)
    assert room.state.directory.hidden[lane].name == "\N{REPLACEMENT CHARACTER}"
    await room.say(anna, "hello", lane)
