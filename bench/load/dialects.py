"""The frames of each chat: the only part of the load generator that knows one from another.

It finds a message in any frame by the number in its text, so it parses nothing while it counts.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

NUMBER = re.compile(rb"#(\d{9})")
PAGE = 50  # how many messages a person sees first
_TEXT = "#{:09d} The ferry leaves at noon, so let us meet at the harbour at eleven. Bring the charts and a pen."


def text(number: int) -> str:
    """The text of message `number`: 103 characters, about the length of a chat message."""
    return _TEXT.format(number)


Says = Callable[[int], str]
"""The text of a message by its number."""


@dataclass
class Progress:
    """How far a socket is on its way from connecting to ready."""

    is_ready: bool = False
    seq: int = 0
    """The last change that it knew when it was ready, to resume from."""


class Dialect(ABC):
    """The frames of one chat."""

    greets = True
    """Whether the server sends frames before a client is ready; otherwise a client is ready once it is connected."""
    is_echo = False
    """Whether only the sender gets a message."""
    heartbeat = ""
    """The frame by which a client shows that it reads; empty if the chat asks for none."""

    def opening(self, resume_from: int | None) -> Sequence[str]:
        """The frames that a client sends as soon as it is connected."""
        return ()

    @abstractmethod
    def message(self, number: int) -> str:
        """The frame that posts a message."""

    @abstractmethod
    def take(self, frame: bytes, progress: Progress) -> None:
        """Learn from a frame that comes before `progress.is_ready`."""


class OurDialect(Dialect):
    """docs/protocol.md, as our own client uses it."""

    heartbeat = "ping"

    def __init__(self, *, wants_page: bool = False, channel: str = "general", says: Says = text) -> None:
        """`wants_page`: a client is ready when it has the newest messages, not yet with the welcome."""
        self._wants_page = wants_page
        self._says = says
        self._channel = channel

    def opening(self, resume_from: int | None) -> Sequence[str]:
        """As `Dialect.opening`."""
        hello = json.dumps({"type": "hello", "last_seq": resume_from, "acks": False, "lanes": {}})
        if not self._wants_page:
            return (hello,)
        return hello, json.dumps({"type": "history", "ref": "first", "channel": "general", "limit": PAGE})

    def message(self, number: int) -> str:
        """As `Dialect.message`."""
        return json.dumps({"type": "send", "id": str(uuid4()), "channel": self._channel, "body": self._says(number)})

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
    """bench/floor/src/main.py, for its objects that send each frame back."""

    greets = False
    is_echo = True

    def message(self, number: int) -> str:
        """As `Dialect.message`."""
        return OurDialect().message(number)

    def take(self, frame: bytes, progress: Progress) -> None:
        """As `Dialect.take`."""
        raise AssertionError(f"nobody asked for {frame!r}")


class TellerDialect(FloorDialect):
    """The same for its objects that tell everybody."""

    is_echo = False


def dialect(name: str, *, wants_page: bool = False, channel: str = "general", says: Says = text) -> Dialect:
    """The dialect of a contender, by its name; `channel` is where ours posts, and `says` what."""
    if name == "ours":
        return OurDialect(wants_page=wants_page, channel=channel, says=says)
    if name in ("teller", "batcher"):
        return TellerDialect()
    return PeerDialect() if name == "peer" else FloorDialect()
