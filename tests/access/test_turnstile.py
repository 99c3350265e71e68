"""access/turnstile.py: what siteverify is asked, and that nothing but a clear yes lets anybody in."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from access.turnstile import TEST_SECRETS, verify
from errors import ChallengeFailed, ChallengeUnavailable, ChatError, Misconfigured
from limits import MAX_TURNSTILE_ANSWER_CHARACTERS, TURNSTILE_TIMEOUT_SECONDS

URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
HOST = "chat.example.org"
ANSWER = "0.answer"
YES = {"success": True, "hostname": HOST, "action": "login", "error-codes": [], "challenge_ts": "2026-11-22T12:00:00Z"}
PASSING_TEST_SECRET = "1x0000000000000000000000000000000AA"


class Siteverify:
    """Answers what it is told to, one reply after the other, and keeps what it was asked."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, dict[str, str], float]] = []

    async def __call__(self, url: str, form: Mapping[str, str], timeout_seconds: float) -> tuple[int, str]:
        self.asked.append((url, dict(form), timeout_seconds))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return 200, reply if isinstance(reply, str) else json.dumps(reply)


def failure(*codes: str) -> dict[str, Any]:
    return {"success": False, "error-codes": list(codes)}


async def ask(
    site: Siteverify, *, answer: str = ANSWER, secret: str = "secret", address: str | None = "203.0.113.7"
) -> bytes:
    return await verify(
        answer, secret=secret, url=URL, hostname=HOST, address=address, idempotency_key="a-uuid", post=site
    )


async def test_a_clear_yes_lets_in() -> None:
    site = Siteverify(YES)
    assert await ask(site) == hashlib.sha256(ANSWER.encode()).digest()
    form = {"secret": "secret", "response": ANSWER, "idempotency_key": "a-uuid", "remoteip": "203.0.113.7"}
    assert site.asked == [(URL, form, TURNSTILE_TIMEOUT_SECONDS)]
    assert TURNSTILE_TIMEOUT_SECONDS == 5


async def test_an_unknown_address_is_not_told() -> None:
    site = Siteverify(YES)
    await ask(site, address=None)
    assert "remoteip" not in site.asked[0][1]


@pytest.mark.parametrize("length", [1, MAX_TURNSTILE_ANSWER_CHARACTERS - 1, MAX_TURNSTILE_ANSWER_CHARACTERS])
async def test_an_answer_up_to_the_limit_is_asked_about(length: int) -> None:
    await ask(Siteverify(YES), answer="x" * length)


@pytest.mark.parametrize("answer", ["", "x" * (MAX_TURNSTILE_ANSWER_CHARACTERS + 1), "ответ", "\ud800"], ids=ascii)
async def test_an_answer_that_cannot_be_one_is_refused_without_asking(answer: str) -> None:
    site = Siteverify()
    with pytest.raises(ChallengeFailed):
        await ask(site, answer=answer)
    assert site.asked == []


REFUSALS: dict[str, tuple[type[ChatError], str]] = {
    "missing-input-response": (ChallengeFailed, "missing"),
    "invalid-input-response": (ChallengeFailed, "not valid"),
    "timeout-or-duplicate": (ChallengeFailed, "stale or was used"),
    "bad-request": (ChallengeFailed, "did not let"),
    "a-code-of-the-future": (ChallengeFailed, "did not let"),
    "missing-input-secret": (Misconfigured, "TURNSTILE_SECRET_KEY"),
    "invalid-input-secret": (Misconfigured, "TURNSTILE_SECRET_KEY"),
}


@pytest.mark.parametrize("code", REFUSALS)
async def test_each_error_code_is_a_refusal_that_says_what_helps(code: str) -> None:
    refusal, detail = REFUSALS[code]
    site = Siteverify(failure(code))
    with pytest.raises(refusal, match=detail):
        await ask(site)
    assert len(site.asked) == 1


async def test_a_no_without_a_code_is_a_no() -> None:
    for reply in ({"success": False}, failure(), {"success": False, "error-codes": "odd"}):
        with pytest.raises(ChallengeFailed):
            await ask(Siteverify(reply))


async def test_an_internal_error_is_asked_about_once_more_with_the_same_key() -> None:
    site = Siteverify(failure("internal-error"), YES)
    await ask(site)
    assert site.asked[0] == site.asked[1]


async def test_an_internal_error_twice_is_unavailable() -> None:
    site = Siteverify(failure("internal-error"), failure("internal-error"))
    with pytest.raises(ChallengeUnavailable):
        await ask(site)
    assert len(site.asked) == 2


async def test_a_no_after_an_internal_error_is_a_no() -> None:
    with pytest.raises(ChallengeFailed, match="stale"):
        await ask(Siteverify(failure("internal-error"), failure("timeout-or-duplicate")))


UNCLEAR: list[Any] = [
    TimeoutError("5 s"),
    ConnectionRefusedError(),
    OSError("no route"),
    "",
    "<html>502 Bad Gateway</html>",
    "[" * 100_000,
    "null",
    "true",
    "[]",
    {},
    {"success": "true", "hostname": HOST, "action": "login"},
    {"success": 1, "hostname": HOST, "action": "login"},
    {"success": None},
]


@pytest.mark.parametrize("reply", UNCLEAR, ids=[str(number) for number in range(len(UNCLEAR))])
async def test_without_a_clear_answer_nobody_is_let_in(reply: Any) -> None:
    with pytest.raises(ChallengeUnavailable):
        await ask(Siteverify(reply))


@pytest.mark.parametrize(
    "change",
    [
        {"hostname": "evil.example"},
        {"hostname": None},
        {"hostname": HOST.upper()},
        {"action": "vote"},
        {"action": ""},
        {"action": None},
    ],
    ids=str,
)
async def test_an_answer_made_for_another_page_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ChallengeFailed, match="another page"):
        await ask(Siteverify({**YES, **change}))


async def test_an_answer_without_hostname_or_action_is_refused() -> None:
    with pytest.raises(ChallengeFailed, match="another page"):
        await ask(Siteverify({"success": True}))


async def test_with_cloudflares_test_secret_the_page_can_be_tried_out() -> None:
    """Its reply names example.com and no action."""
    assert PASSING_TEST_SECRET in TEST_SECRETS
    await ask(Siteverify({"success": True, "hostname": "example.com", "error-codes": []}), secret=PASSING_TEST_SECRET)


@pytest.mark.parametrize("secret", sorted(TEST_SECRETS))
async def test_a_test_secret_does_not_turn_a_no_into_a_yes(secret: str) -> None:
    with pytest.raises(ChallengeFailed):
        await ask(Siteverify(failure("timeout-or-duplicate")), secret=secret)


async def test_a_refusal_quotes_neither_secret_nor_answer() -> None:
    for reply in (*UNCLEAR, failure("invalid-input-secret"), failure("invalid-input-response"), {"success": True}):
        with pytest.raises(ChatError) as refusal:
            await ask(Siteverify(reply), secret="s3cret-value")
        assert "s3cret-value" not in refusal.value.detail
        assert ANSWER not in refusal.value.detail
