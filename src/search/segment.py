"""Segments: what is known of up to SEGMENT_MESSAGES messages without opening them.

A segment has a column for each of its messages and SIGNATURE_ROWS rows of bits: the bit of a row and a column is set if
the message has a gram that stands for the row. So a search for some grams takes their rows, and the columns that are
set in all of them are its candidates. `encoded` gives the form in which a segment is sealed.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from encoding import compact_json
from limits import SIGNATURE_ROWS
from search.grams import rows_of
from search.normal import RULES
from search.planes import Names, columns_with

LIVE, LINK, FILE, IMAGE, REPLY = 1, 2, 4, 8, 16
"""The flags of a column: whether the message is stored, and what it has."""
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as a segment takes it: whose it is and where, its normal form, and its flags (LIVE is one of them)."""

    seq: int
    channel: str
    author: str
    sent_at: int
    text: str
    flags: int


class Segment:
    """The signatures of the messages with a `seq` after `after_seq` and up to `up_to_seq`, oldest first."""

    def __init__(self, after_seq: int, up_to_seq: int, since: int) -> None:
        """`since`: the time from which the times of its messages are counted."""
        self.after_seq = after_seq
        self.up_to_seq = up_to_seq
        self.since = since
        self.count = 0
        self._width = 0
        self._matrix = bytearray()
        self._seqs, self._times = array("q"), array("q")
        self._channels, self._authors = Names(), Names()
        self._flags = bytearray()

    # --- messages ---

    def add(self, entry: Entry) -> None:
        """Add the newest message."""
        if self.count == 8 * self._width:
            self._widen()
        self._mark(self.append(entry), entry.text)

    def append(self, entry: Entry) -> int:
        """Add the newest message, whose bits `fill` sets; returns its column."""
        self.count += 1
        self._seqs.append(entry.seq - self.after_seq)
        self._times.append(entry.sent_at - self.since)
        self._channels.append(entry.channel)
        self._authors.append(entry.author)
        self._flags.append(entry.flags)
        self.up_to_seq = max(self.up_to_seq, entry.seq)
        return self.count - 1

    def fill(self, rows: Iterable[int]) -> None:
        """Set the bits of all messages: for each row a number with a bit for each column."""
        self._width = (self.count + 7) // 8
        self._matrix = bytearray(b"".join([row.to_bytes(self._width, "little") for row in rows]))

    def revise(self, seq: int, text: str, flags: int) -> None:
        """Replace what is known of a message; nothing happens if it is not here."""
        column = self._column(seq)
        if column is not None:
            self._clear(1 << column)
            self._flags[column] = flags
            self._mark(column, text)

    def include(self, seq: int, text: str, flags: int) -> None:
        """Have a message found by another text too, besides the one that it has."""
        column = self._column(seq)
        if column is not None:
            self._flags[column] |= flags
            self._mark(column, text)

    def erase(self, seqs: Iterable[int]) -> None:
        """Forget messages: nothing of them stays but their `seq`."""
        columns = [column for column in map(self._column, seqs) if column is not None]
        self._clear(sum(1 << column for column in columns))
        for column in columns:
            self._flags[column] = 0
            self._times[column] = 0
            self._channels.forget(column)
            self._authors.forget(column)

    def newer_than(self, seq: int) -> "Segment":
        """The same without the messages up to a `seq`."""
        gone = self.below(seq + 1).bit_length()
        rest = Segment(seq, self.up_to_seq, self.since)
        rest.count, rest._width = self.count - gone, self._width
        rest._seqs = array("q", [each + self.after_seq - seq for each in self._seqs[gone:]])
        rest._times, rest._flags = self._times[gone:], self._flags[gone:]
        rest._channels, rest._authors = self._channels.without_first(gone), self._authors.without_first(gone)
        kept = [self.row(number) >> gone for number in range(SIGNATURE_ROWS)]
        rest._matrix = bytearray(b"".join([row.to_bytes(self._width, "little") for row in kept]))
        return rest

    @property
    def parts(self) -> "Sequence[Segment]":
        """The segments that it consists of, without their rows: whose the messages are, where and when."""
        bare = copy(self)
        bare._matrix, bare._width = bytearray(), 0
        return [bare]

    def seq(self, column: int) -> int:
        """The `seq` of a message."""
        return self.after_seq + self._seqs[column]

    def sent_at(self, column: int) -> int:
        """When a message was sent."""
        return self.since + self._times[column]

    def channel(self, column: int) -> str:
        """The channel of a message."""
        return self._channels.at(column)

    def author(self, column: int) -> str:
        """The member who wrote a message."""
        return self._authors.at(column)

    def flags(self, column: int) -> int:
        """The flags of a message; 0 if it is forgotten."""
        return self._flags[column]

    @property
    def size_bytes(self) -> int:
        """About what it takes of the memory."""
        return len(self._matrix) + (2 * self._seqs.itemsize + 5) * self.count

    @property
    def matrix(self) -> bytearray:
        """The rows of bits, one after the other; each takes `width` bytes."""
        return self._matrix

    @property
    def width(self) -> int:
        """The bytes of a row; there may be room for more columns than there are messages."""
        return self._width

    # --- columns, as a number with a bit for each ---

    def row(self, number: int) -> int:
        """The messages with a gram that stands for a row."""
        start = number * self._width
        return int.from_bytes(self._matrix[start : start + self._width], "little")

    def with_rows(self, numbers: Iterable[int], columns: int) -> int:
        """Those of `columns` that are set in all of these rows. A search spends most of its time here."""
        matrix, width = self._matrix, self._width
        for number in numbers:
            if not columns:
                break
            columns &= int.from_bytes(matrix[number * width : number * width + width], "little")
        return columns

    def with_flags(self, flags: int) -> int:
        """The messages that have all of these flags."""
        return columns_with(self._flags, [value for value in range(32) if value & flags == flags])

    def of_author(self, author: str) -> int:
        """The messages of a member."""
        return self._authors.columns([author])

    def of_channels(self, channels: Collection[str]) -> int:
        """The messages of some channels."""
        return self._channels.columns(channels)

    def sent_between(self, after: int, before: int) -> int:
        """The messages that were sent from `after` on and before `before`."""
        low, high = after - self.since, before - self.since
        return sum(1 << column for column, time in enumerate(self._times) if low <= time < high)

    def below(self, seq: int) -> int:
        """The messages before a `seq`."""
        if seq > self.up_to_seq:
            return (1 << self.count) - 1
        return (1 << bisect_left(self._seqs, seq - self.after_seq)) - 1

    # --- the sealed form ---

    def encoded(self) -> bytes:
        """Length of the head (4) | head in JSON | for each message `seq` and time (4 each), numbers of its channel and
        author (2 each, as planes of low and high bytes) and flags (1) | the rows of bits, each as short as possible.
        """
        head = {
            "rules": RULES,
            "count": self.count,
            "since": self.since,
            "channels": self._channels.names,
            "authors": self._authors.names,
        }
        text = compact_json(head).encode()
        width = (self.count + 7) // 8
        starts = range(0, SIGNATURE_ROWS * self._width, self._width or 1)
        matrix = b"".join([self._matrix[start : start + width] for start in starts])
        planes = self._channels.planes() + self._authors.planes() + bytes(self._flags)
        places = array("I", self._seqs).tobytes() + array("I", self._times).tobytes()
        return len(text).to_bytes(_LENGTH_BYTES, "little") + text + places + planes + matrix

    @classmethod
    def decoded(cls, data: bytes, after_seq: int, up_to_seq: int) -> "Segment | None":
        """The segment that was encoded; None if it was made by other rules, or is none."""
        try:
            return cls._decoded(data, after_seq, up_to_seq)
        except (ValueError, KeyError, TypeError):
            return None

    @classmethod
    def _decoded(cls, data: bytes, after_seq: int, up_to_seq: int) -> "Segment | None":
        start = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "little")
        head: Mapping[str, Any] = json.loads(data[_LENGTH_BYTES:start])
        count = head["count"]
        width = (count + 7) // 8
        if head["rules"] != RULES or len(data) != start + 13 * count + SIGNATURE_ROWS * width:
            return None
        parts = _Parts(data, start)
        segment = cls(after_seq, up_to_seq, head["since"])
        segment.count, segment._width = count, width
        segment._seqs, segment._times = array("I", parts.take(4 * count)), array("I", parts.take(4 * count))
        segment._channels = Names(head["channels"], parts.take(count), parts.take(count))
        segment._authors = Names(head["authors"], parts.take(count), parts.take(count))
        segment._flags = bytearray(parts.take(count))
        segment._matrix = bytearray(parts.take(SIGNATURE_ROWS * width))
        return segment

    # --- bits ---

    def _column(self, seq: int) -> int | None:
        place = bisect_left(self._seqs, seq - self.after_seq)
        return place if place < self.count and self._seqs[place] == seq - self.after_seq else None

    def _mark(self, column: int, text: str) -> None:
        byte, bit = column >> 3, 1 << (column & 7)
        for row in rows_of(text):
            self._matrix[row * self._width + byte] |= bit

    def _clear(self, columns: int) -> None:
        """Clear these columns in all rows; one number for the whole matrix is quicker than one for each row."""
        kept = (1 << 8 * self._width) - 1 & ~columns
        mask = int.from_bytes(kept.to_bytes(self._width, "little") * SIGNATURE_ROWS, "little")
        matrix = int.from_bytes(self._matrix, "little") & mask
        self._matrix = bytearray(matrix.to_bytes(len(self._matrix), "little"))

    def _widen(self) -> None:
        width = max(2 * self._width, 8)
        more = bytes(width - self._width)
        starts = range(0, SIGNATURE_ROWS * self._width, self._width) if self._width else [0] * SIGNATURE_ROWS
        self._matrix = bytearray(b"".join([self._matrix[start : start + self._width] + more for start in starts]))
        self._width = width


class _Parts:
    """The parts of a sealed form, one after the other."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._at = start

    def take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]


def newest_first(columns: int) -> Iterator[int]:
    """The columns of a number, the newest message first."""
    while columns:
        column = columns.bit_length() - 1
        columns ^= 1 << column
        yield column
