"""Reads typed fields from JSON bodies; a refusal names the field."""

from typing import Any

from encoding import is_text
from errors import Malformed


def object_field(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """A field that holds an object.

    Raises:
        Malformed: with a detail that names the field.
    """
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is missing or not an object.")
    return value


def text_field(fields: dict[str, Any], name: str) -> str:
    """A field that holds a text of valid Unicode.

    Raises:
        Malformed: with a detail that names the field.
    """
    value = fields.get(name)
    if not isinstance(value, str) or not is_text(value):
        raise Malformed(f"{name} is missing or not text.")
    return value


def optional_field(fields: dict[str, Any], name: str, limit: int) -> str | None:
    """A field that holds a text of at most `limit` characters; None if it is missing or null.

    Raises:
        Malformed: with a detail that names the field.
    """
    if fields.get(name) is None:
        return None
    value = text_field(fields, name)
    if len(value) > limit:
        raise Malformed(f"{name} is too long.")
    return value
