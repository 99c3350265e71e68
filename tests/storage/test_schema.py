"""storage/schema.py: from an empty database and from an older one to the newest tables, or not at all."""

import sqlite3

import pytest

from errors import Misconfigured
from storage.schema import MIGRATIONS, migrate, schema_exists
from tests.rooms import SqliteDatabase, make_room, uuid

TO_VERSION_2 = (
    "CREATE TABLE marks (channel TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (channel, seq)) STRICT",
    "ALTER TABLE channels ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    "INSERT INTO marks (channel, seq) SELECT id, 0 FROM channels",
)
BROKEN_IN_THE_MIDDLE = (
    "CREATE TABLE marks (channel TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "DELETE FROM members",
    "INSERT INTO no_such_table VALUES (1)",
)


def version(database: SqliteDatabase) -> int:
    (row,) = database.rows("schema_version")
    return int(row["version"])


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def test_looking_at_an_empty_database_writes_nothing(database: SqliteDatabase) -> None:
    assert schema_exists(database) is False
    assert database.tables() == []
    assert database.connection.total_changes == 0


def test_an_empty_database_gets_all_tables(database: SqliteDatabase) -> None:
    assert migrate(database) == len(MIGRATIONS)
    assert version(database) == len(MIGRATIONS)
    assert schema_exists(database) is True
    assert set(database.tables()) >= {"messages", "changes", "channels", "members", "sessions", "data_keys"}


def test_a_second_migration_changes_nothing(database: SqliteDatabase) -> None:
    migrate(database)
    before = database.dump()
    assert migrate(database) == 0
    assert database.dump() == before


def test_every_number_stays_a_number_and_every_text_a_text(database: SqliteDatabase) -> None:
    migrate(database)
    strict = dict(database.connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))
    assert {name for name in database.tables() if not strict[name]} == {"schema_version"}


async def test_a_version_1_database_with_data_becomes_version_2_and_keeps_it() -> None:
    room = await make_room()
    anna = await room.join("Anna")
    await room.say(anna, "hello")
    before = {table: room.database.rows(table) for table in ("messages", "members", "sessions", "changes")}

    assert migrate(room.database, (*MIGRATIONS, TO_VERSION_2)) == 1

    assert version(room.database) == len(MIGRATIONS) + 1
    assert {table: room.database.rows(table) for table in before} == before
    assert room.database.rows("marks") == [{"channel": "general", "seq": 0}]
    assert [row["pinned"] for row in room.database.rows("channels")] == [0]


def test_several_missing_versions_are_caught_up_in_order(database: SqliteDatabase) -> None:
    third = ("INSERT INTO marks (channel, seq) VALUES ('general', 7)",)
    assert migrate(database, (*MIGRATIONS, TO_VERSION_2, third)) == len(MIGRATIONS) + 2
    assert database.rows("marks") == [{"channel": "general", "seq": 7}]


async def test_a_room_of_version_1_wakes_with_all_it_had() -> None:
    former = await make_room()
    anna = await former.join("Anna")
    await former.say(anna, "hello", id=uuid(1))
    database = SqliteDatabase()
    migrate(database, MIGRATIONS[:1])
    for table in set(database.tables()) & set(former.database.tables()):
        known = [name for _, name, *_ in database.connection.execute(f"PRAGMA table_info({table})")]
        names, marks = ", ".join(known), ", ".join("?" * len(known))
        for row in former.database.rows(table) if table != "schema_version" else ():
            database.tamper(f"INSERT INTO {table} ({names}) VALUES ({marks})", *(row[name] for name in known))

    room = await make_room(database=database)

    assert version(database) == len(MIGRATIONS)
    assert await room.bodies() == ["hello"]
    assert room.state.sessions.authenticate(anna.token, now_ms=room.now_ms).member == anna.id
    assert (await room.say(anna, "again"))["seq"] == 3


def test_those_who_are_here_already_get_their_colours_by_the_order_in_which_they_came(database: SqliteDatabase) -> None:
    before = next(number for number, statements in enumerate(MIGRATIONS) if "hue" in statements[0])
    migrate(database, MIGRATIONS[:before])
    for number in range(14):
        removed = 1 if number == 1 else None
        values = (f"m{13 - number:02}", number.to_bytes(4), "member", number, 0, removed, 1, b"", 0)
        database.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *values)
    migrate(database)
    found = [row["hue"] for row in sorted(database.rows("members"), key=lambda row: row["joined_at"])]
    assert found == [0, 1, *range(1, 12), 0], "the former one last of all"


async def test_a_failing_migration_leaves_version_tables_and_data_as_they_were() -> None:
    room = await make_room()
    await room.join("Anna")
    before = room.database.dump()

    with pytest.raises(sqlite3.OperationalError):
        migrate(room.database, (*MIGRATIONS, BROKEN_IN_THE_MIDDLE))

    assert room.database.dump() == before
    await room.wake()
    assert [member.name for member in room.state.directory.present_members()] == ["Anna"]


def test_a_first_migration_that_fails_leaves_an_empty_database(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, (BROKEN_IN_THE_MIDDLE,))
    assert database.tables() == []
    assert migrate(database) == len(MIGRATIONS)


def test_a_migration_that_failed_runs_once_its_cause_is_gone(database: SqliteDatabase) -> None:
    migrate(database)
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, (*MIGRATIONS, BROKEN_IN_THE_MIDDLE))
    assert migrate(database, (*MIGRATIONS, TO_VERSION_2)) == 1
    assert version(database) == len(MIGRATIONS) + 1


@pytest.mark.parametrize("ahead", [1, 5])
def test_a_newer_database_is_refused_and_left_alone(database: SqliteDatabase, ahead: int) -> None:
    migrate(database)
    database.tamper("UPDATE schema_version SET version = version + ?", ahead)
    before = database.dump()
    with pytest.raises(Misconfigured, match=f"version {len(MIGRATIONS) + ahead} .* knows {len(MIGRATIONS)}"):
        migrate(database)
    assert database.dump() == before


async def test_a_room_with_a_newer_database_does_not_wake() -> None:
    room = await make_room()
    await room.join("Anna")
    room.database.tamper("UPDATE schema_version SET version = 99")
    with pytest.raises(Misconfigured, match="deploy the newer code"):
        await room.wake()


async def test_a_database_from_which_the_version_was_lost_is_refused_by_name_and_not_migrated_again() -> None:
    room = await make_room()
    await room.join("Anna")
    before = room.database.count("members")
    room.database.tamper("DROP TABLE schema_version")
    assert schema_exists(room.database) is False
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(room.database)
    assert room.database.count("members") == before
