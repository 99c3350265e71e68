"""People who use a running chat from outside, over real HTTP and WebSockets, with nothing of ours but the contract."""

import contextlib
import hashlib
import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol
from uuid import uuid4

import altcha
import httpx
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from encoding import b64url, from_b64url
from tests import confidential
from tests.server import PASSWORD

Frame = dict[str, Any]
PATIENCE_SECONDS = 60.0
NO_CLOSE_FRAME = 1006


@lru_cache(maxsize=64)
def make_proof(password: str, salt: bytes, iterations: int = 100_000, rounds: int = 6) -> bytes:
    """docs/protocol.md, "Login", with hashlib and the package `cryptography` instead of SubtleCrypto."""
    key = unicodedata.normalize("NFKC", password).encode()
    for number in range(rounds):
        key = hashlib.pbkdf2_hmac("sha256", key, salt + bytes([number]), iterations, 32)
    return HKDF(SHA256(), 32, salt=None, info=b"durable-chat login v1").derive(key)


def solve(challenge: dict[str, Any]) -> str:
    """The answer to an ALTCHA challenge, as the widget would post it."""
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed, altcha.derive_key_pbkdf2)
    assert solution is not None
    return str(altcha.Payload(parsed, solution).to_base64())


def get(url: str, **more: Any) -> httpx.Response:
    """Ask without being anybody, and with more patience than httpx has by itself."""
    return httpx.get(url, timeout=PATIENCE_SECONDS, **more)


class Closes(Protocol):
    """A socket, whatever speaks on it."""

    def close(self) -> None:
        """Leave."""


class Person:
    """Somebody with a browser of their own: cookies, a name, and any number of sockets."""

    def __init__(self, url: str, name: str, *, room: str = "main", address: str | None = None) -> None:
        self.url = url
        self.name = name
        self.room = room
        self.member: dict[str, Any] = {}
        self.confirmation: str | None = None
        self.address = address or ""
        headers = {"CF-Connecting-IP": address} if address else {}
        self.lines: list[Line] = []
        self.others: list[Closes] = []
        self.http = httpx.Client(
            base_url=f"{url}/api/rooms/{room}",
            headers=headers,
            timeout=PATIENCE_SECONDS,
            event_hooks=confidential.HOOKS,
        )

    def facts(self) -> dict[str, Any]:
        """What is known before login."""
        return dict(self.http.get(f"{self.url}/api/rooms/{self.room}").json())

    def sign_in(self, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """Try to sign in; the cookie is kept if it works."""
        facts = self.facts()
        proof = make_proof(password, from_b64url(facts["kdf"]["salt"]))
        confidential.keep("password", password)
        form: dict[str, Any] = {"name": self.name, "proof": b64url(proof), **more}
        if "code" in more and "confirmation" not in more:
            form["confirmation"] = self.confirmation
        if "altcha" in facts["challenges"] and "altcha" not in form:
            form["altcha"] = solve(self.http.get("/challenge").json())
        answer = self.http.post("/session", json=form)
        if answer.status_code == httpx.codes.CREATED:
            self.member = answer.json()["member"]
            self._keep_cookie(answer)
        elif answer.status_code == httpx.codes.CONFLICT:
            self.confirmation = answer.json().get("confirmation")
        return answer

    def enter(self, password: str = PASSWORD, **more: Any) -> "Person":
        """Sign in; for tests that are about something else."""
        answer = self.sign_in(password, **more)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return self

    @property
    def id(self) -> str:
        """The member's id, once signed in."""
        return str(self.member["id"])

    def _keep_cookie(self, answer: httpx.Response) -> None:
        """The cookie is `Secure`; browsers send it to 127.0.0.1 all the same, httpx does not."""
        self.http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]

    @property
    def cookie(self) -> str:
        """The Cookie header of this person's browser."""
        return str(self.http.headers.get("Cookie", ""))

    def open(self, **headers: str) -> "Line":
        """A socket, before hello."""
        url = f"{self.url.replace('http', 'ws', 1)}/api/rooms/{self.room}/socket"
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        own = {**cookie, **({"CF-Connecting-IP": self.address} if self.address else {})}
        connection = connect(
            url,
            subprotocols=[Subprotocol("chat.v1")],
            additional_headers={**own, **headers},
            max_size=None,
            max_queue=None,
            ping_interval=None,
            open_timeout=PATIENCE_SECONDS,
            close_timeout=2,
            proxy=None,
            legacy=True,  # a Line closes it
        )
        line = Line(connection)
        self.lines.append(line)
        return line

    def leave(self) -> None:
        """Close everything; the member and the session stay."""
        for each in (*self.lines, *self.others):
            each.close()
        self.http.close()

    def secure(self) -> "Person":
        """Have a recovery code, so that nobody else gets the name."""
        answer = self.http.put("/recovery", json={"proof": b64url(os.urandom(32))})
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text
        return self

    def come(self, last_seq: int | None = None, lanes: dict[str, int] | None = None) -> "Line":
        """A socket that has said hello and been welcomed; with `lanes` it takes them."""
        line = self.open()
        line.put({"type": "hello", "last_seq": last_seq} | ({} if lanes is None else {"lanes": lanes}))
        line.welcome = line.next("welcome")
        return line


def placed(frame: Frame) -> list[Frame]:
    """The events of a frame, each with its lane if it has one."""
    return [event | {"lane": frame["lane"]} for event in frame["events"]] if "lane" in frame else frame["events"]


class Line:
    """One socket. What was not asked for yet waits in `passed_over` (frames) and `events`, in order."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.welcome: Frame = {}
        self.passed_over: list[Frame] = []
        self.events: list[Frame] = []

    def put(self, frame: Any) -> None:
        """Send a frame, or any text or bytes."""
        if isinstance(frame, (str, bytes)):
            confidential.keep_text(frame)
        else:
            confidential.keep_fields(frame)
        self.connection.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    def frames(self, seconds: float = PATIENCE_SECONDS) -> Iterator[Frame]:
        """What comes, until nothing has come for so long; the `pong` of the runtime is no frame."""
        with contextlib.suppress(TimeoutError):
            while True:
                text = self.connection.recv(timeout=seconds)
                if text != "pong":
                    frame = json.loads(text)
                    if frame["type"] == "confirmation":
                        confidential.keep_fields(frame)
                    yield frame

    def next(self, kind: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The next frame of this type that was not taken yet."""
        return self._take(lambda frame: frame["type"] == kind, f"{kind} frame", seconds)

    def answer(self, ref: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The answer to a request."""
        return self._take(lambda frame: frame.get("ref") == ref, f"answer to {ref}", seconds)

    def _take(self, wanted: Callable[[Frame], bool], what: str, seconds: float) -> Frame:
        for place, frame in enumerate(self.passed_over):
            if wanted(frame):
                return self.passed_over.pop(place)
        for frame in self.frames(seconds):
            if wanted(frame):
                return frame
            self.passed_over.append(frame)
        raise AssertionError(f"no {what} within {seconds} s, but {self.passed_over}")

    def ask(self, kind: str, /, **fields: Any) -> Frame:
        """Send a request and return its answer."""
        ref = uuid4().hex
        self.put({"type": kind, "ref": ref, **fields})
        return self.answer(ref)

    def say(self, body: str, channel: str = "general", **more: Any) -> Frame:
        """Send a message and return its `ack` (or the refusal), with the `id` it was given."""
        message_id = str(more.pop("id", None) or uuid4())
        self.put({"type": "send", "id": message_id, "channel": channel, "body": body, **more})
        return {**self.answer(message_id), "id": message_id}

    def say_many(self, count: int, body: str = "message {}", channel: str = "general") -> list[Frame]:
        """Send so many messages without waiting in between, and return their answers."""
        ids = [str(uuid4()) for _ in range(count)]
        for number, message_id in enumerate(ids):
            self.put({"type": "send", "id": message_id, "channel": channel, "body": body.format(number)})
        return [{**self.answer(message_id), "id": message_id} for message_id in ids]

    def history(self, channel: str = "general", before: int | None = None, limit: int = 50) -> list[Frame]:
        """A page of a channel; a room that says when to ask for it again is asked again then, as our client does."""
        while "messages" not in (page := self.ask("history", channel=channel, before=before, limit=limit)):
            assert page["code"] == "rate_limited", page
            time.sleep(page["retry_after"])
        return list(page["messages"])

    def event(self, kind: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The next event of this kind that was not taken yet, wherever in the frames it is."""
        while True:
            for place, event in enumerate(self.events):
                if event["kind"] == kind:
                    return self.events.pop(place)
            self.events += placed(self.next("events", seconds))

    def catch_up(self) -> list[Frame]:
        """Every event until now that was not taken yet: an answer comes after everything that was stored before it."""
        self.history(limit=1)
        for frame in [frame for frame in self.passed_over if frame["type"] == "events"]:
            self.passed_over.remove(frame)
            self.events += placed(frame)
        events, self.events = self.events, []
        return events

    def closed(self, seconds: float = PATIENCE_SECONDS) -> int:
        """The code with which the server closes this socket; what came before it is in `passed_over`."""
        protocol = self.connection.protocol
        deadline = time.monotonic() + seconds
        while protocol.close_rcvd is None and protocol.state is not State.CLOSED:
            assert time.monotonic() < deadline, f"still open after {seconds} s"
            time.sleep(0.01)
        with contextlib.suppress(ConnectionClosed):
            self.passed_over += self.frames(1)  # the last of them may still be on the way to the queue
        return protocol.close_rcvd.code if protocol.close_rcvd is not None else NO_CLOSE_FRAME

    def close(self) -> None:
        """Leave."""
        self.connection.close()
