"""chat/converting.py: private channels that become open, and open ones that become private."""

import sqlite3

import pytest

from chat.directory import GENERAL
from tests.lanes import Screens, create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, accepted, parsed, refused, uuid
from wire.changes import UpdateChannel


def to(channel: str, kind: str) -> UpdateChannel:
    return UpdateChannel("ref", channel, {"kind": kind})


async def test_a_private_channel_that_becomes_open_shows_only_what_is_said_from_then_on(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "psst", lane, id=uuid(1))
    clara = await room.join("Clara")
    screens = Screens(room)
    his, hers = await screens.open(boris, {}), await screens.open(clara, {})
    his.take(), hers.take()
    assert refused(await room.ask(boris, to(lane, "open"))) == "forbidden"
    assert refused(await room.ask(clara, to(lane, "open"))) == "not_found"
    mine = await screens.open(anna, {})
    mine.take()
    await screens.receive(mine, {"type": "channel.update", "ref": "r", "id": lane, "kind": "open"})
    successor = mine.take()[0]["channel"]
    assert successor != lane
    ((event,),) = (frame["events"] for frame in hers.take())
    assert (event["channel"]["id"], event["channel"]["name"], "became" in event) == (successor, "plans", False)
    in_the_room, in_the_lane = his.take()
    assert in_the_room["events"] == [event]
    (archived,) = in_the_lane["events"]
    assert (archived["channel"]["archived"], archived["became"]) == (True, successor)
    await room.say(clara, "now", successor)
    assert await room.bodies(successor) == ["now"]
    assert refused(await room.ask(anna, room.text("x", lane))) == "archived"
    await screens.receive(hers, {"type": "history", "channel": lane, "limit": 9})
    assert hers.take()[-1]["code"] == "not_found"
    await screens.receive(his, {"type": "history", "channel": lane, "limit": 9})
    assert [message["body"] for message in his.take()[-1]["messages"]] == ["psst"]


async def test_an_open_channel_that_becomes_private_keeps_its_past_open(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    channel = await room.create_channel(anna, "plans", "for the year")
    await room.say(boris, "known", channel)
    assert refused(await room.ask(anna, to(channel, "private"))) == "forbidden", "her name is not secured"
    await secure(room, anna, olga)
    assert refused(await room.ask(boris, to(channel, "private"))) == "forbidden"
    outcome = await room.commit((anna, to(channel, "private")))
    lane = accepted(parsed(outcome.answers[0]))["channel"]
    entry, event = (parsed(each.text) for each in outcome.events)
    assert (entry["type"], entry["channel"]["topic"], entry["channel"]["members"]) == (
        "lane",
        "for the year",
        [anna.id],
    )
    assert (event["channel"]["id"], event["channel"]["archived"], event["became"]) == (channel, True, lane)
    assert await room.bodies(channel) == ["known"]
    assert refused(await room.ask(boris, room.text("x", channel))) == "archived"
    assert refused(await room.ask(boris, room.text("x", lane))) == "not_found"


async def test_what_cannot_be_converted_or_is_so_already(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna, boris, olga)
    lane, direct = await create_private(room, anna, "plans"), await open_direct(room, anna, boris)
    assert accepted(await room.ask(anna, to(lane, "private")))["channel"] == lane
    assert accepted(await room.ask(olga, to(GENERAL, "open")))["channel"] == GENERAL
    assert refused(await room.ask(olga, to(GENERAL, "private"))) == "forbidden"
    assert refused(await room.ask(anna, to(direct, "open"))) == "forbidden"
    more = UpdateChannel("ref", lane, {"kind": "open", "topic": "x"})
    assert refused(await room.ask(anna, more)) == "malformed"
    assert refused(await room.ask(olga, to(lane, "open"))) == "not_found", "admins convert what they see"


@pytest.mark.parametrize("kind", ["open", "private"])
async def test_a_limit_changes_nothing(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    await secure(room, anna)
    lane, channel = await create_private(room, anna, "plans"), await room.create_channel(anna, "schemes")
    channel = lane if kind == "open" else channel
    monkeypatch.setattr("chat.managing.MAX_CHANNELS", 1)
    monkeypatch.setattr("chat.private.MAX_PRIVATE_CHANNELS", 0)
    assert refused(await room.ask(anna, to(channel, kind))) == "limit_reached"
    await room.say(anna, "still here", channel)


async def test_a_conversion_that_is_repeated_names_the_same_channel(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna, boris, olga)
    lane, channel = await create_private(room, anna, "plans", boris), await room.create_channel(anna, "schemes")
    successor = ""
    for former, kind in ((lane, "open"), (channel, "private")):
        successor = accepted(await room.ask(anna, to(former, kind)))["channel"]
        await room.wake()
        await room.state.lanes.know(anna.id)
        rows = room.database.count("changes"), room.database.count("lane_changes")
        assert accepted(await room.ask(anna, to(former, kind)))["channel"] == successor != former
        assert (room.database.count("changes"), room.database.count("lane_changes")) == rows
    assert refused(await room.ask(olga, to(channel, "private"))) == "archived", "she does not see what it became"
    assert accepted(await room.ask(anna, UpdateChannel("ref", channel, {"archived": False, "name": "more"})))
    assert accepted(await room.ask(anna, to(channel, "private")))["channel"] != successor


@pytest.mark.parametrize("kind", ["open", "private"])
async def test_a_conversion_that_storage_ends_anywhere_leaves_everything_as_it_was(
    room: ChatRoom, anna: Person, kind: str
) -> None:
    await secure(room, anna)
    lane, channel = await create_private(room, anna, "plans"), await room.create_channel(anna, "schemes")
    former = lane if kind == "open" else channel
    tables = ("channels", "changes", "lanes", "lane_members", "lane_changes")
    before = [room.database.rows(table) for table in tables]
    statements = ["INTO changes", "INTO lanes"]
    statements += ["INTO lane_changes", "INTO channels"] if kind == "open" else ["INTO lane_members", "INTO channels"]
    for statement in statements:
        room.database.fail_at = statement
        with pytest.raises(sqlite3.OperationalError):
            await room.ask(anna, to(former, kind))
        room.database.fail_at = None
        await room.wake()
        assert [room.database.rows(table) for table in tables] == before
        await room.state.lanes.know(anna.id)
    successor = accepted(await room.ask(anna, to(former, kind)))["channel"]
    await room.say(anna, "here", successor)
    assert refused(await room.ask(anna, room.text("there", former))) == "archived"
