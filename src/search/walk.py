"""The way of a search through the room: from the newest message back, by the tail, segments, and what is in neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.contents import message_texts
from limits import CANDIDATES_AT_ONCE, MAX_PAGE_BYTES, SEGMENTS_OPENED_AT_ONCE
from sealing.keyring import Keyring
from search.filters import Filter, flags_of
from search.index import Index
from search.matching import Matching
from search.normal import normal
from search.pace import Pace
from search.segment import Segment, newest_first
from storage.messages import Message
from storage.segments import Range
from storage.store import Store

_SEGMENT_UNITS = 4  # to read and open one
_STEP_UNITS = 1  # to find out that there is no message
_ROWS_A_UNIT = 128  # of open segments that are combined
_ROWS_TO_BEGIN = 16  # so many rows are as much work as to begin with a segment
_LONG_CHARACTERS = 500  # of a text that is as much work as opening another message


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A message that may be found."""

    channel: str
    seq: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that is found, with its texts."""

    message: Message
    texts: Mapping[str, Any]


class Walk:
    """Looks for messages older than a `seq`, newest first.

    After `run`, everything with a `seq` from `below` on was looked at.
    """

    def __init__(
        self, index: Index, store: Store, keyring: Keyring, limits: Filter, matching: Matching, *, below: int
    ) -> None:
        self._index = index
        self._store = store
        self._keyring = keyring
        self._filter = limits
        self._matching = matching
        self._at = below  # everything from here on was looked at, or is among the candidates
        self._candidates: list[_Candidate] = []
        self._ahead = 1
        self._most = CANDIDATES_AT_ONCE  # candidates that are looked at together
        self._seen_at = limits.end  # the oldest time of what was looked at one by one
        self._passed: list[tuple[Segment, int]] = []  # looked into, each below a `seq`
        self._opened: Mapping[int, Segment] = {}  # as there may be no room to keep them open
        self.hits: list[Hit] = []

    @property
    def below(self) -> int:
        """Everything with a `seq` from here on was looked at."""
        return self._candidates[0].seq + 1 if self._candidates else self._at

    @property
    def back_to(self) -> int:
        """About when the oldest message was sent that was looked at, of those that the search is about."""
        if self._candidates:
            return self._candidates[0].sent_at
        for segment, upper in reversed(self._passed):
            seen = self._filter.columns(segment) & segment.below(upper) & ~segment.below(self._at)
            if seen:
                return min(self._seen_at, segment.sent_at((seen & -seen).bit_length() - 1))
        return self._seen_at

    @property
    def is_over(self) -> bool:
        """Whether everything was looked at."""
        return self._at <= self._filter.since + 1 and not self._candidates

    async def run(self, limit: int, pace: Pace) -> bool:
        """Look for so many messages; returns whether it found them, or everything, before the budget was used up."""
        self._index.shelf.ranges()
        self._most = min(limit + 1, CANDIDATES_AT_ONCE)  # of a frequent word nearly all are found
        while not self.is_over and not self._is_full(limit):
            if pace.is_spent:
                return False
            await self._step(pace)
        if self._is_full(limit):
            self._cut(limit)
        return True

    async def check_again(self) -> None:
        """Look again at the messages that were found, as they may have changed."""
        self.hits = await self._check([(hit.message.channel, hit.message.seq) for hit in self.hits], None)

    # --- steps ---

    async def _step(self, pace: Pace) -> None:
        if self._at > self._filter.since + 1 and len(self._candidates) < self._most:
            await self._look_back(pace)
        else:
            await self._check_candidates(pace)

    async def _look_back(self, pace: Pace) -> None:
        """Look into older parts: add their candidates, open the next segments, or look at messages one by one."""
        top = self._at - 1
        if units := self._pass_open(top, pace):
            await pace.spend(units)
            return
        place = self._index.shelf.at(top)
        if place is not None and self._is_of_another_time(place):
            self._at = place.after_seq + 1
        elif place is not None and await self._open(place, pace):
            await pace.spend(self._pass_open(top, pace))  # so that the smallest budget gets on
        elif self._candidates:  # in order: first those that are newer
            await self._check_candidates(pace)
        else:
            await self._look_at_each(top, pace)

    def _pass_open(self, top: int, pace: Pace) -> int:
        """Add the candidates of the open segments from a `seq` back; returns the units of work, 0 if none is open.

        In one go, as far as a slice of work reaches: to wait for each segment would take longer than to look into it.
        """
        tail = self._index.tail.at(top)
        rows = 0
        for segment in [tail] if tail is not None else self._index.shelf.open_from(top, self._opened):
            self._collect(segment)
            rows += _ROWS_TO_BEGIN + self._matching.work
            if len(self._candidates) >= self._most or pace.would_pause(rows // _ROWS_A_UNIT):
                break
        return rows and 1 + rows // _ROWS_A_UNIT

    def _is_of_another_time(self, place: Range) -> bool:
        return place.since >= self._filter.end or place.until < self._filter.first

    async def _open(self, place: Range, pace: Pace) -> bool:
        """Open a segment and some older ones; returns whether it opens."""
        shelf = self._index.shelf
        closed = shelf.closed_up_to(place, self._ahead)
        self._ahead = min(2 * self._ahead, SEGMENTS_OPENED_AT_ONCE)  # a frequent word needs no older ones
        self._opened = await shelf.open(closed)
        await pace.spend(_SEGMENT_UNITS * len(closed))
        return place.up_to_seq in self._opened

    def _collect(self, segment: Segment) -> None:
        """Add the candidates of a segment, as many as are looked at together."""
        upper = self._at
        columns = segment.below(upper)
        found = self._matching.candidates(segment, columns)
        if found:  # in most segments nobody says a rare word, so nothing else has to be known of them
            found = self._filter.among(segment, found)
        for column in newest_first(found):
            if len(self._candidates) >= self._most:
                break
            self._at = segment.seq(column)
            self._candidates.append(_Candidate(segment.channel(column), self._at, segment.sent_at(column)))
        else:
            self._at = segment.after_seq + 1
        self._passed.append((segment, upper))

    async def _check_candidates(self, pace: Pace) -> None:
        found = await self._check([(each.channel, each.seq) for each in self._candidates], pace)
        self.hits += found
        self._candidates = []
        self._most = CANDIDATES_AT_ONCE

    async def _check(self, places: Sequence[tuple[str, int]], pace: Pace | None) -> list[Hit]:
        """The messages at these places that are found, newest first."""
        messages = sorted(self._store.messages.at(places), key=lambda each: -each.seq)
        return await self._found(messages, pace)

    async def _look_at_each(self, top: int, pace: Pace) -> None:
        """Open the messages before the next older segment, some at a time."""
        after = max(self._index.shelf.end_before(top), top - CANDIDATES_AT_ONCE)
        channels = sorted(self._filter.channels)
        messages = sorted(self._store.messages.between(channels, after, top), key=lambda each: -each.seq)
        if not messages:
            newest = self._store.positions.newest_up_to(channels, after)
            after = max([self._index.shelf.end_before(top), *[seq for seq, _ in newest.values()]])
        found = await self._found(messages, pace)
        self.hits += found
        self._at = after + 1
        if messages:
            self._seen_at = min(self._seen_at, messages[-1].sent_at)
        await pace.spend(_STEP_UNITS)

    async def _found(self, messages: Sequence[Message], pace: Pace | None) -> list[Hit]:
        hits = []
        for message, texts in zip(messages, await message_texts(messages, self._keyring), strict=True):
            body = "" if texts is None else str(texts.get("body", ""))
            is_in = texts is not None and self._filter.admits(message, flags_of(texts))
            if texts is not None and is_in and self._matching.finds(normal(body)):
                hits.append(Hit(message, texts))
            if pace is not None:
                await pace.spend(1 + len(body) * self._matching.weight // _LONG_CHARACTERS)
        return hits

    # --- the end of a page ---

    def _is_full(self, limit: int) -> bool:
        return len(self.hits) > limit or sum(hit.message.size_bytes for hit in self.hits) > MAX_PAGE_BYTES

    def _cut(self, limit: int) -> None:
        """Keep what fits on a page, at least one message; the others are found again from `below` on."""
        size = 0
        for kept, hit in enumerate(self.hits):
            size += hit.message.size_bytes
            if kept == limit or (kept and size > MAX_PAGE_BYTES):
                self.hits = self.hits[:kept]
                break
        else:
            return
        self._candidates = []
        self._at = self.hits[-1].message.seq
        self._seen_at, self._passed = self.hits[-1].message.sent_at, []
