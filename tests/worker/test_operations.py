"""What operators and admins see of a running chat, and that it is right: health, request ids, log lines, figures."""

import re
import time
from typing import Any

import httpx
import pytest

from limits import CLEAN_UP_EVERY_MS, STATS_DAYS, VERSION
from tests.confidential import leaks
from tests.conftest import StartServer
from tests.people import PATIENCE_SECONDS, Person, get
from tests.places import DAY_MS, Place
from tests.push_service import wait_until
from tests.server import ADMIN_PASSWORD, Server

RAY = "230b030023ae2822"
FORGED = "00000000000000000000000000000000"


def lines_of(server: Server, request: str) -> list[dict[str, Any]]:
    """What the chat has logged about a request."""
    server.wait_for_log(f'"request_id": "{request}", "route"')
    return [line for line in server.lines() if line["request_id"] == request]


# --- health ---


def test_a_healthy_chat_says_so_and_wakes_nobody(many_rooms: Server) -> None:
    before = many_rooms.database_files()
    answer = get(f"{many_rooms.url}/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": VERSION})
    assert many_rooms.database_files() == before


def test_a_chat_that_lacks_a_setting_is_not_healthy_and_names_it(start_server: StartServer) -> None:
    running = start_server(settings={"MASTER_KEY": "tooshort"})
    answer = get(f"{running.url}/api/health")
    assert answer.status_code == 503
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["code"], told["status"]) == ("misconfigured", 503)
    assert told["title"].startswith("MASTER_KEY is malformed")
    assert "tooshort" not in answer.text
    request = answer.headers["x-request-id"]
    wait_until(lambda: len(lines_of(running, request)) == 2)
    access, error = sorted(lines_of(running, request), key=lambda line: bool(line["level"] == "error"))
    assert (error["level"], error["logger"]) == ("error", "durable_chat.entry")
    assert error["message"].startswith("misconfigured: MASTER_KEY is malformed")
    assert (access["route"], access["status"]) == ("health", 503)


# --- requests by name ---


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/", "page", 200),
        ("GET", "/r/Nowhere", "page", 404),
        ("GET", "/some/where", "unknown", 404),
        ("GET", "/api/health", "health", 200),
        ("GET", "/api/rooms/main", "facts", 200),
        ("POST", "/api/rooms/main/session", "session", 415),
        ("PATCH", "/api/rooms/main/session", "unknown", 405),
        ("GET", "/api/rooms/main/stats", "stats", 401),
        ("GET", "/api/rooms/main/socket", "socket", 401),
        ("DELETE", "/api/rooms/main/sessions/x", "device", 401),
    ],
)
def test_every_request_has_an_id_and_one_line_with_its_route_and_no_address(
    many_rooms: Server, method: str, path: str, route: str, status: int
) -> None:
    answer = httpx.request(method, many_rooms.url + path, headers={"X-Request-Id": FORGED}, timeout=PATIENCE_SECONDS)
    request = answer.headers["x-request-id"]
    assert answer.status_code == status
    assert re.fullmatch(r"[0-9a-f]{32}", request)
    assert request != FORGED, "a client's own is not taken"
    if status >= 400:
        assert request in answer.text, "for people to quote"
    (line,) = lines_of(many_rooms, request)
    assert line["ms"] >= 0
    del line["ms"]
    assert line == {
        "level": "info",
        "logger": "durable_chat.entry",
        "message": "request",
        "request_id": request,
        "route": route,
        "method": method,
        "status": status,
    }


def test_cloudflares_id_is_kept_and_only_what_looks_like_one(place: Place) -> None:
    asked = place.stranger().http
    for ray, is_kept in ((RAY, True), (f"{RAY}-FRA", True), ("Anneliese", False), (f"{RAY}{RAY}", False)):
        answer = asked.get("/session", headers={"CF-Ray": ray})
        assert (answer.headers["x-request-id"] == ray) is is_kept
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_a_socket_has_a_line_when_it_opens_and_none_for_its_frames(place: Place) -> None:
    person = place.member("Anneliese Quiet")
    line = person.open(**{"X-Request-Id": FORGED})
    response = line.connection.response
    assert response is not None
    request = response.headers["X-Request-Id"]
    assert request != FORGED
    line.put({"type": "hello", "last_seq": None})
    line.next("welcome")
    (opened,) = lines_of(place.server, request)
    assert (opened["route"], opened["method"], opened["status"]) == ("socket", "GET", 101)
    before = len(place.server.lines())
    for number in range(20):
        assert line.say(f"a message that nobody logs {number}")["type"] == "ack"
    assert person.http.get("/session").status_code == 200
    marker = get(f"{place.server.url}/api/health").headers["x-request-id"]
    place.server.wait_for_log(marker)
    assert len(place.server.lines()) == before + 2


def test_what_a_server_prints_is_searched_for_secrets(many_rooms: Server) -> None:
    """The dev server prints addresses, so a name in one is a leak that can be planted for real."""
    planted = {"Nobody-Else-Planted": "name"}
    assert get(f"{many_rooms.url}/r/Nobody-Else-Planted").status_code == 404
    many_rooms.wait_for_log("Nobody-Else-Planted")
    assert all("/r/Nobody-Else-Planted" in leak.line for leak in leaks(many_rooms.log(), planted))
    assert leaks(many_rooms.log(), planted)
    assert not [line for line in many_rooms.lines() if "Planted" in str(line)], "the chat itself does not log it"


# --- the room in figures ---


@pytest.fixture
def root(place: Place) -> Person:
    return place.member("Root of it all", password=ADMIN_PASSWORD)


def test_an_admin_sees_what_happened(place: Place, root: Person) -> None:
    anna = place.member("Anneliese")
    place.member("Boris the absent")
    line, second = anna.come(), anna.come()
    watching = root.come()
    for number in range(5):
        line.say(f"first day {number}")
    place.change("UPDATE messages SET sent_at = sent_at - ?", DAY_MS)
    deleted = line.say("second day")
    line.ask("delete", id=deleted["id"])
    channel = line.ask("channel.create", name="Another channel")["channel"]
    second.say("and elsewhere", channel=channel)
    before = int(time.time() * 1_000)
    answer = root.http.get("/stats")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["sockets"], told["online"], told["members"]) == (3, 2, 3)
    midnight = before - before % DAY_MS
    assert [day["at"] for day in told["messages"]] == [
        midnight - back * DAY_MS for back in range(STATS_DAYS - 1, -1, -1)
    ]
    assert [day["count"] for day in told["messages"]] == [0] * (STATS_DAYS - 2) + [5, 2]
    (pages,) = place.rows("PRAGMA page_count")[0]
    (page_bytes,) = place.rows("PRAGMA page_size")[0]
    assert told["storage_bytes"] == pages * page_bytes
    assert told["storage_limit_bytes"] == 10_000_000_000
    (due,) = place.rows("SELECT value FROM room_facts WHERE name = 'clean_up_at'")[0]
    assert told["clean_up_at"] == due
    assert before < due <= before + CLEAN_UP_EVERY_MS
    assert told["push"] is None
    watching.close()


def test_nobody_else_sees_it(place: Place, root: Person) -> None:
    member, stranger = place.member("Anneliese"), place.stranger()
    for person, status, code in ((member, 403, "forbidden"), (stranger, 401, "unauthenticated")):
        answer = person.http.get("/stats")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert "storage" not in answer.text
    neighbour = place.next_door().member("Root next door", password=ADMIN_PASSWORD)
    stranger.http.headers["Cookie"] = neighbour.cookie
    assert stranger.http.get("/stats").status_code == 401
    assert root.http.post("/stats").status_code == 405
    assert root.http.delete("/session").status_code == 204
    assert root.http.get("/stats").status_code == 401
