"""A WebSocket client that can do what a good library never would: say something and then not read."""

import base64
import os
import socket
from urllib.parse import urlsplit

from encoding import compact_json
from tests.people import PATIENCE_SECONDS, Frame, Person

_SMALL_BUFFER = 4_096


class RawSocket:
    """An upgraded TCP connection; only what `put` writes is masked and framed (RFC 6455, section 5.2)."""

    def __init__(self, person: Person) -> None:
        url = urlsplit(person.url)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
        self._socket.connect((url.hostname, url.port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET /api/rooms/{person.room}/socket HTTP/1.1", f"Host: {url.netloc}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: chat.v1", f"Cookie: {person.cookie}", "", "",
        ]  # fmt: skip
        self._socket.sendall("\r\n".join(lines).encode())
        assert self._socket.recv(12) == b"HTTP/1.1 101"

    def put(self, frame: Frame | str) -> None:
        """Send a short text frame."""
        text = frame.encode() if isinstance(frame, str) else compact_json(frame).encode()
        assert len(text) < 126
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))
        self._socket.sendall(bytes([0x81, 0x80 | len(text)]) + mask + masked)

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
