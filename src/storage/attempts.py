"""Failed logins and used challenges. The object of an address has these two tables and no others."""

from dataclasses import dataclass

from storage.database import Table


@dataclass(frozen=True)
class Attempts:
    """The failed logins of one address that are not forgotten yet. Times in milliseconds since 1970."""

    failures: int
    window_started_at: int
    """The latest failure. LOGIN_FAILURE_WINDOW_MS later the count is forgotten, unless the address must still wait."""
    blocked_until: int
    """0 while the address has never had to wait."""
    blocks: int
    """How often it had to wait so far; each wait is twice as long as the one before."""


class AttemptTable(Table):
    """The failed logins of addresses and of the whole room."""

    def get(self, address: bytes) -> Attempts | None:
        """Failed logins of an address; the empty address counts for the whole room."""
        found = self._run(
            "SELECT failures, window_started_at, blocked_until, blocks FROM attempts WHERE address = ?", address
        )
        return Attempts(*found[0]) if found else None

    def put(self, address: bytes, attempts: Attempts) -> None:
        """Store the count of an address."""
        self._run(
            "INSERT OR REPLACE INTO attempts (address, failures, window_started_at, blocked_until, blocks)"
            " VALUES (?, ?, ?, ?, ?)",
            address,
            attempts.failures,
            attempts.window_started_at,
            attempts.blocked_until,
            attempts.blocks,
        )

    def delete(self, address: bytes) -> None:
        """Forget the count of an address."""
        self._run("DELETE FROM attempts WHERE address = ?", address)


class ChallengeTable(Table):
    """The answers to challenges that somebody has used."""

    def use(self, digest: bytes, expires_at: int) -> bool:
        """Whether this answer is used for the first time; it is remembered until it expires."""
        if self._run("SELECT 1 FROM used_challenges WHERE digest = ?", digest):
            return False
        self._run("INSERT INTO used_challenges (digest, expires_at) VALUES (?, ?)", digest, expires_at)
        return True

    def last_expiry(self) -> int:
        """When the last used answer may be forgotten; 0 if none is remembered."""
        return int(self._run("SELECT coalesce(max(expires_at), 0) FROM used_challenges")[0][0])
