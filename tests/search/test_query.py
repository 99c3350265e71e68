"""search/query.py: words and phrases, and where a message has them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import MAX_MATCHES
from search.grams import rows_of
from search.normal import normal
from search.query import Term, has_all, parse, spans
from tests.search.texts import part_of, said


def finds(query: str, body: str) -> bool:
    terms = parse(query)
    assert terms
    return has_all(terms, normal(body))


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("договор", "Договорами"),
        ("говор", "договор"),
        ("world hello", "Hello, World!"),
        ("елка", "Ёлка"),
        ("he", "hello"),
        ("h", "(hello)"),
        ("京", "東京都"),
        ("東京", "東京都"),
        ("🙂", "so🙂so"),
        ("->", "a->b"),
        ("o(b", "foo(bar)"),
        ('"hello world"', "Hello\n  World"),
        ('"東京"', "東京都"),
        ('"hello wor', "hello world"),
        ("“hello world”", "hello world"),
        ("«привет мир»", "Привет мир"),
        ('print("hi', 'print("hi")'),
    ],
)
def test_what_is_found(query: str, body: str) -> None:
    assert finds(query, body)
    assert all(term.rows() <= rows_of(normal(body)) for term in parse(query))


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("lo", "hello"),
        ("o", "hello"),
        ("world moon", "hello world"),
        ('"world hello"', "hello world"),
        ('"ello world"', "hello world"),
        ('"hello worl"', "hello world"),
        ('"cat"', "cats"),
        ("東都", "東京都"),
    ],
)
def test_what_is_not_found(query: str, body: str) -> None:
    assert not finds(query, body)


@pytest.mark.parametrize("query", ["", "  ", '"', '""', "\u0301", "\u00ad \u200d"])
def test_nothing_to_search_for(query: str) -> None:
    assert parse(query) == ()


def test_a_word_that_comes_twice_counts_once() -> None:
    assert parse("ab AB ab") == (Term("ab", begins_word=True),)


@pytest.mark.parametrize(
    ("query", "body", "places"),
    [
        ("caf", "The Café", [(4, 3)]),
        ("cafe", "The Cafe\u0301!", [(4, 5)]),
        ("ss", "Straße ss", [(7, 2)]),
        ("stras", "Straße", [(0, 5)]),
        ("aba", "ababa", [(0, 5)]),
        ("aaa bbb", "bbb, aaa", [(0, 3), (5, 3)]),
        ("🙂", "👍🏽🙂 🙂", [(2, 1), (4, 1)]),
        ('"a b"', "x a \n b", [(2, 5)]),
        ("한", "\u1112\u1161\u11ab국", [(0, 3)]),
    ],
)
def test_places_count_the_code_points_of_the_body(query: str, body: str, places: list[tuple[int, int]]) -> None:
    assert spans(parse(query), body) == places


def test_a_message_has_so_many_marked_places_at_most() -> None:
    assert len(spans(parse("ab"), "ab " * (MAX_MATCHES + 1))) == MAX_MATCHES


@given(st.integers(0, 100_000))
def test_every_part_of_a_message_finds_it(seed: int) -> None:
    """Where a word is cut, one or two letters must begin it; and what is in quotes must be whole words."""
    chance = random.Random(seed)
    body = said(chance)
    part = part_of(chance, body)
    terms = [term for term in parse(part) if not term.begins_word]
    assert has_all(terms, normal(body))
    for start, length in spans(terms, body):
        assert 0 <= start < start + length <= len(body)
    for term in terms:
        assert term.rows() <= rows_of(normal(body))
        marked = spans([term], body)
        assert any(term.text in normal(body[start : start + length]) for start, length in marked)
