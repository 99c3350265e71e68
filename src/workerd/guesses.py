"""The Durable Object of one address, named by a keyed digest of it. Logins pass through it on their way to a room.

access/guessing.py decides. When none of its rows has an effect any more, its alarm empties the object.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import js
from workers import DurableObject

from access.guessing import Finding, Guessing
from access.handover import FINDING, HANDOVER, SPEND, Handover
from limits import LOGIN_FAILURE_WINDOW_MS, WRONG_PASSWORD_MS
from logs import REQUEST_ID
from settings import SETTING_NAMES, read_settings
from storage.schema import ADDRESS_MIGRATIONS, migrate, schema_exists
from storage.store import Store
from web.answers import API_HEADERS, problem
from web.routes import find_route
from workerd.bindings import environment, room_stub
from workerd.database import WorkerdDatabase
from workerd.exchange import answer_or_refuse, header, response
from workerd.values import current_ms, from_js, js_object

log = logging.getLogger("durable_chat.guesses")


class Guesses(DurableObject):
    """One address."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._storage = self.ctx.storage._binding
        self._database = WorkerdDatabase(self.ctx.storage)
        self._guessing = Guessing(Store(self._database))

    async def fetch(self, request: Any) -> Any:
        """Answer the entry point."""
        raw = request.js_object
        handover = Handover.read(header(raw, HANDOVER))
        answer = await answer_or_refuse(self._answer(raw, handover), problem, handover.request_id, log)
        answer.headers.set(REQUEST_ID, handover.request_id)
        return answer

    async def alarm(self, info: Any = None) -> None:
        """Delete everything, if its time is over."""
        now_ms = current_ms()
        empty_at = self._guessing.empty_at(now_ms=now_ms) if schema_exists(self._database) else now_ms
        if empty_at > now_ms:
            await self._storage.setAlarm(empty_at)
        else:
            await self._storage.deleteAll()

    async def _answer(self, raw: Any, handover: Handover) -> Any:
        if str(raw.url) == SPEND:
            return await self._spend(handover)
        route = find_route(str(raw.method), urlsplit(str(raw.url)).path)
        settings = read_settings(environment(self.env, SETTING_NAMES))
        room = room_stub(self.env, route.room, settings)
        answering = self._challenge if route.name == "challenge" else self._log_in
        return await answering(raw, handover, room)

    async def _spend(self, handover: Handover) -> Any:
        await self._remember()
        for spent in handover.spent:
            self._guessing.spend(spent)
        return response(204, API_HEADERS, None)

    async def _challenge(self, raw: Any, handover: Handover, room: Any) -> Any:
        is_suspect = schema_exists(self._database) and self._guessing.is_suspect(now_ms=current_ms())
        handover = replace(handover, home=str(self.ctx.id.name), is_suspect=is_suspect)
        headers = js.Headers.new(raw.headers)
        headers.set(HANDOVER, handover.written())
        return _own(await room.fetch(js.Request.new(raw.url, js_object({"headers": headers}))))

    async def _log_in(self, raw: Any, handover: Handover, room: Any) -> Any:
        started_at = current_ms()
        body = str(await raw.text())
        await self._remember()
        must_be_hard, by_link = handover.needs_proof and not handover.is_hard, handover.is_by_link
        self._guessing.begin(handover.spent, must_be_hard=must_be_hard, by_link=by_link, now_ms=current_ms())
        finding = Finding.NONE
        try:
            request = js.Request.new(raw.url, js_object({"method": "POST", "headers": raw.headers, "body": body}))
            answer = _own(await room.fetch(request))
            finding = Finding(header(answer, FINDING) or Finding.NONE)
        finally:
            self._guessing.settle(finding, by_link=by_link, now_ms=current_ms())
        answer.headers.delete(FINDING)
        # A room that nobody has entered takes longer to answer, and nobody may see which rooms those are.
        if finding is Finding.WRONG:
            await asyncio.sleep(max(0, started_at + WRONG_PASSWORD_MS - current_ms()) / 1_000)
        return answer

    async def _remember(self) -> None:
        """Make tables to write to, and set an alarm that will delete them."""
        migrate(self._database, ADDRESS_MIGRATIONS)
        now_ms = current_ms()
        rings_at = from_js(await self._storage.getAlarm())
        if rings_at is None or rings_at <= now_ms:  # not set, or lost
            await self._storage.setAlarm(now_ms + LOGIN_FAILURE_WINDOW_MS)


def _own(answer: Any) -> Any:
    """The same answer with headers that we may change."""
    return js.Response.new(answer.body, answer)
