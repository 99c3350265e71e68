"""Reads what other programs write in JSON: a number where a text should be, a null, one thing instead of a list.

Nothing here refuses anything; what cannot be read is as if it was not there.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

Given = Mapping[str, Any]
"""A JSON object of another program, unchecked."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MOST_SECONDS = 253_402_300_799  # the last second of the year 9999


def text(value: Any) -> str:
    """A value as a text without control characters; "" for one that is none."""
    match value:
        case str():
            return _NOT_TEXT.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return f"{value:.12g}"
    return ""


def line(value: Any, limit: int = 300) -> str:
    """A value as a text of one line, cut with "…"."""
    words = " ".join(text(value).split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def first(given: Given, *names: str) -> str:
    """The first of these fields that says something, as a text."""
    return next((found for name in names if (found := text(given.get(name))).strip()), "")


def thing(value: Any) -> Given:
    """A value as an object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def within(given: Any, *names: str) -> Any:
    """A field of a field of a value, however deep; None if there is none."""
    for name in names:
        given = thing(given).get(name)
    return given


def things(value: Any, most: int) -> list[Given]:
    """The objects in a list, at most so many; one that stands alone counts as a list of one."""
    listed = value if isinstance(value, list) else [value]
    return list(islice((each for each in listed if isinstance(each, Mapping)), most))


def number(value: Any) -> int:
    """A value as a whole number; 0 for one that is none."""
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return 0


def moment(value: Any) -> str:
    """Seconds since 1970 as a date and a time of day in UTC; "" for anything else."""
    seconds = number(value)
    if not 0 < seconds <= _MOST_SECONDS:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
