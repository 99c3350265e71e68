"""How much a search or the building of segments may do at once: slices of work, and pauses in which others get in.

Work is counted and not timed, because the object's clock stands still while code runs. A unit is about 0.1 ms in
workerd on the machine of docs/performance.md.
"""

from collections.abc import Awaitable, Callable

from limits import SEARCH_SLICE_UNITS

Pause = Callable[[], Awaitable[None]]
"""Lets in the events that wait outside the object."""


class Pace:
    """Counts the work of one search or build."""

    def __init__(self, pause: Pause, *, budget: int | None = None, slice_units: int | None = None) -> None:
        """`budget`: units that may be spent in all; None for any number. `slice_units`: between two pauses."""
        self._pause = pause
        self._slice_units = slice_units or SEARCH_SLICE_UNITS
        self._budget = budget
        self._spent = 0
        self._slice = 0

    @property
    def is_spent(self) -> bool:
        """Whether the budget is used up."""
        return self._budget is not None and self._spent >= self._budget

    def would_pause(self, units: int) -> bool:
        """Whether so much work, not counted yet, would end a slice."""
        return self._slice + units >= self._slice_units

    async def spend(self, units: int) -> None:
        """Count work that was done, and pause after each slice."""
        self._spent += units
        self._slice += units
        if self._slice >= self._slice_units:
            self._slice = 0
            await self._pause()
