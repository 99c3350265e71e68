"""notify/notices.py and notify/choices.py: who is notified of what, once, and not of what they have seen."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chat.changes import Posted
from chat.directory import GENERAL
from limits import (
    PUSH_BATCH,
    PUSH_RETRY_FIRST_MS,
    PUSH_RETRY_LONGEST_MS,
    PUSH_TIMEOUT_SECONDS,
    PUSH_TRIES,
    PUSH_WINDOW_MS,
    SESSION_IDLE_MS,
)
from notify.web_push import Verdict
from sealing.ciphers import Item
from tests.files.uploading import upload
from tests.lanes import create_private, open_direct, secure
from tests.notify.absent import PUSH, Absent
from tests.rooms import Person, accepted, make_room, uuid
from wire.changes import Delete, DeleteChannel, RemoveMember
from wire.lanes import PartMember

TIMEOUT_MS = int(PUSH_TIMEOUT_SECONDS * 1_000)


@pytest.fixture
async def pair() -> tuple[Absent, Person, Person]:
    """Anna, who is away with a device, and Boris."""
    place = Absent(await make_room(**PUSH))
    return place, await place.member("Anna"), await place.room.join("Boris")


@pytest.fixture
async def crowd(pair: tuple[Absent, Person, Person]) -> tuple[Absent, Person, Person]:
    """The same with so many that only mentions are told."""
    await pair[0].room.join("Clara")
    return pair


# --- who ---


async def test_with_few_members_everything_is_told_and_with_more_mentions_and_replies(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    own = await place.room.say(anna, "a question", id=place.room.new_id())
    await place.say(boris, "for two")
    assert [name for name, _ in await place.told()] == ["Anna"]
    await place.room.join("Clara")
    await place.say(boris, "for all")
    assert await place.told() == []
    await place.say(boris, "for Anna", mentions=[anna.id])
    ((_, mention),) = await place.told()
    await place.say(boris, "an answer", reply_to=own["ref"])
    ((_, reply),) = await place.told()
    assert [mention["reason"], reply["reason"]] == ["mention", "mention"]


async def test_a_message_with_pictures_is_told_by_their_number_and_by_its_text(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    room = place.room
    await place.say(boris, "", files=[upload(room, boris, 1), upload(room, boris, 2, type="text/plain")])
    ((_, told),) = await place.told()
    assert (told["text"], told["files"], told["pictures"]) == ("", 2, 1)
    await place.say(boris, "the sea", files=[upload(room, boris, 3)])
    ((_, told),) = await place.told()
    assert (told["text"], told["files"], told["pictures"]) == ("the sea", 1, 1)
    assert "Wilhelmina" not in str(told)


async def test_a_bots_message_is_told_under_the_name_that_it_shows(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, _ = pair
    room = place.room
    bot = await room.bot(await room.join("Olga", admin=True))
    frame = replace(room.text("disk full", mentions=(anna.id,)), shown_as={"name": "Grafana"})
    await place.note((await room.commit((bot, frame))).posted)
    ((_, told),) = await place.told()
    assert told["sender"] == "Grafana"


@pytest.mark.parametrize(
    ("level", "is_mention", "is_told"),
    [
        ("all", False, True),
        ("all", True, True),
        ("mentions", False, False),
        ("mentions", True, True),
        ("none", False, False),
        ("none", True, False),
        (None, False, False),
        (None, True, True),
    ],
)
async def test_each_choice_means_what_it_says(
    crowd: tuple[Absent, Person, Person], level: str | None, is_mention: bool, is_told: bool
) -> None:
    place, anna, boris = crowd
    place.notices.choices.choose(anna.id, GENERAL, "none")
    place.notices.choices.choose(anna.id, GENERAL, level)
    await place.say(boris, "hello", mentions=[anna.id] if is_mention else [])
    assert place.waiting == int(is_told)
    assert len(await place.told()) == int(is_told)


async def test_a_choice_outlives_sleep_and_counts_when_the_notification_leaves(
    crowd: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = crowd
    place.notices.choices.choose(anna.id, GENERAL, "all")
    await place.room.wake()
    await place.say(boris, "hello")
    assert place.waiting == 1
    place.notices.choices.choose(anna.id, GENERAL, "none")
    assert await place.told() == []
    assert place.waiting == 0


async def test_a_choice_made_before_the_first_device_counts(crowd: tuple[Absent, Person, Person]) -> None:
    place, _, boris = crowd
    david = await place.room.join("David")
    place.notices.choices.choose(david.id, GENERAL, "all")
    await place.say(boris, "nobody has a device for this")
    await place.register(david)
    await place.say(boris, "hello")
    assert [name for name, _ in await place.told()] == ["David"]


async def test_nobody_is_told_what_they_said_and_nobody_who_looks(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.register(boris)
    place.looking = {boris.id}
    await place.say(anna, "to Boris, who looks")
    await place.say(boris, "to Anna, who does not")
    assert [name for name, _ in await place.told()] == ["Anna"]


async def test_nothing_is_written_where_nobody_is_to_be_told(crowd: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = crowd
    before = place.room.database.connection.total_changes
    posted = [Posted(GENERAL, 1, boris.id, frozenset()), Posted(GENERAL, 2, anna.id, frozenset({anna.id, boris.id}))]
    assert await place.note(posted) is False
    place.looking = {anna.id}
    assert await place.note([Posted(GENERAL, 3, boris.id, frozenset({anna.id}))]) is False
    assert place.room.database.connection.total_changes == before


async def test_without_a_key_nobody_is_told(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.room.wake(VAPID_PRIVATE_KEY="")
    await place.say(boris, "hello")
    assert place.waiting == 0


async def test_whose_line_died_is_told_late_of_what_came_since_and_of_nothing_before(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    place.looking = {anna.id}
    other = await place.room.create_channel(boris, "Other")
    await place.say(boris, "seen, though not read", other)
    place.room.later(1)
    died_at = place.room.now_ms
    place.room.later(30_000)
    await place.say(boris, "lost on the way")
    assert place.waiting == 0
    place.looking = set()
    assert await place.notices.note_missed(boris.id, died_at, now_ms=place.room.now_ms) is False
    assert await place.notices.note_missed(anna.id, died_at, now_ms=place.room.now_ms) is True
    assert [said["text"] for _, said in await place.told(0)] == ["lost on the way"]
    assert await place.notices.note_missed(anna.id, place.room.now_ms, now_ms=place.room.now_ms) is False


# --- one for each burst ---


async def test_a_burst_is_one_row_and_one_notification_for_each_device(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.register(anna, "-phone")
    before = place.room.database.connection.total_changes
    for number in range(5):
        await place.say(boris, f"message {number}")
        place.room.later(PUSH_WINDOW_MS // 10)
    assert place.room.database.connection.total_changes - before == 5 + 1
    last = (await place.say_all((boris, "two"), (boris, "at once")))[-1]
    told = await place.told()
    assert [(name, said["seq"], said["text"], said["count"]) for name, said in told] == [
        ("Anna", last, "at once", 7)
    ] * 2
    assert place.waiting == 0
    assert await place.told() == []


async def test_channels_are_told_apart_and_the_badge_counts_them_all(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    other = await place.room.create_channel(boris, "Other")
    await place.say(boris, "here")
    await place.say(boris, "there", other)
    await place.say(boris, "there too", other)
    due = await place.due()
    said = {each["channel_name"]: each for each in (json.loads(each.payload) for each in due.notifications)}
    assert {name: (each["text"], each["count"], each["unread"]) for name, each in said.items()} == {
        "general": ("here", 1, 3),
        "Other": ("there too", 2, 3),
    }
    assert len({each.topic for each in due.notifications}) == 2
    assert all(len(each.topic) == 32 for each in due.notifications)


async def test_a_topic_is_the_same_each_time_and_another_for_everybody_else(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    topics = []
    for _ in range(2):
        await place.say(boris, "hello")
        due = await place.due()
        place.answer(due, Verdict.DELIVERED)
        topics += [each.topic for each in due.notifications]
    assert topics[0] == topics[1]
    other = Absent(await make_room("other", **PUSH))
    await other.member("Anna")
    await other.say(await other.room.join("Boris"), "hello")
    assert (await other.due()).notifications[0].topic != topics[0]


async def test_before_the_window_ends_nothing_leaves(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.say(boris, "hello")
    assert await place.told(PUSH_WINDOW_MS - 1) == []
    assert place.notices.next_at() == place.room.now_ms + 1
    assert len(await place.told(1)) == 1
    assert place.notices.next_at() is None


# --- not any more ---


async def test_what_was_read_deleted_or_looked_at_meanwhile_is_not_told(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    seq = await place.say(boris, "read")
    place.room.state.store.reading.set_position(anna.id, GENERAL, seq, 1)
    assert await place.told() == []
    text = place.room.text("deleted")
    await place.note((await place.room.commit((boris, text))).posted)
    accepted(await place.room.ask(boris, Delete("ref", text.id)))
    assert await place.told() == []
    await place.say(boris, "looked at")
    place.looking = {anna.id}
    assert await place.told() == []
    await place.room.say(anna, "I was here")
    assert place.waiting == 0


async def test_of_a_burst_what_was_not_deleted_is_told(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.say(boris, "stays")
    text = place.room.text("goes")
    await place.note((await place.room.commit((boris, text))).posted)
    accepted(await place.room.ask(boris, Delete("ref", text.id)))
    assert [said["text"] for _, said in await place.told()] == ["stays"]


async def test_an_old_message_is_not_told_again_because_a_new_one_went(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.say(boris, "told")
    assert len(await place.told()) == 1
    text = place.room.text("goes")
    await place.note((await place.room.commit((boris, text))).posted)
    accepted(await place.room.ask(boris, Delete("ref", text.id)))
    assert await place.told() == []


async def test_a_channel_or_member_that_goes_takes_its_notices_along(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    other = await place.room.create_channel(boris, "Other")
    await place.say(boris, "hello", other)
    accepted(await place.room.ask(boris, DeleteChannel("ref", other)))
    assert await place.told() == []
    await place.say(boris, "hello")
    olga = await place.room.join("Olga", admin=True)
    accepted(await place.room.ask(olga, RemoveMember("ref", anna.id)))
    assert place.waiting == 0
    assert place.room.database.count("push_subscriptions") == 0


async def test_what_does_not_open_is_told_without_its_text_and_a_damaged_device_goes(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    await place.say(boris, "hello")
    place.room.database.tamper("UPDATE messages SET sealed = zeroblob(60)")
    assert [said["text"] for _, said in await place.told()] == [""]
    await place.say(boris, "hello")
    place.room.database.tamper("UPDATE push_subscriptions SET sealed = zeroblob(60)")
    assert await place.told() == []
    assert place.room.database.count("push_subscriptions") == 0
    assert place.waiting == 0


async def test_the_operator_decides_how_much_is_told(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    for content, text in (("short", "x" * 159 + "…"), ("full", "x" * 500), ("none", None)):
        await place.room.wake(PUSH_CONTENT=content)
        await place.say(boris, "x" * 500)
        ((_, said),) = await place.told()
        assert said.get("text") == text


# --- what came of it ---


async def test_a_device_that_is_gone_is_forgotten_with_its_tries(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.register(anna, "-phone")
    await place.say(boris, "hello")
    due = await place.due()
    for notification in due.notifications:
        is_phone = notification.subscription.session.endswith("-phone")
        verdict = Verdict.GONE if is_phone else Verdict.DELIVERED
        place.notices.answered(notification, verdict, wait_ms=0, now_ms=place.room.now_ms)
        place.notices.landed(notification)
    place.notices.settle(due)
    await place.say(boris, "again")
    assert len(await place.told()) == 1


@pytest.mark.parametrize("verdict", [Verdict.GONE, Verdict.LATER])
async def test_what_becomes_of_an_old_address_does_not_touch_the_new_one(
    pair: tuple[Absent, Person, Person], verdict: Verdict
) -> None:
    place, anna, boris = pair
    await place.say(boris, "hello")
    due = await place.due()
    await place.register(anna, address="-new")
    (before,) = place.room.database.rows("push_subscriptions")
    place.answer(due, verdict)
    assert place.room.database.rows("push_subscriptions") == [before]
    await place.say(boris, "again")
    assert [said["text"] for _, said in await place.told()] == ["again"]


async def test_a_failed_device_alone_is_tried_again_and_three_times_at_most(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    await place.register(anna, "-phone")
    await place.say(boris, "hello")
    due = await place.due()
    bad, good = due.notifications
    place.notices.answered(bad, Verdict.LATER, wait_ms=0, now_ms=place.room.now_ms)
    place.notices.answered(good, Verdict.DELIVERED, wait_ms=0, now_ms=place.room.now_ms)
    for notification in due.notifications:
        place.notices.landed(notification)
    place.notices.settle(due)
    pauses = [PUSH_RETRY_FIRST_MS, 4 * PUSH_RETRY_FIRST_MS]
    for pause in pauses:
        assert place.notices.next_at() == place.room.now_ms + pause
        due = await place.due(pause)
        assert [each.subscription.session for each in due.notifications] == [bad.subscription.session]
        place.answer(due, Verdict.LATER)
    assert len(pauses) + 1 == PUSH_TRIES
    assert place.waiting == 0


async def test_a_service_decides_how_long_it_is_left_alone_and_new_messages_wait_as_well(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    await place.say(boris, "one")
    place.answer(await place.due(), Verdict.LATER, wait_ms=500_000)
    until = place.room.now_ms + 500_000
    await place.say(boris, "two")
    assert (await place.due()).notifications == []
    assert place.waiting == 1
    assert place.notices.next_at() == until
    ((_, said),) = await place.told(until - place.room.now_ms)
    assert (said["text"], said["count"]) == ("two", 2)
    (row,) = place.room.database.rows("push_subscriptions")
    assert (row["failures"], row["retry_at"]) == (0, 0)


async def test_pauses_grow_up_to_a_longest_one(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    pauses = []
    for _ in range(12):
        await place.say(boris, "hello")
        due = await place.due(PUSH_RETRY_LONGEST_MS)
        place.answer(due, Verdict.LATER)
        (row,) = place.room.database.rows("push_subscriptions")
        pauses.append(row["retry_at"] - place.room.now_ms)
    assert pauses[0] == PUSH_RETRY_FIRST_MS
    assert pauses == sorted(pauses)
    assert pauses[-1] == PUSH_RETRY_LONGEST_MS


async def test_a_refusal_is_not_tried_again(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.say(boris, "hello")
    place.answer(await place.due(), Verdict.REFUSED)
    assert place.waiting == 0
    assert place.room.database.count("push_subscriptions") == 1


async def test_a_device_whose_session_is_over_is_told_nothing_though_no_clean_up_came(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    place.room.later(SESSION_IDLE_MS - PUSH_WINDOW_MS)
    place.room.state.sessions.note_seen(boris.id, boris.session.id, now_ms=place.room.now_ms)
    await place.say(boris, "too late")
    assert place.waiting == 1
    assert await place.told() == []
    assert place.waiting == 0
    assert place.notices.note_trial(anna.id, anna.session.id, now_ms=place.room.now_ms) is False


async def test_what_comes_while_one_is_on_its_way_is_told_afterwards(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.register(anna, "-phone")
    await place.say(boris, "one")
    first = await place.due()
    slow, quick = first.notifications
    place.notices.landed(quick)
    await place.say(boris, "two")
    second = await place.due()
    assert [each.subscription.session for each in second.notifications] == [quick.subscription.session]
    assert (await place.due(0)).notifications == [], "what is on its way is not taken twice"
    place.answer(second, Verdict.DELIVERED)
    place.answer(replace(first, notifications=[slow]), Verdict.DELIVERED)
    assert place.waiting == 1
    due = await place.due(TIMEOUT_MS)
    assert [(each.subscription.session, json.loads(each.payload)["text"]) for each in due.notifications] == [
        (slow.subscription.session, "two")
    ]
    place.answer(due, Verdict.DELIVERED)
    assert place.waiting == 0


async def test_what_is_kept_for_a_device_that_is_still_busy_then_is_kept_on(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    await place.say(boris, "one")
    first = await place.due()
    await place.say(boris, "two", await place.room.create_channel(boris, "Other"))
    for after_ms in (PUSH_WINDOW_MS, TIMEOUT_MS, TIMEOUT_MS):
        assert (await place.due(after_ms)).notifications == []
        assert place.waiting == 2
    place.answer(first, Verdict.DELIVERED)
    assert [said["text"] for _, said in await place.told(TIMEOUT_MS)] == ["two"]
    assert place.waiting == 0


async def test_channels_whose_tries_failed_one_after_the_other_are_all_told_later(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    await place.say(boris, "one")
    await place.say(boris, "two", await place.room.create_channel(boris, "Other"))
    due = await place.due()
    for notification in due.notifications:
        place.room.later(1_500)
        place.notices.answered(notification, Verdict.LATER, wait_ms=0, now_ms=place.room.now_ms)
        place.notices.landed(notification)
    place.notices.settle(due)
    assert await place.told(PUSH_RETRY_FIRST_MS - 1_500) == []
    assert sorted(said["text"] for _, said in await place.told(1_500)) == ["one", "two"]
    assert place.waiting == 0


async def test_what_comes_while_a_second_try_is_on_its_way_outlives_its_failure(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, _, boris = pair
    await place.say(boris, "one")
    place.answer(await place.due(), Verdict.LATER)
    again = await place.due(PUSH_RETRY_FIRST_MS)
    newest = await place.say(boris, "two")
    assert (await place.due()).notifications == []
    place.answer(again, Verdict.LATER)
    assert [row["seq"] for row in place.room.database.rows("notices")] == [newest]
    assert [said["text"] for _, said in await place.told(PUSH_RETRY_LONGEST_MS)] == ["two"]
    assert place.waiting == 0


async def test_one_round_tells_a_device_of_a_channel_once(pair: tuple[Absent, Person, Person]) -> None:
    """Though its second try and what came since are due at the same time."""
    place, anna, boris = pair
    await place.register(anna, "-phone")
    await place.say(boris, "one")
    due = await place.due()
    bad, good = due.notifications
    place.notices.answered(bad, Verdict.LATER, wait_ms=0, now_ms=place.room.now_ms)
    place.answer(replace(due, notifications=[good]), Verdict.DELIVERED)
    place.notices.landed(bad)
    place.room.later(PUSH_RETRY_FIRST_MS - 1_000)
    await place.say(boris, "two")
    both = await place.due()
    told = [(each.subscription.session, json.loads(each.payload)["text"]) for each in both.notifications]
    assert sorted(told) == sorted((each.subscription.session, "two") for each in (bad, good))
    place.answer(both, Verdict.DELIVERED)
    assert place.waiting == 0


async def test_a_crash_on_the_way_loses_nothing(pair: tuple[Absent, Person, Person]) -> None:
    place, _, boris = pair
    await place.say(boris, "one")
    await place.due()
    await place.room.wake()
    assert [said["text"] for _, said in await place.told(0)] == ["one"]
    assert place.waiting == 0


async def test_a_large_room_is_told_in_batches() -> None:
    place = Absent(await make_room(**PUSH))
    boris = await place.room.join("Boris")
    people = [await place.member(f"Member-{number}") for number in range(PUSH_BATCH + 5)]
    await place.say(boris, "all of you", mentions=[person.id for person in people])
    told = [await place.told(), await place.told(0), await place.told(0)]
    assert [len(batch) for batch in told] == [PUSH_BATCH, 5, 0]
    assert len({name for batch in told for name, _ in batch}) == len(people)


# --- a test ---


async def test_a_test_goes_to_the_device_that_asked_even_while_its_member_looks(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    await place.register(anna, "-phone")
    place.looking = {anna.id}
    assert place.notices.note_trial(anna.id, anna.session.id + "-phone", now_ms=place.room.now_ms) is True
    assert place.notices.note_trial(boris.id, boris.session.id, now_ms=place.room.now_ms) is False
    due = await place.due(0)
    assert [each.subscription.session for each in due.notifications] == [anna.session.id + "-phone"]
    assert json.loads(due.notifications[0].payload)["type"] == "test"
    place.answer(due, Verdict.DELIVERED)
    assert place.waiting == 0


async def test_a_test_waits_as_long_as_its_device_has_to(pair: tuple[Absent, Person, Person]) -> None:
    place, anna, boris = pair
    await place.say(boris, "one")
    place.answer(await place.due(), Verdict.LATER)
    assert place.notices.note_trial(anna.id, anna.session.id, now_ms=place.room.now_ms) is True
    assert await place.told(0) == []
    assert "test" in [said["type"] for _, said in await place.told(PUSH_RETRY_FIRST_MS)]
    assert place.waiting == 0


# --- lanes ---


async def test_a_conversation_notifies_by_default_and_a_private_channel_of_mentions(
    crowd: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = crowd
    clara = await place.member("Dora")
    await secure(place.room, anna, boris, clara)
    both, plans = await open_direct(place.room, boris, anna), await create_private(place.room, boris, "plans", anna)
    await place.say(boris, "psst", both)
    ((name, told),) = await place.told()
    assert (name, told["kind"], told["channel_name"], told["sender"], told["text"]) == (
        "Anna",
        "direct",
        "",
        "Boris",
        "psst",
    )
    await place.say(boris, "for nobody", plans)
    assert await place.told() == []
    await place.say(boris, "for her", plans, mentions=[anna.id, clara.id])
    ((name, told),) = await place.told()
    assert (name, told["kind"], told["channel_name"], told["unread"]) == ("Anna", "private", "plans", 3)


async def test_messages_of_two_lanes_with_one_id_do_not_mix_in_notifications(
    crowd: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = crowd
    clara = await place.member("Dora")
    await secure(place.room, anna, boris, clara)
    for other, body in ((anna, "to Anna"), (clara, "to Dora")):
        await place.say(boris, body, await open_direct(place.room, boris, other), id=uuid(1))
    assert sorted((name, told["text"]) for name, told in await place.told()) == [
        ("Anna", "to Anna"),
        ("Dora", "to Dora"),
    ]


async def test_a_notice_of_a_lane_survives_sleep_and_goes_with_the_membership(
    pair: tuple[Absent, Person, Person],
) -> None:
    place, anna, boris = pair
    await secure(place.room, anna, boris)
    lane = await create_private(place.room, boris, "plans", anna)
    await place.say(boris, "psst", lane)
    await place.room.wake()
    assert [name for name, _ in await place.told()] == ["Anna"]
    assert place.room.database.count("notices") == 0
    await place.say(boris, "again", lane)
    await place.room.ask(boris, PartMember("ref", lane, anna.id))
    assert place.room.database.count("notices") == 0
    assert await place.told() == []


async def test_who_loses_a_lane_while_a_notification_is_made_does_not_get_it(
    pair: tuple[Absent, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, anna, boris = pair
    room = place.room
    await secure(room, anna, boris)
    lane = await create_private(room, boris, "plans", anna)
    await place.say(boris, "psst", lane)
    really = room.ciphers.open

    async def meanwhile(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        monkeypatch.undo()
        accepted(await room.ask(boris, PartMember("ref", lane, anna.id)))
        return await really(key, items)

    monkeypatch.setattr(room.ciphers, "open", meanwhile)
    assert await place.told() == []
    await place.say(boris, "to all")
    assert [told["text"] for _, told in await place.told()] == ["to all"], "her device is not busy for ever"
