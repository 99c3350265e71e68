"""When a room commits a change at once, and when it first takes in the changes that already wait.

Frames that arrive while a change is being sealed or stored wait outside the object: awaiting SubtleCrypto or storage
lets none in. A timer does, and so does a wait of the platform's scheduler, even one of no time. That costs about half a
millisecond, which is wasted when nobody waits. This module decides by nothing but how many changes such waits brought:
the object's clock stands still while code runs, and how fast a machine is cannot be known.
"""

from limits import ALONE_AFTER_WAKING, ALONE_MOST, SATURATED_CHANGES, SATURATED_WAIT_MS


class Intake:
    """Decides what happens before each commit of one room."""

    def __init__(self) -> None:
        self._alone = ALONE_AFTER_WAKING  # commits still to make at once before the next wait
        self._next_alone = 1
        self._brought = 0

    def wait_ms(self) -> int | None:
        """Milliseconds to let frames in before the next commit; 0 lets in those that already wait, None no frame."""
        if self._alone > 0:
            self._alone -= 1
            return None
        return SATURATED_WAIT_MS if self._brought >= SATURATED_CHANGES else 0

    def brought(self, changes: int) -> None:
        """Learn from a wait: wait before the next commit, too, or only after twice as many commits as the last time.

        Args:
            changes: how many the wait brought, besides the one that was to be committed.
        """
        self._brought = changes
        if changes > 0:
            self._next_alone = 1
            return
        self._alone = self._next_alone
        self._next_alone = min(2 * self._next_alone, ALONE_MOST)
