"""Answers that many people request within moments, kept for as long as nothing changes in their room; a cache.

A class that comes in at eight in the morning, or everybody whose connections dropped together, then costs one reading
of storage and one opening of sealed texts.
"""

import sys
from collections.abc import Hashable

from chat.audience import Audience
from chat.directory import Directory
from memory import CACHED, Budget


class AnswerCache:
    """JSON texts by question; the one kept for longest goes first."""

    def __init__(
        self,
        directory: Directory,
        audience: Audience,
        *,
        most: int,
        most_characters: int,
        memory: Budget = CACHED,
    ) -> None:
        """Keeps at most `most` texts, at most `most_characters` in all, and no more than there is memory for."""
        self._memory = memory
        self._directory = directory
        self._audience = audience
        self._most = most
        self._most_characters = most_characters
        self._seq = -1  # the room's `seq` when the texts were made; none of them changes without a new one
        self._texts: dict[Hashable, str] = {}

    def get(self, member: str, asked: Hashable) -> str | None:
        """The kept answer to the same question by a member with the same view, if it is still valid."""
        self._drop_outdated()
        return self._texts.get((self._audience.view_of(member), asked))

    def keep(self, member: str, asked: Hashable, seq: int, text: str) -> None:
        """Keep an answer to a member, made from the room as it was at `seq`."""
        self._drop_outdated()
        if seq != self._seq or len(text) > self._most_characters:
            return
        self._texts[self._audience.view_of(member), asked] = text
        left = self._memory.left_for(self)
        while (
            len(self._texts) > self._most
            or sum(map(len, self._texts.values())) > self._most_characters
            or self._size_bytes() > left
        ):
            del self._texts[next(iter(self._texts))]
        self._memory.hold(self, self._size_bytes())

    def _size_bytes(self) -> int:
        return sum(map(sys.getsizeof, self._texts.values()))

    def _drop_outdated(self) -> None:
        if self._seq != self._directory.seq:
            self._seq = self._directory.seq
            self._texts.clear()
            self._memory.hold(self, 0)
