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
_STEP_UNITS = 1  # to look into one that is open
_ROWS_A_UNIT = 64  # of a segment that are combined
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
        self._seen_at = limits.end  # the oldest time of those
        self.hits: list[Hit] = []

    @property
    def below(self) -> int:
        """Everything with a `seq` from here on was looked at."""
        return self._candidates[0].seq + 1 if self._candidates else self._at

    @property
    def back_to(self) -> int:
        """About when the oldest message was sent that was looked at, of those that the search is about."""
        return self._candidates[0].sent_at if self._candidates else self._seen_at

    @property
    def is_over(self) -> bool:
        """Whether everything was looked at."""
        return self._at <= 1 and not self._candidates

    async def run(self, limit: int, pace: Pace) -> bool:
        """Look for so many messages; returns whether it found them, or everything, before the budget was used up."""
        self._index.shelf.ranges()
        while not self.is_over and not self._is_full(limit):
            if pace.is_spent:
                return False
            await self._step(limit, pace)
        if self._is_full(limit):
            self._cut(limit)
        return True

    async def check_again(self) -> None:
        """Look again at the messages that were found, as they may have changed."""
        self.hits = await self._check([(hit.message.channel, hit.message.seq) for hit in self.hits], None)

    # --- steps ---

    async def _step(self, limit: int, pace: Pace) -> None:
        if self._at > 1 and len(self._candidates) < CANDIDATES_AT_ONCE:
            await self._look_back(limit, pace)
        else:
            await self._check_candidates(pace)

    async def _look_back(self, limit: int, pace: Pace) -> None:
        """Look into the next older part: add its candidates, or look at its messages one by one."""
        top = self._at - 1
        segment = self._index.tail.at(top)
        place = self._index.shelf.at(top) if segment is None else None
        if place is not None:
            if not (place.since < self._filter.end and self._filter.first <= place.until):
                self._at = place.after_seq + 1
                return
            segment = await self._opened(place, pace)
        if segment is not None:
            self._collect(segment)
            await pace.spend(_STEP_UNITS + self._matching.work // _ROWS_A_UNIT)
        elif self._candidates:  # in order: first those that are newer
            await self._check_candidates(pace)
        else:
            await self._look_at_each(top, pace)

    async def _opened(self, place: Range, pace: Pace) -> Segment | None:
        shelf = self._index.shelf
        segment = shelf.opened(place)
        if segment is None:
            closed = shelf.closed_up_to(place, self._ahead)
            self._ahead = min(2 * self._ahead, SEGMENTS_OPENED_AT_ONCE)  # a frequent word needs no older ones
            found = await shelf.open(closed)
            segment = found.get(place.up_to_seq)
            await pace.spend(_SEGMENT_UNITS * len(closed))
        return segment

    def _collect(self, segment: Segment) -> None:
        """Add the candidates of a segment, as many as are looked at together."""
        columns = self._filter.columns(segment) & segment.below(self._at)
        found = self._matching.candidates(segment, columns)
        for column in newest_first(found):
            if len(self._candidates) >= CANDIDATES_AT_ONCE:
                break
            self._at = segment.seq(column)
            self._candidates.append(_Candidate(segment.channel(column), self._at, segment.sent_at(column)))
        else:
            self._at = segment.after_seq + 1
        seen = columns & ~segment.below(self._at)
        if seen:
            self._note_seen(segment.sent_at((seen & -seen).bit_length() - 1))

    async def _check_candidates(self, pace: Pace) -> None:
        found = await self._check([(each.channel, each.seq) for each in self._candidates], pace)
        self.hits += found
        self._candidates = []

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
            self._note_seen(messages[-1].sent_at)
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

    def _note_seen(self, sent_at: int) -> None:
        self._seen_at = min(self._seen_at, sent_at)

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
        self._seen_at = self.hits[-1].message.sent_at
