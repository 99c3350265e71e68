"""Nobody can exhaust a room: one member does their worst, and the others go on talking as before."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.people import Line
from tests.server import Server
from tests.worker.gathering import FAST, Gathering
from tests.worker.greedy import SOCKETS
from tools.paths import ROOT

SENDERS = 2
PAUSE_SECONDS = 0.02  # between an answer and the next message: busy people, and a room that is not full of them
QUIET_SECONDS = 8.0
GREEDY_SECONDS = 12.0
MOST_TIMES_SLOWER = 5
MOST_GROWTH_MB = 64


def spoken(lines: Sequence[Line], seconds: float) -> list[float]:
    """How long each message took to be acknowledged, in seconds."""
    until = time.monotonic() + seconds

    def speak(line: Line) -> list[float]:
        took = []
        while time.monotonic() < until:
            started = time.perf_counter()
            assert line.say("I am fine.")["type"] == "ack"
            took.append(time.perf_counter() - started)
            line.passed_over.clear()
            time.sleep(PAUSE_SECONDS)
        return took

    with ThreadPoolExecutor(len(lines)) as pool:
        return [each for took in pool.map(speak, lines) for each in took]


def p99(took: Sequence[float]) -> float:
    return sorted(took)[len(took) * 99 // 100]


def resident_mb(server: Server) -> int:
    """The memory of the workerd that runs the chat; the first one only stands before it, as part of `wrangler dev`."""
    status = Path(f"/proc/{server.pids()[-1]}/status").read_text()
    return next(int(line.split()[1]) // 1_024 for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.parametrize("pages", [180, 4], ids=["a flood", "as much as is granted"])
def test_one_member_at_their_worst_neither_slows_the_others_down_nor_fills_the_memory(pages: int) -> None:
    server = Server.start(settings=FAST)
    try:
        gathering = Gathering(server)
        mallory = gathering.enter("Mallory")
        lines = [gathering.join(f"Sender {number}") for number in range(SENDERS)]
        for _ in range(4):
            lines[0].say_many(100, "{} " + "x" * 3_900)
        spoken(lines, 2.0)  # what runs for the first time is slower
        quiet = spoken(lines, QUIET_SECONDS)
        before_mb = resident_mb(server)
        command = [sys.executable, "-m", "tests.worker.greedy", mallory.url, mallory.room, mallory.cookie]
        paths = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        with subprocess.Popen(
            [*command, str(GREEDY_SECONDS), str(pages)], cwd=ROOT, env=paths, stdout=subprocess.PIPE, text=True
        ) as greedy:
            busy = spoken(lines, GREEDY_SECONDS)
            grown_mb = resident_mb(server) - before_mb
            opened = int(greedy.communicate()[0])
        assert opened >= SOCKETS
        assert p99(busy) < MOST_TIMES_SLOWER * p99(quiet)
        assert grown_mb < MOST_GROWTH_MB
        assert lines[0].history(limit=1)[0]["body"] == "I am fine."
        gathering.end()
    finally:
        server.stop()
