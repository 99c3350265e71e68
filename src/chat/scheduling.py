"""Messages that are sent later: who may have how many, what is kept of them, and how one becomes a message.

All of it happens in the writer's turn (`Conversation.in_turn_awaited`), so none changes while it is sent.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat.audience import Audience
from chat.changes import Author, Outcome
from chat.contents import texts_json
from chat.directory import Directory
from chat.posting import Posting, answered_message
from chat.unread import NOTHING_READ, count_unread, read_up_to
from errors import Forbidden, Internal, LimitReached, NotFound, WrongTime
from limits import MAX_SCHEDULED, SCHEDULED_AT_LEAST_MS, SCHEDULED_AT_MOST_MS
from sealing.keyring import Keyring, Sealed
from storage.headers import scheduled_header
from storage.scheduled import Scheduled
from storage.store import Store
from wire.changes import Send
from wire.scheduling import Reschedule, Schedule


class Scheduling:
    """Keeps members' messages until their time."""

    def __init__(
        self, store: Store, keyring: Keyring, directory: Directory, audience: Audience, posting: Posting
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._posting = posting

    async def add(self, member: str, frame: Schedule, *, now_ms: int) -> bool:
        """Keep a message until its time; False if that was asked before, whatever has become of it.

        Raises:
            WrongTime, NotFound, Archived, LimitReached.
            Forbidden: another message has the id, or the member was removed while they waited for their turn.
        """
        if not self._directory.has_member(member):
            raise Forbidden("You are no longer a member of this room.")
        if self._is_known(member, frame):
            return False
        self._audience.open_channel(member, frame.channel)
        _check_time(frame.at, now_ms)
        if sum(self._store.scheduled.counts(member)) >= MAX_SCHEDULED:
            raise LimitReached(f"You have scheduled {MAX_SCHEDULED} messages, which is the most: delete some first.")
        texts: dict[str, Any] = {"body": frame.body}
        if frame.reply_to is not None:
            answered = answered_message(self._store, self._directory, self._audience, member, frame)
            texts |= {"reply_to": frame.reply_to, "reply_seq": answered.seq}
        if frame.mentions:
            texts["mentions"] = frame.mentions
        sealed = await self._seal(member, frame.channel, frame.id, texts, now_ms)
        self._store.scheduled.put(Scheduled(member, frame.id, frame.channel, frame.at, "", sealed))
        return True

    async def change(self, member: str, frame: Reschedule, *, now_ms: int) -> bool:
        """Give a scheduled message another text or time; with a new time, one that could not be sent waits again.

        False if it has them already: then nothing is stored.

        Raises:
            WrongTime, NotFound, Internal.
        """
        row = former = self._named(member, frame.id)
        if frame.at is not None and frame.at != row.due_at:
            _check_time(frame.at, now_ms)
            row = replace(row, due_at=frame.at, failed="")
        if frame.body is not None:
            known = await self._texts(row)
            if (known["body"], tuple(known.get("mentions", ()))) != (frame.body, frame.mentions):
                texts = {**known, "body": frame.body, "mentions": frame.mentions}
                row = replace(row, sealed=await self._seal(member, row.channel, row.id, texts, now_ms))
        if row is former:
            return False
        self._store.scheduled.put(row)
        return True

    async def listed(self, member: str) -> list[dict[str, Any]]:
        """A member's scheduled messages, the first to be sent first; those that do not open without a body."""
        rows = self._store.scheduled.of(member)
        opened = await self._keyring.open([(row.sealed, _header(row)) for row in rows])
        return [
            {
                **({} if text is None else json.loads(text)),
                "id": row.id,
                "channel": row.channel,
                "at": row.due_at,
                **({"failed": row.failed} if row.failed else {}),
            }
            for row, text in zip(rows, opened, strict=True)
        ]

    async def send(self, member: str, message_id: str, *, is_here: bool = True, now_ms: int) -> Outcome:
        """Post a scheduled message; it is posted and scheduled no more, or neither.

        Args:
            is_here: whether its author asks for it; else they need not have read what was said before it.
        Raises:
            NotFound: there is no such message any more, or the author sees its channel no longer.
            Archived, Forbidden, Internal.
        """
        row = self._named(member, message_id)
        frame = _frame(row, await self._texts(row))
        author = Author(member, self._directory.member(member).role)

        def also() -> None:
            self._store.scheduled.delete(member, message_id)
            if not is_here and not self.is_sent(member, message_id):
                self._keep_unread(member, row.channel)

        return await self._posting.send_one(author, frame, now_ms=now_ms, also=also)

    def _keep_unread(self, member: str, channel_id: str) -> None:
        """Let what a member has not read count on behind their next message, as if they had marked it unread."""
        channel = self._audience.channel(member, channel_id)
        read = read_up_to(member, [channel], self._directory, self._store)
        if count_unread(member, [channel], read, self._store)[channel_id]:
            seq, position, _ = read.get(channel_id, NOTHING_READ)
            next_seq = self._directory.lane(channel_id).seq + 1
            self._store.reading.set_position(member, channel_id, seq, position, marked=next_seq)

    def is_due(self, member: str, message_id: str, now_ms: int) -> bool:
        """Whether a message still waits, and its time has come."""
        row = self._store.scheduled.get(member, message_id)
        return row is not None and not row.failed and row.due_at <= now_ms

    def is_sent(self, member: str, message_id: str) -> bool:
        """Whether a message of the member that was scheduled is posted already."""
        return any(message.author == member for message in self._store.messages.named(message_id))

    def _is_known(self, member: str, frame: Schedule) -> bool:
        if self._store.scheduled.get(member, frame.id) is not None:
            return True
        posted = self._store.messages.get(frame.id, self._audience.lane(member, frame.channel).id)
        if posted is not None and posted.author != member:
            raise Forbidden("This id belongs to another message.")
        return posted is not None

    def _named(self, member: str, message_id: str) -> Scheduled:
        row = self._store.scheduled.get(member, message_id)
        if row is None:
            raise NotFound("There is no such scheduled message.")
        return row

    async def _texts(self, row: Scheduled) -> dict[str, Any]:
        (text,) = await self._keyring.open([(row.sealed, _header(row))])
        if text is None:
            raise Internal
        return dict(json.loads(text))

    async def _seal(self, member: str, channel: str, message_id: str, texts: Mapping[str, Any], now_ms: int) -> Sealed:
        header = scheduled_header(member, channel, message_id)
        (sealed,) = await self._keyring.seal([(texts_json(texts).encode(), header)], now_ms=now_ms)
        return sealed


def _header(row: Scheduled) -> Any:
    return scheduled_header(row.member, row.channel, row.id)


def _frame(row: Scheduled, texts: Mapping[str, Any]) -> Send:
    mentions = tuple(texts.get("mentions", ()))
    frame = Send(row.id, row.id, row.channel, texts["body"], texts.get("reply_to"), mentions)
    frame.reply_seq = texts.get("reply_seq")
    return frame


def _check_time(at: int, now_ms: int) -> None:
    if at < now_ms + SCHEDULED_AT_LEAST_MS:
        raise WrongTime("at is over, or less than a minute ahead.")
    if at > now_ms + SCHEDULED_AT_MOST_MS:
        raise WrongTime("at is more than a year ahead.")
