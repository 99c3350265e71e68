"""Searches of one person in a room of ours."""

import json
import time
from types import TracebackType
from typing import Any, Self

from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from bench.contenders import Contender

_PATIENCE_SECONDS = 60.0


class Searcher:
    """A socket that searches; use it as a context manager."""

    def __init__(self, chat: Contender, room: str) -> None:
        self._url = chat.address(room)
        headers = dict(chat.enter(room, 1)[0])
        self._protocol = Subprotocol(headers.pop("Sec-WebSocket-Protocol"))
        self._headers = headers
        self._socket: ClientConnection

    def __enter__(self) -> Self:
        self._socket = connect(
            self._url, additional_headers=self._headers, subprotocols=[self._protocol], max_size=2**24
        )
        self._socket.send(json.dumps({"type": "hello", "last_seq": None}))
        self._receive("welcome")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def search(self, query: str, limit: int = 20) -> tuple[float, dict[str, Any]]:
        """The milliseconds to one page of what is found, and the page. A room that is asked too much is asked again."""
        while True:
            started = time.perf_counter()
            self._socket.send(json.dumps({"type": "search", "ref": "search", "query": query, "limit": limit}))
            answer = self._receive("found", "error")
            took = time.perf_counter() - started
            if answer["type"] == "found":
                return 1_000 * took, answer
            if answer["code"] != "rate_limited":
                raise ValueError(f"the search was refused: {answer}")
            time.sleep(answer["retry_after"])

    def _receive(self, *types: str) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = json.loads(self._socket.recv(_PATIENCE_SECONDS))
            if frame["type"] in types:
                return frame
