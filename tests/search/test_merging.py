"""search/merging.py: of all strands the one goes on in which the newest message may be."""

from dataclasses import dataclass, field
from typing import cast

from limits import MAX_PAGE_BYTES
from search.merging import Strand, merge
from search.pace import Pace
from search.walk import Walk


@dataclass
class Said:
    """A message that a walk finds."""

    seq: int
    sent_at: int
    size_bytes: int = 1


@dataclass
class Found:
    message: Said


@dataclass
class FakeWalk:
    """A walk over messages, newest first, that finds two at a time."""

    left: list[Said]
    hits: list[Found] = field(default_factory=list)
    back_to: int = 10**6
    below: int = 10**6
    runs: int = 0

    @property
    def is_over(self) -> bool:
        return not self.left

    async def run(self, limit: int, pace: Pace) -> bool:
        self.runs += 1
        await pace.spend(1)
        for _ in range(min(2, limit - len(self.hits), len(self.left))):
            said = self.left.pop(0)
            self.hits.append(Found(said))
            self.back_to, self.below = said.sent_at, said.seq
        return not pace.is_spent


async def no_pause() -> None:
    pass


class Room:
    """Strands by their lanes, each with the times of its messages."""

    def __init__(self, **times: list[int]) -> None:
        self.walks = {
            lane: FakeWalk([Said(seq, at) for seq, at in zip(range(len(said), 0, -1), said, strict=True)])
            for lane, said in times.items()
        }
        self.strands = [Strand(lane, len(said) + 1, max(said, default=0)) for lane, said in times.items()]

    async def page(self, limit: int, *, budget: int = 10**6) -> tuple[list[int], bool]:
        """The times of a page, newest first, and whether it is all that the search is."""

        async def begin(strand: Strand) -> Walk:
            return cast(Walk, self.walks[strand.lane])

        complete = await merge(self.strands, limit, begin, Pace(no_pause, budget=budget))
        found = [hit.message.sent_at for walk in self.walks.values() for hit in walk.hits]
        return sorted(found, reverse=True), complete


async def test_the_newest_of_all_are_on_the_page_and_the_rest_is_left() -> None:
    room = Room(a=[90, 50, 10], b=[80, 70, 60], c=[5])
    assert await room.page(4) == ([90, 80, 70, 60], True)
    a, b, c = room.strands
    assert (a.below, a.newest_at, b.below) == (3, 50, 0)
    assert (c.is_begun, c.below, room.walks["c"].runs) == (False, 2, 0), "nothing in it is new enough to look at"


async def test_everything_fits_on_a_page() -> None:
    room = Room(a=[9, 7], b=[8], c=[])
    assert await room.page(10) == ([9, 8, 7], True)
    assert [strand.below for strand in room.strands] == [0, 0, 0]


async def test_what_was_found_before_the_budget_was_used_up_is_shown_as_far_as_it_is_the_newest() -> None:
    room = Room(a=[90, 50, 10], b=[80, 70])
    assert await room.page(9, budget=1) == ([90], False)
    a, b = room.strands
    assert (a.below, a.newest_at, b.below, b.is_begun) == (3, 50, 3, False)
    assert await Room(a=[90, 85], b=[80]).page(9, budget=1) == ([90, 85], False)


async def test_a_page_ends_when_its_texts_take_too_much() -> None:
    room = Room(a=[9, 7], b=[8])
    for walk in room.walks.values():
        walk.left = [Said(each.seq, each.sent_at, MAX_PAGE_BYTES) for each in walk.left]
    assert await room.page(9) == ([9], True)
    assert [strand.below for strand in room.strands] == [2, 2]
