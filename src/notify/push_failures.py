"""How often push services refused a notification, for the admins, who cannot read the log."""

import json
from dataclasses import dataclass
from typing import Any

from storage.store import Store

_FACT = "push_failures"


@dataclass(frozen=True, slots=True)
class PushFailures:
    """All failures in a room. `last_status` is None if no answer came in time, or if nothing has failed."""

    count: int = 0
    since: int | None = None
    last_at: int | None = None
    last_status: int | None = None

    def public(self) -> dict[str, Any]:
        """The form in which the statistics show them."""
        return {
            "failures": self.count,
            "since": self.since,
            "last_at": self.last_at,
            "last_status": self.last_status,
        }


def push_failures(store: Store) -> PushFailures:
    """The failures noted so far; reads one row."""
    noted = store.facts.get(_FACT)
    return PushFailures(*json.loads(noted)) if noted else PushFailures()


def note_push_failure(store: Store, status: int | None, *, now_ms: int) -> None:
    """Count one more failure. Costs one written row, beside the one that puts off the next try.

    Args:
        status: the service's answer; None means that no answer came in time.
    """
    before = push_failures(store)
    since = now_ms if before.since is None else before.since
    store.facts.put(_FACT, json.dumps([before.count + 1, since, now_ms, status]))
