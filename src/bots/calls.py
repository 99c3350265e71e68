"""Calls of bots: what a message that mentions or commands one leads to, from the row that is noted to the answer.

A call is noted when its message is stored, and its row goes when the webhook has taken it. The row holds nothing of the
message, which is read again for each try: a message that was deleted meanwhile is not sent, and one that was edited is
sent as people see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot_limits import BOT_CALLS_DAY, CALL_RETRIES, CALL_RETRY_FIRST_MS, MAX_CALLS_WAITING, REPLY_URL_MS, ROOM_CALLS_DAY
from bots import bodies
from bots.incoming import Incoming, People
from bots.outgoing import NOT_ALLOWED, Answered, check_size
from bots.programs import Programs
from bots.recognition import recognise
from bots.reply_tokens import ReplyToken, reply_key, written
from bots.webhooks import Webhook
from chat.calling import COMMAND, command_of, way_of
from chat.changes import Posted
from chat.contents import message_texts
from chat.directory import Directory
from encoding import compact_json
from errors import TooManyAttempts, Undelivered
from limits import DAY_MS
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from storage.bots import Bot
from storage.calls import Call
from storage.messages import Message
from storage.store import Store

_RETRY_FACTOR = 4
_SAYING = ("text", "attachments", "blocks")
"""An object without any of these is no answer that anybody should read, but a receipt."""
_PLAIN = "text/plain"


@dataclass(frozen=True, slots=True)
class Ready:
    """A call whose bot and message are still there."""

    bot: Bot
    webhook: Webhook
    message: Message
    body: str
    """What is sent."""

    @property
    def id(self) -> str:
        """The same for each try."""
        return f"{self.bot.id}_{self.message.id}"


class Calls:
    """The calls of one room."""

    def __init__(
        self,
        room: str,
        store: Store,
        keyring: Keyring,
        ciphers: Ciphers,
        directory: Directory,
        programs: Programs,
        master_key: bytes,
    ) -> None:
        self._room = room
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory
        self._programs = programs
        self._master_key = master_key

    def note(self, posted: Sequence[Posted], *, now_ms: int) -> None:
        """Note whom new messages call. What goes beyond the limits is left out, and the admins see that."""
        if not self._programs.pace.is_on:
            return
        for each in posted:
            for bot_id in each.called:
                bot = self._store.bots.get(bot_id)
                if bot is not None and self._programs.is_in(bot, each.channel):
                    self._note(bot, Call(bot_id, each.channel, each.seq, 0, now_ms), now_ms)

    def _note(self, bot: Bot, call: Call, now_ms: int) -> None:
        day = now_ms // DAY_MS
        counts = self._store.bots.calls_on(day)
        is_full = counts.get(bot.id, 0) >= BOT_CALLS_DAY or sum(counts.values()) >= ROOM_CALLS_DAY
        if is_full or self._store.calls.count(bot.id) >= MAX_CALLS_WAITING:
            self._programs.note_failed(bot, TooManyAttempts.code, now_ms=now_ms)
            return
        self._store.bots.count_call(bot.id, day)
        self._store.calls.insert(call)

    async def ready(self, call: Call, *, now_ms: int) -> Ready | None:
        """What is to be sent; None if there is nothing to send any more."""
        bot = self._store.bots.get(call.bot)
        webhook = None if bot is None else await self._programs.webhooks.of(bot)
        found = self._store.messages.at([(call.channel, call.seq)])
        if bot is None or webhook is None or not found or not self._programs.is_in(bot, call.channel):
            return None
        (texts,) = await message_texts(found, self._keyring)
        way = None if texts is None else way_of(self._directory.member(bot.id), texts)
        if texts is None or way is None:
            return None
        return Ready(bot, webhook, found[0], await self._body(bot, found[0], texts, way, now_ms))

    async def _body(self, bot: Bot, message: Message, texts: dict[str, Any], way: str, now_ms: int) -> str:
        author = self._directory.members.get(message.author)
        told: dict[str, Any] = {"type": way, "room": self._room, "channel": message.channel}
        if way == COMMAND:
            told["command"], told["text"] = command_of(texts["body"])
        shown = {name: texts[name] for name in ("body", "reply_to", "mentions") if name in texts}
        told["message"] = {"id": message.id, "seq": message.seq, "sent_at": message.sent_at, **shown}
        told["member"] = {"id": message.author, "name": "" if author is None else author.name}
        told["reply_url"] = await self._reply_url(bot, message, now_ms)
        return compact_json(told)

    async def _reply_url(self, bot: Bot, message: Message, now_ms: int) -> str | None:
        """Where a later answer goes; None if nobody knows under which address people reach the chat."""
        origins = self._programs.webhooks.origins()
        if not origins:
            return None
        token = ReplyToken(bot.id, message.channel, message.seq, now_ms + REPLY_URL_MS)
        key = await reply_key(self._master_key, self._ciphers)
        return f"{origins[0]}/api/rooms/{self._room}/replies/{written(token, self._room, bot.digest, key)}"

    def failed(self, call: Call, bot: Bot, refusal: Undelivered, *, now_ms: int) -> None:
        """Its webhook has not taken it: try again later, or give it up."""
        self._programs.note_failed(bot, refusal.failure, now_ms=now_ms)
        if call.tries < CALL_RETRIES and refusal.failure != NOT_ALLOWED:
            due_at = now_ms + CALL_RETRY_FIRST_MS * _RETRY_FACTOR**call.tries
            self._store.calls.put_off(call, tries=call.tries + 1, due_at=due_at)
            return
        self._store.calls.delete(call)
        if bot.failing_since is None:
            self._store.bots.set_failing(bot.id, now_ms)

    def taken(self, call: Call, bot: Bot) -> None:
        """Its webhook has taken it."""
        self._store.calls.delete(call)
        if bot.failing_since is not None:
            self._store.bots.set_failing(bot.id, None)


def answer_in(answered: Answered, people: People) -> Incoming | None:
    """What a webhook answers at once; None if that is nothing that people should read.

    Raises:
        Undelivered: it is too long.
        Malformed: it says that it is JSON, and is none.
    """
    text = check_size(answered).decode("utf-8", "replace")
    if not text.strip():
        return None
    is_json = answered.media_type.endswith("json")
    if not is_json and answered.media_type != _PLAIN:
        return None
    given = bodies.read(text, answered.media_type)
    if isinstance(given, dict) and not any(given.get(name) for name in _SAYING):
        return None
    return recognise(text, answered.media_type, people)
