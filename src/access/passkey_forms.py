"""What browsers send of passkeys: JSON in, checked dataclass out (docs/protocol.md, "Passkeys")."""

from typing import Any

from access.webauthn import ALGORITHMS, Assertion, Ceremony, Registration
from encoding import from_b64url, json_object
from errors import Malformed, TooLarge
from limits import MAX_PASSKEY_ID_BYTES, MAX_PASSKEY_NAME_CHARACTERS, MAX_PASSKEY_PART_BYTES
from text.names import clean_name
from web.bodies import text_field


def parse_registration(text: str) -> Registration:
    """The body of `POST …/passkeys`.

    Raises:
        Malformed: with a detail that names the field.
    """
    fields = json_object(text, "The body")
    algorithm = fields.get("algorithm")
    if isinstance(algorithm, bool) or algorithm not in ALGORITHMS:
        raise Malformed(f"algorithm is none of {', '.join(map(str, ALGORITHMS))}.")
    return Registration(_ceremony(fields), algorithm, _part(fields, "public_key"), _name(fields))


def read_assertion(fields: dict[str, Any]) -> Assertion:
    """The field `passkey` of a login.

    Raises:
        Malformed: with a detail that names the field.
    """
    return Assertion(_ceremony(fields), _part(fields, "signature"))


def _ceremony(fields: dict[str, Any]) -> Ceremony:
    return Ceremony(
        _part(fields, "id", MAX_PASSKEY_ID_BYTES),
        _part(fields, "challenge"),
        _part(fields, "client_data"),
        _part(fields, "authenticator_data"),
    )


def _part(fields: dict[str, Any], name: str, limit: int = MAX_PASSKEY_PART_BYTES) -> bytes:
    part = from_b64url(text_field(fields, name))
    if not 0 < len(part) <= limit:
        raise Malformed(f"{name} does not have 1 to {limit} bytes.")
    return part


def _name(fields: dict[str, Any]) -> str:
    try:
        return clean_name(text_field(fields, "name"), limit=MAX_PASSKEY_NAME_CHARACTERS, what="name")
    except TooLarge as error:  # over HTTP this code means that the body is too long
        raise Malformed(error.detail) from error
