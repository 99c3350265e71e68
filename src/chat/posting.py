"""New messages: checked, sealed, numbered and stored together, each exactly once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.attachments import Attachments
from chat.audience import Audience
from chat.calling import called_by
from chat.changes import Author, Event, Outcome, Posted, Request, require_member
from chat.contents import ANSWERED, POLL, notified, shown, texts_json
from chat.directory import Directory
from chat.lane_frames import begun
from chat.lanes import Lane
from chat.ledger import Ledger
from encoding import compact_json
from errors import ChatError, Forbidden, Malformed, NotFound
from sealing.keyring import Header, Keyring, Sealed
from storage.activity import ANSWER, MENTION, Note
from storage.database import NotUnique
from storage.message_ids import Name
from storage.messages import Message, NewMessage
from storage.store import Store
from wire.changes import Send
from wire.scheduling import Schedule
from wire.writing import error_frame

Asked = tuple[Request, Send]
"""A request for a message, and its frame."""


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class _Draft:
    """A new message that passed all checks and is not sealed yet."""

    seq: int
    lane: Lane
    frame: Send
    author: str
    texts: dict[str, Any]
    notified: frozenset[str]
    called: tuple[str, ...]


class Posting:
    """Posts messages."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        attachments: Attachments,
        ledger: Ledger,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._attachments = attachments
        self._ledger = ledger

    async def send(self, asked: Sequence[Asked], *, now_ms: int) -> Outcome:
        """Post messages that arrived together, in their order."""
        names = [self._name(request.author, frame) for request, frame in asked]
        answers, drafts = self._drafts(asked, names, {})
        try:
            outcome = await self._post(drafts, now_ms)
        except NotUnique:  # somebody repeats a message whose answer was lost: too rare to search before every post
            stored = self._store.messages.sent_before(names)
            answers, drafts = self._drafts(asked, names, stored)  # an earlier refusal may not hold any more
            outcome = await self._post(drafts, now_ms)
        outcome.answers = _acknowledged(asked, names, answers, drafts, now_ms)
        return outcome

    async def send_one(self, author: Author, frame: Send, *, now_ms: int, also: Callable[[], None]) -> Outcome:
        """Post a message, and store what `also` writes in the same transaction; one that is posted stays as it is.

        Raises:
            NotFound, Archived, Forbidden.
        """
        stored = self._store.messages.get(*self._name(author, frame))
        if stored is not None:
            _repeated(frame, stored, author)
            also()
            return Outcome()
        return await self._post([self._draft(frame, author, {}, {})], now_ms, also)

    def _drafts(
        self, asked: Sequence[Asked], names: Sequence[Name], stored: Mapping[Name, Message]
    ) -> tuple[list[str | None], Sequence[_Draft]]:
        """The new messages among these, and an answer to each that is refused or in `stored`; "" to the others."""
        drafts: dict[Name, _Draft] = {}
        heads: dict[str, int] = {}
        answers: list[str | None] = [""] * len(asked)
        for place, ((request, frame), name) in enumerate(zip(asked, names, strict=True)):
            author = request.author
            try:
                if name in stored:
                    answers[place] = _repeated(frame, stored[name], author)
                elif name not in drafts:
                    drafts[name] = draft = self._draft(frame, author, drafts, heads)
                    heads[draft.lane.id] = draft.seq
                elif drafts[name].author != author.member:
                    raise Forbidden("This id belongs to another message.")
            except ChatError as refusal:
                answers[place] = self._refused(frame, name, author, refusal)
        return answers, list(drafts.values())

    def _name(self, author: Author, frame: Send) -> Name:
        """The message's id with its lane; that of the room for a channel which the author does not see."""
        return frame.id, self._audience.lane(author.member, frame.channel).id

    def _draft(self, frame: Send, author: Author, earlier: Mapping[Name, _Draft], heads: Mapping[str, int]) -> _Draft:
        require_member(author, self._directory)
        self._audience.open_channel(author.member, frame.channel)
        mentions = [member for member in frame.mentions if self._audience.will_see(member, frame.channel)]
        texts: dict[str, Any] = {"body": frame.body}
        if frame.reply_to is not None:
            reply_seq, answered = self._answered(frame, author, earlier)
            texts |= {"reply_to": frame.reply_to, "reply_seq": reply_seq}
            if self._audience.will_see(answered, frame.channel):
                texts[ANSWERED] = answered
        if mentions:
            texts["mentions"] = mentions
        if frame.shown_as:
            texts["shown_as"] = frame.shown_as
        if frame.files:
            self._check_files(frame, author, earlier)
            texts["files"] = [file.shown for file in frame.files]
        if frame.poll:
            texts[POLL] = frame.poll.shown
        lane = self._directory.lane(frame.channel)
        seq = heads.get(lane.id, lane.seq) + 1
        concerned = frozenset(self._audience.readers(notified(texts, author.member)))
        called = called_by(author.member, texts, self._directory)
        return _Draft(seq, lane, frame, author.member, texts, concerned, called)

    def _check_files(self, frame: Send, author: Author, earlier: Mapping[Name, _Draft]) -> None:
        self._attachments.check(frame.files, author.member, frame.channel)
        taken = {file.id for draft in earlier.values() for file in draft.frame.files}
        if not taken.isdisjoint(file.id for file in frame.files):
            raise Malformed("files: one of them is part of another message.")

    def _answered(self, frame: Send, author: Author, earlier: Mapping[Name, _Draft]) -> tuple[int, str]:
        """`seq` and author of the message that this one answers; that message may have arrived together with it."""
        name = frame.reply_to or "", self._directory.lane(frame.channel).id
        draft = earlier.get(name)
        if draft is not None and draft.frame.channel == frame.channel:
            return draft.seq, draft.author
        try:
            answered = answered_message(self._store, self._directory, self._audience, author.member, frame)
        except NotFound:
            if frame.reply_seq is None:
                raise
            return frame.reply_seq, ""  # shown like a deleted one
        return answered.seq, answered.author

    def _refused(self, frame: Send, name: Name, author: Author, refusal: ChatError) -> str:
        """The refusal; but if the message was posted before, that result is the answer."""
        stored = self._store.messages.get(*name)
        try:
            return error_frame(refusal, frame.ref) if stored is None else _repeated(frame, stored, author)
        except ChatError as other:
            return error_frame(other, frame.ref)

    async def _post(self, drafts: Sequence[_Draft], now_ms: int, also: Callable[[], None] | None = None) -> Outcome:
        texts = [texts_json(draft.texts) for draft in drafts]
        items = [
            (text.encode(), Header("message", draft.frame.channel, draft.author, draft.frame.id, draft.seq, now_ms))
            for draft, text in zip(drafts, texts, strict=True)
        ]
        sealed = await self._keyring.seal(items, now_ms=now_ms)
        messages = self._numbered(drafts, sealed, now_ms)
        notes = _notes(drafts, now_ms)
        self._ledger.append(messages, notes, also)
        events: list[Event] = []
        posted = []
        for draft, message, text in zip(drafts, messages, texts, strict=True):
            seen = text if ANSWERED not in draft.texts else texts_json(shown(draft.texts))
            if draft.lane.id:
                events += begun(draft.lane, message, self._directory)
            events.append(_event(message, seen, draft.lane))
            posted.append(Posted(message.channel, message.seq, message.author, draft.notified, draft.called))
        return Outcome([], events, posted, noted=notes)

    def _numbered(self, drafts: Sequence[_Draft], sealed: Sequence[Sealed], now_ms: int) -> list[NewMessage]:
        positions: dict[str, int] = {}
        messages = []
        for draft, text in zip(drafts, sealed, strict=True):
            channel = draft.frame.channel
            position = positions.get(channel, self._directory.place(channel).last_position) + 1
            positions[channel] = position
            message = NewMessage(
                channel, draft.seq, position, draft.frame.id, draft.author, now_ms, text, lane=draft.lane.id
            )
            answered = draft.texts.get("reply_seq", 0)
            if answered > self._directory.place(channel).purged_seq:  # else its row would outlive what it answers
                message.answered = answered
            if draft.frame.files:
                message.files = tuple(file.id for file in draft.frame.files)
            messages.append(message)
        return messages


def answered_message(
    store: Store, directory: Directory, audience: Audience, member: str, frame: Send | Schedule
) -> Message:
    """The message that a new one answers.

    Raises:
        NotFound: the member sees no such message in the channel.
    """
    answered = store.messages.get(frame.reply_to or "", directory.lane(frame.channel).id)
    is_here = answered is not None and answered.channel == frame.channel
    if answered is None or not is_here or answered.seq <= audience.since(member, frame.channel):
        raise NotFound("There is no such message to reply to in this channel.")
    return answered


def _notes(drafts: Sequence[_Draft], now_ms: int) -> list[Note]:
    """What is noted of new messages; the times of one member's are distinct, as pages begin at a time."""
    notes: list[Note] = []
    counts: Counter[str] = Counter()
    for draft in drafts:
        for member in sorted(draft.notified):
            kind = ANSWER if draft.texts.get(ANSWERED) == member else MENTION
            notes.append(Note(member, kind, now_ms + counts[member], draft.frame.channel, draft.seq))
            counts[member] += 1
    return notes


def _acknowledged(
    asked: Sequence[Asked],
    names: Sequence[Name],
    answers: Sequence[str | None],
    drafts: Sequence[_Draft],
    now_ms: int,
) -> list[str | None]:
    """All answers, with those to new messages: both times if one came twice; None if the event is the answer."""
    seqs = {(draft.frame.id, draft.lane.id): draft.seq for draft in drafts}
    return [
        answer or (_ack(frame, seqs[name], now_ms) if request.wants_ack else None)
        for (request, frame), name, answer in zip(asked, names, answers, strict=True)
    ]


def _repeated(frame: Send, message: Message, author: Author) -> str:
    if message.author != author.member:
        raise Forbidden("This id belongs to another message.")
    return _ack(frame, message.seq, message.sent_at)


def _ack(frame: Send, seq: int, sent_at: int) -> str:
    # Built by hand, because every message has one: nothing in an id needs escaping. That of a poll is any text.
    ref = frame.ref if frame.poll is None else compact_json(frame.ref)[1:-1]
    return f'{{"type":"ack","ref":"{ref}","seq":{seq},"sent_at":{sent_at}}}'


def _event(message: NewMessage, texts: str, lane: Lane) -> Event:
    """The event of a message, built by hand like `_ack`; its texts are already a JSON object."""
    place = f'"id":"{message.id}","channel":"{message.channel}","author":"{message.author}"'
    text = f'{{"seq":{message.seq},"kind":"message",{place},"sent_at":{message.sent_at},{texts[1:]}'
    if not lane.id:
        return Event(message.seq, message.channel, text)
    return Event(message.seq, message.channel, text, lane.id, lane.audience)
