"""Checks that a deployed chat answers, with the uploaded code and with settings that it can use."""

import http.client
import json
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "src"))

from limits import VERSION
from web.answers import DEPLOYMENT
from web.routes import MAIN_ROOM

WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 1.0
_ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    """What came back: a status and a JSON object, or the reason in words why nothing of the chat did."""

    status: int
    body: dict[str, Any]
    failure: str = ""
    deployment: str = ""
    """Cloudflare's id of the version that answered."""


@dataclass(frozen=True)
class Expected:
    """What a chat that is well says of itself."""

    room: str
    version: str = VERSION
    deployment: str = ""
    """Cloudflare's id of the uploaded version; empty if any will do."""
    asks_room: bool = False
    """Whether to wait until the room runs that version, too. A room that nobody has opened yet is made for that, and
    stays where it is made.
    """


def wait_until_it_answers(url: str, expected: Expected, *, seconds: float = WAIT_SECONDS) -> str | None:
    """Ask until the chat at `url` is well; returns None then, or the last problem when the time is over.

    A new address takes a while to be known, and a new version to be everywhere, so no answer is final before the time
    is over.
    """
    deadline = time.monotonic() + seconds
    while (problem := _look(url, expected)) is not None:
        if time.monotonic() + _PAUSE_SECONDS > deadline:
            return f"{problem} (tried for {seconds:.0f} seconds)"
        time.sleep(_PAUSE_SECONDS)
    return None


def _look(url: str, expected: Expected) -> str | None:
    room, version = expected.room, expected.version
    health = _get(f"{url}/api/health")
    if health.failure or health.body.get("status") != "ok":
        return f"{url}/api/health does not answer as it should: {_why(health)}"
    if health.body.get("version") != version:
        return f"{url} still runs version {health.body.get('version')}, not {version}"
    if expected.deployment and health.deployment != expected.deployment:
        return f"{url} does not run what was uploaded yet"
    page = _get(url + ("/" if room == MAIN_ROOM else f"/r/{room}"))
    if page.failure or page.status != http.client.OK:
        return f"The chat runs, but the page of its room {room} does not open: {_why(page)}"
    return _look_at_room(url, expected) if expected.asks_room else None


def _look_at_room(url: str, expected: Expected) -> str | None:
    facts = _get(f"{url}/api/rooms/{expected.room}")
    if facts.failure or facts.status != http.client.OK:
        return f"The chat runs, but its room {expected.room} does not answer: {_why(facts)}"
    if expected.deployment and facts.deployment != expected.deployment:
        return f"The room {expected.room} does not run what was uploaded yet"
    return None


def _why(answer: Answer) -> str:
    """The problem in the server's words (docs/protocol.md, "Errors"), if it sent any."""
    return answer.failure or str(answer.body.get("title") or f"status {answer.status}")


def _get(url: str) -> Answer:
    # Some of Cloudflare's protections refuse Python's own User-Agent.
    request = urllib.request.Request(url, headers={"User-Agent": "durable-chat-deploy", "Accept": "application/json"})  # noqa: S310 (the address is the operator's own)
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as response:  # noqa: S310
            deployment = response.headers.get(DEPLOYMENT) or ""
            return Answer(response.status, _json(response.read()), deployment=deployment)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, _json(refusal.read()), _challenged(refusal.headers.get("cf-mitigated")))
    except (OSError, http.client.HTTPException) as failure:
        return Answer(0, {}, str(getattr(failure, "reason", failure)) or type(failure).__name__)


def _challenged(mitigated: str | None) -> str:
    """The problem if one of the zone's own protections answered in place of the chat."""
    if mitigated is None:
        return ""
    return f"a protection of your zone answered in its place (cf-mitigated: {mitigated}); people meet it, too"


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
