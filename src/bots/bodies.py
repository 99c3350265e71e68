"""The body of a request to a hook: JSON, a form, a form in parts, or plain text, by what it looks like.

Programs are careless about `Content-Type` (curl calls everything a form), so the body itself has the last word.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from encoding import from_json
from errors import ChatError, Malformed

JSON, FORM, PARTS, PLAIN = "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"
WHOLE = ("payload", "payload_json")
"""Fields of a form that hold all of a message as JSON: Slack's and GitHub's, and Discord's."""
FIELDS = frozenset((*WHOLE, "text", "content", "message", "body", "title", "msg"))
"""At least one of these is in a form that is meant as one."""

_LOOKS_LIKE_JSON = re.compile(r'\s*\{\s*["}]|\s*\[\s*[\[{]')
_NAME = re.compile(r';[ \t]*name="?([^";\s]{1,100})', re.IGNORECASE)
_IS_FILE = re.compile(r";[ \t]*filename\*?=", re.IGNORECASE)
_HEAD_ENDS = re.compile(r"\r?\n\r?\n")
_MOST_PARTS = 50


def read(body: str, media_type: str, boundary: str = "") -> dict[str, Any] | str:
    """The fields of a body, or its text if it has none.

    Args:
        body: all of it.
        media_type: in small letters, without parameters.
        boundary: that parameter, for a form in parts.
    Raises:
        Malformed: it says or looks as if it was JSON, and is none; or it is JSON but no object.
    """
    body = body.removeprefix("\ufeff")
    if media_type == PARTS and boundary:
        return _whole(_parts(body, boundary))
    if media_type.endswith("json") or _LOOKS_LIKE_JSON.match(body):
        try:
            return _fields(from_json(body, "The body", kindly=True))
        except Malformed:
            if media_type == PLAIN:
                return body
            raise
    if media_type == FORM:
        form = dict(parse_qsl(body, keep_blank_values=True))
        if not form.keys().isdisjoint(FIELDS):
            return _whole(form)
    return body


def _whole(form: dict[str, str]) -> dict[str, Any] | str:
    for name in WHOLE:
        if name in form:
            try:
                return _fields(from_json(form[name], name, kindly=True))
            except ChatError as error:
                raise Malformed(error.detail) from error
    return dict(form)


def _fields(value: Any) -> dict[str, Any] | str:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise Malformed("The body is not a JSON object.")
    return value


def _parts(body: str, boundary: str) -> dict[str, str]:
    """The fields of a form in parts (RFC 7578); files in it are left out. Line ends may be bare line feeds."""
    found: dict[str, str] = {}
    begins = re.compile(rf"(?:\A|\r?\n)--{re.escape(boundary)}")
    for part in begins.split(body, _MOST_PARTS)[1:_MOST_PARTS]:
        head, *content = _HEAD_ENDS.split(part, 1)
        name = _NAME.search(head[:1_000])
        if name is not None and content and not _IS_FILE.search(head[:1_000]):
            found[name[1]] = content[0]
    return found
