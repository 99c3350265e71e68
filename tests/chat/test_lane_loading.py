"""chat/lane_loading.py: lanes come into memory when somebody needs them, as they were."""

from dataclasses import replace

import pytest

from chat.lanes import Lane
from tests.lanes import Screens, add, create_private, open_direct, secure
from tests.rooms import HOUR, ChatRoom, Person, accepted, parsed, refused, sign_in_again
from wire.changes import CreateChannel, React
from wire.lanes import LeaveChannel

BYTES_A_LANE = 330  # of a welcome, with two members: about as many as an open channel has


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


async def test_a_thousand_lanes_cost_waking_and_a_welcome_as_much_as_ones_own(
    room: ChatRoom, anna: Person, boris: Person, clara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.private.MAX_PRIVATE_CHANNELS", 1_000)
    await secure(room, anna, boris, clara)
    own = [await open_direct(room, anna, boris), await create_private(room, anna, "ours", boris)]
    for lane in own:
        await room.say(anna, "hello", lane)

    async def cost() -> tuple[int, int, int]:
        """The statements, opened texts and steps of SQLite's machine that waking and a welcome take."""
        statements, steps = [0], [0]
        room.database.connection.set_trace_callback(lambda _: statements.__setitem__(0, statements[0] + 1))
        room.database.connection.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 1)
        opened = room.ciphers.opened
        await room.wake()
        screen = await Screens(room).open(boris, {})
        room.database.connection.set_trace_callback(None)
        room.database.connection.set_progress_handler(None, 1)
        assert {entry["id"] for entry in screen.take()[0]["channels"]} == {"general", *own}
        return statements[0], room.ciphers.opened - opened, steps[0]

    before = await cost()
    await room.state.lanes.know(clara.id)
    for number in range(1_000):
        lane = await create_private(room, clara, f"{number:04} secret plans")
        await room.say(clara, "psst", lane)
    after = await cost()
    assert after[:2] == before[:2]
    assert after[2] <= before[2] * 1.2
    assert len(room.state.directory.lanes) == 2


async def test_who_becomes_an_admin_where_admins_read_along_gets_every_lane(
    room: ChatRoom, anna: Person, boris: Person, clara: Person
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans", boris)
    await room.wake(SUPERVISION="on")
    assert (await room.welcome(clara))["member"]["role"] == "member"
    assert lanes(room) == {}
    sign_in_again(room, clara, "as an admin")
    room.database.tamper("UPDATE sessions SET role = 'admin' WHERE id = 'as an admin'")
    member = room.state.directory.member(clara.id)
    await room.state.standing.settle_role(member, now_ms=room.now_ms)
    screen = await Screens(room).open(clara, {})
    assert lane in [entry["id"] for entry in screen.take()[0]["channels"]]


async def test_four_hundred_lanes_of_one_member_cost_as_many_statements_as_one_and_a_welcome_in_proportion(
    room: ChatRoom,
) -> None:
    """Two hundred private channels and two hundred conversations, as many as somebody can make."""
    people = []
    for number in range(200):
        if number % 20 == 0:
            room.later(24 * HOUR)  # so many names come from one network in a day
        people.append(await room.join(f"Member {number:03}"))
    anna, clara = await room.join("Anna"), await room.join("Clara")
    await secure(room, anna, clara, *people)

    async def cost(lanes: int) -> tuple[int, int, int]:
        """The statements of the first hello, the texts that it opens and the bytes of its welcome."""
        await room.wake()
        statements, opened = [0], room.ciphers.opened
        room.database.connection.set_trace_callback(lambda _: statements.__setitem__(0, statements[0] + 1))
        screen = await Screens(room).open(anna, {})
        room.database.connection.set_trace_callback(None)
        (welcome,) = screen.frames
        assert len(parsed(welcome)["channels"]) == 1 + lanes
        return statements[0], room.ciphers.opened - opened, len(welcome)

    one = await create_private(room, anna, "private channel", clara)
    await room.say(clara, "psst", one)
    statements, opened, empty = await cost(1)
    for number, person in enumerate(people):
        if number:
            await create_private(room, anna, f"private channel {number:03}", clara)
        await room.say(anna, "psst", await open_direct(room, anna, person))
    assert refused(await room.ask(anna, CreateChannel("ref", "one more", "", "private", ()))) == "limit_reached"
    assert (await cost(400))[:2] == (statements, opened + 399)
    heads = {lane.id: lane.seq for lane in room.state.directory.lanes_of[anna.id].values()}
    screen = await Screens(room).open(anna, heads, room.state.directory.seq)
    welcome, *missed = screen.frames
    assert set(parsed(welcome)["lanes_resumed"]) == heads.keys()
    assert [parsed(frame) for frame in missed if "lane" in parsed(frame)] == []
    assert len(welcome) - empty < 400 * BYTES_A_LANE
