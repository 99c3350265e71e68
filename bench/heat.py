"""Maps of the loads at which ours is faster than the peer, and of those at which it is slower."""

from collections.abc import Mapping

from bench import cases, ratios
from bench.figures import Medians

_CHATS = {
    "ours": "",
    "batcher": ", the batcher",
    "teller": ", the teller",
    "sealer": ", the sealer",
    "floor": ", the floor",
}
_WARMTHS = ((3.0, "🟦"), (1.5, "🟩"), (1.0, "🟨"), (0.75, "🟧"), (0.0, "🟥"))
"""From so many times as fast on; the number beside it says the same to whoever does not tell the colours apart."""


def closed_loops(medians: Medians) -> tuple[list[str], list[list[str]]]:
    """The head and lines of a table: messages a second over the peer's, by sockets and messages in flight.

    Below ours comes what is left of the peer's speed for any Python chat, with less and less in it.
    """
    loads = sorted({cases.sizes(case)[1] for case in ratios.at_each_load(medians)})
    lines = [line for chat, added in _CHATS.items() for line in _by_sockets(medians, chat, added)]
    return ["messages on their way at a time", *map(str, loads)], lines


def _by_sockets(medians: Medians, chat: str, added: str) -> list[list[str]]:
    found: dict[int, dict[int, float]] = {}
    for case, ratio in ratios.at_each_load(medians, chat).items():
        sockets, load = cases.sizes(case)
        found.setdefault(sockets, {})[load] = ratio
    return [
        [f"{sockets} sockets{added}", *(_warm(each[load], each[load]) for load in sorted(each))]
        for sockets, each in sorted(found.items())
    ]


def steady_rates(medians: Medians) -> tuple[list[str], list[list[str]]]:
    """The head and lines of a table: round trips at equal rates, and the 99 % of ours over those of the peer."""
    steady = medians["steady"]
    lines = [
        [case + added, *_three(steady[chat][case]), *_three(steady["peer"][case]), _warm(ratio, 1 / ratio)]
        for chat, added in _CHATS.items()
        if chat in steady
        for case, ratio in ratios.at_each_rate(medians, chat).items()
    ]
    three = ["99 %", "99.9 %"]
    return ["round trip", "ours, median", *three, "the peer, median", *three, "99 %, ours over the peer's"], lines


def _three(figures: Mapping[str, float]) -> list[str]:
    return [f"{figures[name]:.1f} ms" for name in ("p50_ms", "p99_ms", "p999_ms")]


def _warm(shown: float, times_as_fast: float) -> str:
    sign = next(sign for least, sign in _WARMTHS if times_as_fast >= least)
    return f"{sign} {shown:.2f}"
