"""Files that are uploaded to a room of the core."""

from typing import Any

from chat.directory import GENERAL
from encoding import b64url
from files.forms import Wanted
from files.layout import OBJECT, block_sizes, sealed_bytes
from storage.files import StoredFile
from tests.rooms import ChatRoom, Person
from wire.files import File, read_files


def file_id(number: int) -> str:
    """The id of the test's file number so and so."""
    return b64url(number.to_bytes(16, "big"))


def described(number: int, *, size: int = 5_000, thumb: int | None = None, **more: Any) -> dict[str, Any]:
    """A file as its sender describes it."""
    file = {
        "id": file_id(number),
        "key": b64url(number.to_bytes(32, "big")),
        "name": f"Wilhelmina {number}.jpg",
        "type": "image/jpeg",
        "size": size,
    }
    small = {"type": "image/webp", "size": thumb, "width": 4, "height": 3}
    return file | ({} if thumb is None else {"thumb": small}) | more


def attached(number: int, **more: Any) -> File:
    """The same, read."""
    (file,) = read_files({"files": [described(number, **more)]})
    return file


def wanted(file: File, channel: str = GENERAL) -> Wanted:
    """What its sender asks to upload."""
    return Wanted(file.id, channel, sealed_bytes(file.size), 0 if file.thumb is None else sealed_bytes(file.thumb))


def reserve(room: ChatRoom, person: Person, file: File, channel: str = GENERAL) -> StoredFile:
    """The room lets a person upload it."""
    return room.state.uploads.reserve(person.id, wanted(file, channel), now_ms=room.now_ms)


def store_parts(room: ChatRoom, reserved: StoredFile) -> None:
    """All of a file is stored."""
    room.files.parts[reserved.id] = block_sizes(reserved.bytes, reserved.thumb, OBJECT)


def upload(room: ChatRoom, person: Person, number: int, channel: str = GENERAL, **more: Any) -> File:
    """A file that waits for its message."""
    file = attached(number, **more)
    store_parts(room, reserve(room, person, file, channel))
    return file


def states(room: ChatRoom) -> dict[str, str]:
    """What has become of each file that the room knows."""
    return {b64url(row["id"]): row["state"] for row in room.database.rows("files")}
