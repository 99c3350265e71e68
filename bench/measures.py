"""What is measured, and in which order: each measure runs the contenders in turn, A B A B, and keeps every figure."""

import statistics
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import transfers
from bench.contenders import Contender, Snapshot, finder_of, running, running_apart, sealer_of
from bench.isolate import free_inspector
from bench.lanes import make_open_channel, make_private_channel
from bench.load.talk import FREQUENT, MISS, RARE, talk
from bench.page import click_to_shown
from bench.rows import rows_of_operations
from bench.searches import Searcher, searching, spread, wait_for_segments
from limits import MAX_SOCKETS_PER_MEMBER

Figures = dict[str, float]
Medians = Mapping[str, Mapping[str, Mapping[str, Figures]]]
"""One figure for each, by measure, contender and case."""
Say = Callable[[str], None]

SOCKETS = (2, 10, 100, 500)
IN_FLIGHT = (1, 20, 100)
STORED = (100, 1_000, 10_000, 100_000)
MISSED = 20  # messages posted while everybody is away
IDLE_RATE = 20  # messages a second in an idle room: each is the only one on its way
IDLE_MESSAGES = 100
HALF_LOAD_SECONDS = 3.0
JOINS = 15
IDLE_PEOPLE = 51  # with twenty sockets each
FILL_IN_FLIGHT = 1_000
FILL_SOCKETS = 10
FLOOR_MOST_SOCKETS = 2
SEARCHES = ("harbour", "#000000007", "nowhere")  # a frequent word, a rare one, a miss
UPLOADS = 2  # at a time, while messages are sent
WORDS = {"rare": RARE, "frequent": FREQUENT, "miss": MISS}
SEARCHERS = 30  # who search in turn, as each may search ten times at once and then once a second
SEARCHED = "searched"
CROWD = "crowd"
PRIVATE, OWN_ROOM = "a private channel", "a room of its own"


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    warm_up_seconds: float
    sockets: Sequence[int]
    stored: Sequence[int]
    lane: tuple[int, int]  # people in a private channel, and sockets of its room, each of another person
    storm_sockets: int
    storm_stored: int  # messages in the room that everybody comes back to
    people: int  # who sign in to a large room; further sockets are their second and third devices
    idle_sockets: tuple[int, int]  # numbers of sockets between which memory is compared
    isolate_sockets: Sequence[int]  # numbers of sockets with which the memory of an isolate is looked at
    starts: int  # cold starts of each Worker
    windows: bool  # whether two browser windows are measured
    big_rooms: Sequence[int]  # numbers of sockets for which latency under a steady load is measured
    files: int  # that are stored and fetched in a round; 0 leaves files out
    beside_uploads: int  # messages that are sent while others upload, and as many without that
    searched: int  # messages among which words are searched
    searches: int  # of each word in a round
    beside_searches: int  # messages that are sent while somebody searches, and as many without that


FULL = Plan(
    rounds=3,
    seconds=1.2,
    warm_up_seconds=0.4,
    sockets=SOCKETS,
    stored=STORED,
    lane=(10, 100),
    storm_sockets=500,
    storm_stored=10_000,
    people=501,
    idle_sockets=(250, 1_000),
    isolate_sockets=(1, 100, 1_000, 4_000),
    starts=9,
    windows=True,
    big_rooms=(10, 100, 500, 1_000, 2_000),
    files=3,
    beside_uploads=400,
    searched=100_000,
    searches=100,
    beside_searches=200,
)
QUICK = Plan(
    rounds=1,
    seconds=0.6,
    warm_up_seconds=0.2,
    sockets=(2, 10, 100),
    stored=(100, 10_000),
    lane=(10, 50),
    storm_sockets=500,
    storm_stored=10_000,
    people=51,
    idle_sockets=(100, 500),
    isolate_sockets=(1, 100),
    starts=1,
    windows=True,
    big_rooms=(),
    files=1,
    beside_uploads=100,
    searched=10_000,
    searches=30,
    beside_searches=100,
)
SMOKE = Plan(
    rounds=1,
    seconds=0.6,
    warm_up_seconds=0.1,
    sockets=(2,),
    stored=(10, 30),
    lane=(2, 11),
    storm_sockets=10,
    storm_stored=30,
    people=11,
    idle_sockets=(1, 2),
    isolate_sockets=(1,),
    starts=0,
    windows=False,
    big_rooms=(10,),
    files=1,
    beside_uploads=20,
    searched=30,
    searches=3,
    beside_searches=10,
)


@dataclass
class Results:
    """Every figure by measure, contender and case; `median` reduces them to one each."""

    raw: dict[str, dict[str, dict[str, list[Figures]]]] = field(default_factory=dict)

    def add(self, measure: str, contender: str, case: str, figures: Figures) -> None:
        """Keep the figures of one round."""
        self.raw.setdefault(measure, {}).setdefault(contender, {}).setdefault(case, []).append(figures)

    def cases(self, measure: str, contender: str) -> list[str]:
        """The measured cases, in order."""
        return list(self.raw.get(measure, {}).get(contender, {}))

    def median(self, measure: str, contender: str, case: str, figure: str) -> float:
        """The median over the rounds."""
        return statistics.median(figures[figure] for figures in self.raw[measure][contender][case])

    def medians(self) -> Medians:
        """Everything, reduced to one figure each."""
        return {
            measure: {
                contender: {
                    case: {figure: self.median(measure, contender, case, figure) for figure in rounds[0]}
                    for case, rounds in cases.items()
                }
                for contender, cases in contenders.items()
            }
            for measure, contenders in self.raw.items()
        }


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
                echo = [self._floor] if sockets <= FLOOR_MOST_SOCKETS else []
                for chat in [*self._chats, *echo]:
                    self._traffic(chat, sockets, f"traffic-{sockets}-{number}")

    def _traffic(self, chat: Contender, sockets: int, room: str) -> None:
        # Ours keeps its room and so its history; the peer gets a new one, or connecting alone would slow it down.
        place = _own_room(sockets) if chat.name == "ours" else room
        for each in self._closed_loop(chat, place, sockets):
            self.results.add("traffic", chat.name, _case(sockets, int(each["in_flight"])), each)

    def _closed_loop(self, chat: Contender, room: str, sockets: int, times: int = 1, **more: Any) -> Sequence[Figures]:
        """`times` as long as the plan says."""
        seconds, warm_up_seconds = self.plan.seconds * times, self.plan.warm_up_seconds
        first = self._numbers.take(int((seconds + warm_up_seconds) * 100_000))
        lasting = {"seconds": seconds, "warm_up_seconds": warm_up_seconds}
        figures: Sequence[Figures] = chat.load(
            "traffic", room, sockets, in_flight=IN_FLIGHT, first=first, **lasting, **more
        )
        return figures

    def lanes(self) -> None:
        """Deliveries in a private channel whose room has more people, and in a room of so many, in turn.

        Those talk in a channel that one of them made, so that the messages of both are equally long.
        """
        ours = self._chats[0]
        people, sockets = self.plan.lane
        large, small = "lanes", f"lanes-{people}"
        ours.enter(large, sockets)
        private, opened = make_private_channel(ours, large, people), make_open_channel(ours, small, people)
        cases: list[tuple[str, str, int, dict[str, Any]]] = [
            (PRIVATE, large, sockets, {"channel": private, "talking": people}),
            (OWN_ROOM, small, people, {"channel": opened}),
        ]
        rounds = 2 * self.plan.rounds  # a few in a hundred are looked for: less than shows in the rounds of `traffic`
        for number in range(rounds):
            self._say(f"a private channel of {people} among {sockets} sockets, round {number + 1} of {rounds}")
            for case, room, size, more in cases if number % 2 else reversed(cases):
                for each in self._closed_loop(ours, room, size, times=2, **more):
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
        figures = chat.load("paced", place, sockets, rate=rate, count=count, first=self._numbers.take(count))
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
        with running("ours", FILL_SOCKETS, inspector=free_inspector()) as fresh:
            self._say(f"memory of an isolate, {stored} messages")
            self._fill(fresh, CROWD, stored)
            self.results.add("isolate", "ours", f"{stored} messages", fresh.isolate_mb())
            with Searcher(fresh, CROWD) as searcher:
                for query in SEARCHES:
                    searcher.search(query)
            self.results.add("isolate", "ours", f"{stored} messages, searched", fresh.isolate_mb())

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


def _case(sockets: int, in_flight: int) -> str:
    return f"{sockets} sockets, {in_flight} in flight"


def ratios(medians: Medians) -> dict[str, float]:
    """Ours over the peer's, of what was measured; above 1 means faster, except where a comment says otherwise."""
    found: dict[str, float] = {}
    if "traffic" in medians:
        for sockets in _sockets_of(medians):
            ours, peer = (deliveries_per_second(medians, name, sockets) for name in ("ours", "peer"))
            found[f"deliveries_{sockets}"] = ours / peer
    if "join" in medians:
        found |= _joins(medians["join"])
    for case in medians.get("reconnect", {}).get("ours", {}):
        found[f"reconnect_{case}"] = 1 / _our_time_over(medians["reconnect"], "peer", case, "seconds")
    if "lane" in medians:
        found |= _lane(medians["lane"]["ours"])
    latency = medians.get("latency", {})
    if "idle" in latency.get("ours", {}):
        found["idle_p50"] = _our_time_over(latency, "peer", "idle", "p50_ms")
        found["idle_sealer"] = _our_time_over(latency, "sealer", "idle", "p50_ms")
    if "traffic" in medians:
        found["floor_2"] = messages_per_second(medians, "ours", 2) / messages_per_second(medians, "floor", 2)
    for way in ("up", "down"):  # our speed over that of a plain store
        if "files" in medians:
            ours, store = (medians["files"][name]["25 MB"][way] for name in ("ours", "store"))
            found[f"files_{way}"] = ours / store
    if "beside uploads" in latency.get("ours", {}):
        found["uploads_p99"] = _beside(latency["ours"], "uploads")
    for case in medians.get("search", {}).get("ours", {}):  # below 1 means faster than SQLite's own index
        found[f"search_{case}"] = _our_time_over(medians["search"], "finder", case, "p50_ms")
    if "beside searches" in latency.get("ours", {}):
        found["search_posting_p99"] = _beside(latency["ours"], "searches")
    if "cold start" in medians:
        found["cold_start"] = _our_time_over(medians["cold start"], "empty", "first answer", "seconds")
    return found


def _beside(ours: Mapping[str, Figures], what: str) -> float:
    """Our time of 99 % of round trips beside something, over that without it."""
    return ours[f"beside {what}"]["p99_ms"] / ours[f"without {what}"]["p99_ms"]


def _joins(join: Mapping[str, Mapping[str, Figures]]) -> dict[str, float]:
    found = {}
    if "10000" in join["ours"]:
        found["join_10000"] = 1 / _our_time_over(join, "peer", "10000", "join_ms")
    longest, shortest = (join["ours"][str(choose(map(int, join["ours"])))]["join_ms"] for choose in (max, min))
    found["join_flat"] = longest / shortest  # our time with the longest history over that with the shortest
    found["join_floor"] = shortest / join["floor"]["0"]["join_ms"]  # our time over the floor's
    return found


def _lane(cases: Mapping[str, Figures]) -> dict[str, float]:
    """Deliveries a second of so many people in a private channel, over those of a room that has nobody else."""
    private, room = (
        max(each["deliveries_per_second"] for case, each in cases.items() if case.startswith(f"{place},"))
        for place in (PRIVATE, OWN_ROOM)
    )
    people = max(each["sockets"] for each in cases.values())
    return {f"lane_{people:.0f}": private / room}


def _our_time_over(measured: Mapping[str, Mapping[str, Figures]], other: str, case: str, figure: str) -> float:
    """Our time over another's; a ratio below 1 means faster."""
    return measured["ours"][case][figure] / measured[other][case][figure]


def _sockets_of(medians: Medians) -> list[int]:
    return sorted({int(case.partition(" ")[0]) for case in medians["traffic"]["ours"]})


def messages_per_second(medians: Medians, chat: str, sockets: int) -> float:
    """The most messages a second that a chat reached with this number of sockets, at the load that suits it best."""
    return _best(medians, chat, sockets, "messages_per_second")


def deliveries_per_second(medians: Medians, chat: str, sockets: int) -> float:
    """The same in deliveries: each message counts once for every socket that gets it."""
    return _best(medians, chat, sockets, "deliveries_per_second")


def _best(medians: Medians, chat: str, sockets: int, figure: str) -> float:
    return max(medians["traffic"][chat][_case(sockets, in_flight)][figure] for in_flight in IN_FLIGHT)


MEASURES: Mapping[str, Callable[[Bench], None]] = {
    "traffic": Bench.traffic,
    "lanes": Bench.lanes,
    "latency": Bench.latency,
    "joins": Bench.joins,
    "storm": Bench.storm,
    "memory": Bench.memory,
    "isolate": Bench.isolate,
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
