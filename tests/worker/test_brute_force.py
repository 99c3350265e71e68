"""Guessing the password of a running room: how many guesses reach the slow hash, exactly, and who still gets in.

A guess that reached the hash was answered 401; one that did not, 429. Addresses are told apart by CF-Connecting-IP,
which the platform sets in production and a test sets here.
"""

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from encoding import b64url
from limits import LOGIN_WAIT_LONGEST_SECONDS, ROOM_ATTACK_FAILURES
from tests.people import Person
from tests.places import Place, fresh_address
from tests.server import PASSWORD
from tests.worker.gathering import ASLEEP_AFTER_SECONDS, sleep_until_evicted

WHOLE_ROOM = b""


def guess(person: Person) -> httpx.Response:
    """A login with a random proof: what a guesser sends who need not even stretch."""
    return person.http.post("/session", json={"name": "Eve", "proof": b64url(secrets.token_bytes(32))})


def guess_at_once(people: list[Person]) -> Counter[int]:
    """All of them guess, eight at a time; the statuses."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(answer.status_code for answer in pool.map(guess, people))


def failures(place: Place) -> dict[bytes, int]:
    """What the room remembers, by keyed hash of the address."""
    return dict(place.rows("SELECT address, failures FROM attempts"))


def let_the_wait_pass(place: Place) -> None:
    place.change("UPDATE attempts SET blocked_until = 1 WHERE blocked_until > 0")


def make_the_next_wait_the_longest(place: Place) -> None:
    """A quarter of an hour, which no test outlasts."""
    place.change("UPDATE attempts SET blocks = 5 WHERE address != ?", WHOLE_ROOM)


def test_of_200_wrong_guesses_from_one_address_five_reach_the_hash(place: Place) -> None:
    attacker = place.stranger("Eve")
    assert guess(attacker).status_code == 401
    make_the_next_wait_the_longest(place)
    assert guess_at_once([attacker] * 199) == {401: 4, 429: 195}
    counts = failures(place)
    assert counts.pop(WHOLE_ROOM) == 5
    assert list(counts.values()) == [5]
    assert place.stranger("Anna").sign_in().status_code == 201, "everybody else gets in"
    assert attacker.sign_in().status_code == 429, "not even the right password while the address has to wait"
    let_the_wait_pass(place)
    assert attacker.sign_in().status_code == 201
    assert not [each for each in failures(place) if len(each) == 32], "a success clears the address's count"


def test_of_200_wrong_guesses_from_50_addresses_each_address_gets_its_five_and_no_more(place: Place) -> None:
    attackers = [place.stranger("Eve") for _ in range(50)]
    assert guess_at_once(attackers * 4) == {401: 200}
    assert failures(place)[WHOLE_ROOM] == 200
    assert guess_at_once(attackers * 2) == {401: 50, 429: 50}
    counts = failures(place)
    assert counts.pop(WHOLE_ROOM) == 250 >= ROOM_ATTACK_FAILURES
    assert Counter(counts.values()) == {5: 50}
    assert place.stranger("Anna").sign_in().status_code == 201, "a room under attack locks no member out"
    fumbling = place.stranger("Bea")
    assert [fumbling.sign_in("mistyped").status_code for _ in range(4)] == [401] * 4
    assert fumbling.sign_in().status_code == 201


def test_the_wait_grows_from_30_seconds_to_15_minutes_and_no_further(place: Place) -> None:
    attacker = place.stranger("Eve")
    assert [guess(attacker).status_code for _ in range(5)] == [401] * 5
    waits = []
    for _ in range(8):
        waits += place.rows("SELECT (blocked_until - window_started_at) / 1000 FROM attempts WHERE blocked_until > 0")
        answer = guess(attacker)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (429, "too_many_attempts")
        assert answer.headers["retry-after"] == str(problem["retry_after"])
        assert 0 < problem["retry_after"] <= waits[-1][0]
        let_the_wait_pass(place)
        assert guess(attacker).status_code == 401, "one guess after each wait"
    assert [seconds for (seconds,) in waits] == [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_wait_is_counted_down(place: Place) -> None:
    attacker = place.stranger("Eve")
    for _ in range(5):
        guess(attacker)
    asked_at = time.monotonic()
    first = guess(attacker).json()["retry_after"]
    time.sleep(1.5)
    later = guess(attacker).json()["retry_after"]
    assert first - (time.monotonic() - asked_at) - 1 <= later <= first - 1


def test_a_quarter_of_an_hour_without_a_failure_forgets_them(place: Place) -> None:
    attacker = place.stranger("Eve")
    for _ in range(4):
        guess(attacker)
    place.change("UPDATE attempts SET window_started_at = window_started_at - ?", 15 * 60_000)
    assert [guess(attacker).status_code for _ in range(5)] == [401] * 5
    assert guess(attacker).status_code == 429


def test_an_ipv6_customer_is_one_address_and_the_neighbour_another(place: Place) -> None:
    network = ipaddress.IPv6Network(f"2001:db8:{secrets.randbelow(65_536):x}:{secrets.randbelow(65_535):x}::/64")
    homes = [place.stranger("Eve", address=str(network[secrets.randbelow(2**64)])) for _ in range(6)]
    assert [guess(each).status_code for each in homes] == [401] * 5 + [429]
    neighbour = place.stranger("Anna", address=str(network[-1] + 1))
    assert neighbour.sign_in().status_code == 201


def test_what_is_written_in_other_headers_makes_no_new_address(place: Place) -> None:
    attacker = place.stranger("Eve")
    for number in range(5):
        attacker.http.headers.update(
            {"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": "1.2.3.4", "Forwarded": "for=9.9.9.9"}
        )
        assert guess(attacker).status_code == 401
    assert guess(attacker).status_code == 429


def test_another_room_counts_for_itself(place: Place) -> None:
    address = fresh_address()
    attacker = place.stranger("Eve", address=address)
    for _ in range(5):
        guess(attacker)
    assert guess(attacker).status_code == 429
    assert guess(place.next_door().stranger("Eve", address=address)).status_code == 401


def test_the_table_of_failures_holds_no_address_and_nothing_that_trying_all_of_them_would_reveal(place: Place) -> None:
    address = fresh_address()
    guess(place.stranger("Eve", address=address))
    assert address.encode() not in place.stored_bytes()
    (kept,) = [each for each in failures(place) if each]
    for plain in (hashlib.sha256(address.encode()).digest(), hmac.digest(b"", address.encode(), "sha256")):
        assert kept != plain


@pytest.mark.parametrize("body", ["{}", '{"name":"Eve"}', '{"name":"Eve","proof":"short"}', "not json"])
def test_a_request_that_is_no_guess_costs_no_hash_and_counts_as_none(place: Place, body: str) -> None:
    attacker = place.stranger("Eve")
    for _ in range(8):
        answer = attacker.http.post("/session", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
    assert place.tables() == [], "the room did not even make its tables"
    assert guess(attacker).status_code == 401


def test_the_wait_survives_eviction_and_restart(place: Place) -> None:
    attacker = place.stranger("Eve")
    for _ in range(4):
        guess(attacker)
    make_the_next_wait_the_longest(place)
    guess(attacker)
    sleep_until_evicted(place.member("Anna"))
    evicted = guess(attacker).json()["retry_after"]
    assert 0 < evicted <= LOGIN_WAIT_LONGEST_SECONDS - ASLEEP_AFTER_SECONDS + 1
    place.server.restart()
    restarted = guess(attacker).json()["retry_after"]
    assert 0 < restarted < evicted
    assert place.stranger("Bea").sign_in(PASSWORD).status_code == 201
