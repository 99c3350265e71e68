"""Passkeys: key pairs on people's devices, each of which proves one member (docs/protocol.md, "Passkeys").

The device keeps the private key and shows it to nobody; the room keeps the public one. access/webauthn.py says what
must hold of what a browser sends.
"""

import hashlib
import logging
from typing import Any

from access.standing import Standing
from access.webauthn import (
    NONCE_BYTES,
    Assertion,
    Registration,
    Site,
    check_assertion,
    check_challenge,
    check_registration,
    make_challenge,
    raw_signature,
    signed_data,
)
from chat.changes import Event
from chat.directory import Directory, Member
from encoding import b64url
from errors import Forbidden, LimitReached, NotFound, WrongPasskey
from limits import MAX_PASSKEYS_PER_MEMBER
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from storage.database import NotUnique
from storage.headers import passkey_header
from storage.passkeys import Passkey
from storage.store import Store

log = logging.getLogger("durable_chat.passkeys")
_PURPOSE = "passkey challenge"


class Passkeys:
    """The passkeys of all members."""

    def __init__(
        self, store: Store, keyring: Keyring, ciphers: Ciphers, directory: Directory, standing: Standing
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory
        self._standing = standing

    async def challenge(self, *, now_ms: int) -> tuple[bytes, int]:
        """A challenge for making or using a passkey, and when it expires. It is signed, not stored."""
        key = await self._keyring.derive(_PURPOSE)
        return make_challenge(key, nonce=self._ciphers.random_bytes(NONCE_BYTES), now_ms=now_ms)

    async def register(
        self, member: Member, made: Registration, site: Site, *, now_ms: int
    ) -> tuple[Passkey, list[Event]]:
        """Store a member's new passkey. Returns the event to announce, if this is what secures the name.

        Raises:
            WrongPasskey: it was not made for us just now, its key is none, or it is known already.
            LimitReached: the member has MAX_PASSKEYS_PER_MEMBER.
            Unauthenticated: the member was removed meanwhile.
        """
        expires_at = await self._check_challenge(made.ceremony.challenge, now_ms)
        seen = check_registration(made.ceremony, site)
        if not await self._ciphers.is_public_key(made.algorithm, made.public_key):
            raise WrongPasskey("public_key is no key for this algorithm.")
        passkey_id = b64url(made.ceremony.id)
        text = made.name.encode()
        sealed = (await self._keyring.seal([(text, passkey_header(member.id, passkey_id))], now_ms=now_ms))[0]
        passkey = Passkey(passkey_id, member.id, made.algorithm, made.public_key, seen.sign_count, now_ms, None, sealed)

        def insert() -> None:
            if len(self._store.passkeys.of(member.id)) >= MAX_PASSKEYS_PER_MEMBER:
                raise LimitReached(f"You have {MAX_PASSKEYS_PER_MEMBER} passkeys; remove one first.")
            self._spend(made.ceremony.challenge, expires_at)
            try:
                self._store.passkeys.insert(passkey)
            except NotUnique as error:
                raise WrongPasskey("This passkey is known already.") from error

        return passkey, await self._standing.change_credentials(member, insert, secured=True, now_ms=now_ms)

    async def listed(self, member: str) -> list[dict[str, Any]]:
        """A member's passkeys, as docs/protocol.md shows them."""
        passkeys = self._store.passkeys.of(member)
        names = await self._keyring.open([(each.sealed, passkey_header(member, each.id)) for each in passkeys])
        return [
            {
                "id": passkey.id,
                "name": (name or b"").decode(),
                "created_at": passkey.created_at,
                "used_at": passkey.used_at,
            }
            for passkey, name in zip(passkeys, names, strict=True)
        ]

    def remove(self, member: str, passkey: str) -> None:
        """Remove a member's passkey. The name stays secured: by another one, or by the recovery code.

        Raises:
            NotFound: the member has no such passkey.
            Forbidden: it is the last one, and there is no recovery code.
        """
        own = self._store.passkeys.of(member)
        if passkey not in [each.id for each in own]:
            raise NotFound("There is no such passkey.")
        if len(own) == 1 and self._store.recovery_codes.get(member) is None:
            raise Forbidden("This is your last passkey: make a recovery code or another passkey first.")
        self._store.passkeys.delete(passkey)

    async def prove(self, used: Assertion, site: Site, *, now_ms: int) -> Member:
        """The member whose passkey was used just now.

        Raises:
            WrongPasskey: it is none of this room's, or was not used for us just now, or not with its key.
        """
        expires_at = await self._check_challenge(used.ceremony.challenge, now_ms)
        seen = check_assertion(used.ceremony, site)
        passkey = self._find(used)
        signature = raw_signature(passkey.algorithm, used.signature)
        message = signed_data(used.ceremony)
        if not await self._ciphers.verify(passkey.algorithm, passkey.public_key, signature, message):
            raise WrongPasskey("The signature is not the passkey's.")
        passkey = self._find(used)  # it may have been removed or used meanwhile
        self._spend(used.ceremony.challenge, expires_at)
        if (seen.sign_count or passkey.sign_count) and seen.sign_count <= passkey.sign_count:
            log.warning("a passkey counted backwards")  # perhaps a copy; devices that synchronise passkeys do not count
        self._store.passkeys.set_used(passkey.id, seen.sign_count, now_ms)
        return self._directory.member(passkey.member)

    def _find(self, used: Assertion) -> Passkey:
        passkey = self._store.passkeys.get(b64url(used.ceremony.id))
        if passkey is None or not self._directory.has_member(passkey.member):
            raise WrongPasskey("This room has no such passkey.")
        return passkey

    async def _check_challenge(self, challenge: bytes, now_ms: int) -> int:
        return check_challenge(challenge, await self._keyring.derive(_PURPOSE), now_ms=now_ms)

    def _spend(self, challenge: bytes, expires_at: int) -> None:
        if not self._store.challenges.use(hashlib.sha256(challenge).digest(), expires_at):
            raise WrongPasskey("This challenge was used before: fetch a new one.")
