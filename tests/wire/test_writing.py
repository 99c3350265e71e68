"""wire/writing.py: answers, refusals, and what a close frame is answered with."""

import json

import pytest

from errors import NotFound, RateLimited
from wire.writing import closing_answer, error_frame, events_frame, ok_frame


def test_a_refusal_says_what_went_wrong_and_when_to_repeat() -> None:
    assert json.loads(error_frame(NotFound("There is no such channel."), "r")) == {
        "type": "error",
        "ref": "r",
        "code": "not_found",
        "detail": "There is no such channel.",
    }
    assert json.loads(error_frame(RateLimited("Too fast.", retry_after=0.2), None)) == {
        "type": "error",
        "ref": None,
        "code": "rate_limited",
        "detail": "Too fast.",
        "retry_after": 0.2,
    }


def test_a_success_repeats_its_ref() -> None:
    assert ok_frame("r") == '{"type":"ok","ref":"r"}'
    assert ok_frame(None) == '{"type":"ok","ref":null}'


@pytest.mark.parametrize("events", [[], ['{"seq":1}'], ['{"seq":1}', '{"seq":2,"body":"\\"},{"}']])
def test_events_are_put_together_without_being_written_anew(events: list[str]) -> None:
    assert json.loads(events_frame(events)) == {"type": "events", "events": [json.loads(event) for event in events]}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *((code, code) for code in (1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4000, 4401, 4999)),
        *((code, 1000) for code in (1005, 1006)),
        *((code, 1002) for code in (-1, 0, 1, 999, 1004, 1015, 1016, 2000, 2999, 5000, 65_535, 2**31)),
    ],
)
def test_a_close_frame_is_answered_with_what_may_be_sent(code: int, answer: int) -> None:
    assert closing_answer(code) == answer
