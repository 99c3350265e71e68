"""bots/kindly.py: what other programs write is read as they mean it, and refuses nothing."""

from typing import Any

import pytest

from bots.kindly import first, line, moment, number, text, thing, things, within


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("x", "x"),
        (" a\r\nb\rc\n", " a\nb\nc"),
        ("a\0b\x1bc\x7fd\te", "abcd\te"),
        ("a\ud800b\udfffc😀", "abc😀"),
        (7, "7"),
        (7.0, "7"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (True, "true"),
        (None, ""),
        ([], ""),
        ({"a": 1}, ""),
    ],
    ids=repr,
)
def test_a_value_is_read_as_a_text(value: Any, read: str) -> None:
    assert text(value) == read


def test_a_line_has_no_breaks_and_is_cut() -> None:
    assert line(" a\n b\t c ") == "a b c"
    assert line("x" * 10, 10) == "x" * 10
    assert line("x" * 11, 10) == "x" * 9 + "…"
    assert line("abc defghi", 5) == "abc…"


def test_the_first_field_that_says_something_counts() -> None:
    assert first({"a": None, "b": " ", "c": 5, "d": "x"}, "a", "b", "c", "d") == "5"
    assert first({}, "a") == ""


def test_objects_are_found_where_there_are_some() -> None:
    assert thing({"a": 1}) == {"a": 1}
    nothing: list[Any] = [None, 1, "x", [], [{}]]
    assert [dict(thing(value)) for value in nothing] == [{}] * 5
    assert things([{"a": 1}, None, "x", {"b": 2}, {"c": 3}], 2) == [{"a": 1}, {"b": 2}]
    assert things({"a": 1}, 5) == [{"a": 1}]
    assert things("x", 5) == []
    assert within({"a": {"b": 1}}, "a", "b") == 1
    assert within({"a": [1]}, "a", "b") is None


def test_numbers_and_moments_are_read_from_texts_too() -> None:
    numbers: list[Any] = [7, "7", "7.9", None, "x", 1e400, [], "inf"]
    assert [number(value) for value in numbers] == [7, 7, 7, 0, 0, 0, 0, 0]
    assert moment("1800000000.5") == moment(1_800_000_000) == "2027-01-15 08:00 UTC"
    none: list[Any] = [0, -1, "x", 10**15, None, "1e400"]
    assert [moment(value) for value in none] == [""] * 6
    assert moment(253_402_300_799).startswith("9999-12-31")
