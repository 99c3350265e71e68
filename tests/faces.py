"""Small pictures as members show themselves: a whole PNG, and heads of WebP files that say a size."""

import struct
import zlib


def png(side: int) -> bytes:
    """A grey PNG, complete: browsers show it."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x7f" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def moving_png(side: int) -> bytes:
    """A PNG of one picture that says that it has two."""
    still = png(side)
    head, data = still[: still.index(b"IDAT") - 4], still[still.index(b"IDAT") - 4 :]
    return head + _chunk(b"acTL", struct.pack(">II", 2, 0)) + data


def lossy(side: int) -> bytes:
    """The head of a lossy WebP."""
    return _webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", side, side))


def lossless(side: int) -> bytes:
    """The head of a lossless WebP."""
    return _webp(b"VP8L", b"\x2f" + struct.pack("<I", (side - 1) | (side - 1) << 14))


def extended(side: int, *, flags: int = 0) -> bytes:
    """The head of an extended WebP; the flag 2 says that it moves."""
    length = struct.pack("<I", side - 1)[:3]
    return _webp(b"VP8X", bytes([flags, 0, 0, 0]) + length + length)


def _webp(kind: bytes, body: bytes) -> bytes:
    chunk = b"WEBP" + kind + struct.pack("<I", len(body)) + body + bytes(20)
    return b"RIFF" + struct.pack("<I", len(chunk)) + chunk


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
