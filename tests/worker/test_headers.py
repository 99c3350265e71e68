"""What every answer tells a browser to forbid."""

import re

import httpx
import pytest

from tests.people import PATIENCE_SECONDS, get
from tests.places import Place
from tests.server import Server
from tools.paths import ROOT

TURNSTILE = "https://challenges.cloudflare.com"

EVERYWHERE = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
PAGES = ["/", "/r/main", "/r/No-Such-Room", "/nothing/here"]


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    """The Content-Security-Policy by directive; there is exactly one."""
    (text,) = answer.headers.get_list("content-security-policy")
    directives = [part.split() for part in text.split(";")]
    assert len({name for name, *_ in directives}) == len(directives), "the second of two would be ignored"
    return {name: values for name, *values in directives}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_only_our_scripts_and_nothing_frames_it(many_rooms: Server, path: str) -> None:
    answer = get(many_rooms.url + path)
    assert answer.status_code == (200 if path in ("/", "/r/main") else 404)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    for power in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{power}=()" in answer.headers["permissions-policy"]
    found = policy(answer)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == ["'self'"]
    assert found["style-src"] == ["'self'"]
    assert found["connect-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == found["frame-src"] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    assert found["require-trusted-types-for"] == ["'script'"]
    text = answer.headers["content-security-policy"]
    assert not re.search(r"unsafe|\*|https?:|blob:|strict-dynamic|nonce", text), text
    assert "object-src" not in found, "default-src says it"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_style_or_handler(many_rooms: Server, path: str) -> None:
    page = get(many_rooms.url + path).text
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL):
        assert "src=" in script[0]
        assert script[1].strip() == ""
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|=[\"']?javascript:", page, re.IGNORECASE)
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page), "nothing from elsewhere"


@pytest.mark.parametrize("path", ["/", "/r/main"])
def test_turnstiles_origin_is_allowed_only_where_turnstile_is_on(turnstile_server: Server, path: str) -> None:
    found = policy(get(turnstile_server.url + path))
    assert found["script-src"] == ["'self'", TURNSTILE]
    assert found["frame-src"] == [TURNSTILE]
    assert [name for name, values in found.items() if TURNSTILE in values] == ["script-src", "frame-src"]
    assert found["default-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert "unsafe" not in str(found)
    wrong = policy(get(f"{turnstile_server.url}/nothing/here"))
    assert TURNSTILE not in str(wrong)


def test_every_answer_of_the_api_is_inert_private_and_typed(place: Place) -> None:
    anna = place.member("Anna")
    answers = [
        anna.http.get(f"{place.server.url}/api/health"),
        anna.http.get(f"{place.server.url}/api/nothing"),
        anna.http.get(place.url),
        anna.http.get("/challenge"),
        anna.http.get("/session"),
        anna.http.get("/sessions"),
        anna.http.get("/push"),
        anna.http.get("/socket"),
        anna.http.patch("/session"),
        anna.http.post("/session", content=b"{"),
        anna.http.post("/session", json={}),
        anna.http.post("/session", json={"name": "x" * 20_000}),
        anna.http.delete("/session", headers={"Origin": "https://evil.example"}),
        anna.http.delete("/sessions/unknown"),
        anna.http.delete("/session"),
        anna.http.get("/session"),
    ]
    assert {each.status_code for each in answers} >= {200, 204, 400, 401, 403, 404, 405, 413, 415}
    for each in answers:
        for name, value in EVERYWHERE.items():
            assert each.headers[name] == value, (each.request.url, name)
        assert each.headers["cache-control"] == "no-store"
        assert policy(each) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}
        if each.status_code != 204:
            kind = "application/json" if each.is_success else "application/problem+json"
            assert each.headers["content-type"] == kind
    (not_allowed,) = [each for each in answers if each.status_code == 405]
    assert set(not_allowed.headers["allow"].split(", ")) == {"GET", "POST", "DELETE"}


def test_static_files_are_not_guessed_at_by_browsers(many_rooms: Server) -> None:
    """They come from the platform, without the Worker: public/_headers speaks for them."""
    files = [file for file in (ROOT / "public").rglob("*") if file.is_file() and not file.name.startswith((".", "_"))]
    assert files
    for file in files:
        path = file.relative_to(ROOT / "public").as_posix()
        if path == "index.html":
            continue
        answer = get(f"{many_rooms.url}/{path}")
        assert answer.status_code == 200, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
    for hidden in ("_headers", ".gitignore", ".assetsignore"):
        assert get(f"{many_rooms.url}/{hidden}").status_code == 404, hidden


def test_a_page_is_not_cached_with_the_policy_of_yesterday(many_rooms: Server) -> None:
    assert get(f"{many_rooms.url}/").headers["cache-control"] == "no-cache"
    assert httpx.head(f"{many_rooms.url}/", timeout=PATIENCE_SECONDS).headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/r/main"])
def test_a_page_that_is_asked_for_in_a_wrong_way_says_which_ways_there_are(many_rooms: Server, path: str) -> None:
    answer = httpx.post(many_rooms.url + path, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
