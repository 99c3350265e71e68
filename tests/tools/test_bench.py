"""bench/: that its checks bite, what it writes, and that the pages say what was measured last."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench import cases, heat, pages, report
from bench.figures import Results, spread
from bench.isolate import webassembly_bytes
from bench.load.crowd import CountsDiffer, Crowd
from bench.load.dialects import NUMBER, OurDialect, PeerDialect, dialect, text
from bench.load.jobs import ATTEMPTS, undisturbed
from bench.load.stalls import STALL_SECONDS, Stalls, watching
from bench.load.talk import FREQUENT, MISS, RARE, RARE_EVERY, talk
from bench.parts import PARTS, microseconds
from bench.plans import FULL
from bench.ratios import ratios_of
from tools.paths import ROOT

RATIOS = {
    "deliveries_2": 1.2,
    "deliveries_10": 1.6,
    "deliveries_100": 2.9,
    "deliveries_500": 4.0,
    "worst_load": 1.1,
    "p99_equal_rates": 1.4,
    "join_10000": 5.5,
    "join_flat": 1.0,
    "join_floor": 2.0,
    "reconnect_500": 3.0,
    "lane_10": 1.0,
    "idle_p50": 1.5,
    "idle_sealer": 1.1,
    "floor_2": 0.7,
    "sealer_2": 0.9,
    "teller_2": 0.9,
    "files_up": 0.9,
    "files_down": 0.8,
    "uploads_p99": 1.1,
    "search_rare": 2.0,
    "search_frequent": 4.0,
    "search_miss": 3.0,
    "search_posting_p99": 1.1,
    "cold_start": 1.1,
}
LATEST = json.loads((ROOT / "bench/results/latest.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
PLAN = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


class FakeLine:
    """A socket that is told only what the test says."""

    def __init__(self) -> None:
        self.found: list[bytes] = []
        self.said: list[str] = []
        self.crowd: Crowd | None = None

    def say(self, frame: str) -> None:
        self.said.append(frame)

    def hear(self, *numbers: int) -> None:
        assert self.crowd is not None
        told = [b"%09d" % number for number in numbers]
        self.found += told
        self.crowd.told(self, told)  # type: ignore[arg-type]


def crowd(lines: Sequence[Any]) -> Crowd:
    return Crowd(lines, OurDialect(), first=7)


async def test_a_run_in_which_everybody_is_told_everything_once_counts() -> None:
    lines = [FakeLine(), FakeLine()]
    going = crowd(lines)
    going.open(2, most=2)
    for line in lines:
        line.hear(8, 7)
    await going.finished()
    assert (going.sent, going.received, going.came_back) == (2, 4, 2)


@pytest.mark.parametrize(
    ("told", "complaint"),
    [((7, 7, 8), "0 lost and 1 too many"), ((7, 7), "1 lost and 1 too many"), ((7, 8, 99), "0 lost and 1 too many")],
)
async def test_a_message_that_is_lost_doubled_or_invented_spoils_the_run(told: Sequence[int], complaint: str) -> None:
    whole, spoilt = FakeLine(), FakeLine()
    going = crowd([whole, spoilt])
    going.open(2, most=2)
    whole.hear(7, 8)
    spoilt.hear(*told)
    with pytest.raises(CountsDiffer, match=complaint):
        await going.finished()


async def test_a_message_that_comes_back_lets_its_sender_send_the_next() -> None:
    anna, boris = FakeLine(), FakeLine()
    going = crowd([anna, boris])
    going.open(1, most=3)
    boris.hear(7)
    assert (len(anna.said), going.came_back) == (1, 0)
    anna.hear(7)
    assert (len(anna.said), going.came_back, len(going.times)) == (2, 1, 1)


async def test_what_was_measured_while_the_machine_stood_still_is_measured_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures, stalls, now = iter([1, 2]), Stalls(), time.perf_counter()
    stalls.beat(now, STALL_SECONDS + 0.1)
    stalls.beat(now + STALL_SECONDS + 0.2, 0.05)

    async def measure() -> int:
        await asyncio.sleep(2 * STALL_SECONDS)
        stalls.beat(time.perf_counter() + 0.01, 0.05)
        return next(figures)

    assert await undisturbed(measure, stalls) == 2
    assert capsys.readouterr().err.strip() == "the machine stood still; measuring again"


async def test_what_a_machine_that_always_stands_still_gives_is_taken_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stalls = Stalls()

    async def measure() -> str:
        stalls.beat(time.perf_counter(), 1.0)
        stalls.beat(time.perf_counter() + 0.1, 0.05)
        return "taken"

    assert await undisturbed(measure, stalls) == "taken"
    said = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in said] == [
        *["the machine stood still; measuring again"] * (ATTEMPTS - 1),
        "the machine stood still; and so does every time",
    ]


async def test_a_process_of_its_own_sees_whether_the_machine_stands_still() -> None:
    async with watching() as stalls:
        began = time.perf_counter()
        await asyncio.sleep(0.1)
        await stalls.seen(
            began, time.perf_counter()
        )  # an answer comes, whatever it is: other tests run beside this one


def test_the_same_text_is_sent_to_every_chat() -> None:
    ours, peer = json.loads(OurDialect().message(42)), json.loads(PeerDialect().message(42))
    assert ours["body"] == peer["content"] == text(42)
    for name in ("ours", "peer", "floor", "sealer", "teller", "batcher"):
        assert NUMBER.findall(dialect(name).message(42).encode()) == [b"000000042"]


def test_searched_messages_have_the_words_that_are_looked_for() -> None:
    texts = [talk(number) for number in range(RARE_EVERY)]
    assert [NUMBER.findall(each.encode()) for each in texts[:2]] == [[b"000000000"], [b"000000001"]]
    assert sum(FREQUENT in each for each in texts) == RARE_EVERY // 4
    assert sum(RARE in each for each in texts) == 1
    assert not any(MISS in each for each in texts)
    assert 90 < sum(map(len, texts)) / len(texts) < 130
    assert talk(7) == texts[7]


def test_the_worst_load_and_the_worst_rate_are_looked_for_where_rooms_live() -> None:
    results = Results()
    speeds = {(10, 1): (10, 100), (10, 5): (90, 100), (100, 20): (200, 100)}
    for (sockets, load), each in speeds.items():
        for chat, speed in zip(("ours", "peer"), each, strict=True):
            figures = {"messages_per_second": float(speed), "deliveries_per_second": float(speed * sockets)}
            results.add("traffic", chat, cases.closed(sockets, load), figures)
    for name in ("floor", "sealer", "teller"):
        results.add("traffic", name, cases.closed(2, 1), {"messages_per_second": 200.0})
    results.add("traffic", "ours", cases.closed(2, 1), {"messages_per_second": 100.0, "deliveries_per_second": 200.0})
    results.add("traffic", "peer", cases.closed(2, 1), {"messages_per_second": 100.0, "deliveries_per_second": 200.0})
    for rate, ours in ((20, 3.0), (200, 1.0)):
        results.add("steady", "ours", cases.steady(2, rate), spread([ours, ours]))
        results.add("steady", "peer", cases.steady(2, rate), spread([2.0, 2.0]))
    found = ratios_of(results.medians())
    assert (found["worst_load"], found["p99_equal_rates"], found["sealer_2"]) == (0.9, 1.5, 0.5)
    head, lines = heat.closed_loops({"traffic": {chat: {} for chat in ("ours", "peer")}})
    assert (head, lines) == (["messages on their way at a time"], [])
    rates = heat.steady_rates(results.medians())[1]
    assert [(line[0], line[-1]) for line in rates] == [
        ("2 sockets, 20 a second", "🟥 1.50"),
        ("2 sockets, 200 a second", "🟩 0.50"),
    ]


# --- what it writes ---


def test_the_table_says_what_was_missed() -> None:
    lines = {line.split()[0]: "MISSED" in line for line in report.table(RATIOS).splitlines()}
    assert lines == {name: name in ("deliveries_100", "idle_p50") for name in RATIOS}
    assert report.missed(RATIOS) == ["deliveries_100", "idle_p50"]


def test_results_are_a_json_file_and_a_plot_without_scripts(tmp_path: Path) -> None:
    report.write(LATEST["medians"], {"plan": "full"}, tmp_path)
    written = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert written["ratios"].keys() == RATIOS.keys()
    assert written["machine"]["cpus"] > 0
    plot = (tmp_path / "latest.svg").read_text(encoding="utf-8")
    assert plot.lstrip().startswith("<svg")
    assert "<script" not in plot
    assert all(name in plot for name in RATIOS)


def test_what_is_measured_again_takes_the_place_of_what_was_and_the_rest_stays(tmp_path: Path) -> None:
    report.write(LATEST["medians"], {"plan": "full"}, tmp_path)
    again = {"files": {name: {"25 MB": {"up": speed, "down": 4.0}} for name, speed in (("ours", 6.0), ("store", 3.0))}}
    written = report.write(again, {"plan": "full"}, tmp_path, keep=True)
    assert (written["ratios"]["files_up"], written["ratios"]["files_down"]) == (2.0, 1.0)
    assert {**written["ratios"], "files_up": 0, "files_down": 0} == {**LATEST["ratios"], "files_up": 0, "files_down": 0}
    assert {**written["medians"], "files": 0} == {**LATEST["medians"], "files": 0}


def test_the_memory_of_python_is_the_piece_at_the_beginning_of_its_addresses() -> None:
    smaps = """\
15f300800000-15f301200000 rw-p 00000000 00:00 0
15f301200000-15f400000000 ---p 00000000 00:00 0
7f5cdafd0000-7f5cdd3d0000 rw-p 00000000 00:00 0
Rss:               22720 kB
7f5cdd3d0000-7f5ddafd0000 ---p 00000000 00:00 0
7f5ddb050000-7f5dfb000000 ---p 00000000 00:00 0
"""
    assert webassembly_bytes(smaps) == 36 << 20
    with pytest.raises(ValueError, match="not enough values"):
        webassembly_bytes(smaps.partition("7f5c")[0])


def test_each_sample_of_a_message_is_of_one_part() -> None:
    frames = {
        1: ("wasm-function[3792]", "wasm://wasm/0249d42a"),
        2: ("callWithOptions", "pyodideRuntime-internal:pyodide.asm"),
        3: ("exec", ""),
        4: ("(program)", ""),
        5: ("(idle)", ""),
    }
    profile = {
        "nodes": [{"id": key, "callFrame": {"functionName": name, "url": url}} for key, (name, url) in frames.items()],
        "samples": [1, 2, 3, 4, 5, 1],
        "timeDeltas": [1, 2, 4, 8, 16, 32],
    }
    took = {"python": 33, "crossing": 2, "platform": 4, "engine": 8, "idle": 16}
    assert microseconds(profile) == took
    assert list(took) == list(PARTS)


def test_the_smallest_run_measures_and_loses_nothing() -> None:
    done = subprocess.run([ROOT / "bin" / "bench", "--smoke"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    measured = re.findall(r"^([a-z_0-9]+) +[\d.]+ ", done.stdout, re.MULTILINE)
    assert measured == [
        "deliveries_2",
        "worst_load",
        "p99_equal_rates",
        "join_flat",
        "join_floor",
        "reconnect_10",
        "lane_2",
        "idle_p50",
        "idle_sealer",
        "floor_2",
        "sealer_2",
        "teller_2",
        "files_up",
        "files_down",
        "uploads_p99",
        "search_rare",
        "search_frequent",
        "search_miss",
        "search_posting_p99",
    ]


# --- what the pages say ---


def test_the_last_results_are_of_a_full_run_with_every_ratio() -> None:
    assert LATEST["plan"] == "full"
    assert list(LATEST["ratios"]) == list(report.KNOWN)
    ours = {measure: list(chats["ours"]) for measure, chats in LATEST["medians"].items()}
    assert ours["join"] == [str(stored) for stored in FULL.stored]
    assert ours["memory"] == [str(max(FULL.idle_sockets))]
    assert ours["big room"] == [str(sockets) for sockets in FULL.big_rooms]
    assert sorted(ours["traffic"]) == sorted(
        cases.closed(sockets, load) for sockets in FULL.sockets for load in FULL.in_flight
    )
    assert ours["steady"] == [cases.steady(sockets, rate) for sockets, rates in FULL.rates.items() for rate in rates]
    assert len(ours["isolate"]) == len(FULL.isolate_sockets) + 3
    assert len(ours["growth"]) == sum(len(sizes) for sizes in FULL.growth.values())


def test_the_performance_page_says_what_was_measured_last() -> None:
    assert pages.filled(PAGE, LATEST) == PAGE
    told = dict(re.findall(r"^\| `([a-z_0-9]+)` \|.*\| ([\d.]+) \|$", PAGE, re.MULTILINE))
    assert told == {name: f"{ratio:.2f}" for name, ratio in LATEST["ratios"].items()}


def test_every_table_has_its_place_on_the_page_and_takes_the_place_of_the_former_one() -> None:
    assert set(re.findall(r"<!-- bin/bench: ([a-z ]+) -->", PAGE)) == set(pages.TABLES)
    emptied = re.sub(r"(<!-- bin/bench: [a-z ]+ -->\n).*?(<!-- end -->)", r"\1\2", PAGE, flags=re.DOTALL)
    assert "| `deliveries_2` |" not in emptied
    assert pages.filled(emptied, LATEST) == PAGE
    with pytest.raises(KeyError, match="colours"):
        pages.filled("<!-- bin/bench: colours -->\n<!-- end -->", LATEST)


def test_the_architecture_page_names_the_size_up_to_which_a_room_is_pleasant() -> None:
    said = [re.findall(r"stays pleasant.*?up to\s+about ([\d,]+) sockets", text, re.DOTALL) for text in (PAGE, PLAN)]
    assert said[0] == said[1]
    assert len(said[0]) == 1


def test_the_performance_page_names_every_target_that_was_missed() -> None:
    assert re.findall(r"^### Missed: `([a-z_0-9]+)`", PAGE, re.MULTILINE) == report.missed(LATEST["ratios"])
