"""chat/directory.py: who and what is in the room, as its tables say."""

import pytest

from chat.directory import GENERAL, UNREADABLE, Channel, Directory, Member
from chat.looks import Look
from chat.roster import HUES
from errors import NotFound
from tests.rooms import ChatRoom
from wire.changes import DeleteChannel, RemoveMember, UpdateChannel
from wire.profiles import UpdateRoom

NOON = 1_800_000_000_000


def plans(**more: object) -> Channel:
    channel = Channel("c1", "Plans", "", "anna", NOON)
    for name, value in more.items():
        setattr(channel, name, value)
    return channel


async def test_a_room_wakes_as_it_fell_asleep(room: ChatRoom) -> None:
    anna, olga = await room.join("Anna"), await room.join("Olga", admin=True)
    boris = await room.join("Boris")
    ideas = await room.create_channel(anna, "ideas", "topic")
    gone = await room.create_channel(anna, "gone")
    for channel in (GENERAL, ideas, GENERAL, gone):
        await room.say(boris, "x", channel)
    await room.ask(olga, UpdateChannel("u", ideas, {"archived": True, "retention_days": 3}))
    await room.ask(anna, DeleteChannel("x", gone))
    await room.ask(olga, RemoveMember("m", boris.id))
    await room.ask(olga, UpdateRoom("u", {"retention_days": 5}))
    before = room.state.directory
    await room.wake()
    after = room.state.directory
    assert after is not before
    assert after == before


async def test_an_empty_room_wakes_empty(room: ChatRoom) -> None:
    assert room.state.directory == Directory(
        default_days=room.settings.retention_days, look=Look(default_title=room.settings.chat_title)
    )


@pytest.mark.parametrize("table", ["channels", "members"])
async def test_a_damaged_name_locks_nobody_out(room: ChatRoom, table: str) -> None:
    anna = await room.join("Anna")
    await room.say(anna, "x")
    room.database.tamper(f"UPDATE {table} SET sealed = zeroblob(60)")
    await room.wake()
    welcome = await room.welcome(anna)
    names = {"channels": welcome["channels"][0]["name"], "members": welcome["members"][0]["name"]}
    assert names == {"channels": GENERAL, "members": "Anna"} | {table: UNREADABLE}
    assert await room.bodies() == ["x"]
    await room.say(anna, "y")


async def test_two_swapped_names_of_members_are_unreadable(room: ChatRoom) -> None:
    anna, boris = await room.join("Anna"), await room.join("Boris")
    sealed = {row["id"]: row["sealed"] for row in room.database.rows("members")}
    room.database.tamper("UPDATE members SET sealed = ? WHERE id = ?", sealed[anna.id], boris.id)
    room.database.tamper("UPDATE members SET sealed = ? WHERE id = ?", sealed[boris.id], anna.id)
    await room.wake()
    assert {member.name for member in room.state.directory.present_members()} == {UNREADABLE}


async def test_two_swapped_channels_are_unreadable(room: ChatRoom) -> None:
    anna = await room.join("Anna")
    first, second = await room.create_channel(anna, "first"), await room.create_channel(anna, "second")
    sealed = {row["id"]: row["sealed"] for row in room.database.rows("channels")}
    room.database.tamper("UPDATE channels SET sealed = ? WHERE id = ?", sealed[first], second)
    room.database.tamper("UPDATE channels SET sealed = ? WHERE id = ?", sealed[second], first)
    await room.wake()
    names = {channel.id: channel.name for channel in room.state.directory.present_channels()}
    assert names == {GENERAL: GENERAL, first: UNREADABLE, second: UNREADABLE}


def test_channels_that_are_there_or_deleted() -> None:
    directory = Directory(channels={"c1": plans()})
    assert directory.channel("c1") is directory.channels["c1"]
    directory.channels["c1"].deleted_at = NOON
    for name in ("c1", "c2", ""):
        with pytest.raises(NotFound):
            directory.channel(name)
    assert directory.present_channels() == []


def test_members_who_are_there_and_those_who_left() -> None:
    anna, boris = Member("anna", "Anna", "member", NOON), Member("boris", "Boris", "member", NOON, removed_at=NOON)
    directory = Directory(members={"anna": anna, "boris": boris})
    assert directory.member("anna") is anna
    assert [directory.has_member(name) for name in ("anna", "boris", "carl")] == [True, False, False]
    assert (directory.present_members(), directory.former_members()) == ([anna], [boris])
    for name in ("boris", "carl"):
        with pytest.raises(NotFound):
            directory.member(name)


async def test_colours_go_by_joining_and_stay_while_others_come_and_go(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True)
    people = [await room.join(f"Member {number}") for number in range(HUES - 1)]
    members = room.state.directory.members
    assert [members[each.id].hue for each in (olga, *people)] == list(range(HUES))
    await room.ask(olga, RemoveMember("m", people[3].id))
    members = room.state.directory.members
    assert [members[each.id].hue for each in people[4:]] == list(range(5, HUES))
    dan, eve = await room.join("Dan"), await room.join("Eve")
    await room.wake()
    members = room.state.directory.members
    assert members[dan.id].hue == 4, "the one that nobody present has"
    assert members[eve.id].hue == 0, "then those that one has, in their order"
