"""The chat itself, with rooms that the platform stops in the middle of a commit: what the message says is when.

For tests/worker/test_downfall.py, which puts it into a folder together with copies of the chat's modules.
"""

from collections.abc import Sequence
from typing import Any

import entry
import room
from chat.changes import Outcome, Request
from live.awake import Awake

Default = entry.Default


class CpuLimitExceeded(BaseException):
    """What the platform raises near the limit of processor time."""


class Room(room.Room):
    """A room that falls where a message says so."""

    async def _open(self) -> Awake:
        awake = await super()._open()
        conversation = awake.state.conversation
        commit = conversation.commit

        async def falling(requests: Sequence[Request], *, now_ms: int) -> Outcome:
            bodies = [getattr(request.frame, "body", "") for request in requests]
            if "before it is stored" in bodies:
                raise CpuLimitExceeded
            outcome = await commit(requests, now_ms=now_ms)
            if "after it was stored" in bodies:
                raise CpuLimitExceeded
            if "stuck" in bodies:
                raise RuntimeError("Cannot enter into task <Task 1> while another task <Task 2> is being executed.")
            return outcome

        vars(conversation)["commit"] = falling
        return awake


def __getattr__(name: str) -> Any:
    """The other classes are the chat's own."""
    return getattr(entry, name)
