"""The room in figures, for its admins: what is said how much, how large it is, whether notifications arrive.

Messages a day are not counted up anywhere, as that would cost a row a message: `seq` and `position` only grow, so the
number of a channel's messages between two moments is the difference of the positions there, found by halving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from chat.directory import Channel, Directory
from limits import DAY_MS, MAX_DATABASE_BYTES, STATS_DAYS
from notify.failures import push_failures
from storage.store import Standing, Store


@dataclass(frozen=True, slots=True)
class Platform:
    """What only the shell knows of a room."""

    sockets: int
    online: int
    storage_bytes: int
    clean_up_at: int | None
    has_push: bool


def stats(directory: Directory, store: Store, platform: Platform, *, now_ms: int) -> dict[str, Any]:
    """The figures, as docs/protocol.md, "Statistics", has them."""
    days = last_days(now_ms)
    counts = messages_a_day(directory.channels.values(), store, days, newest_seq=directory.seq)
    return {
        "sockets": platform.sockets,
        "online": platform.online,
        "members": len(directory.present_members()),
        "messages": [{"at": at, "count": count} for at, count in zip(days, counts, strict=True)],
        "storage_bytes": platform.storage_bytes,
        "storage_limit_bytes": MAX_DATABASE_BYTES,
        "clean_up_at": platform.clean_up_at,
        "push": push_failures(store).public() if platform.has_push else None,
    }


def last_days(now_ms: int) -> list[int]:
    """When the last STATS_DAYS days began (UTC), oldest first, today's last."""
    today = now_ms - now_ms % DAY_MS
    return [today - back * DAY_MS for back in reversed(range(STATS_DAYS))]


def messages_a_day(channels: Iterable[Channel], store: Store, days: Sequence[int], *, newest_seq: int) -> list[int]:
    """How many messages were posted from each of these moments to the next, and from the last one on.

    Messages deleted since count, those that clean-up has removed do not. Reads one or two rows for each channel and
    day, and some twenty for each day, however many messages there are; channels that fell silent before cost nothing.
    """
    edges = [_Edge(at, 0, newest_seq + 1) for at in days]
    counts = [0] * len(edges)
    for channel in sorted(channels, key=lambda each: each.last_seq, reverse=True):
        if channel.last_seq <= edges[0].before:
            break
        positions = [_position(channel, edge, store) for edge in edges] + [channel.last_position]
        for day, (start, end) in enumerate(pairwise(positions)):
            counts[day] += max(0, end - start)  # where a clock was set back, the order of time is not that of `seq`
    return counts


@dataclass(slots=True)
class _Edge:
    """Where a moment lies in the room's order: every `seq` up to `before` is older, every one from `after` on is not.

    What one channel shows of it holds for all, so the next one has little left to look for.
    """

    at: int
    before: int
    after: int


def _position(channel: Channel, edge: _Edge, store: Store) -> int:
    """How many messages the channel had at a moment."""
    low, high, bound = edge.before, edge.after, edge.after
    before: Standing | None = None
    after: Standing | None = None
    while low + 1 < high and not _are_neighbours(before, after):
        newest = store.standing_before(channel.id, bound)
        if newest is not None and newest.seq > low and newest.sent_at >= edge.at:
            after, high = newest, newest.seq
        else:
            before, low = newest, bound - 1
        bound = (low + high) // 2 + 1
    if before is None:
        before = store.standing_before(channel.id, low + 1)
    edge.after = min(edge.after, high)
    if before is not None:
        edge.before = max(edge.before, before.seq)
    return max(before.position if before is not None else 0, channel.purged_position)


def _are_neighbours(before: Standing | None, after: Standing | None) -> bool:
    """Whether no message of the channel stands between these."""
    return before is not None and after is not None and before.position + 1 >= after.position
