"""People chat through real workerd: what they say arrives, stays, is sealed on disk, and is told to nobody else."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from limits import HELLO_WITHIN_SECONDS, MAX_BODY_CHARACTERS, MAX_FRAME_BYTES, MAX_MALFORMED_FRAMES
from tests.conftest import StartServer
from tests.people import PATIENCE_SECONDS, Frame, Person, get
from tests.places import Place
from tests.worker.gathering import FAST, Gathering, member_of, sleep_until_evicted

NOT_A_FRAME = [
    "{",
    "[]",
    '"hello"',
    "null",
    "1",
    '{"type":1}',
    "{}",
    "",
    "nope",
    '{"type":"send"}',
    "[" * 60_000,
    '{"a":' * 10_000,
    '{"type":"read","channel":"general","seq":1' + "0" * 5_000 + "}",
    '{"type":"read","channel":"\\ud83d","seq":1}',
]


def test_two_people_exchange_messages(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    sent = alice.say("Good morning, Bob! 🌞 Доброе утро")
    received = bob.event("message")
    assert received["body"] == "Good morning, Bob! 🌞 Доброе утро"
    assert (received["id"], received["seq"], received["sent_at"]) == (sent["id"], sent["seq"], sent["sent_at"])
    answer = bob.say("Good morning, Alice!", reply_to=sent["id"])
    for line in (alice, bob):
        assert line.event("message")["body"].startswith("Good morning")
    assert alice.event("message")["reply_seq"] == sent["seq"]
    assert [each["id"] for each in alice.history()] == [sent["id"], answer["id"]]
    assert alice.history() == bob.history()


def test_what_is_asked_for_right_behind_hello_is_answered_after_it(start_server: StartServer) -> None:
    """Twenty at once, in a room that has to wake first and to open what they missed before it can welcome them."""
    server = start_server(settings=FAST)
    gathering = Gathering(server, "main")
    people = [gathering.enter(f"Member {number}") for number in range(20)]
    said = people[0].come().say("Good morning")
    server.restart()

    def ask(person: Person) -> list[Frame]:
        line = person.open()
        line.put({"type": "hello", "last_seq": said["seq"] - 1})
        line.put({"type": "history", "ref": "page", "channel": "general", "limit": 50})
        return list(islice((frame for frame in line.frames() if frame["type"] != "presence"), 3))

    with ThreadPoolExecutor(len(people)) as pool:
        for frames in pool.map(ask, people):
            assert [frame["type"] for frame in frames] == ["welcome", "events", "history"]
            assert [each["id"] for each in frames[2]["messages"]] == [said["id"]]
    gathering.end()


def test_history_comes_in_pages_both_ways(gathering: Gathering) -> None:
    line = gathering.join("Alice")
    seqs = [ack["seq"] for ack in line.say_many(25)]
    newest = line.ask("history", channel="general", before=None, limit=10)
    assert ([each["seq"] for each in newest["messages"]], newest["more"]) == (seqs[15:], True)
    older = line.ask("history", channel="general", before=seqs[15], limit=15)
    assert ([each["seq"] for each in older["messages"]], older["more"]) == (seqs[:15], False)
    after = line.ask("history", channel="general", after=seqs[3], limit=10)
    assert ([each["seq"] for each in after["messages"]], after["more"]) == (seqs[4:14], True)
    rest = line.ask("history", channel="general", after=seqs[14], limit=10)
    assert ([each["seq"] for each in rest["messages"]], rest["more"]) == (seqs[15:], False)


def test_the_same_sockets_go_on_after_the_object_was_evicted(gathering: Gathering) -> None:
    alice, bob, carol = gathering.join("Alice"), gathering.join("Bob"), gathering.enter("Carol")
    before = alice.say("Before the room sleeps.")
    ponged = threading.Timer(5, lambda: alice.put("ping"))
    ponged.start()
    sleep_until_evicted(carol)  # although Alice has pinged meanwhile: the runtime answers without waking the object
    after = bob.say("After the room has slept.")
    assert after["seq"] == before["seq"] + 1
    assert [alice.event("message")["body"] for _ in range(2)] == [
        "Before the room sleeps.",
        "After the room has slept.",
    ]
    assert [each["id"] for each in alice.history()] == [before["id"], after["id"]]
    assert alice.say("And on we go.")["seq"] == after["seq"] + 1
    alice.put({"type": "typing", "channel": "general"})
    assert bob.next("typing")["member"] == member_of(alice)


def test_history_and_sessions_survive_a_restart_of_workerd(start_server: StartServer) -> None:
    server = start_server()
    gathering = Gathering(server, "main")
    alice = gathering.enter("Alice")
    line = alice.come()
    sent = [line.say(f"message {number}") for number in range(3)]
    server.restart()
    line = alice.come(last_seq=sent[1]["seq"])
    assert line.welcome["resumed"] is True
    assert [event["id"] for event in line.next("events")["events"]] == [sent[2]["id"]]
    assert [each["body"] for each in line.history()] == ["message 0", "message 1", "message 2"]
    gathering.end()


SECRETS_OF_PEOPLE = {
    "body": "a-body-nobody-else-may-read",
    "edit": "an-edit-nobody-else-may-read",
    "name": "Anna-Lena-Geheim",
    "channel": "channel-of-whispers",
    "topic": "topic-of-whispers",
    "agent": "Samsung Internet, Chromebook",
    "reply": "a-reply-nobody-else-may-read",
    "emoji": "🦑",
    "other": "another-name-of-whispers",
}


def test_the_disk_holds_no_plaintext(start_server: StartServer) -> None:
    said = SECRETS_OF_PEOPLE
    server = start_server()
    gathering = Gathering(server, "main")
    anna = gathering.stranger(said["name"])
    anna.http.headers["User-Agent"] = said["agent"]
    line = anna.enter().come()
    assert [each["agent"] for each in anna.http.get("/sessions").json()["sessions"]] == [said["agent"]]
    channel = line.ask("channel.create", name=said["channel"], topic=said["topic"])["channel"]
    first = line.say(said["body"], channel=channel)
    line.ask("edit", id=first["id"], body=said["edit"])
    line.ask("react", id=first["id"], emoji=said["emoji"], on=True)
    line.say(said["reply"], channel=channel, reply_to=first["id"], mentions=[anna.id])
    line.ask("channel.update", id=channel, name=said["other"])
    doomed = line.say(said["body"], channel=channel)
    line.ask("delete", id=doomed["id"])
    # Somebody waits to sign in under the name: their device's description is on disk too.
    second = gathering.stranger(said["name"])
    second.http.headers["User-Agent"] = said["agent"]
    assert second.sign_in().json()["code"] == "name_taken"

    gathering.end()
    while_running = everything_in(server.state)
    server.stop()
    stopped = everything_in(server.state)
    assert len(rows_of(Place(server, "main").file)) > 10
    cells = b"\n".join(_bytes(cell) for row in rows_of(Place(server, "main").file) for cell in row)
    for where in (while_running, stopped, cells):
        for what, text in said.items():
            assert text.encode() not in where, f"the {what} lies open"
            assert text.encode().hex().encode() not in where.lower(), f"the {what} lies open in hex"
    assert b"general" in while_running  # the id of the first channel is no secret: we did read what was written


def everything_in(folder: Path) -> bytes:
    """What all files hold, those aside that SQLite has just done away with."""
    found = b""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            found += path.read_bytes()
    return found


def rows_of(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:  # as Place.rows
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [row for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()


def test_a_wrong_password_opens_nothing(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    alice.come().say("for members only")
    mallory = gathering.stranger("Mallory")
    answer = mallory.sign_in("not the password")
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_password")
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"] == "application/problem+json"
    assert_outside(mallory)


def test_without_a_cookie_there_is_nothing_to_see(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    alice.come().say("for members only")
    stranger = gathering.stranger()
    assert_outside(stranger)
    stranger.http.headers["Cookie"] = f"__Host-session-{alice.room}={'A' * 43}"
    assert_outside(stranger)
    stranger.http.headers["Cookie"] = alice.cookie.replace(alice.room, "another-room")
    assert_outside(stranger)


def assert_outside(person: Person) -> None:
    """Whoever is not signed in gets refusals and not a byte of content."""
    for method, path in [("GET", "/session"), ("DELETE", "/session"), ("GET", "/sessions"), ("DELETE", "/sessions/x")]:
        answer = person.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert "members only" not in answer.text
    with pytest.raises(InvalidStatus) as refused:
        person.open()
    assert refused.value.response.status_code == 401
    body = json.loads(refused.value.response.body or b"{}")
    assert body.get("code") == "unauthenticated"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_site_may_not_act_for_a_member(gathering: Gathering, origin: str) -> None:
    alice = gathering.enter("Alice")
    with pytest.raises(InvalidStatus) as refused:
        alice.open(Origin=origin)
    assert refused.value.response.status_code == 403
    for method, path in [("POST", "/session"), ("DELETE", "/session"), ("DELETE", "/sessions/x")]:
        answer = alice.http.request(method, path, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert alice.http.get("/session").status_code == 200  # still signed in


def test_the_site_itself_may(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    line = alice.open(Origin=gathering.server.url)
    line.put({"type": "hello", "last_seq": None})
    assert line.next("welcome")["member"]["name"] == "Alice"


def test_signing_out_closes_the_sockets_of_that_device(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.enter("Bob")
    here, there, other = alice.come(), alice.come(), bob.come()
    assert alice.http.delete("/session").status_code == 204
    assert (here.closed(), there.closed()) == (4401, 4401)
    assert other.say("I am still here.")["type"] == "ack"
    assert alice.http.get("/session").status_code == 401
    with pytest.raises(InvalidStatus):
        alice.open()


def test_a_socket_that_says_no_hello_is_closed_in_time(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    began = time.monotonic()
    silent, talking = alice.open(), alice.come()
    assert silent.closed(HELLO_WITHIN_SECONDS + PATIENCE_SECONDS) == 4408
    assert time.monotonic() - began > HELLO_WITHIN_SECONDS - 1
    assert talking.say("I said hello.")["type"] == "ack"


@pytest.mark.parametrize(
    "first", [{"type": "read", "channel": "general", "seq": 1}, "not JSON", b"\x00", {"type": "huh"}]
)
def test_hello_comes_first(gathering: Gathering, first: object) -> None:
    alice = gathering.enter("Alice")
    alice.come().say("for those who said hello")
    line = alice.open()
    line.put(first)
    assert line.closed() == 4408
    assert line.passed_over == []


def test_a_frame_that_is_too_large_ends_that_socket_only(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    small, large = alice.come(), alice.come()
    frame = json.dumps({"type": "read", "channel": "general", "seq": 0, "padding": ""})
    small.put(frame.replace('""', '"' + "x" * (MAX_FRAME_BYTES - len(frame)) + '"'))
    assert small.say("Just fits.")["type"] == "ack"
    large.put(frame.replace('""', '"' + "x" * (MAX_FRAME_BYTES - len(frame) + 1) + '"'))
    assert large.closed() == 4413
    assert bob.event("message")["body"] == "Just fits."


def test_bad_frames_are_refused_and_too_many_end_the_socket(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    line = alice.come()
    line.put(b"binary")
    assert line.next("error")["code"] == "malformed"
    for text in NOT_A_FRAME:
        line.put(text)
        assert line.next("error")["code"] == "malformed"
    line.put({"type": "huh", "ref": "r1"})
    assert line.answer("r1")["code"] == "unknown_type"
    left = MAX_MALFORMED_FRAMES - len(NOT_A_FRAME) - 1  # the binary one; a type that we do not know is not damaged
    for _ in range(left - 1):
        line.put("not JSON")
        assert line.next("error")["code"] == "malformed"
    line.put("not JSON")
    assert line.closed() == 4400
    assert bob.say("None of that is my business.")["type"] == "ack"
    assert alice.come().say("Back again.")["type"] == "ack"


def test_what_is_refused_is_not_stored(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    seq = alice.say("Before.")["seq"]
    assert alice.say("x" * (MAX_BODY_CHARACTERS + 1))["code"] == "too_large"
    assert alice.say("   ")["code"] == "malformed"
    assert alice.say("Nowhere.", channel="nowhere")["code"] == "not_found"
    assert alice.say("To nobody.", reply_to="00000000-0000-4000-8000-000000000000")["code"] == "not_found"
    assert alice.ask("edit", id="00000000-0000-4000-8000-000000000000", body="x")["code"] == "not_found"
    assert alice.say("x" * MAX_BODY_CHARACTERS)["seq"] == seq + 1
    assert [len(each["body"]) for each in bob.history()] == [len("Before."), MAX_BODY_CHARACTERS]
    assert [event["kind"] for event in bob.catch_up()] == ["message", "message"]


def test_a_room_that_is_not_named_does_not_exist(start_server: StartServer) -> None:
    server = start_server(settings={"ROOM_NAMES": "main,second", "LOCATION_HINT": "weur"})
    for room in ("third", "main2", "MAIN", "-main", "a" * 64, "%00", "main%2F"):
        for path in (f"/api/rooms/{room}", f"/api/rooms/{room}/session", f"/api/rooms/{room}/socket", f"/r/{room}"):
            answer = get(server.url + path)
            assert answer.status_code == 404, path
            if path.startswith("/api/rooms/"):
                assert answer.json()["code"] == "not_found"
    assert get(f"{server.url}/api/rooms/second").json()["room"] == "second"
    assert Place(server, "second").tables() == []  # a look at the door leaves no trace


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MASTER_KEY", "tooshort", "MASTER_KEY is malformed"),
        ("CHAT_PASSWORD", "short", "CHAT_PASSWORD is malformed"),
        ("RETENTION_DAYS", "a month", "RETENTION_DAYS is malformed"),
    ],
)
def test_a_malformed_setting_is_named_on_the_page_and_in_the_log(
    start_server: StartServer, name: str, value: str, says: str
) -> None:
    server = start_server(settings={name: value})
    answer = get(f"{server.url}/api/rooms/main")
    assert (answer.status_code, answer.json()["code"]) == (500, "misconfigured")
    page = get(f"{server.url}/")
    assert page.status_code == 500
    log = server.wait_for_log(says)
    for told in (answer.text, page.text):
        assert says in told
        assert value not in told.replace(says, "")
    assert '"error":' not in log


def test_whoever_wants_too_many_sockets_keeps_the_first(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    lines = [alice.come() for _ in range(20)]
    surplus = alice.open()
    surplus.put({"type": "hello", "last_seq": None, "ref": "h"})
    assert surplus.answer("h")["code"] == "limit_reached"
    assert surplus.closed() == 4429
    assert lines[0].say("The first twenty are fine.")["type"] == "ack"
    assert gathering.join("Bob").say("So are others.")["type"] == "ack"


def test_whoever_writes_too_fast_is_told_to_wait(start_server: StartServer) -> None:
    server = start_server(settings={**FAST, "MESSAGE_RATE": "5/0.2"})
    gathering = Gathering(server)
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    answers = alice.say_many(8)
    assert [answer["type"] for answer in answers] == ["ack"] * 5 + ["error"] * 3
    assert {answer["code"] for answer in answers[5:]} == {"rate_limited"}
    assert bob.say("My own pace.")["type"] == "ack"
    time.sleep(answers[-1]["retry_after"])
    assert alice.say("repeated", id=answers[5]["id"])["type"] == "ack"
    assert len(bob.history()) == 7
    gathering.end()
