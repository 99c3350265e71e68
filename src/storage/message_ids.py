"""How the ids of messages and of their files are stored.

The id of a message is a UUID: 16 bytes, and in a lane the lane's id behind them. So it is unique in the room's open
channels together and in each lane, and no refusal shows that a hidden message has it. Ids of files are base64url
outside and 16 bytes inside.
"""

from collections.abc import Iterable
from uuid import UUID

from encoding import b64url, from_b64url
from limits import FILE_ID_BYTES

Name = tuple[str, str]
"""What names a message: its id, and the lane in which that is unique, empty for the open channels."""
AFTER_LANES = b"\xff"
"""Greater than every lane's id."""
_UUID_BYTES = 16


def stored_id(message_id: str, lane: str = "") -> bytes:
    """The id of a message as it is stored."""
    return UUID(message_id).bytes + lane.encode() if lane else UUID(message_id).bytes


def named_by(stored: bytes) -> Name:
    """The name of a message by its stored id."""
    return str(UUID(bytes=stored[:_UUID_BYTES])), stored[_UUID_BYTES:].decode()


def from_ids(ids: Iterable[str]) -> bytes:
    """The ids of files as they stand with their message."""
    return b"".join(map(from_b64url, ids))


def ids_in(stored: bytes) -> tuple[str, ...]:
    """The ids of the files of a message."""
    return tuple(b64url(stored[start : start + FILE_ID_BYTES]) for start in range(0, len(stored), FILE_ID_BYTES))
