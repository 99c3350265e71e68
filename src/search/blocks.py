"""The open segments of one scope, as blocks, within the memory that they may take."""

from bisect import bisect_left
from collections.abc import Sequence

from limits import MAX_OPEN_SEGMENT_BYTES, SEGMENTS_OPENED_AT_ONCE
from memory import Budget
from search.block import Block
from search.segment import Segment


class Blocks:
    """What is open, oldest first. It holds each message once, and is a cache: whatever may be wrong is dropped."""

    def __init__(self, memory: Budget) -> None:
        self._memory = memory
        self._blocks: list[Block] = []

    def at(self, seq: int) -> Block | None:
        """The block that has a `seq`."""
        place = bisect_left(self._blocks, seq, key=_end)
        found = self._blocks[place] if place < len(self._blocks) else None
        return found if found is not None and found.after_seq < seq else None

    def keep(self, segments: Sequence[Segment]) -> None:
        """Keep segments open, given oldest first; the oldest ones of all have to go if there is no room."""
        for run in _runs(segments):
            self.drop(run[0].after_seq, run[-1].up_to_seq)
            place = bisect_left(self._blocks, run[-1].up_to_seq, key=_end)
            before = self._blocks[place - 1] if place else None
            if before is not None and _join(before, run):
                self._blocks[place - 1] = Block([before, *run])
            else:
                self._blocks.insert(place, Block(run))
        most = min(MAX_OPEN_SEGMENT_BYTES, self._memory.left_for(self))
        while self._blocks and self._size_bytes() > most:
            del self._blocks[0]  # searches begin with the newest
        self._memory.hold(self, self._size_bytes())

    def drop(self, after_seq: int, up_to_seq: int) -> None:
        """Drop the blocks that have any message of a range."""
        self._blocks = [each for each in self._blocks if each.up_to_seq <= after_seq or each.after_seq >= up_to_seq]
        self._memory.hold(self, self._size_bytes())

    def _size_bytes(self) -> int:
        return sum(each.size_bytes for each in self._blocks)


def _join(before: Block, run: Sequence[Segment]) -> bool:
    """Whether segments belong into the block before them: otherwise each new one would be a block of its own."""
    return before.up_to_seq == run[0].after_seq and len(before.parts) + len(run) <= SEGMENTS_OPENED_AT_ONCE


def _runs(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments that follow each other."""
    runs: list[list[Segment]] = []
    for each in segments:
        if runs and runs[-1][-1].up_to_seq == each.after_seq:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _end(block: Block) -> int:
    return block.up_to_seq
