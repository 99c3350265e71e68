"""What the search keeps of messages, and how it follows what happens to them.

Posting a message does nothing here. Editing, deleting and removing one changes its segment in the same transaction, if
it is in one already. Nothing depends on that for a right answer: what is found is always checked in the message itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from limits import POSTS_BEFORE_BUILDING, SEGMENTS_PURGED_AT_ONCE
from sealing.keyring import Keyring
from search.building import Building
from search.filters import entry
from search.pace import Pause
from search.scope import Scope
from search.segment import Segment
from search.shelf import Shelf, Write
from search.tail import Tail
from search.watch import Watches
from storage.messages import Message
from storage.segments import Range
from storage.store import Store


class Index:
    """The segments, the tail, and the watches of one scope."""

    def __init__(self, store: Store, keyring: Keyring, scope: Scope) -> None:
        self.scope = scope
        self.watches = Watches()
        self.shelf = Shelf(scope.segments, keyring)
        self.tail = Tail(store, keyring, self.watches, scope)
        self._building = Building(store, keyring, scope, self.shelf, self.watches)
        self._posted = 0

    # --- building ---

    def note_posted(self, messages: int) -> bool:
        """Count new messages; returns whether it is time to `build`."""
        self._posted += messages
        if self._posted < POSTS_BEFORE_BUILDING:
            return False
        self._posted = 0
        return True

    async def build(self, most: int, pause: Pause, *, now_ms: int) -> bool:
        """Build up to so many segments, with pauses; returns whether there may be more to build."""
        return await self._building.build(most, pause, now_ms=now_ms)

    # --- changes ---

    async def revising(self, message: Message, texts: Mapping[str, Any] | None, *, now_ms: int) -> Write:
        """As `chat.indexing.Indexing`: a segment gets the new text, or forgets the message.

        Costs one row read and one written for a message that is in a segment.
        """
        revised = None if texts is None else entry(message, texts)
        version, place = self.shelf.version, self.shelf.at(message.seq)

        def change(segment: Segment) -> None:
            if revised is None:
                segment.erase([message.seq])
            else:
                segment.revise(message.seq, revised.text, revised.flags)

        rewrite = None if place is None else await self.shelf.rewriting(place, change, now_ms=now_ms)

        def write() -> None:
            self.shelf.remove_added_since(version, message.seq - 1, message.seq)
            if rewrite is not None:
                rewrite()
            self.watches.note_changed(message.seq)
            if revised is not None:
                self.tail.include(revised)

        return write

    async def removing(self, channel: str, seqs: Sequence[int], *, now_ms: int) -> tuple[int, Write]:
        """Prepare for the removal of a channel's oldest messages.

        Args:
            seqs: theirs, in order.
        Returns:
            how many of them may be removed at once, as each segment that has some of them is written again; and the
            function that stores what was prepared, for the transaction that removes them.
        """
        version = self.shelf.version
        self.shelf.ranges()  # read once, instead of one row for each message
        places: dict[Range, list[int]] = {}
        count = 0
        for seq in seqs:
            place = self.shelf.at(seq)
            if place is not None and place not in places and len(places) == SEGMENTS_PURGED_AT_ONCE:
                break
            if place is not None:
                places.setdefault(place, []).append(seq)
            count += 1
        rewrites = [await self._without(place, gone, now_ms) for place, gone in places.items()]

        def write() -> None:
            self.shelf.remove_added_since(version, seqs[0] - 1, seqs[count - 1])
            for rewrite in rewrites:
                rewrite()
            self.watches.note_removed(channel, seqs[count - 1])

        return count, write

    async def _without(self, place: Range, seqs: Sequence[int], now_ms: int) -> Write:
        return await self.shelf.rewriting(place, lambda segment: segment.erase(seqs), now_ms=now_ms)
