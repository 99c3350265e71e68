"""web/routes.py: which addresses exist."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_limits import MAX_HOOK_BYTES
from errors import MethodNotAllowed, NotFound
from limits import MAX_BODY_BYTES
from web.routes import RULES, find_route, moved_to

TO_BOTS = {
    ("messages", "GET"),
    ("messages", "POST"),
    ("message", "PATCH"),
    ("message", "DELETE"),
    ("reaction", "PUT"),
    ("reaction", "DELETE"),
}
GOOD = [
    ("GET", "/api/health", ("health", "GET", "main", "")),
    ("GET", "/api/rooms/main", ("facts", "GET", "main", "")),
    ("GET", "/api/rooms/ops/challenge", ("challenge", "GET", "ops", "")),
    ("POST", "/api/rooms/ops/session", ("session", "POST", "ops", "")),
    ("GET", "/api/rooms/ops/session", ("session", "GET", "ops", "")),
    ("DELETE", "/api/rooms/ops/session", ("session", "DELETE", "ops", "")),
    ("GET", "/api/rooms/ops/sessions", ("sessions", "GET", "ops", "")),
    ("DELETE", "/api/rooms/ops/sessions/AbC-_9", ("device", "DELETE", "ops", "AbC-_9")),
    ("GET", "/api/rooms/ops/push", ("push", "GET", "ops", "")),
    ("PUT", "/api/rooms/ops/push", ("push", "PUT", "ops", "")),
    ("DELETE", "/api/rooms/ops/push", ("push", "DELETE", "ops", "")),
    ("GET", "/api/rooms/ops/files/AbC-_9/parts/0", ("part", "GET", "ops", "AbC-_9")),
    ("PUT", "/api/rooms/ops/files/AbC-_9/parts/t", ("part", "PUT", "ops", "AbC-_9")),
    ("HEAD", "/api/rooms/ops/files/AbC-_9/parts/0", ("part", "GET", "ops", "AbC-_9")),
    ("GET", "/api/rooms/ops/stats", ("stats", "GET", "ops", "")),
    ("GET", "/api/rooms/ops/restore", ("restore", "GET", "ops", "")),
    ("POST", "/api/rooms/ops/restore", ("restore", "POST", "ops", "")),
    ("PUT", "/api/rooms/ops/restore", ("restore", "PUT", "ops", "")),
    ("GET", "/api/rooms/ops/socket", ("socket", "GET", "ops", "")),
    ("GET", "/api/rooms/ops/channels/c/messages", ("messages", "GET", "ops", "c")),
    ("PATCH", "/api/rooms/ops/channels/c/messages/m", ("message", "PATCH", "ops", "c")),
    ("PUT", "/api/rooms/ops/channels/c/messages/m/reactions/%F0", ("reaction", "PUT", "ops", "c")),
    ("POST", "/hooks/main_AbC-_9", ("hook", "POST", "main", "main_AbC-_9")),
    ("POST", "/hooks/main_AbC-_9/secret", ("hook", "POST", "main", "main_AbC-_9")),
    ("HEAD", "/api/health", ("health", "GET", "main", "")),
    ("HEAD", "/api/rooms/ops/session", ("session", "GET", "ops", "")),
    ("HEAD", "/api/rooms/ops/socket", ("socket", "GET", "ops", "")),
    ("GET", "/", ("page", "GET", "main", "")),
    ("HEAD", "/", ("page", "HEAD", "main", "")),
    ("GET", "/r/ops", ("page", "GET", "ops", "")),
    ("HEAD", "/r/ops", ("page", "HEAD", "ops", "")),
]


@pytest.mark.parametrize(("method", "path", "route"), GOOD, ids=[f"{method} {path}" for method, path, _ in GOOD])
def test_a_good_address_is_found(method: str, path: str, route: tuple[str, ...]) -> None:
    found = find_route(method, path)
    assert (found.name, found.method, found.room, found.item) == route


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/api",
        "/api/",
        "/api/health/",
        "/api/healthy",
        "/api/rooms",
        "/api/rooms/",
        "/api/rooms/main/",
        "/api/rooms//session",
        "/api/rooms/main/sessions/",
        "/api/rooms/main/sessions/a/b",
        "/api/rooms/main/Session",
        "/api/rooms/main/session\n",
        "/api/health\n",
        "//",
        "/r",
        "/r/",
        "/r/main/",
        "/index.html",
        "/../api/health",
        "/api/rooms/main/../main",
        "/API/health",
        "api/health",
        "/hooks",
        "/hooks/",
        "/hooks/a/b/c",
        "/hooks/" + "x" * 161,
        "/hooks/x/" + "x" * 65,
        "/api/rooms/" + "x" * 129,
        "/api/rooms/main/sessions/" + "x" * 129,
        "/\n",
        "/x",
    ],
    ids=lambda path: ascii(path)[:50],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_address_is_not_found_whatever_the_method(method: str, path: str) -> None:
    with pytest.raises(NotFound):
        find_route(method, path)


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/api/health", ("GET", "HEAD")),
        ("/api/rooms/main", ("GET", "HEAD")),
        ("/api/rooms/main/challenge", ("GET", "HEAD")),
        ("/api/rooms/main/sessions", ("GET", "HEAD")),
        ("/api/rooms/main/session", ("GET", "HEAD", "POST", "DELETE")),
        ("/api/rooms/main/sessions/x", ("DELETE",)),
        ("/api/rooms/main/push", ("GET", "HEAD", "PUT", "DELETE")),
        ("/api/rooms/main/socket", ("GET", "HEAD")),
        ("/", ("GET", "HEAD")),
        ("/hooks/x", ("POST",)),
        ("/api/rooms/main/channels/c/messages", ("GET", "HEAD", "POST")),
        ("/api/rooms/main/channels/c/messages/m", ("PATCH", "DELETE")),
        ("/api/rooms/main/channels/c/messages/m/reactions/e", ("PUT", "DELETE")),
        ("/hooks/x/y", ("POST",)),
        ("/r/main", ("GET", "HEAD")),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(path: str, allow: tuple[str, ...]) -> None:
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", ""} - set(allow):
        with pytest.raises(MethodNotAllowed) as caught:
            find_route(method, path)
        assert caught.value.allow == allow


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/r/main/", "/r/main"),
        ("/r/main//", "/r/main"),
        ("//r//main", "/r/main"),
        ("/r/%6dain", "/r/main"),
        ("/r/m%61in/", "/r/main"),
        ("//", "/"),
        ("/api/health/", "/api/health"),
        ("//api/health", "/api/health"),
        ("/api/rooms//main/session", "/api/rooms/main/session"),
        ("/api/rooms/main/", "/api/rooms/main"),
        ("/api/rooms/main/sessions/a%2Db", "/api/rooms/main/sessions/a-b"),
        ("/r/Main/", "/r/Main"),
    ],
)
def test_an_address_that_is_written_in_another_way_leads_to_the_one_that_was_meant(path: str, meant: str) -> None:
    assert moved_to(path) == meant
    assert moved_to(meant) is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/r/main",
        "/api/health",
        "/r/main%2F",
        "/r/main%20",
        "/r/a%2Fb",
        "/r/%2e%2e",
        "/nothing/",
        "//evil.example/",
        "/r/%zz",
        "/r/%4",
        "/r/",
        "/api/",
        "/index.html/",
        "/r/%D0%B6",
    ],
)
def test_no_other_address_leads_anywhere(path: str) -> None:
    assert moved_to(path) is None


@given(st.text(alphabet="/\\r%2eEf.main:@?#", max_size=30))
def test_nobody_is_led_to_another_site(path: str) -> None:
    meant = moved_to("/" + path)
    assert meant is None or re.match(r"/(?!/)", meant)


def test_what_changes_something_or_opens_a_socket_is_for_our_own_pages() -> None:
    guarded = {(rule.name, rule.method) for rule in RULES if rule.is_for_own_pages}
    assert {method for _, method in guarded - {("socket", "GET")}} == {"POST", "PUT", "DELETE"}
    changing = {(rule.name, rule.method) for rule in RULES if rule.method not in ("GET", "HEAD")}
    # The others are for tokens in the request, which no browser sends by itself.
    assert changing - guarded == {(rule.name, rule.method) for rule in RULES if rule.takes_tokens} - {
        ("messages", "GET")
    }


def test_a_bots_token_may_stand_in_place_of_the_cookie_only_where_bots_are_expected() -> None:
    assert {(rule.name, rule.method) for rule in RULES if rule.is_for_bots} == {
        ("socket", "GET"),
        ("files", "POST"),
        ("file", "GET"),
        ("file", "DELETE"),
        ("part", "GET"),
        ("part", "PUT"),
    }
    assert not any(rule.is_for_bots and rule.takes_tokens for rule in RULES)


def test_strangers_are_let_through_to_what_they_need_to_sign_in_and_to_pages() -> None:
    assert {(rule.name, rule.method) for rule in RULES if not rule.needs_session} == {
        ("health", "GET"),
        ("facts", "GET"),
        ("challenge", "GET"),
        ("session", "POST"),
        ("invite", "POST"),
        ("passkey_challenge", "POST"),
        ("hook", "POST"),
        ("reply", "POST"),
        *TO_BOTS,
        ("page", "GET"),
        ("page", "HEAD"),
        ("join", "GET"),
        ("join", "HEAD"),
    }


def test_whatever_has_a_room_or_a_hash_behind_it_is_counted() -> None:
    assert {rule.name for rule in RULES if not rule.is_counted} == {"health", "page", "join", "part"}


def test_bodies_are_read_where_there_are_some_and_are_short() -> None:
    assert {(rule.name, rule.method): rule.body_bytes for rule in RULES if rule.body_bytes} == {
        ("session", "POST"): MAX_BODY_BYTES,
        ("invite", "POST"): MAX_BODY_BYTES,
        ("recovery", "PUT"): MAX_BODY_BYTES,
        ("passkeys", "POST"): MAX_BODY_BYTES,
        ("push", "PUT"): MAX_BODY_BYTES,
        ("push", "DELETE"): MAX_BODY_BYTES,
        ("files", "POST"): MAX_BODY_BYTES,
        ("restore", "POST"): MAX_BODY_BYTES,
        ("restore", "PUT"): MAX_BODY_BYTES,
        ("hook", "POST"): MAX_HOOK_BYTES,
        ("reply", "POST"): MAX_HOOK_BYTES,
        ("messages", "POST"): MAX_HOOK_BYTES,
        ("message", "PATCH"): MAX_HOOK_BYTES,
    }


def test_the_challenge_for_a_passkey_is_not_the_passkey_of_that_name() -> None:
    assert find_route("POST", "/api/rooms/main/passkeys/challenge").name == "passkey_challenge"
    with pytest.raises(MethodNotAllowed) as refused:
        find_route("DELETE", "/api/rooms/main/passkeys/challenge")
    assert refused.value.allow == ("POST",)
    for item in ("challenges", "AAAA", "a" * 1_364):
        route = find_route("DELETE", f"/api/rooms/main/passkeys/{item}")
        assert (route.name, route.item) == ("passkey", item)
    with pytest.raises(NotFound):
        find_route("DELETE", "/api/rooms/main/passkeys/" + "a" * 1_365)


@given(st.text(), st.text())
def test_arbitrary_addresses_are_never_more_than_refused(method: str, path: str) -> None:
    try:
        route = find_route(method, path)
    except (NotFound, MethodNotAllowed):
        return
    assert route.room
    assert "/" not in route.room + route.item


@pytest.mark.parametrize(
    "path",
    ["/join", "/join/", "/join%23main.secret", "/join%2523main.secret", "/join/%23a%2Db", "/join//x", "/joining"],
)
def test_whatever_follows_in_the_address_of_an_invite_is_its_page_and_is_moved_nowhere(path: str) -> None:
    assert find_route("GET", path).name == find_route("HEAD", path).name == "join"
    assert moved_to(path) is None
