"""The one alarm of a room: set only if its time changes, as that writes a row, and set again if it was lost."""

from collections.abc import Callable
from typing import Protocol

from limits import ALARM_LATE_MS, SOCKET_CHECK_MS

SOONEST_MS = 1  # ahead: an alarm that sets the next one to this very millisecond loses it (workerd, issue 6866)


class Bell(Protocol):
    """The platform's alarm: it survives sleep, and rings once."""

    async def get(self) -> int | None:
        """The time in ms at which it rings, or None if it is not set."""

    async def set(self, at_ms: int) -> None:
        """Let it ring at this time instead."""


class Alarm:
    """Decides when the bell has to ring."""

    def __init__(self, bell: Bell, *, clock: Callable[[], int]) -> None:
        self._bell = bell
        self._clock = clock
        self._at: int | None = None  # a cache of the stored time
        self._rung = 0  # how often it has rung

    async def arm(self, at_ms: int | None) -> None:
        """Have the alarm ring at `at_ms` or earlier, or at once if that is over. None asks for nothing.

        An alarm that should have rung long ago was lost and never will. It is set to ring now, which does all work that
        waits.
        """
        if at_ms is None:
            return
        now_ms = self._clock()
        at_ms = max(at_ms, now_ms + SOONEST_MS)
        if self._rings_by(at_ms, now_ms):
            return
        rung = self._rung
        present = await self._bell.get()
        if self._rings_by(at_ms, now_ms):  # somebody else has asked meanwhile: a later time must not replace theirs
            return
        if rung != self._rung:  # that was the time at which it has rung
            present = None
        is_lost = _is_lost(present, now_ms)
        if present is None or present > at_ms or is_lost:
            await self._set(now_ms + SOONEST_MS if is_lost else at_ms)
        else:
            self._at = present

    def _rings_by(self, at_ms: int, now_ms: int) -> bool:
        return self._at is not None and self._at <= at_ms and not _is_lost(self._at, now_ms)

    async def _set(self, at_ms: int) -> None:
        self._at = at_ms  # known to all who ask while it is set
        try:
            await self._bell.set(at_ms)
        except BaseException:
            self._at = None
            raise

    def is_lost(self, now_ms: int) -> bool:
        """Whether the alarm should have rung long ago; `arm` sets it again."""
        return _is_lost(self._at, now_ms)

    def rang(self) -> None:
        """Note that it has rung, so it is not set any more."""
        self._at = None
        self._rung += 1

    async def ring_again(self) -> None:
        """Try again soon, because the work failed."""
        await self._bell.set(self._clock() + SOCKET_CHECK_MS)


def _is_lost(at_ms: int | None, now_ms: int) -> bool:
    return at_ms is not None and at_ms <= now_ms - ALARM_LATE_MS
