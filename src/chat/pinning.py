"""Pins: messages of a channel that everybody who may write there keeps at hand for all."""

from typing import Any

from chat.audience import Audience
from chat.changes import Author, Outcome, ack
from chat.directory import Channel
from chat.history import shown_messages, that_fit
from chat.ledger import Ledger
from chat.named import standing_message
from errors import LimitReached
from limits import MAX_PINS
from sealing.keyring import Keyring
from storage.pins import Pin
from storage.store import Store
from wire.changes import PinMessage


class Pinning:
    """Pins messages."""

    def __init__(self, store: Store, audience: Audience, ledger: Ledger) -> None:
        self._store = store
        self._audience = audience
        self._ledger = ledger

    async def pin(self, author: Author, frame: PinMessage, *, now_ms: int) -> Outcome:
        """Pin a message or take its pin off; a repetition changes nothing.

        Raises:
            NotFound, Archived, Forbidden: as for a reaction.
            LimitReached: the channel has as many pins as it may.
        """
        store, member = self._store, author.member
        message = standing_message(store, self._audience, member, frame.id, frame.channel)
        self._audience.open_channel(member, message.channel)
        if store.pins.has(message.channel, message.seq) == frame.on:
            return Outcome([ack(frame.ref, self._audience.lane(member, message.channel).seq)])
        if frame.on and len(store.pins.of(message.channel)) >= MAX_PINS:
            raise LimitReached(f"A channel has {MAX_PINS} pinned messages at most: unpin one first.")
        event = {
            "kind": "pin",
            "id": frame.id,
            "channel": message.channel,
            "message_seq": message.seq,
            "by": member,
            "on": frame.on,
        }

        def write(seq: int) -> None:
            if frame.on:
                store.pins.put(message.channel, Pin(message.seq, seq, now_ms, member))
            else:
                store.pins.delete(message.channel, message.seq)

        return await self._ledger.enter(
            frame.ref, event, author, now_ms=now_ms, about=message.seq, write=lambda seq, _sealed: write(seq)
        )


async def pinned_page(
    channel: Channel, before: int | None, store: Store, keyring: Keyring, *, since: int
) -> dict[str, Any]:
    """Pinned messages as history shows them, newest pin first, each with its `pin`; whether older pins are left.

    It ends when MAX_PAGE_BYTES are full, as a page of history does.

    Args:
        before: only pins that are older than this one's `seq`.
        since: as for `chat.history.history_page`.
    """
    pins = [pin for pin in store.pins.of(channel.id, since=since) if before is None or pin.pin_seq < before]
    found = {message.seq: message for message in store.messages.at([(channel.id, pin.seq) for pin in pins])}
    pinned = [found[pin.seq] for pin in pins]
    page = pinned[: that_fit(pinned)]
    messages = await shown_messages(page, keyring)
    marked = [
        {**message, "pin": {"at": pin.at, "by": pin.author, "seq": pin.pin_seq}}
        for message, pin in zip(messages, pins[: len(page)], strict=True)
    ]
    return {"channel": channel.id, "messages": marked, "more": len(page) < len(pins)}
