"""The wrapped data keys of a room."""

import json
from collections.abc import Sequence

from sealing.datakeys import DataKey
from storage.database import Table


class DataKeyTable(Table):
    """The `KeyStore` of sealing/keyring.py."""

    def data_keys(self) -> list[DataKey]:
        """All data keys, oldest first."""
        found = self._run("SELECT epoch, wrapped, created_at, reserved, master FROM data_keys ORDER BY epoch")
        return [DataKey(*row) for row in found]

    def add_data_key(self, key: DataKey) -> None:
        """Store a new data key."""
        self._run(
            "INSERT INTO data_keys (epoch, wrapped, created_at, reserved, master) VALUES (?, ?, ?, ?, ?)",
            key.epoch,
            key.wrapped,
            key.created_at,
            key.reserved,
            key.master,
        )

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        """Store the same data key wrapped under another master key."""
        self._run("UPDATE data_keys SET wrapped = ?, master = ? WHERE epoch = ?", wrapped, master, epoch)

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        """Store how many seals may have been made with a data key."""
        self._run("UPDATE data_keys SET reserved = ? WHERE epoch = ?", reserved, epoch)

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        """Delete data keys. What they sealed never opens again."""
        self._run("DELETE FROM data_keys WHERE epoch IN (SELECT value FROM json_each(?))", json.dumps(list(epochs)))
