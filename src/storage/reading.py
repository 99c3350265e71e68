"""How far members have read, and where they are mentioned."""

import json
from collections.abc import Iterable, Sequence

from storage.database import Table


class ReadingTables(Table):
    """Read positions, and the mentions that are unread."""

    def positions(self, member: str) -> dict[str, tuple[int, int, int]]:
        """How far a member has read each channel, as (`seq`, position, `marked_seq`)."""
        found = self._run(
            "SELECT channel, read_seq, read_position, marked_seq FROM read_positions WHERE member = ?", member
        )
        return {channel: (seq, position, marked) for channel, seq, position, marked in found}

    def set_position(self, member: str, channel: str, seq: int, position: int, *, marked: int = 0) -> None:
        """Store that a member has read a channel up to `seq`, and forget the mentions up to there.

        Args:
            marked: where the channel stands, if the member marks it unread by hand.
        """
        self._run(
            "INSERT OR REPLACE INTO read_positions (member, channel, read_seq, read_position, marked_seq)"
            " VALUES (?, ?, ?, ?, ?)",
            member,
            channel,
            seq,
            position,
            marked,
        )
        self._run("DELETE FROM mentions WHERE member = ? AND channel = ? AND seq <= ?", member, channel, seq)

    def insert_mentions(self, mentions: Iterable[tuple[str, str, int]]) -> None:
        """Store mentions, as (member, channel, `seq`), of members who have not read that far."""
        batch = list(mentions)
        if batch:
            self._run(
                "INSERT OR IGNORE INTO mentions (member, channel, seq)"
                " SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE NOT EXISTS"
                " (SELECT 1 FROM read_positions WHERE member = value ->> 0 AND channel = value ->> 1"
                " AND read_seq >= value ->> 2)",
                json.dumps(batch),
            )

    def delete_mentions(self, members: Sequence[str], channel: str, seq: int) -> None:
        """Remove the mentions of these members in a message."""
        if members:
            self._run(
                "DELETE FROM mentions WHERE member IN (SELECT value FROM json_each(?)) AND channel = ? AND seq = ?",
                json.dumps(list(members)),
                channel,
                seq,
            )

    def mentioned_in(self, channel: str, seq: int) -> set[str]:
        """The members whom a message mentions and who have not read it.

        It reads all mentions, so use it only if nothing else knows them.
        """
        found = self._run("SELECT member FROM mentions WHERE channel = ? AND seq = ?", channel, seq)
        return {member for (member,) in found}

    def mention_counts(self, member: str) -> dict[str, int]:
        """How many unread messages of each channel mention a member."""
        found = self._run("SELECT channel, count(*) FROM mentions WHERE member = ? GROUP BY channel", member)
        return dict(found)

    def newest_mention(self, member: str, channel: str) -> int:
        """The newest unread message of a channel that mentions a member, 0 if there is none."""
        found = self._run("SELECT max(seq) FROM mentions WHERE member = ? AND channel = ?", member, channel)
        return int(found[0][0] or 0)
