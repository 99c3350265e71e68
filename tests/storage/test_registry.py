"""storage/registry.py: it says of every table what the migrations make, and what goes with a member or a channel."""

from dataclasses import replace
from typing import Any

import pytest

from storage.entries import Entry, InOrder, SealedColumn, Stays
from storage.registry import REGISTRY
from storage.schema import MIGRATIONS, migrate
from storage.store import Store
from tests.rooms import NOON, SqliteDatabase
from tests.storage.planting import COLUMN_NAMES, COLUMNS, ID, NAME, columns_of, differences, plant

TABLES = pytest.mark.parametrize("entry", REGISTRY, ids=[entry.table for entry in REGISTRY])


def tables(*more: str) -> SqliteDatabase:
    """All tables, after one more migration with these statements."""
    database = SqliteDatabase()
    migrate(database, (*MIGRATIONS, more) if more else MIGRATIONS)
    return database


def without(table: str, column: SealedColumn) -> tuple[Entry, ...]:
    """A registry in which a column was forgotten."""
    return tuple(
        replace(entry, sealed=tuple(each for each in entry.sealed if each is not column))
        if entry.table == table
        else entry
        for entry in REGISTRY
    )


def test_the_registry_is_what_the_migrations_make() -> None:
    assert differences(tables()) == []


@pytest.mark.parametrize(("entry", "column"), COLUMNS, ids=COLUMN_NAMES)
def test_a_sealed_column_that_is_not_registered_is_noticed(entry: Entry, column: SealedColumn) -> None:
    assert differences(tables(), without(entry.table, column)) == [
        f"epoch {entry.table}.{column.epoch}",
        f"text {entry.table}.{column.name}",
    ]


@pytest.mark.parametrize(
    ("statement", "noticed"),
    [
        ("ALTER TABLE members ADD COLUMN motto BLOB", ["text members.motto"]),
        ("ALTER TABLE members ADD COLUMN motto_epoch INTEGER", ["epoch members.motto_epoch"]),
        ("CREATE TABLE notes (id TEXT, epoch INTEGER, sealed BLOB)", ["table notes"]),
        ("CREATE TABLE notes (id TEXT)", ["table notes"]),
        ("ALTER TABLE channels DROP COLUMN sealed", ["text channels.sealed"]),
        ("ALTER TABLE channels DROP COLUMN epoch", ["epoch channels.epoch"]),
        ("ALTER TABLE changes DROP COLUMN author", ["place changes.author", "whether changes goes with its member"]),
        ("ALTER TABLE room_facts ADD COLUMN member TEXT", ["whether room_facts goes with its member"]),
        ("ALTER TABLE sessions ADD COLUMN channel TEXT", ["whether sessions goes with its channel"]),
        ("DROP TABLE alerts", ["table alerts"]),
    ],
)  # fmt: skip
def test_a_migration_that_the_registry_does_not_follow_is_noticed(statement: str, noticed: list[str]) -> None:
    assert differences(tables(statement)) == noticed


def test_a_table_that_is_registered_twice_is_noticed() -> None:
    assert differences(tables(), (REGISTRY[0], *REGISTRY)) == ["a table twice"]


def test_one_epoch_for_two_columns_is_noticed() -> None:
    (messages,) = (entry for entry in REGISTRY if entry.table == "messages")
    shared = replace(messages, sealed=tuple(replace(column, epoch="epoch") for column in messages.sealed))
    registry = tuple(shared if entry is messages else entry for entry in REGISTRY)
    assert "an epoch of messages for two texts" in differences(tables(), registry)


@pytest.mark.parametrize(("entry", "column"), COLUMNS, ids=COLUMN_NAMES)
def test_a_header_is_of_the_columns_kind_and_differs_with_each_value_of_its_place(
    entry: Entry, column: SealedColumn
) -> None:
    kinds = columns_of(tables(), entry.table)
    place: list[Any] = [{"TEXT": "x", "INTEGER": 7, "BLOB": ID}[kinds[name]] for name in column.place]
    header = column.header(*place)
    assert header.kind == column.kind
    for number, value in enumerate(place):
        other = {"x": "y", 7: 8, ID: ID[::-1]}[value]
        assert column.header(*place[:number], other, *place[number + 1 :]) != header


def test_no_two_columns_share_a_header() -> None:
    database = tables()
    places = [
        [{"TEXT": "1", "INTEGER": 1, "BLOB": ID}[columns_of(database, entry.table)[name]] for name in column.place]
        for entry, column in COLUMNS
    ]
    headers = [column.header(*place) for (_, column), place in zip(COLUMNS, places, strict=True)]
    assert all(header not in headers[:number] for number, header in enumerate(headers))


def test_only_messages_are_removed_in_the_order_in_which_they_were_sealed() -> None:
    assert {entry.table for entry, column in COLUMNS if isinstance(column.key, InOrder)} == {"messages"}


def fill(database: SqliteDatabase) -> None:
    """A row of Anna's and of the channel "general" in each table."""
    named = dict.fromkeys(("member", "author", "created_by"), "anna") | {"channel": "general", "removed_at": None}
    for entry in REGISTRY:
        ids = {
            "members": "anna",
            "bots": "anna",
            "channels": "general",
            "lanes": "general",
            "messages": ID,
            "files": ID,
        }
        own_id = ids.get(entry.table, NAME)
        plant(database, entry.table, named | {"id": own_id})


@TABLES
def test_a_removed_members_rows_go_from_the_tables_that_say_so(entry: Entry) -> None:
    database = tables()
    fill(database)
    store = Store(database)
    store.remove_member("boris", NOON)
    assert database.count(entry.table) == 1
    store.remove_member("anna", NOON)
    assert database.count(entry.table) == (0 if isinstance(entry.with_member, str) else 1)


@TABLES
def test_a_forgotten_channels_rows_go_from_the_tables_that_say_so(entry: Entry) -> None:
    database = tables()
    fill(database)
    store = Store(database)
    store.forget_channel("plans")
    assert database.count(entry.table) == 1
    store.forget_channel("general")
    assert database.count(entry.table) == (0 if isinstance(entry.with_channel, str) else 1)


def test_what_stays_has_a_reason_and_everything_says_when_it_goes() -> None:
    stays = [rule for entry in REGISTRY for rule in (entry.with_member, entry.with_channel) if isinstance(rule, Stays)]
    assert all(rule.reason for rule in stays)
    assert all(entry.goes for entry in REGISTRY)
