"""Who is still to be notified of which channel, and what members have chosen to be notified of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from storage.database import Table


@dataclass(frozen=True, slots=True)
class Notice:
    """A member is to be notified of a channel's messages from `seq` on; an empty `device` means all their devices."""

    member: str
    channel: str
    device: str
    seq: int
    tries: int
    due_at: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What a table can hold one of."""
        return self.member, self.channel, self.device


class NoticeTable(Table):
    """The notices that wait to be sent."""

    def put(self, notices: Iterable[Notice]) -> None:
        """Store who is to be notified. A later notice replaces an earlier one, but never with a lower `seq`."""
        batch = [[each.member, each.channel, each.device, each.seq, each.tries, each.due_at] for each in notices]
        self._run(
            "INSERT INTO notices (member, channel, device, seq, tries, due_at)"
            " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)"
            " WHERE true ON CONFLICT DO UPDATE"
            " SET seq = max(seq, excluded.seq), tries = excluded.tries, due_at = excluded.due_at",
            json.dumps(batch),
        )

    def due(self, now_ms: int, limit: int) -> list[Notice]:
        """The notices that are due, oldest first."""
        found = self._run(
            "SELECT member, channel, device, seq, tries, due_at FROM notices WHERE due_at <= ? ORDER BY due_at LIMIT ?",
            now_ms,
            limit,
        )
        return [Notice(*row) for row in found]

    def next_at(self) -> int | None:
        """When the next notice is due, in ms; None if none waits."""
        found = self._run("SELECT min(due_at) FROM notices")
        return None if found[0][0] is None else int(found[0][0])

    def delete(self, notice: Notice, up_to_seq: int) -> None:
        """Remove a notice for messages up to a `seq`. A later try stays, and so does a notice for newer messages."""
        self._run(
            "DELETE FROM notices WHERE member = ? AND channel = ? AND device = ? AND seq <= ? AND tries <= ?",
            notice.member,
            notice.channel,
            notice.device,
            up_to_seq,
            notice.tries,
        )

    def drop(self) -> None:
        """Remove all notices."""
        self._run("DELETE FROM notices")


class NotifyChoiceTable(Table):
    """The levels that members have chosen for channels."""

    def of(self, members: Iterable[str]) -> list[tuple[str, str, str]]:
        """The choices of these members, as (member, channel, level)."""
        found = self._run(
            "SELECT member, channel, level FROM notify_choices WHERE member IN (SELECT value FROM json_each(?))",
            json.dumps(list(members)),
        )
        return [(member, channel, level) for member, channel, level in found]

    def put(self, member: str, channel: str, level: str | None) -> None:
        """Store a member's choice for a channel; None goes back to the default."""
        if level is None:
            self._run("DELETE FROM notify_choices WHERE member = ? AND channel = ?", member, channel)
        else:
            self._run(
                "INSERT OR REPLACE INTO notify_choices (member, channel, level) VALUES (?, ?, ?)",
                member,
                channel,
                level,
            )
