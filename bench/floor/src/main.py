"""The cost of any Python chat: one object sends every frame back, another one seals and stores it first."""

import json
import os
import time
from typing import Any

import js
from pyodide.ffi import run_sync, to_js
from workers import DurableObject, WorkerEntrypoint


class Echo(DurableObject):
    """Sends frames back on their own socket."""

    async def fetch(self, _request: Any) -> Any:
        """Accept an upgrade."""
        client, server = js.WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        options = to_js({"status": 101}, dict_converter=js.Object.fromEntries)
        options.webSocket = client
        return js.Response.new(None, options)

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Send the frame back. Not a coroutine, which would take twice as long."""
        socket.send(message)

    async def webSocketClose(self, socket: Any, code: int, _reason: str, _was_clean: Any = None) -> None:
        """Complete the closing handshake."""
        socket.close(code if code not in (0, 1005, 1006) else 1000, "")


class Sealer(Echo):
    """The same, but seals and stores each message: without session, checks or order, and without other sockets."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._sql = self.ctx.storage._binding.sql
        self._sql.exec("CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, sent_at INTEGER, sealed BLOB)")
        self._key: Any = None

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Seal, store, and send back."""
        frame = json.loads(message)
        sealed = self._seal(frame["body"].encode())
        sent_at = float(time.time_ns() // 1_000_000)
        self._sql.exec(
            "INSERT INTO messages (id, sent_at, sealed) VALUES (?, ?, ?)", frame["id"], sent_at, to_js(sealed)
        )
        socket.send(message)

    def _seal(self, text: bytes) -> bytes:
        subtle = js.crypto.subtle
        if self._key is None:
            raw, usages = to_js(os.urandom(32)), to_js(["encrypt"])
            self._key = run_sync(subtle.importKey("raw", raw, "AES-GCM", False, usages))  # noqa: FBT003 (JavaScript's)
        nonce = os.urandom(12)
        sealed = run_sync(subtle.encrypt(to_js({"name": "AES-GCM", "iv": nonce}), self._key, to_js(text)))
        return nonce + bytes(sealed.to_bytes())


class Default(WorkerEntrypoint):
    """Passes every request to one of two objects."""

    async def fetch(self, request: Any) -> Any:
        """Choose by the path: `/sealer`, or any other."""
        if request.js_object.headers.get("upgrade") != "websocket":
            return js.Response.new("echo")
        objects = self.env.SEALERS if request.js_object.url.endswith("/sealer") else self.env.ECHOES
        return await objects.getByName("floor")._binding.fetch(request.js_object)
