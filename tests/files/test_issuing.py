"""files/issuing.py: tickets of a room, which the Worker takes."""

import pytest

from errors import Forbidden
from files.issuing import TicketOffice
from files.tickets import DOWNLOAD, UPLOAD, Ticket, check, ticket_key
from tests.files.uploading import attached, file_id, reserve
from tests.rooms import HOUR, ChatRoom, Person

DEVICE, OTHER_DEVICE = b"d" * 32, b"o" * 32


async def test_a_ticket_says_what_the_room_knows_and_is_good_for_one_device(room: ChatRoom, anna: Person) -> None:
    file = reserve(room, anna, attached(1, thumb=9))
    expires_at = room.now_ms + HOUR
    tickets = [
        await room.state.ticket_office.issue(UPLOAD, file, token_digest=DEVICE, expires_at=expires_at) for _ in range(2)
    ]
    key = await ticket_key(room.settings.master_key, room.ciphers)
    assert check(tickets[1], UPLOAD, room.name, file.id, key=key, token_digest=DEVICE, now_ms=room.now_ms) == Ticket(
        UPLOAD, room.name, file_id(1), file.bytes, file.thumb, file.place, expires_at
    )
    for purpose, name, digest in (
        (DOWNLOAD, "main", DEVICE),
        (UPLOAD, "other", DEVICE),
        (UPLOAD, "main", OTHER_DEVICE),
    ):
        with pytest.raises(Forbidden):
            check(tickets[0], purpose, name, file.id, key=key, token_digest=digest, now_ms=room.now_ms)


async def test_another_master_key_makes_other_tickets(room: ChatRoom, anna: Person) -> None:
    file = reserve(room, anna, attached(1))
    office = TicketOffice(room.name, bytes(32), room.ciphers)
    ticket = await office.issue(UPLOAD, file, token_digest=DEVICE, expires_at=room.now_ms + HOUR)
    key = await ticket_key(room.settings.master_key, room.ciphers)
    with pytest.raises(Forbidden):
        check(ticket, UPLOAD, room.name, file.id, key=key, token_digest=DEVICE, now_ms=room.now_ms)
