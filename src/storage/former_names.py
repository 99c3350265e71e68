"""What members were called before they changed their names, sealed."""

from sealing.keyring import Sealed
from storage.database import Table


class FormerNameTable(Table):
    """One row for each change of a name."""

    def all(self) -> list[tuple[str, int, Sealed]]:
        """All of them, each with its member and the time in ms of the change, in order of time for each member."""
        found = self._run("SELECT member, at, epoch, sealed FROM former_names ORDER BY member, at")
        return [(member, at, Sealed(epoch, data)) for member, at, epoch, data in found]

    def put(self, member: str, at: int, sealed: Sealed) -> None:
        """Store what a member was called until then."""
        self._run(
            "INSERT INTO former_names (member, at, epoch, sealed) VALUES (?, ?, ?, ?)",
            member,
            at,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, member: str, at: int) -> None:
        """Forget one of them."""
        self._run("DELETE FROM former_names WHERE member = ? AND at = ?", member, at)

    def delete_all(self, member: str) -> None:
        """Forget all that a member was called."""
        self._run("DELETE FROM former_names WHERE member = ?", member)
