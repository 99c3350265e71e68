"""How a room and its members look: what is shown of colours, pictures and statuses, and what a member was called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from encoding import compact_json
from limits import FORMER_NAME_HELD_MS


@dataclass(slots=True)
class Look:
    """The name, colour and picture that admins gave the room; "" for each that they gave not."""

    default_title: str = ""
    """The operator's setting, which is shown without a name."""
    name: str = ""
    colour: str = ""
    picture: str = ""
    """The id of the picture."""

    @property
    def title(self) -> str:
        """What the room is called."""
        return self.name or self.default_title

    def public(self) -> dict[str, str]:
        """The look in the form of a `room` event."""
        return {"title": self.title, "name": self.name, "colour": self.colour, "picture": self.picture}

    def plaintext(self) -> bytes:
        """The text that is sealed."""
        return compact_json({"name": self.name, "colour": self.colour}).encode()

    def take(self, plaintext: bytes | None) -> None:
        """Look as an opened text says; as the operator set it, if that did not open."""
        said = {} if plaintext is None else json.loads(plaintext)
        self.name, self.colour = str(said.get("name") or ""), str(said.get("colour") or "")


Status = Mapping[str, Any]
"""`emoji`, `text`, and `until` when it ends, if it does."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a member was called until they changed it."""

    member: str
    at: int
    """When they changed it; each of a member's former names has another time."""
    name: str

    def is_held(self, now_ms: int) -> bool:
        """Whether it is kept for this member, so that nobody can pose as them."""
        return now_ms - self.at < FORMER_NAME_HELD_MS


def status_of(plaintext: bytes | None) -> Status | None:
    """The status in an opened text of a member's, if there is one."""
    said = None if plaintext is None else json.loads(plaintext).get("status")
    return said if isinstance(said, dict) else None


def status_text(status: Status) -> bytes:
    """The text that is sealed of a member's status."""
    return compact_json({"status": status}).encode()


def is_over(status: Status, now_ms: int) -> bool:
    """Whether the time of a status is over."""
    until = status.get("until")
    return until is not None and until <= now_ms
