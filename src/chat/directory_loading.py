"""Reads the directory from the room's tables when the object wakes."""

import json
from dataclasses import replace

from chat.directory import UNREADABLE, Channel, Directory, Member
from chat.lanes import OPEN, Lane
from sealing.keyring import Keyring
from storage.channels import ChannelRow
from storage.members import MemberRow
from storage.positions import Newest
from storage.store import Store


async def load_directory(store: Store, keyring: Keyring) -> Directory:
    """Read the room from its tables; reads in proportion to channels and members, not messages.

    A name that does not open is shown as UNREADABLE: one damaged row must not lock everybody out.
    """
    channels = [placed(channel, store.positions.newest(channel.id)) for channel in await _open_channels(store, keyring)]
    members = await _open_members(store, keyring)
    newest = max((channel.last_seq for channel in channels), default=0)
    return Directory(
        channels={channel.id: channel for channel in channels},
        members={member.id: member for member in members},
        room=Lane(seq=max(newest, store.changes.newest(), int(store.facts.get("forgotten_seq") or 0))),
        retention_days=store.facts.get("retention_days"),
    )


async def _open_channels(store: Store, keyring: Keyring) -> list[Channel]:
    rows = store.channels.all()
    bare = [bare_channel(row) for row in rows]
    opened = await keyring.open([(row.sealed, channel.header()) for row, channel in zip(rows, bare, strict=True)])
    return [named(channel, plaintext) for channel, plaintext in zip(bare, opened, strict=True)]


def bare_channel(row: ChannelRow, kind: str = OPEN) -> Channel:
    """A stored channel whose name is not open yet."""
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
        kind=kind,
    )


def named(channel: Channel, plaintext: bytes | None) -> Channel:
    """The channel with the name and topic of its opened text; as it is, if that did not open."""
    if plaintext is None:
        return channel
    texts = json.loads(plaintext)
    return replace(channel, name=texts["name"], topic=texts["topic"])


def placed(channel: Channel, newest: Newest | None) -> Channel:
    """The channel with its newest message."""
    if newest is None:
        return replace(channel, last_seq=channel.purged_seq, last_position=channel.purged_position)
    return replace(
        channel,
        last_seq=newest.seq,
        last_position=newest.position,
        last_author=newest.author,
        last_at=newest.sent_at,
    )


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
