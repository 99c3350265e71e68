"""logs.py: what a line of the log says, and that nothing private gets into it."""

import json
import logging
import sys
from typing import Any

import pytest

from encoding import from_b64url
from errors import Malformed
from logs import Asked, about, log_line, request_id
from wire.reading import parse

RAY = "230b030023ae2822"
FRESH = "fresh"


def line(name: str = "durable_chat.room", message: str = "frame failed", **more: Any) -> dict[str, Any]:
    """What is logged, read back."""
    extra = more.pop("extra", {})
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, more.pop("args", ()), more.pop("error", None))
    vars(record).update(extra)
    text = log_line(record)
    assert "\n" not in text
    return dict(json.loads(text))


def failure(message: str) -> Any:
    """An exception that went through some code, as `log.exception` finds it."""
    try:
        try:
            int(message)
        except ValueError as first:
            raise LookupError(message) from first
    except LookupError:
        return sys.exc_info()


def test_a_line_has_level_logger_message_and_request() -> None:
    assert line(extra=about("abc", route="facts")) == {
        "level": "error",
        "logger": "durable_chat.room",
        "message": "frame failed",
        "request_id": "abc",
        "route": "facts",
    }


def test_what_is_logged_outside_of_a_request_says_so() -> None:
    assert line()["request_id"] is None
    assert line(extra=about(connection="xyz")) == line() | {"connection": "xyz"}


def test_of_an_exception_the_type_and_the_way_are_told_and_never_the_message() -> None:
    found = line(error=failure("Dear diary"))
    assert "diary" not in str(found)
    assert found["error"]["type"] == "LookupError"
    assert [frame.split(":")[0] for frame in found["error"]["frames"]] == ["test_logs.py"]
    assert found["error"]["frames"][0].endswith(" failure")
    assert found["error"]["after"]["type"] == "ValueError"


def test_a_source_of_the_worker_is_named_by_its_path() -> None:
    """Several packages may have a file of the same name."""
    with pytest.raises(Malformed) as caught:
        from_b64url("!")
    error = caught.value
    frames = line(error=(type(error), error, error.__traceback__))["error"]["frames"]
    assert [frame.split(":")[0] for frame in frames] == ["test_logs.py", "encoding.py"]
    with pytest.raises(Malformed) as caught:
        parse("{}")
    error = caught.value
    frames = line(error=(type(error), error, error.__traceback__))["error"]["frames"]
    assert {frame.split(":")[0] for frame in frames[1:]} >= {"wire/reading.py"}


def test_a_long_way_and_a_long_chain_are_cut() -> None:
    def deep(levels: int) -> None:
        if levels:
            return deep(levels - 1)
        raise Malformed("Dear diary")

    error: BaseException | None = None
    for _ in range(10):
        try:
            deep(40)
        except Malformed as last:
            last.__cause__ = error
            error = last
    assert error is not None
    found = line(error=(type(error), error, error.__traceback__))
    assert len(found["error"]["frames"]) == 12
    assert "after" not in found["error"]["after"]["after"]


def test_an_exception_that_hides_its_context_does_so_in_the_log() -> None:
    hidden = ValueError("a setting's value")
    told = Malformed("malformed")
    told.__context__, told.__suppress_context__ = hidden, True
    assert "after" not in line(error=(Malformed, told, None))["error"]
    told.__suppress_context__ = False
    assert line(error=(Malformed, told, None))["error"]["after"]["type"] == "ValueError"


@pytest.mark.parametrize("name", ["asyncio", "root", "durable_chatter"])
def test_lines_of_other_packages_may_quote_anything_and_so_are_not_quoted(name: str) -> None:
    found = line(name, "Task exception was never retrieved: %s", args=("Dear diary",), error=failure("Dear diary"))
    assert found["message"] == "a message of another package"
    assert found["error"]["type"] == "LookupError"
    assert "diary" not in str(found)


@pytest.mark.parametrize("ray", [RAY, f"{RAY}-SJC"])
def test_cloudflares_name_of_a_request_is_taken(ray: str) -> None:
    assert request_id(ray, FRESH) == ray


@pytest.mark.parametrize("ray", [None, "", "Anna", f"{RAY}0", RAY[:-1], RAY.upper(), f"{RAY}-SJC\n", f"{RAY}-sjc"])
def test_what_does_not_look_like_one_is_not(ray: str | None) -> None:
    assert request_id(ray, FRESH) == FRESH


def test_the_access_line_names_the_route_and_counts_milliseconds() -> None:
    asked = Asked("abc", "POST", started_at=1_000)
    assert asked.line(404, now_ms=1_250)["facts"]["route"] == "unknown"
    asked.route = "session"
    assert asked.line(201, now_ms=1_250) == {
        "facts": {"request_id": "abc", "route": "session", "method": "POST", "status": 201, "ms": 250}
    }
