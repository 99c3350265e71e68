"""What a browser says when it makes or uses a passkey, and whether we asked for it (Web Authentication, Level 3).

Everything is checked but the signature, which needs SubtleCrypto (`sealing.ciphers.Signatures`). The browser hands out
the public key itself, and we ask for no attestation, so no CBOR is parsed. access/passkeys.py calls this.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from encoding import b64url, json_object
from errors import Malformed, WrongPasskey
from limits import PASSKEY_CHALLENGE_MS

ES256, EDDSA, RS256 = -7, -8, -257
"""Algorithms by their numbers in COSE (RFC 9053, RFC 8812)."""
ALGORITHMS = (ES256, EDDSA, RS256)

NONCE_BYTES = 16
_EXPIRY_BYTES = 8
_MAC_BYTES = 32
_CHALLENGE_BYTES = _EXPIRY_BYTES + NONCE_BYTES + _MAC_BYTES

_RP_ID_HASH_BYTES = 32
_FIXED_BYTES = 37  # of authenticator data: the hash, a byte of flags, four of the count of signatures
_AAGUID_BYTES = 16
_USER_PRESENT, _USER_VERIFIED, _HAS_CREDENTIAL = 0x01, 0x04, 0x40

_SEQUENCE, _INTEGER = 0x30, 0x02
_NUMBER_BYTES = 32  # of r and of s, on P-256


@dataclass(frozen=True, slots=True)
class Site:
    """The address at which people see the chat; a passkey belongs to its host name."""

    origin: str
    """Scheme, host, and the port if it is not the usual one: `https://chat.example`."""
    rp_id: str
    """The host name alone."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser hands over when it makes or uses a passkey."""

    id: bytes
    """The passkey's id, which its device chose."""
    challenge: bytes
    client_data: bytes
    """The browser's JSON: which page asked for what."""
    authenticator_data: bytes


@dataclass(frozen=True, slots=True)
class Registration:
    """A passkey that was just made."""

    ceremony: Ceremony
    algorithm: int
    """One of ALGORITHMS."""
    public_key: bytes
    """As SPKI."""
    name: str
    """What its member calls it."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A passkey that was just used."""

    ceremony: Ceremony
    signature: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What authenticator data says that is not a condition."""

    sign_count: int
    """How often the device says that it has signed; 0 if it does not count."""


def site_at(origin: str) -> Site:
    """The site whose pages have this origin."""
    return Site(origin, urlsplit(origin).hostname or "")


def make_challenge(key: bytes, *, nonce: bytes, now_ms: int) -> tuple[bytes, int]:
    """A challenge that needs no row: the time when it expires, a nonce, and a MAC of both.

    Args:
        key: 32 secret bytes of this room and this purpose.
        nonce: NONCE_BYTES random ones.
    Returns:
        The challenge, and when it expires in ms.
    """
    expires_at = now_ms + PASSKEY_CHALLENGE_MS
    signed = expires_at.to_bytes(_EXPIRY_BYTES, "big") + nonce
    return signed + hmac.digest(key, signed, "sha256"), expires_at


def check_challenge(challenge: bytes, key: bytes, *, now_ms: int) -> int:
    """When a challenge of ours expires, in ms. The caller takes each only once.

    Raises:
        WrongPasskey: we did not make it with this key, or its time is over.
    """
    signed, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
    is_ours = len(challenge) == _CHALLENGE_BYTES and hmac.compare_digest(hmac.digest(key, signed, "sha256"), mac)
    expires_at = int.from_bytes(signed[:_EXPIRY_BYTES], "big")
    if not is_ours or now_ms >= expires_at:
        raise WrongPasskey("The challenge is stale or not from here: fetch a new one.")
    return expires_at


def check_registration(made: Ceremony, site: Site) -> Seen:
    """Check the making of a passkey (section 7.1) as far as no attestation goes.

    Raises:
        WrongPasskey: it was made for another site, challenge or id, or without asking the person.
    """
    _check_client_data(made, site, "webauthn.create")
    seen, flags = _read_authenticator_data(made.authenticator_data, site)
    if not flags & _HAS_CREDENTIAL or _attested_id(made.authenticator_data) != made.id:
        raise WrongPasskey("The passkey is not the one that the device made.")
    return seen


def check_assertion(used: Ceremony, site: Site) -> Seen:
    """Check the use of a passkey (section 7.2), without its signature, which is over `signed_data`.

    Raises:
        WrongPasskey: it was used for another site or challenge, or without asking the person.
    """
    _check_client_data(used, site, "webauthn.get")
    return _read_authenticator_data(used.authenticator_data, site)[0]


def signed_data(used: Ceremony) -> bytes:
    """What the signature of an assertion is over."""
    return used.authenticator_data + hashlib.sha256(used.client_data).digest()


def raw_signature(algorithm: int, signature: bytes) -> bytes:
    """A signature as SubtleCrypto takes it: an ECDSA one comes as DER (RFC 3279, section 2.2.3), and becomes r and s.

    Raises:
        WrongPasskey: it is not the one DER encoding of two positive numbers of 32 bytes at most.
    """
    if algorithm != ES256:
        return signature
    body = _der_content(signature, _SEQUENCE)
    length = 2 + body[1] if len(body) > 1 else 0
    return _der_number(body[:length]) + _der_number(body[length:])


def _check_client_data(given: Ceremony, site: Site, kind: str) -> None:
    try:
        said = json_object(given.client_data.decode(), "client_data")
    except (UnicodeDecodeError, Malformed) as error:
        raise WrongPasskey("client_data is not a JSON object.") from error
    if said.get("type") != kind:
        raise WrongPasskey(f"client_data is not of the type {kind}.")
    if said.get("challenge") != b64url(given.challenge):
        raise WrongPasskey("client_data has another challenge.")
    if said.get("origin") != site.origin:
        raise WrongPasskey("The passkey was used at another address.")
    if said.get("crossOrigin", False) is not False:
        raise WrongPasskey("The passkey was used inside another site's page.")


def _read_authenticator_data(data: bytes, site: Site) -> tuple[Seen, int]:
    """The count and the flags of authenticator data (section 6.1), after checking what must be so."""
    if len(data) < _FIXED_BYTES:
        raise WrongPasskey("authenticator_data is too short.")
    expected = hashlib.sha256(site.rp_id.encode()).digest()
    if not hmac.compare_digest(data[:_RP_ID_HASH_BYTES], expected):
        raise WrongPasskey("The passkey belongs to another address.")
    flags = data[_RP_ID_HASH_BYTES]
    if not flags & _USER_PRESENT or not flags & _USER_VERIFIED:
        raise WrongPasskey("The device did not make sure who uses it.")
    return Seen(int.from_bytes(data[_RP_ID_HASH_BYTES + 1 : _FIXED_BYTES], "big")), flags


def _attested_id(data: bytes) -> bytes | None:
    """The id in attested credential data (section 6.5.1): after the AAGUID, two bytes of length, then the id."""
    start = _FIXED_BYTES + _AAGUID_BYTES + 2
    length = int.from_bytes(data[start - 2 : start], "big")
    return data[start : start + length] if len(data) >= start + length else None


def _der_number(encoded: bytes) -> bytes:
    """A positive number in DER, as 32 bytes."""
    number = _der_content(encoded, _INTEGER)
    is_padded = len(number) > 1 and number[0] == 0
    if not number or number[0] >= 0x80 or (is_padded and number[1] < 0x80):
        raise _no_signature()  # negative, or longer than it has to be
    value = int.from_bytes(number, "big")
    if value == 0 or len(number) - is_padded > _NUMBER_BYTES:
        raise _no_signature()
    return value.to_bytes(_NUMBER_BYTES, "big")


def _der_content(encoded: bytes, tag: int) -> bytes:
    """What one DER value holds that takes up all of `encoded` and has less than 128 bytes."""
    if len(encoded) < 2 or encoded[0] != tag or encoded[1] >= 0x80 or encoded[1] != len(encoded) - 2:
        raise _no_signature()
    return encoded[2:]


def _no_signature() -> WrongPasskey:
    return WrongPasskey("The signature is malformed.")
