"""Passkeys over real HTTP: SubtleCrypto against keys of the package `cryptography`, and each way to be wrong."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from access.webauthn import make_challenge
from encoding import b64url, from_b64url
from sealing.keyring import Keyring
from tests import confidential
from tests.conftest import StartServer
from tests.devices import ALGORITHMS, PRESENT, VERIFIED, Device, Page
from tests.fakes import MemoryKeyStore, OpenSslCiphers
from tests.people import Person
from tests.places import Place
from tests.server import ADMIN_PASSWORD, MASTER_KEY

FIVE_MINUTES_MS = 300_000


def now_ms() -> int:
    return int(time.time() * 1_000)


def origin_of(person: Person) -> str:
    return person.url


def page(person: Person, **more: Any) -> Page:
    """A page that has fetched a challenge, on this person's address."""
    return Page(more.pop("origin", origin_of(person)), challenge(person)["challenge"], **more)


def challenge(person: Person) -> dict[str, Any]:
    answer = person.http.post("/passkeys/challenge")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def register(person: Person, device: Device, name: str = "Anna's laptop", asked: Page | None = None) -> httpx.Response:
    confidential.keep("name", name)
    return person.http.post("/passkeys", json=device.made(asked or page(person), name))


def added(person: Person, device: Device | None = None) -> Device:
    made = device or Device()
    answer = register(person, made)
    assert answer.status_code == 201, answer.text
    return made


def login(place: Place, passkey: dict[str, Any], **more: Any) -> tuple[Person, httpx.Response]:
    """Somebody without a cookie, from an address that nobody else has, tries a passkey."""
    somebody = place.stranger()
    answer = somebody.http.post("/session", json={"passkey": passkey, **more})
    if answer.status_code == 201:
        somebody.member = answer.json()["member"]
        somebody._keep_cookie(answer)
    return somebody, answer


def refused(answer: httpx.Response, why: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (401, "wrong_passkey"), answer.text
    assert why in problem["title"]


def test_a_challenge_is_for_everybody_and_names_the_host_that_was_asked(place: Place) -> None:
    stranger = place.stranger()
    given = challenge(stranger)
    assert given["rp_id"] == "127.0.0.1"
    assert FIVE_MINUTES_MS - 60_000 < given["expires_at"] - now_ms() <= FIVE_MINUTES_MS
    assert given["challenge"] != challenge(stranger)["challenge"]
    assert not place.file.exists() or place.tables() == []
    elsewhere = stranger.http.post("/passkeys/challenge", headers={"Origin": "https://chat.example"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_passkey_signs_in_without_name_and_password(place: Place, algorithm: int) -> None:
    anna = place.member("Anna")
    device = Device(algorithm)
    answer = register(anna, device)
    assert answer.status_code == 201, answer.text
    assert answer.json() == anna.http.get("/passkeys").json()["passkeys"][0]
    somebody, answer = login(place, device.used(page(anna)))
    assert answer.status_code == 201, answer.text
    assert somebody.member == {**anna.member, "secured": True}
    assert somebody.http.get("/session").json()["member"]["id"] == anna.id
    assert place.rows("SELECT began FROM sessions ORDER BY created_at") == [("password",), ("passkey",)]
    assert anna.http.get("/passkeys").json()["passkeys"][0]["used_at"] is not None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"origin": "https://chat.example", "rp_id": "127.0.0.1"}, "another address"),
        ({"origin": "http://127.0.0.1", "rp_id": "127.0.0.1"}, "another address"),
        ({"rp_id": "chat.example"}, "belongs to another address"),
        ({"type": "payment.get"}, "type"),
        ({"flags": PRESENT}, "who uses it"),
        ({"flags": VERIFIED}, "who uses it"),
        ({"more": {"crossOrigin": True}}, "another site's page"),
        ({"more": {"challenge": b64url(bytes(56))}}, "another challenge"),
    ],
    ids=["origin", "port", "rp_id", "type", "not verified", "not present", "in a frame", "challenge"],
)
def test_what_was_signed_for_something_else_neither_makes_a_passkey_nor_signs_in(
    place: Place, wrong: dict[str, Any], why: str
) -> None:
    anna = place.member("Anna")
    refused(register(anna, Device(), asked=page(anna, **wrong)), why)
    assert anna.http.get("/passkeys").json() == {"passkeys": []}
    device = added(anna)
    refused(login(place, device.used(page(anna, **wrong)))[1], why)


def test_a_challenge_is_good_once_for_five_minutes_and_in_its_own_room(place: Place) -> None:
    anna = place.member("Anna")
    device = added(anna)
    used = device.used(page(anna))
    assert login(place, used)[1].status_code == 201
    refused(login(place, used)[1], "used before")
    asked = page(anna)
    assert register(anna, Device(), asked=asked).status_code == 201
    refused(login(place, device.used(asked))[1], "used before")
    refused(register(anna, Device(), asked=asked), "used before")

    elsewhere = Person(anna.url, "Anna", room=f"{anna.room}-2", address=anna.address)
    refused(login(place, device.used(page(elsewhere)))[1], "stale or not from here")
    elsewhere.leave()


async def test_a_challenge_of_ours_that_is_too_old_or_made_by_somebody_else_is_refused(place: Place) -> None:
    anna = place.member("Anna")
    device = added(anna)
    keyring = Keyring(anna.room, from_b64url(MASTER_KEY), None, OpenSslCiphers(), MemoryKeyStore())
    key = await keyring.derive("passkey challenge")
    stale, _ = make_challenge(key, nonce=bytes(16), now_ms=now_ms() - FIVE_MINUTES_MS)
    forged, _ = make_challenge(bytes(32), nonce=bytes(16), now_ms=now_ms())
    for asked in (stale, forged):
        refused(login(place, device.used(Page(anna.url, b64url(asked))))[1], "stale or not from here")
    fresh, _ = make_challenge(key, nonce=bytes(16), now_ms=now_ms() - FIVE_MINUTES_MS + 60_000)
    assert login(place, device.used(Page(anna.url, b64url(fresh))))[1].status_code == 201


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_key_or_a_damaged_signature_does_not_sign_in_and_uses_nothing_up(place: Place, algorithm: int) -> None:
    anna = place.member("Anna")
    device, other = added(anna, Device(algorithm)), Device(algorithm)
    other.id = device.id
    refused(login(place, other.used(page(anna)))[1], "not the passkey's")
    good = device.used(page(anna))
    signature = from_b64url(good["signature"])
    damaged = [signature[:-1], signature + b"\0", signature[:-1] + bytes([signature[-1] ^ 1]), b"\0"]
    if algorithm == -7:
        one = b"\x02\x01\x01"
        damaged += [b"\x30\x06\x02\x01\0" + one, b"\x30\x06" + one + b"\x02\x01\0", b"\x30\x06" + one + one]
    for wrong in damaged:
        answer = login(place, {**good, "signature": b64url(wrong)})[1]
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_passkey")
    assert login(place, good)[1].status_code == 201


def test_a_key_that_is_none_or_of_another_kind_is_refused_when_it_is_made(place: Place) -> None:
    anna = place.member("Anna")
    for algorithm in ALGORITHMS:
        device = Device(algorithm)
        for other in ALGORITHMS:
            if other != algorithm:
                body = {**device.made(page(anna)), "algorithm": other}
                refused(anna.http.post("/passkeys", json=body), "no key")
        body = {**device.made(page(anna)), "public_key": b64url(device.public[:-1])}
        refused(anna.http.post("/passkeys", json=body), "no key")
    assert place.rows("SELECT count(*) FROM passkeys") == [(0,)]


def test_a_passkey_of_another_room_or_of_nobody_is_unknown(place: Place) -> None:
    anna = place.member("Anna")
    elsewhere = Person(anna.url, "Anna", room=f"{anna.room}-2", address=anna.address).enter()
    device = added(elsewhere)
    refused(login(place, device.used(page(anna)))[1], "no such passkey")
    refused(login(place, Device().used(page(anna)))[1], "no such passkey")
    elsewhere.leave()


def test_wrong_passkeys_count_as_failed_logins_and_are_answered_after_a_second(place: Place) -> None:
    anna = place.member("Anna")
    guesser = place.stranger()
    for _ in range(5):
        began = time.monotonic()
        refused(guesser.http.post("/session", json={"passkey": Device().used(page(anna))}), "no such passkey")
        assert time.monotonic() - began >= 0.95
    blocked = guesser.http.post("/session", json={"passkey": Device().used(page(anna))})
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many_attempts")


def test_a_passkey_beside_the_admins_password_makes_an_admin_of_its_member(place: Place) -> None:
    anna = place.member("Anna")
    device = added(anna)
    admin = place.stranger()
    admin.name = "Anna"
    assert admin.sign_in(ADMIN_PASSWORD).status_code == 409  # the password alone lets nobody in under a secured name
    answer = admin.sign_in(ADMIN_PASSWORD, passkey=device.used(page(anna)))
    assert answer.status_code == 201, answer.text
    assert (admin.member["id"], admin.member["role"]) == (anna.id, "admin")


def test_the_last_passkey_goes_only_with_a_recovery_code_and_then_lets_nobody_in(place: Place) -> None:
    anna = place.member("Anna")
    device = added(anna)
    path = f"/passkeys/{b64url(device.id)}"
    answer = anna.http.delete(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert anna.http.put("/recovery", json={"proof": b64url(hashlib.sha256(b"code").digest())}).status_code == 204
    assert anna.http.delete(path).status_code == 204
    assert anna.http.delete(path).status_code == 404
    refused(login(place, device.used(page(anna)))[1], "no such passkey")


def test_two_browsers_that_use_one_challenge_at_once_are_not_both_let_in(place: Place) -> None:
    anna = place.member("Anna")
    device = added(anna)
    body = {"passkey": device.used(page(anna))}
    browsers = [place.stranger() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda browser: browser.http.post("/session", json=body).status_code, browsers))
    assert sorted(answers) == [201, 401, 401, 401]


def test_a_count_that_goes_backwards_is_one_warning_without_an_id(start_server: StartServer) -> None:
    server = start_server()
    anna = Person(server.url, "Anna").enter()
    device = added(anna)
    assert login_at(anna, device, 9).status_code == 201
    assert login_at(anna, device, 9).status_code == 201
    server.wait_for_log("a passkey counted backwards")
    (line,) = server.lines("warning")
    assert line["message"] == "a passkey counted backwards"
    assert b64url(device.id) not in server.log()
    anna.leave()


def login_at(person: Person, device: Device, count: int) -> httpx.Response:
    device.count = count - 1
    return httpx.post(f"{person.url}/api/rooms/main/session", json={"passkey": device.used(page(person))}, timeout=60)
