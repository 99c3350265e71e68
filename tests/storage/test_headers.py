"""storage/headers.py: what each text is bound to. A changed header would make stored texts unreadable."""

from uuid import UUID

import pytest

from sealing.keyring import Header
from storage.headers import (
    agent_header,
    change_header,
    channel_header,
    confirmation_header,
    device_header,
    member_header,
    message_header,
    reactions_header,
    text_header,
)
from tests.rooms import NOON, uuid
from tests.storage.samples import new, stored


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (change_header(7, "general", "anna"), Header("change", "general", "anna", "7")),
        (channel_header("general", "anna"), Header("channel", "general", "anna", "general")),
        (member_header("anna"), Header("member", "", "anna", "anna")),
        (agent_header("anna", "phone"), Header("agent", "", "anna", "phone")),
        (confirmation_header("x"), Header("agent", "", "", "confirmation x")),
        (device_header("anna", "phone"), Header("push", "", "anna", "phone")),
    ],
    ids=["change", "channel", "member", "device", "waiting device", "address"],
)
def test_headers_are_as_they_always_were(header: Header, expected: Header) -> None:
    assert header == expected


@pytest.mark.parametrize(("kind", "of_row"), [("message", text_header), ("reactions", reactions_header)])
def test_a_messages_header_is_the_same_from_its_row_and_from_its_columns(kind: str, of_row: object) -> None:
    message = stored(new(7))
    assert callable(of_row)
    columns = of_row(message.channel, message.author, UUID(message.id).bytes, message.seq, message.sent_at)
    assert columns == message_header(kind, message) == Header(kind, "general", "anna", uuid(7), 7, NOON + 7)
