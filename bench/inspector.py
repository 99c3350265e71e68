"""V8's inspector of the isolate in which a Python Worker runs, over Chrome's DevTools protocol."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.server import Server

_TARGET = "core:user:"  # of the Worker; all others are wrangler's
_PATIENCE_SECONDS = 60.0
_TURN_SECONDS = 0.2


def free_inspector() -> str:
    """An address for the inspector of a server that is about to start."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


class Inspector:
    """A line to the inspector of a server that was started with one."""

    def __init__(self, line: ClientConnection, server: Server) -> None:
        self._line = line
        self._server = server
        self._number = 0

    def ask(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        """The result of a call, if it has one; the isolate answers in its next event, so it is given one."""
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            with suppress(TimeoutError):
                answer = json.loads(self._line.recv(_TURN_SECONDS))
                if answer.get("id") == self._number:
                    result: Mapping[str, Any] = answer.get("result", {})
                    return result
                continue
            httpx.get(f"{self._server.url}/api/health", timeout=_PATIENCE_SECONDS)


@contextmanager
def inspecting(server: Server) -> Iterator[Inspector]:
    """Look into the isolate of a server until the block ends."""
    targets = httpx.get(f"http://{server.inspector}/json", timeout=_PATIENCE_SECONDS).json()
    (url,) = [each["webSocketDebuggerUrl"] for each in targets if each["id"].startswith(_TARGET)]
    with connect(url, max_size=None) as line:
        yield Inspector(line, server)
