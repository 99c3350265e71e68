"""What rooms may let grow in the memory that they share.

The platform runs several rooms in one isolate, which has 128 MB for all of them. So what grows by use counts against
one budget, whichever room it belongs to: `CACHED` for what can be thrown away and read again, `WAITING` for bytes that
are on their way and cannot. bin/bench measures what the rest takes.
"""

from weakref import WeakKeyDictionary

from limits import CACHED_BYTES, WAITING_BYTES


class Budget:
    """Bytes that the objects of one isolate may hold together; what an object holds is free again when it is gone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    def hold(self, holder: object, size: int) -> None:
        """Note how many bytes an object holds now, in place of what was noted before."""
        self._held[holder] = size

    def left_for(self, holder: object) -> int:
        """How many bytes an object may hold beside all others: never less than nothing."""
        others = sum(size for each, size in self._held.items() if each is not holder)
        return max(0, self._most - others)


CACHED = Budget(CACHED_BYTES)
"""Open segments of the search, and kept answers."""
WAITING = Budget(WAITING_BYTES)
"""Bytes that nobody has read yet, and blocks of files between a browser and the storage."""
