"""What a proof is checked against: the room's password and the admins'.

Settings hold the passwords (or a verifier); storage holds only a slow hash of the proof that a browser would make of
them, with a keyed fingerprint that tells when the operator has set another password.
"""

import hmac
from collections.abc import Mapping

from ciphers import Ciphers
from errors import Misconfigured
from keyring import Keyring
from login import RoomVerifier, Verifier, make_verifier, proves, stretch
from settings import Settings
from store import Credential, Store

SALT_BYTES = 16
MEMBER = "member"
ADMIN = "admin"
ROLES = (ADMIN, MEMBER)  # the admins' password first: it gives more


class Credentials:
    """Checks proofs, and notices changed passwords."""

    def __init__(self, room: str, settings: Settings, store: Store, keyring: Keyring, ciphers: Ciphers) -> None:
        self._passwords: Mapping[str, str | None] = {MEMBER: settings.chat_password, ADMIN: settings.admin_password}
        self._verifier: RoomVerifier | None = settings.chat_password_verifiers.get(room)
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._checked: dict[str, Verifier] = {}  # made of the settings once; rebuilt from them or from storage

    async def salt(self, *, stored: bool) -> bytes:
        """What browsers stretch the password with: derived until the first login stores it, then always the same.

        Args:
            stored: whether the room has any tables yet.
        """
        kept = self._store.fact("salt") if stored else None
        if kept is not None:
            return bytes(kept)
        if self._verifier is not None:
            return self._verifier.kdf_salt
        return await self._keyring.derive("salt", SALT_BYTES)

    async def role_of(self, proof: bytes) -> str | None:
        """The role that `proof` (32 bytes) proves, or None."""
        for role in ROLES:
            verifier = await self._verifier_for(role)
            if verifier is not None and await proves(proof, verifier, self._ciphers):
                return role
        return None

    async def keep(self, *, now_ms: int) -> None:
        """After a successful login: store the salt, the hashes, and the passwords' fingerprints."""
        if self._store.fact("salt") is None:
            self._store.set_fact("salt", await self.salt(stored=True))
        for role in ROLES:
            verifier = await self._verifier_for(role)
            fingerprint = await self._fingerprint(role, now_ms=now_ms)
            if verifier is None or fingerprint is None:
                continue
            wanted = Credential(verifier.salt, verifier.hash, fingerprint)
            if self._store.credential(role) != wanted:
                self._store.put_credential(role, wanted)

    async def changed_roles(self, *, now_ms: int) -> list[str]:
        """Roles whose password is another one than when it was last used; their sessions are to end."""
        changed = []
        for role in ROLES:
            kept = self._store.credential(role)
            if kept is not None and kept.fingerprint != await self._fingerprint(role, now_ms=now_ms):
                changed.append(role)
        return changed

    def forget(self, role: str) -> None:
        """Drop the stored hash of a password that is no longer set."""
        self._store.delete_credential(role)

    async def _verifier_for(self, role: str) -> Verifier | None:
        if role not in self._checked:
            made = await self._make(role)
            if made is None:
                return None
            self._checked[role] = made
        return self._checked[role]

    async def _make(self, role: str) -> Verifier | None:
        salt = await self.salt(stored=True)
        if role == MEMBER and self._verifier is not None:
            if self._verifier.kdf_salt != salt:
                raise Misconfigured(
                    "CHAT_PASSWORD_VERIFIER has another salt than this room, which people have been in: "
                    "make it with bin/verifier --salt and what GET /api/rooms/ROOM says (kdf.salt)."
                )
            return self._verifier.verifier
        password = self._passwords[role]
        if password is None:
            return None
        kept = self._store.credential(role)
        if kept is not None:  # `changed_roles` has removed it if it were of another password
            return Verifier(kept.salt, kept.hash)
        proof = await stretch(password, salt, self._ciphers)
        return await make_verifier(proof, salt=self._ciphers.random_bytes(SALT_BYTES), ciphers=self._ciphers)

    async def _fingerprint(self, role: str, *, now_ms: int) -> bytes | None:
        """A keyed hash that tells one password from another, and tells a thief of the database nothing."""
        if role == MEMBER and self._verifier is not None:
            text = self._verifier.verifier.salt + self._verifier.verifier.hash
        else:
            text = (self._passwords[role] or "").encode()
        if not text:
            return None
        key = await self._keyring.index_key("password fingerprint", now_ms=now_ms)
        return hmac.digest(key, role.encode() + b"\0" + text, "sha256")
