"""upkeep/stats.py: figures that are right, found without counting."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chat.directory import Channel
from limits import DAY_MS, MAX_CHANNELS, ROOM_FILE_BYTES, STATS_DAYS
from notify.push_failures import note_push_failure
from sealing.keyring import Sealed
from storage.database import Database
from storage.messages import NewMessage
from storage.positions import PositionTable, Standing
from storage.schema import migrate
from storage.store import Store
from tests.rooms import HOUR, NOON, SqliteDatabase, make_room, uuid
from upkeep.stats import Platform, last_days, messages_a_day, stats

DAYS = last_days(NOON)
PLATFORM = Platform(sockets=3, online=2, storage_bytes=4_096, clean_up_at=NOON + HOUR, has_push=True)


class CountingPositions(PositionTable):
    """Counts how often it is asked where a channel stood: one row each."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked = 0

    def before(self, channel: str, seq: int) -> Standing | None:
        self.asked += 1
        return super().before(channel, seq)


class CountingStore(Store):
    """A store that counts so."""

    def __init__(self) -> None:
        database = SqliteDatabase()
        migrate(database)
        super().__init__(database)
        self.positions: CountingPositions = CountingPositions(database)


class Room:
    """Messages at given times, in channels of a given number."""

    def __init__(self) -> None:
        self.store = CountingStore()
        self.channels: dict[str, Channel] = {}
        self.seq = 0

    def say(self, sent: Sequence[tuple[str, int]]) -> None:
        """Messages in the order in which they are sent: (channel, when)."""
        rows = []
        for channel_id, sent_at in sent:
            channel = self.channels.setdefault(channel_id, Channel(channel_id, "", "", "", 0))
            self.seq += 1
            channel.last_seq, channel.last_position = self.seq, channel.last_position + 1
            rows.append(
                NewMessage(
                    channel_id, self.seq, channel.last_position, uuid(self.seq), "anna", sent_at, Sealed(1, b"x")
                )
            )
        self.store.messages.insert(rows)

    def counts(self) -> list[int]:
        self.store.positions.asked = 0
        return messages_a_day(self.channels.values(), self.store, DAYS, newest_seq=self.seq)


def counted(sent: Sequence[tuple[str, int]]) -> list[int]:
    """The same, the slow way."""
    ends = [*DAYS[1:], DAYS[-1] + DAY_MS]
    return [sum(start <= at < end for _, at in sent) for start, end in zip(DAYS, ends, strict=True)]


def test_the_last_days_begin_at_midnight_utc_and_today_is_the_last() -> None:
    assert len(DAYS) == STATS_DAYS
    assert all(day % DAY_MS == 0 for day in DAYS)
    assert DAYS[-1] <= NOON < DAYS[-1] + DAY_MS
    assert last_days(DAYS[-1]) == DAYS
    assert last_days(DAYS[-1] - 1)[-1] == DAYS[-2]


def test_a_room_in_which_nothing_was_said_has_zeros() -> None:
    room = Room()
    assert room.counts() == [0] * STATS_DAYS
    room.channels["general"] = Channel("general", "", "", "", 0)
    assert room.counts() == [0] * STATS_DAYS
    assert room.store.positions.asked == 0


def test_the_first_moment_of_a_day_belongs_to_it_and_the_last_one_too() -> None:
    room = Room()
    room.say([("a", DAYS[0] - 1), ("a", DAYS[0]), ("b", DAYS[1] - 1), ("a", DAYS[1]), ("b", DAYS[-1]), ("a", NOON)])
    assert room.counts() == [2, 1, *[0] * (STATS_DAYS - 3), 2]


@pytest.mark.parametrize("seed", range(40))
def test_the_counts_are_those_that_counting_gives(seed: int) -> None:
    rng = random.Random(seed)
    room = Room()
    names = [f"channel {number}" for number in range(rng.randint(1, 6))]
    times = sorted(rng.randrange(DAYS[0] - 3 * DAY_MS, NOON) for _ in range(rng.randint(0, 120)))
    sent = [(rng.choice(names), at) for at in times]
    for part in (sent[:40], sent[40:]):
        room.say(part)
        room.seq += rng.randint(0, 30)  # other changes take numbers too
    assert room.counts() == counted(sent)


def test_what_clean_up_removed_is_not_counted() -> None:
    room = Room()
    room.say([("a", DAYS[-2]), ("a", DAYS[-2] + 1), ("a", DAYS[-1]), ("a", NOON)])
    room.store.delete_messages("a", 3, 3)
    room.channels["a"].purged_seq = room.channels["a"].purged_position = 3
    assert room.counts() == [*[0] * (STATS_DAYS - 1), 1]
    room.store.delete_messages("a", 4, 4)
    room.channels["a"].purged_seq = room.channels["a"].purged_position = 4
    assert room.counts() == [0] * STATS_DAYS


def test_a_clock_that_was_set_back_makes_no_negative_figures() -> None:
    room = Room()
    room.say([("a", NOON), ("a", DAYS[2]), ("a", NOON), ("b", DAYS[0]), ("a", DAYS[3])])
    assert min(room.counts()) >= 0


def test_a_long_history_costs_its_logarithm() -> None:
    room = Room()
    step = 9 * DAY_MS // 20_000
    room.say([("a", DAYS[0] - 2 * DAY_MS + number * step) for number in range(20_000)])
    assert sum(room.counts()) > 10_000
    assert room.store.positions.asked <= STATS_DAYS * 18


def test_five_hundred_busy_channels_cost_two_rows_a_day_each() -> None:
    room = Room()
    step = 8 * DAY_MS // 20_000
    names = [f"c{number}" for number in range(MAX_CHANNELS)]
    room.say([(names[number * 7 % MAX_CHANNELS], DAYS[0] - DAY_MS + number * step) for number in range(20_000)])
    assert sum(room.counts()) > 10_000
    assert room.store.positions.asked <= MAX_CHANNELS * STATS_DAYS * 2.1


def test_channels_that_fell_silent_before_cost_nothing() -> None:
    room = Room()
    for number in range(100):
        room.say([(f"old {number}", DAYS[0] - DAY_MS)])
    room.say([("new", DAYS[0] - 1), ("new", NOON)])
    assert sum(room.counts()) == 1
    assert room.store.positions.asked <= STATS_DAYS * 10


async def test_the_figures_together() -> None:
    room = await make_room()
    anna, boris = await room.join("Anna"), await room.join("Boris", admin=True)
    await room.say(anna, "yesterday")
    room.later(DAY_MS)
    for person in (anna, boris):
        await room.say(person, "today")
    note_push_failure(room.state.store, 503, now_ms=room.now_ms)
    state = room.state
    asked = boris.id, state.audience, state.directory, state.store, state.quota
    told = stats(*asked, PLATFORM, now_ms=room.now_ms)
    today = last_days(room.now_ms)
    assert told == {
        "sockets": 3,
        "online": 2,
        "members": 2,
        "messages": [{"at": at, "count": count} for at, count in zip(today, [0] * 5 + [1, 2], strict=True)],
        "storage_bytes": 4_096,
        "storage_limit_bytes": 10_000_000_000,
        "files": {"count": 0, "bytes": 0, "room_file_bytes": ROOM_FILE_BYTES},
        "clean_up_at": NOON + HOUR,
        "push": {"failures": 1, "since": room.now_ms, "last_at": room.now_ms, "last_status": 503},
    }
    assert stats(*asked, replace(PLATFORM, has_push=False), now_ms=room.now_ms)["push"] is None
