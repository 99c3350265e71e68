"""The indexes of a room: one of the open channels together, and one of each lane that somebody searches or changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chat.directory import Directory
from sealing.keyring import Keyring
from search.index import Index
from search.pace import Pause
from search.scope import Scope
from search.shelf import Write
from storage.messages import Message
from storage.store import Store


class Indexes:
    """Everything that the search keeps of one room."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._of: dict[str, Index] = {}
        self.posted = 0
        """New messages since the room woke, in all lanes."""
        self.room = self.of("")

    def of(self, lane: str) -> Index:
        """The index of a lane; that of the open channels for ""."""
        found = self._of.get(lane)
        if found is None:
            found = self._of[lane] = Index(self._store, self._keyring, Scope(self._store, self._directory, lane))
        return found

    def note_posted(self, lanes: Sequence[str]) -> bool:
        """Count new messages, each by its lane; returns whether it is time to `build`."""
        self.posted += len(lanes)
        is_due = [self.of(lane).note_posted(lanes.count(lane)) for lane in set(lanes)]
        return any(is_due)

    async def build(self, most: int, pause: Pause, *, now_ms: int) -> bool:
        """Build up to so many segments of each, with pauses; returns whether there may be more to build."""
        more = [await self.of(lane).build(most, pause, now_ms=now_ms) for lane in ["", *self._directory.lanes]]
        return any(more)

    async def revising(self, message: Message, texts: Mapping[str, Any] | None, *, now_ms: int) -> Callable[[], None]:
        """As `chat.indexing.Indexing`."""
        return await self.of(message.lane).revising(message, texts, now_ms=now_ms)

    async def removing(self, channel: str, seqs: Sequence[int], *, now_ms: int) -> tuple[int, Write]:
        """As `Index.removing`, for a channel or a lane."""
        return await self.of(self._directory.lane(channel).id).removing(channel, seqs, now_ms=now_ms)

    def forget(self, lane: str) -> None:
        """A lane is gone for good."""
        self._of.pop(lane, None)
