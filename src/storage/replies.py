"""Which messages answer which: one row for each reply, so that what answers a message is found without a search."""

from collections.abc import Iterable
from typing import NamedTuple

from limits import MAX_COUNTED_REPLIES
from storage.database import Table
from storage.messages import NewMessage

# From one answered message to the next, so that of each no more rows are read than are counted.
_COUNTS = """SELECT at,
    (SELECT count(*) FROM (SELECT 1 FROM replies WHERE channel = ?1 AND answered = at LIMIT ?4)),
    (SELECT sent_at FROM replies WHERE channel = ?1 AND answered = at ORDER BY seq DESC LIMIT 1)
FROM (WITH RECURSIVE found (at) AS (
    SELECT min(answered) FROM replies WHERE channel = ?1 AND answered BETWEEN ?2 AND ?3
    UNION ALL
    SELECT (SELECT min(answered) FROM replies WHERE channel = ?1 AND answered > at AND answered <= ?3)
    FROM found WHERE at IS NOT NULL)
  SELECT at FROM found WHERE at IS NOT NULL)"""


class Replies(NamedTuple):
    """How many replies a message has, MAX_COUNTED_REPLIES at most, and when the newest was sent."""

    many: int
    at: int


class ReplyTable(Table):
    """The replies of all channels."""

    def insert(self, messages: Iterable[NewMessage]) -> None:
        """Store which message each of these answers. What answers nothing, or what is not here, has no row."""
        for message in messages:
            if 0 < message.answered < message.seq:
                self._run(
                    "INSERT INTO replies (channel, answered, seq, sent_at) VALUES (?, ?, ?, ?)",
                    message.channel,
                    message.answered,
                    message.seq,
                    message.sent_at,
                )

    def answered_by(self, channel: str, seq: int, says: int | None) -> int:
        """The `seq` of the message to which another one is counted as a reply; 0 for none: older ones are not counted.

        Args:
            says: what it says itself; None if it does not open, and then all replies of the channel are looked at.
        """
        if says == 0:
            return 0
        if says is None:
            found = self._run("SELECT answered FROM replies WHERE channel = ? AND seq = ?", channel, seq)
        else:
            found = self._run(
                "SELECT answered FROM replies WHERE channel = ? AND answered = ? AND seq = ?", channel, says, seq
            )
        return int(found[0][0]) if found else 0

    def delete(self, channel: str, answered: int, seq: int) -> None:
        """A reply is one no longer."""
        self._run("DELETE FROM replies WHERE channel = ? AND answered = ? AND seq = ?", channel, answered, seq)

    def counts(self, channel: str, first: int, last: int) -> dict[int, Replies]:
        """The replies to the channel's messages from one `seq` to another, by the `seq` of those that have any."""
        has_any = self._run(
            "SELECT 1 FROM replies WHERE channel = ? AND answered BETWEEN ? AND ? LIMIT 1", channel, first, last
        )
        if not has_any:
            return {}  # so it is with most pages, and the statement below would read some rows to find that out
        found = self._run(_COUNTS, channel, first, last, MAX_COUNTED_REPLIES)
        return {at: Replies(many, newest) for at, many, newest in found}

    def page(self, channel: str, answered: int, after: int, limit: int) -> list[int]:
        """The `seq` of up to `limit` replies to a message that are newer than `after`, oldest first."""
        found = self._run(
            "SELECT seq FROM replies WHERE channel = ? AND answered = ? AND seq > ? ORDER BY seq LIMIT ?",
            channel,
            answered,
            after,
            limit,
        )
        return [seq for (seq,) in found]
