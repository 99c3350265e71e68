"""live/bot_frames.py: a bot's socket follows the contract with the bot's rights, and is closed with its secret."""

from typing import Any

import pytest

from chat.directory import GENERAL
from encoding import compact_json
from files.tickets import DOWNLOAD, check, ticket_key
from live.bot_frames import RIGHTS
from live.effects import AnnouncePresence, CloseMembers, Notify, Tell
from tests.contract import CLIENT_FRAMES, good_frame
from tests.files.uploading import described, file_id, upload
from tests.lanes import Screens, add, create_private, secure
from tests.rooms import DAY, ChatRoom, Person, answers, closed, errors, make_room, parsed, uuid
from wire.bots import BOT_RIGHTS, EDIT, FILES, POST, READ
from wire.connections import Connection
from wire.reading import FRAME_TYPES, parse

THUMB = "👍"
HELLO = {"type": "hello", "last_seq": None}


def send(number: int, channel: str = GENERAL, **more: Any) -> dict[str, Any]:
    return {"type": "send", "id": uuid(number), "channel": channel, "body": "Hello", **more}


@pytest.fixture
async def robo(room: ChatRoom, olga: Person) -> Person:
    return await room.bot(olga)


def happened(effects: Any, to: str | None = None) -> list[dict[str, Any]]:
    """The events for people, or for a bot."""
    tells = [effect for effect in effects if isinstance(effect, Tell)]
    tells = [tell for tell in tells if (to in (tell.members or ()) if to else not tell.to_bots)]
    return [event for tell in tells for event in parsed(tell.text).get("events", [])]


def rights_to(kind: str) -> tuple[str, ...] | None:
    return RIGHTS.get(type(parse(compact_json(good_frame(kind, is_full=False)))))


async def test_a_welcome_shows_a_bot_its_channels_its_rights_and_who_is_there(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    await room.create_channel(anna, "elsewhere")
    robo = await room.bot(olga, rights=(READ, POST))
    await room.wake(CALL_URL="https://meet.example.org/")
    await room.connect(anna)
    effects = await room.receive(room.socket(robo), HELLO | {"lanes": {}})
    (welcome,) = answers(effects)
    assert not any(isinstance(effect, AnnouncePresence) for effect in effects)
    assert [channel["id"] for channel in welcome["channels"]] == [GENERAL]
    assert sorted(welcome["members"], key=lambda member: str(member["name"])) == [
        {"id": anna.id, "name": "Anna", "role": "member"},
        {"id": olga.id, "name": "Olga", "role": "admin"},
        {"id": robo.id, "name": "Robo", "role": "bot"},
    ]
    own = {"id": robo.id, "name": "Robo", "role": "bot", "hue": 2, "created_by": olga.id}
    assert welcome["member"] == {**own, "channels": [GENERAL], "rights": [READ, POST]}
    assert (welcome["rights"], welcome["lanes_resumed"]) == (["post", "read"], [])
    assert (welcome["seq"], welcome["resumed"]) == (room.state.directory.seq, False)
    assert not {"session", "invites", "supervision", "call_url"} & welcome.keys()


async def test_a_bot_is_never_present(room: ChatRoom, robo: Person, anna: Person) -> None:
    await room.connect(robo)
    shown = await room.welcome(anna)
    assert next(each for each in shown["members"] if each["id"] == robo.id)["online"] is False
    assert robo.id not in room.state.presence.online()
    assert room.state.presence.take(room.now_ms) == ([], [])
    assert (room.state.programs.here.all(), room.state.programs.here.sockets(robo.id)) == ([robo.id], 1)


async def test_a_bot_sends_edits_reacts_deletes_and_reads(room: ChatRoom, robo: Person, anna: Person) -> None:
    asked = (await room.say(anna, "a question"))["seq"]
    socket = await room.connect(robo)
    sent = await room.receive(socket, send(1, mentions=[anna.id]))
    (answer,) = answers(sent)
    assert answer == {"type": "ack", "ref": uuid(1), "seq": asked + 1, "sent_at": room.now_ms}
    (event,) = happened(sent)
    assert (event["author"], event["body"], event["mentions"]) == (robo.id, "Hello", [anna.id])
    assert happened(sent, robo.id) == [event]
    assert any(isinstance(effect, Notify) for effect in sent)
    assert answers(await room.receive(socket, send(1))) == [answer], "a repetition"
    for frame in (
        {"type": "edit", "ref": "r", "id": uuid(1), "body": "Bye"},
        {"type": "react", "ref": "r", "id": uuid(1), "emoji": THUMB, "on": True},
        {"type": "delete", "ref": "r", "id": uuid(1)},
    ):
        effects = await room.receive(socket, frame)
        assert [answer["type"] for answer in answers(effects)] == ["ack"], frame
        assert happened(effects, robo.id) == happened(effects) != []
    (page,) = answers(await room.receive(socket, {"type": "history", "ref": "h", "channel": GENERAL, "limit": 9}))
    assert [message.get("body") for message in page["messages"]] == ["a question", None]
    assert await room.receive(socket, {"type": "read", "channel": GENERAL, "seq": asked}) != []


KINDS = [(kind, right) for kind in sorted(CLIENT_FRAMES) for right in (rights_to(kind) or (None,))]


@pytest.mark.parametrize(("kind", "right"), KINDS)
async def test_each_frame_needs_its_rights_and_most_are_nothing_for_bots(
    room: ChatRoom, olga: Person, kind: str, right: str | None
) -> None:
    frame = good_frame(kind, is_full=False)
    socket = await room.connect(await room.bot(olga, rights=tuple(each for each in BOT_RIGHTS if each != right)))
    if rights_to(kind) == ():
        assert errors(await room.receive(socket, frame)) == []
        return
    before = room.database.dump()
    (refusal,) = answers(await room.receive(socket, frame))
    assert (refusal["type"], refusal["code"]) == ("error", "forbidden")
    words = "send or fetch files" if right == FILES else right
    assert right is None or refusal["detail"] == f"This bot has no right to {words}."
    assert room.database.rows("bots")[0]["failure"] == "forbidden", "its admins see that"
    room.database.tamper("UPDATE bots SET failure = NULL, failed_at = NULL")
    assert room.database.dump() == before


def test_the_frames_for_bots_are_these() -> None:
    names = {kind for kind in FRAME_TYPES if rights_to(kind) is not None}
    assert names == {
        "hello", "send", "poll.create", "poll.close", "edit", "delete", "react", "history", "read", "file.tickets",
    }  # fmt: skip


async def test_mentions_need_a_right_of_their_own(room: ChatRoom, olga: Person, anna: Person) -> None:
    socket = await room.connect(await room.bot(olga, rights=(POST, EDIT)))
    refused = await room.receive(socket, send(1, mentions=[anna.id]))
    assert errors(refused) == ["forbidden"]
    assert errors(await room.receive(socket, send(1))) == []
    edit = {"type": "edit", "ref": "r", "id": uuid(1), "body": "x", "mentions": [anna.id]}
    assert errors(await room.receive(socket, edit)) == ["forbidden"]


async def test_a_bot_without_the_right_to_read_is_told_nothing_that_is_said(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    robo = await room.bot(olga, rights=(POST,))
    before = room.state.directory.seq
    screens = Screens(room)
    deaf, people = await screens.open(robo), await screens.open(anna)
    deaf.take()
    await screens.receive(people, send(1), {"type": "edit", "ref": "r", "id": uuid(1), "body": "x"})
    assert deaf.take() == []
    await screens.receive(deaf, send(2))
    assert [frame["type"] for frame in deaf.take()] == ["ack"]
    welcome, *missed = await room.catch_up(robo, before)
    assert (welcome["resumed"], missed) == (False, [])


async def test_a_bot_catches_up_with_what_happened_in_its_channels(room: ChatRoom, olga: Person, anna: Person) -> None:
    elsewhere = await room.create_channel(anna, "elsewhere")
    robo = await room.bot(olga)
    before = room.state.directory.seq
    await room.say(anna, "there", elsewhere)
    await room.say(anna, "here")
    boris = await room.join("Boris")
    missed = await room.missed(robo, before)
    assert [(event["kind"], event.get("body")) for event in missed] == [("message", "here"), ("member", None)]
    assert missed[1]["member"] == {"id": boris.id, "name": "Boris", "role": "member"}
    assert missed[1].keys() == {"seq", "kind", "member"}
    assert [event["kind"] for event in await room.missed(anna, before)] == ["message", "message", "member"]


async def test_what_happens_is_told_to_each_bot_as_far_as_it_may_see_it(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    first, second = await room.bot(olga, name="One"), await room.bot(olga, plans, name="Two")
    third = await room.bot(olga, GENERAL, plans, name="Three")
    screens = Screens(room)
    shown = [await screens.open(bot) for bot in (first, second, third)]
    people = await screens.open(anna)
    for screen in shown:
        screen.take()
    changes = {"type": "channel.update", "ref": "r", "id": plans, "topic": "x"}
    await screens.receive(people, send(1), send(2, plans), changes)
    frames = [[event for frame in screen.take() for event in frame["events"]] for screen in shown]
    seen = [[(event["kind"], event.get("id")) for event in events] for events in frames]
    said, planned, changed = ("message", uuid(1)), ("message", uuid(2)), ("channel", None)
    assert seen == [[said], [planned, changed], [said, planned, changed]]
    await screens.receive(people, {"type": "channel.delete", "ref": "r", "id": plans})
    assert [len(screen.take()) for screen in shown] == [0, 1, 1]
    await screens.receive(people, {"type": "typing", "channel": GENERAL})
    assert [screen.take() for screen in shown] == [[], [], []], "nobody types for bots"


async def test_another_secret_and_revoking_end_the_socket_at_once(room: ChatRoom, olga: Person, robo: Person) -> None:
    socket, admin = await room.connect(robo), await room.connect(olga)
    rotated = await room.receive(admin, {"type": "bot.rotate", "ref": "r", "id": robo.id})
    assert rotated[0] == CloseMembers([robo.id])
    assert closed(await room.receive(socket, send(1))) == 4401
    token = answers(rotated)[0]["token"]
    again = await room.connect(room.bot_with(token))
    assert errors(await room.receive(again, send(2))) == []
    revoked = await room.receive(admin, {"type": "bot.revoke", "ref": "r", "id": robo.id})
    assert revoked[0] == CloseMembers([robo.id], by_admin=True)
    assert closed(await room.receive(again, send(3))) == 4401
    assert closed(await room.receive(Connection("c", robo.id, "bot.00", 2**50), HELLO)) == 4401
    assert await room.bodies() == ["Hello"]


async def test_a_bot_is_still_one_after_the_room_slept(room: ChatRoom, robo: Person, anna: Person) -> None:
    socket = await room.connect(robo)
    kept = Connection.from_attachment(socket.attachment())
    assert kept.is_bot
    await room.wake()
    room.state.recall([kept])
    assert room.state.presence.online() == frozenset()
    assert room.state.programs.here.all() == [robo.id]
    assert errors(await room.receive(kept, {"type": "typing", "channel": GENERAL})) == ["forbidden"]
    assert errors(await room.receive(kept, send(1))) == []


async def test_changes_count_for_the_bot_and_messages_for_the_day(olga: Person, room: ChatRoom) -> None:
    room = await make_room(BOT_MESSAGES_DAY="3", MESSAGE_RATE="2/1")
    olga = await room.join("Olga", admin=True)
    robo = await room.bot(olga)
    one, other = await room.connect(robo), await room.connect(robo)
    for number, socket in ((1, one), (2, other)):
        assert errors(await room.receive(socket, send(number))) == []
    assert errors(await room.receive(one, send(3))) == ["rate_limited"], "both sockets have one budget"
    room.later(2_000)
    assert errors(await room.receive(one, send(3))) == []
    (enough,) = answers(await room.receive(one, send(4)))
    assert (enough["code"], enough["retry_after"]) == ("rate_limited", (DAY - room.now_ms % DAY) / 1_000)
    await room.wake(BOT_MESSAGES_DAY="0")
    assert closed(await room.receive(one, send(5))) == 4401, "the operator wants no bots any more"


async def test_a_message_of_a_bot_costs_two_rows(room: ChatRoom, robo: Person) -> None:
    socket = await room.connect(robo)
    await room.receive(socket, send(1))
    before = room.database.connection.total_changes
    await room.receive(socket, send(2))
    assert room.database.connection.total_changes - before == 1, "and the index of ids"


# --- files ---


async def test_a_bot_sends_files_and_fetches_those_of_its_channels(room: ChatRoom, robo: Person, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "here", files=[upload(room, anna, 1)])
    await room.say(anna, "there", plans, files=[upload(room, anna, 2, plans)])
    upload(room, robo, 3)
    socket = await room.connect(robo)
    assert errors(await room.receive(socket, send(1, files=[described(3)]))) == []
    assert errors(await room.receive(socket, send(2, files=[described(4)]))) == ["malformed"], "it was not uploaded"
    asked = {"type": "file.tickets", "ref": "r", "ids": [file_id(number) for number in range(1, 5)]}
    (told,) = answers(await room.receive(socket, asked))
    assert told["tickets"].keys() == {file_id(1), file_id(3)}
    digest = bytes.fromhex(robo.session.id.removeprefix("bot."))
    for file in told["tickets"]:
        given = {"key": await ticket_key(room.settings.master_key, room.ciphers), "token_digest": digest}
        ticket = check(told["tickets"][file], DOWNLOAD, room.name, file, now_ms=room.now_ms, **given)
        assert (ticket.file, ticket.purpose) == (file, DOWNLOAD)


async def test_files_need_a_right_of_their_own(room: ChatRoom, olga: Person) -> None:
    robo = await room.bot(olga, rights=(POST,))
    upload(room, robo, 1)
    assert errors(await room.receive(await room.connect(robo), send(1, files=[described(1)]))) == ["forbidden"]


# --- private channels ---


async def test_a_bot_hears_a_private_channel_from_when_a_keeper_adds_it_until_it_is_taken_out(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    robo, deaf = await room.bot(olga), await room.bot(olga, rights=(POST,), name="Deaf")
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "before", lane)
    screens = Screens(room)
    bots, people = [await screens.open(robo, {}), await screens.open(deaf, {})], await screens.open(anna, {})
    old = await screens.open(robo)
    for screen in (*bots, people, old):
        screen.take()
    to_add = {"type": "channel.add", "ref": "r", "id": lane, "members": [robo.id, deaf.id], "history": "none"}
    await screens.receive(people, to_add)
    (frame,) = bots[0].take()
    assert (frame["type"], frame["channel"]["name"], frame["channel"]["since_seq"]) == ("lane", "plans", 2)
    assert frame["channel"]["keepers"] == [anna.id]
    assert [frame["type"] for frame in bots[1].take()] == ["lane"]
    await screens.receive(people, send(1, lane), {"type": "typing", "channel": lane})
    (frame,) = bots[0].take()
    assert (frame["lane"], [event["body"] for event in frame["events"]]) == (lane, ["Hello"])
    assert bots[1].take() == [], "it may not read"
    for screen in bots:
        await screens.receive(screen, send(2 if screen is bots[0] else 3, lane))
    history = {"type": "history", "ref": "h", "channel": lane, "limit": 9}
    (page,) = answers(await room.receive(bots[0].connection, history))
    assert [message["id"] for message in page["messages"]] == [uuid(1), uuid(2), uuid(3)], "nothing from before"
    bots[0].take()
    await screens.receive(people, {"type": "channel.remove", "ref": "r", "id": lane, "member": robo.id}, send(4, lane))
    assert bots[0].take() == [{"type": "lane.gone", "channel": lane}]
    assert errors(await room.receive(bots[0].connection, send(5, lane))) == ["not_found"]
    assert old.take() == [], "a socket without lanes hears nothing of them"


async def test_a_bot_catches_up_with_a_private_channel(room: ChatRoom, olga: Person, anna: Person) -> None:
    robo = await room.bot(olga)
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    assert (await add(room, anna, lane, robo))["type"] == "ack"
    await room.say(anna, "missed", lane)
    await room.wake()
    socket = room.socket(robo)
    hello = {"type": "hello", "last_seq": room.state.directory.seq, "lanes": {lane: 1}}
    welcome, resumed, missed = answers(await room.receive(socket, hello))
    assert (welcome["lanes_resumed"], resumed["events"], missed["lane"]) == ([lane], [], lane)
    assert [event["body"] for event in missed["events"]] == ["missed"]
    assert [channel["id"] for channel in welcome["channels"]] == [GENERAL, lane]
