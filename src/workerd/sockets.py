"""The object's WebSockets: the member of each, sending, and the bytes that wait in them."""

from collections.abc import Collection
from typing import Any

import js
from pyodide.ffi import JsException

from encoding import byte_length
from live.backlogs import Backlog
from wire.connections import Connection
from workerd.broadcast import Broadcast
from workerd.values import from_js, js_array, js_object

_CLOSED = 3  # WebSocket.readyState
_GROUPS_KEPT = 200  # of sockets that get frames together: as many lanes as are busy at a time


class Sockets:
    """The object's WebSockets. While the object sleeps, the platform keeps them, each with an attachment."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        # By the identity of the JavaScript object. Each socket is kept, so that no other one can get its identity.
        self._connections: dict[int, tuple[Connection, Any]] = {}
        self._ready: dict[int, tuple[Connection, Any]] | None = None  # those that have said hello; None after waking
        self._bots: dict[int, tuple[Connection, Any]] = {}  # those of the ready ones that get no frames for everybody
        self._gone: dict[int, tuple[Connection, Any]] = {}  # closed by us, but not yet by their clients
        self._broadcast = Broadcast()
        self._groups: dict[frozenset[str], tuple[Broadcast, list[Connection]]] = {}  # the sockets of a lane's members
        self.sent_bytes = 0  # to each socket that has been here since the object woke
        self.queued_bytes = 0  # to all sockets together, since the last check of what waits in them

    def answer_pings(self) -> None:
        """Let the runtime answer `ping` without waking the object."""
        self._ctx.setWebSocketAutoResponse(js.WebSocketRequestResponsePair.new("ping", "pong"))

    def accept(self, connection: Connection, protocol: str | None) -> tuple[Any, Any]:
        """Accept an upgrade; returns the 101 answer, with the sub-protocol if there is one, and the room's end."""
        client, server = js.WebSocketPair.new().object_values()
        self._ctx.acceptWebSocket(server, js_array([_member_tag(connection.member), _session_tag(connection.session)]))
        self._connections[server.js_id] = connection, server
        self.remember(server, connection)
        headers = {"Sec-WebSocket-Protocol": protocol} if protocol else {}
        options = js_object({"status": 101, "headers": headers})
        options.webSocket = client
        return js.Response.new(None, options), server

    def id_of(self, socket: Any) -> str:
        """The connection's id for the log; empty if the socket's attachment cannot be read."""
        try:
            return self.connection(socket).id
        except Exception:  # noqa: BLE001 (another error is being logged, and must not be lost)
            return ""

    def connection(self, socket: Any) -> Connection:
        """The connection of a socket."""
        connection = self._look_up(socket)
        if socket.js_id not in self._connections and not connection.is_gone:
            self._connections[socket.js_id] = connection, socket
        return connection

    def _look_up(self, socket: Any) -> Connection:
        known = self._connections.get(socket.js_id) or self._gone.get(socket.js_id)
        return Connection.from_attachment(str(socket.deserializeAttachment())) if known is None else known[0]

    def keep(self, socket: Any, connection: Connection) -> None:
        """Store that a connection is ready, and send it from now on the frames for everybody, or for bots."""
        self.remember(socket, connection)
        self._add(self._present(), connection, socket)
        self._groups.clear()

    def _add(self, ready: dict[int, tuple[Connection, Any]], connection: Connection, socket: Any) -> None:
        ready[socket.js_id] = connection, socket
        if connection.is_bot:
            self._bots[socket.js_id] = connection, socket
        else:
            self._broadcast.add(socket)

    def remember(self, socket: Any, connection: Connection) -> None:
        """Store other changes of a connection with its socket."""
        socket.serializeAttachment(connection.attachment())

    def forget(self, socket: Any) -> Connection:
        """Note that a socket has closed, or that we have closed it; returns its connection, marked as gone."""
        connection = self.connection(socket)
        self._gone[socket.js_id] = connection, socket
        if connection.is_ready:
            self._present().pop(socket.js_id, None)
            self._bots.pop(socket.js_id, None)
            self._broadcast.remove(socket)
            self._groups.clear()
        if not connection.is_gone:
            connection.is_ready, connection.is_gone = False, True
            self.remember(socket, connection)  # the platform lists it until its client answers, perhaps for ever
        self._connections.pop(socket.js_id, None)
        return connection

    def gone(self, socket: Any) -> Connection | None:
        """The connection of a socket that is closed; its client may still send before it notices."""
        found = self._gone.get(socket.js_id)
        return None if found is None else found[0]

    def release(self, socket: Any) -> None:
        """Note that the line of a socket is gone, and with it the bytes that waited there."""
        self._gone.pop(socket.js_id, None)

    def backlogs(self) -> list[Backlog]:
        """The bytes that wait in each socket, including those that we closed; the key is the socket's identity."""
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
        """How many sockets a member has, with or without hello, and how many that are gone the platform still keeps."""
        known = [self._look_up(socket) for socket in self.of_member(member)]
        gone = sum(connection.is_gone for connection in known)
        return len(known) - gone, gone

    def tell(
        self,
        text: str,
        members: frozenset[str] | None = None,
        but: str | None = None,
        *,
        of_lane: bool = False,
        to_bots: bool = False,
    ) -> None:
        """Send one frame to all people's ready sockets, or to those of some members, except those that are closing."""
        if members is None and but is None:
            size = byte_length(text)
            self.sent_bytes += size
            self.queued_bytes += size * (len(self._present()) - len(self._bots))
            self._broadcast.send(text)
            return
        if members is not None and but is None and of_lane:
            self._tell_group(text, members)
            return
        ready = self.ready()
        for connection, socket in self._bots.values() if to_bots else ready:
            is_meant = connection.member in members if members is not None else not connection.is_bot
            if is_meant and connection.id != but and (connection.takes_lanes or not of_lane):
                self.answer(connection, socket, text)

    def _tell_group(self, text: str, members: frozenset[str]) -> None:
        """Send one frame of a lane to its members, with as few crossings into JavaScript as to everybody."""
        if members not in self._groups:
            known = [each for each in self.ready() if each[0].member in members and each[0].takes_lanes]
            group = Broadcast()
            for _, socket in known:
                group.add(socket)
            while len(self._groups) >= _GROUPS_KEPT:
                del self._groups[next(iter(self._groups))]
            self._groups[members] = group, [connection for connection, _ in known]
        group, connections = self._groups[members]
        size = byte_length(text)
        for connection in connections:
            connection.answered_bytes += size
        self.queued_bytes += size * len(connections)
        group.send(text)

    def answer(self, connection: Connection, socket: Any, text: str) -> None:
        """Send one frame to one socket."""
        size = byte_length(text)
        connection.answered_bytes += size
        self.queued_bytes += size
        send(socket, text)

    def acknowledge(self, socket: Any, text: str) -> None:
        """Send the short answer to a change, which counts for the room only."""
        self.queued_bytes += len(text)
        send(socket, text)

    def everyone(self) -> Any:
        """All sockets, those too that have not said hello or are closing."""
        return self._ctx.getWebSockets()

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
                    self._add(self._ready, connection, socket)
        return self._ready


def send(socket: Any, text: str) -> None:
    """Send a frame; if the socket is closing, the frame is lost, as it would be on the wire."""
    try:
        socket.send(text)
    except JsException:
        return


def close(socket: Any, code: int, reason: str) -> None:
    """Close a socket; harmless if it is already closed."""
    try:
        socket.close(code, reason)
    except JsException:
        return


def _unread_bytes(socket: Any) -> int:
    """The bytes sent to a socket that its line has not taken yet."""
    return int(socket.bufferedAmount)


def _member_tag(member: str) -> str:
    return f"member:{member}"


def _session_tag(session: str) -> str:
    return f"session:{session}"
