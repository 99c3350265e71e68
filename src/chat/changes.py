"""What people ask the writer for, and what comes of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.directory import ADMIN, Directory
from encoding import compact_json
from errors import Forbidden
from wire.changes import Change


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Author:
    """The member who asks, as the session in storage says."""

    member: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether the session proved the admins' password."""
        return self.role == ADMIN


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Request:
    """One change that a member asks for, with the id that a new channel would get.

    Without `wants_ack` the event of a new message is its answer.
    """

    author: Author
    frame: Change
    fresh_id: str
    wants_ack: bool = True


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Event:
    """A stored change as `events` frames show it, and the channel that it belongs to: "" stands for the room."""

    seq: int
    channel: str
    text: str


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Posted:
    """A new message was stored, which mentions or answers `notified`."""

    channel: str
    seq: int
    author: str
    notified: frozenset[str]


@dataclass(slots=True)
class Outcome:
    """What came of changes: an answer to each, events in order of `seq`, the members who were removed.

    An answer is "" if storage failed before there was one, and None if the event is all the answer that is wanted.
    """

    answers: list[str | None] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    removed_members: list[str] = field(default_factory=list)
    clean_up_is_due: bool = False
    failure: Exception | None = None
    """What stopped the commit. The answers and events before it stand."""

    def add(self, later: "Outcome") -> None:
        """Put what came of later changes behind what came of earlier ones."""
        self.answers += later.answers
        self.events += later.events
        self.posted += later.posted
        self.removed_members += later.removed_members
        self.clean_up_is_due |= later.clean_up_is_due
        self.failure = self.failure or later.failure


def channel_of(event: Mapping[str, Any]) -> str:
    """The id of the channel that an event belongs to; "" stands for the room itself."""
    channel = event.get("channel", "")
    return str(channel["id"] if isinstance(channel, Mapping) else channel)


def require_member(author: Author, directory: Directory) -> None:
    """Refuse a member who was removed by a change that came just before, in the same batch.

    Raises:
        Forbidden: the author is no member any more.
    """
    if not directory.has_member(author.member):
        raise Forbidden("You are no longer a member of this room.")


def ack(ref: str | None, seq: int, *, channel: str | None = None) -> str:
    """The answer to a change that is stored; it names the channel that was created or changed."""
    answer: dict[str, Any] = {"type": "ack", "ref": ref, "seq": seq}
    if channel is not None:
        answer["channel"] = channel
    return compact_json(answer)
