"""Unread messages: those by others after a member's read position or arrival in the room, without deleted ones.

Each message has a `position` in its channel, so a subtraction gives the number of messages after another one. Own and
deleted messages are then left out, among the channel's newest UNREAD_ROWS_A_CHANNEL. Their authors are read once and
then kept in memory (chat/tails.py). So a count is exact within these rows, posting costs nothing for it, and the rows
read for a welcome are bounded.
"""

from collections.abc import Iterable, Mapping, Sequence

from chat.directory import Channel, Directory
from chat.tails import Tail
from limits import UNREAD_ROWS_A_CHANNEL, UNREAD_ROWS_AT_ONCE
from storage.store import Store

ReadUpTo = tuple[int, int, int]
"""How far a member has read in a channel: `seq` and position, and where it stood when they marked it unread, or 0."""
NOTHING_READ: ReadUpTo = (0, 0, 0)


def read_up_to(member: str, channels: Iterable[Channel], directory: Directory, store: Store) -> dict[str, ReadUpTo]:
    """How far a member has read, by channel; messages from before they came count as read.

    Reads the member's row for each channel, or if there is none, one row of the channel.
    """
    positions = store.reading.positions(member)
    unseen = {channel.id: channel for channel in channels if channel.id not in positions}
    arrivals = {channel_id: directory.arrived_at(member, channel_id) for channel_id in unseen}
    older = [(each.id, arrivals[each.id]) for each in unseen.values() if each.last_seq > arrivals[each.id] > 0]
    before = store.positions.newest_up_to_each(older) if older else {}
    for channel in unseen.values():
        if not arrivals[channel.id]:
            continue
        if channel.last_seq <= arrivals[channel.id]:
            positions[channel.id] = channel.last_seq, channel.last_position, 0
        else:
            positions[channel.id] = (*before.get(channel.id, (0, 0)), 0)
    return positions


def count_unread(
    member: str, channels: Sequence[Channel], read: Mapping[str, ReadUpTo], store: Store
) -> dict[str, int]:
    """The number of unread messages of a member, by channel. The newest message's author has read everything before it,
    unless they marked it unread after that.

    Reads at most UNREAD_ROWS_AT_ONCE rows, beginning with the channels that have the fewest new messages, and no row
    twice while the object is awake.
    """
    behind = {
        channel.id: 0 if _wrote_last(channel, member, of) else _behind(channel, of)
        for channel in channels
        for of in (read.get(channel.id, NOTHING_READ),)
    }
    waiting = [channel for channel in channels if behind[channel.id] > 0]
    _look_at_tails(waiting, behind, read, store)
    return behind | {
        channel.id: behind[channel.id] - _left_out(channel, member, read.get(channel.id, NOTHING_READ))
        for channel in waiting
    }


def _wrote_last(channel: Channel, member: str, read: ReadUpTo) -> bool:
    return channel.last_author == member and channel.last_seq > read[2]


def _behind(channel: Channel, read: ReadUpTo) -> int:
    return max(0, channel.last_position - max(read[1], channel.purged_position, channel.imported_position))


def _after(channel: Channel, read: ReadUpTo) -> int:
    return max(read[0], channel.purged_seq, channel.imported_seq)


def _left_out(channel: Channel, member: str, read: ReadUpTo) -> int:
    return channel.tail.left_out(member, _after(channel, read)) if channel.tail is not None else 0


def _look_at_tails(
    channels: Sequence[Channel], behind: Mapping[str, int], read: Mapping[str, ReadUpTo], store: Store
) -> None:
    """Make the tails of these channels as long as needed, with one statement."""
    rows_left = UNREAD_ROWS_AT_ONCE
    wanted: dict[str, tuple[Channel, int, int | None]] = {}
    for channel in sorted(channels, key=lambda each: behind[each.id]):
        known = len(channel.tail) if channel.tail is not None else 0
        needed = min(behind[channel.id], UNREAD_ROWS_A_CHANNEL)
        if known >= needed:
            continue
        rows = needed if needed < behind[channel.id] else needed - known
        if rows > rows_left:
            break
        rows_left -= rows
        before = channel.tail.first_seq if channel.tail is not None and known else None
        wanted[channel.id] = channel, _after(channel, read.get(channel.id, NOTHING_READ)), before
    if not wanted:
        return
    asked = [(channel.id, after, before) for channel, after, before in wanted.values()]
    for channel_id, older in store.positions.authors_between(asked, UNREAD_ROWS_A_CHANNEL).items():
        channel = wanted[channel_id][0]
        if channel.tail is None:
            channel.tail = Tail()
        channel.tail.lengthen(older)
