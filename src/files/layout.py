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
BLOCK_BYTES: Mapping[str, int] = {OBJECT: 4 * SEALED_CHUNK_BYTES, BUCKET: 32 * SEALED_CHUNK_BYTES}
"""The sealed bytes that are stored together, by place: a row, of which the platform takes 2 MB, or an object of R2."""
LARGE_FILE_BYTES = 8 * BLOCK_BYTES[OBJECT]
"""A longer file travels in longer parts: a request costs as much as moving half a megabyte, but one that breaks begins
anew."""
_BLOCKS_A_LONG_PART = 5
ROOM_BYTES: Mapping[str, int] = {OBJECT: ROOM_FILE_BYTES, BUCKET: ROOM_FILE_BYTES_BUCKET}
"""How many sealed bytes all files of a room may have where the operator set no number, by the place of new ones."""


def sealed_bytes(size: int) -> int:
    """The sealed size of a file of `size` bytes; an empty file is one empty chunk."""
    return size + max(1, -(-size // CHUNK_BYTES)) * TAG_BYTES


def is_sealed_size(size: int) -> bool:
    """Whether a sealed file can have `size` bytes: nothing but a tag only if it is empty."""
    rest = size % SEALED_CHUNK_BYTES
    return size == TAG_BYTES or (size > 0 and (rest == 0 or rest > TAG_BYTES))


def full_part_bytes(size: int, place: str) -> int:
    """The sealed bytes of each part but the last, of a file of `size` sealed bytes: one block or several."""
    blocks = _BLOCKS_A_LONG_PART if place == OBJECT and size > LARGE_FILE_BYTES else 1
    return blocks * BLOCK_BYTES[place]


def part_count(size: int, place: str) -> int:
    """How many parts a file of `size` sealed bytes has, without its thumbnail."""
    return -(-size // full_part_bytes(size, place))


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
    full = full_part_bytes(size, place)
    return full if int(part) < last else size - last * full


def is_complete(stored: Mapping[str, int], size: int, thumb: int, place: str) -> bool:
    """Whether the blocks that are stored, with their sizes, are all of a file."""
    return all(stored.get(name) == length for name, length in block_sizes(size, thumb, place).items())


def block_sizes(size: int, thumb: int, place: str) -> dict[str, int]:
    """The sealed size of each block of a file, by its name; the thumbnail is one of its own."""
    full = BLOCK_BYTES[place]
    found = {str(start // full): min(full, size - start) for start in range(0, size, full)}
    return {**found, THUMBNAIL: thumb} if thumb else found
