"""The cost of any Python chat, one step more in each object.

`Echo` sends every frame back. `Sealer` seals and stores it first, `Teller` tells everybody, `Batcher` does so with all
that wait at once. `Finder` stores messages in the clear, and has SQLite's own index find them.
"""

import json
import os
import time
from typing import Any

import js
from pyodide.ffi import run_sync, to_js
from workers import DurableObject, WorkerEntrypoint

_AUTHOR = "one of those who write here"[:22]


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
        self._store(json.loads(message))
        socket.send(message)

    def _store(self, frame: dict[str, Any]) -> float:
        """Seal and store a message; returns when."""
        sealed = self._seal(frame["body"].encode())
        sent_at = float(time.time_ns() // 1_000_000)
        self._sql.exec(
            "INSERT INTO messages (id, sent_at, sealed) VALUES (?, ?, ?)", frame["id"], sent_at, to_js(sealed)
        )
        return sent_at

    def _seal(self, text: bytes) -> bytes:
        self._import_key()
        nonce = os.urandom(12)
        algorithm = to_js({"name": "AES-GCM", "iv": nonce})
        sealed = run_sync(js.crypto.subtle.encrypt(algorithm, self._key, to_js(text)))
        return nonce + bytes(sealed.to_bytes())

    def _import_key(self) -> None:
        if self._key is None:
            raw, usages = to_js(os.urandom(32)), to_js(["encrypt"])
            imported = js.crypto.subtle.importKey("raw", raw, "AES-GCM", False, usages)  # noqa: FBT003 (JavaScript's)
            self._key = run_sync(imported)


class Teller(Sealer):
    """The same, but messages have numbers, and everybody is told: still without session, checks, limits or resuming."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._seq = 0
        self._sockets: list[Any] = []

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Seal, store, and tell everybody."""
        frame = json.loads(message)
        self._tell(socket, frame, self._store(frame))

    def _tell(self, socket: Any, frame: dict[str, Any], sent_at: float) -> None:
        if all(each.js_id != socket.js_id for each in self._sockets):  # somebody has come
            self._sockets = list(self.ctx.getWebSockets())
        self._seq += 1
        event = {"type": "message", "seq": self._seq, "sent_at": sent_at, "author": _AUTHOR, **frame}
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        for each in self._sockets:
            each.send(text)


class Batcher(Teller):
    """The same, but what waits is sealed by one call and stored by one statement; before that it lets frames in."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._queue: list[tuple[Any, dict[str, Any]]] = []
        self._is_writing = False
        self._encrypt: Any = None

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Queue a message, and store the queue, unless that is under way."""
        self._queue.append((socket, json.loads(message)))
        if self._is_writing:
            return
        self._is_writing = True
        try:
            while self._queue:
                run_sync(js.scheduler.wait(0))
                batch, self._queue = self._queue, []
                sent_at = self._store_all([frame for _, frame in batch])
                for sender, frame in batch:
                    self._tell(sender, frame, sent_at)
        finally:
            self._is_writing = False

    def _store_all(self, frames: list[dict[str, Any]]) -> float:
        if len(frames) == 1:
            return self._store(frames[0])
        sent_at = float(time.time_ns() // 1_000_000)
        rows = [[frame["id"], sent_at, text.hex()] for frame, text in zip(frames, self._seal_all(frames), strict=True)]
        self._sql.exec(
            "INSERT INTO messages (id, sent_at, sealed)"
            " SELECT value ->> 0, value ->> 1, unhex(value ->> 2) FROM json_each(?)",
            json.dumps(rows),
        )
        return sent_at

    def _seal_all(self, frames: list[dict[str, Any]]) -> list[bytes]:
        self._import_key()
        if self._encrypt is None:
            subtle = js.crypto.subtle
            self._encrypt = js.Reflect.apply.bind(None, subtle.encrypt, subtle)
        nonces = [os.urandom(12) for _ in frames]
        calls = [
            ({"name": "AES-GCM", "iv": nonce}, self._key, frame["body"].encode())
            for nonce, frame in zip(nonces, frames, strict=True)
        ]
        issued = to_js(calls, dict_converter=js.Object.fromEntries).map(self._encrypt)
        sealed = run_sync(js.Promise.all(issued)).to_py()
        return [nonce + bytes(text) for nonce, text in zip(nonces, sealed, strict=True)]


class Finder(Echo):
    """Stores messages in the clear, and answers a search from SQLite's FTS5, newest first.

    What an answer has is what ours has; without session, checks, limits, filters, or a place to go on from.
    """

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._sql = self.ctx.storage._binding.sql
        self._sql.exec(
            "CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, id TEXT, sent_at INTEGER, body TEXT)"
        )
        self._sql.exec(
            "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (body, content = 'messages', content_rowid = 'seq')"
        )

    def webSocketMessage(self, socket: Any, message: Any) -> None:
        """Take messages, or a search."""
        frame = json.loads(message)
        if frame["type"] == "search":
            socket.send(self._found(frame))
            return
        rows = json.dumps(frame["messages"])
        self._sql.exec(
            "INSERT INTO messages (seq, id, sent_at, body)"
            " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)",
            rows,
        )
        self._sql.exec("INSERT INTO words (rowid, body) SELECT value ->> 0, value ->> 3 FROM json_each(?)", rows)
        socket.send('{"type":"stored"}')

    def _found(self, frame: dict[str, Any]) -> str:
        found = self._sql.exec(
            "SELECT seq, id, sent_at, messages.body FROM words JOIN messages ON seq = words.rowid"
            " WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
            '"' + frame["query"].replace('"', '""') + '"',
            float(frame["limit"]),
        )
        messages = [
            self._message(seq, name, sent_at, body, frame["query"])
            for seq, name, sent_at, body in found.raw().toArray().to_py()
        ]
        answer = {
            "type": "found", "ref": frame["ref"], "messages": messages, "cursor": None, "back_to": 0, "complete": True
        }  # fmt: skip
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))

    def _message(self, seq: int, name: str, sent_at: int, body: str, query: str) -> dict[str, Any]:
        match = [[body.lower().find(query.lower()), len(query)]]
        return {
            "channel": "general", "seq": seq, "id": name, "author": _AUTHOR, "sent_at": sent_at, "body": body,
            "match": match,
        }  # fmt: skip


class Default(WorkerEntrypoint):
    """Passes every request to one of the objects."""

    async def fetch(self, request: Any) -> Any:
        """Choose by the end of the path, such as `/sealer`; any other gets an echo."""
        if request.js_object.headers.get("upgrade") != "websocket":
            return js.Response.new("echo")
        named = {
            "sealer": self.env.SEALERS, "teller": self.env.TELLERS, "batcher": self.env.BATCHERS,
            "finder": self.env.FINDERS,
        }  # fmt: skip
        objects = named.get(request.js_object.url.rpartition("/")[2], self.env.ECHOES)
        return await objects.getByName("floor")._binding.fetch(request.js_object)
