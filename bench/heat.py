"""Maps of the loads at which ours is faster than the peer, and of those at which it is slower."""

from collections.abc import Mapping

from bench import cases, ratios
from bench.figures import Medians

_WARMTHS = ((3.0, "🟦"), (1.5, "🟩"), (1.0, "🟨"), (0.75, "🟧"), (0.0, "🟥"))
"""From so many times as fast on; the number beside it says the same to whoever does not tell the colours apart."""


def closed_loops(medians: Medians) -> tuple[list[str], list[list[str]]]:
    """The head and lines of a table: messages a second, ours over the peer's, by sockets and messages in flight."""
    found = {cases.sizes(case): ratio for case, ratio in ratios.at_each_load(medians).items()}
    loads = sorted({in_flight for _, in_flight in found})
    lines = [
        [f"{sockets} sockets", *(_warm(found[sockets, load], found[sockets, load]) for load in loads)]
        for sockets in sorted({sockets for sockets, _ in found})
    ]
    return ["messages on their way at a time", *map(str, loads)], lines


def steady_rates(medians: Medians) -> tuple[list[str], list[list[str]]]:
    """The head and lines of a table: round trips at equal rates, and the 99 % of ours over those of the peer."""
    steady = medians["steady"]
    lines = [
        [case, *_three(steady["ours"][case]), *_three(steady["peer"][case]), _warm(ratio, 1 / ratio)]
        for case, ratio in ratios.at_each_rate(medians).items()
    ]
    three = ["99 %", "99.9 %"]
    return ["round trip", "ours, median", *three, "the peer, median", *three, "99 %, ours over the peer's"], lines


def _three(figures: Mapping[str, float]) -> list[str]:
    return [f"{figures[name]:.1f} ms" for name in ("p50_ms", "p99_ms", "p999_ms")]


def _warm(shown: float, times_as_fast: float) -> str:
    sign = next(sign for least, sign in _WARMTHS if times_as_fast >= least)
    return f"{sign} {shown:.2f}"
