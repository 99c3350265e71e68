"""One request to the webhook of a bot, and what its answer means. The shell makes the request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot_limits import MAX_WEBHOOK_ANSWER_BYTES, WEBHOOK_TIMEOUT_SECONDS
from errors import Undelivered

TIMEOUT, UNREACHABLE, REDIRECT, STATUS, TOO_LARGE, NOT_ALLOWED = FAILURES = (
    "webhook_timeout",
    "webhook_unreachable",
    "webhook_redirect",
    "webhook_status",
    "webhook_too_large",
    "webhook_forbidden",
)
"""What admins are told of a webhook that took nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to a webhook."""

    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    media_type: str = ""
    """In small letters, without parameters; empty if it does not say."""
    body: bytes | None = b""
    """None if it has more than MAX_WEBHOOK_ANSWER_BYTES: the rest was not read."""


Post = Callable[[Request], Awaitable[Answered]]
"""Makes one request, and follows no redirect.

Raises TimeoutError if the whole answer is not there within WEBHOOK_TIMEOUT_SECONDS, any other OSError without a line.
"""


async def deliver(post: Post, request: Request) -> Answered:
    """Send something to a webhook; returns the answer that says that it was taken.

    Raises:
        Undelivered: it was not, or nobody can know.
    """
    try:
        answered = await post(request)
    except TimeoutError as error:
        raise Undelivered(f"It did not answer within {WEBHOOK_TIMEOUT_SECONDS:g} seconds.", failure=TIMEOUT) from error
    except OSError as error:
        raise Undelivered("It could not be reached, or broke off.", failure=UNREACHABLE) from error
    if 300 <= answered.status < 400:
        raise Undelivered(f"It answered {answered.status}, a redirect. These are not followed.", failure=REDIRECT)
    if not 200 <= answered.status < 300:
        raise Undelivered(f"It answered {answered.status}.", failure=STATUS)
    return answered


def check_size(answered: Answered) -> bytes:
    """The body of an answer.

    Raises:
        Undelivered: it is too long.
    """
    if answered.body is None:
        raise Undelivered(f"Its answer has more than {MAX_WEBHOOK_ANSWER_BYTES:,} bytes.", failure=TOO_LARGE)
    return answered.body
