"""A folder for the files of one run that nobody needs afterwards: secrets for wrangler, logs, temporary files.

It is named after the process, so that the next run finds and removes what a killed run left behind.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.paths import CACHE

_RUNS = CACHE / "runs"


@contextmanager
def run_folder() -> Iterator[Path]:
    """A new folder, removed when the block ends."""
    _RUNS.mkdir(parents=True, exist_ok=True)
    _remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=_RUNS))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind() -> None:
    for folder in _RUNS.iterdir():
        owner, _, _ = folder.name.partition("-")
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
