"""Old messages go by themselves, a bounded batch at a time, in rooms that people visit and in those that nobody does.

A month passes by moving the stored times of a stopped server; the alarm is then overdue and rings after the restart.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from limits import PURGE_BATCH_ROWS
from tests.people import Frame, Person
from tests.places import DAY_MS, Place
from tests.server import Server
from tests.worker.gathering import FAST, Gathering, keep_signed_in, let_pass, until

OLD = 4 * PURGE_BATCH_ROWS + 200  # enough for a crash in the middle of removing them
DAYS = 31


@dataclass
class Month:
    """What was before it and what came after."""

    server: Server
    visited: Gathering
    unvisited: Gathering
    root: Person
    kept: str  # a channel that keeps its messages
    emptied: str
    deleted: str
    seq: int  # before the month
    last_old_seq: int
    purges: list[Frame]
    unvisited_keys: list[int]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    server = Server.start(tmp_path_factory.mktemp("state"), {**FAST, "RETENTION_DAYS": "30"})
    visited, unvisited = Gathering(server), Gathering(server)
    root = visited.enter("Root", admin=True)
    line = root.come()
    kept = line.ask("channel.create", name="Archive")["channel"]
    line.ask("channel.update", id=kept, retention_days=0)
    line.say("worth keeping", channel=kept)
    emptied = line.ask("channel.create", name="Notices")["channel"]
    line.say("short-lived", channel=emptied)
    deleted = line.ask("channel.create", name="Doomed")["channel"]
    line.say("gone with its channel", channel=deleted)
    last_old_seq = line.say_many(OLD, "old {}")[-1]["seq"]
    line.ask("channel.delete", id=deleted)
    seq = line.ask("room.update", retention_days=0)["seq"]  # until somebody is there to see the clean-up
    unvisited.join("Somebody").say_many(3, "nobody comes back for this {}")
    keys = [epoch for (epoch,) in unvisited.place.rows("SELECT epoch FROM data_keys ORDER BY epoch")]
    server.stop()
    for gathering in (visited, unvisited):
        let_pass(gathering.place, DAYS * DAY_MS)
    keep_signed_in(visited.place, DAYS * DAY_MS)
    server.restart()
    found = Month(server, visited, unvisited, root, kept, emptied, deleted, seq, last_old_seq, [], keys)
    found.purges = watch_purges(found)
    yield found
    visited.end()
    unvisited.end()
    server.stop()


def watch_purges(month: Month) -> list[Frame]:
    """See the clean-up happen, with a crash in the middle of it."""
    until(lambda: is_planned(month.visited.place))
    line = month.root.come(month.seq)
    assert line.ask("room.update", retention_days=None)["type"] == "ack"
    purges = [line.event("purge")]
    month.server.kill()
    assert month.visited.place.rows("SELECT count(*) FROM messages WHERE channel = 'general'") != [(0,)]
    month.server.restart()
    line = month.root.come(max(each["seq"] for each in purges))
    while not any(each["channel"] == "general" and each["up_to_seq"] == month.last_old_seq for each in purges):
        purges.append(line.event("purge"))
    time.sleep(1)
    return purges + [event for event in line.catch_up() if event["kind"] == "purge"]


def is_planned(place: Place) -> bool:
    """Whether the alarm was set again; there is none while it rings."""
    return any(at / 1_000_000_000 > time.time() for (at,) in place.rows("SELECT value FROM _cf_METADATA WHERE key = 1"))


def test_messages_are_removed_in_bounded_batches_and_a_crash_does_not_stop_that(month: Month) -> None:
    general = [purge for purge in month.purges if purge["channel"] == "general"]
    assert len(general) >= 3
    assert all(0 < purge["count"] <= PURGE_BATCH_ROWS for purge in month.purges)
    assert all(purge["reason"] == "retention" for purge in month.purges)
    assert [purge["up_to_seq"] for purge in general] == sorted(purge["up_to_seq"] for purge in general)
    assert month.visited.place.rows("SELECT count(*) FROM messages WHERE channel = 'general'") == [(0,)]
    told = month.root.come(month.seq)
    assert told.welcome["resumed"] is True
    events = told.next("events")["events"] + told.catch_up()
    assert sum(event["count"] for event in events if event.get("channel") == "general") == OLD
    assert [event["seq"] for event in events] == list(range(month.seq + 1, told.welcome["seq"] + 1))


def test_a_channel_may_have_its_own_time(month: Month) -> None:
    line = month.root.come()
    assert [message["body"] for message in line.history(month.kept)] == ["worth keeping"]
    assert line.history(month.emptied) == []
    assert month.kept not in [purge["channel"] for purge in month.purges]


def test_a_deleted_channel_leaves_no_row(month: Month) -> None:
    place = month.visited.place
    until(lambda: place.rows("SELECT count(*) FROM channels WHERE id = ?", month.deleted) == [(0,)])
    assert place.rows("SELECT count(*) FROM messages WHERE channel = ?", month.deleted) == [(0,)]
    assert month.deleted not in [purge["channel"] for purge in month.purges]


def test_life_goes_on_after_a_purge(month: Month) -> None:
    line = month.root.come()
    seq = line.welcome["seq"]
    shown = {channel["id"]: channel for channel in line.welcome["channels"]}["general"]
    assert (shown["unread"], shown["last_seq"]) == (0, month.last_old_seq)
    sent = line.say("new")
    assert sent["seq"] == seq + 1
    assert [message["body"] for message in line.history()] == ["new"]


def test_a_room_that_nobody_visits_is_cleaned_too(month: Month) -> None:
    place = month.unvisited.place
    until(lambda: place.rows("SELECT count(*) FROM messages") == [(0,)])
    until(lambda: place.rows("SELECT count(*) FROM sessions") == [(0,)])  # a month without a visit ends those
    until(lambda: is_planned(place))  # and it will be looked after again


def test_keys_that_no_row_needs_are_gone_for_good(month: Month) -> None:
    place = month.unvisited.place
    until(lambda: place.rows("SELECT count(*) FROM messages") == [(0,)])
    month.server.stop()
    let_pass(place, DAY_MS)  # the next clean-up comes within six hours
    month.server.restart()
    old = max(month.unvisited_keys)
    until(lambda: place.rows("SELECT count(*) FROM data_keys WHERE epoch = ?", old) == [(0,)])
    for table in ("messages", "changes", "members", "channels"):
        assert place.rows(f"SELECT count(*) FROM {table} WHERE epoch = ?", old) == [(0,)]
    somebody = month.unvisited.enter("Somebody")  # the name is theirs again, and still opens
    assert somebody.come().welcome["members"][0]["name"] == "Somebody"
