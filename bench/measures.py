"""What is measured, and in which order: each measure runs the contenders in turn, A B A B, and keeps every figure."""

from collections.abc import Callable, Collection, Mapping

from bench import insides, joining, talking, works
from bench.figures import Medians
from bench.runs import Bench

MEASURES: Mapping[str, Callable[[Bench], None]] = {
    "traffic": talking.traffic,
    "steady": talking.steady,
    "lanes": talking.lanes,
    "latency": talking.latency,
    "joins": joining.joins,
    "storm": joining.storm,
    "memory": insides.memory,
    "isolate": insides.isolate,
    "parts": insides.parts,
    "growth": insides.growth,
    "big-rooms": talking.big_rooms,
    "files": works.files,
    "uploads": works.beside_uploads,
    "searches": works.searches,
    "rows": works.rows,
    "page": works.page,
    "cold-starts": insides.cold_starts,
}
"""All measures, in the order in which they run."""


def run(bench: Bench, names: Collection[str]) -> Medians:
    """Run some measures, in their order."""
    for name, measure in MEASURES.items():
        if name in names:
            measure(bench)
    return bench.results.medians()
