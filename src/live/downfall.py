"""When a room must not go on: its memory may differ from its storage, or its event loop works no more.

Near the limit of processor time the platform raises an exception of its own in any line of ours (it is no `Exception`,
so that nobody holds it by accident). A commit that it stops may be stored and not remembered, or the other way round.
The room then ends: its lines break, the platform throws the object away, and the next event finds a new one
that reads everything from storage. Nothing is lost by it, as nothing is acknowledged before it is stored.
"""

_STUCK = ("Cannot enter into task", "NoGilError")
"""What Python says when a task of an earlier event blocks the event loop for good (workerd issue 6624)."""


def downfall(error: BaseException) -> str | None:
    """Why the room must end after this error, as the log line about it; None if it may go on."""
    if not isinstance(error, Exception):
        return "room ended: the platform stopped it in the middle of its work"
    if any(words in f"{type(error).__name__}: {error}" for words in _STUCK):
        return "room ended: the event loop is stuck"
    return None
