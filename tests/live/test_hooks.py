"""live/hooks.py: admins make, see, renew and end hooks over the socket, and nobody else does."""

from typing import Any

import pytest

from bots.tokens import token_of
from chat.directory import GENERAL
from tests.rooms import ChatRoom, Person, answers, make_room, refusal, told

CREATE = {"type": "hook.create", "ref": "r", "name": "Alerts", "channel": GENERAL}
FRAMES: list[dict[str, Any]] = [
    CREATE,
    {"type": "hooks", "ref": "r"},
    {"type": "hook.rotate", "ref": "r", "id": "x"},
    {"type": "hook.revoke", "ref": "r", "id": "x"},
]


async def ask(room: ChatRoom, person: Person, frame: dict[str, Any]) -> dict[str, Any]:
    (answer,) = answers(await room.receive(await room.connect(person), frame))
    return answer


async def test_a_hook_is_made_listed_renewed_and_ended(room: ChatRoom, olga: Person) -> None:
    connection = await room.connect(olga)
    effects = await room.receive(connection, CREATE)
    (made,) = answers(effects)
    assert made == {"type": "hook", "ref": "r", "id": made["id"], "token": made["token"]}
    assert token_of(made["token"], "", None).id == made["id"]
    ((frame, members, but),) = told(effects)
    assert (frame["events"][0]["kind"], members, but) == ("member", None, None)
    listed = {
        "id": made["id"],
        "name": "Alerts",
        "channel": GENERAL,
        "rights": ["name"],
        "created_by": olga.id,
        "created_at": room.now_ms,
        "used_at": None,
        "failed_at": None,
        "failure": None,
    }
    assert await ask(room, olga, FRAMES[1]) == {"type": "hooks", "ref": "r", "hooks": [listed]}
    renewed = await ask(room, olga, {"type": "hook.rotate", "ref": "n", "id": made["id"]})
    assert renewed == made | {"ref": "n", "token": renewed["token"]}
    assert renewed["token"] != made["token"]
    effects = await room.receive(connection, {"type": "hook.revoke", "ref": "e", "id": made["id"]})
    assert answers(effects) == [{"type": "ok", "ref": "e"}]
    ((frame, members, but),) = told(effects)
    assert (frame["events"][0]["kind"], members, but) == ("member_removed", None, None)
    assert (await ask(room, olga, FRAMES[1]))["hooks"] == []


@pytest.mark.parametrize("frame", FRAMES, ids=[frame["type"] for frame in FRAMES])
async def test_nobody_but_admins_has_to_do_with_hooks(room: ChatRoom, anna: Person, frame: dict[str, Any]) -> None:
    assert (await refusal(room, await room.connect(anna), frame))["code"] == "forbidden"
    assert room.database.count("bots") == 0


@pytest.mark.parametrize("frame", FRAMES[2:], ids=["rotate", "revoke"])
async def test_a_hook_that_is_none_is_not_found(room: ChatRoom, olga: Person, frame: dict[str, Any]) -> None:
    for hook in ("x", olga.id):
        assert (await refusal(room, await room.connect(olga), frame | {"id": hook}))["code"] == "not_found"


async def test_where_names_have_to_be_secured_an_admin_secures_theirs_first() -> None:
    room = await make_room(NAMES="secured")
    olga = await room.join("Olga", admin=True)
    for frame in FRAMES:
        if frame["type"] != "hooks":
            assert (await refusal(room, await room.connect(olga), frame))["code"] == "forbidden"
    assert (await ask(room, olga, FRAMES[1]))["hooks"] == []
