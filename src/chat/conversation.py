"""The room's one writer: takes people's changes in order, and combines their results.

Changes that arrive together are committed together: adjacent messages with one statement, each other change by itself,
all in order. A refusal affects one change only. Everything is in storage before an answer or event is returned, so the
shell can send them at once (docs/architecture.md, "The way of a message").
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from chat.attachments import Attachments
from chat.audience import Audience
from chat.audit import Audit, Noted, nothing
from chat.changes import Event, Outcome, Request, at_present, require_member, together
from chat.converting import Converting
from chat.directory import Directory
from chat.importing import Importing
from chat.indexing import Indexing
from chat.lane_loading import Lanes
from chat.ledger import Ledger
from chat.managing import Managing
from chat.pinning import Pinning
from chat.polling import Polling
from chat.posting import Posting
from chat.private import Private
from chat.profiles import Profiles
from chat.renaming import Renaming
from chat.revising import Revising
from chat.scheduling import Scheduling
from errors import ChatError
from sealing.keyring import Keyring
from storage.store import Store
from wire.changes import (
    CreateChannel,
    Delete,
    DeleteChannel,
    Edit,
    PinMessage,
    React,
    RemoveMember,
    Send,
    UpdateChannel,
)
from wire.importing import Import
from wire.lanes import PRIVATE, AddMembers, LeaveChannel, OpenDirect, PartMember, SetKeeper
from wire.polls import ClosePoll, Vote
from wire.profiles import UpdateProfile, UpdateRoom
from wire.writing import error_frame

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the room itself, and the function that stores what belongs to it; `write` may still refuse."""

    event: dict[str, Any]
    author: str
    write: Callable[[], None]


class Conversation:
    """Posts, edits, deletes, reacts and manages."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        lanes: Lanes,
        attachments: Attachments,
        index: Indexing,
    ) -> None:
        self._directory = directory
        self._lanes = lanes
        self._ledger = Ledger(store, keyring, directory)
        self.audit = Audit(store, keyring, directory)
        self._posting = Posting(store, keyring, directory, audience, attachments, self._ledger)
        self.scheduling = Scheduling(store, keyring, directory, audience, self._posting)
        self._revising = Revising(store, keyring, directory, audience, self._ledger, index, self.audit)
        self._pinning = Pinning(store, audience, self._ledger)
        self._polling = Polling(store, keyring, audience, self._ledger, self.audit)
        self._importing = Importing(store, keyring, directory, audience, attachments, self._ledger, self.audit)
        self._managing = Managing(store, directory, audience, lanes, self._ledger, self.audit)
        renaming = Renaming(store, keyring, directory)
        self._profiles = Profiles(store, directory, self._ledger, self.audit, renaming)
        self._private = Private(store, keyring, directory, audience, lanes, self._ledger)
        self._converting = Converting(directory, audience, self._ledger, self._managing, self._private, self.audit)
        self._turn = asyncio.Lock()  # one commit at a time: sealing is awaited, and no `seq` may be given twice

    async def commit(self, requests: Sequence[Request], *, now_ms: int) -> Outcome:
        """Make changes that arrived together, in their order.

        Refusals are answers. A bug or failing storage ends the commit and becomes the outcome's `failure`. Changes that
        were stored before it stay, and the others get the answer "".
        """
        parts: list[Outcome] = []
        async with self._turn:
            try:
                for is_send, run in groupby(requests, lambda request: isinstance(request.frame, Send)):
                    if is_send:
                        sends = [(request, request.frame) for request in run if isinstance(request.frame, Send)]
                        parts.append(await self._posting.send(sends, now_ms=now_ms))
                    else:
                        for request in run:  # one by one, so that a failure keeps the parts before it
                            parts.append(await self._change_or_refuse(request, now_ms))  # noqa: PERF401
            except Exception as failure:  # noqa: BLE001 (the shell logs it; the answers so far are still sent)
                parts.append(Outcome(failure=failure))
        outcome = together(parts)
        outcome.answers += [""] * (len(requests) - len(outcome.answers))
        return outcome

    async def record(
        self,
        event: dict[str, Any] | Callable[[], dict[str, Any]],
        *,
        channel: str = "",
        author: str = "",
        now_ms: int,
        about: int | None = None,
        write: Callable[[], None] = lambda: None,
        noting: Callable[[], Awaitable[Noted]] | None = None,
    ) -> Event:
        """Store an event of the room itself (a member came, old messages went) and call `write` in one transaction.

        Args:
            event: or what makes it once nothing else can happen before it; that may still refuse.
            about: the `seq` of the newest message that the event is about.
            noting: seals what an admin does by it.
        """
        async with self._turn:
            made = event() if callable(event) else event
            noted = nothing if noting is None else await noting()

            def write_all(*_: object) -> None:
                write()
                noted()

            return await self._ledger.record(
                made, channel=channel, author=author, now_ms=now_ms, about=about, write=write_all
            )

    async def in_turn(self, work: Callable[[], None]) -> None:
        """Do something between two commits, so that none of them is under way."""
        async with self._turn:
            work()

    async def in_turn_awaited(self, work: Callable[[], Awaitable[T]]) -> T:
        """As `in_turn`, for work that waits; commits wait for it."""
        async with self._turn:
            return await work()

    async def know_lanes(self, member: str) -> None:
        """Have all lanes in memory that a member sees."""
        await self._lanes.know(member)

    async def end_lanes(self, member: str, *, now_ms: int) -> list[Event]:
        """Take a member out of all private channels and conversations, because somebody else may have the name now."""
        await self._lanes.know(member)
        async with self._turn:
            return await self._private.end_of(member, now_ms=now_ms)

    async def record_in_turn(self, steps: Sequence[Step], *, now_ms: int) -> list[Event]:
        """As `record`, for events that belong together: nothing else happens between them."""
        async with self._turn:
            return [await self._record_step(step, now_ms) for step in steps]

    async def _record_step(self, step: Step, now_ms: int) -> Event:
        return await self._ledger.record(
            step.event, channel="", author=step.author, now_ms=now_ms, write=lambda _seq, _sealed: step.write()
        )

    async def _change_or_refuse(self, request: Request, now_ms: int) -> Outcome:
        try:
            return await self._change(request, now_ms)
        except ChatError as refusal:
            return Outcome([error_frame(refusal, request.frame.ref)])

    async def _change(self, request: Request, now_ms: int) -> Outcome:
        require_member(request.author, self._directory)
        request.author = at_present(request.author, self._directory)
        author, frame = request.author, request.frame
        match frame:
            case Edit():
                return await self._revising.edit(author, frame, now_ms=now_ms)
            case Delete():
                return await self._revising.delete(author, frame, now_ms=now_ms)
            case React():
                return await self._revising.react(author, frame, now_ms=now_ms)
            case PinMessage():
                return await self._pinning.pin(author, frame, now_ms=now_ms)
            case Vote():
                return await self._polling.vote(author, frame, now_ms=now_ms)
            case ClosePoll():
                return await self._polling.close(author, frame, now_ms=now_ms)
            case Import():
                return await self._importing.take(author, frame, now_ms=now_ms)
            case CreateChannel() if frame.kind == PRIVATE:
                return await self._private.create(request, frame, now_ms=now_ms)
            case OpenDirect():
                return await self._private.open_direct(author, frame, now_ms=now_ms)
            case AddMembers():
                return await self._private.add(author, frame, now_ms=now_ms)
            case PartMember():
                return await self._private.remove(author, frame, now_ms=now_ms)
            case LeaveChannel():
                return await self._private.leave(author, frame, now_ms=now_ms)
            case SetKeeper():
                return await self._private.set_keeper(author, frame, now_ms=now_ms)
            case CreateChannel():
                return await self._managing.create_channel(request, frame, now_ms=now_ms)
            case UpdateChannel() if "kind" in frame.changes:
                return await self._converting.convert(request, frame, now_ms=now_ms)
            case UpdateChannel():
                return await self._managing.update_channel(author, frame, now_ms=now_ms)
            case DeleteChannel():
                return await self._managing.delete_channel(author, frame, now_ms=now_ms)
            case RemoveMember():
                return await self._managing.remove_member(author, frame, now_ms=now_ms)
            case UpdateRoom():
                return await self._profiles.update_room(request, frame, now_ms=now_ms)
            case UpdateProfile():
                return await self._profiles.update_profile(request, frame, now_ms=now_ms)
        raise AssertionError(f"{type(frame).__name__} is no change")
