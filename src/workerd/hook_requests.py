"""What the Worker does with a request of a program: it checks the form of the token and the size, and asks the room."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import js

from access.handover import HANDOVER, Handover
from bots.delivery import DELIVERY, KEYS, Delivery, key_of
from bots.tokens import bearer_token, token_of
from errors import NotFound, TooLarge, Unauthenticated
from limits import MAX_HOOK_BYTES
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
    """
    token = token_of(route.item, route.part, header(raw, "authorization"))
    if not settings.has_room(token.room):
        raise NotFound("There is no such hook.")
    length = header(raw, "content-length")
    is_too_long = length is not None and length.isdigit() and int(length) > MAX_HOOK_BYTES
    body = None if is_too_long else await read_body(raw, MAX_HOOK_BYTES)
    if body is None:
        raise TooLarge("The request body", limit=MAX_HOOK_BYTES)
    media_type, _, parameters = (header(raw, "content-type") or "").partition(";")
    url = urlsplit(str(raw.url))
    delivery = Delivery(
        token.id,
        token.digest.hex(),
        media_type.strip().lower(),
        _boundary(parameters),
        _key(raw),
        parse_qs(url.query).get("wait", [""])[0].lower() == "true",
    )
    # Without the token, which would otherwise be in the platform's log of requests to rooms.
    address = f"{url.scheme}://{url.netloc}/hooks/{token.id}"
    options = _options(route, request_id, delivery, body.decode("utf-8", "replace"))
    return await room_stub(env, token.room, settings).fetch(js.Request.new(address, options))


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
    options = _options(route, request_id, delivery, body)
    return await room_stub(env, token.room, settings).fetch(js.Request.new(raw.url, options))


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
