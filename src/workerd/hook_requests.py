"""What the Worker does with a request to a hook: it checks the form of the token and the size, and asks the room."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import js

from access.handover import HANDOVER, Handover
from bots.delivery import DELIVERY, KEYS, Delivery, key_of
from bots.tokens import token_of
from errors import NotFound, TooLarge
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
    headers = {HANDOVER: Handover(request_id).written(), DELIVERY: delivery.written()}
    options = js_object({"method": route.method, "headers": headers, "body": body.decode("utf-8", "replace")})
    # Without the token, which would otherwise be in the platform's log of requests to rooms.
    address = f"{url.scheme}://{url.netloc}/hooks/{token.id}"
    return await room_stub(env, token.room, settings).fetch(js.Request.new(address, options))


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
