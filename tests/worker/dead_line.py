"""A connection that dies as real ones do: no close frame, no reset, just silence, as when a laptop is shut."""

import contextlib
import socket
import threading
import time

from tests.people import PATIENCE_SECONDS
from tests.server import Server
from tests.worker.gathering import Gathering


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
    """A room in which Alice's line has died, and Bob, who watches who is there."""

    def __init__(self, server: Server) -> None:
        self._gathering = Gathering(server)
        self._proxy = Proxy(int(server.url.rpartition(":")[2]))
        self.watcher = self._gathering.join("Bob")
        alice = self._gathering.enter("Alice")
        alice.url = f"http://127.0.0.1:{self._proxy.port}"
        self.member = alice.id
        line = alice.come()
        line.put("ping")
        while line.connection.recv(timeout=PATIENCE_SECONDS) != "pong":
            pass
        self._proxy.go_silent()
        self.died_at = time.monotonic()

    def end(self) -> None:
        """Clean up."""
        self._proxy.close()
        self._gathering.end()
