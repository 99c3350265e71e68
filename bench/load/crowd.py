"""Sockets that write, read and count. All that each receives is kept, so that a lost or doubled message is found."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.load.dialects import NUMBER, Dialect, Progress

PATIENCE_SECONDS = 30.0
CATCH_UP_SECONDS = 1_200.0  # a million messages take five minutes, on a quiet machine


class CountsDiffer(Exception):
    """A message was lost, doubled or invented: the figures of such a run mean nothing."""


class NothingCameBack(Exception):
    """Too few messages came back to give figures, after a stall of the disk for example. No message was lost."""


@dataclass(frozen=True)
class Address:
    """The address and the member of one socket."""

    url: str
    headers: dict[str, str]


class Line(WSListener):
    """One socket."""

    def __init__(self, dialect: Dialect, resume_from: int | None) -> None:
        self.progress = Progress(is_ready=not dialect.greets)
        self.found: list[bytes] = []  # the numbers of all messages that it got since it was ready
        self.bytes_in = 0
        self.frames_in = 0
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()
        self.crowd: Crowd | None = None
        self.transport: WSTransport
        self._dialect = dialect
        self._resume_from = resume_from
        self._missed: frozenset[bytes] = frozenset()
        self._is_leaving = False

    def expect(self, missed: frozenset[bytes]) -> None:
        """Be ready only after these messages have come, in any frame: they were posted while it was away."""
        self._missed = missed

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Send a client's first frame."""
        self.transport = transport
        for frame in self._dialect.opening(self._resume_from):
            self.say(frame)
        if self.progress.is_ready:
            self.ready.set()  # the server sends no greeting

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Count the messages of a frame."""
        if frame.msg_type == WSMsgType.CLOSE:
            if not self._is_leaving:
                raise CountsDiffer(f"thrown out: {frame.get_close_code()} {frame.get_close_message()!r}")
            self.transport.disconnect()
            return
        payload = frame.get_payload_as_bytes()
        self.bytes_in += len(payload)
        self.frames_in += 1
        numbers = NUMBER.findall(payload)
        if not self.ready.is_set():
            self._greeted(payload, numbers)
        elif numbers:
            self.found += numbers
            if self.crowd is not None:
                self.crowd.told(self, numbers)
        elif payload.startswith(b'{"type":"error"'):
            raise CountsDiffer(f"refused: {payload!r}")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Note that the socket is gone."""
        self.gone.set()

    def say(self, frame: str) -> None:
        """Send a text frame."""
        self.transport.send(WSMsgType.TEXT, frame.encode())

    def leave(self) -> None:
        """Close; `gone` is set afterwards. It does not wait for the answer, which takes ten seconds locally."""
        self._is_leaving = True
        self.transport.send_close()
        self.transport.disconnect()

    def _greeted(self, payload: bytes, numbers: Sequence[bytes]) -> None:
        if not self.progress.is_ready:
            self._dialect.take(payload, self.progress)
        if self._missed:
            self.found += [number for number in numbers if number in self._missed]
        if self.progress.is_ready and self._missed.issubset(self.found):
            self.ready.set()


async def connect(
    address: Address, dialect: Dialect, resume_from: int | None = None, missed: frozenset[bytes] = frozenset()
) -> Line:
    """A socket that is ready to write, and has the messages that it `missed`."""
    line = Line(dialect, resume_from)
    line.expect(missed)
    await ws_connect(
        lambda: line,
        address.url,
        extra_headers=address.headers,
        max_frame_size=2**30,
        websocket_handshake_timeout=PATIENCE_SECONDS,
    )
    await asyncio.wait_for(line.ready.wait(), PATIENCE_SECONDS)
    return line


async def connect_all(addresses: Sequence[Address], dialect: Dialect, at_once: int = 50) -> list[Line]:
    """Many sockets, connected a few at a time, in order."""
    lines: list[Line] = []
    for start in range(0, len(addresses), at_once):
        lines += await asyncio.gather(*(connect(each, dialect) for each in addresses[start : start + at_once]))
    return lines


async def disconnect(lines: Iterable[Line]) -> None:
    """Close all of them, and wait until they are gone."""
    lines = list(lines)
    for line in lines:
        line.leave()
    await asyncio.wait_for(asyncio.gather(*(line.gone.wait() for line in lines)), PATIENCE_SECONDS)


class Crowd:
    """Sockets of one room that pass messages round: when a message returns to its sender, that socket sends another."""

    def __init__(self, lines: Sequence[Line], dialect: Dialect, *, first: int) -> None:
        """`first`: the number of the first message, which is new in this room."""
        self._lines = lines
        self._dialect = dialect
        self._next = self._first = first
        self._sent: dict[bytes, tuple[Line, float]] = {}  # messages on their way: by number, the sender and the time
        self._most = 0  # how many messages to send in all
        self._caught_up = asyncio.Event()
        self.times: list[float] = []  # seconds from sending a message to getting it back
        self.came_back = 0
        self.received = 0
        """How many times a socket got a message."""
        for line in lines:
            line.crowd = self
            line.found.clear()

    @property
    def sent(self) -> int:
        """How many messages were sent."""
        return self._next - self._first

    def told(self, line: Line, numbers: Sequence[bytes]) -> None:
        """Take the messages that a socket got; for each of its own it may send another one."""
        now = time.perf_counter()
        for number in numbers:
            sent = self._sent.get(number)
            if sent is not None and sent[0] is line:
                del self._sent[number]
                self.times.append(now - sent[1])
                self.came_back += 1
                if self.sent < self._most:
                    self.send(line)
        self.received += len(numbers)
        if self.received >= self._expected:
            self._caught_up.set()

    def send(self, line: Line) -> None:
        """Post the next message."""
        number = self._next
        self._next += 1
        frame = self._dialect.message(number)
        self._sent[b"%09d" % number] = (line, time.perf_counter())
        line.say(frame)

    def open(self, in_flight: int, most: int = 10**9) -> None:
        """Start so many messages, spread over the sockets, and go on until `most` were sent."""
        self._most = most
        for place in range(min(in_flight, most)):
            self.send(self._lines[place % len(self._lines)])

    async def finished(self) -> None:
        """Wait until `most` messages were sent, and check as `close` does."""
        await self._wait()

    async def close(self) -> None:
        """Stop sending, and wait until everybody got everything.

        Raises:
            CountsDiffer: a socket missed a message, or got one twice.
        """
        self._most = self.sent
        await self._wait()

    @property
    def _expected(self) -> int:
        return max(self._most, self.sent) * (1 if self._dialect.is_echo else len(self._lines))

    async def _wait(self) -> None:
        self._caught_up.clear()
        if self.received < self._expected:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._caught_up.wait(), CATCH_UP_SECONDS)
        await asyncio.sleep(0.02)  # by now a second copy would have come
        self._check()

    def _check(self) -> None:
        everything = Counter(b"%09d" % number for number in range(self._first, self._next))
        if self._dialect.is_echo:
            told = Counter(number for line in self._lines for number in line.found)
            _compare(told, everything)
            return
        for line in self._lines:
            _compare(Counter(line.found), everything)


def _compare(told: Counter[bytes], everything: Counter[bytes]) -> None:
    if told != everything:
        lost, more = everything - told, told - everything
        raise CountsDiffer(f"{lost.total()} lost and {more.total()} too many of {everything.total()} messages")


def addresses(job: dict[str, Any]) -> list[Address]:
    """The addresses to which the sockets of a job connect."""
    return [Address(job["url"], dict(headers)) for headers in job["people"]]
