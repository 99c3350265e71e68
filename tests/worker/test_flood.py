"""Too much of anything is refused with a time to wait, for the one who does it and for nobody else."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from limits import (
    MAX_BODY_CHARACTERS,
    MAX_FRAME_BYTES,
    MAX_MALFORMED_FRAMES,
    MAX_SOCKETS_PER_MEMBER,
    OPENING_BURST,
    REFUSAL_BURST,
    REFUSAL_RATE,
    REQUEST_BURST,
    REQUEST_RATE,
    WRITE_QUESTIONS,
)
from tests.people import Frame, Line, Person, get
from tests.places import Place, fresh_address
from tests.push_service import wait_until
from tests.server import Server

T = TypeVar("T")

ADDRESS_LIMIT = 600  # requests a minute, wrangler.toml
BURST, SLOW_RATE = 20, 0.5


@pytest.fixture(scope="module")
def slow_rooms() -> Iterator[Server]:
    """Rooms that take so few messages a second that even a busy machine sends a hundred in between."""
    running = Server.start(settings={"ROOM_NAMES": "*", "MESSAGE_RATE": f"{BURST}/{SLOW_RATE}"})
    yield running
    running.stop()


@pytest.fixture
def unhurried(slow_rooms: Server) -> Iterator[Place]:
    """One of them, that only this test uses."""
    room = Place(slow_rooms)
    yield room
    room.close()


def send(line: Line, body: str = "hello") -> str:
    """Send without waiting for the answer."""
    message_id = str(uuid4())
    line.put({"type": "send", "id": message_id, "channel": "general", "body": body})
    return message_id


def test_a_member_may_send_a_burst_and_then_so_many_a_second_over_all_sockets(unhurried: Place) -> None:
    anna = unhurried.member("Anna")
    lines = [anna.come() for _ in range(4)]
    bea = unhurried.member("Bea").come()
    asked_at = time.monotonic()
    ids = [(line, send(line)) for _ in range(10) for line in lines]
    answers = [line.answer(message_id) for line, message_id in ids]
    taken = [each for each in answers if each["type"] == "ack"]
    refused = [each for each in answers if each["type"] == "error"]
    assert BURST <= len(taken) <= BURST + SLOW_RATE * (time.monotonic() - asked_at) + 1
    assert {each["code"] for each in refused} == {"rate_limited"}
    assert all(0 < each["retry_after"] <= 1 / SLOW_RATE for each in refused)
    assert bea.say("not my flood")["type"] == "ack"
    assert len(unhurried.rows("SELECT 1 FROM messages")) == len(taken) + 1, "what was refused is not stored"


def test_after_the_wait_that_was_told_the_same_frame_is_taken(unhurried: Place) -> None:
    line = unhurried.member("Anna").come()
    answers = line.say_many(BURST + 5)
    refused = next(each for each in answers if each["type"] == "error")
    time.sleep(refused["retry_after"] + 0.05)
    assert line.say("again", id=refused["id"])["type"] == "ack"


def test_every_change_counts_and_reading_does_not(unhurried: Place) -> None:
    line = unhurried.member("Anna").come()
    message = line.say("hello")
    changes: list[Frame] = [{"type": "react", "id": message["id"], "emoji": "👍", "on": bool(n % 2)} for n in range(30)]
    for number, change in enumerate(changes):
        line.put({**change, "ref": str(number)})
    codes = [line.answer(str(number)).get("code") for number in range(30)]
    assert codes[: BURST - 1] == [None] * (BURST - 1)
    assert "rate_limited" in codes
    assert line.ask("history", channel="general", before=None, limit=10)["type"] == "history"


def test_questions_have_a_limit_of_their_own(place: Place) -> None:
    line = place.member("Anna").come()
    codes: list[str | None] = []
    while not any(codes):
        assert len(codes) < 20 * REQUEST_BURST
        codes += [answer.get("code") for answer in ask_at_once(line, REFUSAL_BURST // 2)]
    assert not any(codes[: REQUEST_BURST - 1]), "hello was the first"
    assert set(codes) == {None, "rate_limited"}
    assert line.say("still welcome")["type"] == "ack"


def ask_at_once(line: Line, count: int) -> list[Frame]:
    """The answers to so many questions, asked without waiting in between."""
    refs = [uuid4().hex for _ in range(count)]
    for ref in refs:
        line.put({"type": "history", "ref": ref, "channel": "general", "before": None, "limit": 1})
    return [line.answer(ref) for ref in refs]


def test_who_goes_on_and_on_is_sent_away_and_may_come_back(unhurried: Place) -> None:
    anna = unhurried.member("Anna")
    line = anna.come()
    started_at = time.monotonic()
    with contextlib.suppress(ConnectionClosed):
        for _ in range(20 * REFUSAL_BURST):
            send(line)
    assert line.closed() == 4429
    codes = [frame["code"] for frame in line.passed_over if frame["type"] == "error"]
    assert set(codes) == {"rate_limited"}
    assert REFUSAL_BURST <= len(codes) <= REFUSAL_BURST + REFUSAL_RATE * (time.monotonic() - started_at) + 1
    assert anna.come().welcome["member"]["id"] == anna.id


@pytest.mark.parametrize("garbage", ["", "{", "[]", "null", '{"type":7}', '{"type":"send"}', b"x"])
def test_malformed_frames_are_refused_one_by_one_and_then_close_the_socket(place: Place, garbage: str | bytes) -> None:
    line = place.member("Anna").come()
    for _ in range(MAX_MALFORMED_FRAMES):
        line.put(garbage)
    assert line.closed() == 4400
    errors = [frame for frame in line.passed_over if frame["type"] == "error"]
    assert len(errors) == MAX_MALFORMED_FRAMES - 1
    assert {frame["code"] for frame in errors} == {"malformed"}


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("poll", {}, "unknown_type"),
        ("edit", {"id": str(uuid4()), "body": "x" * (MAX_BODY_CHARACTERS + 1)}, "too_large"),
    ],
)
def test_what_a_newer_client_sends_is_refused_and_closes_nothing(
    place: Place, kind: str, fields: Frame, code: str
) -> None:
    line = place.member("Anna").come()
    for _ in range(2 * MAX_MALFORMED_FRAMES):
        assert line.ask(kind, **fields)["code"] == code
    assert line.say("I am still here.")["type"] == "ack"


def test_sockets_that_are_opened_again_bring_no_more_questions(place: Place) -> None:
    anna = place.member("Anna")
    taken = 0
    started = time.monotonic()
    for _ in range(4):
        line = anna.come()
        taken += [answer.get("code") for answer in ask_at_once(line, REQUEST_BURST // 4 + 10)].count(None)
        line.close()
    assert taken <= REQUEST_BURST + REQUEST_RATE * (time.monotonic() - started) + 1
    assert place.member("Bea").come().ask("history", channel="general", before=None, limit=1)["type"] == "history"


def test_a_member_may_open_so_many_sockets_and_then_one_a_second(place: Place) -> None:
    anna, bea = place.member("Anna"), place.member("Bea")
    statuses = []
    for _ in range(OPENING_BURST + 20):
        try:
            anna.open().close()
        except InvalidStatus as refused:
            statuses.append((refused.response.status_code, refused.response.headers["Retry-After"]))
    assert statuses
    assert set(statuses) == {(429, "1")}
    assert bea.come().say("I notice nothing.")["type"] == "ack"


def test_requests_that_write_count_for_the_member_too(place: Place) -> None:
    anna = place.member("Anna")
    answers = (anna.http.delete("/sessions/nothing") for _ in range(1_000))
    number, refused = next((n, answer) for n, answer in enumerate(answers) if answer.status_code == 429)
    assert number >= REQUEST_BURST // WRITE_QUESTIONS
    problem = refused.json()
    assert (problem["code"], problem["retry_after"]) == ("too_many_attempts", 1)
    assert place.member("Bea").http.delete("/sessions/nothing").status_code != 429


def test_a_frame_of_the_limit_is_read_and_one_byte_more_closes_the_socket(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    empty = json.dumps({"type": "edit", "ref": "r", "id": str(uuid4()), "body": ""})
    line.put(empty[:-2] + "x" * (MAX_FRAME_BYTES - len(empty)) + '"}')
    assert line.answer("r")["code"] == "too_large"
    line.put(empty[:-2] + "x" * (MAX_FRAME_BYTES - len(empty) + 1) + '"}')
    assert line.closed() == 4413


def test_a_member_has_twenty_sockets_on_all_devices_and_others_have_theirs(place: Place) -> None:
    anna, bea = place.member("Anna"), place.member("Bea")
    lines = [anna.come() for _ in range(MAX_SOCKETS_PER_MEMBER)]
    surplus = anna.open()
    surplus.put({"type": "hello", "last_seq": None})
    assert surplus.closed() == 4429
    assert [frame["code"] for frame in surplus.passed_over] == ["limit_reached"]
    assert bea.come().say("hello")["type"] == "ack"
    assert lines[0].say("the twenty stay")["type"] == "ack"
    lines[1].close()
    wait_until(lambda: is_welcome(anna))


def is_welcome(person: Person) -> bool:
    """Whether there is room for one more socket."""
    line = person.open()
    line.put({"type": "hello", "last_seq": None})
    return bool(next(line.frames())["type"] == "welcome")


def test_sockets_that_never_say_hello_are_bounded_too(place: Place) -> None:
    anna = place.member("Anna")
    for _ in range(MAX_SOCKETS_PER_MEMBER):
        anna.come()
    with ThreadPoolExecutor(MAX_SOCKETS_PER_MEMBER) as pool:  # all within the time that they are given to say hello
        list(pool.map(lambda _: anna.open(), range(MAX_SOCKETS_PER_MEMBER)))
    answer = get(f"{place.url}/socket", headers={"Cookie": anna.cookie, "Upgrade": "websocket"})
    assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")


def test_one_address_may_ask_so_often_a_minute_and_other_addresses_do_not_notice(place: Place) -> None:
    """Nothing of that address reaches a room any more; only health and pages, which wake none, are not counted."""
    greedy, other = fresh_address(), place.stranger()
    with httpx.Client(headers={"CF-Connecting-IP": greedy}) as http, ThreadPoolExecutor(4) as pool:

        def ask(*_: int) -> httpx.Response:
            return http.get(place.url)

        def ask_too_often() -> list[httpx.Response]:
            list(pool.map(ask, range(ADDRESS_LIMIT)))
            login = {"name": "Eve", "proof": "A" * 43}
            cookie = {"Cookie": f"__Host-session-{place.room}={'A' * 43}"}
            upgrade = {**cookie, "Upgrade": "websocket"}
            others = [
                ("GET", "/session"),
                ("DELETE", "/session"),
                ("GET", "/sessions"),
                ("DELETE", "/sessions/x"),
                ("GET", "/push"),
                ("PUT", "/push"),
                ("DELETE", "/push"),
                ("GET", "/stats"),
                ("GET", "/socket"),
            ]
            return [
                ask(),
                http.get(f"{place.url}/challenge"),
                http.post(f"{place.url}/session", json=login),
                http.get(f"{place.url}-and-another-room"),
                http.get(f"{place.url}/socket", headers=upgrade),
                *[http.request(method, place.url + path, headers=cookie) for method, path in others],
            ]

        refused = within_a_minute(ask_too_often)
        assert [each.status_code for each in refused] == [429] * 14
        problem = refused[0].json()
        assert (problem["code"], problem["retry_after"]) == ("too_many_attempts", 60)
        assert refused[0].headers["retry-after"] == "60"
        assert http.get(f"{place.server.url}/api/health").status_code == 200
        assert http.get(f"{place.server.url}/r/{place.room}").status_code == 200
    assert other.facts()["room"] == place.room
    assert place.tables() == []


def within_a_minute(act: Callable[[], T]) -> T:
    """What comes of it when no minute begins meanwhile: each has its own count."""
    for _ in range(3):
        minute = time.time() // 60
        found = act()
        if time.time() // 60 == minute:
            return found
    raise AssertionError("it takes about a minute, so it never fits into one")
