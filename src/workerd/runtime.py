"""JavaScript values to Python values and back; nothing else crosses the border.

Runs in workerd only. No JavaScript object is made at import: the deploy-time snapshot could not keep it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import js
from pyodide.ffi import JsException, can_run_sync, create_once_callable, jsnull, run_sync, to_js

from encoding import byte_length, compact_json
from errors import ChatError, Internal, Misconfigured
from limits import PUSH_TIMEOUT_SECONDS
from live.backlogs import Backlog
from logs import about, log_line
from notify.sender import PushAnswer
from notify.web_push import PushRequest
from storage.database import NotUnique
from web.answers import API_HEADERS
from wire.connections import Connection

T = TypeVar("T")
_CLOSED = 3  # WebSocket.readyState


class ConsoleHandler(logging.Handler):
    """Python's log records as JSON lines on the console, which is where the platform collects logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        write = js.console.error if record.levelno >= logging.ERROR else js.console.log
        write(log_line(record))


def js_object(value: Mapping[str, Any]) -> Any:
    """A plain JavaScript object; nested dicts become objects, bytes become Uint8Array."""
    return to_js(value, dict_converter=js.Object.fromEntries)


def js_array(values: Sequence[Any]) -> Any:
    """A real JavaScript array, which the platform asks for where a proxy of a list will not do."""
    return to_js(list(values), dict_converter=js.Object.fromEntries)


def js_bytes(value: bytes) -> Any:
    """A Uint8Array with a copy of `value`; raw `bytes` would arrive as the text "b'…'"."""
    return to_js(value)


def from_js(value: Any) -> Any:
    """None for null and undefined, else the value as it is."""
    return None if value is jsnull else value


def rows(sql: Any, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement on the raw storage binding and return all its rows.

    Args:
        sql: `ctx.storage._binding.sql`; the SDK's wrapper costs ten times as much a call.
        parameters: None, int below 2**53, float, str, bytes; bool is refused by SQLite's binding and becomes 0 or 1.
    """
    try:
        cursor = sql.exec(statement, *[_bindable(value) for value in parameters])
    except JsException as error:
        if "UNIQUE constraint failed" in str(error):
            raise NotUnique from error
        raise
    if not statement.startswith("SELECT"):
        return []  # fetching no rows costs as much as the statement
    return [tuple([_plain(value) for value in row]) for row in cursor.raw().toArray().to_py()]


def _bindable(value: Any) -> Any:
    if isinstance(value, int):
        return float(value)  # what SQLite's binding makes of every number; a large int would arrive as a BigInt
    return to_js(value) if isinstance(value, bytes) else value


def _plain(value: Any) -> Any:
    if value is jsnull:
        return None
    return bytes(value) if isinstance(value, memoryview) else value


class WorkerdDatabase:
    """The object's SQLite storage as `storage.database.Database`."""

    def __init__(self, storage: Any) -> None:
        """`storage` is the SDK's `ctx.storage`; its wrapper is bypassed, being ten times slower."""
        self._storage = storage._binding
        self._sql = self._storage.sql

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As `Database.execute`."""
        return rows(self._sql, statement, parameters)

    def transaction(self, work: Callable[[], T]) -> T:
        """As `Database.transaction`; an exception of `work` comes out as it went in."""
        result: T = self._storage.transactionSync(work)
        return result

    def size_bytes(self) -> int:
        """How much storage the room takes."""
        return int(self._sql.databaseSize)


def response(status: int, headers: Mapping[str, str], body: str | None) -> Any:
    """An HTTP answer."""
    options = js_object({"status": status, "headers": dict(headers)})
    return js.Response.new(body, options)


async def answer_or_refuse(
    work: Awaitable[Any],
    explain: Callable[[ChatError, str], tuple[int, dict[str, str], str]],
    request_id: str,
    log: logging.Logger,
) -> Any:
    """What `work` answers. A refusal is explained; a mistake of ours is logged, and of it nothing else is told."""
    try:
        return await work
    except ChatError as refusal:
        if isinstance(refusal, Misconfigured):  # the detail says all, without a value
            log.error("misconfigured: %s", refusal.detail, extra=about(request_id))  # noqa: TRY400
        return response(*explain(refusal, request_id))
    except Exception:
        log.exception("request failed", extra=about(request_id))
        return response(*explain(Internal(), request_id))


def json_response(value: Any, *, status: int = 200, more: Mapping[str, str] | None = None) -> Any:
    """An answer of the API, with `more` headers beside its usual ones."""
    headers = {**API_HEADERS, "Content-Type": "application/json", **(more or {})}
    return response(status, headers, compact_json(value))


async def without_body(answer: Any) -> Any:
    """The same answer for somebody who asked for its headers alone; what it would have said is thrown away."""
    if from_js(answer.body) is not None:
        await answer.body.cancel()
    return js.Response.new(None, js_object({"status": answer.status, "headers": answer.headers}))


def header(request: Any, name: str) -> str | None:
    """A header of a JavaScript Request, or None."""
    value = from_js(request.headers.get(name))
    return None if value is None else str(value)


async def settled(promise: Any) -> Any:
    """What a JavaScript promise comes to.

    Within an event of the platform the whole stack waits, which costs a fifth of what Python's event loop takes for it
    (docs/performance.md); what a timer or another task has begun has no such stack and awaits.
    """
    return run_sync(promise) if can_run_sync() else await promise


def start(work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None] | None:
    """Run a coroutine at once, as far as it goes without waiting; what is left of it is to be awaited.

    A task would begin a turn of the event loop later, and cost more than most frames take. Nothing in `work` may ask
    for the current task before it has waited: there is none.
    """
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return _go_on(work, waits_for)


async def _go_on(work: Coroutine[Any, Any, None], waits_for: Any) -> None:
    while True:
        await (asyncio.sleep(0) if waits_for is None else asyncio.wait([waits_for]))
        try:
            waits_for = work.send(None)
        except StopIteration:
            return


def current_ms() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1_000)


def environment(env: Any, names: Sequence[str]) -> dict[str, str | None]:
    """The operator's settings by name; None where one is not set."""
    return {name: from_js(getattr(env, name, None)) for name in names}


def version_id(env: Any) -> str | None:
    """What the platform calls this version of code, settings and secrets; None where wrangler.toml does not bind it."""
    version = from_js(getattr(env, "CF_VERSION_METADATA", None))
    return None if version is None else str(version.id)


def room_stub(env: Any, name: str, hint: str | None = None) -> Any:
    """A room, to be asked with `fetch`: raw, for the SDK's wrapper would put a cancellable fetch around a socket.

    `hint` says where an object that does not exist yet should be made.
    """
    where = () if hint is None else (js_object({"locationHint": hint}),)
    return env.ROOMS.getByName(name, *where)._binding


async def read_body(request: Any, limit: int) -> bytes | None:
    """A request's body, or None as soon as it is longer than `limit` bytes."""
    if from_js(request.body) is None:
        return b""
    reader = request.body.getReader()
    body = b""
    while True:
        part = await reader.read()
        if part.done:
            return body
        body += part.value.to_bytes()
        if len(body) > limit:
            await reader.cancel()
            return None


async def post_form(url: str, form: Mapping[str, str], timeout_seconds: float) -> tuple[int, str]:
    """POST a form and return status and text.

    Raises:
        OSError: no answer, or none in time.
    """
    options = js_object({"method": "POST", "redirect": "manual"})
    options.body = js.URLSearchParams.new(js_object(form))
    options.signal = js.AbortSignal.timeout(int(timeout_seconds * 1_000))
    try:
        answer = await js.fetch(url, options)
        return int(answer.status), str(await answer.text())
    except JsException as error:
        raise OSError(f"no answer: {error.name}") from error


async def post_push(request: PushRequest) -> PushAnswer:
    """Hand a notification to a push service.

    Raises:
        OSError: no answer, or none in time.
    """
    options = js_object({"method": "POST", "redirect": "manual", "headers": request.headers, "body": request.body})
    options.signal = js.AbortSignal.timeout(int(PUSH_TIMEOUT_SECONDS * 1_000))
    try:
        answer = await js.fetch(request.url, options)
        if from_js(answer.body) is not None:
            await answer.body.cancel()  # nobody reads it, and unread it would keep a connection
        return PushAnswer(int(answer.status), from_js(answer.headers.get("retry-after")))
    except JsException as error:
        raise OSError(f"no answer: {error.name}") from error


class Sockets:
    """The object's WebSockets, which outlive it: the platform keeps them, with an attachment each, while it sleeps."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        # By the identity of the JavaScript object; each socket is kept, or another one could get its identity.
        self._connections: dict[int, tuple[Connection, Any]] = {}
        self._ready: dict[int, tuple[Connection, Any]] | None = None  # those that have said hello; None after waking
        self._gone: dict[int, tuple[Connection, Any]] = {}  # closed by us; their lines are there until clients answer
        self._broadcast = Broadcast()
        self.sent_bytes = 0  # to each socket that has been here since the object woke
        self.queued_bytes = 0  # to all sockets together, since somebody last looked at what waits in them

    def answer_pings(self) -> None:
        """Let the runtime answer `ping` itself, without waking the object."""
        self._ctx.setWebSocketAutoResponse(js.WebSocketRequestResponsePair.new("ping", "pong"))

    def accept(self, connection: Connection, protocol: str | None) -> tuple[Any, Any]:
        """Take an upgrade; returns the 101 answer, with the sub-protocol if there is one, and the room's end."""
        client, server = js.WebSocketPair.new().object_values()
        self._ctx.acceptWebSocket(server, js_array([_member_tag(connection.member), _session_tag(connection.session)]))
        self._connections[server.js_id] = connection, server
        self.remember(server, connection)
        headers = {"Sec-WebSocket-Protocol": protocol} if protocol else {}
        options = js_object({"status": 101, "headers": headers})
        options.webSocket = client
        return js.Response.new(None, options), server

    def connection(self, socket: Any) -> Connection:
        """Whose socket this is."""
        connection = self._look_up(socket)
        if socket.js_id not in self._connections and not connection.is_gone:
            self._connections[socket.js_id] = connection, socket
        return connection

    def _look_up(self, socket: Any) -> Connection:
        known = self._connections.get(socket.js_id) or self._gone.get(socket.js_id)
        return Connection.from_attachment(str(socket.deserializeAttachment())) if known is None else known[0]

    def keep(self, socket: Any, connection: Connection) -> None:
        """Store with its socket that a connection is ready, and tell it from now on what everybody is told."""
        self.remember(socket, connection)
        self._present()[socket.js_id] = connection, socket
        self._broadcast.add(socket)

    def remember(self, socket: Any, connection: Connection) -> None:
        """Store with its socket what else has changed of a connection."""
        socket.serializeAttachment(connection.attachment())

    def forget(self, socket: Any) -> Connection:
        """The socket has closed, or we have closed it; returns its connection, marked as gone."""
        connection = self.connection(socket)
        self._gone[socket.js_id] = connection, socket
        if connection.is_ready:
            self._present().pop(socket.js_id, None)
            self._broadcast.remove(socket)
        if not connection.is_gone:
            connection.is_ready, connection.is_gone = False, True
            self.remember(socket, connection)  # the platform lists it until its client answers, which may be never
        self._connections.pop(socket.js_id, None)
        return connection

    def is_gone(self, socket: Any) -> bool:
        """Whether this socket is closed, and its client says more before it notices."""
        return socket.js_id in self._gone

    def release(self, socket: Any) -> None:
        """The line of a socket is gone, and with it what waited there."""
        self._gone.pop(socket.js_id, None)

    def backlogs(self) -> list[Backlog]:
        """What waits in each socket, those that we closed included; called by the identity of the socket."""
        self.queued_bytes = 0
        self._gone = {key: each for key, each in self._gone.items() if each[1].readyState != _CLOSED}
        return [
            Backlog(key, connection.member, _unread_bytes(socket), is_open)
            for sockets, is_open in ((self._present(), True), (self._gone, False))
            for key, (connection, socket) in sockets.items()
        ]

    def unread_of(self, member: str) -> int:
        """How many bytes wait in all sockets of a member."""
        return sum(_unread_bytes(socket) for socket in self.of_member(member))

    def ready_at(self, key: int) -> tuple[Connection, Any] | None:
        """The ready connection of a socket with this identity."""
        return self._present().get(key)

    def ready(self) -> Collection[tuple[Connection, Any]]:
        """The connections that have said hello, with their sockets."""
        return self._present().values()

    def waiting(self) -> list[tuple[Connection, Any]]:
        """The connections that have not said hello, with their sockets."""
        known = [(self._look_up(socket), socket) for socket in self._ctx.getWebSockets()]
        return [(connection, socket) for connection, socket in known if not (connection.is_ready or connection.is_gone)]

    def count(self, member: str) -> tuple[int, int]:
        """How many sockets a member holds, with or without hello, and how many the platform keeps that are gone."""
        known = [self._look_up(socket) for socket in self.of_member(member)]
        gone = sum(connection.is_gone for connection in known)
        return len(known) - gone, gone

    def tell(self, text: str, members: frozenset[str] | None = None, but: str | None = None) -> None:
        """Send one frame to all ready sockets, or to those of some members; a socket that is closing is passed over."""
        if members is None and but is None:
            size = byte_length(text)
            self.sent_bytes += size
            self.queued_bytes += size * len(self._present())
            self._broadcast.send(text)
            return
        for connection, socket in self.ready():
            if (members is None or connection.member in members) and connection.id != but:
                self.answer(connection, socket, text)

    def answer(self, connection: Connection, socket: Any, text: str) -> None:
        """Send one frame to one socket."""
        size = byte_length(text)
        connection.answered_bytes += size
        self.queued_bytes += size
        send(socket, text)

    def of_session(self, session: str) -> Any:
        """The sockets of one device."""
        return self._ctx.getWebSockets(_session_tag(session))

    def of_member(self, member: str) -> Any:
        """The sockets of one member."""
        return self._ctx.getWebSockets(_member_tag(member))

    def last_ping_ms(self, socket: Any) -> int | None:
        """When the runtime last answered a `ping` of this socket."""
        stamp = from_js(self._ctx.getWebSocketAutoResponseTimestamp(socket))
        return None if stamp is None else int(stamp.getTime())

    def _present(self) -> dict[int, tuple[Connection, Any]]:
        if self._ready is None:
            self._ready = {}
            for socket in self._ctx.getWebSockets():
                connection = self.connection(socket)
                if connection.is_ready:
                    self._ready[socket.js_id] = connection, socket
                    self._broadcast.add(socket)
        return self._ready


class Broadcast:
    """Sends one text to many sockets, in a few crossings into JavaScript however many they are.

    For each socket there is a function that sends it whatever is in one array: `Reflect.apply.bind(null, send, socket,
    [text])`. JavaScript calls them all; workerd makes no function of our own from text that could do it in a line.
    """

    def __init__(self) -> None:
        self._senders: Any = None  # Map of functions by the identity of their socket

    def add(self, socket: Any) -> None:
        """Send to this socket, too."""
        if self._senders is None:
            self._make()
        self._senders[socket.js_id] = js.Reflect.apply.bind(None, socket.send, socket, self._text)

    def remove(self, socket: Any) -> None:
        """Send to this socket no more."""
        if self._senders is not None and socket.js_id in self._senders:
            del self._senders[socket.js_id]

    def send(self, text: str) -> None:
        """Send a text to every socket; one that is closing is passed over."""
        if self._senders is None:
            return
        self._text[0] = text
        left = self._each()
        while True:
            try:
                left.forEach(self._call)
                return
            except JsException:
                continue  # that one is closing; what is left stands behind it

    def _make(self) -> None:
        """Not at import, for the deploy-time snapshot could not keep these."""
        self._text = js_array([""])
        self._senders = js.Map.new()
        self._each = js.Reflect.get(js.Map.prototype, "values").bind(self._senders)  # not the one of a Python mapping
        call = js.Function.prototype.call
        self._call = call.bind(call)


class Timer:
    """Something to do once, later, unless it is cancelled.

    The event loop's own timers (Pyodide 314.0) keep their JavaScript timeout when they are cancelled, and a pending
    timeout keeps the object from hibernating; this one lets go.
    """

    def __init__(self, seconds: float, work: Callable[[], None]) -> None:
        self._work = create_once_callable(work)
        self._timeout = js.setTimeout(self._work, int(seconds * 1_000))

    def cancel(self) -> None:
        """Do not do it; to be called at most once, and only before it is done."""
        js.clearTimeout(self._timeout)
        self._work.destroy()


def send(socket: Any, text: str) -> None:
    """Send a frame; one to a socket that is closing is lost, as it would be on the wire."""
    try:
        socket.send(text)
    except JsException:
        return


def close(socket: Any, code: int, reason: str) -> None:
    """Close a socket; harmless if it is closed already."""
    try:
        socket.close(code, reason)
    except JsException:
        return


def _unread_bytes(socket: Any) -> int:
    """What waits in a socket: sent, and not yet taken by its line."""
    return int(socket.bufferedAmount)


def _member_tag(member: str) -> str:
    return f"member:{member}"


def _session_tag(session: str) -> str:
    return f"session:{session}"
