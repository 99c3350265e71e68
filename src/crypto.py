"""SubtleCrypto, and the only place that calls it. Everything secret goes through here as Python bytes.

A call into JavaScript costs more than the bytes it takes, and an await costs most: batches are issued together and
awaited once. No JavaScript object is made at import: the deploy-time snapshot could not keep it.
"""

from collections.abc import Sequence
from typing import Any

import js
from pyodide.ffi import to_js

from ciphers import KEY_BYTES, Item
from limits import PBKDF2_MAX_ITERATIONS

_KEPT_KEYS = 64  # data keys of a page of old history; importing one again costs as much as a seal


class SubtleCiphers:
    """`ciphers.Ciphers` for workerd. Keep one for the life of the object: it keeps imported keys."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Any] = {}  # CryptoKey by its bytes, oldest first

    def random_bytes(self, count: int) -> bytes:
        """As `Ciphers.random_bytes`."""
        return bytes(js.crypto.getRandomValues(js.Uint8Array.new(count)).to_bytes())

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """As `Ciphers.pbkdf2`."""
        if iterations > PBKDF2_MAX_ITERATIONS:
            raise ValueError(f"{iterations} iterations in one call are more than {PBKDF2_MAX_ITERATIONS}")
        key = await self._import(password, "PBKDF2", ["deriveBits"])
        algorithm = {"name": "PBKDF2", "hash": "SHA-256", "salt": salt, "iterations": iterations}
        return bytes((await js.crypto.subtle.deriveBits(to_js(algorithm), key, length * 8)).to_bytes())

    async def hkdf(self, ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        """As `Ciphers.hkdf`."""
        key = await self._import(ikm, "HKDF", ["deriveBits"])
        algorithm = {"name": "HKDF", "hash": "SHA-256", "salt": salt, "info": info}
        return bytes((await js.crypto.subtle.deriveBits(to_js(algorithm), key, length * 8)).to_bytes())

    async def seal(self, key: bytes, items: Sequence[Item]) -> list[bytes]:
        """As `Ciphers.seal`."""
        aes = await self._aes_key(key)
        subtle = js.crypto.subtle
        sealed = [subtle.encrypt(_gcm(nonce, context), aes, to_js(text)) for nonce, text, context in items]
        return [bytes(result) for result in (await js.Promise.all(to_js(sealed))).to_py()]

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        """As `Ciphers.open`."""
        aes = await self._aes_key(key)
        subtle = js.crypto.subtle
        opened = [subtle.decrypt(_gcm(nonce, context), aes, to_js(text)) for nonce, text, context in items]
        results = (await js.Promise.allSettled(to_js(opened))).to_py()
        return [bytes(result["value"]) if result["status"] == "fulfilled" else None for result in results]

    async def _aes_key(self, key: bytes) -> Any:
        found = self._keys.get(key)
        if found is None:
            if len(key) != KEY_BYTES:
                raise ValueError(f"a key has {KEY_BYTES} bytes")
            found = await self._import(key, "AES-GCM", ["encrypt", "decrypt"])
            while len(self._keys) >= _KEPT_KEYS:
                del self._keys[next(iter(self._keys))]
            self._keys[key] = found
        return found

    async def _import(self, key: bytes, algorithm: str, usages: list[str]) -> Any:
        return await js.crypto.subtle.importKey("raw", to_js(key), algorithm, False, to_js(usages))


def _gcm(nonce: bytes, context: bytes) -> Any:
    return to_js({"name": "AES-GCM", "iv": nonce, "additionalData": context})
