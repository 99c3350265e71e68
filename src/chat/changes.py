"""Requests to the writer, and their results: values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat.directory import ADMIN, MEMBER, Directory
from encoding import compact_json
from errors import Forbidden
from storage.activity import Note
from wire.changes import Change


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Author:
    """The member who requests a change, as the stored session identifies them."""

    member: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether the session proved the admins' password, or its member was made an admin."""
        return self.role == ADMIN


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Request:
    """One change that a member requests, with the id that a new channel or picture would get.

    Without `wants_ack` the event of a new message is its answer.
    """

    author: Author
    frame: Change
    fresh_id: str
    wants_ack: bool = True


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Event:
    """A stored change as `events` frames show it, and the channel that it belongs to: "" is the room itself."""

    seq: int
    channel: str
    text: str
    lane: str = ""
    """The lane whose `seq` it has; empty for the room's."""
    members: frozenset[str] | None = None
    """Who may be given it, of a lane."""
    is_frame: bool = False
    """The text is a frame by itself, for exactly these members."""


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Posted:
    """A new message that was stored, and that mentions or answers `notified`."""

    channel: str
    seq: int
    author: str
    notified: frozenset[str]
    called: tuple[str, ...] = ()
    """The bots that it mentions or commands."""


@dataclass(slots=True)
class Outcome:
    """The result of changes: an answer to each, events in order of `seq`, the removed members, what is to be done soon.

    An answer is "" if storage failed before there was one, and None if the event is the whole answer.
    """

    answers: list[str | None] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """The lane of each message that came from elsewhere."""
    removed_members: list[str] = field(default_factory=list)
    clean_up_is_due: bool = False
    hidden_clean_up_is_due: bool = False
    """As `clean_up_is_due`, of what not everybody sees."""
    gives_up_files: bool = False
    noted: list[Note] = field(default_factory=list)
    """What was noted for members and is new to them."""
    recount: set[str] = field(default_factory=set)
    """The members for whom less is new, or something else."""
    failure: Exception | None = None
    """The error that stopped the commit. The answers and events before it are valid."""


def together(parts: Sequence[Outcome]) -> Outcome:
    """The result of changes that were committed one after the other. There is nearly always one part only."""
    if len(parts) == 1:
        return parts[0]
    return Outcome(
        [answer for part in parts for answer in part.answers],
        [event for part in parts for event in part.events],
        [posted for part in parts for posted in part.posted],
        [lane for part in parts for lane in part.taken],
        [member for part in parts for member in part.removed_members],
        any(part.clean_up_is_due for part in parts),
        any(part.hidden_clean_up_is_due for part in parts),
        any(part.gives_up_files for part in parts),
        [note for part in parts for note in part.noted],
        {member for part in parts for member in part.recount},
        next((part.failure for part in parts if part.failure is not None), None),
    )


def channel_of(event: Mapping[str, Any]) -> str:
    """The id of the channel that an event belongs to; "" is the room itself."""
    channel = event.get("channel", "")
    return str(channel["id"] if isinstance(channel, Mapping) else channel)


def require_member(author: Author, directory: Directory) -> None:
    """Refuse a member who was removed by an earlier change in the same batch.

    Raises:
        Forbidden: the author is not a member any more.
    """
    if not directory.has_member(author.member):
        raise Forbidden("You are no longer a member of this room.")


def require_admin(author: Author) -> None:
    """The one door to what only admins change.

    Raises:
        Forbidden: the session is not an admin's.
    """
    if not author.is_admin:
        raise Forbidden("Only an admin may do this.")


def at_present(author: Author, directory: Directory) -> Author:
    """The author without rights that an earlier change in the same batch has taken."""
    if author.is_admin and directory.member(author.member).role != ADMIN:
        return Author(author.member, MEMBER)
    return author


def ack(ref: str | None, seq: int, *, channel: str | None = None) -> str:
    """The answer to a stored change; it names the channel that was created or changed."""
    answer: dict[str, Any] = {"type": "ack", "ref": ref, "seq": seq}
    if channel is not None:
        answer["channel"] = channel
    return compact_json(answer)
