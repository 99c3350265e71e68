"""The files of a message, as its sender describes them: checked, and sealed with the message's text.

Every refusal begins with `files`. docs/protocol.md, "Files", describes the fields.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from encoding import from_b64url, is_text
from errors import ChatError, Malformed, TooLarge
from limits import (
    FILE_ID_BYTES,
    MAX_ALT_CHARACTERS,
    MAX_FILE_NAME_CHARACTERS,
    MAX_FILES_PER_MESSAGE,
    MAX_PICTURE_SIDE,
    MAX_SAFE_INTEGER,
    MAX_THUMB_BYTES,
    MAX_TICKETS_AT_ONCE,
)
from text.names import clean_line
from wire import fields
from wire.fields import Fields

_KEY_BYTES = 32
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*\Z")  # RFC 6838, section 4.2
_MAX_TYPE_CHARACTERS = 100
_HASH = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message."""

    id: str
    """Base64url of FILE_ID_BYTES."""
    size: int
    """Its bytes before sealing."""
    thumb: int | None
    """The bytes of its thumbnail before sealing; None without one."""
    shown: Mapping[str, Any]
    """All that its sender says of it, in the form that is sealed and shown."""


class WithFiles(Protocol):
    """A message with its files, on its way into a channel."""

    @property
    def id(self) -> str:
        """Its UUID."""

    @property
    def channel(self) -> str:
        """The id of its channel."""

    @property
    def files(self) -> tuple[File, ...]:
        """Its files."""


def file_id(given: Fields, name: str) -> str:
    """The id of a file."""
    return _bytes(given, name, FILE_ID_BYTES)


def read_files(given: Fields) -> tuple[File, ...]:
    """The files of a message, in the order in which they are shown; () if there are none."""
    value = given.get("files")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Malformed("files is not a list of objects.")
    if len(value) > MAX_FILES_PER_MESSAGE:
        raise TooLarge("files", limit=MAX_FILES_PER_MESSAGE)
    try:
        files = tuple(map(_file, value))
    except TooLarge:
        raise
    except ChatError as refusal:
        raise Malformed(f"files: {refusal.detail}") from refusal
    if len({file.id for file in files}) < len(files):
        raise Malformed("files: one of them is named twice.")
    return files


def _file(given: Fields) -> File:
    thumb = _thumb(given)
    size = fields.integer(given, "size", 0, MAX_SAFE_INTEGER)
    shown: dict[str, Any] = {
        "id": file_id(given, "id"),
        "key": _bytes(given, "key", _KEY_BYTES),
        "name": _name(given),
        "type": _type(given),
        "size": size,
    }
    for name, check in _OPTIONAL.items():
        if given.get(name) is not None:
            shown[name] = check(given, name)
    if thumb is not None:
        shown["thumb"] = thumb
    return File(shown["id"], size, None if thumb is None else thumb["size"], shown)


def _thumb(given: Fields) -> dict[str, Any] | None:
    thumb = given.get("thumb")
    if thumb is None:
        return None
    if not isinstance(thumb, dict):
        raise Malformed("thumb is not an object.")
    size = fields.integer(thumb, "size", 1, MAX_THUMB_BYTES)
    return {"type": _type(thumb), "size": size, "width": _side(thumb, "width"), "height": _side(thumb, "height")}


def _side(given: Fields, name: str) -> int:
    return fields.integer(given, name, 1, MAX_PICTURE_SIDE)


def _name(given: Fields) -> str:
    name = _line(given, "name", MAX_FILE_NAME_CHARACTERS)
    if not name:
        raise Malformed("name is empty.")
    return name


def _line(given: Fields, name: str, limit: int) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name} is not text.")
    try:
        return clean_line(value, limit=limit, what=name)
    except TooLarge as refusal:
        raise TooLarge(f"files: {name}", limit=limit) from refusal


def _alt(given: Fields, name: str) -> str:
    """What a picture shows, in its sender's words, which may take several lines."""
    value = given.get(name)
    if not isinstance(value, str) or not is_text(value):
        raise Malformed(f"{name} is not text.")
    if len(value) > MAX_ALT_CHARACTERS:
        raise TooLarge(f"files: {name}", limit=MAX_ALT_CHARACTERS)
    return value


def _duration(given: Fields, name: str) -> int:
    return fields.integer(given, name, 0, MAX_SAFE_INTEGER)


def _type(given: Fields) -> str:
    value = given.get("type")
    if not isinstance(value, str) or len(value) > _MAX_TYPE_CHARACTERS or not _TYPE.match(value):
        raise Malformed("type is not a media type in lower case, such as image/jpeg.")
    return value


def _hash(given: Fields, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not _HASH.match(value):
        raise Malformed(f"{name} is not base64url.")
    return value


def _bytes(given: Fields, name: str, count: int) -> str:
    value = given.get(name)
    try:
        is_right = isinstance(value, str) and len(from_b64url(value)) == count
    except (Malformed, UnicodeError):
        is_right = False
    if not is_right:
        raise Malformed(f"{name} is not {count} bytes of base64url.")
    return str(value)


_OPTIONAL: Mapping[str, Callable[[Fields, str], Any]] = {
    "width": _side,
    "height": _side,
    "duration": _duration,
    "hash": _hash,
    "alt": _alt,
}
"""The fields that a file may have, each with what reads it."""


@dataclass(frozen=True, slots=True)
class FileTickets:
    """The member wants to fetch files."""

    ref: str | None
    ids: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "FileTickets":
        ids = given.get("ids")
        if not isinstance(ids, list):
            raise Malformed("ids is not a list.")
        if len(ids) > MAX_TICKETS_AT_ONCE:
            raise TooLarge("ids", limit=MAX_TICKETS_AT_ONCE)
        return cls(fields.ref(given), tuple(dict.fromkeys(file_id({"ids": each}, "ids") for each in ids)))
