"""chat/quiet.py: when members are not to be disturbed, and live/quiet.py: who is told of it."""

import asyncio
import json
from datetime import datetime
from typing import Any

import pytest

from chat.quiet import Quiet
from tests.fakes import offset_of
from tests.notify.absent import PUSH, Absent
from tests.rooms import HOUR, MINUTE, NOON, ChatRoom, Person, answers, make_room, told
from tools.paths import ROOT
from wire.quiet import Hours

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/quiet.json").read_text(encoding="utf-8"))
# NOON is 2027-01-15, a Friday, 08:00 UTC.
MORNINGS = {"from": 9 * 60, "to": 10 * 60, "days": [5], "zone": "Europe/Berlin"}


async def say(room: ChatRoom, person: Person, **fields: Any) -> list[Any]:
    return await room.receive(await room.connect(person), {"type": "quiet", "ref": "q", **fields})


async def welcome_of(room: ChatRoom, person: Person) -> dict[str, Any]:
    hello = {"type": "hello", "last_seq": None}
    return answers(await room.receive(room.socket(person), hello))[0]


@pytest.mark.parametrize("each", VECTORS["times"], ids=lambda each: f"{each['hours']} {each['at']}")
def test_hours_follow_the_clocks_where_the_member_lives(each: dict[str, Any]) -> None:
    quiet = Quiet(hours=Hours.read(VECTORS["hours"][each["hours"]]))
    now_ms = int(datetime.fromisoformat(each["at"]).timestamp() * 1_000)
    assert quiet.is_now(now_ms, offset_of) is each["quiet"], each["is"]


async def test_a_while_begins_now_by_the_rooms_clock_and_ends_by_itself(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, minutes=30)
    room.later(30 * MINUTE - 1)
    assert room.state.quiets.is_quiet(anna.id, room.now_ms)
    room.later(1)
    assert not room.state.quiets.is_quiet(anna.id, room.now_ms)


async def test_ones_own_devices_hear_of_it_and_nobody_else(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.connect(boris)
    effects = await say(room, anna, minutes=30, hours=MORNINGS)
    quiet = {"until": NOON + 30 * MINUTE, "hours": MORNINGS}
    assert answers(effects) == [{"type": "ok", "ref": "q"}]
    assert told(effects) == [({"type": "quiet", "quiet": quiet}, frozenset({anna.id}), None)]
    assert (await welcome_of(room, anna))["quiet"] == quiet
    assert "quiet" not in await welcome_of(room, boris)


async def test_it_survives_sleep_sealed_in_one_row(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, hours=MORNINGS)
    await say(room, anna, minutes=30)
    await room.wake()
    assert (await welcome_of(room, anna))["quiet"] == {"until": NOON + 30 * MINUTE, "hours": MORNINGS}
    assert room.database.count("quiet") == 1
    assert "Berlin" not in room.database.dump()


async def test_what_changes_nothing_is_neither_written_nor_told(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, hours=MORNINGS)
    before = room.database.dump()
    for fields in ({}, {"hours": MORNINGS}, {"minutes": 0}, {"minutes": None}):
        effects = await say(room, anna, **fields)
        assert (answers(effects), told(effects)) == ([{"type": "ok", "ref": "q"}], [])
    assert room.database.dump() == before


async def test_without_hours_and_while_there_is_no_row(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, minutes=30, hours=MORNINGS)
    await say(room, anna, hours=None)
    assert (await welcome_of(room, anna))["quiet"] == {"until": NOON + 30 * MINUTE, "hours": None}
    effects = await say(room, anna, minutes=0)
    assert told(effects)[0][0] == {"type": "quiet", "quiet": None}
    assert room.database.count("quiet") == 0


async def test_a_while_that_is_over_is_not_kept(room: ChatRoom, anna: Person) -> None:
    await say(room, anna, minutes=30)
    room.later(HOUR)
    ((frame, _, _),) = told(await say(room, anna, hours=MORNINGS))
    assert frame["quiet"] == {"until": None, "hours": MORNINGS}


async def test_a_zone_that_the_platform_does_not_know_is_refused(room: ChatRoom, anna: Person) -> None:
    effects = await say(room, anna, hours={**MORNINGS, "zone": "Europe/Atlantis"})
    assert answers(effects)[0]["code"] == "malformed"
    assert room.database.count("quiet") == 0


async def test_two_devices_at_once_lose_nothing(room: ChatRoom, anna: Person) -> None:
    await asyncio.gather(say(room, anna, minutes=30), say(room, anna, hours=MORNINGS))
    await room.wake()
    assert (await welcome_of(room, anna))["quiet"] == {"until": NOON + 30 * MINUTE, "hours": MORNINGS}


async def test_it_goes_with_the_member_and_when_another_gets_the_name(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await say(room, anna, hours=MORNINGS)
    await say(room, boris, hours=MORNINGS)
    await room.state.standing.take_over(room.state.directory.member(anna.id), now_ms=room.now_ms)
    assert "quiet" not in await welcome_of(room, anna)
    room.state.store.remove_member(boris.id, room.now_ms)
    assert room.database.count("quiet") == 0


# --- notifications ---


@pytest.fixture
async def pair() -> tuple[Absent, Person, Person]:
    """Anna, who is away with a device, and Boris."""
    place = Absent(await make_room(**PUSH))
    return place, await place.member("Anna"), await place.room.join("Boris")


async def test_while_it_lasts_nothing_is_pushed_and_nothing_of_it_afterwards(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    await say(place.room, anna, minutes=30)
    await place.room.wake()
    await place.say(boris, "asleep?")
    assert place.waiting == 0
    place.room.later(30 * MINUTE)
    assert await place.told() == []
    await place.say(boris, "awake?")
    assert [news["text"] for _, news in await place.told()] == ["awake?"]


async def test_what_waits_when_it_begins_is_not_pushed(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.say(boris, "just now")
    await say(place.room, anna, hours=MORNINGS)
    await place.room.wake()
    assert await place.told() == []
    assert place.waiting == 0


async def test_a_trial_comes_all_the_same(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, _ = pair
    await say(place.room, anna, minutes=30)
    assert place.notices.note_trial(anna.id, anna.session.id, now_ms=place.room.now_ms)
    assert len(await place.told()) == 1


async def test_what_a_dead_line_missed_meanwhile_is_not_pushed_later(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    died_at = place.room.now_ms
    place.looking = {anna.id}
    await say(place.room, anna, hours={**MORNINGS, "from": 540, "to": 550})
    place.room.later(1)
    await place.say(boris, "in quiet")
    assert await place.notices.note_missed(anna.id, died_at, now_ms=place.room.now_ms) is False
    place.room.later(10 * MINUTE)
    assert await place.notices.note_missed(anna.id, died_at, now_ms=place.room.now_ms) is False
    await place.say(boris, "later")
    assert await place.notices.note_missed(anna.id, died_at, now_ms=place.room.now_ms) is True


async def test_a_message_reads_nothing_of_it_where_no_push_would_be_sent(room: ChatRoom, anna: Person) -> None:
    """Nobody has a device: the table is not looked at."""
    await say(room, anna, minutes=30)
    await room.wake()
    room.database.fail_at = "FROM quiet"
    posted = (await room.commit((anna, room.text("x")))).posted
    assert await room.state.notices.note(posted, is_visible=lambda _: False, now_ms=room.now_ms) is False
