"""How many replies the messages of a page have. Reads only; chat/threads.py shows the replies themselves."""

from collections.abc import Sequence
from typing import Any

from storage.messages import Message
from storage.store import Store


def counted(page: Sequence[Message], store: Store, *, as_of: int) -> dict[int, dict[str, Any]]:
    """What a page of history says about replies, by the `seq` of messages that have some.

    Args:
        page: messages of one channel, in the order of the channel or against it.
        as_of: up to which `seq` the replies are counted: a client adds what comes later, and nothing twice.
    """
    if not page:
        return {}
    first, last = sorted((page[0].seq, page[-1].seq))
    counts = store.replies.counts(page[0].channel, first, last)
    return {seq: {"count": many, "at": at, "as_of": as_of} for seq, (many, at) in counts.items()}
