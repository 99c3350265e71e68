"""What the Worker does with a request of a program: it checks the form of the token and the size, and asks the room."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import js

from access.handover import HANDOVER, Handover
from bot_limits import MAX_HOOK_BYTES
from bots.delivery import DELIVERY, KEYS, Delivery, key_of
from bots.tokens import bearer_token, token_of
from errors import Malformed, NotFound, TooLarge, Unauthenticated
from settings import Settings
from web.routes import Route
from workerd.bindings import room_stub
from workerd.exchange import header, read_body
from workerd.values import js_object


async def pass_on_delivery(env: Any, raw: Any, route: Route, settings: Settings, request_id: str) -> Any:
    """Hand a request to the room of its token. The room gets the digest of the secret, never the secret.

    Raises:
        NotFound: no token has this form, or there is no such room.
        TooLarge: the body is over MAX_HOOK_BYTES.
        Malformed: it is compressed, and would be posted as the signs that its bytes happen to be.
    """
    token = token_of(route.item, route.part, header(raw, "authorization"))
    if not settings.has_room(token.room):
        raise NotFound("There is no such hook.")
    url = urlsplit(str(raw.url))
    body, delivery = await _read(raw, Delivery(token.id, token.digest.hex(), key=_key(raw)))
    wait = parse_qs(url.query).get("wait", [""])[0].lower() == "true"
    delivery = replace(delivery, wait=wait)
    # Without the token, which would otherwise be in the platform's log of requests to rooms.
    address = f"{url.scheme}://{url.netloc}/hooks/{token.id}"
    options = _options(route, request_id, delivery, body)
    return await room_stub(env, token.room, settings).fetch(js.Request.new(address, options))


async def pass_on_reply(env: Any, raw: Any, route: Route, settings: Settings, request_id: str) -> Any:
    """Hand a bot's late answer to its room, whose platform's log gets nothing of its token.

    Raises:
        TooLarge: the body is over MAX_HOOK_BYTES.
    """
    url = urlsplit(str(raw.url))
    body, delivery = await _read(raw, Delivery(reply=route.item))
    address = f"{url.scheme}://{url.netloc}/api/rooms/{route.room}/replies/here"
    options = _options(route, request_id, delivery, body)
    return await room_stub(env, route.room, settings).fetch(js.Request.new(address, options))


async def pass_on_request(
    env: Any, raw: Any, route: Route, settings: Settings, request_id: str, body: str | None
) -> Any:
    """Hand a bot's request to its room.

    Raises:
        Unauthenticated: no token of a bot of this room comes along.
    """
    token = bearer_token(header(raw, "authorization"))
    if token is None or token.room != route.room:
        raise Unauthenticated("This takes the token of a bot of this room, as a bearer.")
    delivery = Delivery(token.id, token.digest.hex(), key=_key(raw))
    if route.rule.opens_socket and raw.method != "HEAD":
        return await room_stub(env, token.room, settings).fetch(marked_upgrade(raw, Handover(request_id), delivery))
    options = _options(route, request_id, delivery, body)
    return await room_stub(env, token.room, settings).fetch(js.Request.new(raw.url, options))


def marked_upgrade(raw: Any, handover: Handover, delivery: Delivery | None = None) -> Any:
    """The same upgrade with what we say of it, whatever the client sent; without a bot's secret."""
    headers = js.Headers.new(raw.headers)
    headers.set(HANDOVER, handover.written())
    headers.delete("authorization")
    headers.delete(DELIVERY)
    if delivery is not None:
        headers.delete("cookie")
        headers.set(DELIVERY, delivery.written())
    return js.Request.new(raw, js_object({"headers": headers}))


async def _read(raw: Any, delivery: Delivery) -> tuple[str, Delivery]:
    """The body of a request, and what is said of it."""
    if (header(raw, "content-encoding") or "identity").strip().lower() != "identity":
        raise Malformed("The body is compressed: send it as it is.")
    length = header(raw, "content-length")
    is_too_long = length is not None and length.isdigit() and int(length) > MAX_HOOK_BYTES
    body = None if is_too_long else await read_body(raw, MAX_HOOK_BYTES)
    if body is None:
        raise TooLarge("The request body", limit=MAX_HOOK_BYTES)
    media_type, _, parameters = (header(raw, "content-type") or "").partition(";")
    delivery = replace(delivery, media_type=media_type.strip().lower(), boundary=_boundary(parameters))
    return body.decode("utf-8", "replace"), delivery


def _options(route: Route, request_id: str, delivery: Delivery, body: str | None) -> Any:
    """Of the request for the room: made by ourselves, so that no header of the sender's choice gets in."""
    headers = {HANDOVER: Handover(request_id).written(), DELIVERY: delivery.written()}
    options: dict[str, Any] = {"method": route.method, "headers": headers}
    return js_object(options if body is None else {**options, "body": body})


def _key(raw: Any) -> str:
    for name in KEYS:
        value = header(raw, name)
        if value:
            return key_of(name, value)
    return ""


def _boundary(parameters: str) -> str:
    """The boundary of a form in parts, from the parameters of its media type (RFC 2046, section 5.1.1)."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "boundary":
            return value.strip('"')[:70]
    return ""
