"""Blocks: segments that follow each other, as one segment that is as wide as all of them.

To combine a row of eight segments takes hardly longer than one of a single segment, so a search for a rare word looks
into a hundred thousand messages in a dozen steps. A block is made of what was opened, and it never changes.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate

from limits import SIGNATURE_ROWS
from search.segment import Segment


class Block(Segment):
    """Several segments side by side, oldest first; each begins where the one before it ends."""

    def __init__(self, parts: Sequence[Segment]) -> None:
        super().__init__(parts[0].after_seq, parts[-1].up_to_seq, min(part.since for part in parts))
        widths = [(part.count + 7) // 8 for part in parts]
        self._parts = [each for part in parts for each in part.parts]
        bounds = accumulate([(part.count + 7) // 8 for part in self._parts], initial=0)
        self._starts = [8 * bound for bound in bounds][:-1]
        self._width = sum(widths)
        self.count = 8 * self._width  # some columns between segments have no message, no bit and no flag
        sides = [(part.matrix, part.width, width) for part, width in zip(parts, widths, strict=True)]
        # A row becomes a number when it is first needed: that takes longer than to combine it with another one.
        self._rows: list[bytes | int] = [
            b"".join([matrix[number * stride : number * stride + width] for matrix, stride, width in sides])
            for number in range(SIGNATURE_ROWS)
        ]

    def seq(self, column: int) -> int:
        """As `Segment.seq`."""
        part, own = self._place(column)
        return part.seq(own)

    def sent_at(self, column: int) -> int:
        """As `Segment.sent_at`."""
        part, own = self._place(column)
        return part.sent_at(own)

    def channel(self, column: int) -> str:
        """As `Segment.channel`."""
        part, own = self._place(column)
        return part.channel(own)

    @property
    def parts(self) -> Sequence[Segment]:
        """As `Segment.parts`."""
        return self._parts

    @property
    def matrix(self) -> bytearray:
        """As `Segment.matrix`."""
        return bytearray(
            b"".join([self.row(number).to_bytes(self._width, "little") for number in range(SIGNATURE_ROWS)])
        )

    @property
    def size_bytes(self) -> int:
        """As `Segment.size_bytes`."""
        return SIGNATURE_ROWS * self._width + sum(part.size_bytes for part in self._parts)

    def row(self, number: int) -> int:
        """As `Segment.row`."""
        found = self._rows[number]
        if isinstance(found, bytes):
            found = self._rows[number] = int.from_bytes(found, "little")
        return found

    def with_rows(self, numbers: Iterable[int], columns: int) -> int:
        """As `Segment.with_rows`."""
        rows = self._rows
        for number in numbers:
            if not columns:
                break
            row = rows[number]
            if isinstance(row, bytes):
                row = rows[number] = int.from_bytes(row, "little")
            columns &= row
        return columns

    def flags(self, column: int) -> int:
        """As `Segment.flags`."""
        part, own = self._place(column)
        return part.flags(own) if own < part.count else 0

    def author(self, column: int) -> str:
        """As `Segment.author`."""
        part, own = self._place(column)
        return part.author(own)

    def with_flags(self, flags: int) -> int:
        """As `Segment.with_flags`."""
        return self._columns(lambda part: part.with_flags(flags))

    def of_author(self, author: str) -> int:
        """As `Segment.of_author`."""
        return self._columns(lambda part: part.of_author(author))

    def of_channels(self, channels: Collection[str]) -> int:
        """As `Segment.of_channels`."""
        return self._columns(lambda part: part.of_channels(channels))

    def sent_between(self, after: int, before: int) -> int:
        """As `Segment.sent_between`."""
        return self._columns(lambda part: part.sent_between(after, before))

    def below(self, seq: int) -> int:
        """As `Segment.below`."""
        if seq > self.up_to_seq:
            return (1 << self.count) - 1
        return self._columns(lambda part: part.below(seq))

    def _columns(self, of_part: Callable[[Segment], int]) -> int:
        return sum(of_part(part) << start for part, start in zip(self._parts, self._starts, strict=True))

    def _place(self, column: int) -> tuple[Segment, int]:
        number = bisect_right(self._starts, column) - 1
        return self._parts[number], column - self._starts[number]
