"""How much a run measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import cases, growth

STORED = (100, 1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    warm_up_seconds: float
    messages: int  # that come back at the least in a round of each case
    sockets: Sequence[int]
    in_flight: Sequence[int]
    rates: Mapping[int, Sequence[int]]  # messages a second by the number of sockets
    steady: tuple[int, int]  # rounds at each of these rates, and messages in a round
    stored: Sequence[int]
    lane: tuple[int, int]  # people in a private channel, and sockets of its room, each of another person
    storm_sockets: int
    storm_stored: int  # messages in the room that everybody comes back to
    people: int  # who sign in to a large room; further sockets are their second and third devices
    idle_sockets: tuple[int, int]  # numbers of sockets between which memory is compared
    isolate_sockets: Sequence[int]  # numbers of sockets with which the memory of an isolate is looked at
    starts: int  # cold starts of each Worker
    windows: bool  # whether two browser windows are measured
    growth: growth.Sizes  # of rooms whose costs are compared
    asleep_seconds: float  # after which a room that is left alone is out of memory
    profiled_seconds: float  # for which V8 samples what a message takes, in each round; 0 leaves that out
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
    messages=700,
    sockets=cases.SOCKETS,
    in_flight=cases.IN_FLIGHT,
    rates=cases.RATES,
    steady=(2, 1_000),
    stored=STORED,
    lane=(10, 100),
    storm_sockets=500,
    storm_stored=10_000,
    people=501,
    idle_sockets=(250, 1_000),
    isolate_sockets=(1, 100, 1_000, 4_900),
    starts=9,
    windows=True,
    growth={
        growth.SOCKETS: (2, 20, 200, 2_000),
        growth.MEMBERS: (2, 20, 200, 2_000),
        growth.CHANNELS: (1, 5, 50, 500),
        growth.MESSAGES: STORED,
    },
    asleep_seconds=14.0,
    profiled_seconds=4.0,
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
    messages=100,
    sockets=(2, 10, 100),
    in_flight=cases.IN_FLIGHT,
    rates={2: (200,), 10: (200,), 100: (50,)},
    steady=(1, 400),
    stored=(100, 10_000),
    lane=(10, 50),
    storm_sockets=500,
    storm_stored=10_000,
    people=51,
    idle_sockets=(100, 500),
    isolate_sockets=(1, 100),
    starts=1,
    windows=True,
    growth={},
    asleep_seconds=14.0,
    profiled_seconds=2.0,
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
    messages=20,
    sockets=(2,),
    in_flight=(1, 5),
    rates={2: (200,)},
    steady=(1, 40),
    stored=(10, 30),
    lane=(2, 11),
    storm_sockets=10,
    storm_stored=30,
    people=11,
    idle_sockets=(1, 2),
    isolate_sockets=(1,),
    starts=0,
    windows=False,
    growth={growth.CHANNELS: (1, 2)},
    asleep_seconds=0.0,
    profiled_seconds=0.0,
    big_rooms=(10,),
    files=1,
    beside_uploads=20,
    searched=30,
    searches=3,
    beside_searches=10,
)
