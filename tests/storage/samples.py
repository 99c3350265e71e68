"""Values that the tests of the tables store and get back."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from sealing.keyring import Sealed
from storage.channels import ChannelRow
from storage.messages import Message, NewMessage
from tests.rooms import NOON, SqliteDatabase, uuid

SEALED = Sealed(3, b"\x01sealed \x00\xff'\";--")
OTHER = Sealed(4, b"")
BIG = 2**53 - 1
NASTY = [
    "'; DROP TABLE messages; --",
    '" OR 1=1',
    "%",
    "_",
    "\\",
    "?",
    ":name",
    "@x",
    "$1",
    "a\nb",
    "NULL",
    "1e3",
    "0x10",
    " 7",
    "7",
    "ünï",
    "🙂",
    "null",
    "[1]",
    '{"a":1}',
    "",
]
# SQLite's JSON functions end a text at a NUL; our ids have none.
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class RecordingDatabase(SqliteDatabase):
    """Keeps what was bound, to see how big it is."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: list[tuple[Any, ...]] = []

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self.bound.append(parameters)
        return super().execute(statement, *parameters)


def new(number: int, *, channel: str = "general", sealed: Sealed = SEALED, **more: Any) -> NewMessage:
    return replace(NewMessage(channel, number, number, uuid(number), "anna", NOON + number, sealed), **more)


def stored(message: NewMessage) -> Message:
    return Message(
        message.channel,
        message.seq,
        message.id,
        message.author,
        message.sent_at,
        None,
        None,
        message.seq,
        message.sealed,
        None,
    )


def plain_channel(text: str) -> ChannelRow:
    """A channel with this text in every column of text."""
    return ChannelRow(
        text,
        text,
        NOON,
        archived=False,
        retention_days=None,
        purged_seq=0,
        purged_position=0,
        deleted_at=None,
        sealed=SEALED,
    )
