"""web/answers.py: what every HTTP answer carries."""

import json
import logging
import re

import pytest

from errors import (
    ChatError,
    Internal,
    MethodNotAllowed,
    Misconfigured,
    NameTaken,
    NotFound,
    RateLimited,
    TooManyAttempts,
    WrongPassword,
)
from web.answers import API_HEADERS, TURNSTILE_ORIGIN, admitted, error_page, is_known, page_headers, page_tag, problem

REQUEST = "8f2b1c0d9e8a7b6c"


def policy(headers: dict[str, str]) -> dict[str, list[str]]:
    """A Content-Security-Policy by directive."""
    parts = [directive.split() for directive in headers["Content-Security-Policy"].split(";")]
    directives = {name: values for name, *values in parts}
    assert len(directives) == len(parts), "a directive stands twice, and browsers ignore the second"
    return directives


# --- headers ---


@pytest.mark.parametrize("turnstile", [True, False])
def test_a_page_runs_nothing_inline_and_stands_in_no_frame(turnstile: bool) -> None:
    headers = page_headers(turnstile=turnstile)
    directives = policy(headers)
    values = {value for each in directives.values() for value in each}
    assert not values & {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"}
    assert {name for name, each in directives.items() if "blob:" in each} == {"img-src", "media-src"}
    assert (directives["img-src"], directives["media-src"]) == (["'self'", "data:", "blob:"], ["blob:"])
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == ["'none'"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    for power in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{power}=()" in headers["Permissions-Policy"]


def test_turnstile_is_allowed_where_it_is_on_and_nowhere_else() -> None:
    with_it, without = policy(page_headers(turnstile=True)), policy(page_headers(turnstile=False))
    assert {name for name, values in with_it.items() if TURNSTILE_ORIGIN in values} == {"script-src", "frame-src"}
    assert not any(TURNSTILE_ORIGIN in values for values in without.values())
    assert (with_it["script-src"], without["script-src"]) == (["'self'", TURNSTILE_ORIGIN], ["'self'"])
    assert (with_it["frame-src"], without["frame-src"]) == ([TURNSTILE_ORIGIN], ["'none'"])


def test_trusted_types_are_required_where_every_script_is_ours() -> None:
    assert policy(page_headers(turnstile=False))["require-trusted-types-for"] == ["'script'"]


def test_an_answer_of_the_api_is_neither_kept_nor_run() -> None:
    assert API_HEADERS["Cache-Control"] == "no-store"
    assert policy(dict(API_HEADERS)) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


# --- problem+json ---


def test_a_refusal_becomes_problem_json() -> None:
    status, headers, body = problem(WrongPassword("The password is wrong."), REQUEST)
    assert status == 401
    assert headers == {**API_HEADERS, "Content-Type": "application/problem+json"}
    assert json.loads(body) == {
        "title": "The password is wrong.",
        "status": 401,
        "code": "wrong_password",
        "request_id": REQUEST,
    }


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.001, 1), (0.2, 1), (1, 1), (1.001, 2), (30, 30), (899.5, 900), (900, 900)]
)
def test_a_wait_is_told_in_whole_seconds_that_are_enough(seconds: float, told: int) -> None:
    _, headers, body = problem(TooManyAttempts("Wait.", retry_after=seconds), REQUEST)
    assert headers["Retry-After"] == str(told)
    assert json.loads(body)["retry_after"] == told


def test_a_refusal_without_a_wait_tells_none() -> None:
    _, headers, body = problem(RateLimited("Too fast."), REQUEST)
    assert "Retry-After" not in headers
    assert "retry_after" not in json.loads(body)


def test_what_a_refusal_carries_joins_its_problem() -> None:
    _, _, body = problem(NameTaken("Taken.", confirm=True, confirmation="abc", expires_at=7), REQUEST)
    assert json.loads(body) == {
        "title": "Taken.",
        "status": 409,
        "code": "name_taken",
        "request_id": REQUEST,
        "confirm": True,
        "confirmation": "abc",
        "expires_at": 7,
    }


def test_a_method_that_is_not_allowed_is_answered_with_those_that_are() -> None:
    status, headers, _ = problem(MethodNotAllowed(("GET", "HEAD")), REQUEST)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


# --- the page for a person ---


@pytest.mark.parametrize(
    ("refusal", "status", "title"),
    [
        (NotFound("There is no such room."), 404, "There is nothing here"),
        (Misconfigured("MASTER_KEY is not set."), 500, "This chat is not set up yet"),
        (WrongPassword("No."), 401, "That did not work"),
    ],
)
def test_a_person_gets_a_page_that_explains(refusal: ChatError, status: int, title: str) -> None:
    found, headers, body = error_page(refusal, REQUEST)
    assert found == status
    assert headers == page_headers(turnstile=False) | {"Content-Type": "text/html; charset=utf-8"}
    assert body.startswith('<!doctype html><html lang="en">')
    assert f"<title>{title}</title>" in body
    assert f"<p>{refusal.detail}</p>" in body
    assert REQUEST in body, "what to tell the operator"
    assert ("/scenes.svg#mooring" in body) == (status == 404)


def test_a_page_shows_text_as_text() -> None:
    _, _, body = error_page(NotFound("""<script>alert(1)</script> & "x" 'y'"""), REQUEST)
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; &#x27;y&#x27;" in body


def test_a_page_needs_nothing_inline() -> None:
    _, _, body = error_page(Internal(), REQUEST)
    assert "style=" not in body
    assert "<style" not in body
    assert "<script" not in body
    assert "onload" not in body


def test_a_mistake_of_ours_is_not_blamed_on_the_operator() -> None:
    _, _, body = error_page(Internal(), REQUEST)
    assert "not set up" not in body


# --- what a browser has already ---

TAG = page_tag('"file"', page_headers(turnstile=False))


def test_another_file_or_another_policy_is_another_page() -> None:
    tags = {TAG, page_tag('"other"', page_headers(turnstile=False)), page_tag('"file"', page_headers(turnstile=True))}
    assert len(tags) == 3
    assert page_tag('"file"', page_headers(turnstile=False)) == TAG
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', TAG)


@pytest.mark.parametrize("told", [TAG, TAG.removeprefix("W/"), f'"other", {TAG}', f'"other",{TAG} , "third"', "*"])
def test_a_page_that_the_browser_has_is_not_sent_again(told: str) -> None:
    assert is_known(TAG, told)


@pytest.mark.parametrize("told", [None, "", '"other"', 'W/"other"', TAG[:-2], TAG.strip('W/"'), ",", '"'])
def test_one_that_it_does_not_have_is_sent(told: str | None) -> None:
    assert not is_known(TAG, told)


# --- what goes wrong ---

LOG = logging.getLogger("durable_chat.test")


def test_a_refusal_is_shown_as_it_is_and_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    refusal = NotFound("There is nothing at this address.")
    assert admitted(refusal, "request", LOG) is refusal
    assert caplog.records == []


def test_what_the_operator_forgot_is_shown_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    refusal = Misconfigured("MASTER_KEY is missing.")
    assert admitted(refusal, "request", LOG) is refusal
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info) == ("misconfigured: MASTER_KEY is missing.", None)


def test_a_mistake_of_ours_is_logged_and_shown_as_nothing_but_that(caplog: pytest.LogCaptureFixture) -> None:
    mistake = KeyError("a name that somebody typed")
    shown = admitted(mistake, "request", LOG)
    assert (shown.status, shown.code) == (500, "internal")
    assert "typed" not in shown.detail
    (record,) = caplog.records
    assert record.getMessage() == "request failed"
    assert record.exc_info is not None
    assert record.exc_info[1] is mistake
