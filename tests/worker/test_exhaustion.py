"""Nobody can exhaust a room: one member does their worst, and the others go on as if nothing were."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.people import Line
from tests.server import Server
from tests.worker.gathering import Gathering
from tools.paths import ROOT

SENDERS = 2
QUIET_SECONDS = 5.0
GREEDY_SECONDS = 32.0
TIMES_SLOWER = 5
MOST_GROWTH_BYTES = 64 * 1_048_576


def memory_bytes(server: Server) -> int:
    """What workerd has in memory: the one of the room, which is larger than the one that wrangler puts before it."""
    found = []
    for pid in server.pids():
        if Path(f"/proc/{pid}/comm").read_text().startswith("workerd"):
            status = Path(f"/proc/{pid}/status").read_text()
            found += [int(kilobytes) * 1_024 for kilobytes in re.findall(r"VmRSS:\s+(\d+) kB", status)]
    return max(found)


def waits(lines: Sequence[Line], seconds: float) -> list[float]:
    """How long each of many messages took until it was acknowledged; each answered before the next."""
    until = time.monotonic() + seconds

    def speak(line: Line) -> list[float]:
        found = []
        while time.monotonic() < until:
            started = time.monotonic()
            assert line.say("I am fine.")["type"] == "ack"
            found.append(time.monotonic() - started)
            line.passed_over.clear()
        return found

    with ThreadPoolExecutor(len(lines)) as pool:
        return [each for found in pool.map(speak, lines) for each in found]


def p99(found: Sequence[float]) -> float:
    """The time that 99 of 100 messages did not exceed."""
    return statistics.quantiles(found, n=100)[98]


def test_one_member_at_their_worst_slows_nobody_down_and_fills_no_memory(fast_server: Server) -> None:
    gathering = Gathering(fast_server)
    mallory = gathering.enter("Mallory")
    lines = [gathering.join(f"Sender {number}") for number in range(SENDERS)]
    for _ in range(4):
        lines[0].say_many(100, "{} " + "x" * 3_900)
    for line in lines:  # Python's and JavaScript's heaps get the size that a room in use needs
        assert [len(line.history(before=before, limit=100)) for before in (300, 250, 200)] == [100] * 3
    waits(lines, 2)
    before = memory_bytes(fast_server)
    quiet = waits(lines, QUIET_SECONDS)
    command = [sys.executable, "-m", "tests.worker.greedy", mallory.url, mallory.room, mallory.cookie]
    paths = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    with subprocess.Popen(
        [*command, str(GREEDY_SECONDS)], cwd=ROOT, env=paths, stdout=subprocess.PIPE, text=True
    ) as greedy:
        found = waits(lines, GREEDY_SECONDS)
        grown = memory_bytes(fast_server) - before
        opened = int(greedy.communicate()[0])
    quiet += waits(lines, QUIET_SECONDS)
    assert opened > 20
    assert p99(found) < TIMES_SLOWER * p99(quiet)
    assert grown < MOST_GROWTH_BYTES
    gathering.end()
