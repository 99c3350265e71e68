"""A store on an empty database, for each test of the tables."""

import pytest

from storage.schema import migrate
from storage.store import Store
from tests.storage.samples import RecordingDatabase


@pytest.fixture
def database() -> RecordingDatabase:
    database = RecordingDatabase()
    migrate(database)
    database.bound.clear()
    return database


@pytest.fixture
def store(database: RecordingDatabase) -> Store:
    return Store(database)
