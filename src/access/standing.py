"""What everybody sees of a member besides the name: the role, and whether the name is secured.

A member is secured who has a recovery code or a passkey. A secured name is never free, and only its own credentials,
its own devices or an admin's explicit word let somebody in under it (access/claims.py). So only a secured member can be
made an admin, and is none any more when the name is not secured any longer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from access.sessions import Sessions
from chat.audience import Audience
from chat.audit import Noted, nothing
from chat.changes import Author, Event, require_admin, require_member
from chat.conversation import Conversation
from chat.directory import ADMIN, MEMBER, Directory, Member
from chat.lane_frames import gone
from chat.quiet import Quiets
from errors import Forbidden, NotFound, Unauthenticated
from storage.store import Store
from wire.administration import SetRole


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
        role = self._role(member, now_ms)
        if role == member.role:
            return []
        if role != ADMIN and self._audience.supervised:
            await self._conversation.know_lanes(member.id)  # to know what they lose
        noted = await self.noted_admin(replace(member, role=role), now_ms=now_ms)

        def changed() -> dict[str, Any]:
            if self._role(member, now_ms) != role:
                raise Unauthenticated("Somebody was quicker.")
            return {"role": role}

        def write() -> None:
            self._store.members.set_role(member.id, role)
            noted()

        try:
            event = await self._tell(member, "role", now_ms, write, changed)
        except Unauthenticated:  # removed meanwhile, and with that no admin; or the role is settled
            return []
        events = [event, *self._show_role(member, role)]
        return events + await self.settle_role(member, now_ms=now_ms)  # a session may have begun or ended meanwhile

    async def make_admin(self, author: Author, frame: SetRole, *, now_ms: int) -> list[Event]:
        """Give a member the role of an admin on all their devices, or take that back; returns the events to announce.

        Nothing happens if it is so already.

        Raises:
            Forbidden: the author is no admin, or means themselves, a bot, a member who is not secured, or somebody who
                is an admin by the password alone.
            NotFound: there is no such member.
        """
        if self._changeable(author, frame).made_admin is frame.is_admin:
            return []
        member, shown = self._directory.member(frame.id), dict[str, Any]()

        def changed() -> dict[str, Any]:
            self._changeable(author, frame)
            shown["role"] = ADMIN if frame.is_admin else self._proven_role(member, now_ms)
            return shown

        def write() -> None:
            self._store.members.make_admin(member.id, on=frame.is_admin, role=shown["role"])

        def noting() -> Awaitable[Noted]:
            about = {"member": self._conversation.audit.member(member), "role": frame.role}
            return self._conversation.audit.by(author.member, "member.role", now_ms=now_ms, **about)

        try:
            event = await self._tell(member, "role", now_ms, write, changed, noting)
        except Unauthenticated:
            raise NotFound("There is no such member.") from None
        member.made_admin = frame.is_admin
        events = [event, *self._show_role(member, shown["role"])]
        return events + await self.settle_role(member, now_ms=now_ms)  # a session may have begun or ended meanwhile

    def unmake_admins(self) -> None:
        """Take back what admins have made others: the password with which it began is not the admins' any more."""
        self._store.members.unmake_admins()
        for member in self._directory.members.values():
            member.made_admin = False

    def _changeable(self, author: Author, frame: SetRole) -> Member:
        """The one door to making somebody an admin, and to taking it back."""
        require_admin(author)
        require_member(author, self._directory)
        if self._directory.member(author.member).role != ADMIN:
            raise Forbidden("Only an admin may do this.")
        member = self._directory.member(frame.id)
        if member.id == author.member:
            raise Forbidden("Nobody changes their own role: another admin may.")
        if member.is_bot:
            raise Forbidden("A bot cannot be an admin.")
        if frame.is_admin and not member.secured:
            raise Forbidden("Their name has to be secured first, by a recovery code or a passkey: ask them to do that.")
        if not frame.is_admin and member.role == ADMIN and not member.made_admin:
            raise Forbidden("They have signed in with the admins' password: they are an admin until that is changed.")
        return member

    def _role(self, member: Member, now_ms: int) -> str:
        return ADMIN if member.made_admin else self._proven_role(member, now_ms)

    def _proven_role(self, member: Member, now_ms: int) -> str:
        """ADMIN if one of a member's devices has proved the admins' password."""
        return ADMIN if ADMIN in {each.role for each in self._sessions.live(member.id, now_ms=now_ms)} else MEMBER

    def _show_role(self, member: Member, role: str) -> list[Event]:
        """Note a role that is stored; returns what tells somebody that they lost the lanes in which they read along."""
        before = self._audience.lanes_of(member.id)
        self._directory.members[member.id].role = role
        left = [] if role == ADMIN else [lane for lane in before if member.id not in lane.audience]
        return [gone(lane, [member.id]) for lane in left]

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

        Returns the events to announce, if others see a change.

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
        shown = dict[str, Any]()

        def changed() -> dict[str, Any]:
            shown["secured"] = secured
            if member.made_admin and not secured:  # asked here, as they may become one while this waits its turn
                shown["role"] = MEMBER
            return shown

        def write_all() -> None:
            write_of_member()
            if "role" in shown:
                self._store.members.make_admin(member.id, on=False, role=MEMBER)

        event = await self._tell(member, "secured", now_ms, write_all, changed)
        member.secured = secured
        if "role" not in shown:
            return [event]
        member.made_admin = False
        events = [event, *self._show_role(member, MEMBER)]
        return events + await self.settle_role(member, now_ms=now_ms)  # they may know the admins' password

    async def take_over(self, member: Member, *, now_ms: int) -> list[Event]:
        """End the member's lanes, credentials, quiet hours and former names, and what they saved, scheduled and began.

        An admin has let in somebody else.
        """
        self._store.saved.delete_all(member.id)
        self._quiets.forget(member.id)
        await self._conversation.in_turn(lambda: self._forget_own(member.id))  # some may be on its way
        events = await self._conversation.end_lanes(member.id, now_ms=now_ms)
        return events + (await self.end_credentials(member, now_ms=now_ms) if member.secured else [])

    def _forget_own(self, member: str) -> None:
        self._store.scheduled.delete_all(member)
        self._store.drafts.delete_all(member)
        self._store.former_names.delete_all(member)
        self._directory.members[member].former_names = ()

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
        changed: Callable[[], dict[str, Any]] = dict,
        noting: Callable[[], Awaitable[Noted]] | None = None,
    ) -> Event:
        """Store an event that shows the member as they are when it is stored, with what `write` changes.

        Args:
            changed: what is different then; asked when nothing else can happen before, and may refuse.
            noting: seals what an admin does by it.
        Raises:
            Unauthenticated: the member was removed meanwhile.
        """

        def event() -> dict[str, Any]:
            if not self._directory.has_member(member.id):
                raise Unauthenticated("Please sign in.")
            shown = replace(self._directory.member(member.id), **changed()).public()
            return {"kind": "member", "member": shown, "reason": reason}

        return await self._conversation.record(event, author=member.id, now_ms=now_ms, write=write, noting=noting)
