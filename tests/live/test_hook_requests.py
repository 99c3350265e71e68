"""live/hook_requests.py: what is posted for a request to a hook, what is not, and what its sender is answered."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from access.handover import Handover
from bot_limits import HOOK_BURST, HOOK_REPEATED_MS
from bots.delivery import Delivery, key_of
from bots.tokens import token_of
from chat.directory import GENERAL
from encoding import compact_json
from errors import Archived, ChatError, Malformed, NotFound, TooManyAttempts
from limits import DAY_MS, MAX_BODY_CHARACTERS
from live.effects import Tell
from live.hook_requests import deliver
from live.replies import Asked, Reply
from tests.rooms import ChatRoom, Person, make_room
from web.answers import API_HEADERS
from web.routes import find_route
from wire.bots import HOOK, CreateHook
from wire.changes import Delete, DeleteChannel, UpdateChannel

ROUTE = find_route("POST", "/hooks/x")
JSON = "application/json"


class Hook:
    """A hook, and whoever posts to it."""

    def __init__(self, room: ChatRoom, token: str) -> None:
        self.room = room
        self.token = token_of(token, "", None)

    @classmethod
    async def of(cls, room: ChatRoom, by: Person, name: str = "Alerts", **more: Any) -> "Hook":
        frame = CreateHook(None, name, more.get("channel", GENERAL), tuple(more.get("rights", ("name",))))
        _, token, _ = await room.state.programs.create(by.id, frame, now_ms=room.now_ms)
        return cls(room, token)

    async def post(self, body: Any, media_type: str = JSON, *, key: str = "", wait: bool = False) -> Reply:
        digest = self.token.digest.hex()
        made = "" if not key else key_of("idempotency-key", key)
        delivery = Delivery(self.token.id, digest, media_type, key=made, wait=wait).written()
        text = body if isinstance(body, str) else compact_json(body)
        asked = Asked(ROUTE, Handover("request"), body=text, delivery=delivery)
        return await deliver(self.room.state, asked, self.room.now_ms)

    async def refusal(self, body: Any, media_type: str = JSON, **more: Any) -> ChatError:
        with pytest.raises(ChatError) as refused:
            await self.post(body, media_type, **more)
        return refused.value


@pytest.fixture
async def hook(room: ChatRoom, olga: Person) -> Hook:
    return await Hook.of(room, olga)


async def messages(room: ChatRoom, channel: str = GENERAL) -> list[dict[str, Any]]:
    return list((await room.history(channel))["messages"])


def is_ok(reply: Reply) -> bool:
    headers: Mapping[str, str] = {**API_HEADERS, "Content-Type": "text/plain"}
    return (reply.status, reply.body, reply.headers) == (200, "ok", headers)


async def test_a_text_is_posted_and_told_to_everybody_and_the_answer_is_ok(
    room: ChatRoom, hook: Hook, anna: Person
) -> None:
    reply = await hook.post({"text": "The backup is done."})
    assert is_ok(reply)
    (tell,) = [effect for effect in reply.effects if isinstance(effect, Tell)]
    (event,) = json.loads(tell.text)["events"]
    assert (event["kind"], event["author"], event["body"]) == ("message", hook.token.id, "The backup is done.")
    assert [message["body"] for message in await messages(room)] == ["The backup is done."]
    assert (await room.channel_of(anna))["unread"] == 1


async def test_a_room_without_anybody_has_no_hooks() -> None:
    room = await make_room()
    delivery = Delivery("x", "00").written()
    with pytest.raises(NotFound):
        await deliver(room.state, Asked(ROUTE, Handover("request"), body="x", delivery=delivery), room.now_ms)
    assert room.database.tables() == []


async def test_whoever_has_no_good_secret_posts_nothing_and_costs_nothing(room: ChatRoom, hook: Hook) -> None:
    token = await room.state.programs.rotate("", HOOK, hook.token.id, now_ms=room.now_ms)
    hook.token = token_of(token, "", None)
    before = room.database.dump()
    other = Hook(room, f"main_{hook.token.id}_{'a' * 32}")
    assert isinstance(await other.refusal({"text": "x"}), NotFound)
    assert isinstance(await other.refusal("{"), NotFound)
    assert room.database.dump() == before


async def test_the_same_body_within_a_minute_posts_nothing_twice(room: ChatRoom, hook: Hook) -> None:
    room.now_ms = room.now_ms // HOOK_REPEATED_MS * HOOK_REPEATED_MS + HOOK_REPEATED_MS - 1_000
    for later_ms, posted in [(0, 1), (0, 1), (2_000, 1), (HOOK_REPEATED_MS - 2_001, 1), (1, 2), (1, 2)]:
        room.later(later_ms)
        reply = await hook.post({"text": "disk full"})
        assert is_ok(reply)
        assert len(await messages(room)) == posted
    await hook.post({"text": "disk full!"})
    assert len(await messages(room)) == 3


async def test_a_key_makes_a_repetition_whatever_the_body_and_the_time(room: ChatRoom, hook: Hook) -> None:
    await hook.post({"text": "one"}, key="k")
    await room.wake()
    room.later(3 * DAY_MS)
    assert is_ok(await hook.post({"text": "two"}, key="k"))
    assert [message["body"] for message in await messages(room)] == ["one"]
    await hook.post({"text": "one"}, key="l")
    await hook.post({"text": "one"})
    assert len(await messages(room)) == 3


async def test_two_hooks_do_not_repeat_each_other(room: ChatRoom, hook: Hook, olga: Person) -> None:
    other = await Hook.of(room, olga, "Builds")
    await hook.post({"text": "x"}, key="k")
    await other.post({"text": "x"}, key="k")
    assert len(await messages(room)) == 2


async def test_a_repetition_of_what_was_deleted_stays_deleted(room: ChatRoom, hook: Hook, olga: Person) -> None:
    await hook.post({"text": "x"})
    (message,) = await messages(room)
    await room.ask(olga, Delete("r", message["id"]))
    assert is_ok(await hook.post({"text": "x"}))
    (message,) = await messages(room)
    assert "body" not in message


async def test_discord_senders_get_discords_answers(room: ChatRoom, hook: Hook) -> None:
    assert (await hook.post({"content": "x"})).status == 204
    reply = await hook.post({"content": "y"}, wait=True)
    assert reply.status == 200
    (_, message) = await messages(room)
    assert json.loads(reply.body or "") == {"id": message["id"], "channel_id": GENERAL, "content": "y"}
    again = await hook.post({"content": "y"}, wait=True)
    assert again.body == reply.body
    assert is_ok(await hook.post({"text": "z"}, wait=True))


async def test_what_nobody_has_to_hear_is_answered_ok_and_posts_nothing(room: ChatRoom, hook: Hook) -> None:
    star = {"action": "created", "starred_at": "x", "repository": {"full_name": "a/b"}, "sender": {"login": "anna"}}
    assert is_ok(await hook.post(star))
    assert await messages(room) == []


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("", JSON),
        ("{", JSON),
        ("[]", JSON),
        ("7", JSON),
        ('{"text":', "application/x-www-form-urlencoded"),
        ({}, JSON),
        ({"text": ""}, JSON),
        ({"text": "\u200b"}, JSON),
        ("", "text/plain"),
        (" \n ", "text/plain"),
        ("payload=%7B", "application/x-www-form-urlencoded"),
        ("[" * 40 + "]" * 40, JSON),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_says_nothing_is_malformed_and_admins_see_that(
    room: ChatRoom, hook: Hook, body: Any, media_type: str
) -> None:
    assert isinstance(await hook.refusal(body, media_type), Malformed)
    assert await messages(room) == []
    (listed,) = room.state.programs.listed(HOOK)
    assert (listed["failed_at"], listed["failure"]) == (room.now_ms, "malformed")


async def test_a_hook_is_told_to_slow_down(room: ChatRoom, hook: Hook) -> None:
    for number in range(HOOK_BURST):
        await hook.post({"text": f"{number}"})
    refusal = await hook.refusal({"text": "too much"})
    assert isinstance(refusal, TooManyAttempts)
    assert refusal.retry_after == 1
    room.later(1_000)
    await hook.post({"text": "at last"})
    assert len(await messages(room)) == HOOK_BURST + 1


async def test_a_room_takes_only_so_many_messages_of_hooks_a_day() -> None:
    room = await make_room(BOT_MESSAGES_DAY="2")
    olga = await room.join("Olga", admin=True)
    hook, other = await Hook.of(room, olga), await Hook.of(room, olga, "Builds")
    await hook.post({"text": "one"})
    await other.post({"text": "two"})
    assert is_ok(await hook.post({"text": "one"})), "a repetition is none more"
    await room.wake()
    refusal = await hook.refusal({"text": "three"})
    assert isinstance(refusal, TooManyAttempts)
    assert refusal.retry_after == (DAY_MS - room.now_ms % DAY_MS) / 1_000
    room.later(DAY_MS)
    await hook.post({"text": "three"})


async def test_many_at_once_are_no_more_than_a_days() -> None:
    room = await make_room(BOT_MESSAGES_DAY="5")
    olga = await room.join("Olga", admin=True)
    hooks = [await Hook.of(room, olga, name) for name in ("Alerts", "Builds")]
    posts = (hook.post({"text": str(number)}) for hook in hooks for number in range(HOOK_BURST))
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert len(await messages(room)) == sum(isinstance(answer, Reply) for answer in answers) == 5


async def test_one_key_many_times_at_once_is_one_message(room: ChatRoom, hook: Hook) -> None:
    answers = await asyncio.gather(*(hook.post({"text": "once"}, key="k") for _ in range(HOOK_BURST)))
    assert all(map(is_ok, answers))
    assert len(await messages(room)) == 1


async def test_a_hook_that_is_revoked_meanwhile_is_not_found(room: ChatRoom, hook: Hook, olga: Person) -> None:
    end = room.state.programs.revoke(olga.id, HOOK, hook.token.id, now_ms=room.now_ms)
    _, answer = await asyncio.gather(end, hook.post({"text": "late"}), return_exceptions=True)
    assert isinstance(answer, NotFound)
    assert await messages(room) == []


async def test_a_message_of_a_hook_writes_as_many_rows_as_anybodys(room: ChatRoom, hook: Hook, anna: Person) -> None:
    written: list[str] = []
    await hook.post({"text": "the first of the day and of the hour"})
    room.database.connection.set_trace_callback(written.append)
    await hook.post({"text": "another"})
    of_hook, written[:] = _writes(written), []
    await room.say(anna, "another")
    assert of_hook == _writes(written) == 1


def _writes(statements: list[str]) -> int:
    return sum(statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) for statement in statements)


async def test_a_channel_that_is_gone_or_archived_takes_nothing(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    hook = await Hook.of(room, olga, channel=plans)
    await room.ask(olga, UpdateChannel("r", plans, {"archived": True}))
    assert isinstance(await hook.refusal({"text": "x"}), Archived)
    await room.ask(olga, UpdateChannel("r", plans, {"archived": False}))
    await hook.post({"text": "x"})
    await room.ask(olga, DeleteChannel("r", plans))
    assert isinstance(await hook.refusal({"text": "y"}), NotFound)
    (listed,) = room.state.programs.listed(HOOK)
    assert (listed["channel"], listed["failure"]) == (plans, "archived"), "within a minute only the first is noted"


async def test_a_channel_that_is_hidden_meanwhile_takes_nothing(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    hook = await Hook.of(room, olga, channel=plans)
    room.restricted = {plans: frozenset({olga.id})}
    await room.wake()
    assert isinstance(await hook.refusal({"text": "x"}), NotFound)


async def test_a_long_text_is_cut(room: ChatRoom, hook: Hook) -> None:
    await hook.post("x" * 10_000, "text/plain")
    (message,) = await messages(room)
    assert message["body"] == "x" * (MAX_BODY_CHARACTERS - 1) + "…"


async def test_a_shown_name_and_picture_are_in_the_message_and_in_history(
    room: ChatRoom, hook: Hook, anna: Person
) -> None:
    reply = await hook.post({"text": "x", "username": " Grafana ", "icon_emoji": ":warning:"})
    (tell,) = [effect for effect in reply.effects if isinstance(effect, Tell)]
    shown = {"name": "Grafana", "emoji": "⚠️"}
    assert json.loads(tell.text)["events"][0]["shown_as"] == shown
    assert (await messages(room))[0]["shown_as"] == shown


async def test_a_build_that_passes_is_told_only_after_one_that_failed(room: ChatRoom, hook: Hook) -> None:
    def run(conclusion: str, number: int) -> dict[str, Any]:
        about = {"name": "CI", "conclusion": conclusion, "head_branch": "main", "run_number": number}
        repository, sender = {"full_name": "a/b"}, {"login": "anna"}
        return {"action": "completed", "workflow_run": about, "repository": repository, "sender": sender}

    seen = []
    for number, conclusion in enumerate(("success", "failure", "failure", "success", "success")):
        assert is_ok(await hook.post(run(conclusion, number)))
        await room.wake()
        seen.append(len(await messages(room)))
    assert seen == [0, 1, 2, 3, 3]


async def test_only_where_the_hook_may_is_anybody_mentioned(room: ChatRoom, olga: Person, anna: Person) -> None:
    text = {"text": f"<@{anna.id}> <@nobody> <!channel> look"}
    for name, rights, mentions in [("Quiet", (), None), ("Loud", ("mention",), [anna.id])]:
        await (await Hook.of(room, olga, name, rights=rights)).post(text)
        message = (await messages(room))[-1]
        assert (message["body"], message.get("mentions")) == ("@Anna @nobody @channel look", mentions)
    assert [row["member"] for row in room.database.rows("activity")] == [anna.id]
