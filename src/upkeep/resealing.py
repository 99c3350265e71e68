"""Old data keys: which of them no row needs any more, and what must be sealed again before they are deleted.

Retention calls it after it has removed rows. Only storage/registry.py says which
columns there are and how each is treated, so a column that is registered there is never forgotten here.
"""

from collections.abc import Collection

from chat.directory import Directory
from sealing.keyring import Keyring
from storage.entries import HoldsKey, Resealed, SealedColumn
from storage.registry import SEALED_COLUMNS
from storage.store import Store


class OldKeys:
    """The data keys that seal nothing any more."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory

    async def forget(self, *, now_ms: int) -> bool:
        """Delete the data keys that no row needs; returns whether more must be sealed again before that.

        A key may go when the messages sealed with it are gone. Everything else that it sealed moves to the newest key
        first, or keeps it (`Resealed` and `HoldsKey` in the registry).
        """
        ended = self._keyring.epochs_before(now_ms)
        channels = [*self._directory.channels, *self._store.lanes.all()]  # whoever knows of them
        needed_from = min(map(self._oldest_epoch, channels), default=float("inf"))
        doomed = {epoch for epoch in ended if epoch < needed_from}
        if not doomed:
            return False
        has_more = False
        for column in SEALED_COLUMNS:
            if isinstance(column.key, Resealed):
                has_more |= await self._reseal(column, column.key, doomed, now_ms)
        if has_more:
            return True
        await self._keyring.forget_before(now_ms, in_use=self._held() | (set(ended) - doomed))
        return False

    def _oldest_epoch(self, channel: str) -> float:
        """The oldest data key that a channel's messages need; infinite for a channel without messages.

        Messages are sealed in their order, so this is the key of the first one. If that message was sealed again or
        erased, the time when it was sent shows which keys had ended by then.
        """
        oldest = self._store.positions.oldest(channel)
        if oldest is None:
            return float("inf")
        if oldest.epoch is not None and not oldest.was_edited:
            return oldest.epoch
        return max(self._keyring.epochs_before(oldest.sent_at), default=0) + 1

    async def _reseal(self, column: SealedColumn, key: Resealed, doomed: Collection[int], now_ms: int) -> bool:
        """Seal one batch of a column again; returns whether there may be more.

        A row that does not open is lost already. It stays as it is and is skipped, or a batch of such rows would hide
        the good ones behind it.
        """
        left, skip = key.at_once, 0
        while left > 0:
            rows = self._store.sealed.find(key, doomed, limit=left, skip=skip)
            items = [(row.sealed, column.header(*row.place)) for row in rows]
            texts = await self._keyring.open(items)
            opened = [
                (row, (text, header))
                for row, (_, header), text in zip(rows, items, texts, strict=True)
                if text is not None
            ]
            sealed = await self._keyring.seal([item for _, item in opened], now_ms=now_ms)
            for (row, _), new in zip(opened, sealed, strict=True):
                self._store.sealed.reseal(key, row, new)
            if len(rows) < left:
                return False
            left -= len(opened)
            skip += len(rows) - len(opened)
        return True

    def _held(self) -> set[int]:
        """The epochs of rows that keep their data keys for as long as they are stored."""
        held = [self._store.sealed.epochs(column.key) for column in SEALED_COLUMNS if isinstance(column.key, HoldsKey)]
        return set().union(*held)
