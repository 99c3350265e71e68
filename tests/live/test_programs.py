"""live/programs.py: admins make, see, renew and end hooks and bots over the socket, and nobody else does."""

from typing import Any

import pytest

from bots.outgoing import Answered
from bots.tokens import token_of
from chat.directory import GENERAL
from tests.rooms import ChatRoom, Person, answers, make_room, refusal, told

CREATE = {"type": "hook.create", "ref": "r", "name": "Alerts", "channel": GENERAL}
CREATE_BOT = {"type": "bot.create", "ref": "r", "name": "Robo", "channels": [GENERAL], "rights": ["read", "post"]}
FRAMES: list[dict[str, Any]] = [
    CREATE,
    {"type": "hooks", "ref": "r"},
    {"type": "hook.rotate", "ref": "r", "id": "x"},
    {"type": "hook.revoke", "ref": "r", "id": "x"},
    CREATE_BOT,
    {"type": "bots", "ref": "r"},
    {"type": "bot.rotate", "ref": "r", "id": "x"},
    {"type": "bot.revoke", "ref": "r", "id": "x"},
    {"type": "bot.webhook", "ref": "r", "id": "x", "webhook": None},
    {"type": "bot.test", "ref": "r", "id": "x"},
]
OF_ONE = [frame for frame in FRAMES if "id" in frame]


async def ask(room: ChatRoom, person: Person, frame: dict[str, Any]) -> dict[str, Any]:
    (answer,) = answers(await room.receive(await room.connect(person), frame))
    return answer


@pytest.fixture
async def olga_with_hosts() -> tuple[ChatRoom, Person]:
    room = await make_room(WEBHOOK_HOSTS="bots.example.org")
    return room, await room.join("Olga", admin=True)


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


async def test_a_bot_is_made_listed_renewed_and_ended(room: ChatRoom, olga: Person) -> None:
    made = await ask(room, olga, CREATE_BOT)
    assert made == {"type": "bot", "ref": "r", "id": made["id"], "token": made["token"]}
    (listed,) = (await ask(room, olga, {"type": "bots", "ref": "l"}))["bots"]
    assert listed.items() >= {"id": made["id"], "channels": [GENERAL], "rights": ["read", "post"]}.items()
    assert (await ask(room, olga, FRAMES[1]))["hooks"] == []
    renewed = await ask(room, olga, {"type": "bot.rotate", "ref": "n", "id": made["id"]})
    assert renewed == made | {"ref": "n", "token": renewed["token"]}
    for wrong in ("hook.rotate", "hook.revoke"):
        frame = {"type": wrong, "ref": "w", "id": made["id"]}
        assert (await refusal(room, await room.connect(olga), frame))["code"] == "not_found"
    assert (await ask(room, olga, {"type": "bot.revoke", "ref": "e", "id": made["id"]}))["type"] == "ok"
    assert (await ask(room, olga, {"type": "bots", "ref": "l"}))["bots"] == []


async def test_a_webhook_is_told_its_secret_once_and_tried(olga_with_hosts: tuple[ChatRoom, Person]) -> None:
    room, olga = olga_with_hosts
    url, command = "https://bots.example.org/hook", "deploy"
    made = await ask(room, olga, CREATE_BOT | {"webhook": {"url": url, "command": "Deploy"}})
    assert made.keys() == {"type", "ref", "id", "token", "signing_secret"}
    answer = await ask(room, olga, {"type": "bots", "ref": "l"})
    assert answer["webhook_hosts"] == ["bots.example.org"]
    assert answer["bots"][0].items() >= {"webhook": {"url": url, "command": command}, "failing": False}.items()
    renewed = await ask(room, olga, {"type": "bot.rotate", "ref": "n", "id": made["id"]})
    assert renewed["signing_secret"] != made["signing_secret"]
    assert await ask(room, olga, {"type": "bot.test", "ref": "t", "id": made["id"]}) == {"type": "ok", "ref": "t"}
    room.receiver.answers.append(Answered(503))
    refused = await ask(room, olga, {"type": "bot.test", "ref": "t", "id": made["id"]})
    assert refused == {"type": "error", "ref": "t", "code": "undelivered", "detail": "It answered 503."}
    webhook = {"url": url, "command": None}
    effects = await room.receive(
        await room.connect(olga), {"type": "bot.webhook", "ref": "w", "id": made["id"], "webhook": webhook}
    )
    (answer,) = answers(effects)
    assert answer.keys() == {"type", "ref", "id", "signing_secret"}
    ((frame, members, _),) = told(effects)
    assert (frame["events"][0]["reason"], members) == ("role", None)
    removed = await ask(room, olga, {"type": "bot.webhook", "ref": "w", "id": made["id"], "webhook": None})
    assert removed == {"type": "bot", "ref": "w", "id": made["id"]}
    assert (await ask(room, olga, {"type": "bots", "ref": "l"}))["bots"][0]["webhook"] is None


@pytest.mark.parametrize("frame", FRAMES, ids=[frame["type"] for frame in FRAMES])
async def test_nobody_but_admins_has_to_do_with_hooks(room: ChatRoom, anna: Person, frame: dict[str, Any]) -> None:
    assert (await refusal(room, await room.connect(anna), frame))["code"] == "forbidden"
    assert room.database.count("bots") == 0


@pytest.mark.parametrize("frame", OF_ONE, ids=[frame["type"] for frame in OF_ONE])
async def test_a_hook_that_is_none_is_not_found(room: ChatRoom, olga: Person, frame: dict[str, Any]) -> None:
    for hook in ("x", olga.id):
        assert (await refusal(room, await room.connect(olga), frame | {"id": hook}))["code"] == "not_found"


async def test_where_names_have_to_be_secured_an_admin_secures_theirs_first() -> None:
    room = await make_room(NAMES="secured")
    olga = await room.join("Olga", admin=True)
    for frame in FRAMES:
        if frame["type"] not in ("hooks", "bots"):
            assert (await refusal(room, await room.connect(olga), frame))["code"] == "forbidden"
    assert (await ask(room, olga, FRAMES[1]))["hooks"] == []
