"""The room's channels and members, and its newest `seq`.

A cache of the tables. It is opened once when the object wakes, and each writer updates it, so that a message costs no
look-up and a welcome no decryption. Rebuilt from `channels`, `members` and the newest row of each channel.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from chat.tails import Tail
from encoding import compact_json
from errors import NotFound
from sealing.keyring import Header, Keyring, Sealed
from storage.channels import ChannelRow
from storage.headers import channel_header, member_header
from storage.members import MemberRow
from storage.store import Store
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
    tail: Tail | None = None
    """The authors of the newest messages, as far as somebody needed them since the object woke."""

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
        return compact_json({"name": self.name, "topic": self.topic}).encode()

    def header(self) -> Header:
        """The header that the sealed text is bound to."""
        return channel_header(self.id, self.created_by)

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
    secured: bool = False
    """Whether they have a recovery code or a passkey."""
    created_by: str = ""
    """The admin who made them, if they are a bot."""

    @property
    def is_bot(self) -> bool:
        """Whether this is a program and no person: nobody can sign in under its name, and it is never here."""
        return self.role == BOT

    def public(self) -> dict[str, Any]:
        """The member in the form of a `member` event."""
        shown = {"id": self.id, "name": self.name, "role": self.role}
        if self.created_by:
            return {**shown, "created_by": self.created_by}
        return {**shown, "secured": True} if self.secured else shown

    def leave(self, now_ms: int) -> None:
        """Make a former member of them, with no rights; a bot is still seen to have been one."""
        self.removed_at = now_ms
        self.role = BOT if self.is_bot else MEMBER

    def header(self) -> Header:
        """The header that the sealed name is bound to."""
        return member_header(self.id)

    def row(self, sealed: Sealed) -> MemberRow:
        """The stored form."""
        return MemberRow(self.id, self.role, self.seen_at, self.removed_at, sealed, self.joined_seq)


@dataclass(slots=True)
class Directory:
    """The present state of the room."""

    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    seq: int = 0
    retention_days: int | None = None
    likeness: Likeness = field(default_factory=Likeness, repr=False, compare=False)

    def channel(self, channel_id: str) -> Channel:
        """The channel with this id; NotFound if it does not exist or is deleted."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted_at is not None:
            raise NotFound("There is no such channel.")
        return channel

    def present_channels(self) -> list[Channel]:
        """The channels that people see."""
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

    def member_called(self, name: str) -> Member | None:
        """The member with this name, even in another spelling or stored when names were compared by older rules."""
        return self.likeness.same(name, self._named_members())

    def member_like(self, name: str, *, other_than: Member | None = None) -> Member | None:
        """A member whose name people could take for this one."""
        others = [member for member in self._named_members() if member is not other_than]
        return self.likeness.of_people(name, others)

    def present_members(self) -> list[Member]:
        """The present members."""
        return [member for member in self.members.values() if member.removed_at is None]

    def present_people(self) -> list[Member]:
        """The present members who are no bots."""
        return [member for member in self.present_members() if not member.is_bot]

    def _named_members(self) -> list[Member]:
        return [member for member in self.present_members() if member.name != UNREADABLE]

    def former_members(self) -> list[Member]:
        """The members who left or were removed; some of their messages may remain."""
        return [member for member in self.members.values() if member.removed_at is not None]


async def load_directory(store: Store, keyring: Keyring) -> Directory:
    """Read the room from its tables; reads in proportion to channels and members, not messages.

    A name that does not open is shown as UNREADABLE: one damaged row must not lock everybody out.
    """
    channels = [_placed(channel, store) for channel in await _open_channels(store, keyring)]
    members = await _open_members(store, keyring)
    newest = max((channel.last_seq for channel in channels), default=0)
    return Directory(
        channels={channel.id: channel for channel in channels},
        members={member.id: member for member in members},
        seq=max(newest, store.changes.newest(), int(store.facts.get("forgotten_seq") or 0)),
        retention_days=store.facts.get("retention_days"),
    )


async def _open_channels(store: Store, keyring: Keyring) -> list[Channel]:
    rows = store.channels.all()
    bare = [_bare_channel(row) for row in rows]
    opened = await keyring.open([(row.sealed, channel.header()) for row, channel in zip(rows, bare, strict=True)])
    return [_named(channel, plaintext) for channel, plaintext in zip(bare, opened, strict=True)]


def _bare_channel(row: ChannelRow) -> Channel:
    return Channel(
        row.id,
        UNREADABLE,
        "",
        row.created_by,
        row.created_at,
        row.archived,
        row.retention_days,
        row.purged_seq,
        row.purged_position,
        row.deleted_at,
    )


def _named(channel: Channel, plaintext: bytes | None) -> Channel:
    if plaintext is None:
        return channel
    texts = json.loads(plaintext)
    return replace(channel, name=texts["name"], topic=texts["topic"])


def _placed(channel: Channel, store: Store) -> Channel:
    newest = store.positions.newest(channel.id)
    if newest is None:
        return replace(channel, last_seq=channel.purged_seq, last_position=channel.purged_position)
    return replace(channel, last_seq=newest.seq, last_position=newest.position, last_author=newest.author)


async def _open_members(store: Store, keyring: Keyring) -> list[Member]:
    rows = store.members.all()
    bare = [_bare_member(row) for row in rows]
    opened = await keyring.open([(row.sealed, member.header()) for row, member in zip(rows, bare, strict=True)])
    secured = store.recovery_codes.members() | store.passkeys.members()
    made = {bot.id: bot.created_by for bot in store.bots.all()}
    return [
        replace(
            member,
            name=UNREADABLE if plaintext is None else plaintext.decode(),
            secured=member.id in secured,
            created_by=made.get(member.id, ""),
        )
        for member, plaintext in zip(bare, opened, strict=True)
    ]


def _bare_member(row: MemberRow) -> Member:
    return Member(row.id, UNREADABLE, row.role, row.seen_at, row.removed_at, row.joined_seq)
