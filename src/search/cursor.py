"""Cursors: where a search stopped, as a text that only the room can make, for the same member and question."""

import hmac
from dataclasses import dataclass
from typing import Any

from encoding import b64url, compact_json, from_b64url
from errors import Malformed

_SEQ_BYTES, _FOUND_BYTES, _MAC_BYTES = 7, 1, 16
_MOST_FOUND = 255


@dataclass(frozen=True, slots=True)
class Cursor:
    """A search looked at everything from `below` on and found so many messages (at most 255 are counted).

    `lane` is where it was, empty for the open channels; lanes come after these in the order of their ids.
    """

    below: int
    found: int
    lane: str = ""

    def issue(self, key: bytes, question: list[Any]) -> str:
        """The text of the cursor: `below` (7 bytes), `found` (1), `lane`, HMAC-SHA-256 of it all (16)."""
        place = self.below.to_bytes(_SEQ_BYTES, "big") + min(self.found, _MOST_FOUND).to_bytes(_FOUND_BYTES, "big")
        place += self.lane.encode()
        return b64url(place + _mac(key, place, question))


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
    place, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if len(place) < _SEQ_BYTES + _FOUND_BYTES or not hmac.compare_digest(mac, _mac(key, place, question)):
        raise Malformed("cursor is none of this search.")
    lane = place[_SEQ_BYTES + _FOUND_BYTES :].decode()  # it is ours, as its signature shows
    return Cursor(int.from_bytes(place[:_SEQ_BYTES], "big"), place[_SEQ_BYTES], lane)


def _mac(key: bytes, place: bytes, question: list[Any]) -> bytes:
    return hmac.digest(key, place + compact_json(question).encode(), "sha256")[:_MAC_BYTES]
