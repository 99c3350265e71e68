"""When a room collects changes, and when it commits each at once.

Frames that arrive while a change is being sealed or stored wait outside the object: awaiting SubtleCrypto or storage
lets none in; only a timer does. So a batch forms only in a window of a few milliseconds. A window is worth its wait if
many people write at once, and only a delay if few do. This module decides by nothing but what windows collected.
"""

from limits import (
    BUSY_FRAMES,
    COMMIT_US,
    SEND_US,
    WINDOW_MOST_MS,
    WINDOW_MS,
    WINDOW_RETRY_CHANGES,
    WINDOW_RETRY_MOST,
)


def commit_ms(sockets: int) -> float:
    """Milliseconds to commit one change alone and send it to so many sockets."""
    return (COMMIT_US + sockets * SEND_US) / 1_000


def window_ms(sockets: int) -> int:
    """Milliseconds that a window lasts: the more sending costs, the longer it is worth waiting for further changes."""
    return min(max(WINDOW_MS, round(commit_ms(sockets))), WINDOW_MOST_MS)


def worth(sockets: int) -> int:
    """How many changes make a window worth its wait: committed one by one, they would have taken longer."""
    return 2 + int(window_ms(sockets) / commit_ms(sockets))


def busy_ms(sockets: int) -> float:
    """The time within which BUSY_FRAMES changes make a room busy."""
    return 2 * BUSY_FRAMES * max(1.0, commit_ms(sockets))


class Window:
    """Decides how long the next commit waits for further changes."""

    def __init__(self) -> None:
        self._is_open = False
        self._alone = 0  # changes still to commit one by one before the next window
        self._retry = WINDOW_RETRY_CHANGES
        self._seen = 0
        self._since = 0

    def wait_ms(self, now_ms: int, sockets: int) -> int:
        """Milliseconds to collect changes before the commit that this change begins; 0 commits at once."""
        if self._is_open:
            return window_ms(sockets)
        if self._alone > 0:
            self._alone -= 1
            return 0
        if now_ms - self._since > busy_ms(sockets):
            self._since, self._seen = now_ms, 0
        self._seen += 1
        self._is_open = self._seen >= BUSY_FRAMES
        return window_ms(sockets) if self._is_open else 0

    def collected(self, count: int, sockets: int) -> None:
        """Learn from a window: keep them, or stop and try again later, each time after twice as many changes."""
        if count >= worth(sockets):
            self._retry = WINDOW_RETRY_CHANGES
            return
        self._is_open = False
        self._seen = 0
        self._alone = self._retry
        self._retry = min(2 * self._retry, WINDOW_RETRY_MOST)
