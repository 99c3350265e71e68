"""files/downloads.py: who may fetch which files."""

from chat.directory import GENERAL
from tests.chat.asking import delete
from tests.files.uploading import attached, file_id, reserve, upload
from tests.rooms import ChatRoom, Person, accepted
from wire.changes import DeleteChannel


def visible(room: ChatRoom, person: Person, *numbers: int) -> set[str]:
    found = room.state.downloads.visible(person.id, [file_id(number) for number in numbers])
    return {file.id for file in found}


async def test_a_file_is_fetched_once_its_message_is_there_and_until_it_is_gone(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    files = [upload(room, anna, 1), upload(room, anna, 2)]
    reserve(room, anna, attached(3))
    assert visible(room, anna, 1, 2, 3) == set()
    message = room.text("", files=files)
    accepted(await room.ask(anna, message))
    for person in (anna, boris):
        assert visible(room, person, 1, 2, 3, 4) == {file_id(1), file_id(2)}
        assert visible(room, person, 2) == {file_id(2)}
        assert visible(room, person) == set()
    accepted(await room.ask(anna, delete(message.id)))
    assert visible(room, anna, 1, 2) == set()


async def test_a_file_in_a_channel_that_a_member_does_not_see_is_like_one_that_never_was(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    secret = await room.create_channel(anna, "secret")
    await room.say(anna, "", secret, files=[upload(room, anna, 1, secret)])
    await room.say(anna, "", files=[upload(room, anna, 2)])
    room.restricted = {secret: frozenset({anna.id})}
    await room.wake()
    assert visible(room, anna, 1, 2) == {file_id(1), file_id(2)}
    assert visible(room, boris, 1, 2) == {file_id(2)}


async def test_the_files_of_a_deleted_channel_are_fetched_no_more(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "", plans, files=[upload(room, anna, 1, plans)])
    await room.say(anna, "", GENERAL, files=[upload(room, anna, 2)])
    accepted(await room.ask(anna, DeleteChannel("d", plans)))
    assert visible(room, anna, 1, 2) == {file_id(2)}
