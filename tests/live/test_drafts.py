"""live/drafts.py: what members have begun to write follows them to their other devices."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import MAX_BODY_CHARACTERS, MAX_DRAFTS, REQUEST_BURST, WRITE_QUESTIONS
from tests.chat.asking import update
from tests.lanes import Screen, Screens, create_private, secure
from tests.rooms import ChatRoom, Person, answers, told
from wire.changes import DeleteChannel, RemoveMember
from wire.lanes import LeaveChannel


class Device:
    """Somebody's device with a socket."""

    def __init__(self, screens: Screens, screen: Screen) -> None:
        self.screens = screens
        self.screen = screen
        screen.frames.clear()

    @classmethod
    async def of(cls, screens: Screens, person: Person, *, lanes: bool = True) -> "Device":
        return cls(screens, await screens.open(person, {} if lanes else None))

    async def keep(self, body: str, channel: str = GENERAL) -> dict[str, Any]:
        """The answer to a draft."""
        await self.screens.receive(self.screen, {"type": "draft", "ref": "d", "channel": channel, "body": body})
        return self.screen.take()[-1]

    async def drafts(self) -> dict[str, str | None]:
        """What the room has, by channel; None for what does not open."""
        await self.screens.receive(self.screen, {"type": "drafts", "ref": "l"})
        return {each["channel"]: each.get("body") for each in self.screen.take()[-1]["drafts"]}

    def heard(self) -> list[dict[str, Any]]:
        return [frame for frame in self.screen.take() if frame["type"] == "draft"]


@pytest.fixture
def screens(room: ChatRoom) -> Screens:
    return Screens(room)


OK = {"type": "ok", "ref": "d"}


async def test_a_members_other_devices_hear_of_a_draft_and_find_it_later_and_nobody_else_does(
    screens: Screens, anna: Person, boris: Person
) -> None:
    phone, laptop, other = [await Device.of(screens, each) for each in (anna, anna, boris)]
    assert await phone.keep("On my way, and") == OK
    assert laptop.heard() == [{"type": "draft", "channel": GENERAL, "body": "On my way, and"}]
    assert (phone.screen.take(), other.screen.take(), await other.drafts()) == ([], [], {})
    await laptop.keep("On my way, and I bring cake")
    assert await phone.drafts() == {GENERAL: "On my way, and I bring cake"}
    assert await phone.keep("") == OK
    assert laptop.heard() == [{"type": "draft", "channel": GENERAL, "body": ""}]
    assert await laptop.drafts() == {}


async def test_it_costs_one_row_and_as_many_to_forget_it_and_a_message_none_more(
    room: ChatRoom, screens: Screens, anna: Person
) -> None:
    phone = await Device.of(screens, anna)

    async def rows(asked: Awaitable[Any]) -> int:
        before = room.database.connection.total_changes
        await asked
        return room.database.connection.total_changes - before

    costs = [await rows(phone.keep(body)) for body in ("begun", "begun and", "", "", " \u200b")]
    assert costs == [1, 1, 1, 0, 0]
    plain = await rows(room.say(anna, "a first one"))
    await phone.keep("begun")
    assert await rows(room.say(anna, "a second one")) == plain
    assert room.database.count("drafts") == 1


async def test_nothing_is_told_when_nothing_is_forgotten(screens: Screens, anna: Person) -> None:
    phone, laptop = await Device.of(screens, anna), await Device.of(screens, anna)
    assert await phone.keep("") == OK
    assert laptop.heard() == []


async def test_a_text_that_is_emptied_while_it_is_sealed_is_gone(
    room: ChatRoom, screens: Screens, anna: Person
) -> None:
    here = (await Device.of(screens, anna)).screen.connection
    frames = [{"type": "draft", "ref": "d", "channel": GENERAL, "body": body} for body in ("begun", "")]
    effects = await asyncio.gather(*(room.receive(here, frame) for frame in frames))
    assert [frame["body"] for each in effects for frame, *_ in told(each)] == ["begun", ""]
    assert room.database.count("drafts") == 0


async def test_it_survives_sleep_sealed_in_its_place(room: ChatRoom, screens: Screens, anna: Person) -> None:
    await (await Device.of(screens, anna)).keep("a secret")
    await room.wake()
    laptop = await Device.of(screens, anna)
    assert await laptop.drafts() == {GENERAL: "a secret"}
    assert "a secret" not in room.database.dump()
    assert "a secret" in await room.plaintexts()
    other = await room.create_channel(anna, "other")
    room.database.tamper("UPDATE drafts SET channel = ?", other)
    assert await laptop.drafts() == {other: None}


async def test_it_is_no_longer_than_a_message(screens: Screens, anna: Person) -> None:
    phone = await Device.of(screens, anna)
    answered = [await phone.keep("x" * (MAX_BODY_CHARACTERS + more)) for more in (-1, 0, 1)]
    assert [answer.get("code") for answer in answered] == [None, None, "too_large"]
    assert [len(body or "") for body in (await phone.drafts()).values()] == [MAX_BODY_CHARACTERS]


async def test_a_member_has_so_many_and_one_can_still_change(room: ChatRoom, screens: Screens, anna: Person) -> None:
    phone, channels = await Device.of(screens, anna), []
    for number in range(MAX_DRAFTS + 1):
        room.later(10_000)
        channels.append(await room.create_channel(anna, f"channel {number}"))
        answer = await phone.keep("x", channels[-1])
        assert answer.get("code") == (None if number < MAX_DRAFTS else "limit_reached")
    room.later(10_000)
    assert await phone.keep("y", channels[0]) == OK
    # What stands in a channel that is gone counts no more.
    await room.ask(anna, DeleteChannel("d", channels[1]))
    assert await phone.keep("z", channels[-1]) == OK
    assert len(await phone.drafts()) == room.database.count("drafts") == MAX_DRAFTS


async def test_all_devices_of_a_member_keep_together_only_so_many_at_once(screens: Screens, anna: Person) -> None:
    devices = [await Device.of(screens, anna) for _ in range(2)]
    burst = REQUEST_BURST // WRITE_QUESTIONS
    answered = [(await devices[number % 2].keep(f"{number}")).get("code") for number in range(burst + 1)]
    assert answered[:-1].count(None) >= burst - 1  # two hellos count, too
    assert answered[-1] == "rate_limited"


async def test_where_one_cannot_write_nothing_is_begun_and_everything_can_be_emptied(
    room: ChatRoom, screens: Screens, anna: Person
) -> None:
    phone, old = await Device.of(screens, anna), await room.create_channel(anna, "old")
    await phone.keep("begun", old)
    await room.ask(anna, update(old, archived=True))
    assert (await phone.keep("begun and", old))["code"] == "archived"
    assert await phone.drafts() == {old: "begun"}
    assert await phone.keep("", old) == OK
    assert (await phone.keep("x", "nowhere"))["code"] == (await phone.keep("", "nowhere"))["code"] == "not_found"


async def test_one_in_a_lane_is_for_sockets_that_know_lanes_and_goes_with_it(
    room: ChatRoom, screens: Screens, anna: Person, boris: Person
) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, boris, "plans", anna)
    phone, laptop, old = [await Device.of(screens, anna, lanes=lanes) for lanes in (True, True, False)]
    await phone.keep("psst", lane)
    assert (len(laptop.heard()), old.heard(), await old.drafts()) == (1, [], {})
    assert await laptop.drafts() == {lane: "psst"}
    await room.ask(anna, LeaveChannel("l", lane))
    assert (room.database.count("drafts"), await laptop.drafts()) == (0, {})
    assert (await phone.keep("x", lane))["code"] == "not_found"


async def test_it_goes_with_its_channel(room: ChatRoom, screens: Screens, anna: Person) -> None:
    phone, gone = await Device.of(screens, anna), await room.create_channel(anna, "gone")
    await phone.keep("begun", gone)
    await room.ask(anna, DeleteChannel("d", gone))
    assert await phone.drafts() == {}
    room.state.store.forget_channel(gone)
    assert room.database.count("drafts") == 0


async def test_it_goes_with_its_member(room: ChatRoom, screens: Screens, anna: Person, olga: Person) -> None:
    phone = await Device.of(screens, anna)
    await phone.keep("begun")
    removing = asyncio.create_task(room.ask(olga, RemoveMember("r", anna.id)))
    await asyncio.sleep(0)
    effects = await room.receive(
        phone.screen.connection, {"type": "draft", "ref": "d", "channel": GENERAL, "body": "x"}
    )
    await removing
    assert answers(effects)[0]["code"] == "unauthenticated"
    assert room.database.count("drafts") == 0


async def test_whoever_is_let_in_under_a_name_does_not_read_what_it_began(
    room: ChatRoom, screens: Screens, anna: Person
) -> None:
    phone = await Device.of(screens, anna)
    await phone.keep("a secret")
    await room.state.standing.take_over(room.state.directory.member(anna.id), now_ms=room.now_ms)
    assert await phone.drafts() == {}


async def test_whoever_owes_for_answers_waits(room: ChatRoom, screens: Screens, anna: Person) -> None:
    phone = await Device.of(screens, anna)
    await phone.keep("begun")
    room.state.budgets.of(anna.id, room.now_ms).answers.spend(1_000)
    await screens.receive(phone.screen, {"type": "drafts", "ref": "l"})
    assert phone.screen.take()[-1]["code"] == "rate_limited"
    assert (await phone.keep("begun and"))["code"] == "rate_limited"
