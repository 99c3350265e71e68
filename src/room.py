"""The Durable Object of one room: its storage, its sockets, its one alarm.

It is the shell around the core: each handler translates the platform's values, lets the core decide, and performs the
effects. What must survive is in SQLite or in a socket's attachment; every attribute here is a cache.

The file is long because the platform wants one class with all its events; each part below has a heading.
"""

import asyncio
import json
import logging
import math
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject

from access import challenge
from access.confirmations import Waiting
from access.cookies import expired_session_cookie, session_cookie, session_token, token_digest
from access.forms import parse_login
from access.guessing import FINDING, HOME, SUSPECT, Spent
from access.proving import Login
from chat.directory import ADMIN
from crypto import SubtleCiphers
from encoding import b64url
from errors import (
    Forbidden,
    Malformed,
    NotFound,
    TooManyAttempts,
    Unauthenticated,
    WrongPassword,
)
from limits import (
    HELLO_WITHIN_SECONDS,
    ID_BYTES,
    KDF_ITERATIONS,
    KDF_ROUNDS,
    PAST_DEVICE_MS,
    WRITE_QUESTIONS,
    public_limits,
)
from live import announcements, logins
from live.alarm import Alarm
from live.attendance import Attendance
from live.awake import Awake
from live.effects import (
    AnnouncePresence,
    Answer,
    CleanUpSoon,
    CloseConnection,
    CloseMembers,
    CloseSessions,
    Dismiss,
    Effect,
    Enqueue,
    Notify,
    NotifyNow,
    Remember,
    Tell,
    Welcomed,
)
from live.reception import Reception
from live.state import RoomState, wake
from live.tending import Tending
from live.watch import Watch
from live.writer import Writer
from logs import REQUEST_ID, about
from notify.registration import parse_endpoint, parse_subscription
from notify.schedule import Rounds
from notify.sender import Courier
from settings import SETTING_NAMES, read_settings
from storage.sessions import Session
from upkeep.stats import Platform, stats
from web.answers import API_HEADERS, problem
from web.routes import find_route
from wire.connections import Connection
from wire.writing import ENDED, REMOVED, SUB_PROTOCOL, Close, closing_answer
from workerd.alarms import StoredAlarm
from workerd.bindings import environment, version_id
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, header, json_response, post_push, response
from workerd.sockets import Sockets, close
from workerd.turns import Timer, start
from workerd.values import current_ms

log = logging.getLogger("durable_chat.room")
_BROKEN = 1006  # the close code for a connection that ended without a close frame


class Room(DurableObject):
    """One room."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._ciphers = SubtleCiphers()
        self._database = WorkerdDatabase(self.ctx.storage)
        self._sockets = Sockets(getattr(self.ctx, "_binding", self.ctx))
        self._sockets.answer_pings()
        self._alarm = Alarm(StoredAlarm(self.ctx.storage), clock=current_ms)
        self._watch = Watch(self._sockets)
        self._tending = Tending(
            self._database, self._alarm, self._watch, wake=self._awake, perform=self._perform, clock=current_ms
        )
        self._room: Awake | None = None  # opened from storage by the first event that needs it
        self._waking = asyncio.Lock()
        self._hello_timers: dict[str, Timer] = {}

    # --- what the platform calls ---

    async def fetch(self, request: Any) -> Any:
        """Answer the Worker: the room's part of docs/protocol.md, "HTTP"."""
        request_id = header(request.js_object, REQUEST_ID) or ""
        answer = await answer_or_refuse(self._route(request.js_object), problem, request_id, log)
        answer.headers.set(REQUEST_ID, request_id)
        return answer

    def webSocketMessage(self, socket: Any, message: Any) -> Any:
        """Take one frame; await the result, if there is one."""
        return None if self._sockets.is_gone(socket) else start(self._take(socket, message))

    async def _take(self, socket: Any, message: Any) -> None:
        try:
            room = self._room or await self._awake()
            connection = self._sockets.connection(socket)
            if connection.is_gone:  # closed before the object slept
                return
            now_ms = current_ms()
            if connection.shows_life(now_ms):
                self._sockets.remember(socket, connection)
            if self._alarm.is_lost(now_ms):
                await self._alarm.arm(now_ms)
            text = message if isinstance(message, str) else None
            follows = room.reception.receive(connection, text, now_ms=now_ms)
            await self._perform(follows if isinstance(follows, list) else await follows, socket, connection)
            await room.writer.write()
            await self._perform(self._watch.after_frame(connection, socket))
        except Exception:
            log.exception("frame failed", extra=about(connection=self._connection_id(socket)))
            close(socket, Close.INTERNAL, "")
            await self._note_gone(socket, is_broken=False)

    async def webSocketClose(self, socket: Any, code: int, reason: str, was_clean: Any = None) -> None:
        """A client has closed, or its line is gone."""
        await self._note_gone(socket, is_broken=code == _BROKEN)
        close(socket, closing_answer(code), "")  # without its reason, which may have become too long for a frame
        self._sockets.release(socket)

    async def webSocketError(self, socket: Any, error: Any) -> None:
        """The line broke; `webSocketClose` may or may not follow."""
        await self._note_gone(socket, is_broken=True)
        self._sockets.release(socket)

    async def alarm(self, info: Any = None) -> None:
        """Find dead sockets, and clean up when it is time."""
        try:
            await self._tending.ring()
        except Exception:
            log.exception("alarm failed")
            await self._alarm.ring_again()

    # --- waking ---

    async def _awake(self) -> Awake:
        """The room, opened once; an error leaves it closed and becomes the answer to the request."""
        async with self._waking:
            has_slept = self._room is None
            room = self._room = self._room or await self._open()
        if has_slept:
            for connection, socket in self._sockets.waiting():
                self._expect_hello(socket, connection)
            await self._tending.plan_again(room.state)
        return room

    async def _open(self) -> Awake:
        settings = read_settings(environment(self.env, SETTING_NAMES))
        name, version = str(self.ctx.id.name), version_id(self.env)
        state = await wake(name, settings, self._database, self._ciphers, now_ms=current_ms(), version=version)
        state.recall(self._watch.connections())
        rounds = self._make_rounds(state)
        attendance = Attendance(state, rounds, send=self._sockets.tell, later=_soon, clock=current_ms)
        writer = Writer(
            state,
            listeners=lambda: len(self._sockets.ready()),
            answer=self._sockets.acknowledge,
            publish=self._publish,
            later=_later,  # a timer of the platform: the event loop's would let no frame in within two milliseconds
            clock=current_ms,
        )
        return Awake(state, Reception(state), writer, rounds, attendance)

    def _make_rounds(self, state: RoomState) -> Rounds:
        courier = None if state.vapid is None else Courier(state.notices, state.vapid, self._ciphers, post_push)
        return Rounds(
            state.notices,
            courier,
            is_visible=state.presence.is_visible,
            later=_later,
            arm=self._alarm.arm,
            clock=current_ms,
        )

    # --- HTTP ---

    async def _route(self, raw: Any) -> Any:
        route = find_route(str(raw.method), urlsplit(str(raw.url)).path)
        state = (await self._awake()).state
        if self._alarm.is_lost(current_ms()):
            await self._alarm.arm(current_ms())
        match route.name, route.method:
            case "facts", _:
                return json_response(await self._facts(raw, state))
            case "challenge", _:
                return json_response(await self._challenge(raw, state))
            case "session", "POST":
                return await self._sign_in(raw, state)
            case "session", "GET":
                return json_response(_session_answer(state, self._session(raw, state)))
            case "session", "DELETE":
                if not (state.is_stored and state.sessions.forget_past(_token(raw, state))):
                    session = self._session(raw, state)
                    await self._sign_out(session, session.id, state)
                return response(204, {**API_HEADERS, "Set-Cookie": expired_session_cookie(state.name)}, None)
            case "sessions", _:
                session = self._session(raw, state)
                return json_response({"sessions": await state.sessions.listed(session, now_ms=current_ms())})
            case "device", _:
                session = self._session(raw, state)
                self._charge_write(session, state)
                await self._sign_out(session, route.item, state)
                return response(204, dict(API_HEADERS), None)
            case "stats", _:
                return json_response(self._stats(self._session(raw, state), state))
            case "socket", _:
                return self._accept(raw, state)
            case "push", _:
                return await self._push(raw, route.method, state)
        raise AssertionError(f"{route.name} is answered before it comes here")

    def _session(self, raw: Any, state: RoomState) -> Session:
        """The one door for HTTP: nobody gets in without a valid cookie."""
        if not state.is_stored:
            raise Unauthenticated("Please sign in.")
        return state.sessions.authenticate(_token(raw, state), now_ms=current_ms())

    def _charge_write(self, session: Session, state: RoomState) -> None:
        """Charge a request that writes a row like a question on a socket."""
        now_ms = current_ms()
        _charge(state.budgets.of(session.member, now_ms).questions.take(now_ms, WRITE_QUESTIONS))

    def _stats(self, session: Session, state: RoomState) -> dict[str, Any]:
        """The room's statistics; the one door to them."""
        if session.role != ADMIN:
            raise Forbidden("Only an admin may see this.")
        platform = Platform(
            sockets=len(self._sockets.ready()),
            online=len(state.presence.online()),
            storage_bytes=self._database.size_bytes(),
            clean_up_at=self._tending.clean_up_at(),
            has_push=state.vapid is not None,
        )
        return stats(session.member, state.audience, state.directory, state.store, platform, now_ms=current_ms())

    async def _push(self, raw: Any, method: str, state: RoomState) -> Any:
        """This device's notifications: the key to register with, registering, and ending them."""
        body = "" if method == "GET" else str(await raw.text())
        session = self._session(raw, state)
        if state.vapid is None:
            raise NotFound("Push notifications are not set up here.")
        if method == "GET":
            return json_response({"public_key": b64url(await state.vapid.public_key())})
        self._charge_write(session, state)
        if method == "PUT":
            device = parse_subscription(body)
            await state.notices.subscribe(session.member, session.id, device, now_ms=current_ms())
        else:
            await state.notices.unsubscribe(session.member, parse_endpoint(body), now_ms=current_ms())
        return response(204, dict(API_HEADERS), None)

    async def _facts(self, raw: Any, state: RoomState) -> dict[str, Any]:
        settings = state.settings
        replaced_at = None
        try:
            session = _session_answer(state, self._session(raw, state))
        except Unauthenticated as refusal:
            session, replaced_at = None, refusal.extra.get("replaced_at")
        salt = await state.credentials.salt(stored=state.is_stored)
        return {
            "room": state.name,
            "title": settings.chat_title,
            "retention_days": state.retention.room_days(),
            "kdf": {"name": "pbkdf2-sha256", "iterations": KDF_ITERATIONS, "rounds": KDF_ROUNDS, "salt": b64url(salt)},
            "challenges": settings.challenges(),
            "turnstile_site_key": settings.turnstile_site_key if settings.turnstile else None,
            "push": state.vapid is not None,
            "session": session,
            "replaced_at": replaced_at,
            "limits": public_limits(settings.message_burst, settings.message_rate),
        }

    async def _challenge(self, raw: Any, state: RoomState) -> dict[str, Any]:
        if not state.settings.altcha:
            raise NotFound("This room asks for no proof of work.")
        now_ms = current_ms()
        key = await challenge.signing_key(state.settings.master_key, state.name, self._ciphers)
        hard = header(raw, SUSPECT) is not None or (state.is_stored and state.proving.is_attacked(now_ms))
        return challenge.issue(room=state.name, key=key, now_ms=now_ms, hard=hard, home=header(raw, HOME) or "")

    async def _sign_in(self, raw: Any, state: RoomState) -> Any:
        """A login. A header tells the address's object that the password was right, whatever the answer is."""
        login = await self._login(raw, state)
        stored = state.is_stored
        role = await state.proving.prove(login, stored=stored, now_ms=current_ms())
        entering = self._let_in(login, role, state, was_stored=stored)
        answer = await answer_or_refuse(entering, problem, header(raw, REQUEST_ID) or "", log)
        if int(answer.status) != WrongPassword.status:  # a wrong code also counts as a failed login
            answer.headers.set(FINDING, state.proving.finding(role))
        return answer

    async def _let_in(self, login: Login, role: str, state: RoomState, *, was_stored: bool) -> Any:
        state.prepare()
        await self._tending.plan_clean_up()
        result = await state.membership.sign_in(
            login, role, was_stored=was_stored, now_ms=current_ms(), is_online=state.presence.is_online
        )
        if isinstance(result, Waiting):
            await self._perform(await logins.ask(state, result))
            raise result.refusal
        await self._perform(announcements.signed_in(state, result))
        lasts_ms = state.settings.session_ms + PAST_DEVICE_MS
        cookie = session_cookie(state.name, result.token, max_age_seconds=lasts_ms // 1_000)
        return json_response(_session_answer(state, result.session), status=201, more={"Set-Cookie": cookie})

    async def _login(self, raw: Any, state: RoomState) -> Login:
        """The login as the entry point sent it: the form, and the challenge answers that it found right."""
        envelope = json.loads(str(await raw.text()))
        spent = tuple(map(Spent.read, envelope["spent"]))
        token = _token(raw, state)
        try:
            current = self._session(raw, state)
        except Unauthenticated:
            current = None
        return Login(
            parse_login(envelope["form"]),
            header(raw, "cf-connecting-ip") or "",
            header(raw, "user-agent") or "",
            spent,
            bool(envelope["hard"]),
            current,
            None if token is None else token_digest(token),
            past=state.sessions.past(token) if state.is_stored else None,
        )

    async def _sign_out(self, session: Session, ended: str, state: RoomState) -> None:
        state.sessions.end(session, ended, now_ms=current_ms())
        await self._perform(await announcements.signed_out(state, session.member, ended, now_ms=current_ms()))

    def _accept(self, raw: Any, state: RoomState) -> Any:
        if (header(raw, "upgrade") or "").lower() != "websocket":
            raise Malformed("This address takes WebSocket upgrades.")
        session = self._session(raw, state)
        offered = header(raw, "sec-websocket-protocol")
        if offered is not None and SUB_PROTOCOL not in [part.strip() for part in offered.split(",")]:
            raise Malformed(f"The sub-protocol is {SUB_PROTOCOL}.")
        self._watch.check_opening(session.member)
        _charge(state.budgets.of(session.member, current_ms()).openings.take(current_ms()))
        connection_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        connection = Connection(connection_id, session.member, session.id, session.expires_at, alive_at=current_ms())
        answer, socket = self._sockets.accept(connection, SUB_PROTOCOL if offered is not None else None)
        self._expect_hello(socket, connection)
        return answer

    def _expect_hello(self, socket: Any, connection: Connection) -> None:
        """Close the socket unless it says hello in time."""
        self._hello_timers[connection.id] = Timer(HELLO_WITHIN_SECONDS, lambda: self._no_hello(socket, connection))

    def _no_hello(self, socket: Any, connection: Connection) -> None:
        self._hello_timers.pop(connection.id, None)
        close(socket, Close.NO_HELLO, "no hello")
        self._sockets.forget(socket)

    # --- performing ---

    async def _perform(
        self, effects: Sequence[Effect], socket: Any = None, connection: Connection | None = None
    ) -> None:
        """Perform effects in their order; `socket` and `connection` belong to the frame that caused them."""
        for effect in effects:
            match effect:
                case Enqueue(request):
                    self._present().writer.enqueue(socket, request)
                case Answer(text):
                    assert connection is not None
                    self._sockets.answer(connection, socket, text)
                case Tell(text, members, but):
                    self._sockets.tell(text, members, but)
                case Welcomed():
                    assert connection is not None
                    await self._welcome(socket, connection)
                case Remember():
                    assert connection is not None
                    self._sockets.remember(socket, connection)
                case Notify(posted):
                    await self._present().rounds.posted(posted)
                case NotifyNow():
                    await self._present().rounds.go_soon(0)
                case AnnouncePresence():
                    self._present().attendance.announce()
                case CloseConnection(code, reason):
                    await self._dismiss(socket, code, reason)
                case Dismiss(other, code, reason, is_lost):
                    await self._dismiss(other, code, reason, is_lost=is_lost)
                case CloseSessions(sessions):
                    for session in sessions:
                        await self._end(self._sockets.of_session(session))
                case CloseMembers(members, by_admin):
                    for member in members:
                        await self._end(self._sockets.of_member(member), REMOVED if by_admin else ENDED)
                case CleanUpSoon():
                    await self._tending.clean_up_soon()

    async def _publish(self, effects: Sequence[Effect]) -> None:
        """Perform the effects of a commit, and close the sockets that turn out not to read."""
        await self._perform(effects)
        await self._perform(self._watch.after_commit())

    def _present(self) -> Awake:
        assert self._room is not None, "only an awake room decides anything"
        return self._room

    async def _welcome(self, socket: Any, connection: Connection) -> None:
        if connection.is_gone:  # it closed while its welcome was made
            return
        self._expect_hello_no_more(connection)
        self._sockets.keep(socket, connection)
        await self._tending.expect_silence()

    def _expect_hello_no_more(self, connection: Connection) -> None:
        timer = self._hello_timers.pop(connection.id, None)
        if timer is not None:
            timer.cancel()

    async def _end(self, sockets: Any, reason: str = ENDED) -> None:
        for socket in sockets:
            await self._dismiss(socket, Close.SESSION_ENDED, reason)

    async def _dismiss(self, socket: Any, code: int, reason: str, *, is_lost: bool = False) -> None:
        """Close a socket by our own decision: its member is gone at once for presence, notifications and counts.

        Its client may never answer the close frame, and the platform does not report that.
        """
        close(socket, code, reason)
        await self._leave(socket, is_lost=is_lost)

    async def _note_gone(self, socket: Any, *, is_broken: bool) -> None:
        try:
            await self._leave(socket, is_lost=is_broken)
        except Exception:  # the platform would log it in full, with everything that its message quotes
            log.exception("leaving failed", extra=about(connection=self._connection_id(socket)))

    def _connection_id(self, socket: Any) -> str:
        """The id for the log; empty if the socket's attachment cannot be read."""
        try:
            return self._sockets.connection(socket).id
        except Exception:  # noqa: BLE001 (another error is being logged, and must not be lost)
            return ""

    async def _leave(self, socket: Any, *, is_lost: bool) -> None:
        """A socket is gone; noticing that twice does no harm."""
        room = await self._awake()  # first, because a room that slept has to know that the socket was here
        was_ready = self._sockets.connection(socket).is_ready
        connection = self._sockets.forget(socket)
        self._expect_hello_no_more(connection)
        if was_ready:
            may_have_missed = is_lost and connection.is_visible
            heard_at = connection.heard_at(self._sockets.last_ping_ms(socket)) if may_have_missed else None
            await room.attendance.leave(connection, lost_at=heard_at)


def _later(milliseconds: int, work: Callable[[], None]) -> Timer:
    return Timer(milliseconds / 1_000, work)


def _soon(milliseconds: int, work: Callable[[], None]) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(milliseconds / 1_000, work)


def _charge(wait_seconds: float) -> None:
    """Refuse a request for which the member's budget is too small now."""
    if wait_seconds:
        raise TooManyAttempts("Too many requests of yours.", retry_after=math.ceil(wait_seconds))


def _token(raw: Any, state: RoomState) -> bytes | None:
    return session_token(header(raw, "cookie"), state.name)


def _session_answer(state: RoomState, session: Session) -> dict[str, Any]:
    member = state.directory.member(session.member)
    return {"member": {**member.public(), "role": session.role}, "expires_at": session.expires_at}
