"""Invites: a link lets somebody in without the password, as a new member or on another device of its maker.

The secret in the link is made in the browser of whoever invites and never comes here: a login carries a proof that is
derived from it, and the server keeps the digest of that (docs/protocol.md, "Invites").
"""

import hashlib

from access.sessions import is_over
from chat.audit import Noted, nothing
from encoding import b64url
from errors import InviteInvalid, LimitReached, NameTaken, NotFound, Unauthenticated
from limits import ID_BYTES, MAX_INVITES, MAX_INVITES_PER_MEMBER
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from settings import Settings
from storage.database import NotUnique
from storage.headers import invite_header
from storage.invites import Invite
from storage.sessions import Session
from storage.store import Store
from wire.questions import DEVICE, PERSON

INVALID = "This link does not let anybody in any more. Ask for a new one."


class Invites:
    """The links of one room."""

    def __init__(self, settings: Settings, store: Store, keyring: Keyring, ciphers: Ciphers) -> None:
        self._settings = settings
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers

    def find(self, proof: bytes, *, now_ms: int) -> Invite:
        """The invite that a proof was made from, if it still lets somebody in.

        Raises:
            InviteInvalid: there is none, or it is over, used up or not allowed any more; nobody is told which.
        """
        invite = self._store.invites.get(hashlib.sha256(proof).digest())
        if invite is None or not self._is_open(invite, self._store.invites.used_by(invite.id), now_ms):
            raise InviteInvalid(INVALID)
        return invite

    def use(self, invite: Invite | None, member: str, *, now_ms: int) -> None:
        """Note that a member comes by an invite, if by any: only now is it used. Nobody counts twice.

        Raises:
            InviteInvalid: somebody was quicker.
        """
        if invite is None:
            return
        present = self._store.invites.get(invite.digest)
        used_by = self._store.invites.used_by(invite.id)
        if present is None or not self._is_open(present, used_by, now_ms):
            raise InviteInvalid(INVALID)
        if present.kind == DEVICE:
            self._store.invites.delete(present)
        elif member not in used_by:
            self._store.invites.use(invite.id, member)

    def maker(self, invite: Invite, *, now_ms: int) -> Session | None:
        """The device that made an invite, while it is signed in."""
        made_by = [session for session in self._store.sessions.of(invite.member) if session.id == invite.session]
        return made_by[0] if made_by and not is_over(made_by[0], now_ms) else None

    async def create(
        self,
        session: Session,
        kind: str,
        digest: bytes,
        label: str,
        *,
        uses: int | None,
        lasts_ms: int,
        now_ms: int,
        noted: Noted = nothing,
    ) -> Invite:
        """Store a new invite. A link for another device takes the place of its member's former one.

        Args:
            session: the device that makes it.
            digest: SHA-256 of the proof that a login by it will carry.
            noted: is stored together with it.
        Raises:
            LimitReached: the member or the room has too many open ones.
            NameTaken: there is one with this digest.
            Unauthenticated: the device was signed out meanwhile, or its member removed.
        """
        invite_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        header = invite_header(session.member, invite_id)
        (sealed,) = await self._keyring.seal([(label.encode(), header)], now_ms=now_ms)
        if session.id not in [own.id for own in self._store.sessions.of(session.member)]:  # put out
            raise Unauthenticated("Please sign in.")
        if kind == PERSON:
            self._check_number(session.member, now_ms)
        else:
            for former in self._own_device_links(session.member):
                self._store.invites.delete(former)
        invite = Invite(digest, invite_id, kind, session.member, session.id, now_ms, now_ms + lasts_ms, uses, sealed)

        def write() -> None:
            self._store.invites.insert(invite)
            noted()

        try:
            self._store.transaction(write)
        except NotUnique:
            raise NameTaken("There is an invite with this digest.") from None
        return invite

    def seen_by(self, session: Session, *, is_admin: bool, now_ms: int) -> list[Invite]:
        """The open links for people that a member may see: their own, or all if they are an admin."""
        return [invite for invite in self._open(now_ms) if is_admin or invite.member == session.member]

    async def listed(self, invites: list[Invite]) -> list[dict[str, object]]:
        """Invites as docs/protocol.md shows them."""
        items = [(invite.sealed, invite_header(invite.member, invite.id)) for invite in invites]
        labels = await self._keyring.open(items)
        return [
            {
                "id": invite.id,
                "label": (label or b"").decode(),
                "by": invite.member,
                "created_at": invite.created_at,
                "expires_at": invite.expires_at,
                "uses": invite.uses,
                "used": self._store.invites.used_by(invite.id),
            }
            for invite, label in zip(invites, labels, strict=True)
        ]

    def revoke(self, session: Session, invite_id: str, *, is_admin: bool, noted: Noted = nothing) -> None:
        """End an invite: the member's own, or any if they are an admin.

        Args:
            noted: is stored together with it.
        Raises:
            NotFound: the member sees no such invite.
        """
        seen = (each for each in self._store.invites.all() if is_admin or each.member == session.member)
        invite = next((each for each in seen if each.id == invite_id), None)
        if invite is None:
            raise NotFound("There is no such invite.")

        def write() -> None:
            self._store.invites.delete(invite)
            noted()

        self._store.transaction(write)

    def _check_number(self, member: str, now_ms: int) -> None:
        present = self._open(now_ms)
        if sum(invite.member == member for invite in present) >= MAX_INVITES_PER_MEMBER:
            raise LimitReached(f"You have {MAX_INVITES_PER_MEMBER} open links, and no more are possible: revoke one.")
        if len(present) >= MAX_INVITES:
            raise LimitReached("The room has too many open links: somebody has to revoke some.")

    def _own_device_links(self, member: str) -> list[Invite]:
        return [each for each in self._store.invites.all() if each.kind == DEVICE and each.member == member]

    def _open(self, now_ms: int) -> list[Invite]:
        """The links for people that still let somebody in."""
        if not self._settings.takes_invites:
            return []
        counts = self._store.invites.count_uses()
        alive = [each for each in self._store.invites.all() if each.kind == PERSON and now_ms < each.expires_at]
        return [each for each in alive if each.uses is None or counts.get(each.id, 0) < each.uses]

    def _is_open(self, invite: Invite, used_by: list[str], now_ms: int) -> bool:
        if invite.uses is not None and len(used_by) >= invite.uses:
            return False
        if invite.kind == DEVICE and self.maker(invite, now_ms=now_ms) is None:
            return False
        return now_ms < invite.expires_at and (invite.kind == DEVICE or self._settings.takes_invites)
