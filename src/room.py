"""The Durable Object of one room: its storage, its sockets, its one alarm.

The shell around the core: every handler translates what the platform gives, lets the core decide, and performs what
comes back. What must survive is in SQLite or in a socket's attachment; every attribute here is a cache.

Longer than most files because the platform wants one class with all its events; each part below has its heading.
"""

import asyncio
import json
import logging
import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject

from access import challenge
from access.confirmations import Waiting
from access.cookies import expired_session_cookie, session_cookie, session_token, token_digest
from access.forms import parse_login
from access.guessing import FINDING, HOME, SUSPECT, Spent
from access.proving import Login
from chat.changes import Request
from chat.directory import ADMIN
from chat.window import Window
from crypto import SubtleCiphers
from encoding import b64url, compact_json
from errors import (
    Forbidden,
    Internal,
    LimitReached,
    Malformed,
    NotFound,
    TooManyAttempts,
    Unauthenticated,
    WrongPassword,
)
from limits import (
    ALARM_LATE_MS,
    CLEAN_UP_EVERY_MS,
    HELLO_WITHIN_SECONDS,
    ID_BYTES,
    KDF_ITERATIONS,
    KDF_ROUNDS,
    MAX_CLOSING_SOCKETS,
    MAX_SOCKETS_PER_MEMBER,
    PAST_DEVICE_MS,
    PURGE_PAUSE_MS,
    SLOW_READER_BYTES,
    SLOW_READER_STEP_BYTES,
    SOCKET_CHECK_MS,
    SOCKET_MISSED_MS,
    UNREAD_STEP_BYTES,
    WRITE_QUESTIONS,
    public_limits,
)
from live import announcements, logins
from live.backlogs import look_again_after, owes_too_much, too_slow
from live.effects import (
    Answer,
    CleanUpSoon,
    CloseConnection,
    CloseMembers,
    CloseSessions,
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
from logs import REQUEST_ID, about
from notify.registration import parse_endpoint, parse_subscription
from notify.schedule import Rounds
from notify.sender import Courier
from settings import SETTING_NAMES, read_settings
from storage.schema import schema_exists, schema_is_current
from storage.sessions import Session
from storage.store import Store
from upkeep.stats import Platform, stats
from web.answers import API_HEADERS, problem
from web.routes import find_route
from wire.connections import Connection
from wire.writing import ENDED, REMOVED, SUB_PROTOCOL, Close, closing_answer, error_frame
from workerd.bindings import environment, version_id
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, header, json_response, post_push, response
from workerd.sockets import Sockets, close, send
from workerd.turns import Timer, settled, start
from workerd.values import current_ms, from_js

log = logging.getLogger("durable_chat.room")
_TOO_SLOW = "too slow to read"
_BROKEN = 1006  # the close code that says there was no close frame


class Room(DurableObject):
    """One room."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._ciphers = SubtleCiphers()
        self._database = WorkerdDatabase(self.ctx.storage)
        self._storage = self.ctx.storage._binding
        self._sockets = Sockets(getattr(self.ctx, "_binding", self.ctx))
        self._sockets.answer_pings()
        self._state: RoomState | None = None  # opened from storage by the first event that needs it
        self._reception: Reception | None = None
        self._waking = asyncio.Lock()
        self._queue: list[tuple[Any, Request]] = []  # changes not stored yet: nobody was told they were
        self._window = Window()
        self._writer: asyncio.Task[None] | None = None  # kept, so that it is not collected while it waits
        self._is_writing = False
        self._slow_readers_seen_at = 0
        self._look_after_bytes = UNREAD_STEP_BYTES
        self._unread_bytes = 0  # in all sockets, when last looked at
        self._alarm_at: int | None = None  # as last seen in storage
        self._hello_timers: dict[str, Timer] = {}
        self._presence_timer: asyncio.TimerHandle | None = None
        self._rounds: Rounds | None = None

    # --- what the platform calls ---

    async def fetch(self, request: Any) -> Any:
        """Answer the Worker: the room's part of docs/protocol.md, "HTTP"."""
        request_id = header(request.js_object, REQUEST_ID) or ""
        answer = await answer_or_refuse(self._route(request.js_object), problem, request_id, log)
        answer.headers.set(REQUEST_ID, request_id)
        return answer

    def webSocketMessage(self, socket: Any, message: Any) -> Any:
        """Take one frame; what is returned, if anything, has to be awaited."""
        return None if self._sockets.is_gone(socket) else start(self._take(socket, message))

    async def _take(self, socket: Any, message: Any) -> None:
        try:
            reception = self._reception or (await self._awake())[1]
            connection = self._sockets.connection(socket)
            if connection.is_gone:  # closed before the object slept
                return
            now_ms = current_ms()
            if connection.shows_life(now_ms):
                self._sockets.remember(socket, connection)
            if self._is_alarm_lost(now_ms):
                await self._arm(now_ms)
            text = message if isinstance(message, str) else None
            follows = reception.receive(connection, text, now_ms=now_ms)
            effects = follows if isinstance(follows, list) else await follows
            await self._perform(effects, socket, connection)
            if connection.answered_bytes > SLOW_READER_BYTES and connection.is_ready:
                await self._close_if_slow(connection, socket)
            if self._sockets.queued_bytes > self._look_after_bytes:
                await self._close_who_owes_too_much()
        except Exception:
            log.exception("frame failed", extra=about(connection=self._connection_id(socket)))
            close(socket, Close.INTERNAL, "")
            await self._note_gone(socket, is_broken=False)

    async def webSocketClose(self, socket: Any, code: int, reason: str, was_clean: Any = None) -> None:
        """A client has closed, or its line is gone."""
        await self._note_gone(socket, is_broken=code == _BROKEN)
        close(socket, closing_answer(code), "")  # not its reason, which may have become too long for a frame
        self._sockets.release(socket)

    async def webSocketError(self, socket: Any, error: Any) -> None:
        """The line broke; `webSocketClose` may or may not follow."""
        await self._note_gone(socket, is_broken=True)
        self._sockets.release(socket)

    async def alarm(self, info: Any = None) -> None:
        """Find dead sockets, and clean up when it is time."""
        try:
            await self._tend(current_ms())
        except Exception:
            log.exception("alarm failed")
            await self._storage.setAlarm(current_ms() + SOCKET_CHECK_MS)

    # --- waking ---

    async def _awake(self) -> tuple[RoomState, Reception]:
        """The room's state, opened once; an error leaves it closed and is the answer to whoever asked."""
        async with self._waking:
            has_slept = self._state is None or self._reception is None
            if self._state is None or self._reception is None:
                settings = read_settings(environment(self.env, SETTING_NAMES))
                name = str(self.ctx.id.name)
                version = version_id(self.env)
                state = await wake(name, settings, self._database, self._ciphers, now_ms=current_ms(), version=version)
                for connection, _ in self._sockets.ready():
                    state.presence.come(connection.member, told=True)
                    if not connection.is_visible:
                        state.presence.look(connection.member, away=True)
                self._state, self._reception, self._rounds = state, Reception(state), self._make_rounds(state)
        if has_slept:
            await self._plan_again(self._state)
        return self._state, self._reception

    async def _plan_again(self, state: RoomState) -> None:
        """See to whatever was planned before the object slept or died: timers are gone, and alarms get lost."""
        for connection, socket in self._sockets.waiting():
            self._expect_hello(socket, connection)
        for connection, socket in list(self._sockets.ready()):
            if connection.session in state.ended:
                await self._dismiss(socket, Close.SESSION_ENDED, ENDED)
        if len(self._sockets.ready()) > 1:
            await self._arm(current_ms() + SOCKET_CHECK_MS)
        if state.is_stored:
            await self._plan_clean_up()
            await self._arm(state.notices.next_at())

    def _make_rounds(self, state: RoomState) -> Rounds:
        courier = None if state.vapid is None else Courier(state.notices, state.vapid, self._ciphers, post_push)
        return Rounds(
            state.notices,
            courier,
            is_visible=state.presence.is_visible,
            later=lambda milliseconds, work: Timer(milliseconds / 1_000, work),
            arm=self._arm,
            clock=current_ms,
        )

    def _rounds_of_courier(self) -> Rounds:
        assert self._rounds is not None, "whoever has something to tell is awake"
        return self._rounds

    # --- HTTP ---

    async def _route(self, raw: Any) -> Any:
        route = find_route(str(raw.method), urlsplit(str(raw.url)).path)
        state, _ = await self._awake()
        if self._is_alarm_lost(current_ms()):
            await self._arm(current_ms())
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
        """The one door for HTTP: whoever has no good cookie stays outside."""
        if not state.is_stored:
            raise Unauthenticated("Please sign in.")
        return state.sessions.authenticate(_token(raw, state), now_ms=current_ms())

    def _charge_write(self, session: Session, state: RoomState) -> None:
        """What a member has the room write counts like a question on a socket, whichever way it comes."""
        now_ms = current_ms()
        _charge(state.budgets.of(session.member, now_ms).questions.take(now_ms, WRITE_QUESTIONS))

    def _stats(self, session: Session, state: RoomState) -> dict[str, Any]:
        """The room in figures; the one door to them."""
        if session.role != ADMIN:
            raise Forbidden("Only an admin may see this.")
        platform = Platform(
            sockets=len(self._sockets.ready()),
            online=len(state.presence.online()),
            storage_bytes=self._database.size_bytes(),
            clean_up_at=self._clean_up_at(),
            has_push=state.vapid is not None,
        )
        return stats(session.member, state.audience, state.directory, state.store, platform, now_ms=current_ms())

    async def _push(self, raw: Any, method: str, state: RoomState) -> Any:
        """This device's notifications: the key to register with, registering, and the end of it."""
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
        """A login; the address's object is told, in a header, that the password was right, whatever follows."""
        login = await self._login(raw, state)
        stored = state.is_stored
        role = await state.proving.prove(login, stored=stored, now_ms=current_ms())
        entering = self._let_in(login, role, state, was_stored=stored)
        answer = await answer_or_refuse(entering, problem, header(raw, REQUEST_ID) or "", log)
        if int(answer.status) != WrongPassword.status:  # a wrong code is a failed login
            answer.headers.set(FINDING, state.proving.finding(role))
        return answer

    async def _let_in(self, login: Login, role: str, state: RoomState, *, was_stored: bool) -> Any:
        state.prepare()
        await self._plan_clean_up()
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
        """What the entry point passes on: the form as it was sent, and the challenge answers that it found right."""
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
        here, closing = self._sockets.count(session.member)
        if here >= 2 * MAX_SOCKETS_PER_MEMBER or closing >= MAX_CLOSING_SOCKETS:
            raise LimitReached("Too many connections.")
        if owes_too_much(self._sockets.unread_of(session.member), self._unread_bytes):
            raise LimitReached("Your other connections have not read what they asked for.")
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
        """Do what was decided, in order."""
        for effect in effects:
            match effect:
                case Enqueue(request):
                    self._queue.append((socket, request))
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
                    await self._rounds_of_courier().posted(posted)
                case NotifyNow():
                    await self._rounds_of_courier().go_soon(0)
                case CloseConnection(code, reason):
                    await self._dismiss(socket, code, reason)
                case CloseSessions(sessions):
                    for session in sessions:
                        await self._end(self._sockets.of_session(session))
                case CloseMembers(members, by_admin):
                    for member in members:
                        await self._end(self._sockets.of_member(member), REMOVED if by_admin else ENDED)
                case CleanUpSoon():
                    await self._clean_up_soon()
        self._tell_presence()
        if self._queue and not self._is_writing:
            await self._write()

    async def _welcome(self, socket: Any, connection: Connection) -> None:
        if connection.is_gone:  # closed while its welcome was made
            return
        self._expect_hello_no_more(connection)
        self._sockets.keep(socket, connection)
        if len(self._sockets.ready()) > 1:  # from now on somebody would see a dead line as a member who is here
            await self._arm(current_ms() + SOCKET_CHECK_MS)

    def _expect_hello_no_more(self, connection: Connection) -> None:
        timer = self._hello_timers.pop(connection.id, None)
        if timer is not None:
            timer.cancel()

    async def _end(self, sockets: Any, reason: str = ENDED) -> None:
        for socket in sockets:
            await self._dismiss(socket, Close.SESSION_ENDED, reason)

    async def _dismiss(self, socket: Any, code: int, reason: str, *, is_lost: bool = False) -> None:
        """Close a socket by our own decision: its member is gone at once for presence, notifications and counts.

        Its client may never answer the close frame, and nobody is told when it does not.

        Args:
            is_lost: nobody reads it any more, and what came since its last sign of life may never have been seen.
        """
        close(socket, code, reason)
        await (self._lose(socket) if is_lost else self._leave(socket))

    async def _note_gone(self, socket: Any, *, is_broken: bool) -> None:
        try:
            await (self._lose(socket) if is_broken else self._leave(socket))
        except Exception:  # the platform would log it in full, with whatever its message quotes
            log.exception("leaving failed", extra=about(connection=self._connection_id(socket)))

    def _connection_id(self, socket: Any) -> str:
        """For the log; empty for a socket whose attachment is the very thing that cannot be read."""
        try:
            return self._sockets.connection(socket).id
        except Exception:  # noqa: BLE001 (asked while another error is being logged, which must not be lost)
            return ""

    async def _leave(self, socket: Any) -> Connection | None:
        """A socket is gone, however that was noticed; noticing it twice does no harm.

        Returns:
            its connection if its member was here with it until now.
        """
        state, _ = await self._awake()  # before it is forgotten: a room that slept has to know that it was here
        was_ready = self._sockets.connection(socket).is_ready
        connection = self._sockets.forget(socket)
        self._expect_hello_no_more(connection)
        if was_ready:
            state.note_connected(connection.member, connection.session, now_ms=current_ms())
            state.presence.go(connection.member, was_visible=connection.is_visible)
            self._tell_presence()
        return connection if was_ready else None

    async def _lose(self, socket: Any) -> None:
        """A socket is gone and nobody said goodbye: what came since its last ping may never have been seen."""
        connection = await self._leave(socket)
        if connection is not None and connection.is_visible:
            heard_at = connection.heard_at(self._sockets.last_ping_ms(socket))
            await self._rounds_of_courier().line_died(connection.member, heard_at)

    def _tell_presence(self) -> None:
        """Tell who came and went: now, or as soon as a second has passed since the last time."""
        if self._state is None or self._presence_timer is not None or not self._state.presence.has_news:
            return
        due_ms = self._state.presence.due_in_ms(current_ms())
        if due_ms is not None:
            self._presence_timer = asyncio.get_running_loop().call_later(due_ms / 1_000, self._presence_is_due)

    def _presence_is_due(self) -> None:
        self._presence_timer = None
        if self._state is not None:
            online, offline = self._state.presence.take(current_ms())
            if online or offline:
                self._sockets.tell(compact_json({"type": "presence", "online": online, "offline": offline}))

    # --- the writer ---

    async def _write(self) -> None:
        """Commit what is queued: at once, or in a busy room after a short wait for more. Only while nobody writes."""
        self._is_writing = True
        wait_ms = self._window.wait_ms(current_ms(), len(self._sockets.ready()))
        if wait_ms:
            # A timer of the platform's: within two milliseconds the event loop's would let no frame in.
            Timer(wait_ms / 1_000, self._write_collected)
        else:
            await self._write_queue()

    def _write_collected(self) -> None:
        self._window.collected(len(self._queue), len(self._sockets.ready()))
        self._writer = asyncio.ensure_future(self._write_queue())

    async def _write_queue(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                await self._commit(batch)
        finally:
            self._is_writing = False

    async def _commit(self, batch: Sequence[tuple[Any, Request]]) -> None:
        """Store changes, then answer and tell: in this order, so that nobody is told what could still be lost."""
        state, _ = await self._awake()
        outcome = await state.conversation.commit([request for _, request in batch], now_ms=current_ms())
        if outcome.failure is not None:
            log.error("commit failed", exc_info=outcome.failure)
        for (socket, request), answer in zip(batch, outcome.answers, strict=True):
            if answer is not None:
                self._sockets.queued_bytes += len(answer)
                send(socket, answer or error_frame(Internal(), request.frame.ref))
        await self._perform(announcements.committed(state, outcome))
        await self._close_slow_readers()
        if self._sockets.queued_bytes > self._look_after_bytes:
            await self._close_who_owes_too_much()

    # --- sockets that do not keep up, and the alarm ---

    async def _close_slow_readers(self) -> None:
        """Whoever does not read what is sent fills memory that the others need: away with them; they can resume."""
        if self._sockets.sent_bytes - self._slow_readers_seen_at < SLOW_READER_STEP_BYTES:
            return
        self._slow_readers_seen_at = self._sockets.sent_bytes
        for connection, socket in list(self._sockets.ready()):
            await self._close_if_slow(connection, socket)

    async def _close_who_owes_too_much(self) -> None:
        """The same by what really waits in the sockets, which is memory that a member and a room have so much of."""
        backlogs = self._sockets.backlogs()
        self._look_after_bytes = look_again_after(backlogs)
        self._unread_bytes = sum(each.unread_bytes for each in backlogs)
        for key in too_slow(backlogs):
            found = self._sockets.ready_at(key)
            if found is not None:
                await self._dismiss(found[1], Close.TOO_MUCH, _TOO_SLOW, is_lost=True)

    async def _close_if_slow(self, connection: Connection, socket: Any) -> None:
        if connection.is_slow(self._sockets.last_ping_ms(socket), self._sockets.sent_bytes):
            await self._dismiss(socket, Close.TOO_MUCH, _TOO_SLOW, is_lost=True)

    async def _tend(self, now_ms: int) -> None:
        self._alarm_at = None  # it has rung
        await self._close_dead_sockets(now_ms)
        clean_up_at = self._clean_up_at()
        if clean_up_at is not None and clean_up_at <= now_ms:
            clean_up_at = await self._clean_up(now_ms)
        if schema_is_current(self._database) and Store(self._database).notices.next_at() is not None:
            await self._awake()
            await self._rounds_of_courier().plan()
        if len(self._sockets.ready()) > 1:
            await self._arm(self._next_look(now_ms))
        await self._arm(clean_up_at)

    async def _close_dead_sockets(self, now_ms: int) -> None:
        """A line can go without a word, and a session can end while its socket only listens."""
        for connection, socket in list(self._sockets.ready()):
            if now_ms >= connection.expires_at:
                await self._dismiss(socket, Close.SESSION_ENDED, ENDED)
            elif connection.is_silent(self._sockets.last_ping_ms(socket), now_ms):
                await self._dismiss(socket, Close.TOO_MUCH, "no sign of life", is_lost=True)
        for connection, socket in self._sockets.waiting():
            if connection.is_silent(None, now_ms):
                await self._dismiss(socket, Close.NO_HELLO, "no hello")

    def _next_look(self, now_ms: int) -> int:
        """When to look for dead sockets again: soon enough for those that have missed a ping."""
        soonest = now_ms + SOCKET_CHECK_MS
        for connection, socket in self._sockets.ready():
            pinged_at = self._sockets.last_ping_ms(socket)
            if now_ms - connection.heard_at(pinged_at) > SOCKET_MISSED_MS:
                soonest = min(soonest, connection.dead_at(pinged_at) + 1)
        return soonest

    def _clean_up_at(self) -> int | None:
        """When the next clean-up is due; None while nothing is stored."""
        if not schema_exists(self._database):
            return None
        due = Store(self._database).facts.get("clean_up_at")
        return None if due is None else int(due)

    async def _clean_up(self, now_ms: int) -> int:
        """Remove a batch of what is too old; the next run is noted first, so that an error cannot stop the clean-up."""
        state, _ = await self._awake()
        noted_at = now_ms + CLEAN_UP_EVERY_MS
        state.store.facts.put("clean_up_at", noted_at)
        for connection, _ in self._sockets.ready():
            state.note_connected(connection.member, connection.session, now_ms=now_ms)
        cleaned = await state.retention.run(now_ms=now_ms, is_online=state.presence.online())
        await self._perform(announcements.cleaned(state, cleaned))
        next_at = cleaned.next_at(self._clean_up_at() or noted_at, now_ms)
        state.store.facts.put("clean_up_at", next_at)
        return next_at

    async def _plan_clean_up(self) -> None:
        """From the first login on there is something to clean up one day.

        A time that is missing is set, and one that is later than any clean-up can be: the clock was set back since.
        """
        latest_at = current_ms() + CLEAN_UP_EVERY_MS
        at_ms = self._clean_up_at()
        if at_ms is None or at_ms > latest_at:
            at_ms = latest_at
            Store(self._database).facts.put("clean_up_at", at_ms)
        await self._arm(at_ms)

    async def _clean_up_soon(self) -> None:
        at_ms = current_ms() + PURGE_PAUSE_MS
        Store(self._database).facts.put("clean_up_at", at_ms)
        await self._arm(at_ms)

    async def _arm(self, at_ms: int | None) -> None:
        """Have the alarm ring at `at_ms` or before; setting it costs a row, so only when that is news.

        One that should have rung long ago never will: it was lost. It is set to ring now, which sees to all that waits.
        """
        if at_ms is None:
            return
        now_ms = current_ms()
        if self._alarm_at is not None and self._alarm_at <= at_ms and not self._is_alarm_lost(now_ms):
            return
        present = from_js(await settled(self._storage.getAlarm()))
        is_lost = present is not None and present <= now_ms - ALARM_LATE_MS
        if present is None or present > at_ms or is_lost:
            present = now_ms if is_lost else max(at_ms, now_ms)
            await settled(self._storage.setAlarm(present))
        self._alarm_at = int(present)

    def _is_alarm_lost(self, now_ms: int) -> bool:
        return self._alarm_at is not None and self._alarm_at <= now_ms - ALARM_LATE_MS


def _charge(wait_seconds: float) -> None:
    """Refuse a request for which a member's budget does not suffice now."""
    if wait_seconds:
        raise TooManyAttempts("Too many requests of yours.", retry_after=math.ceil(wait_seconds))


def _token(raw: Any, state: RoomState) -> bytes | None:
    return session_token(header(raw, "cookie"), state.name)


def _session_answer(state: RoomState, session: Session) -> dict[str, Any]:
    member = state.directory.member(session.member)
    return {"member": {**member.public(), "role": session.role}, "expires_at": session.expires_at}
