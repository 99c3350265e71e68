"""notify/push_failures.py: what push services did not take, added up."""

from notify.push_failures import PushFailures, note_push_failure, push_failures
from storage.schema import migrate
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase


def fresh_store() -> Store:
    database = SqliteDatabase()
    migrate(database)
    return Store(database)


def test_a_room_without_failures_says_so() -> None:
    assert push_failures(fresh_store()).public() == {
        "failures": 0,
        "since": None,
        "last_at": None,
        "last_status": None,
    }


def test_failures_are_added_up_with_the_first_time_the_last_and_its_status() -> None:
    store = fresh_store()
    for number, status in enumerate([503, 403, None]):
        note_push_failure(store, status, now_ms=NOON + number)
    assert push_failures(store) == PushFailures(3, NOON, NOON + 2, None)
    note_push_failure(store, 429, now_ms=NOON + 9)
    assert push_failures(store).public() == {
        "failures": 4,
        "since": NOON,
        "last_at": NOON + 9,
        "last_status": 429,
    }
