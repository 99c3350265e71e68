"""Builds the client again while bin/dev runs, when a source of it changed. wrangler notices the new files itself."""

import time

from tools.changes import INTERVAL_SECONDS, sight
from tools.commands import CommandFailed
from tools.paths import CLIENT
from tools.progress import say
from tools.setup import CLIENT_STEP, bring_up_to_date


class ClientWatch:
    """Remembers the names and times of the sources; the build compares contents."""

    def __init__(self) -> None:
        self._seen = sight(CLIENT)
        self._next_look = time.monotonic() + INTERVAL_SECONDS

    def look(self) -> None:
        """Build if something changed since the last call, at most once a second."""
        if time.monotonic() < self._next_look:
            return
        seen = sight(CLIENT)
        if seen != self._seen:
            self._seen = seen
            _build()
        self._next_look = time.monotonic() + INTERVAL_SECONDS


def _build() -> None:
    try:
        bring_up_to_date(CLIENT_STEP)
    except CommandFailed as failure:
        say(f"{failure}\n  (still serving the client as it was)")
