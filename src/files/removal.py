"""Removes the bytes of files that nobody has any more, when the room's alarm rings.

Their keys are gone with their messages, so what is removed here opens for nobody anyway. A ticket may still let someone
store parts, so what was given up shortly after it was reserved is removed again when no ticket can be good any more;
only then its row goes.
"""

import logging
from collections.abc import Sequence

from files.quota import Quota
from files.store import Places
from limits import (
    ABANDONED_UPLOAD_MS,
    PURGE_PAUSE_MS,
    REMOVAL_PAUSE_FIRST_MS,
    REMOVAL_PAUSE_LONGEST_MS,
    REMOVED_AGAIN_MS,
    REMOVED_AT_ONCE,
    UPLOAD_OVER_MS,
)
from storage.files import StoredFile
from storage.store import Store

log = logging.getLogger("durable_chat.room")
_FAILURES, _HELD_UNTIL = "file_removal_failures", "file_removal_held_until"
_MOST_DOUBLINGS = 20


class Removal:
    """Removes gone files, some at a time."""

    def __init__(self, store: Store, places: Places, quota: Quota) -> None:
        self._store = store
        self._places = places
        self._quota = quota
        self._removed: set[str] = set()  # those that are to be removed once more, later

    def give_up_abandoned(self, *, now_ms: int) -> None:
        """Give up uploads that nobody has gone on with for ABANDONED_UPLOAD_MS."""
        self._store.files.give_up_abandoned(now_ms - ABANDONED_UPLOAD_MS, now_ms)

    def next_at(self, *, now_ms: int) -> int | None:
        """The time in ms when something is to be removed next; None if there is nothing."""
        oldest = self._store.files.oldest_gone()
        if oldest is None:
            return None
        at_ms = now_ms if self._due_early(now_ms) else max(oldest + UPLOAD_OVER_MS, now_ms)
        return max(at_ms, int(self._store.facts.get(_HELD_UNTIL) or 0))

    async def run(self, *, now_ms: int) -> int | None:
        """Remove a batch of what is due; returns when to go on, None if nothing is left.

        A place that fails is tried again after pauses that grow. Nothing is forgotten before its bytes are gone.
        """
        if now_ms < int(self._store.facts.get(_HELD_UNTIL) or 0):
            return self.next_at(now_ms=now_ms)
        over = self._store.files.gone_until(now_ms - UPLOAD_OVER_MS, REMOVED_AT_ONCE)
        early = self._due_early(now_ms)[: REMOVED_AT_ONCE - len(over)]
        if not over and not early:
            return self.next_at(now_ms=now_ms)
        try:
            await self._remove([*over, *early])
        except OSError as error:
            return self._hold(error, now_ms)
        if over:
            self._store.files.delete_gone([file.id for file in over])
            self._quota.forget()
            self._removed -= {file.id for file in over}
        self._removed |= {file.id for file in early}
        if self._store.facts.get(_FAILURES) and not self._due_early(now_ms):
            self._note_failures(0, 0)
        next_at = self.next_at(now_ms=now_ms)
        return None if next_at is None else max(next_at, now_ms + PURGE_PAUSE_MS)

    async def _remove(self, files: Sequence[StoredFile]) -> None:
        for place in {file.place for file in files}:
            await self._places.of(place).remove([file.id for file in files if file.place == place])

    def _due_early(self, now_ms: int) -> list[StoredFile]:
        """What was given up lately and might still be uploaded, as far as this room does not know that it is removed.

        Noting that would cost a row. A room that slept since removes again what was given up within REMOVED_AGAIN_MS,
        and after a failure everything.
        """
        gone_after = 0 if self._store.facts.get(_FAILURES) else now_ms - REMOVED_AGAIN_MS
        lately = self._store.files.gone_lately(now_ms - UPLOAD_OVER_MS, gone_after)
        return [file for file in lately if file.id not in self._removed]

    def _hold(self, error: OSError, now_ms: int) -> int:
        failures = int(self._store.facts.get(_FAILURES) or 0)
        pause_ms = min(REMOVAL_PAUSE_FIRST_MS << min(failures, _MOST_DOUBLINGS), REMOVAL_PAUSE_LONGEST_MS)
        self._note_failures(failures + 1, now_ms + pause_ms)
        log.warning("files could not be removed", exc_info=error)
        return now_ms + pause_ms

    def _note_failures(self, failures: int, held_until: int) -> None:
        self._store.facts.put(_FAILURES, failures)
        self._store.facts.put(_HELD_UNTIL, held_until)
