"""What the room needs of the place where the parts of files are. The bytes themselves never come here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class FileStore(Protocol):
    """The parts of a room's files in one place. Files are named by their ids as base64url."""

    async def sizes(self, files: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """The stored parts of each file with their sizes in bytes; a file without parts may be missing.

        Raises:
            OSError: the place does not answer.
        """

    async def remove(self, files: Sequence[str]) -> None:
        """Remove all parts of these files; removing what is not there does nothing.

        Raises:
            OSError: the place does not answer. Some parts may be gone.
        """


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of a room are."""

    stores: Mapping[str, FileStore]
    """By place (files/layout.py)."""
    newest: str
    """The place of files that are still to come. A file stays where it was put."""

    def of(self, place: str) -> FileStore:
        """The store of files that say they are here.

        Raises:
            OSError: this place is not bound any more.
        """
        if place not in self.stores:
            raise OSError(f"{place} is not bound")
        return self.stores[place]
