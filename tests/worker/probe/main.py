"""Calls crypto.py, sealing/keyring.py and access/challenge.py in workerd for tests/worker/test_crypto.py.

One request is one call: JSON with its name and arguments in, JSON out, bytes as hex.
"""

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from workers import Response, WorkerEntrypoint

from access import challenge
from crypto import SubtleCiphers
from errors import ChatError
from sealing.keyring import DataKey, Header, Keyring, Sealed
from sealing.verifiers import stretch

Arguments = dict[str, Any]


class TableOfKeys:
    """A KeyStore of the rows that came with the request; what is in it afterwards goes back."""

    def __init__(self, rows: Sequence[Arguments]) -> None:
        self.keys = {row["epoch"]: DataKey(**{**row, "wrapped": bytes.fromhex(row["wrapped"])}) for row in rows}

    def data_keys(self) -> list[DataKey]:
        return list(self.keys.values())

    def add_data_key(self, key: DataKey) -> None:
        self.keys[key.epoch] = key

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        self.keys[epoch] = replace(self.keys[epoch], wrapped=wrapped, master=master)

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        self.keys[epoch] = replace(self.keys[epoch], reserved=reserved)

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        for epoch in epochs:
            del self.keys[epoch]

    def rows(self) -> list[Arguments]:
        return [{name: getattr(key, name) for name in DataKey.__slots__} for key in self.keys.values()]


async def random_bytes(given: Arguments) -> Any:
    """Random bytes."""
    return SubtleCiphers().random_bytes(given["count"])


async def pbkdf2(given: Arguments) -> Any:
    """PBKDF2, or the refusal's name."""
    try:
        return await SubtleCiphers().pbkdf2(**_bytes(given, "password", "salt"))
    except ValueError:
        return "ValueError"


async def hkdf(given: Arguments) -> Any:
    """HKDF."""
    return await SubtleCiphers().hkdf(**_bytes(given, "ikm", "salt", "info"))


async def proof(given: Arguments) -> Any:
    """The proof of a password."""
    return await stretch(given["password"], bytes.fromhex(given["salt"]), SubtleCiphers())


async def agree(given: Arguments) -> Any:
    """ECDH with a fresh key pair."""
    return await SubtleCiphers().agree(**_bytes(given, "public"))


async def seal_once(given: Arguments) -> Any:
    """AES-128-GCM."""
    return await SubtleCiphers().seal_once(**_bytes(given, "key", "nonce", "text"))


async def public_key(given: Arguments) -> Any:
    """The public half of a private key."""
    return await SubtleCiphers().public_key(**_bytes(given, "private"))


async def sign(given: Arguments) -> Any:
    """ECDSA."""
    return await SubtleCiphers().sign(**_bytes(given, "private", "message"))


async def is_public_key(given: Arguments) -> Any:
    """Whether bytes are a public key."""
    return await SubtleCiphers().is_public_key(**_bytes(given, "public"))


async def verify(given: Arguments) -> Any:
    """Whether a signature is good."""
    return await SubtleCiphers().verify(**_bytes(given, "public", "signature", "message"))


async def seal(given: Arguments) -> Any:
    """AES-GCM, `times` batches with one SubtleCiphers."""
    return await _cipher("seal", given)


async def open_sealed(given: Arguments) -> Any:
    """AES-GCM the other way."""
    return await _cipher("open", given)


async def many_keys(given: Arguments) -> Any:
    """Seal and open under more keys than are kept; how many are kept and how many texts came back."""
    ciphers = SubtleCiphers()
    keys = [ciphers.random_bytes(32) for _ in range(given["count"])]
    nonce = ciphers.random_bytes(12)
    sealed = [await ciphers.seal(key, [(nonce, key, b"")]) for key in keys]
    opened = [await ciphers.open(key, [(nonce, text, b"")]) for key, (text,) in zip(keys, sealed, strict=True)]
    return {"kept": len(ciphers._keys), "opened": sum(key == text for key, (text,) in zip(keys, opened, strict=True))}


async def keyring_seal(given: Arguments) -> Any:
    """Seal with a whole keyring; the rows it stored come along."""
    table = TableOfKeys(given["rows"])
    items = [(text.encode(), Header(**header)) for text, header in given["items"]]
    sealed = await _keyring(given, table).seal(items, now_ms=given["now_ms"])
    return {"rows": table.rows(), "sealed": [[each.epoch, each.data] for each in sealed]}


async def keyring_open(given: Arguments) -> Any:
    """Open with a keyring over the rows that came along."""
    items = [(Sealed(epoch, bytes.fromhex(data)), Header(**header)) for epoch, data, header in given["items"]]
    return await _keyring(given, TableOfKeys(given["rows"])).open(items)


async def challenge_issue(given: Arguments) -> Any:
    """A fresh proof-of-work challenge."""
    key = bytes.fromhex(given["key"])
    return challenge.issue(room=given["room"], key=key, now_ms=_now_ms(), hard=given["hard"])


async def challenge_verify(given: Arguments) -> Any:
    """Whether an answer is accepted, and if not with which code."""
    key = bytes.fromhex(given["key"])
    try:
        accepted = await challenge.verify(
            given["answer"], room=given["room"], key=key, ciphers=SubtleCiphers(), now_ms=_now_ms()
        )
    except ChatError as refusal:
        return refusal.code
    return accepted.digest


CALLS: dict[str, Callable[[Arguments], Awaitable[Any]]] = {
    call.__name__: call
    for call in (
        random_bytes,
        pbkdf2,
        hkdf,
        proof,
        agree,
        seal_once,
        public_key,
        sign,
        is_public_key,
        verify,
        seal,
        open_sealed,
        many_keys,
        keyring_seal,
        keyring_open,
        challenge_issue,
        challenge_verify,
    )
}


class Default(WorkerEntrypoint):  # type: ignore[misc]  # its base is untyped
    """The Worker."""

    async def fetch(self, request: Any) -> Any:
        """Do the one call that the request asks for."""
        if request.method != "POST":
            return Response("ready")
        order = json.loads(await request.text())
        return Response(json.dumps(await CALLS[order["call"]](order["given"]), default=bytes.hex))


async def _cipher(operation: str, given: Arguments) -> Any:
    ciphers = SubtleCiphers()
    key = bytes.fromhex(given["key"])
    items = [tuple(map(bytes.fromhex, item)) for item in given["items"]]
    return [await getattr(ciphers, operation)(key, items) for _ in range(given.get("times", 1))]


def _keyring(given: Arguments, table: TableOfKeys) -> Keyring:
    return Keyring(given["room"], bytes.fromhex(given["master"]), None, SubtleCiphers(), table)


def _bytes(given: Arguments, *names: str) -> Arguments:
    return {name: bytes.fromhex(value) if name in names else value for name, value in given.items()}


def _now_ms() -> int:
    return int(time.time() * 1_000)
