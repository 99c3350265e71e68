"""The cookie of a session and its token (docs/protocol.md, "Login")."""

import hashlib

from encoding import b64url, from_b64url
from errors import Malformed

TOKEN_BYTES = 32
_COOKIE_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
_TOKEN_CHARACTERS = 43  # TOKEN_BYTES in base64url


def token_digest(token: bytes) -> bytes:
    """The SHA-256 that the server stores for a session token (TOKEN_BYTES random bytes, so it needs no salt)."""
    return hashlib.sha256(token).digest()


def session_cookie(room: str, token: bytes, *, max_age_seconds: int) -> str:
    """The Set-Cookie value that signs a browser in (RFC 6265; `__Host-` pins it to this host, HTTPS and path /)."""
    return f"{_cookie_name(room)}={b64url(token)}; Max-Age={max_age_seconds}; {_COOKIE_ATTRIBUTES}"


def expired_session_cookie(room: str) -> str:
    """The Set-Cookie value that makes a browser forget the session."""
    return f"{_cookie_name(room)}=; Max-Age=0; {_COOKIE_ATTRIBUTES}"


def session_token(cookie_header: str | None, room: str) -> bytes | None:
    """The session token (TOKEN_BYTES) in a Cookie header, or None.

    Also None if the value is not a token or if two cookies have this name: browsers send neither.
    """
    prefix = f"{_cookie_name(room)}="
    pairs = [pair.strip(" \t") for pair in (cookie_header or "").split(";")]
    values = [pair.removeprefix(prefix) for pair in pairs if pair.startswith(prefix)]
    if len(values) != 1 or len(values[0]) != _TOKEN_CHARACTERS:
        return None
    try:
        return from_b64url(values[0])
    except Malformed:
        return None


def _cookie_name(room: str) -> str:
    return f"__Host-session-{room}"
