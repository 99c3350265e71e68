"""Notices changed files by their names and times."""

import time
from pathlib import Path

INTERVAL_SECONDS = 1.0

Sight = frozenset[tuple[str, int]]


def sight(folder: Path) -> Sight:
    """The names and times of the files below a folder."""
    return frozenset((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file())


def wait_for_change(folder: Path) -> None:
    """Wait until a file below the folder is written, made or removed."""
    before = sight(folder)
    while sight(folder) == before:
        time.sleep(INTERVAL_SECONDS)
