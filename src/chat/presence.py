"""Who is here, sent as differences at most once a second; the work grows with the members who come and go."""

from collections import Counter
from dataclasses import dataclass, field

from limits import PRESENCE_EVERY_MS


@dataclass(slots=True)
class Presence:
    """How many sockets each member has here, and which members the others saw last.

    A cache: rebuilt from the open sockets when the object wakes.
    """

    _sockets: dict[str, int] = field(default_factory=dict)
    _hidden: dict[str, int] = field(default_factory=dict)
    _untold: dict[str, bool] = field(default_factory=dict)
    _told_at: int = 0

    def is_online(self, member: str) -> bool:
        """Whether the member has a socket here."""
        return member in self._sockets

    def is_visible(self, member: str) -> bool:
        """Whether the member has a socket here and is looking at the chat on it."""
        return self._sockets.get(member, 0) > self._hidden.get(member, 0)

    def online(self) -> frozenset[str]:
        """All members who are here."""
        return frozenset(self._sockets)

    def sockets(self, member: str) -> int:
        """How many sockets the member has here."""
        return self._sockets.get(member, 0)

    def come(self, member: str, *, told: bool = False) -> None:
        """Count one more socket of a member; `told` if it was already here before the object slept."""
        self._sockets[member] = self._sockets.get(member, 0) + 1
        if self._sockets[member] == 1 and not told:
            self._note(member, online=True)

    def look(self, member: str, *, away: bool) -> None:
        """Count one socket less on which the member looks at the chat (`away`), or one more again."""
        hidden = self._hidden.pop(member, 0) + (1 if away else -1)
        if hidden > 0:
            self._hidden[member] = hidden

    def go(self, member: str, *, was_visible: bool = True) -> None:
        """Count one socket less."""
        if not was_visible:
            self.look(member, away=False)
        left = self._sockets.get(member, 0) - 1
        if left > 0:
            self._sockets[member] = left
        elif self._sockets.pop(member, None) is not None:
            self._note(member, online=False)

    @property
    def has_news(self) -> bool:
        """Whether somebody came or went since the last frame."""
        return bool(self._untold)

    def due_in_ms(self, now_ms: int) -> int | None:
        """Milliseconds until the next frame may be sent; None if there is nothing to send."""
        if not self._untold:
            return None
        return min(max(0, self._told_at + PRESENCE_EVERY_MS - now_ms), PRESENCE_EVERY_MS)  # the clock may be set back

    def take(self, now_ms: int) -> tuple[list[str], list[str]]:
        """The members for the next frame: who came and who went, each sorted."""
        online = sorted(member for member, here in self._untold.items() if here)
        offline = sorted(member for member, here in self._untold.items() if not here)
        self._untold.clear()
        self._told_at = now_ms
        return online, offline

    def _note(self, member: str, *, online: bool) -> None:
        if self._untold.get(member, online) != online:
            del self._untold[member]  # came and went within the second: nobody needs to see that
        else:
            self._untold[member] = online


class Listeners:
    """How many sockets each bot has here. Nobody is told: a bot is never present. A cache, like `Presence`."""

    def __init__(self) -> None:
        self._sockets: Counter[str] = Counter()

    def all(self) -> list[str]:
        """The bots that have a socket here."""
        return list(self._sockets)

    def sockets(self, bot: str) -> int:
        """How many sockets a bot has here."""
        return self._sockets[bot]

    def come(self, bot: str) -> None:
        """Count one more socket of a bot."""
        self._sockets[bot] += 1

    def go(self, bot: str) -> None:
        """Count one socket less."""
        self._sockets[bot] -= 1
        if self._sockets[bot] <= 0:
            del self._sockets[bot]
