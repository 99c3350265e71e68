"""The channels of a room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sealing.keyring import Sealed
from storage.database import Table


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as stored; name and topic are in `sealed`."""

    id: str
    created_by: str
    created_at: int
    archived: bool
    retention_days: int | None
    purged_seq: int
    purged_position: int
    deleted_at: int | None
    sealed: Sealed
    imported_seq: int = 0
    imported_position: int = 0


class ChannelTable(Table):
    """The channels, with their sealed names and topics."""

    def all(self) -> list[ChannelRow]:
        """All channels, deleted ones that still hold messages too, oldest first."""
        found = self._run(
            "SELECT id, created_by, created_at, archived, retention_days, purged_seq, purged_position, deleted_at,"
            " epoch, sealed, imported_seq, imported_position FROM channels ORDER BY created_at, id"
        )
        return [channel_of_row(row) for row in found]

    def put(self, channel: ChannelRow) -> None:
        """Store a channel, new or changed."""
        self._run(
            "INSERT OR REPLACE INTO channels (id, created_by, created_at, archived, retention_days, purged_seq,"
            " purged_position, deleted_at, epoch, sealed, imported_seq, imported_position)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel.id,
            channel.created_by,
            channel.created_at,
            int(channel.archived),
            channel.retention_days,
            channel.purged_seq,
            channel.purged_position,
            channel.deleted_at,
            channel.sealed.epoch,
            channel.sealed.data,
            channel.imported_seq,
            channel.imported_position,
        )


def channel_of_row(row: Sequence[Any]) -> ChannelRow:
    """A channel from its columns, in their order."""
    (
        channel,
        created_by,
        created_at,
        archived,
        retention_days,
        purged_seq,
        purged_position,
        deleted_at,
        epoch,
        data,
        imported_seq,
        imported_position,
    ) = row
    return ChannelRow(
        channel,
        created_by,
        created_at,
        bool(archived),
        retention_days,
        purged_seq,
        purged_position,
        deleted_at,
        Sealed(epoch, data),
        imported_seq,
        imported_position,
    )
