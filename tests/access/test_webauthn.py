"""access/webauthn.py: what browsers say of passkeys, made here as a device would make it, and each way to be wrong."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from access import webauthn
from access.webauthn import ALGORITHMS, EDDSA, ES256, RS256, Ceremony, Site
from encoding import b64url, from_b64url
from errors import WrongPasskey
from limits import PASSKEY_CHALLENGE_MS
from tests import devices
from tests.devices import Device, Page
from tests.fakes import OpenSslCiphers

NOW = 1_800_000_000_000
KEY = bytes(range(32))
NONCE = bytes(16)
CHALLENGE, EXPIRES_AT = webauthn.make_challenge(KEY, nonce=NONCE, now_ms=NOW)
SITE = Site("https://chat.example:8443", "chat.example")
PAGE = Page(SITE.origin, b64url(CHALLENGE))
BIGGEST = 2**256 - 1


def ceremony(body: dict[str, Any]) -> Ceremony:
    parts = ("id", "challenge", "client_data", "authenticator_data")
    return Ceremony(**{name: from_b64url(body[name]) for name in parts})


def refusal_of_making(page: Page, **other: bytes) -> str:
    with pytest.raises(WrongPasskey) as refused:
        webauthn.check_registration(replace(ceremony(Device().made(page)), **other), SITE)
    return refused.value.detail


def refusal_of_using(page: Page, **other: bytes) -> str:
    with pytest.raises(WrongPasskey) as refused:
        webauthn.check_assertion(replace(ceremony(Device().used(page)), **other), SITE)
    return refused.value.detail


# --- challenges ---


def test_a_challenge_is_good_for_five_minutes() -> None:
    assert EXPIRES_AT == NOW + PASSKEY_CHALLENGE_MS == NOW + 300_000
    for now_ms in (NOW, EXPIRES_AT - 1):
        assert webauthn.check_challenge(CHALLENGE, KEY, now_ms=now_ms) == EXPIRES_AT
    for now_ms in (EXPIRES_AT, EXPIRES_AT + 1):
        with pytest.raises(WrongPasskey):
            webauthn.check_challenge(CHALLENGE, KEY, now_ms=now_ms)


def test_a_challenge_under_another_key_or_damaged_anywhere_is_not_ours() -> None:
    with pytest.raises(WrongPasskey):
        webauthn.check_challenge(CHALLENGE, bytes(32), now_ms=NOW)
    damaged = [CHALLENGE[:place] + bytes([CHALLENGE[place] ^ 1]) + CHALLENGE[place + 1 :] for place in range(56)]
    for each in (*damaged, b"", CHALLENGE[:-1], CHALLENGE[1:], CHALLENGE + b"\0", b"\0" + CHALLENGE, bytes(56)):
        with pytest.raises(WrongPasskey):
            webauthn.check_challenge(each, KEY, now_ms=NOW)


def test_two_challenges_of_one_moment_differ_by_their_nonce() -> None:
    other, _ = webauthn.make_challenge(KEY, nonce=bytes(15) + b"\1", now_ms=NOW)
    assert other != CHALLENGE
    assert webauthn.check_challenge(other, KEY, now_ms=NOW) == EXPIRES_AT


# --- the browser's JSON and the device's data ---


def test_a_passkey_that_was_made_or_used_here_is_right_and_its_count_is_known() -> None:
    device = Device()
    assert webauthn.check_registration(ceremony(device.made(PAGE)), SITE).sign_count == 0
    assert [webauthn.check_assertion(ceremony(device.used(PAGE)), SITE).sign_count for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    ("page", "detail"),
    [
        (replace(PAGE, origin="https://chat.example.org:8443", rp_id="chat.example"), "another address"),
        (replace(PAGE, origin="https://chat.example", rp_id="chat.example"), "another address"),
        (replace(PAGE, origin="http://chat.example:8443"), "another address"),
        (replace(PAGE, origin="https://CHAT.example:8443", rp_id="chat.example"), "another address"),
        (replace(PAGE, origin="null", rp_id="chat.example"), "another address"),
        (replace(PAGE, rp_id="example"), "belongs to another address"),
        (replace(PAGE, rp_id="www.chat.example"), "belongs to another address"),
        (replace(PAGE, flags=devices.PRESENT), "who uses it"),
        (replace(PAGE, flags=devices.VERIFIED), "who uses it"),
        (replace(PAGE, flags=0), "who uses it"),
        (replace(PAGE, type="payment.get"), "type"),
        (replace(PAGE, more={"type": None}), "type"),
        (replace(PAGE, more={"type": ["webauthn.get"]}), "type"),
        (replace(PAGE, more={"challenge": b64url(CHALLENGE[1:])}), "another challenge"),
        (replace(PAGE, more={"challenge": b64url(CHALLENGE) + "="}), "another challenge"),
        (replace(PAGE, more={"challenge": None}), "another challenge"),
        (replace(PAGE, more={"crossOrigin": True}), "another site's page"),
        (replace(PAGE, more={"crossOrigin": "false"}), "another site's page"),
        (replace(PAGE, more={"crossOrigin": 0}), "another site's page"),
        (replace(PAGE, more={"origin": ["https://chat.example:8443"]}), "another address"),
    ],
)
def test_what_was_made_or_used_elsewhere_or_for_something_else_is_refused(page: Page, detail: str) -> None:
    assert detail in refusal_of_making(page)
    assert detail in refusal_of_using(page)


def test_what_was_made_is_not_taken_for_a_use_nor_the_other_way_round() -> None:
    assert "webauthn.create" in refusal_of_making(replace(PAGE, type="webauthn.get"))
    assert "webauthn.get" in refusal_of_using(replace(PAGE, type="webauthn.create"))


def test_a_browser_may_leave_out_whether_it_is_within_another_page_and_say_more_than_we_know() -> None:
    said = json.loads(PAGE.client_data("webauthn.get")) | {"topOrigin": "x", "other_keys_can_be_added_here": "…"}
    del said["crossOrigin"]
    used = replace(ceremony(Device().used(PAGE)), client_data=json.dumps(said).encode())
    assert webauthn.check_assertion(used, SITE).sign_count == 1


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b"null", b"\xff{}", b"[" * 3_000, b'{"type":"webauthn.get"'])
def test_what_is_no_json_object_is_refused(garbage: bytes) -> None:
    assert "not a JSON object" in refusal_of_making(PAGE, client_data=garbage)
    assert "not a JSON object" in refusal_of_using(PAGE, client_data=garbage)


def test_authenticator_data_has_thirty_seven_bytes_at_least() -> None:
    used = ceremony(Device().used(PAGE))
    assert len(used.authenticator_data) == 37
    for length in (0, 1, 32, 36):
        assert "too short" in refusal_of_using(PAGE, authenticator_data=used.authenticator_data[:length])
    longer = replace(used, authenticator_data=used.authenticator_data + b"extensions")
    assert webauthn.check_assertion(longer, SITE).sign_count == 1


def test_the_id_is_the_one_in_the_devices_own_data() -> None:
    device = Device()
    made = ceremony(device.made(PAGE))
    data = made.authenticator_data
    assert webauthn.check_registration(replace(made, authenticator_data=data[: 37 + 18 + 16]), SITE).sign_count == 0
    without_flag = data[:32] + bytes([data[32] & ~devices.HAS_CREDENTIAL]) + data[33:]
    wrong = [
        replace(made, id=Device().id),
        replace(made, id=device.id[:-1]),
        replace(made, id=b""),
        replace(made, authenticator_data=without_flag),
        *(replace(made, authenticator_data=data[:length]) for length in (37, 38, 54, 55, 37 + 18 + 15)),
    ]
    for each in wrong:
        with pytest.raises(WrongPasskey, match="not the one"):
            webauthn.check_registration(each, SITE)


# --- signatures ---


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_devices_signature_is_good_for_what_it_signed(algorithm: int) -> None:
    device = Device(algorithm)
    body = device.used(PAGE)
    used = ceremony(body)
    signature = webauthn.raw_signature(algorithm, from_b64url(body["signature"]))
    ciphers = OpenSslCiphers()
    assert await ciphers.verify(algorithm, device.public, signature, webauthn.signed_data(used))
    for part in ("client_data", "authenticator_data"):
        other = replace(used, **{part: getattr(used, part) + b" "})
        assert not await ciphers.verify(algorithm, device.public, signature, webauthn.signed_data(other))
    assert not await ciphers.verify(algorithm, Device(algorithm).public, signature, webauthn.signed_data(used))


@pytest.mark.parametrize("algorithm", [EDDSA, RS256])
def test_only_signatures_of_ecdsa_come_as_der(algorithm: int) -> None:
    assert webauthn.raw_signature(algorithm, b"anything") == b"anything"


@given(st.integers(1, BIGGEST), st.integers(1, BIGGEST))
def test_der_becomes_two_numbers_of_thirty_two_bytes(r: int, s: int) -> None:
    raw = webauthn.raw_signature(ES256, encode_dss_signature(r, s))
    assert raw == r.to_bytes(32, "big") + s.to_bytes(32, "big")


@given(st.integers(1, BIGGEST), st.integers(1, BIGGEST), st.data())
def test_der_that_is_cut_off_or_goes_on_is_refused(r: int, s: int, data: st.DataObject) -> None:
    good = encode_dss_signature(r, s)
    cut = data.draw(st.integers(0, len(good) - 1))
    for wrong in (good[:cut], good + b"\0", b"\0" + good, good + good):
        with pytest.raises(WrongPasskey):
            webauthn.raw_signature(ES256, wrong)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_signature_or_refused(garbage: bytes) -> None:
    try:
        raw = webauthn.raw_signature(ES256, garbage)
    except WrongPasskey:
        return
    assert encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")) == garbage


def number(content: bytes) -> bytes:
    return bytes([0x02, len(content)]) + content


def sequence(*parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([0x30, len(content)]) + content


ONE = number(b"\1")


@pytest.mark.parametrize(
    "wrong",
    [
        sequence(number(b"\0"), ONE),
        sequence(ONE, number(b"\0")),
        sequence(number(b"\x80"), ONE),
        sequence(ONE, number(b"\xff" * 32)),
        sequence(number(b""), ONE),
        sequence(number(b"\0\1"), ONE),
        sequence(number(b"\0\0\x80"), ONE),
        sequence(number(b"\1" + bytes(32)), ONE),
        sequence(ONE, number(b"\0\xff" + bytes(32))),
        sequence(ONE),
        sequence(),
        sequence(ONE, ONE, ONE),
        sequence(ONE, ONE + b"\0"),
        sequence(ONE, b"\x02"),
        sequence(ONE, b"\x02\x81\x01\x01"),
        sequence(b"\x03\x01\x01", ONE),
        b"\x31" + sequence(ONE, ONE)[1:],
        b"\x30\x81\x06" + ONE + ONE,
        b"\x30\x80" + ONE + ONE + b"\0\0",
    ],
    ids=bytes.hex,
)
def test_numbers_that_are_none_negative_too_long_or_spelt_otherwise_are_refused(wrong: bytes) -> None:
    with pytest.raises(WrongPasskey, match="malformed"):
        webauthn.raw_signature(ES256, wrong)


def test_the_largest_and_the_smallest_numbers_are_taken() -> None:
    assert webauthn.raw_signature(ES256, sequence(ONE, ONE)) == (1).to_bytes(32, "big") * 2
    largest = number(b"\0" + b"\xff" * 32)
    assert webauthn.raw_signature(ES256, sequence(largest, largest)) == b"\xff" * 64
