"""live/file_requests.py: tickets to store and to fetch files, and uploads that are given up."""

import json
from typing import Any

import pytest

from access.cookies import token_digest
from encoding import compact_json
from errors import ChatError, Forbidden, LimitReached, Malformed, NotFound, TooLarge, TooManyAttempts
from files.layout import BLOCK_BYTES, OBJECT, sealed_bytes
from files.tickets import DOWNLOAD, UPLOAD, Ticket, check, ticket_key
from limits import FILE_BYTES, MAX_TICKETS_AT_ONCE, REQUEST_BURST, TICKET_MS, WRITE_QUESTIONS
from live.effects import Effect, Enqueue, RemoveFilesSoon
from storage.files import GONE
from tests.chat.asking import delete
from tests.files.uploading import attached, described, file_id, states, upload, wanted
from tests.live.test_requests import Counter
from tests.rooms import ChatRoom, Person, accepted, answers, errors, make_room
from wire.files import File


def asked(file: File, **changes: Any) -> str:
    sizes = wanted(file)
    return compact_json({"id": sizes.id, "channel": "general", "size": sizes.size, "thumb": sizes.thumb} | changes)


async def checked(room: ChatRoom, person: Person, text: str, purpose: str, number: int) -> Ticket:
    """A ticket, as the Worker reads it."""
    key = await ticket_key(room.settings.master_key, room.ciphers)
    digest = token_digest(person.token)
    return check(text, purpose, room.name, file_id(number), key=key, token_digest=digest, now_ms=room.now_ms)


@pytest.fixture
def counter(room: ChatRoom) -> Counter:
    return Counter(room)


# --- reserving ---


async def test_who_wants_to_upload_gets_a_ticket_and_how_to_cut_the_file(
    counter: Counter, room: ChatRoom, anna: Person
) -> None:
    file = attached(1, size=2_000_000, thumb=9)
    reply = await counter.reply("POST", "/files", anna, body=asked(file))
    told = json.loads(reply.body or "")
    assert (reply.status, list(reply.effects)) == (201, [])
    assert told.keys() == {"ticket", "part_bytes", "parts", "expires_at"}
    assert (told["part_bytes"], told["parts"]) == (BLOCK_BYTES[OBJECT], 2)
    assert told["expires_at"] == room.now_ms + TICKET_MS
    assert await checked(room, anna, told["ticket"], UPLOAD, 1) == Ticket(
        UPLOAD, room.name, file.id, sealed_bytes(2_000_000), 25, OBJECT, told["expires_at"]
    )


async def test_a_ticket_ends_with_its_session(counter: Counter, room: ChatRoom, anna: Person) -> None:
    room.database.tamper("UPDATE sessions SET expires_at = ?", room.now_ms + 7)
    reply = await counter.reply("POST", "/files", anna, body=asked(attached(1)))
    assert json.loads(reply.body or "")["expires_at"] == room.now_ms + 7


async def test_a_file_is_refused_for_what_is_wrong_with_it(counter: Counter, room: ChatRoom, anna: Person) -> None:
    reasons: list[tuple[str, type[ChatError]]] = [
        (asked(attached(1), size=sealed_bytes(FILE_BYTES + 1)), TooLarge),
        (asked(attached(1), channel="nowhere"), NotFound),
        (asked(attached(1), size=1), Malformed),
        ("{}", Malformed),
    ]
    for body, reason in reasons:
        assert type(await counter.refusal("POST", "/files", anna, body=body)) is reason
    assert room.database.count("files") == 0


async def test_a_full_room_says_how_full_it_is() -> None:
    room = await make_room(ROOM_FILE_BYTES="5015")
    anna = await room.join("Anna")
    refusal = await Counter(room).refusal("POST", "/files", anna, body=asked(attached(1)))
    assert isinstance(refusal, LimitReached)
    assert refusal.extra == {"used_bytes": 0, "room_file_bytes": 5_015}


async def test_a_chat_without_files_takes_none_and_says_so() -> None:
    room = await make_room(FILE_BYTES="0")
    anna = await room.join("Anna")
    counter = Counter(room)
    assert isinstance(await counter.refusal("POST", "/files", anna, body=asked(attached(1))), Forbidden)
    assert (await counter.json("GET"))["limits"]["file_bytes"] == 0
    assert (await room.welcome(anna))["limits"]["file_bytes"] == 0


async def test_where_names_have_to_be_secured_only_such_members_upload() -> None:
    room = await make_room(NAMES="secured")
    anna = await room.join("Anna")
    assert isinstance(await Counter(room).refusal("POST", "/files", anna, body=asked(attached(1))), Forbidden)


async def test_reserving_counts_as_writing(counter: Counter, anna: Person) -> None:
    for _ in range(REQUEST_BURST // WRITE_QUESTIONS):
        await counter.reply("POST", "/files", anna, body=asked(attached(1)))
    assert isinstance(await counter.refusal("POST", "/files", anna, body=asked(attached(1))), TooManyAttempts)


async def test_an_upload_is_given_up(counter: Counter, room: ChatRoom, anna: Person) -> None:
    upload(room, anna, 1)
    reply = await counter.reply("DELETE", f"/files/{file_id(1)}", anna)
    effects: list[Effect] = [RemoveFilesSoon()]
    assert (reply.status, list(reply.effects)) == (204, effects)
    assert states(room) == {file_id(1): GONE}
    for path in (f"/files/{file_id(2)}", "/files/x", f"/files/{file_id(1)}A", "/files/%D1%84", "/files/ф"):
        assert isinstance(await counter.refusal("DELETE", path, anna), NotFound)


# --- sending ---


async def test_a_message_with_files_waits_for_the_store_and_others_do_not(room: ChatRoom, anna: Person) -> None:
    upload(room, anna, 1)
    connection = await room.connect(anna)
    send = {"type": "send", "id": room.new_id(), "channel": "general", "body": "x"}
    assert isinstance(room.reception.receive(connection, compact_json(send), now_ms=room.now_ms), list)
    assert room.files.asked == 0
    (effect,) = await room.receive(connection, send | {"files": [described(1)]})
    assert isinstance(effect, Enqueue)
    assert room.files.asked == 1


async def test_a_message_whose_files_are_not_there_is_answered_by_its_id(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    message = room.new_id()
    send = {"type": "send", "id": message, "channel": "general", "body": "", "files": [described(1)]}
    (answer,) = answers(await room.receive(connection, send))
    assert (answer["ref"], answer["code"], answer["detail"].split()[0]) == (message, "malformed", "files:")
    upload(room, anna, 1)
    room.files.is_broken = True
    (answer,) = answers(await room.receive(connection, send))
    assert (answer["ref"], answer["code"], answer["retry_after"]) == (message, "internal", 5)


# --- fetching ---


async def test_who_sees_a_file_gets_a_ticket_for_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    message = room.text("", files=[upload(room, anna, 1), upload(room, anna, 2, thumb=9)])
    accepted(await room.ask(anna, message))
    upload(room, anna, 3)
    connection = await room.connect(boris)
    ids = [file_id(number) for number in (1, 2, 3, 4)]
    (told,) = answers(await room.receive(connection, {"type": "file.tickets", "ref": "t", "ids": ids}))
    assert told | {"tickets": None} == {
        "type": "tickets",
        "ref": "t",
        "tickets": None,
        "expires_at": room.now_ms + TICKET_MS,
    }
    assert told["tickets"].keys() == set(ids[:2])
    ticket = await checked(room, boris, told["tickets"][ids[1]], DOWNLOAD, 2)
    assert (ticket.size, ticket.thumb, ticket.place) == (sealed_bytes(5_000), 25, OBJECT)
    with pytest.raises(Forbidden):
        await checked(room, anna, told["tickets"][ids[1]], DOWNLOAD, 2)
    accepted(await room.ask(anna, delete(message.id)))
    (told,) = answers(await room.receive(connection, {"type": "file.tickets", "ref": "t", "ids": ids}))
    assert told["tickets"] == {}


async def test_tickets_cost_by_their_number(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    many = {"type": "file.tickets", "ids": [file_id(number) for number in range(MAX_TICKETS_AT_ONCE)]}
    taken = 0
    while not errors(await room.receive(connection, many)):
        taken += 1
    assert taken == -(-REQUEST_BURST // 6)
