"""Cloudflare Turnstile: what we ask siteverify and what its reply means.

Contract: developers.cloudflare.com/turnstile/get-started/server-side-validation. Any reply but a clear yes keeps
people out. The shell makes the HTTP request (`Post`).
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from encoding import from_json
from errors import ChallengeFailed, ChallengeUnavailable, Malformed, Misconfigured
from limits import MAX_TURNSTILE_ANSWER_CHARACTERS, TURNSTILE_TIMEOUT_SECONDS

ACTION = "login"
"""The page renders the widget with this `action`, and an answer must have been made for it."""

TEST_SECRETS = frozenset(
    {
        "1x0000000000000000000000000000000AA",  # always passes
        "2x0000000000000000000000000000000AA",  # always fails
        "3x0000000000000000000000000000000AA",  # always "already spent"
    }
)
"""Cloudflare's published test secrets. Their replies name the host example.com and no action, so neither is checked.

They let everyone in (or nobody), whatever the answer is: use them only to try the page out.
"""

Post: TypeAlias = Callable[[str, Mapping[str, str], float], Awaitable[tuple[int, str]]]
"""`await post(url, form, timeout_seconds)` gives status and text, or raises OSError (TimeoutError is one)."""

_FAILURES = {
    "missing-input-response": "The Turnstile answer is missing.",
    "invalid-input-response": "The Turnstile answer is not valid. Please try again.",
    "timeout-or-duplicate": "The Turnstile answer is stale or was used before. Please try again.",
}
_SECRET_CODES = frozenset({"missing-input-secret", "invalid-input-secret"})


async def verify(
    answer: str, *, secret: str, url: str, hostname: str, address: str | None, idempotency_key: str, post: Post
) -> bytes:
    """Ask siteverify whether `answer` is valid for a login at this host.

    Args:
        answer: what the widget gave the page, at most MAX_TURNSTILE_ANSWER_CHARACTERS.
        hostname: the host that the browser requested, without port.
        address: the client's address, or None if it is not known.
        idempotency_key: a fresh UUID; it allows a second request about the same answer after an internal error.
    Returns:
        SHA-256 of the answer, to be remembered for TURNSTILE_ANSWER_MS: Cloudflare does not do so for test secrets.
    Raises:
        ChallengeFailed: the answer is not valid.
        ChallengeUnavailable: no clear reply came in time.
        Misconfigured: Cloudflare does not know TURNSTILE_SECRET_KEY.
    """
    if not answer or len(answer) > MAX_TURNSTILE_ANSWER_CHARACTERS or not answer.isascii():
        raise ChallengeFailed("The Turnstile answer is missing or malformed.")
    form = {"secret": secret, "response": answer, "idempotency_key": idempotency_key}
    if address is not None:
        form["remoteip"] = address
    reply = await _ask(url, form, post)
    if "internal-error" in _codes(reply):
        reply = await _ask(url, form, post)
    _judge(reply, hostname=None if secret in TEST_SECRETS else hostname)
    return hashlib.sha256(answer.encode()).digest()


async def _ask(url: str, form: Mapping[str, str], post: Post) -> dict[str, Any]:
    try:
        _, text = await post(url, form, TURNSTILE_TIMEOUT_SECONDS)
        reply = from_json(text, "The reply")
    except (OSError, Malformed) as error:
        raise ChallengeUnavailable("Turnstile could not be asked. Please try again.") from error
    if not isinstance(reply, dict) or not isinstance(reply.get("success"), bool):
        raise ChallengeUnavailable("Turnstile gave no clear answer. Please try again.")
    return reply


def _judge(reply: Mapping[str, Any], *, hostname: str | None) -> None:
    codes = _codes(reply)
    if codes & _SECRET_CODES:
        raise Misconfigured("TURNSTILE_SECRET_KEY is not accepted by Turnstile.")
    if "internal-error" in codes:
        raise ChallengeUnavailable("Turnstile has trouble. Please try again.")
    if reply["success"] is not True:
        details = [detail for code, detail in _FAILURES.items() if code in codes]
        raise ChallengeFailed(details[0] if details else "Turnstile did not let this browser through.")
    if hostname is not None and (reply.get("hostname") != hostname or reply.get("action") != ACTION):
        raise ChallengeFailed("The Turnstile answer was made for another page.")


def _codes(reply: Mapping[str, Any]) -> set[str]:
    codes = reply.get("error-codes")
    return {code for code in codes if isinstance(code, str)} if isinstance(codes, list) else set()
