"""What bots ask over HTTP: they post, read, edit and react in their channels (docs/protocol.md, "Bots")."""

import json
import math
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID

from bots.delivery import Delivery
from bots.sending import message_ids
from chat.directory import Channel
from chat.history import history_page
from encoding import compact_json, json_object
from errors import ChatError, Malformed, NotFound, TooManyAttempts, Unauthenticated
from limits import MAX_HISTORY_PAGE
from live import commits
from live.bot_frames import require
from live.replies import Asked, Reply, done, json_reply
from live.state import RoomState
from storage.bots import Bot
from wire.bots import EDIT, FILES, MENTION, POST, PROGRAM, REACT, READ
from wire.changes import Delete, Edit, React, Send
from wire.questions import History
from wire.rates import TokenBucket
from wire.reading import Frame, parse

_FIELDS = ("body", "reply_to", "mentions", "files")
"""What a bot says of a message; everything else is in the address."""


async def answer(state: RoomState, asked: Asked, now_ms: int) -> Reply:
    """What a bot is answered.

    Raises:
        Unauthenticated: the token is no bot's.
        Forbidden: the bot has no right to this.
        ChatError: the request is refused; the bot's admins see that.
    """
    delivery = Delivery.read(asked.delivery)
    bot = authenticated(state, delivery)
    state.programs.note_used(bot, now_ms=now_ms)
    await state.lanes.know(bot.id)
    try:
        return await _answered(state, bot, asked, delivery, now_ms)
    except ChatError as refusal:
        if not state.directory.has_member(bot.id):  # it was revoked meanwhile
            raise Unauthenticated("This is not the token of a bot.") from refusal
        state.programs.note_failed(bot, refusal.code, now_ms=now_ms)
        raise


def authenticated(state: RoomState, delivery: Delivery) -> Bot:
    """The one door for bots: the token, asked again for each request.

    Raises:
        Unauthenticated: it is no bot's.
        Forbidden: the operator wants no programs.
    """
    try:
        if state.is_stored:
            return state.programs.authorised(PROGRAM, delivery.hook, bytes.fromhex(delivery.digest))
    except NotFound:
        pass
    raise Unauthenticated("This is not the token of a bot.")


async def _answered(state: RoomState, bot: Bot, asked: Asked, delivery: Delivery, now_ms: int) -> Reply:
    match asked.route.name, asked.route.method:
        case "messages", "POST":
            return await _post(state, bot, asked, delivery, now_ms)
        case "messages", _:
            return await _read(state, bot, asked, now_ms)
        case "message", "PATCH":
            return await _edit(state, bot, asked, now_ms)
        case "message", _:
            frame = _frame("delete", _named(asked))
            assert isinstance(frame, Delete)
            return done((await _change(state, bot, asked, EDIT, frame, now_ms))[1])
        case _, method:
            emoji = _unescaped(asked.route.emoji)
            frame = _frame("react", {**_named(asked), "emoji": emoji, "on": method == "PUT"})
            assert isinstance(frame, React)
            return done((await _change(state, bot, asked, REACT, frame, now_ms))[1])


async def _post(state: RoomState, bot: Bot, asked: Asked, delivery: Delivery, now_ms: int) -> Reply:
    """A new message. `id` or the header Idempotency-Key make a repetition harmless."""
    given = json_object(asked.body, "The body")
    message_id = given.get("id") or _new_id(state, bot, delivery)
    frame = _frame("send", {"id": message_id, "channel": asked.route.item, **_said(given)})
    assert isinstance(frame, Send)
    _require(state, bot, POST, asked.route.item)
    if frame.files:
        require(bot.rights, FILES)
    _check_mentions(bot, frame.mentions)
    _charge(state.budgets.of(bot.id, now_ms).changes, now_ms)
    if frame.files:
        await state.uploads.require_complete(frame, bot.id)
    stored, effects = await commits.post(state, bot, frame, now_ms)
    reply = json_reply({"id": frame.id, "seq": stored["seq"], "sent_at": stored["sent_at"]}, status=201)
    reply.effects = effects
    return reply


async def _edit(state: RoomState, bot: Bot, asked: Asked, now_ms: int) -> Reply:
    frame = _frame("edit", {**_named(asked), **_said(json_object(asked.body, "The body"))})
    assert isinstance(frame, Edit)
    _check_mentions(bot, frame.mentions)
    stored, effects = await _change(state, bot, asked, EDIT, frame, now_ms)
    reply = json_reply({"seq": stored["seq"]})
    reply.effects = effects
    return reply


async def _read(state: RoomState, bot: Bot, asked: Asked, now_ms: int) -> Reply:
    """A page of a channel, with the names of those who wrote it."""
    given: dict[str, Any] = {name: _number(value) for name, value in parse_qsl(asked.query)}
    places: dict[str, Any] = {name: given[name] for name in ("before", "after") if name in given}
    limit = given.get("limit", MAX_HISTORY_PAGE)
    frame = _frame("history", {"channel": asked.route.item, "limit": limit, **places})
    assert isinstance(frame, History)
    channel = _require(state, bot, READ, frame.channel)
    allowance = state.budgets.of(bot.id, now_ms)
    _charge(allowance.questions, now_ms)
    _check_wait(allowance.answers.wait(now_ms))
    with allowance.answering(frame.limit):
        since = state.audience.since(bot.id, channel.id)
        as_of = state.directory.lane(channel.id).seq
        page = await history_page(frame, channel, state.store, state.keyring, as_of=as_of, since=since)
    state.audience.channel(bot.id, channel.id)  # again, as a keeper may have taken the bot out meanwhile
    allowance.charge_frame(page)
    authors = {message["author"] for message in json.loads(page)["messages"] if "author" in message}
    known = state.directory.members
    names = {author: known[author].name for author in sorted(authors) if author in known}
    reply = json_reply(None)
    reply.body = f'{{"members":{compact_json(names)},{page[1:]}'
    return reply


async def _change(
    state: RoomState, bot: Bot, asked: Asked, right: str, frame: Edit | Delete | React, now_ms: int
) -> tuple[dict[str, Any], Any]:
    """Change a message in a channel of the bot."""
    _require(state, bot, right, asked.route.item)
    _charge(state.budgets.of(bot.id, now_ms).changes, now_ms)
    return await commits.change(state, bot, frame, now_ms)


def _require(state: RoomState, bot: Bot, right: str, channel: str) -> Channel:
    """Refuse what the bot may not do, and channels that it is not in as those that do not exist."""
    require(bot.rights, right)
    return state.audience.channel(bot.id, channel)


def _check_mentions(bot: Bot, mentions: tuple[str, ...]) -> None:
    if mentions:
        require(bot.rights, MENTION)


def _frame(kind: str, given: dict[str, Any]) -> Frame:
    """A request as the frame that a member would send, checked by the same rules."""
    return parse(compact_json({"type": kind, **given}))


def _named(asked: Asked) -> dict[str, Any]:
    """The message that the address names."""
    return {"id": asked.route.part, "channel": asked.route.item}


def _said(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in _FIELDS if name in given}


def _unescaped(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed("emoji is not UTF-8.") from error


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text


def _new_id(state: RoomState, bot: Bot, delivery: Delivery) -> str:
    if delivery.key:
        return message_ids(bot, delivery.key, "", 0)[0]
    return str(UUID(bytes=state.ciphers.random_bytes(16), version=4))


def _charge(bucket: TokenBucket, now_ms: int) -> None:
    _check_wait(bucket.take(now_ms))


def _check_wait(seconds: float) -> None:
    if seconds:
        raise TooManyAttempts("Too many requests of this bot.", retry_after=math.ceil(seconds))
