"""A room whose reads and writes are counted, and who reaches into JavaScript.

The chat has no address for that. A Worker of its own (counting/main.py) is made of the chat's modules, with a database
that adds up what each statement's cursor says, and a `js` that counts who reaches into it.
"""

import shutil
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.people import Frame, Line
from tests.server import Server
from tests.worker.gathering import FAST, Gathering, member_of, until
from tools.paths import PYTHON_MODULES, ROOT, WRANGLER_CONFIG_EXAMPLE

BATCH = 10_000
QUIET_LOOKS = 4
SOON_SECONDS = 60


@dataclass
class Meter:
    """A room whose reads and writes are counted."""

    gathering: Gathering

    def counts(self) -> dict[str, int]:
        """Rows since the last question."""
        answer = httpx.get(f"{self.gathering.server.url}/api/rooms/main/test-counts", timeout=60.0)
        return dict(answer.json())

    def settle(self) -> None:
        """Until the room writes nothing by itself: what it has put into segments is counted, and no more is due."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            quiet = 0 if self.counts()["written"] or self._is_due() else quiet + 1
            time.sleep(0.1)

    def _is_due(self) -> bool:
        """Whether the room is about to clean up: it does so a second after a rule was changed, and notes when."""
        soon = int((time.time() + SOON_SECONDS) * 1_000)
        due = "SELECT 1 FROM room_facts WHERE name IN ('clean_up_at', 'hidden_clean_up_at') AND value < ?"
        return bool(self.gathering.place.rows(due, soon))

    def rounds(self) -> list[dict[str, Any]]:
        """What the courier's rounds took since the last question; the first question begins the counting."""
        answer = httpx.get(f"{self.gathering.server.url}/api/rooms/main/test-crossings", timeout=60.0)
        return list(answer.json())

    def next_round(self) -> dict[str, Any]:
        """What the next round took, once it is over."""
        found: list[dict[str, Any]] = []

        def is_over() -> bool:
            found.extend(self.rounds())
            return bool(found)

        until(is_over)
        return found[0]

    def fill(self, line: Line, channel: str, count: int) -> None:
        """Store so many messages."""
        for start in range(0, count, BATCH):
            order = {
                "member": member_of(line),
                "channel": channel,
                "count": min(BATCH, count - start),
                "now_ms": int(time.time() * 1_000),
            }
            answer = httpx.post(f"{self.gathering.server.url}/api/rooms/main/test-fill", json=order, timeout=120.0)
            assert answer.status_code == 200, answer.text

    def say_each(self, line: Line, channel: str, bodies: Sequence[str]) -> None:
        """Store a message for each of these texts."""
        for start in range(0, len(bodies), BATCH):
            order = {
                "member": member_of(line),
                "channel": channel,
                "count": 0,
                "bodies": bodies[start : start + BATCH],
                "now_ms": int(time.time() * 1_000),
            }
            answer = httpx.post(f"{self.gathering.server.url}/api/rooms/main/test-fill", json=order, timeout=120.0)
            assert answer.status_code == 200, answer.text

    def build(self, line: Line) -> None:
        """Put all messages into segments, as far as they fill one, run by run; `line` stays there meanwhile."""
        more = True
        while more:
            answer = httpx.post(f"{self.gathering.server.url}/api/rooms/main/test-build", timeout=600.0)
            assert answer.status_code == 200, answer.text
            more = answer.json()["more"]
            line.history(limit=1)  # who says nothing for a minute is taken for dead

    def cost(self, line: Line, kind: str, **fields: Any) -> tuple[Frame, dict[str, int]]:
        """The answer to a request, and what it took."""
        line.history(limit=1)
        self.counts()
        answer = line.ask(kind, **fields)
        return answer, self.counts()


def put_together(folder: Path, addition: str) -> Path:
    """The chat in `folder`, with the `main.py` of a folder beside this file; returns its wrangler.toml."""
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parent / addition, folder / "src", dirs_exist_ok=True)
    (folder / "public").mkdir()
    (folder / "python_modules").symlink_to(PYTHON_MODULES)
    example = WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")
    config = folder / "wrangler.toml"
    config.write_text(example.replace('main = "src/entry.py"', 'main = "src/main.py"'), encoding="utf-8")
    assert tomllib.loads(config.read_text(encoding="utf-8"))["main"] == "src/main.py"
    return config


@contextmanager
def metered(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Meter]:
    """The room `main` of a counting Worker, whose files are put into `folder`; it ends with the block."""
    config = put_together(folder, "counting")
    server = Server.start(settings={**FAST, **(settings or {}), "ROOM_NAMES": "main"}, config=config)
    gathering = Gathering(server, "main")
    try:
        yield Meter(gathering)
    finally:
        gathering.end()
        server.stop()
