"""The authors of a channel's newest messages, kept in memory to count unread messages.

A cache of rows. `chat/unread.py` fills it as far as somebody needs it, and posting and deleting update it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from sys import intern

from limits import UNREAD_ROWS_A_CHANNEL

_DELETED = ""


class Tail:
    """The authors of a channel's newest messages, oldest first."""

    def __init__(self) -> None:
        self._seqs = array("q")
        self._authors: list[str] = []

    def __len__(self) -> int:
        return len(self._seqs)

    @property
    def first_seq(self) -> int:
        """The first `seq` that it holds; only for a tail that is not empty."""
        return self._seqs[0]

    def lengthen(self, older: Sequence[tuple[int, str, bool]]) -> None:
        """Add older messages: `seq`, author, and whether each was deleted, in any order."""
        rows = sorted(older)
        self._seqs = array("q", [seq for seq, _, _ in rows]) + self._seqs
        self._authors[:0] = [_DELETED if is_deleted else intern(author) for _, author, is_deleted in rows]

    def append(self, seq: int, author: str) -> None:
        """Add a message that was posted."""
        self._seqs.append(seq)
        self._authors.append(author)
        if len(self._seqs) > 2 * UNREAD_ROWS_A_CHANNEL:
            del self._seqs[:-UNREAD_ROWS_A_CHANNEL]
            del self._authors[:-UNREAD_ROWS_A_CHANNEL]

    def delete(self, seq: int) -> None:
        """Mark a message as deleted."""
        place = bisect_left(self._seqs, seq)
        if place < len(self._seqs) and self._seqs[place] == seq:
            self._authors[place] = _DELETED

    def left_out(self, member: str, after_seq: int) -> int:
        """How many messages after a `seq` do not count as unread for a member: their own and deleted ones."""
        authors = self._authors[bisect_right(self._seqs, after_seq) :]
        return authors.count(member) + authors.count(_DELETED)
