"""The room's ledger: the one place that numbers, seals and stores changes.

Only `chat/conversation.py` and its parts write here, one commit at a time, because sealing is awaited and no `seq` may
be given twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.changes import Author, Event, Outcome, ack, channel_of
from chat.directory import Directory
from chat.lanes import Lane
from encoding import compact_json
from sealing.keyring import Header, Keyring, Sealed
from storage.activity import Note
from storage.changes import Change as ChangeRow
from storage.headers import change_header, lane_change_header
from storage.messages import NewMessage
from storage.store import Store

Write = Callable[[int, Sequence[Sealed]], None]
"""Stores what changes together with an event; gets the event's `seq` and the sealed texts, and may still refuse."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that is to be stored together with everything that `write` stores; see `Ledger.record`."""

    event: dict[str, Any]
    author: str
    write: Write
    channel: str = ""
    seal: Sequence[tuple[bytes, Header]] = ()
    about: int | None = None


class Ledger:
    """Puts messages and other changes into the room's order."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory

    async def enter(
        self,
        ref: str | None,
        event: dict[str, Any],
        author: Author,
        *,
        now_ms: int,
        names: str | None = None,
        shown: Mapping[str, Any] | None = None,
        seal: Sequence[tuple[bytes, Header]] = (),
        about: int | None = None,
        write: Write,
    ) -> Outcome:
        """Store a change and its event; returns the event for all and the answer for the author.

        Args:
            about: the `seq` of the message that the event is about.
            names: the channel that the answer names.
            shown: what the event shows beyond its stored part. A text is stored only in its message's row, so that
                erasing the message erases the text.
            seal: further texts to seal, for `write`.
        """
        place = event.get("channel")
        stored = await self.record(
            event,
            channel=place if isinstance(place, str) else "",
            author=author.member,
            now_ms=now_ms,
            seal=seal,
            about=about,
            write=write,
        )
        if shown is not None:
            stored.text = compact_json({"seq": stored.seq, **event, **shown})
        return Outcome([ack(ref, stored.seq, channel=names)], [stored])

    async def record(
        self,
        event: dict[str, Any],
        *,
        channel: str,
        author: str,
        now_ms: int,
        seal: Sequence[tuple[bytes, Header]] = (),
        about: int | None = None,
        write: Write,
    ) -> Event:
        """Store an event together with everything that `write` stores.

        Args:
            channel: the channel that the stored event is bound to, "" for events about a channel, members or the room.
                In a lane it is always that.
            about: as for `enter`.
        """
        (stored,) = await self.record_together([Entry(event, author, write, channel, seal, about)], now_ms=now_ms)
        return stored

    async def record_together(self, entries: Sequence[Entry], *, now_ms: int) -> list[Event]:
        """As `record`, for events of different lanes that are stored all or none."""
        drafts = [self._draft(entry) for entry in entries]
        sealed = [
            await self._keyring.seal([(_kept(entry.event, lane.seq + 1), header), *entry.seal], now_ms=now_ms)
            for entry, (lane, header) in zip(entries, drafts, strict=True)
        ]

        def store_all() -> None:
            for entry, (lane, _), (first, *rest) in zip(entries, drafts, sealed, strict=True):
                seq, channel = lane.seq + 1, lane.id or entry.channel
                self._store.changes.insert(ChangeRow(seq, now_ms, channel, entry.author, first, lane.id))
                entry.write(seq, rest)

        self._store.transaction(store_all)
        return [self._stored(entry, lane) for entry, (lane, _) in zip(entries, drafts, strict=True)]

    def _draft(self, entry: Entry) -> tuple[Lane, Header]:
        lane = self._directory.lane(channel_of(entry.event))
        seq, author = lane.seq + 1, entry.author
        header = lane_change_header(lane.id, seq, author) if lane.id else change_header(seq, entry.channel, author)
        return lane, header

    def _stored(self, entry: Entry, lane: Lane) -> Event:
        seq, place = lane.seq + 1, channel_of(entry.event)
        text = compact_json({"seq": seq, **entry.event})
        lane.advance(seq)
        if not lane.id:
            return Event(seq, place, text)
        members = lane.audience if entry.about is None else lane.audience_after(entry.about)
        return Event(seq, place, text, lane.id, members)

    def append(
        self, messages: Sequence[NewMessage], notes: Sequence[Note], also: Callable[[], None] | None = None
    ) -> None:
        """Store new messages, what they answer, what is noted of them, their files and what `also` writes: all or none.

        Raises:
            NotUnique: one of the messages is already stored.
        """
        is_plain = not notes and also is None and len(messages) == 1
        if is_plain and not messages[0].files and not messages[0].answered:  # one statement is a transaction by itself
            self._store.messages.insert(messages)
        elif messages:
            self._store.transaction(lambda: self._insert_all(messages, notes, also))
        for message in messages:
            self._advance(message)

    def take_in(self, messages: Sequence[NewMessage], write: Callable[[], None]) -> None:
        """Store messages from elsewhere, all in one channel, with what `write` stores of them: all or none.

        Raises:
            NotUnique: one of the messages is already stored.
        """
        newest = messages[-1]

        def store() -> None:
            write()
            self._store.replies.insert(messages)
            self._send_files(messages)
            self._store.importing.set_imported(
                newest.channel, newest.seq, newest.position, is_lane=newest.channel in self._directory.lanes
            )

        self._store.transaction(store)
        for message in messages:
            self._advance(message)
        channel = self._directory.place(newest.channel)
        channel.imported_seq, channel.imported_position = newest.seq, newest.position

    def _insert_all(
        self, messages: Sequence[NewMessage], notes: Sequence[Note], also: Callable[[], None] | None
    ) -> None:
        if also is not None:
            also()
        self._store.messages.insert(messages)
        self._store.replies.insert(messages)
        self._store.activity.insert(notes)
        self._send_files(messages)

    def _send_files(self, messages: Sequence[NewMessage]) -> None:
        for message in messages:
            if message.files:
                self._store.files.send(message.files, message.seq)

    def _advance(self, message: NewMessage) -> None:
        channel = self._directory.place(message.channel)
        channel.last_seq, channel.last_position, channel.last_author = message.seq, message.position, message.author
        channel.last_at = message.sent_at
        if channel.tail is not None:
            channel.tail.append(message.seq, message.author)
        self._directory.lane(message.channel).advance(message.seq)


def _kept(event: Mapping[str, Any], seq: int) -> bytes:
    """An event as it is stored. A status is in its member's row alone, so that it is gone when it is taken away."""
    kept = {"seq": seq, **event}
    if event["kind"] == "member":
        kept["member"] = {name: value for name, value in event["member"].items() if name != "status"}
    return compact_json(kept).encode()
