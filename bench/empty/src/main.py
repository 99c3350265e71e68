"""A Worker that only answers."""

from typing import Any

from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    """Gives every request the same answer."""

    async def fetch(self, _request: Any) -> Any:
        """The same for each path."""
        return Response("ok")
