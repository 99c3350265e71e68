"""Messages that members have saved for themselves: one row each."""

from typing import NamedTuple

from storage.database import Table


class Saved(NamedTuple):
    """A message that somebody has saved."""

    channel: str
    seq: int
    """The message's."""
    at: int
    """When it was saved, in ms; of one member no two are equal."""


class SavedTable(Table):
    """The saved messages of all members."""

    def put(self, member: str, saved: Saved) -> None:
        """Save a message."""
        self._run(
            "INSERT INTO saved (member, channel, seq, at) VALUES (?, ?, ?, ?)",
            member,
            saved.channel,
            saved.seq,
            saved.at,
        )

    def delete(self, member: str, channel: str, seq: int) -> None:
        """Save a message no longer."""
        self._run("DELETE FROM saved WHERE member = ? AND channel = ? AND seq = ?", member, channel, seq)

    def delete_all(self, member: str) -> None:
        """Forget what a member has saved."""
        self._run("DELETE FROM saved WHERE member = ?", member)

    def has(self, member: str, channel: str, seq: int) -> bool:
        """Whether the member has saved a message."""
        return bool(self._run("SELECT 1 FROM saved WHERE member = ? AND channel = ? AND seq = ?", member, channel, seq))

    def of(self, member: str) -> list[Saved]:
        """What a member has saved, newest first; MAX_SAVED at most."""
        found = self._run("SELECT channel, seq, at FROM saved WHERE member = ? ORDER BY at DESC", member)
        return [Saved(*row) for row in found]
