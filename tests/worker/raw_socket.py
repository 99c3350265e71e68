"""A WebSocket client that can do what a good library never would: say something and then not read."""

import base64
import contextlib
import os
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from encoding import compact_json
from tests.people import PATIENCE_SECONDS, Frame, Person

_SMALL_BUFFER = 4_096
_TEXT, _CLOSE = 0x81, 0x88
_SHORT = 125


class RawSocket:
    """An upgraded TCP connection; only what `put` writes is masked and framed (RFC 6455, section 5.2)."""

    def __init__(self, person: Person) -> None:
        url = urlsplit(person.url)
        self._socket = socket.socket()
        person.others.append(self)  # so that a test which fails in between leaves no open socket to the next one
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
        self._socket.connect((url.hostname, url.port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET /api/rooms/{person.room}/socket HTTP/1.1",
            f"Host: {url.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: chat.v1",
            f"Cookie: {person.cookie}",
            *([f"CF-Connecting-IP: {person.address}"] if person.address else []),
            "",
            "",
        ]
        self._socket.sendall("\r\n".join(lines).encode())
        assert self._socket.recv(12) == b"HTTP/1.1 101"
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)

    def put(self, frame: Frame | str) -> None:
        """Send a short text frame."""
        text = frame.encode() if isinstance(frame, str) else compact_json(frame).encode()
        self._write(_TEXT, text)

    def put_long(self, text: str) -> None:
        """Send a text frame of any length."""
        self._write(_TEXT, text.encode())

    def put_close(self, code: int, reason: bytes = b"") -> None:
        """Send a close frame, with whatever for a code and a reason."""
        self._write(_CLOSE, code.to_bytes(2, "big") + reason)

    def next_text(self) -> str:
        """The next text frame."""
        kind, payload = self._next()
        assert kind == _TEXT
        return payload.decode()

    def close_code(self) -> int | None:
        """The code of the close frame that comes next, other frames aside; None for one without."""
        while True:
            kind, payload = self._next()
            if kind == _CLOSE:
                return int.from_bytes(payload[:2], "big") if payload else None

    def _next(self) -> tuple[int, bytes]:
        self._socket.settimeout(PATIENCE_SECONDS)
        kind, length = self._read(2)
        if length > _SHORT:
            length = int.from_bytes(self._read(2 if length == _SHORT + 1 else 8), "big")
        return kind, self._read(length)

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            assert part, "the line was cut without a close frame"
            data += part
        return data

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size <= _SHORT:
            length = bytes([0x80 | size])
        elif size < 1 << 16:
            length = bytes([0x80 | _SHORT + 1]) + size.to_bytes(2, "big")
        else:
            length = bytes([0x80 | _SHORT + 2]) + size.to_bytes(8, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self._socket.sendall(bytes([kind]) + length + mask + masked)

    def put_at_once(self, texts: Sequence[str]) -> None:
        """Send many frames with one call; what the server does not take in time is dropped."""
        frames = b"".join(bytes([0x81, 0x80 | len(text)]) + bytes(4) + text.encode() for text in texts)
        with contextlib.suppress(OSError):
            self._socket.settimeout(0.5)
            self._socket.sendall(frames)

    def read_up_to(self, end: bytes) -> bytes:
        """Everything that has been waiting, to where it ends with this."""
        self._socket.settimeout(PATIENCE_SECONDS)
        data = bytearray()
        while not data.endswith(end) and (part := self._socket.recv(1 << 20)):
            data += part
        return bytes(data)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
