"""The files of a room: whose they are, where their parts are and what has become of them. Names and keys are sealed in
their messages.

Ids are base64url outside, 16 bytes inside. A row is reserved, then sent, then gone; or reserved, then gone.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from encoding import b64url, from_b64url
from storage.database import Row, Table

RESERVED, SENT, GONE = "reserved", "sent", "gone"
"""Being uploaded; part of a message; its bytes are to be removed."""
_FILE = "state, id, member, channel, bytes, thumb, parts, place, created_at, seq"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file."""

    state: str
    id: str
    member: str
    channel: str
    bytes: int
    """Its sealed size."""
    thumb: int
    """The sealed size of its thumbnail, 0 without one."""
    parts: int
    place: str
    """Where its parts are: one of those in files/layout.py."""
    created_at: int
    """When it was reserved. Exact to RESERVATION_STEP_MS: the last time that somebody was about to upload it."""
    seq: int | None = None
    """That of its message, once it is sent."""


class FileTable(Table):
    """The files of a room."""

    def get(self, ids: Sequence[str]) -> dict[str, StoredFile]:
        """The files with these ids, whatever their state, by id."""
        found = self._run(
            "SELECT " + _FILE + " FROM files WHERE state IN ('reserved', 'sent', 'gone')"
            " AND id IN (SELECT unhex(value) FROM json_each(?))",
            _wanted(ids),
        )
        return {file.id: file for file in map(_file, found)}

    def sent(self, ids: Sequence[str]) -> list[StoredFile]:
        """Those of these files that are part of a message."""
        found = self._run(
            "SELECT " + _FILE + " FROM files WHERE state = 'sent' AND id IN (SELECT unhex(value) FROM json_each(?))",
            _wanted(ids),
        )
        return [_file(row) for row in found]

    def totals(self) -> tuple[int, int]:
        """How many files there are, and their bytes with those of their thumbnails; reads every row."""
        ((count, size),) = self._run("SELECT count(*), coalesce(sum(bytes + thumb), 0) FROM files")
        return int(count), int(size)

    def totals_in_lanes(self) -> tuple[int, int]:
        """As `totals`, of files that are in no open channel, also of lanes that are gone and whose files still go."""
        ((count, size),) = self._run(
            "SELECT count(*), coalesce(sum(bytes + thumb), 0) FROM files WHERE channel NOT IN (SELECT id FROM channels)"
        )
        return int(count), int(size)

    def bytes_of(self, channels: Sequence[str]) -> dict[str, int]:
        """The bytes of the files of some channels, with those of their thumbnails; reads every row."""
        found = self._run(
            "SELECT channel, sum(bytes + thumb) FROM files WHERE channel IN (SELECT value FROM json_each(?))"
            " GROUP BY channel",
            json.dumps(list(channels)),
        )
        return {channel: int(size) for channel, size in found}

    def reserved_by(self, member: str) -> int:
        """How many files a member is uploading."""
        found = self._run("SELECT count(*) FROM files WHERE state = 'reserved' AND member = ?", member)
        return int(found[0][0])

    def reserve(self, file: StoredFile) -> None:
        """Store a new file.

        Raises:
            NotUnique: there is a reserved one with this id.
        """
        self._run(
            "INSERT INTO files (state, id, member, channel, bytes, thumb, parts, place, created_at)"
            " VALUES ('reserved', ?, ?, ?, ?, ?, ?, ?, ?)",
            from_b64url(file.id),
            file.member,
            file.channel,
            file.bytes,
            file.thumb,
            file.parts,
            file.place,
            file.created_at,
        )

    def renew(self, file: str, created_at: int) -> None:
        """Note that somebody is about to go on with an upload."""
        self._run("UPDATE files SET created_at = ? WHERE state = 'reserved' AND id = ?", created_at, from_b64url(file))

    def send(self, ids: Sequence[str], seq: int) -> None:
        """Note that reserved files are part of a message."""
        self._run(
            "UPDATE files SET state = 'sent', seq = ?"
            " WHERE state = 'reserved' AND id IN (SELECT unhex(value) FROM json_each(?))",
            seq,
            _wanted(ids),
        )

    # --- what is to be removed ---

    def give_up(self, ids: Sequence[str], gone_at: int) -> None:
        """Note that the bytes of these files are to be removed."""
        self._run(
            "UPDATE files SET state = 'gone', gone_at = ? WHERE state IN ('reserved', 'sent')"
            " AND id IN (SELECT unhex(value) FROM json_each(?))",
            gone_at,
            _wanted(ids),
        )

    def give_up_uploads(self, member: str, gone_at: int) -> None:
        """As `give_up`, what a member has reserved."""
        self._run(
            "UPDATE files SET state = 'gone', gone_at = ? WHERE state = 'reserved' AND member = ?", gone_at, member
        )

    def give_up_channel(self, channel: str, gone_at: int) -> None:
        """As `give_up`, whatever is left of a channel."""
        self._run(
            "UPDATE files SET state = 'gone', gone_at = ? WHERE state IN ('reserved', 'sent') AND channel = ?",
            gone_at,
            channel,
        )

    def give_up_abandoned(self, created_until: int, gone_at: int) -> None:
        """As `give_up`, what nobody has gone on with since `created_until`."""
        self._run(
            "UPDATE files SET state = 'gone', gone_at = ? WHERE state = 'reserved' AND created_at <= ?",
            gone_at,
            created_until,
        )

    def has_gone(self) -> bool:
        """Whether any bytes are to be removed; reads one row at most."""
        return bool(self._run("SELECT 1 FROM files WHERE state = 'gone' LIMIT 1"))

    def gone_until(self, created_until: int, limit: int) -> list[StoredFile]:
        """Up to `limit` gone files that were reserved until a time, so that nobody uploads them any more."""
        found = self._run(
            "SELECT " + _FILE + " FROM files WHERE state = 'gone' AND created_at <= ? ORDER BY id LIMIT ?",
            created_until,
            limit,
        )
        return [_file(row) for row in found]

    def gone_lately(self, created_after: int, gone_after: int) -> list[StoredFile]:
        """The gone files that were reserved after a time, and given up after another."""
        found = self._run(
            "SELECT " + _FILE + " FROM files WHERE state = 'gone' AND created_at > ? AND gone_at > ? ORDER BY id",
            created_after,
            gone_after,
        )
        return [_file(row) for row in found]

    def oldest_gone(self) -> int | None:
        """When the oldest gone file was reserved."""
        ((oldest,),) = self._run("SELECT min(created_at) FROM files WHERE state = 'gone'")
        return None if oldest is None else int(oldest)

    def delete_gone(self, ids: Sequence[str]) -> None:
        """Forget gone files whose bytes were removed for good."""
        self._run(
            "DELETE FROM files WHERE state = 'gone' AND id IN (SELECT unhex(value) FROM json_each(?))", _wanted(ids)
        )


def _wanted(ids: Iterable[str]) -> str:
    return json.dumps([from_b64url(each).hex() for each in ids])


def _file(row: Row) -> StoredFile:
    state, blob, *more = row
    return StoredFile(state, b64url(blob), *more)
