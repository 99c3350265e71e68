"""Rows for any table of the room, known from its columns alone: so a new table needs no code here."""

from collections.abc import Mapping
from typing import Any

from sealing.keyring import Sealed
from storage.entries import Entry, SealedColumn
from storage.registry import REGISTRY
from tests.rooms import DAY, PLAIN_BYTES, ChatRoom, SqliteDatabase, sealed_texts

NAME = "planted"
ID = b"planted by tests"
TEXT = b'{"name":"planted","topic":""}'
"""A text that the room can read wherever it finds it."""
IN_TEN_YEARS = 3_653 * DAY

COLUMNS = [(entry, column) for entry in REGISTRY for column in entry.sealed]
COLUMN_NAMES = [f"{entry.table}.{column.name}" for entry, column in COLUMNS]


def columns_of(database: SqliteDatabase, table: str) -> dict[str, str]:
    """The columns of a table, with their types."""
    return {name: kind for _, name, kind, *_ in database.connection.execute(f"PRAGMA table_info({table})")}


def plant(database: SqliteDatabase, table: str, values: Mapping[str, Any]) -> None:
    """Store a row with these values; all other columns get one that fits their type."""
    defaults = {"TEXT": NAME, "INTEGER": 1, "BLOB": ID, "ANY": 1}
    row = {name: values.get(name, defaults[kind]) for name, kind in columns_of(database, table).items()}
    marks = ", ".join("?" * len(row))
    database.tamper(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())


async def plant_sealed(
    room: ChatRoom, entry: Entry, *, member: str, channel: str, over_at: int
) -> dict[str, tuple[Any, ...]]:
    """Store a row whose texts are sealed now, as a member would leave it.

    Args:
        over_at: when it may go, where the row itself says so: the end of a session, or when it was last seen.
    Returns:
        the place of each of its texts, by the name of the column.
    """
    seq = room.state.directory.seq + 1
    values: dict[str, Any] = dict.fromkeys(("member", "author", "created_by"), member) | {"channel": channel}
    values |= {"seq": seq, "changed_seq": seq, "position": room.state.directory.channels[channel].last_position + 1}
    values |= dict.fromkeys(("sent_at", "created_at", "joined_at", "at"), room.now_ms)
    values |= dict.fromkeys(("expires_at", "seen_at", "due_at"), over_at)
    values |= dict.fromkeys(("edited_at", "deleted_at", "removed_at", "retention_days"))
    values |= dict.fromkeys(("archived", "failures", "refusals", "purged_seq", "purged_position", "joined_seq"), 0)
    values |= {"after_seq": 10**9, "up_to_seq": 10**9 + 1}  # so no message is in a segment that is none
    values |= dict.fromkeys(("channels", "rights"), "[]")
    values |= {"role": "member", "id": ID if entry.table == "messages" else NAME}
    places = {column.name: tuple(values.get(name, NAME) for name in column.place) for column in entry.sealed}
    for column in entry.sealed:
        header = column.header(*places[column.name])
        (sealed,) = await room.state.keyring.seal([(TEXT, header)], now_ms=room.now_ms)
        values |= {column.epoch: sealed.epoch, column.name: sealed.data}
    plant(room.database, entry.table, values)
    if entry.table == "lanes":  # one in which nobody is would be deleted
        plant(room.database, "lane_members", {"member": member, "channel": NAME})
    return places


async def texts_at(
    room: ChatRoom, entry: Entry, column: SealedColumn, place: tuple[Any, ...]
) -> list[tuple[Sealed, bytes | None]]:
    """The stored text with this place, sealed and opened: one or none."""
    rows = [row for row in sealed_texts(room.database, entry.table, column) if row.place == place]
    texts = await room.state.keyring.open([(row.sealed, column.header(*row.place)) for row in rows])
    return [(row.sealed, text) for row, text in zip(rows, texts, strict=True)]


async def lost_texts(room: ChatRoom) -> list[str]:
    """The places of all stored texts that do not open."""
    lost = []
    for entry, column in COLUMNS:
        rows = sealed_texts(room.database, entry.table, column)
        texts = await room.state.keyring.open([(row.sealed, column.header(*row.place)) for row in rows])
        lost += [
            f"{entry.table}.{column.name} {row.place}" for row, text in zip(rows, texts, strict=True) if text is None
        ]
    return lost


def differences(database: SqliteDatabase, registry: tuple[Entry, ...] = REGISTRY) -> list[str]:
    """What the tables of a database have and the registry does not say, or the other way round."""
    entries = {entry.table: entry for entry in registry}
    tables = set(database.tables()) - {"schema_version"}
    found = [f"table {name}" for name in tables ^ entries.keys()]
    if len(entries) != len(registry):
        found.append("a table twice")
    for table in tables & entries.keys():
        found += _differences_of(entries[table], columns_of(database, table))
    return sorted(found)


def _differences_of(entry: Entry, columns: Mapping[str, str]) -> list[str]:
    texts = {name for name, kind in columns.items() if kind == "BLOB" and name not in PLAIN_BYTES}
    epochs = {name for name in columns if name.endswith("epoch")} - ({"epoch"} if entry.table == "data_keys" else set())
    found = [f"text {entry.table}.{name}" for name in texts ^ {column.name for column in entry.sealed}]
    found += [f"epoch {entry.table}.{name}" for name in epochs ^ {column.epoch for column in entry.sealed}]
    if len({column.epoch for column in entry.sealed}) != len(entry.sealed):
        found.append(f"an epoch of {entry.table} for two texts")
    places = {name for column in entry.sealed for name in column.place}
    found += [f"place {entry.table}.{name}" for name in places - columns.keys()]
    names_member = bool({"member", "author", "created_by"} & columns.keys()) or entry.table == "members"
    if names_member is (entry.with_member is None):
        found.append(f"whether {entry.table} goes with its member")
    names_channel = "channel" in columns or entry.table in ("channels", "lanes")
    if names_channel is (entry.with_channel is None):
        found.append(f"whether {entry.table} goes with its channel")
    return found
