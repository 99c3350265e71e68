"""SubtleCrypto, and the only place that calls it. Keys and texts go in and come out as Python bytes.

Crossing into JavaScript costs more than the work there, so a batch crosses three times whatever its size: in, once to
wait, out. (Measured in workerd: 0.1 ms for one text, 1.5 ms for a hundred.) No JavaScript object is made at import: the
deploy-time snapshot could not keep it.
"""

import os
from collections.abc import Sequence
from typing import Any

import js
from pyodide.ffi import to_js

from ciphers import KEY_BYTES, Item
from limits import KEYS_KEPT_IMPORTED, PBKDF2_MAX_ITERATIONS

_EXTRACTABLE = False


class SubtleCiphers:
    """`ciphers.Ciphers` for workerd. Keep one for the life of an object: it keeps imported keys."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Any] = {}  # CryptoKey by its bytes, oldest first
        self._callers: dict[str, Any] = {}  # for each operation the function that calls it with a list of arguments

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

    async def seal(self, key: bytes, items: Sequence[Item]) -> list[bytes]:
        """As `Ciphers.seal`."""
        issued = self._issue("encrypt", await self._aes_key(key), items)
        return [bytes(sealed) for sealed in (await js.Promise.all(issued)).to_py()]

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        """As `Ciphers.open`."""
        issued = self._issue("decrypt", await self._aes_key(key), items)
        results = (await js.Promise.allSettled(issued)).to_py()
        return [bytes(result["value"]) if result["status"] == "fulfilled" else None for result in results]

    def _issue(self, operation: str, key: Any, items: Sequence[Item]) -> Any:
        # Called from Python, each encrypt() would come back as a Python future, at 80 us apiece (Pyodide 314.0.6). So
        # JavaScript calls them: calls.map(([…]) => subtle.encrypt(…)), written without a function of our own, which
        # workerd does not let us make from text.
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


async def _derive(secret: bytes, algorithm: dict[str, Any], length: int) -> bytes:
    key = await _import(secret, algorithm["name"], ["deriveBits"])
    bits = await js.crypto.subtle.deriveBits(to_js({**algorithm, "hash": "SHA-256"}), key, length * 8)
    derived: bytes = bits.to_bytes()
    return derived


async def _import(key: bytes, algorithm: str, usages: list[str]) -> Any:
    return await js.crypto.subtle.importKey("raw", to_js(key), algorithm, _EXTRACTABLE, to_js(usages))
