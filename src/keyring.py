"""The keys of one room: a random data key for each epoch, wrapped by a key that MASTER_KEY gives.

Private texts are sealed under the newest data key, which is replaced by age and by count; an old one is deleted when
no row needs it, and what it sealed is then gone for good, backups of the database included. Data key 0 never seals:
it gives the keys that stored rows are found by, so that they outlive a changed MASTER_KEY.

What is where: `store.py` keeps the wrapped keys, `ciphers.py` is the cryptography, and everything here that is kept
in attributes is a cache of the two.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from ciphers import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Ciphers, Item
from errors import Misconfigured, Unopenable
from limits import EPOCH_MAX_SEALS, EPOCH_MS, SEAL_RESERVE

INDEX_EPOCH = 0
_SEALED_VERSION = b"\x01"
_SHORTEST_SEALED_BYTES = len(_SEALED_VERSION) + NONCE_BYTES + TAG_BYTES
_MASTER_NAME_BYTES = 8
_TEXT = b"durable-chat text v1"  # the version of the associated data and what is sealed: texts ...
_DATA_KEY = b"durable-chat data key v1"  # ... or data keys
_MOST_NONCES_AT_ONCE = 4_096  # 48 kB, below the 64 kB that one call for random bytes may give


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed text belongs to: authenticated with it, so that it opens in no other place.

    `kind` is one of message, reactions, change, channel, member, agent, push.
    """

    kind: str
    channel: str = ""
    author: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text: version (1) | nonce (12) | ciphertext | tag (16), and the epoch of its data key."""

    epoch: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key as stored.

    `wrapped` is sealed like a text, 61 bytes. `reserved` counts the seals that may have been made with it, in blocks.
    `master` names the MASTER_KEY that wraps it: derived from that key and not secret.
    """

    epoch: int
    wrapped: bytes
    created_at: int
    reserved: int
    master: str


class KeyStore(Protocol):
    """The table of data keys; each call is one statement, in storage when it returns."""

    def data_keys(self) -> list[DataKey]:
        """All of them, in any order."""

    def add_data_key(self, key: DataKey) -> None:
        """Add one of a new epoch."""

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        """Replace how it is wrapped."""

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        """Replace its count."""

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        """Forget them for good."""


class Keyring:
    """Seals and opens the texts of one room, and derives its other keys."""

    def __init__(
        self, room: str, master_key: bytes, master_key_previous: bytes | None, ciphers: Ciphers, store: KeyStore
    ) -> None:
        self._room = room
        self._ciphers = ciphers
        self._store = store
        self._masters = [key for key in (master_key, master_key_previous) if key is not None]
        self._wrapping: dict[str, bytes] = {}  # name of a master key to the wrapping key it gives, MASTER_KEY's first
        self._stored: dict[int, DataKey] | None = None  # the table, read once: this object is its only writer
        self._opened: dict[int, bytes] = {}  # data keys in the clear, as they were needed
        self._spare = 0  # seals reserved in storage for the newest epoch and not used since this object woke

    async def seal(self, items: Sequence[tuple[bytes, Header]], *, now_ms: int) -> list[Sealed]:
        """Seal texts together, under the newest data key or a fresh one.

        A seal is counted in storage before it is made, so that not even a crash lets a key make more than
        EPOCH_MAX_SEALS of them (random nonces: NIST SP 800-38D, section 8.3).

        Args:
            items: plaintext and what it belongs to; at most EPOCH_MAX_SEALS.
            now_ms: the time of these rows; `forget_before` relies on it.
        Raises:
            Misconfigured: the newest data key opens under no master key.
        """
        if not items:
            return []
        epoch, key = await self._take(len(items), now_ms)
        nonces = self._nonces(len(items))
        prefix = self._prefix(_TEXT, epoch)
        batch = [(nonce, text, _context(prefix, header)) for nonce, (text, header) in zip(nonces, items, strict=True)]
        sealed = await self._ciphers.seal(key, batch)
        return [Sealed(epoch, _SEALED_VERSION + nonce + text) for nonce, text in zip(nonces, sealed, strict=True)]

    async def open(self, items: Sequence[tuple[Sealed, Header]]) -> list[bytes | None]:
        """The plaintexts, in order; None for what is damaged, belongs elsewhere, or whose data key is gone."""
        texts: list[bytes | None] = [None] * len(items)
        epochs = {sealed.epoch for sealed, _ in items}
        await self._open_keys(epochs)
        for epoch in epochs & self._opened.keys() - {INDEX_EPOCH}:
            prefix = self._prefix(_TEXT, epoch)
            places = [place for place, (sealed, _) in enumerate(items) if _is_openable(sealed, epoch)]
            batch = [_split(items[place][0].data, _context(prefix, items[place][1])) for place in places]
            opened = await self._ciphers.open(self._opened[epoch], batch) if batch else []
            for place, text in zip(places, opened, strict=True):
                texts[place] = text
        return texts

    async def rewrap(self) -> None:
        """Bring every data key under MASTER_KEY. Called when the room wakes; reads no row twice, costs little.

        Raises:
            Misconfigured: a data key is wrapped by a key that is neither MASTER_KEY nor MASTER_KEY_PREVIOUS.
        """
        wrapping = await self._wrapping_keys()
        if any(key.master not in wrapping for key in self._data_keys().values()):
            raise Misconfigured(
                "MASTER_KEY is not the key that this room was sealed with. Set the former one as MASTER_KEY, or as "
                "MASTER_KEY_PREVIOUS to change over; without it the room's messages cannot be read."
            )
        present = next(iter(wrapping))
        former = [key for key in self._data_keys().values() if key.master != present]
        await self._open_keys([key.epoch for key in former])
        for key in former:
            await self._rewrap(key, present)

    def epochs_before(self, before_ms: int) -> list[int]:
        """The epochs all of whose texts were sealed before `before_ms`; never the newest."""
        keys = sorted((key for key in self._data_keys().values() if key.epoch != INDEX_EPOCH), key=_epoch_of)
        return [key.epoch for key, successor in pairwise(keys) if successor.created_at < before_ms]

    async def forget_before(self, oldest_needed_ms: int, *, in_use: Collection[int] = ()) -> list[int]:
        """Delete the data keys that no row needs any more, which makes deleting those rows final.

        Args:
            oldest_needed_ms: when the oldest text that is to be kept was sealed first.
            in_use: epochs of rows that are not judged by their age, such as names of channels and members.
        Returns:
            The epochs that are gone.
        """
        epochs = [epoch for epoch in self.epochs_before(oldest_needed_ms) if epoch not in in_use]
        if epochs:
            self._store.delete_data_keys(epochs)
        for epoch in epochs:
            self._data_keys().pop(epoch)
            self._opened.pop(epoch, None)
        return epochs

    async def derive(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        """A key for `purpose` out of MASTER_KEY and the room's name; another one after MASTER_KEY was changed."""
        return await self._derive(self._masters[0], purpose, length)

    async def index_key(self, purpose: str, *, now_ms: int) -> bytes:
        """A key (KEY_BYTES) for `purpose` that stays the same for as long as the room exists.

        Raises:
            Unopenable: data key 0 is damaged.
        """
        if INDEX_EPOCH not in self._data_keys():
            await self._add(INDEX_EPOCH, now_ms=now_ms, reserved=0)
        await self._open_keys({INDEX_EPOCH})
        if INDEX_EPOCH not in self._opened:
            raise Unopenable("The room's index key does not open.")
        info = f"durable-chat index {purpose} v1".encode()
        salt = self._room.encode()
        return await self._ciphers.hkdf(self._opened[INDEX_EPOCH], salt=salt, info=info, length=KEY_BYTES)

    async def _take(self, count: int, now_ms: int) -> tuple[int, bytes]:
        # Tasks meet here: after each await everything is looked at again, and nothing is awaited from the check that
        # the key may seal to the reservation.
        if count > EPOCH_MAX_SEALS:
            raise ValueError(f"{count} texts are more than one data key may seal")
        while True:
            newest = self._newest()
            if newest is None or not self._may_seal(newest, count, now_ms):
                await self._add_next(now_ms)
            elif newest.epoch not in self._opened:
                await self._open_or_replace(newest, now_ms)
            else:
                self._reserve(newest, count)
                return newest.epoch, self._opened[newest.epoch]

    def _newest(self) -> DataKey | None:
        epoch = max(self._data_keys(), default=INDEX_EPOCH)
        return None if epoch == INDEX_EPOCH else self._data_keys()[epoch]

    def _may_seal(self, key: DataKey, count: int, now_ms: int) -> bool:
        left = self._spare + EPOCH_MAX_SEALS - key.reserved
        return count <= left and now_ms - key.created_at < EPOCH_MS

    def _reserve(self, key: DataKey, count: int) -> None:
        if count > self._spare:
            block = max(SEAL_RESERVE, count - self._spare)
            reserved = min(key.reserved + block, EPOCH_MAX_SEALS)
            self._store.reserve_seals(key.epoch, reserved)
            self._data_keys()[key.epoch] = replace(key, reserved=reserved)
            self._spare += reserved - key.reserved
        self._spare -= count

    async def _open_or_replace(self, key: DataKey, now_ms: int) -> None:
        await self._open_keys([key.epoch])
        if key.epoch not in self._opened:
            await self.rewrap()  # raises when it is the master key that is wrong, and else this one row is damaged
            await self._add_next(now_ms)

    async def _add_next(self, now_ms: int) -> None:
        newest = self._newest()
        epoch = newest.epoch + 1 if newest else INDEX_EPOCH + 1
        created_at = max(now_ms, newest.created_at) if newest else now_ms  # a clock set back ends no period early
        if await self._add(epoch, now_ms=created_at, reserved=SEAL_RESERVE):
            self._spare = SEAL_RESERVE

    async def _add(self, epoch: int, *, now_ms: int, reserved: int) -> bool:
        master, wrapping_key = next(iter((await self._wrapping_keys()).items()))
        key = self._ciphers.random_bytes(KEY_BYTES)
        wrapped = await self._wrap(epoch, key, wrapping_key)
        if epoch in self._data_keys():  # another task was quicker
            return False
        data_key = DataKey(epoch, wrapped, now_ms, reserved, master)
        self._store.add_data_key(data_key)
        self._data_keys()[epoch] = data_key
        self._opened[epoch] = key
        return True

    async def _rewrap(self, key: DataKey, master: str) -> None:
        wrapped = key.wrapped  # a damaged one stays as it is: it must not stop the room when the former key goes
        if key.epoch in self._opened:
            wrapped = await self._wrap(key.epoch, self._opened[key.epoch], self._wrapping[master])
        present = self._data_keys().get(key.epoch)
        if present is not None:
            self._store.rewrap_data_key(key.epoch, wrapped, master)
            self._data_keys()[key.epoch] = replace(present, wrapped=wrapped, master=master)

    async def _wrap(self, epoch: int, key: bytes, wrapping_key: bytes) -> bytes:
        (nonce,) = self._nonces(1)
        (wrapped,) = await self._ciphers.seal(wrapping_key, [(nonce, key, self._prefix(_DATA_KEY, epoch))])
        return _SEALED_VERSION + nonce + wrapped

    async def _open_keys(self, epochs: Iterable[int]) -> None:
        missing = [self._data_keys()[epoch] for epoch in epochs if epoch in self._data_keys().keys() - self._opened]
        if not missing:
            return
        for master, wrapping_key in (await self._wrapping_keys()).items():
            keys = [key for key in missing if key.master == master and len(key.wrapped) > _SHORTEST_SEALED_BYTES]
            batch = [_split(key.wrapped, self._prefix(_DATA_KEY, key.epoch)) for key in keys]
            opened = await self._ciphers.open(wrapping_key, batch) if batch else []
            found = {key.epoch: text for key, text in zip(keys, opened, strict=True) if text is not None}
            self._opened.update((epoch, text) for epoch, text in found.items() if epoch in self._data_keys())

    async def _wrapping_keys(self) -> dict[str, bytes]:
        if not self._wrapping:
            self._wrapping = {
                (await self._derive(master, "master name", _MASTER_NAME_BYTES)).hex(): await self._derive(
                    master, "data key wrapping", KEY_BYTES
                )
                for master in self._masters
            }
        return self._wrapping

    async def _derive(self, master: bytes, purpose: str, length: int) -> bytes:
        info = f"durable-chat {purpose} v1".encode()
        return await self._ciphers.hkdf(master, salt=self._room.encode(), info=info, length=length)

    def _data_keys(self) -> dict[int, DataKey]:
        if self._stored is None:
            self._stored = {key.epoch: key for key in self._store.data_keys()}
        return self._stored

    def _nonces(self, count: int) -> list[bytes]:
        sizes = [min(_MOST_NONCES_AT_ONCE, count - start) for start in range(0, count, _MOST_NONCES_AT_ONCE)]
        random = b"".join(self._ciphers.random_bytes(size * NONCE_BYTES) for size in sizes)
        return [random[start : start + NONCE_BYTES] for start in range(0, len(random), NONCE_BYTES)]

    def _prefix(self, what: bytes, epoch: int) -> bytes:
        return _fields(what, self._room.encode(), epoch.to_bytes(8, "big"))


def _context(prefix: bytes, header: Header) -> bytes:
    return prefix + _fields(header.kind.encode(), header.channel.encode(), header.author.encode(), header.id.encode())


def _fields(*values: bytes) -> bytes:
    # Each with its length first: ("ab", "c") and ("a", "bc") are different contexts.
    return b"".join(len(value).to_bytes(4, "big") + value for value in values)


def _is_openable(sealed: Sealed, epoch: int) -> bool:
    data = sealed.data
    return sealed.epoch == epoch and len(data) >= _SHORTEST_SEALED_BYTES and data[:1] == _SEALED_VERSION


def _split(data: bytes, context: bytes) -> Item:
    start = len(_SEALED_VERSION)
    return data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :], context


def _epoch_of(key: DataKey) -> int:
    return key.epoch
