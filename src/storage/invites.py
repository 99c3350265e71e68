"""Invites: links that let new people in, or another device of their member; and who came by which."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that lets somebody in; its label is in `sealed`."""

    digest: bytes
    """SHA-256 of the proof that a login by this link carries."""
    id: str
    kind: str
    member: str
    """Who made it."""
    session: str
    """The device that made it."""
    created_at: int
    expires_at: int
    uses: int | None
    """How many members it lets in; None for any number."""
    sealed: Sealed


class InviteTable(Table):
    """The invites, and who has used them."""

    def get(self, digest: bytes) -> Invite | None:
        """The invite that a login proves."""
        found = self._run(
            "SELECT digest, id, kind, member, session, created_at, expires_at, uses, epoch, sealed FROM invites"
            " WHERE digest = ?",
            digest,
        )
        return _invite(found[0]) if found else None

    def all(self) -> list[Invite]:
        """All invites, oldest first."""
        found = self._run(
            "SELECT digest, id, kind, member, session, created_at, expires_at, uses, epoch, sealed FROM invites"
            " ORDER BY created_at, id"
        )
        return [_invite(row) for row in found]

    def insert(self, invite: Invite) -> None:
        """Store a new invite.

        Raises:
            NotUnique: there is one with this digest.
        """
        self._run(
            "INSERT INTO invites"
            " (digest, id, kind, member, session, created_at, expires_at, uses, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            invite.digest,
            invite.id,
            invite.kind,
            invite.member,
            invite.session,
            invite.created_at,
            invite.expires_at,
            invite.uses,
            invite.sealed.epoch,
            invite.sealed.data,
        )

    def delete(self, invite: Invite) -> None:
        """Remove an invite, and who has used it."""
        self._run("DELETE FROM invites WHERE digest = ?", invite.digest)
        self._run("DELETE FROM invite_uses WHERE invite = ?", invite.id)

    def delete_made_by(self, session: str) -> None:
        """Remove the invites that a device has made; the clean-up removes their uses."""
        self._run("DELETE FROM invites WHERE session = ?", session)

    def use(self, invite: str, member: str) -> None:
        """Note that a member came by an invite."""
        self._run("INSERT INTO invite_uses (invite, member) VALUES (?, ?)", invite, member)

    def used_by(self, invite: str) -> list[str]:
        """The members who came by an invite."""
        return [member for (member,) in self._run("SELECT member FROM invite_uses WHERE invite = ?", invite)]

    def count_uses(self) -> dict[str, int]:
        """How many members came by each invite."""
        return dict(self._run("SELECT invite, COUNT(*) FROM invite_uses GROUP BY invite"))

    def delete_expired(self, now_ms: int) -> None:
        """Remove the invites whose time is over, and uses that belong to none any more."""
        self._run("DELETE FROM invites WHERE expires_at <= ?", now_ms)
        self._run("DELETE FROM invite_uses WHERE invite NOT IN (SELECT id FROM invites)")


def _invite(row: Row) -> Invite:
    digest, invite, kind, member, session, created_at, expires_at, uses, epoch, data = row
    return Invite(digest, invite, kind, member, session, created_at, expires_at, uses, Sealed(epoch, data))
