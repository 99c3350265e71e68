"""Events that are not new messages, in order of `seq`."""

from dataclasses import dataclass
from itertools import takewhile

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Change:
    """A stored event that is not a new message."""

    seq: int
    at: int
    channel: str
    author: str
    sealed: Sealed


class ChangeTable(Table):
    """The events that a browser may have missed."""

    def newest(self) -> int:
        """The `seq` of the newest change still stored, 0 if none is."""
        return int(self._run("SELECT max(seq) FROM changes")[0][0] or 0)

    def insert(self, change: Change) -> None:
        """Store an event."""
        self._run(
            "INSERT INTO changes (seq, at, channel, author, epoch, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            change.seq,
            change.at,
            change.channel,
            change.author,
            change.sealed.epoch,
            change.sealed.data,
        )

    def after(self, seq: int, limit: int) -> list[Change]:
        """Events newer than `seq`, oldest first."""
        found = self._run(
            "SELECT seq, at, channel, author, epoch, sealed FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit
        )
        return [_change(row) for row in found]

    def oldest_at(self) -> int | None:
        """When the oldest stored change was made, in ms; None if none is stored."""
        found = self._run("SELECT at FROM changes ORDER BY seq LIMIT 1")
        return int(found[0][0]) if found else None

    def purge(self, before_ms: int, limit: int) -> int:
        """Remove up to `limit` of the oldest changes made before a time; return the newest removed `seq`, or 0."""
        found = self._run("SELECT seq, at FROM changes ORDER BY seq LIMIT ?", limit)
        old = [seq for seq, _ in takewhile(lambda row: row[1] < before_ms, found)]
        if old:
            self._run("DELETE FROM changes WHERE seq <= ?", old[-1])
        return old[-1] if old else 0


def _change(row: Row) -> Change:
    seq, at, channel, author, epoch, data = row
    return Change(seq, at, channel, author, Sealed(epoch, data))
