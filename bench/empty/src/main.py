"""A Worker that answers, and that is all."""

from typing import Any

from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    """Answers every request alike."""

    async def fetch(self, _request: Any) -> Any:
        """Whatever the path."""
        return Response("ok")
