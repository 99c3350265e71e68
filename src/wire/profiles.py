"""The frames in which members and admins say how they and the room look: names, colours, pictures, a status."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from encoding import from_b64url
from errors import Malformed, TooLarge
from limits import (
    MAX_NAME_CHARACTERS,
    MAX_ROOM_NAME_CHARACTERS,
    MAX_SAFE_INTEGER,
    MAX_STATUS_CHARACTERS,
)
from text.names import clean_line, clean_name
from wire import fields
from wire.fields import Fields
from wire.pictures import MAX_PICTURE_BYTES, checked_picture

COLOURS = ("sea", "sun", "iris", "rose", "fir", "sky", "raspberry", "lime", "ink", "lilac", "plum", "mint")
"""The palette's colours, in the order of the members' hues."""


@dataclass(frozen=True, slots=True)
class UpdateRoom:
    """New values for the room, by an admin; fields that `changes` lacks stay.

    `retention_days` None follows the operator's setting, and `name` "" as well; `colour` "" and `picture` b"" are none.
    """

    ref: str | None
    changes: Mapping[str, Any]

    @classmethod
    def _read(cls, given: Fields) -> "UpdateRoom":
        return cls(
            fields.ref(given),
            _some(
                given,
                {"retention_days": fields.retention_days, "name": _name, "colour": _colour, "picture": _picture},
            ),
        )


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """New values for the member's own card; fields that `changes` lacks stay. Everybody has a name.

    `status` None and `picture` b"" are none.
    """

    ref: str | None
    changes: Mapping[str, Any]

    @classmethod
    def _read(cls, given: Fields) -> "UpdateProfile":
        return cls(fields.ref(given), _some(given, {"name": _own_name, "status": _status, "picture": _picture}))


def _some(given: Fields, checks: Mapping[str, Callable[[Fields], Any]]) -> dict[str, Any]:
    """Those of these fields that the frame has."""
    return {name: check(given) for name, check in checks.items() if name in given}


def _name(given: Fields) -> str:
    if given["name"] is None:
        return ""
    return clean_name(fields.text(given, "name"), limit=MAX_ROOM_NAME_CHARACTERS, what="name")


def _own_name(given: Fields) -> str:
    return clean_name(fields.text(given, "name"), limit=MAX_NAME_CHARACTERS, what="name")


def _colour(given: Fields) -> str:
    if given["colour"] is None:
        return ""
    colour = fields.text(given, "colour")
    if colour not in COLOURS:
        raise Malformed(f"colour is none of {', '.join(COLOURS)}.")
    return colour


def _picture(given: Fields) -> bytes:
    if given["picture"] is None:
        return b""
    text = fields.text(given, "picture")
    if len(text) > MAX_PICTURE_BYTES * 4 // 3 + 1:
        raise TooLarge("picture", limit=MAX_PICTURE_BYTES)
    try:
        picture = from_b64url(text)
    except Malformed:
        raise Malformed("picture is not base64url.") from None
    return checked_picture(picture)


def _status(given: Fields) -> Mapping[str, Any] | None:
    status = given["status"]
    if status is None:
        return None
    if not isinstance(status, dict):
        raise Malformed("status is not an object.")
    try:
        return _shown(status)
    except Malformed as refusal:
        raise Malformed(f"status: {refusal.detail}") from None


def _shown(status: Fields) -> Mapping[str, Any]:
    text = ""
    if status.get("text") is not None:
        text = clean_line(fields.text(status, "text"), limit=MAX_STATUS_CHARACTERS, what="text")
    shown: dict[str, Any] = {"emoji": fields.emoji(status), "text": text}
    if status.get("until") is not None:
        shown["until"] = fields.integer(status, "until", 1, MAX_SAFE_INTEGER)
    return shown
