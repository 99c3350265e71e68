"""The one writer of a room: collects changes, stores them together, then answers and announces them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from chat.changes import Request
from chat.window import Window
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
        listeners: Callable[[], int],
        answer: Callable[[Any, str], None],
        publish: Callable[[Sequence[Effect]], Awaitable[None]],
        later: Callable[[int, Callable[[], None]], object],
        clock: Callable[[], int],
    ) -> None:
        """Connect the writer to its room.

        Args:
            listeners: how many sockets a commit is sent to.
            answer: sends an answer to the socket that asked.
            publish: performs the effects of a commit.
            later: calls a function once after so many milliseconds, and lets frames in meanwhile.
        """
        self._state = state
        self._listeners = listeners
        self._answer = answer
        self._publish = publish
        self._later = later
        self._clock = clock
        self._queue: list[tuple[Any, Request]] = []  # not stored yet, and not acknowledged
        self._window = Window()
        self._is_writing = False
        self._task: asyncio.Task[None] | None = None  # a reference, so that it is not garbage-collected while it waits

    def enqueue(self, socket: Any, request: Request) -> None:
        """Queue a change; `write` stores it."""
        self._queue.append((socket, request))

    @property
    def has_work(self) -> bool:
        """Whether changes wait and nobody is committing them."""
        return bool(self._queue) and not self._is_writing

    async def write(self) -> None:
        """Commit the queue: at once, or in a busy room after a short wait for more.

        Does nothing while an earlier call is still running, because that one takes everything that is queued meanwhile.
        """
        if not self.has_work:
            return
        self._is_writing = True
        wait_ms = self._window.wait_ms(self._clock(), self._listeners())
        if wait_ms:
            self._later(wait_ms, self._write_collected)
        else:
            await self._write_queue()

    def _write_collected(self) -> None:
        self._window.collected(len(self._queue), self._listeners())
        self._task = asyncio.ensure_future(self._write_queue())

    async def _write_queue(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                await self._commit(batch)
        finally:
            self._is_writing = False

    async def _commit(self, batch: Sequence[tuple[Any, Request]]) -> None:
        """Store changes, then answer and announce them, so that nobody sees what could still be lost."""
        outcome = await self._state.conversation.commit([request for _, request in batch], now_ms=self._clock())
        if outcome.failure is not None:
            log.error("commit failed", exc_info=outcome.failure)
        for (socket, request), answer in zip(batch, outcome.answers, strict=True):
            if answer is not None:
                self._answer(socket, answer or error_frame(Internal(), request.frame.ref))
        await self._publish(committed(self._state, outcome))
