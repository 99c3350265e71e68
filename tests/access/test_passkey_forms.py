"""access/passkey_forms.py: what browsers may send of passkeys."""

import json
from typing import Any

import pytest

from access.passkey_forms import parse_registration, read_assertion
from encoding import b64url
from errors import Malformed
from limits import MAX_PASSKEY_ID_BYTES, MAX_PASSKEY_NAME_CHARACTERS, MAX_PASSKEY_PART_BYTES
from tests.devices import ALGORITHMS, Device, Page

PAGE = Page("https://chat.example", b64url(bytes(56)))
MADE = Device().made(PAGE, "Phone")
USED = Device().used(PAGE)


def refusal(**changed: Any) -> str:
    with pytest.raises(Malformed) as refused:
        parse_registration(json.dumps(MADE | changed))
    return refused.value.detail


def test_a_new_passkey_is_read_as_it_was_made() -> None:
    device = Device()
    made = parse_registration(json.dumps(device.made(PAGE, "  Anna's  phone ")))
    assert (made.ceremony.id, made.public_key, made.algorithm) == (device.id, device.public, -7)
    assert (made.ceremony.challenge, made.ceremony.client_data) == (bytes(56), PAGE.client_data("webauthn.create"))
    assert made.name == "Anna's phone"


def test_a_passkey_that_was_used_is_read_as_it_was_used() -> None:
    device = Device()
    used = read_assertion(device.used(PAGE))
    assert (used.ceremony.id, used.ceremony.challenge) == (device.id, bytes(56))
    assert used.ceremony.client_data == PAGE.client_data("webauthn.get")
    assert len(used.ceremony.authenticator_data) == 37


@pytest.mark.parametrize("field", list(MADE))
def test_every_field_of_a_new_passkey_has_to_be_there(field: str) -> None:
    assert field in refusal(**{field: None})
    assert field in refusal(**{field: {}})


@pytest.mark.parametrize("field", list(USED))
def test_every_field_of_a_use_has_to_be_there(field: str) -> None:
    nothing: tuple[Any, ...] = (None, 7, [])
    for wrong in nothing:
        with pytest.raises(Malformed, match=field):
            read_assertion(USED | {field: wrong})


@pytest.mark.parametrize("field", ["id", "challenge", "client_data", "authenticator_data", "public_key"])
def test_bytes_are_base64url_and_neither_none_nor_too_many(field: str) -> None:
    most = MAX_PASSKEY_ID_BYTES if field == "id" else MAX_PASSKEY_PART_BYTES
    for length in (1, most - 1, most):
        parse_registration(json.dumps(MADE | {field: b64url(bytes(length))}))
    for length in (0, most + 1):
        assert field in refusal(**{field: b64url(bytes(length))})
    for spelt in ("a", "AA==", "+/+/", "ä", "AB"):
        assert "base64url" in refusal(**{field: spelt})


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_three_algorithms_are_known(algorithm: int) -> None:
    assert parse_registration(json.dumps(MADE | {"algorithm": algorithm})).algorithm == algorithm


@pytest.mark.parametrize("wrong", [0, 7, -37, -258, "-7", -7.5, True, [-7], 2**70])
def test_no_other_algorithm_is(wrong: object) -> None:
    assert "algorithm" in refusal(algorithm=wrong)


def test_a_name_is_as_long_as_a_members_at_most_and_follows_the_same_rules() -> None:
    for length in (1, MAX_PASSKEY_NAME_CHARACTERS - 1, MAX_PASSKEY_NAME_CHARACTERS):
        assert len(parse_registration(json.dumps(MADE | {"name": "a" * length})).name) == length
    for wrong in ("", "  ", "\u2800", "a" * (MAX_PASSKEY_NAME_CHARACTERS + 1), "a\u202eb", "\ud800"):
        assert "name" in refusal(name=wrong)


@pytest.mark.parametrize("text", ["", "[]", "null", '"a"', "{"])
def test_the_body_is_a_json_object(text: str) -> None:
    with pytest.raises(Malformed, match="The body"):
        parse_registration(text)
