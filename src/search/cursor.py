"""Cursors: where a search stopped, as a text that only the room can make, for the same member and question."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from encoding import b64url, compact_json, from_b64url
from errors import Malformed
from limits import ID_BYTES

_FOUND_BYTES, _SEQ_BYTES, _TIME_BYTES, _MAC_BYTES = 1, 7, 7, 16
_PLACE_BYTES = ID_BYTES + _SEQ_BYTES + _TIME_BYTES
_MOST_FOUND = 255


class Place(NamedTuple):
    """How far a search came in the open channels or a lane: it has everything from `below` on; 0 is all.

    What is left there was said at `newest_at` or before.
    """

    below: int
    newest_at: int


OVER = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search is in each lane that it has begun with ("" for the open channels); before `start` all is over.

    It found so many messages, of which at most 255 are counted.
    """

    found: int = 0
    places: Mapping[str, Place] = field(default_factory=dict)
    start: str = ""

    def issue(self, key: bytes, question: list[Any]) -> str:
        """The text of the cursor: `found` (1 byte), `start`, and each place; HMAC-SHA-256 of it all (16)."""
        data = min(self.found, _MOST_FOUND).to_bytes(_FOUND_BYTES, "big") + _id_bytes(self.start)
        for lane, (below, newest_at) in self.places.items():
            data += _id_bytes(lane) + below.to_bytes(_SEQ_BYTES, "big") + newest_at.to_bytes(_TIME_BYTES, "big")
        return b64url(data + _mac(key, data, question))


def read(text: str, key: bytes, question: list[Any]) -> Cursor:
    """The cursor that was issued for a question.

    Args:
        question: who asks, and everything that the answer depends on, as JSON values.
    Raises:
        Malformed: the room did not make it for this question.
    """
    try:
        data = from_b64url(text)
    except Malformed:
        data = b""
    said, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    head = _FOUND_BYTES + ID_BYTES
    if len(said) < head or not hmac.compare_digest(mac, _mac(key, said, question)):
        raise Malformed("cursor is none of this search.")
    places = [said[at : at + _PLACE_BYTES] for at in range(head, len(said), _PLACE_BYTES)]
    return Cursor(said[0], dict(map(_place, places)), _id(said[_FOUND_BYTES:head]))


def _place(data: bytes) -> tuple[str, Place]:
    below, newest_at = data[ID_BYTES : ID_BYTES + _SEQ_BYTES], data[ID_BYTES + _SEQ_BYTES :]
    return _id(data[:ID_BYTES]), Place(int.from_bytes(below, "big"), int.from_bytes(newest_at, "big"))


def _id_bytes(lane: str) -> bytes:
    return from_b64url(lane) if lane else bytes(ID_BYTES)


def _id(data: bytes) -> str:
    return b64url(data) if any(data) else ""


def _mac(key: bytes, data: bytes, question: list[Any]) -> bytes:
    return hmac.digest(key, data + compact_json(question).encode(), "sha256")[:_MAC_BYTES]
