"""When Python looks for objects that only refer to each other: never while a stack stands still.

Python 3.14's collector visits the frames of all stacks, and those that stand still in `run_sync` are not as it expects
them. In Pyodide 314.0.6 that ends the isolate ("memory access out of bounds") within seconds of heavy load. So nothing
is collected by itself. Events ask for it when they begin, which is often enough: few objects refer to each other.
"""

import gc
from typing import Any

from pyodide.ffi import run_sync

YOUNG_OBJECTS = 10_000
"""Objects made and not freed since the last time, until it is worth looking; Python's own number is 2,000."""

_standing = 0  # stacks of this isolate that stand still, of any of its rooms


def stand_still(promise: Any) -> Any:
    """The result of a JavaScript promise, for which the whole stack waits."""
    global _standing
    _standing += 1
    try:
        return run_sync(promise)
    finally:
        _standing -= 1


def collect_when_due() -> None:
    """Collect if no stack stands still and there may be something to collect."""
    if gc.isenabled():  # at the start of an isolate
        gc.disable()
    if not _standing and gc.get_count()[0] >= YOUNG_OBJECTS:
        gc.collect(1)
