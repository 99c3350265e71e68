"""What a store needs of SQLite, and what the platform refuses.

The same statements run on the Durable Object's storage and, in tests, on Python's own sqlite3, through the small port
`Database`. No rules, no ciphers, no clock.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from limits import MAX_BOUND_PARAMETERS, MAX_ROW_BYTES

T = TypeVar("T")
Row = tuple[Any, ...]


class NotUnique(Exception):
    """A statement would have stored a second row where there may be only one; it stored nothing."""


class Database(Protocol):
    """What a store needs of SQLite; workerd's storage and sqlite3 both give it."""

    def execute(self, statement: str, *parameters: Any) -> list[Row]:
        """Run one statement with bound `?` parameters and return all its rows.

        Raises:
            NotUnique: a UNIQUE constraint would not hold any more.
        """

    def transaction(self, work: Callable[[], T]) -> T:
        """Run `work`; keep all of what it wrote, or nothing if it raises."""


class Bounded:
    """A database that refuses what only the platform refuses, so that local tests cannot miss it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def execute(self, statement: str, *parameters: Any) -> list[Row]:
        """As `Database.execute`.

        Raises:
            ValueError: more parameters, or a longer value, than the platform takes.
        """
        if len(parameters) > MAX_BOUND_PARAMETERS:
            raise ValueError(f"{len(parameters)} bound parameters, the platform takes {MAX_BOUND_PARAMETERS}")
        for value in parameters:
            if isinstance(value, (bytes, str)) and _size(value) > MAX_ROW_BYTES:
                raise ValueError(f"a value of {_size(value)} bytes, the platform takes {MAX_ROW_BYTES}")
        return self._database.execute(statement, *parameters)

    def transaction(self, work: Callable[[], T]) -> T:
        """As `Database.transaction`."""
        return self._database.transaction(work)


class Table:
    """The statements of one subject. Each is a constant, and every value is bound."""

    def __init__(self, database: Database) -> None:
        self._run = database.execute


def _size(value: bytes | str) -> int:
    return len(value) if isinstance(value, bytes) or value.isascii() else len(value.encode())
