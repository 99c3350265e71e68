"""wire/searching.py: the frame that searches."""

from typing import Any

import pytest

from encoding import compact_json
from errors import Malformed, TooLarge
from limits import MAX_CURSOR_CHARACTERS, MAX_FOUND, MAX_QUERY_CHARACTERS
from wire.reading import parse
from wire.searching import Search

PLAIN = {"type": "search", "query": "hello", "limit": 20}


def read(**more: Any) -> Search:
    frame = parse(compact_json({**PLAIN, **more}))
    assert isinstance(frame, Search)
    return frame


def test_all_fields() -> None:
    more = {"channel": "general", "author": "anna", "before": 9, "after": 3, "has": ["file", "link", "file"]}
    assert read(ref="r", cursor="abc", **more) == Search(
        "r", "hello", "general", "anna", 9, 3, ("file", "link"), "abc", 20
    )
    assert read() == Search(None, "hello", None, None, None, None, (), None, 20)
    assert read(**dict.fromkeys([*more, "cursor", "ref"])) == read()


@pytest.mark.parametrize(
    ("more", "is_limited"),
    [
        ({}, False),
        ({"cursor": "x"}, False),
        ({"has": []}, False),
        ({"has": ["link"]}, True),
        ({"after": 0}, True),
        ({"author": "a"}, True),
    ],
)
def test_whether_it_is_limited(more: dict[str, Any], is_limited: bool) -> None:
    assert read(**more).is_limited is is_limited


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", None),
        ("query", 7),
        ("query", "\ud800"),
        ("channel", "a b"),
        ("author", 7),
        ("before", -1),
        ("after", "yesterday"),
        ("has", "link"),
        ("has", ["video"]),
        ("has", [7]),
        ("has", [["link"]]),
        ("cursor", 7),
        ("limit", 0),
        ("limit", MAX_FOUND + 1),
        ("limit", None),
    ],
)
def test_a_damaged_field_is_named(field: str, value: object) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(
            compact_json({**PLAIN, field: value})
            if value != "\ud800"
            else '{"type":"search","query":"\\ud800","limit":1}'
        )
    assert refusal.value.detail.startswith(field)


@pytest.mark.parametrize(("field", "limit"), [("query", MAX_QUERY_CHARACTERS), ("cursor", MAX_CURSOR_CHARACTERS)])
def test_texts_have_a_limit(field: str, limit: int) -> None:
    assert getattr(read(**{field: "🙂" * limit}), field) == "🙂" * limit
    with pytest.raises(TooLarge, match=f"{field} is over its limit of {limit}"):
        read(**{field: "🙂" * (limit + 1)})


@pytest.mark.parametrize(
    "more",
    [
        {"before": 1, "around": 2},
        {"after": 1, "around": 2},
        {"before": 1, "after": 2},
        {"around": 2, "has": ["file"]},
        {"at": 1, "has": ["file"]},
        {"at": 1, "around": 2},
    ],
)
def test_a_page_around_a_message_is_nothing_else(more: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parse(compact_json({"type": "history", "channel": "general", "limit": 9, **more}))
