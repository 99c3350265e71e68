"""Everything that calls SubtleCrypto. Keys and texts go in and come out as Python bytes.

A call into JavaScript costs more than the work there, so a batch of any size crosses three times: in, once to wait,
out. (Measured in workerd: 0.1 ms for one text, 1.5 ms for a hundred.) No JavaScript object is made at import, because
the deploy-time snapshot could not keep it.
"""

import os
from collections.abc import Sequence
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from encoding import from_b64url
from limits import KEYS_KEPT_IMPORTED, PBKDF2_MAX_ITERATIONS
from sealing.ciphers import KEY_BYTES, Item
from workerd.turns import settled

_EXTRACTABLE = True
_CURVE = "P-256"
# By COSE algorithm, what SubtleCrypto calls it: to import a key, and to verify with it.
_SIGNATURES: dict[int, tuple[dict[str, str], dict[str, str]]] = {
    -7: ({"name": "ECDSA", "namedCurve": _CURVE}, {"name": "ECDSA", "hash": "SHA-256"}),
    -8: ({"name": "Ed25519"}, {"name": "Ed25519"}),
    -257: ({"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256"}, {"name": "RSASSA-PKCS1-v1_5"}),
}
# workerd (1.20261117.1) imports a key of any kind as one of Ed25519, and fails when it verifies with it. So we look at
# how the key begins: the SPKI of Ed25519 has always these bytes, and 32 more (RFC 8410, section 4).
_ED25519, _ED25519_SPKI_START, _ED25519_SPKI_BYTES = -8, bytes.fromhex("302a300506032b6570032100"), 44
_PUBLIC_KEY_START = b"\x04"
# PKCS #8 of a private key without its public half (RFC 5208, RFC 5915): everything that precedes its 32 bytes.
_PKCS8_START = bytes.fromhex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420")


class SubtleCiphers:
    """`ciphers.Ciphers` for workerd. Keep one instance for the life of an object: it caches imported keys."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Any] = {}  # CryptoKey by its bytes, oldest first
        self._callers: dict[str, Any] = {}  # by operation, the function that calls it with a list of arguments

    def random_bytes(self, count: int) -> bytes:
        """As `Ciphers.random_bytes`; Pyodide's `os.urandom` is `crypto.getRandomValues`."""
        return os.urandom(count)

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """As `Ciphers.pbkdf2`."""
        if iterations > PBKDF2_MAX_ITERATIONS:
            raise ValueError(f"{iterations} iterations in one call are more than {PBKDF2_MAX_ITERATIONS}")
        return await _derive(password, {"name": "PBKDF2", "salt": salt, "iterations": iterations}, length)

    async def hkdf(self, ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        """As `Ciphers.hkdf`."""
        return await _derive(ikm, {"name": "HKDF", "salt": salt, "info": info}, length)

    async def agree(self, public: bytes) -> tuple[bytes, bytes] | None:
        """As `Curve.agree`."""
        subtle, ecdh = js.crypto.subtle, {"name": "ECDH", "namedCurve": _CURVE}
        try:
            peer = await _import(public, ecdh, [])
        except JsException:
            return None
        pair = await subtle.generateKey(to_js(ecdh), not _EXTRACTABLE, to_js(["deriveBits"]))
        own = subtle.exportKey("raw", pair.publicKey)
        algorithm = to_js({"name": "ECDH"})
        algorithm.public = peer
        secret = await subtle.deriveBits(algorithm, pair.privateKey, 8 * KEY_BYTES)
        return (await own).to_bytes(), secret.to_bytes()

    async def seal_once(self, key: bytes, nonce: bytes, text: bytes) -> bytes:
        """As `Curve.seal_once`; the imported key is not cached."""
        return await _encrypt(await _import(key, "AES-GCM", ["encrypt"]), (nonce, text, b""))

    async def public_key(self, private: bytes) -> bytes:
        """As `Curve.public_key`: SubtleCrypto gives a public key only as part of an extractable private one."""
        key = await self._signing_key(private, extractable=_EXTRACTABLE)
        exported = await js.crypto.subtle.exportKey("jwk", key)
        return _PUBLIC_KEY_START + from_b64url(str(exported.x)) + from_b64url(str(exported.y))

    async def sign(self, private: bytes, message: bytes) -> bytes:
        """As `Curve.sign`; it is called rarely, so the imported key is not cached."""
        key = await self._signing_key(private, extractable=not _EXTRACTABLE)
        signature = await js.crypto.subtle.sign(to_js({"name": "ECDSA", "hash": "SHA-256"}), key, to_js(message))
        result: bytes = signature.to_bytes()
        return result

    async def is_public_key(self, algorithm: int, public: bytes) -> bool:
        """As `Signatures.is_public_key`."""
        return await _verifying_key(algorithm, public) is not None

    async def verify(self, algorithm: int, public: bytes, signature: bytes, message: bytes) -> bool:
        """As `Signatures.verify`; each key is used rarely, so it is not cached."""
        key = await _verifying_key(algorithm, public)
        if key is None:
            return False
        how = to_js(_SIGNATURES[algorithm][1])
        try:
            return bool(await js.crypto.subtle.verify(how, key, to_js(signature), to_js(message)))
        except JsException:  # the length is none that a signature of Ed25519 has
            return False

    async def _signing_key(self, private: bytes, *, extractable: bool) -> Any:
        ecdsa = to_js({"name": "ECDSA", "namedCurve": _CURVE})
        return await js.crypto.subtle.importKey(
            "pkcs8", to_js(_PKCS8_START + private), ecdsa, extractable, to_js(["sign"])
        )

    async def seal(self, key: bytes, items: Sequence[Item]) -> list[bytes]:
        """As `Ciphers.seal`."""
        if len(items) == 1:
            return [await _encrypt(await self._aes_key(key), items[0])]
        issued = self._issue("encrypt", await self._aes_key(key), items)
        return [bytes(sealed) for sealed in (await settled(js.Promise.all(issued))).to_py()]

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        """As `Ciphers.open`."""
        issued = self._issue("decrypt", await self._aes_key(key), items)
        results = (await settled(js.Promise.allSettled(issued))).to_py()
        return [bytes(result["value"]) if result["status"] == "fulfilled" else None for result in results]

    def _issue(self, operation: str, key: Any, items: Sequence[Item]) -> Any:
        # If Python called encrypt(), each call would come back as a Python future, at 80 us apiece (Pyodide 314.0.6).
        # So JavaScript makes the calls: calls.map(([…]) => subtle.encrypt(…)), built without a function of our own,
        # because workerd does not let us make one from text.
        if operation not in self._callers:
            subtle = js.crypto.subtle
            self._callers[operation] = js.Reflect.apply.bind(None, getattr(subtle, operation), subtle)
        name = "AES-GCM"
        calls = [({"name": name, "iv": nonce, "additionalData": context}, key, text) for nonce, text, context in items]
        return to_js(calls).map(self._callers[operation])

    async def _aes_key(self, key: bytes) -> Any:
        found = self._keys.get(key)
        if found is None:
            if len(key) != KEY_BYTES:
                raise ValueError(f"a key has {KEY_BYTES} bytes")
            found = await _import(key, "AES-GCM", ["encrypt", "decrypt"])
            while len(self._keys) >= KEYS_KEPT_IMPORTED:
                del self._keys[next(iter(self._keys))]
            self._keys[key] = found
        return found


async def _encrypt(key: Any, item: Item) -> bytes:
    nonce, text, context = item
    algorithm = to_js({"name": "AES-GCM", "iv": nonce, "additionalData": context})
    sealed: bytes = (await settled(js.crypto.subtle.encrypt(algorithm, key, to_js(text)))).to_bytes()
    return sealed


async def _derive(secret: bytes, algorithm: dict[str, Any], length: int) -> bytes:
    key = await _import(secret, algorithm["name"], ["deriveBits"])
    bits = await js.crypto.subtle.deriveBits(to_js({**algorithm, "hash": "SHA-256"}), key, length * 8)
    derived: bytes = bits.to_bytes()
    return derived


async def _verifying_key(algorithm: int, public: bytes) -> Any | None:
    """The imported public key; None if it is none for this algorithm, or nobody knows the algorithm."""
    is_ed25519 = len(public) == _ED25519_SPKI_BYTES and public.startswith(_ED25519_SPKI_START)
    if algorithm not in _SIGNATURES or is_ed25519 != (algorithm == _ED25519):
        return None
    try:
        return await js.crypto.subtle.importKey(
            "spki", to_js(public), to_js(_SIGNATURES[algorithm][0]), not _EXTRACTABLE, to_js(["verify"])
        )
    except JsException:
        return None


async def _import(key: bytes, algorithm: str | dict[str, str], usages: list[str]) -> Any:
    return await js.crypto.subtle.importKey("raw", to_js(key), to_js(algorithm), not _EXTRACTABLE, to_js(usages))
