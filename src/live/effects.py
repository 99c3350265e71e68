"""Work for the shell, as data, in the order in which it must happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat.changes import Posted, Request
from wire.writing import Close


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Answer:
    """Send a frame to the socket that asked."""

    text: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a frame to every socket that has said hello, or to those of some members, but not to one connection.

    One about a lane goes to sockets that take lanes only. One for everybody, or with `to_bots` one for bots, goes only
    to the sockets of these.
    """

    text: str
    members: frozenset[str] | None = None
    but: str | None = None
    of_lane: bool = False
    to_bots: bool = False


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Enqueue:
    """Pass a change to the room's writer; its answer is sent when it is stored."""

    request: Request


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The connection has said hello: store that for hibernation, and stop its timeout."""


@dataclass(frozen=True, slots=True)
class CloseConnection:
    """Close the socket that asked."""

    code: Close
    reason: str


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Close one socket by our own decision.

    `is_lost` says that nobody reads it any more: what was sent since its last sign of life may never have been seen.
    """

    socket: Any
    code: Close
    reason: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class CloseSessions:
    """Close the sockets of sessions that have ended."""

    sessions: Sequence[str]


@dataclass(frozen=True, slots=True)
class CloseMembers:
    """Close all sockets of removed members; `by_admin` if an admin removed them."""

    members: Sequence[str]
    by_admin: bool = False


@dataclass(frozen=True, slots=True)
class AnnouncePresence:
    """Announce who came and went, at most once a second."""


@dataclass(frozen=True, slots=True)
class CleanUpSoon:
    """Run the clean-up within seconds, because a rule has changed; that of lanes, if not everybody sees the rule."""

    of_lanes: bool = False


@dataclass(frozen=True, slots=True)
class RemoveFilesSoon:
    """Let the alarm ring now, because files were given up."""


@dataclass(frozen=True, slots=True)
class RingAt:
    """Let the alarm ring at this time in ms or earlier."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Remember:
    """Store a change of the connection that must survive hibernation."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Notify members who are not looking of new messages, without delaying anybody."""

    posted: Sequence[Posted]


@dataclass(frozen=True, slots=True)
class NotifyNow:
    """Send the test notification that a member asked for."""


@dataclass(frozen=True, slots=True)
class CallBots:
    """Send new messages to the webhooks of the bots that they call, without delaying anybody."""

    posted: Sequence[Posted]


@dataclass(frozen=True, slots=True)
class BuildSegments:
    """Build segments of the search soon, without delaying anybody."""


Effect = (
    Answer
    | Tell
    | Enqueue
    | Welcomed
    | Remember
    | Notify
    | NotifyNow
    | CloseConnection
    | Dismiss
    | AnnouncePresence
    | CloseSessions
    | CloseMembers
    | CleanUpSoon
    | RemoveFilesSoon
    | RingAt
    | BuildSegments
    | CallBots
)
