"""web/set_up.py: how an operator is told to set what is missing."""

import pytest

from errors import Misconfigured
from settings import read_settings
from web.answers import error_page, page_headers
from web.set_up import guide

REQUEST = "request-1"


def _page(given: dict[str, str | None]) -> str:
    with pytest.raises(Misconfigured) as refusal:
        read_settings(given)
    status, headers, body = error_page(refusal.value, REQUEST)
    assert (status, headers) == (500, page_headers(turnstile=False) | {"Content-Type": "text/html; charset=utf-8"})
    return body


def test_a_missing_key_is_explained_with_a_place_for_a_fresh_one_in_both_languages() -> None:
    body = _page({"CHAT_PASSWORD": "an honest password"})
    assert "<p>MASTER_KEY is not set.</p>" in body
    assert body.count("data-key hidden") == body.count("<code>MASTER_KEY</code>") == 2
    assert '<section lang="en">' in body
    assert '<section lang="ru">' in body
    assert '<script src="/set-up.js" type="module"></script>' in body
    assert "bin/keys MASTER_KEY\nbin/wrangler secret put MASTER_KEY" in body


def test_a_missing_password_is_for_people_to_choose() -> None:
    body = _page({})
    assert "<code>CHAT_PASSWORD</code>" in body
    assert "bin/wrangler secret put CHAT_PASSWORD" in body
    assert "data-key" not in body
    assert "bin/keys" not in body


def test_a_key_that_is_set_and_wrong_gets_no_fresh_one() -> None:
    """It may be a slip in the right key, and another would lock what is stored."""
    body = _page({"CHAT_PASSWORD": "an honest password", "MASTER_KEY": "x"})
    assert "MASTER_KEY is malformed" in body
    assert "<section" not in body
    assert "<script" not in body


def test_the_guide_holds_nothing_inline() -> None:
    assert "style=" not in guide("MASTER_KEY")
    assert "onclick" not in guide("MASTER_KEY")
