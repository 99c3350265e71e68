"""What revising needs of the search (search/index.py): signatures must change together with their message."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from storage.messages import Message


class Indexing(Protocol):
    """Keeps what the search knows of messages."""

    async def revising(self, message: Message, texts: Mapping[str, Any] | None, *, now_ms: int) -> Callable[[], None]:
        """Prepare for another text of a stored message, None for its deletion.

        Returns:
            the function that stores what was prepared, for the transaction of the change.
        """
