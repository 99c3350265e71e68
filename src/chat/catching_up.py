"""What a member sees on arrival: the channels as they are now, and the changes since the last visit.

Reads only. Each answer costs as much as it shows, whatever else the room holds.
"""

import json
from collections.abc import Sequence
from typing import Any

from chat.audience import Audience
from chat.bot_view import stored_events
from chat.changes import channel_of
from chat.contents import message_event, message_texts
from chat.directory import Channel, Directory
from chat.lane_frames import standing
from chat.lanes import Lane
from chat.unread import NOTHING_READ, count_unread, read_up_to
from encoding import compact_json
from limits import MAX_EVENTS_FRAME_BYTES, MAX_RESUME_EVENTS
from sealing.keyring import Keyring
from storage.headers import change_header, lane_change_header
from storage.message_ids import Name
from storage.messages import Message
from storage.store import Store
from text.emoji import normal_emoji
from wire.writing import events_frame


def channels_for(
    member: str, audience: Audience, directory: Directory, store: Store, *, with_lanes: bool
) -> list[dict[str, Any]]:
    """The channels that a member sees, with their read positions and unread counts.

    The number of rows that it reads is bounded (chat/unread.py).
    """
    channels = audience.all_of(member) if with_lanes else audience.channels_of(member)
    read = read_up_to(member, channels, directory, store)
    unread = count_unread(member, channels, read, store)
    mentions = store.activity.mention_counts(member)
    choices = {channel: level for _, channel, level in store.notify_choices.of([member])}
    stars = store.stars.of(member)
    return [
        {
            **directory.public(channel),
            **standing(directory, channel, since=audience.since(member, channel.id)),
            **_hidden_past(audience.since(member, channel.id)),
            "last_seq": channel.last_seq,
            "read_seq": read.get(channel.id, NOTHING_READ)[0],
            "unread": unread[channel.id],
            "mentions": mentions.get(channel.id, 0) if unread[channel.id] else 0,
            "notify": choices.get(channel.id),
            **({"starred": True} if channel.id in stars else {}),
        }
        for channel in channels
    ]


def _hidden_past(since: int) -> dict[str, int]:
    return {"since_seq": since} if since else {}


def can_resume_lane(last_seq: int, lane: Lane) -> bool:
    """As `can_resume`, for a lane."""
    return lane.forgotten_seq <= last_seq <= lane.seq <= last_seq + MAX_RESUME_EVENTS


def can_resume(last_seq: int | None, directory: Directory, store: Store) -> bool:
    """Whether the room still has everything after `last_seq`, and it is little enough to send."""
    if last_seq is None or last_seq > directory.seq or directory.seq - last_seq > MAX_RESUME_EVENTS:
        return False
    return last_seq >= store.facts.forgotten_seq


async def resume_frames(last_seq: int, member: str, audience: Audience, store: Store, keyring: Keyring) -> list[str]:
    """`events` frames with every change of the room after `last_seq` that a member may see, in order.

    One empty frame for none.
    """
    channels = audience.channels_of(member)
    changes = store.changes.after(last_seq, MAX_RESUME_EVENTS)
    opened = await keyring.open(
        [(change.sealed, change_header(change.seq, change.channel, change.author)) for change in changes]
    )
    happened = [json.loads(plaintext) for plaintext in opened if plaintext is not None]
    stored = [audience.with_status(event) for event in happened if audience.may_see(member, channel_of(event))]
    if audience.is_bot(member):
        stored = stored_events(stored)
    return _framed(await _in_order(last_seq, channels, stored, "", store, keyring))


async def resume_lane(
    last_seq: int, member: str, channel: Channel, audience: Audience, store: Store, keyring: Keyring
) -> list[str]:
    """As `resume_frames`, for a lane: nothing about messages that the member is not shown, and no frame for nothing."""
    since = audience.since(member, channel.id)
    changes = store.changes.after_in(channel.id, max(last_seq, since), MAX_RESUME_EVENTS)
    opened = await keyring.open(
        [(change.sealed, lane_change_header(channel.id, change.seq, change.author)) for change in changes]
    )
    happened = [json.loads(plaintext) for plaintext in opened if plaintext is not None]
    if since:
        about = [(event["id"], channel.id) for event in happened if "id" in event]
        shown = {name for name, message in store.messages.sent_before(about).items() if message.seq > since}
        happened = [each for each in happened if "id" not in each or (each["id"], channel.id) in shown]
        happened = [each for each in happened if each.get("up_to_seq", since + 1) > since]
    events = await _in_order(max(last_seq, since), [channel], happened, channel.id, store, keyring)
    return _framed(events, channel.id) if events else []


async def _in_order(
    last_seq: int,
    channels: Sequence[Channel],
    stored: Sequence[dict[str, Any]],
    lane: str,
    store: Store,
    keyring: Keyring,
) -> list[str]:
    """The missed messages and other events as texts, in order of `seq`."""
    events = await _missed_messages(last_seq, channels, store, keyring)
    edited = [(event["id"], lane) for event in stored if event["kind"] == "edit"]
    bodies = await _present_texts(edited, channels, store, keyring)
    for event in stored:
        texts = bodies.get(event["id"], {"body": ""}) if event["kind"] == "edit" else {}
        if event["kind"] == "reaction":
            texts = {"emoji": normal_emoji(event["emoji"])}
        if event.get("reply_seq") and event["message_seq"] > last_seq:  # it came and went meanwhile: counted by nobody
            event = {name: value for name, value in event.items() if name not in ("message_seq", "reply_seq")}
        events.append((event["seq"], compact_json({**event, **texts})))
    return [text for _, text in sorted(events)]


async def _present_texts(
    names: Sequence[Name], channels: Sequence[Channel], store: Store, keyring: Keyring
) -> dict[str, dict[str, Any]]:
    """The present texts of edited messages. Stored edits have none, so that erasing a message erases its text."""
    present = {channel.id for channel in channels}
    found = store.messages.sent_before(names).values() if names else ()
    messages = [message for message in found if message.channel in present]
    opened = await message_texts(messages, keyring)
    return {
        message.id: {"body": texts["body"], "mentions": texts.get("mentions", [])}
        for message, texts in zip(messages, opened, strict=True)
        if texts is not None
    }


async def _missed_messages(
    last_seq: int, channels: Sequence[Channel], store: Store, keyring: Keyring
) -> list[tuple[int, str]]:
    events = []
    for channel in channels:
        if channel.last_seq > last_seq:
            missed = store.messages.page_after(channel.id, last_seq, MAX_RESUME_EVENTS)
            texts = await message_texts(missed, keyring)
            events += [(message.seq, _event(message, text)) for message, text in zip(missed, texts, strict=True)]
    return events


def _event(message: Message, texts: dict[str, Any] | None) -> str:
    """The `message` event with the message's present content."""
    event = message_event(message)
    if message.deleted_at is not None:
        return compact_json(event | {"body": "", "deleted_at": message.deleted_at})
    return compact_json(event | (texts if texts is not None else {"body": "", "unreadable": True}))


def _framed(events: Sequence[str], lane: str = "") -> list[str]:
    frames: list[str] = []
    part: list[str] = []
    size = 0
    for event in events:
        if part and size + len(event) > MAX_EVENTS_FRAME_BYTES:
            frames.append(events_frame(part, lane))
            part, size = [], 0
        part.append(event)
        size += len(event)
    frames.append(events_frame(part, lane))
    return frames
