"""live/bot_requests.py: a bot posts, reads, edits and reacts in its channels, and elsewhere there is nothing for it."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest

from access.handover import Handover
from bots.delivery import Delivery, key_of
from bots.tokens import token_of
from chat.directory import GENERAL
from encoding import compact_json
from errors import Archived, ChatError, Forbidden, Malformed, NotFound, TooLarge, TooManyAttempts, Unauthenticated
from limits import MAX_BODY_CHARACTERS
from live.bot_requests import answer
from live.effects import Tell
from live.replies import Asked, Reply
from tests.files.uploading import described, upload
from tests.lanes import create_private, secure
from tests.rooms import ChatRoom, Person, accepted, make_room, uuid
from web.routes import find_route
from wire.bots import BOT_RIGHTS, PROGRAM, CreateBot, CreateHook
from wire.changes import UpdateChannel
from wire.lanes import AddMembers, PartMember

THUMB = "👍"


class Bot:
    """A bot, and the program behind it."""

    def __init__(self, room: ChatRoom, token: str) -> None:
        self.room = room
        self.token = token_of(token, "", None)

    @property
    def id(self) -> str:
        return self.token.id

    async def ask(
        self, method: str, path: str, body: Any = None, *, query: str = "", key: str = "", now: int | None = None
    ) -> Reply:
        """What is answered below the address of a channel."""
        made = key_of("idempotency-key", key) if key else ""
        delivery = Delivery(self.token.id, self.token.digest.hex(), key=made).written()
        route = find_route(method, f"/api/rooms/{self.room.name}/channels{path}")
        text = body if isinstance(body, str) else "" if body is None else compact_json(body)
        asked = Asked(route, Handover("request"), body=text, delivery=delivery, query=query)
        return await answer(self.room.state, asked, self.room.now_ms if now is None else now)

    async def post(self, body: str, channel: str = GENERAL, **more: Any) -> str:
        """Post; the id of the message."""
        reply = await self.ask("POST", f"/{channel}/messages", {"body": body, **more})
        assert reply.status == 201
        return str(json.loads(reply.body or "")["id"])

    async def refusal(self, method: str, path: str, body: Any = None, **more: Any) -> ChatError:
        with pytest.raises(ChatError) as refused:
            await self.ask(method, path, body, **more)
        return refused.value


async def made(
    room: ChatRoom, by: Person, *channels: str, rights: tuple[str, ...] = BOT_RIGHTS, name: str = "Robo"
) -> Bot:
    frame = CreateBot(None, name, channels or (GENERAL,), rights)
    _, token, _ = await room.state.programs.create(by.id, frame, now_ms=room.now_ms)
    return Bot(room, token)


@pytest.fixture
async def bot(room: ChatRoom, olga: Person) -> Bot:
    return await made(room, olga)


async def page(bot: Bot, query: str = "", channel: str = GENERAL) -> dict[str, Any]:
    reply = await bot.ask("GET", f"/{channel}/messages", query=query)
    assert reply.status == 200
    return dict(json.loads(reply.body or ""))


async def test_a_bot_posts_and_everybody_is_told(room: ChatRoom, bot: Bot, anna: Person) -> None:
    reply = await bot.ask("POST", f"/{GENERAL}/messages", {"body": "Hello", "mentions": [anna.id]})
    tell, noted = [effect for effect in reply.effects if isinstance(effect, Tell)]
    (event,) = json.loads(tell.text)["events"]
    assert noted.members == frozenset({anna.id})
    told = {"id": event["id"], "seq": event["seq"], "sent_at": room.now_ms}
    assert (reply.status, json.loads(reply.body or "")) == (201, told)
    assert (event["author"], event["body"], event["mentions"]) == (bot.id, "Hello", [anna.id])
    assert (await room.channel_of(anna))["mentions"] == 1


async def test_a_repetition_posts_nothing_by_its_id_or_its_key(room: ChatRoom, bot: Bot) -> None:
    path = f"/{GENERAL}/messages"
    first = await bot.ask("POST", path, {"body": "one", "id": uuid(1)})
    again = await bot.ask("POST", path, {"body": "two", "id": uuid(1)})
    assert first.body == again.body
    assert again.effects == []
    keyed = [await bot.ask("POST", path, {"body": "three"}, key="k") for _ in range(2)]
    assert keyed[0].body == keyed[1].body
    await bot.post("four")
    await bot.post("four")
    assert await room.bodies() == ["one", "three", "four", "four"]


async def test_a_bot_reads_pages_with_the_names_of_their_authors(room: ChatRoom, bot: Bot, anna: Person) -> None:
    seqs = [(await room.say(anna, f"message {number}"))["seq"] for number in range(5)]
    await bot.post("an answer")
    whole = await page(bot)
    assert whole["members"] == {anna.id: "Anna", bot.id: "Robo"}
    assert (whole["channel"], whole["more"], len(whole["messages"])) == (GENERAL, False, 6)
    later = await page(bot, f"after={seqs[1]}&limit=2")
    assert [message["body"] for message in later["messages"]] == ["message 2", "message 3"]
    assert later["more"] is True
    earlier = await page(bot, f"before={seqs[1]}")
    assert [message["body"] for message in earlier["messages"]] == ["message 0"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=-1", "after=1&before=2", "after=²", "after="]
)
async def test_a_page_that_is_none_is_malformed(bot: Bot, query: str) -> None:
    if query == "after=":  # nothing is said, so it is the newest page
        assert (await page(bot, query))["messages"] == []
    else:
        assert isinstance(await bot.refusal("GET", f"/{GENERAL}/messages", query=query), Malformed)


async def test_a_bot_edits_and_deletes_what_it_wrote_and_nothing_else(room: ChatRoom, bot: Bot, anna: Person) -> None:
    own, other = await bot.post("tpyo"), room.new_id()
    await room.say(anna, "not yours", id=other)
    edited = await bot.ask("PATCH", f"/{GENERAL}/messages/{own}", {"body": "typo"})
    assert (edited.status, json.loads(edited.body or "")) == (200, {"seq": room.state.directory.seq})
    assert (await room.bodies())[0] == "typo"
    for method, body in [("PATCH", {"body": "mine"}), ("DELETE", None)]:
        assert isinstance(await bot.refusal(method, f"/{GENERAL}/messages/{other}", body), Forbidden)
    assert (await bot.ask("DELETE", f"/{GENERAL}/messages/{own}")).status == 204
    assert (await bot.ask("DELETE", f"/{GENERAL}/messages/{own}")).status == 204
    assert await room.bodies() == ["", "not yours"]
    assert isinstance(await bot.refusal("PATCH", f"/{GENERAL}/messages/{own}", {"body": "x"}), NotFound)


async def test_a_bot_reacts_and_takes_it_back(room: ChatRoom, bot: Bot, anna: Person) -> None:
    message = room.new_id()
    await room.say(anna, "good?", id=message)
    path = f"/{GENERAL}/messages/{message}/reactions/"
    for emoji in (quote(THUMB), THUMB):
        assert (await bot.ask("PUT", path + emoji)).status == 204
    assert (await room.history())["messages"][0]["reactions"] == {THUMB: [bot.id]}
    assert (await bot.ask("DELETE", path + quote(THUMB))).status == 204
    assert "reactions" not in (await room.history())["messages"][0]
    for wrong in ("x", "%FF", "%00", quote(THUMB * 33)):
        assert isinstance(await bot.refusal("PUT", path + wrong), (Malformed, TooLarge))


REQUESTS: list[tuple[str, str, Any, str]] = [
    ("POST", "/messages", {"body": "x"}, "post"),
    ("GET", "/messages", None, "read"),
    ("PATCH", f"/messages/{uuid(1)}", {"body": "x"}, "edit"),
    ("DELETE", f"/messages/{uuid(1)}", None, "edit"),
    ("PUT", f"/messages/{uuid(1)}/reactions/{quote(THUMB)}", None, "react"),
    ("DELETE", f"/messages/{uuid(1)}/reactions/{quote(THUMB)}", None, "react"),
]
NAMES = [f"{method} {path[-30:]}" for method, path, _, _ in REQUESTS]


@pytest.mark.parametrize(("method", "path", "body", "right"), REQUESTS, ids=NAMES)
async def test_each_request_needs_its_right(
    room: ChatRoom, olga: Person, method: str, path: str, body: Any, right: str
) -> None:
    without = await made(room, olga, rights=tuple(each for each in BOT_RIGHTS if each != right))
    assert isinstance(await without.refusal(method, f"/{GENERAL}{path}", body), Forbidden)
    alone = await made(room, olga, rights=(right,), name="Other")
    if right in ("post", "read"):
        assert (await alone.ask(method, f"/{GENERAL}{path}", body)).status < 300
    else:
        assert isinstance(await alone.refusal(method, f"/{GENERAL}{path}", body), NotFound)


@pytest.mark.parametrize(("method", "path", "body", "right"), REQUESTS, ids=NAMES)
async def test_a_channel_that_the_bot_is_not_in_is_as_one_that_does_not_exist(
    room: ChatRoom, bot: Bot, anna: Person, method: str, path: str, body: Any, right: str
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "secret", plans, id=uuid(1))
    found = []
    for channel in (plans, "unknown"):
        refusal = await bot.refusal(method, f"/{channel}{path}", body)
        found.append((type(refusal), refusal.code, refusal.status, refusal.detail, refusal.extra))
    assert found[0] == found[1]
    assert found[0][1] == "not_found", right


async def test_a_message_of_another_channel_is_as_one_that_does_not_exist(
    room: ChatRoom, bot: Bot, anna: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "secret", plans, id=uuid(1))
    for method, path, body, _ in REQUESTS[2:]:
        found = []
        for message in (uuid(1), uuid(2)):
            refusal = await bot.refusal(method, f"/{GENERAL}{path.replace(uuid(1), message)}", body)
            found.append((refusal.code, refusal.detail))
        assert found[0] == found[1]
    answered = await bot.refusal("POST", f"/{GENERAL}/messages", {"body": "x", "reply_to": uuid(1)})
    assert isinstance(answered, ChatError)
    assert answered.code == "not_found"


async def test_a_bot_sends_the_files_that_it_has_uploaded_if_it_may(room: ChatRoom, olga: Person, bot: Bot) -> None:
    sent = upload(room, Person(bot.id, "Robo", olga.session, b""), 1)
    await bot.post("", files=[described(1)])
    (message,) = (await room.history())["messages"]
    assert (message["author"], message["files"][0]["id"]) == (bot.id, sent.id)
    other = await made(room, olga, rights=("post", "read"), name="Other")
    refusal = await other.refusal("POST", f"/{GENERAL}/messages", {"body": "", "files": [described(2)]})
    assert (refusal.code, refusal.detail) == ("forbidden", "This bot has no right to send or fetch files.")


async def test_a_bot_is_in_the_private_channels_that_a_keeper_adds_it_to(
    room: ChatRoom, bot: Bot, anna: Person
) -> None:
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    said = room.new_id()
    await room.say(anna, "hello", lane, id=said)
    assert isinstance(await bot.refusal("POST", f"/{lane}/messages", {"body": "x"}), NotFound)
    accepted(await room.ask(anna, AddMembers("r", lane, (bot.id,), "all")))
    await room.wake()
    own = await bot.post("hi", lane, id=uuid(7))
    assert await bot.post("hi", lane, id=uuid(7)) == own, "a repetition"
    await bot.post("in general", id=uuid(7))
    assert [message["body"] for message in (await page(bot, channel=lane))["messages"]] == ["hello", "hi"]
    for method, path, body in (
        ("PATCH", f"/{lane}/messages/{own}", {"body": "ho"}),
        ("PUT", f"/{lane}/messages/{said}/reactions/{quote(THUMB)}", None),
        ("DELETE", f"/{lane}/messages/{own}", None),
    ):
        assert (await bot.ask(method, path, body)).status in (200, 204)
    assert await room.bodies() == ["in general"], "the one with the same id stays"
    accepted(await room.ask(anna, PartMember("r", lane, bot.id)))
    for method, path, body in (("GET", f"/{lane}/messages", None), ("POST", f"/{lane}/messages", {"body": "x"})):
        assert isinstance(await bot.refusal(method, path, body), NotFound)


async def test_a_bot_without_the_right_mentions_nobody(room: ChatRoom, olga: Person, anna: Person) -> None:
    bot = await made(room, olga, rights=("post", "edit"))
    own = await bot.post("hi")
    body = {"body": "hi", "mentions": [anna.id]}
    assert isinstance(await bot.refusal("POST", f"/{GENERAL}/messages", body), Forbidden)
    assert isinstance(await bot.refusal("PATCH", f"/{GENERAL}/messages/{own}", body), Forbidden)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", Malformed),
        ("[]", Malformed),
        ({}, Malformed),
        ({"body": ""}, Malformed),
        ({"body": 7}, Malformed),
        ('{"body":"\\ud800"}', Malformed),
        ({"body": "x", "id": "x"}, Malformed),
        ({"body": "x" * (MAX_BODY_CHARACTERS + 1)}, TooLarge),
        ({"body": "x", "mentions": "x"}, Malformed),
        ({"body": "x", "reply_to": "x"}, Malformed),
        ({"body": "x", "files": [{}]}, Malformed),
        ({"body": "x", "files": [described(1)]}, Malformed),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_message_that_is_none_is_refused_as_a_members(room: ChatRoom, bot: Bot, body: Any, kind: type) -> None:
    assert isinstance(await bot.refusal("POST", f"/{GENERAL}/messages", body), kind)
    assert await room.bodies() == []


async def test_only_the_present_token_of_a_bot_opens(room: ChatRoom, bot: Bot, olga: Person) -> None:
    _, token, _ = await room.state.programs.create(
        olga.id, CreateHook(None, "Hook", GENERAL, ("name",)), now_ms=room.now_ms
    )
    wrong = [Bot(room, token), Bot(room, f"{room.name}_{'A' * 12}_{'a' * 32}"), Bot(room, f"main_{bot.id}_{'a' * 32}")]
    for each in wrong:
        assert isinstance(await each.refusal("GET", f"/{GENERAL}/messages"), Unauthenticated)
    renewed = Bot(room, await room.state.programs.rotate(olga.id, "bot", bot.id, now_ms=room.now_ms))
    assert isinstance(await bot.refusal("GET", f"/{GENERAL}/messages"), Unauthenticated)
    await renewed.post("hello")
    await room.state.programs.revoke(olga.id, "bot", bot.id, now_ms=room.now_ms)
    assert isinstance(await renewed.refusal("GET", f"/{GENERAL}/messages"), Unauthenticated)
    nobody = await make_room("empty")
    assert isinstance(await Bot(nobody, f"empty_{'A' * 12}_{'a' * 32}").refusal("GET", "/x/messages"), Unauthenticated)
    assert nobody.database.tables() == []


async def test_a_bot_that_is_revoked_meanwhile_does_nothing(room: ChatRoom, bot: Bot, olga: Person) -> None:
    message = await bot.post("before")
    end = room.state.programs.revoke(olga.id, PROGRAM, bot.id, now_ms=room.now_ms)
    path = f"/{GENERAL}/messages"
    late = (bot.ask("POST", path, {"body": "late"}), bot.ask("PATCH", f"{path}/{message}", {"body": "late"}))
    _, *answers = await asyncio.gather(end, *late, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unauthenticated] * 2
    assert await room.bodies() == ["before"]


async def test_a_bot_is_limited_as_members_are_and_admins_see_why_it_fails(room: ChatRoom, bot: Bot) -> None:
    for number in range(room.settings.message_burst):
        await bot.post(f"{number}")
    refusal = await bot.refusal("POST", f"/{GENERAL}/messages", {"body": "too much"})
    assert isinstance(refusal, TooManyAttempts)
    assert refusal.retry_after == 1
    (listed,) = room.state.programs.listed("bot")
    assert (listed["failure"], listed["used_at"], listed["channels"]) == ("too_many_attempts", room.now_ms, [GENERAL])
    room.later(1_000)
    await bot.post("again")


async def test_the_days_number_is_for_hooks_and_bots_together() -> None:
    room = await make_room(BOT_MESSAGES_DAY="1")
    olga = await room.join("Olga", admin=True)
    bot = await made(room, olga)
    await bot.post("one")
    assert isinstance(await bot.refusal("POST", f"/{GENERAL}/messages", {"body": "two"}), TooManyAttempts)


async def test_an_archived_channel_takes_nothing(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    bot = await made(room, olga, plans)
    own = await bot.post("x", plans)
    await room.ask(olga, UpdateChannel("r", plans, {"archived": True}))
    assert isinstance(await bot.refusal("POST", f"/{plans}/messages", {"body": "x"}), Archived)
    refusal = await bot.refusal("PATCH", f"/{plans}/messages/{own}", {"body": "x"})
    assert (refusal.code, refusal.status) == ("archived", 409)
    assert (await page(bot, channel=plans))["messages"][0]["body"] == "x"
