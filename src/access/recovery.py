"""Recovery codes: twenty characters that a member keeps, and that prove the name on any device.

The browser makes the code and sends only a proof, derived from it (docs/protocol.md, "Recovery codes"). The server
keeps the digest of the proof: the code has 100 random bits, so that nobody finds it from a fast hash.
"""

import hashlib
import hmac

from access.standing import Standing
from chat.changes import Event
from chat.directory import Directory, Member
from chat.naming import member_called
from errors import WrongRecovery
from storage.store import Store


class RecoveryCodes:
    """The codes of all members, at most one each."""

    def __init__(self, store: Store, directory: Directory, standing: Standing) -> None:
        self._store = store
        self._directory = directory
        self._standing = standing

    async def put(self, member: Member, proof: bytes, *, now_ms: int) -> list[Event]:
        """Store a member's new code; the former one ends. Returns the event to announce, if there is one."""
        digest = _digest(proof)
        return await self._standing.change_credentials(
            member, lambda: self._store.recovery_codes.put(member.id, digest, now_ms), secured=True, now_ms=now_ms
        )

    def prove(self, name: str, proof: bytes, *, now_ms: int) -> str:
        """The id of the member with this name, whose code the proof was made from.

        Raises:
            WrongRecovery: the code is wrong, or there is none; nobody is told which.
        """
        member = member_called(name, self._directory, now_ms=now_ms)
        kept = None if member is None else self._store.recovery_codes.get(member.id)
        if member is None or not hmac.compare_digest(kept or b"", _digest(proof)):
            raise WrongRecovery("The name or the recovery code is wrong.")
        return member.id


def _digest(proof: bytes) -> bytes:
    return hashlib.sha256(proof).digest()
