"""files/quota.py: how much files take, and how much they may."""

import pytest

from errors import LimitReached
from files.layout import BUCKET, OBJECT, sealed_bytes
from files.quota import Quota
from limits import MAX_FILES, ROOM_FILE_BYTES, ROOM_FILE_BYTES_BUCKET
from tests.files.uploading import attached, reserve
from tests.lanes import create_private, secure
from tests.rooms import ChatRoom, Person, accepted, make_room
from wire.changes import DeleteChannel


@pytest.mark.parametrize(
    ("given", "place", "room_bytes"),
    [("", OBJECT, ROOM_FILE_BYTES), ("", BUCKET, ROOM_FILE_BYTES_BUCKET), ("7", OBJECT, 7), ("7", BUCKET, 7)],
)
async def test_a_room_has_what_the_operator_says_or_what_is_usual_for_the_place(
    given: str, place: str, room_bytes: int
) -> None:
    room = await make_room(ROOM_FILE_BYTES=given)
    assert Quota(room.settings, room.state.store, place).room_bytes == room_bytes


async def test_the_room_is_full_exactly_at_its_limit_and_says_how_full() -> None:
    room = await make_room(ROOM_FILE_BYTES=str(2 * sealed_bytes(1_000) + sealed_bytes(10)))
    anna = await room.join("Anna")
    reserve(room, anna, attached(1, size=1_000))
    reserve(room, anna, attached(2, size=1_000, thumb=10))
    with pytest.raises(LimitReached) as caught:
        reserve(room, anna, attached(3, size=0))
    full = 2 * sealed_bytes(1_000) + sealed_bytes(10)
    assert caught.value.extra == {"used_bytes": full, "room_file_bytes": full}
    await room.wake()
    assert room.state.quota.used() == (2, full)


async def test_a_full_room_says_only_how_much_the_files_of_open_channels_take() -> None:
    size = sealed_bytes(1_000)
    room = await make_room(ROOM_FILE_BYTES=str(2 * size))
    anna = await room.join("Anna")
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    reserve(room, anna, attached(1, size=1_000))
    reserve(room, anna, attached(2, size=1_000), lane)

    def refused() -> dict[str, int]:
        with pytest.raises(LimitReached) as caught:
            reserve(room, anna, attached(3, size=0))
        return caught.value.extra

    assert refused() == {"used_bytes": size, "room_file_bytes": 2 * size}
    accepted(await room.ask(anna, DeleteChannel("ref", lane)))
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    assert (room.database.count("lanes"), room.database.count("files")) == (0, 2), "its bytes are not removed yet"
    assert refused() == {"used_bytes": size, "room_file_bytes": 2 * size}


async def test_the_files_of_a_room_are_counted_once(room: ChatRoom, anna: Person) -> None:
    quota = room.state.quota
    reserve(room, anna, attached(1, size=1_000))
    assert quota.used() == (1, sealed_bytes(1_000))
    room.database.fail_at = "count(*)"
    quota.add(5)
    assert quota.used() == (2, sealed_bytes(1_000) + 5)
    quota.check(7)
    room.database.fail_at = None
    quota.forget()
    assert quota.used() == (1, sealed_bytes(1_000))


async def test_a_room_has_so_many_files(room: ChatRoom, anna: Person) -> None:
    for _ in range(MAX_FILES):
        room.state.quota.add(0)
    with pytest.raises(LimitReached):
        reserve(room, anna, attached(1))
