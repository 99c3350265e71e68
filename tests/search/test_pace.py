"""search/pace.py: how much is done before others get in."""

import pytest

from limits import SEARCH_SLICE_UNITS
from search.pace import Pace


@pytest.mark.parametrize(
    ("units", "pauses"), [(SEARCH_SLICE_UNITS - 1, 0), (SEARCH_SLICE_UNITS, 1), (3 * SEARCH_SLICE_UNITS + 1, 3)]
)
async def test_a_pause_follows_each_slice(units: int, pauses: int) -> None:
    made = []

    async def pause() -> None:
        made.append(1)

    pace = Pace(pause)
    for _ in range(units):
        await pace.spend(1)
    assert len(made) == pauses
    assert not pace.is_spent


@pytest.mark.parametrize(("units", "is_spent"), [(9, False), (10, True), (11, True)])
async def test_a_budget(units: int, is_spent: bool) -> None:
    async def pause() -> None:
        return

    pace = Pace(pause, budget=10)
    await pace.spend(units)
    assert pace.is_spent is is_spent
