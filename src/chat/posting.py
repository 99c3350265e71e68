"""New messages: checked, sealed, numbered and stored together, each exactly once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.attachments import Attachments
from chat.audience import Audience
from chat.changes import Author, Event, Outcome, Posted, Request, require_member
from chat.contents import ANSWERED, notified, shown, texts_json
from chat.directory import Directory
from chat.ledger import Ledger
from errors import ChatError, Forbidden, Malformed, NotFound
from sealing.keyring import Header, Keyring, Sealed
from storage.database import NotUnique
from storage.messages import Message, NewMessage
from storage.store import Store
from wire.changes import Send
from wire.writing import error_frame

Asked = tuple[Request, Send]
"""A request for a message, and its frame."""


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class _Draft:
    """A new message that passed all checks and is not sealed yet."""

    seq: int
    frame: Send
    author: str
    texts: dict[str, Any]
    notified: frozenset[str]


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
        answers, drafts = self._drafts(asked, {})
        try:
            outcome = await self._post(drafts, now_ms)
        except NotUnique:  # somebody repeats a message whose answer was lost: too rare to search before every post
            stored = self._store.messages.sent_before([frame.id for _, frame in asked])
            answers, drafts = self._drafts(asked, stored)  # an earlier refusal may not hold any more
            outcome = await self._post(drafts, now_ms)
        outcome.answers = _acknowledged(asked, answers, drafts, now_ms)
        return outcome

    def _drafts(
        self, asked: Sequence[Asked], stored: Mapping[str, Message]
    ) -> tuple[list[str | None], Sequence[_Draft]]:
        """The new messages among these, and an answer to each that is refused or in `stored`; "" to the others."""
        drafts: dict[str, _Draft] = {}
        answers: list[str | None] = [""] * len(asked)
        for place, (request, frame) in enumerate(asked):
            author = request.author
            try:
                if frame.id in stored:
                    answers[place] = _repeated(frame, stored[frame.id], author)
                elif frame.id not in drafts:
                    drafts[frame.id] = self._draft(frame, author, drafts)
                elif drafts[frame.id].author != author.member:
                    raise Forbidden("This id belongs to another message.")
            except ChatError as refusal:
                answers[place] = self._refused(frame, author, refusal)
        return answers, list(drafts.values())

    def _draft(self, frame: Send, author: Author, earlier: Mapping[str, _Draft]) -> _Draft:
        require_member(author, self._directory)
        self._audience.open_channel(author.member, frame.channel)
        mentions = [member for member in frame.mentions if self._audience.may_see(member, frame.channel)]
        texts: dict[str, Any] = {"body": frame.body}
        if frame.reply_to is not None:
            reply_seq, answered = self._answered(frame, earlier)
            texts |= {"reply_to": frame.reply_to, "reply_seq": reply_seq}
            if self._audience.may_see(answered, frame.channel):
                texts[ANSWERED] = answered
        if mentions:
            texts["mentions"] = mentions
        if frame.shown_as:
            texts["shown_as"] = frame.shown_as
        if frame.files:
            self._check_files(frame, author, earlier)
            texts["files"] = [file.shown for file in frame.files]
        seq = self._directory.seq + 1 + len(earlier)
        return _Draft(
            seq, frame, author.member, texts, frozenset(self._audience.readers(notified(texts, author.member)))
        )

    def _check_files(self, frame: Send, author: Author, earlier: Mapping[str, _Draft]) -> None:
        self._attachments.check(frame.files, author.member, frame.channel)
        taken = {file.id for draft in earlier.values() for file in draft.frame.files}
        if not taken.isdisjoint(file.id for file in frame.files):
            raise Malformed("files: one of them is part of another message.")

    def _answered(self, frame: Send, earlier: Mapping[str, _Draft]) -> tuple[int, str]:
        """`seq` and author of the message that this one answers; that message may have arrived together with it."""
        draft = earlier.get(frame.reply_to or "")
        if draft is not None and draft.frame.channel == frame.channel:
            return draft.seq, draft.author
        answered = self._store.messages.get(frame.reply_to or "")
        if answered is None or answered.channel != frame.channel:
            raise NotFound("There is no such message to reply to in this channel.")
        return answered.seq, answered.author

    def _refused(self, frame: Send, author: Author, refusal: ChatError) -> str:
        """The refusal; but if the message was posted before, that result is the answer."""
        stored = self._store.messages.get(frame.id)
        try:
            return error_frame(refusal, frame.ref) if stored is None else _repeated(frame, stored, author)
        except ChatError as other:
            return error_frame(other, frame.ref)

    async def _post(self, drafts: Sequence[_Draft], now_ms: int) -> Outcome:
        texts = [texts_json(draft.texts) for draft in drafts]
        items = [
            (text.encode(), Header("message", draft.frame.channel, draft.author, draft.frame.id, draft.seq, now_ms))
            for draft, text in zip(drafts, texts, strict=True)
        ]
        sealed = await self._keyring.seal(items, now_ms=now_ms)
        messages = self._numbered(drafts, sealed, now_ms)
        self._ledger.append(messages, _mentions(drafts))
        events, posted = [], []
        for draft, message, text in zip(drafts, messages, texts, strict=True):
            seen = text if ANSWERED not in draft.texts else texts_json(shown(draft.texts))
            events.append(_event(message, seen))
            posted.append(Posted(message.channel, message.seq, message.author, draft.notified))
        return Outcome([], events, posted)

    def _numbered(self, drafts: Sequence[_Draft], sealed: Sequence[Sealed], now_ms: int) -> list[NewMessage]:
        positions: dict[str, int] = {}
        messages = []
        for draft, text in zip(drafts, sealed, strict=True):
            channel = draft.frame.channel
            position = positions.get(channel, self._directory.channels[channel].last_position) + 1
            positions[channel] = position
            message = NewMessage(channel, draft.seq, position, draft.frame.id, draft.author, now_ms, text)
            if draft.frame.files:
                message.files = tuple(file.id for file in draft.frame.files)
            messages.append(message)
        return messages


def _mentions(drafts: Sequence[_Draft]) -> list[tuple[str, str, int]]:
    return [(member, draft.frame.channel, draft.seq) for draft in drafts for member in sorted(draft.notified)]


def _acknowledged(
    asked: Sequence[Asked], answers: Sequence[str | None], drafts: Sequence[_Draft], now_ms: int
) -> list[str | None]:
    """All answers, with those to new messages: both times if one came twice; None if the event is the answer."""
    seqs = {draft.frame.id: draft.seq for draft in drafts}
    return [
        answer or (_ack(frame.ref, seqs[frame.id], now_ms) if request.wants_ack else None)
        for (request, frame), answer in zip(asked, answers, strict=True)
    ]


def _repeated(frame: Send, message: Message, author: Author) -> str:
    if message.author != author.member:
        raise Forbidden("This id belongs to another message.")
    return _ack(frame.ref, message.seq, message.sent_at)


def _ack(ref: str, seq: int, sent_at: int) -> str:
    # Built by hand, because every message has one: nothing in an id needs escaping.
    return f'{{"type":"ack","ref":"{ref}","seq":{seq},"sent_at":{sent_at}}}'


def _event(message: NewMessage, texts: str) -> Event:
    """The event of a message, built by hand like `_ack`; its texts are already a JSON object."""
    place = f'"id":"{message.id}","channel":"{message.channel}","author":"{message.author}"'
    text = f'{{"seq":{message.seq},"kind":"message",{place},"sent_at":{message.sent_at},{texts[1:]}'
    return Event(message.seq, message.channel, text)
