"""access/vacancies.py: places in a full room, and the end of what is known of former members."""

import asyncio
from typing import Any

import pytest

from access import vacancies
from errors import LimitReached, TooManyAttempts
from limits import (
    CHANGES_KEPT_MS,
    FULL_ROOM_LOOK_MS,
    MEMBER_IDLE_MS,
    MEMBERS_DROPPED_AT_ONCE,
    NAMES_WINDOW_MS,
    SESSION_IDLE_MS,
)
from tests.chat.asking import close_poll, poll, vote
from tests.logins import AWAY, get_in, refusal
from tests.rooms import DAY, ChatRoom, Person, events, sign_in_again, uuid
from wire.changes import CreateChannel, React, RemoveMember
from wire.profiles import UpdateProfile


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room is full with three members, and an address good for four names."""
    monkeypatch.setattr(vacancies, "MAX_MEMBERS", 3)
    monkeypatch.setattr(vacancies, "NAMES_PER_ADDRESS", 4)


def names(room: ChatRoom) -> list[str]:
    return sorted(member.name for member in room.state.directory.present_members())


def sign_out(room: ChatRoom, person: Person) -> None:
    room.state.sessions.end(person.session, person.session.id, now_ms=room.now_ms)


# --- a full room ---


@pytest.mark.usefixtures("small")
async def test_who_is_signed_in_nowhere_and_has_said_nothing_makes_place_when_the_room_is_full(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    sign_out(room, boris)
    result = await get_in(room, "Zoe", address=AWAY)
    told = events(result.events)
    assert [(event["kind"], event.get("member")) for event in told[:1]] == [("member_removed", boris.id)]
    assert told[-1]["reason"] == "joined"
    assert names(room) == ["Anna", "Olga", "Zoe"]


@pytest.mark.usefixtures("small")
async def test_who_comes_back_while_a_place_is_made_keeps_it(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    sign_out(room, boris)
    making = asyncio.create_task(
        room.state.vacancies.make_place(b"address", now_ms=room.now_ms, is_online=lambda _: False)
    )
    await asyncio.sleep(0)  # it seals the event
    sign_in_again(room, boris, "phone")
    with pytest.raises(LimitReached):
        await making
    assert names(room) == ["Anna", "Boris", "Olga"]
    assert [row["removed_at"] for row in room.database.rows("members")] == [None] * 3


@pytest.mark.parametrize("how", ["comes back", "is secured", "was replaced"])
async def test_who_does_not_want_to_go_is_not_removed_by_the_clean_up(
    room: ChatRoom, anna: Person, boris: Person, how: str
) -> None:
    sign_out(room, boris)
    room.later(MEMBER_IDLE_MS)
    member, seq = room.state.directory.member(boris.id), room.state.directory.seq
    cleaning = asyncio.create_task(room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id]))
    await asyncio.sleep(0)  # it seals the event
    if how == "comes back":
        sign_in_again(room, boris, "phone")
    member.secured = how == "is secured"
    member.removed_at = room.now_ms if how == "was replaced" else None
    cleaned = await cleaning
    assert (cleaned.events, cleaned.removed_members, room.state.directory.seq) == ([], [], seq)


async def test_nothing_more_is_told_of_the_status_of_who_was_removed_for_being_away(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    await room.ask(boris, UpdateProfile("p", {"status": {"emoji": "🌴", "text": "at the sea"}}))
    sign_out(room, boris)
    await room.state.vacancies.remove(room.state.directory.member(boris.id), now_ms=room.now_ms)
    assert "at the sea" not in str(await room.missed(anna, seq))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("has", ["a message", "a channel", "a live session"])
async def test_who_has_something_in_the_room_keeps_the_place(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, has: str
) -> None:
    if has == "a message":
        await room.say(boris, "x")
    if has == "a channel":
        await room.ask(boris, CreateChannel("c", "plans", ""))
    if has != "a live session":
        sign_out(room, boris)
    assert isinstance(await refusal(room, "Zoe", address=AWAY), LimitReached)
    assert "Boris" in names(room)


@pytest.mark.usefixtures("small")
async def test_an_expired_session_holds_no_place(room: ChatRoom, anna: Person, boris: Person, olga: Person) -> None:
    room.later(SESSION_IDLE_MS)
    for person in (anna, olga):
        room.state.sessions.note_seen(person.id, person.session.id, now_ms=room.now_ms)
    await get_in(room, "Zoe", address=AWAY)
    assert names(room) == ["Anna", "Olga", "Zoe"]


@pytest.mark.usefixtures("small")
async def test_a_full_room_is_looked_through_once_in_a_while_only(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    assert isinstance(await refusal(room, "Zoe", address=AWAY), LimitReached)
    sign_out(room, boris)
    room.later(FULL_ROOM_LOOK_MS - 1)
    assert isinstance(await refusal(room, "Zoe", address=AWAY), LimitReached)
    room.later(1)
    await get_in(room, "Zoe", address=AWAY)


# --- how many come from one address ---


@pytest.mark.usefixtures("small")
async def test_so_many_new_names_come_from_one_address_in_a_day(
    room: ChatRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vacancies, "MAX_MEMBERS", 100)
    for number in range(4):
        await get_in(room, f"Person {number}", address=AWAY)
    error = await refusal(room, "One more", address=AWAY)
    assert isinstance(error, TooManyAttempts)
    assert error.retry_after == NAMES_WINDOW_MS // 1_000 + 1
    await get_in(room, "One more", address="198.51.100.5")
    room.later(NAMES_WINDOW_MS)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    await get_in(room, "And another", address=AWAY)


@pytest.mark.usefixtures("small")
async def test_the_count_of_an_address_outlives_a_clean_up_and_a_sleep(
    room: ChatRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vacancies, "MAX_MEMBERS", 100)
    for number in range(4):
        await get_in(room, f"Person {number}", address=AWAY)
    room.later(DAY - 1)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    await room.wake()
    assert isinstance(await refusal(room, "One more", address=AWAY), TooManyAttempts)


# --- a changed password ---


async def clean_all(room: ChatRoom) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    while True:
        cleaned = await room.state.retention.run(now_ms=room.now_ms, is_online=[])
        told += events(cleaned.events)
        if not cleaned.more:
            return told


@pytest.mark.parametrize("silent", [1, MEMBERS_DROPPED_AT_ONCE, MEMBERS_DROPPED_AT_ONCE + 1])
async def test_a_changed_password_drops_whoever_has_nothing_in_the_room(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    monkeypatch.setattr(vacancies, "NAMES_PER_ADDRESS", 10_000)
    await room.say(anna, "x")
    for number in range(silent):
        await room.join(f"Person {number}")
    assert await clean_all(room) == [], "a room whose password stays drops nobody"
    await room.wake(CHAT_PASSWORD="another one")
    assert int(room.state.store.facts.get("clean_up_at") or 0) == room.now_ms, "soon"
    told = await clean_all(room)
    assert [event["kind"] for event in told] == ["member_removed"] * silent
    assert names(room) == ["Anna"]
    assert await clean_all(room) == []


# --- forgetting ---


def known(room: ChatRoom) -> list[str]:
    return sorted(member.name for member in room.state.directory.members.values())


@pytest.fixture
async def left(room: ChatRoom, boris: Person, olga: Person) -> Person:
    """Boris, who has been removed."""
    await room.ask(olga, RemoveMember("m", boris.id))
    return boris


async def forget(room: ChatRoom, olga: Person) -> list[str]:
    """What is known after the memory of changes is over."""
    room.later(CHANGES_KEPT_MS + 1)
    room.state.sessions.note_seen(olga.id, olga.session.id, now_ms=room.now_ms)
    await clean_all(room)
    await room.wake()
    return known(room)


async def test_a_former_member_whom_nothing_names_is_forgotten(room: ChatRoom, olga: Person, left: Person) -> None:
    await clean_all(room)
    assert known(room) == ["Boris", "Olga"], "changes that can be resumed still name him"
    assert await forget(room, olga) == ["Olga"]
    assert room.database.count("members") == 1


async def test_a_former_member_whose_message_is_there_is_not(room: ChatRoom, boris: Person, olga: Person) -> None:
    await room.wake(RETENTION_DAYS="0")
    await room.say(boris, "I was here")
    await room.ask(olga, RemoveMember("m", boris.id))
    assert await forget(room, olga) == ["Boris", "Olga"]


async def test_a_former_member_with_a_channel_is_not(room: ChatRoom, boris: Person, olga: Person) -> None:
    await room.ask(boris, CreateChannel("c", "plans", ""))
    await room.ask(olga, RemoveMember("m", boris.id))
    assert await forget(room, olga) == ["Boris", "Olga"]


async def test_a_former_member_whose_reaction_is_there_is_not(room: ChatRoom, boris: Person, olga: Person) -> None:
    await room.wake(RETENTION_DAYS="0")
    await room.say(olga, "good news", id=uuid(1))
    await room.ask(boris, React("r", uuid(1), "👍", on=True))
    await room.ask(olga, RemoveMember("m", boris.id))
    assert await forget(room, olga) == ["Boris", "Olga"]


async def test_a_former_member_whose_vote_is_there_is_not(room: ChatRoom, boris: Person, olga: Person) -> None:
    await room.wake(RETENTION_DAYS="0")
    await room.asked(olga, poll(uuid(1)))
    await room.ask(boris, vote(uuid(1), 0))
    await room.ask(olga, RemoveMember("m", boris.id))
    assert await forget(room, olga) == ["Boris", "Olga"]


async def test_a_former_member_who_closed_a_poll_is_not(room: ChatRoom, olga: Person) -> None:
    await room.wake(RETENTION_DAYS="0")
    await room.asked(olga, poll(uuid(1)))
    await room.ask(zoe := await room.join("Zoe", admin=True), close_poll(uuid(1)))
    await room.ask(olga, RemoveMember("m", zoe.id))
    assert await forget(room, olga) == ["Olga", "Zoe"]


async def test_reactions_of_others_keep_nobody_known(room: ChatRoom, anna: Person, olga: Person, left: Person) -> None:
    await room.wake(RETENTION_DAYS="0")
    await room.say(olga, "good news", id=uuid(1))
    await room.ask(anna, React("r", uuid(1), "👍", on=True))
    assert "Boris" not in await forget(room, olga)


async def test_where_too_many_reactions_would_have_to_be_opened_nobody_is_forgotten(
    room: ChatRoom, boris: Person, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vacancies, "REACTIONS_LOOKED_THROUGH", 1)
    await room.wake(RETENTION_DAYS="0")
    for number in (1, 2):
        await room.say(olga, "good news", id=uuid(number))
        await room.ask(olga, React("r", uuid(number), "👍", on=True))
    await room.ask(olga, RemoveMember("m", boris.id))
    assert await forget(room, olga) == ["Boris", "Olga"]


async def test_newcomers_are_not_told_of_whoever_was_forgotten(room: ChatRoom, olga: Person, left: Person) -> None:
    await forget(room, olga)
    zoe = await room.join("Zoe")
    assert (await room.welcome(zoe))["former_members"] == []
