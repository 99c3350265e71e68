"""Building segments: from messages that are in none, in steps, while others get in.

A segment is complete with SEGMENT_MESSAGES messages, when the next message was sent more than SEGMENT_SPAN_MS after its
first one, or when that time is over. It is stored with one row; what changes while it is built makes it be built again.
"""

import asyncio

from limits import BUILD_SLICE_UNITS, BUILD_STEP_SEQS, SEGMENT_MESSAGES, SEGMENT_SPAN_MS
from sealing.keyring import Keyring
from search.draft import Draft
from search.pace import Pace, Pause
from search.scope import Scope
from search.shelf import Shelf
from search.tail import opened
from search.watch import Watches
from storage.store import Store

Gap = tuple[int, int]
"""The messages after one `seq` and up to another."""


class Building:
    """Builds the segments of one scope."""

    def __init__(self, store: Store, keyring: Keyring, scope: Scope, shelf: Shelf, watches: Watches) -> None:
        self._store = store
        self._keyring = keyring
        self._scope = scope
        self._shelf = shelf
        self._watches = watches
        self._empty: set[Gap] = set()  # gaps between segments where no message is stored, and none will ever be
        self._turn = asyncio.Lock()

    async def build(self, most: int, pause: Pause, *, now_ms: int) -> bool:
        """Build up to so many segments, the newest first; returns whether there may be more to build."""
        async with self._turn:
            self._shelf.reload()
            pace = Pace(pause, slice_units=BUILD_SLICE_UNITS)
            for _ in range(most):
                if not await self._build_next(pace, now_ms):
                    return False
            return True

    async def _build_next(self, pace: Pace, now_ms: int) -> bool:
        for gap in self._gaps():
            is_tail = gap[1] == self._scope.seq
            if gap in self._empty or (is_tail and not self._is_due(gap, now_ms)):
                continue
            if await self._fill(gap, pace, now_ms, is_tail=is_tail):
                return True
        return False

    def _gaps(self) -> list[Gap]:
        """The ranges that no segment has, newest first."""
        gaps = []
        end = self._scope.seq
        for place in reversed(self._shelf.ranges()):
            if place.up_to_seq < end:
                gaps.append((place.up_to_seq, end))
            end = min(end, place.after_seq)
        return [*gaps, (0, end)] if end else gaps

    def _is_due(self, gap: Gap, now_ms: int) -> bool:
        """Whether the newest messages are a segment, by their number or by their age; opens none of them."""
        if self._scope.count_after(gap[0]) >= SEGMENT_MESSAGES:
            return True
        first = self._store.positions.oldest_after(self._scope.ids(), gap[0])
        return first is not None and first.sent_at + SEGMENT_SPAN_MS < now_ms

    async def _fill(self, gap: Gap, pace: Pace, now_ms: int, *, is_tail: bool) -> bool:
        """Build the first segment of a gap; returns whether it was stored, or has to be built again."""
        if self._first(gap) is None:
            self._empty |= set() if is_tail else {gap}
            return False
        with self._watches.watching() as watch:
            draft = await self._drafted(gap, pace)
            if not draft.is_complete:
                draft.end_at(gap[1])
            segment, place = await draft.segment(pace), draft.place
            header = self._scope.segments.header(place)
            (sealed,) = await self._keyring.seal([(segment.encoded(), header)], now_ms=now_ms)
            if not watch.has_seen_any(*gap):
                self._shelf.add(place, segment, sealed)
        return True

    async def _drafted(self, gap: Gap, pace: Pace) -> Draft:
        """The first messages of a gap, as many as one segment takes."""
        draft = Draft(gap[0])
        at = gap[0]
        while at < gap[1]:
            end = min(at + BUILD_STEP_SEQS, gap[1])
            messages = self._store.messages.between(self._scope.ids(), at, end)
            for entry in await opened(messages, self._keyring):
                if not draft.take(entry):
                    return draft
            await pace.spend(len(messages) + 1)
            at = end if messages else self._scope.before_next(end, gap[1])
        return draft

    def _first(self, gap: Gap) -> int | None:
        first = self._store.positions.oldest_after(self._scope.ids(), gap[0])
        return first.seq if first is not None and first.seq <= gap[1] else None
