"""The frame that asks for a thread: a message and its replies. docs/protocol.md, "Socket", describes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class ListReplies:
    """The message `seq` of a channel and its replies, oldest first; those after another `seq`, if it is named."""

    ref: str | None
    channel: str
    seq: int
    after: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListReplies":
        channel = fields.identifier(given, "channel")
        return cls(fields.ref(given), channel, fields.seq(given, "seq"), fields.seq_or_none(given, "after"))


THREAD_QUESTIONS: Mapping[str, Callable[[Fields], ListReplies]] = {"thread": ListReplies._read}
"""The function that reads the frames of each `type`."""
