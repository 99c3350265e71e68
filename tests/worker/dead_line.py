"""A connection that dies as real ones do: no close frame, no reset, just silence, as when a laptop is shut."""

import contextlib
import socket
import threading
import time

from websockets.exceptions import ConnectionClosed

from limits import SOCKET_CHECK_MS, SOCKET_MUTE_MS, SOCKET_SILENT_MS
from tests.people import PATIENCE_SECONDS
from tests.server import Server
from tests.worker.gathering import Gathering

_SESSION_SECONDS = 20.0
"""Enough for a hello, and over before the room looks for dead lines."""

_PING_SECONDS = 10.0


class Proxy:
    """Passes bytes between clients and a server, until it goes silent: then it swallows them, and keeps the lines."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._silent = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_silent(self) -> None:
        """From now on nothing gets through, either way, and nobody is told."""
        self._silent.set()

    def close(self) -> None:
        """End all lines."""
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if not self._silent.is_set():
                    sink.sendall(data)
            if not self._silent.is_set():
                sink.shutdown(socket.SHUT_WR)


class DeadLine:
    """A room in which lines have died: Alice's, Carol's, whose session ends then, and Dave's, who had never pinged.

    Bob watches, and shows that he lives, from the first moment on: whoever asks what he was told may ask much later.
    """

    def __init__(self, server: Server) -> None:
        self._gathering = Gathering(server)
        self._proxy = Proxy(int(server.url.rpartition(":")[2]))
        self._watcher = self._gathering.join("Bob")
        self._offline: set[str] = set()
        self._told = threading.Condition()
        alice, carol, dave = (self._gathering.enter(name) for name in ("Alice", "Carol", "Dave"))
        self.member, self.signed_out, self.newcomer = alice.id, carol.id, dave.id
        ends_at = int((time.time() + _SESSION_SECONDS) * 1_000)
        self._gathering.place.change("UPDATE sessions SET expires_at = ? WHERE member = ?", ends_at, carol.id)
        for person in (alice, carol, dave):
            person.url = f"http://127.0.0.1:{self._proxy.port}"
        line, _, _ = alice.come(), carol.come(), dave.come()
        line.put("ping")
        while line.connection.recv(timeout=PATIENCE_SECONDS) != "pong":
            pass
        self._proxy.go_silent()
        self.died_at = time.monotonic()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def wait_until_offline(self, member: str) -> None:
        """Until Bob was told that this member has gone; noticing takes up to two minutes, or three without a ping."""
        silent_ms = SOCKET_MUTE_MS if member == self.newcomer else SOCKET_SILENT_MS
        deadline = self.died_at + (silent_ms + SOCKET_CHECK_MS) / 1_000 + PATIENCE_SECONDS
        with self._told:
            left = max(0.0, deadline - time.monotonic())
            assert self._told.wait_for(lambda: member in self._offline, left), "the room did not notice"

    def end(self) -> None:
        """Clean up."""
        self._proxy.close()
        self._gathering.end()
        self._watching.join(PATIENCE_SECONDS)

    def _watch(self) -> None:
        with contextlib.suppress(ConnectionClosed):  # it is over
            while True:
                self._watcher.put("ping")
                with contextlib.suppress(AssertionError):  # nothing was told meanwhile
                    gone = self._watcher.next("presence", _PING_SECONDS)["offline"]
                    with self._told:
                        self._offline.update(gone)
                        self._told.notify_all()
