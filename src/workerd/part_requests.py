"""What the Worker does with a request for a part of a file: it checks the ticket and wakes no room."""

from typing import Any

from access.cookies import session_token, token_digest
from bots.tokens import bearer_token, is_bearer
from crypto import SubtleCiphers
from errors import Unauthenticated
from files import tickets
from files.parts import allowed_by, check_length
from settings import Settings
from web.routes import Route
from workerd.exchange import header
from workerd.file_places import file_place
from workerd.values import current_ms

UPLOAD_TICKET, DOWNLOAD_TICKET = "Upload-Ticket", "Download-Ticket"

_keys: dict[bytes, bytes] = {}  # by MASTER_KEY; filled by the first request, as a deployed version has only one


async def answer_part(env: Any, raw: Any, route: Route, settings: Settings, request_id: str) -> Any:
    """Store a part or answer with one.

    Raises:
        Forbidden: there is no good ticket for this.
        ChatError: the request does not fit the ticket, or the part is not there.
    """
    digest = _proof_digest(raw, route.room)
    stores = route.method == "PUT"
    given = header(raw, UPLOAD_TICKET if stores else DOWNLOAD_TICKET)
    purpose = tickets.UPLOAD if stores else tickets.DOWNLOAD
    key = await _ticket_key(settings)
    ticket = tickets.check(given, purpose, route.room, route.item, key=key, token_digest=digest, now_ms=current_ms())
    asked = allowed_by(ticket, route.part, request_id=request_id, token_digest=digest)
    if stores:
        check_length(header(raw, "content-length"), asked.size)
    else:
        asked = asked.narrowed(header(raw, "range"), header(raw, "if-range"))
    return await file_place(env, route.room, settings, ticket.place).answer(raw, asked)


def _proof_digest(raw: Any, room: str) -> bytes:
    """The digest of what comes with a ticket: a session's cookie, or a bot's secret."""
    authorization = header(raw, "authorization")
    if is_bearer(authorization):
        bearer = bearer_token(authorization)
        if bearer is None or bearer.room != room:
            raise Unauthenticated("This is not the token of a bot.")
        return bearer.digest
    token = session_token(header(raw, "cookie"), room)
    if token is None:
        raise Unauthenticated("Please sign in.")
    return token_digest(token)


async def _ticket_key(settings: Settings) -> bytes:
    if settings.master_key not in _keys:
        _keys[settings.master_key] = await tickets.ticket_key(settings.master_key, SubtleCiphers())
    return _keys[settings.master_key]
