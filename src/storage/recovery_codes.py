"""What a member's recovery code is checked against."""

from storage.database import Table


class RecoveryCodeTable(Table):
    """The digests of recovery codes, at most one a member."""

    def get(self, member: str) -> bytes | None:
        """The digest of a member's code."""
        found = self._run("SELECT digest FROM recovery_codes WHERE member = ?", member)
        return found[0][0] if found else None

    def put(self, member: str, digest: bytes, created_at: int) -> None:
        """Store a member's code, in place of the former one."""
        self._run(
            "INSERT OR REPLACE INTO recovery_codes (member, digest, created_at) VALUES (?, ?, ?)",
            member,
            digest,
            created_at,
        )

    def delete(self, member: str) -> None:
        """Remove a member's code."""
        self._run("DELETE FROM recovery_codes WHERE member = ?", member)

    def members(self) -> set[str]:
        """Everybody who has a code."""
        return {member for (member,) in self._run("SELECT member FROM recovery_codes")}
