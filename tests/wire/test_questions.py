"""wire/questions.py: each frame that changes nothing becomes what it says; test_fields.py has the fields."""

from typing import Any

import pytest

from errors import Malformed
from tests.wire.frames import GOOD_QUESTIONS, parsed, refusal
from wire.questions import Question


@pytest.mark.parametrize(("fields", "frame"), GOOD_QUESTIONS)
def test_a_good_question_becomes_what_it_says(fields: dict[str, Any], frame: Question) -> None:
    assert parsed(fields) == frame


def test_a_page_goes_forward_or_back_and_not_both_ways() -> None:
    error = refusal({"type": "history", "channel": "c", "before": 1, "after": 1, "limit": 1})
    assert type(error) is Malformed
