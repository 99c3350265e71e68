"""Members who come and go: announced at most once a second, and notified late if their line died unseen."""

from collections.abc import Callable

from encoding import compact_json
from live.state import RoomState
from notify.schedule import Rounds
from wire.connections import Connection


class Attendance:
    """Keeps the presence of one room."""

    def __init__(
        self,
        state: RoomState,
        rounds: Rounds,
        *,
        send: Callable[[str], None],
        later: Callable[[int, Callable[[], None]], object],
        clock: Callable[[], int],
    ) -> None:
        """`send` sends a frame to everybody; `later` calls a function once after so many milliseconds."""
        self._state = state
        self._rounds = rounds
        self._send = send
        self._later = later
        self._clock = clock
        self._timer: object | None = None

    def announce(self) -> None:
        """Announce who came and went: now, or once a second has passed since the last time."""
        due_ms = self._state.presence.due_in_ms(self._clock())
        if due_ms is not None and self._timer is None:
            self._timer = self._later(due_ms, self._announce_now)

    def _announce_now(self) -> None:
        self._timer = None
        online, offline = self._state.presence.take(self._clock())
        if online or offline:
            self._send(compact_json({"type": "presence", "online": online, "offline": offline}))

    async def leave(self, connection: Connection, *, lost_at: int | None = None) -> None:
        """Note that a member has left with this connection.

        Args:
            lost_at: the time from which they may have seen nothing, although they seemed to look; None if they closed
                it themselves.
        """
        state = self._state
        state.note_connected(connection.member, connection.session, now_ms=self._clock())
        if connection.is_bot:
            state.programs.here.go(connection.member)
            return
        state.presence.go(connection.member, was_visible=connection.is_visible)
        self.announce()
        if lost_at is not None:
            await self._rounds.line_died(connection.member, lost_at)
