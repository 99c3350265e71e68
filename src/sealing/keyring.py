"""Seals and opens the private texts of one room, and derives its other keys.

The newest data key seals texts (sealing/datakeys.py); a new one replaces it by age and by count. An old data key is
deleted when no row needs it, and what it sealed is then gone for good. `Sealed` describes the format.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from errors import Unopenable
from limits import CONTEXTS_KEPT
from sealing.ciphers import KEY_BYTES, NONCE_BYTES, Ciphers
from sealing.datakeys import (
    INDEX_EPOCH,
    SEALED_VERSION,
    SHORTEST_SEALED_BYTES,
    DataKey,
    DataKeys,
    KeyStore,
    fields,
    split,
)

__all__ = ["DataKey", "Header", "KeyStore", "Keyring", "Sealed"]

_LABEL = b"durable-chat text v1"
_PLACED_LABEL = b"durable-chat text v3"
_PLACED_VERSION = b"\x03"  # 2 stays free: tests use it as the unknown version
_VERSIONS = (SEALED_VERSION, _PLACED_VERSION)
_MOST_NONCES_AT_ONCE = 4_096  # 48 kB; one call gives at most 64 kB of random bytes


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Header:
    """What a sealed text belongs to: authenticated with the text, so that it opens in no other place.

    `kind` says what the text is (storage/headers.py). The sealed texts of a message are also bound to its `seq`, which
    is its place in the room's order, and to the time when it was sent.
    """

    kind: str
    channel: str = ""
    author: str = ""
    id: str = ""
    seq: int = 0
    sent_at: int = 0


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Sealed:
    """A sealed text, version (1) | nonce (12) | ciphertext | tag (16), and the epoch of its data key.

    Version 3 also binds to `seq` and `sent_at`. Each version authenticates a label of its own, so changing the version
    of a stored text only makes it unreadable. Texts that were sealed as version 1 stay version 1.
    """

    epoch: int
    data: bytes


class Keyring:
    """The keys of one room."""

    def __init__(
        self, room: str, master_key: bytes, master_key_previous: bytes | None, ciphers: Ciphers, store: KeyStore
    ) -> None:
        masters = [key for key in (master_key, master_key_previous) if key is not None]
        self._room = room.encode()
        self._ciphers = ciphers
        self._keys = DataKeys(self._room, masters, ciphers, store)

    async def seal(self, items: Sequence[tuple[bytes, Header]], *, now_ms: int) -> list[Sealed]:
        """Seal texts together under one data key.

        Each seal is counted in storage before it is made. So even after a crash no key makes more than EPOCH_MAX_SEALS
        of them with random nonces (NIST SP 800-38D, section 8.3).

        Args:
            items: each plaintext and what it belongs to; at most EPOCH_MAX_SEALS.
            now_ms: the time of these rows, which `forget_before` relies on.
        Raises:
            Misconfigured: MASTER_KEY is not the one that wraps the newest data key.
        """
        if not items:
            return []
        epoch, key = await self._keys.key_for(len(items), now_ms)
        nonces = self._nonces(len(items))
        places = self._places(epoch)
        versions = [_PLACED_VERSION if header.seq else SEALED_VERSION for _, header in items]
        batch = [
            (nonce, text, places[version] + _context(header, version))
            for nonce, version, (text, header) in zip(nonces, versions, items, strict=True)
        ]
        sealed = await self._ciphers.seal(key, batch)
        return [
            Sealed(epoch, version + nonce + text) for version, nonce, text in zip(versions, nonces, sealed, strict=True)
        ]

    async def open(self, items: Sequence[tuple[Sealed, Header]]) -> list[bytes | None]:
        """The plaintexts in order; None for a text that is damaged, belongs elsewhere, or has lost its data key."""
        texts: list[bytes | None] = [None] * len(items)
        indexes: dict[int, list[int]] = {}
        for index, (sealed, _) in enumerate(items):
            if _is_openable(sealed):
                indexes.setdefault(sealed.epoch, []).append(index)
        await self._keys.open(indexes)
        for epoch, chosen in indexes.items():
            key = self._keys.opened.get(epoch)
            if key is None:
                continue
            places = self._places(epoch)
            batch = [
                split(sealed.data, _bound(places, sealed, header)) for sealed, header in map(items.__getitem__, chosen)
            ]
            for index, text in zip(chosen, await self._ciphers.open(key, batch), strict=True):
                texts[index] = text
        return texts

    async def rewrap(self) -> None:
        """Wrap every data key under MASTER_KEY. Called when the room wakes; usually it only reads the table.

        Raises:
            Misconfigured: neither MASTER_KEY nor MASTER_KEY_PREVIOUS wraps a data key.
        """
        await self._keys.rewrap()

    def epochs_before(self, before_ms: int) -> list[int]:
        """The epochs whose texts were all sealed before `before_ms`; never the newest."""
        return self._keys.ended_before(before_ms)

    async def forget_before(self, oldest_needed_ms: int, *, in_use: Collection[int] = ()) -> list[int]:
        """Delete the data keys that no row needs any more, which makes deleting their rows final.

        Args:
            oldest_needed_ms: `now_ms` of the oldest `seal` whose rows have to be kept.
            in_use: epochs of rows that are kept whatever their age, such as names of channels and members.
        Returns:
            The epochs that are gone.
        """
        epochs = [epoch for epoch in self.epochs_before(oldest_needed_ms) if epoch not in in_use]
        if epochs:
            self._keys.delete(epochs)
        return epochs

    async def derive(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        """A key for `purpose` from MASTER_KEY and the room's name; a changed MASTER_KEY gives another key."""
        return await self._keys.derive(purpose, length)

    async def index_key(self, purpose: str, *, now_ms: int) -> bytes:
        """A key (KEY_BYTES) for `purpose` that stays the same for as long as the room exists.

        Raises:
            Misconfigured: MASTER_KEY is not the room's.
            Unopenable: data key 0 is damaged.
        """
        key = await self._keys.open_index(now_ms)
        if key is None:
            await self._keys.rewrap()
            raise Unopenable("The room's index key does not open.")
        info = f"durable-chat index {purpose} v1".encode()
        return await self._ciphers.hkdf(key, salt=self._room, info=info, length=KEY_BYTES)

    def _nonces(self, count: int) -> list[bytes]:
        sizes = [min(_MOST_NONCES_AT_ONCE, count - start) for start in range(0, count, _MOST_NONCES_AT_ONCE)]
        random = b"".join([self._ciphers.random_bytes(size * NONCE_BYTES) for size in sizes])
        return [random[start : start + NONCE_BYTES] for start in range(0, len(random), NONCE_BYTES)]

    def _places(self, epoch: int) -> dict[bytes, bytes]:
        """The part of the authenticated data that all texts of an epoch share, by version."""
        place = self._room, epoch.to_bytes(8, "big")
        return {SEALED_VERSION: fields(_LABEL, *place), _PLACED_VERSION: fields(_PLACED_LABEL, *place)}


def _bound(places: Mapping[bytes, bytes], sealed: Sealed, header: Header) -> bytes:
    version = sealed.data[:1]
    return places[version] + _context(header, version)


def _context(header: Header, version: bytes) -> bytes:
    shared = _shared_context(header.kind, header.channel, header.author)
    if version == SEALED_VERSION:
        return shared + fields(header.id.encode())
    return shared + fields(header.id.encode(), b"%d" % header.seq, b"%d" % header.sent_at)


@lru_cache(maxsize=CONTEXTS_KEPT)
def _shared_context(kind: str, channel: str, author: str) -> bytes:
    """The part of the authenticated data that all texts of one author in one channel share."""
    return fields(kind.encode(), channel.encode(), author.encode())


def _is_openable(sealed: Sealed) -> bool:
    data = sealed.data
    return sealed.epoch > INDEX_EPOCH and len(data) >= SHORTEST_SEALED_BYTES and data[:1] in _VERSIONS
