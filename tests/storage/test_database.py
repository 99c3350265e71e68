"""storage/database.py: the port, as particular as the platform's."""

import pytest

from limits import MAX_BOUND_PARAMETERS, MAX_ROW_BYTES
from storage.database import Bounded
from storage.store import Store
from tests.storage.samples import RecordingDatabase


@pytest.fixture
def bounded(database: RecordingDatabase) -> Bounded:
    return Bounded(database)


@pytest.mark.parametrize("count", [0, 1, MAX_BOUND_PARAMETERS - 1, MAX_BOUND_PARAMETERS])
def test_a_statement_takes_up_to_100_parameters(bounded: Bounded, count: int) -> None:
    marks = ", ".join("?" * count) or "1"
    assert len(bounded.execute(f"SELECT {marks}", *range(count))) == 1


def test_a_statement_with_101_parameters_is_refused(bounded: Bounded, database: RecordingDatabase) -> None:
    with pytest.raises(ValueError, match="101 bound parameters"):
        bounded.execute("SELECT 1", *range(MAX_BOUND_PARAMETERS + 1))
    assert database.bound == []


@pytest.mark.parametrize("size", [MAX_ROW_BYTES - 1, MAX_ROW_BYTES])
@pytest.mark.parametrize("value", ["x", b"x", "я"], ids=["text", "bytes", "Cyrillic text"])
def test_a_value_of_up_to_2_mb_is_taken(store: Store, value: str | bytes, size: int) -> None:
    store.facts.put("big", value * (size // len(value.encode() if isinstance(value, str) else value)))


@pytest.mark.parametrize("value", ["x", b"x", "я", "🙂"], ids=["text", "bytes", "Cyrillic text", "emoji"])
def test_a_value_of_more_than_2_mb_is_refused(store: Store, value: str | bytes) -> None:
    width = len(value.encode() if isinstance(value, str) else value)
    with pytest.raises(ValueError, match="the platform takes 2000000"):
        store.facts.put("big", value * (MAX_ROW_BYTES // width + 1))
    assert store.facts.get("big") is None
