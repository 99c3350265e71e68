"""A search through the open channels and lanes at once: the newest message first, wherever it was said.

Each of them is a strand that is looked at from its newest message back. Of all strands the one goes on in which the
newest message may be that is not on the page yet.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from limits import MAX_PAGE_BYTES
from search.cursor import OVER
from search.pace import Pace
from search.walk import Walk

Begin = Callable[["Strand"], Awaitable[Walk]]
"""Makes the walk of a strand, once that is needed."""


@dataclass(slots=True)
class Strand:
    """The open channels or a lane, as far as a search has come there."""

    lane: str
    below: int
    newest_at: int
    """What is left there was said before this moment, or at it; about, as a clock may have been set back."""
    is_begun: bool = False
    """Whether this page or one before it has looked in here."""
    walk: Walk | None = None
    given: int = 0
    """So many of the walk's hits are on the page."""

    @property
    def is_over(self) -> bool:
        """Whether everything was looked at and is on a page."""
        walk = self.walk
        return walk is not None and walk.is_over and self.given == len(walk.hits)

    @property
    def _has_more(self) -> bool:
        return self.walk is not None and self.given < len(self.walk.hits)

    def look(self) -> None:
        """Note when the newest message was sent that is left."""
        assert self.walk is not None
        reached = self.walk.hits[self.given].message.sent_at if self._has_more else self.walk.back_to
        self.newest_at = min(self.newest_at, reached)

    def end_page(self) -> None:
        """Keep what is on the page, and note where the next one goes on."""
        walk = self.walk
        if walk is None:
            return
        if self.is_over:
            self.below, self.newest_at = OVER
        else:
            self.below = walk.hits[self.given].message.seq + 1 if self._has_more else walk.below
        walk.hits = walk.hits[: self.given]


async def merge(strands: Collection[Strand], limit: int, begin: Begin, pace: Pace) -> bool:
    """Fill a page; returns whether it is full, or everything was looked at, before the budget was used up."""
    left = [strand for strand in strands if strand.below > 0]
    count = size = 0
    is_complete = True
    while left and count < limit:
        strand = min(left, key=lambda each: (-each.newest_at, each.lane))
        walk = strand.walk
        if walk is not None and strand.given < len(walk.hits):
            size += walk.hits[strand.given].message.size_bytes
            if count and size > MAX_PAGE_BYTES:
                break
            count, strand.given = count + 1, strand.given + 1
            strand.look()
        elif not is_complete or (walk is None and pace.is_spent):
            is_complete = False
            break
        elif walk is None:
            strand.walk, strand.is_begun = await begin(strand), True
        else:
            is_complete = await walk.run(len(walk.hits) + limit - count, pace)
            strand.look()
        if strand.is_over:
            left.remove(strand)
    for strand in strands:
        strand.end_page()
    return is_complete
