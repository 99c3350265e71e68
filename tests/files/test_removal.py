"""files/removal.py: the bytes of files that nobody has any more go, also from a place that fails for a while."""

import logging

import pytest

from limits import (
    ABANDONED_UPLOAD_MS,
    PURGE_PAUSE_MS,
    REMOVAL_PAUSE_FIRST_MS,
    REMOVAL_PAUSE_LONGEST_MS,
    REMOVED_AGAIN_MS,
    REMOVED_AT_ONCE,
    UPLOAD_OVER_MS,
)
from storage.files import GONE, RESERVED, SENT
from tests.chat.asking import delete
from tests.files.uploading import attached, file_id, reserve, states, store_parts, upload
from tests.rooms import ChatRoom, Person, accepted


async def run(room: ChatRoom) -> int | None:
    return await room.state.removal.run(now_ms=room.now_ms)


async def sent_and_deleted(room: ChatRoom, person: Person, *numbers: int, after_ms: int = 0) -> None:
    """Files of one message, which is deleted some time after it was sent."""
    message = room.text("", files=[upload(room, person, number) for number in numbers])
    accepted(await room.ask(person, message))
    room.later(after_ms)
    accepted(await room.ask(person, delete(message.id)))


async def test_nothing_is_to_be_removed_while_messages_have_their_files(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "", files=[upload(room, anna, 1)])
    reserve(room, anna, attached(2))
    room.later(UPLOAD_OVER_MS)
    assert room.state.removal.next_at(now_ms=room.now_ms) is None
    before = room.database.dump()
    assert await run(room) is None
    assert room.database.dump() == before
    assert room.files.asked == 0


async def test_the_bytes_of_a_deleted_message_go_at_once_and_leave_no_row(room: ChatRoom, anna: Person) -> None:
    await sent_and_deleted(room, anna, 1, 2, after_ms=UPLOAD_OVER_MS)
    kept = upload(room, anna, 3)
    assert room.state.removal.next_at(now_ms=room.now_ms) == room.now_ms
    written = room.database.connection.total_changes
    assert await run(room) is None
    assert room.files.parts.keys() == states(room).keys() == {kept.id}
    assert room.database.connection.total_changes - written == 2
    assert room.state.quota.used()[0] == 1


async def test_what_a_ticket_might_still_store_is_removed_at_once_and_again_when_none_is_good(
    room: ChatRoom, anna: Person
) -> None:
    begun_at = room.now_ms
    await sent_and_deleted(room, anna, 1)
    over_at = begun_at + UPLOAD_OVER_MS
    written = room.database.connection.total_changes
    assert await run(room) == over_at
    assert room.files.parts == {}
    assert states(room) == {file_id(1): GONE}
    store_parts(room, room.state.store.files.get([file_id(1)])[file_id(1)])  # with a ticket of before
    room.now_ms = over_at - 1
    assert await run(room) == over_at
    assert room.files.parts != {}
    room.later(1)
    assert await run(room) is None
    assert (room.files.parts, states(room)) == ({}, {})
    assert room.database.connection.total_changes - written == 1


async def test_a_room_that_slept_removes_what_was_given_up_lately_once_more(room: ChatRoom, anna: Person) -> None:
    over_at = room.now_ms + UPLOAD_OVER_MS
    await sent_and_deleted(room, anna, 1)
    await room.wake()
    assert room.state.removal.next_at(now_ms=room.now_ms) == room.now_ms
    await run(room)
    await room.wake()
    room.later(REMOVED_AGAIN_MS)
    asked = room.files.asked
    assert await run(room) == room.state.removal.next_at(now_ms=room.now_ms) == over_at
    assert room.files.asked == asked


async def test_files_go_in_batches(room: ChatRoom, anna: Person) -> None:
    count = REMOVED_AT_ONCE + 1
    for number in range(count):
        store_parts(room, reserve(room, anna, attached(number)))
    room.state.store.files.give_up([file_id(number) for number in range(count)], room.now_ms)
    assert await run(room) == room.now_ms + PURGE_PAUSE_MS
    assert len(room.files.parts) == 1
    room.later(UPLOAD_OVER_MS)
    assert await run(room) == room.now_ms + PURGE_PAUSE_MS
    assert len(states(room)) == 1
    assert await run(room) is None
    assert (room.files.parts, states(room)) == ({}, {})


async def test_a_place_that_fails_is_tried_again_after_growing_pauses_and_nothing_is_forgotten(
    room: ChatRoom, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await sent_and_deleted(room, anna, 1, after_ms=UPLOAD_OVER_MS)
    await sent_and_deleted(room, anna, 2)
    room.files.is_broken = True
    pauses = []
    with caplog.at_level(logging.WARNING):
        for _ in range(14):
            next_at = await run(room)
            assert next_at is not None
            pauses.append(next_at - room.now_ms)
            asked = room.files.asked
            room.now_ms = next_at - 1
            await room.wake()
            assert room.state.removal.next_at(now_ms=room.now_ms) == next_at
            assert await run(room) == next_at
            assert room.files.asked == asked
            room.later(1)
    assert pauses == [min(REMOVAL_PAUSE_FIRST_MS * 2**step, REMOVAL_PAUSE_LONGEST_MS) for step in range(14)]
    assert len(caplog.records) == 14
    assert states(room) == {file_id(1): GONE, file_id(2): GONE}
    room.files.is_broken = False
    assert await run(room) is None
    assert (room.files.parts, states(room)) == ({}, {})
    await sent_and_deleted(room, anna, 3, after_ms=UPLOAD_OVER_MS)
    room.files.is_broken = True
    assert await run(room) == room.now_ms + REMOVAL_PAUSE_FIRST_MS


async def test_after_a_failure_that_took_long_everything_is_removed_at_once(room: ChatRoom, anna: Person) -> None:
    for number in range(REMOVED_AT_ONCE + 1):
        store_parts(room, reserve(room, anna, attached(number)))
    room.state.store.files.give_up(list(states(room)), room.now_ms)
    room.files.is_broken = True
    await run(room)
    room.later(REMOVED_AGAIN_MS)
    room.files.is_broken = False
    assert await run(room) == room.now_ms + PURGE_PAUSE_MS
    await run(room)
    assert room.files.parts == {}


async def test_a_place_that_is_bound_no_more_holds_its_files(room: ChatRoom, anna: Person) -> None:
    await sent_and_deleted(room, anna, 1, after_ms=UPLOAD_OVER_MS)
    room.database.tamper("UPDATE files SET place = 'bucket'")
    assert await run(room) == room.now_ms + REMOVAL_PAUSE_FIRST_MS
    assert states(room) == {file_id(1): GONE}


async def test_an_upload_with_which_nobody_goes_on_is_given_up_after_a_day(room: ChatRoom, anna: Person) -> None:
    upload(room, anna, 1)
    await room.say(anna, "", files=[upload(room, anna, 2)])
    room.later(ABANDONED_UPLOAD_MS - 1)
    upload(room, anna, 3)
    room.state.removal.give_up_abandoned(now_ms=room.now_ms)
    assert states(room)[file_id(1)] == RESERVED
    room.later(1)
    room.state.removal.give_up_abandoned(now_ms=room.now_ms)
    assert states(room) == {file_id(1): GONE, file_id(2): SENT, file_id(3): RESERVED}
    assert await run(room) is None
    assert room.files.parts.keys() == {file_id(2), file_id(3)}
