"""Frames of the socket: text in, checked dataclass out, and back (docs/protocol.md, "Socket").

`parse` is the one place where what a client sends becomes trusted in shape. It knows nothing of rooms, members or
rights: those are decided in `conversation`. It raises ChatError refusals only, whatever the bytes.

Longer than most files because it is a table: each frame once as a dataclass, once as a reader, in the same order.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from encoding import compact_json, is_text, json_object
from errors import ChatError, Malformed, TooLarge, UnknownType
from limits import (
    MAX_BODY_CHARACTERS,
    MAX_CHANNEL_NAME_CHARACTERS,
    MAX_EMOJI_CHARACTERS,
    MAX_FRAME_BYTES,
    MAX_HISTORY_PAGE,
    MAX_MENTIONS,
    MAX_REF_CHARACTERS,
    MAX_TOPIC_CHARACTERS,
)
from text.emoji import normal_emoji
from text.names import clean_line, clean_name, is_empty

SUB_PROTOCOL = "chat.v1"
MAX_SAFE_INTEGER = 2**53 - 1  # beyond this JavaScript and SQLite's binding lose digits
MAX_RETENTION_DAYS = 36_500
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


_NORMAL, _PROTOCOL_ERROR = 1000, 1002
_NO_CODE = frozenset((1005, 1006))
_SENT_CODES = frozenset((*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)))


class Close(IntEnum):
    """Why a socket was closed (docs/protocol.md, "Error codes")."""

    INTERNAL = 1011
    RESTART = 1012
    MALFORMED = 4400
    SESSION_ENDED = 4401
    NO_HELLO = 4408
    TOO_LARGE = 4413
    FLOOD = 4429


def closing_answer(code: int) -> int:
    """The code that answers a client's close frame: its own, where one may be sent (RFC 6455, section 7.4).

    A close frame without a code, and a line that broke, are reported as 1005 and 1006. The platform refuses to send
    what may not be sent, and a line whose closing is not answered stays open.
    """
    if code in _NO_CODE:
        return _NORMAL
    return code if code in _SENT_CODES else _PROTOCOL_ERROR


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: where the client's view ends, or None for a fresh start.

    Without `acks` the event of a new message is its answer.
    """

    ref: str | None
    last_seq: int | None
    acks: bool


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Send:
    """A new message, named by its client before it was sent."""

    ref: str
    id: str
    channel: str
    body: str
    reply_to: str | None
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text for one's own message."""

    ref: str | None
    id: str
    body: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delete:
    """One's own message, or any for an admin, loses its text."""

    ref: str | None
    id: str


@dataclass(frozen=True, slots=True)
class React:
    """An emoji put on a message or taken off."""

    ref: str | None
    id: str
    emoji: str
    on: bool


@dataclass(frozen=True, slots=True)
class History:
    """A page of a channel: up to `limit` messages before or after a `seq`, or the newest."""

    ref: str | None
    channel: str
    before: int | None
    after: int | None
    limit: int

    @property
    def is_newest(self) -> bool:
        """Whether it is the newest page that is asked for."""
        return self.before is None and self.after is None


@dataclass(frozen=True, slots=True)
class Read:
    """The member has seen this channel up to `seq`."""

    ref: str | None
    channel: str
    seq: int


@dataclass(frozen=True, slots=True)
class Typing:
    """The member is writing in this channel."""

    ref: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Visible:
    """Whether somebody is looking at the chat on this connection."""

    ref: str | None
    visible: bool


@dataclass(frozen=True, slots=True)
class Notify:
    """What the member wants to be notified of in a channel; None follows the default."""

    ref: str | None
    channel: str
    level: str | None


@dataclass(frozen=True, slots=True)
class PushTest:
    """The member wants to see whether notifications reach this device."""

    ref: str | None


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """A new channel."""

    ref: str | None
    name: str
    topic: str


@dataclass(frozen=True, slots=True)
class UpdateChannel:
    """What a channel's creator or an admin changes; what `changes` lacks stays."""

    ref: str | None
    id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeleteChannel:
    """A channel goes, with all its messages."""

    ref: str | None
    id: str


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """An admin ends somebody's membership, and keeps them out if it is a ban."""

    ref: str | None
    id: str
    ban: bool = False


@dataclass(frozen=True, slots=True)
class UpdateRoom:
    """An admin's retention for the room; None follows the operator's setting."""

    ref: str | None
    retention_days: int | None


@dataclass(frozen=True, slots=True)
class SeeAlert:
    """The member has seen what they had to be told."""

    ref: str | None
    id: str


@dataclass(frozen=True, slots=True)
class AnswerLogin:
    """Whether somebody may sign in under a name that is held."""

    ref: str | None
    id: str
    approve: bool


Change = Send | Edit | Delete | React | CreateChannel | UpdateChannel | DeleteChannel | RemoveMember | UpdateRoom
"""Frames that take a `seq` and go through the room's one writer."""


@dataclass(frozen=True, slots=True)
class ListBans:
    """An admin asks who is banned."""

    ref: str | None


@dataclass(frozen=True, slots=True)
class LiftBan:
    """An admin lets a banned member in again."""

    ref: str | None
    id: str


Frame = (
    Hello | Change | History | Read | Typing | Visible | Notify | PushTest | SeeAlert | AnswerLogin | ListBans | LiftBan
)

NOTIFY_LEVELS = ("all", "mentions", "none")
"""What a member may want to be notified of: everything, mentions and replies, nothing."""

_MISSING = object()
_LETTER_EMOJI = "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}"  # the one emoji that Unicode counts as a letter
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_EMOJI_FORMAT = re.compile("[\u200d\u20e3\ufe0f\U000e0020-\U000e007f]")


def parse(text: str) -> Frame:
    """The frame that a client sent.

    Raises:
        Malformed, UnknownType, TooLarge: with a `detail` that a programmer can act on. `ref_of` finds what to
            repeat in the refusal.
    """
    fields = json_object(text, "The frame")
    kind = fields.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise UnknownType("There is no such frame type.") if isinstance(kind, str) else Malformed("type is missing.")
    return reader(fields)


def ref_of(text: str) -> str | None:
    """What a refusal of this unreadable frame repeats: its `ref`, or a message's `id`, if that much can be read."""
    try:
        fields = json_object(text, "The frame")
    except ChatError:
        return None
    ref = fields.get("id") if fields.get("type") == "send" else fields.get("ref")
    return ref if isinstance(ref, str) and len(ref) <= MAX_REF_CHARACTERS and is_text(ref) else None


def is_too_large(text: str) -> bool:
    """Whether a frame is over MAX_FRAME_BYTES in UTF-8; the short way for the usual short frame."""
    return len(text) * 4 > MAX_FRAME_BYTES and len(text.encode("utf-8", "replace")) > MAX_FRAME_BYTES


def error_frame(refusal: ChatError, ref: str | None) -> str:
    """`{"type":"error",…}` for one refused request."""
    frame: dict[str, Any] = {"type": "error", "ref": ref, "code": refusal.code, "detail": refusal.detail}
    if refusal.retry_after is not None:
        frame["retry_after"] = refusal.retry_after
    return compact_json(frame)


def ok_frame(ref: str | None) -> str:
    """`{"type":"ok","ref"}`."""
    return compact_json({"type": "ok", "ref": ref})


def events_frame(events: list[str]) -> str:
    """One `events` frame from events that are JSON texts already: each is written once for all sockets."""
    return '{"type":"events","events":[' + ",".join(events) + "]}"


def _hello(fields: Mapping[str, Any]) -> Hello:
    acks = _boolean(fields, "acks") if "acks" in fields else True
    return Hello(_ref(fields), _seq_or_none(fields, "last_seq"), acks)


def _send(fields: Mapping[str, Any]) -> Send:
    message_id = _uuid(fields, "id")
    return Send(fields["id"], message_id, _id(fields, "channel"), _body(fields), _reply_to(fields), _mentions(fields))


def _edit(fields: Mapping[str, Any]) -> Edit:
    return Edit(_ref(fields), _uuid(fields, "id"), _body(fields), _mentions(fields))


def _delete(fields: Mapping[str, Any]) -> Delete:
    return Delete(_ref(fields), _uuid(fields, "id"))


def _react(fields: Mapping[str, Any]) -> React:
    return React(_ref(fields), _uuid(fields, "id"), _emoji(fields), _boolean(fields, "on"))


def _history(fields: Mapping[str, Any]) -> History:
    after = _seq_or_none(fields, "after")
    before = _seq_or_none(fields, "before")
    if after is not None and before is not None:
        raise Malformed("history takes before or after, not both.")
    limit = _integer(fields, "limit", 1, MAX_HISTORY_PAGE)
    return History(_ref(fields), _id(fields, "channel"), before, after, limit)


def _read(fields: Mapping[str, Any]) -> Read:
    return Read(_ref(fields), _id(fields, "channel"), _integer(fields, "seq", 0, MAX_SAFE_INTEGER))


def _typing(fields: Mapping[str, Any]) -> Typing:
    return Typing(_ref(fields), _id(fields, "channel"))


def _visible(fields: Mapping[str, Any]) -> Visible:
    return Visible(_ref(fields), _boolean(fields, "visible"))


def _notify(fields: Mapping[str, Any]) -> Notify:
    level = fields.get("level", _MISSING)
    if level is not None and level not in NOTIFY_LEVELS:
        raise Malformed("level is not all, mentions, none or null.")
    return Notify(_ref(fields), _id(fields, "channel"), level)


def _push_test(fields: Mapping[str, Any]) -> PushTest:
    return PushTest(_ref(fields))


def _create_channel(fields: Mapping[str, Any]) -> CreateChannel:
    topic = _topic(fields) if "topic" in fields else ""
    return CreateChannel(_ref(fields), _channel_name(fields), topic)


def _update_channel(fields: Mapping[str, Any]) -> UpdateChannel:
    checks: dict[str, Callable[[Mapping[str, Any]], Any]] = {
        "name": _channel_name,
        "topic": _topic,
        "archived": lambda present: _boolean(present, "archived"),
        "retention_days": _retention_days,
    }
    changes = {name: check(fields) for name, check in checks.items() if name in fields}
    return UpdateChannel(_ref(fields), _id(fields, "id"), changes)


def _delete_channel(fields: Mapping[str, Any]) -> DeleteChannel:
    return DeleteChannel(_ref(fields), _id(fields, "id"))


def _remove_member(fields: Mapping[str, Any]) -> RemoveMember:
    return RemoveMember(_ref(fields), _id(fields, "id"), "ban" in fields and _boolean(fields, "ban"))


def _update_room(fields: Mapping[str, Any]) -> UpdateRoom:
    if "retention_days" not in fields:
        raise Malformed("retention_days is missing.")
    return UpdateRoom(_ref(fields), _retention_days(fields))


def _list_bans(fields: Mapping[str, Any]) -> ListBans:
    return ListBans(_ref(fields))


def _lift_ban(fields: Mapping[str, Any]) -> LiftBan:
    return LiftBan(_ref(fields), _id(fields, "id"))


def _see_alert(fields: Mapping[str, Any]) -> SeeAlert:
    return SeeAlert(_ref(fields), _id(fields, "id"))


def _answer_login(fields: Mapping[str, Any]) -> AnswerLogin:
    return AnswerLogin(_ref(fields), _id(fields, "id"), _boolean(fields, "approve"))


_READERS: dict[str, Callable[[Mapping[str, Any]], Frame]] = {
    "hello": _hello,
    "send": _send,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "history": _history,
    "read": _read,
    "typing": _typing,
    "visible": _visible,
    "notify": _notify,
    "push.test": _push_test,
    "channel.create": _create_channel,
    "channel.update": _update_channel,
    "channel.delete": _delete_channel,
    "member.remove": _remove_member,
    "bans": _list_bans,
    "ban.lift": _lift_ban,
    "room.update": _update_room,
    "alert.seen": _see_alert,
    "login.answer": _answer_login,
}

FRAME_TYPES = tuple(_READERS)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, _MISSING)
    if not isinstance(value, str):
        raise Malformed(f"{name} is missing." if value is _MISSING else f"{name} is not a string.")
    if not is_text(value):
        raise Malformed(f"{name} is not Unicode text.")
    return value


def _ref(fields: Mapping[str, Any]) -> str | None:
    if fields.get("ref") is None:
        return None
    ref = _text(fields, "ref")
    if len(ref) > MAX_REF_CHARACTERS:
        raise TooLarge("ref", limit=MAX_REF_CHARACTERS)
    return ref


def _matching(fields: Mapping[str, Any], name: str, pattern: re.Pattern[str], what: str) -> str:
    value = fields.get(name)
    if isinstance(value, str) and pattern.match(value):
        return value
    _text(fields, name)
    raise Malformed(f"{name} is not {what}.")


def _id(fields: Mapping[str, Any], name: str) -> str:
    return _matching(fields, name, _ID, "an id")


def _uuid(fields: Mapping[str, Any], name: str) -> str:
    """A UUID, in lower case whatever case it was sent in (RFC 9562, section 4)."""
    value = fields.get(name)
    if isinstance(value, str) and _UUID.match(value.lower()):
        return value.lower()
    _text(fields, name)
    raise Malformed(f"{name} is not a UUID.")


def _reply_to(fields: Mapping[str, Any]) -> str | None:
    return None if fields.get("reply_to") is None else _uuid(fields, "reply_to")


def _body(fields: Mapping[str, Any]) -> str:
    body = _text(fields, "body")
    if len(body) > MAX_BODY_CHARACTERS:
        raise TooLarge("body", limit=MAX_BODY_CHARACTERS)
    if is_empty(body):
        raise Malformed("body is empty.")
    return body


def _mentions(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("mentions")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed("mentions is not a list.")
    if len(value) > MAX_MENTIONS:
        raise TooLarge("mentions", limit=MAX_MENTIONS)
    if not all(isinstance(item, str) and _ID.match(item) for item in value):
        raise Malformed("mentions holds something that is not a member's id.")
    return tuple(dict.fromkeys(value))


def _emoji(fields: Mapping[str, Any]) -> str:
    """Symbols only: short, something to see, something beyond ASCII, and no letter, space or control character."""
    emoji = _text(fields, "emoji")
    if len(emoji) > MAX_EMOJI_CHARACTERS:
        raise TooLarge("emoji", limit=MAX_EMOJI_CHARACTERS)
    emoji = normal_emoji(emoji)
    is_symbols = any(map(_is_symbol, emoji)) and not emoji.isascii() and not any(map(_is_plain, emoji))
    if emoji != _LETTER_EMOJI and not is_symbols:
        raise Malformed("emoji is not an emoji.")
    return emoji


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character)[0] in "SP" or character == _KEYCAP or _is_coming_emoji(character)


def _is_coming_emoji(character: str) -> bool:
    """Whether only the sender's system knows it yet: these places are kept for emoji (UTS #51, 1.4.1)."""
    is_kept_free = "\U0001f000" <= character <= "\U0001faff" or "\U0001fc00" <= character <= "\U0001fffd"
    return is_kept_free and unicodedata.category(character) == "Cn"


def _is_plain(character: str) -> bool:
    # Of the format characters, which can turn the text around them, emoji need joiners and the tags of some flags.
    # Of the marks, which could be piled up, they need two.
    is_unneeded = unicodedata.category(character) in ("Cc", "Cf", "Mn", "Mc", "Me") and not _EMOJI_FORMAT.match(
        character
    )
    return is_unneeded or character.isspace() or character.isalpha()


def _boolean(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Malformed(f"{name} is not true or false.")
    return value


def _integer(fields: Mapping[str, Any], name: str, low: int, high: int) -> int:
    value = fields.get(name)
    if isinstance(value, float) and value.is_integer():  # JSON has one kind of number: 5, 5.0 and 5e0 are the same
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Malformed(f"{name} is not a whole number from {low} to {high}.")
    return value


def _seq_or_none(fields: Mapping[str, Any], name: str) -> int | None:
    return None if fields.get(name) is None else _integer(fields, name, 0, MAX_SAFE_INTEGER)


def _retention_days(fields: Mapping[str, Any]) -> int | None:
    if fields["retention_days"] is None:
        return None
    return _integer(fields, "retention_days", 0, MAX_RETENTION_DAYS)


def _channel_name(fields: Mapping[str, Any]) -> str:
    return clean_name(_text(fields, "name"), limit=MAX_CHANNEL_NAME_CHARACTERS, what="name")


def _topic(fields: Mapping[str, Any]) -> str:
    return clean_line(_text(fields, "topic"), limit=MAX_TOPIC_CHARACTERS, what="topic")
