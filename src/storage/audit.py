"""What admins have done: one sealed row for each act."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Table


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did at a time in ms; no two have the same one."""

    at: int
    sealed: Sealed

    @property
    def size_bytes(self) -> int:
        """The size of its sealed text."""
        return len(self.sealed.data)


class AuditTable(Table):
    """The acts of a room's admins."""

    def put(self, act: Act) -> None:
        """Store an act."""
        self._run("INSERT INTO audit (at, epoch, sealed) VALUES (?, ?, ?)", act.at, act.sealed.epoch, act.sealed.data)

    def newest_at(self) -> int:
        """When the newest act was; 0 if there is none."""
        ((newest,),) = self._run("SELECT coalesce(max(at), 0) FROM audit")
        return int(newest)

    def page_before(self, before: int, limit: int) -> list[Act]:
        """Up to `limit` acts before a time, newest first."""
        found = self._run("SELECT at, epoch, sealed FROM audit WHERE at < ? ORDER BY at DESC LIMIT ?", before, limit)
        return [Act(at, Sealed(epoch, data)) for at, epoch, data in found]

    def delete_until(self, until: int) -> None:
        """Forget the acts up to a time."""
        self._run("DELETE FROM audit WHERE at <= ?", until)
