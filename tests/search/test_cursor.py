"""search/cursor.py: a cursor is good for whoever got it and for what they asked, and nobody else can make one."""

from typing import Any

import pytest

from encoding import b64url
from errors import Malformed
from limits import ID_BYTES, LANES_SEARCHED_TOGETHER, MAX_CURSOR_CHARACTERS, MAX_SAFE_INTEGER
from search.cursor import OVER, Cursor, Place, read

KEY = bytes(range(32))
QUESTION: list[Any] = ["anna", "hello", None, None, None, None, []]
CURSOR = Cursor(3, {"": Place(1_234_567, 1_800_000_000_000), "AbCdEfGhIjKl": OVER}, "")
TEXT = CURSOR.issue(KEY, QUESTION)


def test_a_cursor_says_where_the_search_was() -> None:
    assert read(TEXT, KEY, QUESTION) == CURSOR
    places = {b64url(number.to_bytes(ID_BYTES, "big")): OVER for number in range(1, LANES_SEARCHED_TOGETHER + 1)}
    longest = Cursor(255, places, max(places))
    assert read(longest.issue(KEY, QUESTION), KEY, QUESTION) == longest
    assert len(longest.issue(KEY, QUESTION)) <= MAX_CURSOR_CHARACTERS
    assert len(Cursor(3, {"": Place(1, 1)}).issue(KEY, QUESTION)) == 66


@pytest.mark.parametrize(("below", "found"), [(0, 0), (MAX_SAFE_INTEGER, 255)])
def test_the_ends(below: int, found: int) -> None:
    cursor = Cursor(found, {"": Place(below, below)})
    assert read(cursor.issue(KEY, QUESTION), KEY, QUESTION) == cursor


def test_more_than_255_are_not_counted() -> None:
    assert read(Cursor(1_000).issue(KEY, QUESTION), KEY, QUESTION).found == 255


@pytest.mark.parametrize(
    "text", ["", "A", "AAAA", TEXT[:-1], TEXT + "AAAA", "é", TEXT[:-1] + "=", "B" + TEXT[1:], TEXT.lower()]
)
def test_what_was_changed_is_none(text: str) -> None:
    with pytest.raises(Malformed, match=r"^cursor "):
        read(text, KEY, QUESTION)


@pytest.mark.parametrize("place", range(len(QUESTION)))
def test_it_belongs_to_its_question(place: int) -> None:
    other = list(QUESTION)
    other[place] = "boris"
    with pytest.raises(Malformed):
        read(TEXT, KEY, other)


def test_it_belongs_to_its_room() -> None:
    with pytest.raises(Malformed):
        read(TEXT, bytes(32), QUESTION)
