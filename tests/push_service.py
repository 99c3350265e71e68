"""A push service on this machine, and browsers that are subscribed to it; nothing of ours is used to open a message.

Each address of the service answers as it is told: with a status, with headers, or not at all.
"""

import hashlib
import hmac
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from encoding import b64url, from_b64url
from tests import confidential
from tests.fakes import public_bytes
from tests.listening import ListeningServer

PATIENCE_SECONDS = 60.0
NO_ANSWER = 0
"""The status of an address that takes a request and says nothing."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


class Browser:
    """A browser's push subscription: its keys, and what it makes of the messages that come."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        confidential.keep_fields(self.subscription)

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON` gives."""
        keys = {"p256dh": b64url(public_bytes(self.key)), "auth": b64url(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def open(self, body: bytes) -> dict[str, Any]:
        """The notification in a message (RFC 8188 and RFC 8291, from the receiver's side)."""
        return dict(json.loads(self.plaintext(body)))

    def plaintext(self, body: bytes) -> bytes:
        """What was sealed, without its padding."""
        salt, record_size, key_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + key_length], body[21 + key_length :]
        assert key_length == 65
        assert len(body) <= record_size == 4_096
        secret = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        info = b"WebPush: info\0" + public_bytes(self.key) + sender
        ikm = _hkdf(self.auth, secret, info, 32)
        key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded[-1:] == b"\x02", "the last record ends with this delimiter"
        return padded[:-1]


@dataclass
class PushService:
    """The service; `stop` it at the end."""

    received: list[Received] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._news = threading.Condition()
        self._ending = threading.Event()
        self._server = ListeningServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._count = 0

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:` and the port."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def browser(self, status: int = 201, **headers: str) -> Browser:
        """A browser that subscribes; messages for it are answered like this."""
        self._count += 1
        path = f"/push/{self._count}"
        self.answers[path] = status, {name.replace("_", "-"): value for name, value in headers.items()}
        return Browser(self.origin + path)

    def answer(self, browser: Browser, status: int, **headers: str) -> None:
        """From now on messages for this browser are answered so."""
        self.answers[urlsplit(browser.endpoint).path] = (
            status,
            {name.replace("_", "-"): value for name, value in headers.items()},
        )

    def requests(self, browser: Browser) -> list[Received]:
        """What came for a browser so far."""
        path = urlsplit(browser.endpoint).path
        with self._news:
            return [each for each in self.received if each.path == path]

    def wait_for(self, browser: Browser, count: int = 1, seconds: float = PATIENCE_SECONDS) -> list[Received]:
        """The requests for a browser, once there are so many."""
        deadline = time.monotonic() + seconds
        with self._news:
            while len(found := self._found(browser)) < count:
                left = deadline - time.monotonic()
                assert left > 0, f"{len(found)} of {count} requests within {seconds} s"
                self._news.wait(left)
        return found

    def next(self, browser: Browser, count: int = 1, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The notification of a browser's request number so and so."""
        return browser.open(self.wait_for(browser, count, seconds)[count - 1].body)

    def stop(self) -> None:
        """No more; whoever waits for an answer is let go."""
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _found(self, browser: Browser) -> list[Received]:
        path = urlsplit(browser.endpoint).path
        return [each for each in self.received if each.path == path]

    def _take(self, request: Received) -> tuple[int, dict[str, str]]:
        with self._news:
            status, headers = self.answers.get(request.path, (404, {}))  # as told before anybody hears of the request
            self.received.append(request)
            self._news.notify_all()
        if status == NO_ANSWER:
            self._ending.wait()
        return status, headers


def check_vapid(header: str, *, origin: str, subject: str, public_key: bytes) -> dict[str, Any]:
    """RFC 8292, section 4: what a push service checks of the `Authorization` header; returns the claims."""
    scheme, _, parameters = header.partition(" ")
    given = dict(part.strip().split("=", 1) for part in parameters.split(","))
    assert scheme == "vapid"
    assert given.keys() == {"t", "k"}
    assert from_b64url(given["k"]) == public_key
    signed, _, signature = given["t"].rpartition(".")
    head, _, claims = signed.partition(".")
    assert json.loads(from_b64url(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = from_b64url(signature)
    r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    found = dict(json.loads(from_b64url(claims)))
    assert found["aud"] == origin
    assert found["sub"] == subject
    return found


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = service._take(Received(self.path, headers, body, time.monotonic()))
            if status == NO_ANSWER:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {**more, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
            """Say nothing."""

    return Handler


def _hkdf(salt: bytes, ikm: bytes, info: bytes, length: int) -> bytes:
    prk = hmac.digest(salt, ikm, hashlib.sha256)
    return hmac.digest(prk, info + b"\x01", hashlib.sha256)[:length]


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that shows only in storage."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.05)
