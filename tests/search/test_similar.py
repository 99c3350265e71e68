"""search/similar.py: one typo, or another ending."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.normal import normal
from search.query import parse
from search.segment import LIVE, Entry, Segment
from search.similar import Similar, spans


def similar(word: str) -> Similar:
    (term,) = parse(word)
    return Similar(term)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("договору", "к договорам"),
        ("книги", "книга"),
        ("догвор", "договора"),
        ("договлр", "договор"),
        ("дооговор", "договор"),
        ("доогвор", "договор"),
        ("serch", "Searching"),
        ("saerch", "search"),
        ("searchh", "search"),
        ("xearch", "search"),
        ("earch", "zzz search"),
        ("resume", "Résumé"),
    ],
)
def test_what_is_similar(typed: str, body: str) -> None:
    assert similar(typed).is_in(normal(body))


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("hello", "help"),
        ("srch", "search"),
        ("sch", "sah"),
        ("2024x", "2025x"),
        ("东京塔", "东京站"),
        ('"searhc"', "search"),
        ("saecrh", "search"),
        ("столы", "столичный"),
        ("serhc", "search"),
    ],
)
def test_what_is_not(typed: str, body: str) -> None:
    assert not similar(typed).is_in(normal(body))


@pytest.mark.parametrize(
    ("typed", "is_wider"), [("hello", True), ("hell", False), ('"hello"', False), ("12345", False)]
)
def test_whether_anything_else_is_found(typed: str, is_wider: bool) -> None:
    assert similar(typed).is_wider is is_wider


def test_the_similar_part_of_a_word_is_marked() -> None:
    assert spans([similar("serch")], "Re-searching") == [(3, 6)]
    assert spans([similar("договору")], "все договорам") == [(4, 9)]


@given(st.integers(0, 1_000_000))
def test_no_typo_hides_a_message(seed: int) -> None:
    chance = random.Random(seed)
    word = "".join(chance.choice("абвгдabc"[: chance.choice([2, 5, 8])]) for _ in range(chance.randrange(5, 10)))
    letters, at = list(word), chance.randrange(len(word))
    match chance.randrange(4):
        case 0:
            letters[at] = chance.choice("abcдеж")
        case 1:
            del letters[at]
        case 2:
            letters.insert(at, chance.choice("abcдеж"))
        case 3:
            letters[at : at + 2] = letters[at : at + 2][::-1]
    # A wrong last letter ends a word. Among letters that are all the same, the typo is where the words begin to differ.
    differs = next((place for place, pair in enumerate(zip(word, letters, strict=False)) if pair[0] != pair[1]), 9)
    ending = chance.choice(["", "ing", "ами"]) if differs < len(word) - 2 else ""
    body = f"a {''.join(letters)}{ending} z"
    assert similar(word).is_in(normal(body))
    segment = Segment(0, 0, 0)
    segment.add(Entry(1, "general", "anna", 0, normal(body), LIVE))
    assert similar(word).candidates(segment, 1) == 1
    assert similar(word).candidates(segment, 0) == 0


def test_a_word_with_a_typo_opens_few_messages_in_vain() -> None:
    chance = random.Random(1)
    segment = Segment(0, 0, 0)
    for number in range(1_000):
        words = ["".join(chance.choice("оеаинтсрвлкмдпуя") for _ in range(chance.randrange(2, 9))) for _ in range(10)]
        segment.add(Entry(number, "general", "anna", 0, " ".join(words), LIVE))
    counts = [
        similar(word).candidates(segment, -1 & (1 << 1_000) - 1).bit_count() for word in ("перекресток", "хорошо")
    ]
    assert counts[0] < 10
    assert counts[1] < 150
