"""live/lanes.py: what admins see of private channels that they are not in."""

from datetime import UTC, datetime

from storage.files import RESERVED, StoredFile
from tests.lanes import create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, accepted, answers, errors, refused
from wire.changes import DeleteChannel, UpdateChannel


async def test_admins_see_private_channels_and_nothing_of_conversations(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans", boris)
    room.later(1)
    silent = await create_private(room, boris, "nothing")
    await room.say(anna, "psst", lane)
    await room.say(anna, "psst", await open_direct(room, anna, boris))
    room.state.store.files.reserve(StoredFile(RESERVED, "A" * 22, anna.id, lane, 70, 7, 1, "object", room.now_ms))
    await room.wake()
    connection = await room.connect(olga)
    today = datetime.fromtimestamp(room.now_ms / 1_000, tz=UTC).strftime("%Y-%m-%d")
    assert answers(await room.receive(connection, {"type": "lanes", "ref": "r"})) == [
        {
            "type": "lanes",
            "ref": "r",
            "lanes": [
                {"id": silent, "name": "nothing", "members": 1, "active_on": None, "bytes": 0},
                {"id": lane, "name": "plans", "members": 2, "active_on": today, "bytes": 77},
            ],
        }
    ]
    assert errors(await room.receive(await room.connect(anna), {"type": "lanes"})) == ["forbidden"]


async def test_admins_delete_private_channels_and_say_how_long_they_keep_messages(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna, boris)
    lane, direct = await create_private(room, anna, "plans"), await open_direct(room, anna, boris)
    await room.say(anna, "psst", direct)
    await room.wake()
    for channel in (direct, "never"):
        assert refused(await room.ask(olga, DeleteChannel("ref", channel))) == "not_found"
        assert refused(await room.ask(olga, UpdateChannel("ref", channel, {"retention_days": 1}))) == "not_found"
    assert refused(await room.ask(olga, UpdateChannel("ref", lane, {"name": "x"}))) == "not_found"
    assert refused(await room.ask(olga, room.text("x", lane))) == "not_found"
    outcome = await room.commit((olga, UpdateChannel("ref", lane, {"retention_days": 1})))
    assert [(event.lane, event.members) for event in outcome.events] == [(lane, frozenset({anna.id}))]
    assert refused(await room.ask(anna, UpdateChannel("ref", lane, {"retention_days": 2}))) == "forbidden"
    accepted(await room.ask(olga, DeleteChannel("ref", lane)))
    assert refused(await room.ask(olga, DeleteChannel("ref", lane))) == "not_found"
