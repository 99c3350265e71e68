"""The room's channels and members, and its newest `seq`.

A cache of the tables. It is opened once when the object wakes, and each writer updates it, so that a message costs no
look-up and a welcome no decryption. Rebuilt from `channels`, `members` and the newest row of each channel. Lanes stand
apart from the open channels, and only those are here that somebody needed since the object woke (chat/lane_loading.py).
"""

from dataclasses import dataclass, field
from typing import Any

from chat.lanes import DIRECT, OPEN, PRIVATE, Lane, Membership, Program
from chat.looks import FormerName, Look, Status
from chat.tails import Tail
from encoding import compact_json
from errors import NotFound
from sealing.keyring import Header, Sealed
from storage.channels import ChannelRow
from storage.headers import channel_header, lane_header, member_header
from storage.members import LEFT, MemberRow
from text.likeness import Likeness

GENERAL = "general"
MEMBER, ADMIN, BOT = "member", "admin", "bot"
UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # shown for a name whose stored bytes are damaged


@dataclass(slots=True)
class Channel:
    """A channel with its present state."""

    id: str
    name: str
    topic: str
    created_by: str
    created_at: int
    archived: bool = False
    retention_days: int | None = None
    purged_seq: int = 0
    purged_position: int = 0
    deleted_at: int | None = None
    last_seq: int = 0
    last_position: int = 0
    last_author: str = ""
    last_at: int = 0  # when the newest message was sent; 0 without one
    tail: Tail | None = None
    """The authors of the newest messages, as far as somebody needed them since the object woke."""
    kind: str = OPEN
    became: str = ""
    """The channel in which everything went on when it was archived, if it did."""
    imported_seq: int = 0
    imported_position: int = 0
    """Up to here, and `imported_seq`, messages came from elsewhere: nobody has them to read, and no day counts them."""

    def public(self) -> dict[str, Any]:
        """The channel in the form of a `channel` event."""
        return {
            "id": self.id,
            "name": self.name,
            "topic": self.topic,
            "archived": self.archived,
            "created_by": self.created_by,
            "retention_days": self.retention_days,
        }

    def plaintext(self) -> bytes:
        """The text that is sealed."""
        texts = {"name": self.name, "topic": self.topic}
        return compact_json(texts | {"became": self.became} if self.became else texts).encode()

    def header(self) -> Header:
        """The header that the sealed text is bound to."""
        return (channel_header if self.kind == OPEN else lane_header)(self.id, self.created_by)

    def row(self, sealed: Sealed) -> ChannelRow:
        """The stored form."""
        return ChannelRow(
            self.id,
            self.created_by,
            self.created_at,
            self.archived,
            self.retention_days,
            self.purged_seq,
            self.purged_position,
            self.deleted_at,
            sealed,
            self.imported_seq,
            self.imported_position,
        )


@dataclass(slots=True)
class Member:
    """A person in the room, present or former."""

    id: str
    name: str
    role: str
    seen_at: int
    removed_at: int | None = None
    joined_seq: int = 0
    """The room's `seq` when they came."""
    secured: bool = False  # whether they have a recovery code or a passkey
    created_by: str = ""
    """The admin who made them, if they are a bot."""
    channels: tuple[str, ...] = ()  # the open ones that a bot was put into
    rights: tuple[str, ...] = ()  # what a bot may do
    command: str = ""  # what calls a bot in a message that begins with a slash; "" for no such word
    is_called: bool = False  # whether a bot is sent mentions and commands
    hue: int = 0  # which of the twelve colours is theirs
    joined_at: int = 0
    made_admin: bool = False  # by an admin, and so on all their devices
    went: str | None = None  # how they ceased to be a member, as in their row
    picture: str = ""  # the id of their picture
    status: Status | None = None
    former_names: tuple[FormerName, ...] = ()
    """What they were called lately, in order of time."""

    @property
    def is_bot(self) -> bool:
        """Whether this is a program and no person: nobody can sign in under its name, and it is never here."""
        return self.role == BOT

    def public(self) -> dict[str, Any]:
        """The member in the form of a `member` event."""
        shown = {"id": self.id, "name": self.name, "role": self.role, "hue": self.hue}
        if not self.created_by:
            own = {"secured": self.secured, "picture": self.picture, "status": self.status}
            return shown | {name: value for name, value in own.items() if value}
        made = {**shown, "created_by": self.created_by, "channels": self.channels, "rights": self.rights}
        return {**made, "command": self.command} if self.command else made

    def leave(self, now_ms: int, went: str = LEFT) -> None:
        """Make a former member of them, with no rights; a bot is still seen to have been one."""
        self.removed_at, self.went, self.picture, self.status, self.made_admin = now_ms, went, "", None, False
        self.role, self.former_names = BOT if self.is_bot else MEMBER, ()

    def header(self) -> Header:
        """The header that the sealed name is bound to."""
        return member_header(self.id)

    def row(self, sealed: Sealed) -> MemberRow:
        """The stored form."""
        return MemberRow(
            self.id, self.role, self.seen_at, self.removed_at, sealed, self.joined_seq, self.hue, self.joined_at
        )


@dataclass(slots=True)
class Directory:
    """The present state of the room."""

    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    """The bots, by the ids of their members."""
    room: Lane = field(default_factory=Lane)
    """The lane of all open channels, and of what happens to members and the room."""
    retention_days: int | None = None
    default_days: int = 0
    look: Look = field(default_factory=Look)
    lanes: dict[str, Lane] = field(default_factory=dict)
    """Private channels and direct conversations, as far as they are known here."""
    hidden: dict[str, Channel] = field(default_factory=dict)
    """The channels of these lanes."""
    lanes_of: dict[str, dict[str, Lane]] = field(default_factory=dict)
    """The same lanes by member."""
    ended: int = 0  # how many statuses ended by themselves, which is no event
    likeness: Likeness = field(default_factory=Likeness, repr=False, compare=False)

    @property
    def seq(self) -> int:
        """The room's newest `seq`."""
        return self.room.seq

    @seq.setter
    def seq(self, seq: int) -> None:
        self.room.seq = seq

    # --- lanes ---

    def lane(self, channel_id: str) -> Lane:
        """The lane that a channel is in; the room's for "", and for what is no private channel or conversation."""
        return self.lanes.get(channel_id, self.room)

    def arrived_at(self, member: str, channel_id: str) -> int:
        """The `seq` at which a member came to a channel: what was said before is not unread."""
        lane = self.lanes.get(channel_id)
        if lane is None:
            known = self.members.get(member)
            return known.joined_seq if known is not None else 0
        return lane.members[member].added_seq if member in lane.members else lane.seq

    def put_lane(self, lane: Lane, channel: Channel) -> None:
        """Know a lane from now on."""
        self.lanes[lane.id], self.hidden[lane.id] = lane, channel
        for member in lane.members:
            self.lanes_of.setdefault(member, {})[lane.id] = lane

    def drop_lane(self, lane_id: str) -> None:
        """Know a lane no longer."""
        del self.hidden[lane_id]
        for member in self.lanes.pop(lane_id).members:
            self.lanes_of[member].pop(lane_id, None)

    def enter(self, lane: Lane, member: str, membership: Membership) -> None:
        """Add a member to a lane, or change how they are in it."""
        lane.put(member, membership)
        self.lanes_of.setdefault(member, {})[lane.id] = lane

    def leave(self, lane: Lane, member: str) -> None:
        """Take a member out of a lane."""
        lane.drop(member)
        self.lanes_of[member].pop(lane.id, None)

    def keepers(self, lane: Lane) -> list[str]:
        """Who keeps a private channel: those who were made keepers, and without them the person who came first."""
        present = self.people(lane)
        return [member for member in present if lane.members[member].leads] or present[:1]

    def people(self, lane: Lane) -> list[str]:
        """The members of a lane who are in the room and no bots."""
        return [member for member in lane.members if self.has_member(member) and member not in self.programs]

    def shown_members(self, lane: Lane) -> list[str]:
        """Who is in a lane: in a direct conversation also those who left the room."""
        return [member for member in lane.members if lane.kind == DIRECT or self.has_member(member)]

    def public(self, channel: Channel) -> dict[str, Any]:
        """A channel in the form of a `channel` event, with who is in it if it is not open."""
        if channel.kind == OPEN:
            return channel.public()
        lane = self.lanes[channel.id]
        keepers = {"keepers": self.keepers(lane)} if channel.kind == PRIVATE else {}
        return {**channel.public(), "kind": channel.kind, "members": self.shown_members(lane), **keepers}

    # --- channels ---

    def place(self, channel_id: str) -> Channel:
        """The channel or lane with this id, deleted or not, that is known to exist."""
        return self.channels[channel_id] if channel_id in self.channels else self.hidden[channel_id]

    def find(self, channel_id: str) -> Channel | None:
        """The channel or lane with this id, deleted or not."""
        return self.channels.get(channel_id) or self.hidden.get(channel_id)

    def put(self, channel: Channel) -> None:
        """Keep the present state of a channel or lane."""
        (self.channels if channel.kind == OPEN else self.hidden)[channel.id] = channel

    def channel(self, channel_id: str) -> Channel:
        """The channel or lane with this id; NotFound if it does not exist or is deleted."""
        channel = self.channels.get(channel_id) or self.hidden.get(channel_id)
        if channel is None or channel.deleted_at is not None:
            raise NotFound("There is no such channel.")
        return channel

    def present_channels(self) -> list[Channel]:
        """The open channels that people see."""
        return [channel for channel in self.channels.values() if channel.deleted_at is None]

    def member(self, member_id: str) -> Member:
        """The present member with this id, or NotFound."""
        member = self.members.get(member_id)
        if member is None or member.removed_at is not None:
            raise NotFound("There is no such member.")
        return member

    def has_member(self, member_id: str) -> bool:
        """Whether this is the id of a present member."""
        member = self.members.get(member_id)
        return member is not None and member.removed_at is None

    def present_members(self) -> list[Member]:
        """The present members."""
        return [member for member in self.members.values() if member.removed_at is None]

    def present_people(self) -> list[Member]:
        """The present members who are no bots."""
        return [member for member in self.present_members() if not member.is_bot]

    def former_members(self) -> list[Member]:
        """The members who left or were removed; some of their messages may remain."""
        return [member for member in self.members.values() if member.removed_at is not None]
