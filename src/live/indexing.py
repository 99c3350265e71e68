"""Building segments of the search after commits, in a task of its own, while the room goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from limits import BUILD_AFTER_MS, BUILD_PAUSE_MS, BUILD_REST_MS, SEGMENTS_AT_ONCE
from live.state import RoomState

log = logging.getLogger("durable_chat.room")


class Indexer:
    """Builds the segments of one awake room. What it leaves, the clean-up builds."""

    def __init__(
        self,
        state: RoomState,
        *,
        later: Callable[[int, Callable[[], None]], object],
        let_in: Callable[[int], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        """`later` calls a function once after so many milliseconds; `let_in` lets in the frames that wait."""
        self._state = state
        self._later = later
        self._let_in = let_in
        self._clock = clock
        self._posted = 0  # messages, when it looked last
        self._is_talking = True
        self._timer: object | None = None
        self._under_way: asyncio.Future[None] | None = None

    def begin_soon(self) -> None:
        """Build in a moment, unless that is planned or under way."""
        if self._timer is None and self._under_way is None:
            self._timer = self._later(BUILD_AFTER_MS, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._under_way = asyncio.ensure_future(self._build())

    async def build(self) -> bool:
        """Build some segments; returns whether there may be more to build."""
        return await self._state.indexes.build(SEGMENTS_AT_ONCE, self._pause, now_ms=self._clock())

    async def _pause(self) -> None:
        """Let others in: at length until nobody has written for that long, as nobody waits for a segment."""
        pause_ms = BUILD_PAUSE_MS if self._is_talking or self._has_talked() else BUILD_REST_MS
        await self._let_in(pause_ms)
        self._is_talking = self._has_talked()

    def _has_talked(self) -> bool:
        """Whether messages were posted since the last call."""
        posted, self._posted = self._posted, self._state.indexes.posted
        return posted != self._posted

    async def _build(self) -> None:
        more = False
        try:
            more = await self.build()
        except Exception:
            log.exception("building segments failed")
        finally:
            self._under_way = None
        if more:  # as after an import: otherwise the rest would wait for the clean-up, hours later
            self.begin_soon()
