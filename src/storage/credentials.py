"""What a proof of the password is checked against."""

from dataclasses import dataclass

from storage.database import Table


@dataclass(frozen=True, slots=True)
class Credential:
    """What a proof is checked against. `fingerprint` is empty, except where an older version stored one."""

    salt: bytes
    hash: bytes
    fingerprint: bytes


class CredentialTable(Table):
    """The credentials, one for each role."""

    def get(self, role: str) -> Credential | None:
        """What a proof for this role is checked against."""
        found = self._run("SELECT salt, hash, fingerprint FROM credentials WHERE role = ?", role)
        return Credential(*found[0]) if found else None

    def put(self, role: str, credential: Credential) -> None:
        """Store or replace what a proof is checked against."""
        self._run(
            "INSERT OR REPLACE INTO credentials (role, salt, hash, fingerprint) VALUES (?, ?, ?, ?)",
            role,
            credential.salt,
            credential.hash,
            credential.fingerprint,
        )

    def delete(self, role: str) -> None:
        """Remove what a proof is checked against; then nobody can prove this role."""
        self._run("DELETE FROM credentials WHERE role = ?", role)
