"""Building segments of the search after commits, in a task of its own, while the room goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from limits import BUILD_AFTER_MS, SEGMENTS_AT_ONCE
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
        return await self._state.indexes.build(SEGMENTS_AT_ONCE, lambda: self._let_in(0), now_ms=self._clock())

    async def _build(self) -> None:
        try:
            await self.build()
        except Exception:
            log.exception("building segments failed")
        finally:
            self._under_way = None
