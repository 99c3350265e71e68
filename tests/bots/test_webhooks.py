"""bots/webhooks.py: a webhook is sealed at rest, its secret is told once, and what is sent to it is signed."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from bot_limits import CALL_BURST
from bots.outgoing import Answered, Request
from chat.directory import GENERAL
from errors import Forbidden, Malformed, NameTaken, NotFound, RateLimited, Undelivered
from storage.bots import Bot
from tests.rooms import ORIGIN, ChatRoom, Person, events, make_room
from wire.bots import BOT_RIGHTS, CreateBot

URL = "https://bots.example.org/hook"


@pytest.fixture
async def room() -> ChatRoom:
    return await make_room(WEBHOOK_HOSTS="bots.example.org,*.example.com")


@pytest.fixture
async def olga(room: ChatRoom) -> Person:
    return await room.join("Olga", admin=True)


async def made(room: ChatRoom, by: Person, command: str = "deploy", *, name: str = "Robo", url: str = URL) -> str:
    frame = CreateBot(None, name, (GENERAL,), BOT_RIGHTS, (url, command))
    bot, _, _ = await room.state.programs.create(by.id, frame, now_ms=room.now_ms)
    return bot


def stored(room: ChatRoom, bot: str) -> Bot:
    found = room.state.store.bots.get(bot)
    assert found is not None
    return found


def check(request: Request, secret: str) -> dict[str, Any]:
    """What a receiver does with a request: the scheme, by the standard library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.{request.body}"
    expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    return dict(json.loads(request.body))


async def test_address_command_and_key_are_sealed_and_come_back(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    secret = await room.state.programs.webhooks.secret_of(bot)
    assert secret is not None
    for _ in range(2):
        shown = await room.state.programs.webhooks.shown()
        assert shown == {bot: {"webhook": {"url": URL, "command": "deploy"}, "failing": False}}
        assert await room.state.programs.webhooks.secret_of(bot) == secret
        member = room.state.directory.member(bot)
        assert (member.command, member.is_called) == ("deploy", True)
        assert member.public() == {
            "id": bot,
            "name": "Robo",
            "role": "bot",
            "hue": 1,
            "created_by": olga.id,
            "channels": ("general",),
            "rights": BOT_RIGHTS,
            "command": "deploy",
        }
        await room.wake()
    for hidden in ("bots.example.org", "deploy", secret.removeprefix("whsec_")):
        assert hidden not in room.database.dump()


async def test_a_bot_without_one_is_never_called(room: ChatRoom, olga: Person) -> None:
    frame = CreateBot(None, "Robo", (GENERAL,), BOT_RIGHTS)
    bot, _, _ = await room.state.programs.create(olga.id, frame, now_ms=room.now_ms)
    for _ in range(2):
        assert await room.state.programs.webhooks.secret_of(bot) is None
        assert room.state.directory.member(bot).is_called is False
        await room.wake()
    with pytest.raises(NotFound, match="no webhook"):
        await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)
    await room.state.programs.rotate(olga.id, "bot", bot, now_ms=room.now_ms)
    assert stored(room, bot).webhook is None


async def test_a_webhook_that_does_not_open_is_none(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    room.database.tamper("UPDATE bots SET sealed = x'01' WHERE id = ?", bot)
    await room.wake()
    assert room.state.directory.member(bot).command == ""
    shown = await room.state.programs.webhooks.shown()
    assert shown == {bot: {"webhook": None, "failing": False}}


async def test_a_webhook_is_changed_and_taken_away_and_everybody_sees_the_command(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    programs = room.state.programs
    first = await programs.webhooks.secret_of(bot)
    changed = await programs.set_webhook(olga.id, bot, ("https://a.example.com", "go"), now_ms=room.now_ms)
    shown = {"id": bot, "name": "Robo", "role": "bot", "hue": 1, "created_by": olga.id}
    shown |= {"channels": [GENERAL], "rights": list(BOT_RIGHTS)}
    (told,) = events(changed)
    assert told | {"seq": 0} == {"seq": 0, "kind": "member", "member": shown | {"command": "go"}, "reason": "role"}
    second = await programs.webhooks.secret_of(bot)
    assert second not in (first, None)
    same = await programs.set_webhook(olga.id, bot, ("https://a.example.com/x", "go"), now_ms=room.now_ms)
    assert same == [], "nobody sees the address"
    await programs.rotate(olga.id, "bot", bot, now_ms=room.now_ms)
    assert await programs.webhooks.secret_of(bot) not in (first, second)
    assert (await programs.webhooks.shown())[bot]["webhook"] == {"url": "https://a.example.com/x", "command": "go"}
    (told,) = events(await programs.set_webhook(olga.id, bot, None, now_ms=room.now_ms))
    assert told["member"] == shown
    for _ in range(2):
        assert (await room.state.programs.webhooks.shown())[bot] == {"webhook": None, "failing": False}
        assert room.state.directory.member(bot).is_called is False
        await room.wake()


async def test_two_bots_have_two_commands(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    with pytest.raises(NameTaken, match="command"):
        await made(room, olga, name="Other")
    other = await made(room, olga, "", name="Other")
    programs = room.state.programs
    with pytest.raises(NameTaken, match="command"):
        await programs.set_webhook(olga.id, other, (URL, "deploy"), now_ms=room.now_ms)
    assert await programs.set_webhook(olga.id, bot, (URL, "deploy"), now_ms=room.now_ms) == [], "its own"
    await programs.revoke(olga.id, "bot", bot, now_ms=room.now_ms)
    await programs.set_webhook(olga.id, other, (URL, "deploy"), now_ms=room.now_ms)


@pytest.mark.parametrize("url", ["https://other.example.org/", "https://chat.example.com/hooks"])
async def test_an_address_that_is_not_allowed_makes_no_bot(room: ChatRoom, olga: Person, url: str) -> None:
    room.state.programs.webhooks.note_origin("https://chat.example.com:443")
    with pytest.raises(Forbidden, match="webhook"):
        await made(room, olga, url=url)
    with pytest.raises(Malformed, match="webhook"):
        await made(room, olga, url="https://127.0.0.1/")
    assert room.database.count("bots") == 0


async def test_what_is_sent_is_signed_and_each_time_anew(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    secret = await room.state.programs.webhooks.secret_of(bot)
    assert secret is not None
    for _ in range(2):
        await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)
    first, second = room.receiver.requests
    assert first.url == URL
    assert first.headers["Content-Type"] == "application/json"
    assert check(first, secret) == {"type": "test", "room": room.name, "member": {"id": olga.id, "name": "Olga"}}
    assert check(second, secret)
    assert first.headers["webhook-id"] != second.headers["webhook-id"]


async def test_a_failed_test_is_noted_and_a_good_one_ends_a_failure(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    programs = room.state.programs
    room.receiver.answers += [Answered(500), Answered(200, "text/plain", None)]
    with pytest.raises(Undelivered, match="500"):
        await programs.test(olga.id, bot, now_ms=room.now_ms)
    assert (stored(room, bot).failure, stored(room, bot).failed_at) == ("webhook_status", room.now_ms)
    with pytest.raises(Undelivered, match="65,536"):
        await programs.test(olga.id, bot, now_ms=room.now_ms)
    room.state.store.bots.set_failing(bot, room.now_ms)
    assert (await programs.webhooks.shown())[bot]["failing"] is True
    await programs.test(olga.id, bot, now_ms=room.now_ms)
    assert (await programs.webhooks.shown())[bot]["failing"] is False


async def test_a_host_that_is_not_allowed_any_more_gets_nothing(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    await room.wake(WEBHOOK_HOSTS="")
    assert room.state.programs.webhooks.hosts() == []
    with pytest.raises(Undelivered) as refused:
        await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)
    assert refused.value.failure == "webhook_forbidden"
    assert room.receiver.requests == []
    await room.wake(WEBHOOK_HOSTS="*")
    assert room.state.programs.webhooks.hosts() == ["*"]
    await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)


async def test_no_webhook_is_flooded(room: ChatRoom, olga: Person) -> None:
    bot = await made(room, olga)
    for _ in range(CALL_BURST):
        await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)
    with pytest.raises(RateLimited) as refused:
        await room.state.programs.test(olga.id, bot, now_ms=room.now_ms)
    assert refused.value.retry_after == 2
    assert len(room.receiver.requests) == CALL_BURST


async def test_our_own_addresses_are_noted_when_they_change(room: ChatRoom, olga: Person) -> None:
    webhooks = room.state.programs.webhooks
    webhooks.note_origin(ORIGIN)
    before = room.database.dump()
    webhooks.note_origin(ORIGIN)
    assert room.database.dump() == before
    webhooks.note_origin("https://other.example")
    webhooks.note_origin(ORIGIN)
    assert webhooks.origins() == [ORIGIN, "https://other.example"]
    for number in range(20):
        webhooks.note_origin(f"https://{number}.example")
    assert len(webhooks.origins()) == 8
