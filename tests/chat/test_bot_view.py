"""chat/bot_view.py: a bot is shown who is there, and nothing else of the room."""

import json
from typing import Any

import pytest

from chat.bot_view import event_text, room_event, roster, stored_events
from chat.changes import Event
from chat.directory import GENERAL
from tests.rooms import ChatRoom, Person
from wire.bots import POST

ANNA = {"id": "anna", "name": "Anna", "role": "member", "secured": True}
SHOWN = {"id": "anna", "name": "Anna", "role": "member"}


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ({"kind": "member", "member": ANNA, "reason": "joined", "invited_by": "olga"}, {"member": SHOWN}),
        ({"kind": "member", "member": ANNA, "reason": "new_device"}, {"member": SHOWN}),
        (
            {"kind": "member", "member": {**ANNA, "role": "admin"}, "reason": "role"},
            {"member": SHOWN | {"role": "admin"}},
        ),
        ({"kind": "member", "member": ANNA, "reason": "secured"}, None),
        ({"kind": "member_removed", "member": "anna", "by": "olga", "reason": "replaced"}, {"member": "anna"}),
        (
            {"kind": "former", "members": [{"id": "clara", "name": "Clara"}], "by": "olga"},
            {"members": [{"id": "clara", "name": "Clara"}]},
        ),
        (
            {"kind": "former", "members": [{"id": "old", "name": "Old"}], "by": "olga"},
            {"members": [{"id": "old", "name": "Old"}]},
        ),
        ({"kind": "room", "retention_days": 3, "by": "olga"}, {"retention_days": 3}),
        ({"kind": "member", "member": {"id": "anna"}, "reason": "profile"}, None),
        ({"kind": "a kind of next year", "secret": "x"}, None),
    ],
)
async def test_an_event_of_the_room_has_only_what_a_bot_must_know(
    event: dict[str, Any], shown: dict[str, Any] | None, room: ChatRoom, olga: Person
) -> None:
    told = {"seq": 7} | event
    expected = None if shown is None else {"seq": 7, "kind": event["kind"], **shown}
    assert room_event(told) == expected
    assert stored_events([told]) == ([] if expected is None else [expected])
    bot = await room.bot(olga)
    text = event_text(bot.id, Event(7, "", json.dumps(told)), room.state.audience)
    assert (None if text is None else json.loads(text)) == expected


async def test_an_event_of_a_channel_is_for_bots_that_are_in_it_and_may_read(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    bot, deaf = await room.bot(olga), await room.bot(olga, rights=(POST,), name="Deaf")
    happened = [Event(7, GENERAL, "here"), Event(8, plans, "there")]
    audience = room.state.audience
    assert [event_text(bot.id, event, audience) for event in happened] == ["here", None]
    assert [event_text(deaf.id, event, audience) for event in happened] == [None, None]
    assert stored_events([{"kind": "edit", "channel": GENERAL}]) == [{"kind": "edit", "channel": GENERAL}]


async def test_the_lists_of_members_do_not_say_who_is_here(room: ChatRoom, olga: Person, anna: Person) -> None:
    await room.connect(olga)
    bot = await room.bot(olga)
    room.state.directory.members[anna.id].leave(room.now_ms)
    lists = roster(room.state.directory)
    assert lists["former_members"] == [{"id": anna.id, "name": "Anna", "role": "member"}]
    assert lists["members"] == [
        {"id": olga.id, "name": "Olga", "role": "admin"},
        {"id": bot.id, "name": "Robo", "role": "bot"},
    ]
