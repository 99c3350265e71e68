"""What stands in the place of bots' webhooks: a function for most tests, a server that also misbehaves for workerd."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from bots.outgoing import Answered, Request
from tests.listening import ListeningServer


class Receiver:
    """All webhooks of a room."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answered | Exception] = []
        """What the next requests get, one after the other; without any left, 204."""

    async def post(self, request: Request) -> Answered:
        """As `bots.outgoing.Post`."""
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else Answered(204)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: str


class ReceiverServer:
    """A receiver. Its path says what it does: `/say`, `/500`, `/redirect`, `/stall`, `/drip`, `/huge`, `/close`."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.sent_bytes = 0
        """How much of its huge answer somebody took."""
        self.status = 200
        self.answer = b'{"text":"It is noon."}'
        self.go_on = threading.Event()
        """Until it is set, `/say` does not answer."""
        self.go_on.set()
        self.ending = threading.Event()
        self._server = ListeningServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """Where it really is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """End it; whoever waits for an answer is let go."""
        self.ending.set()
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(receiver: ReceiverServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            self.close_connection = True
            try:
                self._answer()
            except OSError:
                return  # the chat has stopped reading

        def _answer(self) -> None:
            match self.path:
                case "/500":
                    self._send(500, b"secret of the receiver")
                case "/redirect":
                    self._send(302, b"", Location="/say")
                case "/stall":
                    receiver.ending.wait()
                case "/drip":
                    self._drip()
                case "/huge":
                    self._huge()
                case "/close":
                    self.connection.close()
                case _:
                    self._say()

        def _say(self) -> None:
            receiver.go_on.wait()
            self._send(receiver.status, receiver.answer)

        def _drip(self) -> None:
            self._head(200, 1_000)
            while not receiver.ending.wait(0.5):
                self.wfile.write(b"x")

        def _huge(self) -> None:
            self._head(200, 10_000_000)
            for _ in range(1_000):
                self.wfile.write(b"x" * 10_000)
                receiver.sent_bytes += 10_000

        def _send(self, status: int, body: bytes, **headers: str) -> None:
            self._head(status, len(body), **headers)
            self.wfile.write(body)

        def _head(self, status: int, length: int, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(length), **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
