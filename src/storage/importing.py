"""Messages and people from elsewhere, as they are stored: with their own times, and in the tables of all others."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Table
from storage.members import MemberRow
from storage.message_ids import from_ids, stored_id
from storage.messages import NewMessage

_BATCH_BYTES = 1_000_000
"""One JSON parameter, half of what the platform takes."""
_ROW = (
    "channel, seq, position, id, author, sent_at, edited_at, deleted_at, changed_seq, epoch, sealed, reactions_epoch,"
    " reactions, files"
)


@dataclass(frozen=True, slots=True)
class ImportedMessage:
    """A message from elsewhere about to be stored; of one that was deleted there, no text."""

    place: NewMessage
    sealed: Sealed | None
    reactions: Sealed | None
    edited_at: int | None
    deleted_at: int | None


class ImportTable(Table):
    """What an import adds to the tables of messages, channels and members."""

    def insert(self, messages: Sequence[ImportedMessage]) -> None:
        """Store messages with one statement for every megabyte of them.

        Raises:
            NotUnique: one of them is stored already.
        """
        for batch in _batches(map(_row, messages)):
            self._run(
                "INSERT INTO messages (" + _ROW + ") SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3),"
                " value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 1, value ->> 8, unhex(value ->> 9),"
                " value ->> 10, unhex(value ->> 11), unhex(value ->> 12) FROM json_each(?)",
                batch,
            )

    def set_imported(self, channel: str, seq: int, position: int, *, is_lane: bool) -> None:
        """Remember up to where a channel's messages came from elsewhere."""
        if is_lane:
            self._run("UPDATE lanes SET imported_seq = ?, imported_position = ? WHERE id = ?", seq, position, channel)
        else:
            self._run(
                "UPDATE channels SET imported_seq = ?, imported_position = ? WHERE id = ?", seq, position, channel
            )

    def add_former(self, members: Sequence[MemberRow]) -> None:
        """Store people who were never here. They have no name that anybody could sign in under."""
        batch = [
            [
                each.id,
                each.role,
                each.joined_at,
                each.seen_at,
                each.removed_at,
                each.sealed.epoch,
                each.sealed.data.hex(),
            ]
            for each in members
        ]
        self._run(
            "INSERT INTO members (id, name_digest, role, joined_at, seen_at, removed_at, epoch, sealed, joined_seq)"
            " SELECT value ->> 0, x'', value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,"
            " unhex(value ->> 6), 0 FROM json_each(?)",
            json.dumps(batch),
        )

    def has_others(self, channel: str, member: str, after: int) -> bool:
        """Whether anybody else has written in a channel after a `seq`; reads up to the first such message."""
        return bool(
            self._run(
                "SELECT 1 FROM messages WHERE channel = ? AND seq > ? AND author <> ? LIMIT 1", channel, after, member
            )
        )


def _row(message: ImportedMessage) -> str:
    place, sealed, reactions = message.place, message.sealed, message.reactions
    return json.dumps(
        [
            place.channel,
            place.seq,
            place.position,
            stored_id(place.id, place.lane).hex(),
            place.author,
            place.sent_at,
            message.edited_at,
            message.deleted_at,
            None if sealed is None else sealed.epoch,
            None if sealed is None else sealed.data.hex(),
            None if reactions is None else reactions.epoch,
            None if reactions is None else reactions.data.hex(),
            from_ids(place.files).hex() if place.files else None,
        ]
    )


def _batches(rows: Iterable[str]) -> Iterable[str]:
    """JSON arrays of rows, each of about _BATCH_BYTES at most."""
    batch: list[str] = []
    size = 0
    for row in rows:
        if batch and size + len(row) > _BATCH_BYTES:
            yield f"[{','.join(batch)}]"
            batch, size = [], 0
        batch.append(row)
        size += len(row)
    if batch:
        yield f"[{','.join(batch)}]"
