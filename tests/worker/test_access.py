"""Nobody gets in where they do not belong: every route and every frame, with everything that is no good session."""

import base64
import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from access.cookies import token_digest
from encoding import b64url
from tests.contract import CLIENT_FRAMES, MESSAGE_ID, good_frame
from tests.people import PATIENCE_SECONDS, Line, Person, get
from tests.places import DAY_MS, Place
from tests.server import ADMIN_PASSWORD, Server

FOREIGN = "https://evil.example"
SECRET = "the treasure is under the oak"

# Every route that a session opens, the socket's aside: method, path below the room's address, JSON body.
PROTECTED = [
    ("GET", "/session", None),
    ("DELETE", "/session", None),
    ("GET", "/sessions", None),
    ("GET", "/stats", None),
    ("DELETE", "/sessions/some-device", None),
    ("GET", "/push", None),
    ("PUT", "/push", {"subscription": {"endpoint": "https://push.example/1", "keys": {"p256dh": "A", "auth": "B"}}}),
    ("DELETE", "/push", {"endpoint": "https://push.example/1"}),
]
CHANGING = [each for each in PROTECTED if each[0] != "GET"] + [("POST", "/session", {"name": "Eve", "proof": "A" * 43})]

# A good frame of every type, as the contract has them.
FRAMES = {kind: good_frame(kind) for kind in CLIENT_FRAMES}


@pytest.fixture(scope="module")
def home(many_rooms: Server) -> Iterator[Place]:
    """A room with a message that nobody outside may see."""
    place = Place(many_rooms)
    line = place.member("Anna").come()
    assert line.say(SECRET, id=MESSAGE_ID)["type"] == "ack"
    yield place
    place.close()


def refused_upgrade(person: Person, **headers: str) -> int:
    """The status with which a WebSocket upgrade is refused."""
    with pytest.raises(InvalidStatus) as refusal:
        person.open(**headers)
    return int(refusal.value.response.status_code)


# --- every route ---


def no_cookie(place: Place) -> str:
    return ""


def garbled(place: Place) -> str:
    return f"__Host-session-{place.room}=not-a-token"


def guessed(place: Place) -> str:
    return f"__Host-session-{place.room}={secrets.token_urlsafe(32)}"


def expired(place: Place) -> str:
    person = place.member(f"Old {uuid4().hex}")
    assert place.change("UPDATE sessions SET expires_at = 1 WHERE member = ?", person.member["id"]) == 1
    return person.cookie


def long_unseen(place: Place) -> str:
    person = place.member(f"Away {uuid4().hex}")
    week_ago = int(time.time() * 1_000) - 7 * DAY_MS
    assert place.change("UPDATE sessions SET seen_at = ? WHERE member = ?", week_ago, person.member["id"]) == 1
    return person.cookie


def ended(place: Place) -> str:
    person = place.member(f"Gone {uuid4().hex}")
    cookie = person.cookie
    assert person.http.delete("/session").status_code == 204
    return cookie


def foreign_room(place: Place) -> str:
    return place.next_door().member("Anna").cookie


def foreign_room_renamed(place: Place) -> str:
    return f"__Host-session-{place.room}={foreign_room(place).partition('=')[2]}"


def twice(place: Place) -> str:
    """A good cookie and another of the same name: which one counts must not be up to a parser."""
    cookie = place.member(f"Twice {uuid4().hex}").cookie
    return f"{cookie}; {cookie.partition('=')[0]}={secrets.token_urlsafe(32)}"


NO_SESSIONS: list[Callable[[Place], str]] = [
    no_cookie,
    garbled,
    guessed,
    expired,
    long_unseen,
    ended,
    foreign_room,
    foreign_room_renamed,
    twice,
]


@pytest.mark.parametrize("no_session", NO_SESSIONS, ids=lambda each: each.__name__)
def test_no_route_opens_without_a_good_session(home: Place, no_session: Callable[[Place], str]) -> None:
    """As a request and, on the socket's address, as an upgrade; nothing of the room is in any answer."""
    person = home.stranger()
    cookie = no_session(home)
    if cookie:
        person.http.headers["Cookie"] = cookie
    for method, path, body in PROTECTED:
        answer = person.http.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), (method, path, answer.text)
        assert set(answer.json()) == {"title", "status", "code", "request_id"}
        assert "set-cookie" not in answer.headers
    assert refused_upgrade(person) == 401


@pytest.mark.parametrize(
    "value",
    [
        "",
        "=",
        "a" * 42,
        "a" * 44,
        "a" * 43 + "=",
        "a b" * 14,
        "%41" * 43,
        "A" * 4_000,
        "null",
        "../../etc/passwd",
        "' OR 1=1 --",
        "é" * 43,
        "A" * 42 + "\x7f",
        '"' + "A" * 41 + '"',
        base64.b64encode(b"\xfb" * 32).decode(),
    ],
)
def test_a_garbled_token_is_no_session_and_no_mistake_of_ours(home: Place, value: str) -> None:
    cookie = f"__Host-session-{home.room}={value}".encode()
    answer = home.stranger().http.get("/session", headers={b"Cookie": cookie})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "cookie",
    ["", "{}=", "{}=not-a-token", "{}=" + "a" * 42, "{0}=" + "A" * 43 + "; {0}=" + "A" * 43, "other=" + "A" * 43],
)
def test_what_carries_no_token_is_refused_before_a_room_wakes(many_rooms: Server, cookie: str) -> None:
    """A room that was woken has a file."""
    place = Place(many_rooms)
    stranger = place.stranger()
    if cookie:
        stranger.http.headers["Cookie"] = cookie.format(f"__Host-session-{place.room}")
    for method, path, body in PROTECTED:
        assert stranger.http.request(method, path, json=body).status_code == 401, (method, path)
    assert refused_upgrade(stranger) == 401
    assert not place.file.exists()
    stranger.http.headers["Cookie"] = guessed(place)
    assert stranger.http.get("/session").status_code == 401
    assert place.file.exists(), "only the room can tell whether this is a session"
    place.close()


def test_a_good_session_of_another_room_stays_good_there(home: Place) -> None:
    anna = home.next_door().member("Anna")
    assert anna.http.get("/session").status_code == 200
    assert anna.http.get(f"{home.url}/session").status_code == 401


def test_the_cookie_is_not_what_is_stored(home: Place) -> None:
    """A thief of the database holds digests, which open nothing."""
    bea = home.member(f"Bea {uuid4().hex}")
    token = bea.cookie.partition("=")[2]
    (digest,) = home.rows("SELECT token_digest FROM sessions WHERE member = ?", bea.member["id"])[0]
    assert digest == token_digest(base64.urlsafe_b64decode(token + "="))
    bea.http.headers["Cookie"] = f"{bea.cookie.partition('=')[0]}={b64url(digest)}"
    assert bea.http.get("/session").status_code == 401


# --- other sites ---


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1", "http://localhost", "https://127.0.0.1:1"])
def test_another_site_changes_nothing_in_a_members_name(home: Place, origin: str) -> None:
    person = home.member(f"Cora {uuid4().hex}")
    for method, path, body in CHANGING:
        answer = person.http.request(method, path, json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin"), (method, path)
    assert refused_upgrade(person, Origin=origin) == 403
    assert person.http.get("/session").status_code == 200


def test_another_site_may_not_read_an_answer(home: Place) -> None:
    """A browser hides what has no Access-Control header; the cookie, SameSite=Strict, would not even come along."""
    person = home.member(f"Dora {uuid4().hex}")
    for path in ("", "/challenge", "/session", "/sessions", "/push"):
        answer = person.http.get(home.url + path, headers={"Origin": FOREIGN})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    for path in ("", "/session", "/socket"):
        asked = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
        answer = person.http.options(home.url + path, headers=asked)
        assert answer.status_code == 405


def test_this_site_is_let_through(home: Place) -> None:
    person = home.member(f"Emma {uuid4().hex}")
    line = person.open(Origin=home.server.url)
    line.put(FRAMES["hello"])
    assert line.next("welcome")["member"]["id"] == person.member["id"]
    line.close()
    assert person.http.delete("/session", headers={"Origin": home.server.url}).status_code == 204


# --- every frame ---


@pytest.fixture
def newcomer(home: Place) -> Person:
    """Somebody new each time: what comes before `hello` costs a member twenty openings of sockets."""
    return home.member(f"Frida {uuid4().hex}")


@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind != "hello"])
def test_no_frame_is_taken_before_hello(home: Place, newcomer: Person, kind: str) -> None:
    before = home.rows("SELECT count(*), max(seq) FROM messages"), home.rows("SELECT count(*) FROM changes")
    line = newcomer.open()
    line.put(FRAMES[kind])
    assert line.closed() == 4408
    assert line.passed_over == []
    assert (home.rows("SELECT count(*), max(seq) FROM messages"), home.rows("SELECT count(*) FROM changes")) == before


def test_every_frame_of_a_session_that_is_over_closes_its_socket_unanswered(home: Place) -> None:
    end = "UPDATE sessions SET expires_at = ? WHERE member = ?"
    people = [home.member("Greta"), home.member("Gustav")]  # one member does not open so many sockets at once
    for number, (kind, frame) in enumerate(FRAMES.items()):
        person = people[number % 2]
        home.change(end, int(time.time() * 1_000) + DAY_MS, person.id)
        line = person.open()
        home.change(end, 1, person.id)
        line.put(frame)
        assert (kind, line.closed()) == (kind, 4401)
        assert line.passed_over == []


def test_nothing_that_a_member_may_not_do_is_done_for_them(home: Place) -> None:
    """The role comes from the session in storage, on every frame; what the frame says of it is not looked at."""
    line = home.member("Hanna").come()
    others = home.stranger("Ida")
    others.sign_in()
    forbidden: list[dict[str, object]] = [
        {"type": "edit", "id": MESSAGE_ID, "body": "mine now"},
        {"type": "delete", "id": MESSAGE_ID},
        {"type": "channel.update", "id": "general", "name": "mine"},
        {"type": "channel.update", "id": "general", "retention_days": 1},
        {"type": "member.remove", "id": others.member["id"]},
        {"type": "room.update", "retention_days": 1},
    ]
    for frame in forbidden:
        line.put({**frame, "ref": "try", "role": "admin", "author": "admin", "session": {"role": "admin"}})
        answer = line.answer("try")
        assert (answer["type"], answer["code"]) == ("error", "forbidden"), frame
    assert [message["body"] for message in line.history() if message["id"] == MESSAGE_ID] == [SECRET]
    line.close()


def test_a_role_taken_away_in_storage_is_gone_for_the_next_socket(home: Place) -> None:
    boss = home.member("Boss", password=ADMIN_PASSWORD)
    assert boss.come().ask("room.update", retention_days=40)["type"] == "ack"
    home.change("UPDATE sessions SET role = 'member' WHERE member = ?", boss.member["id"])
    restarted = Place(home.server, home.room)
    assert restarted.rows("SELECT role FROM sessions WHERE member = ?", boss.member["id"]) == [("member",)]
    assert boss.http.get("/session").json()["member"]["role"] == "member"


# --- zero bytes ---


class Wire:
    """A bare TCP connection that asks for a WebSocket and counts every byte that comes."""

    def __init__(self, place: Place, cookie: str) -> None:
        url = urlsplit(place.server.url)
        self._socket = socket.create_connection((url.hostname or "", url.port or 0))
        self.rest = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET /api/rooms/{place.room}/socket HTTP/1.1",
            f"Host: {url.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Protocol: chat.v1",
            *([f"Cookie: {cookie}"] if cookie else []),
            "",
            "",
        ]
        self._socket.sendall("\r\n".join(lines).encode())
        self.listen_for(b"\r\n\r\n")
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])

    def listen_for(self, mark: bytes) -> None:
        """Until this has come after the head of the answer, or the end."""
        self._socket.settimeout(PATIENCE_SECONDS)
        while mark not in self.rest and (part := self._socket.recv(65_536)):
            self.rest += part

    def listen(self, seconds: float) -> bytes:
        """Everything that came after the head of the answer, and goes on coming for so long."""
        end = time.monotonic() + seconds
        self._socket.settimeout(0.1)
        while time.monotonic() < end:
            try:
                part = self._socket.recv(65_536)
            except TimeoutError:
                continue
            if not part:
                break
            self.rest += part
        return self.rest

    def close(self) -> None:
        self._socket.close()


def talk(line: Line, other: Line) -> None:
    """Some of everything that a room tells its members."""
    for number in range(10):
        message = line.say(f"{SECRET} {number}")
        line.ask("edit", id=message["id"], body=f"{SECRET}, edited {number}")
        line.ask("react", id=message["id"], emoji="🌳", on=True)
        other.put({"type": "typing", "channel": "general"})
    line.ask("channel.create", name=f"secrets {uuid4().hex}", topic=SECRET)


@pytest.fixture
def talkers(home: Place) -> tuple[Line, Line]:
    return home.member(f"Jana {uuid4().hex}").come(), home.member(f"Kim {uuid4().hex}").come()


@pytest.mark.parametrize("no_session", NO_SESSIONS, ids=lambda each: each.__name__)
def test_a_connection_without_a_session_gets_the_refusal_and_not_one_byte_more(
    home: Place, talkers: tuple[Line, Line], no_session: Callable[[Place], str]
) -> None:
    wire = Wire(home, no_session(home))
    assert wire.status == 401
    wire.listen_for(b"}")  # the end of its JSON
    refusal = wire.rest
    talk(*talkers)
    assert wire.listen(0.5) == refusal
    wire.close()


def test_a_socket_that_never_says_hello_receives_zero_content_bytes_and_is_closed(
    home: Place, newcomer: Person, talkers: tuple[Line, Line]
) -> None:
    wires = [Wire(home, newcomer.cookie) for _ in range(3)]
    assert [wire.status for wire in wires] == [101] * 3
    with ThreadPoolExecutor() as pool:
        received = [pool.submit(wire.listen_for, b"no hello") for wire in wires]
        talk(*talkers)
    close_frame = b"\x88" + bytes([2 + len(b"no hello")]) + (4408).to_bytes(2, "big") + b"no hello"
    for wire, each in zip(wires, received, strict=True):
        each.result()
        assert wire.listen(0.5) == close_frame
    for wire in wires:
        wire.close()


# --- what strangers learn ---


def test_a_stranger_learns_what_a_login_needs_and_nothing_else(home: Place) -> None:
    facts = home.stranger().facts()
    assert set(facts) == {
        "room",
        "title",
        "retention_days",
        "kdf",
        "names",
        "access",
        "challenges",
        "colour",
        "turnstile_site_key",
        "push",
        "session",
        "replaced_at",
        "limits",
    }
    assert SECRET not in json.dumps(facts)
    assert (facts["session"], facts["replaced_at"]) == (None, None)
    for cookie in (garbled(home), guessed(home), expired(home), foreign_room_renamed(home)):
        assert home.stranger().http.get(home.url, headers={"Cookie": cookie}).json()["session"] is None
    anna = home.member(f"Anna {uuid4().hex}")
    assert anna.http.get(home.url).json()["session"] == anna.http.get("/session").json()


def test_a_room_that_does_not_exist_is_not_found_before_anything_wakes(server: Server) -> None:
    for room in ("other", "Main", "main%20", "-x", "a" * 64, "main%00", "main%2f"):
        place = Place(server, room)
        for path in ("", "/challenge", "/session", "/socket", "/push"):
            answer = get(f"{server.url}/api/rooms/{room}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (room, path)
        assert get(f"{server.url}/r/{room}").status_code == 404
        assert not place.file.exists()


def test_a_visit_leaves_nothing_behind(place: Place) -> None:
    """Facts, a challenge, requests without a session: no table is made for a stranger who did not try to sign in."""
    stranger = place.stranger()
    salt = stranger.facts()["kdf"]["salt"]
    for method, path, body in PROTECTED:
        stranger.http.request(method, path, json=body)
    assert place.tables() == []
    assert stranger.facts()["kdf"]["salt"] == salt, "derived, so always the same"


def test_a_failed_login_leaves_its_counts_and_nothing_else(place: Place) -> None:
    place.member("Anna")
    before = {table: place.rows(f"SELECT * FROM {table}") for table in place.tables() if table != "attempts"}
    counts = place.rows("SELECT address, failures FROM attempts WHERE address <> x''")  # who joined from where
    assert place.stranger().sign_in("wrong password").status_code == 401
    assert {table: place.rows(f"SELECT * FROM {table}") for table in before} == before
    assert place.rows("SELECT address, failures FROM attempts WHERE address <> x''") == counts
    assert place.rows("SELECT failures FROM attempts WHERE address = x''") == [(1,)], "addresses count elsewhere"
