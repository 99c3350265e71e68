"""How a sealed file is cut (docs/protocol.md, "Files"): chunks that are sealed one by one, and parts that travel.

The browser seals, so nothing here sees a byte. All sizes follow from the size of the file.
"""

from collections.abc import Mapping

from limits import ROOM_FILE_BYTES, ROOM_FILE_BYTES_BUCKET
from sealing.ciphers import TAG_BYTES

CHUNK_BYTES = 262_144
"""The plaintext of a chunk; the last one of a file may be shorter."""
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
THUMBNAIL = "t"
"""The part with the thumbnail, which is one chunk. The parts of the file are called "0", "1" and so on."""

OBJECT, BUCKET = "object", "bucket"
"""Where parts may be: in the object `Files` of the room, or in R2."""
PART_BYTES: Mapping[str, int] = {OBJECT: 4 * SEALED_CHUNK_BYTES, BUCKET: 32 * SEALED_CHUNK_BYTES}
"""The sealed bytes of each part but the last, by place: below the platform's 2 MB a row, and fewer requests to R2."""
ROOM_BYTES: Mapping[str, int] = {OBJECT: ROOM_FILE_BYTES, BUCKET: ROOM_FILE_BYTES_BUCKET}
"""How many sealed bytes all files of a room may have where the operator set no number, by the place of new ones."""


def sealed_bytes(size: int) -> int:
    """The sealed size of a file of `size` bytes; an empty file is one empty chunk."""
    return size + max(1, -(-size // CHUNK_BYTES)) * TAG_BYTES


def is_sealed_size(size: int) -> bool:
    """Whether a sealed file can have `size` bytes: nothing but a tag only if it is empty."""
    rest = size % SEALED_CHUNK_BYTES
    return size == TAG_BYTES or (size > 0 and (rest == 0 or rest > TAG_BYTES))


def part_count(size: int, place: str) -> int:
    """How many parts a file of `size` sealed bytes has, without its thumbnail."""
    return -(-size // PART_BYTES[place])


def part_bytes(part: str, size: int, thumb: int, place: str) -> int | None:
    """The exact sealed size of a part; None if the file has no such part.

    Args:
        part: its name.
        size: the sealed size of the file.
        thumb: the sealed size of its thumbnail, 0 without one.
    """
    if part == THUMBNAIL:
        return thumb or None
    last = part_count(size, place) - 1
    if not part.isascii() or not part.isdigit() or str(int(part)) != part or int(part) > last:
        return None
    full = PART_BYTES[place]
    return full if int(part) < last else size - last * full


def is_complete(stored: Mapping[str, int], size: int, thumb: int, place: str) -> bool:
    """Whether the parts that are stored, with their sizes, are all of a file."""
    names = [str(number) for number in range(part_count(size, place))] + ([THUMBNAIL] if thumb else [])
    return all(stored.get(name) == part_bytes(name, size, thumb, place) for name in names)
