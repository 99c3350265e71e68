"""How far members have read."""

from storage.database import Table


class ReadingTable(Table):
    """The read positions of all members."""

    def positions(self, member: str) -> dict[str, tuple[int, int, int]]:
        """How far a member has read each channel, as (`seq`, position, `marked_seq`)."""
        found = self._run(
            "SELECT channel, read_seq, read_position, marked_seq FROM read_positions WHERE member = ?", member
        )
        return {channel: (seq, position, marked) for channel, seq, position, marked in found}

    def set_position(self, member: str, channel: str, seq: int, position: int, *, marked: int = 0) -> None:
        """Store that a member has read a channel up to `seq`.

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
