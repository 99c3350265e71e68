"""The way in over HTTP: whose cookie it is, the challenge before a login, and the login itself."""

from collections.abc import Callable
from typing import Any

from access import challenge
from access.confirmations import Waiting
from access.cookies import session_cookie, session_token, token_digest
from access.forms import parse_invite, parse_login
from access.guessing import Finding
from access.handover import FINDING, Handover
from access.proving import Login, Proven
from errors import NotFound, Unauthenticated, WrongProof
from limits import PAST_DEVICE_MS
from live import announcements, logins
from live.replies import Asked, Reply, json_reply, refused
from live.state import RoomState
from live.tending import Tending
from storage.sessions import Session


class Entrance:
    """Lets people into one room."""

    def __init__(self, state: RoomState, tending: Tending, *, clock: Callable[[], int]) -> None:
        self._state = state
        self._tending = tending
        self._clock = clock

    def token(self, asked: Asked) -> bytes | None:
        """The token in the request's cookie, good or not."""
        return session_token(asked.cookie, self._state.name)

    def session(self, asked: Asked) -> Session:
        """The one door for HTTP: nobody gets in without a valid cookie.

        Raises:
            Unauthenticated.
        """
        if not self._state.is_stored:
            raise Unauthenticated("Please sign in.")
        return self._state.sessions.authenticate(self.token(asked), now_ms=self._clock())

    def facts_of(self, session: Session) -> dict[str, Any]:
        """What a browser is shown of its own session."""
        member, role = self._state.directory.member(session.member), self._state.sessions.with_role(session).role
        return {"member": {**member.public(), "role": role}, "expires_at": session.expires_at}

    async def challenge(self, handover: Handover) -> Reply:
        """A fresh proof of work; a hard one for a suspect address, or for everybody while the room is guessed at."""
        state = self._state
        if not state.settings.altcha:
            raise NotFound("This room asks for no proof of work.")
        now_ms = self._clock()
        key = await challenge.signing_key(state.settings.master_key, state.name, state.ciphers)
        hard = handover.is_suspect or (state.is_stored and state.proving.is_attacked(now_ms))
        return json_reply(challenge.issue(room=state.name, key=key, now_ms=now_ms, hard=hard, home=handover.home))

    async def sign_in(self, asked: Asked) -> Reply:
        """A login. A header tells the address's object what was found, whatever the reply is.

        Raises:
            Malformed, ChallengeFailed: nothing was compared.
        """
        state, login = self._state, self._login(asked)
        was_stored = state.is_stored
        try:
            proven = await state.proving.prove(login, stored=was_stored, now_ms=self._clock())
        except WrongProof as refusal:
            return _found(Finding.WRONG, refused(refusal, asked.handover.request_id))
        finding = state.proving.finding(proven)
        try:
            reply = await self._let_in(login, proven, asked.handover.request_id, was_stored=was_stored)
        except Exception as error:  # noqa: BLE001 (`refused` logs it)
            reply = refused(error, asked.handover.request_id)
            if isinstance(error, WrongProof):  # a wrong code also counts as a failed login
                finding = Finding.WRONG
        return _found(finding, reply)

    def look_at_invite(self, asked: Asked) -> Reply:
        """Whom a link lets in, and who made it: what the page shows before it asks for anything. It uses nothing."""
        state, now_ms = self._state, self._clock()
        try:
            invite = state.proving.invite(parse_invite(asked.body), stored=state.is_stored, now_ms=now_ms)
        except WrongProof as refusal:
            if state.is_stored:
                state.proving.count_failure(1, now_ms)
            return _found(Finding.WRONG, refused(refusal, asked.handover.request_id))
        by = state.directory.member(invite.member).name
        return json_reply({"kind": invite.kind, "by": by, "expires_at": invite.expires_at})

    async def _let_in(self, login: Login, proven: Proven, request_id: str, *, was_stored: bool) -> Reply:
        state = self._state
        state.prepare()
        await self._tending.plan_clean_up()
        result = await state.signing_in.sign_in(
            login, proven, was_stored=was_stored, now_ms=self._clock(), is_online=state.presence.is_online
        )
        if isinstance(result, Waiting):
            reply = refused(result.refusal, request_id)
            reply.effects = await logins.ask(state, result)
            return reply
        max_age_seconds = (state.settings.session_ms + PAST_DEVICE_MS) // 1_000
        cookie = session_cookie(state.name, result.token, max_age_seconds=max_age_seconds)
        reply = json_reply(self.facts_of(result.session), status=201, more={"Set-Cookie": cookie})
        reply.effects = announcements.signed_in(state, result)
        return reply

    def _login(self, asked: Asked) -> Login:
        token, handover = self.token(asked), asked.handover
        try:
            current = self.session(asked)
        except Unauthenticated:
            current = None
        return Login(
            parse_login(asked.body),
            handover.address,
            handover.agent,
            handover.spent,
            handover.is_hard,
            current,
            None if token is None else token_digest(token),
            past=self._state.sessions.past(token) if self._state.is_stored else None,
            origin=asked.origin,
        )


def _found(finding: Finding, reply: Reply) -> Reply:
    """The reply with a header that tells the address's object how to count the login."""
    reply.headers[FINDING] = finding.value
    return reply
