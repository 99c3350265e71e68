"""Where channels stand: which messages they begin and end with, without reading any text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Table
from storage.message_ids import ids_in


@dataclass(frozen=True, slots=True)
class Newest:
    """Where a channel stands: its newest message."""

    seq: int
    position: int
    author: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a channel stood with one of its messages."""

    seq: int
    position: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands, and the ids of its files."""

    seq: int
    position: int
    sent_at: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oldest:
    """Where a channel begins: its oldest message that is still stored, without an epoch once deleted."""

    sent_at: int
    epoch: int | None
    was_edited: bool


class PositionTable(Table):
    """The table of messages, by their place in the channel."""

    def newest(self, channel: str) -> Newest | None:
        """Where a channel stands; reads one row."""
        found = self._run(
            "SELECT seq, position, author, sent_at FROM messages WHERE channel = ? ORDER BY seq DESC LIMIT 1", channel
        )
        return Newest(*found[0]) if found else None

    def newest_up_to(self, channels: Sequence[str], seq: int) -> dict[str, tuple[int, int]]:
        """The newest message of each channel up to a `seq`, as (`seq`, position); reads one row a channel."""
        found = self._run(
            "SELECT value, (SELECT json_array(seq, position) FROM messages WHERE channel = value AND seq <= ?"
            " ORDER BY seq DESC LIMIT 1) FROM json_each(?)",
            seq,
            json.dumps(channels),
        )
        standing = {channel: json.loads(newest) for channel, newest in found if newest is not None}
        return {channel: (at, position) for channel, (at, position) in standing.items()}

    def newest_of(self, channels: Sequence[str]) -> dict[str, Newest]:
        """Where each of some channels stands; reads one row a channel."""
        found = self._run(
            "SELECT value, (SELECT json_array(seq, position, author, sent_at) FROM messages WHERE channel = value"
            " ORDER BY seq DESC LIMIT 1) FROM json_each(?)",
            json.dumps(list(channels)),
        )
        return {channel: Newest(*json.loads(newest)) for channel, newest in found if newest is not None}

    def newest_up_to_each(self, places: Sequence[tuple[str, int]]) -> dict[str, tuple[int, int]]:
        """As `newest_up_to`, for channels each with its own `seq`."""
        found = self._run(
            "SELECT value ->> 0, (SELECT json_array(seq, position) FROM messages WHERE channel = value ->> 0"
            " AND seq <= value ->> 1 ORDER BY seq DESC LIMIT 1) FROM json_each(?)",
            json.dumps(list(places)),
        )
        standing = {channel: json.loads(newest) for channel, newest in found if newest is not None}
        return {channel: (seq, position) for channel, (seq, position) in standing.items()}

    def oldest_after(self, channels: Sequence[str], seq: int) -> Standing | None:
        """The oldest message after a `seq` in any of some channels; reads one row a channel."""
        found = self._run(
            "SELECT (SELECT json_array(seq, position, sent_at) FROM messages WHERE channel = value AND seq > ?"
            " ORDER BY seq LIMIT 1) FROM json_each(?)",
            seq,
            json.dumps(channels),
        )
        first = min((json.loads(place) for (place,) in found if place is not None), default=None)
        return None if first is None else Standing(*first)

    def newest_from_others(self, member: str, channel: str, after: int) -> int:
        """The newest message after a `seq` that somebody else wrote and nobody deleted, 0 if there is none."""
        found = self._run(
            "SELECT seq FROM messages WHERE channel = ? AND seq > ? AND author <> ? AND deleted_at IS NULL"
            " ORDER BY seq DESC LIMIT 1",
            channel,
            after,
            member,
        )
        return int(found[0][0]) if found else 0

    def oldest(self, channel: str) -> Oldest | None:
        """Where a channel begins; reads one row."""
        found = self._run(
            "SELECT sent_at, epoch, edited_at IS NOT NULL FROM messages WHERE channel = ? ORDER BY seq LIMIT 1", channel
        )
        return Oldest(found[0][0], found[0][1], bool(found[0][2])) if found else None

    def first(self, channel: str, limit: int) -> list[Place]:
        """Where a channel's oldest messages stand."""
        found = self._run(
            "SELECT seq, position, sent_at, files FROM messages WHERE channel = ? ORDER BY seq LIMIT ?", channel, limit
        )
        return [
            Place(seq, position, sent_at, () if files is None else ids_in(files))
            for seq, position, sent_at, files in found
        ]

    def before(self, channel: str, seq: int) -> Standing | None:
        """Where a channel stood before a `seq`; reads one row."""
        found = self._run(
            "SELECT seq, position, sent_at FROM messages WHERE channel = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
            channel,
            seq,
        )
        return Standing(*found[0]) if found else None

    def first_sent_from(self, channel: str, at: int, *, since: int = 0) -> int | None:
        """The `seq` of the first message after `since` that was sent at a time or later; None if all are older.

        Later messages have later times, so it halves what is left and reads a row each time: some twenty of a million.
        """
        newest = self.newest(channel)
        if newest is None or newest.seq <= since or newest.sent_at < at:
            return None
        older, found, up_to = since, newest.seq, newest.seq
        while older < up_to:
            middle = (older + up_to) // 2
            ((seq, sent_at),) = self._run(
                "SELECT seq, sent_at FROM messages WHERE channel = ? AND seq > ? ORDER BY seq LIMIT 1", channel, middle
            )
            if sent_at < at:
                older = seq
            else:
                found, up_to = seq, middle
        return found

    def at(self, channel: str, seq: int) -> int:
        """How many messages the channel had up to `seq`, counting removed ones; reads one row."""
        found = self._run(
            "SELECT position FROM messages WHERE channel = ? AND seq <= ? ORDER BY seq DESC LIMIT 1", channel, seq
        )
        return int(found[0][0]) if found else 0

    def authors_between(
        self, ranges: Sequence[tuple[str, int, int | None]], limit: int
    ) -> dict[str, list[tuple[int, str, bool]]]:
        """The newest `limit` messages of each channel in a range of `seq`, as (`seq`, author, whether deleted)."""
        found = self._run(
            "SELECT asked.value ->> 0, (SELECT json_group_array(json_array(seq, author, is_deleted)) FROM"
            " (SELECT seq, author, deleted_at IS NOT NULL AS is_deleted FROM messages WHERE channel = asked.value ->> 0"
            " AND seq > asked.value ->> 1 AND seq < coalesce(asked.value ->> 2, 9e15) ORDER BY seq DESC LIMIT ?))"
            " FROM json_each(?) AS asked",
            limit,
            json.dumps(ranges),
        )
        return {
            channel: [(seq, author, bool(is_deleted)) for seq, author, is_deleted in json.loads(rows)]
            for channel, rows in found
        }

    def has_others(self, channel: str, member: str) -> bool:
        """Whether anybody else has written in a channel; reads up to the first such message."""
        return bool(self._run("SELECT 1 FROM messages WHERE channel = ? AND author <> ? LIMIT 1", channel, member))

    def sizes(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """How many sealed bytes the messages at some places have, each a channel and a `seq`; reads none of them."""
        found = self._run(
            "SELECT channel, seq,"
            " coalesce(length(sealed), 0) + coalesce(length(reactions), 0) + coalesce(length(votes), 0) FROM"
            " (SELECT value ->> 0 AS at_channel, value ->> 1 AS at_seq FROM json_each(?))"
            " CROSS JOIN messages ON channel = at_channel AND seq = at_seq",
            json.dumps(places),
        )
        return {(channel, seq): size for channel, seq, size in found}
