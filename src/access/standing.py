"""What everybody sees of a member besides the name: the role, and whether the name is secured.

A member is secured who has a recovery code or a passkey. A secured name is never free, and only its own credentials,
its own devices or an admin's explicit word let somebody in under it (access/claims.py).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from access.sessions import Sessions
from chat.audience import Audience
from chat.audit import Noted, nothing
from chat.changes import Event
from chat.conversation import Conversation
from chat.directory import ADMIN, MEMBER, Directory, Member
from chat.lane_frames import gone
from chat.quiet import Quiets
from errors import Unauthenticated
from storage.store import Store


class Standing:
    """Keeps what is seen of members true to what is stored, and tells everybody when it changes."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        audience: Audience,
        conversation: Conversation,
        sessions: Sessions,
        quiets: Quiets,
    ) -> None:
        self._store = store
        self._audience = audience
        self._directory = directory
        self._conversation = conversation
        self._sessions = sessions
        self._quiets = quiets

    async def settle_role(self, member: Member, *, now_ms: int) -> list[Event]:
        """Show a member as admin while one of their sessions is an admin's; returns the events to announce.

        Who read along in all lanes as an admin loses those that are not theirs.
        """
        roles = {session.role for session in self._sessions.live(member.id, now_ms=now_ms)}
        role = ADMIN if ADMIN in roles else MEMBER
        if role == member.role:
            return []
        noted = await self.noted_admin(replace(member, role=role), now_ms=now_ms)

        def write() -> None:
            self._store.members.set_role(member.id, role)
            noted()

        try:
            event = await self._tell(member, "role", now_ms, write, role=role)
        except Unauthenticated:  # removed meanwhile, and with that no admin
            return []
        before = self._audience.lanes_of(member.id)
        self._directory.members[member.id].role = role
        left = [] if role == ADMIN else [lane for lane in before if member.id not in lane.audience]
        return [event, *(gone(lane, [member.id]) for lane in left)]

    async def noted_admin(self, member: Member, *, now_ms: int) -> Noted:
        """What stores that somebody becomes an admin, if they do: they have proved the admins' password."""
        return await self._conversation.audit.by(member, "admin", now_ms=now_ms) if member.role == ADMIN else nothing

    async def tell_new_device(self, member: Member, *, now_ms: int) -> Event:
        """Tell everybody that somebody has signed in under this name on another device.

        Raises:
            Unauthenticated: the member was removed meanwhile.
        """
        return await self._tell(member, "new_device", now_ms)

    async def change_credentials(
        self, member: Member, write: Callable[[], None], *, secured: bool, now_ms: int
    ) -> list[Event]:
        """Store a change of a member's code or passkeys, after which the member is secured or not.

        Returns the event to announce, if others see a change.

        Raises:
            Unauthenticated: the member was removed meanwhile.
        """

        def write_of_member() -> None:
            if not self._directory.has_member(member.id):
                raise Unauthenticated("Please sign in.")
            write()

        if member.secured is secured:
            self._store.transaction(write_of_member)
            return []
        event = await self._tell(member, "secured", now_ms, write_of_member, secured=secured)
        self._directory.members[member.id].secured = secured
        return [event]

    async def take_over(self, member: Member, *, now_ms: int) -> list[Event]:
        """End the member's lanes, credentials and quiet hours, and what they have saved, scheduled and begun.

        An admin has let in somebody else.
        """
        self._store.saved.delete_all(member.id)
        self._quiets.forget(member.id)
        await self._conversation.in_turn(lambda: self._forget_unsent(member.id))  # some may be on its way
        events = await self._conversation.end_lanes(member.id, now_ms=now_ms)
        return events + (await self.end_credentials(member, now_ms=now_ms) if member.secured else [])

    def _forget_unsent(self, member: str) -> None:
        self._store.scheduled.delete_all(member)
        self._store.drafts.delete_all(member)

    async def end_credentials(self, member: Member, *, now_ms: int) -> list[Event]:
        """End a member's recovery code and passkeys."""

        def delete() -> None:
            self._store.recovery_codes.delete(member.id)
            self._store.passkeys.delete_of(member.id)

        return await self.change_credentials(member, delete, secured=False, now_ms=now_ms)

    async def _tell(
        self,
        member: Member,
        reason: str,
        now_ms: int,
        write: Callable[[], None] = lambda: None,
        **changed: Any,
    ) -> Event:
        """Store an event that shows the member as they are when it is stored, with what `write` changes.

        Raises:
            Unauthenticated: the member was removed meanwhile.
        """

        def event() -> dict[str, Any]:
            if not self._directory.has_member(member.id):
                raise Unauthenticated("Please sign in.")
            shown = replace(self._directory.member(member.id), **changed).public()
            return {"kind": "member", "member": shown, "reason": reason}

        return await self._conversation.record(event, author=member.id, now_ms=now_ms, write=write)
