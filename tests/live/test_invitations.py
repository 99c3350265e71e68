"""live/invitations.py: links are made, seen and ended over the socket, by who may."""

import hashlib
from typing import Any

import pytest

from encoding import b64url
from limits import DEVICE_INVITE_MS, HOUR_MS, MAX_INVITE_HOURS, MAX_INVITE_USES, MAX_LABEL_CHARACTERS
from tests.logins import AWAY, get_in
from tests.rooms import ChatRoom, Person, answers, make_room, refusal

SECRET = bytes(range(32))
DIGEST = b64url(hashlib.sha256(SECRET).digest())
CREATE = {"type": "invite.create", "ref": "r", "digest": DIGEST, "hours": 24, "uses": 1}


async def ask(room: ChatRoom, person: Person, frame: dict[str, Any]) -> dict[str, Any]:
    (answer,) = answers(await room.receive(await room.connect(person), frame))
    return answer


async def test_a_link_is_made_seen_used_and_ended(room: ChatRoom, anna: Person) -> None:
    made = await ask(room, anna, CREATE | {"uses": 2, "label": " the team "})
    assert made == {"type": "invite", "ref": "r", "id": made["id"], "expires_at": room.now_ms + 24 * HOUR_MS}
    result = await get_in(room, "Boris", invite=SECRET)
    assert await ask(room, anna, {"type": "invites", "ref": "l"}) == {
        "type": "invites",
        "ref": "l",
        "invites": [
            {
                "id": made["id"],
                "label": "the team",
                "by": anna.id,
                "created_at": room.now_ms,
                "expires_at": made["expires_at"],
                "uses": 2,
                "used": [result.member.id],
            }
        ],
    }
    revoke = {"type": "invite.revoke", "ref": "e", "id": made["id"]}
    assert await ask(room, anna, revoke) == {"type": "ok", "ref": "e"}
    assert (await refusal(room, await room.connect(anna), revoke))["code"] == "not_found"
    assert (await ask(room, anna, {"type": "invites", "ref": "l"}))["invites"] == []


async def test_a_link_for_another_device_works_for_ten_minutes_and_is_in_no_list(room: ChatRoom, anna: Person) -> None:
    made = await ask(room, anna, {"type": "invite.create", "ref": "r", "digest": DIGEST, "kind": "device"})
    assert made["expires_at"] == room.now_ms + DEVICE_INVITE_MS
    assert (await ask(room, anna, {"type": "invites", "ref": "l"}))["invites"] == []
    assert (await get_in(room, "", invite=SECRET, address=AWAY)).member.id == anna.id


@pytest.mark.parametrize(
    ("settings", "member_may", "admin_may"),
    [
        ({}, True, True),
        ({"INVITES": "admins"}, False, True),
        ({"INVITES": "off"}, False, False),
        ({"ACCESS": "password"}, False, False),
        ({"ACCESS": "invite"}, None, True),
    ],
)
async def test_who_may_invite_is_told_and_nobody_else_may(
    settings: dict[str, str], member_may: bool | None, admin_may: bool
) -> None:
    room = await make_room()
    await room.wake(**settings)
    people = [(await room.join("Olga", admin=True), admin_may)]
    if member_may is not None:
        people.append((await room.join("Anna"), member_may))
    for person, may in people:
        assert (await room.welcome(person))["invites"] is may
        digest = b64url(hashlib.sha256(person.id.encode()).digest())
        if may:
            assert (await ask(room, person, CREATE | {"digest": digest}))["type"] == "invite"
        else:
            assert (await refusal(room, await room.connect(person), CREATE))["code"] == "forbidden"
        other = b64url(hashlib.sha256(digest.encode()).digest())
        device = {"type": "invite.create", "ref": "d", "digest": other, "kind": "device"}
        assert (await ask(room, person, device))["type"] == "invite"


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": 0},
        {"hours": MAX_INVITE_HOURS + 1},
        {"hours": None},
        {"hours": "24"},
        {"uses": 0},
        {"uses": MAX_INVITE_USES + 1},
        {"uses": True},
        {"digest": None},
        {"digest": ""},
        {"digest": b64url(bytes(31))},
        {"digest": DIGEST + "="},
        {"kind": "bot"},
        {"kind": None},
        {"label": 7},
        {"label": "\u202eevil"},
    ],
    ids=str,
)
async def test_a_link_that_is_not_described_is_malformed_and_nothing_is_stored(
    room: ChatRoom, anna: Person, fields: dict[str, Any]
) -> None:
    assert (await refusal(room, await room.connect(anna), CREATE | fields))["code"] == "malformed"
    assert room.database.count("invites") == 0


@pytest.mark.parametrize("missing", ["hours", "uses", "digest"])
async def test_what_has_to_be_said_is_asked_for(room: ChatRoom, anna: Person, missing: str) -> None:
    frame = {name: value for name, value in CREATE.items() if name != missing}
    error = await refusal(room, await room.connect(anna), frame)
    assert (error["code"], missing in error["detail"]) == ("malformed", True)


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": 1},
        {"hours": MAX_INVITE_HOURS},
        {"uses": MAX_INVITE_USES},
        {"uses": None},
        {"label": None},
        {"label": "x" * MAX_LABEL_CHARACTERS},
    ],
    ids=lambda fields: str(fields)[:40],
)
async def test_the_limits_themselves_are_taken(room: ChatRoom, anna: Person, fields: dict[str, Any]) -> None:
    assert (await ask(room, anna, CREATE | fields))["type"] == "invite"


async def test_a_label_is_no_longer_than_its_limit(room: ChatRoom, anna: Person) -> None:
    frame = CREATE | {"label": "x" * (MAX_LABEL_CHARACTERS + 1)}
    assert (await refusal(room, await room.connect(anna), frame))["code"] == "too_large"


async def test_the_same_link_twice_is_refused(room: ChatRoom, anna: Person, boris: Person) -> None:
    await ask(room, anna, CREATE)
    assert (await refusal(room, await room.connect(boris), CREATE))["code"] == "name_taken"


async def test_anothers_link_is_none_of_ones_business(room: ChatRoom, anna: Person, boris: Person) -> None:
    made = await ask(room, anna, CREATE)
    connection = await room.connect(boris)
    revoke = {"type": "invite.revoke", "ref": "e", "id": made["id"]}
    assert (await refusal(room, connection, revoke))["code"] == "not_found"
    assert (await ask(room, boris, {"type": "invites", "ref": "l"}))["invites"] == []
