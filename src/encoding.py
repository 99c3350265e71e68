"""How texts and bytes are encoded: base64url and JSON. The bottom layer: every module may import it."""

import base64
import binascii
import json
import re
from math import isfinite
from typing import Any

from errors import Malformed
from limits import MAX_JSON_DEPTH

_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_MOST_DIGITS = 20  # no number that we accept has more
_JSON_SPACE = " \t\n\r"  # RFC 8259, section 2
_BRACKETS = re.compile(r"[\[\]{}]")


def b64url(data: bytes) -> str:
    """Bytes as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """The bytes of base64url text; each value has exactly one spelling.

    Raises:
        Malformed: another alphabet, padding, a length that no bytes have, or leftover bits that are not zero.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise Malformed("A value is not base64url without padding.") from error
    if b64url(data) != text:  # Python's decoder skips characters that it does not know
        raise Malformed("A value is not base64url without padding.")
    return data


def compact_json(value: Any) -> str:
    """JSON without spaces and without escapes for characters that need none, as it is sent."""
    return _ENCODER.encode(value)


def from_json(text: str, what: str, *, kindly: bool = False) -> Any:
    """The value of a JSON text that comes from outside.

    Deeply nested text never reaches the parser: it would use up the WebAssembly stack (at some 4,000 brackets in
    workerd 1.20261117), which ends the whole isolate instead of raising RecursionError.

    Args:
        what: the name of this text in a refusal, as the start of a sentence: "The body".
        kindly: take line ends in strings, and NaN and its like and numbers that are too long as texts, as many
            programs write them.
    Raises:
        Malformed: it is not JSON, or nested deeper than MAX_JSON_DEPTH.
    """
    if text.count("[") + text.count("{") > MAX_JSON_DEPTH and _json_depth(text) > MAX_JSON_DEPTH:
        raise Malformed(f"{what} is nested too deeply.")
    bare = text.strip(_JSON_SPACE)
    try:
        value, end = (_KIND_DECODER if kindly else _DECODER).raw_decode(bare)
    except ValueError as error:
        raise Malformed(f"{what} is not JSON.") from error
    if end < len(bare):
        raise Malformed(f"{what} is not JSON.")
    return value


def json_object(text: str, what: str) -> dict[str, Any]:
    """`text` as a JSON object, under the same rules as `from_json`."""
    value = from_json(text, what)
    if not isinstance(value, dict):
        raise Malformed(f"{what} is not a JSON object.")
    return value


def is_text(text: str) -> bool:
    """Whether `text` has no lone surrogate, so that UTF-8 can encode it; escapes in JSON can make one."""
    return text.isascii() or _SURROGATE.search(text) is None


def byte_length(text: str) -> int:
    """How many bytes a text takes in UTF-8; fast for ASCII, which most frames are."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _json_depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_JSON_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is Python's and not JSON's")


def _whole_number(digits: str) -> float:
    """A whole number of any length. Python refuses more than 4,300 digits, but JSON has no such limit."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _long_number_as_text(digits: str) -> int | str:
    """A whole number, or its digits where a program writes an identifier as a number that none of ours can hold."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _endless_number_as_text(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


# Made once: json.dumps and json.loads make a new encoder or decoder for each call with unusual options.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_no_number, parse_int=_whole_number)
_KIND_DECODER = json.JSONDecoder(
    parse_constant=str, parse_int=_long_number_as_text, parse_float=_endless_number_as_text, strict=False
)
