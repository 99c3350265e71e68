"""From a password to the hash that the server stores: stretching, verifying, and the text form of verifiers.

Contract: docs/protocol.md, "Login".
"""

import hmac
import unicodedata
from dataclasses import dataclass

from encoding import b64url, from_b64url, is_text
from errors import Malformed
from limits import KDF_ITERATIONS, KDF_ROUNDS, VERIFIER_ITERATIONS
from sealing.ciphers import KeyDerivation

SALT_BYTES = 16
PROOF_BYTES = 32
_LOGIN_INFO = b"durable-chat login v1"


@dataclass(frozen=True)
class Verifier:
    """What the server stores of a proof: `hash` = PBKDF2(proof, `salt`, VERIFIER_ITERATIONS, 32 bytes)."""

    salt: bytes
    hash: bytes


@dataclass(frozen=True)
class RoomVerifier:
    """One entry of CHAT_PASSWORD_VERIFIER: the salt with which browsers stretch for this room, and the verifier."""

    kdf_salt: bytes
    verifier: Verifier


async def stretch(password: str, salt: bytes, ciphers: KeyDerivation) -> bytes:
    """The proof that a browser makes from the typed password: KDF_ROUNDS calls of KDF_ITERATIONS, then HKDF.

    Args:
        password: as typed; NFKC makes spellings of one text equal.
        salt: SALT_BYTES, the room's.
    Returns:
        PROOF_BYTES.
    Raises:
        Malformed: `password` holds a lone surrogate.
    """
    if not is_text(password):
        raise Malformed("The password is not valid Unicode.")
    key = unicodedata.normalize("NFKC", password).encode()
    for number in range(KDF_ROUNDS):
        key = await ciphers.pbkdf2(key, salt + bytes([number]), KDF_ITERATIONS, PROOF_BYTES)
    return await ciphers.hkdf(key, salt=b"", info=_LOGIN_INFO, length=PROOF_BYTES)


async def make_verifier(proof: bytes, *, salt: bytes, ciphers: KeyDerivation) -> Verifier:
    """The verifier of `proof` (PROOF_BYTES) under a fresh random `salt` (SALT_BYTES)."""
    return Verifier(salt, await ciphers.pbkdf2(proof, salt, VERIFIER_ITERATIONS, PROOF_BYTES))


async def proves(proof: bytes, verifier: Verifier, ciphers: KeyDerivation) -> bool:
    """Whether `verifier` was made from `proof`; compared in constant time."""
    if len(proof) != PROOF_BYTES:  # HMAC pads its key with zeros: a proof and zeros after it would have one hash
        return False
    candidate = await make_verifier(proof, salt=verifier.salt, ciphers=ciphers)
    return hmac.compare_digest(candidate.hash, verifier.hash)


def format_verifier(room: str, entry: RoomVerifier) -> str:
    """One entry of CHAT_PASSWORD_VERIFIER: `room:kdf_salt.verifier_salt.hash`, binary as base64url."""
    parts = (entry.kdf_salt, entry.verifier.salt, entry.verifier.hash)
    return f"{room}:{'.'.join(b64url(part) for part in parts)}"


def parse_verifiers(text: str) -> dict[str, RoomVerifier]:
    """The entries of CHAT_PASSWORD_VERIFIER by room; commas and white space separate them.

    Raises:
        Malformed: an entry does not have the form of `format_verifier`, or a room has two entries.
    """
    entries: dict[str, RoomVerifier] = {}
    for entry in text.replace(",", " ").split():
        room, _, value = entry.partition(":")
        if not room or room in entries:
            raise Malformed("Every room has one entry, `room:salt.salt.hash`.")
        entries[room] = _parse_verifier(value)
    return entries


def _parse_verifier(value: str) -> RoomVerifier:
    kdf_salt, salt, digest = _parts(value)
    if not len(kdf_salt) == len(salt) == SALT_BYTES or len(digest) != PROOF_BYTES:
        raise Malformed(f"Salts have {SALT_BYTES} bytes, the hash has {PROOF_BYTES}.")
    return RoomVerifier(kdf_salt, Verifier(salt, digest))


def _parts(value: str) -> tuple[bytes, bytes, bytes]:
    parts = [from_b64url(part) for part in value.split(".")]
    if len(parts) != 3:
        raise Malformed("An entry is `room:salt.salt.hash`.")
    return parts[0], parts[1], parts[2]
