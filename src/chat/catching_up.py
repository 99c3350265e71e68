"""What a member is shown: the state of the room, pages of history, and what happened while they were away.

Reads only. Each answer costs what it shows, whatever else the room holds.
"""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from chat.conversation import ANSWERED, change_header, message_header
from chat.directory import Directory
from chat.unread import count_unread, read_up_to
from encoding import compact_json
from limits import MAX_EVENTS_FRAME_BYTES, MAX_PAGE_BYTES, MAX_RESUME_EVENTS, MAX_SAFE_INTEGER
from sealing.keyring import Header, Keyring, Sealed
from storage.messages import Message
from storage.store import Store
from text.emoji import merged, normal_emoji
from wire.questions import History
from wire.writing import events_frame


def channels_for(member: str, directory: Directory, store: Store) -> list[dict[str, Any]]:
    """The channels with this member's read positions and unread counts; what it reads is bounded (chat/unread.py)."""
    channels = directory.present_channels()
    read = read_up_to(member, channels, directory, store)
    unread = count_unread(member, channels, read, store)
    mentions = store.reading.mention_counts(member)
    choices = {channel: level for _, channel, level in store.notify_choices.of([member])}
    return [
        {
            **channel.public(),
            "last_seq": channel.last_seq,
            "read_seq": read.get(channel.id, (0, 0))[0],
            "unread": unread[channel.id],
            "mentions": mentions.get(channel.id, 0) if unread[channel.id] else 0,
            "notify": choices.get(channel.id),
        }
        for channel in channels
    ]


def history_frame(ref: str | None, page: str) -> str:
    """`{"type":"history",…}` around a page."""
    return f'{{"type":"history","ref":{compact_json(ref)},{page[1:]}'


async def history_page(request: History, directory: Directory, store: Store, keyring: Keyring) -> str:
    """One page of a channel, oldest first, as JSON; reads one row more than it shows, to know whether there are more.

    It ends where MAX_PAGE_BYTES are full: a page of a hundred long messages would keep everybody else waiting.

    Raises:
        NotFound: there is no such channel.
    """
    channel = directory.channel(request.channel)
    if request.after is not None:
        found = store.messages.page_after(channel.id, request.after, request.limit + 1)
    else:
        before = MAX_SAFE_INTEGER if request.before is None else request.before
        found = store.messages.page_before(channel.id, before, request.limit + 1)
    page = found[: min(request.limit, _that_fit(found))]
    more = len(found) > len(page)
    messages = await _shown(page if request.after is not None else page[::-1], keyring)
    return compact_json({"channel": channel.id, "messages": messages, "more": more})


def _that_fit(page: Sequence[Message]) -> int:
    """How many messages make a page by what is sealed of them; at least one."""
    sizes = accumulate(message.size_bytes for message in page)
    return max(1, sum(size <= MAX_PAGE_BYTES for size in sizes))


def can_resume(last_seq: int | None, directory: Directory, store: Store) -> bool:
    """Whether everything after `last_seq` can still be told, and is little enough to be worth it."""
    if last_seq is None or last_seq > directory.seq or directory.seq - last_seq > MAX_RESUME_EVENTS:
        return False
    return last_seq >= int(store.facts.get("forgotten_seq") or 0)


async def resume_frames(last_seq: int, directory: Directory, store: Store, keyring: Keyring) -> list[str]:
    """`events` frames with every change after `last_seq`, in order; one empty frame where nothing was missed."""
    events = await _missed_messages(last_seq, directory, store, keyring)
    changes = store.changes.after(last_seq, MAX_RESUME_EVENTS)
    opened = await keyring.open(
        [(change.sealed, change_header(change.seq, change.channel, change.author)) for change in changes]
    )
    stored = [json.loads(plaintext) for plaintext in opened if plaintext is not None]
    edited = [event["id"] for event in stored if event["kind"] == "edit"]
    bodies = await _present_texts(edited, directory, store, keyring)
    for event in stored:
        texts = bodies.get(event["id"], {"body": ""}) if event["kind"] == "edit" else {}
        if event["kind"] == "reaction":
            texts = {"emoji": normal_emoji(event["emoji"])}
        events.append((event["seq"], compact_json({**event, **texts})))
    return _framed([text for _, text in sorted(events)])


async def _present_texts(
    ids: Sequence[str], directory: Directory, store: Store, keyring: Keyring
) -> dict[str, dict[str, Any]]:
    """What edited messages say now; a stored edit has no text of its own, so that erasing a message erases it all."""
    present = {channel.id for channel in directory.present_channels()}
    found = store.messages.sent_before(ids).values() if ids else ()
    messages = [message for message in found if message.channel in present]
    opened = await message_texts(messages, keyring)
    return {
        message.id: {"body": texts["body"], "mentions": texts.get("mentions", [])}
        for message, texts in zip(messages, opened, strict=True)
        if texts is not None
    }


async def _missed_messages(
    last_seq: int, directory: Directory, store: Store, keyring: Keyring
) -> list[tuple[int, str]]:
    events = []
    for channel in directory.present_channels():
        if channel.last_seq > last_seq:
            missed = store.messages.page_after(channel.id, last_seq, MAX_RESUME_EVENTS)
            texts = await message_texts(missed, keyring)
            events += [(message.seq, _event(message, text)) for message, text in zip(missed, texts, strict=True)]
    return events


def _event(message: Message, texts: dict[str, Any] | None) -> str:
    """The `message` event as it would be told now."""
    event: dict[str, Any] = {
        "seq": message.seq,
        "kind": "message",
        "id": message.id,
        "channel": message.channel,
        "author": message.author,
        "sent_at": message.sent_at,
    }
    if message.deleted_at is not None:
        return compact_json(event | {"body": "", "deleted_at": message.deleted_at})
    return compact_json(event | (texts if texts is not None else {"body": "", "unreadable": True}))


def _framed(events: Sequence[str]) -> list[str]:
    frames: list[str] = []
    part: list[str] = []
    size = 0
    for event in events:
        if part and size + len(event) > MAX_EVENTS_FRAME_BYTES:
            frames.append(events_frame(part))
            part, size = [], 0
        part.append(event)
        size += len(event)
    frames.append(events_frame(part))
    return frames


async def _shown(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any]]:
    texts = await message_texts(page, keyring)
    reactions = await _reactions(page, keyring)
    return [_show(message, text, reaction) for message, text, reaction in zip(page, texts, reactions, strict=True)]


def _show(message: Message, texts: dict[str, Any] | None, reactions: dict[str, Any] | None) -> dict[str, Any]:
    place = {"seq": message.seq, "id": message.id, "channel": message.channel}
    if message.deleted_at is not None:
        return place | {"deleted_at": message.deleted_at}
    written = place | {"author": message.author, "sent_at": message.sent_at}
    if texts is None:
        return written | {"unreadable": True}
    edited = {"edited_at": message.edited_at} if message.edited_at is not None else {}
    return written | texts | edited | ({"reactions": reactions} if reactions else {})


async def message_texts(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """What is sealed of messages: body, mentions, what they reply to; None where there is none or it does not open."""
    opened = await _opened([(message.sealed, message_header("message", message)) for message in page], keyring)
    for texts in opened:
        if texts is not None:
            texts.pop(ANSWERED, None)
    return opened


async def _reactions(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    found = await _opened([(message.reactions, message_header("reactions", message)) for message in page], keyring)
    return [None if each is None else merged(each) for each in found]


async def _opened(items: Sequence[tuple[Sealed | None, Header]], keyring: Keyring) -> list[dict[str, Any] | None]:
    """JSON objects that were sealed, in order; None where there is none or it does not open."""
    present = [(sealed, header) for sealed, header in items if sealed is not None]
    plaintexts = iter(await keyring.open(present))
    opened = [None if sealed is None else next(plaintexts) for sealed, _ in items]
    return [None if plaintext is None else json.loads(plaintext) for plaintext in opened]
