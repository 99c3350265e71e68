"""The frames by which members arrange channels for themselves: what stands on top, what is to be read again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class MarkUnread:
    """The member wants to read the message `seq` of this channel, and what follows, again."""

    ref: str | None
    channel: str
    seq: int

    @classmethod
    def _read(cls, given: Fields) -> "MarkUnread":
        return cls(fields.ref(given), fields.identifier(given, "channel"), fields.seq(given, "seq"))


@dataclass(frozen=True, slots=True)
class Star:
    """The member puts a channel at the top of their list, or no longer."""

    ref: str | None
    channel: str
    on: bool

    @classmethod
    def _read(cls, given: Fields) -> "Star":
        return cls(fields.ref(given), fields.identifier(given, "channel"), fields.boolean(given, "on"))


ChannelQuestion = MarkUnread | Star

CHANNEL_QUESTIONS: Mapping[str, Callable[[Fields], ChannelQuestion]] = {
    "unread": MarkUnread._read,
    "star": Star._read,
}
"""The function that reads the frames of each `type`."""
