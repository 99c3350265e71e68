"""The sockets that a room closes by itself: those that do not read, that are silent, or whose session is over."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from errors import LimitReached
from limits import (
    MAX_CLOSING_SOCKETS,
    MAX_SOCKETS_PER_MEMBER,
    ROOM_UNREAD_BYTES,
    SLOW_READER_BYTES,
    SLOW_READER_STEP_BYTES,
    SOCKET_CHECK_MS,
    SOCKET_MISSED_MS,
    UNREAD_STEP_BYTES,
)
from live.backlogs import Backlog, look_again_after, owes_too_much, too_slow
from live.effects import Dismiss
from memory import WAITING, Budget
from wire.connections import Connection
from wire.writing import ENDED, Close

_TOO_SLOW = "too slow to read"


class Sockets(Protocol):
    """The sockets of a room, as the shell keeps them. The core only passes a socket back to the shell."""

    sent_bytes: int
    """How many bytes each socket was sent that has been here since the object woke."""
    queued_bytes: int
    """How many bytes all sockets together were sent since `backlogs` was last called."""

    def ready(self) -> Collection[tuple[Connection, Any]]:
        """The connections that have said hello, with their sockets."""

    def waiting(self) -> Sequence[tuple[Connection, Any]]:
        """The connections that have not said hello, with their sockets."""

    def ready_at(self, key: int) -> tuple[Connection, Any] | None:
        """The ready connection that belongs to a backlog."""

    def last_ping_ms(self, socket: Any) -> int | None:
        """When the runtime last answered a ping of this socket."""

    def backlogs(self) -> list[Backlog]:
        """The bytes that wait in each socket."""

    def unread_of(self, member: str) -> int:
        """How many bytes wait in all sockets of a member."""

    def count(self, member: str) -> tuple[int, int]:
        """How many sockets a member has, and how many that are gone the platform still keeps."""


class Watch:
    """Checks the sockets of one room."""

    def __init__(self, sockets: Sockets, memory: Budget = WAITING) -> None:
        self._sockets = sockets
        self._memory = memory
        self._slow_readers_seen_at = 0
        self._look_after_bytes = UNREAD_STEP_BYTES
        self._unread_bytes = 0  # in all sockets, at the last check

    def check_opening(self, member: str) -> None:
        """Let a member open one more socket.

        Raises:
            LimitReached: they have too many, or too many bytes are unread on their others.
        """
        here, closing = self._sockets.count(member)
        if here >= 2 * MAX_SOCKETS_PER_MEMBER or closing >= MAX_CLOSING_SOCKETS:
            raise LimitReached("Too many connections.")
        if owes_too_much(self._sockets.unread_of(member), self._unread_bytes):
            raise LimitReached("Your other connections have not read what they asked for.")

    # --- sockets that do not read: they fill memory that others need, and can resume ---

    def after_frame(self, connection: Connection, socket: Any) -> Sequence[Dismiss]:
        """The sockets to close after a frame was answered."""
        closing: Sequence[Dismiss] = ()
        if connection.answered_bytes > SLOW_READER_BYTES and connection.is_ready:
            closing = self._slow(connection, socket)
        if self._sockets.queued_bytes > self._look_after_bytes:
            closing = [*closing, *self._owing()]
        return closing

    def after_commit(self) -> Sequence[Dismiss]:
        """The sockets to close after a commit was sent to everybody."""
        closing: list[Dismiss] = []
        if self._sockets.sent_bytes - self._slow_readers_seen_at >= SLOW_READER_STEP_BYTES:
            self._slow_readers_seen_at = self._sockets.sent_bytes
            closing += [each for known in self._sockets.ready() for each in self._slow(*known)]
        if self._sockets.queued_bytes > self._look_after_bytes:
            closing += self._owing()
        return closing

    def _slow(self, connection: Connection, socket: Any) -> list[Dismiss]:
        sent_bytes = 0 if connection.is_bot else self._sockets.sent_bytes  # a bot is sent nothing of this
        is_slow = connection.is_slow(self._sockets.last_ping_ms(socket), sent_bytes)
        return [Dismiss(socket, Close.TOO_MUCH, _TOO_SLOW, is_lost=True)] if is_slow else []

    def _owing(self) -> list[Dismiss]:
        """The sockets to close because of the bytes that really wait: a member and a room may have only so many."""
        backlogs = self._sockets.backlogs()
        room_bytes = min(ROOM_UNREAD_BYTES, self._memory.left_for(self))
        self._look_after_bytes = look_again_after(backlogs, room_bytes)
        self._unread_bytes = sum(each.unread_bytes for each in backlogs)
        self._memory.hold(self, self._unread_bytes)
        found = [self._sockets.ready_at(key) for key in too_slow(backlogs, room_bytes)]
        return [Dismiss(known[1], Close.TOO_MUCH, _TOO_SLOW, is_lost=True) for known in found if known is not None]

    # --- dead sockets: a line can die silently, and a session can end while its socket only listens ---

    def dead(self, now_ms: int) -> list[Dismiss]:
        """The sockets to close because nobody is there any more, or nobody may be."""
        closing = []
        for connection, socket in self._sockets.ready():
            if now_ms >= connection.expires_at:
                closing.append(Dismiss(socket, Close.SESSION_ENDED, ENDED))
            elif connection.is_silent(self._sockets.last_ping_ms(socket), now_ms):
                closing.append(Dismiss(socket, Close.TOO_MUCH, "no sign of life", is_lost=True))
        for connection, socket in self._sockets.waiting():
            if connection.is_silent(None, now_ms):
                closing.append(Dismiss(socket, Close.NO_HELLO, "no hello"))
        return closing

    def ended(self, sessions: Collection[str]) -> list[Dismiss]:
        """The sockets to close because their session is one of these."""
        known = self._sockets.ready()
        return [
            Dismiss(socket, Close.SESSION_ENDED, ENDED)
            for connection, socket in known
            if connection.session in sessions
        ]

    def connections(self) -> list[Connection]:
        """The connections that have said hello."""
        return [connection for connection, _ in self._sockets.ready()]

    def first_look(self, now_ms: int) -> int | None:
        """When to check for dead sockets after somebody came; None while nobody could see a dead one as a member."""
        return now_ms + SOCKET_CHECK_MS if len(self._sockets.ready()) > 1 else None

    def next_look(self, now_ms: int) -> int | None:
        """When to check again: soon enough for sockets that have missed a ping."""
        soonest = self.first_look(now_ms)
        if soonest is None:
            return None
        for connection, socket in self._sockets.ready():
            pinged_at = self._sockets.last_ping_ms(socket)
            if now_ms - connection.heard_at(pinged_at) > SOCKET_MISSED_MS:
                soonest = min(soonest, connection.dead_at(pinged_at) + 1)
        return soonest
