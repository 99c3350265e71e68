"""What the room needs of the place where the parts of files are. The bytes themselves never come here."""

from collections.abc import Mapping, Sequence
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
