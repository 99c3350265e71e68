"""Messages that members save for themselves. Nobody else learns of it."""

from typing import Any

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
        at = max([now_ms, *(saved.at + 1 for saved, _ in others[:1])])
        table.put(member, Saved(message.channel, message.seq, at))
        return message

    async def page(self, member: str, before: int | None) -> dict[str, Any]:
        """Saved messages as history shows them, newest first, each with `saved_at`; whether older ones are left.

        The first page also has the places of all. It ends when MAX_PAGE_BYTES are full, as a page of history does.

        Args:
            before: only those that were saved before this time in ms.
        """
        all_saved = [each for each in self._present(member) if self._may_see(member, each[1])]
        left = [each for each in all_saved if before is None or each[0].at < before]
        page = left[: min(MAX_HISTORY_PAGE, that_fit([message for _, message in left]))]
        texts = await shown_messages([message for _, message in page], self._keyring)
        # The texts were opened outside the writer's turn: meanwhile the member may have lost a channel.
        shown = [
            {**text, "saved_at": saved.at}
            for text, (saved, message) in zip(texts, page, strict=True)
            if self._may_see(member, message)
        ]
        places = {} if before is not None else {"places": [[saved.channel, saved.seq] for saved, _ in all_saved]}
        return {"messages": shown, "more": len(page) < len(left), **places}

    def _may_see(self, member: str, message: Message) -> bool:
        return self._audience.may_see_message(member, message)

    def _present(self, member: str) -> list[tuple[Saved, Message]]:
        """What the member has saved and is still stored; rows of messages that are gone go now."""
        saved = self._store.saved.of(member)
        places = [(each.channel, each.seq) for each in saved]
        found = {(message.channel, message.seq): message for message in self._store.messages.at(places)}
        for channel, seq in places:
            if (channel, seq) not in found:
                self._store.saved.delete(member, channel, seq)
        return [(each, found[each.channel, each.seq]) for each in saved if (each.channel, each.seq) in found]
