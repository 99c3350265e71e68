"""The room's one writer: what people change, checked, sealed, numbered, stored, and told.

Changes that arrive together are committed together: messages in a row with one statement, each other change by
itself, all in order. A refusal concerns one change only. Everything is in storage before an answer or event is
returned, so whoever sends them can send them at once (docs/architecture.md, "The way of a message").

Longer than most files because every change passes the one lock and the one counter that are here.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from chat.directory import GENERAL, Channel, Directory
from encoding import compact_json
from errors import ChatError, Forbidden, LimitReached, NameTaken, NotFound
from limits import MAX_CHANNELS, MAX_EMOJIS, MAX_REACTIONS
from sealing.keyring import Header, Keyring, Sealed
from storage.changes import Change as ChangeRow
from storage.database import NotUnique
from storage.messages import Message, NewMessage
from storage.store import Store
from text.emoji import merged
from text.names import folded
from wire.changes import (
    Change,
    CreateChannel,
    Delete,
    DeleteChannel,
    Edit,
    React,
    RemoveMember,
    Send,
    UpdateChannel,
    UpdateRoom,
)
from wire.writing import error_frame

ADMIN = "admin"
ANSWERED = "answered"
"""Sealed with a reply, and told nobody: who wrote what it answers, which may be gone when the reply is deleted."""


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Author:
    """Who asks, as the session in storage says."""

    member: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether the session proved the admins' password."""
        return self.role == ADMIN


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Request:
    """One change that somebody asks for, with the id that a new channel would get.

    Without `wants_ack` the event of a new message is its answer.
    """

    author: Author
    frame: Change
    fresh_id: str
    wants_ack: bool = True


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class Posted:
    """A new message was stored, which mentions or answers `notified`."""

    channel: str
    seq: int
    author: str
    notified: frozenset[str]


@dataclass(slots=True)
class Outcome:
    """What came of changes: an answer to each, events in order of `seq`, who was removed.

    An answer is "" until there is one, and None where the event is all the answer that is wanted.
    """

    answers: list[str | None]
    events: list[str] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    removed_members: list[str] = field(default_factory=list)
    clean_up_is_due: bool = False


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class _Draft:
    """A new message that was found good, not yet sealed."""

    place: int
    seq: int
    frame: Send
    author: str
    texts: dict[str, Any]
    notified: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the room itself, and what is stored together with it; `write` may still refuse."""

    event: dict[str, Any]
    author: str
    write: Callable[[], None]


class Conversation:
    """What posting, editing, deleting, reacting and managing lead to."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._turn = asyncio.Lock()  # one commit at a time: sealing is awaited, and `seq` must not be given twice

    async def commit(self, requests: Sequence[Request], outcome: Outcome, *, now_ms: int) -> None:
        """Take changes that arrived together, in their order, and fill in what came of them.

        Refusals are answers; only bugs and a failing storage raise, and then what `outcome` already holds stands.
        """
        async with self._turn:
            for is_send, run in groupby(range(len(requests)), lambda place: isinstance(requests[place].frame, Send)):
                places = list(run)
                if is_send:
                    await self._commit_sends(requests, places, outcome, now_ms)
                else:
                    for place in places:
                        await self._commit_change(requests[place], place, outcome, now_ms)

    async def record(
        self,
        event: dict[str, Any],
        *,
        channel: str = "",
        author: str = "",
        now_ms: int,
        write: Callable[[], None] = lambda: None,
    ) -> tuple[int, str]:
        """Store an event of the room itself (a member came, old messages went) together with what `write` stores.

        Returns:
            its `seq` and its JSON text for the `events` frame.
        """
        async with self._turn:
            return await self._record(
                event, channel=channel, author=author, now_ms=now_ms, write=lambda _seq, _sealed: write()
            )

    async def record_in_turn(self, steps: Sequence[Step], *, now_ms: int) -> list[str]:
        """As `record`, for events that belong together: nothing happens between them."""
        async with self._turn:
            return [await self._record_step(step, now_ms) for step in steps]

    async def _record_step(self, step: Step, now_ms: int) -> str:
        _, text = await self._record(
            step.event, channel="", author=step.author, now_ms=now_ms, write=lambda _seq, _sealed: step.write()
        )
        return text

    # --- new messages ---

    async def _commit_sends(
        self, requests: Sequence[Request], places: Sequence[int], outcome: Outcome, now_ms: int
    ) -> None:
        frames = {place: frame for place in places if isinstance(frame := requests[place].frame, Send)}
        drafts = self._drafts(requests, frames, {}, outcome)
        try:
            messages = await self._post(drafts, outcome, now_ms)
        except NotUnique:  # somebody repeats a message whose answer was lost; so seldom that it is looked for only now
            stored = self._store.messages.sent_before([frame.id for frame in frames.values()])
            for place in places:
                outcome.answers[place] = ""  # what was refused beside it may be good now
            drafts = self._drafts(requests, frames, stored, outcome)
            messages = await self._post(drafts, outcome, now_ms)
        self._acknowledge(requests, frames, messages, outcome)

    async def _post(self, drafts: Sequence[_Draft], outcome: Outcome, now_ms: int) -> Sequence[NewMessage]:
        texts = [_texts_json(draft.texts) for draft in drafts]
        items = [
            (text.encode(), Header("message", draft.frame.channel, draft.author, draft.frame.id, draft.seq, now_ms))
            for draft, text in zip(drafts, texts, strict=True)
        ]
        sealed = await self._keyring.seal(items, now_ms=now_ms)
        messages = self._numbered(drafts, sealed, now_ms)
        self._insert(drafts, messages)
        for draft, message, text in zip(drafts, messages, texts, strict=True):
            self._advance(message)
            outcome.events.append(_message_event(message, text if ANSWERED not in draft.texts else _told(draft.texts)))
            outcome.posted.append(Posted(message.channel, message.seq, message.author, draft.notified))
        return messages

    def _drafts(
        self, requests: Sequence[Request], frames: Mapping[int, Send], stored: Mapping[str, Message], outcome: Outcome
    ) -> list[_Draft]:
        """The new messages among these; what is refused or is in `stored` is answered here."""
        drafts: dict[str, _Draft] = {}
        for place, frame in frames.items():
            author = requests[place].author
            try:
                if frame.id in stored:
                    outcome.answers[place] = _repeated(frame, stored[frame.id], author)
                elif frame.id not in drafts:
                    drafts[frame.id] = self._draft(place, frame, author, drafts)
                elif drafts[frame.id].author != author.member:
                    raise Forbidden("This id belongs to another message.")
            except ChatError as refusal:
                outcome.answers[place] = self._refused(frame, author, refusal)
        return list(drafts.values())

    def _refused(self, frame: Send, author: Author, refusal: ChatError) -> str:
        """What could not be posted now may have been before, and then that is the answer."""
        stored = self._store.messages.get(frame.id)
        try:
            return error_frame(refusal, frame.ref) if stored is None else _repeated(frame, stored, author)
        except ChatError as other:
            return error_frame(other, frame.ref)

    def _draft(self, place: int, frame: Send, author: Author, earlier: Mapping[str, _Draft]) -> _Draft:
        self._require_member(author)
        self._directory.open_channel(frame.channel)
        mentions = [member for member in frame.mentions if self._directory.has_member(member)]
        texts: dict[str, Any] = {"body": frame.body}
        if frame.reply_to is not None:
            reply_seq, answered = self._answered(frame, earlier)
            texts |= {"reply_to": frame.reply_to, "reply_seq": reply_seq}
            if self._directory.has_member(answered):
                texts[ANSWERED] = answered
        if mentions:
            texts["mentions"] = mentions
        seq = self._directory.seq + 1 + len(earlier)
        return _Draft(place, seq, frame, author.member, texts, frozenset(_notified(texts, author.member)))

    def _answered(self, frame: Send, earlier: Mapping[str, _Draft]) -> tuple[int, str]:
        """`seq` and author of what a message replies to, which may have arrived together with it."""
        draft = earlier.get(frame.reply_to or "")
        if draft is not None and draft.frame.channel == frame.channel:
            return draft.seq, draft.author
        answered = self._store.messages.get(frame.reply_to or "")
        if answered is None or answered.channel != frame.channel:
            raise NotFound("There is no such message to reply to in this channel.")
        return answered.seq, answered.author

    def _numbered(self, drafts: Sequence[_Draft], sealed: Sequence[Sealed], now_ms: int) -> list[NewMessage]:
        positions: dict[str, int] = {}
        messages = []
        for draft, text in zip(drafts, sealed, strict=True):
            channel = draft.frame.channel
            position = positions.get(channel, self._directory.channels[channel].last_position) + 1
            positions[channel] = position
            messages.append(NewMessage(channel, draft.seq, position, draft.frame.id, draft.author, now_ms, text))
        return messages

    def _insert(self, drafts: Sequence[_Draft], messages: Sequence[NewMessage]) -> None:
        mentions = [
            (member, message.channel, message.seq)
            for draft, message in zip(drafts, messages, strict=True)
            for member in sorted(draft.notified)
        ]
        if len(messages) == 1 and not mentions:  # one statement is a transaction by itself
            self._store.messages.insert(messages)
        elif messages:
            self._store.transaction(lambda: self._insert_both(messages, mentions))

    def _insert_both(self, messages: Sequence[NewMessage], mentions: Sequence[tuple[str, str, int]]) -> None:
        self._store.messages.insert(messages)
        self._store.reading.insert_mentions(mentions)

    def _advance(self, message: NewMessage) -> None:
        channel = self._directory.channels[message.channel]
        channel.last_seq, channel.last_position, channel.last_author = message.seq, message.position, message.author
        if channel.tail is not None:
            channel.tail.append(message.seq, message.author)
        self._directory.seq = message.seq

    def _acknowledge(
        self, requests: Sequence[Request], frames: Mapping[int, Send], messages: Sequence[NewMessage], outcome: Outcome
    ) -> None:
        """Answer new messages, twice what was sent twice in this batch; whoever takes the event for it gets none."""
        stored = {message.id: message for message in messages}
        for place, frame in frames.items():
            if outcome.answers[place] == "":
                message = stored[frame.id]
                ack = _ack_message(frame.ref, message.seq, message.sent_at)
                outcome.answers[place] = ack if requests[place].wants_ack else None

    # --- every other change ---

    async def _commit_change(self, request: Request, place: int, outcome: Outcome, now_ms: int) -> None:
        try:
            outcome.answers[place] = await self._change(request, outcome, now_ms)
        except ChatError as refusal:
            outcome.answers[place] = error_frame(refusal, request.frame.ref)

    async def _change(self, request: Request, outcome: Outcome, now_ms: int) -> str:
        author, frame = request.author, request.frame
        self._require_member(author)
        match frame:
            case Edit():
                return await self._edit(author, frame, outcome, now_ms)
            case Delete():
                return await self._delete(author, frame, outcome, now_ms)
            case React():
                return await self._react(author, frame, outcome, now_ms)
            case CreateChannel():
                return await self._create_channel(request, frame, outcome, now_ms)
            case UpdateChannel():
                return await self._update_channel(author, frame, outcome, now_ms)
            case DeleteChannel():
                return await self._delete_channel(author, frame, outcome, now_ms)
            case RemoveMember():
                return await self._remove_member(author, frame, outcome, now_ms)
            case UpdateRoom():
                return await self._update_room(author, frame, outcome, now_ms)
        raise AssertionError(f"{type(frame).__name__} is no change")

    async def _edit(self, author: Author, frame: Edit, outcome: Outcome, now_ms: int) -> str:
        message = self._message(frame.id)
        if message.author != author.member:
            raise Forbidden("Only its author may edit a message.")
        self._directory.open_channel(message.channel)
        mentions = [member for member in frame.mentions if self._directory.has_member(member)]
        former = await self._texts(message)
        texts = {**former, "body": frame.body, "mentions": mentions}
        before = self._noted(message, former)
        if "reply_to" in former and ANSWERED not in former:  # of before that was sealed: whoever was not mentioned
            after = _notified(texts, message.author) | before - set(former.get("mentions", ()))
        else:
            after = _notified(texts, message.author)
        event = {"kind": "edit", "id": frame.id, "channel": message.channel, "edited_at": now_ms, "by": author.member}
        header = message_header("message", message)

        def revise(seq: int, sealed: Sequence[Sealed]) -> None:
            self._store.messages.edit(message, sealed[0], edited_at=now_ms, changed_seq=seq)
            self._store.reading.delete_mentions(sorted(before - after), message.channel, message.seq)
            self._store.reading.insert_mentions(
                (member, message.channel, message.seq) for member in sorted(after - before)
            )

        return await self._tell(
            frame.ref,
            event,
            author,
            outcome,
            now_ms,
            told={"body": frame.body, "mentions": mentions},
            seal=[(compact_json(texts).encode(), header)],
            write=revise,
        )

    async def _delete(self, author: Author, frame: Delete, outcome: Outcome, now_ms: int) -> str:
        message = self._store.messages.get(frame.id)
        if message is None:
            raise NotFound("There is no such message.")
        self._directory.channel(message.channel)
        if message.author != author.member and not author.is_admin:
            raise Forbidden("Only its author or an admin may delete a message.")
        if message.deleted_at is not None:
            return _ack(frame.ref, message.changed_seq)
        event = {"kind": "delete", "id": frame.id, "channel": message.channel, "by": author.member, "at": now_ms}
        noted = sorted(self._noted(message, await self._texts(message)))

        def erase(seq: int, _: Sequence[Sealed]) -> None:
            self._store.messages.erase(message, deleted_at=now_ms, changed_seq=seq)
            self._store.reading.delete_mentions(noted, message.channel, message.seq)

        answer = await self._tell(frame.ref, event, author, outcome, now_ms, write=erase)
        tail = self._directory.channels[message.channel].tail
        if tail is not None:
            tail.delete(message.seq)
        return answer

    async def _react(self, author: Author, frame: React, outcome: Outcome, now_ms: int) -> str:
        message = self._message(frame.id)
        self._directory.open_channel(message.channel)
        reactions = await self._reactions(message)
        if (author.member in reactions.get(frame.emoji, ())) == frame.on:
            return _ack(frame.ref, message.changed_seq)
        toggled = _toggled(reactions, frame, author.member)
        event = {
            "kind": "reaction",
            "id": frame.id,
            "channel": message.channel,
            "emoji": frame.emoji,
            "by": author.member,
            "on": frame.on,
        }
        header = message_header("reactions", message)
        return await self._tell(
            frame.ref,
            event,
            author,
            outcome,
            now_ms,
            seal=[(compact_json(toggled).encode(), header)],
            write=lambda seq, sealed: self._store.messages.set_reactions(message, sealed[0], changed_seq=seq),
        )

    async def _create_channel(self, request: Request, frame: CreateChannel, outcome: Outcome, now_ms: int) -> str:
        if len(self._directory.present_channels()) >= MAX_CHANNELS:
            raise LimitReached(f"A room has at most {MAX_CHANNELS} channels.")
        self._check_channel_name(frame.name)
        author = request.author
        channel = Channel(request.fresh_id, frame.name, frame.topic, author.member, now_ms)
        return await self._put_channel(frame.ref, channel, author, outcome, now_ms)

    async def _update_channel(self, author: Author, frame: UpdateChannel, outcome: Outcome, now_ms: int) -> str:
        channel = self._managed(frame.id, author)
        if "retention_days" in frame.changes and not author.is_admin:
            raise Forbidden("Only an admin may change how long messages are kept.")
        if frame.changes.get("name", channel.name) != channel.name:
            self._check_channel_name(frame.changes["name"], other_than=channel.id)
        changed = replace(channel, **frame.changes)
        if changed == channel:  # said twice: nothing to store and nobody to tell
            return _ack(frame.ref, self._directory.seq, channel=channel.id)
        return await self._put_channel(frame.ref, changed, author, outcome, now_ms)

    async def _put_channel(
        self, ref: str | None, channel: Channel, author: Author, outcome: Outcome, now_ms: int
    ) -> str:
        answer = await self._tell(
            ref,
            {"kind": "channel", "channel": channel.public(), "by": author.member},
            author,
            outcome,
            now_ms,
            about=channel.id,
            seal=[(channel.plaintext(), channel.header())],
            write=lambda _, sealed: self._store.channels.put(channel.row(sealed[0])),
        )
        self._directory.channels[channel.id] = channel
        outcome.clean_up_is_due |= channel.retention_days is not None
        return answer

    async def _delete_channel(self, author: Author, frame: DeleteChannel, outcome: Outcome, now_ms: int) -> str:
        channel = self._managed(frame.id, author)
        if channel.id == GENERAL:
            raise Forbidden("The room's first channel stays.")
        self._require_own_words(channel, author)
        deleted = replace(channel, deleted_at=now_ms)
        answer = await self._tell(
            frame.ref,
            {"kind": "channel_deleted", "channel": channel.id, "by": author.member},
            author,
            outcome,
            now_ms,
            about=channel.id,
            seal=[(deleted.plaintext(), deleted.header())],
            write=lambda _, sealed: self._store.channels.put(deleted.row(sealed[0])),
        )
        self._directory.channels[channel.id] = deleted
        outcome.clean_up_is_due = True
        return answer

    async def _remove_member(self, author: Author, frame: RemoveMember, outcome: Outcome, now_ms: int) -> str:
        self._require_admin(author)
        member = self._directory.member(frame.id)
        if member.id == author.member:
            raise Forbidden("To leave, sign out on your devices.")

        def remove(*_: object) -> None:
            if frame.ban:
                self._store.bans.put(member.id, now_ms)
            self._store.remove_member(member.id, now_ms)

        answer = await self._tell(
            frame.ref,
            {"kind": "member_removed", "member": member.id, "by": author.member},
            author,
            outcome,
            now_ms,
            write=remove,
        )
        member.removed_at, member.role = now_ms, "member"
        outcome.removed_members.append(member.id)
        return answer

    async def _update_room(self, author: Author, frame: UpdateRoom, outcome: Outcome, now_ms: int) -> str:
        self._require_admin(author)
        if frame.retention_days == self._directory.retention_days:
            return _ack(frame.ref, self._directory.seq)
        event = {"kind": "room", "retention_days": frame.retention_days, "by": author.member}
        answer = await self._tell(
            frame.ref,
            event,
            author,
            outcome,
            now_ms,
            write=lambda *_: self._store.facts.put("retention_days", frame.retention_days),
        )
        self._directory.retention_days = frame.retention_days
        outcome.clean_up_is_due = True
        return answer

    # --- what they share ---

    async def _tell(
        self,
        ref: str | None,
        event: dict[str, Any],
        author: Author,
        outcome: Outcome,
        now_ms: int,
        *,
        about: str | None = None,
        told: dict[str, Any] | None = None,
        seal: Sequence[tuple[bytes, Header]] = (),
        write: Callable[[int, Sequence[Sealed]], None],
    ) -> str:
        """Store a change and its event, note the event for everybody, and give the answer for the one who asked.

        Args:
            about: the channel that the answer names.
            told: what the event says beyond what is stored of it. A text is stored in its message's row only, so
                that erasing the message erases it.
        """
        seq, text = await self._record(
            event,
            channel=event["channel"] if isinstance(event.get("channel"), str) else "",
            author=author.member,
            now_ms=now_ms,
            seal=seal,
            write=write,
        )
        outcome.events.append(compact_json({"seq": seq, **event, **told}) if told else text)
        return _ack(ref, seq, channel=about)

    async def _record(
        self,
        event: dict[str, Any],
        *,
        channel: str,
        author: str,
        now_ms: int,
        seal: Sequence[tuple[bytes, Header]] = (),
        write: Callable[[int, Sequence[Sealed]], None],
    ) -> tuple[int, str]:
        seq = self._directory.seq + 1
        text = compact_json({"seq": seq, **event})
        item = (text.encode(), change_header(seq, channel, author))
        first, *rest = await self._keyring.seal([item, *seal], now_ms=now_ms)

        def store_both() -> None:
            self._store.changes.insert(ChangeRow(seq, now_ms, channel, author, first))
            write(seq, rest)

        self._store.transaction(store_both)
        self._directory.seq = seq
        return seq, text

    def _message(self, message_id: str) -> Message:
        """A message that still has its text."""
        message = self._store.messages.get(message_id)
        if message is None or message.deleted_at is not None:
            raise NotFound("There is no such message.")
        return message

    async def _texts(self, message: Message) -> dict[str, Any]:
        """What is sealed of a message; nothing of it where it does not open."""
        assert message.sealed is not None
        header = message_header("message", message)
        opened = (await self._keyring.open([(message.sealed, header)]))[0]
        return {} if opened is None else dict(json.loads(opened))

    def _noted(self, message: Message, texts: Mapping[str, Any]) -> set[str]:
        """For whom a mention was noted when this was stored, if not read since; what it answers may be gone."""
        if not texts or ("reply_to" in texts and ANSWERED not in texts):
            return self._store.reading.mentioned_in(message.channel, message.seq)
        return _notified(texts, message.author)

    async def _reactions(self, message: Message) -> dict[str, list[str]]:
        if message.reactions is None:
            return {}
        header = message_header("reactions", message)
        opened = (await self._keyring.open([(message.reactions, header)]))[0]
        return {} if opened is None else merged(json.loads(opened))

    def _managed(self, channel_id: str, author: Author) -> Channel:
        """The one door to managing a channel (name, topic, archive): its creator's and the admins'."""
        channel = self._directory.channel(channel_id)
        if channel.created_by != author.member and not author.is_admin:
            raise Forbidden("Only the channel's creator or an admin may do this.")
        return channel

    def _require_own_words(self, channel: Channel, author: Author) -> None:
        """Deleting a channel takes its messages along: others' only with an admin, though a creator manages it."""
        if not author.is_admin and self._store.positions.has_others(channel.id, channel.created_by):
            raise Forbidden("Others have written in this channel: only an admin may delete it.")

    def _require_member(self, author: Author) -> None:
        """Somebody may have been removed by a change that came just before, in the same batch."""
        if not self._directory.has_member(author.member):
            raise Forbidden("You are no longer a member of this room.")

    def _require_admin(self, author: Author) -> None:
        if not author.is_admin:
            raise Forbidden("Only an admin may do this.")

    def _check_channel_name(self, name: str, *, other_than: str | None = None) -> None:
        other = self._directory.channel_like(name, other_than=other_than)
        if other is not None:
            is_same = folded(other.name) == folded(name)
            raise NameTaken(
                "Another channel has this name." if is_same else "This name looks like that of another channel."
            )


def message_header(kind: str, message: Message) -> Header:
    """What a message's texts ("message") and its reactions ("reactions") are bound to."""
    return Header(kind, message.channel, message.author, message.id, message.seq, message.sent_at)


def change_header(seq: int, channel: str, author: str) -> Header:
    """What a stored event is bound to: its own place in the order, so two of them cannot be swapped."""
    return Header("change", channel, author, str(seq))


def _notified(texts: Mapping[str, Any], author: str) -> set[str]:
    """Whom a message with these texts mentions or answers, its author aside."""
    answered = {texts[ANSWERED]} if ANSWERED in texts else set()
    return ({*texts.get("mentions", ())} | answered) - {author}


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


def _repeated(frame: Send, message: Message, author: Author) -> str:
    if message.author != author.member:
        raise Forbidden("This id belongs to another message.")
    return _ack_message(frame.ref, message.seq, message.sent_at)


def _ack_message(ref: str, seq: int, sent_at: int) -> str:
    # Put together by hand, as there is one for each message: nothing in an id needs escaping.
    return f'{{"type":"ack","ref":"{ref}","seq":{seq},"sent_at":{sent_at}}}'


def _ack(ref: str | None, seq: int, *, channel: str | None = None) -> str:
    answer: dict[str, Any] = {"type": "ack", "ref": ref, "seq": seq}
    if channel is not None:
        answer["channel"] = channel
    return compact_json(answer)


def _texts_json(texts: Mapping[str, Any]) -> str:
    if len(texts) == 1:  # nearly always; the encoder takes a fifth of the time for a mere string
        return f'{{"body":{compact_json(texts["body"])}}}'
    return compact_json(texts)


def _told(texts: Mapping[str, Any]) -> str:
    """What everybody is told of a message's texts."""
    return _texts_json({name: text for name, text in texts.items() if name != ANSWERED})


def _message_event(message: NewMessage, texts: str) -> str:
    """The event of a message, of whose texts there is a JSON object already; as with `_ack_message`."""
    place = f'"id":"{message.id}","channel":"{message.channel}","author":"{message.author}"'
    return f'{{"seq":{message.seq},"kind":"message",{place},"sent_at":{message.sent_at},{texts[1:]}'
