"""Tickets for the files of one room, with its key made once."""

from files.tickets import Ticket, issue, ticket_key
from sealing.ciphers import Ciphers
from storage.files import StoredFile


class TicketOffice:
    """Issues the tickets of one room."""

    def __init__(self, room: str, master_key: bytes, ciphers: Ciphers) -> None:
        self._room = room
        self._master_key = master_key
        self._ciphers = ciphers
        self._key: bytes | None = None

    async def prepare(self) -> None:
        """Make the key, so that issuing waits for nothing."""
        if self._key is None:
            self._key = await ticket_key(self._master_key, self._ciphers)

    async def issue(self, purpose: str, file: StoredFile, *, token_digest: bytes, expires_at: int) -> str:
        """A ticket for one file and one device.

        Args:
            purpose: UPLOAD or DOWNLOAD.
            token_digest: that of the device's cookie.
        """
        await self.prepare()
        assert self._key is not None
        ticket = Ticket(purpose, self._room, file.id, file.bytes, file.thumb, file.place, expires_at)
        return issue(ticket, key=self._key, token_digest=token_digest)
