"""bots/outgoing.py: what the answer of a webhook means."""

import pytest

from bots.outgoing import FAILURES, Answered, Request, check_size, deliver
from errors import Undelivered
from tests.receiver import Receiver

REQUEST = Request("https://bots.example.org/", {}, "{}")


async def failure(answer: Answered | Exception) -> Undelivered:
    receiver = Receiver()
    receiver.answers.append(answer)
    with pytest.raises(Undelivered) as refused:
        await deliver(receiver.post, REQUEST)
    assert refused.value.failure in FAILURES
    return refused.value


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_success_is_one(status: int) -> None:
    receiver = Receiver()
    receiver.answers.append(Answered(status))
    assert (await deliver(receiver.post, REQUEST)).status == status
    assert receiver.requests == [REQUEST]


@pytest.mark.parametrize(
    ("answer", "name", "words"),
    [
        (TimeoutError("no answer"), "webhook_timeout", "It did not answer within 7 seconds."),
        (OSError("no answer"), "webhook_unreachable", "It could not be reached, or broke off."),
        (ConnectionResetError(), "webhook_unreachable", "It could not be reached, or broke off."),
        (Answered(301), "webhook_redirect", "It answered 301, a redirect. These are not followed."),
        (Answered(304), "webhook_redirect", "It answered 304, a redirect. These are not followed."),
        (Answered(100), "webhook_status", "It answered 100."),
        (Answered(404), "webhook_status", "It answered 404."),
        (Answered(500, body=b"secret of the receiver"), "webhook_status", "It answered 500."),
    ],
)
async def test_everything_else_is_named(answer: Answered | Exception, name: str, words: str) -> None:
    refused = await failure(answer)
    assert (refused.failure, refused.detail) == (name, words)


def test_an_answer_that_was_cut_off_is_too_large() -> None:
    assert check_size(Answered(200, "", b"x")) == b"x"
    with pytest.raises(Undelivered, match=r"^Its answer has more than 65,536 bytes\.$") as refused:
        check_size(Answered(200, "", None))
    assert refused.value.failure == "webhook_too_large"
