"""Devices: those that are signed in, and those that were signed out from elsewhere and still have their cookies."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table

PASSWORD, INVITE, RECOVERY, PASSKEY = "password", "invite", "recovery", "passkey"
"""What a session may begin with."""


@dataclass(frozen=True, slots=True)
class Session:
    """One device of a member."""

    id: str
    member: str
    role: str
    created_at: int
    seen_at: int
    expires_at: int
    sealed: Sealed
    began: str = PASSWORD
    """What it began with: PASSWORD, or something that no change of the password ends."""


@dataclass(frozen=True, slots=True)
class PastDevice:
    """A device that still has its old cookie, and whose member's name somebody else has taken since."""

    token_digest: bytes
    member: str
    replaced_at: int


class SessionTable(Table):
    """The devices that are signed in. `Store.delete_session` signs one out."""

    def get(self, token_digest: bytes) -> Session | None:
        """The session of a cookie."""
        found = self._run(
            "SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed, began FROM sessions"
            " WHERE token_digest = ?",
            token_digest,
        )
        return _session(found[0]) if found else None

    def token_digest(self, member: str, session: str) -> bytes:
        """The digest of the token in the cookie of a device that is signed in."""
        found = self._run("SELECT token_digest FROM sessions WHERE member = ? AND id = ?", member, session)
        return bytes(found[0][0])

    def of(self, member: str) -> list[Session]:
        """A member's devices, oldest first."""
        found = self._run(
            "SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed, began FROM sessions"
            " WHERE member = ? ORDER BY created_at, id",
            member,
        )
        return [_session(row) for row in found]

    def all(self) -> list[Session]:
        """All devices of the room."""
        found = self._run(
            "SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed, began FROM sessions"
        )
        return [_session(row) for row in found]

    def count_live(self, now_ms: int, seen_after: int) -> dict[str, int]:
        """How many devices each member has that have not expired and were seen after a time; reads every row."""
        found = self._run(
            "SELECT member, count(*) FROM sessions WHERE expires_at > ? AND seen_at > ? GROUP BY member",
            now_ms,
            seen_after,
        )
        return {member: int(count) for member, count in found}

    def insert(self, session: Session, *, token_digest: bytes) -> None:
        """Store a device that signs in."""
        self._run(
            "INSERT INTO sessions"
            " (token_digest, id, member, role, created_at, seen_at, expires_at, epoch, sealed, began)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token_digest,
            session.id,
            session.member,
            session.role,
            session.created_at,
            session.seen_at,
            session.expires_at,
            session.sealed.epoch,
            session.sealed.data,
            session.began,
        )

    def set_seen(self, member: str, session: str, seen_at: int) -> None:
        """Store when a device was used."""
        self._run("UPDATE sessions SET seen_at = ? WHERE member = ? AND id = ?", seen_at, member, session)


class PastDeviceTable(Table):
    """The devices that were signed out and still have their cookies."""

    def own(self, token_digest: bytes, now_ms: int) -> str | None:
        """The member whose device had this cookie until its session expired."""
        found = self._run(
            "SELECT member FROM past_devices"
            " WHERE token_digest = ? AND is_own = 1 AND replaced_at IS NULL AND expires_at > ?",
            token_digest,
            now_ms,
        )
        return str(found[0][0]) if found else None

    def replaced(self, token_digest: bytes) -> PastDevice | None:
        """The device of an old cookie, if its member was replaced."""
        found = self._run(
            "SELECT token_digest, member, replaced_at FROM past_devices"
            " WHERE token_digest = ? AND replaced_at IS NOT NULL",
            token_digest,
        )
        return PastDevice(*found[0]) if found else None

    def forget(self, token_digest: bytes) -> None:
        """Forget a past device."""
        self._run("DELETE FROM past_devices WHERE token_digest = ?", token_digest)


def _session(row: Row) -> Session:
    session, member, role, created_at, seen_at, expires_at, epoch, data, began = row
    return Session(session, member, role, created_at, seen_at, expires_at, Sealed(epoch, data), began)
