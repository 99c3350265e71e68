"""The frames that ask the room a question or report a state: none of them takes a `seq`.

Each frame is defined once, with its fields and how they are read. docs/protocol.md, "Socket", describes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from errors import Malformed
from limits import MAX_HISTORY_PAGE, MAX_INVITE_HOURS, MAX_INVITE_USES
from wire import fields
from wire.administration import ADMIN_QUESTIONS, AdminQuestion
from wire.bots import BOT_QUESTIONS, BotQuestion
from wire.channels import CHANNEL_QUESTIONS, ChannelQuestion
from wire.drafts import DRAFT_QUESTIONS, DraftQuestion
from wire.fields import Fields
from wire.files import FileTickets
from wire.kept import KEPT_QUESTIONS, KeptQuestion
from wire.lanes import ListLanes
from wire.people import PEOPLE_QUESTIONS, PeopleQuestion
from wire.quiet import QUIET_QUESTIONS, SetQuiet
from wire.scheduling import SCHEDULING, Scheduling
from wire.searching import Search
from wire.threads import THREAD_QUESTIONS, ListReplies

INVITE_KINDS = PERSON, DEVICE = "person", "device"
"""Whom a link lets in: somebody new, or its maker on another device."""
FILE = "file"
"""What a message may have, in a question for history."""
LEVELS = ("all", "mentions", "none")
"""The levels of notification that a member may choose: everything, mentions and replies, nothing."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: the `seq` up to which the client knows the room, or None for a fresh start.

    Without `acks` the event of a new message is its answer. Without `lanes` the client gets nothing of lanes; else it
    is how far the client knows each.
    """

    ref: str | None
    last_seq: int | None
    acks: bool
    lanes: Mapping[str, int] | None = None

    @classmethod
    def _read(cls, given: Fields) -> "Hello":
        acks = fields.boolean(given, "acks") if "acks" in given else True
        return cls(fields.ref(given), fields.seq_or_none(given, "last_seq"), acks, fields.lanes(given))


@dataclass(frozen=True, slots=True)
class History:
    """A page of a channel: up to `limit` messages before, after or around a `seq`, around a time, or the newest."""

    ref: str | None
    channel: str
    before: int | None
    after: int | None
    limit: int
    has: tuple[str, ...] = ()
    """Only messages that have all of this; so far there is only FILE."""
    around: int | None = None
    at: int | None = None
    """In ms: around the first message that was sent then or later."""

    @property
    def is_newest(self) -> bool:
        """Whether it asks for the newest page of all messages."""
        return (self.before, self.after, self.around, self.at) == (None,) * 4 and not self.has

    @classmethod
    def _read(cls, given: Fields) -> "History":
        before, after, around, at = (fields.seq_or_none(given, name) for name in ("before", "after", "around", "at"))
        if [before, after, around, at].count(None) < 3:
            raise Malformed("history takes one of before, after, around and at.")
        limit = fields.integer(given, "limit", 1, MAX_HISTORY_PAGE)
        has = _has(given) if "has" in given else ()
        if has and (around is not None or at is not None):
            raise Malformed("has goes with before or after, not with around or at.")
        return cls(fields.ref(given), fields.identifier(given, "channel"), before, after, limit, has, around, at)


def _has(given: Fields) -> tuple[str, ...]:
    value = given["has"]
    if value is None:
        return ()
    if not isinstance(value, list) or not all(each == FILE for each in value):
        raise Malformed(f"has is not a list with nothing but {FILE}.")
    return tuple(dict.fromkeys(value))


@dataclass(frozen=True, slots=True)
class Read:
    """The member has seen this channel up to `seq`."""

    ref: str | None
    channel: str
    seq: int

    @classmethod
    def _read(cls, given: Fields) -> "Read":
        return cls(fields.ref(given), fields.identifier(given, "channel"), fields.seq(given, "seq"))


@dataclass(frozen=True, slots=True)
class Typing:
    """The member is writing in this channel."""

    ref: str | None
    channel: str

    @classmethod
    def _read(cls, given: Fields) -> "Typing":
        return cls(fields.ref(given), fields.identifier(given, "channel"))


@dataclass(frozen=True, slots=True)
class Visible:
    """Whether a person is looking at the chat on this connection."""

    ref: str | None
    visible: bool

    @classmethod
    def _read(cls, given: Fields) -> "Visible":
        return cls(fields.ref(given), fields.boolean(given, "visible"))


@dataclass(frozen=True, slots=True)
class ChooseLevel:
    """The level of notifications that the member chooses for a channel; None follows the default."""

    ref: str | None
    channel: str
    level: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ChooseLevel":
        level = given.get("level", "")
        if level is not None and level not in LEVELS:
            raise Malformed("level is not all, mentions, none or null.")
        return cls(fields.ref(given), fields.identifier(given, "channel"), level)


@dataclass(frozen=True, slots=True)
class PushTest:
    """The member wants a test notification on this device."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "PushTest":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class SeeAlert:
    """The member has seen an alert."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "SeeAlert":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class AnswerLogin:
    """An answer to whether somebody may sign in under a name that is held."""

    ref: str | None
    id: str
    approve: bool

    @classmethod
    def _read(cls, given: Fields) -> "AnswerLogin":
        return cls(fields.ref(given), fields.identifier(given, "id"), fields.boolean(given, "approve"))


@dataclass(frozen=True, slots=True)
class CreateInvite:
    """A link that lets somebody in: `uses` members within `hours`, or once and soon the maker on another device."""

    ref: str | None
    digest: bytes
    kind: str
    hours: int
    uses: int | None
    label: str

    @classmethod
    def _read(cls, given: Fields) -> "CreateInvite":
        kind = given.get("kind", PERSON)
        if kind not in INVITE_KINDS:
            raise Malformed("kind is not person or device.")
        if kind == DEVICE:
            return cls(fields.ref(given), fields.digest(given), kind, 0, 1, "")
        hours = fields.integer(given, "hours", 1, MAX_INVITE_HOURS)
        if "uses" not in given:
            raise Malformed("uses is missing.")
        uses = None if given["uses"] is None else fields.integer(given, "uses", 1, MAX_INVITE_USES)
        return cls(fields.ref(given), fields.digest(given), kind, hours, uses, fields.label(given))


@dataclass(frozen=True, slots=True)
class ListInvites:
    """The member asks which links are open."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListInvites":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class RevokeInvite:
    """The member ends a link."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "RevokeInvite":
        return cls(fields.ref(given), fields.identifier(given, "id"))


Question = (
    Hello
    | History
    | KeptQuestion
    | ListReplies
    | FileTickets
    | Read
    | Typing
    | Visible
    | ChooseLevel
    | ChannelQuestion
    | PushTest
    | AdminQuestion
    | SeeAlert
    | AnswerLogin
    | CreateInvite
    | ListInvites
    | RevokeInvite
    | Search
    | BotQuestion
    | PeopleQuestion
    | ListLanes
    | Scheduling
    | DraftQuestion
    | SetQuiet
)

QUESTIONS: Mapping[str, Callable[[Fields], Question]] = {
    "hello": Hello._read,
    "history": History._read,
    **KEPT_QUESTIONS,
    **THREAD_QUESTIONS,
    "file.tickets": FileTickets._read,
    "read": Read._read,
    "typing": Typing._read,
    "visible": Visible._read,
    "notify": ChooseLevel._read,
    **CHANNEL_QUESTIONS,
    "push.test": PushTest._read,
    **ADMIN_QUESTIONS,
    "alert.seen": SeeAlert._read,
    "login.answer": AnswerLogin._read,
    "invite.create": CreateInvite._read,
    "invites": ListInvites._read,
    "invite.revoke": RevokeInvite._read,
    "search": Search._read,
    **BOT_QUESTIONS,
    **PEOPLE_QUESTIONS,
    "lanes": ListLanes._read,
    **SCHEDULING,
    **DRAFT_QUESTIONS,
    **QUIET_QUESTIONS,
}
"""The function that reads the frames of each `type`."""
