"""The frames that change a conversation: each takes a `seq` and goes through the room's one writer.

Each frame is defined once, with its fields and how they are read. docs/protocol.md, "Socket", describes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from limits import MAX_LANE_MEMBERS
from wire import fields
from wire.fields import Fields
from wire.files import File, read_files
from wire.importing import Import
from wire.lanes import (
    ALL,
    OPEN,
    PRIVATE,
    AddMembers,
    LeaveChannel,
    OpenDirect,
    PartMember,
    SetKeeper,
    channel_kind,
    history,
)
from wire.polls import POLL_CHANGES, ClosePoll, Poll, Vote, read_poll
from wire.profiles import UpdateProfile, UpdateRoom


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Send:
    """A new message; its client named it before sending it."""

    ref: str
    id: str
    channel: str
    body: str
    reply_to: str | None
    mentions: tuple[str, ...]
    files: tuple[File, ...] = ()
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """The name and the emoji of whoever a hook posts for; no client's frame has it."""
    poll: Poll | None = None
    reply_seq: int | None = None
    """Where the answered message was when this one was scheduled: it may be gone by now; no client's frame has it."""

    @classmethod
    def _read(cls, given: Fields) -> "Send":
        message_id = fields.uuid(given, "id")
        files = read_files(given) if "files" in given else ()
        channel, body = fields.identifier(given, "channel"), fields.caption(given) if files else fields.body(given)
        return cls(given["id"], message_id, channel, body, fields.reply_to(given), fields.mentions(given), files)

    @classmethod
    def _read_poll(cls, given: Fields) -> "Send":
        """A poll is the whole message."""
        message_id = fields.uuid(given, "id")
        poll, channel, ref = read_poll(given), fields.identifier(given, "channel"), fields.ref(given) or given["id"]
        return cls(ref, message_id, channel, poll.body, fields.reply_to(given), (), poll=poll)


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text for the member's own message; it may be empty if the message has files."""

    ref: str | None
    id: str
    body: str
    mentions: tuple[str, ...]
    channel: str | None = None
    """Where the message is; needed only if there may be another one with its id."""

    @classmethod
    def _read(cls, given: Fields) -> "Edit":
        channel = fields.identifier_or_none(given, "channel")
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.caption(given), fields.mentions(given), channel)


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the text of the member's own message, or of any message as an admin."""

    ref: str | None
    id: str
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "Delete":
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.identifier_or_none(given, "channel"))


@dataclass(frozen=True, slots=True)
class React:
    """Put an emoji on a message or take it off."""

    ref: str | None
    id: str
    emoji: str
    on: bool
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "React":
        channel, emoji = fields.identifier_or_none(given, "channel"), fields.emoji(given)
        return cls(fields.ref(given), fields.uuid(given, "id"), emoji, fields.boolean(given, "on"), channel)


@dataclass(frozen=True, slots=True)
class PinMessage:
    """Pin a message in its channel or take its pin off."""

    ref: str | None
    id: str
    on: bool
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "PinMessage":
        channel = fields.identifier_or_none(given, "channel")
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.boolean(given, "on"), channel)


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """A new channel; a private one with its first members."""

    ref: str | None
    name: str
    topic: str
    kind: str = OPEN
    members: tuple[str, ...] = ()
    history: str = ALL
    """Nothing was said yet, so it makes no difference."""

    @classmethod
    def _read(cls, given: Fields) -> "CreateChannel":
        topic = fields.topic(given) if "topic" in given else ""
        kind = channel_kind(given) if "kind" in given else OPEN
        members = fields.members(given, MAX_LANE_MEMBERS) if kind == PRIVATE and "members" in given else ()
        past = history(given) if "history" in given else ALL
        return cls(fields.ref(given), fields.channel_name(given), topic, kind, members, past)


@dataclass(frozen=True, slots=True)
class UpdateChannel:
    """New values for a channel, by its creator or an admin; fields that `changes` lacks stay."""

    ref: str | None
    id: str
    changes: Mapping[str, Any]

    @classmethod
    def _read(cls, given: Fields) -> "UpdateChannel":
        checks: dict[str, Callable[[Fields], Any]] = {
            "name": fields.channel_name,
            "topic": fields.topic,
            "archived": lambda given: fields.boolean(given, "archived"),
            "retention_days": fields.retention_days,
            "kind": channel_kind,
        }
        changes = {name: check(given) for name, check in checks.items() if name in given}
        return cls(fields.ref(given), fields.identifier(given, "id"), changes)


@dataclass(frozen=True, slots=True)
class DeleteChannel:
    """Delete a channel with all its messages."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "DeleteChannel":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Remove a member, as an admin; with a ban, also keep them out."""

    ref: str | None
    id: str
    ban: bool = False

    @classmethod
    def _read(cls, given: Fields) -> "RemoveMember":
        return cls(fields.ref(given), fields.identifier(given, "id"), "ban" in given and fields.boolean(given, "ban"))


Change = (
    Send
    | Edit
    | Delete
    | React
    | PinMessage
    | Vote
    | ClosePoll
    | CreateChannel
    | UpdateChannel
    | DeleteChannel
    | OpenDirect
    | AddMembers
    | PartMember
    | LeaveChannel
    | SetKeeper
    | RemoveMember
    | UpdateRoom
    | UpdateProfile
    | Import
)

CHANGES: Mapping[str, Callable[[Fields], Change]] = {
    "send": Send._read,
    "poll.create": Send._read_poll,
    "edit": Edit._read,
    "delete": Delete._read,
    "react": React._read,
    "pin": PinMessage._read,
    "channel.create": CreateChannel._read,
    "channel.update": UpdateChannel._read,
    "channel.delete": DeleteChannel._read,
    "direct.open": OpenDirect._read,
    "channel.add": AddMembers._read,
    "channel.remove": PartMember._read,
    "channel.leave": LeaveChannel._read,
    "channel.keeper": SetKeeper._read,
    "member.remove": RemoveMember._read,
    "room.update": UpdateRoom._read,
    "profile.update": UpdateProfile._read,
    "import": Import._read,
    **POLL_CHANGES,
}
"""The function that reads the frames of each `type`."""
