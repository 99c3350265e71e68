"""live/restoring.py: who may bring a room back and when to, what comes back, and what every client then loads anew."""

import json
import logging
from typing import Any

import pytest

from encoding import compact_json
from errors import Forbidden, Malformed, NoHistory, Restarting, Unauthenticated
from limits import DAY_MS
from live.restoring import HISTORY_KEPT_MS, HISTORY_MARGIN_MS, MAX_RENUMBERING
from tests.access.test_standing import make_admin
from tests.lanes import create_private, open_direct, secure
from tests.live.test_requests import Counter
from tests.rooms import ChatRoom, Person

HOUR = 3_600_000


def body(**fields: Any) -> str:
    return compact_json(fields)


async def go_back(counter: Counter, person: Person, **to: Any) -> dict[str, Any]:
    """Bring the room back; what the answer says."""
    reply = await counter.reply("POST", "/restore", person, body=body(**to))
    assert reply.status == 202
    return dict(json.loads(reply.body or ""))


async def count_above(room: ChatRoom, person: Person, above: int) -> Counter:
    """The second half, by an admin of the room as it is now; and the room that wakes after it."""
    counter = Counter(room)
    assert (await counter.reply("PUT", "/restore", person, body=body(above=above))).status == 204
    await counter.past.wake()
    return counter


@pytest.fixture
def counter(room: ChatRoom) -> Counter:
    return Counter(room)


async def test_a_room_is_again_what_it_was_and_an_undo_brings_everything_back(
    room: ChatRoom, counter: Counter, olga: Person, anna: Person
) -> None:
    await room.say(anna, "before")
    noon = room.now_ms
    counter.past.keep()
    room.later(HOUR)
    await room.say(anna, "a mistake")
    told = await go_back(counter, olga, at=noon + HOUR // 2)
    assert counter.past.begun_anew == 1
    await counter.past.wake()
    assert await room.bodies() == ["before"]

    await go_back(Counter(room, counter.past), olga, bookmark=told["undo"])
    await counter.past.wake()
    assert await room.bodies() == ["before", "a mistake"]


async def test_who_is_no_admin_any_more_while_the_time_is_looked_up_brings_nothing_back(
    room: ChatRoom, counter: Counter, anna: Person, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    counter.past.keep()
    look_up = counter.past.at

    async def late(at_ms: int) -> str:
        await make_admin(room, olga, anna, on=False)
        return await look_up(at_ms)

    monkeypatch.setattr(counter.past, "at", late)
    refusal = await counter.refusal("POST", "/restore", anna, body=body(at=room.now_ms))
    assert isinstance(refusal, Forbidden)
    assert (counter.past.next, counter.past.begun_anew) == (None, 0)


async def test_nothing_is_taken_once_a_room_goes_back(room: ChatRoom, counter: Counter, olga: Person) -> None:
    counter.past.keep()
    await go_back(counter, olga, at=room.now_ms)
    for method, path in (("GET", ""), ("GET", "/session"), ("POST", "/session"), ("GET", "/socket")):
        refusal = await counter.refusal(method, path, olga, body="{}")
        assert isinstance(refusal, Restarting)
        assert refusal.retry_after == 2


async def test_only_admins_reach_the_past(room: ChatRoom, counter: Counter, anna: Person) -> None:
    for method in ("GET", "POST", "PUT"):
        refusal = await counter.refusal(method, "/restore", anna, body=body(at=room.now_ms, above=5))
        assert isinstance(refusal, Forbidden)
    assert (counter.past.kept, counter.past.begun_anew) == ([], 0)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_a_room_that_is_stored_nowhere_has_no_past(room: ChatRoom, counter: Counter, method: str) -> None:
    assert isinstance(await counter.refusal(method, "/restore", body=body(at=room.now_ms)), Unauthenticated)
    assert room.database.tables() == []


async def test_it_is_told_how_far_back_a_room_can_go(room: ChatRoom, counter: Counter, olga: Person) -> None:
    began = room.now_ms
    room.later(HOUR)
    told = await counter.json("GET", "/restore", olga)
    assert told == {"from": began, "to": room.now_ms, "bookmark": "00000000-0"}


async def test_an_old_room_can_go_back_thirty_days(room: ChatRoom, counter: Counter, olga: Person) -> None:
    room.later(40 * DAY_MS)
    again = await room.join("Olga the second", admin=True)
    told = await counter.json("GET", "/restore", again)
    assert told["from"] == room.now_ms - HISTORY_KEPT_MS + HISTORY_MARGIN_MS
    assert (await counter.refusal("POST", "/restore", again, body=body(at=told["from"] - 1))).detail == (
        "at is too long ago: the platform keeps a room's history for 30 days."
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "The body needs at or bookmark, and not both."),
        ({"at": 1, "bookmark": "a"}, "The body needs at or bookmark, and not both."),
        ({"at": "yesterday"}, "at is no time: it has to be an integer, milliseconds since 1970."),
        ({"at": None}, "at is no time: it has to be an integer, milliseconds since 1970."),
        ({"at": True}, "at is no time: it has to be an integer, milliseconds since 1970."),
        ({"at": 1.5}, "at is no time: it has to be an integer, milliseconds since 1970."),
        ({"at": 10**14}, "at is a time that has not come yet."),
        ({"at": 0}, "at is before the room began."),
        ({"at": -5}, "at is before the room began."),
        ({"bookmark": 5}, "bookmark is missing or not text."),
        ({"bookmark": ""}, "bookmark is none."),
        ({"bookmark": "00'; --"}, "bookmark is none."),
        ({"bookmark": "0" * 201}, "bookmark is none."),
        ({"bookmark": "ffffffff-0"}, "The platform does not take this bookmark."),
    ],
)
async def test_what_is_no_moment_of_the_room_is_refused_with_the_reason(
    counter: Counter, olga: Person, given: dict[str, Any], why: str
) -> None:
    refusal = await counter.refusal("POST", "/restore", olga, body=body(**given))
    assert (type(refusal), refusal.detail) == (Malformed, why)
    assert counter.past.begun_anew == 0


async def test_a_moment_is_taken_exactly_from_the_rooms_beginning_to_now(
    room: ChatRoom, counter: Counter, olga: Person
) -> None:
    began = room.now_ms
    counter.past.keep()
    room.later(HOUR)
    for at_ms, is_good in ((began - 1, False), (began, True), (room.now_ms, True), (room.now_ms + 1, False)):
        there = Counter(room, counter.past)
        if is_good:
            await go_back(there, olga, at=at_ms)
        else:
            assert isinstance(await there.refusal("POST", "/restore", olga, body=body(at=at_ms)), Malformed)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_platform_without_history_is_said_to_have_none(
    room: ChatRoom, counter: Counter, olga: Person, method: str
) -> None:
    counter.past.is_there = False
    assert isinstance(await counter.refusal(method, "/restore", olga, body=body(at=room.now_ms)), NoHistory)
    assert counter.past.begun_anew == 0
    assert (await counter.json("GET", "/session", olga))["member"]["id"] == olga.id


async def test_both_halves_are_logged_with_who_did_it(
    room: ChatRoom, counter: Counter, olga: Person, caplog: pytest.LogCaptureFixture
) -> None:
    counter.past.keep()
    with caplog.at_level(logging.WARNING, "durable_chat.restore"):
        told = await go_back(counter, olga, at=room.now_ms)
        await counter.past.wake()
        await count_above(room, olga, told["above"])
    said = [(record.getMessage(), getattr(record, "facts")) for record in caplog.records]  # noqa: B009 (ours)
    assert said == [
        ("room goes back", {"request_id": "request", "member": olga.id, "at": room.now_ms}),
        ("room counts on above its restore", {"request_id": "request", "member": olga.id, "above": told["above"]}),
    ]


# --- the numbers of changes ---


async def test_a_client_that_was_away_during_a_restore_loads_anew_however_much_is_said_since(
    room: ChatRoom, counter: Counter, olga: Person, anna: Person
) -> None:
    await room.say(anna, "before")
    counter.past.keep()
    noon = room.now_ms
    room.later(HOUR)
    lost = (await room.say(anna, "lost"))["seq"]
    told = await go_back(counter, olga, at=noon)
    await counter.past.wake()
    assert (await room.say(anna, "with the same number"))["seq"] == lost
    await count_above(room, olga, told["above"])
    assert (await room.welcome(anna, lost))["resumed"] is False
    seq = (await room.say(anna, "after"))["seq"]
    assert seq == told["above"] + 1
    assert (await room.welcome(anna, lost))["resumed"] is False
    assert [event["body"] for event in await room.missed(anna, seq - 1)] == ["after"]
    assert await room.bodies() == ["before", "with the same number", "after"]


async def test_lanes_count_on_above_as_well_but_one_in_which_nothing_was_said_stays_unseen(
    room: ChatRoom, counter: Counter, olga: Person, anna: Person, boris: Person
) -> None:
    await secure(room, anna, boris)
    den, silent = await create_private(room, anna, "den", boris), await open_direct(room, anna, boris)
    await room.say(anna, "a secret", den)
    counter.past.keep()
    told = await go_back(counter, olga, at=room.now_ms)
    await counter.past.wake()
    await count_above(room, olga, told["above"])
    await room.state.lanes.know_all()
    lanes = room.state.directory.lanes
    assert (lanes[den].seq, lanes[den].forgotten_seq) == (told["above"], told["above"])
    assert (lanes[silent].seq, lanes[silent].audience) == (0, frozenset({anna.id}))


async def test_the_number_says_nothing_of_what_was_said_in_lanes(
    room: ChatRoom, counter: Counter, olga: Person, anna: Person
) -> None:
    await secure(room, anna)
    counter.past.keep()
    before = await go_back(counter, olga, at=room.now_ms)
    notes = await open_direct(room, anna)
    for _ in range(30):
        await room.say(anna, "to myself", notes)
    other = Counter(room)
    other.past.keep()
    assert (await go_back(other, olga, at=room.now_ms))["above"] == before["above"]


async def test_a_repeated_second_half_changes_nothing(room: ChatRoom, olga: Person) -> None:
    await count_above(room, olga, 1_000_000)
    stored = room.database.dump()
    again = await count_above(room, olga, 1_000_000)
    assert again.past.begun_anew == 0
    assert room.database.dump() == stored


async def test_numbers_go_no_further_than_the_search_can_follow(room: ChatRoom, counter: Counter, olga: Person) -> None:
    most = room.state.directory.seq + MAX_RENUMBERING
    for above in (0, most + 1, "5", None):
        assert isinstance(await counter.refusal("PUT", "/restore", olga, body=body(above=above)), Malformed)
    await count_above(room, olga, most)
    assert room.state.directory.seq == most
