"""What the measures of one run share: the contenders, the plan, the figures."""

from collections.abc import Callable, Sequence

from bench.contenders import Contender, beside
from bench.figures import Results
from bench.plans import Plan

Say = Callable[[str], None]

FILL_IN_FLIGHT = 1_000
FILL_SOCKETS = 10
FLOOR_MOST_SOCKETS = 2
MOST_A_CASE = 10_000_000  # numbers of messages that are set aside for a measure: more than it can ever send
CROWD = "crowd"
"""The room that all large crowds share, as signing hundreds of people in takes longer than measuring them."""


class Bench:
    """One run."""

    def __init__(self, plan: Plan, chats: Sequence[Contender], floor: Contender, say: Say) -> None:
        self.plan = plan
        self.results = Results()
        self.chats = chats
        self.floor = floor
        self.say = say
        self._next = 1  # message

    def take(self, count: int = MOST_A_CASE) -> int:
        """The first of so many new numbers for messages, never the same twice."""
        first = self._next
        self._next += count
        return first

    def least(self, sockets: int, names: Sequence[str]) -> list[Contender]:
        """The floor's objects with these names, which are measured with a few sockets only."""
        return [beside(self.floor, name) for name in names] if sockets <= FLOOR_MOST_SOCKETS else []

    def paced(self, chat: Contender, case: str, sockets: int, rate: float, count: int, room: str = "") -> None:
        """Measure so many round trips at a rate, as a case of `latency`."""
        place = room or f"paced-{case.replace(' ', '-')}"
        figures = chat.load("paced", place, sockets, rate=rate, count=count, first=self.take())
        self.results.add("latency", chat.name, case, figures)

    def fill(self, chat: Contender, room: str, count: int, *, words: bool = False) -> int:
        """Post so many messages; returns the number of the first."""
        first = self.take(count)
        chat.load("fill", room, FILL_SOCKETS, count=count, in_flight=FILL_IN_FLIGHT, first=first, words=words)
        return first


def own_room(sockets: int) -> str:
    """The room of ours for so many sockets."""
    return CROWD if sockets > 10 else f"room-{sockets}"
