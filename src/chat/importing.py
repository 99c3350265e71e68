"""Messages from elsewhere: put into a channel in which nobody has written yet, with their own times.

They take a `seq` like all others, so that every page of history has them. But nobody is notified of them, they are read
by everybody, and the statistics begin after them. Whoever wrote them and is no member becomes a former one. A frame is
all or nothing, and a repeated one adds nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.attachments import Attachments
from chat.audience import Audience
from chat.audit import Audit, Noted, named, nothing
from chat.changes import Author, Event, Outcome
from chat.contents import ANSWERED, message_event, shown, texts_json
from chat.directory import MEMBER, Channel, Directory, Member
from chat.keeping import days_kept
from chat.lane_frames import begun
from chat.lanes import OPEN
from chat.ledger import Ledger
from encoding import compact_json
from errors import ChatError, Forbidden, LimitReached, Malformed, NotFound
from limits import DAY_MS, HOUR_MS, MAX_FORMER_MEMBERS
from sealing.keyring import Header, Keyring, Sealed
from storage.importing import ImportedMessage
from storage.message_ids import Name
from storage.messages import Message, NewMessage
from storage.store import Store
from wire.importing import Import, Imported

Item = tuple[bytes, Header]
"""A text to seal, and what it belongs to."""


@dataclass(slots=True)
class _Sorted:
    """The messages of a frame: those to store, and how many of the others there are."""

    fresh: list[Imported]
    known: int = 0
    elsewhere: int = 0
    expired: int = 0


class Importing:
    """Takes in what was said elsewhere."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        attachments: Attachments,
        ledger: Ledger,
        audit: Audit,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._attachments = attachments
        self._ledger = ledger
        self._audit = audit
        self._noted_at: dict[tuple[str, str], int] = {}  # a cache: when an import was last noted, by member and channel

    async def take(self, author: Author, frame: Import, *, now_ms: int) -> Outcome:
        """Store messages from elsewhere; those that are stored already, or would be too old to stay, are only counted.

        Costs two rows for each message, one for each that becomes a former member, two, and one an hour.

        Raises:
            Forbidden: not an admin, or people have written in the channel.
            NotFound: there is no such channel, or an author is neither a member nor among the frame's people.
            Malformed: a time that has not come yet, or files that the admin has not uploaded for this channel.
            LimitReached: there are as many former members as there may be.
        """
        if not author.is_admin:
            raise Forbidden("Only an admin may do this.")
        channel = self._audience.channel_to_fill(author.member, frame.channel)
        found = self._sorted(frame, channel, now_ms)
        outcome = Outcome()
        if found.fresh or not frame.messages:
            self._require_unwritten(channel, author)
        if found.fresh:
            self._check(found.fresh, frame, author, now_ms)
            outcome.events = await self._welcome_people(frame.people, author, now_ms)
            noted = await self._noted(channel, author, now_ms)
            outcome.events += await self._store_messages(found.fresh, channel, author, noted, now_ms)
            self._noted_at.setdefault((author.member, channel.id), now_ms)
            outcome.taken = [self._directory.lane(channel.id).id] * len(found.fresh)
        outcome.answers = [self._answer(frame, channel, found)]
        return outcome

    async def _noted(self, channel: Channel, author: Author, now_ms: int) -> Noted:
        """An import is many frames, and is noted once an hour; not where other admins see nothing of it."""
        member_and_channel = author.member, channel.id
        if now_ms - self._noted_at.get(member_and_channel, now_ms) >= HOUR_MS:
            del self._noted_at[member_and_channel]
        if channel.kind != OPEN or member_and_channel in self._noted_at:
            return nothing
        return await self._audit.by_admin(author, "import", channel=named(channel), now_ms=now_ms)

    def _answer(self, frame: Import, channel: Channel, found: _Sorted) -> str:
        return compact_json(
            {
                "type": "imported",
                "ref": frame.ref,
                "channel": channel.id,
                "seq": self._directory.lane(channel.id).seq,
                "counts": {
                    "added": len(found.fresh),
                    "known": found.known,
                    "elsewhere": found.elsewhere,
                    "expired": found.expired,
                },
                "retention_days": days_kept(channel, self._directory),
            }
        )

    def _sorted(self, frame: Import, channel: Channel, now_ms: int) -> _Sorted:
        lane = self._directory.lane(channel.id).id
        names: list[Name] = [(message.id, lane) for message in frame.messages]
        stored = self._store.messages.sent_before(names) if names else {}
        days = days_kept(channel, self._directory)
        oldest_ms = now_ms - days * DAY_MS if days else 0
        found = _Sorted([])
        for message, name in zip(frame.messages, names, strict=True):
            if name in stored:
                is_here = stored[name].channel == channel.id
                found.known, found.elsewhere = found.known + is_here, found.elsewhere + (not is_here)
            elif message.sent_at < oldest_ms:
                found.expired += 1
            else:
                found.fresh.append(message)
        return found

    # --- what is refused ---

    def _require_unwritten(self, channel: Channel, author: Author) -> None:
        if self._store.importing.has_others(channel.id, author.member, channel.imported_seq):
            raise Forbidden("People have written in this channel: import into a new one.")

    def _check(self, messages: Sequence[Imported], frame: Import, author: Author, now_ms: int) -> None:
        places = {message.id: place for place, message in enumerate(frame.messages)}
        for message in messages:
            try:
                self._check_one(message, frame, author, now_ms)
            except ChatError as refusal:
                refusal.detail = f"messages {places[message.id]}: {refusal.detail}"
                raise
        files = [file for message in messages for file in message.files]
        if len({file.id for file in files}) < len(files):
            raise Malformed("messages: two of them have the same file.")

    def _check_one(self, message: Imported, frame: Import, author: Author, now_ms: int) -> None:
        if max(message.sent_at, message.edited_at or 0, message.deleted_at or 0) > now_ms:
            raise Malformed("its time has not come yet.")
        named = {who for people in message.reactions.values() for who in people} | {message.author} - {""}
        if not all(who in self._directory.members or who in frame.people for who in named):
            raise NotFound("it names somebody who is neither a member nor among the people of the frame.")
        if message.files:
            self._attachments.check(message.files, author.member, frame.channel)

    # --- people ---

    async def _welcome_people(self, people: Mapping[str, str], author: Author, now_ms: int) -> list[Event]:
        """Make former members of those who were never here, so that what they wrote has a name."""
        known = self._directory.members
        new = [
            Member(each, name, MEMBER, now_ms, now_ms, joined_at=now_ms)
            for each, name in people.items()
            if each not in known
        ]
        if not new:
            return []
        if len(self._directory.former_members()) + len(new) > MAX_FORMER_MEMBERS:
            raise LimitReached(f"A room has at most {MAX_FORMER_MEMBERS} former members.")
        event = {"kind": "former", "members": [{"id": each.id, "name": each.name} for each in new], "by": author.member}

        def store(_seq: int, sealed: Sequence[Sealed]) -> None:
            self._store.importing.add_former([each.row(text) for each, text in zip(new, sealed, strict=True)])

        seal = [(each.name.encode(), each.header()) for each in new]
        stored = await self._ledger.record(
            event, channel="", author=author.member, now_ms=now_ms, seal=seal, write=store
        )
        known.update({each.id: each for each in new})
        return [stored]

    # --- messages ---

    async def _store_messages(
        self, messages: Sequence[Imported], channel: Channel, author: Author, noted: Noted, now_ms: int
    ) -> list[Event]:
        lane = self._directory.lane(channel.id)
        answered = self._answered(messages, channel, lane.id)
        places = [
            NewMessage(
                channel.id,
                lane.seq + number,
                channel.last_position + number,
                message.id,
                message.author or author.member,
                message.sent_at,
                Sealed(0, b""),
                tuple(file.id for file in message.files),
                lane.id,
            )
            for number, message in enumerate(messages, 1)
        ]
        seqs = {place.id: place.seq for place in places}
        texts = [
            self._texts(message, seqs, answered) | {"imported_at": now_ms, "imported_by": author.member}
            for message in messages
        ]
        for message, place, said in zip(messages, places, texts, strict=True):
            place.answered = said.get("reply_seq", 0) if message.deleted_at is None else 0
        items = _items(messages, places, texts)
        sealed = iter(await self._keyring.seal([item for each in items for item in each if item], now_ms=now_ms))
        rows = []
        for message, place, (text, reactions) in zip(messages, places, items, strict=True):
            parts = None if text is None else next(sealed), None if reactions is None else next(sealed)
            rows.append(ImportedMessage(place, *parts, message.edited_at, message.deleted_at))

        def write() -> None:
            self._store.importing.insert(rows)
            noted()

        self._ledger.take_in(places, write)
        events = begun(lane, places[0], self._directory) if lane.id else []
        audience = None if channel.kind == OPEN else lane.audience
        return events + [
            Event(place.seq, channel.id, _event(place, message, text), lane.id, audience)
            for place, message, text in zip(places, messages, texts, strict=True)
        ]

    def _answered(self, messages: Sequence[Imported], channel: Channel, lane: str) -> dict[str, Message]:
        """The stored messages of this channel that these answer, by id."""
        names = [(message.reply_to, lane) for message in messages if message.reply_to is not None]
        stored = self._store.messages.sent_before(names) if names else {}
        return {message.id: message for message in stored.values() if message.channel == channel.id}

    def _texts(self, message: Imported, seqs: Mapping[str, int], answered: Mapping[str, Message]) -> dict[str, Any]:
        """What is sealed of a message. An answer to what is not here stays one, to a message that is gone."""
        texts: dict[str, Any] = {"body": message.body}
        if message.reply_to is not None:
            stored = answered.get(message.reply_to)
            seq = stored.seq if stored is not None else seqs.get(message.reply_to, 0)
            texts |= {"reply_to": message.reply_to, "reply_seq": seq}
            if stored is not None:
                texts[ANSWERED] = stored.author
        mentions = [each for each in message.mentions if each in self._directory.members]
        if mentions:
            texts["mentions"] = mentions
        if message.shown_as:
            texts["shown_as"] = dict(message.shown_as)
        if message.files:
            texts["files"] = [file.shown for file in message.files]
        return texts


def _items(
    messages: Sequence[Imported], places: Sequence[NewMessage], texts: Sequence[Mapping[str, Any]]
) -> list[tuple[Item | None, Item | None]]:
    """The text and the reactions of each message, as they are sealed; None for what it has not."""
    items: list[tuple[Item | None, Item | None]] = []
    for message, place, text in zip(messages, places, texts, strict=True):
        at = place.channel, place.author, place.id, place.seq, place.sent_at
        is_gone = message.deleted_at is not None
        body = None if is_gone else (texts_json(text).encode(), Header("message", *at))
        reactions = compact_json({emoji: list(who) for emoji, who in message.reactions.items()}).encode()
        items.append((body, (reactions, Header("reactions", *at)) if message.reactions else None))
    return items


def _event(place: NewMessage, message: Imported, texts: Mapping[str, Any]) -> str:
    event = message_event(place)
    if message.deleted_at is not None:
        return compact_json(event | {"body": "", "deleted_at": message.deleted_at})
    edited = {"edited_at": message.edited_at} if message.edited_at is not None else {}
    reactions = {"reactions": message.reactions} if message.reactions else {}
    return compact_json(event | shown(texts) | edited | reactions)
