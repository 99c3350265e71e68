"""People who use a running chat from outside, over real HTTP and WebSockets, with nothing of ours but the contract."""

import contextlib
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import uuid4

import altcha
import httpx
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from encoding import b64url, from_b64url
from tests.server import PASSWORD

Frame = dict[str, Any]
PATIENCE_SECONDS = 10.0
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


class Person:
    """Somebody with a browser of their own: cookies, a name, and any number of sockets."""

    def __init__(self, url: str, name: str, *, room: str = "main", address: str | None = None) -> None:
        self.url = url
        self.name = name
        self.room = room
        self.member: dict[str, Any] = {}
        headers = {"CF-Connecting-IP": address} if address else {}
        self.http = httpx.Client(base_url=f"{url}/api/rooms/{room}", headers=headers, timeout=60.0)

    def facts(self) -> dict[str, Any]:
        """What is known before login."""
        return dict(self.http.get(f"{self.url}/api/rooms/{self.room}").json())

    def sign_in(self, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """Try to sign in; the cookie is kept if it works."""
        facts = self.facts()
        proof = make_proof(password, from_b64url(facts["kdf"]["salt"]))
        form: dict[str, Any] = {"name": self.name, "proof": b64url(proof), **more}
        if "altcha" in facts["challenges"] and "altcha" not in form:
            form["altcha"] = solve(self.http.get("/challenge").json())
        answer = self.http.post("/session", json=form)
        if answer.status_code == httpx.codes.CREATED:
            self.member = answer.json()["member"]
            self._keep_cookie(answer)
        return answer

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
        connection = connect(
            url, subprotocols=[Subprotocol("chat.v1")], additional_headers={**cookie, **headers}, max_size=None,
            ping_interval=None, proxy=None,
        )  # fmt: skip
        return Line(connection)

    def come(self, last_seq: int | None = None) -> "Line":
        """A socket that has said hello and been welcomed."""
        line = self.open()
        line.put({"type": "hello", "last_seq": last_seq})
        line.welcome = line.next("welcome")
        return line


class Line:
    """One socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.welcome: Frame = {}
        self.passed_over: list[Frame] = []

    def put(self, frame: Any) -> None:
        """Send a frame, or any text or bytes."""
        self.connection.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    def frames(self, seconds: float = PATIENCE_SECONDS) -> Iterator[Frame]:
        """What comes, until nothing has come for so long."""
        with contextlib.suppress(TimeoutError):
            while True:
                yield json.loads(self.connection.recv(timeout=seconds))

    def next(self, kind: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The next frame of this type; others are noted in `passed_over`."""
        for frame in self.frames(seconds):
            if frame["type"] == kind:
                return frame
            self.passed_over.append(frame)
        raise AssertionError(f"no {kind} frame within {seconds} s, but {self.passed_over}")

    def answer(self, ref: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The answer to a request."""
        for frame in self.frames(seconds):
            if frame.get("ref") == ref:
                return frame
            self.passed_over.append(frame)
        raise AssertionError(f"no answer to {ref} within {seconds} s, but {self.passed_over}")

    def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a request and return its answer."""
        ref = uuid4().hex
        self.put({"type": kind, "ref": ref, **fields})
        return self.answer(ref)

    def say(self, body: str, channel: str = "general", **more: Any) -> Frame:
        """Send a message and return its `ack` (or the refusal), with the `id` it was given."""
        message_id = str(uuid4())
        self.put({"type": "send", "id": message_id, "channel": channel, "body": body, **more})
        return {**self.answer(message_id), "id": message_id}

    def history(self, channel: str = "general", before: int | None = None, limit: int = 50) -> list[Frame]:
        """A page of a channel."""
        return list(self.ask("history", channel=channel, before=before, limit=limit)["messages"])

    def event(self, kind: str, seconds: float = PATIENCE_SECONDS) -> Frame:
        """The next event of this kind, wherever in the frames it is."""
        waiting = [event for frame in self.passed_over if frame["type"] == "events" for event in frame["events"]]
        for event in waiting:
            if event["kind"] == kind:
                return dict(event)
        while True:
            for event in self.next("events", seconds)["events"]:
                if event["kind"] == kind:
                    return dict(event)

    def closed(self, seconds: float = PATIENCE_SECONDS) -> int:
        """The code with which the server closes this socket."""
        try:
            while True:
                self.passed_over.append(json.loads(self.connection.recv(timeout=seconds)))
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd is not None else NO_CLOSE_FRAME

    def close(self) -> None:
        """Leave."""
        self.connection.close()
