"""When the courier runs: soon after a message is stored for somebody who is away, and when a try is due.

An error here stays here: the messages are already stored and announced, and nobody waits for a notification. The shell
provides timer and alarm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from chat.changes import Posted
from limits import PUSH_ALARM_MS, PUSH_PAUSE_MS, PUSH_TIMEOUT_SECONDS, PUSH_WINDOW_MS
from notify.notices import Notices
from notify.sender import Courier

log = logging.getLogger("durable_chat.push")


class Rounds:
    """Starts the rounds of one room's courier."""

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
        """`later` calls a function once after so many milliseconds; `arm` sets the alarm, which then calls `plan`."""
        self._notices = notices
        self._courier = courier
        self._is_visible = is_visible
        self._later = later
        self._arm = arm
        self._clock = clock
        self._timer: object | None = None
        self._under_way: set[asyncio.Task[None]] = set()  # references, so that no waiting task is garbage-collected

    async def posted(self, posted: Sequence[Posted]) -> None:
        """Notify the members who are not looking of messages that were just stored."""
        try:
            if await self._notices.note(posted, is_visible=self._is_visible, now_ms=self._clock()):
                await self.go_soon(PUSH_WINDOW_MS)
        except Exception:
            log.exception("notifying failed")

    async def line_died(self, member: str, since_ms: int) -> None:
        """Notify a member late: they seemed to look, but their connection was dead."""
        try:
            if self._is_visible(member):
                return
            if await self._notices.note_missed(member, since_ms, now_ms=self._clock()):
                await self.go_soon(PUSH_WINDOW_MS)  # not at once: a member who comes back until then needs no notice
        except Exception:
            log.exception("notifying failed")

    async def go_soon(self, milliseconds: int) -> None:
        """Start a round after so many milliseconds, or leave it to the round that is about to begin.

        The alarm is set behind the timer: a crash loses timers, and perhaps nobody comes back to wake the room.
        """
        self._go_in(milliseconds)
        if self._courier is not None:
            await self._arm(self._clock() + milliseconds + PUSH_ALARM_MS)

    async def plan(self) -> None:
        """Plan the next round for notices that are left or due again: a timer if soon, the alarm if later."""
        next_at = self._notices.next_at() if self._courier is not None else None
        if next_at is None:
            return
        in_ms = next_at - self._clock()
        if in_ms > PUSH_WINDOW_MS:
            await self._arm(next_at)
        elif self._under_way:  # it may be sending what is due; it plans again when it ends
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
        finally:  # even if `give_up` fails too, the next message starts a new round
            self._under_way -= {task for task in self._under_way if task is asyncio.current_task()}
        await self.plan()
