"""Pages of a channel's history, with the present content of its messages.

Reads only. A page costs as much as it shows, however long the channel is.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Protocol

from chat.contents import message_reactions, message_texts, with_votes
from chat.directory import Channel
from chat.replies import counted
from encoding import compact_json
from limits import MAX_PAGE_BYTES, MAX_SAFE_INTEGER
from sealing.keyring import Keyring
from storage.messages import Message
from storage.store import Store
from wire.questions import History


def history_frame(ref: str | None, page: str) -> str:
    """`{"type":"history",…}` around a page."""
    return f'{{"type":"history","ref":{compact_json(ref)},{page[1:]}'


async def history_page(
    request: History, channel: Channel, store: Store, keyring: Keyring, *, as_of: int, since: int = 0
) -> str:
    """One page of a channel, oldest first, as JSON; reads one row more than it shows, to know whether there are more.

    It ends when MAX_PAGE_BYTES are full: a page of a hundred long messages would keep everybody else waiting.

    Args:
        channel: the requested one, as the audience gives it to the member.
        as_of: the newest `seq` of the channel's lane: up to there the replies are counted.
        since: up to which `seq` nothing is given to the member.
    """
    if request.at is not None:
        first = store.positions.first_sent_from(channel.id, request.at, since=since)
        place = channel.last_seq + 1 if first is None else first
        return await _page_around(place, request.limit, channel, store, keyring, as_of, since, {"at": first})
    if request.around is not None:
        return await _page_around(request.around, request.limit, channel, store, keyring, as_of, since)
    found = _found(request, channel, store, since)
    page = found[: min(request.limit, that_fit(found))]
    more = len(found) > len(page)
    in_order = page if request.after is not None else page[::-1]
    if request.has:  # such messages lie far apart, and replies are counted from the first to the last
        messages = await shown_messages(in_order, keyring)
    else:
        messages = await _with_replies(in_order, store, keyring, as_of)
    pinned = _pinned(channel, store, since) if request.is_newest else {}
    return compact_json({"channel": channel.id, "messages": messages, "more": more, **pinned})


def _pinned(channel: Channel, store: Store, since: int) -> dict[str, list[int]]:
    """Which messages of the channel are pinned, on the page or not; nothing if none is."""
    pins = store.pins.of(channel.id, since=since)
    return {"pinned": [pin.seq for pin in pins]} if pins else {}


def _found(request: History, channel: Channel, store: Store, since: int) -> list[Message]:
    messages, limit = store.messages, request.limit + 1
    if request.after is not None:
        page_after = messages.with_files_after if request.has else messages.page_after
        return page_after(channel.id, max(request.after, since), limit)
    before = MAX_SAFE_INTEGER if request.before is None else request.before
    page_before = messages.with_files_before if request.has else messages.page_before
    return page_before(channel.id, before, limit, since=since)


async def _page_around(
    seq: int,
    limit: int,
    channel: Channel,
    store: Store,
    keyring: Keyring,
    as_of: int,
    since: int,
    more: Mapping[str, int | None] = MappingProxyType({}),
) -> str:
    """As many messages before a `seq` as from it on, and more on one side if the other has too few.

    `older` and `newer` say whether there are more on each side.
    """
    before = store.messages.page_before(channel.id, seq, limit + 1, since=since)
    after = store.messages.page_after(channel.id, max(seq - 1, since), limit + 1)
    older = newer = size = 0
    while older + newer < limit and (older < len(before) or newer < len(after)):
        takes_newer = newer < len(after) and (newer <= older or older == len(before))
        size += (after[newer] if takes_newer else before[older]).size_bytes
        if size > MAX_PAGE_BYTES and older + newer:
            break
        older, newer = (older, newer + 1) if takes_newer else (older + 1, newer)
    messages = await _with_replies([*reversed(before[:older]), *after[:newer]], store, keyring, as_of)
    sides = {"older": len(before) > older, "newer": len(after) > newer, **_pinned(channel, store, since)}
    return compact_json({"channel": channel.id, "messages": messages, "more": sides["older"], **sides, **more})


async def _with_replies(page: Sequence[Message], store: Store, keyring: Keyring, as_of: int) -> list[dict[str, Any]]:
    replies = counted(page, store, as_of=as_of)  # before the texts are opened, as `as_of` is of this moment
    shown = await shown_messages(page, keyring)
    return [each | ({"replies": replies[each["seq"]]} if each["seq"] in replies else {}) for each in shown]


class Sized(Protocol):
    """What has sealed texts."""

    @property
    def size_bytes(self) -> int:
        """The size of its sealed texts."""


def that_fit(page: Sequence[Sized]) -> int:
    """How many messages, or the like, fit on a page by the size of their sealed texts; at least one."""
    sizes = accumulate(each.size_bytes for each in page)
    return max(1, sum(size <= MAX_PAGE_BYTES for size in sizes))


async def shown_messages(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any]]:
    """Messages in the form that a page has them."""
    texts = await with_votes(page, await message_texts(page, keyring), keyring)
    reactions = await message_reactions(page, keyring)
    return [show(message, text, reaction) for message, text, reaction in zip(page, texts, reactions, strict=True)]


def show(message: Message, texts: Mapping[str, Any] | None, reactions: dict[str, Any] | None) -> dict[str, Any]:
    """A message in the form that a page has it, with its texts and reactions as far as there are any."""
    place = {"seq": message.seq, "id": message.id, "channel": message.channel}
    if message.deleted_at is not None:
        return place | {"deleted_at": message.deleted_at}
    written = place | {"author": message.author, "sent_at": message.sent_at}
    if texts is None:
        return written | {"unreadable": True}
    edited = {"edited_at": message.edited_at} if message.edited_at is not None else {}
    return written | {**texts} | edited | ({"reactions": reactions} if reactions else {})
