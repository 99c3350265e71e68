"""Messages that members save for themselves. Nobody else learns of it."""

from typing import Any, NamedTuple

from chat.audience import Audience
from chat.history import shown_messages, that_fit
from chat.named import message_named, standing_message
from errors import LimitReached
from limits import MAX_HISTORY_PAGE, MAX_SAVED
from sealing.keyring import Keyring
from storage.messages import Message
from storage.saved import Saved
from storage.store import Store
from wire.kept import SaveMessage


class Kept(NamedTuple):
    """A saved message that is still stored."""

    place: tuple[str, int]
    """Its channel and `seq`."""
    at: int
    """When it was saved, in ms."""
    size_bytes: int
    """Of its sealed texts."""


class Saving:
    """Saves messages, and lists them."""

    def __init__(self, store: Store, keyring: Keyring, audience: Audience) -> None:
        self._store = store
        self._keyring = keyring
        self._audience = audience

    def save(self, member: str, frame: SaveMessage, *, now_ms: int) -> Message | None:
        """Save a message, or no longer; None if that changes nothing.

        Raises:
            NotFound: the member sees no such message.
            LimitReached: the member has saved as many as they may.
        """
        name = standing_message if frame.on else message_named
        message = name(self._store, self._audience, member, frame.id, frame.channel)
        table = self._store.saved
        if table.has(member, message.channel, message.seq) == frame.on:
            return None
        if not frame.on:
            table.delete(member, message.channel, message.seq)
            return message
        others = self._present(member)
        if len(others) >= MAX_SAVED:
            raise LimitReached(f"You have saved {MAX_SAVED} messages, which is the most: remove some first.")
        at = max([now_ms, *(each.at + 1 for each in others[:1])])
        table.put(member, Saved(message.channel, message.seq, at))
        return message

    async def page(self, member: str, before: int | None) -> dict[str, Any]:
        """Saved messages as history shows them, newest first, each with `saved_at`; whether older ones are left.

        The first page also has the places of all. It ends when MAX_PAGE_BYTES are full, as a page of history does.

        Args:
            before: only those that were saved before this time in ms.
        """
        all_saved = [each for each in self._present(member) if self._audience.may_see_place(member, *each.place)]
        left = [each for each in all_saved if before is None or each.at < before]
        wanted = left[: min(MAX_HISTORY_PAGE, that_fit(left))]
        found = {
            (message.channel, message.seq): message
            for message in self._store.messages.at([each.place for each in wanted])
        }
        page = [(each, found[each.place]) for each in wanted if each.place in found]
        texts = await shown_messages([message for _, message in page], self._keyring)
        # The texts were opened outside the writer's turn: meanwhile the member may have lost a channel.
        shown = [
            {**text, "saved_at": each.at}
            for text, (each, message) in zip(texts, page, strict=True)
            if self._audience.may_see_message(member, message)
        ]
        places = {} if before is not None else {"places": [list(each.place) for each in all_saved]}
        return {"messages": shown, "more": len(wanted) < len(left), **places}

    def _present(self, member: str) -> list[Kept]:
        """What the member has saved and is still stored, without its texts; rows of messages that are gone go now."""
        saved = self._store.saved.of(member)
        sizes = self._store.positions.sizes([(each.channel, each.seq) for each in saved])
        for channel, seq, _ in saved:
            if (channel, seq) not in sizes:
                self._store.saved.delete(member, channel, seq)
        return [Kept(each[:2], each.at, sizes[each[:2]]) for each in saved if each[:2] in sizes]
