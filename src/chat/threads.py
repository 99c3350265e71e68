"""Threads: a message and what was replied to it, beside the order of the channel. Reads only."""

from typing import Any

from chat.history import shown_messages, that_fit
from errors import NotFound
from limits import MAX_HISTORY_PAGE
from sealing.keyring import Keyring
from storage.store import Store
from wire.threads import ListReplies


async def thread_page(frame: ListReplies, store: Store, keyring: Keyring, *, since: int) -> dict[str, Any]:
    """A message, which may be deleted, and a page of the replies to it, oldest first; whether there are more.

    A page ends as one of history does.

    Args:
        since: as for `chat.history.history_page`.

    Raises:
        NotFound: the channel shows the member no such message.
    """
    first = store.messages.at([(frame.channel, frame.seq)]) if frame.seq > since else []
    if not first:
        raise NotFound("There is no such message.")
    seqs = store.replies.page(frame.channel, frame.seq, frame.after or 0, MAX_HISTORY_PAGE + 1)
    found = sorted(store.messages.at([(frame.channel, seq) for seq in seqs]), key=lambda message: message.seq)
    page = found[: min(MAX_HISTORY_PAGE, that_fit(found))]
    shown, *replies = await shown_messages([*first, *page], keyring)
    return {"channel": frame.channel, "first": shown, "messages": replies, "more": len(page) < len(found)}
