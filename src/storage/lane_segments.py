"""The segments of the search in lanes: as storage/segments.py, for each lane by itself."""

import json
from collections.abc import Sequence

from sealing.keyring import Header, Sealed
from storage.database import Database
from storage.headers import lane_segment_header
from storage.segments import Range, SegmentRow, SegmentTable, covering, segment_rows


class LaneSegmentTable(SegmentTable):
    """The stored segments of one lane. Each method does what it does for the open channels."""

    def __init__(self, database: Database, lane: str) -> None:
        super().__init__(database)
        self._lane = lane

    def header(self, place: Range | SegmentRow) -> Header:
        """What the text of a segment is bound to."""
        return lane_segment_header(self._lane, place.after_seq, place.up_to_seq)

    def ranges(self) -> list[Range]:
        """The ranges of all segments, oldest first; reads no text."""
        found = self._run(
            "SELECT after_seq, up_to_seq, since, until FROM lane_segments WHERE channel = ? ORDER BY up_to_seq",
            self._lane,
        )
        return [Range(*row) for row in found]

    def covering(self, seq: int) -> Range | None:
        """The range that a `seq` is in."""
        found = self._run(
            "SELECT after_seq, up_to_seq, since, until FROM lane_segments WHERE channel = ? AND up_to_seq >= ?"
            " ORDER BY up_to_seq LIMIT 1",
            self._lane,
            seq,
        )
        return covering(found, seq)

    def read(self, up_to_seqs: Sequence[int]) -> list[SegmentRow]:
        """The segments that end with one of these, oldest first."""
        found = self._run(
            "SELECT after_seq, up_to_seq, revision, epoch, sealed FROM lane_segments"
            " WHERE channel = ? AND up_to_seq IN (SELECT value FROM json_each(?)) ORDER BY up_to_seq",
            self._lane,
            json.dumps(list(up_to_seqs)),
        )
        return segment_rows(found)

    def insert(self, place: Range, sealed: Sealed) -> None:
        """Store a new segment.

        Raises:
            NotUnique: a segment ends there already.
        """
        self._run(
            "INSERT INTO lane_segments (channel, up_to_seq, after_seq, since, until, revision, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
            self._lane,
            place.up_to_seq,
            place.after_seq,
            place.since,
            place.until,
            sealed.epoch,
            sealed.data,
        )

    def replace(self, row: SegmentRow, sealed: Sealed) -> None:
        """Replace the text of a segment; if that is not `row`'s any more, the segment is removed."""
        self._run(
            "UPDATE lane_segments SET revision = ?, epoch = ?, sealed = ?"
            " WHERE channel = ? AND up_to_seq = ? AND revision = ?",
            row.revision + 1,
            sealed.epoch,
            sealed.data,
            self._lane,
            row.up_to_seq,
            row.revision,
        )
        self._run(
            "DELETE FROM lane_segments WHERE channel = ? AND up_to_seq = ?"
            " AND (revision <> ? OR epoch <> ? OR sealed <> ?)",
            self._lane,
            row.up_to_seq,
            row.revision + 1,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, up_to_seqs: Sequence[int]) -> None:
        """Remove segments."""
        self._run(
            "DELETE FROM lane_segments WHERE channel = ? AND up_to_seq IN (SELECT value FROM json_each(?))",
            self._lane,
            json.dumps(list(up_to_seqs)),
        )
