"""The segments of the search: what is known of ranges of messages without opening them, each in one sealed row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sealing.keyring import Header, Sealed
from storage.database import Table
from storage.headers import segment_header


@dataclass(frozen=True, slots=True)
class Range:
    """The messages that a segment has: those with a `seq` after `after_seq` and up to `up_to_seq`.

    They were sent from `since` to `until`.
    """

    after_seq: int
    up_to_seq: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A stored segment; each time its text is replaced, `revision` grows by one."""

    after_seq: int
    up_to_seq: int
    revision: int
    sealed: Sealed


def covering(found: Sequence[tuple[Any, ...]], seq: int) -> Range | None:
    """The range that a `seq` is in, of the first that ends there or after it."""
    place = Range(*found[0]) if found else None
    return place if place is not None and place.after_seq < seq else None


def segment_rows(found: Sequence[tuple[Any, ...]]) -> list[SegmentRow]:
    """The stored segments of a result."""
    return [
        SegmentRow(after_seq, up_to_seq, revision, Sealed(epoch, data))
        for after_seq, up_to_seq, revision, epoch, data in found
    ]


class SegmentTable(Table):
    """The stored segments of all open channels together."""

    def header(self, place: Range | SegmentRow) -> Header:
        """What the text of a segment is bound to."""
        return segment_header(place.after_seq, place.up_to_seq)

    def ranges(self) -> list[Range]:
        """The ranges of all segments, oldest first; reads no text."""
        found = self._run("SELECT after_seq, up_to_seq, since, until FROM segments ORDER BY up_to_seq")
        return [Range(*row) for row in found]

    def covering(self, seq: int) -> Range | None:
        """The range that a `seq` is in; reads one row, or none for a `seq` after all segments."""
        found = self._run(
            "SELECT after_seq, up_to_seq, since, until FROM segments WHERE up_to_seq >= ? ORDER BY up_to_seq LIMIT 1",
            seq,
        )
        return covering(found, seq)

    def read(self, up_to_seqs: Sequence[int]) -> list[SegmentRow]:
        """The segments that end with one of these, oldest first."""
        found = self._run(
            "SELECT after_seq, up_to_seq, revision, epoch, sealed FROM segments"
            " WHERE up_to_seq IN (SELECT value FROM json_each(?)) ORDER BY up_to_seq",
            json.dumps(list(up_to_seqs)),
        )
        return segment_rows(found)

    def insert(self, place: Range, sealed: Sealed) -> None:
        """Store a new segment.

        Raises:
            NotUnique: a segment ends there already.
        """
        self._run(
            "INSERT INTO segments (up_to_seq, after_seq, since, until, revision, epoch, sealed)"
            " VALUES (?, ?, ?, ?, 0, ?, ?)",
            place.up_to_seq,
            place.after_seq,
            place.since,
            place.until,
            sealed.epoch,
            sealed.data,
        )

    def replace(self, row: SegmentRow, sealed: Sealed) -> None:
        """Replace the text of a segment; if that is not `row`'s any more, the segment is removed: it must be made anew.

        A text that was made from an older one would lack what has changed in between.
        """
        self._run(
            "UPDATE segments SET revision = ?, epoch = ?, sealed = ? WHERE up_to_seq = ? AND revision = ?",
            row.revision + 1,
            sealed.epoch,
            sealed.data,
            row.up_to_seq,
            row.revision,
        )
        self._run(
            "DELETE FROM segments WHERE up_to_seq = ? AND (revision <> ? OR epoch <> ? OR sealed <> ?)",
            row.up_to_seq,
            row.revision + 1,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, up_to_seqs: Sequence[int]) -> None:
        """Remove segments; their messages are found by opening them until they are in a segment again."""
        self._run(
            "DELETE FROM segments WHERE up_to_seq IN (SELECT value FROM json_each(?))", json.dumps(list(up_to_seqs))
        )
