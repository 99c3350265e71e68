"""Who may fetch the parts of files: members who see the channel of the message that has them."""

from collections.abc import Sequence

from chat.audience import Audience
from errors import ChatError
from storage.files import StoredFile
from storage.store import Store


class Downloads:
    """Finds the files that a member may fetch."""

    def __init__(self, store: Store, audience: Audience) -> None:
        self._store = store
        self._audience = audience

    def visible(self, member: str, ids: Sequence[str]) -> list[StoredFile]:
        """Those of these files that are part of a message which the member may see; nobody is told why others miss."""
        found = self._store.files.sent(ids) if ids else ()
        return [file for file in found if self._sees(member, file)]

    def _sees(self, member: str, file: StoredFile) -> bool:
        try:
            self._audience.channel(member, file.channel)
        except ChatError:
            return False
        return (file.seq or 0) > self._audience.since(member, file.channel)
