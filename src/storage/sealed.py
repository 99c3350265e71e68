"""Sealed texts of any table: finding those of old data keys and sealing them again.

The statements stand in `registry.py`; upkeep/resealing.py decides.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sealing.keyring import Sealed
from storage.database import Table
from storage.entries import HoldsKey, Resealed


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A sealed text, and the values of the columns that its header is made from."""

    sealed: Sealed
    place: tuple[Any, ...]


class SealedTexts(Table):
    """The columns of the registry."""

    def find(self, column: Resealed, epochs: Iterable[int], *, limit: int, skip: int) -> list[SealedRow]:
        """Texts that were sealed with some data keys, in an order that stays the same.

        Args:
            skip: how many of them to leave out at the beginning.
        """
        found = self._run(column.find, json.dumps(list(epochs)), limit, skip)
        return [SealedRow(Sealed(epoch, data), tuple(place)) for epoch, data, *place in found]

    def reseal(self, column: Resealed, row: SealedRow, sealed: Sealed) -> None:
        """Store the same text under a newer data key; nothing happens if the row has a newer text by now."""
        self._run(column.update, sealed.epoch, sealed.data, *row.place, row.sealed.epoch)

    def epochs(self, column: HoldsKey) -> set[int]:
        """The epochs of all texts of a column."""
        return {epoch for (epoch,) in self._run(column.epochs)}
