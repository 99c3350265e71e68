"""access/cookies.py: the cookie of a session, and its token."""

import hashlib

import pytest

from access.cookies import expired_session_cookie, session_cookie, session_token, token_digest
from encoding import b64url

TOKEN = bytes(range(100, 132))
COOKIE = f"__Host-session-main={b64url(TOKEN)}"


def test_the_server_keeps_only_the_digest_of_a_token() -> None:
    assert token_digest(TOKEN) == hashlib.sha256(TOKEN).digest()


def test_the_cookie_is_bound_to_host_https_and_site() -> None:
    name, *attributes = session_cookie("main", TOKEN, max_age_seconds=3600).split("; ")
    assert name == COOKIE
    assert set(attributes) == {"Max-Age=3600", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"}


def test_signing_out_makes_the_browser_forget_the_cookie() -> None:
    name, *attributes = expired_session_cookie("main").split("; ")
    assert name == "__Host-session-main="
    assert set(attributes) == {"Max-Age=0", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"}


@pytest.mark.parametrize(
    "header",
    [
        COOKIE,
        f"a=b; {COOKIE}",
        f"{COOKIE};other=1",
        f"__Host-session-main2=x; {COOKIE}",
        f"  {COOKIE} ",
        f";;{COOKIE};",
    ],
)
def test_the_token_is_found_in_the_cookie_header(header: str) -> None:
    assert session_token(header, "main") == TOKEN


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "a=b",
        "__Host-session-main",
        "__Host-session-main=",
        COOKIE[:-1],
        COOKIE + "A",
        COOKIE + "=",
        COOKIE[:-1] + "_",  # bits left over that are not zero
        COOKIE[:-1] + "!",
        COOKIE[:-1] + "ж",
        COOKIE.replace("=", '="') + '"',
        COOKIE.replace("__Host", "__host"),
        COOKIE.replace("__Host-", ""),
        COOKIE.replace("main", "team"),
        f"x{COOKIE}",
        f"{COOKIE}; {COOKIE}",
        f"{COOKIE}; __Host-session-main=x",
        f"a={COOKIE}",
        COOKIE.replace("=", " ="),
        COOKIE.replace("=", "= "),
    ],
)
def test_anything_but_one_good_cookie_is_no_session(header: str | None) -> None:
    assert session_token(header, "main") is None
