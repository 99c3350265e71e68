"""bots/markdown.py: what it writes is the chat's dialect; client/core/markdown.test.ts reads the whole shelf."""

import pytest

from bots.markdown import code, cut, item, lines, link, quote, strong
from limits import MAX_BODY_CHARACTERS


@pytest.mark.parametrize(
    ("words", "address", "written"),
    [
        ("here", "https://a.example/b?c=d", "[here](https://a.example/b?c=d)"),
        ("here", "HTTP://a.example", "[here](HTTP://a.example)"),
        ("Anna", "mailto:anna@a.example", "[Anna](mailto:anna@a.example)"),
        ("a (b) [c]", "https://a.example", "[a (b) [c]](https://a.example)"),
        ("a ] b", "https://a.example", "[a ) b](https://a.example)"),
        ("x", "https://a.example/(b)_[c]*`\\", "[x](https://a.example/%28b%29_%5Bc%5D%2A%60%5C)"),
        ("x", " https://a.example/a b ", "[x](https://a.example/a%20b)"),
        ("", "https://a.example", "https://a.example"),
        ("x", "javascript:alert(1)", "x"),
        ("x", "data:text/html,x", "x"),
        ("x", "//a.example", "x"),
        ("x", "https://", "x"),
        ("x", "https://a.example\nhttps://b.example", "x"),
        ("x", "https://a.example/" + "x" * 2_100, "x"),
        ("x", "", "x"),
    ],
)
def test_words_lead_to_an_address_that_a_chat_follows(words: str, address: str, written: str) -> None:
    assert link(words, address) == written


def test_words_stand_out_unless_that_would_show_marks() -> None:
    assert strong(" x ") == "**x**"
    assert strong("") == ""
    assert strong("2**3") == "2**3"
    assert code("main") == "`main`"
    assert code("a`b") == "a`b"
    assert code("") == ""


def test_lines_are_marked_one_by_one_and_empty_ones_left_out() -> None:
    assert quote("a\n\nb") == "> a\n> b"
    assert item("a\nb") == "- a\n  b"
    assert lines(["a", "", " ", "b"]) == "a\nb"


def test_no_more_lines_are_taken_than_fit_a_message() -> None:
    taken = lines("x" * 100 for _ in range(10_000))
    assert MAX_BODY_CHARACTERS < len(taken) < MAX_BODY_CHARACTERS + 200
    assert cut("x" * 10, 10) == "x" * 10
    assert cut("xxx  yyy", 6) == "xxx…"
