"""A room's data keys: the stored table, how MASTER_KEY wraps its rows, and how often each key has sealed.

`sealing/keyring.py` seals texts with them. The attributes are a cache of the table, and only this object writes to the
table. Several tasks use it at once, so everything that was checked before an await is checked again after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from errors import Misconfigured
from limits import EPOCH_MAX_SEALS, EPOCH_MS, KEY_MARGIN_MS, SEAL_RESERVE
from sealing.ciphers import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Ciphers, Item

INDEX_EPOCH = 0
"""The data key that never seals. Keys derived from it find stored rows (Keyring.index_key)."""

SEALED_VERSION = b"\x01"
SHORTEST_SEALED_BYTES = len(SEALED_VERSION) + NONCE_BYTES + TAG_BYTES
_MASTER_NAME_BYTES = 8
_LABEL = b"durable-chat data key v1"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key as stored.

    `wrapped`: version (1) | nonce (12) | sealed key (32) | tag (16). `reserved` counts, in blocks, the seals that may
    have been made with it. `master` names the master key that wraps it: derived from that key and not secret.
    """

    epoch: int
    wrapped: bytes
    created_at: int
    reserved: int
    master: str


class KeyStore(Protocol):
    """The table of data keys. Each call is one statement, and its change is in storage when it returns."""

    def data_keys(self) -> list[DataKey]:
        """All data keys, in any order."""

    def add_data_key(self, key: DataKey) -> None:
        """Add the data key of a new epoch."""

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        """Replace the wrapped form of a data key."""

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        """Replace the count of reserved seals."""

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        """Delete data keys for good."""


class DataKeys:
    """The data keys of one room; those that were needed so far are unwrapped in memory."""

    def __init__(self, room: bytes, masters: Sequence[bytes], ciphers: Ciphers, store: KeyStore) -> None:
        """`room`: its name in UTF-8. `masters`: MASTER_KEY first, then the previous one if there is one."""
        self.opened: dict[int, bytes] = {}
        self._room = room
        self._masters = masters
        self._ciphers = ciphers
        self._store = store
        self._stored: dict[int, DataKey] | None = None  # the table, read when first needed
        self._wrapping: dict[str, bytes] = {}  # the wrapping key by the name of its master key, in the masters' order
        self._spare = 0  # seals of the newest key that are reserved in storage and not used since this object woke

    async def key_for(self, count: int, now_ms: int) -> tuple[int, bytes]:
        """The epoch and data key (KEY_BYTES) that may make `count` seals now; these are counted at once.

        Raises:
            Misconfigured: as `rewrap`.
        """
        if count > EPOCH_MAX_SEALS:
            raise ValueError(f"{count} texts are more than one data key may seal")
        while True:
            newest = self._newest()
            if newest is None or not self._may_seal(newest, count, now_ms):
                await self._replace(newest, now_ms)
            elif newest.epoch not in self.opened:
                await self._open_or_replace(newest, now_ms)
            else:  # nothing is awaited between the check that the key may seal and this line
                self._reserve(newest, count)
                return newest.epoch, self.opened[newest.epoch]

    async def open(self, epochs: Iterable[int]) -> None:
        """Put the data keys of `epochs` into `opened`, but no unknown or damaged ones and none of another master."""
        missing = [self._table()[epoch] for epoch in epochs if epoch in self._table() and epoch not in self.opened]
        if not missing:
            return
        for master, wrapping_key in (await self._wrapping_keys()).items():
            keys = [key for key in missing if key.master == master and len(key.wrapped) >= SHORTEST_SEALED_BYTES]
            batch = [split(key.wrapped, self._context(key.epoch)) for key in keys]
            opened = await self._ciphers.open(wrapping_key, batch) if batch else []
            for key, text in zip(keys, opened, strict=True):
                if text is not None and key.epoch in self._table():
                    self.opened[key.epoch] = text

    async def open_index(self, now_ms: int) -> bytes | None:
        """Data key 0, made when first needed; None if it is damaged."""
        if INDEX_EPOCH not in self._table():
            await self._add(INDEX_EPOCH, created_at=now_ms, reserved=0)
        await self.open([INDEX_EPOCH])
        return self.opened.get(INDEX_EPOCH)

    async def rewrap(self) -> None:
        """Wrap every data key under MASTER_KEY; reads the table at most once and writes only rows that change.

        Raises:
            Misconfigured: a data key is wrapped by a master key that we do not have.
        """
        wrapping = await self._wrapping_keys()
        if any(key.master not in wrapping for key in self._table().values()):
            raise Misconfigured(
                "MASTER_KEY is not the key that this room was sealed with. Set the former one as MASTER_KEY, or as "
                "MASTER_KEY_PREVIOUS to change over; without it the room's messages cannot be read."
            )
        present = next(iter(wrapping))
        former = [key for key in self._table().values() if key.master != present]
        await self.open(key.epoch for key in former)
        for key in former:
            await self._rewrap(key, present)

    def ended_before(self, before_ms: int) -> list[int]:
        """The epochs whose last seal was made before `before_ms`, oldest first; never the newest, never INDEX_EPOCH.

        A room moves between machines whose clocks differ, so a key may have sealed shortly after its successor's
        `created_at`; KEY_MARGIN_MS allows for that.
        """
        keys = [self._table()[epoch] for epoch in sorted(self._table()) if epoch != INDEX_EPOCH]
        return [key.epoch for key, following in pairwise(keys) if following.created_at + KEY_MARGIN_MS < before_ms]

    def delete(self, epochs: Sequence[int]) -> None:
        """Delete data keys from storage and memory: what they sealed never opens again."""
        self._store.delete_data_keys(epochs)
        for epoch in epochs:
            self._table().pop(epoch, None)
            self.opened.pop(epoch, None)

    async def derive(self, purpose: str, length: int, *, master: bytes | None = None) -> bytes:
        """A key of `length` bytes for `purpose`, from a master key (MASTER_KEY by default) and the room's name."""
        info = f"durable-chat {purpose} v1".encode()
        return await self._ciphers.hkdf(master or self._masters[0], salt=self._room, info=info, length=length)

    def _table(self) -> dict[int, DataKey]:
        if self._stored is None:
            self._stored = {key.epoch: key for key in self._store.data_keys()}
        return self._stored

    def _newest(self) -> DataKey | None:
        epoch = max(self._table(), default=INDEX_EPOCH)
        return None if epoch == INDEX_EPOCH else self._table()[epoch]

    def _may_seal(self, key: DataKey, count: int, now_ms: int) -> bool:
        left = self._spare + EPOCH_MAX_SEALS - key.reserved
        return count <= left and now_ms - key.created_at < EPOCH_MS

    def _reserve(self, key: DataKey, count: int) -> None:
        if count > self._spare:
            block = max(SEAL_RESERVE, count - self._spare)
            reserved = min(key.reserved + block, EPOCH_MAX_SEALS)
            self._store.reserve_seals(key.epoch, reserved)
            self._table()[key.epoch] = replace(key, reserved=reserved)
            self._spare += reserved - key.reserved
        self._spare -= count

    async def _open_or_replace(self, key: DataKey, now_ms: int) -> None:
        await self.open([key.epoch])
        if key.epoch not in self.opened:
            await self.rewrap()  # raises if the master key is wrong; otherwise only this row is damaged
            await self._replace(key, now_ms)

    async def _replace(self, newest: DataKey | None, now_ms: int) -> None:
        epoch = newest.epoch + 1 if newest else INDEX_EPOCH + 1
        created_at = max(now_ms, newest.created_at) if newest else now_ms  # a clock set back ends no period early
        if await self._add(epoch, created_at=created_at, reserved=SEAL_RESERVE):
            self._spare = SEAL_RESERVE

    async def _add(self, epoch: int, *, created_at: int, reserved: int) -> bool:
        master = next(iter(await self._wrapping_keys()))
        key = self._ciphers.random_bytes(KEY_BYTES)
        wrapped = await self._wrap(epoch, key, master)
        if epoch in self._table():  # another task was quicker
            return False
        data_key = DataKey(epoch, wrapped, created_at, reserved, master)
        self._store.add_data_key(data_key)
        self._table()[epoch] = data_key
        self.opened[epoch] = key
        return True

    async def _rewrap(self, key: DataKey, master: str) -> None:
        wrapped = key.wrapped  # a damaged key stays as it is; it must not stop the room when the old master key goes
        if key.epoch in self.opened:
            wrapped = await self._wrap(key.epoch, self.opened[key.epoch], master)
        present = self._table().get(key.epoch)
        if present is not None:
            self._store.rewrap_data_key(key.epoch, wrapped, master)
            self._table()[key.epoch] = replace(present, wrapped=wrapped, master=master)

    async def _wrap(self, epoch: int, key: bytes, master: str) -> bytes:
        nonce = self._ciphers.random_bytes(NONCE_BYTES)
        (wrapped,) = await self._ciphers.seal(self._wrapping[master], [(nonce, key, self._context(epoch))])
        return SEALED_VERSION + nonce + wrapped

    async def _wrapping_keys(self) -> dict[str, bytes]:
        if not self._wrapping:
            found = {}
            for master in self._masters:
                name = await self.derive("master name", _MASTER_NAME_BYTES, master=master)
                found[name.hex()] = await self.derive("data key wrapping", KEY_BYTES, master=master)
            self._wrapping = found
        return self._wrapping

    def _context(self, epoch: int) -> bytes:
        return fields(_LABEL, self._room, epoch.to_bytes(8, "big"))


def fields(*values: bytes) -> bytes:
    """Joins values, each after its length (4 bytes), so that ("ab", "c") and ("a", "bc") stay different."""
    return b"".join([len(value).to_bytes(4, "big") + value for value in values])


def split(data: bytes, context: bytes) -> Item:
    """Sealed bytes (at least SHORTEST_SEALED_BYTES) and associated data, in the form that `Ciphers.open` takes."""
    start = len(SEALED_VERSION)
    return data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :], context
