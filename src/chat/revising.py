"""Changes of existing messages: edit, delete, react."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.activity import note_reaction, reacted_by_others
from chat.audience import Audience
from chat.audit import Audit
from chat.changes import Author, Outcome, ack
from chat.contents import ANSWERED, POLL, message_reactions, notified, sealed_texts
from chat.directory import Channel, Directory
from chat.former import with_former
from chat.indexing import Indexing
from chat.ledger import Ledger
from chat.named import message_named, standing_message
from encoding import compact_json
from errors import Forbidden, LimitReached, Malformed
from limits import MAX_EMOJIS, MAX_REACTIONS
from sealing.keyring import Keyring, Sealed
from storage.activity import MENTION, Note
from storage.headers import message_header
from storage.messages import Message
from storage.store import Store
from wire.changes import Delete, Edit, React


class Revising:
    """Revises messages."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        ledger: Ledger,
        index: Indexing,
        audit: Audit,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._ledger = ledger
        self._index = index
        self._audit = audit

    async def edit(self, author: Author, frame: Edit, *, now_ms: int) -> Outcome:
        """Replace the text of one's own message, and note the members whom it mentions now."""
        message = self._standing(frame, author)
        if message.author != author.member:
            raise Forbidden("Only its author may edit a message.")
        channel = self._audience.open_channel(author.member, message.channel)
        mentions = [member for member in frame.mentions if self._audience.may_see_message(member, message)]
        former = await self._texts(message)
        if POLL in former:
            raise Forbidden("A poll is not edited: who has voted meant what it said.")
        if not frame.body and "files" not in former:
            raise Malformed("body is empty.")
        texts = {**former, "body": frame.body, "mentions": mentions}
        before = self._noted(message, former)
        after = self._audience.readers(notified(texts, message.author))
        if "reply_to" in former and ANSWERED not in former:  # sealed by older code without ANSWERED: keep other notes
            after |= before - set(former.get("mentions", ()))
        event = {"kind": "edit", "id": frame.id, "channel": message.channel, "edited_at": now_ms, "by": author.member}

        past = await with_former(message, former, frame.body, self._store, self._keyring)
        index = await self._index.revising(message, texts, now_ms=now_ms)
        recount = after - before

        def revise(seq: int, sealed: Sequence[Sealed]) -> None:
            self._store.messages.edit(
                message, sealed[0], edited_at=now_ms, changed_seq=seq, former=sealed[1] if past else None
            )
            recount.update(self._unnote(before - after, message))
            self._store.activity.insert(
                Note(member, MENTION, now_ms, message.channel, message.seq, self._counts(member, message, channel))
                for member in sorted(after - before)
            )
            index()

        outcome = await self._ledger.enter(
            frame.ref,
            event,
            author,
            now_ms=now_ms,
            shown={"body": frame.body, "mentions": mentions},
            seal=[(compact_json(texts).encode(), message_header("message", message)), *past],
            about=message.seq,
            write=revise,
        )
        outcome.recount = recount
        return outcome

    async def delete(self, author: Author, frame: Delete, *, now_ms: int) -> Outcome:
        """Erase one's own message, or anybody's as an admin; a repetition gets the first answer."""
        message = message_named(self._store, self._audience, author.member, frame.id, frame.channel)
        channel = self._audience.channel(author.member, message.channel)
        if message.author != author.member and not author.is_admin:
            raise Forbidden("Only its author or an admin may delete a message.")
        if message.deleted_at is not None:
            return Outcome([ack(frame.ref, message.changed_seq)])
        event = {"kind": "delete", "id": frame.id, "channel": message.channel, "by": author.member, "at": now_ms}
        if self._store.pins.has(message.channel, message.seq):
            event["unpinned"] = message.seq
        texts = await self._texts(message)
        says = texts.get("reply_seq", 0) if texts else None
        answered = self._store.replies.answered_by(message.channel, message.seq, says)
        if answered:
            event |= {"message_seq": message.seq, "reply_seq": answered}
        noted = self._noted(message, texts)
        if await self._was_reacted_to(message):
            noted.add(message.author)

        index = await self._index.revising(message, None, now_ms=now_ms)
        noted_act = await self._audit.by_moderator(author, "message.delete", message.author, channel, now_ms=now_ms)
        recount: set[str] = set()

        def erase(seq: int, _: Sequence[Sealed]) -> None:
            self._store.messages.erase(message, deleted_at=now_ms, changed_seq=seq)
            self._store.pins.delete(message.channel, message.seq)
            if answered:
                self._store.replies.delete(message.channel, answered, message.seq)
            if message.files:
                self._store.files.give_up(message.files, now_ms)
            recount.update(self._unnote(noted, message))
            index()
            noted_act()

        outcome = await self._ledger.enter(frame.ref, event, author, now_ms=now_ms, about=message.seq, write=erase)
        if channel.tail is not None:
            channel.tail.delete(message.seq)
        outcome.gives_up_files, outcome.recount = bool(message.files), recount
        return outcome

    async def react(self, author: Author, frame: React, *, now_ms: int) -> Outcome:
        """Put an emoji on a message or take it off; a repetition changes nothing."""
        message = self._standing(frame, author)
        self._audience.open_channel(author.member, message.channel)
        reactions = await self._reactions(message)
        if (author.member in reactions.get(frame.emoji, ())) == frame.on:
            return Outcome([ack(frame.ref, message.changed_seq)])
        toggled = _toggled(reactions, frame, author.member)
        event = {
            "kind": "reaction",
            "id": frame.id,
            "channel": message.channel,
            "emoji": frame.emoji,
            "by": author.member,
            "on": frame.on,
        }
        new: list[Note] = []
        recount: set[str] = set()

        def write(seq: int, sealed: Sequence[Sealed]) -> None:
            self._store.messages.set_reactions(message, sealed[0], changed_seq=seq)
            noted, fewer = note_reaction(
                self._store, self._audience, message, toggled, by=author.member, on=frame.on, now_ms=now_ms
            )
            new.extend(noted)
            recount.update(fewer)

        outcome = await self._ledger.enter(
            frame.ref,
            event,
            author,
            now_ms=now_ms,
            seal=[(compact_json(toggled).encode(), message_header("reactions", message))],
            about=message.seq,
            write=write,
        )
        outcome.noted, outcome.recount = new, recount
        return outcome

    def _standing(self, frame: Edit | React, author: Author) -> Message:
        """A message that was not deleted."""
        return standing_message(self._store, self._audience, author.member, frame.id, frame.channel)

    async def _texts(self, message: Message) -> dict[str, Any]:
        """The unsealed texts of a message; empty if they do not open."""
        return (await sealed_texts([message], self._keyring))[0] or {}

    async def _reactions(self, message: Message) -> dict[str, list[str]]:
        return (await message_reactions([message], self._keyring))[0] or {}

    async def _was_reacted_to(self, message: Message) -> bool:
        """Whether others reacted to a message, as far as one can know."""
        if message.reactions is None:
            return False
        reactions = (await message_reactions([message], self._keyring))[0]
        return reactions is None or reacted_by_others(reactions, message.author)

    def _unnote(self, members: set[str], message: Message) -> set[str]:
        """Remove what is noted for these members; returns for whom there was something: nobody who has left a lane."""
        return self._store.activity.delete(sorted(members), message.channel, message.seq, sent_at=message.sent_at)

    def _counts(self, member: str, message: Message, channel: Channel) -> bool:
        """Whether a message can be unread to a member: not if it was there before they came, or was imported."""
        return message.seq > max(self._directory.arrived_at(member, channel.id), channel.imported_seq)

    def _noted(self, message: Message, texts: Mapping[str, Any]) -> set[str]:
        """The members for whom this was noted; the answered message may be gone."""
        if not texts or ("reply_to" in texts and ANSWERED not in texts):
            return self._store.activity.noted_in(message.channel, message.seq)
        return notified(texts, message.author)


def _toggled(reactions: dict[str, list[str]], frame: React, member: str) -> dict[str, list[str]]:
    after = {emoji: list(members) for emoji, members in reactions.items()}
    if frame.on:
        after.setdefault(frame.emoji, []).append(member)
    else:
        after[frame.emoji].remove(member)
    after = {emoji: members for emoji, members in after.items() if members}
    if frame.on and (len(after) > MAX_EMOJIS or sum(map(len, after.values())) > MAX_REACTIONS):
        raise LimitReached("This message has as many reactions as it may.")
    return after
