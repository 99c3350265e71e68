"""How members and the room look: statuses, the room's name, small pictures. The room's rows are under no member."""

from sealing.keyring import Sealed
from storage.database import Table

ROOM = ""
"""The `member` of the room's own rows."""


class ProfileTable(Table):
    """A member's status, or the room's name and colour: one row each."""

    def all(self) -> list[tuple[str, Sealed]]:
        """All of them, by member."""
        found = self._run("SELECT member, epoch, sealed FROM profiles ORDER BY member")
        return [(member, Sealed(epoch, data)) for member, epoch, data in found]

    def put(self, member: str, sealed: Sealed) -> None:
        """Store or replace one."""
        self._run(
            "INSERT OR REPLACE INTO profiles (member, epoch, sealed) VALUES (?, ?, ?)",
            member,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, member: str) -> None:
        """Remove one, if it is there."""
        self._run("DELETE FROM profiles WHERE member = ?", member)


class PictureTable(Table):
    """The pictures, under ids that change with them."""

    def ids(self) -> list[tuple[str, str]]:
        """Whose pictures there are, with their ids; reads no picture."""
        return [(member, picture) for member, picture in self._run("SELECT member, id FROM pictures ORDER BY member")]

    def get(self, member: str) -> tuple[str, Sealed] | None:
        """Id and picture of a member."""
        found = self._run("SELECT id, epoch, sealed FROM pictures WHERE member = ?", member)
        return (found[0][0], Sealed(found[0][1], found[0][2])) if found else None

    def put(self, member: str, picture: str, sealed: Sealed) -> None:
        """Store or replace a member's picture."""
        self._run(
            "INSERT OR REPLACE INTO pictures (member, id, epoch, sealed) VALUES (?, ?, ?, ?)",
            member,
            picture,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, member: str) -> None:
        """Remove a member's picture, if there is one."""
        self._run("DELETE FROM pictures WHERE member = ?", member)
