"""Files: what browsers ask before they store or fetch the parts of one (docs/protocol.md, "Files")."""

from access.cookies import token_digest
from encoding import compact_json, from_b64url
from errors import Forbidden, Malformed, NotFound
from files.forms import parse_wanted
from files.layout import full_part_bytes
from files.tickets import DOWNLOAD, UPLOAD, expiry
from limits import FILE_ID_BYTES
from live.effects import Answer, Effect, RemoveFilesSoon
from live.replies import Reply, done, json_reply
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.files import FileTickets


async def reserve(state: RoomState, session: Session, token: bytes, body: str, now_ms: int) -> Reply:
    """Let a member upload a file, or go on with it."""
    state.require_secured(session)
    if not state.settings.file_bytes:
        raise Forbidden("This chat takes no files.")
    file = state.uploads.reserve(session.member, parse_wanted(body, state.settings.file_bytes), now_ms=now_ms)
    expires_at = expiry(session.expires_at, now_ms=now_ms)
    digest = token_digest(token)
    ticket = await state.ticket_office.issue(UPLOAD, file, token_digest=digest, expires_at=expires_at)
    full = full_part_bytes(file.bytes, file.place)
    told = {"ticket": ticket, "part_bytes": full, "parts": file.parts, "expires_at": expires_at}
    return json_reply(told, status=201)


async def cancel(state: RoomState, session: Session, file: str, now_ms: int) -> Reply:
    """Give up an upload."""
    try:
        is_id = len(from_b64url(file)) == FILE_ID_BYTES
    except (Malformed, UnicodeError):
        is_id = False
    if not is_id:
        raise NotFound("You are uploading no such file.")
    await state.uploads.cancel(session.member, file, state.conversation, now_ms=now_ms)
    return done([RemoveFilesSoon()])


async def tickets(
    state: RoomState, connection: Connection, session: Session, frame: FileTickets, now_ms: int
) -> list[Effect]:
    """Let a member fetch files."""
    expires_at = expiry(session.expires_at, now_ms=now_ms)
    digest = state.store.sessions.token_digest(session.member, session.id)
    await state.ticket_office.prepare()  # who loses a channel while that takes time gets no ticket for it
    told = {
        file.id: await state.ticket_office.issue(DOWNLOAD, file, token_digest=digest, expires_at=expires_at)
        for file in state.downloads.visible(connection.member, frame.ids)
    }
    return [Answer(compact_json({"type": "tickets", "ref": frame.ref, "tickets": told, "expires_at": expires_at}))]
