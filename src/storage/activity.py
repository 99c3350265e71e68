"""Which messages mention or answer members, and which of theirs got reactions. No text is here."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from limits import MAX_ACTIVITY, MAX_SAFE_INTEGER, MAX_UNSEEN
from storage.database import Table

MENTION, ANSWER, REACTION = "mention", "answer", "reaction"

_UNREAD = " WHERE member = ? AND kind IN ('mention', 'answer') AND unread = 1"
_OF_MESSAGE = (
    " WHERE member IN (SELECT value FROM json_each(?)) AND kind IN ('mention', 'answer', 'reaction')"
    " AND unread IN (0, 1) AND at >= ? AND channel = ? AND seq = ?"
)


class Note(NamedTuple):
    """What is noted for a member of one message: of another's that mentions or answers them, or of their own."""

    member: str
    kind: str
    at: int
    """When it happened, in ms; not before the message was sent."""
    channel: str
    seq: int
    """The message's."""
    unread: bool = True
    """Whether it counts in the channel's `mentions`."""


class ActivityTable(Table):
    """What is noted for all members."""

    def insert(self, notes: Iterable[Note]) -> None:
        """Note mentions and answers; those of members who have read that far already do not count as unread."""
        batch = [(*note[:5], int(note.unread)) for note in notes]
        if batch:
            self._run(
                "INSERT OR IGNORE INTO activity (member, kind, at, channel, seq, unread)"
                " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 AND NOT EXISTS"
                " (SELECT 1 FROM read_positions WHERE member = value ->> 0 AND channel = value ->> 3"
                " AND read_seq >= value ->> 4) FROM json_each(?)",
                json.dumps(batch),
            )

    def put_reaction(self, note: Note, former_at: int | None) -> None:
        """Note a reaction to a member's message, in place of an earlier one if there was any."""
        if former_at is None:
            self._run(
                "INSERT INTO activity (member, kind, unread, at, channel, seq) VALUES (?, 'reaction', 0, ?, ?, ?)",
                note.member,
                note.at,
                note.channel,
                note.seq,
            )
            return
        self._run(
            "UPDATE activity SET at = ? WHERE member = ? AND kind = 'reaction' AND unread = 0 AND at = ?"
            " AND channel = ? AND seq = ?",
            note.at,
            note.member,
            former_at,
            note.channel,
            note.seq,
        )

    def reaction_at(self, member: str, channel: str, seq: int, *, sent_at: int) -> int | None:
        """When a reaction to a member's message was noted last; reads those that were noted since it was sent."""
        found = self._run(
            "SELECT max(at) FROM activity WHERE member = ? AND kind = 'reaction' AND unread = 0 AND at >= ?"
            " AND channel = ? AND seq = ?",
            member,
            sent_at,
            channel,
            seq,
        )
        return None if found[0][0] is None else int(found[0][0])

    def delete(self, members: Sequence[str], channel: str, seq: int, *, sent_at: int) -> set[str]:
        """Remove what is noted of a message for these members; returns for whom there was something.

        Reads what was noted for them since it was sent.
        """
        if not members:
            return set()
        place = json.dumps(list(members)), sent_at, channel, seq
        found = self._run("SELECT DISTINCT member FROM activity" + _OF_MESSAGE, *place)
        if found:  # the platform refuses DELETE … RETURNING in a transaction
            self._run("DELETE FROM activity" + _OF_MESSAGE, *place)
        return {member for (member,) in found}

    def members_in(self, channel: str, up_to_seq: int = MAX_SAFE_INTEGER) -> set[str]:
        """The members for whom anything is noted of a channel's messages up to one of them. It reads all rows."""
        found = self._run("SELECT DISTINCT member FROM activity WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        return {member for (member,) in found}

    def has(self, member: str, channel: str) -> bool:
        """Whether anything is noted for a member of a channel."""
        return bool(self._run("SELECT 1 FROM activity WHERE member = ? AND channel = ? LIMIT 1", member, channel))

    def noted_in(self, channel: str, seq: int) -> set[str]:
        """The members whom a message mentions or answers. It reads all rows, so use it only if nothing else knows."""
        found = self._run(
            "SELECT member FROM activity WHERE kind <> 'reaction' AND channel = ? AND seq = ?", channel, seq
        )
        return {member for (member,) in found}

    # --- unread mentions ---

    def read_up_to(self, member: str, channel: str, seq: int) -> bool:
        """Count the mentions and answers of a channel up to there as read; whether there were any."""
        place = member, channel, seq
        if not self._run("SELECT 1 FROM activity" + _UNREAD + " AND channel = ? AND seq <= ? LIMIT 1", *place):
            return False
        self._run("UPDATE activity SET unread = 0" + _UNREAD + " AND channel = ? AND seq <= ?", *place)
        return True

    def mention_counts(self, member: str) -> dict[str, int]:
        """How many unread messages of each channel mention or answer a member."""
        return dict(self._run("SELECT channel, count(*) FROM activity" + _UNREAD + " GROUP BY channel", member))

    def newest_mention(self, member: str, channel: str) -> int:
        """The newest unread message of a channel that mentions or answers a member, 0 if there is none."""
        found = self._run("SELECT max(seq) FROM activity" + _UNREAD + " AND channel = ?", member, channel)
        return int(found[0][0] or 0)

    # --- what a member has seen ---

    def page(self, member: str, before: int, limit: int) -> list[Note]:
        """Up to `limit` notes from before a time, newest first; reads all of the member's."""
        found = self._run(
            "SELECT kind, at, channel, seq, unread FROM activity WHERE member = ? AND at < ?"
            " ORDER BY at DESC, channel, seq DESC LIMIT ?",
            member,
            before,
            limit,
        )
        return [Note(member, kind, at, channel, seq, bool(unread)) for kind, at, channel, seq, unread in found]

    def unseen(self, member: str, after: int) -> list[tuple[str, int]]:
        """The channel and `seq` of the newest MAX_UNSEEN that were noted after a time and are unread, or reactions."""
        return [
            (channel, seq)
            for channel, seq in self._run(
                "SELECT * FROM (SELECT channel, seq FROM activity WHERE member = ?1 AND kind = 'mention' AND unread = 1"
                " AND at > ?2 ORDER BY at DESC LIMIT ?3) UNION ALL "
                "SELECT * FROM (SELECT channel, seq FROM activity WHERE member = ?1 AND kind = 'answer' AND unread = 1"
                " AND at > ?2 ORDER BY at DESC LIMIT ?3) UNION ALL "
                "SELECT * FROM (SELECT channel, seq FROM activity WHERE member = ?1 AND kind = 'reaction'"
                " AND unread = 0 AND at > ?2 ORDER BY at DESC LIMIT ?3)",
                member,
                after,
                MAX_UNSEEN,
            )
        ]

    def newest_at(self, member: str, up_to: int) -> int:
        """When the newest of a member's notes up to a time was made, 0 if there is none."""
        found = self._run("SELECT max(at) FROM activity WHERE member = ? AND at <= ?", member, up_to)
        return int(found[0][0] or 0)

    def seen_at(self, member: str) -> int:
        """Up to when a member has seen their activity."""
        found = self._run("SELECT at FROM activity_seen WHERE member = ?", member)
        return int(found[0][0]) if found else 0

    def set_seen(self, member: str, at: int) -> None:
        """Store up to when a member has seen their activity."""
        self._run("INSERT OR REPLACE INTO activity_seen (member, at) VALUES (?, ?)", member, at)

    def delete_oldest(self) -> None:
        """Keep the newest MAX_ACTIVITY of each member, and what is unread. Reads all rows."""
        self._run(
            "DELETE FROM activity WHERE unread = 0 AND (member, at) IN (SELECT member, at FROM (SELECT member, at,"
            " ROW_NUMBER() OVER (PARTITION BY member ORDER BY at DESC) AS place FROM activity) WHERE place > ?)",
            MAX_ACTIVITY,
        )
