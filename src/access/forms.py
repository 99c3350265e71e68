"""The body of a login: JSON in, checked dataclass out (docs/protocol.md, "HTTP")."""

import re
from dataclasses import dataclass
from typing import Any

from access.passkey_forms import read_assertion
from access.webauthn import Assertion
from encoding import from_b64url, json_object
from errors import Malformed, TooLarge
from limits import MAX_CHALLENGE_ANSWER_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TURNSTILE_ANSWER_CHARACTERS
from sealing.verifiers import PROOF_BYTES
from text.names import clean_name
from web.bodies import object_field, optional_field, text_field

# An answer that is a little too long is a wrong one; what is longer than this was never an answer.
_MAX_ALTCHA_CHARACTERS = 2 * MAX_CHALLENGE_ANSWER_CHARACTERS
_CODE = re.compile(r"[0-9]{6}\Z")


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What a person types and a browser proves to sign in."""

    name: str
    """Empty if the login says in another way who it is."""
    proof: bytes | None
    """Of the room's password or the admins'."""
    altcha: str | None
    turnstile: str | None
    code: str | None
    confirmation: str | None
    recovery: bytes | None = None
    """The proof of a recovery code."""
    invite: bytes | None = None
    """The proof of a link."""
    passkey: Assertion | None = None


def parse_login(text: str) -> LoginForm:
    """The body of `POST …/session`.

    Raises:
        Malformed: with a detail that names the field.
    """
    fields = json_object(text, "The body")
    proof, recovery, invite = (_proof(fields, name) for name in ("proof", "recovery", "invite"))
    passkey = None if fields.get("passkey") is None else read_assertion(object_field(fields, "passkey"))
    _check_combination(proof, recovery, passkey, invite)
    code = optional_field(fields, "code", 64)
    if code is not None and not _CODE.match(code):
        raise Malformed("code is not six digits.")
    confirmation = optional_field(fields, "confirmation", 64)
    if code is not None and confirmation is None:
        raise Malformed("code needs the confirmation of the login that it is for.")
    return LoginForm(
        name="" if proof is recovery is None and fields.get("name") is None else _name(fields),
        proof=proof,
        altcha=optional_field(fields, "altcha", _MAX_ALTCHA_CHARACTERS),
        turnstile=optional_field(fields, "turnstile", MAX_TURNSTILE_ANSWER_CHARACTERS),
        code=code,
        confirmation=confirmation,
        recovery=recovery,
        passkey=passkey,
        invite=invite,
    )


def parse_invite(text: str) -> bytes:
    """The proof of a link in the body of `POST …/invite`.

    Raises:
        Malformed.
    """
    return _required(_proof(json_object(text, "The body"), "invite"), "invite")


def parse_recovery(text: str) -> bytes:
    """The proof of a new recovery code in the body of `PUT …/recovery`.

    Raises:
        Malformed.
    """
    return _required(_proof(json_object(text, "The body"), "proof"), "proof")


def _proof(fields: dict[str, Any], name: str) -> bytes | None:
    if fields.get(name) is None:
        return None
    proof = from_b64url(text_field(fields, name))
    if len(proof) != PROOF_BYTES:
        raise Malformed(f"{name} is not {PROOF_BYTES} bytes.")
    return proof


def _required(proof: bytes | None, name: str) -> bytes:
    if proof is None:
        raise Malformed(f"{name} is missing or not text.")
    return proof


def _check_combination(
    proof: bytes | None, recovery: bytes | None, passkey: Assertion | None, invite: bytes | None
) -> None:
    """A login proves one thing; or the password, and by a recovery code or a passkey whose name it is."""
    others = [each for each in (recovery, passkey, invite) if each is not None]
    if proof is None and not others:
        raise Malformed("proof is missing or not text.")
    if len(others) > 1:
        raise Malformed("recovery, passkey and invite do not go together.")
    if invite is not None and proof is not None:
        raise Malformed("invite stands in place of proof, not beside it.")


def _name(fields: dict[str, Any]) -> str:
    try:
        return clean_name(text_field(fields, "name"), limit=MAX_NAME_CHARACTERS, what="name")
    except TooLarge as error:  # over HTTP this code means that the body is too long
        raise Malformed(error.detail) from error
