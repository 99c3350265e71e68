"""access/forms.py: bodies of HTTP requests."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.forms import LoginForm, parse_invite, parse_login, parse_recovery
from access.passkey_forms import read_assertion
from encoding import b64url, json_object
from errors import Malformed
from limits import MAX_NAME_CHARACTERS
from tests.devices import Device, Page

PROOF = bytes(range(32))
USED = Device().used(Page("https://chat.example", b64url(bytes(56))))
GOOD: dict[str, Any] = {"name": "Anna", "proof": b64url(PROOF)}


def parsed(**fields: Any) -> LoginForm:
    return parse_login(json.dumps(GOOD | fields))


def test_a_login_becomes_what_it_says() -> None:
    assert parsed() == LoginForm("Anna", PROOF, None, None, None, None)
    everything = parsed(altcha="a", turnstile="t", code="012345", confirmation="c", unknown=[1])
    assert everything == LoginForm("Anna", PROOF, "a", "t", "012345", "c")
    assert parsed(altcha=None, turnstile=None, code=None, confirmation=None) == parsed()


@pytest.mark.parametrize(("typed", "name"), [(" Anna ", "Anna"), ("A\u030anna", "Ånna"), ("🙂 x", "🙂 x")])
def test_a_name_is_cleaned(typed: str, name: str) -> None:
    assert parsed(name=typed).name == name


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", "null", "1", '"x"', "{", "{}x", "\ufeff{}", "[" * 10_000, '{"a":NaN}'],
)
def test_what_is_no_json_object_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        json_object(text, "The body")


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1e999", "0." + "9" * 5_000])
def test_a_number_may_have_any_number_of_digits_and_is_no_text(number: str) -> None:
    assert set(json_object(f'{{"a":{number}}}', "The body")) == {"a"}
    with pytest.raises(Malformed):
        parse_login(f'{{"name":{number},"proof":{number}}}')


@pytest.mark.parametrize("field", ["name", "proof"])
@pytest.mark.parametrize("value", [None, 1, True, [], {}, "\ud800", ""], ids=ascii)
def test_name_and_proof_have_to_be_there(field: str, value: Any) -> None:
    with pytest.raises(Malformed):
        parsed(**{field: value})
    with pytest.raises(Malformed):
        parse_login(json.dumps({name: each for name, each in GOOD.items() if name != field}))


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64])
def test_a_proof_has_32_bytes(size: int) -> None:
    with pytest.raises(Malformed):
        parsed(proof=b64url(bytes(size)))


@pytest.mark.parametrize("proof", [b64url(PROOF) + "=", b64url(PROOF)[:-1] + "9", "+" * 43, " " * 43, "é" * 43])
def test_a_proof_has_one_spelling(proof: str) -> None:
    with pytest.raises(Malformed):
        parsed(proof=proof)


@pytest.mark.parametrize("length", [MAX_NAME_CHARACTERS - 1, MAX_NAME_CHARACTERS])
def test_a_name_of_40_characters_is_taken(length: int) -> None:
    assert parsed(name="ж" * length).name == "ж" * length


def test_a_longer_name_is_malformed() -> None:
    with pytest.raises(Malformed):
        parsed(name="ж" * (MAX_NAME_CHARACTERS + 1))


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12345a", "12345\n", "١٢٣٤٥٦", "１２３４５６", " 123456", "+12345", "-12345"]
)
def test_a_code_is_six_digits(code: str) -> None:
    with pytest.raises(Malformed, match="code is not six digits"):
        parsed(code=code, confirmation="c")


def test_a_code_is_for_the_login_that_waits() -> None:
    assert parsed(code="012345", confirmation="c").code == "012345"
    with pytest.raises(Malformed, match="code needs the confirmation"):
        parsed(code="012345")


@pytest.mark.parametrize("field", ["altcha", "turnstile", "code", "confirmation"])
@pytest.mark.parametrize("value", [1, True, [], {}, "\ud800", "x" * 10_000], ids=lambda value: ascii(value)[:10])
def test_what_is_optional_is_a_short_text(field: str, value: Any) -> None:
    with pytest.raises(Malformed, match=field):
        parsed(**{field: value})


@pytest.mark.parametrize(("field", "limit"), [("altcha", 8_192), ("turnstile", 2_048), ("confirmation", 64)])
def test_what_is_optional_has_a_limit(field: str, limit: int) -> None:
    for size in (limit - 1, limit):
        assert getattr(parsed(**{field: "x" * size}), field) == "x" * size
    with pytest.raises(Malformed, match=f"{field} is too long"):
        parsed(**{field: "x" * (limit + 1)})


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(st.characters()) | ANY_JSON.map(json.dumps))
def test_arbitrary_bodies_are_never_more_than_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_login(text)


@given(st.dictionaries(st.sampled_from(["name", "proof", "altcha", "turnstile", "code", "confirmation"]), ANY_JSON))
def test_arbitrary_fields_are_never_more_than_refused(fields: dict[str, Any]) -> None:
    try:
        form = parsed(**fields)
    except Malformed:
        return
    assert form.proof is not None
    assert len(form.proof) == 32
    assert 1 <= len(form.name) <= MAX_NAME_CHARACTERS


OTHER = b64url(bytes(32))


def test_a_recovery_code_or_a_link_stands_in_place_of_the_password() -> None:
    assert parse_login(json.dumps({"name": "Anna", "recovery": OTHER})).recovery == bytes(32)
    assert parse_login(json.dumps({"name": "Anna", "invite": OTHER, "proof": None})).invite == bytes(32)
    both = parsed(recovery=OTHER)
    assert (both.proof, both.recovery) == (PROOF, bytes(32))


def test_only_a_link_needs_no_name() -> None:
    assert parse_login(json.dumps({"invite": OTHER})).name == ""
    for proof in ("proof", "recovery"):
        with pytest.raises(Malformed):
            parse_login(json.dumps({proof: OTHER}))


@pytest.mark.parametrize("beside", ["proof", "recovery"])
def test_a_link_stands_alone(beside: str) -> None:
    with pytest.raises(Malformed):
        parse_login(json.dumps({"name": "Anna", "invite": OTHER, beside: OTHER}))


@pytest.mark.parametrize("field", ["recovery", "invite"])
@pytest.mark.parametrize("value", ["", "x", b64url(bytes(31)), b64url(bytes(33)), 1, True, [], {}, "é" * 43])
def test_proofs_of_all_kinds_have_32_bytes(field: str, value: Any) -> None:
    with pytest.raises(Malformed):
        parse_login(json.dumps({"name": "Anna", field: value}))
    if field == "invite":
        with pytest.raises(Malformed):
            parse_invite(json.dumps({field: value}))
    else:
        with pytest.raises(Malformed):
            parse_recovery(json.dumps({"proof": value}))


def test_the_other_bodies_hold_one_proof() -> None:
    assert parse_invite(json.dumps({"invite": OTHER})) == bytes(32)
    assert parse_recovery(json.dumps({"proof": OTHER})) == bytes(32)
    for parse in (parse_invite, parse_recovery):
        with pytest.raises(Malformed):
            parse("{}")


def test_a_passkey_needs_no_name_and_goes_with_a_password_but_with_nothing_else() -> None:
    alone = parse_login(json.dumps({"passkey": USED}))
    assert (alone.name, alone.proof, alone.passkey) == ("", None, read_assertion(USED))
    assert parse_login(json.dumps({"passkey": USED, "name": " Anna "})).name == "Anna"
    beside = parsed(passkey=USED)
    assert (beside.name, beside.proof, beside.passkey) == ("Anna", PROOF, read_assertion(USED))
    with pytest.raises(Malformed, match="name"):
        parse_login(json.dumps({"passkey": USED, "proof": b64url(PROOF)}))
    for other in ("recovery", "invite"):
        with pytest.raises(Malformed):
            parse_login(json.dumps({"name": "Anna", "passkey": USED, other: b64url(PROOF)}))


@pytest.mark.parametrize("wrong", [1, True, [], "x", {}, {**USED, "signature": ""}])
def test_a_passkey_that_is_none_is_malformed(wrong: Any) -> None:
    with pytest.raises(Malformed):
        parse_login(json.dumps({"passkey": wrong}))
