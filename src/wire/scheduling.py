"""The frames about messages that are sent later. docs/protocol.md, "Scheduled messages", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class Schedule:
    """Send a message at a time; its client named it, as it names every message."""

    ref: str | None
    id: str
    channel: str
    body: str
    at: int
    reply_to: str | None
    mentions: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "Schedule":
        message_id, channel = fields.uuid(given, "id"), fields.identifier(given, "channel")
        body, at = fields.body(given), fields.seq(given, "at")
        return cls(fields.ref(given), message_id, channel, body, at, fields.reply_to(given), fields.mentions(given))


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Another text, another time, or both."""

    ref: str | None
    id: str
    body: str | None
    at: int | None
    mentions: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "Reschedule":
        body = None if given.get("body") is None else fields.body(given)
        at = fields.seq_or_none(given, "at")
        return cls(fields.ref(given), fields.uuid(given, "id"), body, at, fields.mentions(given))


@dataclass(frozen=True, slots=True)
class SendScheduled:
    """Send a scheduled message now."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "SendScheduled":
        return cls(fields.ref(given), fields.uuid(given, "id"))


@dataclass(frozen=True, slots=True)
class DropScheduled:
    """Delete a scheduled message."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "DropScheduled":
        return cls(fields.ref(given), fields.uuid(given, "id"))


@dataclass(frozen=True, slots=True)
class ListScheduled:
    """The member's scheduled messages, the first to be sent first."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListScheduled":
        return cls(fields.ref(given))


Scheduling = Schedule | Reschedule | SendScheduled | DropScheduled | ListScheduled

SCHEDULING: Mapping[str, Callable[[Fields], Scheduling]] = {
    "schedule": Schedule._read,
    "schedule.update": Reschedule._read,
    "schedule.send": SendScheduled._read,
    "schedule.delete": DropScheduled._read,
    "scheduled": ListScheduled._read,
}
"""The function that reads the frames of each `type`."""
