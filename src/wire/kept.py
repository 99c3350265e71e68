"""The frames about messages that people keep at hand. docs/protocol.md, "Socket", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class ListPins:
    """The pinned messages of a channel, newest pin first; those pinned before a `seq`, if it is named."""

    ref: str | None
    channel: str
    before: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListPins":
        return cls(fields.ref(given), fields.identifier(given, "channel"), fields.seq_or_none(given, "before"))


@dataclass(frozen=True, slots=True)
class SaveMessage:
    """The member saves a message for themselves, or no longer."""

    ref: str | None
    id: str
    on: bool
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "SaveMessage":
        channel = fields.identifier_or_none(given, "channel")
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.boolean(given, "on"), channel)


@dataclass(frozen=True, slots=True)
class ListSaved:
    """The messages that the member has saved, newest first; those saved before a time, if it is named."""

    ref: str | None
    before: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListSaved":
        return cls(fields.ref(given), fields.seq_or_none(given, "before"))


@dataclass(frozen=True, slots=True)
class ListFormer:
    """What a message said before it was edited."""

    ref: str | None
    id: str
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "ListFormer":
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.identifier_or_none(given, "channel"))


@dataclass(frozen=True, slots=True)
class ListActivity:
    """What happened around the member, newest first; what happened before a time, if it is named."""

    ref: str | None
    before: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListActivity":
        return cls(fields.ref(given), fields.seq_or_none(given, "before"))


@dataclass(frozen=True, slots=True)
class SeeActivity:
    """The member has seen what happened around them up to a time."""

    ref: str | None
    at: int

    @classmethod
    def _read(cls, given: Fields) -> "SeeActivity":
        return cls(fields.ref(given), fields.seq(given, "at"))


KeptQuestion = ListActivity | SeeActivity | ListFormer | ListPins | SaveMessage | ListSaved

KEPT_QUESTIONS: Mapping[str, Callable[[Fields], KeptQuestion]] = {
    "activity": ListActivity._read,
    "activity.seen": SeeActivity._read,
    "former": ListFormer._read,
    "pins": ListPins._read,
    "save": SaveMessage._read,
    "saved": ListSaved._read,
}
"""The function that reads the frames of each `type`."""
