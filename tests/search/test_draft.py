"""search/draft.py: a draft gives the same segment as its messages one by one."""

import random

from hypothesis import given
from hypothesis import strategies as st

from search.draft import Draft
from search.normal import normal
from search.pace import Pace
from search.segment import LIVE, Entry, Segment
from tests.search.texts import said


async def _pause() -> None:
    """Let nobody in."""


def _entries(seed: int, count: int) -> list[Entry]:
    chance = random.Random(seed)
    return [
        Entry(3 * number + 5, chance.choice(["general", "plans"]), "anna", 1_000 + number, normal(said(chance)), LIVE)
        for number in range(count)
    ]


@given(st.integers(0, 10_000), st.integers(1, 40))
async def test_the_segment_is_the_same_as_message_by_message(seed: int, count: int) -> None:
    entries = _entries(seed, count)
    draft, alone = Draft(2), Segment(2, 2, 1_000)
    for entry in entries:
        assert draft.take(entry)
        alone.add(entry)
    assert (await draft.segment(Pace(_pause))).encoded() == alone.encoded()


async def test_it_may_reach_beyond_its_last_message() -> None:
    draft = Draft(2)
    draft.end_at(40)
    segment = await draft.segment(Pace(_pause))
    assert (segment.up_to_seq, segment.count, draft.place.up_to_seq) == (40, 0, 40)


async def test_others_get_in_while_it_is_made() -> None:
    draft = Draft(2)
    for entry in _entries(1, 40):
        draft.take(entry)
    pauses = 0

    async def pause() -> None:
        nonlocal pauses
        pauses += 1

    await draft.segment(Pace(pause, slice_units=2))
    assert pauses >= 40 // 4 // 2
