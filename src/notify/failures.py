"""How often push services did not take a notification: for the admins, who cannot look into the log."""

import json
from dataclasses import dataclass
from typing import Any

from storage.store import Store

_FACT = "push_failures"


@dataclass(frozen=True, slots=True)
class PushFailures:
    """All of a room, added up. `last_status` is None where there was no answer in time, or no failure."""

    count: int = 0
    since: int | None = None
    last_at: int | None = None
    last_status: int | None = None

    def public(self) -> dict[str, Any]:
        """As the statistics tell it."""
        return {
            "failures": self.count,
            "since": self.since,
            "last_at": self.last_at,
            "last_status": self.last_status,
        }


def push_failures(store: Store) -> PushFailures:
    """What was noted; reads one row."""
    noted = store.fact(_FACT)
    return PushFailures(*json.loads(noted)) if noted else PushFailures()


def note_push_failure(store: Store, status: int | None, *, now_ms: int) -> None:
    """One more. Costs one written row, beside the one that puts off the next try.

    Args:
        status: what the service answered; None stands for no answer in time.
    """
    before = push_failures(store)
    since = now_ms if before.since is None else before.since
    store.set_fact(_FACT, json.dumps([before.count + 1, since, now_ms, status]))
