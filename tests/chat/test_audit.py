"""chat/audit.py: what admins do is noted together with it, sealed, and what others do is not."""

import json
import sqlite3
from typing import Any

import pytest

from bots.tokens import token_of
from chat.directory import GENERAL
from limits import AUDIT_KEPT_MS, MAX_HISTORY_PAGE, MAX_SAFE_INTEGER
from sealing.keyring import Sealed
from storage.audit import Act
from storage.headers import audit_header
from tests.chat.asking import close_poll, poll
from tests.chat.test_importing import bring, message
from tests.lanes import create_private, open_direct, secure
from tests.rooms import HOUR, NOON, ChatRoom, Person, accepted, errors, make_room, uuid
from wire.bots import BOT_RIGHTS, PROGRAM, CreateBot
from wire.changes import CreateChannel, Delete, DeleteChannel, RemoveMember, UpdateChannel
from wire.lanes import PRIVATE
from wire.profiles import UpdateProfile, UpdateRoom


async def acts(room: ChatRoom, *, before: int | None = None) -> list[dict[str, Any]]:
    """What admins have done, oldest first, without the times and without the password of the first one."""
    page = await room.state.audit.page(before)
    shown = [{name: value for name, value in act.items() if name != "at"} for act in reversed(page["acts"])]
    return [act for act in shown if act["kind"] != "admin"]


def called(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name}


async def test_who_proves_the_admins_password_is_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    (act,) = (await room.state.audit.page(None))["acts"]
    assert act == {"at": room.now_ms, "kind": "admin", "by": called(olga)}


async def test_what_admins_do_with_open_channels_is_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    await room.ask(olga, UpdateChannel("r", plans, {"name": "goals", "archived": True, "topic": "x"}))
    await room.ask(olga, UpdateChannel("r", plans, {"name": "goals"}))
    await room.ask(olga, UpdateChannel("r", plans, {"retention_days": 7, "archived": False}))
    await room.ask(olga, DeleteChannel("r", plans))
    named = {"id": plans, "name": "goals"}
    by = {"by": called(olga)}
    assert await acts(room) == [
        {"kind": "channel.create", **by, "channel": {"id": plans, "name": "plans"}},
        {
            "kind": "channel.update",
            **by,
            "channel": {"id": plans, "name": "plans"},
            "changes": {"name": ["plans", "goals"], "topic": ["", "x"], "archived": [False, True]},
        },
        {
            "kind": "channel.update",
            **by,
            "channel": named,
            "changes": {"archived": [True, False], "retention_days": [None, 7]},
        },
        {"kind": "channel.delete", **by, "channel": named},
    ]


async def test_nothing_is_noted_of_those_who_are_no_admins(room: ChatRoom, anna: Person, olga: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    said = await room.say(anna, "x", plans)
    await room.ask(anna, UpdateChannel("r", plans, {"name": "goals"}))
    await room.ask(anna, Delete("r", said["ref"]))
    await room.ask(anna, DeleteChannel("r", plans))
    await room.ask(anna, UpdateProfile("r", {"status": None}))
    assert await acts(room) == []


async def test_of_private_channels_only_what_any_admin_may_do_is_noted_and_nothing_of_conversations(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await secure(room, anna, olga)
    lane, direct = await create_private(room, olga, "plans", anna), await open_direct(room, anna, olga)
    for place in (lane, direct):
        said = await room.say(anna, "psst", place)
        accepted(await room.ask(olga, Delete("r", said["ref"], place)))
    accepted(await room.ask(olga, UpdateChannel("r", lane, {"name": "goals"})))
    assert await acts(room) == []
    accepted(await room.ask(olga, UpdateChannel("r", lane, {"topic": "x", "retention_days": 7})))
    accepted(await room.ask(olga, DeleteChannel("r", lane)))
    named = {"id": lane, "name": "goals", "private": True}
    assert await acts(room) == [
        {
            "kind": "channel.update",
            "by": called(olga),
            "channel": named,
            "changes": {"retention_days": [None, 7]},
        },
        {"kind": "channel.delete", "by": called(olga), "channel": named},
    ]


async def test_channels_that_admins_convert_are_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, olga)
    plans = await room.create_channel(anna, "plans")
    accepted(await room.ask(olga, UpdateChannel("r", plans, {"kind": PRIVATE})))
    named = {"id": plans, "name": "plans"}
    assert await acts(room) == [{"kind": "channel.convert", "by": called(olga), "channel": named, "to": PRIVATE}]


async def test_messages_of_others_that_an_admin_deletes_are_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    own, annas = await room.say(olga, "mine"), await room.say(anna, "a secret")
    for said in (own, annas, annas):
        accepted(await room.ask(olga, Delete("r", said["ref"])))
    named = {"id": GENERAL, "name": "general"}
    noted = {"kind": "message.delete", "by": called(olga), "channel": named, "member": called(anna)}
    assert await acts(room) == [noted]


async def test_polls_of_others_that_an_admin_closes_are_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna, olga)
    lane = await create_private(room, anna, "plans", olga)
    for number, asker in enumerate((olga, anna), 1):
        await room.asked(asker, poll(uuid(number)))
    await room.asked(anna, poll(uuid(3), channel=lane))
    for closer, number in ((olga, 1), (olga, 2), (olga, 2)):
        accepted(await room.ask(closer, close_poll(uuid(number))))
    accepted(await room.ask(olga, close_poll(uuid(3), lane)))
    named = {"id": GENERAL, "name": "general"}
    noted = {"kind": "poll.close", "by": called(olga), "channel": named, "member": called(anna)}
    assert await acts(room) == [noted]


async def test_removing_and_banning_is_noted_with_the_name_of_then(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, olga)
    await room.ask(olga, RemoveMember("r", anna.id, ban=True))
    await room.receive(await room.connect(olga), {"type": "ban.lift", "id": anna.id})
    await room.receive(await room.connect(olga), {"type": "ban.lift", "id": anna.id})
    await room.wake()
    assert await acts(room) == [
        {"kind": "member.remove", "by": called(olga), "member": called(anna), "ban": True},
        {"kind": "ban.lift", "by": called(olga), "member": called(anna)},
    ]


async def test_what_an_admin_says_of_the_room_is_noted_before_and_after(room: ChatRoom, olga: Person) -> None:
    await room.ask(olga, UpdateRoom("r", {"retention_days": 9, "name": "Harbour"}))
    await room.ask(olga, UpdateRoom("r", {"retention_days": 9}))
    await room.ask(olga, UpdateRoom("r", {"colour": "sun", "picture": b"picture"}))
    assert [act["changes"] for act in await acts(room)] == [
        {"name": ["", "Harbour"], "retention_days": [None, 9]},
        {"colour": ["", "sun"], "picture": [False, True]},
    ]


async def test_an_import_is_noted_once_an_hour(room: ChatRoom, olga: Person) -> None:
    await room.ask(olga, UpdateRoom("r", {"retention_days": 0}))
    for number in (1, 2):
        await bring(room, olga, message(number))
    noted = {"kind": "import", "by": called(olga), "channel": {"id": GENERAL, "name": "general"}}
    assert (await acts(room))[1:] == [noted]
    room.later(HOUR)
    for number in (3, 4):
        await bring(room, olga, message(number))
    assert (await acts(room))[1:] == [noted] * 2


async def test_programs_are_noted_without_their_secrets_and_addresses() -> None:
    room = await make_room(WEBHOOK_HOSTS="*")
    olga = await room.join("Olga", admin=True)
    programs, now_ms = room.state.programs, room.now_ms
    frame = CreateBot(None, "Robo", (GENERAL,), BOT_RIGHTS, ("https://bots.example.org/x", "go"))
    bot, token, _ = await programs.create(olga.id, frame, now_ms=now_ms)
    await programs.rotate(olga.id, PROGRAM, bot, now_ms=now_ms)
    await programs.set_webhook(olga.id, bot, None, now_ms=now_ms)
    await programs.revoke(olga.id, PROGRAM, bot, now_ms=now_ms)
    about = {"by": called(olga), "member": {"id": bot, "name": "Robo"}}
    assert await acts(room) == [
        {"kind": "bot.create", **about},
        {"kind": "bot.rotate", **about},
        {"kind": "bot.webhook", **about, "on": False},
        {"kind": "bot.revoke", **about},
    ]
    assert token_of(token, "", None).id == bot


async def test_a_changed_password_is_noted_as_the_operators(room: ChatRoom, olga: Person) -> None:
    await room.wake(CHAT_PASSWORD="another password")
    await room.wake(CHAT_PASSWORD="another password")
    assert await acts(room) == [{"kind": "password", "by": {"id": "", "name": ""}, "role": "member"}]


async def test_what_fails_is_not_noted(room: ChatRoom, olga: Person) -> None:
    room.database.fail_at = "INSERT INTO changes"
    with pytest.raises(sqlite3.OperationalError):
        await room.commit((olga, CreateChannel("r", "plans", "")))
    room.database.fail_at = "INSERT INTO audit"
    with pytest.raises(sqlite3.OperationalError):
        await room.commit((olga, CreateChannel("r", "goals", "")))
    room.database.fail_at = None
    assert await acts(room) == []
    await room.wake()
    assert [channel.name for channel in room.state.directory.present_channels()] == ["general"]


async def test_an_act_costs_one_row(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(olga, "so that a data key is there")
    rows = []
    for number, person in enumerate((anna, olga)):
        before = room.database.connection.total_changes
        await room.create_channel(person, f"channel {number}")
        rows.append(room.database.connection.total_changes - before)
    assert rows[1] - rows[0] == 1


async def test_pages_go_back_to_the_first_act_and_no_two_have_one_time(room: ChatRoom, olga: Person) -> None:
    for _ in range(MAX_HISTORY_PAGE + 5):
        (await room.state.audit.by(olga.id, "password", now_ms=room.now_ms))()
    first = await room.state.audit.page(None)
    assert (len(first["acts"]), first["more"]) == (MAX_HISTORY_PAGE, True)
    second = await room.state.audit.page(first["acts"][-1]["at"])
    assert (len(second["acts"]), second["more"]) == (6, False)
    times = [act["at"] for act in first["acts"] + second["acts"]]
    assert times == sorted(set(times), reverse=True)


async def test_acts_are_sealed_and_one_that_does_not_open_is_shown_as_such(room: ChatRoom, olga: Person) -> None:
    await room.create_channel(olga, "the secret plans")
    assert "secret plans" not in room.database.dump()
    (row, *_) = room.state.store.audit.page_before(MAX_SAFE_INTEGER, 9)
    moved = Act(row.at + 1, row.sealed)
    room.state.store.audit.put(moved)
    assert (await room.state.audit.page(None))["acts"][0] == {"at": moved.at, "unreadable": True}
    (text,) = await room.state.keyring.open([(row.sealed, audit_header(row.at))])
    assert json.loads(text or b"")["channel"]["name"] == "the secret plans"


@pytest.mark.parametrize(("age_ms", "left"), [(AUDIT_KEPT_MS - 1, 1), (AUDIT_KEPT_MS, 0)])
async def test_acts_go_after_ninety_days(age_ms: int, left: int) -> None:
    room = await make_room()
    await room.join("Anna")
    room.state.store.audit.put(Act(NOON, Sealed(1, b"x")))
    await room.state.retention.run(now_ms=NOON + age_ms, is_online=())
    assert room.database.count("audit") == left


async def test_only_admins_see_the_list(room: ChatRoom, anna: Person, olga: Person) -> None:
    for kind in ("audit", "overview"):
        assert errors(await room.receive(await room.connect(anna), {"type": kind})) == ["forbidden"]
        assert errors(await room.receive(await room.connect(olga), {"type": kind})) == []
