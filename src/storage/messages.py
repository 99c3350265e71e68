"""The messages of all channels, by place and by id. storage/message_ids.py says how ids are stored."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table
from storage.message_ids import AFTER_LANES, Name, from_ids, ids_in, named_by, stored_id

_BATCH_BYTES = 1_000_000  # one JSON parameter of a multi-row insert, half of what the platform takes
_BATCH_OVERHEAD_BYTES = 600  # of a message in it, its sealed text aside; at most
_MESSAGE = (
    "channel, seq, id, author, sent_at, edited_at, deleted_at, changed_seq, epoch, sealed, reactions_epoch, reactions,"
    " files, votes_epoch, votes"
)
_NEW_MESSAGE = "channel, seq, position, id, author, sent_at, changed_seq, epoch, sealed"


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class NewMessage:
    """A message about to be stored."""

    channel: str
    seq: int
    position: int
    id: str
    author: str
    sent_at: int
    sealed: Sealed
    files: tuple[str, ...] = ()
    lane: str = ""
    answered: int = 0  # the `seq` of the message that it answers, if that is here


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `sealed` is None once deleted; `changed_seq` is the newest change of any kind to it."""

    channel: str
    seq: int
    id: str
    author: str
    sent_at: int
    edited_at: int | None
    deleted_at: int | None
    changed_seq: int
    sealed: Sealed | None
    reactions: Sealed | None
    files: tuple[str, ...] = ()
    lane: str = ""
    """The lane that it was sent in; empty for an open channel."""
    votes: Sealed | None = None
    """What has become of the poll that it is (chat/polling.py)."""

    @property
    def size_bytes(self) -> int:
        """The size of its sealed texts."""
        return sum(len(each.data) for each in (self.sealed, self.reactions, self.votes) if each is not None)


class MessageTable(Table):
    """The messages of all channels."""

    def insert(self, messages: Sequence[NewMessage]) -> None:
        """Store messages that belong together with one statement for every megabyte of them.

        Raises:
            NotUnique: one of them is stored already.
        """
        if len(messages) == 1 and not messages[0].files:  # the usual case, and the shorter way for it
            self._insert_one(messages[0])
            return
        for batch in _batches(messages):
            self._run(
                "INSERT INTO messages (" + _NEW_MESSAGE + ", files)"
                " SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5,"
                " value ->> 1, value ->> 6, unhex(value ->> 7), unhex(value ->> 8) FROM json_each(?)",
                batch,
            )

    def _insert_one(self, message: NewMessage) -> None:
        self._run(
            "INSERT INTO messages (" + _NEW_MESSAGE + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?2, ?7, ?8)",
            message.channel,
            message.seq,
            message.position,
            stored_id(message.id, message.lane),
            message.author,
            message.sent_at,
            message.sealed.epoch,
            message.sealed.data,
        )

    def sent_before(self, names: Sequence[Name]) -> dict[Name, Message]:
        """The messages with these names that are stored already."""
        wanted = json.dumps([stored_id(*name).hex() for name in names])
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE id IN (SELECT unhex(value) FROM json_each(?))", wanted
        )
        return {(message.id, message.lane): message for message in map(_message, found)}

    def get(self, message_id: str, lane: str = "") -> Message | None:
        """A message of the open channels or of a lane by its id."""
        found = self._run("SELECT " + _MESSAGE + " FROM messages WHERE id = ?", stored_id(message_id, lane))
        return _message(found[0]) if found else None

    def named(self, message_id: str) -> list[Message]:
        """All messages with this id, wherever: that of an open channel first."""
        first = stored_id(message_id)
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE id >= ? AND id < ? ORDER BY id", first, first + AFTER_LANES
        )
        return [_message(row) for row in found]

    def page_before(self, channel: str, before: int, limit: int, *, since: int = 0) -> list[Message]:
        """Up to `limit` messages older than `before` and newer than `since`, newest first."""
        return [
            _message(row)
            for row in self._run(
                "SELECT " + _MESSAGE + " FROM messages WHERE channel = ? AND seq < ? AND seq > ?"
                " ORDER BY seq DESC LIMIT ?",
                channel,
                before,
                since,
                limit,
            )
        ]

    def page_after(self, channel: str, after: int, limit: int) -> list[Message]:
        """Up to `limit` messages newer than `after`, oldest first."""
        return [
            _message(row)
            for row in self._run(
                "SELECT " + _MESSAGE + " FROM messages WHERE channel = ? AND seq > ? ORDER BY seq LIMIT ?",
                channel,
                after,
                limit,
            )
        ]

    def with_files_before(self, channel: str, before: int, limit: int, *, since: int = 0) -> list[Message]:
        """As `page_before`, only messages with files. Reads one row for each file of the room."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE channel = ?1 AND seq IN (SELECT DISTINCT seq FROM files"
            " WHERE state = 'sent' AND channel = ?1 AND seq < ?2 AND seq > ?4 ORDER BY seq DESC LIMIT ?3)"
            " ORDER BY seq DESC",
            channel,
            before,
            limit,
            since,
        )
        return [_message(row) for row in found]

    def with_files_after(self, channel: str, after: int, limit: int) -> list[Message]:
        """As `page_after`, only messages with files. Reads one row for each file of the room."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE channel = ?1 AND seq IN (SELECT DISTINCT seq FROM files"
            " WHERE state = 'sent' AND channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3) ORDER BY seq",
            channel,
            after,
            limit,
        )
        return [_message(row) for row in found]

    def at(self, places: Sequence[tuple[str, int]]) -> list[Message]:
        """The messages at some places, each a channel and a `seq`, in any order; reads no other row."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM"
            " (SELECT value ->> 0 AS at_channel, value ->> 1 AS at_seq FROM json_each(?))"
            " CROSS JOIN messages ON channel = at_channel AND seq = at_seq",
            json.dumps(places),
        )
        return [_message(row) for row in found]

    def between(self, channels: Sequence[str], after: int, up_to: int) -> list[Message]:
        """All messages of some channels after one `seq` and up to another, in any order."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE channel IN (SELECT value FROM json_each(?))"
            " AND seq > ? AND seq <= ?",
            json.dumps(channels),
            after,
            up_to,
        )
        return [_message(row) for row in found]

    def edit(
        self, message: Message, sealed: Sealed, *, edited_at: int, changed_seq: int, former: Sealed | None = None
    ) -> None:
        """Replace a message's text, and what it said before if that is given."""
        self._run(
            "UPDATE messages SET edited_at = ?, changed_seq = ?, epoch = ?, sealed = ?,"
            " former_epoch = coalesce(?, former_epoch), former = coalesce(?, former) WHERE channel = ? AND seq = ?",
            edited_at,
            changed_seq,
            sealed.epoch,
            sealed.data,
            None if former is None else former.epoch,
            None if former is None else former.data,
            message.channel,
            message.seq,
        )

    def erase(self, message: Message, *, deleted_at: int, changed_seq: int) -> None:
        """Remove a message's text, reactions and files. The row stays, so people still see that there was a message."""
        self._run(
            "UPDATE messages SET deleted_at = ?, changed_seq = ?, epoch = NULL, sealed = NULL,"
            " reactions_epoch = NULL, reactions = NULL, files = NULL, former_epoch = NULL, former = NULL,"
            " votes_epoch = NULL, votes = NULL WHERE channel = ? AND seq = ?",
            deleted_at,
            changed_seq,
            message.channel,
            message.seq,
        )

    def reacted(self, sent_until_ms: int, limit: int) -> list[Message]:
        """Up to `limit` messages with reactions or votes that were sent up to a time."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages"
            " WHERE (reactions IS NOT NULL OR votes IS NOT NULL) AND sent_at <= ? LIMIT ?",
            sent_until_ms,
            limit,
        )
        return [_message(row) for row in found]

    def set_votes(self, message: Message, sealed: Sealed, *, changed_seq: int) -> None:
        """Replace what has become of a poll."""
        self._run(
            "UPDATE messages SET changed_seq = ?, votes_epoch = ?, votes = ? WHERE channel = ? AND seq = ?",
            changed_seq,
            sealed.epoch,
            sealed.data,
            message.channel,
            message.seq,
        )

    def set_reactions(self, message: Message, sealed: Sealed, *, changed_seq: int) -> None:
        """Replace a message's reactions."""
        self._run(
            "UPDATE messages SET changed_seq = ?, reactions_epoch = ?, reactions = ? WHERE channel = ? AND seq = ?",
            changed_seq,
            sealed.epoch,
            sealed.data,
            message.channel,
            message.seq,
        )


def _batches(messages: Sequence[NewMessage]) -> Iterable[str]:
    """JSON arrays with the values of messages, each array of about _BATCH_BYTES at most."""
    batch: list[list[str | int | None]] = []
    size = 0
    for message in messages:
        length = 2 * len(message.sealed.data) + _BATCH_OVERHEAD_BYTES
        if batch and size + length > _BATCH_BYTES:
            yield json.dumps(batch)
            batch, size = [], 0
        batch.append(
            [
                message.channel,
                message.seq,
                message.position,
                stored_id(message.id, message.lane).hex(),
                message.author,
                message.sent_at,
                message.sealed.epoch,
                message.sealed.data.hex(),
                from_ids(message.files).hex() if message.files else None,
            ]
        )
        size += length
    if batch:
        yield json.dumps(batch)


def _message(row: Row) -> Message:
    channel, seq, blob, author, sent_at, edited_at, deleted_at, changed_seq, *contents = row
    epoch, data, reactions_epoch, reactions, files, votes_epoch, votes = contents
    message_id, lane = named_by(blob)
    return Message(
        channel,
        seq,
        message_id,
        author,
        sent_at,
        edited_at,
        deleted_at,
        changed_seq,
        _sealed(epoch, data),
        _sealed(reactions_epoch, reactions),
        () if files is None else ids_in(files),
        lane,
        _sealed(votes_epoch, votes),
    )


def _sealed(epoch: int | None, data: bytes | None) -> Sealed | None:
    return None if epoch is None or data is None else Sealed(epoch, data)
