"""Log lines: each is one JSON object and holds no text that a person wrote, no name and no secret.

An exception's message may quote what somebody sent, so only its type and its stack are logged. For the same reason,
lines of other packages keep only their logger and level. docs/deployment/OPERATIONS.md explains the lines to operators.
"""

import json
import logging
import re
from dataclasses import dataclass
from pathlib import PurePath
from traceback import walk_tb
from typing import Any

LOGGER = "durable_chat"
REQUEST_ID = "X-Request-Id"
"""The header in which the Worker gives the room, and the client, the id to look for in the log."""

_RAY = re.compile(r"[0-9a-f]{16}(-[A-Z]{3})?")
_SOURCES = PurePath(__file__).parent
_CAUSES = 3  # how many exceptions of a chain are logged
_FRAMES = 12  # the innermost frames of each exception


@dataclass(slots=True)
class Asked:
    """An HTTP request for its access line. It holds the route's name, because addresses hold names of rooms."""

    id: str
    method: str
    started_at: int
    route: str = "unknown"

    def line(self, status: int, *, now_ms: int) -> dict[str, Any]:
        """The `extra` of the access line."""
        took_ms = now_ms - self.started_at
        return about(self.id, route=self.route, method=self.method, status=status, ms=took_ms)


def request_id(ray: str | None, fresh: str) -> str:
    """The id of a request: Cloudflare's own, or the fresh one if Cloudflare's is missing or malformed."""
    return ray if ray is not None and _RAY.fullmatch(ray) else fresh


def about(request_id: str | None = None, **facts: str | int) -> dict[str, Any]:
    """The `extra` of a log call: the request that it concerns, and further facts, each in a field of its own."""
    return {"facts": {"request_id": request_id, **facts}}


def log_line(record: logging.LogRecord) -> str:
    """A log record as one line of JSON."""
    is_ours = record.name == LOGGER or record.name.startswith(LOGGER + ".")
    line: dict[str, Any] = {
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage() if is_ours else "a message of another package",
        **getattr(record, "facts", {"request_id": None}),
    }
    if record.exc_info and record.exc_info[1] is not None:
        line["error"] = _told(record.exc_info[1], _CAUSES)
    return json.dumps(line)


def _place(file: str) -> str:
    """The path of a source below src/, as several packages may have a file of one name; the bare name of any other."""
    path = PurePath(file)
    return str(path.relative_to(_SOURCES)) if path.is_relative_to(_SOURCES) else path.name


def _told(error: BaseException, causes: int) -> dict[str, Any]:
    frames = [
        f"{_place(frame.f_code.co_filename)}:{number} {frame.f_code.co_name}"
        for frame, number in walk_tb(error.__traceback__)
    ]
    told: dict[str, Any] = {"type": type(error).__name__, "frames": frames[-_FRAMES:]}
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and causes > 1:
        told["after"] = _told(before, causes - 1)
    return told
