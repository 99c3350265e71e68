"""What a small picture of a member or the room may be: a square WebP or PNG that stands still, known by its own bytes.

Nothing here decodes one: its first bytes say what it is and how large, and browsers draw it as an image only.
"""

import struct

from errors import Malformed, TooLarge

MAX_PICTURE_BYTES = 32_768  # in base64url still a frame; a WebP of 256 by 256 pixels has half of it
MIN_SIDE, MAX_SIDE = 16, 512  # pixels
PNG, WEBP = "image/png", "image/webp"
_PNG_BEGINS = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_PNG_MOVES, _PNG_DATA = b"acTL", b"IDAT"  # what says that there are several pictures stands before the first
_HEAD_BYTES = 30  # as far as the size stands in any of them
_LOSSY_BEGINS = b"\x9d\x01\x2a"
_LOSSLESS_BEGINS = 0x2F
_MOVES = 0x02  # the flag of an extended WebP with several frames


def checked_picture(picture: bytes) -> bytes:
    """The same picture.

    Raises:
        Malformed: it is no WebP or PNG, not square, moves, or has too few or many pixels.
        TooLarge: more than MAX_PICTURE_BYTES.
    """
    if len(picture) > MAX_PICTURE_BYTES:
        raise TooLarge("picture", limit=MAX_PICTURE_BYTES)
    width, height = _size(picture)
    if width != height or not MIN_SIDE <= width <= MAX_SIDE:
        raise Malformed(f"picture is not a square of {MIN_SIDE} to {MAX_SIDE} pixels.")
    return picture


def type_of(picture: bytes) -> str:
    """The media type of a picture that was checked."""
    return PNG if picture.startswith(_PNG_BEGINS) else WEBP


def _size(picture: bytes) -> tuple[int, int]:
    """Width and height, as the head of the file has them (RFC 9649, PNG third edition 11.2.1)."""
    if len(picture) >= _HEAD_BYTES:
        if picture.startswith(_PNG_BEGINS):
            if _PNG_MOVES in picture.partition(_PNG_DATA)[0]:
                raise Malformed("picture moves.")
            width, height = struct.unpack_from(">II", picture, len(_PNG_BEGINS))
            return width, height
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return _size_of_webp(picture)
    raise Malformed("picture is neither WebP nor PNG.")


def _size_of_webp(picture: bytes) -> tuple[int, int]:
    kind = picture[12:16]
    if kind == b"VP8X" and not picture[20] & _MOVES:
        return int.from_bytes(picture[24:27], "little") + 1, int.from_bytes(picture[27:30], "little") + 1
    if kind == b"VP8L" and picture[20] == _LOSSLESS_BEGINS:
        bits = int.from_bytes(picture[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and picture[23:26] == _LOSSY_BEGINS:
        width, height = struct.unpack_from("<HH", picture, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Malformed("picture moves, or is no WebP that can be read.")
