"""Answers that many people ask for within moments, kept for as long as nothing changes in their room; a cache.

A class that comes in at eight in the morning, or everybody whose lines dropped together, then costs one reading of
storage and one opening of sealed texts.
"""

from collections.abc import Hashable

from chat.audience import Audience
from chat.directory import Directory


class Recent:
    """JSON texts by what was asked for; what was kept longest goes first."""

    def __init__(self, directory: Directory, audience: Audience, *, most: int, most_characters: int) -> None:
        """At most `most` texts are kept, and `most_characters` in all."""
        self._directory = directory
        self._audience = audience
        self._most = most
        self._most_characters = most_characters
        self._seq = -1  # the room's `seq` when these were made; no answer changes without one
        self._texts: dict[Hashable, str] = {}

    def get(self, member: str, asked: Hashable) -> str | None:
        """What was answered to the same question of a member who sees the same as this one, if it still holds."""
        self._drop_outdated()
        return self._texts.get((self._audience.view_of(member), asked))

    def keep(self, member: str, asked: Hashable, seq: int, text: str) -> None:
        """Remember an answer to a member that was begun when the room was at `seq`."""
        self._drop_outdated()
        if seq != self._seq or len(text) > self._most_characters:
            return
        self._texts[self._audience.view_of(member), asked] = text
        while len(self._texts) > self._most or sum(map(len, self._texts.values())) > self._most_characters:
            del self._texts[next(iter(self._texts))]

    def _drop_outdated(self) -> None:
        if self._seq != self._directory.seq:
            self._seq = self._directory.seq
            self._texts.clear()
