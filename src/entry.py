"""The Worker: HTTP in, the room's object behind it, static pages with their headers; it keeps no state.

Cheap checks come first and everything that can be refused without waking a room is refused here: address, method,
origin, size, form, and the answers to challenges.
"""

import logging
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import js
from workers import WorkerEntrypoint

import challenge
import turnstile
from attempts import address_bucket
from crypto import SubtleCiphers
from encoding import b64url, compact_json
from errors import (
    ChallengeFailed,
    Malformed,
    Misconfigured,
    NotFound,
    TooLarge,
    TooManyAttempts,
    UnsupportedMediaType,
    WrongOrigin,
)
from forms import LoginForm, parse_login
from limits import MAX_BODY_BYTES, TURNSTILE_ANSWER_MS, VERSION
from logs import REQUEST_ID, Asked, request_id
from pages import error_page, page_headers, problem
from room import Room
from routes import PAGES, Route, find_route
from runtime import (
    ConsoleHandler,
    answer_or_refuse,
    current_ms,
    environment,
    header,
    js_object,
    json_response,
    post_form,
    read_body,
)
from settings import SETTING_NAMES, Settings, read_settings

__all__ = ["Default", "Room"]

logging.basicConfig(handlers=[ConsoleHandler()], level=logging.INFO)
log = logging.getLogger("durable_chat.entry")
_LIMITED = frozenset({("facts", "GET"), ("challenge", "GET"), ("session", "POST")})
_WITH_BODY = frozenset({("push", "PUT"), ("push", "DELETE")})
_PASSED_ON = ("cookie", "user-agent", "cf-connecting-ip")


class Default(WorkerEntrypoint):
    """The Worker's one entry point."""

    async def fetch(self, request: Any) -> Any:
        """Answer a request and log that it was made, by a name that the answer tells too."""
        raw = request.js_object
        asked = Asked(request_id(header(raw, "cf-ray"), uuid4().hex), str(raw.method), current_ms())
        path = urlsplit(str(raw.url)).path
        explain = problem if path.startswith("/api/") else error_page
        answer = await answer_or_refuse(self._answer(raw, path, asked), explain, asked.id, log)
        if header(answer, REQUEST_ID) is None:  # the room has set it on its own answers, which are read-only here
            answer.headers.set(REQUEST_ID, asked.id)
        log.info("request", extra=asked.line(int(answer.status), now_ms=current_ms()))
        return answer

    async def _answer(self, raw: Any, path: str, asked: Asked) -> Any:
        route = find_route(asked.method, path)
        asked.route = route.name
        if route.name == "health":
            return self._health()
        settings = _settings(self.env)
        if not settings.has_room(route.room):
            raise NotFound("There is no such room.")
        if route.name in PAGES:
            return await self._page(raw, settings)
        if route.changes_state or route.name == "socket":
            _check_origin(raw)
        if (route.name, route.method) in _LIMITED:
            await self._check_address(raw)
        if (route.name, route.method) == ("session", "POST"):
            return await self._log_in(raw, route, settings, asked)
        if route.name == "socket":
            return await self._room(route.room, settings.location_hint).fetch(_named(raw, asked.id))
        has_body = (route.name, route.method) in _WITH_BODY
        return await self._ask_room(raw, route, settings, asked, body=await _json_body(raw) if has_body else None)

    def _health(self) -> Any:
        """What a monitor asks: whether the Worker runs and has what it needs. No room is woken for it."""
        try:
            _settings(self.env)
        except Misconfigured as wrong:
            wrong.status = 503  # what monitors and load balancers take for "not now"
            raise
        return json_response({"status": "ok", "version": VERSION})

    async def _page(self, raw: Any, settings: Settings) -> Any:
        """The one HTML file, with headers that fit the settings."""
        url = urlsplit(str(raw.url))
        assets = getattr(self.env.ASSETS, "_binding", self.env.ASSETS)
        asset = await assets.fetch(js.Request.new(f"{url.scheme}://{url.netloc}/"))
        headers = {**page_headers(turnstile=settings.turnstile), "Content-Type": "text/html; charset=utf-8"}
        return js.Response.new(asset.body, js_object({"status": asset.status, "headers": headers}))

    async def _log_in(self, raw: Any, route: Route, settings: Settings, asked: Asked) -> Any:
        text = await _json_body(raw)
        form = parse_login(text)
        ciphers = SubtleCiphers()
        spent = []
        hard = False
        if settings.altcha:
            accepted = await self._check_altcha(form, route.room, settings, ciphers)
            hard = accepted.hard
            spent.append({"digest": b64url(accepted.digest), "expires_at": accepted.expires_at})
        if settings.turnstile:
            spent.append(await self._check_turnstile(form, raw, settings))
        body = compact_json({"form": text, "spent": spent, "hard": hard})
        return await self._ask_room(raw, route, settings, asked, body=body)

    async def _check_altcha(
        self, form: LoginForm, room: str, settings: Settings, ciphers: SubtleCiphers
    ) -> challenge.Accepted:
        if form.altcha is None:
            raise ChallengeFailed("The proof of work is missing.")
        key = await challenge.signing_key(settings.master_key, room, ciphers)
        return await challenge.verify(form.altcha, room=room, key=key, ciphers=ciphers, now_ms=current_ms())

    async def _check_turnstile(self, form: LoginForm, raw: Any, settings: Settings) -> dict[str, Any]:
        digest = await turnstile.verify(
            form.turnstile or "",
            secret=settings.turnstile_secret_key or "",
            url=settings.turnstile_verify_url,
            hostname=urlsplit(str(raw.url)).hostname or "",
            address=header(raw, "cf-connecting-ip"),
            idempotency_key=str(uuid4()),
            post=post_form,
        )
        return {"digest": b64url(digest), "expires_at": current_ms() + TURNSTILE_ANSWER_MS}

    async def _check_address(self, raw: Any) -> None:
        """Cloudflare's own counter: keeps a flood from one address away from rooms and hashing."""
        limiter = getattr(self.env, "ADDRESS_LIMIT", None)
        if limiter is None:
            return
        limiter = getattr(limiter, "_binding", limiter)
        outcome = await limiter.limit(js_object({"key": address_bucket(header(raw, "cf-connecting-ip") or "")}))
        if not outcome.success:
            raise TooManyAttempts("Too many requests from your network.", retry_after=60)

    def _room(self, name: str, hint: str | None = None) -> Any:
        """The raw stub: the SDK's wrapper would put a cancellable fetch around an upgraded socket.

        `hint` says where an object that does not exist yet should be made.
        """
        where = () if hint is None else (js_object({"locationHint": hint}),)
        return self.env.ROOMS.getByName(name, *where)._binding

    async def _ask_room(self, raw: Any, route: Route, settings: Settings, asked: Asked, *, body: str | None) -> Any:
        """Let the room answer. It gets a request that we made: headers of the client's choosing stay outside."""
        headers = {name: value for name in _PASSED_ON if (value := header(raw, name)) is not None}
        headers[REQUEST_ID] = asked.id
        options = {"method": route.method, "headers": headers}
        if body is not None:
            options["body"] = body
        return await self._room(route.room, settings.location_hint).fetch(js.Request.new(raw.url, js_object(options)))


_known: list[Settings] = []  # once they were read: those of a deployed version never change


def _settings(env: Any) -> Settings:
    if not _known:
        _known.append(read_settings(environment(env, SETTING_NAMES)))
    return _known[0]


def _named(raw: Any, request_id: str) -> Any:
    """The same upgrade with our name for it, whatever the client called it."""
    headers = js.Headers.new(raw.headers)
    headers.set(REQUEST_ID, request_id)
    return js.Request.new(raw, js_object({"headers": headers}))


def _check_origin(raw: Any) -> None:
    """Another site's page must not act in a member's name (`SameSite` cookies are the first wall, this the second)."""
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
