"""storage/bots.py: what goes in comes out, and messages of bots are counted."""

from dataclasses import replace

from storage.bots import Bot
from storage.store import Store
from tests.rooms import NOON, ChatRoom, Person
from tests.storage.samples import BIG, NASTY, OTHER, SEALED
from wire.bots import HOOK

ALERTS = Bot("alerts", HOOK, b"secret", ("general",), ("name",), "olga", NOON)


def test_bots_come_back_oldest_first_and_one_by_one(store: Store) -> None:
    older = Bot(NASTY[0], "other", b"\0\xff", tuple(NASTY), (), NASTY[1], NOON - 1)
    store.bots.insert(ALERTS)
    store.bots.insert(older)
    assert store.bots.all() == [older, ALERTS]
    assert store.bots.get("alerts") == ALERTS
    assert store.bots.get("unknown") is None


def test_use_failure_and_another_secret_are_noted_of_one_bot_alone(store: Store) -> None:
    builds = replace(ALERTS, id="builds")
    store.bots.insert(ALERTS)
    store.bots.insert(builds)
    store.bots.set_used("alerts", BIG)
    store.bots.set_failed("alerts", NOON, "malformed")
    store.bots.set_digest("alerts", b"other")
    assert store.bots.get("alerts") == replace(
        ALERTS, digest=b"other", used_at=BIG, failed_at=NOON, failure="malformed"
    )
    assert store.bots.get("builds") == builds


def test_a_webhook_is_stored_with_its_bot_and_another_one_has_not_failed(store: Store) -> None:
    called = replace(ALERTS, webhook=SEALED)
    store.bots.insert(called)
    store.bots.set_failing("alerts", NOON)
    assert store.bots.all() == [replace(called, failing_since=NOON)]
    store.bots.set_failing("alerts", None)
    assert store.bots.get("alerts") == called
    store.bots.set_failing("alerts", NOON)
    store.bots.set_webhook("alerts", OTHER)
    assert store.bots.get("alerts") == replace(ALERTS, webhook=OTHER)
    store.bots.set_webhook("alerts", None)
    assert store.bots.get("alerts") == ALERTS


async def test_messages_of_bots_are_counted_by_channel_seq_and_time(room: ChatRoom, anna: Person) -> None:
    store = room.state.store
    plans = await room.create_channel(anna, "plans")
    first = (await room.say(anna, "one"))["seq"]
    room.later(1_000)
    await room.say(anna, "two")
    await room.say(anna, "three", plans)
    assert store.bots.count_messages(["general", plans], 0, 0) == 0, "Anna is no bot"
    store.bots.insert(replace(ALERTS, id=anna.id))
    assert store.bots.count_messages(["general", plans], 0, 0) == 3
    assert store.bots.count_messages(["general"], 0, 0) == 2
    assert store.bots.count_messages(["general"], first, 0) == 1
    assert store.bots.count_messages(["general"], 0, room.now_ms) == 1
    assert store.bots.count_messages([], 0, 0) == 0
