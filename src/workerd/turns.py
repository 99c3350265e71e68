"""Turns of the event loop: taking as few as possible, and doing something later."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import js
from pyodide.ffi import can_run_sync, create_once_callable

from workerd.collector import collect_when_due, stand_still


async def settled(promise: Any) -> Any:
    """The result of a JavaScript promise.

    Within an event of the platform the whole stack waits, which costs a fifth of a turn of Python's event loop
    (docs/performance.md). Work that a timer or another task has begun has no such stack, so it awaits.
    """
    return stand_still(promise) if can_run_sync() else await promise


def start(work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None] | None:
    """Run a coroutine at once, up to its first real wait; returns the rest to await, if there is any.

    A task would begin a turn of the event loop later, and cost more than most frames take. `work` must not ask for the
    current task before its first wait, because there is none.
    """
    collect_when_due()
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


async def let_in(milliseconds: int) -> None:
    """Wait so long, and let in the events that wait outside the object, such as frames.

    Even 0 milliseconds of the platform's scheduler let them in; no promise of storage or SubtleCrypto does.
    """
    collect_when_due()
    await settled(js.scheduler.wait(milliseconds))


class Timer:
    """Calls a function once, later, unless it is cancelled.

    The event loop's own timers (Pyodide 314.0) keep their JavaScript timeout when they are cancelled, and a pending
    timeout keeps the object from hibernating. This one clears the timeout.
    """

    def __init__(self, milliseconds: int, work: Callable[[], None]) -> None:
        self._work = create_once_callable(work)
        self._timeout = js.setTimeout(self._work, milliseconds)

    def cancel(self) -> None:
        """Do not call it; use this at most once, and only before the call."""
        js.clearTimeout(self._timeout)
        self._work.destroy()


def soon(milliseconds: int, work: Callable[[], None]) -> asyncio.TimerHandle:
    """Do something once, later, by the event loop's own timer, which must not be cancelled (see `Timer`)."""
    return asyncio.get_running_loop().call_later(milliseconds / 1_000, work)
