"""Which messages a search is about besides what they say: where, whose, when, and with what in them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from limits import MAX_SAFE_INTEGER
from search.normal import normal
from search.segment import FILE, IMAGE, LINK, LIVE, REPLY, Entry, Segment, newest_first
from storage.messages import Message

_FLAGS = {"link": LINK, "file": FILE, "image": IMAGE}  # by what a member can ask for (wire/fields.py, HAS)
_FEW = 24  # messages that are looked at one by one sooner than all of a segment together
_LINK = re.compile(r"(?<![A-Za-z0-9_@/.+-])(?:https?://[\w\[]|www\.\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is limited to; None for no limit.

    `channels`: those that it may look into, which are at most those that the member sees. `after` is the first moment,
    `before` the first one that is too late, in ms.
    """

    channels: frozenset[str]
    author: str | None = None
    before: int | None = None
    after: int | None = None
    flags: int = 0
    since: int = 0
    """Nothing with a `seq` up to here is found."""

    @property
    def first(self) -> int:
        """The first moment of the search."""
        return 0 if self.after is None else self.after

    @property
    def end(self) -> int:
        """The first moment that is too late."""
        return MAX_SAFE_INTEGER if self.before is None else self.before

    def among(self, segment: Segment, columns: int) -> int:
        """Those of `columns` that the search is about."""
        if columns.bit_count() > _FEW:
            return columns & self.columns(segment)
        return sum(1 << column for column in newest_first(columns) if self._has(segment, column))

    def _has(self, segment: Segment, column: int) -> bool:
        flags = self.flags | LIVE
        return (
            segment.flags(column) & flags == flags
            and segment.channel(column) in self.channels
            and (self.author is None or segment.author(column) == self.author)
            and self.first <= segment.sent_at(column) < self.end
        )

    def columns(self, segment: Segment) -> int:
        """The messages of a segment that the search is about."""
        columns = segment.with_flags(self.flags | LIVE) & segment.of_channels(self.channels)
        if columns and self.author is not None:
            columns &= segment.of_author(self.author)
        if columns and (self.after is not None or self.before is not None):
            columns &= segment.sent_between(self.first, self.end)
        return columns

    def admits(self, message: Message, flags: int) -> bool:
        """Whether the search is about a message that has these flags."""
        return (
            message.channel in self.channels
            and message.seq > self.since
            and (self.author is None or self.author == message.author)
            and self.first <= message.sent_at < self.end
            and flags & self.flags == self.flags
        )


def entry(message: Message, texts: Mapping[str, Any]) -> Entry:
    """A message as a segment takes it."""
    text = normal(texts.get("body", ""))
    return Entry(message.seq, message.channel, message.author, message.sent_at, text, flags_of(texts))


def flags_of(texts: Mapping[str, Any]) -> int:
    """The flags of a message with these texts."""
    types = [file.get("type", "") for file in texts.get("files", ())]
    flags = LIVE
    flags |= LINK if _LINK.search(texts.get("body", "")) else 0
    flags |= FILE if types else 0
    flags |= IMAGE if any(each.startswith("image/") for each in types) else 0
    return flags | (REPLY if "reply_to" in texts else 0)


def flags_for(has: Collection[str]) -> int:
    """The flags that a message must have to have all of these."""
    return sum(_FLAGS[each] for each in set(has))
