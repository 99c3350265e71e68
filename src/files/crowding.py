"""How many bytes of parts are on their way through an object at once: they fill memory that rooms share."""

from errors import TooManyAttempts
from limits import PARTS_BYTES_AT_ONCE, SESSION_PARTS_BYTES_AT_ONCE
from memory import WAITING, Budget

_AGAIN_SECONDS = 1


class Crowding:
    """The bytes on their way, by session. Nothing of it is stored: what is on its way ends with the object."""

    def __init__(self, memory: Budget = WAITING) -> None:
        self._memory = memory
        self._sessions: dict[str, int] = {}

    def enter(self, session: str, size: int) -> None:
        """Count the bytes of a part; `leave` has to follow.

        Raises:
            TooManyAttempts: this session, or all together, have as many on their way as they may, or memory is short.
        """
        own, all_together = self._sessions.get(session, 0), sum(self._sessions.values())
        most = min(PARTS_BYTES_AT_ONCE, self._memory.left_for(self))
        if own + size > SESSION_PARTS_BYTES_AT_ONCE or all_together + size > most:
            raise TooManyAttempts("Too many parts at once.", retry_after=_AGAIN_SECONDS)
        self._sessions[session] = own + size
        self._memory.hold(self, all_together + size)

    def leave(self, session: str, size: int) -> None:
        """The part has arrived, or never will."""
        self._sessions[session] -= size
        if not self._sessions[session]:
            del self._sessions[session]
        self._memory.hold(self, sum(self._sessions.values()))
