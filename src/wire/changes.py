"""The frames that change a conversation: each takes a `seq` and goes through the room's one writer.

A frame stands here once: what it holds and how it is read. docs/protocol.md, "Socket", describes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from errors import Malformed
from wire import fields
from wire.fields import Fields


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Send:
    """A new message, named by its client before it was sent."""

    ref: str
    id: str
    channel: str
    body: str
    reply_to: str | None
    mentions: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "Send":
        message_id = fields.uuid(given, "id")
        channel, body = fields.identifier(given, "channel"), fields.body(given)
        return cls(given["id"], message_id, channel, body, fields.reply_to(given), fields.mentions(given))


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text for one's own message."""

    ref: str | None
    id: str
    body: str
    mentions: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "Edit":
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.body(given), fields.mentions(given))


@dataclass(frozen=True, slots=True)
class Delete:
    """One's own message, or any for an admin, loses its text."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "Delete":
        return cls(fields.ref(given), fields.uuid(given, "id"))


@dataclass(frozen=True, slots=True)
class React:
    """An emoji put on a message or taken off."""

    ref: str | None
    id: str
    emoji: str
    on: bool

    @classmethod
    def _read(cls, given: Fields) -> "React":
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.emoji(given), fields.boolean(given, "on"))


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """A new channel."""

    ref: str | None
    name: str
    topic: str

    @classmethod
    def _read(cls, given: Fields) -> "CreateChannel":
        topic = fields.topic(given) if "topic" in given else ""
        return cls(fields.ref(given), fields.channel_name(given), topic)


@dataclass(frozen=True, slots=True)
class UpdateChannel:
    """What a channel's creator or an admin changes; what `changes` lacks stays."""

    ref: str | None
    id: str
    changes: Mapping[str, Any]

    @classmethod
    def _read(cls, given: Fields) -> "UpdateChannel":
        checks: dict[str, Callable[[Fields], Any]] = {
            "name": fields.channel_name,
            "topic": fields.topic,
            "archived": lambda given: fields.boolean(given, "archived"),
            "retention_days": fields.retention_days,
        }
        changes = {name: check(given) for name, check in checks.items() if name in given}
        return cls(fields.ref(given), fields.identifier(given, "id"), changes)


@dataclass(frozen=True, slots=True)
class DeleteChannel:
    """A channel goes, with all its messages."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "DeleteChannel":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """An admin ends somebody's membership, and keeps them out if it is a ban."""

    ref: str | None
    id: str
    ban: bool = False

    @classmethod
    def _read(cls, given: Fields) -> "RemoveMember":
        return cls(fields.ref(given), fields.identifier(given, "id"), "ban" in given and fields.boolean(given, "ban"))


@dataclass(frozen=True, slots=True)
class UpdateRoom:
    """An admin's retention for the room; None follows the operator's setting."""

    ref: str | None
    retention_days: int | None

    @classmethod
    def _read(cls, given: Fields) -> "UpdateRoom":
        if "retention_days" not in given:
            raise Malformed("retention_days is missing.")
        return cls(fields.ref(given), fields.retention_days(given))


Change = Send | Edit | Delete | React | CreateChannel | UpdateChannel | DeleteChannel | RemoveMember | UpdateRoom

CHANGES: Mapping[str, Callable[[Fields], Change]] = {
    "send": Send._read,
    "edit": Edit._read,
    "delete": Delete._read,
    "react": React._read,
    "channel.create": CreateChannel._read,
    "channel.update": UpdateChannel._read,
    "channel.delete": DeleteChannel._read,
    "member.remove": RemoveMember._read,
    "room.update": UpdateRoom._read,
}
"""How the frames of each `type` are read."""
