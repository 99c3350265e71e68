"""What time does to sealed messages, for a test that moves stored times: their seals hold the time they were sent."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encoding import from_b64url
from sealing.keyring import Keyring, Sealed, _context
from storage.database import Row
from storage.headers import message_header
from storage.messages import Message
from storage.store import Store
from tests.fakes import OpenSslCiphers

T = TypeVar("T")
_NONCE = slice(1, 13)


class _OpenDatabase:
    """`storage.database.Database` on a room's file that is open already."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, *parameters: Any) -> list[Row]:
        return self._connection.execute(statement, parameters).fetchall()

    def transaction(self, work: Callable[[], T]) -> T:
        return work()


def age_messages(database: sqlite3.Connection, room: str, master_key: str, milliseconds: int) -> None:
    """All messages were sent so much earlier, and were sealed then: under the same keys, with the same nonces."""
    store = Store(_OpenDatabase(database))
    keyring = Keyring(room, from_b64url(master_key), None, OpenSslCiphers(), store.keys)
    channels = [channel for (channel,) in database.execute("SELECT DISTINCT channel FROM messages")]
    for message in [each for channel in channels for each in store.messages.page_after(channel, 0, 1_000_000)]:
        for kind, column, sealed in (
            ("message", "sealed", message.sealed),
            ("reactions", "reactions", message.reactions),
        ):
            if sealed is not None:
                aged = asyncio.run(_aged(keyring, kind, message, sealed, milliseconds))
                statement = f"UPDATE messages SET {column} = ? WHERE channel = ? AND seq = ?"
                database.execute(statement, (aged, message.channel, message.seq))
    database.execute("UPDATE messages SET sent_at = sent_at - ?", (milliseconds,))


async def _aged(keyring: Keyring, kind: str, message: Message, sealed: Sealed, milliseconds: int) -> bytes:
    """The same text, bound to an earlier time; what does not open stays as it is."""
    header = message_header(kind, message)
    (text,) = await keyring.open([(sealed, header)])
    if text is None:
        return sealed.data
    header.sent_at -= milliseconds
    version = sealed.data[:1]
    bound = keyring._places(sealed.epoch)[version] + _context(header, version)
    key = AESGCM(keyring._keys.opened[sealed.epoch])
    return sealed.data[: _NONCE.stop] + key.encrypt(sealed.data[_NONCE], text, bound)
