"""The frames about who is in a private channel or a direct conversation. docs/protocol.md, "Lanes", describes them."""

from dataclasses import dataclass

from errors import Malformed
from limits import MAX_DIRECT_OTHERS, MAX_LANE_MEMBERS
from wire import fields
from wire.fields import Fields

OPEN, PRIVATE = "open", "private"
"""The kinds of channels that a frame can ask for."""
HISTORIES = ALL, NONE = "all", "none"
"""What somebody who is added is shown of the past."""


def channel_kind(given: Fields) -> str:
    """Whether a channel is open or private."""
    value = given.get("kind")
    if value not in (OPEN, PRIVATE):
        raise Malformed("kind is not open or private.")
    return str(value)


def history(given: Fields) -> str:
    """What somebody who is added is shown of the past."""
    value = given.get("history")
    if value not in HISTORIES:
        raise Malformed("history is not all or none.")
    return str(value)


@dataclass(frozen=True, slots=True)
class OpenDirect:
    """The conversation with these people, without anybody else; with nobody else, the member's own notes."""

    ref: str | None
    members: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "OpenDirect":
        members = fields.members(given, MAX_DIRECT_OTHERS)
        if not members:
            raise Malformed("members is empty.")
        return cls(fields.ref(given), members)


@dataclass(frozen=True, slots=True)
class AddMembers:
    """More people for a private channel, with or without its past."""

    ref: str | None
    id: str
    members: tuple[str, ...]
    history: str

    @classmethod
    def _read(cls, given: Fields) -> "AddMembers":
        members = fields.members(given, MAX_LANE_MEMBERS)
        if not members:
            raise Malformed("members is empty.")
        return cls(fields.ref(given), fields.identifier(given, "id"), members, history(given))


@dataclass(frozen=True, slots=True)
class PartMember:
    """Take somebody out of a private channel."""

    ref: str | None
    id: str
    member: str

    @classmethod
    def _read(cls, given: Fields) -> "PartMember":
        return cls(fields.ref(given), fields.identifier(given, "id"), fields.identifier(given, "member"))


@dataclass(frozen=True, slots=True)
class LeaveChannel:
    """The member leaves a private channel."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "LeaveChannel":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class ListLanes:
    """An admin asks which private channels there are."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListLanes":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class SetKeeper:
    """Make somebody a keeper of a private channel, or no longer."""

    ref: str | None
    id: str
    member: str
    on: bool

    @classmethod
    def _read(cls, given: Fields) -> "SetKeeper":
        on = fields.boolean(given, "on")
        return cls(fields.ref(given), fields.identifier(given, "id"), fields.identifier(given, "member"), on)
