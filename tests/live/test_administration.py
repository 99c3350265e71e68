"""live/administration.py: what admins see of members and of what the room takes, and what they do with links."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from access.confirmations import Waiting
from chat.directory import GENERAL
from errors import ChatError
from limits import MAX_OVERVIEW_ROWS, SESSION_IDLE_MS
from live.effects import Answer, Enqueue, Tell
from storage.files import RESERVED, StoredFile
from tests.access.test_standing import make_admin
from tests.chat.test_audit import acts, called
from tests.contract import CLIENT_FRAMES
from tests.lanes import create_private, open_direct, secure
from tests.live.test_requests import Counter
from tests.rooms import HOUR, ChatRoom, Person, answers, errors, make_room, parsed, uuid
from tools.paths import ROOT
from wire.changes import RemoveMember, Send

PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")


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
        {
            "id": person.id,
            "role": role,
            "devices": 1,
            "seen_on": day(room.now_ms),
            "secured": person is anna,
            "made_admin": False,
        }
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


# --- every door for admins ---

NOBODY = "AAAAAAAAAAAA"
ADMINS_FRAMES: dict[str, dict[str, Any]] = {
    "channel.update": {"id": "ours", "name": "mine"},
    "channel.delete": {"id": "hidden"},
    "delete": {"id": uuid(1)},
    "poll.close": {"id": uuid(2)},
    "import": {"channel": GENERAL, "messages": [{"id": uuid(9), "author": "x", "sent_at": 1, "body": "x"}]},
    "room.update": {"name": "Mine"},
    "member.remove": {"id": NOBODY},
    "member.role": {"id": NOBODY, "role": "admin"},
    "lanes": {},
    "bans": {},
    "ban.lift": {"id": NOBODY},
    "audit": {},
    "overview": {},
    "invite.create": {"digest": "A" * 43, "hours": 1, "uses": 1},
    "login.answer": {"id": "waiting", "approve": True},
    "hook.create": {"name": "Hook", "channel": GENERAL},
    "hooks": {},
    "hook.rotate": {"id": NOBODY},
    "hook.revoke": {"id": NOBODY},
    "bot.create": {"name": "Robo", "channels": [GENERAL], "rights": ["post"]},
    "bots": {},
    "bot.rotate": {"id": NOBODY},
    "bot.revoke": {"id": NOBODY},
    "bot.webhook": {"id": NOBODY, "webhook": None},
    "bot.test": {"id": NOBODY},
}
"""A frame for each `type` that only admins may send, or of which they may more than others."""


async def outcome(room: ChatRoom, person: Person, frame: dict[str, Any]) -> str:
    """The code of the refusal, or the type of what is answered instead."""
    room.later(HOUR // 60)  # enough of every budget
    found = ""
    for effect in await room.receive(await room.connect(person), {"ref": "r", **frame}):
        if isinstance(effect, Enqueue):
            done = await room.state.conversation.commit([effect.request], now_ms=room.now_ms)
            assert done.failure is None
            found = found or next(str(answer) for answer in done.answers)
        elif isinstance(effect, Answer):
            found = found or effect.text
    room.gone(person)
    answer = parsed(found)
    return str(answer["code"] if answer["type"] == "error" else answer["type"])


def test_every_frame_for_admins_is_among_these() -> None:
    rows = re.findall(r'^\| `\{"type":"([a-z.]+)".*?\} ?`? \| (.*)$', PROTOCOL, re.MULTILINE)
    for_admins = {kind for kind, answered in rows if re.search(r"\badmins\b", answered)} & CLIENT_FRAMES.keys()
    assert len(for_admins) > 20
    assert for_admins <= ADMINS_FRAMES.keys()


@pytest.mark.parametrize("kind", ADMINS_FRAMES)
async def test_who_was_made_an_admin_may_what_admins_may_until_it_is_taken_back(kind: str) -> None:
    room = await make_room(INVITES="admins", WEBHOOK_HOSTS="*")
    olga, anna, boris = await room.join("Olga", admin=True), await room.join("Anna"), await room.join("Boris")
    await secure(room, anna, boris)
    frame = {"type": kind, **ADMINS_FRAMES[kind]}
    if frame.get("id") == "ours":
        frame["id"] = await room.create_channel(boris, "ours")
    elif frame.get("id") == "hidden":
        frame["id"] = await create_private(room, boris, "hidden")
    elif frame.get("id") == "waiting":
        waiting = await room.sign_in("Boris", address="192.0.2.7")
        assert isinstance(waiting, Waiting)
        frame["id"] = waiting.confirmation.id
    await room.ask(boris, Send(uuid(1), uuid(1), GENERAL, "x", None, ()))
    poll = {"type": "poll.create", "id": uuid(2), "channel": GENERAL, "question": "?", "options": ["a", "b"]}
    await outcome(room, boris, poll)
    refused = "not_found" if kind == "channel.delete" else "forbidden"  # somebody else's channel that is hidden
    assert await outcome(room, anna, frame) == refused
    await make_admin(room, olga, anna)
    before = room.database.copy()
    allowed = await outcome(room, anna, frame)
    assert allowed not in {"forbidden", "malformed", refused}
    room.database = before
    await room.wake()
    await make_admin(room, olga, anna, on=False)
    assert await outcome(room, anna, frame) == refused


@pytest.mark.parametrize("ends", ["taken back", "removed"])
@pytest.mark.parametrize("kind", ["ban.lift", "invite.create", "login.answer", "hook.create", "bot.rotate", "audit"])
async def test_what_an_admin_asks_is_refused_if_they_are_none_any_more_before_it_is_done(
    kind: str, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await make_room()
    olga, anna, boris = await room.join("Olga", admin=True), await room.join("Anna"), await room.join("Boris")
    await secure(room, anna)
    waiting = await room.sign_in("Olga", address="192.0.2.7")
    assert isinstance(waiting, Waiting)
    bot = await room.bot(olga)
    await room.ask(olga, RemoveMember("r", boris.id, ban=True))
    ids = {"ban.lift": boris.id, "login.answer": waiting.confirmation.id, "bot.rotate": bot.id}
    frame = {"type": kind, **ADMINS_FRAMES[kind], **({"id": ids[kind]} if kind in ids else {})}
    await make_admin(room, olga, anna)
    connection, left = await room.connect(anna), list[dict[str, Any]]()

    async def end() -> None:
        monkeypatch.undo()
        if ends == "removed":
            await room.ask(olga, RemoveMember("r", anna.id))
        else:
            await make_admin(room, olga, anna, on=False)
        left.extend(room.database.rows("bans") + room.database.rows("bots") + room.database.rows("invites"))

    async def seal_late(key: bytes, items: Sequence[Any]) -> list[bytes]:
        await end()
        return await seal(key, items)

    async def open_late(key: bytes, items: Sequence[Any]) -> list[bytes | None]:
        await end()
        return await open_texts(key, items)

    seal, open_texts = room.ciphers.seal, room.ciphers.open
    monkeypatch.setattr(room.ciphers, "seal", seal_late)
    if kind == "audit":
        monkeypatch.setattr(room.ciphers, "open", open_late)
    refused = errors(await room.receive(connection, frame))
    assert refused == ["unauthenticated" if ends == "removed" and kind in {"audit", "invite.create"} else "forbidden"]
    assert left == room.database.rows("bans") + room.database.rows("bots") + room.database.rows("invites")


async def test_who_was_made_an_admin_is_one_over_http_too(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    requests = [("GET", "/stats", ""), ("GET", "/restore", ""), ("POST", "/restore", "{}"), ("PUT", "/restore", "{}")]

    async def asked() -> list[str]:
        """What becomes of each request, and whose session it is."""
        counter, found = Counter(room), []
        for method, path, body in requests:
            try:
                found.append(str((await counter.reply(method, path, anna, body=body)).status))
            except ChatError as refusal:
                found.append(refusal.code)
        return [*found, (await counter.json("GET", "/session", anna))["member"]["role"]]

    assert await asked() == ["forbidden"] * 4 + ["member"]
    await make_admin(room, olga, anna)
    assert await asked() == ["200", "200", "malformed", "malformed", "admin"]
    await make_admin(room, olga, anna, on=False)
    assert await asked() == ["forbidden"] * 4 + ["member"]


async def test_a_welcome_says_what_one_may_now_and_all_links_are_seen_by_admins_alone(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await room.wake(INVITES="admins")
    await secure(room, anna)
    link = {"type": "invite.create", "ref": "i", "digest": "A" * 43, "hours": 1, "uses": 1}
    (made,) = answers(await room.receive(await room.connect(olga), link))
    connection = await room.connect(anna)
    for on in (False, True, False):
        await make_admin(room, olga, anna, on=on)
        (welcome, *_) = await room.hello(connection)
        assert (welcome["member"]["role"], welcome["invites"]) == ("admin" if on else "member", on)
        (listed,) = answers(await room.receive(connection, {"type": "invites"}))
        assert [each["id"] for each in listed["invites"]] == [made["id"]] * on
        revoke = {"type": "invite.revoke", "id": "x" if on else made["id"]}
        assert errors(await room.receive(connection, revoke)) == ["not_found"]
        await room.sign_in("Olga", address="192.0.2.7") if on else None
        waiting = [each["type"] for each in await room.hello(connection)]
        assert ("approval" in waiting) is on


async def test_making_an_admin_is_answered_told_and_charged_as_removing_somebody_is(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await secure(room, anna)
    connection = await room.connect(olga)
    frame = {"type": "member.role", "ref": "r", "id": anna.id, "role": "admin"}
    answer, event = await room.receive(connection, frame)
    assert isinstance(answer, Answer)
    assert isinstance(event, Tell)
    assert parsed(answer.text) == {"type": "ack", "ref": "r", "seq": room.state.directory.seq}
    assert event.members is None
    (shown,) = parsed(event.text)["events"]
    assert (shown["kind"], shown["reason"], shown["member"]["role"]) == ("member", "role", "admin")
    assert "made_admin" not in shown["member"]
    members = {each["id"]: each["made_admin"] for each in (await seen(room, olga))["members"]}
    assert members == {anna.id: True, olga.id: False}
    codes = [errors(await room.receive(connection, frame)) for _ in range(30)]
    assert ["rate_limited"] in codes
    assert await acts(room) == [{"kind": "member.role", "by": called(olga), "member": called(anna), "role": "admin"}]
