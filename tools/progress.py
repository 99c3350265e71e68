"""Shows a person the progress: one line a step, with the time it took."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TICK_SECONDS = 1.0


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that `title` is under way and, at the end, how long it took.

    On a terminal the line counts the seconds. Elsewhere one line is written when the work starts and one when it ends,
    so that a log shows what hung.
    """
    started = time.monotonic()
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, started, finished), daemon=True)
    ticker.start()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        finished.set()
        ticker.join()
        _write(f"  {title}: {outcome}, {time.monotonic() - started:.1f} s", end="\n")


def say(text: str) -> None:
    """Print one line for the person."""
    print(text, file=sys.stderr, flush=True)


def _tick(title: str, started: float, finished: threading.Event) -> None:
    if not sys.stderr.isatty():
        _write(f"  {title} …", end="\n")
        return
    while not finished.is_set():
        _write(f"  {title} … {time.monotonic() - started:.0f} s", end="")
        finished.wait(_TICK_SECONDS)


def _write(line: str, *, end: str) -> None:
    rewind = "\r\x1b[2K" if sys.stderr.isatty() else ""
    print(f"{rewind}{line}", end=end, file=sys.stderr, flush=True)
