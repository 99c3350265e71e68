"""The Worker: takes HTTP requests, calls the room's object, and serves static pages with headers. It is stateless.

Cheap checks come first, and everything that can be refused without waking a room is refused here: address, method,
origin, size, form, and the answers to challenges.
"""

import logging
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import js
from workers import WorkerEntrypoint

from access import challenge, turnstile
from access.attempts import address_bucket, address_digest
from access.cookies import session_token
from access.forms import LoginForm, parse_login
from access.guessing import Spent, naming_key
from access.handover import HANDOVER, SPEND, Handover
from bots.tokens import is_bearer
from crypto import SubtleCiphers
from encoding import b64url
from errors import (
    ChallengeFailed,
    ChatError,
    Forbidden,
    Malformed,
    Misconfigured,
    NotFound,
    TooLarge,
    TooManyAttempts,
    Unauthenticated,
    UnsupportedMediaType,
    WrongOrigin,
)
from files.layout import BLOCK_BYTES, BUCKET
from limits import TURNSTILE_ANSWER_MS, VERSION
from logs import REQUEST_ID, Asked, request_id
from room import Room
from settings import SETTING_NAMES, Settings, read_settings
from web.answers import API_HEADERS, deployed, error_page, is_known, page_headers, page_tag, problem
from web.routes import PAGES, Route, find_route, moved_to
from workerd.bindings import address_stub, check_bound, environment, room_stub, version_id
from workerd.console import ConsoleHandler
from workerd.exchange import (
    answer_or_refuse,
    header,
    json_response,
    pass_over,
    post_form,
    read_body,
    response,
    without_body,
)
from workerd.files_object import Files
from workerd.guesses import Guesses
from workerd.hook_requests import marked_upgrade, pass_on_delivery, pass_on_reply, pass_on_request
from workerd.part_requests import answer_part
from workerd.values import current_ms, js_object

__all__ = ["Default", "Files", "Guesses", "Room"]

logging.basicConfig(handlers=[ConsoleHandler()], level=logging.INFO)
log = logging.getLogger("durable_chat.entry")


class Default(WorkerEntrypoint):
    """The Worker's one entry point."""

    async def fetch(self, request: Any) -> Any:
        """Answer a request and log it, with an id that the answer carries too."""
        raw = request.js_object
        asked = Asked(request_id(header(raw, "cf-ray"), uuid4().hex), str(raw.method), current_ms())
        path = urlsplit(str(raw.url)).path
        explain = problem if path.startswith(("/api/", "/hooks/")) else error_page
        answer = await answer_or_refuse(self._answer(raw, path, asked), explain, asked.id, log)
        if asked.method == "HEAD":
            answer = await without_body(answer)
        if header(answer, REQUEST_ID) is None:  # the room sets it on its own answers, which are read-only here
            answer.headers.set(REQUEST_ID, asked.id)
        log.info("request", extra=asked.line(int(answer.status), now_ms=current_ms()))
        return answer

    async def _answer(self, raw: Any, path: str, asked: Asked) -> Any:
        meant = moved_to(path)
        if meant is not None:
            query = urlsplit(str(raw.url)).query
            return response(308, {**API_HEADERS, "Location": f"{meant}?{query}" if query else meant}, None)
        route = find_route(asked.method, path)
        asked.route = route.name
        if route.name == "health":
            return self._health()
        settings = _settings(self.env)
        if route.rule.is_counted:
            await self._check_address(raw)
        if route.rule.is_of_room and not settings.has_room(route.room):
            raise NotFound("There is no such room.")
        if route.name in PAGES:
            return await self._page(raw, settings)
        is_bot = route.rule.is_for_bots and is_bearer(header(raw, "authorization"))
        if route.rule.is_for_own_pages and not is_bot:
            _check_origin(raw)
        if route.rule.needs_session and not is_bot and session_token(header(raw, "cookie"), route.room) is None:
            raise Unauthenticated("Please sign in.")
        if route.name == "part":
            return await self._part(raw, route, settings, asked)
        if route.name == "hook":
            return await pass_on_delivery(self.env, raw, route, settings, asked.id)
        if route.name == "reply":
            return await pass_on_reply(self.env, raw, route, settings, asked.id)
        body = await _json_body(raw, route.rule.body_bytes) if route.rule.body_bytes else None
        if route.rule.takes_tokens or is_bot:
            return await pass_on_request(self.env, raw, route, settings, asked.id, body)
        handover = Handover(asked.id, header(raw, "cf-connecting-ip") or "", header(raw, "user-agent") or "")
        if (route.name, route.method) == ("session", "POST"):
            return await self._log_in(raw, route, settings, handover, body or "")
        if route.name == "invite" or (route.name == "challenge" and settings.altcha):
            handover = replace(handover, is_by_link=route.name == "invite")
            address = address_stub(self.env, await self._name(handover, settings), settings)
            return await address.fetch(_passed_on(raw, route, handover, body=body))
        room = room_stub(self.env, route.room, settings)
        if route.rule.opens_socket and asked.method != "HEAD":
            return await room.fetch(marked_upgrade(raw, handover))
        return await room.fetch(_passed_on(raw, route, handover, body=body))

    def _health(self) -> Any:
        """The answer for a monitor: whether the Worker runs and its settings are valid. It wakes no room."""
        try:
            _settings(self.env)
        except Misconfigured as wrong:
            wrong.status = 503  # monitors and load balancers read this as "not now"
            raise
        return json_response({"status": "ok", "version": VERSION}, more=deployed(version_id(self.env)))

    async def _page(self, raw: Any, settings: Settings) -> Any:
        """The one HTML file, with headers that match the settings."""
        url = urlsplit(str(raw.url))
        assets = getattr(self.env.ASSETS, "_binding", self.env.ASSETS)
        asset = await assets.fetch(js.Request.new(f"{url.scheme}://{url.netloc}/"))
        headers = page_headers(turnstile=settings.turnstile)
        tag = page_tag(header(asset, "etag") or "", headers)
        headers |= {"ETag": tag, "Content-Type": "text/html; charset=utf-8"}
        if is_known(tag, header(raw, "if-none-match")):
            await asset.body.cancel()
            return response(304, headers, None)
        return js.Response.new(asset.body, js_object({"status": asset.status, "headers": headers}))

    async def _part(self, raw: Any, route: Route, settings: Settings, asked: Asked) -> Any:
        """A part of a file; only requests without a good ticket count for their address."""
        try:
            return await answer_part(self.env, raw, route, settings, asked.id)
        except ChatError as refusal:
            if isinstance(refusal, Forbidden):
                await self._check_address(raw)
            await pass_over(raw, limit=2 * BLOCK_BYTES[BUCKET])
            raise

    async def _log_in(self, raw: Any, route: Route, settings: Settings, handover: Handover, body: str) -> Any:
        """Check a login, and pass it to the object of its address, which asks the room."""
        form = parse_login(body)
        name = await self._name(handover, settings)
        spent = []
        is_hard = False
        if settings.altcha:
            accepted = await self._check_altcha(form, route.room, settings)
            is_hard = accepted.hard
            answered = Spent(accepted.digest, accepted.expires_at)
            spent.append(answered)
            if accepted.home not in ("", name):  # another object fetched it, and knows whether it was answered
                await self._spend(accepted.home, settings, Handover(handover.request_id, spent=(answered,)))
        if settings.turnstile:
            spent.append(await self._check_turnstile(form, raw, settings))
        by_link = form.invite is not None
        handover = replace(
            handover, spent=tuple(spent), is_hard=is_hard, needs_proof=settings.altcha, is_by_link=by_link
        )
        return await address_stub(self.env, name, settings).fetch(_passed_on(raw, route, handover, body=body))

    async def _name(self, handover: Handover, settings: Settings) -> str:
        """The name of the object of the caller's address."""
        key = await naming_key(settings.master_key, SubtleCiphers())
        return b64url(address_digest(key, handover.address))

    async def _check_altcha(self, form: LoginForm, room: str, settings: Settings) -> challenge.Accepted:
        if form.altcha is None:
            raise ChallengeFailed("The proof of work is missing.")
        ciphers = SubtleCiphers()
        key = await challenge.signing_key(settings.master_key, room, ciphers)
        return await challenge.verify(form.altcha, room=room, key=key, ciphers=ciphers, now_ms=current_ms())

    async def _spend(self, home: str, settings: Settings, handover: Handover) -> None:
        options = js_object({"method": "POST", "headers": {HANDOVER: handover.written()}})
        answer = await address_stub(self.env, home, settings).fetch(js.Request.new(SPEND, options))
        if not answer.ok:
            raise ChallengeFailed("This challenge was answered before: fetch a new one.")

    async def _check_turnstile(self, form: LoginForm, raw: Any, settings: Settings) -> Spent:
        digest = await turnstile.verify(
            form.turnstile or "",
            secret=settings.turnstile_secret_key or "",
            url=settings.turnstile_verify_url,
            hostname=urlsplit(str(raw.url)).hostname or "",
            address=header(raw, "cf-connecting-ip"),
            idempotency_key=str(uuid4()),
            post=post_form,
        )
        return Spent(digest, current_ms() + TURNSTILE_ANSWER_MS)

    async def _check_address(self, raw: Any) -> None:
        """Cloudflare's own counter: keeps a flood from one address away from rooms and hashing."""
        limiter = getattr(self.env, "ADDRESS_LIMIT", None)
        if limiter is None:
            return
        limiter = getattr(limiter, "_binding", limiter)
        outcome = await limiter.limit(js_object({"key": address_bucket(header(raw, "cf-connecting-ip") or "")}))
        if not outcome.success:
            raise TooManyAttempts("Too many requests from your network.", retry_after=60)


_known: list[Settings] = []  # filled by the first request: the settings of a deployed version never change


def _settings(env: Any) -> Settings:
    check_bound(env)
    if not _known:
        _known.append(read_settings(environment(env, SETTING_NAMES)))
    return _known[0]


def _passed_on(raw: Any, route: Route, handover: Handover, *, body: str | None = None) -> Any:
    """The request for an object. We make it ourselves, so that no header of the client's choice gets in."""
    headers = {HANDOVER: handover.written()}
    cookie = header(raw, "cookie")
    if cookie is not None:
        headers["Cookie"] = cookie
    options = {"method": route.method, "headers": headers}
    if body is not None:
        options["body"] = body
    return js.Request.new(raw.url, js_object(options))


def _check_origin(raw: Any) -> None:
    """Refuse other sites' requests in a member's name (`SameSite` cookies are the first wall, this is the second)."""
    url = urlsplit(str(raw.url))
    origin = header(raw, "origin")
    if origin is not None and origin != f"{url.scheme}://{url.netloc}":
        raise WrongOrigin("This request comes from another site.")


async def _json_body(raw: Any, limit_bytes: int) -> str:
    media_type = (header(raw, "content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("The body has to be application/json.")
    length = header(raw, "content-length")
    if length is not None and length.isdigit() and int(length) > limit_bytes:
        raise TooLarge("The request body", limit=limit_bytes)
    body = await read_body(raw, limit_bytes)
    if body is None:
        raise TooLarge("The request body", limit=limit_bytes)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
