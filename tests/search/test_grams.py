"""search/grams.py: what is in a text is among its grams, so no message is missed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import SIGNATURE_ROWS
from search.grams import grams, rows_of, rows_of_grams
from search.normal import normal
from tests.search.texts import WORDS, said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab", {" ab"}),
        ("a", set()),
        ("hello", {" he", "hel", "ell", "llo"}),
        ("東京", {"東", "京", "東京"}),
        ("a東", {"東", "a東"}),
        ("東 京", {"東", "京"}),
        ("f(x1", {"(", "f(", "(x", " x1"}),
        ("🙂", {"🙂"}),
        ("", set()),
    ],
)
def test_grams(text: str, found: set[str]) -> None:
    assert grams(text) == found


def test_a_part_that_may_stand_in_a_word_has_no_beginning() -> None:
    assert grams("llo wor", begins_word=False) == {"llo", " wo", "wor"}


@given(st.integers(0, 10_000))
def test_a_part_of_a_text_has_some_of_its_grams(seed: int) -> None:
    chance = random.Random(seed)
    text = normal(said(chance))
    start = chance.randrange(len(text))
    part = text[start : start + chance.randrange(1, 20)].strip()
    assert grams(part, begins_word=False) <= grams(text)
    assert rows_of(part, begins_word=False) <= rows_of(text)


def test_every_gram_has_its_rows_and_words_have_different_ones() -> None:
    rows = [rows_of_grams([gram]) for gram in grams(normal(" ".join(WORDS)))]
    assert all(1 <= len(each) <= 2 and each <= set(range(SIGNATURE_ROWS)) for each in rows)
    assert len(set(rows)) > 0.98 * len(rows)


def test_rows_stay_the_same_from_version_to_version() -> None:
    """They are stored; whoever changes them has to change RULES, too."""
    assert sorted(rows_of("hello 東京")) == [4, 77, 117, 159, 217, 236, 239, 257, 283, 289, 308, 385, 394, 504]
