"""live/history.py: pages of history, and what they cost."""

from chat.directory import GENERAL
from encoding import compact_json
from limits import (
    ANSWER_BURST,
    ANSWER_RATE,
    ANSWERED_BYTES_A_UNIT,
    MAX_BODY_CHARACTERS,
    MAX_PAGE_BYTES,
)
from tests.rooms import (
    SECOND,
    ChatRoom,
    Person,
    answers,
    errors,
)

TYPING = {"type": "typing", "channel": GENERAL}


async def test_a_page_costs_by_what_it_says(room: ChatRoom, anna: Person) -> None:
    for _ in range(100):
        await room.say(anna, "x" * MAX_BODY_CHARACTERS)
    connection = await room.connect(anna)
    page = {"type": "history", "channel": GENERAL, "before": room.state.directory.seq + 1, "limit": 100}
    taken = 0
    while not errors(await room.receive(connection, page)):
        taken += 1
    units = len(compact_json(await room.history(before=room.state.directory.seq + 1))) // ANSWERED_BYTES_A_UNIT
    assert units > 1
    assert taken == -(-ANSWER_BURST // units)
    room.later(SECOND)
    for _ in range(ANSWER_RATE // units):
        assert not errors(await room.receive(connection, page))
    room.later(10 * SECOND)
    kept = {"type": "history", "channel": GENERAL, "before": None, "limit": 100}
    again = 0
    while not errors(await room.receive(connection, kept)):
        again += 1
    assert again == taken, "one that is kept costs the same"
    assert not errors(await room.receive(connection, TYPING)), "other questions are not concerned"


async def test_pages_that_are_asked_for_at_once_are_owed_at_once(room: ChatRoom, anna: Person) -> None:
    """On twenty sockets, else, all would be made before the first is paid for."""
    for _ in range(100):
        await room.say(anna, "hello")
    lines = [await room.connect(anna) for _ in range(10)]
    page = {"type": "history", "channel": GENERAL, "before": 90, "limit": 100}
    text = compact_json(page)
    together = [room.reception.receive(each, text, now_ms=room.now_ms) for each in lines]
    refused = [follows for follows in together if isinstance(follows, list)]
    assert [errors(effects) for effects in refused] == [["rate_limited"]] * 4
    for follows in together:
        if not isinstance(follows, list):
            assert not errors(await follows)


async def test_a_page_of_long_messages_is_as_long_as_it_may_be_and_says_that_there_are_more(
    room: ChatRoom, anna: Person
) -> None:
    for _ in range(60):
        await room.say(anna, "x" * 4_000)
    oldest = await room.history(GENERAL, after=0, limit=100)
    newest = await room.history(GENERAL, limit=100)
    for page in (oldest, newest):
        assert 25 < len(page["messages"]) <= MAX_PAGE_BYTES // 4_000
        assert page["more"] is True
    assert oldest["messages"][0]["seq"] < newest["messages"][0]["seq"]
    assert newest["messages"][-1]["seq"] == room.state.directory.seq


async def test_a_page_has_at_least_one_message_however_long_it_is(room: ChatRoom, anna: Person) -> None:
    for _ in range(3):
        await room.say(anna, "🙂" * MAX_BODY_CHARACTERS)
    page = await room.history(GENERAL, limit=100)
    assert len(page["messages"]) == 3


async def test_history_is_answered_to_the_one_who_asked(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x")
    frame = {"type": "history", "ref": "h", "channel": GENERAL, "before": None, "limit": 1}
    (effect,) = await room.receive(await room.connect(anna), frame)
    (page,) = answers([effect])
    assert (page["ref"], [message["body"] for message in page["messages"]]) == ("h", ["x"])
