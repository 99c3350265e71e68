"""What one index is about: the open channels of the room together, or one lane."""

from collections.abc import Sequence

from chat.directory import Channel, Directory
from storage.segments import SegmentTable
from storage.store import Store


class Scope:
    """The channels that share a `seq`, and the segments of their messages."""

    def __init__(self, store: Store, directory: Directory, lane: str = "") -> None:
        self._directory = directory
        self._lane = lane
        self._positions = store.positions
        self.segments: SegmentTable = store.segments_of(lane)

    @property
    def seq(self) -> int:
        """The newest `seq`."""
        return self._directory.lane(self._lane).seq

    def channels(self) -> Sequence[Channel]:
        """The channels, deleted ones too."""
        if not self._lane:
            return list(self._directory.channels.values())
        channel = self._directory.hidden.get(self._lane)
        return [] if channel is None else [channel]

    def ids(self) -> list[str]:
        """Their ids."""
        return [channel.id for channel in self.channels()]

    def count_after(self, seq: int) -> int:
        """How many messages there are after a `seq`, deleted ones too; reads one row a channel and opens nothing."""
        before = self._positions.newest_up_to(self.ids(), seq)
        positions = {channel: position for channel, (_, position) in before.items()}
        return sum(each.last_position - positions.get(each.id, each.purged_position) for each in self.channels())

    def before_next(self, seq: int, up_to_seq: int) -> int:
        """The last `seq` after which the next message comes; joins, edits and other events have a `seq`, too."""
        following = self._positions.oldest_after(self.ids(), seq) if seq < up_to_seq else None
        return up_to_seq if following is None else min(following.seq - 1, up_to_seq)
