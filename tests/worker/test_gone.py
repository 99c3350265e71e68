"""Whom the room has closed is gone, whatever their client answers: for presence, for notifications, for what they may.

A `RawSocket` answers no close frame, as a laptop that was shut does not.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from websockets.exceptions import InvalidStatus

from encoding import b64url
from limits import (
    CLEAN_UP_EVERY_MS,
    MAX_FRAME_BYTES,
    MAX_MALFORMED_FRAMES,
    MAX_SESSIONS_PER_MEMBER,
    MAX_SOCKETS_PER_MEMBER,
)
from tests.people import Line, Person
from tests.places import DAY_MS, Place
from tests.push_service import PushService, wait_until
from tests.server import ADMIN_PASSWORD, Server
from tests.worker.gathering import FAST, Gathering
from tests.worker.raw_socket import RawSocket
from wire.writing import Close

SETTINGS = {
    **FAST,
    "VAPID_PRIVATE_KEY": b64url(bytes(range(100, 132))),
    "VAPID_SUBJECT": "mailto:ops@chat.example.org",
    "PUSH_ALLOW_HTTP": "on",
}
AT_ONCE_SECONDS = 30.0
"""Far less than the two minutes after which a silent line is noticed, and enough for a busy machine."""


@pytest.fixture(scope="module")
def pushing() -> Iterator[Server]:
    """A running chat with Web Push, that may send to this machine."""
    running = Server.start(settings=SETTINGS)
    yield running
    running.stop()


@pytest.fixture
def people(pushing: Server) -> Iterator[Gathering]:
    gathering = Gathering(pushing)
    yield gathering
    gathering.end()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    running = PushService()
    yield running
    running.stop()


def listener(person: Person) -> RawSocket:
    """A socket that said hello and listens."""
    socket = RawSocket(person)
    socket.put({"type": "hello", "last_seq": None})
    assert '"welcome"' in socket.next_text()
    return socket


def wait_for_presence(line: Line, member: str, what: str) -> None:
    deadline = time.monotonic() + AT_ONCE_SECONDS
    while member not in line.next("presence", max(deadline - time.monotonic(), 0.1))[what]:
        pass


def sign_out(people: Gathering, anna: Person, _: RawSocket) -> None:
    assert anna.http.delete("/session").status_code == 204


def end_the_device(people: Gathering, anna: Person, _: RawSocket) -> None:
    (device,) = anna.http.get("/sessions").json()["sessions"]
    assert anna.http.delete(f"/sessions/{device['id']}").status_code == 204


def remove(people: Gathering, anna: Person, _: RawSocket) -> None:
    assert people.join("Root", admin=True).ask("member.remove", id=anna.id)["type"] == "ack"


def replace(people: Gathering, anna: Person, _: RawSocket) -> None:
    """The same browser signs in anew, which ends the session that it had."""
    anna.enter(ADMIN_PASSWORD)


def crowd_out(people: Gathering, anna: Person, _socket: RawSocket) -> None:
    """So many newer devices that there is no place for the oldest one."""
    for _ in range(MAX_SESSIONS_PER_MEMBER):
        people.stranger("Anna").enter(ADMIN_PASSWORD)


def speak_nonsense(people: Gathering, anna: Person, socket: RawSocket) -> None:
    for _ in range(MAX_MALFORMED_FRAMES):
        socket.put("not JSON")


def say_too_much(people: Gathering, anna: Person, socket: RawSocket) -> None:
    socket.put_long("x" * (MAX_FRAME_BYTES + 1))


def ask_without_end(people: Gathering, anna: Person, socket: RawSocket) -> None:
    for _ in range(1_000):
        socket.put({"type": "history", "ref": "r", "channel": "general", "before": None, "limit": 1})


@pytest.mark.parametrize(
    "end", [sign_out, end_the_device, remove, replace, crowd_out, speak_nonsense, ask_without_end, say_too_much]
)
def test_whoever_was_closed_is_offline_at_once_though_their_client_never_answers(
    people: Gathering, end: Callable[[Gathering, Person, RawSocket], None]
) -> None:
    bob, anna = people.join("Bob"), people.enter("Anna")
    stuck = listener(anna)
    wait_for_presence(bob, anna.id, "online")
    end(people, anna, stuck)
    wait_for_presence(bob, anna.id, "offline")
    shown = {each["id"]: each["online"] for each in people.join("Carol").welcome["members"]}
    assert shown.get(anna.id, False) is False
    stuck.close()


def test_what_a_closed_socket_still_says_counts_for_nothing(people: Gathering) -> None:
    bob, anna = people.join("Bob"), people.enter("Anna")
    stuck = listener(anna)
    wait_for_presence(bob, anna.id, "online")
    speak_nonsense(people, anna, stuck)
    wait_for_presence(bob, anna.id, "offline")
    stuck.put({"type": "hello", "last_seq": None})
    stuck.put({"type": "typing", "channel": "general"})
    assert people.join("Carol").welcome["members"]
    shown = {each["id"]: each["online"] for each in people.join("David").welcome["members"]}
    assert shown[anna.id] is False
    assert not [frame for frame in bob.passed_over if frame["type"] == "typing"]
    stuck.close()


def test_a_signed_out_device_that_never_answers_keeps_no_notification_from_the_other_one(
    people: Gathering, service: PushService
) -> None:
    laptop = people.enter("Anna")
    stuck = listener(laptop)
    phone = people.stranger("Anna").enter(ADMIN_PASSWORD)
    browser = service.browser()
    assert phone.http.put("/push", json={"subscription": browser.subscription}).status_code == 204
    bob = people.join("Bob")
    assert laptop.http.delete("/session").status_code == 204
    sent = bob.say("Where are you?")
    assert service.next(browser, seconds=AT_ONCE_SECONDS)["seq"] == sent["seq"]
    stuck.close()


def test_closed_sockets_that_never_answer_do_not_lock_their_member_out(people: Gathering) -> None:
    anna = people.enter("Anna")
    stuck = []
    for _ in range(2):
        opened = [listener(anna) for _ in range(MAX_SOCKETS_PER_MEMBER)]
        for socket in opened:
            speak_nonsense(people, anna, socket)
        for socket in opened:
            assert socket.close_code() in {Close.MALFORMED, Close.TOO_MUCH}  # so much nonsense is more than one may ask
        stuck += opened
    assert come_when_let_in(anna).say("I am back.")["type"] == "ack"
    for socket in stuck:
        socket.close()


def test_sockets_that_were_closed_for_want_of_a_hello_do_not_lock_their_member_out(people: Gathering) -> None:
    anna = people.enter("Anna")
    silent = [RawSocket(anna) for _ in range(2 * MAX_SOCKETS_PER_MEMBER)]
    assert {socket.close_code() for socket in silent} == {Close.NO_HELLO}
    assert come_when_let_in(anna).say("I am back.")["type"] == "ack"
    for socket in silent:
        socket.close()


def come_when_let_in(person: Person) -> Line:
    """A socket, as soon as the pace allows at which a member may open them; any other refusal fails."""
    while True:
        try:
            return person.come()
        except InvalidStatus as refused:
            if json.loads(refused.response.body)["code"] != "too_many_attempts":
                raise
            time.sleep(int(refused.response.headers["Retry-After"]))


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        *((code, {1000, 1002}) for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535)),
        *((code, {code}) for code in (1000, 1001, 1011, 3000, 4000, 4999)),
    ],
)
@pytest.mark.parametrize("reason", [b"", b"bye", b"\xff" * 123])
def test_every_close_frame_is_answered(people: Gathering, code: int, answers: set[int], reason: bytes) -> None:
    socket = listener(people.enter("Anna"))
    socket.put_close(code, reason)
    assert socket.close_code() in answers
    socket.close()


def test_an_alarm_that_the_platform_has_lost_is_set_anew(people: Gathering) -> None:
    server, place = people.server, people.place
    root = people.enter("Root", admin=True)
    line = root.come()
    line.say("to be removed")
    channel = line.ask("channel.create", name="Doomed")["channel"]
    server.kill()
    lose_the_alarm(place)
    server.restart()
    line = root.come()
    assert line.ask("channel.delete", id=channel)["type"] == "ack"
    wait_until(lambda: place.rows("SELECT count(*) FROM channels WHERE id = ?", channel) == [(0,)])
    (at,) = place.rows("SELECT value FROM _cf_METADATA WHERE key = 1")[0]
    assert at / 1_000_000_000 > time.time()


@pytest.mark.parametrize("noted_in_ms", [None, 365 * DAY_MS])
def test_a_clean_up_that_is_not_noted_or_noted_for_a_year_from_now_comes_within_hours(
    people: Gathering, noted_in_ms: int | None
) -> None:
    server, place = people.server, people.place
    root = people.enter("Root", admin=True)
    server.kill()
    if noted_in_ms is None:
        place.change("DELETE FROM room_facts WHERE name = 'clean_up_at'")
        lose_the_alarm(place)
    else:
        at_ms = int(time.time() * 1_000) + noted_in_ms
        place.change("UPDATE room_facts SET value = ? WHERE name = 'clean_up_at'", at_ms)
        place.change("UPDATE _cf_METADATA SET value = ? WHERE key = 1", at_ms * 1_000_000)
    server.restart()
    root.facts()
    ((noted,),) = place.rows("SELECT value FROM room_facts WHERE name = 'clean_up_at'")
    latest_ms = time.time() * 1_000 + CLEAN_UP_EVERY_MS
    assert noted <= latest_ms
    ((rings_at_ns,),) = place.rows("SELECT value FROM _cf_METADATA WHERE key = 1")
    assert rings_at_ns / 1_000_000 <= latest_ms


def lose_the_alarm(place: Place) -> None:
    """The room's time for it is long past, and the platform knows of none."""
    past_ns = int(time.time() * 1_000 - DAY_MS) * 1_000_000
    with closing(sqlite3.connect(place.file)) as database, database:
        assert database.execute("UPDATE _cf_METADATA SET value = ? WHERE key = 1", (past_ns,)).rowcount == 1
    with closing(sqlite3.connect(place.file.with_name("metadata.sqlite"))) as index, index:
        assert index.execute("DELETE FROM _cf_ALARM WHERE actor_id = ?", (place.file.stem,)).rowcount == 1


def test_after_a_power_cut_the_absent_are_notified_though_nobody_comes_back(
    people: Gathering, service: PushService
) -> None:
    server, place = people.server, people.place
    browser = service.browser()
    anna = people.enter("Anna")
    assert anna.http.put("/push", json={"subscription": browser.subscription}).status_code == 204
    sent = people.join("Bob").say("Are you there?")
    assert sent["type"] == "ack"
    wait_until(lambda: place.rows("SELECT count(*) FROM notices") == [(1,)])
    server.kill()
    assert service.requests(browser) == []
    server.restart()
    assert service.next(browser)["seq"] == sent["seq"]
    wait_until(lambda: place.rows("SELECT count(*) FROM notices") == [(0,)])
