"""The cryptography that the core needs. `crypto.SubtleCiphers` provides it with SubtleCrypto; tests use OpenSSL."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, the nonce size that GCM is made for (NIST SP 800-38D, section 5.2.1.1)
TAG_BYTES = 16
PUBLIC_KEY_BYTES = 65  # a point of P-256, uncompressed: 0x04, x, y (SEC 1, section 2.3.3)

Item: TypeAlias = tuple[bytes, bytes, bytes]
"""Nonce (NONCE_BYTES), plaintext or ciphertext with tag, associated data."""


class KeyDerivation(Protocol):
    """Derives keys from a secret."""

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """PBKDF2-HMAC-SHA-256 (RFC 8018), `length` bytes.

        Raises:
            ValueError: more than PBKDF2_MAX_ITERATIONS; production refuses such a call, but local workerd does not.
        """

    async def hkdf(self, ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        """HKDF-SHA-256 (RFC 5869), `length` bytes."""


class Curve(Protocol):
    """Elliptic curve P-256, as Web Push needs it. Public keys have PUBLIC_KEY_BYTES, private ones KEY_BYTES."""

    async def agree(self, public: bytes) -> tuple[bytes, bytes] | None:
        """ECDH with a key pair made for this one call: its public key, and the shared secret (32 bytes).

        Returns None if `public` is not a point of the curve.
        """

    async def seal_once(self, key: bytes, nonce: bytes, text: bytes) -> bytes:
        """AES-128-GCM under a 16-byte key that seals nothing else: ciphertext and tag."""

    async def public_key(self, private: bytes) -> bytes:
        """The public key that belongs to a private one."""

    async def sign(self, private: bytes, message: bytes) -> bytes:
        """ECDSA with SHA-256: r and s, 64 bytes."""


class Signatures(Protocol):
    """Signatures that somebody else made, by COSE algorithm (RFC 9053, RFC 8812).

    -7 is ECDSA on P-256 with SHA-256, -8 is Ed25519, and -257 is RSASSA-PKCS1-v1_5 with SHA-256. Public keys are SPKI
    (RFC 5280, section 4.1.2.7).
    """

    async def is_public_key(self, algorithm: int, public: bytes) -> bool:
        """Whether `public` is a key for this algorithm."""

    async def verify(self, algorithm: int, public: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the owner of `public` signed `message`; False too if `public` is no key for `algorithm`.

        Args:
            signature: for ECDSA r and s, 64 bytes.
        """


class Ciphers(KeyDerivation, Curve, Signatures, Protocol):
    """Randomness, key derivation and authenticated encryption. A call costs more than its bytes: pass batches."""

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes from the platform's generator; at most 65,536."""

    async def seal(self, key: bytes, items: Sequence[Item]) -> list[bytes]:
        """AES-256-GCM: for each item its ciphertext (as long as the plaintext) and its tag (TAG_BYTES)."""

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        """For each item its plaintext, or None if key, nonce, ciphertext or associated data do not match."""
