"""The results of a run: a table for a person, a JSON file, a plot."""

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygal
from pygal.style import CleanStyle

from bench.figures import Figures, Medians
from bench.growth import CHANNELS, MEMBERS, MESSAGES, SOCKETS, lines
from bench.ratios import ratios_of
from tools import paths

AT_LEAST, AT_MOST = "at least", "at most"  # for ratios of times, less is better


@dataclass(frozen=True)
class Ratio:
    """The meaning of a ratio, and its target, if it has one."""

    meaning: str
    side: str = AT_LEAST
    target: float | None = None

    def misses(self, ratio: float) -> bool:
        """Whether a measured ratio misses its target."""
        if self.target is None:
            return False
        return ratio < self.target if self.side == AT_LEAST else ratio > self.target


KNOWN = {
    "deliveries_2": Ratio("deliveries a second, 2 sockets, times the peer's", AT_LEAST, 1.0),
    "deliveries_10": Ratio("deliveries a second, 10 sockets, times the peer's", AT_LEAST, 1.5),
    "deliveries_100": Ratio("deliveries a second, 100 sockets, times the peer's", AT_LEAST, 3.0),
    "deliveries_500": Ratio("deliveries a second, 500 sockets, times the peer's"),
    "worst_load": Ratio("messages a second, from five in flight on, at the load that suits us least", AT_LEAST, 1.0),
    "p99_equal_rates": Ratio("99 % of round trips at an equal rate, at the rate that suits us least", AT_MOST, 1.5),
    "join_10000": Ratio("joining a room with 10,000 messages, times faster", AT_LEAST, 5.0),
    "join_flat": Ratio("joining, longest history over shortest, our times", AT_MOST, 1.2),
    "join_floor": Ratio("joining, our time over opening a socket to the floor", AT_MOST),
    "reconnect_500": Ratio("500 sockets reconnect and resume, times faster", AT_LEAST, 2.0),
    "lane_10": Ratio("deliveries a second, private channel of 10 among 100, over a room of 10's", AT_LEAST, 0.95),
    "idle_p50": Ratio("round trip in an idle room, our time over the peer's", AT_MOST, 1.25),
    "idle_sealer": Ratio("round trip in an idle room, our time over the sealer's", AT_MOST),
    "floor_2": Ratio("messages a second, 2 sockets, over the floor's", AT_LEAST, 0.6),
    "sealer_2": Ratio("messages a second, 2 sockets, one in flight, over the sealer's", AT_LEAST, 0.85),
    "teller_2": Ratio("the same over the teller's, which tells both, too", AT_LEAST),
    "files_up": Ratio("25 MB stored in parts, our speed over a plain store's", AT_LEAST, 0.8),
    "files_down": Ratio("25 MB fetched in parts, our speed over a plain store's", AT_LEAST, 0.8),
    "uploads_p99": Ratio("99 % of round trips, with two uploads running over without", AT_MOST, 1.1),
    "search_rare": Ratio("a rare word in 100,000 messages, our time over FTS5's", AT_MOST, 3.0),
    "search_frequent": Ratio("a frequent word, our time over FTS5's", AT_MOST),
    "search_miss": Ratio("a word that nobody said, our time over FTS5's", AT_MOST),
    "search_posting_p99": Ratio("99 % of round trips, with somebody searching over without", AT_MOST, 1.2),
    "cold_start": Ratio("cold start, our time over an empty Python Worker's", AT_MOST, 1.3),
}
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
_RESULTS = Path(__file__).resolve().parent / "results"
_GROWTH_TITLE = "What grows with a room: costs, as multiples of those of the smallest"
_GROWTH_COLOURS = ("#0b6e8f", "#c8553d", "#5b7f2b", "#7a4fa3")
"""One of each act; lines of one colour differ by their dashes."""
_DASHES = {SOCKETS: "none", MEMBERS: "12, 4", CHANNELS: "6, 6", MESSAGES: "2, 5"}
_PLOT_TITLE = "Durable Chat beside a TypeScript chat: 1 is equal, more is faster"


def table(ratios: Mapping[str, float]) -> str:
    """The ratios as lines of text."""
    lines = []
    for name, ratio in ratios.items():
        known = _known(name)
        wanted = "" if known.target is None else f"{known.side} {known.target:g}"
        missed = "MISSED  " if known.misses(ratio) else ""
        lines.append(f"{name:<16}{ratio:>8.2f}  {wanted:<14}{missed}{known.meaning}")
    return "\n".join(lines)


def missed(ratios: Mapping[str, float]) -> list[str]:
    """The names of the ratios that miss their target."""
    return [name for name, ratio in ratios.items() if _known(name).misses(ratio)]


def write(medians: Medians, more: Mapping[str, Any], folder: Path = _RESULTS, *, keep: bool = False) -> dict[str, Any]:
    """Write latest.json and latest.svg; returns the content of the former.

    Args:
        more: what else is to be written down of the run.
        keep: keep the figures of the last run of which there are no new ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "latest.json"
    before = json.loads(place.read_text(encoding="utf-8"))["medians"] if keep else {}
    medians = {
        measure: {**before.get(measure, {}), **_merged(before.get(measure, {}), medians.get(measure, {}))}
        for measure in dict.fromkeys([*before, *medians])
    }
    ratios = ratios_of(medians)
    document = {"ratios": _rounded(ratios), "machine": machine(), **more, "medians": _rounded(medians)}
    place.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (folder / "latest.svg").write_text(plot(ratios), encoding="utf-8")
    if "growth" in medians:
        (folder / "growth.svg").write_text(plot_of_growth(medians["growth"]["ours"]), encoding="utf-8")
    return document


def _merged(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The cases of each contender, the new ones in place of those of before."""
    return {contender: {**before.get(contender, {}), **cases} for contender, cases in now.items()}


def machine() -> dict[str, Any]:
    """The machine that measured."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = {line.partition(": ")[2] for line in cpus if line.startswith("model name")}
    wrangler = json.loads((paths.NODE_MODULES / "wrangler" / "package.json").read_text(encoding="utf-8"))
    return {
        "cpus": sum(line.startswith("processor") for line in cpus),
        "cpu": ", ".join(sorted(models)),
        "system": platform.system(),
        "wrangler": wrangler["version"],
    }


def plot(ratios: Mapping[str, float]) -> str:
    """The ratios as a bar chart, all turned so that more is better, as SVG without scripts."""
    chart = pygal.HorizontalBar(
        show_legend=False,
        js=(),
        disable_xml_declaration=True,
        no_prefix=True,
        print_values=True,
        style=CleanStyle(font_family="system-ui, sans-serif"),
        title=_PLOT_TITLE,
        height=420,
        width=860,
        value_formatter=lambda value: f"{value:.2f}",
        pretty_print=True,
        range=(0, max(ratios.values()) * 1.1),
    )
    names = list(ratios)[::-1]
    chart.x_labels = names
    chart.add("ours", [1 / ratios[name] if _known(name).side == AT_MOST else ratios[name] for name in names])
    return _SCRIPT.sub("", str(chart.render()))  # without pygal's settings for its own script, which is left out


def plot_of_growth(growth: Mapping[str, Figures]) -> str:
    """By how many times costs grow where a room does, both in powers of ten, as SVG without scripts."""
    chart = pygal.XY(
        js=(),
        disable_xml_declaration=True,
        no_prefix=True,
        style=CleanStyle(font_family="system-ui, sans-serif", colors=_GROWTH_COLOURS),
        title=_GROWTH_TITLE,
        x_title="how many times as large",
        logarithmic=True,
        xrange=(1, 1_000),
        height=640,
        width=860,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        truncate_legend=-1,
        x_labels=(1, 10, 100, 1_000),
        value_formatter=lambda value: f"{value:g}",
        pretty_print=True,
    )
    for name, points in lines(growth).items():
        chart.add(name, points, stroke_style={"dasharray": _DASHES[name.partition(", ")[2]]})
    return _SCRIPT.sub("", str(chart.render()))


def _known(name: str) -> Ratio:
    return KNOWN.get(name, Ratio("at another size than in a full run"))


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value
