"""From an HTTP request to what is answered and done: the room's part of docs/protocol.md, "HTTP"."""

import math
from collections.abc import Callable
from typing import Any

from access.cookies import expired_session_cookie
from access.forms import parse_recovery
from bots.delivery import Delivery
from chat.directory import ADMIN
from encoding import b64url
from errors import Forbidden, Malformed, NotFound, TooManyAttempts, Unauthenticated
from limits import ID_BYTES, KDF_ITERATIONS, KDF_ROUNDS, WRITE_QUESTIONS
from live import (
    announcements,
    bot_requests,
    call_replies,
    file_requests,
    hook_requests,
    passkey_requests,
    picture_requests,
)
from live.bot_frames import require
from live.effects import Effect
from live.entrance import Entrance
from live.replies import Asked, Reply, Upgrade, done, json_reply
from live.restoring import Past, Restoring
from live.state import RoomState
from live.tending import Tending
from live.watch import Watch
from notify.registration import parse_endpoint, parse_subscription
from setting_values import OPEN, SECURED
from storage.sessions import Session
from upkeep.stats import Platform, stats
from wire.bots import FILES, READ
from wire.connections import Connection
from wire.public_limits import public_limits
from wire.writing import SUB_PROTOCOL


class Requests:
    """Answers the HTTP requests of one room."""

    def __init__(
        self,
        state: RoomState,
        tending: Tending,
        watch: Watch,
        past: Past,
        *,
        storage_bytes: Callable[[], int],
        clock: Callable[[], int],
    ) -> None:
        self._state = state
        self._tending = tending
        self._watch = watch
        self._entrance = Entrance(state, tending, clock=clock)
        self._restoring = Restoring(state, past, clock=clock)
        self._storage_bytes = storage_bytes
        self._clock = clock

    async def answer(self, asked: Asked) -> Reply | Upgrade:
        """What is answered, and done before.

        Raises:
            ChatError: the request is refused, and nothing is to be done.
        """
        self._restoring.check()
        match asked.route.name, asked.route.method:
            case "facts", _:
                return await self._facts(asked)
            case "challenge", _:
                return await self._entrance.challenge(asked.handover)
            case "session", "POST":
                return await self._entrance.sign_in(asked)
            case "invite", _:
                return self._entrance.look_at_invite(asked)
            case "session", "GET":
                return json_reply(self._entrance.facts_of(self._entrance.session(asked)))
            case "session", "DELETE":
                return await self._sign_out(asked)
            case "sessions", _:
                return await self._sessions(self._entrance.session(asked))
            case "device", _:
                return await self._end_device(self._entrance.session(asked), asked.route.item)
            case "recovery", _:
                return await self._keep_recovery_code(self._entrance.session(asked), asked.body)
            case "passkey_challenge", _:
                return await passkey_requests.challenge(self._state, asked.origin, self._clock())
            case "passkeys" | "passkey" as name, method:
                return await self._passkeys(asked, name, method)
            case "files", _:
                return await self._reserve(asked)
            case "file", method:
                return await self._file(asked, method)
            case "picture", _:
                return await self._picture(asked)
            case "hook", _:
                return await hook_requests.deliver(self._state, asked, self._clock())
            case "reply", _:
                return await call_replies.answer(self._state, asked, self._clock())
            case "messages" | "message" | "reaction", _:
                return await bot_requests.answer(self._state, asked, self._clock())
            case "stats", _:
                return self._stats(self._entrance.session(asked))
            case "restore", method:
                session, request_id = self._entrance.session(asked), asked.handover.request_id
                return await self._restoring.answer(session, method, asked.body, request_id)
            case "socket", _:
                return self._upgrade(asked)
            case "push", method:
                return await self._push(self._entrance.session(asked), method, asked.body)
        raise AssertionError(f"{asked.route.name} is answered before it comes here")

    async def _facts(self, asked: Asked) -> Reply:
        state, settings = self._state, self._state.settings
        session: dict[str, Any] | None = None
        replaced_at = None
        try:
            session = self._entrance.facts_of(self._entrance.session(asked))
        except Unauthenticated as refusal:
            replaced_at = refusal.extra.get("replaced_at")
        salt = await state.credentials.salt(stored=state.is_stored)
        facts = {
            "room": state.name,
            "title": state.directory.look.title,
            "colour": state.directory.look.colour,
            "retention_days": state.retention.room_days(),
            "kdf": {"name": "pbkdf2-sha256", "iterations": KDF_ITERATIONS, "rounds": KDF_ROUNDS, "salt": b64url(salt)},
            "names": SECURED if settings.must_be_secured else OPEN,
            "access": settings.access,
            "challenges": settings.challenges(),
            "turnstile_site_key": settings.turnstile_site_key if settings.turnstile else None,
            "push": state.vapid is not None,
            "session": session,
            "replaced_at": replaced_at,
            "limits": public_limits(settings.message_burst, settings.message_rate, settings.file_bytes),
        }
        if settings.supervision:
            facts["supervision"] = True
        return json_reply(facts)

    # --- devices ---

    async def _sessions(self, session: Session) -> Reply:
        return json_reply({"sessions": await self._state.sessions.listed(session, now_ms=self._clock())})

    async def _sign_out(self, asked: Asked) -> Reply:
        state, effects = self._state, list[Effect]()
        if not (state.is_stored and state.sessions.forget_past(self._entrance.token(asked))):
            session = self._entrance.session(asked)
            effects = await self._end(session, session.id)
        return done(effects, more={"Set-Cookie": expired_session_cookie(state.name)})

    async def _end_device(self, session: Session, device: str) -> Reply:
        self._charge_write(session)
        return done(await self._end(session, device))

    async def _end(self, session: Session, device: str) -> list[Effect]:
        self._state.sessions.end(session, device, now_ms=self._clock())
        return await announcements.signed_out(self._state, session.member, device, now_ms=self._clock())

    async def _keep_recovery_code(self, session: Session, body: str) -> Reply:
        self._charge_write(session)
        state = self._state
        member = state.directory.member(session.member)
        events = await state.recovery_codes.put(member, parse_recovery(body), now_ms=self._clock())
        return done(announcements.announced(state, events))

    async def _passkeys(self, asked: Asked, name: str, method: str) -> Reply:
        state, session = self._state, self._entrance.session(asked)
        if method == "GET":
            return await passkey_requests.listed(state, session)
        self._charge_write(session)
        if name == "passkey":
            return passkey_requests.remove(state, session, asked.route.item)
        return await passkey_requests.register(state, session, asked, self._clock())

    async def _reserve(self, asked: Asked) -> Reply:
        session = self._device(asked, FILES)
        self._charge_write(session)
        await self._state.lanes.know(session.member)
        return await file_requests.reserve(self._state, session, asked.body, self._clock())

    async def _file(self, asked: Asked, method: str) -> Reply:
        state, file, now_ms = self._state, asked.route.item, self._clock()
        if method == "DELETE":
            session = self._device(asked, FILES)
            self._charge_write(session)
            return await file_requests.cancel(state, session, file, now_ms)
        session = self._device(asked, READ, FILES)
        _charge(state.budgets.of(session.member, now_ms).questions.take(now_ms))
        await state.lanes.know(session.member)
        return await file_requests.ticket(state, session, file, now_ms)

    async def _picture(self, asked: Asked) -> Reply:
        session = self._entrance.session(asked)
        _charge(self._state.budgets.of(session.member, self._clock()).questions.take(self._clock()))
        return await picture_requests.answer(self._state, asked.route.item)

    # --- what a member asks for ---

    def _stats(self, session: Session) -> Reply:
        """The room's statistics; the one door to them."""
        if session.role != ADMIN:
            raise Forbidden("Only an admin may see this.")
        state = self._state
        platform = Platform(
            sockets=len(self._watch.connections()),
            online=len(state.presence.online()),
            storage_bytes=self._storage_bytes(),
            clean_up_at=self._tending.clean_up_at(),
            has_push=state.vapid is not None,
        )
        quota, now_ms = state.quota, self._clock()
        figures = stats(session.member, state.audience, state.directory, state.store, quota, platform, now_ms=now_ms)
        return json_reply(figures)

    async def _push(self, session: Session, method: str, body: str) -> Reply:
        """This device's notifications: the key to register with, registering, and ending them."""
        state = self._state
        if state.vapid is None:
            raise NotFound("Push notifications are not set up here.")
        if method == "GET":
            return json_reply({"public_key": b64url(await state.vapid.public_key())})
        self._charge_write(session)
        if method == "PUT":
            device = parse_subscription(body)
            await state.notices.subscribe(session.member, session.id, device, now_ms=self._clock())
        else:
            await state.notices.unsubscribe(session.member, parse_endpoint(body), now_ms=self._clock())
        return done()

    def _upgrade(self, asked: Asked) -> Upgrade:
        if (asked.upgrade or "").lower() != "websocket":
            raise Malformed("This address takes WebSocket upgrades.")
        session = self._device(asked)
        offered = asked.protocols
        if offered is not None and SUB_PROTOCOL not in [part.strip() for part in offered.split(",")]:
            raise Malformed(f"The sub-protocol is {SUB_PROTOCOL}.")
        self._watch.check_opening(session.member)
        if session.role == ADMIN:
            self._state.programs.webhooks.note_origin(asked.origin)
        now_ms = self._clock()
        _charge(self._state.budgets.of(session.member, now_ms).openings.take(now_ms))
        connection_id = b64url(self._state.ciphers.random_bytes(ID_BYTES))
        connection = Connection(connection_id, session.member, session.id, session.expires_at, alive_at=now_ms)
        return Upgrade(connection, SUB_PROTOCOL if offered is not None else None)

    def _device(self, asked: Asked, *rights: str) -> Session:
        """The device that asks; or a bot, if its token came instead of a cookie, which needs these rights."""
        if not asked.delivery:
            return self._entrance.session(asked)
        programs = self._state.programs
        bot = bot_requests.authenticated(self._state, Delivery.read(asked.delivery))
        require(bot.rights, *rights)
        return programs.session(bot.id, programs.opening(bot), now_ms=self._clock())

    def _charge_write(self, session: Session) -> None:
        """Charge a request that writes a row like a question on a socket."""
        now_ms = self._clock()
        _charge(self._state.budgets.of(session.member, now_ms).questions.take(now_ms, WRITE_QUESTIONS))


def _charge(wait_seconds: float) -> None:
    """Refuse a request for which a member's budget does not suffice now."""
    if wait_seconds:
        raise TooManyAttempts("Too many requests of yours.", retry_after=math.ceil(wait_seconds))
