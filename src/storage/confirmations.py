"""Logins under a name that is held, which wait for a code or an admin."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A login that waits, under a name that is held."""

    id: str
    token_digest: bytes
    member: str
    created_at: int
    expires_at: int
    tries: int
    approved: bool
    address: bytes
    """The keyed digest of the address that asked."""
    sealed: Sealed


class ConfirmationTable(Table):
    """The logins that wait."""

    def of(self, member: str) -> list[Confirmation]:
        """The logins that wait under this member's name, oldest first."""
        found = self._run(
            "SELECT id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed"
            " FROM confirmations WHERE member = ? ORDER BY created_at",
            member,
        )
        return [_confirmation(row) for row in found]

    def all(self) -> list[Confirmation]:
        """All logins that wait, oldest first."""
        found = self._run(
            "SELECT id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed"
            " FROM confirmations ORDER BY created_at"
        )
        return [_confirmation(row) for row in found]

    def put(self, confirmation: Confirmation) -> None:
        """Store a waiting login, new or changed."""
        self._run(
            "INSERT OR REPLACE INTO confirmations"
            " (id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            confirmation.id,
            confirmation.token_digest,
            confirmation.member,
            confirmation.created_at,
            confirmation.expires_at,
            confirmation.tries,
            int(confirmation.approved),
            confirmation.address,
            confirmation.sealed.epoch,
            confirmation.sealed.data,
        )

    def delete(self, confirmation: str) -> None:
        """Remove a login that no longer waits."""
        self._run("DELETE FROM confirmations WHERE id = ?", confirmation)


def _confirmation(row: Row) -> Confirmation:
    confirmation, digest, member, created_at, expires_at, tries, approved, address, epoch, data = row
    return Confirmation(
        confirmation, digest, member, created_at, expires_at, tries, bool(approved), address, Sealed(epoch, data)
    )
