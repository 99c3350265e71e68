"""Searches of some people in a room of ours, or in the finder's."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from bench.contenders import Contender
from limits import SEGMENT_MESSAGES
from tests.server import Server

_PATIENCE_SECONDS = 60.0
_STORED_AT_ONCE = 1_000
_BUILDING_SECONDS = 1_800.0
_LOOK_EVERY_SECONDS = 0.5


class Searcher:
    """A socket that searches; use it as a context manager."""

    def __init__(self, chat: Contender, room: str, number: int = 0) -> None:
        """`number`: who of those who sign in to the room."""
        self._url = chat.address(room)
        self._greets = chat.name == "ours"
        headers = dict(chat.enter(room, number + 1)[number])
        self._protocols = [Subprotocol(each) for each in [headers.pop("Sec-WebSocket-Protocol", "")] if each]
        self._headers = headers
        self._socket: ClientConnection

    def __enter__(self) -> Self:
        self._socket = connect(
            self._url,
            additional_headers=self._headers,
            subprotocols=self._protocols or None,
            max_size=2**24,
            ping_interval=None,
            max_queue=None,  # nobody reads between searches; a full queue would hold up even the closing
        )
        if self._greets:
            self._socket.send(json.dumps({"type": "hello", "last_seq": None}))
            self._receive("welcome")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def search(self, query: str, limit: int = 20) -> tuple[float, list[Any]]:
        """The milliseconds to one page of what is found, and its messages.

        A room that stops on its way goes on until the page is full or everything was looked at; only its own time
        counts, and not how long it lets a member wait in between.
        """
        took, found, cursor = 0.0, list[Any](), None
        while True:
            more, answer = self._page(
                {"query": query, "limit": limit - len(found)} | ({"cursor": cursor} if cursor else {})
            )
            took += more
            found += answer["messages"]
            cursor = answer.get("cursor")
            if cursor is None or len(found) == limit:
                return 1_000 * took, found

    def _page(self, question: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
        """The seconds to an answer, and the answer. A room that is asked too much is asked again."""
        while True:
            started = time.perf_counter()
            self._socket.send(json.dumps({"type": "search", "ref": "search", **question}))
            answer = self._receive("found", "error")
            took = time.perf_counter() - started
            if answer["type"] == "found":
                return took, answer
            if answer["code"] != "rate_limited":
                raise ValueError(f"the search was refused: {answer}")
            time.sleep(answer["retry_after"])

    def store(self, texts: Sequence[str], first: int) -> None:
        """Give the finder messages, numbered from `first` on."""
        for at in range(0, len(texts), _STORED_AT_ONCE):
            messages = [
                (first + at + place, str(uuid4()), int(1_000 * time.time()), text)
                for place, text in enumerate(texts[at : at + _STORED_AT_ONCE])
            ]
            self._socket.send(json.dumps({"type": "store", "messages": messages}))
            self._receive("stored")

    def _receive(self, *types: str) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = json.loads(self._socket.recv(_PATIENCE_SECONDS))
            if frame["type"] in types:
                return frame


@contextmanager
def searching(searcher: Searcher, words: Sequence[str]) -> Iterator[None]:
    """Somebody who searches as often as one may, until the block ends."""
    is_over = threading.Event()

    def search() -> None:
        for word in cycle(words):
            if is_over.is_set():
                return
            searcher.search(word)

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def wait_for_segments(server: Server, messages: int) -> None:
    """Wait until so many messages in the one large room of a server are in segments, but for the tail.

    Raises:
        TimeoutError: they are not.
    """
    deadline = time.monotonic() + _BUILDING_SECONDS
    while max(map(_segments, server.database_files())) < messages // SEGMENT_MESSAGES:
        if time.monotonic() > deadline:
            raise TimeoutError("the segments are not built")
        time.sleep(_LOOK_EVERY_SECONDS)


def _segments(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found: int = connection.execute("SELECT count(*) FROM segments").fetchone()[0]
        return found
