"""The one writer of a room: collects changes, stores them together, then answers and announces them."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from chat.changes import Request
from chat.intake import Intake
from errors import Internal
from live.announcements import committed
from live.effects import Effect
from live.state import RoomState
from wire.writing import error_frame

log = logging.getLogger("durable_chat.room")


class Writer:
    """Commits the changes from the sockets of one room."""

    def __init__(
        self,
        state: RoomState,
        *,
        answer: Callable[[Any, str], None],
        publish: Callable[[Sequence[Effect]], Awaitable[None]],
        let_in: Callable[[int], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        """Connect the writer to its room.

        Args:
            answer: sends an answer to the socket that asked.
            publish: performs the effects of a commit.
            let_in: waits so many milliseconds, and lets in the frames that wait or come meanwhile.
        """
        self._state = state
        self._answer = answer
        self._publish = publish
        self._let_in = let_in
        self._clock = clock
        self._queue: list[tuple[Any, Request]] = []  # not stored yet, and not acknowledged
        self._intake = Intake()
        self._is_writing = False

    def enqueue(self, socket: Any, request: Request) -> None:
        """Queue a change; `write` stores it."""
        self._queue.append((socket, request))

    @property
    def has_work(self) -> bool:
        """Whether changes wait and nobody is committing them."""
        return bool(self._queue) and not self._is_writing

    async def write(self) -> None:
        """Commit the queue: at once, or in a busy room together with the changes that already wait outside.

        Does nothing while an earlier call is still running, because that one takes everything that is queued meanwhile.
        """
        if not self.has_work:
            return
        self._is_writing = True
        try:
            while self._queue:
                await self._take_in()
                batch, self._queue = self._queue, []
                await self._commit(batch)
        finally:
            self._is_writing = False

    async def _take_in(self) -> None:
        wait_ms = self._intake.wait_ms()
        if wait_ms is not None:
            queued = len(self._queue)
            await self._let_in(wait_ms)
            self._intake.brought(len(self._queue) - queued)

    async def _commit(self, batch: Sequence[tuple[Any, Request]]) -> None:
        """Store changes, then answer and announce them, so that nobody sees what could still be lost."""
        outcome = await self._state.conversation.commit([request for _, request in batch], now_ms=self._clock())
        if outcome.failure is not None:
            log.error("commit failed", exc_info=outcome.failure)
        for (socket, request), answer in zip(batch, outcome.answers, strict=True):
            if answer is not None:
                self._answer(socket, answer or error_frame(Internal(), request.frame.ref))
        await self._publish(committed(self._state, outcome))
