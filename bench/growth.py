"""How the cost of what people do grows with their room: with its sockets, members, channels and stored messages.

For each of the four there are rooms of several sizes, which are small in everything else. In each of them a message is
sent and comes back, somebody joins, somebody joins a room that sleeps, and a word that nobody said is searched: for
that, everything has to be looked through.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from bench.contenders import Contender
from bench.figures import Figures, Results
from bench.lanes import make_open_channels
from bench.load.talk import MISS
from bench.searches import Searcher, wait_for_segments

SOCKETS, MEMBERS, CHANNELS, MESSAGES = "sockets", "members", "channels", "stored messages"
ACTS = {
    "message_ms": "a message",
    "join_ms": "joining",
    "waking_ms": "joining a room that sleeps",
    "search_ms": "a search",
}
Sizes = Mapping[str, Sequence[int]]
"""By what grows."""
_FEW, _PEOPLE, _STORED = 2, 10, 100
_RATE, _COUNT, _JOINS, _SEARCHES = 20, 40, 10, 5


class Growth:
    """Rooms of ours that differ in one size each."""

    def __init__(
        self,
        ours: Contender,
        sizes: Sizes,
        asleep_seconds: float,
        take: Callable[[int], int],
        say: Callable[[str], None],
    ) -> None:
        """Rooms of some sizes.

        Args:
            asleep_seconds: after which the object of a room is out of memory.
            take: the first of so many new numbers for messages.
        """
        self._asleep_seconds = asleep_seconds
        self._ours = ours
        self._places = [(grows, size) for grows, each in sizes.items() for size in each]
        self._take = take
        self._say = say

    def measure(self, rounds: int, results: Results) -> None:
        """Make the rooms, and add the median of the rounds for each of them."""
        for place in self._places:
            self._say(f"a room of {_named(*place)}")
            self._make(*place)
        found: dict[tuple[str, int], list[Figures]] = {place: [] for place in self._places}
        for number in range(rounds):
            self._say(f"growth, round {number + 1} of {rounds}")
            for place in self._places:
                found[place].append(self._awake(*place))
            for place, waking in self._asleep():
                found[place][-1] |= waking
        for place, each in found.items():
            medians = {act: statistics.median(figures[act] for figures in each) for act in ACTS}
            results.add("growth", self._ours.name, _named(*place), medians)

    def _make(self, grows: str, size: int) -> None:
        room = _room(grows, size)
        stored = size if grows == MESSAGES else _STORED
        first = self._take(stored)
        self._ours.load("fill", room, _PEOPLE, count=stored, in_flight=min(stored, 1_000), first=first, words=True)
        if grows == MEMBERS:
            replace(self._ours, most_people=size).enter(room, size)
        if grows == CHANNELS:
            make_open_channels(self._ours, room, size)
        if grows == MESSAGES:
            wait_for_segments(self._ours.server, stored)

    def _awake(self, grows: str, size: int) -> Figures:
        room, ours = _room(grows, size), self._ours
        with self._listening(grows, size):
            message = ours.load("paced", room, _FEW, rate=_RATE, count=_COUNT, first=self._take(10 * _COUNT))
            joined = ours.load("join", room, _PEOPLE, times=_JOINS)
            with Searcher(ours, room) as searcher:
                searcher.search(MISS)  # opens what is kept open from then on
                searched = statistics.median(searcher.search(MISS)[0] for _ in range(_SEARCHES))
        return {"message_ms": message["p50_ms"], "join_ms": joined["join_ms"], "search_ms": searched}

    def _asleep(self) -> Iterator[tuple[tuple[str, int], Figures]]:
        """What it takes to join each room after all of them were left alone."""
        with ExitStack() as stack:
            for place in self._places:
                stack.enter_context(self._listening(*place))
            time.sleep(self._asleep_seconds)
            for place in self._places:
                yield place, {"waking_ms": self._ours.load("wake", _room(*place), 1)["join_ms"]}

    @contextmanager
    def _listening(self, grows: str, size: int) -> Iterator[None]:
        """The sockets of a room that has many; they only listen."""
        with ExitStack() as stack:
            if grows == SOCKETS and size > _FEW:
                stack.enter_context(self._ours.idle(_room(grows, size), size - _FEW))
            yield


def _room(grows: str, size: int) -> str:
    return f"grown-{grows.split()[-1]}-{size}"


def _named(grows: str, size: int) -> str:
    return f"{size:,} {grows}"


def lines(growth: Mapping[str, Figures]) -> dict[str, list[tuple[float, float]]]:
    """For each act and each size that grows: by how many times its cost has grown where the size has so many times."""
    found: dict[str, list[tuple[float, float]]] = {}
    first: dict[str, tuple[int, Figures]] = {}
    for case, figures in growth.items():
        count, _, grows = case.partition(" ")
        size = int(count.replace(",", ""))
        smallest, least = first.setdefault(grows, (size, figures))
        for act, name in ACTS.items():
            found.setdefault(f"{name}, {grows}", []).append((size / smallest, figures[act] / least[act]))
    return found
