"""The object's SQLite storage behind the core's interface."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pyodide.ffi import JsException, jsnull, to_js

from storage.database import NotUnique

T = TypeVar("T")


class WorkerdDatabase:
    """The object's SQLite storage as `storage.database.Database`."""

    def __init__(self, storage: Any) -> None:
        """`storage` is the SDK's `ctx.storage`; we bypass its wrapper, which is ten times slower."""
        self._storage = storage._binding
        self._sql = self._storage.sql

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As `Database.execute`."""
        return rows(self._sql, statement, parameters)

    def buffer(self, statement: str, *parameters: Any) -> Any | None:
        """As `storage.parts.BufferDatabase.buffer`; the buffer is JavaScript's."""
        found = self._sql.exec(statement, *[_bindable(value) for value in parameters]).raw().toArray()
        return found[0][0] if found.length else None

    def transaction(self, work: Callable[[], T]) -> T:
        """As `Database.transaction`; an exception from `work` is raised unchanged."""
        result: T = self._storage.transactionSync(work)
        return result

    async def delete_all(self) -> None:
        """Delete the tables, too: nothing of the object is left."""
        await self._storage.deleteAll()

    def size_bytes(self) -> int:
        """The bytes of storage that the room takes."""
        return int(self._sql.databaseSize)


def rows(sql: Any, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement on the raw storage binding and return all its rows.

    Args:
        sql: `ctx.storage._binding.sql`; a call through the SDK's wrapper costs ten times as much.
        parameters: None, int below 2**53, float, str, bytes. SQLite's binding refuses bool, which becomes 0 or 1.
    """
    try:
        cursor = sql.exec(statement, *[_bindable(value) for value in parameters])
    except JsException as error:
        if "UNIQUE constraint failed" in str(error):
            raise NotUnique from error
        raise
    if not statement.startswith("SELECT"):
        return []  # reading the empty result would cost as much as the statement
    return [tuple([_plain(value) for value in row]) for row in cursor.raw().toArray().to_py()]


def _bindable(value: Any) -> Any:
    if isinstance(value, int):
        return float(value)  # SQLite's binding makes every number a float; a large int would arrive as a BigInt
    return to_js(value) if isinstance(value, bytes) else value


def _plain(value: Any) -> Any:
    if value is jsnull:
        return None
    return bytes(value) if isinstance(value, memoryview) else value
