"""When the courier goes: soon after somebody is to be notified, when something is to be tried again, never otherwise.

Whatever goes wrong here stays here: the messages are stored and told before, and nobody waits for a notification. Timer
and alarm are the shell's business.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from chat.conversation import Posted
from limits import PUSH_ALARM_MS, PUSH_PAUSE_MS, PUSH_TIMEOUT_SECONDS, PUSH_WINDOW_MS
from notify.notices import Notices
from notify.sender import Courier

log = logging.getLogger("durable_chat.push")


class Rounds:
    """Sends the courier of one room on its way."""

    def __init__(
        self,
        notices: Notices,
        courier: Courier | None,
        *,
        is_visible: Callable[[str], bool],
        later: Callable[[int, Callable[[], None]], object],
        arm: Callable[[int], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        """`later` does something once after so many milliseconds; `arm` sets the alarm, which then calls `plan`."""
        self._notices = notices
        self._courier = courier
        self._is_visible = is_visible
        self._later = later
        self._arm = arm
        self._clock = clock
        self._timer: object | None = None
        self._under_way: set[asyncio.Task[None]] = set()  # kept, so that none is collected while it waits

    async def posted(self, posted: Sequence[Posted]) -> None:
        """Messages were stored: notify those who are not looking."""
        try:
            if self._notices.note(posted, is_visible=self._is_visible, now_ms=self._clock()):
                await self.go_soon(PUSH_WINDOW_MS)
        except Exception:
            log.exception("notifying failed")

    async def line_died(self, member: str, since_ms: int) -> None:
        """Somebody seemed to look and had gone: notify them late of what was said meanwhile."""
        try:
            if not self._is_visible(member) and self._notices.note_missed(member, since_ms, now_ms=self._clock()):
                await self.go_soon(PUSH_WINDOW_MS)  # not at once: whoever comes back meanwhile need not be told
        except Exception:
            log.exception("notifying failed")

    async def go_soon(self, milliseconds: int) -> None:
        """Send what is stored in so long, or with the round that is about to begin.

        The alarm stands behind the timer, as a crash takes a timer along and nobody may come back to wake the room.
        """
        self._go_in(milliseconds)
        if self._courier is not None:
            await self._arm(self._clock() + milliseconds + PUSH_ALARM_MS)

    async def plan(self) -> None:
        """See to what is left or is to be tried again: soon with a timer, later with the alarm."""
        next_at = self._notices.next_at() if self._courier is not None else None
        if next_at is None:
            return
        in_ms = next_at - self._clock()
        if in_ms > PUSH_WINDOW_MS:
            await self._arm(next_at)
        elif self._under_way:  # which may be what is due, and plans again when it is over
            await self._arm(self._clock() + int(PUSH_TIMEOUT_SECONDS * 1_000) + PUSH_ALARM_MS)
        else:
            await self.go_soon(max(in_ms, PUSH_PAUSE_MS))

    def _go_in(self, milliseconds: int) -> None:
        if self._timer is None and self._courier is not None:
            self._timer = self._later(milliseconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._under_way.add(asyncio.ensure_future(self._round()))

    async def _round(self) -> None:
        assert self._courier is not None
        try:
            await self._courier.run(is_visible=self._is_visible, clock=self._clock)
        except Exception:
            log.exception("sending notifications failed")
            self._notices.give_up()
        finally:  # should giving up fail as well, the next message begins anew
            self._under_way -= {task for task in self._under_way if task is asyncio.current_task()}
        await self.plan()
