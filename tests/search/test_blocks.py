"""search/blocks.py: what is open of the segments, and that it keeps within its memory."""

import pytest

from memory import Budget
from search import blocks
from search.block import Block
from search.blocks import Blocks
from search.segment import LIVE, Entry, Segment
from tests.rooms import NOON


def segment(after_seq: int) -> Segment:
    """One with ten messages."""
    made = Segment(after_seq, after_seq, NOON)
    for seq in range(after_seq + 1, after_seq + 11):
        made.add(Entry(seq, "general", "anna", NOON, "hello", LIVE))
    return made


def kept(given: Blocks) -> list[tuple[int, int]]:
    found = {given.at(seq) for seq in range(1, 200)} - {None}
    return sorted((each.after_seq, each.up_to_seq) for each in found if each is not None)


@pytest.fixture
def opened() -> Blocks:
    return Blocks(Budget(1_000_000))


def test_what_follows_each_other_is_one_block(opened: Blocks) -> None:
    opened.keep([segment(0), segment(10), segment(30)])
    assert kept(opened) == [(0, 20), (30, 40)]
    assert opened.at(0) is opened.at(21) is opened.at(30) is opened.at(41) is None


def test_a_new_segment_joins_the_block_before_it_until_that_is_full(
    opened: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SEGMENTS_OPENED_AT_ONCE", 3)
    for after_seq in (0, 10, 20, 30, 50):
        opened.keep([segment(after_seq)])
    assert kept(opened) == [(0, 30), (30, 40), (50, 60)]


def test_what_changes_goes_with_its_block_and_comes_back_once(opened: Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SEGMENTS_OPENED_AT_ONCE", 2)
    opened.keep([segment(0), segment(10)])
    opened.keep([segment(20), segment(30)])
    opened.drop(20, 30)
    assert kept(opened) == [(0, 20)]
    opened.keep([segment(10)])
    assert kept(opened) == [(10, 20)], "no message is in two of them"


def test_the_oldest_go_when_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(1_000_000)
    opened, size = Blocks(budget), Block([segment(0)]).size_bytes
    monkeypatch.setattr(blocks, "MAX_OPEN_SEGMENT_BYTES", 2 * size)
    for after_seq in (100, 50, 0):
        opened.keep([segment(after_seq)])
    assert kept(opened) == [(50, 60), (100, 110)]
    other = Blocks(budget)
    assert budget.left_for(other) == 1_000_000 - sum(
        each.size_bytes for each in map(opened.at, (55, 105)) if each is not None
    )
    opened.drop(0, 200)
    assert budget.left_for(other) == 1_000_000
