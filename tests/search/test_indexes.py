"""search/indexes.py: the open channels have one index, and each lane has its own."""

import pytest

from tests.lanes import create_private, secure
from tests.rooms import ChatRoom, Person, accepted
from tests.search.scanning import pause
from wire.changes import Delete, Edit


@pytest.mark.usefixtures("small")
async def test_messages_of_a_lane_are_in_segments_of_their_own(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    said = [room.text(f"number {number}", lane) for number in range(25)]
    for message in said:
        await room.say(anna, "open")
        accepted(await room.ask(anna, message))
    while await room.state.indexes.build(8, pause, now_ms=room.now_ms):
        pass
    assert [room.database.count(table) for table in ("segments", "lane_segments")] == [2, 2]
    accepted(await room.ask(anna, Edit("ref", said[0].id, "changed", ())))
    revisions = [row["revision"] for row in room.database.rows("lane_segments")]
    assert (revisions, {row["revision"] for row in room.database.rows("segments")}) == ([1, 0], {0})
    for message in said[:10]:
        accepted(await room.ask(anna, Delete("ref", message.id)))
    assert [room.database.count(table) for table in ("segments", "lane_segments")] == [2, 1]


async def test_each_is_made_once_and_forgotten_with_its_lane(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    lane = await create_private(room, anna, "plans")
    indexes = room.state.indexes
    assert indexes.of("") is indexes.room is room.state.index
    index = indexes.of(lane)
    assert index is indexes.of(lane)
    indexes.forget(lane)
    assert indexes.of(lane) is not index
