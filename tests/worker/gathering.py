"""People who meet in a room, a room that falls asleep, and time that passes for what it has stored."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from websockets.exceptions import ConnectionClosed

from limits import MAX_MALFORMED_FRAMES
from tests.people import Line, Person
from tests.places import Place
from tests.server import ADMIN_PASSWORD, PASSWORD, Server
from tests.worker.aging import age_messages

FAST = {"ROOM_NAMES": "*", "MESSAGE_RATE": "100000/100000"}
"""Settings for tests that are about something else than the limits."""

HOUR_MS = 3_600_000
ASLEEP_AFTER_SECONDS = 13.0  # workerd evicts an object ten seconds after its last event, which may be a timer
_NS = 1_000_000  # workerd keeps the time of an alarm in nanoseconds
_TIME_ENDINGS = ("_at", "_until")


class Gathering:
    """The people of one room; `end` closes all their sockets."""

    def __init__(self, server: Server, room: str | None = None) -> None:
        self.server = server
        self.place = Place(server, room)
        self._people: list[Person] = []

    def stranger(self, name: str = "Eve") -> Person:
        """Somebody who has not signed in."""
        person = self.place.stranger(name)
        self._people.append(person)
        return person

    def enter(self, name: str, *, admin: bool = False) -> Person:
        """Somebody signs in."""
        return self.stranger(name).enter(ADMIN_PASSWORD if admin else PASSWORD)

    def join(self, name: str, *, admin: bool = False) -> Line:
        """Somebody signs in and says hello."""
        return self.enter(name, admin=admin).come()

    @property
    def people(self) -> list[Person]:
        """Everybody who ever came, in order."""
        return self._people

    def end(self) -> None:
        """Everybody leaves."""
        for person in self._people:
            person.leave()


def member_of(line: Line) -> str:
    """The id of the member whose socket this is."""
    return str(line.welcome["member"]["id"])


def prepare_to_sleep(witness: Line) -> None:
    """Make a room notice whether it will have slept: it counts a socket's malformed frames, in memory only."""
    for _ in range(MAX_MALFORMED_FRAMES - 1):
        witness.put("not JSON")
    for _ in range(MAX_MALFORMED_FRAMES - 1):
        assert witness.next("error")["code"] == "malformed"


def has_slept(witness: Line) -> bool:
    """Whether the object was evicted since `prepare_to_sleep`: else one malformed frame more is too many."""
    witness.put("not JSON")
    try:
        return bool(witness.next("error")["code"] == "malformed")
    except ConnectionClosed:
        return False


def sleep_until_evicted(*witnesses: Person) -> None:
    """Leave rooms alone until workerd has evicted their objects, and prove that it has; one witness for each room.

    An alarm in between keeps an object for ten seconds more, so a room has five tries.
    """
    for _ in range(5):
        if _are_evicted([witness.come() for witness in witnesses]):
            return
    raise AssertionError("still awake")


def _are_evicted(witnesses: Sequence[Line]) -> bool:
    for witness in witnesses:
        prepare_to_sleep(witness)
    time.sleep(ASLEEP_AFTER_SECONDS)
    slept = [has_slept(witness) for witness in witnesses]
    for witness in witnesses:
        witness.close()
    return all(slept)


def let_pass(place: Place, milliseconds: int) -> None:
    """Let so much time have passed for a room whose server is stopped: all that was, was earlier, the alarm too."""
    with closing(sqlite3.connect(place.file)) as database, database:
        age_messages(database, place.room, place.server.settings["MASTER_KEY"], milliseconds)
        for table, column in _times(database):
            database.execute(f'UPDATE "{table}" SET "{column}" = "{column}" - ? WHERE "{column}" > 0', (milliseconds,))
        database.execute("UPDATE room_facts SET value = value - ? WHERE name LIKE '%clean_up_at'", (milliseconds,))
        database.execute("UPDATE _cf_METADATA SET value = value - ? WHERE key = 1", (milliseconds * _NS,))
    with closing(sqlite3.connect(place.file.with_name("metadata.sqlite"))) as index, index:
        index.execute(
            "UPDATE _cf_ALARM SET scheduled_time = scheduled_time - ? WHERE actor_id = ?",
            (milliseconds * _NS, place.file.stem),
        )


def keep_signed_in(place: Place, milliseconds: int) -> None:
    """Take a wait back for the sessions: people were here now and then, although the room remembers nothing of it."""
    place.change("UPDATE sessions SET seen_at = seen_at + ?, expires_at = expires_at + ?", milliseconds, milliseconds)
    place.change("UPDATE members SET seen_at = seen_at + ?", milliseconds)


def until(is_so: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait for something that happens by itself."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)


def _times(database: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        (table, column)
        for table in tables
        if not table.startswith("_cf_")
        for (column,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))
        if (column == "at" or column.endswith(_TIME_ENDINGS)) and (table, column) != ("messages", "sent_at")
    ]
