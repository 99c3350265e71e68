"""The frame that searches the room. docs/protocol.md, "Search", describes it."""

from dataclasses import dataclass

from limits import MAX_FOUND
from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class Search:
    """Messages that say something: `query` is empty if only the other fields limit what is found.

    `before` and `after` are times in ms, `has` lists what a message must have, and `cursor` is where to go on.
    """

    ref: str | None
    query: str
    channel: str | None
    author: str | None
    before: int | None
    after: int | None
    has: tuple[str, ...]
    cursor: str | None
    limit: int

    @property
    def is_limited(self) -> bool:
        """Whether anything but the query limits what is found."""
        return (self.channel, self.author, self.before, self.after) != (None, None, None, None) or bool(self.has)

    @classmethod
    def _read(cls, given: Fields) -> "Search":
        return cls(
            fields.ref(given),
            fields.query(given),
            fields.identifier_or_none(given, "channel"),
            fields.identifier_or_none(given, "author"),
            fields.seq_or_none(given, "before"),
            fields.seq_or_none(given, "after"),
            fields.has(given),
            fields.cursor(given),
            fields.integer(given, "limit", 1, MAX_FOUND),
        )
