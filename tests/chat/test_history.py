"""chat/history.py: pages of a channel, as people see its messages now."""

import json
from typing import Any

import pytest

from chat.directory import GENERAL
from chat.history import history_page
from errors import NotFound
from limits import MAX_BODY_CHARACTERS, MAX_HISTORY_PAGE
from tests.chat.asking import THUMB
from tests.files.uploading import attached, reserve, upload
from tests.rooms import (
    DAY,
    ChatRoom,
    Person,
    uuid,
)
from wire.changes import (
    Delete,
    DeleteChannel,
    React,
)
from wire.questions import History


async def post_many(room: ChatRoom, person: Person, count: int, channel: str = GENERAL) -> None:
    await room.commit(*[(person, room.text(f"{number}", channel)) for number in range(count)])


async def test_an_empty_channel_has_an_empty_page(room: ChatRoom, anna: Person) -> None:
    assert await room.history() == {"channel": GENERAL, "messages": [], "more": False}


@pytest.mark.parametrize(("stored", "more"), [(9, False), (10, False), (11, True)])
@pytest.mark.parametrize("way", ["newest", "before", "after"])
async def test_a_page_says_whether_there_are_more(
    room: ChatRoom, anna: Person, stored: int, more: bool, way: str
) -> None:
    seq = room.state.directory.seq
    await post_many(room, anna, stored)
    before, after = {"newest": (None, None), "before": (seq + stored + 1, None), "after": (None, seq)}[way]
    page = await room.history(before=before, after=after, limit=10)
    expected = list(range(stored))[:10] if way == "after" else list(range(stored))[-10:]
    assert [message["body"] for message in page["messages"]] == [f"{number}" for number in expected]
    assert page["more"] is more


@pytest.mark.parametrize("limit", [1, 2, MAX_HISTORY_PAGE - 1, MAX_HISTORY_PAGE])
async def test_pages_backward_and_forward_cover_everything_once(room: ChatRoom, anna: Person, limit: int) -> None:
    await post_many(room, anna, 11)
    everything = [message["seq"] for message in (await room.history())["messages"]]
    backward: list[int] = []
    page = await room.history(limit=limit)
    while True:
        backward = [message["seq"] for message in page["messages"]] + backward
        if not page["more"]:
            break
        page = await room.history(before=backward[0], limit=limit)
    forward: list[int] = []
    page = await room.history(after=0, limit=limit)
    while True:
        forward += [message["seq"] for message in page["messages"]]
        if not page["more"]:
            break
        page = await room.history(after=forward[-1], limit=limit)
    assert backward == forward == everything


async def test_a_page_holds_one_channel_only(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "here")
    await room.say(anna, "there", plans)
    assert (await room.bodies(), await room.bodies(plans)) == (["here"], ["there"])


@pytest.mark.parametrize("where", [{"before": 0}, {"before": 1}, {"after": 10**6}, {"after": 2**53 - 1}])
async def test_a_page_beyond_either_end_is_empty(room: ChatRoom, anna: Person, where: dict[str, Any]) -> None:
    await post_many(room, anna, 3)
    page = await room.history(**where)
    assert (page["messages"], page["more"]) == ([], False)


async def test_a_channel_that_is_not_there_has_no_history(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.ask(anna, DeleteChannel("x", plans))
    for channel in ("nowhere", plans):
        with pytest.raises(NotFound):
            await room.history(channel)


async def test_an_unreadable_message_says_so_and_the_others_are_shown(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    for number in (1, 2, 3):
        await room.say(anna, f"{number}", id=uuid(number))
    room.database.tamper("UPDATE messages SET sealed = zeroblob(50) WHERE seq = ?", seq + 2)
    messages = (await room.history())["messages"]
    assert [message.get("body") for message in messages] == ["1", None, "3"]
    assert messages[1] == {
        "seq": seq + 2,
        "id": uuid(2),
        "channel": GENERAL,
        "author": anna.id,
        "sent_at": room.now_ms,
        "unreadable": True,
    }


async def test_unreadable_reactions_leave_the_message_readable(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, React("r", uuid(1), THUMB, on=True))
    room.database.tamper("UPDATE messages SET reactions = zeroblob(50)")
    (message,) = (await room.history())["messages"]
    assert message["body"] == "x"
    assert "reactions" not in message


async def test_a_deleted_message_keeps_its_place_and_nothing_else(room: ChatRoom, anna: Person) -> None:
    sent = await room.say(anna, "gone", id=uuid(1))
    await room.ask(anna, React("r", uuid(1), THUMB, on=True))
    await room.ask(anna, Delete("d", uuid(1)))
    assert (await room.history())["messages"] == [
        {"seq": sent["seq"], "id": uuid(1), "channel": GENERAL, "deleted_at": room.now_ms}
    ]


# --- only messages with files ---


async def test_pages_of_messages_with_files_cover_them_once_and_nothing_else(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "elsewhere", plans, files=[upload(room, anna, 99, plans)])
    with_files = []
    for number in range(5):
        await post_many(room, anna, 2)
        files = [upload(room, anna, 2 * number + each) for each in (0, 1)]
        with_files.append((await room.say(anna, f"{number}", files=files))["seq"])
    reserve(room, anna, attached(50))
    backward: list[int] = []
    before: int | None = None
    while True:
        page = await room.history(before=before, limit=2, has=("file",))
        backward = [message["seq"] for message in page["messages"]] + backward
        assert all(len(message["files"]) == 2 for message in page["messages"])
        if not page["more"]:
            break
        before = backward[0]
    assert backward == with_files
    page = await room.history(after=with_files[1], limit=2, has=("file",))
    assert ([message["seq"] for message in page["messages"]], page["more"]) == (with_files[2:4], True)
    page = await room.history(after=with_files[3], limit=2, has=("file",))
    assert ([message["seq"] for message in page["messages"]], page["more"]) == (with_files[4:], False)


async def test_a_deleted_message_has_no_files_any_more(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "kept", files=[upload(room, anna, 1)])
    await room.say(anna, "deleted", files=[upload(room, anna, 2)], id=uuid(1))
    await room.commit((anna, Delete("d", uuid(1))))
    assert [message.get("body") for message in (await room.history(has=("file",)))["messages"]] == ["kept"]
    assert len((await room.history())["messages"]) == 2


# --- around a message ---


async def around(room: ChatRoom, seq: int, limit: int) -> dict[str, Any]:
    state = room.state
    request = History("ref", GENERAL, None, None, limit, around=seq)
    found = await history_page(
        request, state.directory.channel(GENERAL), state.store, state.keyring, as_of=state.directory.seq
    )
    return dict(json.loads(found))


@pytest.mark.parametrize(
    ("place", "limit", "shown", "older", "newer"),
    [
        (5, 1, (5, 6), True, True),
        (5, 2, (4, 6), True, True),
        (5, 5, (3, 8), True, True),
        (0, 4, (0, 4), False, True),
        (9, 4, (6, 10), True, False),
        (9, 10, (0, 10), False, False),
        (5, 100, (0, 10), False, False),
        (5, 9, (1, 10), True, False),
        (4, 9, (0, 9), False, True),
    ],
)
async def test_a_page_around_a_message(
    room: ChatRoom, anna: Person, place: int, limit: int, shown: tuple[int, int], older: bool, newer: bool
) -> None:
    seqs = [(await room.say(anna, f"hello {number}"))["seq"] for number in range(10)]
    page = await around(room, seqs[place], limit)
    assert [message["seq"] for message in page["messages"]] == seqs[slice(*shown)]
    assert (page["older"], page["newer"], page["more"]) == (older, newer, older)


async def test_around_a_message_that_is_gone_are_its_neighbours(room: ChatRoom, anna: Person) -> None:
    seqs = [(await room.say(anna, "hello"))["seq"] for _ in range(6)]
    room.database.tamper("DELETE FROM messages WHERE seq = ?", seqs[3])
    page = await around(room, seqs[3], 2)
    assert [message["seq"] for message in page["messages"]] == [seqs[2], seqs[4]]
    assert (await around(room, 10**9, 2))["newer"] is False
    assert (await around(room, 0, 2))["older"] is False


async def test_a_page_at_a_time_is_around_the_first_message_from_then_on(room: ChatRoom, anna: Person) -> None:
    start, seqs = room.now_ms, []
    for number in range(9):
        seqs.append((await room.say(anna, f"message {number}"))["seq"])
        room.later(DAY)

    async def at(time: int) -> dict[str, Any]:
        request = History("ref", GENERAL, None, None, 4, at=time)
        channel = room.state.directory.channel(GENERAL)
        page: dict[str, Any] = json.loads(
            await history_page(request, channel, room.state.store, room.state.keyring, as_of=room.state.directory.seq)
        )
        return page

    for number, seq in enumerate(seqs):
        for time in (start + number * DAY, start + number * DAY - 1, start + (number - 1) * DAY + 1):
            page = await at(time)
            assert (page["at"], seq in [each["seq"] for each in page["messages"]]) == (seq, True)
    assert (await at(0))["at"] == seqs[0]
    latest = await at(start + 9 * DAY)
    assert (latest["at"], latest["newer"]) == (None, False)
    assert [each["seq"] for each in latest["messages"]] == seqs[-4:]


async def test_a_page_around_a_message_is_no_longer_than_others(room: ChatRoom, anna: Person) -> None:
    seqs = [(await room.say(anna, "x" * MAX_BODY_CHARACTERS))["seq"] for _ in range(60)]
    page = await around(room, seqs[30], 60)
    shown = [message["seq"] for message in page["messages"]]
    assert seqs[30] in shown
    assert 20 < len(shown) < 40
    assert (page["older"], page["newer"]) == (True, True)
    assert shown == seqs[seqs.index(shown[0]) : seqs.index(shown[-1]) + 1]


async def test_an_empty_channel_has_nothing_around(room: ChatRoom, anna: Person) -> None:
    assert await around(room, 7, 9) == {
        "channel": GENERAL,
        "messages": [],
        "more": False,
        "older": False,
        "newer": False,
    }
