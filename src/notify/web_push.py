"""One push request: how a notification is sealed, signed and sent, and what the push service's answer means.

RFC 8030 (the request), RFC 8291 (the encryption), RFC 8292 (VAPID, the sender's identity). Pure except for the ciphers.
`notify/notices.py` decides whom to notify, `notify/payload.py` makes the content, and `notify/sender.py` sends it.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from encoding import b64url, compact_json, from_b64url
from limits import (
    MAX_PUSH_BYTES,
    MAX_PUSH_PLAINTEXT_BYTES,
    PUSH_PADDING_BYTES,
    PUSH_TTL_SECONDS,
    VAPID_TOKEN_SECONDS,
)
from sealing.ciphers import Curve
from settings import Settings

SALT_BYTES = 16
_CEK_BYTES, _NONCE_BYTES = 16, 12
_DELIMITER = b"\x02"  # the last record's (RFC 8188, section 2)
_TOKENS_KEPT = 64
_DATE_CHARACTERS = 64  # the longest form of an HTTP date has 34


@dataclass(frozen=True, slots=True)
class Device:
    """The fields of a browser's subscription: an address, a public key (65 bytes) and a secret (16 bytes)."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    def plaintext(self) -> bytes:
        """The bytes that are sealed."""
        return compact_json([self.endpoint, b64url(self.p256dh), b64url(self.auth)]).encode()

    @classmethod
    def from_plaintext(cls, text: bytes) -> "Device":
        """The device from its unsealed bytes."""
        endpoint, p256dh, auth = json.loads(text)
        return cls(endpoint, from_b64url(p256dh), from_b64url(auth))


@dataclass(frozen=True, slots=True)
class PushRequest:
    """A POST to a push service."""

    url: str
    headers: Mapping[str, str]
    body: bytes


NOT_FROM_US = frozenset((400, 401, 403))
"""Answers with which services reject our key or token for a device (RFC 8292, section 4.2); Apple answers 400."""


_NOT_NOW = frozenset((408, 425, 429))
"""Answers after which the same request may succeed later (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4)."""


class Verdict(Enum):
    """What a push service's answer means for us."""

    DELIVERED = "delivered"
    GONE = "gone"  # the device will never get another notification
    LATER = "later"
    REFUSED = "refused"  # this notification will never be taken


# --- how it is sealed ---


async def encrypt(plaintext: bytes, device: Device, *, salt: bytes, ciphers: Curve, padding: int = 0) -> bytes:
    """The body of a push message, for this device only (RFC 8291, section 4).

    Args:
        plaintext: at most MAX_PUSH_PLAINTEXT_BYTES, padding included.
        salt: SALT_BYTES fresh random bytes.
        padding: how many zero bytes to append.
    Returns:
        salt (16) | record size (4) | length of the key (1) | the sender's public key (65) | ciphertext | tag (16).
    Raises:
        ValueError: the device's public key is not valid; `endpoints.checked_device` refuses such a key.
    """
    agreed = await ciphers.agree(device.p256dh)
    if agreed is None:
        raise ValueError("p256dh is not a public key of P-256")
    own, secret = agreed
    key_info = b"WebPush: info\0" + device.p256dh + own
    ikm = _hmac(_hmac(device.auth, secret), key_info + b"\x01")
    prk = _hmac(salt, ikm)
    key = _hmac(prk, b"Content-Encoding: aes128gcm\0\x01")[:_CEK_BYTES]
    nonce = _hmac(prk, b"Content-Encoding: nonce\0\x01")[:_NONCE_BYTES]
    sealed = await ciphers.seal_once(key, nonce, plaintext + _DELIMITER + bytes(padding))
    return salt + MAX_PUSH_BYTES.to_bytes(4, "big") + bytes([len(own)]) + own + sealed


def padding_for(plaintext: bytes) -> int:
    """How many bytes of padding hide the exact length of a text."""
    wanted = -(-len(plaintext) // PUSH_PADDING_BYTES) * PUSH_PADDING_BYTES
    return min(wanted, MAX_PUSH_PLAINTEXT_BYTES) - len(plaintext)


def _hmac(key: bytes, text: bytes) -> bytes:
    # HKDF (RFC 5869) for up to 32 bytes is two HMACs, and RFC 8291, section 3.4, writes it so; calling SubtleCrypto
    # four times instead would cost more than everything else here.
    return hmac.digest(key, text, "sha256")


# --- the sender's identity ---


class Vapid:
    """The chat's identity for push services (RFC 8292): one key pair, and tokens that prove it."""

    def __init__(self, private_key: bytes, subject: str, ciphers: Curve) -> None:
        self._private = private_key
        self._subject = subject
        self._ciphers = ciphers
        self._public: bytes | None = None  # a cache: computed from the private key once
        self._tokens: dict[str, tuple[str, int]] = {}  # a cache: token by origin, and the second until which we use it

    async def public_key(self) -> bytes:
        """The public key that browsers bind a subscription to, 65 bytes."""
        if self._public is None:
            self._public = await self._ciphers.public_key(self._private)
        return self._public

    async def authorization(self, endpoint: str, *, now_ms: int) -> str:
        """The `Authorization` header for one push service. Signing is costly, so each token is used for hours."""
        url = urlsplit(endpoint)
        origin = f"{url.scheme}://{url.netloc}"
        token, used_until = self._tokens.get(origin, ("", 0))
        now = now_ms // 1_000
        if now >= used_until:
            token = await self._sign({"aud": origin, "exp": now + VAPID_TOKEN_SECONDS, "sub": self._subject})
            if len(self._tokens) >= _TOKENS_KEPT:
                self._tokens.clear()
            self._tokens[origin] = token, now + VAPID_TOKEN_SECONDS // 2
        return f"vapid t={token}, k={b64url(await self.public_key())}"

    async def _sign(self, claims: Mapping[str, Any]) -> str:
        """A JSON Web Token with ES256 (RFC 7518, section 3.4)."""
        parts = ({"typ": "JWT", "alg": "ES256"}, claims)
        signed = ".".join(b64url(compact_json(part).encode()) for part in parts)
        return f"{signed}.{b64url(await self._ciphers.sign(self._private, signed.encode()))}"


def make_vapid(settings: Settings, ciphers: Curve) -> Vapid | None:
    """The chat's identity; None if the operator has not set one."""
    if settings.vapid_private_key is None or settings.vapid_subject is None:
        return None
    return Vapid(from_b64url(settings.vapid_private_key), settings.vapid_subject, ciphers)


def push_request(device: Device, body: bytes, *, authorization: str, urgent: bool, topic: str) -> PushRequest:
    """The request of RFC 8030.

    Args:
        topic: up to 32 base64url characters; a newer message replaces an undelivered one with the same topic.
    """
    headers = {
        "TTL": str(PUSH_TTL_SECONDS),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Authorization": authorization,
        "Urgency": "high" if urgent else "normal",
        "Topic": topic,
    }
    return PushRequest(device.endpoint, headers, body)


# --- what the answer means ---


def verdict(status: int | None) -> Verdict:
    """What we do after an answer with this status; None means that no answer came in time."""
    if status is None or status in _NOT_NOW or status >= 500:
        return Verdict.LATER
    if 200 <= status < 300:
        return Verdict.DELIVERED
    return Verdict.GONE if status in (404, 410) else Verdict.REFUSED


def retry_after_ms(header: str | None, *, now_ms: int) -> int:
    """How long a service asks us to wait: seconds or a date (RFC 9110, section 10.2.3); 0 if it does not say.

    A value that is neither, or a date that does not exist, counts as not said.
    """
    text = (header or "").strip()
    wait = int(text) * 1_000 if re.fullmatch(r"[0-9]{1,9}", text) else _until(text, now_ms)
    return min(max(wait, 0), PUSH_TTL_SECONDS * 1_000)


def _until(date: str, now_ms: int) -> int:
    """Milliseconds until a date; 0 if it is not a date. Python's parser may raise several kinds of error."""
    try:
        found = parsedate_to_datetime(date[:_DATE_CHARACTERS] if date.isascii() else "")
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000) - now_ms
    except (TypeError, ValueError, OverflowError, IndexError):
        return 0
