"""Stand-ins for what only workerd has. They work like the real thing; nothing here records calls to be asserted."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from limits import PBKDF2_MAX_ITERATIONS
from sealing.ciphers import Item
from sealing.keyring import DataKey


class OpenSslCiphers:
    """`ciphers.Ciphers` over OpenSSL: an implementation that shares nothing with SubtleCrypto.

    Every call lets other tasks run first, as awaiting SubtleCrypto does.
    """

    def random_bytes(self, count: int) -> bytes:
        return os.urandom(count)

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        if iterations > PBKDF2_MAX_ITERATIONS:
            raise ValueError(f"{iterations} iterations are more than {PBKDF2_MAX_ITERATIONS}")
        await asyncio.sleep(0)
        return PBKDF2HMAC(SHA256(), length, salt, iterations).derive(password)

    async def hkdf(self, ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        await asyncio.sleep(0)
        return HKDF(SHA256(), length, salt, info).derive(ikm)

    async def agree(self, public: bytes) -> tuple[bytes, bytes] | None:
        await asyncio.sleep(0)
        own = self.fresh_key_pair()
        try:
            peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        except ValueError:
            return None
        return public_bytes(own), own.exchange(ec.ECDH(), peer)

    def fresh_key_pair(self) -> ec.EllipticCurvePrivateKey:
        """The sender's key pair of one agreement; a test may put a known one here."""
        return ec.generate_private_key(ec.SECP256R1())

    async def seal_once(self, key: bytes, nonce: bytes, text: bytes) -> bytes:
        await asyncio.sleep(0)
        assert len(key) == 16
        return AESGCM(key).encrypt(nonce, text, None)

    async def public_key(self, private: bytes) -> bytes:
        await asyncio.sleep(0)
        return public_bytes(private_key(private))

    async def sign(self, private: bytes, message: bytes) -> bytes:
        await asyncio.sleep(0)
        r, s = decode_dss_signature(private_key(private).sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    async def is_public_key(self, algorithm: int, public: bytes) -> bool:
        await asyncio.sleep(0)
        return _verifying_key(algorithm, public) is not None

    async def verify(self, algorithm: int, public: bytes, signature: bytes, message: bytes) -> bool:
        await asyncio.sleep(0)
        key = _verifying_key(algorithm, public)
        try:
            match key:
                case ec.EllipticCurvePublicKey():
                    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                    key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
                case ed25519.Ed25519PublicKey():
                    key.verify(signature, message)
                case rsa.RSAPublicKey():
                    key.verify(signature, message, PKCS1v15(), SHA256())
                case _:
                    return False
        except InvalidSignature:
            return False
        return True

    async def seal(self, key: bytes, items: Sequence[Item]) -> list[bytes]:
        await asyncio.sleep(0)
        aead = AESGCM(key)
        return [aead.encrypt(nonce, text, context) for nonce, text, context in items]

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        await asyncio.sleep(0)
        aead = AESGCM(key)
        return [_opened(aead, item) for item in items]


class MemoryKeyStore:
    """`keyring.KeyStore` in a dict; what it holds outlives a Keyring as a table outlives an evicted object."""

    def __init__(self) -> None:
        self.keys: dict[int, DataKey] = {}

    def data_keys(self) -> list[DataKey]:
        return list(self.keys.values())

    def add_data_key(self, key: DataKey) -> None:
        assert key.epoch not in self.keys, "an epoch is added once"
        self.keys[key.epoch] = key

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        self.keys[epoch] = replace(self.keys[epoch], wrapped=wrapped, master=master)

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        self.keys[epoch] = replace(self.keys[epoch], reserved=reserved)

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        for epoch in epochs:
            del self.keys[epoch]


class MemoryFileStore:
    """`files.store.FileStore` in a dict. `is_broken` makes it answer nobody."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, int]] = {}
        """The sizes of all parts, by file and name."""
        self.is_broken = False
        self.asked = 0

    async def sizes(self, files: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        await self._answer()
        return {file: dict(self.parts[file]) for file in files if file in self.parts}

    async def remove(self, files: Sequence[str]) -> None:
        await self._answer()
        for file in files:
            self.parts.pop(file, None)

    async def _answer(self) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_broken:
            raise OSError("nobody is there")


def private_key(private: bytes) -> ec.EllipticCurvePrivateKey:
    """A P-256 key from its 32 bytes."""
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _verifying_key(
    algorithm: int, public: bytes
) -> ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey | None:
    try:
        key = load_der_public_key(public)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if algorithm == -7 and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if algorithm == -8 and isinstance(key, ed25519.Ed25519PublicKey):
        return key
    return key if algorithm == -257 and isinstance(key, rsa.RSAPublicKey) else None


def _opened(aead: AESGCM, item: Item) -> bytes | None:
    nonce, sealed, context = item
    try:
        return aead.decrypt(nonce, sealed, context)
    except InvalidTag:
        return None


def offset_of(zone: str, now_ms: int) -> int | None:
    """What `workerd/zones.py` knows, of three zones: minutes ahead of UTC. Berlin's clocks are changed twice a year."""
    if zone != "Europe/Berlin":
        return {"UTC": 0, "Asia/Kathmandu": 345}.get(zone)
    now = datetime.fromtimestamp(now_ms / 1_000, UTC)
    # At one o'clock UTC on the last Sundays of March and October (directive 2000/84/EC).
    last_days = (datetime(now.year, month, 31, 1, tzinfo=UTC) for month in (3, 10))
    begin, end = (day - timedelta(days=day.isoweekday() % 7) for day in last_days)
    return 120 if begin <= now < end else 60
