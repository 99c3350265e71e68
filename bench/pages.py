"""The tables of docs/performance.md that `bin/bench` writes, each between two comments that name it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import heat
from bench.cases import OWN_ROOM, PRIVATE
from bench.growth import ACTS
from bench.joining import MISSED
from bench.parts import ALONE, PARTS
from bench.plans import FULL
from bench.report import KNOWN
from tools import paths

Document = Mapping[str, Any]  # what latest.json holds
_PLACE = re.compile(r"(<!-- bin/bench: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SEARCHED = ("ours", "finder")
PLEASANT_MS = 100  # 99 of 100 messages are on everybody's screen within this time


def filled(page: str, document: Document) -> str:
    """The page with its tables filled by a run; KeyError for a name that has no table."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{TABLES[place[2]](document)}\n\n{place[3]}", page)


def write(document: Document, page: Path = paths.ROOT / "docs" / "performance.md") -> None:
    """Write the results of a run into the page."""
    page.write_text(filled(page.read_text(encoding="utf-8"), document), encoding="utf-8")


def _ratios(document: Document) -> str:
    lines = []
    for name, ratio in document["ratios"].items():
        known = KNOWN[name]
        target = "–" if known.target is None else f"{known.side} {known.target:g}"
        lines.append((f"`{name}`", known.meaning, target, f"{ratio:.2f}"))
    return _table(("ratio", "what it says", "target", "measured"), lines)


def _speeds(document: Document) -> str:
    traffic = document["medians"]["traffic"]

    def best(chat: str, sockets: int, figure: str) -> str:
        cases = [figures[figure] for case, figures in traffic[chat].items() if case.startswith(f"{sockets} sockets,")]
        return f"{max(cases):,.0f}"

    sizes = sorted({int(case.split()[0]) for case in traffic["ours"]})
    lines = [
        (
            str(sockets),
            *(
                best(chat, sockets, f"{what}_per_second")
                for what in ("messages", "deliveries")
                for chat in ("ours", "peer")
            ),
        )
        for sockets in sizes
    ]
    return _table(("sockets", "messages a second, ours", "the peer", "deliveries a second, ours", "the peer"), lines)


def _round_trips(document: Document) -> str:
    latency = document["medians"]["latency"]
    ours, peer = latency["ours"]["half load"]["rate"], latency["peer"]["half load"]["rate"]
    names = {
        "idle": "idle: two sockets, 20 messages a second",
        "half load": f"ten sockets at half of what each chat can do ({ours:,.0f} and {peer:,.0f} a second)",
    }
    lines = [
        (
            name,
            *(
                _milliseconds(latency[chat][case][figure]) if case in latency[chat] else "–"
                for chat in ("ours", "peer", "floor", "sealer")
                for figure in ("p50_ms", "p99_ms")
            ),
        )
        for case, name in names.items()
    ]
    heads = [each for chat in ("ours", "the peer", "the floor", "the sealer") for each in (f"{chat}, median", "99 %")]
    return _table(("round trip", *heads), lines)


def _joins(document: Document) -> str:
    join = document["medians"]["join"]
    lines = [
        (
            f"{int(stored):,}",
            *(_milliseconds(join[chat][stored]["join_ms"]) for chat in ("ours", "peer")),
            *(f"{join[chat][stored]['bytes'] / 1_000:,.0f} kB" for chat in ("ours", "peer")),
        )
        for stored in join["ours"]
    ]
    lines.append(("the floor: nothing but a socket", _milliseconds(join["floor"]["0"]["join_ms"]), *["–"] * 3))
    return _table(("stored messages", "join, ours", "the peer", "bytes, ours", "the peer"), lines)


def _files(document: Document) -> str:
    files, trips = document["medians"]["files"], document["medians"]["latency"]["ours"]
    up, down = ([files[name]["25 MB"][way] for name in ("ours", "store")] for way in ("up", "down"))
    beside, without = (trips[f"{word} uploads"] for word in ("beside", "without"))
    lines = [
        ("25 MB stored, three parts at a time", *(f"{each:,.0f} MB a second" for each in up)),
        ("25 MB fetched, three parts at a time", *(f"{each:,.0f} MB a second" for each in down)),
    ]
    return (
        _table(("a file", "ours", "the store"), lines)
        + f"\n\nA round trip in an idle room: {_trip(without)}. While two people upload there, each on a line of ten"
        + f" megabits: {_trip(beside)}."
    )


def _trip(figures: Mapping[str, float]) -> str:
    return f"median {_milliseconds(figures['p50_ms'])}, 99 % {_milliseconds(figures['p99_ms'])}"


def _searches(document: Document) -> str:
    search, trips = document["medians"]["search"], document["medians"]["latency"]["ours"]
    names = {"rare": "a rare word", "frequent": "a frequent word", "miss": "a word that nobody said"}
    lines = [
        (name, *(_milliseconds(search[chat][case][figure]) for chat in _SEARCHED for figure in ("p50_ms", "p99_ms")))
        for case, name in names.items()
    ]
    return (
        _table(("search", "ours, median", "99 %", "FTS5, median", "99 %"), lines)
        + f"\n\nA round trip in that room: {_trip(trips['without searches'])}. While another member searches as often"
        + f" as one may: {_trip(trips['beside searches'])}."
    )


def _rows(document: Document) -> str:
    rows = document["medians"]["rows"]["ours"]
    lines = [(operation, f"{each['read']:g}", f"{each['written']:g}") for operation, each in rows.items()]
    return _table(("operation", "rows read", "rows written"), lines)


def _others(document: Document) -> str:
    return "\n".join(f"* {each(document)}" for each in (_storm, _lane, _memory, _start, _click, _client))


def _storm(document: Document) -> str:
    ours, peer = (document["medians"]["reconnect"][chat] for chat in ("ours", "peer"))
    (sockets,) = ours
    seconds, megabytes = (
        [chat[sockets][figure] / unit for chat in (ours, peer)] for figure, unit in (("seconds", 1), ("bytes", 1e6))
    )
    return (
        f"{sockets} sockets drop, {MISSED} messages are posted, all come back at once and have what they missed, in a "
        f"room with {FULL.storm_stored:,} messages: {seconds[0]:.1f} s, the peer {seconds[1]:.1f} s; "
        f"{megabytes[0]:.0f} MB go over the wire, the peer's {megabytes[1]:.0f} MB."
    )


def _lane(document: Document) -> str:
    lane = document["medians"]["lane"]["ours"]
    private, room = (
        max(each["deliveries_per_second"] for case, each in lane.items() if case.startswith(f"{place},"))
        for place in (PRIVATE, OWN_ROOM)
    )
    people, sockets = FULL.lane
    return (
        f"A private channel of {people} people whose room has {sockets} sockets: {private:,.0f} deliveries a second, "
        f"and nobody else is told anything. A room of {people} in the same run: {room:,.0f}."
    )


def _memory(document: Document) -> str:
    ours, peer = (document["medians"]["memory"][chat] for chat in ("ours", "peer"))
    (sockets,) = ours
    return (
        f"An idle socket takes {ours[sockets]['kb_per_socket']:.0f} kB, the peer's "
        f"{peer[sockets]['kb_per_socket']:.0f} kB: what two processes, one of them wrangler's proxy, keep of it "
        "and have not thrown away yet."
    )


def _isolate(document: Document) -> str:
    isolate = document["medians"]["isolate"]["ours"]
    lines = [
        (
            re.sub(r"\d{4,}", lambda number: f"{int(number[0]):,}", case).replace("1 sockets", "one socket"),
            *(f"{each[part]:.1f} MB" for part in ("webassembly", "heap")),
            f"{each['webassembly'] + each['heap']:.0f} MB",
        )
        for case, each in isolate.items()
    ]
    return _table(("a room with", "WebAssembly: Python", "JavaScript's heap", "together, of 128 MB"), lines)


def _start(document: Document) -> str:
    ours, empty = (document["medians"]["cold start"][chat]["first answer"]["seconds"] for chat in ("ours", "empty"))
    return (
        "From the start of workerd's process to the first answer of a room, out of a snapshot as a deployed Worker "
        f"starts: {ours:.2f} s; an empty Python Worker {empty:.2f} s."
    )


def _click(document: Document) -> str:
    milliseconds = document["medians"]["page"]["ours"]["click to shown"]["other_ms"]
    return (
        "From the click on “send” to the stored message on the screen of somebody else, in Chromium: "
        f"{milliseconds:.0f} ms. One's own message is there at once, drawn as on its way."
    )


def _client(document: Document) -> str:
    sizes = document["client_bytes"]
    names = ("script before login", "script to read and write", "styles")
    before, script, styles = (f"{sizes[name] / 1_000:.1f} kB" for name in names)
    return f"The page: {before} of script before login and {script} to read and write, {styles} of styles, compressed."


def _big_rooms(document: Document) -> str:
    rooms = document["medians"]["big room"]["ours"]
    lines = [
        (f"{int(sockets):,}", _milliseconds(each["p50_ms"]), _milliseconds(each["p99_ms"]))
        for sockets, each in rooms.items()
    ]
    pleasant = max((int(sockets) for sockets, each in rooms.items() if each["p99_ms"] <= PLEASANT_MS), default=0)
    return (
        _table(("sockets", "median", "99 %"), lines)
        + f"\n\nOn this machine a room stays pleasant, with 99 of 100 messages shown within a tenth of a second, up to "
        f"about {pleasant:,} sockets at that rate."
    )


def _parts(document: Document) -> str:
    measured = [document["medians"]["parts"][chat][ALONE] for chat in ("ours", "sealer", "floor")]
    lines = [(name, *(f"{each[part]:.0f}" for each in measured)) for part, name in PARTS.items()]
    lines.append(("together", *(f"{sum(each.values()):,.0f}" for each in measured)))
    return _table(("part, in µs", "ours", "the sealer", "the floor"), lines)


def _growth(document: Document) -> str:
    lines = [
        (case, *(_milliseconds(figures[act]) for act in ACTS))
        for case, figures in document["medians"]["growth"]["ours"].items()
    ]
    return _table(("a room with", *ACTS.values()), lines)


def _machine(document: Document) -> str:
    machine = document["machine"]
    return (
        f"{machine['cpus']} processors ({machine['cpu']}), shared by workerd, wrangler's proxy and the load generator; "
        f"wrangler {machine['wrangler']}."
    )


def _milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 20 else f"{value:,.0f} ms"


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


TABLES: dict[str, Callable[[Document], str]] = {  # by the name in the comment before it
    "machine": _machine,
    "ratios": _ratios,
    "speeds": _speeds,
    "loads": lambda document: _table(*heat.closed_loops(document["medians"])),
    "rates": lambda document: _table(*heat.steady_rates(document["medians"])),
    "round trips": _round_trips,
    "joins": _joins,
    "files": _files,
    "searches": _searches,
    "rows": _rows,
    "others": _others,
    "big rooms": _big_rooms,
    "parts": _parts,
    "growth": _growth,
    "isolate": _isolate,
}
