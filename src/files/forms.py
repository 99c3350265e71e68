"""What a browser says of a file that it wants to upload (docs/protocol.md, "Files")."""

from dataclasses import dataclass

from encoding import json_object
from errors import Malformed, TooLarge
from files.layout import is_sealed_size, sealed_bytes
from limits import MAX_SAFE_INTEGER, MAX_THUMB_BYTES
from wire import fields
from wire.files import file_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that somebody wants to upload. Sizes are sealed bytes."""

    id: str
    channel: str
    size: int
    thumb: int
    """0: it has no thumbnail."""


def parse_wanted(body: str, file_bytes: int) -> Wanted:
    """The file that a request asks to reserve.

    Args:
        file_bytes: how large a file may be before it is sealed.
    Raises:
        Malformed: not the documented form, or a size that no sealed file has.
        TooLarge: the file or its thumbnail.
    """
    given = json_object(body, "The body")
    size = fields.integer(given, "size", 0, MAX_SAFE_INTEGER)
    thumb = fields.integer(given, "thumb", 0, MAX_SAFE_INTEGER)
    if not is_sealed_size(size):
        raise Malformed("size is not that of a sealed file.")
    if size > sealed_bytes(file_bytes):
        raise TooLarge("size", limit=file_bytes)
    if thumb > sealed_bytes(MAX_THUMB_BYTES):
        raise TooLarge("thumb", limit=MAX_THUMB_BYTES)
    if thumb and (not is_sealed_size(thumb) or thumb == sealed_bytes(0)):
        raise Malformed("thumb is not the size of a sealed thumbnail.")
    return Wanted(file_id(given, "id"), fields.identifier(given, "channel"), size, thumb)
