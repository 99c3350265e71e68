"""Nobody can exhaust a room: one member does their worst, and the others go on talking."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.people import Line
from tests.server import Server
from tests.worker.gathering import Gathering
from tests.worker.greedy import SOCKETS
from tools.paths import ROOT

SENDERS = 2
GREEDY_SECONDS = 12.0


def spoken(lines: Sequence[Line], seconds: float) -> int:
    """How many messages were said and acknowledged in so long; each is answered before the next."""
    until = time.monotonic() + seconds

    def speak(line: Line) -> int:
        count = 0
        while time.monotonic() < until:
            assert line.say("I am fine.")["type"] == "ack"
            line.passed_over.clear()
            count += 1
        return count

    with ThreadPoolExecutor(len(lines)) as pool:
        return sum(pool.map(speak, lines))


def test_one_member_at_their_worst_keeps_nobody_from_talking(fast_server: Server) -> None:
    gathering = Gathering(fast_server)
    mallory = gathering.enter("Mallory")
    lines = [gathering.join(f"Sender {number}") for number in range(SENDERS)]
    for _ in range(4):
        lines[0].say_many(100, "{} " + "x" * 3_900)
    command = [sys.executable, "-m", "tests.worker.greedy", mallory.url, mallory.room, mallory.cookie]
    paths = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    with subprocess.Popen(
        [*command, str(GREEDY_SECONDS)], cwd=ROOT, env=paths, stdout=subprocess.PIPE, text=True
    ) as greedy:
        count = spoken(lines, GREEDY_SECONDS)
        opened = int(greedy.communicate()[0])
    assert opened > SOCKETS, "some of them a second time"
    assert count > 0
    newest = lines[0].history(limit=1)[0]
    assert newest["body"] == "I am fine."
    gathering.end()
