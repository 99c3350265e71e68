"""The members of a room, present and former."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table

LEFT, REMOVED = "left", "removed"
"""How somebody ceases to be a member: by being away while somebody else needs the name or the place, or by an admin."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as stored; the name is in `sealed`. Messages up to `joined_seq` were there before they came."""

    id: str
    role: str
    seen_at: int
    removed_at: int | None
    sealed: Sealed
    joined_seq: int = 0
    hue: int = 0
    joined_at: int = 0
    made_admin: bool = False
    went: str | None = None


class MemberTable(Table):
    """The members, with their sealed names."""

    def all(self) -> list[MemberRow]:
        """All members, removed ones too: their old messages still need a name."""
        found = self._run(
            "SELECT id, role, seen_at, removed_at, epoch, sealed, joined_seq, hue, joined_at, made_admin, went"
            " FROM members ORDER BY joined_at, id"
        )
        return [_member(row) for row in found]

    def named(self, name_digest: bytes) -> str | None:
        """The id of the present member with this name."""
        found = self._run("SELECT id FROM members WHERE name_digest = ? AND removed_at IS NULL", name_digest)
        return found[0][0] if found else None

    def insert(self, member: MemberRow, *, name_digest: bytes) -> None:
        """Store a new member."""
        self._run(
            "INSERT INTO members (id, name_digest, role, joined_at, seen_at, epoch, sealed, joined_seq, hue)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            member.id,
            name_digest,
            member.role,
            member.joined_at,
            member.seen_at,
            member.sealed.epoch,
            member.sealed.data,
            member.joined_seq,
            member.hue,
        )

    def rename(self, member: str, sealed: Sealed, *, name_digest: bytes) -> None:
        """Store another name of a member."""
        self._run(
            "UPDATE members SET name_digest = ?, epoch = ?, sealed = ? WHERE id = ?",
            name_digest,
            sealed.epoch,
            sealed.data,
            member,
        )

    def set_role(self, member: str, role: str) -> None:
        """Change the role that others see."""
        self._run("UPDATE members SET role = ? WHERE id = ?", role, member)

    def make_admin(self, member: str, *, on: bool, role: str) -> None:
        """Store that an admin has made somebody one, or has taken that back, and the role that others see then."""
        self._run("UPDATE members SET made_admin = ?, role = ? WHERE id = ?", int(on), role, member)

    def unmake_admins(self) -> None:
        """Take back what admins have made others; the roles that are seen follow."""
        self._run("UPDATE members SET made_admin = 0 WHERE made_admin = 1")

    def set_seen(self, member: str, seen_at: int) -> None:
        """Store when the member was here."""
        self._run("UPDATE members SET seen_at = ? WHERE id = ?", seen_at, member)

    def silent(self, now_ms: int, seen_before_ms: int, limit: int) -> list[str]:
        """Present people without a live session, a message, a channel, a code or a passkey; longest not seen first.

        Reads the author of every message.
        """
        found = self._run(
            "SELECT id FROM members WHERE removed_at IS NULL AND role != 'bot'"
            " AND id NOT IN (SELECT member FROM sessions WHERE expires_at > ? AND seen_at > ?)"
            " AND id NOT IN (SELECT author FROM messages) AND id NOT IN (SELECT created_by FROM channels)"
            " AND id NOT IN (SELECT member FROM recovery_codes) AND id NOT IN (SELECT member FROM passkeys)"
            " ORDER BY seen_at LIMIT ?",
            now_ms,
            seen_before_ms,
            limit,
        )
        return [member for (member,) in found]

    def unnamed_former(self) -> list[str]:
        """Former members who wrote no message, made no channel or bot, are in no conversation, are the author of no
        change and of no pin, and are not banned.

        Reads the author of every message and change.
        """
        found = self._run(
            "SELECT id FROM members WHERE removed_at IS NOT NULL"
            " AND id NOT IN (SELECT author FROM messages) AND id NOT IN (SELECT created_by FROM channels)"
            " AND id NOT IN (SELECT author FROM changes) AND id NOT IN (SELECT member FROM bans)"
            " AND id NOT IN (SELECT created_by FROM bots)"
            " AND id NOT IN (SELECT member FROM lane_members) AND id NOT IN (SELECT created_by FROM lanes)"
            " AND id NOT IN (SELECT author FROM lane_changes) AND id NOT IN (SELECT author FROM pins)"
        )
        return [member for (member,) in found]

    def forget(self, member: str) -> None:
        """Remove a former member's row, the last that is stored about them."""
        self._run("DELETE FROM members WHERE id = ? AND removed_at IS NOT NULL", member)


def _member(row: Row) -> MemberRow:
    member, role, seen_at, removed_at, epoch, data, joined_seq, hue, joined_at, made_admin, went = row
    sealed = Sealed(epoch, data)
    return MemberRow(member, role, seen_at, removed_at, sealed, joined_seq, hue, joined_at, bool(made_admin), went)
