"""The Durable Object with the parts of a room's files, where no bucket is bound. It has a thread of its own.

Bytes stay JavaScript buffers from the request to the storage and back, one block at a time. The Worker has checked all
that a request says (files/parts.py); a room asks for what is stored, and to remove it. An object without parts stores
nothing.
"""

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import js
from pyodide.ffi import create_once_callable
from workers import DurableObject

from encoding import from_b64url
from errors import Malformed, NotFound, TooManyAttempts
from files.crowding import Crowding
from files.parts import PART, REMOVE, SIZES, Block, PartRequest
from logs import REQUEST_ID
from storage.parts import Parts
from storage.schema import FILES_MIGRATIONS, migrate, schema_exists
from web.answers import API_HEADERS, problem
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, body_taken, header, json_response, pass_over, response
from workerd.values import from_js, js_array, js_object

log = logging.getLogger("durable_chat.files")


class Files(DurableObject):
    """The files of one room."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._database = WorkerdDatabase(self.ctx.storage)
        self._parts = Parts(self._database)
        self._crowding = Crowding()
        self._has_tables = schema_exists(self._database)

    async def fetch(self, request: Any) -> Any:
        """Answer the Worker or the room."""
        raw = request.js_object
        written = header(raw, PART)
        if written is None:
            return await self._answer_room(raw)
        asked = PartRequest.read(written)
        work = self._store(raw, asked) if str(raw.method) == "PUT" else self._fetch(asked)
        answer = await answer_or_refuse(work, problem, asked.request_id, log)
        answer.headers.set(REQUEST_ID, asked.request_id)
        return answer

    # --- one part ---

    async def _store(self, raw: Any, asked: PartRequest) -> Any:
        blocks = asked.blocks()
        try:
            self._crowding.enter(asked.session, blocks[0].size)
        except TooManyAttempts:
            await pass_over(raw, limit=asked.size)
            raise
        try:
            reader = raw.body.getReader(js_object({"mode": "byob"}))
            for block in blocks:
                read = await body_taken(reader.readAtLeast(block.size, js.Uint8Array.new(block.size)))
                self._keep(asked, block, from_js(read.value))
        finally:
            self._crowding.leave(asked.session, blocks[0].size)
        return response(204, API_HEADERS, None)

    def _keep(self, asked: PartRequest, block: Block, data: Any | None) -> None:
        if data is None or data.byteLength != block.size:
            raise Malformed(f"This part has {asked.size} bytes.")
        if not self._has_tables:
            migrate(self._database, FILES_MIGRATIONS)
            self._has_tables = True
        self._parts.insert(from_b64url(asked.file), block.name, data)

    async def _fetch(self, asked: PartRequest) -> Any:
        blocks = asked.blocks()
        first = self._read(asked, blocks[0])
        if first is None:
            raise NotFound("This part is not stored.")
        stream = js.FixedLengthStream.new(asked.length)
        self._crowding.enter(asked.session, blocks[0].size)
        leave = partial(self._crowding.leave, asked.session, blocks[0].size)
        self._send(stream.writable.getWriter(), first, asked, blocks[1:], leave)
        return js.Response.new(stream.readable, js_object({"status": asked.status, "headers": asked.headers()}))

    def _read(self, asked: PartRequest, block: Block) -> Any | None:
        if not self._has_tables:
            return None
        some = None if block.length == block.size else (block.first, block.length)
        return self._parts.read(from_b64url(asked.file), block.name, some)

    def _send(
        self, writer: Any, data: Any, asked: PartRequest, rest: Sequence[Block], leave: Callable[[], None]
    ) -> None:
        """Send a block, and the rest as soon as it has left; then, or when the client has gone, `leave`.

        Without a task of Python, which would take more turns of the event loop than the whole answer.
        """

        def go_on(outcomes: Any) -> None:
            more = self._read(asked, rest[0]) if rest and outcomes[0].status == "fulfilled" else None
            if more is not None:
                self._send(writer, more, asked, rest[1:], leave)
                return
            leave()
            if rest:  # gone, or removed meanwhile: the answer ends before its length, which no client takes for all
                writer.abort()

        done = [writer.write(js.Uint8Array.new(data)), *([] if rest else [writer.close()])]
        # `then` is called once, whatever happened: a promise of allSettled is never rejected.
        js.Promise.allSettled(js_array(done)).then(create_once_callable(go_on))

    # --- what a room asks ---

    async def _answer_room(self, raw: Any) -> Any:
        files: list[str] = json.loads(str(await raw.text()))
        if str(raw.url) == SIZES:
            return json_response({file: self._sizes(file) for file in files})
        if str(raw.url) == REMOVE:
            return await self._remove(files)
        raise AssertionError("only a room asks without a part, and only this")

    def _sizes(self, file: str) -> dict[str, int]:
        return self._parts.sizes(from_b64url(file)) if self._has_tables else {}

    async def _remove(self, files: list[str]) -> Any:
        if self._has_tables:
            self._parts.remove([from_b64url(file) for file in files])
            if self._parts.is_empty():
                self._has_tables = False
                await self._database.delete_all()
        return response(204, API_HEADERS, None)
