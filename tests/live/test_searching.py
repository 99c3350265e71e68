"""live/searching.py: who may search, how often, and in which order."""

import asyncio
from typing import Any

import pytest

from chat.directory import GENERAL
from encoding import compact_json
from limits import ANSWER_BURST, MAX_BODY_CHARACTERS, SEARCH_BURST, SEARCH_RATE
from live.searching import Searches
from tests.lanes import add, create_private, open_direct, secure
from tests.rooms import SECOND, ChatRoom, Person, answers, errors, make_room
from wire.connections import Connection

SEARCH = {"type": "search", "ref": "r", "query": "hello", "limit": 50}


async def test_so_many_searches_at_once_and_then_one_a_second(room: ChatRoom, anna: Person) -> None:
    lines = [await room.connect(anna) for _ in range(2)]
    for number in range(SEARCH_BURST):
        assert not errors(await room.receive(lines[number % 2], SEARCH))
    (refused,) = answers(await room.receive(lines[0], SEARCH))
    assert (refused["code"], refused["retry_after"]) == ("rate_limited", 1 / SEARCH_RATE)
    room.later(SECOND)
    assert not errors(await room.receive(lines[0], SEARCH))
    assert errors(await room.receive(lines[1], SEARCH)) == ["rate_limited"]
    history = {"type": "history", "channel": GENERAL, "before": None, "limit": 1}
    assert not errors(await room.receive(lines[0], history)), "other questions are not concerned"


async def test_what_is_found_costs_by_its_size(room: ChatRoom, anna: Person) -> None:
    for _ in range(50):
        await room.say(anna, "hello " + "x" * (MAX_BODY_CHARACTERS - 6))
        room.later(SECOND)
    line = await room.connect(anna)
    taken = 0
    while not errors(await room.receive(line, SEARCH)):
        taken += 1
    assert taken < SEARCH_BURST
    assert taken >= ANSWER_BURST // 16


@pytest.mark.parametrize("query", ["", " ", '""'])
async def test_nothing_to_search_for_is_refused_unless_something_else_is_asked(
    room: ChatRoom, anna: Person, query: str
) -> None:
    line = await room.connect(anna)
    said = await room.say(anna, "hello")
    (refused,) = answers(await room.receive(line, {**SEARCH, "query": query}))
    assert (refused["code"], refused["detail"]) == ("malformed", "query is empty.")
    for more in ({"channel": GENERAL}, {"author": anna.id}, {"after": 0}, {"before": room.now_ms + 1}):
        (found,) = answers(await room.receive(line, {**SEARCH, "query": query, **more}))
        assert [(message["seq"], message["match"]) for message in found["messages"]] == [(said["seq"], [])]


async def test_one_member_searches_once_at_a_time_and_others_meanwhile(
    room: ChatRoom, anna: Person, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        await room.say(anna, "hello")
    monkeypatch.setattr("search.pace.SEARCH_SLICE_UNITS", 1)
    running: set[int] = set()
    most = [0, 0]
    held = asyncio.Event()

    async def let_in(_: int) -> None:
        await held.wait()

    searches = Searches(room.state, let_in=let_in)
    real = searches._finding.find

    async def finding(asked: object, **more: object) -> object:
        running.add(id(asked))
        most[0] = max(most[0], len(running))
        try:
            return await real(asked, **more)  # type: ignore[arg-type]
        finally:
            running.discard(id(asked))

    monkeypatch.setattr(searches._finding, "find", finding)
    monkeypatch.setattr(room.reception, "_searches", searches)
    lines = [await room.connect(person) for person in (anna, anna, boris)]
    asked = [asyncio.ensure_future(room.receive(line, SEARCH)) for line in lines]
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(running) == 2
    held.set()
    found = await asyncio.gather(*asked)
    assert [len(answers(effects)[0]["messages"]) for effects in found] == [5, 5, 5]
    assert most[0] == 2


async def test_a_search_that_fails_gives_back_what_it_took(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await room.connect(anna)
    allowance = room.state.budgets.of(anna.id, room.now_ms)
    before = allowance.answers.tokens
    await room.receive(line, {**SEARCH, "cursor": "AAAA"})
    assert allowance.answers.tokens == before


async def test_a_room_without_messages_finds_none() -> None:
    room = await make_room()
    anna = await room.join("Anna")
    line = await room.connect(anna)
    (found,) = answers(await room.receive(line, compact_json(SEARCH)))
    assert found == {"type": "found", "ref": "r", "messages": [], "cursor": None, "back_to": 0, "complete": True}


# --- lanes ---


async def ask(room: ChatRoom, connection: Connection, **more: Any) -> dict[str, Any]:
    (answer,) = answers(await room.receive(connection, {**SEARCH, **more}))
    return answer


async def test_a_search_finds_what_was_said_in_ones_lanes_and_nothing_of_others(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    clara = await room.join("Clara")
    await secure(room, anna, boris, clara)
    both, hers = await open_direct(room, anna, boris), await create_private(room, clara, "plans")
    for number, (person, channel) in enumerate([(anna, GENERAL), (anna, both), (clara, hers), (boris, both)]):
        room.later(1_000)
        await room.say(person, f"needle {number}", channel)
    for person, everywhere, there in ((anna, [3, 1, 0], [3, 1]), (clara, [2, 0], None), (boris, [3, 1, 0], [3, 1])):
        connection = await room.connect(person)
        found = (await ask(room, connection, query="needle"))["messages"]
        assert [message["body"] for message in found] == [f"needle {number}" for number in everywhere]
        answer = await ask(room, connection, query="needle", channel=both)
        if there is None:
            assert answer["code"] == "not_found"
        else:
            assert [message["body"] for message in answer["messages"]] == [f"needle {number}" for number in there]


async def pages(room: ChatRoom, connection: Connection, **more: Any) -> list[list[str]]:
    """The texts of each page of a search, to its end."""
    found, cursor = list[list[str]](), None
    for _ in range(100):
        answer = await ask(room, connection, cursor=cursor, **more)
        found.append([message["body"] for message in answer["messages"]])
        cursor = answer["cursor"]
        room.later(5_000)
        if cursor is None:
            return found
    raise AssertionError("it has no end")


@pytest.mark.parametrize("together", [1, 2, 401])
async def test_a_search_shows_the_newest_first_on_every_page_wherever_they_were_said(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr("search.finding.LANES_SEARCHED_TOGETHER", together)
    await secure(room, anna)
    lanes = [await create_private(room, anna, f"{number} plans") for number in range(4)]
    for number in range(25):
        room.later(1_000)
        await room.say(anna, f"needle {number}", [GENERAL, *lanes][number * number % 5])
        await room.say(anna, "hay", lanes[number % 4])
    connection = await room.connect(anna)
    found = await pages(room, connection, query="needle", limit=3)
    assert max(map(len, found)) == 3
    newest_first = [f"needle {number}" for number in reversed(range(25))]
    everything = [body for page in found for body in page]
    assert sorted(everything) == sorted(newest_first), "each once"
    if together == 401:
        assert everything == newest_first
        assert [len(page) for page in found] == [3] * 8 + [1]


async def test_what_is_said_at_the_same_moment_or_before_the_clock_was_set_back_is_found_once(
    room: ChatRoom, anna: Person
) -> None:
    await secure(room, anna)
    lanes = [await create_private(room, anna, f"{number} plans") for number in range(3)]
    for number in range(20):
        if number % 7 == 6:
            room.later(-3_000)
        await room.say(anna, f"needle {number}", [GENERAL, *lanes][number % 4])
        room.later(1_000 * (number % 2))
    found = await pages(room, await room.connect(anna), query="needle", limit=3)
    assert sorted(body for page in found for body in page) == sorted(f"needle {number}" for number in range(20))


@pytest.mark.parametrize("units", [7, 40])
async def test_a_search_in_many_lanes_gets_on_however_little_it_may_take(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch, units: int
) -> None:
    monkeypatch.setattr("search.finding.SEARCH_UNITS", units)
    await secure(room, anna)
    lanes = [await create_private(room, anna, f"{number} plans") for number in range(6)]
    for number in range(18):
        room.later(1_000)
        await room.say(anna, f"needle {number}" if number % 3 else "hay", lanes[number % 6])
    found = await pages(room, await room.connect(anna), query="needle", limit=5)
    assert [body for page in found for body in page] == [
        f"needle {number}" for number in reversed(range(18)) if number % 3
    ]


async def test_a_cursor_of_several_lanes_belongs_to_its_question(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    lanes = [await create_private(room, anna, f"{number} plans") for number in range(4)]
    for channel in (GENERAL, *lanes):
        await room.say(anna, "needle", channel)
    connection = await room.connect(anna)
    first = await ask(room, connection, query="needle", limit=3)
    assert (await ask(room, connection, query="needles", limit=3, cursor=first["cursor"]))["code"] == "malformed"


async def test_who_was_added_without_the_past_finds_nothing_of_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans")
    for number in range(30):
        await room.say(anna, f"needle {number}", lane)
    await add(room, anna, lane, boris, history="none")
    await room.say(anna, "needle last", lane)
    connection = await room.connect(boris)
    for query in ("needle", "needl", "last"):
        answer = await ask(room, connection, query=query)
        assert [message["body"] for message in answer["messages"]] == ["needle last"]
        assert "similar" not in answer
