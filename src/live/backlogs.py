"""Unread bytes: how much a member and a room may have the platform hold for them.

The platform reports for each socket how many bytes wait in it (`bufferedAmount`). Closing a socket frees none of them,
because they precede the close frame: they stay until the connection is gone. So a closed socket still counts, and a
member who comes back on a new socket can use only what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from limits import (
    MEMBER_UNREAD_BYTES,
    ROOM_UNREAD_BYTES,
    SLOW_READER_BYTES,
    UNREAD_SPARED_BYTES,
    UNREAD_STEP_BYTES,
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The bytes that wait in one socket; the caller chooses its key."""

    key: int
    member: str
    unread_bytes: int
    is_open: bool = True


def too_slow(backlogs: Sequence[Backlog], room_bytes: int = ROOM_UNREAD_BYTES) -> list[int]:
    """The sockets to close, slowest first: those that hold too much alone, for their member, or for the room.

    A socket with next to nothing unread is never closed because of others: a client that reads stays.

    Args:
        room_bytes: how many may wait in all sockets of the room.
    """
    slowest_first = sorted(backlogs, key=lambda each: each.unread_bytes, reverse=True)
    closing = {each.key for each in slowest_first if each.is_open and each.unread_bytes > SLOW_READER_BYTES}
    for member in {each.member for each in slowest_first}:
        _close_surplus([each for each in slowest_first if each.member == member], MEMBER_UNREAD_BYTES, closing)
    _close_surplus(slowest_first, room_bytes, closing)
    return [each.key for each in slowest_first if each.key in closing]


def look_again_after(backlogs: Sequence[Backlog], room_bytes: int = ROOM_UNREAD_BYTES) -> int:
    """How many bytes may be sent before the next check: half of what is left, so that checks are rare."""
    members: dict[str, int] = {}
    for each in backlogs:
        members[each.member] = members.get(each.member, 0) + each.unread_bytes
    left = min(MEMBER_UNREAD_BYTES - max(members.values(), default=0), room_bytes - sum(members.values()))
    return max(left // 2, UNREAD_STEP_BYTES)


def owes_too_much(own_bytes: int, room_bytes: int) -> bool:
    """Whether a member has to read, or close sockets, before one more opens for them.

    Args:
        own_bytes: what waits in all sockets of the member, closed ones too.
        room_bytes: the same for everybody. A client that reads is let in, however full the room is.
    """
    return own_bytes >= MEMBER_UNREAD_BYTES or (own_bytes > UNREAD_SPARED_BYTES and room_bytes >= ROOM_UNREAD_BYTES)


def _close_surplus(slowest_first: Sequence[Backlog], limit: int, closing: set[int]) -> None:
    """Close sockets until the bytes in the open ones fit beside those in the closed ones."""
    left = limit - sum(each.unread_bytes for each in slowest_first if not each.is_open)
    going_on = [each for each in slowest_first if each.is_open and each.key not in closing]
    waiting = sum(each.unread_bytes for each in going_on)
    for each in going_on:
        if waiting <= left or each.unread_bytes <= UNREAD_SPARED_BYTES:
            return
        closing.add(each.key)
        waiting -= each.unread_bytes
