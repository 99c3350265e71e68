"""The pinned messages of all channels: one row each."""

from typing import NamedTuple

from storage.database import Table


class Pin(NamedTuple):
    """That a message is pinned."""

    seq: int
    """The message's."""
    pin_seq: int
    """That of the change that pinned it; the newest pin has the highest."""
    at: int
    author: str
    """Who pinned it."""


class PinTable(Table):
    """Which messages are pinned."""

    def put(self, channel: str, pin: Pin) -> None:
        """Pin a message."""
        self._run(
            "INSERT INTO pins (channel, seq, pin_seq, at, author) VALUES (?, ?, ?, ?, ?)",
            channel,
            pin.seq,
            pin.pin_seq,
            pin.at,
            pin.author,
        )

    def delete(self, channel: str, seq: int) -> None:
        """Take a message's pin off."""
        self._run("DELETE FROM pins WHERE channel = ? AND seq = ?", channel, seq)

    def has(self, channel: str, seq: int) -> bool:
        """Whether a message is pinned."""
        return bool(self._run("SELECT 1 FROM pins WHERE channel = ? AND seq = ?", channel, seq))

    def of(self, channel: str, *, since: int = 0) -> list[Pin]:
        """The pins on a channel's messages with a `seq` over `since`, newest pin first; MAX_PINS at most."""
        found = self._run(
            "SELECT seq, pin_seq, at, author FROM pins WHERE channel = ? AND seq > ? ORDER BY pin_seq DESC",
            channel,
            since,
        )
        return [Pin(*row) for row in found]
