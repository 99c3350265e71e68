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
    assert (found["img-src"], found["media-src"]) == (["'self'", "data:", "blob:"], ["blob:"])
    text = answer.headers["content-security-policy"]
    assert not re.search(r"unsafe|\*|https?:|strict-dynamic|nonce", text), text
    assert text.count("blob:") == 2, "pictures and films only: nothing that runs"
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
    assert set(not_allowed.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "DELETE"}


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
    assert get(f"{many_rooms.url}/").headers["cache-control"] == "no-cache, no-transform"
    assert httpx.head(f"{many_rooms.url}/", timeout=PATIENCE_SECONDS).headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/r/main"])
def test_a_page_that_is_asked_for_in_a_wrong_way_says_which_ways_there_are(many_rooms: Server, path: str) -> None:
    answer = httpx.post(many_rooms.url + path, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_head_answers_like_get_without_a_body_wherever_get_does(place: Place) -> None:
    """RFC 9110, 9.3.2; refusals as well."""
    anna = place.member("Anna")
    told = f"{place.server.url}/api/health", place.server.url, f"{place.server.url}/r/main", f"{place.server.url}/nope"
    paths = ["", "/challenge", "/session", "/sessions", "/stats", "/push", "/socket", "/nothing"]
    for url in (*told, *[place.url + path for path in paths], place.url + "/"):
        get_, head = anna.http.get(url), anna.http.head(url)
        assert (head.status_code, head.content) == (get_.status_code, b""), url
        passing = {"date", "x-request-id", "content-length", "content-encoding", "transfer-encoding", "connection"}
        assert {k: v for k, v in head.headers.items() if k not in passing} == {
            k: v for k, v in get_.headers.items() if k not in passing
        }, url
    stranger = place.stranger()
    assert [stranger.http.head(path).status_code for path in paths[2:7]] == [401] * 5
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}
    assert anna.http.head("/socket", headers=upgrade).status_code == 400, "only GET opens a socket"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_that_health_does_not_take_is_told_which_it_does(many_rooms: Server, method: str) -> None:
    answer = httpx.request(method, f"{many_rooms.url}/api/health", timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/r/main/", "/r/main"),
        ("/r/main/?a=1&b=/", "/r/main?a=1&b=/"),
        ("//r//main", "/r/main"),
        ("/r/m%61in", "/r/main"),
        ("/api/health/", "/api/health"),
        ("/api/rooms/main/push/", "/api/rooms/main/push"),
    ],
)
def test_an_address_in_another_spelling_leads_to_the_one_that_was_meant(
    many_rooms: Server, path: str, meant: str
) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = httpx.request(method, many_rooms.url + path, timeout=PATIENCE_SECONDS)
        assert (answer.status_code, answer.headers["location"]) == (308, meant), method
        for name, value in EVERYWHERE.items():
            assert answer.headers[name] == value


@pytest.mark.parametrize("path", ["/r/Main", "/r/main%2F", "/r/a%2Fb", "/r/main%20", "//evil.example/", "/nope/"])
def test_what_is_no_address_in_any_spelling_is_not_found(many_rooms: Server, path: str) -> None:
    assert get(many_rooms.url + path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/r/main"])
def test_a_page_that_the_browser_has_is_not_sent_again(many_rooms: Server, turnstile_server: Server, path: str) -> None:
    first = get(many_rooms.url + path)
    tag = first.headers["etag"]
    again = get(many_rooms.url + path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert (
        httpx.head(many_rooms.url + path, headers={"If-None-Match": tag}, timeout=PATIENCE_SECONDS).status_code == 304
    )
    for other in ('"other"', 'W/"x"'):
        changed = get(many_rooms.url + path, headers={"If-None-Match": other})
        assert (changed.status_code, changed.text) == (200, first.text)
    assert get(turnstile_server.url + path, headers={"If-None-Match": tag}).status_code == 200, "another policy"
