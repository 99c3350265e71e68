"""Calls: messages that mention or command a bot, and that its webhook has not taken yet."""

from dataclasses import dataclass

from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Call:
    """A message that calls a bot."""

    bot: str
    channel: str
    seq: int
    """That of the message."""
    tries: int
    """How often its webhook did not take it."""
    due_at: int
    """When it is to be sent, in ms."""


class CallTable(Table):
    """The calls of a room."""

    def insert(self, call: Call) -> None:
        """Store a new one."""
        self._run(
            "INSERT INTO calls (member, channel, seq, tries, due_at) VALUES (?, ?, ?, ?, ?)",
            call.bot,
            call.channel,
            call.seq,
            call.tries,
            call.due_at,
        )

    def due(self, now_ms: int, limit: int) -> list[Call]:
        """Those that are to be sent by now, the longest due first."""
        found = self._run(
            "SELECT member, channel, seq, tries, due_at FROM calls WHERE due_at <= ?"
            " ORDER BY due_at, seq, channel, member LIMIT ?",
            now_ms,
            limit,
        )
        return [_call(row) for row in found]

    def next_at(self) -> int | None:
        """When the next one is due; None if none waits."""
        found = self._run("SELECT MIN(due_at) FROM calls")
        return None if found[0][0] is None else int(found[0][0])

    def count(self, bot: str) -> int:
        """How many of a bot wait."""
        return int(self._run("SELECT COUNT(*) FROM calls WHERE member = ?", bot)[0][0])

    def put_off(self, call: Call, *, tries: int, due_at: int) -> None:
        """Send it again later."""
        self._run(
            "UPDATE calls SET tries = ?, due_at = ? WHERE member = ? AND channel = ? AND seq = ?",
            tries,
            due_at,
            call.bot,
            call.channel,
            call.seq,
        )

    def delete(self, call: Call) -> None:
        """It was taken, or is given up."""
        self._run("DELETE FROM calls WHERE member = ? AND channel = ? AND seq = ?", call.bot, call.channel, call.seq)


def _call(row: Row) -> Call:
    bot, channel, seq, tries, due_at = row
    return Call(bot, channel, seq, tries, due_at)
