"""Bodies of HTTP requests: JSON in, checked dataclass out (docs/protocol.md, "HTTP")."""

import re
from dataclasses import dataclass
from typing import Any

from encoding import from_b64url, is_text, json_object
from errors import Malformed, TooLarge
from limits import MAX_NAME_CHARACTERS
from names import clean_name
from push import Device

PROOF_BYTES = 32
_MAX_TOKEN_CHARACTERS = 2_048  # Cloudflare's bound for a Turnstile answer
_MAX_ALTCHA_CHARACTERS = 8_192
_CODE = re.compile(r"[0-9]{6}\Z")


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What somebody types and proves to sign in."""

    name: str
    proof: bytes
    altcha: str | None
    turnstile: str | None
    code: str | None
    confirmation: str | None


def parse_login(text: str) -> LoginForm:
    """The body of `POST …/session`.

    Raises:
        Malformed: with a detail that names the field.
    """
    fields = json_object(text, "The body")
    proof = from_b64url(_text(fields, "proof"))
    if len(proof) != PROOF_BYTES:
        raise Malformed(f"proof is not {PROOF_BYTES} bytes.")
    code = _optional(fields, "code", 64)
    if code is not None and not _CODE.match(code):
        raise Malformed("code is not six digits.")
    confirmation = _optional(fields, "confirmation", 64)
    if code is not None and confirmation is None:
        raise Malformed("code needs the confirmation of the login that it is for.")
    return LoginForm(
        name=_name(fields),
        proof=proof,
        altcha=_optional(fields, "altcha", _MAX_ALTCHA_CHARACTERS),
        turnstile=_optional(fields, "turnstile", _MAX_TOKEN_CHARACTERS),
        code=code,
        confirmation=confirmation,
    )


def parse_subscription(text: str) -> Device:
    """The body of `PUT …/push`: `{"subscription": …}` as the browser's `PushSubscription.toJSON` has it.

    Raises:
        Malformed: with a detail that names the field.
    """
    subscription = _object(json_object(text, "The body"), "subscription")
    keys = _object(subscription, "keys")
    return Device(_text(subscription, "endpoint"), from_b64url(_text(keys, "p256dh")), from_b64url(_text(keys, "auth")))


def parse_endpoint(text: str) -> str:
    """The body of `DELETE …/push`: `{"endpoint": …}`.

    Raises:
        Malformed: with a detail that names the field.
    """
    return _text(json_object(text, "The body"), "endpoint")


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is missing or not an object.")
    return value


def _name(fields: dict[str, Any]) -> str:
    try:
        return clean_name(_text(fields, "name"), limit=MAX_NAME_CHARACTERS, what="name")
    except TooLarge as error:  # over HTTP that is said of bodies only
        raise Malformed(error.detail) from error


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not is_text(value):
        raise Malformed(f"{name} is missing or not text.")
    return value


def _optional(fields: dict[str, Any], name: str, limit: int) -> str | None:
    if fields.get(name) is None:
        return None
    value = _text(fields, name)
    if len(value) > limit:
        raise Malformed(f"{name} is too long.")
    return value
