"""Guessing the password of a running room: how many guesses reach the slow hash, exactly, and who still gets in.

A guess that reached the hash was answered 401; one that did not, 429. Addresses are told apart by CF-Connecting-IP,
which the platform sets in production and a test sets here.
"""

import hashlib
import hmac
import ipaddress
import secrets
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import median

import httpx
import pytest

from access.vacancies import JOINED
from encoding import b64url
from limits import LOGIN_WAIT_LONGEST_SECONDS, ROOM_ATTACK_FAILURES
from tests.people import Person
from tests.places import Place, Stored, fresh_address
from tests.server import PASSWORD
from tests.worker.gathering import ASLEEP_AFTER_SECONDS, sleep_until_evicted, until

WHOLE_ROOM = OWN = b""


def guess(person: Person) -> httpx.Response:
    """A login with a random proof: what a guesser sends who need not even stretch."""
    return person.http.post("/session", json={"name": "Eve", "proof": b64url(secrets.token_bytes(32))})


def guess_at_once(people: list[Person]) -> Counter[int]:
    """All of them guess, many at a time; the statuses."""
    with ThreadPoolExecutor(32) as pool:
        return Counter(answer.status_code for answer in pool.map(guess, people))


def failures(attacker: Person, place: Place) -> int:
    """How many failed logins the object of an address remembers."""
    counts = dict(place.guesses(attacker.address).rows("SELECT address, failures FROM attempts"))
    return int(counts.get(OWN, 0))


def failures_of_the_room(place: Place) -> int:
    """How many the room has counted, wherever they came from."""
    ((count,),) = place.rows("SELECT failures FROM attempts WHERE address = ?", WHOLE_ROOM)
    return int(count)


def let_the_wait_pass(attacker: Person, place: Place) -> None:
    place.guesses(attacker.address).change("UPDATE attempts SET blocked_until = 1 WHERE blocked_until > 0")


def make_the_next_wait_the_longest(attacker: Person, place: Place) -> None:
    """A quarter of an hour, which no test outlasts."""
    place.guesses(attacker.address).change("UPDATE attempts SET blocks = 5 WHERE address = ?", OWN)


def test_of_200_wrong_guesses_from_one_address_five_reach_the_hash(place: Place) -> None:
    attacker = place.stranger("Eve")
    assert place.stranger("Anna").sign_in().status_code == 201
    assert guess(attacker).status_code == 401
    make_the_next_wait_the_longest(attacker, place)
    assert guess_at_once([attacker] * 199) == {401: 4, 429: 195}
    assert (failures(attacker, place), failures_of_the_room(place)) == (5, 5)
    assert place.stranger("Bea").sign_in().status_code == 201, "everybody else gets in"
    assert attacker.sign_in().status_code == 429, "not even the right password while the address has to wait"
    let_the_wait_pass(attacker, place)
    assert attacker.sign_in().status_code == 201
    assert failures(attacker, place) == 0, "a success clears the address's count"


def test_of_200_wrong_guesses_from_50_addresses_each_address_gets_its_five_and_no_more(place: Place) -> None:
    attackers = [place.stranger("Eve") for _ in range(50)]
    assert place.stranger("Anna").sign_in().status_code == 201
    assert guess_at_once(attackers * 4) == {401: 200}
    assert failures_of_the_room(place) == 200
    assert guess_at_once(attackers * 2) == {401: 50, 429: 50}
    assert failures_of_the_room(place) == 250 >= ROOM_ATTACK_FAILURES
    assert [failures(each, place) for each in attackers] == [5] * 50
    assert place.stranger("Cora").sign_in().status_code == 201, "a room under attack locks no member out"
    fumbling = place.stranger("Bea")
    assert [fumbling.sign_in("mistyped").status_code for _ in range(4)] == [401] * 4
    assert fumbling.sign_in().status_code == 201


def test_the_wait_grows_from_30_seconds_to_15_minutes_and_no_further(place: Place) -> None:
    attacker = place.stranger("Eve")
    assert [guess(attacker).status_code for _ in range(5)] == [401] * 5
    waits = []
    for _ in range(8):
        waits += place.guesses(attacker.address).rows(
            "SELECT (blocked_until - window_started_at) / 1000 FROM attempts WHERE blocked_until > 0"
        )
        answer = guess(attacker)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (429, "too_many_attempts")
        assert answer.headers["retry-after"] == str(problem["retry_after"])
        assert 0 < problem["retry_after"] <= waits[-1][0]
        let_the_wait_pass(attacker, place)
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
    place.guesses(attacker.address).change("UPDATE attempts SET window_started_at = window_started_at - ?", 15 * 60_000)
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


def test_more_rooms_are_no_more_guesses(place: Place) -> None:
    """All rooms of the installation share what an address may try, those that people use and those that nobody does."""
    used = place.next_door()
    assert used.stranger("Anna").sign_in().status_code == 201
    address = fresh_address()
    rooms = [place, used, *[place.next_door() for _ in range(5)]]
    statuses = [guess(room.stranger("Eve", address=address)).status_code for room in rooms]
    assert statuses == [401] * 5 + [429] * 2
    waits = [guess(room.stranger("Eve", address=address)).json()["retry_after"] for room in rooms]
    assert max(waits) - min(waits) <= 30, "one wait, which is counted down"
    assert used.stranger("Eve", address=address).sign_in().status_code == 429
    assert used.stranger("Bea").sign_in().status_code == 201


def test_guesses_at_many_rooms_at_once_see_each_other(place: Place) -> None:
    address = fresh_address()
    everywhere = [place.next_door().stranger("Eve", address=address) for _ in range(30)]
    assert guess_at_once(everywhere) == {401: 5, 429: 25}


def test_a_wrong_guess_at_a_room_that_nobody_has_entered_leaves_nothing_there(place: Place) -> None:
    used = place.next_door()
    assert used.stranger("Anna").sign_in().status_code == 201
    assert [guess(place.stranger("Eve")).status_code for _ in range(3)] == [401] * 3
    assert place.tables() == []
    with closing(sqlite3.connect(f"{place.file.with_name('metadata.sqlite').as_uri()}?mode=ro", uri=True)) as index:
        rings = {name for (name,) in index.execute("SELECT actor_id FROM _cf_ALARM")}
    assert used.file.stem in rings
    assert place.file.stem not in rings
    assert place.stranger("Bea").sign_in().status_code == 201, "the right password opens it all the same"


def test_how_long_a_refusal_takes_does_not_tell_which_rooms_are_used(place: Place) -> None:
    used = place.next_door()
    assert used.stranger("Anna").sign_in().status_code == 201

    def seconds(room: Place) -> float:
        attacker = room.stranger("Eve")
        began_at = time.monotonic()
        assert guess(attacker).status_code == 401
        return time.monotonic() - began_at

    pairs = [(seconds(used), seconds(place.next_door())) for _ in range(7)]
    ratio = median(unused for _, unused in pairs) / median(known for known, _ in pairs)
    assert 0.5 < ratio < 2, pairs


def test_what_an_address_leaves_is_gone_when_it_says_nothing_any_more(place: Place) -> None:
    attacker = place.stranger("Eve")
    guess(attacker)
    stored = place.guesses(attacker.address)
    assert set(stored.tables()) == {"attempts", "used_challenges", "schema_version"}
    place.server.restart()  # it must not have the alarm's time in memory
    stored.change("UPDATE attempts SET window_started_at = window_started_at - ?", 15 * 60_000)
    stored.change("UPDATE _cf_METADATA SET value = value - ? WHERE key = 1", 15 * 60_000 * 1_000_000)
    with closing(sqlite3.connect(stored.file.with_name("metadata.sqlite"))) as index, index:
        index.execute(
            "UPDATE _cf_ALARM SET scheduled_time = scheduled_time - ? WHERE actor_id = ?",
            (15 * 60_000 * 1_000_000, stored.file.stem),
        )
    place.server.restart()
    until(lambda: stored.tables() == [])


def test_the_counts_hold_no_address_and_nothing_that_trying_all_of_them_would_reveal(place: Place) -> None:
    address = fresh_address()
    place.member("Anna")
    guess(place.stranger("Eve", address=address))
    stored = place.guesses(address)
    names = [stored.file.stem.encode(), *(b64url(digest).encode() for digest in _plain_digests(address))]
    for bytes_ in (stored.stored_bytes(), place.stored_bytes()):
        assert address.encode() not in bytes_
        assert not any(digest in bytes_ for digest in _plain_digests(address))
    assert not {Stored(place.server, "Guesses", name.decode()).file for name in names} & {stored.file}
    counted = [each for (each,) in place.rows("SELECT address FROM attempts")]
    assert sorted(map(len, counted)) == [0, len(JOINED) + 32], "the room's own count, and who came from Anna's address"
    assert not any(digest in each for digest in _plain_digests(address) for each in counted)


def _plain_digests(address: str) -> list[bytes]:
    return [hashlib.sha256(address.encode()).digest(), hmac.digest(b"", address.encode(), "sha256")]


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
    make_the_next_wait_the_longest(attacker, place)
    guess(attacker)
    sleep_until_evicted(place.member("Anna"))
    evicted = guess(attacker).json()["retry_after"]
    assert 0 < evicted <= LOGIN_WAIT_LONGEST_SECONDS - ASLEEP_AFTER_SECONDS + 1
    place.server.restart()
    restarted = guess(attacker).json()["retry_after"]
    assert 0 < restarted < evicted
    assert place.stranger("Bea").sign_in(PASSWORD).status_code == 201
