"""Passkeys: the public keys with which members sign in."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key of a member; its name is in `sealed`."""

    id: str
    """The credential id that its authenticator chose, base64url."""
    member: str
    algorithm: int
    """COSE's number (RFC 9053): -7 is ES256, -8 EdDSA, -257 RS256."""
    public_key: bytes
    """SubjectPublicKeyInfo (RFC 5280, section 4.1), DER."""
    sign_count: int
    created_at: int
    used_at: int | None
    sealed: Sealed


class PasskeyTable(Table):
    """The passkeys of all members."""

    def get(self, passkey: str) -> Passkey | None:
        """The passkey with this credential id."""
        found = self._run(
            "SELECT id, member, algorithm, public_key, sign_count, created_at, used_at, epoch, sealed FROM passkeys"
            " WHERE id = ?",
            passkey,
        )
        return _passkey(found[0]) if found else None

    def of(self, member: str) -> list[Passkey]:
        """A member's passkeys, oldest first."""
        found = self._run(
            "SELECT id, member, algorithm, public_key, sign_count, created_at, used_at, epoch, sealed FROM passkeys"
            " WHERE member = ? ORDER BY created_at, id",
            member,
        )
        return [_passkey(row) for row in found]

    def insert(self, passkey: Passkey) -> None:
        """Store a new passkey.

        Raises:
            NotUnique: there is one with this credential id.
        """
        self._run(
            "INSERT INTO passkeys"
            " (id, member, algorithm, public_key, sign_count, created_at, used_at, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            passkey.id,
            passkey.member,
            passkey.algorithm,
            passkey.public_key,
            passkey.sign_count,
            passkey.created_at,
            passkey.used_at,
            passkey.sealed.epoch,
            passkey.sealed.data,
        )

    def set_used(self, passkey: str, sign_count: int, used_at: int) -> None:
        """Store when a passkey was used, and what its authenticator counted."""
        self._run("UPDATE passkeys SET sign_count = ?, used_at = ? WHERE id = ?", sign_count, used_at, passkey)

    def delete(self, passkey: str) -> None:
        """Remove a passkey."""
        self._run("DELETE FROM passkeys WHERE id = ?", passkey)

    def delete_of(self, member: str) -> None:
        """Remove all passkeys of a member."""
        self._run("DELETE FROM passkeys WHERE member = ?", member)

    def members(self) -> set[str]:
        """Everybody who has a passkey."""
        return {member for (member,) in self._run("SELECT DISTINCT member FROM passkeys")}


def _passkey(row: Row) -> Passkey:
    passkey, member, algorithm, public_key, sign_count, created_at, used_at, epoch, data = row
    return Passkey(passkey, member, algorithm, public_key, sign_count, created_at, used_at, Sealed(epoch, data))
