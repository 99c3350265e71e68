"""One part of a file on its way: how long it is, what of it is wanted, and what the answer carries.

The Worker checks all of it and hands the result, as a header, to the object that has the parts. So an object believes
no client, and knows nothing of tickets.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from encoding import b64url
from errors import LengthRequired, Malformed, NotFound, RangeNotSatisfiable, TooLarge
from files.layout import BLOCK_BYTES, OBJECT, THUMBNAIL, full_part_bytes, part_bytes
from files.tickets import Ticket
from web.answers import API_HEADERS

PART = "X-Part"
"""The header that holds a `PartRequest`."""
SIZES, REMOVE = "https://files/sizes", "https://files/remove"
"""The addresses at which a room asks its object `Files` for what is stored, and to remove it."""

PART_HEADERS: Mapping[str, str] = {
    **API_HEADERS,
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, immutable",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Type": "application/octet-stream",
}
"""What every answer with bytes carries: they are ciphertext, and no browser may take them for anything else."""

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.IGNORECASE)
_SESSION_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A row of the object, or what is wanted of it. Sizes are sealed bytes."""

    name: str
    size: int
    """What the whole row has."""
    first: int
    """Where the wanted bytes begin."""
    length: int
    """How many are wanted from there."""


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A request for one part, checked. Sizes are sealed bytes."""

    request_id: str
    session: str
    """Tells one session from another while a part is on its way."""
    file: str
    """The file's id as base64url."""
    part: str
    size: int
    """What the whole part has."""
    first: int
    """Where the wanted bytes begin."""
    length: int
    """How many are wanted from there."""
    first_block: int = 0
    """The number of the part's first block among those of the file."""
    is_range: bool = False
    """Whether somebody asked for these only, even if they are all."""

    @property
    def status(self) -> int:
        """That of an answer with bytes."""
        return 206 if self.is_range else 200

    def narrowed(self, given: str | None, condition: str | None) -> "PartRequest":
        """The same request for the range that the headers Range and If-Range ask for, if they ask for one.

        Raises:
            RangeNotSatisfiable: it is beyond the end.
        """
        span = wanted_range(given, condition, self.size)
        return self if span is None else replace(self, first=span[0], length=span[1], is_range=True)

    def blocks(self) -> list[Block]:
        """The rows of the object that have the wanted bytes, in order."""
        full, end, found = BLOCK_BYTES[OBJECT], self.first + self.length, []
        for number, start in enumerate(range(0, self.size, full), self.first_block):
            first, last = max(self.first, start), min(end, start + full)
            if first < last:
                name = THUMBNAIL if self.part == THUMBNAIL else str(number)
                found.append(Block(name, min(full, self.size - start), first - start, last - first))
        return found

    def headers(self) -> dict[str, str]:
        """Those of an answer with bytes (RFC 9110, 15.3.7)."""
        if not self.is_range:
            return dict(PART_HEADERS)
        return {**PART_HEADERS, "Content-Range": f"bytes {self.first}-{self.first + self.length - 1}/{self.size}"}

    def written(self) -> str:
        """As a header carries it."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> "PartRequest":
        """What `written` made."""
        return cls(**json.loads(text))


def allowed_by(ticket: Ticket, part: str, *, request_id: str, token_digest: bytes) -> PartRequest:
    """The request for a part of the file that a good ticket is for.

    Raises:
        NotFound: the file has no such part.
    """
    size = part_bytes(part, ticket.size, ticket.thumb, ticket.place)
    if size is None:
        raise NotFound("This file has no such part.")
    before = 0 if part == THUMBNAIL else int(part) * full_part_bytes(ticket.size, ticket.place)
    return PartRequest(
        request_id,
        b64url(token_digest)[:_SESSION_CHARACTERS],
        ticket.file,
        part,
        size,
        first=0,
        length=size,
        first_block=before // BLOCK_BYTES[ticket.place],
    )


def check_length(content_length: str | None, size: int) -> None:
    """Refuse a body that cannot be a part of `size` bytes, before a byte of it is read.

    Raises:
        LengthRequired: the request does not say how long it is.
        TooLarge, Malformed: it is longer or shorter than the part.
    """
    if content_length is None or not content_length.isascii() or not content_length.isdigit():
        raise LengthRequired("A part needs a Content-Length.")
    if int(content_length) > size:
        raise TooLarge("This part", limit=size)
    if int(content_length) < size:
        raise Malformed(f"This part has {size} bytes.")


def wanted_range(given: str | None, condition: str | None, size: int) -> tuple[int, int] | None:
    """Where the wanted bytes of a part begin and how many they are; None for all of it (RFC 9110, 14.2).

    Args:
        given: the header Range. Several ranges, other units and nonsense count as none, as the standard wants it.
        condition: the header If-Range; nothing of ours has a tag that could fit it.
        size: of the part.
    Raises:
        RangeNotSatisfiable: the range is beyond the end.
    """
    match = _RANGE.fullmatch(given.strip()) if given is not None and condition is None else None
    if match is None or match.groups() == ("", ""):
        return None
    if not match[1]:
        first, end = size - min(int(match[2]), size), size
    else:
        first, end = int(match[1]), min(int(match[2] or size) + 1, size)
        if match[2] and int(match[2]) < first:
            return None
    if first >= size:
        raise RangeNotSatisfiable(size)
    return first, end - first
