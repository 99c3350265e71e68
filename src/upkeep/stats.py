"""Statistics of a room, for its admins: how much people write, how large it is, whether notifications arrive.

Messages and files are those of open channels. Only what the platform says of the whole database includes the others.

No row counts the messages of a day, as that would cost a written row a message. `seq` and `position` only grow, so the
number of a channel's messages between two moments is the difference of its positions there, found by binary search.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from chat.audience import Audience
from chat.directory import Channel, Directory
from files.quota import Quota
from limits import DAY_MS, MAX_DATABASE_BYTES, STATS_DAYS
from notify.push_failures import push_failures
from storage.positions import Standing
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Platform:
    """The figures that only the shell knows."""

    sockets: int
    online: int
    storage_bytes: int
    clean_up_at: int | None
    has_push: bool


def stats(
    member: str,
    audience: Audience,
    directory: Directory,
    store: Store,
    quota: Quota,
    platform: Platform,
    *,
    now_ms: int,
) -> dict[str, Any]:
    """The figures, in the form of docs/protocol.md, "Statistics"."""
    days = last_days(now_ms)
    (files, file_bytes), (hidden, hidden_bytes) = quota.used(), store.files.totals_in_lanes()
    counts = messages_a_day(audience.counted_for(member), store, days, newest_seq=directory.seq)
    return {
        "sockets": platform.sockets,
        "online": platform.online,
        "members": len(directory.present_people()),
        "messages": [{"at": at, "count": count} for at, count in zip(days, counts, strict=True)],
        "storage_bytes": platform.storage_bytes,
        "storage_limit_bytes": MAX_DATABASE_BYTES,
        "files": {"count": files - hidden, "bytes": file_bytes - hidden_bytes, "room_file_bytes": quota.room_bytes},
        "clean_up_at": platform.clean_up_at,
        "push": push_failures(store).public() if platform.has_push else None,
    }


def last_days(now_ms: int) -> list[int]:
    """The start of each of the last STATS_DAYS days (UTC) in ms, today's last."""
    today = now_ms - now_ms % DAY_MS
    return [today - back * DAY_MS for back in reversed(range(STATS_DAYS))]


def messages_a_day(channels: Iterable[Channel], store: Store, days: Sequence[int], *, newest_seq: int) -> list[int]:
    """How many messages were posted from each of these moments to the next, and after the last one.

    Messages that were deleted since count; those that clean-up has removed or that came from elsewhere do not. Reads
    one or two rows for each channel and day, and some twenty for each day, whatever the number of messages; channels
    that were silent cost none.
    """
    edges = [_Edge(at, 0, newest_seq + 1) for at in days]
    counts = [0] * len(edges)
    for channel in sorted(channels, key=lambda each: each.last_seq, reverse=True):
        if channel.last_seq <= edges[0].before:
            break
        positions = [_position(channel, edge, store) for edge in edges] + [channel.last_position]
        for day, (start, end) in enumerate(pairwise(positions)):
            counts[day] += max(0, end - start)  # a clock set back makes the order of times differ from that of `seq`
    return counts


@dataclass(slots=True)
class _Edge:
    """The place of a moment in the room's order: each `seq` up to `before` is older, each from `after` on is not.

    A bound found in one channel holds for all, so the next channel has little left to search.
    """

    at: int
    before: int
    after: int


def _position(channel: Channel, edge: _Edge, store: Store) -> int:
    """How many messages the channel had at a moment. What came from elsewhere has times that are not in order."""
    low, high, bound = max(edge.before, channel.imported_seq), edge.after, edge.after
    before: Standing | None = None
    after: Standing | None = None
    while low + 1 < high and not _are_neighbours(before, after):
        newest = store.positions.before(channel.id, bound)
        if newest is not None and newest.seq > low and newest.sent_at >= edge.at:
            after, high = newest, newest.seq
        else:
            before, low = newest, bound - 1
        bound = (low + high) // 2 + 1
    if before is None:
        before = store.positions.before(channel.id, low + 1)
    edge.after = min(edge.after, high)
    if before is not None and before.seq > channel.imported_seq:
        edge.before = max(edge.before, before.seq)
    position = before.position if before is not None else 0
    return max(position, channel.purged_position, channel.imported_position)


def _are_neighbours(before: Standing | None, after: Standing | None) -> bool:
    """Whether no message of the channel stands between these two."""
    return before is not None and after is not None and before.position + 1 >= after.position
