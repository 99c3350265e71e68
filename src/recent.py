"""Answers that many people ask for within moments, kept for as long as nothing changes in their room; a cache.

A class that comes in at eight in the morning, or everybody whose lines dropped together, then costs one reading of
storage and one opening of sealed texts.
"""

from collections.abc import Hashable

from directory import Directory


class Recent:
    """JSON texts by what was asked for."""

    def __init__(self, directory: Directory, *, most: int, most_characters: int) -> None:
        """`most` texts are kept, none of them longer than `most_characters`."""
        self._directory = directory
        self._most = most
        self._most_characters = most_characters
        self._seq = -1  # the room's `seq` when these were made; no answer changes without one
        self._texts: dict[Hashable, str] = {}

    def get(self, asked: Hashable) -> str | None:
        """What was answered to the same, if it still holds."""
        return self._texts.get(asked) if self._seq == self._directory.seq else None

    def keep(self, asked: Hashable, seq: int, text: str) -> None:
        """Remember an answer that was begun when the room was at `seq`."""
        if seq != self._directory.seq or len(text) > self._most_characters:
            return
        if seq != self._seq or len(self._texts) >= self._most:
            self._texts.clear()
        self._seq = seq
        self._texts[asked] = text
