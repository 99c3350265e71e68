"""When a room collects changes and when it commits each at once.

Frames that arrive while a change is being sealed or stored wait outside the object: awaiting SubtleCrypto or storage
lets none in, only a timer does. So a batch forms only in a window of a few milliseconds, which is worth its wait when
many people write at once and nothing but delay when few do. This decides, from nothing but what was collected.
"""

from limits import BUSY_FRAMES, BUSY_MS, WINDOW_MS, WINDOW_RETRY_CHANGES, WINDOW_RETRY_MOST, WINDOW_WORTH


class Window:
    """How long the next commit waits for company."""

    def __init__(self) -> None:
        self._is_open = False
        self._alone = 0  # changes still to go one by one before a window is tried again
        self._retry = WINDOW_RETRY_CHANGES
        self._seen = 0
        self._since = 0

    def wait_ms(self, now_ms: int) -> int:
        """Milliseconds to collect before the commit that this change begins; 0 commits at once."""
        if self._is_open:
            return WINDOW_MS
        if self._alone > 0:
            self._alone -= 1
            return 0
        if now_ms - self._since > BUSY_MS:
            self._since, self._seen = now_ms, 0
        self._seen += 1
        self._is_open = self._seen >= BUSY_FRAMES
        return WINDOW_MS if self._is_open else 0

    def collected(self, count: int) -> None:
        """Learn from a window: stay, or leave and try again later, each time after twice as many changes."""
        if count >= WINDOW_WORTH:
            self._retry = WINDOW_RETRY_CHANGES
            return
        self._is_open = False
        self._seen = 0
        self._alone = self._retry
        self._retry = min(2 * self._retry, WINDOW_RETRY_MOST)
