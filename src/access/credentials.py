"""What a proof is checked against: the room's password and the admins' password.

Settings hold the passwords (or a verifier). Storage holds only a slow hash of the proof that a browser would make from
the password. The same hash shows whether the operator has set another password. There is no quicker check beside it,
so that an attacker with the database and MASTER_KEY pays all its rounds for each guess.
"""

import hmac
from collections.abc import Mapping

from chat.directory import ADMIN, MEMBER
from errors import Misconfigured
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from sealing.verifiers import SALT_BYTES, RoomVerifier, Verifier, make_verifier, proves, stretch
from settings import Settings
from storage.credentials import Credential
from storage.store import Store

ROLES = (ADMIN, MEMBER)  # the admins' password is tried first, as it gives more rights
_COMPARED_FOR = "passwords_compared_for"
_NO_FINGERPRINT = b""  # format 1 stored a keyed hash of the password here, and a guess at that cost only one HMAC


class Credentials:
    """Checks proofs, and notices changed passwords."""

    def __init__(self, room: str, settings: Settings, store: Store, keyring: Keyring, ciphers: Ciphers) -> None:
        self._passwords: Mapping[str, str | None] = {MEMBER: settings.chat_password, ADMIN: settings.admin_password}
        self._verifier: RoomVerifier | None = settings.chat_password_verifiers.get(room)
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._stretched: dict[str, bytes] = {}  # a cache: proofs of the passwords in the settings, each made once

    async def salt(self, *, stored: bool) -> bytes:
        """The salt that browsers stretch the password with: derived until the first login stores it, then fixed.

        Args:
            stored: whether the room has any tables yet.
        """
        kept = self._store.facts.get("salt") if stored else None
        if kept is not None:
            return bytes(kept)
        if self._verifier is not None:
            return self._verifier.kdf_salt
        return await self._keyring.derive("salt", SALT_BYTES)

    async def role_of(self, proof: bytes, *, stored: bool) -> str | None:
        """The role that `proof` (32 bytes) proves, or None; `stored` as in `salt`."""
        for role in ROLES:
            if await self._opens(role, proof, stored=stored):
                return role
        return None

    async def keep(self) -> None:
        """Store the salt and the hashes, after a login succeeded."""
        if self._store.facts.get("salt") is None:
            self._store.facts.put("salt", await self.salt(stored=True))
        for role in ROLES:
            if self._store.credentials.get(role) is None:
                made = await self._make(role)
                if made is not None:
                    self._store.credentials.put(role, Credential(made.salt, made.hash, _NO_FINGERPRINT))

    async def changed_roles(self, *, version: str | None) -> list[str]:
        """The roles whose password has changed since it was last used; their sessions have to end.

        Args:
            version: of the deployed code and settings. Nothing is compared or stretched while it equals the version
                that `note_compared` stored, as nothing can have changed. None always compares.
        """
        if version is not None and self._store.facts.get(_COMPARED_FOR) == version:
            return []
        kept = [(role, credential) for role in ROLES if (credential := self._store.credentials.get(role)) is not None]
        return [role for role, credential in kept if not await self._is_still_set(role, credential)]

    def note_compared(self, *, version: str | None) -> None:
        """Store that all sessions of former passwords have ended: until the next version nothing needs comparing."""
        for role in ROLES:
            kept = self._store.credentials.get(role)
            if kept is not None and kept.fingerprint != _NO_FINGERPRINT:
                self._store.credentials.put(role, Credential(kept.salt, kept.hash, _NO_FINGERPRINT))
        if version is not None and self._store.facts.get(_COMPARED_FOR) != version:
            self._store.facts.put(_COMPARED_FOR, version)

    def forget(self, role: str) -> None:
        """Drop the stored hash of a password that is no longer set."""
        self._store.credentials.delete(role)

    async def _opens(self, role: str, proof: bytes, *, stored: bool) -> bool:
        """Whether `proof` proves `role`, by the stored hash, or by the setting if no hash is stored yet."""
        kept = self._store.credentials.get(role) if stored else None
        if kept is not None:  # it is of the present password: after `changed_roles` the caller removes any other
            return await proves(proof, Verifier(kept.salt, kept.hash), self._ciphers)
        if role == MEMBER and self._verifier is not None:
            await self._check_salt(self._verifier, stored=stored)
            return await proves(proof, self._verifier.verifier, self._ciphers)
        expected = await self._proof(role, stored=stored)
        return expected is not None and hmac.compare_digest(expected, proof)

    async def _make(self, role: str) -> Verifier | None:
        if role == MEMBER and self._verifier is not None:
            await self._check_salt(self._verifier, stored=True)
            return self._verifier.verifier
        proof = await self._proof(role, stored=True)
        if proof is None:
            return None
        return await make_verifier(proof, salt=self._ciphers.random_bytes(SALT_BYTES), ciphers=self._ciphers)

    async def _is_still_set(self, role: str, kept: Credential) -> bool:
        if role == MEMBER and self._verifier is not None:
            return self._verifier.verifier == Verifier(kept.salt, kept.hash)
        proof = await self._proof(role, stored=True)
        return proof is not None and await proves(proof, Verifier(kept.salt, kept.hash), self._ciphers)

    async def _proof(self, role: str, *, stored: bool) -> bytes | None:
        """The proof that a browser would send for the password in the settings; None if none is set."""
        password = self._passwords[role]
        if password is None:
            return None
        if role not in self._stretched:
            self._stretched[role] = await stretch(password, await self.salt(stored=stored), self._ciphers)
        return self._stretched[role]

    async def _check_salt(self, verifier: RoomVerifier, *, stored: bool) -> None:
        if verifier.kdf_salt != await self.salt(stored=stored):
            raise Misconfigured(
                "CHAT_PASSWORD_VERIFIER has another salt than this room, which people have been in: "
                "make it with bin/verifier --salt and what GET /api/rooms/ROOM says (kdf.salt)."
            )
