"""Fields of JSON bodies: taken out with a type, or refused by name."""

from typing import Any

from encoding import is_text
from errors import Malformed


def object_field(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in a field.

    Raises:
        Malformed: with a detail that names the field.
    """
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is missing or not an object.")
    return value


def text_field(fields: dict[str, Any], name: str) -> str:
    """A text in a field, which is Unicode through and through.

    Raises:
        Malformed: with a detail that names the field.
    """
    value = fields.get(name)
    if not isinstance(value, str) or not is_text(value):
        raise Malformed(f"{name} is missing or not text.")
    return value


def optional_field(fields: dict[str, Any], name: str, limit: int) -> str | None:
    """A text of at most `limit` characters in a field, or None where the field is missing or null.

    Raises:
        Malformed: with a detail that names the field.
    """
    if fields.get(name) is None:
        return None
    value = text_field(fields, name)
    if len(value) > limit:
        raise Malformed(f"{name} is too long.")
    return value
