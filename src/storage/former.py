"""What edited messages said before. storage/messages.py writes it, together with the new text."""

from sealing.keyring import Sealed
from storage.database import Table
from storage.messages import Message


class FormerTable(Table):
    """The former texts of messages, in the rows of these."""

    def of(self, message: Message) -> Sealed | None:
        """The sealed list of a message's former texts."""
        found = self._run(
            "SELECT former_epoch, former FROM messages WHERE channel = ? AND seq = ? AND former IS NOT NULL",
            message.channel,
            message.seq,
        )
        return Sealed(*found[0]) if found else None
