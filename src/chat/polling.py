"""Polls: messages that ask for votes. Votes, and when a poll was closed, are one sealed text in its message's row.

So they go with the message, whoever or whatever erases it, and a vote costs what a reaction does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.audience import Audience
from chat.audit import Audit, Noted, nothing
from chat.changes import Author, Outcome, ack
from chat.contents import POLL, VOTES, message_texts, with_votes
from chat.ledger import Ledger
from chat.named import standing_message
from encoding import compact_json
from errors import Forbidden, LimitReached, Malformed, NotFound
from limits import MAX_VOTERS
from sealing.keyring import Keyring, Sealed
from storage.headers import message_header
from storage.messages import Message
from storage.store import Store
from wire.polls import ClosePoll, Vote


class Polling:
    """Takes votes and closes polls."""

    def __init__(self, store: Store, keyring: Keyring, audience: Audience, ledger: Ledger, audit: Audit) -> None:
        self._store = store
        self._keyring = keyring
        self._audience = audience
        self._ledger = ledger
        self._audit = audit

    async def vote(self, author: Author, frame: Vote, *, now_ms: int) -> Outcome:
        """Replace the member's vote, or take it back; a repetition changes nothing.

        Raises:
            NotFound: the member sees no such poll.
            Malformed: there is no such option, or only one may be chosen.
            Forbidden, Archived: the poll, or its channel, is closed.
            LimitReached: as many members have voted as may.
        """
        message, poll = await self._poll(author, frame)
        if any(option >= len(poll["options"]) for option in frame.options):
            raise Malformed("options holds one that the poll has not.")
        if len(frame.options) > 1 and not poll["multiple"]:
            raise Malformed("options: only one of this poll may be chosen.")
        if "closed_at" in poll:
            raise Forbidden("This poll is closed.")
        votes: dict[str, list[int]] = poll[VOTES]
        if tuple(votes.get(author.member, ())) == frame.options:
            return Outcome([ack(frame.ref, message.changed_seq)])
        if len(votes) >= MAX_VOTERS and author.member not in votes:
            raise LimitReached(f"A poll takes the votes of {MAX_VOTERS} members.")
        others = {member: chosen for member, chosen in votes.items() if member != author.member}
        voted = {**others, author.member: list(frame.options)} if frame.options else others
        about = {"id": frame.id, "channel": message.channel, "by": author.member}
        event = {"kind": "vote", **about, "options": list(frame.options)}
        return await self._enter(author, frame, message, event, {VOTES: voted}, now_ms)

    async def close(self, author: Author, frame: ClosePoll, *, now_ms: int) -> Outcome:
        """Close a poll for good; a repetition changes nothing.

        Raises:
            NotFound: as for a vote.
            Forbidden: neither the poll's author nor an admin asks.
        """
        message, poll = await self._poll(author, frame)
        if message.author != author.member and not author.is_admin:
            raise Forbidden("Only its author or an admin may close a poll.")
        if "closed_at" in poll:
            return Outcome([ack(frame.ref, message.changed_seq)])
        event = {"kind": "poll_closed", "id": frame.id, "channel": message.channel, "by": author.member, "at": now_ms}
        closed = {VOTES: poll[VOTES], "closed_at": now_ms, "closed_by": author.member}
        channel = self._audience.channel(author.member, message.channel)
        noted = await self._audit.by_moderator(author, "poll.close", message.author, channel, now_ms=now_ms)
        return await self._enter(author, frame, message, event, closed, now_ms, noted)

    async def _poll(self, author: Author, frame: Vote | ClosePoll) -> tuple[Message, dict[str, Any]]:
        message = standing_message(self._store, self._audience, author.member, frame.id, frame.channel)
        self._audience.open_channel(author.member, message.channel)
        texts = await message_texts([message], self._keyring)
        (shown,) = await with_votes([message], texts, self._keyring)
        if shown is None or POLL not in shown:
            raise NotFound("There is no such poll.")
        if VOTES not in shown[POLL]:
            raise NotFound("The votes of this poll do not open.")  # what was counted must not be lost by the next one
        return message, shown[POLL]

    async def _enter(
        self,
        author: Author,
        frame: Vote | ClosePoll,
        message: Message,
        event: dict[str, Any],
        votes: Mapping[str, Any],
        now_ms: int,
        noted: Noted = nothing,
    ) -> Outcome:
        def write(seq: int, sealed: Sequence[Sealed]) -> None:
            self._store.messages.set_votes(message, sealed[0], changed_seq=seq)
            noted()

        return await self._ledger.enter(
            frame.ref,
            event,
            author,
            now_ms=now_ms,
            seal=[(compact_json(votes).encode(), message_header("votes", message))],
            about=message.seq,
            write=write,
        )
