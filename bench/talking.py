"""Messages: how many a second, and how long each takes."""

from collections.abc import Sequence
from typing import Any

from bench import cases
from bench.cases import OWN_ROOM, PRIVATE
from bench.contenders import Contender, beside
from bench.figures import Figures, spread
from bench.lanes import make_open_channel, make_private_channel
from bench.ratios import messages_per_second
from bench.runs import Bench, own_room

IDLE_RATE = 20  # messages a second in an idle room: each is the only one on its way
IDLE_MESSAGES = 100
HALF_LOAD_SECONDS = 3.0
LANE_IN_FLIGHT = (1, 20, 100)
WARM_UP = 50  # messages at a steady rate before those that are measured
LEAST_IN_LOOPS = ("sealer", "teller", "batcher", "floor")
LEAST_AT_RATES = ("teller",)


def traffic(bench: Bench) -> None:
    """Messages and deliveries a second, closed loop."""
    for sockets in bench.plan.sockets:
        for number in range(bench.plan.rounds):
            bench.say(f"traffic, {sockets} sockets, round {number + 1} of {bench.plan.rounds}")
            for chat in [*bench.chats, *bench.least(sockets, LEAST_IN_LOOPS)]:
                _traffic(bench, chat, sockets, f"traffic-{sockets}-{number}")


def _traffic(bench: Bench, chat: Contender, sockets: int, room: str) -> None:
    # Ours keeps its room and so its history; the peer gets a new one, or connecting alone would slow it down.
    place = own_room(sockets) if chat.name == "ours" else room
    for each in _closed_loop(bench, chat, place, sockets, bench.plan.in_flight):
        bench.results.add("traffic", chat.name, cases.closed(sockets, int(each["in_flight"])), each)


def _closed_loop(
    bench: Bench, chat: Contender, room: str, sockets: int, in_flight: Sequence[int], times: int = 1, **more: Any
) -> Sequence[Figures]:
    """`times` as long as the plan says."""
    figures: Sequence[Figures] = chat.load(
        "traffic",
        room,
        sockets,
        in_flight=in_flight,
        first=bench.take(),
        seconds=bench.plan.seconds * times,
        messages=bench.plan.messages,
        warm_up_seconds=bench.plan.warm_up_seconds,
        **more,
    )
    return figures


def steady(bench: Bench) -> None:
    """Round trips at the same rates for every chat, over the messages of all rounds together."""
    rounds, count = bench.plan.steady
    for sockets, rates in bench.plan.rates.items():
        for rate in rates:
            case = cases.steady(sockets, rate)
            chats = [*bench.chats, *bench.least(sockets, LEAST_AT_RATES)]
            took: dict[str, list[float]] = {chat.name: [] for chat in chats}
            for number in range(rounds):
                bench.say(f"{case}, round {number + 1} of {rounds}")
                for chat in chats:
                    took[chat.name] += _round_trips(bench, chat, f"steady-{sockets}-{rate}", sockets, rate, count)
            for name, times in took.items():
                bench.results.add("steady", name, case, spread(times))


def _round_trips(bench: Bench, chat: Contender, room: str, sockets: int, rate: int, count: int) -> Sequence[float]:
    place = own_room(sockets) if chat.name == "ours" else room
    first = bench.take()
    took: Sequence[float] = chat.load(
        "round_trips", place, sockets, rate=rate, count=count, warm_up=WARM_UP, first=first
    )
    return took


def lanes(bench: Bench) -> None:
    """Deliveries in a private channel whose room has more people, and in a room of so many, in turn.

    Those talk in a channel that one of them made, so that the messages of both are equally long.
    """
    ours = bench.chats[0]
    people, sockets = bench.plan.lane
    large, small = "lanes", f"lanes-{people}"
    ours.enter(large, sockets)
    private, opened = make_private_channel(ours, large, people), make_open_channel(ours, small, people)
    places: list[tuple[str, str, int, dict[str, Any]]] = [
        (PRIVATE, large, sockets, {"channel": private, "talking": people}),
        (OWN_ROOM, small, people, {"channel": opened}),
    ]
    rounds = 2 * bench.plan.rounds  # a few in a hundred are looked for: less than shows in the rounds of `traffic`
    for number in range(rounds):
        bench.say(f"a private channel of {people} among {sockets} sockets, round {number + 1} of {rounds}")
        for case, room, size, more in places if number % 2 else reversed(places):
            for each in _closed_loop(bench, ours, room, size, LANE_IN_FLIGHT, times=2, **more):
                bench.results.add("lane", "ours", f"{case}, {int(each['in_flight'])} in flight", each)


def latency(bench: Bench) -> None:
    """Round trips in an idle room of two, and in a room of ten at half of its highest speed."""
    for number in range(bench.plan.rounds):
        bench.say(f"latency, round {number + 1} of {bench.plan.rounds}")
        for chat in [*bench.chats, bench.floor, beside(bench.floor, "sealer")]:
            bench.paced(chat, "idle", 2, IDLE_RATE, IDLE_MESSAGES)
        for chat in bench.chats:
            if 10 in bench.plan.sockets:
                rate = messages_per_second(bench.results.medians(), chat.name, 10) / 2
                bench.paced(chat, "half load", 10, rate, int(rate * HALF_LOAD_SECONDS))


def big_rooms(bench: Bench) -> None:
    """Round trips at ten messages a second in larger and larger rooms of ours."""
    ours = bench.chats[0]
    for sockets in bench.plan.big_rooms:
        bench.say(f"a room of {sockets} sockets")
        figures = ours.load("paced", own_room(sockets), sockets, rate=10, count=50, first=bench.take(50))
        bench.results.add("big room", "ours", str(sockets), figures)
