"""web_push.py: RFC 8291's own example byte for byte, and what a browser and a push service make of everything else."""

import itertools
import os

import http_ece
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given
from hypothesis import strategies as st

from encoding import b64url, from_b64url
from limits import MAX_PUSH_BYTES, MAX_PUSH_PLAINTEXT_BYTES, PUSH_PADDING_BYTES, PUSH_TTL_SECONDS, VAPID_TOKEN_SECONDS
from notify.web_push import Device, Vapid, Verdict, encrypt, padding_for, push_request, retry_after_ms, verdict
from tests.fakes import OpenSslCiphers, private_key, public_bytes
from tests.push_service import Browser, check_vapid

NOON = 1_800_000_000_000
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
SUBJECT = "mailto:ops@chat.example.org"
KEY = bytes(range(100, 132))

# RFC 8291, section 5 and appendix A.
WATERMELON = b"When I grow up, I want to be a watermelon"
RECEIVER_PRIVATE = from_b64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
RECEIVER_PUBLIC = from_b64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
AUTH = from_b64url("BTBZMqHH6r4Tts7J_aSIgg")
SENDER_PRIVATE = from_b64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
SALT = from_b64url("DGv6ra1nlYgDCS1FRnbzlw")
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


class KnownSender(OpenSslCiphers):
    """The sender of RFC 8291, whose key pair is not fresh."""

    def fresh_key_pair(self) -> ec.EllipticCurvePrivateKey:
        return private_key(SENDER_PRIVATE)


class CountingCiphers(OpenSslCiphers):
    """Counts signatures."""

    signed = 0

    async def sign(self, private: bytes, message: bytes) -> bytes:
        self.signed += 1
        return await super().sign(private, message)


def device_of(browser: Browser) -> Device:
    return Device(browser.endpoint, public_bytes(browser.key), browser.auth)


# --- encryption ---


async def test_the_example_of_rfc_8291_comes_out_byte_for_byte() -> None:
    device = Device(ENDPOINT, RECEIVER_PUBLIC, AUTH)
    assert b64url(await encrypt(WATERMELON, device, salt=SALT, ciphers=KnownSender())) == BODY


def test_our_browser_opens_the_example_of_rfc_8291() -> None:
    browser = Browser(ENDPOINT)
    browser.key, browser.auth = private_key(RECEIVER_PRIVATE), AUTH
    assert browser.plaintext(from_b64url(BODY)) == WATERMELON


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 255, 256, 257, 3_992, MAX_PUSH_PLAINTEXT_BYTES])
async def test_what_is_sealed_the_browser_opens(size: int) -> None:
    browser, text = Browser(ENDPOINT), b"\x07" * size
    body = await encrypt(
        text, device_of(browser), salt=os.urandom(16), ciphers=OpenSslCiphers(), padding=padding_for(text)
    )
    assert len(body) <= MAX_PUSH_BYTES
    assert browser.plaintext(body) == text


@given(
    text=st.binary(max_size=MAX_PUSH_PLAINTEXT_BYTES), salt=st.binary(min_size=16, max_size=16), padded=st.booleans()
)
@example(text=b"", salt=SALT, padded=False)
@example(text=b"\x02", salt=SALT, padded=True)  # as the delimiter that ends it
@example(text=bytes(255), salt=SALT, padded=True)
@example(text=bytes(256), salt=bytes(16), padded=True)
@example(text=b"\xff" * 257, salt=SALT, padded=True)
@example(text=os.urandom(MAX_PUSH_PLAINTEXT_BYTES - 1), salt=SALT, padded=True)
@example(text=os.urandom(MAX_PUSH_PLAINTEXT_BYTES), salt=SALT, padded=True)
async def test_the_package_http_ece_opens_whatever_is_sealed(text: bytes, salt: bytes, padded: bool) -> None:
    """A second reading of RFC 8188 and RFC 8291, by one of their authors."""
    browser = Browser(ENDPOINT)
    padding = padding_for(text) if padded else 0
    body = await encrypt(text, device_of(browser), salt=salt, ciphers=OpenSslCiphers(), padding=padding)
    assert http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.auth, version="aes128gcm") == text


async def test_only_the_device_that_it_is_for_opens_a_message_and_only_undamaged() -> None:
    browser, other = Browser(ENDPOINT), Browser(ENDPOINT)
    body = await encrypt(b"secret", device_of(browser), salt=SALT, ciphers=OpenSslCiphers())
    with pytest.raises(InvalidTag):
        other.plaintext(body)
    other.key = browser.key
    with pytest.raises(InvalidTag):
        other.plaintext(body)
    for place in (0, 15, 90, len(body) - 1):
        damaged = bytearray(body)
        damaged[place] ^= 1
        with pytest.raises(InvalidTag):
            browser.plaintext(bytes(damaged))


async def test_no_two_messages_share_a_key() -> None:
    browser = Browser(ENDPOINT)
    bodies = [await encrypt(b"same", device_of(browser), salt=SALT, ciphers=OpenSslCiphers()) for _ in range(3)]
    assert len({body[21:86] for body in bodies}) == 3


async def test_a_key_that_is_none_seals_nothing() -> None:
    with pytest.raises(ValueError, match="p256dh"):
        await encrypt(b"x", Device(ENDPOINT, bytes(65), AUTH), salt=SALT, ciphers=OpenSslCiphers())


@pytest.mark.parametrize("size", [0, 1, PUSH_PADDING_BYTES - 1, PUSH_PADDING_BYTES, PUSH_PADDING_BYTES + 1, 3_990])
def test_padding_hides_the_length_without_passing_the_limit(size: int) -> None:
    padded = size + padding_for(b"x" * size)
    assert size <= padded <= MAX_PUSH_PLAINTEXT_BYTES
    assert padded % PUSH_PADDING_BYTES == 0 or padded == MAX_PUSH_PLAINTEXT_BYTES


def test_a_device_is_stored_as_it_was() -> None:
    device = device_of(Browser(ENDPOINT))
    assert Device.from_plaintext(device.plaintext()) == device


# --- who sends it ---


async def test_a_token_says_who_we_are_to_one_service_for_half_a_day() -> None:
    vapid = Vapid(KEY, SUBJECT, OpenSslCiphers())
    header = await vapid.authorization(ENDPOINT, now_ms=NOON)
    public = public_bytes(private_key(KEY))
    assert await vapid.public_key() == public
    claims = check_vapid(header, origin="https://updates.push.services.mozilla.com", subject=SUBJECT, public_key=public)
    assert claims == {
        "aud": "https://updates.push.services.mozilla.com",
        "exp": NOON // 1_000 + VAPID_TOKEN_SECONDS,
        "sub": SUBJECT,
    }
    with pytest.raises(AssertionError):
        check_vapid(header, origin="https://web.push.apple.com", subject=SUBJECT, public_key=public)
    damaged = header.replace(".", ".A", 1)
    with pytest.raises((InvalidSignature, ValueError)):
        check_vapid(damaged, origin="https://updates.push.services.mozilla.com", subject=SUBJECT, public_key=public)


async def test_a_token_is_signed_once_for_a_service_and_anew_before_it_ends() -> None:
    ciphers = CountingCiphers()
    vapid = Vapid(KEY, SUBJECT, ciphers)
    half = VAPID_TOKEN_SECONDS // 2 * 1_000
    for now_ms in (NOON, NOON + 1, NOON + half - 1_000):
        await vapid.authorization(ENDPOINT, now_ms=now_ms)
        await vapid.authorization(ENDPOINT + "/another/device", now_ms=now_ms)
    assert ciphers.signed == 1
    await vapid.authorization("https://fcm.googleapis.com/fcm/send/x", now_ms=NOON)
    assert ciphers.signed == 2
    await vapid.authorization(ENDPOINT, now_ms=NOON + half)
    assert ciphers.signed == 3


async def test_tokens_for_ever_more_services_do_not_fill_the_memory() -> None:
    ciphers = CountingCiphers()
    vapid = Vapid(KEY, SUBJECT, ciphers)
    for number in range(200):
        await vapid.authorization(f"https://s{number}.notify.windows.com/", now_ms=NOON)
    assert len(vapid._tokens) <= 64


# --- the request and its answer ---


def test_the_request_is_that_of_rfc_8030() -> None:
    device = device_of(Browser(ENDPOINT))
    request = push_request(device, b"body", authorization="vapid t=x, k=y", urgent=False, topic="abc")
    assert request.url == ENDPOINT
    assert request.body == b"body"
    assert request.headers == {
        "TTL": str(PUSH_TTL_SECONDS),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Authorization": "vapid t=x, k=y",
        "Urgency": "normal",
        "Topic": "abc",
    }
    urgent = push_request(device, b"", authorization="", urgent=True, topic="abc")
    assert urgent.headers["Urgency"] == "high"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *itertools.product([200, 201, 202, 204], [Verdict.DELIVERED]),
        *itertools.product([404, 410], [Verdict.GONE]),
        *itertools.product([408, 425, 429, 500, 502, 503, 504, None], [Verdict.LATER]),
        *itertools.product([0, 301, 307, 400, 401, 403, 413, 418], [Verdict.REFUSED]),
    ],
)
def test_each_answer_has_its_meaning(status: int | None, expected: Verdict) -> None:
    assert verdict(status) is expected


@pytest.mark.parametrize(
    ("header", "milliseconds"),
    [
        ("120", 120_000),
        (" 7 ", 7_000),
        ("0", 0),
        ("999999999", PUSH_TTL_SECONDS * 1_000),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60_000),
        ("Fri, 15 Jan 2027 07:59:00 GMT", 0),
        (None, 0),
        ("", 0),
        ("soon", 0),
        ("-1", 0),
        ("1.5", 0),
        ("٣", 0),
        ("9" * 100, 0),
        ("Fri, 15 Jan 2027 08:01:00 +99999999999999999999", 0),
        ("Fri, 15 Jan 2027 08:01:00 -99999999999", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", PUSH_TTL_SECONDS * 1_000),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        ("Fri, 99 Jan 2027 08:01:00 GMT", 0),
        ("Fri, 15 Jan 2027 99:01:00 GMT", 0),
        (",", 0),
        ("Fri,", 0),
        ("1 2 3", 0),
        ("Fri, 15 Jan 99999999999999999999 08:01:00 GMT", 0),
        ("Fri, 15 Jan ٢٠٢٧ 08:01:00 GMT", 0),
        ("x" * 100_000, 0),
        ("Fri, 15 Jan 2027 08:01:00", 60_000),
        ("Fri, 15 Jan 2027 10:01:00 +0200", 60_000),
    ],
)
def test_how_long_a_service_asks_to_wait(header: str | None, milliseconds: int) -> None:
    assert retry_after_ms(header, now_ms=NOON) == milliseconds
