"""What a run found: a table for a person, a JSON file, a plot."""

import json
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pygal
from pygal.style import CleanStyle

from tools import paths

TARGETS = {  # name: (bound, whether the ratio is to be at least that, or at most; what it says)
    "deliveries_100": (3.0, "least", "deliveries a second, 100 sockets, times the peer's"),
    "deliveries_10": (1.5, "least", "deliveries a second, 10 sockets, times the peer's"),
    "deliveries_2": (1.0, "least", "deliveries a second, 2 sockets, times the peer's"),
    "idle_p50": (1.25, "most", "round trip in an idle room, our time over the peer's"),
    "join_10000": (5.0, "least", "joining a room with 10,000 messages, times faster"),
    "join_flat": (1.2, "most", "joining, longest history over shortest, our times"),
    "reconnect_500": (2.0, "least", "500 sockets reconnect and resume, times faster"),
    "floor_2": (0.6, "least", "messages a second, 2 sockets, over a Python object that only echoes"),
    "cold_start": (1.3, "most", "cold start, our time over an empty Python Worker's"),
}
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
_RESULTS = Path(__file__).resolve().parent / "results"
_PLOT_TITLE = "Durable Chat beside a TypeScript chat: 1 is equal, more is faster"


def is_met(name: str, ratio: float) -> bool:
    """Whether a ratio is on the good side of its target; one without a target is."""
    bound, side, _ = TARGETS.get(name, (0.0, "least", ""))
    return ratio >= bound if side == "least" else ratio <= bound


def table(ratios: Mapping[str, float]) -> str:
    """The ratios as lines of text."""
    lines = []
    for name, ratio in ratios.items():
        bound, side, meaning = TARGETS.get(name, (None, "", "without a target"))
        wanted = "" if bound is None else f"at {side} {bound:g}"
        lines.append(f"{name:<16}{ratio:>8.2f}  {wanted:<14}{'' if is_met(name, ratio) else 'MISSED  '}{meaning}")
    return "\n".join(lines)


def write(found: Mapping[str, Any], more: Mapping[str, Any], folder: Path = _RESULTS) -> None:
    """Write latest.json and latest.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "ratios": _rounded(found["ratios"]),
        "machine": machine(),
        **more,
        "medians": _rounded(found["medians"]),
    }
    (folder / "latest.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (folder / "latest.svg").write_text(plot(found["ratios"]), encoding="utf-8")


def machine() -> dict[str, Any]:
    """On what it was measured."""
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
        show_legend=False, js=(), disable_xml_declaration=True, no_prefix=True, print_values=True,
        style=CleanStyle(font_family="system-ui, sans-serif"), title=_PLOT_TITLE, height=420, width=860,
        value_formatter=lambda value: f"{value:.2f}", pretty_print=True, range=(0, max(ratios.values()) * 1.1),
    )  # fmt: skip
    names = list(ratios)[::-1]
    chart.x_labels = names
    chart.add("ours", [1 / ratios[name] if _is_a_time(name) else ratios[name] for name in names])
    return _SCRIPT.sub("", str(chart.render()))  # pygal's settings for its own script, which is left out


def _is_a_time(name: str) -> bool:
    """Whether less is better."""
    return TARGETS.get(name, (0.0, "least", ""))[1] == "most"


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value
