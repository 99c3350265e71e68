"""files/uploads.py: who may upload what, and which files a message may have."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from chat.directory import GENERAL
from errors import Archived, ChatError, Forbidden, Internal, LimitReached, Malformed, NotFound
from files.layout import BLOCK_BYTES, OBJECT, sealed_bytes
from limits import MAX_UPLOADS_PER_MEMBER, RESERVATION_STEP_MS, STORE_RETRY_SECONDS
from storage.files import GONE, RESERVED, SENT, StoredFile
from tests.chat.asking import update
from tests.files.uploading import attached, file_id, reserve, states, store_parts, upload, wanted
from tests.rooms import ChatRoom, Person, refused
from wire.files import File


@pytest.fixture
async def plans(room: ChatRoom, anna: Person) -> str:
    return await room.create_channel(anna, "plans")


async def cancel(room: ChatRoom, person: Person, number: int) -> None:
    await room.state.uploads.cancel(person.id, file_id(number), room.state.conversation, now_ms=room.now_ms)


# --- reserving ---


async def test_a_reservation_holds_sizes_and_nothing_of_the_file(room: ChatRoom, anna: Person) -> None:
    file = attached(1, size=4 * 262_144 + 1, thumb=900)
    reserved = reserve(room, anna, file)
    expected = StoredFile(
        RESERVED, file.id, anna.id, GENERAL, BLOCK_BYTES[OBJECT] + 17, sealed_bytes(900), 2, OBJECT, room.now_ms
    )
    assert reserved == expected
    assert room.state.store.files.get([file.id]) == {file.id: expected}


@pytest.mark.parametrize("later_ms", [0, RESERVATION_STEP_MS, RESERVATION_STEP_MS + 1])
async def test_a_repetition_writes_nothing_before_a_step_is_over(room: ChatRoom, anna: Person, later_ms: int) -> None:
    first = reserve(room, anna, attached(1))
    room.later(later_ms)
    written = room.database.connection.total_changes
    again = reserve(room, anna, attached(1))
    is_renewed = later_ms > RESERVATION_STEP_MS
    assert again == first
    assert room.database.connection.total_changes - written == int(is_renewed)
    assert room.database.rows("files")[0]["created_at"] == (room.now_ms if is_renewed else first.created_at)
    assert room.state.quota.used()[0] == 1


async def test_an_id_is_for_one_file_of_one_member(room: ChatRoom, anna: Person, boris: Person, plans: str) -> None:
    file = attached(1, thumb=9)
    reserve(room, anna, file)
    for person, other, channel in [
        (boris, file, GENERAL),
        (anna, file, plans),
        (anna, attached(1, size=1, thumb=9), GENERAL),
        (anna, attached(1), GENERAL),
    ]:
        with pytest.raises(Malformed, match="taken"):
            reserve(room, person, other, channel)
    await cancel(room, anna, 1)
    with pytest.raises(Malformed, match="taken"):
        reserve(room, anna, file)


async def test_a_channel_must_be_there_and_take_changes(room: ChatRoom, anna: Person, plans: str) -> None:
    with pytest.raises(NotFound):
        reserve(room, anna, attached(1), "nowhere")
    await room.ask(anna, update(plans, archived=True))
    with pytest.raises(Archived):
        reserve(room, anna, attached(1), plans)
    assert states(room) == {}


async def test_a_member_uploads_so_much_at_once(room: ChatRoom, anna: Person, boris: Person) -> None:
    for number in range(MAX_UPLOADS_PER_MEMBER):
        reserve(room, anna, attached(number))
    with pytest.raises(LimitReached) as caught:
        reserve(room, anna, attached(1_000))
    assert caught.value.extra == {}, "how much others upload is told in a full room only"
    reserve(room, anna, attached(0))
    reserve(room, boris, attached(1_000))
    await cancel(room, anna, 0)
    reserve(room, anna, attached(1_001))


# --- giving up ---


async def test_an_upload_is_given_up_by_its_member_and_again(room: ChatRoom, anna: Person, boris: Person) -> None:
    reserve(room, anna, attached(1))
    for person, number in ((boris, 1), (anna, 2)):
        with pytest.raises(NotFound):
            await cancel(room, person, number)
    assert states(room) == {file_id(1): RESERVED}
    for _ in range(2):
        await cancel(room, anna, 1)
        assert states(room) == {file_id(1): GONE}


async def test_what_a_message_has_is_not_given_up(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "", files=[upload(room, anna, 1)])
    with pytest.raises(Forbidden):
        await cancel(room, anna, 1)
    assert states(room) == {file_id(1): SENT}


# --- a message with files ---


async def test_files_that_are_all_there_go_with_their_message(room: ChatRoom, anna: Person) -> None:
    files = [upload(room, anna, 1, thumb=9), upload(room, anna, 2, size=0), upload(room, anna, 3, size=2_000_000)]
    message = room.text("", files=files)
    await room.state.uploads.require_complete(message, anna.id)
    assert room.files.asked == 1
    ack = await room.ask(anna, message)
    assert {(row["state"], row["seq"]) for row in room.database.rows("files")} == {(SENT, ack["seq"])}
    (stored,) = room.state.store.messages.page_after(GENERAL, 0, 9)
    assert stored.files == tuple(file.id for file in files)


async def test_a_message_that_is_stored_needs_its_files_no_more(room: ChatRoom, anna: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    first = await room.ask(anna, message)
    room.files.is_broken = True
    await room.state.uploads.require_complete(message, anna.id)
    assert await room.ask(anna, message) == first


def lose_the_last_part(room: ChatRoom, file: File) -> None:
    room.files.parts[file.id].popitem()


def store_another_size(room: ChatRoom, file: File) -> None:
    room.files.parts[file.id]["0"] += 1


def lose_it(room: ChatRoom, file: File) -> None:
    del room.files.parts[file.id]


@pytest.mark.parametrize("damage", [lose_the_last_part, store_another_size, lose_it])
async def test_a_file_that_is_not_complete_is_refused(
    room: ChatRoom, anna: Person, damage: Callable[[ChatRoom, File], None]
) -> None:
    file = upload(room, anna, 1, size=2_000_000, thumb=9)
    damage(room, file)
    with pytest.raises(Malformed, match=r"files: .* is not complete"):
        await room.state.uploads.require_complete(room.text("", files=[file]), anna.id)


async def test_a_store_that_does_not_answer_is_asked_again(room: ChatRoom, anna: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    room.files.is_broken = True
    with pytest.raises(Internal) as caught:
        await room.state.uploads.require_complete(message, anna.id)
    assert caught.value.retry_after == STORE_RETRY_SECONDS
    room.files.is_broken = False
    await room.state.uploads.require_complete(message, anna.id)


async def test_a_place_that_is_not_bound_any_more_does_not_answer(room: ChatRoom, anna: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1)])
    room.database.tamper("UPDATE files SET place = 'bucket'")
    with pytest.raises(Internal):
        await room.state.uploads.require_complete(message, anna.id)


async def wrong_files(room: ChatRoom, anna: Person, boris: Person, plans: str) -> dict[str, tuple[File, str]]:
    """Files that Anna may not send, each with the channel that she wants it in."""
    sent = upload(room, anna, 3)
    await room.say(anna, "", files=[sent])
    reserve(room, anna, attached(4))
    await cancel(room, anna, 4)
    return {
        "nobody reserved it": (attached(1), GENERAL),
        "somebody else did": (upload(room, boris, 2), GENERAL),
        "it is part of another message": (sent, GENERAL),
        "it was given up": (attached(4), GENERAL),
        "it is for another channel": (upload(room, anna, 5), plans),
        "it is larger": (replace(upload(room, anna, 6), size=5_001), GENERAL),
        "it is smaller": (replace(upload(room, anna, 7), size=4_999), GENERAL),
        "it has no thumbnail": (replace(upload(room, anna, 8), thumb=9), GENERAL),
        "its thumbnail is missing": (replace(upload(room, anna, 9, thumb=9), thumb=None), GENERAL),
        "its thumbnail is larger": (replace(upload(room, anna, 10, thumb=9), thumb=10), GENERAL),
    }


async def test_what_is_not_ones_own_for_this_message_is_refused_before_and_by_the_writer(
    room: ChatRoom, anna: Person, boris: Person, plans: str
) -> None:
    wrong = await wrong_files(room, anna, boris, plans)
    before = room.database.dump()
    asked = room.files.asked
    for why, (file, channel) in wrong.items():
        message = room.text("", channel, files=[upload(room, anna, 99), file])
        with pytest.raises(Malformed, match=r"^files: "):
            await room.state.uploads.require_complete(message, anna.id)
        answer = await room.ask(anna, message)
        assert (refused(answer), answer["detail"][:6]) == ("malformed", "files:"), why
    assert room.files.asked == asked
    await cancel(room, anna, 99)
    room.database.tamper("DELETE FROM files WHERE id = ?", bytes(15) + b"c")
    assert room.database.dump() == before


async def test_a_message_for_no_channel_is_refused_for_that(room: ChatRoom, anna: Person, plans: str) -> None:
    file = upload(room, anna, 1, plans)
    await room.ask(anna, update(plans, archived=True))

    async def refusal(channel: str) -> ChatError:
        with pytest.raises(ChatError) as caught:
            await room.state.uploads.require_complete(room.text("", channel, files=[file]), anna.id)
        return caught.value

    assert isinstance(await refusal("nowhere"), NotFound)
    assert isinstance(await refusal(plans), Archived)


async def test_no_file_is_in_two_messages_that_arrive_together(room: ChatRoom, anna: Person) -> None:
    file = upload(room, anna, 1)
    first, second = room.text("", files=[file]), room.text("", files=[file])
    outcome = await room.commit((anna, first), (anna, second))
    assert [("ack" in (answer or ""), "files" in (answer or "")) for answer in outcome.answers] == [
        (True, False),
        (False, True),
    ]
    assert await room.bodies() == [""]


async def test_an_upload_that_is_given_up_while_its_message_is_sealed_waits_and_is_part_of_it(
    room: ChatRoom, anna: Person
) -> None:
    file = upload(room, anna, 1)
    posting = room.commit((anna, room.text("", files=[file])))
    _, refusal = await asyncio.gather(posting, cancel(room, anna, 1), return_exceptions=True)
    assert isinstance(refusal, Forbidden)
    assert states(room) == {file.id: SENT}


async def test_what_is_wanted_is_what_is_stored(room: ChatRoom, anna: Person) -> None:
    reserved = reserve(room, anna, attached(1, thumb=1))
    assert (reserved.bytes, reserved.thumb) == (wanted(attached(1, thumb=1)).size, 17)
    store_parts(room, reserved)
    assert room.files.parts == {file_id(1): {"0": 5_016, "t": 17}}
