"""From what was sent to a hook to the message that it posts: under which name and id, where, whom it mentions."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

from bot_limits import HOOK_REPEATED_MS
from bots.incoming import Incoming
from bots.markdown import cut
from bots.shortcodes import with_emoji
from chat.audience import EVERYBODY, Audience
from chat.directory import Directory
from chat.naming import member_called, member_like
from errors import ChatError, Malformed
from limits import MAX_BODY_CHARACTERS, MAX_EMOJI_CHARACTERS, MAX_MENTIONS, MAX_NAME_CHARACTERS
from storage.bots import Bot
from storage.messages import Message
from text.emoji import is_emoji, normal_emoji
from text.names import clean_name, folded, is_empty
from wire.bots import CHANNEL, MENTION, NAME
from wire.changes import Send


def message_ids(hook: Bot, key: str, body: str, now_ms: int) -> tuple[str, str]:
    """The id of the message that a request posts, and the one that it has if the request repeats another one.

    A message is stored once under its id, so the id alone makes repetitions harmless, and no row is written for it. If
    the sender gives a key, the id follows from it. Otherwise it follows from the body and the minute, and the request
    may also repeat one of the minute before. The secret's digest is in it, so that no member can take an id in advance.
    """
    if key:
        made = _uuid(hook, "key", key)
        return made, made
    digest = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    minute = now_ms // HOOK_REPEATED_MS
    return _uuid(hook, "body", digest, str(minute)), _uuid(hook, "body", digest, str(minute - 1))


def message(
    hook: Bot,
    said: Incoming,
    mentioned: Sequence[str],
    message_id: str,
    audience: Audience,
    directory: Directory,
    *,
    now_ms: int,
) -> Send:
    """The message that a hook posts.

    Raises:
        Malformed: nothing of it is visible.
    """
    body, mentions = _body(said), _allowed(hook, mentioned)
    channel = _channel(hook, said.channel, audience)
    shown_as = _shown_as(hook, said, directory, now_ms)
    return Send(message_id, message_id, channel, body, None, mentions, shown_as=shown_as)


def reply(bot: Bot, said: Incoming, mentioned: Sequence[str], message_id: str, *, to: Message) -> Send:
    """The message by which a bot answers another one, where that one stands.

    Raises:
        Malformed: nothing of it is visible.
    """
    return Send(message_id, message_id, to.channel, _body(said), to.id, _allowed(bot, mentioned))


def _body(said: Incoming) -> str:
    body = cut(said.body.strip("\n"), MAX_BODY_CHARACTERS)
    if is_empty(body):
        raise Malformed("There is no text in it.")
    return body


def _allowed(bot: Bot, mentioned: Sequence[str]) -> tuple[str, ...]:
    """Whom it may mention of those whom it names."""
    return tuple(mentioned[:MAX_MENTIONS]) if MENTION in bot.rights else ()


def reply_id(bot: Bot, message_id: str, which: str) -> str:
    """The id of one of a bot's answers to a message: that which came at once, or one of those that came later."""
    return _uuid(bot, "reply", message_id, which)


def _uuid(hook: Bot, *parts: str) -> str:
    """A UUID of version 8 (RFC 9562, section 5.8)."""
    made = bytearray(hmac.digest(hook.digest, "\n".join((hook.id, *parts)).encode(), "sha256")[:16])
    made[6] = made[6] & 0x0F | 0x80
    made[8] = made[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(made)))


def _channel(hook: Bot, wanted: str, audience: Audience) -> str:
    """The channel that the sender wants, by id or name, if the hook may choose and it takes what everybody sees."""
    name = folded(wanted)
    if CHANNEL in hook.rights and name:
        for channel in audience.channels_of(hook.id):
            is_wanted = channel.id == wanted.lstrip("#") or folded(channel.name) == name
            if is_wanted and not channel.archived and audience.members_of(channel.id) is EVERYBODY:
                return channel.id
    return hook.channels[0]


def _shown_as(hook: Bot, said: Incoming, directory: Directory, now_ms: int) -> Mapping[str, str]:
    """The name and the picture that the sender wants, if the hook leaves them open and the name is no member's."""
    if NAME not in hook.rights:
        return {}
    shown = {"name": _name(hook, said.name, directory, now_ms), "emoji": _emoji(said.emoji)}
    return {name: value for name, value in shown.items() if value}


def _name(hook: Bot, wanted: str, directory: Directory, now_ms: int) -> str:
    if not wanted:
        return ""
    try:
        name = clean_name(wanted, limit=MAX_NAME_CHARACTERS, what="name")
    except ChatError:
        return ""
    own = directory.member(hook.id)
    like = member_like(name, directory, other_than=own, now_ms=now_ms)
    called = member_called(name, directory, now_ms=now_ms)
    return "" if name == own.name or like is not None or called not in (None, own) else name


def _emoji(wanted: str) -> str:
    emoji = normal_emoji(with_emoji(wanted)[:MAX_EMOJI_CHARACTERS])
    return emoji if is_emoji(emoji) else ""
