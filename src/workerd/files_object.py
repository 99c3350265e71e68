"""The Durable Object with the parts of a room's files, where no bucket is bound. It has a thread of its own.

Bytes stay JavaScript buffers from the request to the storage and back. The Worker has checked all that a request says
(files/parts.py); a room asks for what is stored, and to remove it. An object without parts stores nothing.
"""

import json
import logging
from typing import Any

import js
from pyodide.ffi import create_once_callable
from workers import DurableObject

from encoding import from_b64url
from errors import Malformed, NotFound, TooManyAttempts
from files.crowding import Crowding
from files.parts import PART, REMOVE, SIZES, PartRequest
from logs import REQUEST_ID
from storage.parts import Parts
from storage.schema import FILES_MIGRATIONS, migrate, schema_exists
from web.answers import API_HEADERS, problem
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, body_taken, header, json_response, pass_over, response
from workerd.values import js_array, js_object

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
        try:
            self._crowding.enter(asked.session, asked.size)
        except TooManyAttempts:
            await pass_over(raw, limit=asked.size)
            raise
        try:
            data = await body_taken(raw.arrayBuffer())
        finally:
            self._crowding.leave(asked.session, asked.size)
        if data.byteLength != asked.size:
            raise Malformed(f"This part has {asked.size} bytes.")
        if not self._has_tables:
            migrate(self._database, FILES_MIGRATIONS)
            self._has_tables = True
        self._parts.insert(from_b64url(asked.file), asked.part, data)
        return response(204, API_HEADERS, None)

    async def _fetch(self, asked: PartRequest) -> Any:
        self._crowding.enter(asked.session, asked.length)
        try:
            data = self._read(asked)
            stream = js.FixedLengthStream.new(asked.length)
        except BaseException:
            self._crowding.leave(asked.session, asked.length)
            raise
        self._send(stream.writable.getWriter(), data, asked)
        return js.Response.new(stream.readable, js_object({"status": asked.status, "headers": asked.headers()}))

    def _read(self, asked: PartRequest) -> Any:
        file, data = from_b64url(asked.file), None
        if self._has_tables:
            some = (asked.first, asked.length) if asked.is_range else None
            data = self._parts.read(file, asked.part, some)
        if data is None:
            raise NotFound("This part is not stored.")
        return data

    def _send(self, writer: Any, data: Any, asked: PartRequest) -> None:
        """Send the bytes, which count until they have left or the client has gone.

        Without a task of Python, which would take more turns of the event loop than the whole answer.
        """
        gone = js.Promise.allSettled(js_array([writer.write(js.Uint8Array.new(data)), writer.close()]))
        # `then` is called once, whatever happened: a promise of allSettled is never rejected.
        gone.then(create_once_callable(lambda _: self._crowding.leave(asked.session, asked.length)))

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
