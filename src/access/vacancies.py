"""Places in a full room, and when a former member is forgotten.

A room has MAX_MEMBERS places. When the room is full or its password has changed, members lose their place if they are
signed in nowhere and have nothing in the room, such as a message or a channel. A former member is forgotten when
nothing in the room names them any more.
"""

from collections.abc import Callable
from dataclasses import replace

from access.sessions import is_over
from chat.changes import Event
from chat.contents import VOTES, message_reactions, message_votes
from chat.conversation import Conversation
from chat.directory import Directory, Member
from errors import LimitReached, NameTaken, TooManyAttempts
from limits import (
    FULL_ROOM_LOOK_MS,
    MAX_MEMBERS,
    MEMBERS_DROPPED_AT_ONCE,
    NAMES_PER_ADDRESS,
    NAMES_WINDOW_MS,
    REACTIONS_LOOKED_THROUGH,
    SESSION_IDLE_MS,
)
from sealing.keyring import Keyring
from storage.attempts import Attempts
from storage.store import Store

JOINED = b"joined"
"""Stands before the digest of an address: this row of the table of attempts counts who came from there."""


class Vacancies:
    """Decides who keeps a place, and who is still known."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory, conversation: Conversation) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._conversation = conversation
        self._full_until = 0  # a cache: until this time in ms nobody searches for a free place again

    async def make_place(
        self, address: bytes, *, freed: int = 0, now_ms: int, is_online: Callable[[str], bool]
    ) -> list[Event]:
        """Make sure that somebody new may come from this address. Returns the events of members removed for it.

        Args:
            address: the keyed digest of the address that the login comes from.
            freed: how many places the login itself frees, by taking a member's name.
        Raises:
            TooManyAttempts: too many names have come from there today.
            LimitReached: every member is signed in or has something in the room.
        """
        joined = self._joined_today(address, now_ms)
        if joined.failures >= NAMES_PER_ADDRESS:
            wait_ms = joined.blocked_until - now_ms
            raise TooManyAttempts("Too many names have come from your network.", retry_after=wait_ms // 1_000 + 1)
        if len(self._directory.present_people()) - freed < MAX_MEMBERS:
            return []
        if now_ms < self._full_until:
            raise LimitReached("The room is full.")
        silent = self.silent(now_ms=now_ms, is_online=is_online)
        if not silent:
            self._full_until = now_ms + FULL_ROOM_LOOK_MS
            raise LimitReached("The room is full.")
        events = [event for member in silent for event in await self.remove(member, now_ms=now_ms)]
        if not events:
            raise LimitReached("The room is full.")
        return events

    def note_joined(self, address: bytes, *, now_ms: int) -> None:
        """Count one new member from this address."""
        joined = self._joined_today(address, now_ms)
        self._store.attempts.put(JOINED + address, replace(joined, failures=joined.failures + 1))

    def silent(self, *, now_ms: int, is_online: Callable[[str], bool]) -> list[Member]:
        """Members without a session, a message, a channel or a secured name: a batch, those not seen for longest first.

        It reads the authors of all messages, so call it only when a place is needed.
        """
        found = self._store.members.silent(now_ms, now_ms - SESSION_IDLE_MS, MEMBERS_DROPPED_AT_ONCE)
        return [self._directory.members[each] for each in found if not is_online(each)]

    async def remove(self, member: Member, *, now_ms: int) -> list[Event]:
        """Remove a member whom nobody asked to remove, unless they came back. The name becomes free, the messages stay.

        Returns the event; none if the member stays, or has been removed meanwhile.
        """

        def remove_who_is_away() -> None:
            is_back = any(not is_over(session, now_ms) for session in self._store.sessions.of(member.id))
            if member.removed_at is not None or member.secured or is_back:
                raise NameTaken("The member has come back.")
            self._store.remove_member(member.id, now_ms)

        event = {"kind": "member_removed", "member": member.id, "by": ""}
        try:
            recorded = await self._conversation.record(event, now_ms=now_ms, write=remove_who_is_away)
        except NameTaken:
            return []
        member.leave(now_ms)
        return [recorded]

    async def forget_former(self) -> list[str]:
        """Forget the former members whom no message, reaction, vote, channel, change or ban names; returns their ids.

        In the writer's turn: an import stores the people first, and then what they wrote.
        """
        return await self._conversation.in_turn_awaited(self._forget_former)

    async def _forget_former(self) -> list[str]:
        unnamed = {each for each in self._store.members.unnamed_former() if each in self._directory.members}
        if not unnamed:
            return []
        unnamed -= await self._who_took_part(max(self._directory.members[each].removed_at or 0 for each in unnamed))
        for member in unnamed:
            self._store.members.forget(member)
            del self._directory.members[member]
        return sorted(unnamed)

    def _joined_today(self, address: bytes, now_ms: int) -> Attempts:
        """The count of names from an address, stored as a row of attempts: `failures` is the count."""
        counted = self._store.attempts.get(JOINED + address)
        if counted is None or counted.blocked_until <= now_ms:
            return Attempts(failures=0, window_started_at=now_ms, blocked_until=now_ms + NAMES_WINDOW_MS, blocks=0)
        return counted

    async def _who_took_part(self, before_ms: int) -> set[str]:
        """The members who reacted to messages sent up to then, voted in them or closed them; all members, if too many
        texts would have to open.
        """
        messages = self._store.messages.reacted(before_ms, REACTIONS_LOOKED_THROUGH + 1)
        if len(messages) > REACTIONS_LOOKED_THROUGH:
            return set(self._directory.members)
        reactions = await message_reactions(messages, self._keyring)
        polls = await message_votes(messages, self._keyring)
        took_part = {each for reacted in reactions if reacted for who in reacted.values() for each in who}
        for poll in polls:
            if poll is not None:
                took_part |= {*poll[VOTES], *([poll["closed_by"]] if "closed_by" in poll else [])}
        return took_part
