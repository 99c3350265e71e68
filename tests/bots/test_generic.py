"""bots/generic.py: a text under any of the names that scripts give it."""

from typing import Any

import pytest

from bots.generic import read
from bots.incoming import Incoming
from errors import Malformed


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"message": "x"}, "x"),
        ({"msg": " x ", "other": 1}, " x "),
        ({"body": 7}, "7"),
        ({"title": "T", "message": "x"}, "**T**\nx"),
        ({"subject": "T\nU", "body": "x\ny"}, "**T U**\nx\ny"),
        ({"title": "same", "message": "same"}, "same"),
        ({"title": "T"}, "T"),
        ({"message": None, "description": "x"}, "x"),
    ],
)
def test_a_text_is_found_and_stands_below_its_title(given: dict[str, Any], body: str) -> None:
    assert read(given) == Incoming(body)


@pytest.mark.parametrize("given", [{}, {"foo": "bar"}, {"message": ""}, {"message": []}, {"title": None}])
def test_an_object_without_a_text_is_malformed(given: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(given)
