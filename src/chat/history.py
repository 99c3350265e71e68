"""Pages of a channel's history, with the present content of its messages.

Reads only. A page costs as much as it shows, however long the channel is.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from chat.contents import message_reactions, message_texts
from chat.directory import Channel
from encoding import compact_json
from limits import MAX_PAGE_BYTES, MAX_SAFE_INTEGER
from sealing.keyring import Keyring
from storage.messages import Message
from storage.store import Store
from wire.questions import History


def history_frame(ref: str | None, page: str) -> str:
    """`{"type":"history",…}` around a page."""
    return f'{{"type":"history","ref":{compact_json(ref)},{page[1:]}'


async def history_page(request: History, channel: Channel, store: Store, keyring: Keyring) -> str:
    """One page of a channel, oldest first, as JSON; reads one row more than it shows, to know whether there are more.

    It ends when MAX_PAGE_BYTES are full: a page of a hundred long messages would keep everybody else waiting.

    Args:
        channel: the requested one, as the audience gives it to the member.
    """
    found = _found(request, channel, store)
    page = found[: min(request.limit, _that_fit(found))]
    more = len(found) > len(page)
    messages = await _shown(page if request.after is not None else page[::-1], keyring)
    return compact_json({"channel": channel.id, "messages": messages, "more": more})


def _found(request: History, channel: Channel, store: Store) -> list[Message]:
    messages, limit = store.messages, request.limit + 1
    if request.after is not None:
        page_after = messages.with_files_after if request.has else messages.page_after
        return page_after(channel.id, request.after, limit)
    before = MAX_SAFE_INTEGER if request.before is None else request.before
    page_before = messages.with_files_before if request.has else messages.page_before
    return page_before(channel.id, before, limit)


def _that_fit(page: Sequence[Message]) -> int:
    """How many messages fit on a page by the size of their sealed texts; at least one."""
    sizes = accumulate(message.size_bytes for message in page)
    return max(1, sum(size <= MAX_PAGE_BYTES for size in sizes))


async def _shown(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any]]:
    texts = await message_texts(page, keyring)
    reactions = await message_reactions(page, keyring)
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
