"""What members have begun to write and not sent: one sealed row for each channel."""

from sealing.keyring import Sealed
from storage.database import Table


class DraftTable(Table):
    """The drafts of all members."""

    def put(self, member: str, channel: str, sealed: Sealed) -> None:
        """Store or replace a member's in a channel."""
        self._run(
            "INSERT OR REPLACE INTO drafts (member, channel, epoch, sealed) VALUES (?, ?, ?, ?)",
            member,
            channel,
            sealed.epoch,
            sealed.data,
        )

    def delete(self, member: str, channel: str) -> None:
        """Forget a member's in a channel."""
        self._run("DELETE FROM drafts WHERE member = ? AND channel = ?", member, channel)

    def delete_all(self, member: str) -> None:
        """Forget all of a member's."""
        self._run("DELETE FROM drafts WHERE member = ?", member)

    def channels(self, member: str) -> list[str]:
        """The ids of the channels in which a member has one."""
        return [channel for (channel,) in self._run("SELECT channel FROM drafts WHERE member = ?", member)]

    def of(self, member: str) -> list[tuple[str, Sealed]]:
        """A member's, by channel."""
        found = self._run("SELECT channel, epoch, sealed FROM drafts WHERE member = ? ORDER BY channel", member)
        return [(channel, Sealed(epoch, data)) for channel, epoch, data in found]

    def has(self, member: str, channel: str) -> bool:
        """Whether a member has one in a channel."""
        return bool(self._run("SELECT 1 FROM drafts WHERE member = ? AND channel = ?", member, channel))
