"""The fields of a frame: each function checks one and returns its stored form, or refuses the frame.

Every refusal begins with the name of the field, so that a programmer sees what is wrong.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot_limits import MAX_BOT_CHANNELS, MAX_COMMAND_CHARACTERS, MAX_WEBHOOK_URL_CHARACTERS
from encoding import from_b64url, is_text
from errors import Malformed, TooLarge
from limits import (
    MAX_BODY_CHARACTERS,
    MAX_CHANNEL_NAME_CHARACTERS,
    MAX_CURSOR_CHARACTERS,
    MAX_EMOJI_CHARACTERS,
    MAX_LABEL_CHARACTERS,
    MAX_LANES_SAID,
    MAX_MENTIONS,
    MAX_NAME_CHARACTERS,
    MAX_QUERY_CHARACTERS,
    MAX_REF_CHARACTERS,
    MAX_RETENTION_DAYS,
    MAX_SAFE_INTEGER,
    MAX_TOPIC_CHARACTERS,
)
from text.emoji import is_emoji, normal_emoji
from text.names import clean_line, clean_name, is_empty

Fields = Mapping[str, Any]
"""A frame as it was received: JSON values by name, unchecked."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_COMMAND = re.compile(rf"[^\W_][\w-]{{0,{MAX_COMMAND_CHARACTERS - 1}}}")
_DIGEST_BYTES = 32
_MISSING = object()
HAS = ("link", "file", "image")
"""What a member can search for besides words."""


def ref(given: Fields) -> str | None:
    """The text that the answer repeats; None if the client gave none."""
    return None if given.get("ref") is None else text(given, "ref", MAX_REF_CHARACTERS)


def identifier(given: Fields, name: str) -> str:
    """The id of a channel, a member or another thing that the room named."""
    value = given.get(name)
    if isinstance(value, str) and _ID.match(value):
        return value
    text(given, name)
    raise Malformed(f"{name} is not an id.")


def identifier_or_none(given: Fields, name: str) -> str | None:
    """As `identifier`; None if it is missing or null."""
    return None if given.get(name) is None else identifier(given, name)


def uuid(given: Fields, name: str) -> str:
    """A UUID, folded to lower case (RFC 9562, section 4)."""
    value = given.get(name)
    if isinstance(value, str) and _UUID.match(value.lower()):
        return value.lower()
    text(given, name)
    raise Malformed(f"{name} is not a UUID.")


def reply_to(given: Fields) -> str | None:
    """The message that this one answers, or None."""
    return None if given.get("reply_to") is None else uuid(given, "reply_to")


def body(given: Fields) -> str:
    """The text of a message, as it was typed."""
    value = caption(given)
    if not value:
        raise Malformed("body is empty.")
    return value


def caption(given: Fields) -> str:
    """As `body`, for a message that may have nothing but files; "" if nothing of it is visible."""
    value = text(given, "body", MAX_BODY_CHARACTERS)
    return "" if is_empty(value) else value


def mentions(given: Fields) -> tuple[str, ...]:
    """The ids of the members that a text mentions, each once."""
    value = given.get("mentions")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed("mentions is not a list.")
    if len(value) > MAX_MENTIONS:
        raise TooLarge("mentions", limit=MAX_MENTIONS)
    if not all(isinstance(item, str) and _ID.match(item) for item in value):
        raise Malformed("mentions holds something that is not a member's id.")
    return tuple(dict.fromkeys(value))


def members(given: Fields, limit: int) -> tuple[str, ...]:
    """The ids of some members, each once."""
    value = given.get("members")
    if not isinstance(value, list):
        raise Malformed("members is not a list.")
    if len(value) > limit:
        raise TooLarge("members", limit=limit)
    if not all(isinstance(item, str) and _ID.match(item) for item in value):
        raise Malformed("members holds something that is not a member's id.")
    return tuple(dict.fromkeys(value))


def lanes(given: Fields) -> dict[str, int] | None:
    """How far a client knows some lanes; None if it takes none."""
    value = given.get("lanes")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed("lanes is not an object.")
    if len(value) > MAX_LANES_SAID:
        raise TooLarge("lanes", limit=MAX_LANES_SAID)
    if not all(_ID.match(name) for name in value):
        raise Malformed("lanes holds something that is not a channel's id.")
    return {name: seq({"lanes": known}, "lanes") for name, known in value.items()}


def emoji(given: Fields) -> str:
    """An emoji in its fully-qualified form."""
    value = text(given, "emoji", MAX_EMOJI_CHARACTERS)
    value = normal_emoji(value)
    if not is_emoji(value):
        raise Malformed("emoji is not an emoji.")
    return value


def boolean(given: Fields, name: str) -> bool:
    """Whether `name` is true; a number or a text is refused."""
    value = given.get(name)
    if not isinstance(value, bool):
        raise Malformed(f"{name} is not true or false.")
    return value


def integer(given: Fields, name: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    value = given.get(name)
    if isinstance(value, float) and value.is_integer():  # JSON has one kind of number: 5, 5.0 and 5e0 are equal
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Malformed(f"{name} is not a whole number from {low} to {high}.")
    return value


def seq(given: Fields, name: str) -> int:
    """The number of a change, or 0 for the time before the first one."""
    return integer(given, name, 0, MAX_SAFE_INTEGER)


def seq_or_none(given: Fields, name: str) -> int | None:
    """As `seq`; None if it is missing or null."""
    return None if given.get(name) is None else seq(given, name)


def retention_days(given: Fields) -> int | None:
    """For how many days messages are kept: 0 keeps them for ever, None follows the setting above."""
    if given["retention_days"] is None:
        return None
    return integer(given, "retention_days", 0, MAX_RETENTION_DAYS)


def channel_name(given: Fields) -> str:
    """The name of a channel, in its stored form."""
    return clean_name(text(given, "name"), limit=MAX_CHANNEL_NAME_CHARACTERS, what="name")


def member_name(given: Fields) -> str:
    """The name of a member, in its stored form."""
    return clean_name(text(given, "name"), limit=MAX_NAME_CHARACTERS, what="name")


def rights(given: Fields, known: tuple[str, ...]) -> tuple[str, ...]:
    """What a bot or hook may do, each once."""
    value = given["rights"]
    if not isinstance(value, list) or not all(isinstance(item, str) and item in known for item in value):
        raise Malformed(f"rights is not a list of {', '.join(known)}.")
    return tuple(dict.fromkeys(value))


def bot_channels(given: Fields) -> tuple[str, ...]:
    """The ids of the channels that a bot belongs to, each once and at least one."""
    value = given.get("channels")
    if not isinstance(value, list) or not all(isinstance(item, str) and _ID.match(item) for item in value):
        raise Malformed("channels is missing or not a list of ids.")
    if not 0 < len(value) <= MAX_BOT_CHANNELS:
        raise Malformed(f"channels holds none, or more than {MAX_BOT_CHANNELS}.")
    return tuple(dict.fromkeys(value))


def webhook(given: Fields) -> tuple[str, str] | None:
    """Where a bot is called, and its command or ""; None if it has no webhook.

    Whether it may be there is for the room to say.
    """
    value = given.get("webhook")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed("webhook is not an object.")
    url, command = value.get("url"), value.get("command")
    if not isinstance(url, str) or not 0 < len(url) <= MAX_WEBHOOK_URL_CHARACTERS or not url.isascii():
        raise Malformed("webhook: url is missing or no address.")
    if command is None:
        return url, ""
    if not isinstance(command, str) or not _COMMAND.fullmatch(command.lower()):
        raise Malformed(f"webhook: command is not a word of at most {MAX_COMMAND_CHARACTERS} letters, digits, - and _.")
    return url, command.lower()


def topic(given: Fields) -> str:
    """The topic of a channel, in its stored form."""
    return clean_line(text(given, "topic"), limit=MAX_TOPIC_CHARACTERS, what="topic")


def digest(given: Fields) -> bytes:
    """A SHA-256 digest, from base64url."""
    written = text(given, "digest")
    try:
        value = from_b64url(written)
    except Malformed:
        value = b""
    if len(value) != _DIGEST_BYTES:
        raise Malformed(f"digest is not {_DIGEST_BYTES} bytes of base64url.")
    return value


def label(given: Fields) -> str:
    """The label of an invite, in its stored form; "" if there is none."""
    if given.get("label") is None:
        return ""
    return clean_line(text(given, "label"), limit=MAX_LABEL_CHARACTERS, what="label")


def query(given: Fields) -> str:
    """What is searched for, as it was typed."""
    return text(given, "query", MAX_QUERY_CHARACTERS)


def has(given: Fields) -> tuple[str, ...]:
    """What a message must have to be found, each once."""
    value = given.get("has")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item in HAS for item in value):
        raise Malformed(f"has is not a list of {', '.join(HAS)}.")
    return tuple(dict.fromkeys(value))


def cursor(given: Fields) -> str | None:
    """Where a search goes on; None at its beginning. Only the search can say whether it is one."""
    return None if given.get("cursor") is None else text(given, "cursor", MAX_CURSOR_CHARACTERS)


def text(given: Fields, name: str, limit: int | None = None) -> str:
    """A text of valid Unicode with at most `limit` code points."""
    value = given.get(name, _MISSING)
    if not isinstance(value, str):
        raise Malformed(f"{name} is missing." if value is _MISSING else f"{name} is not a string.")
    if not is_text(value):
        raise Malformed(f"{name} is not Unicode text.")
    if limit is not None and len(value) > limit:
        raise TooLarge(name, limit=limit)
    return value
