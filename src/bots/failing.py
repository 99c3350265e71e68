"""Which builds fail just now, so that the first success after a failure is told and no other.

One fact of the room, written when a build begins or ceases to fail.
"""

import hashlib
import json

from bot_limits import MAX_FAILING_BUILDS
from storage.store import Store

_FACT = "failing_builds"
_DIGEST_CHARACTERS = 16  # 64 bits: no two of a few hundred builds share them by chance


class Failing:
    """The builds of all hooks of a room that fail; the longest known are forgotten first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: list[str] | None = None  # a cache of the fact

    def has(self, hook: str, what: str) -> bool:
        """Whether the last known run has failed."""
        return _digest(hook, what) in self._failing()

    def note(self, hook: str, what: str, *, failed: bool) -> None:
        """Remember how a run ended; writes nothing if it ended as the one before."""
        digest, known = _digest(hook, what), self._failing()
        if failed is (digest in known):
            return
        kept = [*known, digest][-MAX_FAILING_BUILDS:] if failed else [each for each in known if each != digest]
        self._store.facts.put(_FACT, json.dumps(kept))
        self._known = kept

    def _failing(self) -> list[str]:
        if self._known is None:
            self._known = list(json.loads(self._store.facts.get(_FACT) or "[]"))
        return self._known


def _digest(hook: str, what: str) -> str:
    return hashlib.sha256(f"{hook}\n{what}".encode("utf-8", "replace")).hexdigest()[:_DIGEST_CHARACTERS]
