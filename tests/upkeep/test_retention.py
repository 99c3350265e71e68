"""upkeep/retention.py: what is removed when, a bounded batch at a time, and that it cannot be brought back."""

import sqlite3
from typing import Any

import pytest

from access.confirmations import Waiting
from access.vacancies import JOINED
from chat.directory import GENERAL
from errors import TooManyAttempts
from limits import (
    CHANGES_KEPT_MS,
    CLEAN_UP_EVERY_MS,
    CONFIRMATION_MS,
    CONFIRMATIONS_PER_HOUR,
    EPOCH_MS,
    MEMBER_IDLE_MS,
    PURGE_BATCH_ROWS,
    PURGE_PAUSE_MS,
    ROOM_ATTACK_WINDOW_MS,
    SESSION_IDLE_MS,
)
from storage.attempts import Attempts
from storage.files import GONE, RESERVED, SENT
from tests.files.uploading import described, file_id, states, upload
from tests.logins import PHONE
from tests.rooms import DAY, HOUR, MINUTE, ChatRoom, Person, events, make_room, parsed, uuid
from upkeep.retention import Cleaned
from wire.changes import CreateChannel, Delete, DeleteChannel, Edit, React, RemoveMember, UpdateChannel
from wire.profiles import UpdateRoom

KEPT = 30 * DAY


@pytest.fixture
async def room() -> ChatRoom:
    return await make_room(SESSION_DAYS="400")


@pytest.mark.parametrize(
    ("more", "noted_in", "next_in"),
    [
        (False, CLEAN_UP_EVERY_MS, CLEAN_UP_EVERY_MS),
        (True, CLEAN_UP_EVERY_MS, PURGE_PAUSE_MS),
        (False, 1_200, 1_200),
        (True, 1_200, PURGE_PAUSE_MS),
    ],
    ids=["done", "more to do", "asked for meanwhile", "both"],
)
def test_the_next_run_comes_when_it_should(more: bool, noted_in: int, next_in: int) -> None:
    now_ms = 50 * DAY
    assert Cleaned(more_open=more).next_at(now_ms + noted_in, now_ms) == now_ms + next_in


async def clean(room: ChatRoom, *online: Person) -> Cleaned:
    return await room.state.retention.run(now_ms=room.now_ms, is_online=[person.id for person in online])


async def clean_all(room: ChatRoom, *online: Person) -> list[dict[str, Any]]:
    """Clean up until nothing is left to do; the events that were told."""
    told: list[dict[str, Any]] = []
    while True:
        cleaned = await clean(room, *online)
        told += events(cleaned.events)
        if not cleaned.more:
            return told


async def post_many(room: ChatRoom, person: Person, count: int, channel: str = GENERAL) -> None:
    await room.commit(*[(person, room.text("x", channel)) for _ in range(count)])


def purges(cleaned: Cleaned) -> list[tuple[str, int]]:
    told = events(cleaned.events)
    return [(event["channel"], event["count"]) for event in told if event["kind"] == "purge"]


# --- messages ---


@pytest.mark.parametrize(("age", "left"), [(KEPT - 1, 2), (KEPT, 2), (KEPT + 1, 1)])
async def test_a_message_is_kept_for_exactly_as_long_as_the_policy_says(
    room: ChatRoom, anna: Person, age: int, left: int
) -> None:
    await room.say(anna, "old")
    room.later(age)
    await room.say(anna, "new")
    await clean(room, anna)
    assert await room.bodies() == ["old", "new"][-left:]


async def test_people_are_told_what_was_removed(room: ChatRoom, anna: Person) -> None:
    last = [(await room.say(anna, "old"))["seq"] for _ in range(3)][-1]
    room.later(KEPT + 1)
    cleaned = await clean(room, anna)
    assert events(cleaned.events) == [
        {
            "seq": last + 1,
            "kind": "purge",
            "channel": GENERAL,
            "up_to_seq": last,
            "count": 3,
            "reason": "retention",
        }
    ]
    assert room.state.directory.seq == last + 1
    assert room.database.count("messages") == 0


async def test_a_second_run_finds_nothing_to_do(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old")
    room.later(KEPT + 1)
    await clean_all(room, anna)
    before = room.database.dump()
    assert await clean(room, anna) == Cleaned()
    assert room.database.dump() == before


async def test_an_old_room_is_cleaned_in_bounded_batches(room: ChatRoom, anna: Person) -> None:
    await post_many(room, anna, 2 * PURGE_BATCH_ROWS + 1)
    room.later(KEPT + 1)
    runs = [await clean(room, anna) for _ in range(4)]
    assert [purges(run) for run in runs] == [
        [(GENERAL, PURGE_BATCH_ROWS)],
        [(GENERAL, PURGE_BATCH_ROWS)],
        [(GENERAL, 1)],
        [],
    ]
    assert [run.more for run in runs] == [True, True, False, False]


@pytest.mark.parametrize(("old", "runs"), [(PURGE_BATCH_ROWS - 1, 1), (PURGE_BATCH_ROWS, 1), (PURGE_BATCH_ROWS + 1, 2)])
async def test_a_batch_is_full_at_its_limit(room: ChatRoom, anna: Person, old: int, runs: int) -> None:
    await post_many(room, anna, old)
    room.later(KEPT + 1)
    needed = 1
    while (await clean(room, anna)).more:
        needed += 1
    assert needed == runs
    assert room.database.count("messages") == 0


async def test_all_channels_share_one_budget(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    half = PURGE_BATCH_ROWS // 2 + 50
    await post_many(room, anna, half)
    await post_many(room, anna, half, plans)
    room.later(KEPT - 1)
    await room.say(anna, "new", plans)
    room.later(2)
    first = await clean(room, anna)
    assert purges(first) == [(GENERAL, half), (plans, PURGE_BATCH_ROWS - half)]
    assert first.more is True
    second = await clean(room, anna)
    assert purges(second) == [(plans, 2 * half - PURGE_BATCH_ROWS)]
    assert second.more is False
    assert await room.bodies(plans) == ["new"]


@pytest.mark.parametrize(
    ("setting", "of_room", "of_channel", "days"),
    [
        ("30", None, None, 30),
        ("30", 7, None, 7),
        ("30", 7, 3, 3),
        ("30", 7, 90, 90),
        ("30", 0, None, None),
        ("30", 7, 0, None),
        ("0", None, None, None),
        ("0", 7, None, 7),
        ("0", None, 3, 3),
        ("30", 0, 3, 3),
    ],
)
async def test_the_channels_policy_goes_before_the_rooms_and_that_before_the_setting(
    setting: str, of_room: int | None, of_channel: int | None, days: int | None
) -> None:
    room = await make_room(RETENTION_DAYS=setting, SESSION_DAYS="400")
    olga = await room.join("Olga", admin=True)
    if of_room is not None:
        await room.ask(olga, UpdateRoom("u", {"retention_days": of_room}))
    if of_channel is not None:
        await room.ask(olga, UpdateChannel("u", GENERAL, {"retention_days": of_channel}))
    await room.wake()
    await room.say(olga, "x")
    room.later((days or 1_000) * DAY)
    await clean(room, olga)
    assert await room.bodies() == ["x"]
    room.later(1)
    await clean(room, olga)
    assert await room.bodies() == (["x"] if days is None else [])


async def test_one_channels_policy_leaves_the_others_alone(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True)
    plans = await room.create_channel(olga, "plans")
    await room.ask(olga, UpdateChannel("u", plans, {"retention_days": 1}))
    for channel in (GENERAL, plans):
        await room.say(olga, "x", channel)
    room.later(2 * DAY)
    await clean(room, olga)
    assert (await room.bodies(), await room.bodies(plans)) == (["x"], [])


async def test_mentions_in_removed_messages_are_removed(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    await room.say(anna, "x", mentions=[boris.id])
    room.later(KEPT + 1)
    await clean(room, anna, boris)
    assert room.database.count("activity") == 0


async def test_a_clock_that_was_set_back_removes_nothing_too_early(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "young")
    room.later(-2 * DAY)
    await room.say(anna, "old")
    room.later(KEPT + DAY)
    cleaned = await clean(room, anna)
    assert (purges(cleaned), await room.bodies()) == ([], ["young", "old"])
    room.later(2 * DAY)
    assert purges(await clean(room, anna)) == [(GENERAL, 2)]


@pytest.mark.parametrize("statement", ["DELETE FROM messages", "UPDATE channels SET purged_seq", "INSERT INTO changes"])
async def test_a_run_that_fails_midway_loses_nothing_and_is_made_up_for(
    room: ChatRoom, anna: Person, statement: str
) -> None:
    await post_many(room, anna, 3)
    room.later(KEPT + 1)
    seq, before = room.state.directory.seq, room.database.rows("messages")
    room.database.fail_at = statement
    with pytest.raises(sqlite3.OperationalError):
        await clean(room, anna)
    room.database.fail_at = None
    assert room.database.rows("messages") == before
    assert room.state.directory.seq == seq
    assert (room.state.directory.channels[GENERAL].purged_seq, room.database.count("changes")) == (0, 1)
    assert [(event["kind"], event["count"]) for event in await clean_all(room, anna)] == [("purge", 3)]


# --- deleted channels ---


async def test_a_deleted_channel_is_removed_without_an_event_and_then_forgotten(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, mentions=[boris.id])
    await room.receive(await room.connect(anna), {"type": "read", "channel": plans, "seq": 2**50})
    await room.ask(anna, DeleteChannel("x", plans))
    assert await clean_all(room, anna, boris) == []
    assert [row["id"] for row in room.database.rows("channels")] == [GENERAL]
    assert [room.database.count(table) for table in ("messages", "read_positions", "activity")] == [0, 0, 0]
    await room.wake()
    assert set(room.state.directory.channels) == {GENERAL}


async def test_a_big_deleted_channel_takes_several_runs(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await post_many(room, anna, PURGE_BATCH_ROWS + 1, plans)
    await room.ask(anna, DeleteChannel("x", plans))
    first = await clean(room, anna)
    assert (first.events, first.more, room.database.count("messages")) == ([], True, 1)
    await room.wake()
    second = await clean(room, anna)
    assert (second.events, second.more, room.database.count("messages")) == ([], False, 0)
    assert room.database.count("channels") == 1


async def test_a_deleted_channel_goes_although_its_messages_were_to_be_kept(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True)
    plans = await room.create_channel(olga, "plans")
    await room.ask(olga, UpdateChannel("u", plans, {"retention_days": 0}))
    await room.say(olga, "x", plans)
    await room.ask(olga, DeleteChannel("x", plans))
    await clean(room, olga)
    assert room.database.count("messages") == 0


# --- the order of the room ---


async def test_seq_never_goes_back_after_everything_was_removed_and_forgotten(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await post_many(room, anna, 3)
    await post_many(room, anna, 3, plans)
    await room.ask(anna, DeleteChannel("x", plans))
    before = seq = room.state.directory.seq
    for _ in range(3):
        room.later(max(KEPT, CHANGES_KEPT_MS) + 1)
        await clean_all(room, anna)
        seq = room.state.directory.seq
        await room.wake()
        assert room.state.directory.seq == seq > before
    assert [room.database.count(table) for table in ("messages", "changes")] == [0, 0]
    sent = await room.say(anna, "first again")
    assert sent["seq"] == seq + 1
    assert [row["position"] for row in room.database.rows("messages")] == [4]


async def test_changes_are_forgotten_after_their_time_in_bounded_batches(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.commit(*[(anna, React("r", uuid(1), "👍", on=n % 2 == 0)) for n in range(PURGE_BATCH_ROWS)])
    changes = room.database.count("changes")
    assert changes == PURGE_BATCH_ROWS + 1
    room.later(CHANGES_KEPT_MS)
    await clean(room, anna)
    assert room.database.count("changes") == changes
    room.later(1)
    assert (await clean(room, anna)).more is True
    assert room.state.store.facts.get("forgotten_seq") == PURGE_BATCH_ROWS + 1
    assert (await clean(room, anna)).more is False
    assert [parsed(text)["kind"] for text in await room.plaintexts() if '"kind"' in text] == ["purge"]


async def test_what_a_restored_room_has_forgotten_stays_forgotten(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.commit((anna, React("r", uuid(1), "👍", on=True)))
    room.state.store.facts.put("forgotten_seq", 1_000_000)
    await room.wake()
    room.later(CHANGES_KEPT_MS + 1)
    await clean(room, anna)
    assert [row["seq"] for row in room.database.rows("changes")] == [1_000_001], "the purge that was just announced"
    assert room.state.store.facts.get("forgotten_seq") == 1_000_000


async def test_young_changes_behind_a_clock_set_back_are_kept(room: ChatRoom, anna: Person) -> None:
    room.later(2 * DAY)
    young = await room.create_channel(anna, "young")
    room.later(-DAY)
    await room.create_channel(anna, "old")
    room.later(CHANGES_KEPT_MS + DAY // 2)
    seq = events(await room.commit((anna, UpdateChannel("u", young, {"topic": "t"}))))[0]["seq"]
    await clean(room, anna)
    assert [row["seq"] for row in room.database.rows("changes")] == [seq - 2, seq - 1, seq]


# --- keys ---


async def epochs(room: ChatRoom) -> list[int]:
    return sorted(row["epoch"] for row in room.database.rows("data_keys"))


async def test_a_data_key_goes_with_the_last_message_that_needs_it(room: ChatRoom, anna: Person) -> None:
    for day in range(4):
        await room.say(anna, f"day {day}")
        room.later(EPOCH_MS)
    assert await epochs(room) == [0, 1, 2, 3, 4]
    room.later(KEPT - 2 * DAY)
    await room.say(anna, "new")
    await clean_all(room, anna)
    assert await room.bodies() == ["day 2", "day 3", "new"]
    assert min(row["epoch"] for row in room.database.rows("messages")) == min((await epochs(room))[1:]) == 3


async def test_what_a_thief_kept_does_not_open_with_the_keys_that_are_left(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "secret", id=uuid(1))
    stolen = room.database.rows("messages")[0]
    room.later(KEPT + DAY)
    await room.say(anna, "new")
    room.later(2 * MINUTE)
    await clean_all(room, anna)

    columns = ", ".join(stolen)
    marks = ", ".join("?" for _ in stolen)
    room.database.tamper(f"INSERT INTO messages ({columns}) VALUES ({marks})", *stolen.values())
    await room.wake()
    messages = (await room.history())["messages"]
    assert [message.get("body") for message in messages] == [None, "new"]
    assert messages[0]["unreadable"] is True


async def test_the_thiefs_row_would_open_if_its_key_were_still_there(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "secret", id=uuid(1))
    thief = await make_room(database=room.database.copy(), now_ms=room.now_ms)
    assert await thief.bodies() == ["secret"]


async def test_names_topics_and_devices_outlive_the_keys_they_were_sealed_with(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True, agent=PHONE)
    plans = await room.create_channel(olga, "plans", "what to do")
    first = set(await epochs(room))
    for _ in range(3):
        room.later(KEPT + DAY)
        room.state.sessions.note_seen(olga.id, olga.session.id, now_ms=room.now_ms)
        await room.say(olga, "x")
        await clean_all(room, olga)
        await room.wake()
    assert set(await epochs(room)) & first == {0}
    assert {(channel.name, channel.topic) for channel in room.state.directory.present_channels()} == {
        ("general", ""),
        ("plans", "what to do"),
    }
    assert room.state.directory.channel(plans).created_by == olga.id
    assert [member.name for member in room.state.directory.present_members()] == ["Olga"]
    assert [each["agent"] for each in await room.state.sessions.listed(olga.session, now_ms=room.now_ms)] == [
        "Safari, iPhone"
    ]
    again = await room.join("OLGA", admin=True)
    assert again.id == olga.id


async def test_names_of_former_members_outlive_the_keys_too(room: ChatRoom, anna: Person) -> None:
    await room.ask(anna, CreateChannel("c", "plans", ""))
    room.later(MEMBER_IDLE_MS)
    await clean_all(room)
    room.later(KEPT)
    boris = await room.join("Boris")
    await clean_all(room, boris)
    await room.wake()
    assert [member.name for member in room.state.directory.former_members()] == ["Anna"]


async def test_events_that_can_still_be_resumed_outlive_the_key_of_removed_messages(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True)
    await room.ask(olga, UpdateRoom("u", {"retention_days": 1}))
    seq = room.state.directory.seq
    await room.ask(olga, CreateChannel("c", "plans", ""))
    await room.say(olga, "gone")
    room.later(3 * DAY)
    await room.say(olga, "new")
    room.later(2 * MINUTE)
    await clean_all(room, olga)
    await room.wake()
    assert 1 not in await epochs(room)
    told = await room.missed(olga, seq)
    assert [event["kind"] for event in told] == ["channel", "message", "purge"]
    assert told[0]["channel"]["name"] == "plans"


async def test_the_newest_key_stays_although_nothing_needs_it(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await room.ask(anna, Delete("d", uuid(1)))
    room.later(KEPT + CHANGES_KEPT_MS)
    await clean_all(room, anna)
    assert len(await epochs(room)) >= 2
    await room.say(anna, "y")
    assert await room.bodies() == ["y"]


async def test_a_login_that_waits_keeps_its_key(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x")
    room.later(KEPT)
    room.state.sessions.note_seen(anna.id, anna.session.id, now_ms=room.now_ms)
    waiting = await room.sign_in("Anna", agent=PHONE)
    assert isinstance(waiting, Waiting)
    room.later(MINUTE)
    await clean_all(room, anna)
    await room.wake()
    (confirmation,) = room.state.confirmations.waiting(now_ms=room.now_ms)
    assert await room.state.confirmations.agent_of(confirmation) == "Safari, iPhone"


async def test_edited_and_reacted_messages_stay_readable_to_their_end(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "older", id=uuid(0))
    room.later(2 * DAY)
    await room.say(anna, "x", id=uuid(1))
    room.later(2 * DAY)
    await room.ask(anna, Edit("e", uuid(1), "y", ()))
    await room.ask(anna, React("r", uuid(1), "👍", on=True))
    room.later(KEPT - 3 * DAY)
    await clean_all(room, anna)
    await room.wake()
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["reactions"]) == ("y", {"👍": [anna.id]})


# --- people and logins ---


@pytest.mark.parametrize(("age", "ended"), [(SESSION_IDLE_MS - 1, 0), (SESSION_IDLE_MS, 1), (SESSION_IDLE_MS + 1, 1)])
async def test_a_device_that_was_not_seen_for_a_week_is_signed_out(
    room: ChatRoom, anna: Person, age: int, ended: int
) -> None:
    room.later(age)
    cleaned = await clean(room)
    assert [session.id for session in cleaned.ended] == [anna.session.id][:ended]
    assert room.database.count("sessions") == 1 - ended


@pytest.mark.parametrize(("age", "ended"), [(-1, 0), (0, 1), (1, 1)])
async def test_a_session_ends_after_its_days_however_often_it_was_used(age: int, ended: int) -> None:
    room = await make_room(SESSION_DAYS="2")
    anna = await room.join("Anna")
    room.later(2 * DAY + age)
    room.state.sessions.note_seen(anna.id, anna.session.id, now_ms=room.now_ms)
    assert len((await clean(room)).ended) == ended


async def test_whoever_was_an_admin_is_a_member_once_the_admins_session_is_over(room: ChatRoom) -> None:
    olga = await room.join("Olga", admin=True)
    room.later(SESSION_IDLE_MS)
    cleaned = await clean(room)
    assert events(cleaned.events) == [
        {
            "seq": room.state.directory.seq,
            "kind": "member",
            "reason": "role",
            "member": {"id": olga.id, "name": "Olga", "role": "member", "hue": 0},
        }
    ]
    await room.wake()
    assert room.state.directory.member(olga.id).role == "member"


async def test_the_next_run_comes_when_the_first_admins_session_is_over(room: ChatRoom) -> None:
    await room.join("Anna")
    olga = await room.join("Olga", admin=True)
    usual_at = room.now_ms + CLEAN_UP_EVERY_MS
    assert (await clean(room)).next_at(usual_at, room.now_ms) == usual_at
    over_at = room.now_ms + SESSION_IDLE_MS
    room.later(SESSION_IDLE_MS - 2 * HOUR)
    await room.join("Vera", admin=True)
    assert (await clean(room)).next_at(room.now_ms + CLEAN_UP_EVERY_MS, room.now_ms) == over_at
    room.now_ms = over_at
    cleaned = await clean(room)
    assert cleaned.next_at(room.now_ms + CLEAN_UP_EVERY_MS, room.now_ms) == room.now_ms + CLEAN_UP_EVERY_MS
    assert [room.state.directory.member(olga.id).role, len(cleaned.events)] == ["member", 1]


@pytest.mark.parametrize(("age", "gone"), [(-1, False), (0, True), (1, True)])
async def test_a_member_nobody_saw_for_long_leaves(room: ChatRoom, anna: Person, age: int, gone: bool) -> None:
    await room.say(anna, "x")
    room.later(MEMBER_IDLE_MS + age)
    cleaned = await clean(room)
    assert cleaned.removed_members == ([anna.id] if gone else [])
    removals = [event for event in events(cleaned.events) if event["kind"] == "member_removed"]
    assert [(event["member"], event["by"]) for event in removals] == ([(anna.id, "")] if gone else [])
    await room.wake()
    assert room.state.directory.has_member(anna.id) is not gone
    assert (await room.join("Anna")).id != anna.id


async def test_a_member_who_is_connected_does_not_leave(room: ChatRoom, anna: Person) -> None:
    room.later(MEMBER_IDLE_MS)
    assert (await clean(room, anna)).removed_members == []


async def test_used_challenges_are_forgotten_when_they_expire(room: ChatRoom, anna: Person) -> None:
    room.state.store.challenges.use(b"digest", room.now_ms + 1)
    await clean(room, anna)
    assert room.database.count("used_challenges") == 1
    room.later(1)
    await clean(room, anna)
    assert room.database.count("used_challenges") == 0


async def test_logins_that_wait_are_forgotten_when_they_expire(room: ChatRoom, anna: Person) -> None:
    await room.sign_in("Anna")
    room.later(CONFIRMATION_MS - 1)
    await clean(room, anna)
    assert room.database.count("confirmations") == 1
    room.later(HOUR)
    await clean(room, anna)
    assert room.database.count("confirmations") == 0


async def test_a_clean_up_does_not_let_a_name_be_asked_for_more_often(room: ChatRoom, anna: Person) -> None:
    for number in range(CONFIRMATIONS_PER_HOUR):
        assert isinstance(await room.sign_in("Anna", address=f"192.0.2.{number}"), Waiting)
    room.later(CONFIRMATION_MS)
    await clean(room, anna)
    with pytest.raises(TooManyAttempts):
        await room.sign_in("Anna")
    room.later(HOUR - CONFIRMATION_MS)
    await clean(room, anna)
    assert isinstance(await room.sign_in("Anna"), Waiting)


async def test_failed_logins_are_forgotten_when_neither_a_wait_nor_an_attack_needs_them(
    room: ChatRoom, anna: Person
) -> None:
    store = room.state.store
    blocked_until = room.now_ms + ROOM_ATTACK_WINDOW_MS + MINUTE
    store.attempts.put(b"blocked", Attempts(5, room.now_ms, blocked_until, 1))
    store.attempts.put(b"failed", Attempts(1, room.now_ms, 0, 0))
    (joined,) = (row["address"] for row in room.database.rows("attempts") if row["address"].startswith(JOINED))
    store.attempts.delete(joined)
    room.later(ROOM_ATTACK_WINDOW_MS - 1)
    await clean(room, anna)
    assert {row["address"] for row in room.database.rows("attempts")} >= {b"blocked", b"failed"}
    room.later(1)
    await clean(room, anna)
    assert [row["address"] for row in room.database.rows("attempts")] == [b"blocked"]
    room.later(MINUTE)
    await clean(room, anna)
    assert room.database.count("attempts") == 0


# --- files ---


async def remove_files(room: ChatRoom) -> None:
    """What the alarm does until nothing is left to remove."""
    while (next_at := await room.state.removal.run(now_ms=room.now_ms)) is not None:
        room.now_ms = max(room.now_ms, next_at)


async def test_files_go_with_messages_that_are_too_old(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old", files=[upload(room, anna, 1), upload(room, anna, 2)])
    await room.say(anna, "old")
    room.later(KEPT + 1)
    await room.say(anna, "young", files=[upload(room, anna, 3)])
    cleaned = await clean(room, anna)
    assert purges(cleaned) == [(GENERAL, 2)]
    assert states(room) == {file_id(1): GONE, file_id(2): GONE, file_id(3): SENT}
    await remove_files(room)
    assert room.files.parts.keys() == states(room).keys() == {file_id(3)}


async def test_a_purge_that_fails_leaves_files_with_their_messages(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old", files=[upload(room, anna, 1)])
    room.later(KEPT + 1)
    room.database.fail_at = "UPDATE files SET state = 'gone'"
    with pytest.raises(sqlite3.OperationalError):
        await clean(room, anna)
    room.database.fail_at = None
    assert (await room.bodies(), states(room)) == (["old"], {file_id(1): SENT})


async def test_a_deleted_channel_takes_its_files_and_uploads_along(room: ChatRoom, anna: Person, boris: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "", plans, files=[upload(room, anna, 1, plans)])
    upload(room, boris, 2, plans)
    await room.say(anna, "", files=[upload(room, anna, 3)])
    await room.commit((anna, DeleteChannel("d", plans)))
    await clean_all(room, anna, boris)
    assert states(room) == {file_id(1): GONE, file_id(2): GONE, file_id(3): SENT}
    await remove_files(room)
    assert room.files.parts.keys() == states(room).keys() == {file_id(3)}


async def test_a_removed_members_uploads_go_and_what_they_sent_stays(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await room.say(anna, "", files=[upload(room, anna, 1)])
    upload(room, anna, 2)
    upload(room, boris, 3)
    outcome = await room.commit((olga, RemoveMember("r", anna.id)))
    assert outcome.gives_up_files is True
    assert states(room) == {file_id(1): SENT, file_id(2): GONE, file_id(3): RESERVED}
    await remove_files(room)
    assert room.files.parts.keys() == {file_id(1), file_id(3)}


async def test_an_upload_that_nobody_goes_on_with_goes_in_a_day(room: ChatRoom, anna: Person) -> None:
    upload(room, anna, 1)
    room.later(DAY - 1)
    await clean_all(room, anna)
    assert states(room) == {file_id(1): RESERVED}
    room.later(1)
    await clean_all(room, anna)
    await remove_files(room)
    assert (room.files.parts, states(room)) == ({}, {})


@pytest.mark.parametrize("way", ["delete", "retention", "channel"])
async def test_the_key_of_a_file_is_gone_before_its_bytes_are(room: ChatRoom, anna: Person, way: str) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "", plans, files=[upload(room, anna, 1, plans)], id=uuid(1))
    key = described(1)["key"]
    assert any(key in text for text in await room.plaintexts())
    if way == "delete":
        await room.commit((anna, Delete("d", uuid(1))))
    elif way == "channel":
        await room.commit((anna, DeleteChannel("d", plans)))
    else:
        room.later(KEPT + 1)
    await clean_all(room, anna)
    room.files.is_broken = True
    await room.state.removal.run(now_ms=room.now_ms)
    assert room.files.parts.keys() == {file_id(1)}
    assert not any(key in text for text in await room.plaintexts())
    assert key not in room.database.dump()
    room.files.is_broken = False
    await remove_files(room)
    assert (room.files.parts, states(room)) == ({}, {})
