"""A server of the tests' own that speaks Turnstile's siteverify as Cloudflare documents it, and can also misbehave."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl

from tests.listening import ListeningServer

SECRET = "0x4AAAAAAA-a-secret-of-the-tests"
SITE_KEY = "0x4AAAAAAA-site-key"


@dataclass(frozen=True)
class Reply:
    """What to answer once: `body` as it is, after `wait` seconds; `drip` sends it a byte at a time."""

    body: str
    status: int = 200
    wait: float = 0
    drip: bool = False


def success(**changed: Any) -> Reply:
    """The documented answer to a good token, with some fields changed; None removes one."""
    fields = {"success": True, "challenge_ts": "2026-01-01T00:00:00Z", "hostname": "127.0.0.1", "error-codes": []}
    fields |= {"action": "login", "cdata": ""}
    fields |= changed
    return Reply(json.dumps({name: value for name, value in fields.items() if value is not None}))


def failure(*codes: str) -> Reply:
    """The documented answer to a token that is not good."""
    return Reply(json.dumps({"success": False, "error-codes": list(codes)}))


class Siteverify:
    """The running server. Without `replies`, every token is good once, as with Cloudflare."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.replies: list[Reply] = []
        self._spent: dict[str, str] = {}
        self._server = ListeningServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """For TURNSTILE_VERIFY_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/turnstile/v0/siteverify"

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Nobody listens at the address meanwhile."""
        address = ("127.0.0.1", int(self._server.server_address[1]))
        self.stop()
        yield
        self._server = ListeningServer(address, self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply_to(self, form: dict[str, str]) -> Reply:
        """What Cloudflare would say, unless a test has said what to say."""
        self.asked.append(form)
        if self.replies:
            return self.replies.pop(0)
        if form.get("secret") != SECRET:
            return failure("invalid-input-secret")
        token, key = form.get("response", ""), form.get("idempotency_key", "")
        if not token.startswith("good"):
            return failure("invalid-input-response")
        if self._spent.setdefault(token, key) != key:
            return failure("timeout-or-duplicate")
        return success()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        siteverify = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = dict(parse_qsl(self.rfile.read(length).decode(), strict_parsing=True))
                reply = siteverify.reply_to(form | {"path": self.path})
                time.sleep(reply.wait)
                try:
                    self._send(reply)
                except OSError:
                    return  # the Worker has stopped waiting

            def _send(self, reply: Reply) -> None:
                body = reply.body.encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for part in [body[n : n + 1] for n in range(len(body))] if reply.drip else [body]:
                    self.wfile.write(part)
                    self.wfile.flush()
                    time.sleep(1 if reply.drip else 0)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
