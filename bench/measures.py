"""What is measured, and in which order: each measure runs the contenders in turn, A B A B, and keeps every figure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import cases, transfers
from bench.cases import OWN_ROOM, PRIVATE
from bench.contenders import Contender, Snapshot, finder_of, running, running_apart, sealer_of
from bench.figures import Figures, Medians, Results, spread
from bench.growth import Growth
from bench.inspector import free_inspector
from bench.lanes import make_open_channel, make_private_channel
from bench.load.talk import FREQUENT, MISS, RARE, talk
from bench.page import click_to_shown
from bench.parts import ALONE, parts
from bench.plans import Plan
from bench.ratios import messages_per_second
from bench.rows import rows_of_operations
from bench.searches import Searcher, searching, wait_for_segments
from limits import MAX_SOCKETS_PER_MEMBER

Say = Callable[[str], None]

MISSED = 20  # messages posted while everybody is away
IDLE_RATE = 20  # messages a second in an idle room: each is the only one on its way
IDLE_MESSAGES = 100
HALF_LOAD_SECONDS = 3.0
JOINS = 15
IDLE_PEOPLE = 51  # with twenty sockets each
FILL_IN_FLIGHT = 1_000
FILL_SOCKETS = 10
FLOOR_MOST_SOCKETS = 2
LANE_IN_FLIGHT = (1, 20, 100)
WARM_UP = 50  # messages at a steady rate before those that are measured
MOST_A_CASE = 10_000_000  # numbers of messages that are set aside for a measure: more than it can ever send
SEARCHES = ("harbour", "#000000007", "nowhere")  # a frequent word, a rare one, a miss
UPLOADS = 2  # at a time, while messages are sent
WORDS = {"rare": RARE, "frequent": FREQUENT, "miss": MISS}
SEARCHERS = 30  # who search in turn, as each may search ten times at once and then once a second
SEARCHED = "searched"
CROWD = "crowd"


class Numbers:
    """Numbers for messages, never the same twice."""

    def __init__(self) -> None:
        self._next = 1

    def take(self, count: int) -> int:
        """The first of so many new numbers."""
        first = self._next
        self._next += count
        return first


class Bench:
    """One run: the contenders, the plan, the figures."""

    def __init__(self, plan: Plan, chats: Sequence[Contender], floor: Contender, say: Say) -> None:
        self.plan = plan
        self.results = Results()
        self._chats = chats
        self._floor = floor
        self._say = say
        self._numbers = Numbers()

    def traffic(self) -> None:
        """Messages and deliveries a second, closed loop."""
        for sockets in self.plan.sockets:
            for number in range(self.plan.rounds):
                self._say(f"traffic, {sockets} sockets, round {number + 1} of {self.plan.rounds}")
                least = [self._floor, sealer_of(self._floor)] if sockets <= FLOOR_MOST_SOCKETS else []
                for chat in [*self._chats, *least]:
                    self._traffic(chat, sockets, f"traffic-{sockets}-{number}")

    def _traffic(self, chat: Contender, sockets: int, room: str) -> None:
        # Ours keeps its room and so its history; the peer gets a new one, or connecting alone would slow it down.
        place = _own_room(sockets) if chat.name == "ours" else room
        for each in self._closed_loop(chat, place, sockets, self.plan.in_flight):
            self.results.add("traffic", chat.name, cases.closed(sockets, int(each["in_flight"])), each)

    def _closed_loop(
        self, chat: Contender, room: str, sockets: int, in_flight: Sequence[int], times: int = 1, **more: Any
    ) -> Sequence[Figures]:
        """`times` as long as the plan says."""
        figures: Sequence[Figures] = chat.load(
            "traffic",
            room,
            sockets,
            in_flight=in_flight,
            first=self._numbers.take(MOST_A_CASE),
            seconds=self.plan.seconds * times,
            messages=self.plan.messages,
            warm_up_seconds=self.plan.warm_up_seconds,
            **more,
        )
        return figures

    def steady(self) -> None:
        """Round trips at the same rates for every chat, over the messages of all rounds together."""
        rounds, count = self.plan.steady
        for sockets, rates in self.plan.rates.items():
            for rate in rates:
                case = cases.steady(sockets, rate)
                took: dict[str, list[float]] = {chat.name: [] for chat in self._chats}
                for number in range(rounds):
                    self._say(f"{case}, round {number + 1} of {rounds}")
                    for chat in self._chats:
                        took[chat.name] += self._round_trips(chat, f"steady-{sockets}-{rate}", sockets, rate, count)
                for name, times in took.items():
                    self.results.add("steady", name, case, spread(times))

    def _round_trips(self, chat: Contender, room: str, sockets: int, rate: int, count: int) -> Sequence[float]:
        place = _own_room(sockets) if chat.name == "ours" else room
        first = self._numbers.take(MOST_A_CASE)
        took: Sequence[float] = chat.load(
            "round_trips", place, sockets, rate=rate, count=count, warm_up=WARM_UP, first=first
        )
        return took

    def lanes(self) -> None:
        """Deliveries in a private channel whose room has more people, and in a room of so many, in turn.

        Those talk in a channel that one of them made, so that the messages of both are equally long.
        """
        ours = self._chats[0]
        people, sockets = self.plan.lane
        large, small = "lanes", f"lanes-{people}"
        ours.enter(large, sockets)
        private, opened = make_private_channel(ours, large, people), make_open_channel(ours, small, people)
        places: list[tuple[str, str, int, dict[str, Any]]] = [
            (PRIVATE, large, sockets, {"channel": private, "talking": people}),
            (OWN_ROOM, small, people, {"channel": opened}),
        ]
        rounds = 2 * self.plan.rounds  # a few in a hundred are looked for: less than shows in the rounds of `traffic`
        for number in range(rounds):
            self._say(f"a private channel of {people} among {sockets} sockets, round {number + 1} of {rounds}")
            for case, room, size, more in places if number % 2 else reversed(places):
                for each in self._closed_loop(ours, room, size, LANE_IN_FLIGHT, times=2, **more):
                    self.results.add("lane", "ours", f"{case}, {int(each['in_flight'])} in flight", each)

    def latency(self) -> None:
        """Round trips in an idle room of two, and in a room of ten at half of its highest speed."""
        for number in range(self.plan.rounds):
            self._say(f"latency, round {number + 1} of {self.plan.rounds}")
            for chat in [*self._chats, self._floor, sealer_of(self._floor)]:
                self._paced(chat, "idle", 2, IDLE_RATE, IDLE_MESSAGES)
            for chat in self._chats:
                if 10 in self.plan.sockets:
                    rate = messages_per_second(self.results.medians(), chat.name, 10) / 2
                    self._paced(chat, "half load", 10, rate, int(rate * HALF_LOAD_SECONDS))

    def _paced(self, chat: Contender, case: str, sockets: int, rate: float, count: int, room: str = "") -> None:
        place = room or f"paced-{case.replace(' ', '-')}"
        figures = chat.load("paced", place, sockets, rate=rate, count=count, first=self._numbers.take(MOST_A_CASE))
        self.results.add("latency", chat.name, case, figures)

    def joins(self) -> None:
        """From opening a socket to having the newest messages, in rooms with short and long histories."""
        for stored in self.plan.stored:
            for chat in self._chats:
                self._say(f"storing {stored} messages with {chat.name}")
                self._fill(chat, f"stored-{stored}", stored)
        for number in range(self.plan.rounds):
            self._say(f"joining, round {number + 1} of {self.plan.rounds}")
            for stored in self.plan.stored:
                for chat in self._chats:
                    self._join(chat, stored)
            self._join(self._floor, 0)

    def _join(self, chat: Contender, stored: int) -> None:
        figures = chat.load("join", f"stored-{stored}", FILL_SOCKETS, times=JOINS)
        self.results.add("join", chat.name, str(stored), figures)

    def _fill(self, chat: Contender, room: str, count: int, *, words: bool = False) -> int:
        """Post so many messages; returns the number of the first."""
        first = self._numbers.take(count)
        chat.load("fill", room, FILL_SOCKETS, count=count, in_flight=FILL_IN_FLIGHT, first=first, words=words)
        return first

    def storm(self) -> None:
        """Everybody drops and comes back at once."""
        sockets = self.plan.storm_sockets
        for chat in self._chats:
            self._say(f"storing {self.plan.storm_stored} messages with {chat.name}")
            self._fill(chat, CROWD, self.plan.storm_stored)
        for number in range(self.plan.rounds):
            self._say(f"reconnect storm of {sockets} sockets, round {number + 1} of {self.plan.rounds}")
            for chat in self._chats:
                first = self._numbers.take(MISSED)
                figures = chat.load("reconnect", CROWD, sockets + 1, missed=MISSED, first=first)
                self.results.add("reconnect", chat.name, str(sockets), figures)

    def memory(self) -> None:
        """The memory of a socket that only listens."""
        few, many = self.plan.idle_sockets
        for chat in self._chats:
            self._say(f"memory of {many} idle sockets with {chat.name}")
            with running(chat.name, IDLE_PEOPLE) as fresh:  # one that has worked keeps the memory that it needed then
                with fresh.idle(CROWD, few):
                    before = fresh.memory_kb()
                with fresh.idle(CROWD, many):
                    grown = fresh.memory_kb() - before
            self.results.add("memory", chat.name, str(many), {"kb_per_socket": grown / (many - few)})

    def isolate(self) -> None:
        """What the isolate of ours takes in a room with more and more sockets, and in one with many messages."""
        sockets, stored = self.plan.isolate_sockets, max(self.plan.stored)
        with running("ours", 1 + max(sockets) // (MAX_SOCKETS_PER_MEMBER - 1), inspector=free_inspector()) as fresh:
            for count in sockets:
                self._say(f"memory of an isolate, {count} sockets")
                with fresh.idle(CROWD, count):
                    fresh.load("paced", CROWD, 1, rate=10, count=20, first=self._numbers.take(20))
                    self.results.add("isolate", "ours", f"{count} sockets", fresh.isolate_mb())
            self._say("memory of an isolate, after a storm")
            storm = self.plan.storm_sockets
            self._fill(fresh, CROWD, self.plan.storm_stored)
            fresh.load("reconnect", CROWD, storm + 1, missed=MISSED, first=self._numbers.take(MISSED))
            self.results.add("isolate", "ours", f"{storm} sockets that came back at once", fresh.isolate_mb())
        with running("ours", FILL_SOCKETS, inspector=free_inspector()) as fresh:
            self._say(f"memory of an isolate, {stored} messages")
            self._fill(fresh, CROWD, stored)
            self.results.add("isolate", "ours", f"{stored} messages", fresh.isolate_mb())
            with Searcher(fresh, CROWD) as searcher:
                for query in SEARCHES:
                    searcher.search(query)
            self.results.add("isolate", "ours", f"{stored} messages, searched", fresh.isolate_mb())

    def parts(self) -> None:
        """Where the time of one message goes, in ours, in the sealer and in the floor."""
        seconds = self.plan.profiled_seconds
        if not seconds:
            return
        with (
            running("ours", 2, inspector=free_inspector()) as ours,
            running("floor", 2, inspector=free_inspector()) as floor,
        ):
            for number in range(self.plan.rounds):
                self._say(f"parts of a message, round {number + 1} of {self.plan.rounds}")
                for chat in (ours, sealer_of(floor), floor):
                    self.results.add("parts", chat.name, ALONE, parts(chat, seconds, self._numbers.take(MOST_A_CASE)))

    def growth(self) -> None:
        """What a message, joining, waking and a search cost in larger and larger rooms of ours."""
        sizes = self.plan.growth
        if not sizes:
            return
        with running("ours", IDLE_PEOPLE * 3) as fresh:
            rooms = Growth(fresh, sizes, self.plan.asleep_seconds, self._numbers.take, self._say)
            rooms.measure(self.plan.rounds, self.results)

    def big_rooms(self) -> None:
        """Round trips at ten messages a second in larger and larger rooms of ours."""
        ours = self._chats[0]
        for sockets in self.plan.big_rooms:
            self._say(f"a room of {sockets} sockets")
            figures = ours.load("paced", _own_room(sockets), sockets, rate=10, count=50, first=self._numbers.take(50))
            self.results.add("big room", "ours", str(sockets), figures)

    def files(self) -> None:
        """A file of 25 MB to a store and back, for ours and for a plain one."""
        with running("store", 1) as store:
            ours = transfers.ours(self._chats[0].server.url)
            for number in range(self.plan.rounds):
                self._say(f"files, round {number + 1} of {self.plan.rounds}")
                for _ in range(self.plan.files):
                    mine = ours()
                    self.results.add("files", "ours", "25 MB", transfers.megabytes_per_second(mine))
                    transfers.give_up(mine)
                    other = transfers.plain(store.server.url)()
                    self.results.add("files", "store", "25 MB", transfers.megabytes_per_second(other))

    def beside_uploads(self) -> None:
        """Round trips in an idle room, without uploads there and with some."""
        count = self.plan.beside_uploads
        with running_apart(2) as ours:
            people = [transfers.ours(ours.server.url, number) for number in range(1, UPLOADS + 1)]
            transfers.wait_for_store(people[0])
            for number in range(self.plan.rounds):
                self._say(f"messages beside uploads, round {number + 1} of {self.plan.rounds}")
                self._paced(ours, "without uploads", 2, IDLE_RATE, count, transfers.ROOM)
                with transfers.uploading(people):
                    self._paced(ours, "beside uploads", 2, IDLE_RATE, count, transfers.ROOM)

    def searches(self) -> None:
        """Words among many messages, and the same ones by SQLite's own index; then messages while somebody searches."""
        ours, finder = self._chats[0], finder_of(self._floor)
        self._say(f"storing {self.plan.searched} messages to search")
        first = self._fill(ours, SEARCHED, self.plan.searched, words=True)
        with ExitStack() as stack:
            others = stack.enter_context(Searcher(finder, SEARCHED))
            others.store([talk(first + number) for number in range(self.plan.searched)], first)
            self._say("building segments")
            wait_for_segments(ours.server, self.plan.searched)
            people = [
                stack.enter_context(Searcher(ours, SEARCHED, number))
                for number in range(min(SEARCHERS, self.plan.searches))
            ]
            for searcher in (people[0], others):  # opens what is kept open from then on
                searcher.search(MISS)
            for number in range(self.plan.rounds):
                self._say(f"searches, round {number + 1} of {self.plan.rounds}")
                for case, word in WORDS.items():
                    self._search(case, word, people, others)
            for number in range(self.plan.rounds):
                self._say(f"messages beside searches, round {number + 1} of {self.plan.rounds}")
                count = self.plan.beside_searches
                self._paced(ours, "without searches", 2, IDLE_RATE, count, SEARCHED)
                with searching(people[-1], list(WORDS.values())):
                    self._paced(ours, "beside searches", 2, IDLE_RATE, count, SEARCHED)

    def _search(self, case: str, word: str, people: Sequence[Searcher], others: Searcher) -> None:
        ours, theirs = [], []
        for number in range(self.plan.searches):
            took, found = people[number % len(people)].search(word)
            ours.append(took)
            took, same = others.search(word)
            theirs.append(took)
            if len(found) != len(same):  # which are the newest depends on who wrote when
                raise ValueError(f"{word}: {len(found)} messages, the finder has {len(same)}")
        self.results.add("search", "ours", case, spread(ours))
        self.results.add("search", "finder", case, spread(theirs))

    def rows(self) -> None:
        """Rows read and written by each operation."""
        stored = self.plan.storm_stored
        self._say(f"rows of operations, with {stored} messages")
        for operation, counts in rows_of_operations(stored).items():
            self.results.add("rows", "ours", operation, dict(counts))

    def page(self) -> None:
        """From a click to a message on the screen."""
        if not self.plan.windows:
            return
        self._say("two windows in Chromium")
        ours = self._chats[0]
        self.results.add("page", "ours", "click to shown", click_to_shown(ours.server.url, "windows"))

    def cold_starts(self) -> None:
        """From starting workerd to the first answer, of ours and of an empty Python Worker."""
        if not self.plan.starts:
            return
        with ExitStack() as stack:
            self._say("snapshots, as a deploy takes them")
            workers = {
                path: (name, Snapshot.take(name, Path(stack.enter_context(TemporaryDirectory()))))
                for name, path in (("ours", "/api/rooms/main"), ("empty", "/"))
            }
            for number in range(self.plan.starts):
                self._say(f"cold start {number + 1} of {self.plan.starts}")
                for path, (name, snapshot) in workers.items():
                    seconds = snapshot.seconds_to_answer(path)
                    self.results.add("cold start", name, "first answer", {"seconds": seconds})


def _own_room(sockets: int) -> str:
    """Large rooms share one room, as signing hundreds of people in takes longer than measuring them."""
    return CROWD if sockets > 10 else f"room-{sockets}"


MEASURES: Mapping[str, Callable[[Bench], None]] = {
    "traffic": Bench.traffic,
    "steady": Bench.steady,
    "lanes": Bench.lanes,
    "latency": Bench.latency,
    "joins": Bench.joins,
    "storm": Bench.storm,
    "memory": Bench.memory,
    "isolate": Bench.isolate,
    "parts": Bench.parts,
    "growth": Bench.growth,
    "big-rooms": Bench.big_rooms,
    "files": Bench.files,
    "uploads": Bench.beside_uploads,
    "searches": Bench.searches,
    "rows": Bench.rows,
    "page": Bench.page,
    "cold-starts": Bench.cold_starts,
}
"""All measures, in the order in which they run."""


def run(bench: Bench, names: Collection[str]) -> Medians:
    """Run some measures, in their order."""
    for name, measure in MEASURES.items():
        if name in names:
            measure(bench)
    return bench.results.medians()
