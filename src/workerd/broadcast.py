"""One text to many sockets, in a few crossings into JavaScript however many they are."""

from typing import Any

import js
from pyodide.ffi import JsException

from workerd.values import js_array


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
