"""Sockets that have not said hello: each is closed unless it does in time."""

from typing import Any

from limits import HELLO_WITHIN_SECONDS
from wire.connections import Connection
from wire.writing import Close
from workerd.sockets import Sockets, close
from workerd.turns import Timer


class Hellos:
    """The hellos that are awaited in one room."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._timers: dict[str, Timer] = {}

    def expect(self, socket: Any, connection: Connection) -> None:
        """Close the socket unless it says hello in time."""
        late_ms = HELLO_WITHIN_SECONDS * 1_000
        self._timers[connection.id] = Timer(late_ms, lambda: self._is_late(socket, connection))

    def expect_no_more(self, connection: Connection) -> None:
        """It said hello, or is gone."""
        timer = self._timers.pop(connection.id, None)
        if timer is not None:
            timer.cancel()

    def _is_late(self, socket: Any, connection: Connection) -> None:
        self._timers.pop(connection.id, None)
        close(socket, Close.NO_HELLO, "no hello")
        self._sockets.forget(socket)
