"""Turns of the event loop: how to take as few as possible, and how to do something later."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import js
from pyodide.ffi import can_run_sync, create_once_callable, run_sync


async def settled(promise: Any) -> Any:
    """What a JavaScript promise comes to.

    Within an event of the platform the whole stack waits, which costs a fifth of what Python's event loop takes for it
    (docs/performance.md); what a timer or another task has begun has no such stack and awaits.
    """
    return run_sync(promise) if can_run_sync() else await promise


def start(work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None] | None:
    """Run a coroutine at once, as far as it goes without waiting; what is left of it is to be awaited.

    A task would begin a turn of the event loop later, and cost more than most frames take. Nothing in `work` may ask
    for the current task before it has waited: there is none.
    """
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return _go_on(work, waits_for)


async def _go_on(work: Coroutine[Any, Any, None], waits_for: Any) -> None:
    while True:
        await (asyncio.sleep(0) if waits_for is None else asyncio.wait([waits_for]))
        try:
            waits_for = work.send(None)
        except StopIteration:
            return


class Timer:
    """Something to do once, later, unless it is cancelled.

    The event loop's own timers (Pyodide 314.0) keep their JavaScript timeout when they are cancelled, and a pending
    timeout keeps the object from hibernating; this one lets go.
    """

    def __init__(self, seconds: float, work: Callable[[], None]) -> None:
        self._work = create_once_callable(work)
        self._timeout = js.setTimeout(self._work, int(seconds * 1_000))

    def cancel(self) -> None:
        """Do not do it; to be called at most once, and only before it is done."""
        js.clearTimeout(self._timeout)
        self._work.destroy()
