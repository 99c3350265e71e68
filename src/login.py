"""From a password to a session: stretching, verifying, cookies, confirmation codes.

Nothing is stored here and no limit is counted (attempts.py); the room decides who becomes which member.
Contract: docs/protocol.md, "Login".
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass

from ciphers import KeyDerivation
from encoding import b64url, from_b64url, is_text
from errors import Malformed
from limits import KDF_ITERATIONS, KDF_ROUNDS, VERIFIER_ITERATIONS

SALT_BYTES = 16
PROOF_BYTES = 32
TOKEN_BYTES = 32
CODE_DIGITS = 6
_LOGIN_INFO = b"durable-chat login v1"


@dataclass(frozen=True)
class Verifier:
    """What the server keeps of a proof: `hash` = PBKDF2(proof, `salt`, VERIFIER_ITERATIONS, 32 bytes)."""

    salt: bytes
    hash: bytes


@dataclass(frozen=True)
class RoomVerifier:
    """One entry of CHAT_PASSWORD_VERIFIER: the salt that browsers of this room stretch with, and the verifier."""

    kdf_salt: bytes
    verifier: Verifier


async def stretch(password: str, salt: bytes, ciphers: KeyDerivation) -> bytes:
    """The proof that a browser makes of the typed password: KDF_ROUNDS calls of KDF_ITERATIONS, then HKDF.

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
    """What to keep of `proof` (PROOF_BYTES) under a fresh random `salt` (SALT_BYTES)."""
    return Verifier(salt, await ciphers.pbkdf2(proof, salt, VERIFIER_ITERATIONS, PROOF_BYTES))


async def proves(proof: bytes, verifier: Verifier, ciphers: KeyDerivation) -> bool:
    """Whether `proof` is the one that `verifier` was made of; compared in constant time."""
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
        Malformed: an entry does not have the form of `format_verifier`, or a room has two.
    """
    entries: dict[str, RoomVerifier] = {}
    for entry in text.replace(",", " ").split():
        room, _, value = entry.partition(":")
        if not room or room in entries:
            raise Malformed("Every room has one entry, `room:salt.salt.hash`.")
        entries[room] = _parse_verifier(value)
    return entries


def token_digest(token: bytes) -> bytes:
    """What the server keeps of a session token (TOKEN_BYTES random bytes): SHA-256; nothing to guess, so no salt."""
    return hashlib.sha256(token).digest()


def session_cookie(room: str, token: bytes, *, max_age_seconds: int) -> str:
    """The Set-Cookie value that signs a browser in (RFC 6265; `__Host-` pins it to this host, HTTPS and path /)."""
    return f"{_cookie_name(room)}={b64url(token)}; Max-Age={max_age_seconds}; {_COOKIE_ATTRIBUTES}"


def expired_session_cookie(room: str) -> str:
    """The Set-Cookie value that makes a browser forget the session."""
    return f"{_cookie_name(room)}=; Max-Age=0; {_COOKIE_ATTRIBUTES}"


def session_token(cookie_header: str | None, room: str) -> bytes | None:
    """The session token (TOKEN_BYTES) in a Cookie header, or None.

    None also for a value that is no token and for two cookies of this name: no browser sends either.
    """
    prefix = f"{_cookie_name(room)}="
    pairs = [pair.strip(" \t") for pair in (cookie_header or "").split(";")]
    values = [pair.removeprefix(prefix) for pair in pairs if pair.startswith(prefix)]
    if len(values) != 1 or len(values[0]) != _TOKEN_CHARACTERS:
        return None
    try:
        return from_b64url(values[0])
    except Malformed:
        return None


def confirmation_code(key: bytes, confirmation_id: str) -> str:
    """The six digits that a member's own devices show for one confirmation.

    HMAC-SHA-256 modulo 10^6. 2^256 is no multiple of 10^6, which makes some codes more likely than others by a factor
    of 1 + 2^-236: nothing to reject.
    """
    number = int.from_bytes(hmac.digest(key, confirmation_id.encode(), "sha256"), "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


_COOKIE_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
_TOKEN_CHARACTERS = 43  # TOKEN_BYTES in base64url


def _cookie_name(room: str) -> str:
    return f"__Host-session-{room}"


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
