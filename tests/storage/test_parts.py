"""storage/parts.py: the parts of files in an object of their own."""

from typing import Any

import pytest

from storage.parts import Parts
from storage.schema import FILES_MIGRATIONS, migrate
from tests.rooms import SqliteDatabase

ONE, OTHER = bytes(16), bytes([1] * 16)


class Buffers(SqliteDatabase):
    """Gives a stored value as it is."""

    def buffer(self, statement: str, *parameters: Any) -> Any | None:
        found = self.execute(statement, *parameters)
        return found[0][0] if found else None


@pytest.fixture
def database() -> Buffers:
    database = Buffers()
    migrate(database, FILES_MIGRATIONS)
    return database


@pytest.fixture
def parts(database: Buffers) -> Parts:
    return Parts(database)


def test_what_is_stored_comes_back_whole_or_in_pieces(parts: Parts) -> None:
    parts.insert(ONE, "0", b"0123456789")
    assert parts.read(ONE, "0") == b"0123456789"
    assert parts.read(ONE, "0", (0, 1)) == b"0"
    assert parts.read(ONE, "0", (7, 3)) == b"789"


def test_another_part_or_file_is_not_there(parts: Parts) -> None:
    parts.insert(ONE, "0", b"bytes")
    assert parts.read(ONE, "1") is None
    assert parts.read(OTHER, "0") is None
    assert parts.read(OTHER, "0", (0, 1)) is None


def test_the_first_bytes_of_a_part_stay(parts: Parts, database: Buffers) -> None:
    parts.insert(ONE, "0", b"first")
    parts.insert(ONE, "0", b"second")
    assert parts.read(ONE, "0") == b"first"
    assert database.count("parts") == 1


def test_the_sizes_of_a_file_are_those_of_its_parts_only(parts: Parts) -> None:
    for name, size in (("0", 1_000), ("1", 16), ("t", 500)):
        parts.insert(ONE, name, bytes(size))
    parts.insert(OTHER, "0", bytes(1))
    assert parts.sizes(ONE) == {"0": 1_000, "1": 16, "t": 500}
    assert parts.sizes(bytes([2] * 16)) == {}


def test_a_removed_file_is_gone_and_the_others_stay(parts: Parts) -> None:
    for file in (ONE, OTHER):
        parts.insert(file, "0", bytes(1))
        parts.insert(file, "t", bytes(1))
    parts.remove([ONE, bytes([2] * 16)])
    assert (parts.sizes(ONE), parts.sizes(OTHER), parts.is_empty()) == ({}, {"0": 1, "t": 1}, False)
    parts.remove([OTHER])
    assert parts.is_empty()
