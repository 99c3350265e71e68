"""When members are not to be disturbed: one sealed row each."""

import json
from collections.abc import Iterable

from sealing.keyring import Sealed
from storage.database import Table


class QuietTable(Table):
    """The quiet of those who said when."""

    def of(self, members: Iterable[str]) -> list[tuple[str, Sealed]]:
        """That of some members, by member; nothing of those who said nothing."""
        found = self._run(
            "SELECT member, epoch, sealed FROM quiet WHERE member IN (SELECT value FROM json_each(?))",
            json.dumps(list(members)),
        )
        return [(member, Sealed(epoch, data)) for member, epoch, data in found]

    def put(self, member: str, sealed: Sealed) -> None:
        """Store or replace a member's."""
        self._run(
            "INSERT OR REPLACE INTO quiet (member, epoch, sealed) VALUES (?, ?, ?)", member, sealed.epoch, sealed.data
        )

    def delete(self, member: str) -> None:
        """Remove a member's, if it is there."""
        self._run("DELETE FROM quiet WHERE member = ?", member)
