"""The channels that members have put at the top of their list."""

from storage.database import Table


class StarTable(Table):
    """One row for each channel that somebody has starred."""

    def of(self, member: str) -> set[str]:
        """The channels that a member has starred."""
        return {channel for (channel,) in self._run("SELECT channel FROM stars WHERE member = ?", member)}

    def put(self, member: str, channel: str, *, on: bool) -> None:
        """Star a channel for a member, or take the star away; repeating it changes nothing."""
        if on:
            self._run("INSERT OR IGNORE INTO stars (member, channel) VALUES (?, ?)", member, channel)
        else:
            self._run("DELETE FROM stars WHERE member = ? AND channel = ?", member, channel)
