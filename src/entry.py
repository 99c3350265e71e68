"""The Worker: takes HTTP requests, calls the room's object, and serves static pages with headers. It is stateless.

Cheap checks come first, and everything that can be refused without waking a room is refused here: address, method,
origin, size, form, and the answers to challenges.
"""

import logging
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import js
from workers import WorkerEntrypoint

from access import challenge, turnstile
from access.attempts import address_bucket, address_digest
from access.cookies import session_token
from access.forms import LoginForm, parse_login
from access.guessing import SPEND, Spent, naming_key
from crypto import SubtleCiphers
from encoding import b64url, compact_json
from errors import (
    ChallengeFailed,
    Malformed,
    Misconfigured,
    NotFound,
    TooLarge,
    TooManyAttempts,
    Unauthenticated,
    UnsupportedMediaType,
    WrongOrigin,
)
from limits import MAX_BODY_BYTES, TURNSTILE_ANSWER_MS, VERSION
from logs import REQUEST_ID, Asked, request_id
from room import Room
from settings import SETTING_NAMES, Settings, read_settings
from web.answers import API_HEADERS, error_page, is_known, page_headers, page_tag, problem
from web.routes import PAGES, Route, find_route, moved_to
from workerd.bindings import environment, room_stub
from workerd.console import ConsoleHandler
from workerd.exchange import answer_or_refuse, header, json_response, post_form, read_body, response, without_body
from workerd.guesses import Guesses
from workerd.values import current_ms, js_object

__all__ = ["Default", "Guesses", "Room"]

logging.basicConfig(handlers=[ConsoleHandler()], level=logging.INFO)
log = logging.getLogger("durable_chat.entry")
_UNLIMITED = frozenset({"health", *PAGES})  # these wake no room and hash nothing; all others are counted
_FOR_STRANGERS = frozenset({("facts", "GET"), ("challenge", "GET"), ("session", "POST")})  # others need a session
_WITH_BODY = frozenset({("push", "PUT"), ("push", "DELETE")})
_PASSED_ON = ("cookie", "user-agent", "cf-connecting-ip")


class Default(WorkerEntrypoint):
    """The Worker's one entry point."""

    async def fetch(self, request: Any) -> Any:
        """Answer a request and log it, with an id that the answer carries too."""
        raw = request.js_object
        asked = Asked(request_id(header(raw, "cf-ray"), uuid4().hex), str(raw.method), current_ms())
        path = urlsplit(str(raw.url)).path
        explain = problem if path.startswith("/api/") else error_page
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
        if route.name not in _UNLIMITED:
            await self._check_address(raw)
        if not settings.has_room(route.room):
            raise NotFound("There is no such room.")
        if route.name in PAGES:
            return await self._page(raw, settings)
        if route.changes_state or route.name == "socket":
            _check_origin(raw)
        if (route.name, route.method) not in _FOR_STRANGERS and session_token(
            header(raw, "cookie"), route.room
        ) is None:
            raise Unauthenticated("Please sign in.")
        if (route.name, route.method) == ("session", "POST"):
            return await self._log_in(raw, route, settings, asked)
        if route.name == "challenge" and settings.altcha:
            return await self._address(await self._name(raw, settings)).fetch(_passed_on(raw, route, asked))
        room = room_stub(self.env, route.room, settings.location_hint)
        if route.name == "socket" and asked.method != "HEAD":
            return await room.fetch(_named(raw, asked.id))
        has_body = (route.name, route.method) in _WITH_BODY
        return await room.fetch(_passed_on(raw, route, asked, body=await _json_body(raw) if has_body else None))

    def _health(self) -> Any:
        """The answer for a monitor: whether the Worker runs and its settings are valid. It wakes no room."""
        try:
            _settings(self.env)
        except Misconfigured as wrong:
            wrong.status = 503  # monitors and load balancers read this as "not now"
            raise
        return json_response({"status": "ok", "version": VERSION})

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

    async def _log_in(self, raw: Any, route: Route, settings: Settings, asked: Asked) -> Any:
        """Check a login, and pass it to the object of its address, which asks the room."""
        text = await _json_body(raw)
        form = parse_login(text)
        name = await self._name(raw, settings)
        spent = []
        hard = False
        if settings.altcha:
            accepted = await self._check_altcha(form, route.room, settings)
            hard = accepted.hard
            spent.append(Spent(accepted.digest, accepted.expires_at))
            if accepted.home not in ("", name):  # another object fetched it, and knows whether it was answered
                await self._spend(accepted, asked)
        if settings.turnstile:
            spent.append(await self._check_turnstile(form, raw, settings))
        told = [each.written() for each in spent]
        body = compact_json({"form": text, "spent": told, "hard": hard, "altcha": settings.altcha})
        return await self._address(name).fetch(_passed_on(raw, route, asked, body=body))

    async def _name(self, raw: Any, settings: Settings) -> str:
        """The name of the object of the caller's address."""
        key = await naming_key(settings.master_key, SubtleCiphers())
        return b64url(address_digest(key, header(raw, "cf-connecting-ip") or ""))

    def _address(self, name: str) -> Any:
        return self.env.GUESSES.getByName(name)._binding

    async def _check_altcha(self, form: LoginForm, room: str, settings: Settings) -> challenge.Accepted:
        if form.altcha is None:
            raise ChallengeFailed("The proof of work is missing.")
        ciphers = SubtleCiphers()
        key = await challenge.signing_key(settings.master_key, room, ciphers)
        return await challenge.verify(form.altcha, room=room, key=key, ciphers=ciphers, now_ms=current_ms())

    async def _spend(self, accepted: challenge.Accepted, asked: Asked) -> None:
        body = compact_json(Spent(accepted.digest, accepted.expires_at).written())
        options = js_object({"method": "POST", "headers": {REQUEST_ID: asked.id}, "body": body})
        answer = await self._address(accepted.home).fetch(js.Request.new(SPEND, options))
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
    if not hasattr(env, "GUESSES"):
        raise Misconfigured("GUESSES is not bound in wrangler.toml; wrangler.toml.example has the lines it lacks.")
    if not _known:
        _known.append(read_settings(environment(env, SETTING_NAMES)))
    return _known[0]


def _passed_on(raw: Any, route: Route, asked: Asked, *, body: str | None = None) -> Any:
    """The request for an object. We make it ourselves, so that no header of the client's choice gets in."""
    headers = {name: value for name in _PASSED_ON if (value := header(raw, name)) is not None}
    headers[REQUEST_ID] = asked.id
    options = {"method": route.method, "headers": headers}
    if body is not None:
        options["body"] = body
    return js.Request.new(raw.url, js_object(options))


def _named(raw: Any, request_id: str) -> Any:
    """The same upgrade with our request id, whatever the client sent."""
    headers = js.Headers.new(raw.headers)
    headers.set(REQUEST_ID, request_id)
    return js.Request.new(raw, js_object({"headers": headers}))


def _check_origin(raw: Any) -> None:
    """Refuse other sites' requests in a member's name (`SameSite` cookies are the first wall, this is the second)."""
    url = urlsplit(str(raw.url))
    origin = header(raw, "origin")
    if origin is not None and origin != f"{url.scheme}://{url.netloc}":
        raise WrongOrigin("This request comes from another site.")


async def _json_body(raw: Any) -> str:
    media_type = (header(raw, "content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("The body has to be application/json.")
    length = header(raw, "content-length")
    if length is not None and length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise TooLarge("The request body", limit=MAX_BODY_BYTES)
    body = await read_body(raw, MAX_BODY_BYTES)
    if body is None:
        raise TooLarge("The request body", limit=MAX_BODY_BYTES)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
