"""Who is here, told as differences, at most once a second, with work in proportion to those who come and go."""

from dataclasses import dataclass, field

from limits import PRESENCE_EVERY_MS


@dataclass(slots=True)
class Presence:
    """How many sockets each member has here, and what the others were last told.

    A cache: rebuilt from the sockets that are open when the object wakes.
    """

    _sockets: dict[str, int] = field(default_factory=dict)
    _hidden: dict[str, int] = field(default_factory=dict)
    _untold: dict[str, bool] = field(default_factory=dict)
    _told_at: int = 0

    def is_online(self, member: str) -> bool:
        """Whether the member has a socket here."""
        return member in self._sockets

    def is_visible(self, member: str) -> bool:
        """Whether the member has a socket here and looks at the chat on it."""
        return self._sockets.get(member, 0) > self._hidden.get(member, 0)

    def online(self) -> frozenset[str]:
        """Everybody who is here."""
        return frozenset(self._sockets)

    def sockets(self, member: str) -> int:
        """How many sockets the member has here."""
        return self._sockets.get(member, 0)

    def come(self, member: str, *, told: bool = False) -> None:
        """One more socket of a member; `told` when it was here before the object slept."""
        self._sockets[member] = self._sockets.get(member, 0) + 1
        if self._sockets[member] == 1 and not told:
            self._note(member, online=True)

    def look(self, member: str, *, away: bool) -> None:
        """The member looks at the chat on one socket less (`away`), or again on one more."""
        hidden = self._hidden.pop(member, 0) + (1 if away else -1)
        if hidden > 0:
            self._hidden[member] = hidden

    def go(self, member: str, *, was_visible: bool = True) -> None:
        """One socket less."""
        if not was_visible:
            self.look(member, away=False)
        left = self._sockets.get(member, 0) - 1
        if left > 0:
            self._sockets[member] = left
        elif self._sockets.pop(member, None) is not None:
            self._note(member, online=False)

    @property
    def has_news(self) -> bool:
        """Whether somebody came or went who was not told of yet."""
        return bool(self._untold)

    def due_in_ms(self, now_ms: int) -> int | None:
        """Milliseconds until the next frame may go out, None when there is nothing to tell."""
        if not self._untold:
            return None
        return min(max(0, self._told_at + PRESENCE_EVERY_MS - now_ms), PRESENCE_EVERY_MS)  # the clock may be set back

    def take(self, now_ms: int) -> tuple[list[str], list[str]]:
        """What to tell now: who came and who went, each sorted."""
        online = sorted(member for member, here in self._untold.items() if here)
        offline = sorted(member for member, here in self._untold.items() if not here)
        self._untold.clear()
        self._told_at = now_ms
        return online, offline

    def _note(self, member: str, *, online: bool) -> None:
        if self._untold.get(member, online) != online:
            del self._untold[member]  # came and went within the second: nobody needs to know
        else:
            self._untold[member] = online
