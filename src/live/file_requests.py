"""Files: what browsers ask before they store or fetch the parts of one (docs/protocol.md, "Files")."""

from collections.abc import Sequence

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
from wire.connections import BOT_SESSION, Connection
from wire.files import FileTickets


async def reserve(state: RoomState, session: Session, body: str, now_ms: int) -> Reply:
    """Let a member upload a file, or go on with it."""
    state.require_secured(session)
    if not state.settings.file_bytes:
        raise Forbidden("This chat takes no files.")
    file = state.uploads.reserve(session.member, parse_wanted(body, state.settings.file_bytes), now_ms=now_ms)
    expires_at = expiry(session.expires_at, now_ms=now_ms)
    digest = _digest(state, session)
    ticket = await state.ticket_office.issue(UPLOAD, file, token_digest=digest, expires_at=expires_at)
    full = full_part_bytes(file.bytes, file.place)
    told = {"ticket": ticket, "part_bytes": full, "parts": file.parts, "expires_at": expires_at}
    return json_reply(told, status=201)


async def cancel(state: RoomState, session: Session, file: str, now_ms: int) -> Reply:
    """Give up an upload."""
    if not _is_id(file):
        raise NotFound("You are uploading no such file.")
    await state.uploads.cancel(session.member, file, state.conversation, now_ms=now_ms)
    return done([RemoveFilesSoon()])


async def ticket(state: RoomState, session: Session, file: str, now_ms: int) -> Reply:
    """Let a member fetch one file."""
    found = await _issued(state, session, [file] if _is_id(file) else [], now_ms)
    if not found:
        raise NotFound("You see no message with such a file.")
    return json_reply({"ticket": found[file], "expires_at": expiry(session.expires_at, now_ms=now_ms)})


async def tickets(
    state: RoomState, _connection: Connection, session: Session, frame: FileTickets, now_ms: int
) -> list[Effect]:
    """Let a member fetch files."""
    expires_at = expiry(session.expires_at, now_ms=now_ms)
    told = await _issued(state, session, frame.ids, now_ms)
    return [Answer(compact_json({"type": "tickets", "ref": frame.ref, "tickets": told, "expires_at": expires_at}))]


async def _issued(state: RoomState, session: Session, ids: Sequence[str], now_ms: int) -> dict[str, str]:
    """Tickets for those of these files that the member may fetch."""
    expires_at = expiry(session.expires_at, now_ms=now_ms)
    digest = _digest(state, session)
    await state.ticket_office.prepare()  # who loses a channel while that takes time gets no ticket for it
    return {
        file.id: await state.ticket_office.issue(DOWNLOAD, file, token_digest=digest, expires_at=expires_at)
        for file in state.downloads.visible(session.member, ids)
    }


def _digest(state: RoomState, session: Session) -> bytes:
    """That of the device's cookie, or of the bot's secret: a ticket is good with this only."""
    if session.id.startswith(BOT_SESSION):
        return bytes.fromhex(session.id.removeprefix(BOT_SESSION))
    return state.store.sessions.token_digest(session.member, session.id)


def _is_id(file: str) -> bool:
    try:
        return len(from_b64url(file)) == FILE_ID_BYTES
    except (Malformed, UnicodeError):
        return False
