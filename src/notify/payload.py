"""The content of a notification: the names and texts that the operator allows, cut to the size that push services take.

The service worker makes the sentences, in the language of its user (docs/protocol.md, "Notifications").
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from chat.lanes import OPEN
from encoding import compact_json
from limits import MAX_PUSH_PLAINTEXT_BYTES, PUSH_TEXT_CHARACTERS

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_JOINERS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True)
class News:
    """The news of one channel for one member: its newest message, and how many there are."""

    room: str
    title: str
    channel: str
    channel_name: str
    seq: int
    id: str
    sender: str
    text: str
    reason: str  # mention or message
    count: int
    unread: int
    files: int = 0
    """How many files the message has ..."""
    pictures: int = 0
    """... and how many of them are pictures."""
    kind: str = OPEN


def payload(news: News, content: str) -> bytes:
    """The notification as JSON, at most MAX_PUSH_PLAINTEXT_BYTES (docs/protocol.md, "Notifications").

    Args:
        content: PUSH_CONTENT. `none` leaves out every text that people wrote.
    """
    said: dict[str, Any] = {
        "type": "message",
        "reason": news.reason,
        "room": news.room,
        "title": news.title,
        "channel": news.channel,
        "seq": news.seq,
        "id": news.id,
        "count": news.count,
        "unread": news.unread,
        "tag": f"{news.room}/{news.channel}",
    }
    if news.kind != OPEN:
        said["kind"] = news.kind
    if content == "none":
        return compact_json(said).encode()
    said |= {"channel_name": news.channel_name, "sender": news.sender, "text": ""}
    if news.files:
        said |= {"files": news.files, "pictures": news.pictures}
    left = MAX_PUSH_PLAINTEXT_BYTES - len(compact_json(said).encode())
    text = news.text if content == "full" else shortened(news.text, PUSH_TEXT_CHARACTERS)
    return compact_json(said | {"text": fitting(text, left)}).encode()


def trial_payload(room: str, title: str) -> bytes:
    """The test notification that a member sends to their own device."""
    return compact_json({"type": "test", "room": room, "title": title, "tag": f"{room}/"}).encode()


def shortened(text: str, limit: int) -> str:
    """At most `limit` code points of a text, with an ellipsis if something is cut off."""
    return text if len(text) <= limit else _cut(text, limit - 1)


def fitting(text: str, limit: int) -> str:
    """As much of a text as takes `limit` bytes in a JSON string, with an ellipsis if something is cut off."""
    if _json_bytes(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _json_bytes(_cut(text, middle)) <= limit else (low, middle - 1)
    return _cut(text, low) if low else ""


def _cut(text: str, length: int) -> str:
    """The beginning of a text, never cut inside what people see as one character."""
    while 0 < length < len(text) and (_continues(text[length]) or text[length - 1] == "\u200d"):
        length -= 1
    return text[:length].rstrip() + _ELLIPSIS


def _continues(character: str) -> bool:
    is_skin = "\U0001f3fb" <= character <= "\U0001f3ff"
    return is_skin or character in _JOINERS or unicodedata.combining(character) != 0


def _json_bytes(text: str) -> int:
    return len(compact_json(text).encode()) - 2
