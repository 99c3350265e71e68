"""live/calling.py: bots are called once their message is stored, again if they do not answer, and answer once."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot_limits import (
    BOT_CALLS_AT_ONCE,
    BOT_CALLS_DAY,
    CALL_ALARM_MS,
    CALL_BURST,
    CALL_RETRIES,
    CALL_RETRY_FIRST_MS,
    MAX_CALLS_WAITING,
    ROOM_CALLS_DAY,
)
from bots.outgoing import Answered
from chat.directory import GENERAL
from encoding import compact_json
from limits import DAY_MS
from live.announcements import committed
from live.calling import Caller
from live.effects import CallBots, Effect, Notify
from storage.bots import Bot
from tests.bots.test_webhooks import URL, check
from tests.live.test_alarm import StandingBell
from tests.rooms import MINUTE, SECOND, ChatRoom, Person, make_room
from wire.bots import BOT_RIGHTS, CreateBot
from wire.changes import Delete, DeleteChannel, Edit, Send, UpdateChannel

OK = Answered(204)
TEXT = Answered(200, "text/plain", b"It is noon.")


class Called:
    """A room with a bot that has a webhook, and the alarm that its calls set."""

    def __init__(self, room: ChatRoom, olga: Person, anna: Person) -> None:
        self.room = room
        self.olga = olga
        self.anna = anna
        self.bot = ""
        self.secret = ""
        self.bell = StandingBell()
        self.told: list[Effect] = []
        self.wake()

    @classmethod
    async def make(cls, *, command: str = "time", rights: Sequence[str] = BOT_RIGHTS, name: str = "Robo") -> "Called":
        room = await make_room(WEBHOOK_HOSTS="bots.example.org")
        olga, anna = await room.join("Olga", admin=True), await room.join("Anna")
        called = cls(room, olga, anna)
        called.bot = await called.add(name, command, rights)
        called.secret = await room.state.programs.webhooks.secret_of(called.bot) or ""
        room.state.programs.webhooks.note_origin("https://chat.example")
        return called

    async def add(self, name: str, command: str, rights: Sequence[str] = BOT_RIGHTS) -> str:
        frame = CreateBot(None, name, (GENERAL,), tuple(rights), (URL, command))
        bot, _, _ = await self.room.state.programs.create(self.olga.id, frame, now_ms=self.room.now_ms)
        return bot

    def wake(self) -> None:
        """Whatever was under way is forgotten, as after a crash."""
        self.caller = Caller(self.room.state, publish=self._publish, arm=self.bell.set, clock=lambda: self.room.now_ms)

    async def _publish(self, effects: Sequence[Effect]) -> None:
        self.told += effects

    async def say(self, body: str = "/time please", *, by: Person | None = None, **more: Any) -> Send:
        """Post a message, and call whom it calls."""
        frame = self.room.text(body, **more)
        outcome = await self.room.commit((by or self.anna, frame))
        for effect in committed(self.room.state, outcome):
            if isinstance(effect, CallBots):
                await self.caller.posted(effect.posted)
        await self.caller.finish()
        return frame

    async def ring(self) -> None:
        """The alarm rings when it is set to."""
        assert self.bell.rings_at is not None
        self.room.now_ms = max(self.room.now_ms, self.bell.rings_at)
        self.bell.rings_at = None
        await self.caller.plan()
        await self.caller.finish()

    @property
    def stored(self) -> Bot:
        bot = self.room.state.store.bots.get(self.bot)
        assert bot is not None
        return bot

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What was sent so far; each signature is checked."""
        return [check(request, self.secret) for request in self.room.receiver.requests]

    def waiting(self) -> int:
        return self.room.database.count("calls")


@pytest.fixture
async def called() -> Called:
    return await Called.make()


async def test_a_command_is_sent_as_the_contract_says_and_its_answer_is_a_reply(called: Called) -> None:
    called.room.receiver.answers.append(TEXT)
    frame = await called.say("/Time in  Paris?")
    (sent,) = called.sent
    reply_url = sent.pop("reply_url")
    assert reply_url.startswith("https://chat.example/api/rooms/main/replies/")
    message = sent.pop("message")
    assert message == {"id": frame.id, "seq": message["seq"], "sent_at": called.room.now_ms, "body": "/Time in  Paris?"}
    assert sent == {
        "type": "command",
        "room": "main",
        "channel": GENERAL,
        "command": "time",
        "text": "in  Paris?",
        "member": {"id": called.anna.id, "name": "Anna"},
    }
    (request,) = called.room.receiver.requests
    assert request.headers["webhook-id"] == f"{called.bot}_{frame.id}"
    *_, reply = (await called.room.history())["messages"]
    assert (reply["author"], reply["body"], reply["reply_to"]) == (called.bot, "It is noon.", frame.id)
    assert called.waiting() == 0
    assert called.room.state.store.bots.calls_on(called.room.now_ms // DAY_MS) == {called.bot: 1}
    assert [effect for effect in called.told if isinstance(effect, Notify)], "Anna hears of it as of any reply"


async def test_a_mention_is_sent_once_also_beside_a_command_and_files_and_texts_of_others_are_not(
    called: Called,
) -> None:
    other = await called.add("Other", "other")
    await called.say("@Robo hi", mentions=[called.bot, called.anna.id])
    assert called.sent[0]["type"] == "mention"
    assert "command" not in called.sent[0]
    assert called.sent[0]["message"]["mentions"] == [called.bot, called.anna.id]
    await called.say("/time @Robo", mentions=[called.bot])
    assert [sent["type"] for sent in called.sent] == ["mention", "command"]
    await called.say("/other @Robo", mentions=[called.bot])
    ids = [request.headers["webhook-id"] for request in called.room.receiver.requests[2:]]
    assert len(ids) == 2
    assert all(any(each.startswith(f"{bot}_") for each in ids) for bot in (other, called.bot))


async def test_a_plain_message_writes_reads_and_sends_nothing_more(called: Called) -> None:
    statements: list[str] = []
    called.room.database.connection.set_trace_callback(statements.append)
    await called.say("hello")
    with_bot = list(statements)
    called.room.database.connection.set_trace_callback(None)
    plain = await make_room()
    boris = await plain.join("Boris")
    await plain.say(boris, "first")
    statements.clear()
    plain.database.connection.set_trace_callback(statements.append)
    outcome = await plain.commit((boris, plain.text("hello")))
    plain.database.connection.set_trace_callback(None)
    assert [type(effect) for effect in committed(plain.state, outcome)][-1] is Notify
    assert len(with_bot) == len(statements)
    assert called.room.receiver.requests == []


@pytest.mark.parametrize("body", ["/unknown", "/time/x", "//time", "a /time"])
async def test_what_is_no_command_calls_nobody(called: Called, body: str) -> None:
    await called.say(body)
    assert called.room.receiver.requests == []


async def test_a_bot_hears_nothing_of_channels_that_it_is_not_in(called: Called) -> None:
    plans = await called.room.create_channel(called.anna, "plans")
    await called.say("/time", channel=plans)
    await called.say("@Robo", channel=plans, mentions=[called.bot])
    assert (called.room.receiver.requests, called.waiting()) == ([], 0)


async def test_bots_never_call_bots(called: Called) -> None:
    called.room.receiver.answers.append(
        Answered(200, "application/json", compact_json({"text": f"/time <@{called.bot}>"}).encode())
    )
    await called.say()
    *_, reply = (await called.room.history())["messages"]
    assert reply["mentions"] == [called.bot]
    assert len(called.room.receiver.requests) == 1
    assert not [effect for effect in called.told if isinstance(effect, CallBots)]


# --- failures ---


async def test_what_is_not_taken_is_tried_three_times_by_the_alarm_and_then_the_bot_is_failing(called: Called) -> None:
    called.room.receiver.answers += [Answered(500), TimeoutError(), OSError(), Answered(302)]
    began = called.room.now_ms
    await called.say()
    times = [called.room.now_ms - began]
    for _ in range(CALL_RETRIES):
        assert called.stored.failing_since is None
        await called.ring()
        times.append(called.room.now_ms - began)
    assert times == [0, 30 * SECOND, 150 * SECOND, 630 * SECOND]
    first, *others = called.room.receiver.requests
    assert {each.headers["webhook-id"] for each in others} == {first.headers["webhook-id"]}
    assert len({each.headers["webhook-timestamp"] for each in called.room.receiver.requests}) == 4
    assert len(called.sent) == 4
    assert called.waiting() == 0
    assert (called.stored.failing_since, called.stored.failure) == (called.room.now_ms, "webhook_redirect")
    await called.say("/time again")
    assert called.stored.failing_since is None, "it has taken something"


async def test_a_try_after_a_crash_posts_the_reply_once(called: Called) -> None:
    called.room.receiver.answers += [Answered(503)]
    frame = await called.say()
    await called.room.wake()
    called.wake()
    called.room.receiver.answers += [TEXT, TEXT]
    row = "SELECT member, channel, seq, tries, due_at FROM calls"
    ((bot, channel, seq, tries, due_at),) = called.room.database.connection.execute(row).fetchall()
    assert (tries, due_at) == (1, called.room.now_ms + CALL_RETRY_FIRST_MS)
    await called.ring()
    # The room died after the reply was stored, and before the call was done.
    called.room.database.tamper("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", bot, channel, seq, tries, due_at)
    await called.room.wake()
    called.wake()
    await called.caller.plan()
    await called.caller.finish()
    assert len(called.sent) == 3
    replies = [each for each in (await called.room.history())["messages"] if each.get("reply_to") == frame.id]
    assert len(replies) == 1
    assert called.waiting() == 0


@pytest.mark.parametrize("what", ["deleted", "edited", "channel", "bot", "webhook"])
async def test_what_is_gone_before_the_next_try_is_not_sent(called: Called, what: str) -> None:
    room = called.room
    room.receiver.answers.append(Answered(500))
    frame = await called.say()
    match what:
        case "deleted":
            await room.ask(called.anna, Delete("r", frame.id))
        case "edited":
            await room.ask(called.anna, Edit("r", frame.id, "never mind", ()))
        case "channel":
            bots = room.state.store.bots
            room.database.tamper("UPDATE bots SET channels = '[]'")
            assert bots.get(called.bot)
        case "bot":
            await room.state.programs.revoke(called.olga.id, "bot", called.bot, now_ms=room.now_ms)
        case "webhook":
            await room.state.programs.set_webhook(called.olga.id, called.bot, None, now_ms=room.now_ms)
    await called.ring()
    assert len(room.receiver.requests) == 1
    assert called.waiting() == 0


async def test_an_edited_message_is_sent_as_it_is_now_and_an_edit_calls_nobody(called: Called) -> None:
    called.room.receiver.answers.append(Answered(500))
    frame = await called.say("/time tomorow")
    await called.room.ask(called.anna, Edit("r", frame.id, "/time tomorrow", ()))
    await called.ring()
    assert [sent["text"] for sent in called.sent] == ["tomorow", "tomorrow"]
    plain = await called.say("hello")
    outcome = await called.room.commit((called.anna, Edit("r", plain.id, "/time", (called.bot,))))
    assert not [each for each in committed(called.room.state, outcome) if isinstance(each, CallBots)]


async def test_a_deleted_channel_takes_its_calls_along(called: Called) -> None:
    room = called.room
    plans = await room.create_channel(called.olga, "plans")
    room.database.tamper("UPDATE bots SET channels = ?", json.dumps([GENERAL, plans]))
    await room.wake()
    called.wake()
    room.receiver.answers.append(Answered(500))
    await called.say(channel=plans)
    await room.ask(called.olga, DeleteChannel("r", plans))
    await called.ring()
    assert (len(room.receiver.requests), called.waiting()) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Answered(200, "text/plain", None), "webhook_too_large"),
        (Answered(200, "application/json", b"not JSON"), "malformed"),
        (Answered(200, "text/plain", "\u200b".encode()), "malformed"),
    ],
)
async def test_an_answer_that_nobody_can_read_is_noted_and_the_call_is_done(
    called: Called, answer: Answered, failure: str
) -> None:
    called.room.receiver.answers.append(answer)
    await called.say()
    assert (called.waiting(), called.stored.failure, called.stored.failing_since) == (0, failure, None)
    assert await called.room.bodies() == ["/time please"]


async def test_a_long_answer_is_cut_and_one_without_the_right_to_post_or_in_an_archived_channel_is_none() -> None:
    called = await Called.make()
    called.room.receiver.answers += [Answered(200, "text/plain", b"x" * 60_000), TEXT]
    await called.say()
    assert len((await called.room.bodies())[-1]) == 4_000
    mute = await Called.make(rights=["read"])
    mute.room.receiver.answers += [TEXT]
    await mute.say()
    assert (len(await mute.room.bodies()), mute.stored.failure) == (1, "forbidden")
    mute.room.receiver.answers.append(Answered(500))
    await mute.say()
    await mute.room.ask(mute.olga, UpdateChannel("r", GENERAL, {"archived": True}))


async def test_a_host_that_was_taken_out_of_the_list_is_given_up_at_once(called: Called) -> None:
    await called.room.wake(WEBHOOK_HOSTS="other.example.org")
    called.wake()
    await called.say()
    assert (called.room.receiver.requests, called.waiting()) == ([], 0)
    assert called.stored.failure == "webhook_forbidden"
    assert called.stored.failing_since is not None


async def test_where_programs_are_turned_off_nobody_is_called(called: Called) -> None:
    await called.room.wake(BOT_MESSAGES_DAY="0")
    called.wake()
    await called.say()
    assert (called.room.receiver.requests, called.waiting()) == ([], 0)


async def test_behind_a_further_try_stands_the_alarm(called: Called) -> None:
    called.room.receiver.answers.append(Answered(500))
    await called.say()
    called.room.now_ms = called.bell.rings_at or 0
    await called.caller.plan()
    assert called.bell.rings_at == called.room.now_ms + CALL_ALARM_MS, "the room may die before the try has ended"
    await called.caller.finish()


# --- limits ---


async def test_one_bot_is_sent_no_more_than_its_pace_and_the_rest_later(called: Called) -> None:
    for number in range(CALL_BURST + 2):
        await called.say(f"/time {number}")
    assert len(called.sent) == CALL_BURST
    assert called.waiting() == 2
    for _ in range(3):
        if called.waiting():
            await called.ring()
    assert sorted(int(sent["text"]) for sent in called.sent) == list(range(CALL_BURST + 2))


async def test_a_bot_has_so_many_requests_at_once_and_the_others_have_theirs(called: Called) -> None:
    other = await called.add("Other", "other")
    posted = []
    for body in ["/time 1", "/time 2", "/time 3", "/other"]:
        posted += (await called.room.commit((called.anna, called.room.text(body)))).posted
    await called.caller.posted(posted)
    assert sorted(bot for bot, _, _ in called.caller._under_way) == sorted([called.bot] * BOT_CALLS_AT_ONCE + [other])
    await called.caller.finish()
    assert (len(called.room.receiver.requests), called.waiting()) == (4, 0)


@pytest.mark.parametrize("of", ["bot", "room", "waiting"])
async def test_what_is_too_much_is_left_out_and_noted(called: Called, of: str) -> None:
    room, day = called.room, called.room.now_ms // DAY_MS
    other = await called.add("Other", "other")
    counted = "UPDATE bots SET called = ?, called_on = ? WHERE id = ?"
    match of:
        case "bot":
            room.database.tamper(counted, BOT_CALLS_DAY, day, called.bot)
        case "room":
            room.database.tamper(counted, ROOM_CALLS_DAY, day, other)
        case _:
            for seq in range(MAX_CALLS_WAITING):
                row = (called.bot, GENERAL, 10_000 + seq, 0, room.now_ms + MINUTE)
                room.database.tamper("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", *row)
    await called.say()
    assert room.receiver.requests == []
    assert called.stored.failure == "too_many_attempts"
    room.later(DAY_MS)
    await called.say("/other")
    assert room.receiver.requests


async def test_an_error_of_ours_ends_one_call_and_no_other(called: Called, caplog: pytest.LogCaptureFixture) -> None:
    called.room.receiver.answers += [RuntimeError("a mistake"), OK]
    await called.say()
    assert "a call failed" in caplog.text
    await called.say("/time again")
    assert (len(called.room.receiver.requests), called.waiting()) == (2, 0)
