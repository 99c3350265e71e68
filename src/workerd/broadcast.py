"""Sends one text to many sockets, with a few crossings into JavaScript whatever their number."""

from typing import Any

import js
from pyodide.ffi import JsException

from workerd.values import js_array


class Broadcast:
    """Sends one text to many sockets, with a few crossings into JavaScript whatever their number.

    For each socket there is a function that sends it the content of one array: `Reflect.apply.bind(null, send, socket,
    [text])`. JavaScript calls them all. A function of our own would be simpler, but workerd makes none from text.
    """

    def __init__(self) -> None:
        self._senders: Any = None  # Map of functions by the identity of their socket

    def add(self, socket: Any) -> None:
        """Send to this socket from now on."""
        if self._senders is None:
            self._make()
        self._senders[socket.js_id] = js.Reflect.apply.bind(None, socket.send, socket, self._text)

    def remove(self, socket: Any) -> None:
        """Stop sending to this socket."""
        if self._senders is not None and socket.js_id in self._senders:
            del self._senders[socket.js_id]

    def send(self, text: str) -> None:
        """Send a text to every socket, except those that are closing."""
        if self._senders is None:
            return
        self._text[0] = text
        left = self._each()
        while True:
            try:
                left.forEach(self._call)
                return
            except JsException:
                continue  # that socket is closing; the iterator goes on with the next one

    def _make(self) -> None:
        """Make the JavaScript objects, not at import, because the deploy-time snapshot could not keep them."""
        self._text = js_array([""])
        self._senders = js.Map.new()
        self._each = js.Reflect.get(js.Map.prototype, "values").bind(self._senders)  # not a Python mapping's `values`
        call = js.Function.prototype.call
        self._call = call.bind(call)
