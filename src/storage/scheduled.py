"""Messages that are sent later."""

from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A message that waits for its time, or could not be sent then."""

    member: str
    """Its author."""
    id: str
    """That of the message which it becomes."""
    channel: str
    due_at: int
    """When it is sent, in ms."""
    failed: str
    """The code of the refusal; empty: it waits."""
    sealed: Sealed


class ScheduledTable(Table):
    """The scheduled messages of all members."""

    def put(self, scheduled: Scheduled) -> None:
        """Store or replace one."""
        self._run(
            "INSERT OR REPLACE INTO scheduled (member, id, channel, due_at, failed, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            scheduled.member,
            scheduled.id,
            scheduled.channel,
            scheduled.due_at,
            scheduled.failed,
            scheduled.sealed.epoch,
            scheduled.sealed.data,
        )

    def get(self, member: str, message_id: str) -> Scheduled | None:
        """One of a member's."""
        found = self._run(
            "SELECT member, id, channel, due_at, failed, epoch, sealed FROM scheduled WHERE member = ? AND id = ?",
            member,
            message_id,
        )
        return _scheduled(found[0]) if found else None

    def of(self, member: str) -> list[Scheduled]:
        """A member's, the first to be sent first."""
        found = self._run(
            "SELECT member, id, channel, due_at, failed, epoch, sealed FROM scheduled WHERE member = ?"
            " ORDER BY due_at, id",
            member,
        )
        return [_scheduled(row) for row in found]

    def counts(self, member: str) -> tuple[int, int]:
        """How many of a member's wait, and how many could not be sent."""
        found = self._run("SELECT COUNT(*), COALESCE(SUM(failed != ''), 0) FROM scheduled WHERE member = ?", member)
        every, failed = int(found[0][0]), int(found[0][1])
        return every - failed, failed

    def due(self, now_ms: int, limit: int) -> list[tuple[str, str]]:
        """Member and id of those that are to be sent by now, the longest due first."""
        found = self._run(
            "SELECT member, id FROM scheduled WHERE failed = '' AND due_at <= ? ORDER BY due_at, member, id LIMIT ?",
            now_ms,
            limit,
        )
        return [(member, message_id) for member, message_id in found]

    def next_at(self) -> int | None:
        """When the next one is to be sent; None if none waits."""
        found = self._run("SELECT MIN(due_at) FROM scheduled WHERE failed = ''")
        return None if found[0][0] is None else int(found[0][0])

    def fail(self, member: str, message_id: str, code: str) -> None:
        """It could not be sent."""
        self._run("UPDATE scheduled SET failed = ? WHERE member = ? AND id = ?", code, member, message_id)

    def fail_signed_out(self, code: str) -> None:
        """None is sent of members who are signed in nowhere."""
        self._run(
            "UPDATE scheduled SET failed = ? WHERE failed = '' AND member NOT IN (SELECT member FROM sessions)", code
        )

    def delete(self, member: str, message_id: str) -> None:
        """It is sent, or its author has deleted it."""
        self._run("DELETE FROM scheduled WHERE member = ? AND id = ?", member, message_id)

    def delete_all(self, member: str) -> None:
        """Nothing of a member's is sent any more."""
        self._run("DELETE FROM scheduled WHERE member = ?", member)

    def delete_failed(self, before_ms: int) -> None:
        """Forget those that could not be sent and were due before a time."""
        self._run("DELETE FROM scheduled WHERE failed != '' AND due_at < ?", before_ms)


def _scheduled(row: Row) -> Scheduled:
    member, message_id, channel, due_at, failed, epoch, data = row
    return Scheduled(member, message_id, channel, due_at, failed, Sealed(epoch, data))
