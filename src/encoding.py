"""Texts and bytes as they travel: base64url, JSON, names. The bottom layer; everything may import it."""

import base64
import binascii
import json
import re
import unicodedata
from typing import Any

from errors import Malformed, TooLarge
from limits import MAX_JSON_DEPTH

# What String.prototype.trim removes (ECMA-262, "WhiteSpace" and "LineTerminator"), so that a browser and the room
# agree on a name; Python's own strip() takes U+001C-1F and U+0085 besides, which are control characters to us.
_TRIMMED = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Control characters, line and paragraph separators, and what reorders the text around it: a name must not be able
# to turn the line it stands in.
_FORBIDDEN_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_VISIBLE_CATEGORIES = "LNPS"
_BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and symbols by category that draw nothing
_JSON_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_JSON_SPACE = " \t\n\r"  # RFC 8259, section 2
_BRACKETS = re.compile(r"[\[\]{}]")
# A character has at most this many code points when decomposed, so more than limit times this cannot be short enough.
_LONGEST_DECOMPOSITION = 4


def b64url(data: bytes) -> str:
    """Bytes as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """The bytes of base64url text, which has exactly one spelling.

    Raises:
        Malformed: another alphabet, padding, a length that no bytes have, or bits left over that are not zero.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise Malformed("A value is not base64url without padding.") from error
    if b64url(data) != text:  # Python's decoder skips what it does not know
        raise Malformed("A value is not base64url without padding.")
    return data


def compact_json(value: Any) -> str:
    """JSON without spaces and with every character as itself, as it stands on the wire."""
    return _ENCODER.encode(value)


def from_json(text: str, what: str) -> Any:
    """The value of a JSON text that comes from outside.

    A deeply nested one never reaches the parser: it would use up the WebAssembly stack (at some 4,000 brackets in
    workerd 1.20261117), which ends the whole isolate instead of raising RecursionError.

    Args:
        what: how the refusal calls it, as the start of a sentence: "The body".
    Raises:
        Malformed: it is not JSON, or nested deeper than MAX_JSON_DEPTH.
    """
    if text.count("[") + text.count("{") > MAX_JSON_DEPTH and _json_depth(text) > MAX_JSON_DEPTH:
        raise Malformed(f"{what} is nested too deeply.")
    bare = text.strip(_JSON_SPACE)
    try:
        value, end = _DECODER.raw_decode(bare)
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
    """Whether `text` has no lone surrogate, so that UTF-8 can write it; JSON's escapes can make such."""
    return text.isascii() or _SURROGATE.search(text) is None


def clean_name(text: str, *, limit: int, what: str) -> str:
    """A name as it is stored and shown: NFC, trimmed, visible (docs/protocol.md, "Login").

    Args:
        text: as somebody typed it.
        limit: code points that the cleaned name may have.
        what: how the refusal calls it, as the start of a sentence: "The name".
    Raises:
        Malformed: nothing is left, nothing of it would be seen, or it holds control characters, bidirectional
            marks and overrides, line or paragraph separators, or lone surrogates.
        TooLarge: more than `limit` code points.
    """
    if not is_text(text):
        raise Malformed(f"{what} is not valid Unicode.")
    trimmed = text.strip(_TRIMMED)
    if len(trimmed) > limit * _LONGEST_DECOMPOSITION:  # before normalising, which takes quadratic time at worst
        raise TooLarge(what, limit=limit)
    name = unicodedata.normalize("NFC", trimmed).strip(_TRIMMED)
    if len(name) > limit:
        raise TooLarge(what, limit=limit)
    if _FORBIDDEN_IN_NAMES.search(name):
        raise Malformed(f"{what} must not hold control or text-direction characters.")
    if not any(_is_visible(character) for character in name):
        raise Malformed(f"{what} is empty.")
    return name


def folded(name: str) -> str:
    """What two names have in common when people would read them as one: NFKC and case folding, invisibles left out.

    For comparing only, never for showing. Look-alikes from different scripts stay different.
    """
    caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in caseless if not _is_ignored(character))


def _json_depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_JSON_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is Python's and not JSON's")


# Made once: json.dumps and json.loads make new ones for each call whose options are not the usual ones.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in _VISIBLE_CATEGORIES and character not in _BLANK_LETTERS


def _is_ignored(character: str) -> bool:
    # Format characters (zero-width space and joiners, tags) and variation selectors.
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f"
