"""Builds the client anew while bin/dev runs, when one of its sources changed. wrangler notices the new files itself."""

import time

from tools.commands import CommandFailed
from tools.paths import CLIENT
from tools.progress import say
from tools.setup import CLIENT_STEP, bring_up_to_date

_INTERVAL_SECONDS = 1.0

Sight = frozenset[tuple[str, int]]


class ClientWatch:
    """Remembers what the sources looked like; file times are enough to notice, the build looks at contents."""

    def __init__(self) -> None:
        self._seen = _sight()
        self._next_look = time.monotonic() + _INTERVAL_SECONDS

    def look(self) -> None:
        """Build if something changed since the last look, at most once a second."""
        if time.monotonic() < self._next_look:
            return
        sight = _sight()
        if sight != self._seen:
            self._seen = sight
            _build()
        self._next_look = time.monotonic() + _INTERVAL_SECONDS


def _sight() -> Sight:
    return frozenset((str(path), path.stat().st_mtime_ns) for path in CLIENT.rglob("*") if path.is_file())


def _build() -> None:
    try:
        bring_up_to_date(CLIENT_STEP)
    except CommandFailed as failure:
        say(f"{failure}\n  (still serving the client as it was)")
