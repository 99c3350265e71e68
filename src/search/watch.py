"""What changes while a search or a build waits: each of them has a watch, and looks at it when it goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage.messages import Message


class Watch:
    """The messages that were edited, deleted or removed since it began."""

    def __init__(self) -> None:
        self._changed: set[int] = set()
        self._removed: dict[str, int] = {}

    def note_changed(self, seq: int) -> None:
        """A message gets another text, or none."""
        self._changed.add(seq)

    def note_removed(self, channel: str, up_to_seq: int) -> None:
        """The messages of a channel go up to one of them."""
        self._removed[channel] = max(up_to_seq, self._removed.get(channel, 0))

    def has_seen(self, message: Message) -> bool:
        """Whether this message has changed or is gone."""
        return message.seq in self._changed or message.seq <= self._removed.get(message.channel, 0)

    def has_seen_any(self, after_seq: int, up_to_seq: int) -> bool:
        """Whether any message of a range may have changed or gone."""
        is_gone = any(seq > after_seq for seq in self._removed.values())
        return is_gone or any(after_seq < seq <= up_to_seq for seq in self._changed)

    def clear(self) -> None:
        """Begin anew."""
        self._changed.clear()
        self._removed.clear()


class Watches:
    """All watches of a room."""

    def __init__(self) -> None:
        self._all: list[Watch] = []

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """A watch for as long as something waits."""
        watch = Watch()
        self._all.append(watch)
        try:
            yield watch
        finally:
            self._all = [each for each in self._all if each is not watch]

    def note_changed(self, seq: int) -> None:
        """As `Watch.note_changed`, for all of them."""
        for watch in self._all:
            watch.note_changed(seq)

    def note_removed(self, channel: str, up_to_seq: int) -> None:
        """As `Watch.note_removed`, for all of them."""
        for watch in self._all:
            watch.note_removed(channel, up_to_seq)
