"""What the writer needs to know of files, which are above it (files/uploads.py)."""

from collections.abc import Sequence
from typing import Protocol

from wire.files import File


class Attachments(Protocol):
    """Decides which files a message may have."""

    def check(self, files: Sequence[File], author: str, channel: str) -> None:
        """Refuse files that their author has not reserved for a new message in this channel.

        Raises:
            Malformed: with a detail that names `files`.
        """
