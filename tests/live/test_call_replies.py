"""live/call_replies.py: a bot answers later, five times within ten minutes, by an address that is nobody else's."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from access.handover import Handover
from bot_limits import REPLIES_A_CALL, REPLY_URL_MS
from bots.delivery import Delivery
from encoding import compact_json
from errors import ChatError, Forbidden, LimitReached, Malformed, NotFound
from live.call_replies import answer
from live.replies import Asked, Reply
from tests.live.test_calling import Called
from tests.rooms import MINUTE, make_room
from web.routes import find_route


@pytest.fixture
async def called() -> Called:
    found = await Called.make()
    await found.say()
    return found


def token(called: Called) -> str:
    return str(urlsplit(called.sent[-1]["reply_url"]).path).rpartition("/")[2]


async def reply(called: Called, body: Any, media_type: str = "application/json", *, to: str | None = None) -> Reply:
    text = body if isinstance(body, str) else compact_json(body)
    delivery = Delivery(media_type=media_type, reply=token(called) if to is None else to).written()
    route = find_route("POST", "/api/rooms/main/replies/here")
    asked = Asked(route, Handover("request"), body=text, delivery=delivery)
    return await answer(called.room.state, asked, called.room.now_ms)


async def refusal(called: Called, body: Any = "late", **more: Any) -> ChatError:
    with pytest.raises(ChatError) as refused:
        await reply(called, body, "text/plain", **more)
    return refused.value


async def test_five_answers_are_replies_and_a_repetition_is_none(called: Called) -> None:
    await called.room.wake()
    for number in range(REPLIES_A_CALL):
        for _ in range(2):
            done = await reply(called, {"text": f"step {number}"})
            assert (done.status, done.body) == (200, "ok")
    assert isinstance(await refusal(called, "one more"), LimitReached)
    messages = (await called.room.history())["messages"]
    assert [each["body"] for each in messages] == ["/time please", *(f"step {n}" for n in range(REPLIES_A_CALL))]
    assert {each["reply_to"] for each in messages[1:]} == {messages[0]["id"]}
    assert called.stored.failure == "limit_reached"


async def test_the_same_text_again_after_a_minute_is_another_answer(called: Called) -> None:
    await reply(called, {"text": "working"})
    called.room.later(MINUTE)
    await reply(called, {"text": "working"})
    assert await called.room.bodies() == ["/time please", "working", "working"]


async def test_an_answer_is_read_as_that_of_a_hook(called: Called) -> None:
    await reply(called, {"attachments": [{"title": "Build", "title_link": "https://a.b", "text": "*ok*"}]})
    await reply(called, "plain", "text/plain")
    await reply(called, "x" * 60_000, "text/plain")
    _, first, second, third = await called.room.bodies()
    assert "[Build](https://a.b)" in first
    assert second == "plain"
    assert (len(third), third[-1]) == (4_000, "…")
    assert isinstance(await refusal(called, ""), Malformed)


async def test_the_address_is_good_for_ten_minutes_and_for_nothing_else(called: Called) -> None:
    good = token(called)
    for wrong in ("", "x", good[:-1], good[:-1] + "é", good + "A", "A" * len(good), good[1:]):
        assert isinstance(await refusal(called, to=wrong), NotFound)
    called.room.later(REPLY_URL_MS - 1)
    await reply(called, {"text": "just in time"})
    called.room.later(1)
    assert isinstance(await refusal(called), NotFound)


async def test_the_address_ends_with_other_secrets_with_the_bot_and_with_its_channel(called: Called) -> None:
    programs = called.room.state.programs
    called.room.state.store.bots.set_digest(called.bot, b"another")
    assert isinstance(await refusal(called), NotFound)
    await called.say()
    called.room.database.tamper("UPDATE bots SET channels = '[]'")
    assert isinstance(await refusal(called), NotFound)
    called.room.database.tamper("""UPDATE bots SET channels = '["general"]', rights = '["read"]'""")
    assert isinstance(await refusal(called), Forbidden)
    await programs.revoke(called.olga.id, "bot", called.bot, now_ms=called.room.now_ms)
    assert isinstance(await refusal(called), NotFound)


async def test_an_empty_room_has_no_such_address(called: Called) -> None:
    good = token(called)
    called.room = await make_room()
    assert isinstance(await refusal(called, to=good), NotFound)
    assert called.room.database.tables() == []
