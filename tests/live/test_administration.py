"""live/administration.py: what admins see of members and of what the room takes, and what they do with links."""

from datetime import UTC, datetime
from typing import Any

import pytest

from access.confirmations import Waiting
from chat.directory import GENERAL
from limits import MAX_OVERVIEW_ROWS, SESSION_IDLE_MS
from storage.files import RESERVED, StoredFile
from tests.chat.test_audit import acts, called
from tests.lanes import create_private, open_direct, secure
from tests.rooms import ChatRoom, Person, answers, errors
from wire.changes import RemoveMember


def day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, tz=UTC).strftime("%Y-%m-%d")


async def seen(room: ChatRoom, admin: Person, **more: Any) -> dict[str, Any]:
    (answer,) = answers(await room.receive(await room.connect(admin), {"type": "overview", "ref": "r", **more}))
    return answer


def put_file(room: ChatRoom, person: Person, channel: str, number: int, size: int) -> None:
    file = StoredFile(RESERVED, f"{number}" + "A" * 21, person.id, channel, size, 0, 1, "object", room.now_ms)
    room.state.store.files.reserve(file)


async def test_an_admin_sees_members_with_their_devices_and_days(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna)
    shown = await seen(room, olga)
    expected = [
        {"id": person.id, "role": role, "devices": 1, "seen_on": day(room.now_ms), "secured": person is anna}
        for person, role in ((anna, "member"), (boris, "member"), (olga, "admin"))
    ]
    assert shown["members"] == sorted(expected, key=lambda each: str(each["id"]))
    assert shown["more"] is False
    assert shown["counts"] == {"members": 3, "invites": 0, "hooks": 0, "bots": 0, "webhooks": 0, "bans": 0}


async def test_devices_that_are_over_do_not_count(room: ChatRoom, anna: Person, olga: Person) -> None:
    room.later(SESSION_IDLE_MS - 1)
    room.state.note_connected(olga.id, olga.session.id, now_ms=room.now_ms)
    room.later(1)
    devices = {each["id"]: (each["devices"], each["seen_on"]) for each in (await seen(room, olga))["members"]}
    assert devices[anna.id] == (0, day(room.now_ms - SESSION_IDLE_MS))
    assert devices[olga.id] == (1, day(room.now_ms))


async def test_counts_follow_what_there_is(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, olga)
    await room.bot(olga, GENERAL)
    digest = "A" * 43
    sent = {"type": "invite.create", "ref": "i", "digest": digest, "hours": 1, "uses": None, "label": "for all"}
    (invite,) = answers(await room.receive(await room.connect(olga), sent))
    await room.ask(olga, RemoveMember("r", anna.id, ban=True))
    counts = (await seen(room, olga))["counts"]
    assert counts == {"members": 1, "invites": 1, "hooks": 0, "bots": 1, "webhooks": 0, "bans": 1}
    await room.receive(await room.connect(olga), {"type": "invite.revoke", "id": invite["id"]})
    assert (await seen(room, olga))["counts"]["invites"] == 0
    made, revoked = [act for act in await acts(room) if act["kind"].startswith("invite")]
    assert made == {"kind": "invite.create", "by": called(olga), "label": "for all", "hours": 1, "uses": None}
    assert revoked == {"kind": "invite.revoke", "by": called(olga), "label": "for all", "member": called(olga)}


async def test_links_of_those_who_are_no_admins_are_not_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    connection = await room.connect(anna)
    sent = {"type": "invite.create", "digest": "A" * 43, "hours": 1, "uses": 1, "label": ""}
    (invite,) = answers(await room.receive(connection, sent))
    await room.receive(connection, {"type": "invite.revoke", "id": invite["id"]})
    await room.receive(connection, {"type": "invite.create", "digest": "B" * 42 + "A", "kind": "device"})
    await room.receive(await room.connect(olga), {"type": "invite.create", "digest": "C" * 42 + "A", "kind": "device"})
    assert await acts(room) == []


async def test_storage_is_shown_by_channel_and_of_conversations_in_one_number(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna, boris)
    plans, lane = await room.create_channel(anna, "plans"), await create_private(room, anna, "goals", boris)
    direct = await open_direct(room, anna, boris)
    for number, (channel, size) in enumerate([(GENERAL, 10), (plans, 100), (lane, 1_000), (direct, 10_000)]):
        put_file(room, anna, channel, number, size)
        await room.say(anna, "psst", channel)
    await room.wake()
    shown = (await seen(room, olga))["storage"]
    assert shown == {
        "bytes": 11_110,
        "limit": room.state.quota.room_bytes,
        "open": [
            {"id": plans, "messages": 1, "active_on": day(room.now_ms), "bytes": 100},
            {"id": GENERAL, "messages": 1, "active_on": day(room.now_ms), "bytes": 10},
        ],
        "private": [{"id": lane, "name": "goals", "members": 2, "active_on": day(room.now_ms), "bytes": 1_000}],
        "more": False,
        "other_bytes": 10_000,
    }


async def test_members_come_in_pages_and_the_first_alone_has_the_rest(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_OVERVIEW_ROWS == 200
    monkeypatch.setattr("live.administration.MAX_OVERVIEW_ROWS", 2)
    first = await seen(room, olga)
    assert (len(first["members"]), first["more"]) == (2, True)
    second = await seen(room, olga, after_member=first["members"][-1]["id"])
    assert (len(second["members"]), second["more"], "storage" in second) == (1, False, False)
    assert {each["id"] for each in first["members"] + second["members"]} == {anna.id, boris.id, olga.id}


async def test_it_is_charged_by_its_size(room: ChatRoom, olga: Person) -> None:
    connection = await room.connect(olga)
    codes = []
    for _ in range(10):
        codes += errors(await room.receive(connection, {"type": "overview"}))
    assert set(codes) == {"rate_limited"}


async def test_who_lets_somebody_in_under_a_held_name_is_noted(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, olga)
    for approve in (False, True):
        waiting = await room.sign_in("Anna")
        assert isinstance(waiting, Waiting)
        answer = {"type": "login.answer", "id": waiting.confirmation.id, "approve": approve}
        assert errors(await room.receive(await room.connect(olga), answer)) == []
    assert await acts(room) == [
        {"kind": "login", "by": called(olga), "member": called(anna), "on": on} for on in (False, True)
    ]


async def test_who_refuses_somebody_under_their_own_name_is_not_noted(room: ChatRoom, anna: Person) -> None:
    waiting = await room.sign_in("Anna")
    assert isinstance(waiting, Waiting)
    answer = {"type": "login.answer", "id": waiting.confirmation.id, "approve": False}
    assert errors(await room.receive(await room.connect(anna), answer)) == []
    assert await acts(room) == []
