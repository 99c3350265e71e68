"""Tickets: with one the Worker lets a browser store or fetch the parts of a file, without asking the room.

A ticket is signed, not stored. It holds the sizes and the place; everything else that it stands for comes with the
request: room, file, what is done, and the session. So it opens nothing in another browser.
"""

import hmac
from dataclasses import dataclass

from encoding import b64url, compact_json, from_b64url, from_json
from errors import Forbidden, Malformed
from limits import MAX_TICKET_CHARACTERS, TICKET_MS
from sealing.ciphers import Ciphers

UPLOAD, DOWNLOAD = "upload", "download"
_KEY_BYTES = 32
_GARBAGE = (Malformed, UnicodeDecodeError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What may be done with which file until when. Sizes are sealed bytes; `thumb` is 0 without a thumbnail."""

    purpose: str
    room: str
    file: str
    """The file's id as base64url."""
    size: int
    thumb: int
    place: str
    expires_at: int


def expiry(session_expires_at: int, *, now_ms: int) -> int:
    """When a ticket of a session ends: after TICKET_MS, and with the session."""
    return min(now_ms + TICKET_MS, session_expires_at)


async def ticket_key(master_key: bytes, ciphers: Ciphers) -> bytes:
    """The 32 bytes that sign all tickets. Worker and room derive them alike."""
    return await ciphers.hkdf(master_key, salt=b"", info=b"durable-chat tickets v1", length=_KEY_BYTES)


def issue(ticket: Ticket, *, key: bytes, token_digest: bytes) -> str:
    """A ticket as text.

    Args:
        token_digest: that of the session's token (`cookies.token_digest`); the ticket is good with its cookie only.
    """
    told = compact_json([ticket.size, ticket.thumb, ticket.place, ticket.expires_at])
    return f"{b64url(told.encode())}.{b64url(_signature(ticket, key, token_digest))}"


def check(
    text: str | None, purpose: str, room: str, file: str, *, key: bytes, token_digest: bytes, now_ms: int
) -> Ticket:
    """The ticket that came with a request to do `purpose` with a file of a room.

    Raises:
        Forbidden: it is missing, damaged, over, or for anything else; nobody is told which.
    """
    refusal = Forbidden("The ticket is missing, over or for something else: ask for a new one.")
    if text is None or len(text) > MAX_TICKET_CHARACTERS:
        raise refusal
    told, _, signature = text.partition(".")
    try:
        size, thumb, place, expires_at = from_json(from_b64url(told).decode(), "The ticket")
        ticket = Ticket(purpose, room, file, size, thumb, place, expires_at)
        is_ours = hmac.compare_digest(from_b64url(signature), _signature(ticket, key, token_digest))
    except (*_GARBAGE, ValueError) as error:
        raise refusal from error
    if not is_ours or expires_at <= now_ms:
        raise refusal
    return ticket


def _signature(ticket: Ticket, key: bytes, token_digest: bytes) -> bytes:
    signed = [
        ticket.purpose,
        ticket.room,
        ticket.file,
        ticket.size,
        ticket.thumb,
        ticket.place,
        ticket.expires_at,
        b64url(token_digest),
    ]
    return hmac.digest(key, compact_json(signed).encode(), "sha256")
