"""Signed-in devices: which member a cookie proves, for how long, and how a session ends."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from access.agents import device_name
from access.cookies import TOKEN_BYTES, token_digest
from chat.directory import ADMIN, Directory
from encoding import b64url
from errors import NotFound, Unauthenticated
from limits import ID_BYTES, MAX_SESSIONS_PER_MEMBER, SESSION_IDLE_MS, SESSION_SEEN_STEP_MS
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from storage.headers import agent_header
from storage.sessions import PastDevice, Session
from storage.store import Store


def is_over(session: Session, now_ms: int) -> bool:
    """Whether a session has expired: its time is up, or its device was not seen for too long."""
    return now_ms >= over_at(session)


def over_at(session: Session) -> int:
    """When a session expires if its device is not seen any more."""
    return min(session.expires_at, session.seen_at + SESSION_IDLE_MS)


class Sessions:
    """The table of devices."""

    def __init__(self, store: Store, keyring: Keyring, ciphers: Ciphers, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory

    def authenticate(self, token: bytes | None, *, now_ms: int) -> Session:
        """The one door for cookies: the session of a token, if it is still valid.

        Raises:
            Unauthenticated: there is no such session, it is over, or its member has been removed.
        """
        session = self._store.sessions.get(token_digest(token)) if token else None
        if session is None or is_over(session, now_ms) or not self._directory.has_member(session.member):
            past = self.past(token)
            if past is not None:
                raise Unauthenticated("Somebody else has your name now.", replaced_at=past.replaced_at)
            raise Unauthenticated("Please sign in.")
        return self.with_role(self.seen(session, now_ms=now_ms))

    def with_role(self, session: Session) -> Session:
        """The one door to what a session may do: it has the role that it proved, or that an admin gave its member.

        What is stored, and what the other functions here return, has what was proven alone.
        """
        member = self._directory.members.get(session.member)
        if session.role == ADMIN or member is None or not member.made_admin:
            return session
        return replace(session, role=ADMIN)

    def past(self, token: bytes | None) -> PastDevice | None:
        """The record of a cookie whose member was replaced. The cookie no longer proves anything else."""
        return self._store.past_devices.replaced(token_digest(token)) if token else None

    def own_past(self, device: bytes | None, *, now_ms: int) -> str | None:
        """The member whose device this was when its session expired, for PAST_DEVICE_MS after that.

        A session expires on its day or after a week unused. A person who then comes back in the same browser and knows
        the password is still the same person. A device that was signed out, by itself or from another one, is not.

        Args:
            device: the digest of the token in the browser's cookie.
        """
        if device is None:
            return None
        session = self._store.sessions.get(device)
        return self._store.past_devices.own(device, now_ms) if session is None else session.member

    def spend_past(self, device: bytes | None) -> None:
        """Forget the browser's former cookie once a new session begins: it may prove its member only once."""
        if device is None:
            return
        session = self._store.sessions.get(device)
        if session is not None:
            self._store.delete_session(session.member, session.id)
        self._store.past_devices.forget(device)

    def forget_past(self, token: bytes | None) -> bool:
        """Forget a past device after its browser has shown that the name was taken; returns whether it was stored."""
        past = self.past(token)
        if past is not None:
            self._store.past_devices.forget(past.token_digest)
        return past is not None

    def seen(self, session: Session, *, now_ms: int) -> Session:
        """The session, with its device seen now; this is written at most once every SESSION_SEEN_STEP_MS."""
        if now_ms - session.seen_at < SESSION_SEEN_STEP_MS:
            return session
        self.note_seen(session.member, session.id, now_ms=now_ms)
        return replace(session, seen_at=now_ms)

    def note_seen(self, member: str, session: str, *, now_ms: int) -> None:
        """Store that a device and its member were here now."""
        self._store.sessions.set_seen(member, session, now_ms)
        self._store.members.set_seen(member, now_ms)
        self._directory.members[member].seen_at = now_ms

    def find(self, member: str, session_id: str, *, now_ms: int) -> Session | None:
        """One of a member's signed-in devices, by its id."""
        for session in self._store.sessions.of(member):
            if session.id == session_id and not is_over(session, now_ms):
                return session
        return None

    def live(self, member: str, *, now_ms: int) -> list[Session]:
        """A member's signed-in devices, oldest first."""
        return [session for session in self._store.sessions.of(member) if not is_over(session, now_ms)]

    async def begin(
        self, member: str, role: str, began: str, agent: str, *, lasts_ms: int, now_ms: int
    ) -> tuple[Session, bytes]:
        """Sign a device in. Returns its session and the token for its cookie; the token is not stored.

        Args:
            began: what the login proved, as in `Session.began`.
            agent: the device's User-Agent; only the kind of device is stored, sealed.
        """
        token = self._ciphers.random_bytes(TOKEN_BYTES)
        session_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        text = device_name(agent).encode()
        sealed = (await self._keyring.seal([(text, agent_header(member, session_id))], now_ms=now_ms))[0]
        session = Session(session_id, member, role, now_ms, now_ms, now_ms + lasts_ms, sealed, began)
        self._store.sessions.insert(session, token_digest=token_digest(token))
        return session, token

    def surplus(self, member: str) -> list[Session]:
        """The oldest devices of a member who has more than MAX_SESSIONS_PER_MEMBER."""
        sessions = self._store.sessions.of(member)
        return sessions[: max(0, len(sessions) - MAX_SESSIONS_PER_MEMBER)]

    def end(self, current: Session, session_id: str, *, now_ms: int) -> None:
        """Sign out this device of the member or another one; the caller closes its sockets.

        Raises:
            NotFound: the member has no such device.
        """
        if not any(session.id == session_id for session in self._store.sessions.of(current.member)):
            raise NotFound("There is no such device.")
        if session_id == current.id:
            self._store.delete_session(current.member, session_id)
        else:  # that device does not know yet, and will come back with its cookie
            self._store.retire_session(current.member, session_id, is_own=False, at=now_ms)

    async def listed(self, current: Session, *, now_ms: int) -> list[dict[str, Any]]:
        """The member's own devices, as docs/protocol.md shows them."""
        sessions = self.live(current.member, now_ms=now_ms)
        agents = await self._agents(sessions)
        return [
            {
                "id": session.id,
                "created_at": session.created_at,
                "seen_at": session.seen_at,
                "agent": agent,
                "current": session.id == current.id,
            }
            for session, agent in zip(sessions, agents, strict=True)
        ]

    async def _agents(self, sessions: Sequence[Session]) -> list[str]:
        items = [(session.sealed, agent_header(session.member, session.id)) for session in sessions]
        return [device_name((text or b"").decode()) for text in await self._keyring.open(items)]
