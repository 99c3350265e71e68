"""storage/sealed.py: the statements of the registry, for each column that is sealed anew."""

import pytest

from sealing.keyring import Sealed
from storage.entries import Entry, HoldsKey, Resealed, SealedColumn
from storage.store import Store
from tests.rooms import SqliteDatabase, sealed_texts
from tests.storage.planting import COLUMN_NAMES, COLUMNS, columns_of, plant
from tests.storage.samples import NASTY, RecordingDatabase


def chosen(kind: type) -> pytest.MarkDecorator:
    found = [(each, name) for each, name in zip(COLUMNS, COLUMN_NAMES, strict=True) if isinstance(each[1].key, kind)]
    return pytest.mark.parametrize(("entry", "column"), [each for each, _ in found], ids=[name for _, name in found])


RESEALED = chosen(Resealed)
HOLDING = chosen(HoldsKey)


def fill(database: SqliteDatabase, entry: Entry, column: SealedColumn, epochs: list[int], name: str = "x") -> None:
    """A row for each of these epochs; its text is the row's number."""
    kinds = columns_of(database, entry.table)
    for number, epoch in enumerate(epochs, start=1):
        own = {"TEXT": f"{name}{number}", "INTEGER": number, "BLOB": b"%d" % number}
        values = {each: own[kind] for each, kind in kinds.items() if each not in ("removed_at", "deleted_at")}
        plant(database, entry.table, values | {column.epoch: epoch, column.name: b"%d" % number})


def texts(database: SqliteDatabase, entry: Entry, column: SealedColumn) -> list[tuple[int, bytes]]:
    rows = sealed_texts(database, entry.table, column)
    return sorted((row.sealed.epoch, row.sealed.data) for row in rows)


@RESEALED
def test_texts_of_some_data_keys_are_found_with_their_places(
    store: Store, database: RecordingDatabase, entry: Entry, column: SealedColumn
) -> None:
    fill(database, entry, column, [1, 2, 3, 2, 1])
    assert isinstance(column.key, Resealed)
    found = store.sealed.find(column.key, [1, 3, 9], limit=9, skip=0)
    assert sorted(found, key=lambda row: row.sealed.data) == [
        row for row in sealed_texts(database, entry.table, column) if row.sealed.epoch != 2
    ]
    assert store.sealed.find(column.key, [], limit=9, skip=0) == []
    pages = [store.sealed.find(column.key, [1, 3], limit=2, skip=skip) for skip in (0, 2, 3)]
    assert pages == [found[:2], found[2:], []]


@RESEALED
@pytest.mark.parametrize("name", ["x", *NASTY], ids=ascii)
def test_a_text_is_replaced_in_its_own_row_and_only_once(
    store: Store, database: RecordingDatabase, entry: Entry, column: SealedColumn, name: str
) -> None:
    fill(database, entry, column, [1, 1, 2], name)
    assert isinstance(column.key, Resealed)
    (row,) = (each for each in store.sealed.find(column.key, [1], limit=9, skip=0) if each.sealed.data == b"2")
    store.sealed.reseal(column.key, row, Sealed(7, b"new"))
    assert texts(database, entry, column) == [(1, b"1"), (2, b"3"), (7, b"new")]
    before = database.dump()
    store.sealed.reseal(column.key, row, Sealed(8, b"too late"))
    assert database.dump() == before


@HOLDING
def test_the_epochs_of_rows_that_hold_their_keys_are_known(
    store: Store, database: RecordingDatabase, entry: Entry, column: SealedColumn
) -> None:
    assert isinstance(column.key, HoldsKey)
    assert store.sealed.epochs(column.key) == set()
    fill(database, entry, column, [4, 2, 4])
    assert store.sealed.epochs(column.key) == {2, 4}
