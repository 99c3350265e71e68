"""The stored segments: which there are, those that are open, and how one is replaced.

All of it is a cache of the table. A segment that is missing or does not open is no error: its messages are looked at
one by one until it is built again. So whatever may be out of date is forgotten rather than repaired.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from memory import CACHED, Budget
from sealing.keyring import Keyring, Sealed
from search.blocks import Blocks
from search.segment import LIVE, Segment
from storage.segments import Range, SegmentRow, SegmentTable

Write = Callable[[], None]
"""Stores what was prepared; called in the transaction of the change that it belongs to."""


class Shelf:
    """The segments of one scope."""

    def __init__(self, segments: SegmentTable, keyring: Keyring, memory: Budget = CACHED) -> None:
        self._segments = segments
        self._keyring = keyring
        self._ranges: list[Range] | None = None  # oldest first; read when first needed
        self._blocks = Blocks(memory)
        self._damaged: set[int] = set()
        self._version = 0
        self._added: list[tuple[int, Range]] = []  # since the room woke, each with the version that it made

    # --- ranges ---

    def ranges(self) -> list[Range]:
        """The ranges of all segments that are not known to be damaged, oldest first."""
        if self._ranges is None:
            self._ranges = [each for each in self._segments.ranges() if each.up_to_seq not in self._damaged]
        return self._ranges

    def reload(self) -> None:
        """Remove the damaged segments, and read again which there are."""
        if self._damaged:
            self._segments.delete(sorted(self._damaged))
            self._damaged.clear()
        self._ranges = None

    def at(self, seq: int) -> Range | None:
        """The range that has a `seq`; reads one row, or none if the ranges are known."""
        if self._ranges is None:
            found = self._segments.covering(seq)
            return None if found is None or found.up_to_seq in self._damaged else found
        place = bisect_left(self._ranges, seq, key=_end)
        found = self._ranges[place] if place < len(self._ranges) else None
        return found if found is not None and found.after_seq < seq else None

    def end_before(self, seq: int) -> int:
        """Where the newest segment ends that ends before a `seq`; 0 if none does."""
        ranges = self.ranges()
        place = bisect_left(ranges, seq, key=_end)
        return ranges[place - 1].up_to_seq if place else 0

    # --- segments ---

    def open_from(self, seq: int, more: Mapping[int, Segment]) -> Iterator[Segment]:
        """What is open, from the segment that has a `seq` back, as far as each begins where the one before it ends.

        Args:
            more: segments that were opened and not kept, by the `seq` that each ends with.
        """
        while (place := self.at(seq)) is not None:
            found = self._blocks.at(seq) or more.get(place.up_to_seq)
            if found is None:
                return
            yield found
            seq = found.after_seq

    def closed_up_to(self, place: Range, most: int) -> list[Range]:
        """A range and older ones, at most so many in all: those that are not open."""
        ranges = self.ranges()
        end = bisect_left(ranges, place.up_to_seq, key=_end) + 1
        return [each for each in ranges[max(0, end - most) : end] if self._blocks.at(each.up_to_seq) is None]

    async def open(self, places: Sequence[Range]) -> dict[int, Segment]:
        """Open segments and keep them as far as there is room; by the `seq` that each ends with.

        One that does not open is left out, and is damaged from now on.
        """
        version = self._version
        rows = self._segments.read([place.up_to_seq for place in places])
        found = await self._decoded(rows)
        if version == self._version:  # otherwise some may be outdated: good for this search, which began before
            for place in places:
                if place.up_to_seq not in found:
                    self._note_damaged(place)
            self._blocks.keep([found[up_to_seq] for up_to_seq in sorted(found)])
        return found

    # --- changes ---

    @property
    def version(self) -> int:
        """Grows with every change of the stored segments."""
        return self._version

    async def rewriting(self, place: Range, change: Callable[[Segment], None], *, now_ms: int) -> Write:
        """Prepare a change of a segment. It is removed if nothing is left in it, or if it does not open."""
        rows = self._segments.read([place.up_to_seq])
        segment = (await self._decoded(rows)).get(place.up_to_seq)
        if segment is None:
            return lambda: self.remove([place])
        change(segment)
        if not segment.with_flags(LIVE):
            return lambda: self.remove([place])
        text = segment.encoded()
        (sealed,) = await self._keyring.seal([(text, self._segments.header(place))], now_ms=now_ms)

        def write() -> None:
            self._segments.replace(rows[0], sealed)
            self._forget(place)

        return write

    def remove(self, places: Collection[Range]) -> None:
        """Remove segments, so that they are built again if they still have messages."""
        self._segments.delete([place.up_to_seq for place in places])
        for place in places:
            self._forget(place)
        self._ranges = None

    def remove_added_since(self, version: int, after_seq: int, up_to_seq: int) -> None:
        """Remove the segments of a range that were added since a version: they do not know of a change that began then.

        This is rare, so it costs no statement if none was.
        """
        late = [
            place
            for added, place in self._added
            if added > version and place.after_seq < up_to_seq and place.up_to_seq > after_seq
        ]
        if late:
            self.remove(late)

    def add(self, place: Range, segment: Segment, sealed: Sealed) -> None:
        """Store a new segment.

        Raises:
            NotUnique: a segment ends there already.
        """
        self._segments.insert(place, sealed)
        self._version += 1
        self._added.append((self._version, place))
        if self._ranges is not None:
            insort(self._ranges, place, key=_end)
        self._blocks.keep([segment])

    # --- memory ---

    async def _decoded(self, rows: Sequence[SegmentRow]) -> dict[int, Segment]:
        items = [(row.sealed, self._segments.header(row)) for row in rows]
        texts = await self._keyring.open(items) if items else []
        decoded = {
            row.up_to_seq: Segment.decoded(text, row.after_seq, row.up_to_seq)
            for row, text in zip(rows, texts, strict=True)
            if text is not None
        }
        return {up_to_seq: segment for up_to_seq, segment in decoded.items() if segment is not None}

    def _forget(self, place: Range) -> None:
        self._version += 1
        self._blocks.drop(place.after_seq, place.up_to_seq)

    def _note_damaged(self, place: Range) -> None:
        self._damaged.add(place.up_to_seq)
        self._forget(place)
        if self._ranges is not None:
            self._ranges = [each for each in self._ranges if each.up_to_seq != place.up_to_seq]


def _end(place: Range) -> int:
    return place.up_to_seq
