"""search/matching.py: no message that is found is missing among the candidates."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.matching import Alike, Exact
from search.normal import normal
from search.query import parse
from search.segment import LIVE, Entry, Segment
from tests.search.texts import part_of, said


def segment_of(bodies: list[str]) -> Segment:
    segment = Segment(0, 0, 0)
    for number, body in enumerate(bodies, 1):
        segment.add(Entry(number, "general", "anna", number, normal(body), LIVE))
    return segment


@given(st.integers(0, 100_000))
def test_candidates_hold_all_that_is_found(seed: int) -> None:
    chance = random.Random(seed)
    bodies = [said(chance) for _ in range(chance.randrange(1, 40))]
    segment = segment_of(bodies)
    everything = (1 << len(bodies)) - 1
    terms = parse(part_of(chance, chance.choice(bodies)))
    for matching in (Exact(terms), Alike(terms)):
        found = sum(matching.finds(normal(body)) << column for column, body in enumerate(bodies))
        assert found & ~matching.candidates(segment, everything) == 0
        assert matching.candidates(segment, 0) == 0


def test_what_is_found_exactly_is_not_also_similar() -> None:
    alike = Alike(parse("search"))
    assert not alike.finds("search")
    assert alike.finds("saerch")
    assert alike.spans("saerch") == [(0, 6)]
    assert Exact(parse("search")).spans("a search") == [(2, 6)]


@pytest.mark.parametrize(("query", "is_wider"), [("cat hello", True), ("cat", False), ('"hello"', False)])
def test_whether_similar_messages_are_looked_for(query: str, is_wider: bool) -> None:
    assert Alike(parse(query)).is_wider is is_wider


def test_a_word_of_seven_letters_opens_few_messages_in_vain() -> None:
    chance = random.Random(1)
    letters = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ"
    words = ["".join(chance.choice(letters[:20]) for _ in range(chance.randrange(2, 10))) for _ in range(5_000)]
    bodies = [" ".join(chance.choice(words) for _ in range(10)) for _ in range(1_024)]
    segment = segment_of(bodies)
    counts = [
        Exact(parse("".join(chance.sample(letters, 7)))).candidates(segment, (1 << 1_024) - 1).bit_count()
        for _ in range(50)
    ]
    assert sum(counts) / 50 < 0.008 * 1_024
