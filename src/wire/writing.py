"""Frames from the server besides events: answers and refusals, and the codes with which it closes a socket."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from encoding import compact_json
from errors import ChatError

SUB_PROTOCOL = "chat.v1"
_NORMAL, _PROTOCOL_ERROR = 1000, 1002
_NO_CODE = frozenset((1005, 1006))
_SENT_CODES = frozenset((*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)))


class Close(IntEnum):
    """Why a socket was closed (docs/protocol.md, "Error codes")."""

    INTERNAL = 1011
    RESTART = 1012
    MALFORMED = 4400
    SESSION_ENDED = 4401
    NO_HELLO = 4408
    TOO_LARGE = 4413
    TOO_MUCH = 4429


ENDED, REMOVED = "session ended", "removed"
"""The reason that goes with SESSION_ENDED, and the one used if an admin has removed the member."""


def closing_answer(code: int) -> int:
    """The code that answers a client's close frame: the client's own, if it may be sent (RFC 6455, section 7.4).

    A close frame without a code is reported as 1005, and a broken line as 1006. The platform refuses to send codes that
    may not be sent, and a line whose close frame is not answered stays open.
    """
    if code in _NO_CODE:
        return _NORMAL
    return code if code in _SENT_CODES else _PROTOCOL_ERROR


def error_frame(refusal: ChatError, ref: str | None) -> str:
    """`{"type":"error",…}` for one refused request."""
    frame: dict[str, Any] = {"type": "error", "ref": ref, "code": refusal.code, "detail": refusal.detail}
    if refusal.retry_after is not None:
        frame["retry_after"] = refusal.retry_after
    return compact_json(frame)


def ok_frame(ref: str | None) -> str:
    """`{"type":"ok","ref"}`."""
    return compact_json({"type": "ok", "ref": ref})


def events_frame(events: Sequence[str], lane: str = "") -> str:
    """One `events` frame from events that are already JSON texts: each is written once for all sockets."""
    place = f'"lane":"{lane}",' if lane else ""  # nothing in an id needs escaping
    return f'{{"type":"events",{place}"events":[' + ",".join(events) + "]}"
