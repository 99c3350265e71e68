"""The Durable Object of one room: its storage, its sockets, its one alarm.

It is the shell around the core: each handler translates the platform's values, lets the core decide, and performs the
effects. What must survive is in SQLite or in a socket's attachment; every attribute here is a cache.

The file is long because the platform wants one class with all its events; each part below has a heading.
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from workers import DurableObject

from access.handover import HANDOVER, Handover
from crypto import SubtleCiphers
from live.alarm import Alarm
from live.attendance import Attendance
from live.awake import Awake
from live.calling import Caller
from live.downfall import downfall
from live.effects import (
    AnnouncePresence,
    Answer,
    BuildSegments,
    CallBots,
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
    RemoveFilesSoon,
    RingAt,
    Tell,
    Welcomed,
)
from live.indexing import Indexer
from live.reception import Reception
from live.replies import Upgrade
from live.requests import Requests
from live.state import RoomState, wake
from live.tending import Tending
from live.watch import Watch
from live.writer import Writer
from logs import REQUEST_ID, about
from notify.schedule import Rounds
from notify.sender import Courier
from settings import SETTING_NAMES, read_settings
from web.answers import deployed, problem
from wire.connections import Connection
from wire.writing import ENDED, REMOVED, Close, closing_answer
from workerd.alarms import StoredAlarm
from workerd.bindings import environment, version_id
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, asked_of, header, marked, post_push, post_webhook, response
from workerd.file_places import file_places
from workerd.hellos import Hellos
from workerd.past import PlatformPast
from workerd.sockets import Sockets, close
from workerd.turns import Timer, let_in, soon, start
from workerd.values import current_ms
from workerd.zones import Zones

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
        self._hellos = Hellos(self._sockets)

    # --- what the platform calls ---

    async def fetch(self, request: Any) -> Any:
        """Answer the Worker: the room's part of docs/protocol.md, "HTTP"."""
        raw = request.js_object
        handover = Handover.read(header(raw, HANDOVER))
        try:
            answer = await answer_or_refuse(self._answer(raw, handover), problem, handover.request_id, log)
        except BaseException as error:
            self._end_after(error)
            raise
        return marked(answer, {REQUEST_ID: handover.request_id, **deployed(version_id(self.env))})

    async def _answer(self, raw: Any, handover: Handover) -> Any:
        asked = await asked_of(raw, handover)
        room = await self._awake()
        if self._alarm.is_lost(current_ms()):
            await self._alarm.arm(current_ms())
        reply = await room.requests.answer(asked)
        if isinstance(reply, Upgrade):
            return self._accept(reply)
        await self._perform(reply.effects)
        return response(reply.status, reply.headers, reply.body)

    def webSocketMessage(self, socket: Any, message: Any) -> Any:
        """Take one frame; await the result, if there is one."""
        if (gone := self._sockets.gone(socket)) is not None and self._room is not None:
            return self._room.reception.drop(gone, current_ms())
        return start(self._take(socket, message))

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
            follows = room.reception.receive(connection, message if isinstance(message, str) else None, now_ms=now_ms)
            await self._perform(follows if isinstance(follows, list) else await follows, socket, connection)
            if room.writer.has_work:  # each call that is not made counts here
                await room.writer.write()
            if closing := self._watch.after_frame(connection, socket):
                await self._perform(closing)
        except BaseException as error:
            self._end_after(error)
            log.exception("frame failed", extra=about(connection=self._sockets.id_of(socket)))
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
        except BaseException as error:
            self._end_after(error)
            log.exception("alarm failed")
            await self._alarm.ring_again()

    def _end_after(self, error: BaseException) -> None:
        """End this object and all its sockets, if it cannot be trusted after this error; never returns then."""
        why = downfall(error)
        if why is None:
            return
        log.critical(why, exc_info=error)
        self.ctx.abort(why)  # raises

    # --- waking ---

    async def _awake(self) -> Awake:
        """The room, opened once; an error leaves it closed and becomes the answer to the request."""
        async with self._waking:
            has_slept = self._room is None
            room = self._room = self._room or await self._open()
        if has_slept:
            for connection, socket in self._sockets.waiting():
                self._hellos.expect(socket, connection)
            await self._tending.plan_again(room.state)
        return room

    async def _open(self) -> Awake:
        settings = read_settings(environment(self.env, SETTING_NAMES))
        name, version = str(self.ctx.id.name), version_id(self.env)
        places = file_places(self.env, name, settings)
        database, ciphers, now_ms = self._database, self._ciphers, current_ms()
        where = partial(wake, places=places, post=post_webhook, offset_of=Zones().offset_of, version=version)
        state = await where(name, settings, database, ciphers, now_ms=now_ms)
        state.recall(self._watch.connections())
        rounds = self._make_rounds(state)
        attendance = Attendance(state, rounds, send=self._sockets.tell, later=soon, clock=current_ms)
        answer, publish = self._sockets.acknowledge, self._publish
        writer = Writer(state, answer=answer, publish=publish, let_in=let_in, clock=current_ms)
        caller = Caller(state, publish=publish, arm=self._alarm.arm, clock=current_ms)
        size_bytes, past = self._database.size_bytes, PlatformPast(self.ctx, self._sockets)
        requests = Requests(state, self._tending, self._watch, past, storage_bytes=size_bytes, clock=current_ms)
        indexer = Indexer(state, later=Timer, let_in=let_in, clock=current_ms)
        return Awake(state, Reception(state, let_in=let_in), requests, writer, rounds, attendance, indexer, caller)

    def _make_rounds(self, state: RoomState) -> Rounds:
        courier = None if state.vapid is None else Courier(state.notices, state.vapid, self._ciphers, post_push)
        is_visible, arm = state.presence.is_visible, self._alarm.arm
        return Rounds(state.notices, courier, is_visible=is_visible, later=Timer, arm=arm, clock=current_ms)

    # --- sockets ---

    def _accept(self, upgrade: Upgrade) -> Any:
        answer, socket = self._sockets.accept(upgrade.connection, upgrade.protocol)
        self._hellos.expect(socket, upgrade.connection)
        return answer

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
                case Tell(text, members, but, of_lane, to_bots):
                    self._sockets.tell(text, members, but, of_lane=of_lane, to_bots=to_bots)
                case Welcomed():
                    assert connection is not None
                    await self._welcome(socket, connection)
                case Remember():
                    assert connection is not None
                    self._sockets.remember(socket, connection)
                case Notify() | NotifyNow() | CallBots() | BuildSegments():
                    await self._present().follow_up(effect)
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
                case CleanUpSoon() | RemoveFilesSoon() | RingAt():
                    await self._tending.plan(effect)

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
        self._hellos.expect_no_more(connection)
        self._sockets.keep(socket, connection)
        await self._tending.expect_silence()

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
        except BaseException as error:  # the platform would log it in full, with everything that its message quotes
            self._end_after(error)
            log.exception("leaving failed", extra=about(connection=self._sockets.id_of(socket)))

    async def _leave(self, socket: Any, *, is_lost: bool) -> None:
        """A socket is gone; noticing that twice does no harm."""
        room = await self._awake()  # first, because a room that slept has to know that the socket was here
        was_ready = self._sockets.connection(socket).is_ready
        connection = self._sockets.forget(socket)
        self._hellos.expect_no_more(connection)
        if was_ready:
            may_have_missed = is_lost and connection.is_visible
            heard_at = connection.heard_at(self._sockets.last_ping_ms(socket)) if may_have_missed else None
            await room.attendance.leave(connection, lost_at=heard_at)
