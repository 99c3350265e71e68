"""The tokens of hooks and bots: `{room}_{id}_{secret}`. A token says where to ask, and its secret proves the right.

The room keeps only a digest of the secret, which has 160 random bits.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from bot_limits import HOOK_SECRET_BYTES
from errors import NotFound
from setting_values import ROOM_NAME

_ID = r"[A-Za-z0-9_-]{12}"
_SECRET = r"[a-z2-7]{32}"  # noqa: S105 (its form)
_TOKEN = re.compile(rf"(?P<room>{ROOM_NAME.pattern})_(?P<id>{_ID})_(?P<secret>{_SECRET})")
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
SUFFIX = "github"
"""May stand behind a token, as GitHub's page asks for such an address elsewhere."""


@dataclass(frozen=True, slots=True)
class Token:
    """Which hook of which room somebody posts to, and what proves that they may."""

    room: str
    id: str
    digest: bytes
    """SHA-256 of the secret."""


def new_secret(random: bytes) -> str:
    """A secret of HOOK_SECRET_BYTES as small letters and digits, which every program takes in an address."""
    assert len(random) == HOOK_SECRET_BYTES
    return base64.b32encode(random).decode("ascii").lower()


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def written(room: str, hook: str, secret: str) -> str:
    """A token."""
    return f"{room}_{hook}_{secret}"


def token_of(first: str, second: str, authorization: str | None) -> Token:
    """The token of a request to `/hooks/{first}/{second}`, where the second part may be missing.

    It stands in the address, in one part or cut at an underscore into two, or in the header `Authorization: Bearer`
    while the address names the hook.

    Raises:
        NotFound: it is none, whatever it is instead.
    """
    bearer = _bearer(authorization)
    whole = first if second in ("", SUFFIX) else f"{first}_{second}"
    match = _TOKEN.fullmatch(whole if bearer is None else bearer)
    if match is None or (bearer is not None and whole != match["id"]):
        raise NotFound("There is no such hook.")
    return Token(match["room"], match["id"], digest_of(match["secret"]))


def bearer_token(authorization: str | None) -> Token | None:
    """The token in a header `Authorization: Bearer`; None if there is none."""
    match = _TOKEN.fullmatch(_bearer(authorization) or "")
    return None if match is None else Token(match["room"], match["id"], digest_of(match["secret"]))


def is_bearer(authorization: str | None) -> bool:
    """Whether a header says that a token comes along, good or not; `Basic`, as a proxy may ask for it, does not."""
    return (authorization or "").strip().lower().startswith("bearer")


def _bearer(authorization: str | None) -> str | None:
    match = _BEARER.fullmatch((authorization or "").strip())
    return None if match is None else match[1]
