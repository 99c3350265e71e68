"""The stored parts of files, in the tables of an object `Files`: one row for each block of a file.

Their bytes are whatever the database takes and gives as a buffer: in workerd a JavaScript one, which Python does not
read.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from storage.database import Database


class BufferDatabase(Database, Protocol):
    """A database that gives a stored value as it is."""

    def buffer(self, statement: str, *parameters: Any) -> Any | None:
        """The only value of the first row, as a buffer without a copy of it in Python; None without a row."""


class Parts:
    """The table of parts. Files are named by their ids, as bytes."""

    def __init__(self, database: BufferDatabase) -> None:
        self._run, self._buffer = database.execute, database.buffer

    def insert(self, file: bytes, part: str, data: Any) -> None:
        """Store a part, unless it is there already: one key must never seal two texts that somebody could compare."""
        self._run("INSERT OR IGNORE INTO parts (id, part, bytes) VALUES (?, ?, ?)", file, part, data)

    def read(self, file: bytes, part: str, some: tuple[int, int] | None = None) -> Any | None:
        """The bytes of a part, or only some: where they begin, and how many there must be. None without the part."""
        if some is None:
            return self._buffer("SELECT bytes FROM parts WHERE id = ? AND part = ?", file, part)
        first, length = some
        return self._buffer(
            "SELECT substr(bytes, ?, ?) FROM parts WHERE id = ? AND part = ?", first + 1, length, file, part
        )

    def sizes(self, file: bytes) -> dict[str, int]:
        """The sizes of all stored parts of a file."""
        return dict(self._run("SELECT part, length(bytes) FROM parts WHERE id = ?", file))

    def remove(self, files: Sequence[bytes]) -> None:
        """Remove all parts of these files."""
        for file in files:
            self._run("DELETE FROM parts WHERE id = ?", file)

    def is_empty(self) -> bool:
        """Whether nothing is stored."""
        return not self._run("SELECT 1 FROM parts LIMIT 1")
