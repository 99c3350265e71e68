"""Reads the directory from the room's tables when the object wakes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chat.directory import UNREADABLE, Channel, Directory, Member
from chat.lanes import OPEN, Lane, Program
from chat.looks import FormerName, Look, status_of
from sealing.keyring import Keyring
from storage.bots import Bot
from storage.channels import ChannelRow
from storage.headers import former_name_header, profile_header, webhook_header
from storage.members import MemberRow
from storage.positions import Newest
from storage.profiles import ROOM
from storage.store import Store
from wire.bots import PROGRAM


async def load_directory(store: Store, keyring: Keyring) -> Directory:
    """Read the room from its tables; reads in proportion to channels and members, not messages.

    A name that does not open is shown as UNREADABLE: one damaged row must not lock everybody out.
    """
    channels = [placed(channel, store.positions.newest(channel.id)) for channel in await _open_channels(store, keyring)]
    bots = store.bots.all()
    members = await _open_members(store, keyring, bots)
    by_id = {member.id: member for member in members}
    for bot in bots:
        if (member := by_id.get(bot.id)) is not None:
            member.channels, member.rights = bot.channels, bot.rights
    look = await _dress(store, keyring, by_id)
    await _remember_names(store, keyring, by_id)
    newest = max((channel.last_seq for channel in channels), default=0)
    return Directory(
        channels={channel.id: channel for channel in channels},
        members=by_id,
        programs={bot.id: program(bot) for bot in bots if bot.kind == PROGRAM},
        room=Lane(seq=max(newest, store.changes.newest(), store.facts.forgotten_seq)),
        retention_days=store.facts.get("retention_days"),
        look=look,
    )


def program(bot: Bot) -> Program:
    """What a stored bot may do."""
    return Program(frozenset(bot.channels), frozenset(bot.rights))


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
        imported_seq=row.imported_seq,
        imported_position=row.imported_position,
    )


def named(channel: Channel, plaintext: bytes | None) -> Channel:
    """The channel with what its opened text says; as it is, if that did not open."""
    if plaintext is None:
        return channel
    texts = json.loads(plaintext)
    return replace(channel, name=texts["name"], topic=texts["topic"], became=texts.get("became", ""))


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


async def _open_members(store: Store, keyring: Keyring, bots: Sequence[Bot]) -> list[Member]:
    rows = store.members.all()
    bare = [_bare_member(row) for row in rows]
    webhooks = [(bot.webhook, webhook_header(bot.id)) for bot in bots if bot.webhook is not None]
    names = [(row.sealed, member.header()) for row, member in zip(rows, bare, strict=True)]
    opened = await keyring.open([*names, *webhooks])
    secured = store.recovery_codes.members() | store.passkeys.members()
    called = dict(zip([header.id for _, header in webhooks], opened[len(names) :], strict=True))
    made = {bot.id: bot.created_by for bot in bots}
    return [
        replace(
            member,
            name=UNREADABLE if plaintext is None else plaintext.decode(),
            secured=member.id in secured,
            created_by=made.get(member.id, ""),
            command=_command(called.get(member.id)),
            is_called=member.id in called,
        )
        for member, plaintext in zip(bare, opened, strict=False)
    ]


async def _dress(store: Store, keyring: Keyring, members: Mapping[str, Member]) -> Look:
    """Give the members their statuses and pictures; returns how the room looks."""
    rows, look = store.profiles.all(), Look()
    opened = await keyring.open([(sealed, profile_header(member)) for member, sealed in rows])
    for (member, _), plaintext in zip(rows, opened, strict=True):
        if member == ROOM:
            look.take(plaintext)
        elif member in members:
            members[member].status = status_of(plaintext)
    for member, picture in store.pictures.ids():
        if member == ROOM:
            look.picture = picture
        elif member in members:
            members[member].picture = picture
    return look


async def _remember_names(store: Store, keyring: Keyring, members: Mapping[str, Member]) -> None:
    """Give the members what they were called lately; a name that does not open is shown as UNREADABLE."""
    rows = store.former_names.all()
    opened = await keyring.open([(sealed, former_name_header(member, at)) for member, at, sealed in rows])
    for (member, at, _), plaintext in zip(rows, opened, strict=True):
        if member in members:
            name = UNREADABLE if plaintext is None else plaintext.decode()
            members[member].former_names += (FormerName(member, at, name),)


def _command(webhook: bytes | None) -> str:
    return "" if webhook is None else str(json.loads(webhook).get("command") or "")


def _bare_member(row: MemberRow) -> Member:
    return Member(
        row.id,
        UNREADABLE,
        row.role,
        row.seen_at,
        row.removed_at,
        row.joined_seq,
        hue=row.hue,
        joined_at=row.joined_at,
        made_admin=row.made_admin,
        went=row.went,
    )
