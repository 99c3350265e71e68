"""chat/private.py: making private channels and direct conversations, and who is in them."""

from typing import Any

import pytest

from limits import MAX_DIRECT, MAX_LANE_MEMBERS, MAX_PRIVATE_CHANNELS
from tests.chat.asking import delete, update
from tests.lanes import Screens, add, create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, accepted, parsed, refused, sign_in_again, uuid
from wire.bots import CreateHook
from wire.changes import CreateChannel, DeleteChannel, Edit, React, RemoveMember, UpdateChannel
from wire.lanes import AddMembers, LeaveChannel, OpenDirect, PartMember, SetKeeper


@pytest.fixture
async def clara(room: ChatRoom) -> Person:
    return await room.join("Clara")


@pytest.fixture
async def people(room: ChatRoom, anna: Person, boris: Person, clara: Person) -> tuple[Person, Person, Person]:
    """Three people whose names are secured."""
    await secure(room, anna, boris, clara)
    return anna, boris, clara


People = tuple[Person, Person, Person]


async def test_the_same_people_find_the_same_conversation_whoever_starts(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await open_direct(room, anna, boris)
    assert await open_direct(room, anna, boris) == lane
    assert await open_direct(room, boris, anna) == lane
    assert await room.ask(anna, OpenDirect("ref", (boris.id, anna.id, boris.id))) == {
        "type": "ack", "ref": "ref", "seq": 0, "channel": lane,
    }  # fmt: skip
    assert len({lane, await open_direct(room, anna, clara), await open_direct(room, anna, boris, clara)}) == 3
    assert await open_direct(room, anna) not in {lane, await open_direct(room, boris)}, "notes are one's own"
    await room.wake()
    await room.state.lanes.know(anna.id)
    assert await open_direct(room, anna, boris) == lane


async def test_a_conversation_is_five_rows_once_and_a_message_in_it_two(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    before = {table: room.database.count(table) for table in room.database.tables()}
    lane = await open_direct(room, anna, boris)
    after = {table: room.database.count(table) for table in room.database.tables()}
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "lanes": 1, "lane_members": 2,
    }  # fmt: skip
    assert (await room.say(anna, "hello", lane))["seq"] == 1
    assert (await room.say(boris, "hi", lane))["seq"] == 2
    assert (await room.say(boris, "hi"))["seq"] == room.state.directory.seq == 7
    assert room.database.count("changes") == 6, "three came, three secured their names"


async def test_the_others_hear_of_a_conversation_with_its_first_message(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    screens = Screens(room)
    hers, his, another = [await screens.open(each, {}) for each in (anna, boris, clara)]
    old = await screens.open(boris)
    for screen in screens.all:
        screen.take()
    await screens.receive(hers, {"type": "direct.open", "ref": "r", "members": [boris.id]})
    ack, got = hers.take()
    lane = ack["channel"]
    assert ack == {"type": "ack", "ref": "r", "seq": 0, "channel": lane}
    entry = {
        "id": lane, "name": "", "topic": "", "archived": False,
        "created_by": min(anna.id, boris.id), "retention_days": None, "kind": "direct",
        "members": sorted([anna.id, boris.id]), "seq": 0, "last_at": 0, "last_seq": 0,
        "read_seq": 0, "unread": 0, "mentions": 0, "notify": None,
    }  # fmt: skip
    assert got == {"type": "lane", "channel": entry}
    await screens.receive(hers, {"type": "typing", "channel": lane})
    assert (his.take(), old.take(), another.take()) == ([], [], [])
    said = {"type": "send", "id": uuid(1), "channel": lane, "body": "hello", "mentions": [boris.id, clara.id]}
    await screens.receive(hers, said)
    got, told, noted = his.take()
    assert got == {"type": "lane", "channel": entry}
    assert noted == {"type": "activity.new", "channel": lane, "seq": 1, "why": "mention"}
    assert (told["type"], told["lane"], [event["body"] for event in told["events"]]) == ("events", lane, ["hello"])
    assert told["events"][0]["mentions"] == [boris.id]
    assert [frame["type"] for frame in hers.take()] == ["ack", "events"]
    assert (old.take(), another.take()) == ([], [])
    await screens.receive(his, {"type": "send", "id": uuid(2), "channel": lane, "body": "hi"})
    assert [frame["type"] for frame in hers.take()] == ["events"]
    (welcomed,) = (each for each in (await screens.open(boris, {})).take()[0]["channels"] if each["id"] == lane)
    assert (welcomed["unread"], welcomed["mentions"], welcomed["last_seq"]) == (0, 0, 2)


async def test_who_opens_a_conversation_that_another_one_opened_may_begin_it(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    lane = await open_direct(room, anna, boris)
    assert refused(await room.ask(boris, room.text("x", lane))) == "not_found"
    await open_direct(room, boris, anna)
    await room.wake()
    await room.state.lanes.know(boris.id)
    await room.say(boris, "x", lane)
    assert [row["leads"] for row in room.database.rows("lane_members")] == [1, 1]


async def test_a_conversation_stays_as_it_is(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await open_direct(room, anna, boris)
    for frame in (
        AddMembers("ref", lane, (clara.id,), "all"),
        PartMember("ref", lane, boris.id),
        LeaveChannel("ref", lane),
        SetKeeper("ref", lane, boris.id, on=True),
        DeleteChannel("ref", lane),
        UpdateChannel("ref", lane, {"name": "x"}),
    ):
        assert refused(await room.ask(anna, frame)) == "forbidden"
        assert refused(await room.ask(clara, frame)) == "not_found"


async def test_only_people_whose_names_are_secured_take_part(room: ChatRoom, anna: Person, boris: Person) -> None:
    for frame in (OpenDirect("ref", (boris.id,)), CreateChannel("ref", "plans", "", "private", (boris.id,))):
        assert refused(await room.ask(anna, frame)) == "forbidden"
    await secure(room, anna)
    for frame in (OpenDirect("ref", (boris.id,)), CreateChannel("ref", "plans", "", "private", (boris.id,))):
        assert refused(await room.ask(anna, frame)) == "forbidden"
    lane = await create_private(room, anna, "plans")
    assert refused(await add(room, anna, lane, boris)) == "forbidden"
    assert refused(await room.ask(anna, OpenDirect("ref", ("nobody",)))) == "not_found"


async def test_a_private_channel_is_for_its_members(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", boris)
    await room.say(boris, "psst", lane)
    assert refused(await room.ask(clara, room.text("x", lane))) == "not_found"
    assert await create_private(room, clara, "plans"), "a name is taken only by channels that one sees"
    assert refused(await room.ask(boris, CreateChannel("ref", "Plans", "", "private"))) == "name_taken"
    assert refused(await room.ask(boris, CreateChannel("ref", "General", "", "private"))) == "name_taken"
    await room.create_channel(boris, "Plans")
    screens = Screens(room)
    seen = {person.name: (await screens.open(person, {})).take()[0]["channels"] for person in people}
    assert [entry["name"] for entry in seen["Anna"]] == ["general", "Plans", "plans"]
    hers = seen["Anna"][2]
    assert (hers["kind"], hers["members"], hers["keepers"]) == ("private", [anna.id, boris.id], [anna.id])
    assert lane not in [entry["id"] for entry in seen["Clara"]]
    assert [entry["name"] for entry in (await screens.open(anna)).take()[0]["channels"]] == ["general", "Plans"]


async def test_adding_costs_two_rows_and_one_and_shows_the_past_or_not(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "old", lane, id=uuid(1))
    before = room.database.count("lane_changes")
    accepted(await add(room, anna, lane, boris, history="all"))
    accepted(await add(room, anna, lane, clara, history="none"))
    assert room.database.count("lane_changes") == before + 2
    await room.say(anna, "new", lane, reply_to=uuid(1))
    assert refused(await room.ask(clara, room.text("x", lane, reply_to=uuid(1)))) == "not_found"
    assert refused(await room.ask(clara, React("ref", uuid(1), "👍", on=True))) == "not_found"
    accepted(await room.ask(boris, room.text("x", lane, reply_to=uuid(1))))
    screens = Screens(room)
    his, hers = [await screens.open(each, {}) for each in (boris, clara)]
    entries = [screen.take()[0]["channels"][1] for screen in (his, hers)]
    assert ["since_seq" in entry for entry in entries] == [False, True]
    assert entries[1]["since_seq"] == 3
    assert [entry["unread"] for entry in entries] == [0, 2]
    for frame in ({"before": None}, {"after": 0}, {"around": 1}, {"before": 3}):
        for screen in (his, hers):
            await screens.receive(screen, {"type": "history", "channel": lane, "limit": 9} | frame)
        pages = [[message["body"] for message in screen.take()[0]["messages"]] for screen in (his, hers)]
        assert pages[0] == (["old"] if frame == {"before": 3} else ["old", "new", "x"])
        assert pages[1] == ([] if frame == {"before": 3} else ["new", "x"])
    await room.commit((anna, Edit("ref", uuid(1), "older", ())), (anna, React("ref", uuid(1), "👍", on=True)))


async def test_what_happens_to_older_messages_is_not_for_those_who_came_later(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "old", lane, id=uuid(1))
    accepted(await add(room, anna, lane, clara, history="none"))
    await room.say(anna, "new", lane, id=uuid(2))
    screens = Screens(room)
    mine, his, hers = [await screens.open(each, {}) for each in people]
    for screen in screens.all:
        screen.take()
    changes: list[dict[str, Any]] = [
        {"type": "edit", "ref": "1", "id": uuid(1), "body": "older"},
        {"type": "react", "ref": "2", "id": uuid(1), "emoji": "👍", "on": True},
        {"type": "delete", "ref": "3", "id": uuid(1)},
        {"type": "edit", "ref": "4", "id": uuid(2), "body": "newer"},
    ]
    await screens.receive(mine, *changes)
    kinds = [[event["kind"] for frame in screen.take() for event in frame["events"]] for screen in (his, hers)]
    assert kinds == [["edit", "reaction", "delete", "edit"], ["edit"]]
    for person, expected in (
        (boris, ["message", "message", "edit", "reaction", "delete", "edit"]),
        (clara, ["message", "edit"]),
    ):
        again = (await screens.open(person, {lane: 0})).take()
        assert again[0]["lanes_resumed"] == [lane]
        assert [event["kind"] for event in again[1]["events"] if event["kind"] != "members"] == expected


async def test_a_removed_member_gets_nothing_after_the_acknowledgement(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", boris, clara)
    screens = Screens(room)
    mine, phone, desk, hers = [await screens.open(each, {}) for each in (anna, boris, boris, clara)]
    for screen in screens.all:
        screen.take()
    say = [{"type": "send", "id": uuid(number), "channel": lane, "body": f"{number}"} for number in (1, 2)]
    await screens.receive(mine, say[0], {"type": "channel.remove", "ref": "r", "id": lane, "member": boris.id}, say[1])
    for screen in (phone, desk):
        assert screen.take() == [{"type": "lane.gone", "channel": lane}]
    assert [event["kind"] for frame in hers.take() for event in frame["events"]] == ["message", "members", "message"]
    await screens.receive(mine, {"type": "edit", "ref": "r", "id": uuid(1), "body": "later"})
    assert (phone.take(), desk.take()) == ([], [])
    again = await screens.open(boris, {lane: 0})
    (welcome,) = again.take()
    assert (welcome["lanes_resumed"], [entry["id"] for entry in welcome["channels"]]) == ([], ["general"])
    for frame in (
        {"type": "send", "id": uuid(3), "channel": lane, "body": "x"},
        {"type": "history", "ref": "r", "channel": lane, "limit": 9},
        {"type": "edit", "ref": "r", "id": uuid(1), "body": "x"},
    ):
        await screens.receive(phone, frame)
        (answer,) = phone.take()
        assert (answer["type"], answer["code"]) == ("error", "not_found")


async def test_somebody_leaves_and_the_longest_member_keeps_the_channel(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", boris, clara)
    assert refused(await room.ask(boris, PartMember("ref", lane, clara.id))) == "forbidden"
    assert refused(await room.ask(boris, update(lane, name="x"))) == "forbidden"
    accepted(await room.ask(anna, LeaveChannel("ref", lane)))
    assert room.state.directory.keepers(room.state.directory.lanes[lane]) == [boris.id]
    accepted(await room.ask(boris, update(lane, name="schemes")))
    accepted(await room.ask(boris, PartMember("ref", lane, clara.id)))
    accepted(await room.ask(boris, PartMember("ref", lane, clara.id)))
    accepted(await room.ask(boris, LeaveChannel("ref", lane)))
    assert room.state.directory.hidden[lane].deleted_at == room.now_ms, "nobody is left"
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert [room.database.count(table) for table in ("lanes", "lane_members", "lane_changes")] == [0, 0, 0]
    assert room.state.directory.lanes == {}


async def test_keepers_hand_over(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", boris)
    assert refused(await room.ask(boris, SetKeeper("ref", lane, boris.id, on=True))) == "forbidden"
    outcome = await room.commit((anna, SetKeeper("ref", lane, boris.id, on=True)))
    (event,) = (parsed(each.text) for each in outcome.events)
    assert (event["kind"], event["channel"]["keepers"], event["seq"]) == ("channel", [anna.id, boris.id], 1)
    accepted(await room.ask(anna, SetKeeper("ref", lane, boris.id, on=True)))
    accepted(await room.ask(boris, SetKeeper("ref", lane, anna.id, on=False)))
    assert refused(await room.ask(anna, DeleteChannel("ref", lane))) == "forbidden"
    assert refused(await room.ask(boris, SetKeeper("ref", lane, clara.id, on=True))) == "forbidden"
    await room.wake()
    await room.state.lanes.know_all()
    assert room.state.directory.keepers(room.state.directory.lanes[lane]) == [boris.id]
    accepted(await room.ask(boris, DeleteChannel("ref", lane)))
    assert refused(await room.ask(anna, room.text("x", lane))) == "not_found"


async def test_one_message_id_can_be_in_each_lane(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane, other = await open_direct(room, anna, boris), await create_private(room, clara, "plans")
    for person, channel in ((anna, "general"), (anna, lane), (clara, other)):
        await room.say(person, f"in {channel}", channel, id=uuid(1))
    assert refused(await room.ask(clara, room.text("x", "general", id=uuid(1)))) == "forbidden"
    accepted(await room.ask(anna, Edit("ref", uuid(1), "changed", (), lane)))
    accepted(await room.ask(anna, delete(uuid(1))))
    accepted(await room.ask(clara, React("ref", uuid(1), "👍", on=True, channel=other)))
    assert refused(await room.ask(clara, React("ref", uuid(1), "👍", on=True))) == "not_found", (
        "the open one is deleted"
    )
    assert [await room.bodies(channel) for channel in ("general", lane, other)] == [[""], ["changed"], [f"in {other}"]]


@pytest.mark.parametrize("by", ["its maker", "somebody else"])
async def test_a_member_makes_only_so_many(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr("chat.private.MAX_PRIVATE_CHANNELS", 2)
    monkeypatch.setattr("chat.private.MAX_DIRECT", 2)
    anna, boris, clara = people
    for number in range(2):
        await create_private(room, anna, f"{number} plans", boris)
    await open_direct(room, anna, boris)
    await open_direct(room, anna)
    asker, other = (anna, clara) if by == "its maker" else (boris, anna)
    private = await room.ask(asker, CreateChannel("ref", "more", "", "private"))
    direct = await room.ask(asker, OpenDirect("ref", (clara.id,)))
    expected = "error" if by == "its maker" else "ack"
    assert (private["type"], direct["type"]) == (expected, expected), other.name


async def test_a_private_channel_has_so_many_members(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.private.MAX_LANE_MEMBERS", 2)
    anna, boris, clara = people
    assert (
        refused(await room.ask(anna, CreateChannel("ref", "x", "", "private", (boris.id, clara.id)))) == "limit_reached"
    )
    lane = await create_private(room, anna, "plans", boris)
    assert refused(await add(room, anna, lane, clara)) == "limit_reached"
    accepted(await add(room, anna, lane, boris))
    assert (MAX_PRIVATE_CHANNELS, MAX_DIRECT, MAX_LANE_MEMBERS) == (200, 200, 200)


# --- what the operator allows ---


async def test_with_supervision_admins_read_along_and_everybody_is_told(
    room: ChatRoom, people: People, olga: Person
) -> None:
    anna, boris, clara = people
    await room.wake(SUPERVISION="on")
    screens = Screens(room)
    hers, admin, other = [await screens.open(each, {}) for each in (anna, olga, clara)]
    for screen in (hers, admin, other):
        assert screen.take()[0]["supervision"] is True
    await screens.receive(hers, {"type": "direct.open", "ref": "r", "members": [boris.id]})
    ack, _ = hers.take()
    lane = ack["channel"]
    await screens.receive(hers, {"type": "send", "id": uuid(1), "channel": lane, "body": "psst"})
    got, told = admin.take()
    assert (got["type"], got["channel"]["id"], told["lane"]) == ("lane", lane, lane)
    assert other.take() == []
    for frame in (
        {"type": "send", "id": uuid(2), "channel": lane, "body": "x"},
        {"type": "typing", "channel": lane},
        {"type": "react", "id": uuid(1), "emoji": "👍", "on": True},
        {"type": "channel.leave", "id": lane},
        {"type": "channel.add", "id": lane, "members": [olga.id], "history": "all"},
    ):
        await screens.receive(admin, frame)
        assert [each["code"] for each in admin.take()] == ["forbidden"]
    await room.wake()
    again = await screens.open(olga, {lane: 0})
    welcome, missed = again.take()
    (entry,) = (each for each in welcome["channels"] if each["id"] == lane)
    assert (entry["unread"], entry["members"], missed["lane"]) == (0, sorted([anna.id, boris.id]), lane)
    await screens.receive(again, {"type": "history", "channel": lane, "limit": 9})
    assert [message["body"] for message in again.take()[0]["messages"]] == ["psst"]
    await room.wake(SUPERVISION="off")
    (welcome,) = (await screens.open(olga, {lane: 0})).take()
    assert ("supervision" in welcome, [each["id"] for each in welcome["channels"]]) == (False, ["general"])


async def test_an_admin_who_is_none_any_more_loses_what_they_only_read_along_in(
    room: ChatRoom, people: People, olga: Person
) -> None:
    anna, boris, _ = people
    await secure(room, olga)
    await room.wake(SUPERVISION="on")
    hidden, own = await open_direct(room, anna, boris), await create_private(room, anna, "plans", olga)
    await room.say(anna, "psst", hidden)
    screens = Screens(room)
    admin = await screens.open(olga, {})
    admin.take()
    sign_in_again(room, olga, "without the admins' password")
    room.database.tamper("UPDATE sessions SET role = 'member' WHERE id = ?", "without the admins' password")
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    screens.announce(await room.state.standing.settle_role(room.state.directory.member(olga.id), now_ms=room.now_ms))
    assert admin.take()[1:] == [{"type": "lane.gone", "channel": hidden}]
    await room.say(anna, "among us", hidden)
    assert [lane.id for lane in room.state.audience.lanes_of(olga.id)] == [own]


@pytest.mark.parametrize(
    ("allowed", "among_members", "with_an_admin", "notes"),
    [("everyone", True, True, True), ("with-admins", False, True, True), ("off", False, False, True)],
)
async def test_the_operator_says_who_talks_to_whom(
    room: ChatRoom, people: People, olga: Person, allowed: str, among_members: bool, with_an_admin: bool, notes: bool
) -> None:
    anna, boris, _ = people
    await secure(room, olga)
    before = [await open_direct(room, anna, *others) for others in ((boris,), (olga,), ())]
    for lane in before:
        await room.say(anna, "before", lane)
    await room.wake(DIRECT_MESSAGES=allowed)
    connection = await Screens(room).open(anna, {})
    assert connection.take()[0].get("direct_messages", "everyone") == allowed
    expected = ["ack" if each else "error" for each in (among_members, with_an_admin, notes)]
    opened = [await room.ask(anna, OpenDirect("ref", members)) for members in ((boris.id,), (olga.id,), (anna.id,))]
    assert [answer["type"] for answer in opened] == expected
    assert [(await room.ask(anna, room.text("x", lane)))["type"] for lane in before] == expected
    assert [(await room.bodies(lane))[0] for lane in before] == ["before"] * 3, "it can still be read"


# --- a name that somebody else may have now ---


async def test_a_name_that_was_taken_over_has_lost_its_lanes(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    private, both = await create_private(room, anna, "plans", boris), await open_direct(room, anna, boris)
    for lane in (private, both):
        await room.say(anna, "secret", lane)
    await room.wake()
    screens = Screens(room)
    hers, his = await screens.open(anna, {}), await screens.open(boris, {})
    hers.take(), his.take()
    screens.announce(await room.state.standing.take_over(room.state.directory.member(boris.id), now_ms=room.now_ms))
    assert {frame["channel"] for frame in his.take() if frame["type"] == "lane.gone"} == {private, both}
    told = [event for frame in hers.take() if "lane" in frame for event in frame["events"]]
    assert [(event["kind"], event["removed"], event["by"]) for event in told] == [("members", [boris.id], "")] * 2
    assert not room.state.directory.member(boris.id).secured
    for lane in (private, both):
        assert refused(await room.ask(boris, room.text("x", lane))) == "not_found"
    await secure(room, boris)
    assert await open_direct(room, anna, boris) == both
    accepted(await add(room, anna, private, boris, history="none"))
    await room.wake()
    again = await screens.open(boris, {})
    entries = {entry["id"]: entry for entry in again.take()[0]["channels"]}
    for lane in (private, both):
        assert entries[lane]["since_seq"] == 3
        await screens.receive(again, {"type": "history", "channel": lane, "limit": 9})
        assert again.take()[0]["messages"] == []
    assert clara.id not in room.state.directory.lanes[private].members


# --- who leaves the room ---


async def test_a_member_who_is_removed_from_the_room_is_in_no_lane_any_more(
    room: ChatRoom, people: People, olga: Person
) -> None:
    anna, boris, _ = people
    private, both = await create_private(room, boris, "plans", anna), await open_direct(room, anna, boris)
    await room.say(anna, "hello", both)
    await room.say(boris, "hello", private)
    accepted(await room.ask(olga, RemoveMember("ref", boris.id)))
    assert room.state.directory.keepers(room.state.directory.lanes[private]) == [anna.id]
    for _ in range(2):
        (welcome,) = (await Screens(room).open(anna, {})).take()
        entries = {entry["id"]: entry for entry in welcome["channels"]}
        assert entries[private]["members"] == [anna.id]
        assert entries[both]["members"] == sorted([anna.id, boris.id]), "a conversation shows with whom it was"
        await room.wake()
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert boris.id in room.state.directory.members, "his messages need the name"
    accepted(await room.ask(olga, RemoveMember("ref", anna.id)))
    for _ in range(3):
        await room.state.retention.run(now_ms=room.now_ms, is_online=())
    counts = [room.database.count(table) for table in ("lanes", "lane_members", "lane_changes", "messages")]
    assert counts == [0, 0, 0, 0], "nobody is left in them"


# --- bots ---


async def test_bots_come_and_go_by_keepers_and_keep_nothing(room: ChatRoom, people: People, olga: Person) -> None:
    anna, boris, _ = people
    robo = await room.bot(olga)
    lane = await create_private(room, anna, "plans", robo, boris)
    state = room.state.directory
    assert state.keepers(state.lanes[lane]) == [anna.id]
    assert refused(await room.ask(anna, SetKeeper("ref", lane, robo.id, True))) == "forbidden"
    accepted(await room.ask(anna, LeaveChannel("ref", lane)))
    assert state.keepers(state.lanes[lane]) == [boris.id], "the bot came before him"
    accepted(await room.ask(boris, PartMember("ref", lane, robo.id)))
    assert refused(await room.ask(olga, AddMembers("ref", lane, (robo.id,), "all"))) == "not_found"
    accepted(await add(room, boris, lane, robo))
    screens = Screens(room)
    screen = await screens.open(robo, {})
    screen.take()
    leaving = await screens.open(boris, {})
    await screens.receive(leaving, {"type": "channel.leave", "ref": "r", "id": lane})
    assert screen.take()[-1] == {"type": "lane.gone", "channel": lane}
    assert state.hidden[lane].deleted_at == room.now_ms, "a bot alone keeps no channel alive"


async def test_no_hook_is_in_a_private_channel_and_no_bot_in_a_conversation(
    room: ChatRoom, people: People, olga: Person
) -> None:
    anna, boris, _ = people
    robo = await room.bot(olga)
    hook, _, _ = await room.state.programs.create(olga.id, CreateHook(None, "Hook", "general", ()), now_ms=room.now_ms)
    lane = await create_private(room, anna, "plans")
    assert refused(await room.ask(anna, AddMembers("ref", lane, (hook,), "all"))) == "forbidden"
    for members in ((robo.id,), (boris.id, robo.id), (hook,)):
        answer = await room.ask(anna, OpenDirect("ref", members))
        assert (refused(answer), answer["detail"]) == ("forbidden", "A bot is in no conversation.")


async def test_what_an_admin_left_who_read_along_is_gone_when_they_are_added(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    await room.wake(SUPERVISION="on")
    olga = await room.join("Olga", admin=True)
    await secure(room, olga)
    lane = await create_private(room, anna, "plans", boris)
    for number in range(5):
        await room.say(anna, f"hidden {number}", lane)
    line = await room.connect(olga)
    await room.receive(line, {"type": "unread", "ref": "u", "channel": lane, "seq": 1})
    assert [row["member"] for row in room.database.rows("read_positions") if row["channel"] == lane] == [olga.id]
    await room.wake(SUPERVISION="off")
    await room.state.lanes.know(anna.id)
    accepted(await add(room, anna, lane, olga, history="none"))
    assert [row for row in room.database.rows("read_positions") if row["member"] == olga.id] == []
