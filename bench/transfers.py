"""Files on their way: how fast the parts of one go to a store and come back, and people who upload all the time.

The bytes are random and not sealed: sealing is the browser's work, and no server can tell the difference.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx

from access.cookies import session_token, token_digest
from bench import proofs
from encoding import b64url, from_b64url
from files.layout import BLOCK_BYTES, OBJECT, sealed_bytes
from files.tickets import DOWNLOAD, Ticket, issue, ticket_key
from tests.fakes import OpenSslCiphers
from tests.server import MASTER_KEY

FILE_BYTES = 26_214_400
AT_ONCE = 3  # parts that the page stores or fetches at the same time
LINE_BYTES_PER_SECOND = 1_250_000  # ten megabits, as people upload at home
_SLICE_BYTES = 16_384
ROOM = "files"
_FIRST_PERSON = 1_000  # those with lower numbers have sockets
_TICKET_MS = 600_000
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Destination:
    """Where one file goes: the address of its parts, and what each request says."""

    url: str
    up: dict[str, str]
    down: dict[str, str]

    part_bytes: int

    def sizes(self) -> dict[str, int]:
        """The bytes of each part."""
        size = sealed_bytes(FILE_BYTES)
        starts = range(0, size, self.part_bytes)
        return {str(number): min(self.part_bytes, size - start) for number, start in enumerate(starts)}


Destinations = Callable[[], Destination]


def ours(url: str, person: int = 0) -> Destinations:
    """Files of somebody who is signed in to a room of ours, another one for each number."""
    (headers,) = proofs.sign_in(url, ROOM, range(_FIRST_PERSON + person, _FIRST_PERSON + person + 1))
    headers.pop("Sec-WebSocket-Protocol")
    digest = token_digest(session_token(headers["Cookie"], ROOM) or b"")
    key = asyncio.run(ticket_key(from_b64url(MASTER_KEY), OpenSslCiphers()))

    def reserve() -> Destination:
        file, size = b64url(os.urandom(16)), sealed_bytes(FILE_BYTES)
        place = f"{url}/api/rooms/{ROOM}/files"
        form = {"id": file, "channel": "general", "size": size, "thumb": 0}
        answer = httpx.post(place, json=form, headers=headers, timeout=_PATIENCE_SECONDS).raise_for_status().json()
        ticket = Ticket(DOWNLOAD, ROOM, file, size, 0, OBJECT, int(time.time() * 1_000) + _TICKET_MS)
        down = issue(ticket, key=key, token_digest=digest)
        up = {**headers, "Upload-Ticket": answer["ticket"]}
        return Destination(f"{place}/{file}", up, {**headers, "Download-Ticket": down}, answer["part_bytes"])

    return reserve


def plain(url: str) -> Destinations:
    """Files in the plain store: its parts are rows, so they have what a row takes."""
    return lambda: Destination(f"{url}/{b64url(os.urandom(16))}", {}, {}, BLOCK_BYTES[OBJECT])


def give_up(destination: Destination) -> None:
    """Have a file of ours removed: a member uploads only so many at once."""
    httpx.delete(destination.url, headers=destination.up, timeout=_PATIENCE_SECONDS).raise_for_status()


def wait_for_store(destinations: Destinations) -> None:
    """Wait until the Worker has found the process with the objects of files, which takes it a moment.

    Raises:
        ValueError: it does not find it.
    """
    destination = destinations()
    size = destination.sizes()["0"]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _store(destination, {"0": bytes(size)})
            break
        except (OSError, ValueError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    give_up(destination)


def megabytes_per_second(destination: Destination) -> dict[str, float]:
    """Store the parts of one file and fetch them, three at a time, as the page does."""
    parts = {name: os.urandom(size) for name, size in destination.sizes().items()}
    lanes = [{name: parts[name] for name in list(parts)[number::AT_ONCE]} for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as lines:
        started = time.perf_counter()
        list(lines.map(lambda lane: _store(destination, lane), lanes))
        stored = time.perf_counter()
        list(lines.map(lambda lane: _fetch(destination, lane), lanes))
        fetched = time.perf_counter()
    megabytes = FILE_BYTES / 1_000_000
    return {"up": megabytes / (stored - started), "down": megabytes / (fetched - stored)}


@contextmanager
def uploading(destinations: list[Destinations], bytes_per_second: int = LINE_BYTES_PER_SECOND) -> Iterator[None]:
    """People who upload one file after the other, each on a line of this speed, until the block ends."""
    is_over = threading.Event()

    def upload(reserve: Destinations) -> None:
        while not is_over.is_set():
            destination = reserve()
            for name, size in destination.sizes().items():
                if not is_over.is_set():
                    _store(destination, {name: os.urandom(size)}, bytes_per_second)
            give_up(destination)

    with ThreadPoolExecutor(len(destinations)) as people:
        going = [people.submit(upload, reserve) for reserve in destinations]
        try:
            yield
        finally:
            is_over.set()
        for each in going:
            each.result()


def _store(destination: Destination, parts: dict[str, bytes], bytes_per_second: int | None = None) -> None:
    with _line(destination.url) as line:
        for name, data in parts.items():
            headers = {**destination.up, "Content-Length": str(len(data))}
            body = data if bytes_per_second is None else _paced(data, bytes_per_second)
            line.request("PUT", _path(destination, name), body, headers)
            answer = line.getresponse()
            answer.read()
            if answer.status != httpx.codes.NO_CONTENT:
                raise ValueError(f"part {name} was answered with status {answer.status}")


def _fetch(destination: Destination, parts: dict[str, bytes]) -> None:
    with _line(destination.url) as line:
        for name, data in parts.items():
            line.request("GET", _path(destination, name), headers=destination.down)
            answer = line.getresponse()
            if answer.read() != data:
                raise ValueError(f"part {name} came back with status {answer.status} and other bytes")


def _paced(data: bytes, bytes_per_second: int) -> Iterator[bytes]:
    started = time.perf_counter()
    for start in range(0, len(data), _SLICE_BYTES):
        time.sleep(max(0.0, start / bytes_per_second - (time.perf_counter() - started)))
        yield data[start : start + _SLICE_BYTES]


@contextmanager
def _line(url: str) -> Iterator[HTTPConnection]:
    where = urlsplit(url)
    line = HTTPConnection(where.hostname or "", where.port, timeout=_PATIENCE_SECONDS)
    try:
        yield line
    finally:
        line.close()


def _path(destination: Destination, part: str) -> str:
    return f"{urlsplit(destination.url).path}/parts/{part}"
