"""How each chat is spoken to: the only part of the load generator that knows one from another.

A message is found in whatever frame it comes by the number in its text, so nothing has to be parsed while it counts.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

NUMBER = re.compile(rb"#(\d{9})")
PAGE = 50  # messages that a person sees first
_TEXT = "#{:09d} The ferry leaves at noon, so let us meet at the harbour at eleven. Bring the charts and a pen."


def text(number: int) -> str:
    """What message `number` says: 103 characters, about the length of a chat message."""
    return _TEXT.format(number)


@dataclass
class Progress:
    """How far a socket has come in saying hello."""

    is_ready: bool = False
    seq: int = 0
    """The last change that it knew of when it was ready, to resume from."""


class Dialect(ABC):
    """One chat's language."""

    greets = True
    """Whether the server speaks before a client is ready; without, it is ready as soon as it is connected."""
    is_echo = False
    """Whether only its sender is told of a message."""

    def opening(self, resume_from: int | None) -> Sequence[str]:
        """What a client says as soon as it is connected."""
        return ()

    @abstractmethod
    def message(self, number: int) -> str:
        """A message to be posted."""

    @abstractmethod
    def take(self, frame: bytes, progress: Progress) -> None:
        """Learn from a frame before `progress.is_ready`."""


class OurDialect(Dialect):
    """docs/protocol.md, spoken as our own client speaks it."""

    def __init__(self, *, wants_page: bool = False) -> None:
        """`wants_page`: a client is ready with the newest messages on the screen, not with the welcome."""
        self._wants_page = wants_page

    def opening(self, resume_from: int | None) -> Sequence[str]:
        """As `Dialect.opening`."""
        hello = json.dumps({"type": "hello", "last_seq": resume_from, "acks": False})
        if not self._wants_page:
            return (hello,)
        return hello, json.dumps({"type": "history", "ref": "first", "channel": "general", "limit": PAGE})

    def message(self, number: int) -> str:
        """As `Dialect.message`."""
        return json.dumps({"type": "send", "id": str(uuid4()), "channel": "general", "body": text(number)})

    def take(self, frame: bytes, progress: Progress) -> None:
        """As `Dialect.take`."""
        if frame.startswith(b'{"type":"welcome"'):
            progress.seq = json.loads(frame)["seq"]
            progress.is_ready = not self._wants_page
        elif frame.startswith(b'{"type":"history"'):
            json.loads(frame)
            progress.is_ready = True
        elif frame.startswith(b'{"type":"error"'):
            raise AssertionError(f"refused: {frame!r}")


class PeerDialect(Dialect):
    """bench/peer/src/index.ts."""

    def message(self, number: int) -> str:
        """As `Dialect.message`."""
        return json.dumps({"id": str(uuid4()), "user": "Anna", "content": text(number)})

    def take(self, frame: bytes, progress: Progress) -> None:
        """As `Dialect.take`."""
        progress.is_ready = json.loads(frame)["type"] == "all"


class FloorDialect(Dialect):
    """bench/floor/src/main.py, both of its objects: whatever is sent comes back."""

    greets = False
    is_echo = True

    def message(self, number: int) -> str:
        """As `Dialect.message`."""
        return OurDialect().message(number)

    def take(self, frame: bytes, progress: Progress) -> None:
        """As `Dialect.take`."""
        raise AssertionError(f"nobody asked for {frame!r}")


def dialect(name: str, *, wants_page: bool = False) -> Dialect:
    """The language of `ours`, `peer`, `floor` or `sealer`."""
    if name == "ours":
        return OurDialect(wants_page=wants_page)
    return PeerDialect() if name == "peer" else FloorDialect()
