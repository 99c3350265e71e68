"""live/scheduling.py: messages that are sent later."""

import asyncio
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import CHANGES_KEPT_MS, MAX_SCHEDULED, SCHEDULED_AT_LEAST_MS, SCHEDULED_AT_MOST_MS
from live.alarm import SOONEST_MS
from live.effects import Notify, RingAt
from tests.chat.asking import delete, update
from tests.lanes import create_private, secure
from tests.live.test_tending import House
from tests.rooms import DAY, HOUR, ChatRoom, Person, answers, events, parsed, told, uuid
from wire.changes import DeleteChannel, RemoveMember
from wire.lanes import LeaveChannel

ID = uuid(1)


class Desk:
    """Somebody with a socket, who schedules."""

    def __init__(self, room: ChatRoom, person: Person) -> None:
        self.room = room
        self.person = person

    async def ask(self, kind: str, **more: Any) -> dict[str, Any]:
        """A frame; its answer. The others that came of it are in `told`."""
        effects = await self.room.receive(await self.room.connect(self.person), {"type": kind, "ref": "r", **more})
        self.room.gone(self.person)
        self.told = told(effects)
        self.rings = [effect.at_ms for effect in effects if isinstance(effect, RingAt)]
        (answer,) = answers(effects)
        return answer

    async def schedule(self, body: str = "later", *, after: int = HOUR, number: int = 1, **more: Any) -> dict[str, Any]:
        given = {"channel": GENERAL, "body": body, "at": self.room.now_ms + after} | more
        return await self.ask("schedule", id=uuid(number), **given)

    async def listed(self) -> list[dict[str, Any]]:
        return list((await self.ask("scheduled"))["messages"])


@pytest.fixture
def desk(room: ChatRoom, anna: Person) -> Desk:
    return Desk(room, anna)


@pytest.fixture
def house(room: ChatRoom, anna: Person) -> House:
    return House(room)


async def ring(house: House, after: int = HOUR) -> list[dict[str, Any]]:
    """Let time pass, let the alarm ring; the frames that all or some are sent."""
    house.room.later(after)
    house.done.clear()
    await house.ring()
    return [frame for frame, *_ in told(house.done)]


async def test_a_message_is_sent_at_its_time_once_and_not_before(
    room: ChatRoom, desk: Desk, house: House, boris: Person
) -> None:
    await desk.schedule("psst", mentions=[boris.id])
    at = room.now_ms + HOUR
    assert desk.rings == [at]
    assert desk.told == [({"type": "schedule.changed", "waiting": 1, "failed": 0}, frozenset({desk.person.id}), None)]
    assert await ring(house, HOUR - 1) == []
    assert house.bell.rings_at == at
    sent, *_, after = await ring(house, 1)
    (message,) = sent["events"]
    assert (message["id"], message["body"], message["sent_at"]) == (ID, "psst", at)
    assert (message["author"], message["mentions"]) == (desk.person.id, [boris.id])
    assert after == {"type": "schedule.changed", "waiting": 0, "failed": 0}
    assert [effect.posted[0].notified for effect in house.done if isinstance(effect, Notify)] == [{boris.id}]
    await ring(house)
    assert await room.bodies() == ["psst"]
    assert (room.database.count("scheduled"), await desk.listed()) == (0, [])


async def test_its_time_survives_sleep_and_a_lost_alarm(room: ChatRoom, desk: Desk, house: House) -> None:
    await desk.schedule()
    room.later(2 * HOUR)
    await room.wake()
    await house.tending.plan_again(room.state)
    assert room.now_ms + SOONEST_MS in house.bell.set_to
    await ring(house, 0)
    assert await room.bodies() == ["later"]


async def test_what_the_author_has_not_read_stays_unread(
    room: ChatRoom, desk: Desk, house: House, boris: Person
) -> None:
    await desk.schedule()
    await room.say(boris, "at night", mentions=[desk.person.id])
    frames = await ring(house)
    back = {"type": "read", "channel": GENERAL, "seq": 0, "unread": 1, "mentions": 1, "back": True}
    assert [frame for frame in frames if frame["type"] == "read"] == [back]
    general = await room.channel_of(desk.person)
    assert (general["unread"], general["mentions"]) == (1, 1)
    await room.say(desk.person, "good morning")
    assert (await room.channel_of(desk.person))["unread"] == 0


async def test_who_has_read_everything_has_nothing_unread_by_their_own_message(
    room: ChatRoom, desk: Desk, house: House, boris: Person
) -> None:
    await room.say(boris, "in the evening")
    await room.say(desk.person, "read")
    await desk.schedule()
    assert [frame["type"] for frame in await ring(house)] == ["events", "schedule.changed"]
    assert (await room.channel_of(desk.person))["unread"] == 0
    assert room.database.count("read_positions") == 0


async def test_a_message_that_cannot_be_stored_is_still_scheduled(room: ChatRoom, desk: Desk, house: House) -> None:
    await desk.schedule()
    room.database.fail_at = "INSERT INTO messages"
    await ring(house)
    room.database.fail_at = None
    assert [each["failed"] for each in await desk.listed()] == ["internal"]
    assert (await desk.ask("schedule.send", id=ID))["type"] == "ok"
    assert await room.bodies() == ["later"]


async def test_what_was_posted_before_a_crash_is_not_posted_again(room: ChatRoom, desk: Desk, house: House) -> None:
    await desk.schedule()
    row = room.database.rows("scheduled")[0]
    await ring(house)
    room.database.tamper(
        f"INSERT INTO scheduled ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values()
    )
    await ring(house)
    assert (await room.bodies(), room.database.count("scheduled")) == (["later"], 0)


@pytest.mark.parametrize(
    ("after", "is_taken"),
    [
        (-1, False),
        (SCHEDULED_AT_LEAST_MS - 1, False),
        (SCHEDULED_AT_LEAST_MS, True),
        (SCHEDULED_AT_MOST_MS, True),
        (SCHEDULED_AT_MOST_MS + 1, False),
    ],
)
async def test_the_rooms_clock_says_which_times_there_are(desk: Desk, after: int, is_taken: bool) -> None:
    answer = await desk.schedule(after=after)
    assert answer.get("code") == (None if is_taken else "wrong_time")
    assert len(await desk.listed()) == is_taken


async def test_asking_again_makes_one(desk: Desk, room: ChatRoom, house: House) -> None:
    for body in ("first", "again"):
        assert (await desk.schedule(body))["type"] == "ok"
    assert desk.told == []
    assert [each["body"] for each in await desk.listed()] == ["first"]
    await ring(house)
    assert (await desk.schedule("late answer"))["type"] == "ok"
    for _ in range(2):
        assert (await desk.ask("schedule.send", id=ID))["type"] == "ok"
        assert (await desk.ask("schedule.delete", id=ID))["type"] == "ok"
    assert await room.bodies() == ["first"]


async def test_text_and_time_change_and_the_rest_stays(room: ChatRoom, desk: Desk, house: House, boris: Person) -> None:
    await room.say(boris, "when?", id=uuid(7))
    await desk.schedule("soon", reply_to=uuid(7))
    assert (await desk.ask("schedule.update", id=ID, body="at three"))["type"] == "ok"
    assert (await desk.ask("schedule.update", id=ID, at=room.now_ms + DAY))["type"] == "ok"
    assert desk.rings == [room.now_ms + DAY]
    assert (await desk.ask("schedule.update", id=ID, at=room.now_ms - 1))["code"] == "wrong_time"
    assert [(each["body"], each["reply_to"], each["at"]) for each in await desk.listed()] == [
        ("at three", uuid(7), room.now_ms + DAY)
    ]
    await ring(house)
    assert await room.bodies() == ["when?"]
    await ring(house, DAY)
    assert (await room.history())["messages"][-1]["reply_to"] == uuid(7)


async def test_what_changes_nothing_writes_nothing(room: ChatRoom, desk: Desk, boris: Person) -> None:
    at = room.now_ms + HOUR
    await desk.schedule("soon", mentions=[boris.id])
    stored = room.database.dump()
    same = {"body": "soon", "mentions": [boris.id]}
    for changes in ({}, {"at": at}, same, {**same, "at": at}):
        assert (await desk.ask("schedule.update", id=ID, **changes))["type"] == "ok"
        assert (desk.told, desk.rings) == ([], [])
    assert room.database.dump() == stored
    await desk.ask("schedule.update", id=ID, body="soon")  # and mentions nobody any more
    assert room.database.dump() != stored


async def test_one_is_sent_at_once_or_deleted(desk: Desk, room: ChatRoom, house: House) -> None:
    for number in (1, 2):
        await desk.schedule(f"m{number}", number=number)
    await desk.ask("schedule.send", id=uuid(1))
    assert [frame["type"] for frame, *_ in desk.told] == ["events", "schedule.changed"]
    await desk.schedule("again", number=2)
    await desk.ask("schedule.delete", id=uuid(2))
    assert desk.told[0][0] == {"type": "schedule.changed", "waiting": 0, "failed": 0}
    await ring(house)
    assert await room.bodies() == ["m1"]


async def test_they_are_their_authors_alone(room: ChatRoom, desk: Desk, boris: Person) -> None:
    await desk.schedule()
    other = Desk(room, boris)
    assert await other.listed() == []
    for kind in ("schedule.update", "schedule.send"):
        assert (await other.ask(kind, id=ID))["code"] == "not_found"
    assert ((await other.ask("schedule.delete", id=ID))["type"], other.told) == ("ok", [])
    assert (await room.welcome(boris))["scheduled"] == {"waiting": 0, "failed": 0}
    assert (await room.welcome(desk.person))["scheduled"] == {"waiting": 1, "failed": 0}
    assert (await room.bodies(), len(await desk.listed())) == ([], 1)


async def test_an_answer_to_what_is_gone_is_sent_like_one_to_what_is_deleted(
    room: ChatRoom, desk: Desk, house: House, boris: Person
) -> None:
    said = [await room.say(boris, "?", id=uuid(number)) for number in (7, 8)]
    for number in (7, 8):
        await desk.schedule(f"to {number}", reply_to=uuid(number), number=number - 6)
    assert (await desk.schedule(reply_to=uuid(9), number=3))["code"] == "not_found"
    await room.ask(boris, delete(uuid(8)))
    room.state.store.delete_messages(GENERAL, said[0]["seq"], 1)
    await ring(house)
    sent = (await room.history())["messages"][-2:]
    assert [(each["reply_to"], each["reply_seq"]) for each in sent] == [
        (uuid(7), said[0]["seq"]), (uuid(8), said[1]["seq"]),
    ]  # fmt: skip


async def test_what_may_not_be_sent_any_more_is_kept_with_the_reason(
    room: ChatRoom, desk: Desk, house: House, boris: Person
) -> None:
    await secure(room, desk.person, boris)
    lane = await create_private(room, boris, "plans", desk.person)
    old, gone = await room.create_channel(boris, "old"), await room.create_channel(desk.person, "gone")
    for number, channel in enumerate((lane, old, gone)):
        await desk.schedule(channel=channel, number=number + 1)
    await desk.schedule("fine", number=4)
    await room.ask(desk.person, LeaveChannel("l", lane))
    await room.ask(boris, update(old, archived=True))
    await room.ask(desk.person, DeleteChannel("d", gone))
    frames = await ring(house)
    assert frames[-1] == {"type": "schedule.changed", "waiting": 0, "failed": 3}
    assert [(each["channel"], each["failed"]) for each in await desk.listed()] == [
        (lane, "not_found"), (old, "archived"), (gone, "not_found"),
    ]  # fmt: skip
    assert await room.bodies() == ["fine"]
    await room.ask(boris, update(old, archived=False))
    await desk.ask("schedule.update", id=uuid(2), at=room.now_ms + HOUR)
    await ring(house)
    assert (await room.bodies(old), len(await desk.listed())) == (["later"], 2)
    room.later(CHANGES_KEPT_MS + DAY)
    room.state.store.delete_expired(room.now_ms, 0)
    assert room.database.count("scheduled") == 0


async def test_a_name_that_must_be_secured_by_then_is(room: ChatRoom, desk: Desk, house: House) -> None:
    await desk.schedule()
    await room.wake(NAMES="secured")
    await ring(house)
    assert [row["failed"] for row in room.database.rows("scheduled")] == ["forbidden"]
    assert await room.bodies() == []


async def test_who_is_removed_sends_nothing(room: ChatRoom, desk: Desk, house: House, olga: Person) -> None:
    await desk.schedule()
    await room.ask(olga, RemoveMember("r", desk.person.id))
    await ring(house)
    assert (room.database.count("scheduled"), await room.bodies()) == (0, [])


async def test_who_is_removed_while_they_wait_for_their_turn_schedules_nothing(
    room: ChatRoom, desk: Desk, olga: Person
) -> None:
    here = await room.connect(desk.person)
    given = {"channel": GENERAL, "body": "later", "at": room.now_ms + HOUR}
    removing = asyncio.create_task(room.ask(olga, RemoveMember("r", desk.person.id)))
    await asyncio.sleep(0)
    effects = await room.receive(here, {"type": "schedule", "ref": "r", "id": ID, **given})
    await removing
    assert (answers(effects)[0]["code"], room.database.count("scheduled")) == ("forbidden", 0)


async def test_whoever_is_let_in_under_a_name_neither_reads_nor_sends_what_it_scheduled(
    room: ChatRoom, desk: Desk, house: House
) -> None:
    await desk.schedule("a secret")
    await room.state.standing.take_over(room.state.directory.member(desk.person.id), now_ms=room.now_ms)
    assert await desk.listed() == []
    await ring(house)
    assert await room.bodies() == []


async def test_who_got_in_by_a_password_that_was_changed_sends_nothing(
    room: ChatRoom, desk: Desk, house: House
) -> None:
    await desk.schedule()
    await room.wake(version="2", CHAT_PASSWORD="another long password")
    await ring(house)
    assert await room.bodies() == []


async def test_a_member_has_so_many_and_no_more(room: ChatRoom, desk: Desk) -> None:
    for number in range(MAX_SCHEDULED):
        room.later(60_000)
        assert (await desk.schedule(number=number, after=DAY))["type"] == "ok"
    room.later(60_000)
    assert (await desk.schedule(number=99))["code"] == "limit_reached"
    await desk.ask("schedule.delete", id=uuid(0))
    assert (await desk.schedule(number=99))["type"] == "ok"


async def test_scheduling_counts_as_sending(room: ChatRoom, desk: Desk) -> None:
    burst = room.settings.message_burst
    assert [(await desk.schedule(number=number)).get("code") for number in range(burst + 1)] == [None] * burst + [
        "rate_limited"
    ]


async def test_it_is_sealed_in_its_place(room: ChatRoom, desk: Desk) -> None:
    await desk.schedule("a secret")
    assert "a secret" not in room.database.dump()
    assert '{"body":"a secret"}' in await room.plaintexts()
    for change in ("channel = 'other'", "member = 'boris'", f"id = '{uuid(2)}'"):
        stolen = room.database.rows("scheduled")[0]
        room.database.tamper(f"UPDATE scheduled SET {change}")
        moved = await room.state.conversation.scheduling.listed(room.database.rows("scheduled")[0]["member"])
        assert ["body" in each for each in moved] == [False]
        room.database.tamper(
            "UPDATE scheduled SET channel = ?, member = ?, id = ?", stolen["channel"], stolen["member"], stolen["id"]
        )


async def test_sending_writes_its_row_out_of_the_way(room: ChatRoom, desk: Desk, house: House) -> None:
    await desk.schedule()
    outcome = await room.state.conversation.scheduling.send(desk.person.id, ID, now_ms=room.now_ms)
    assert [event["kind"] for event in events(outcome)] == ["message"]
    assert parsed(outcome.events[0].text)["body"] == "later"
