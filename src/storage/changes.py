"""Events that are not new messages, in order of `seq`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Change:
    """A stored event that is not a new message."""

    seq: int
    at: int
    channel: str
    author: str
    sealed: Sealed
    lane: str = ""
    """The lane whose `seq` it has; empty for the room's."""


class ChangeTable(Table):
    """The events that a browser may have missed."""

    def newest(self) -> int:
        """The `seq` of the newest change of the room still stored, 0 if none is."""
        return int(self._run("SELECT max(seq) FROM changes")[0][0] or 0)

    def newest_of(self, lanes: Sequence[str]) -> dict[str, int]:
        """The `seq` of the newest change still stored of each of some lanes, 0 if none is."""
        found = self._run(
            "SELECT value, (SELECT max(seq) FROM lane_changes WHERE channel = value) FROM json_each(?)",
            json.dumps(list(lanes)),
        )
        return {lane: int(seq or 0) for lane, seq in found}

    def insert(self, change: Change) -> None:
        """Store an event."""
        if change.lane:
            self._run(
                "INSERT INTO lane_changes (channel, seq, at, author, epoch, sealed) VALUES (?, ?, ?, ?, ?, ?)",
                change.lane,
                change.seq,
                change.at,
                change.author,
                change.sealed.epoch,
                change.sealed.data,
            )
            return
        self._run(
            "INSERT INTO changes (seq, at, channel, author, epoch, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            change.seq,
            change.at,
            change.channel,
            change.author,
            change.sealed.epoch,
            change.sealed.data,
        )

    def after_in(self, lane: str, seq: int, limit: int) -> list[Change]:
        """Events of a lane newer than `seq`, oldest first."""
        found = self._run(
            "SELECT seq, at, channel, author, epoch, sealed FROM lane_changes WHERE channel = ? AND seq > ?"
            " ORDER BY seq LIMIT ?",
            lane,
            seq,
            limit,
        )
        return [replace(_change(row), lane=lane) for row in found]

    def after(self, seq: int, limit: int) -> list[Change]:
        """Events of the room newer than `seq`, oldest first."""
        found = self._run(
            "SELECT seq, at, channel, author, epoch, sealed FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit
        )
        return [_change(row) for row in found]

    def oldest_at(self) -> int | None:
        """When the oldest stored change was made, in ms; None if none is stored."""
        found = self._run("SELECT at FROM changes ORDER BY seq LIMIT 1")
        return int(found[0][0]) if found else None

    def purge(self, before_ms: int, limit: int) -> int:
        """Remove up to `limit` of the oldest changes made before a time; return the newest removed `seq`, or 0."""
        found = self._run("SELECT seq, at FROM changes ORDER BY seq LIMIT ?", limit)
        old = [seq for seq, _ in takewhile(lambda row: row[1] < before_ms, found)]
        if old:
            self._run("DELETE FROM changes WHERE seq <= ?", old[-1])
        return old[-1] if old else 0

    def purge_in(self, lane: str, before_ms: int, limit: int) -> int:
        """As `purge`, of one lane."""
        found = self._run("SELECT seq, at FROM lane_changes WHERE channel = ? ORDER BY seq LIMIT ?", lane, limit)
        old = [seq for seq, _ in takewhile(lambda row: row[1] < before_ms, found)]
        if old:
            self._run("DELETE FROM lane_changes WHERE channel = ? AND seq <= ?", lane, old[-1])
        return old[-1] if old else 0


def _change(row: Row) -> Change:
    seq, at, channel, author, epoch, data = row
    return Change(seq, at, channel, author, Sealed(epoch, data))
