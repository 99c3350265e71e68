"""An object that sends every frame back to whoever sent it: what any Python chat costs before it does anything."""

from typing import Any

import js
from pyodide.ffi import to_js
from workers import DurableObject, WorkerEntrypoint


class Echo(DurableObject):
    """Sockets whose frames come back."""

    async def fetch(self, _request: Any) -> Any:
        """Take an upgrade."""
        client, server = js.WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        options = to_js({"status": 101}, dict_converter=js.Object.fromEntries)
        options.webSocket = client
        return js.Response.new(None, options)

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Send it back; not as a coroutine, which would take twice as long."""
        socket.send(message)

    async def webSocketClose(self, socket: Any, code: int, _reason: str, _was_clean: Any = None) -> None:
        """End the handshake."""
        socket.close(code if code not in (0, 1005, 1006) else 1000, "")


class Default(WorkerEntrypoint):
    """Hands every request to one object."""

    async def fetch(self, request: Any) -> Any:
        """Whatever the path."""
        if request.js_object.headers.get("upgrade") != "websocket":
            return js.Response.new("echo")
        return await self.env.ECHOES.getByName("floor")._binding.fetch(request.js_object)
