"""Bots stay outside: proofs of work and Turnstile answers through a running Worker, good and bad."""

import base64
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from access import challenge
from encoding import from_b64url
from limits import CHALLENGE_COST, CHALLENGE_COST_HARD, CHALLENGE_HARD_FAILURES, CHALLENGE_MS, ROOM_ATTACK_FAILURES
from tests.fakes import OpenSslCiphers
from tests.people import Person, solve
from tests.places import Place
from tests.server import MASTER_KEY, Server
from tests.siteverify import SECRET, SITE_KEY, Reply, Siteverify, failure, success

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def now_ms() -> int:
    return int(time.time() * 1_000)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "set-cookie" not in answer.headers


# --- proof of work ---


@pytest.fixture(scope="module")
def altcha_server() -> Iterator[Server]:
    running = Server.start(settings={"ROOM_NAMES": "*", "BOT_PROTECTION": "altcha"})
    yield running
    running.stop()


@pytest.fixture
def guarded(altcha_server: Server) -> Iterator[Place]:
    """A room that asks for a proof of work."""
    place = Place(altcha_server)
    yield place
    place.close()


def fetch(person: Person) -> dict[str, Any]:
    answer = person.http.get("/challenge")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_solved_challenge_lets_a_login_through_and_no_other_thing_does(guarded: Place) -> None:
    person = guarded.stranger("Anna")
    assert person.facts()["challenges"] == ["altcha"]
    for missing in (None, "", "x", "e30=", "ü", "A" * 5_000):
        refused(person.sign_in(altcha=missing), 403, "challenge_failed")
    assert guarded.tables() == [], "the room was not even asked"
    assert person.sign_in(altcha=solve(fetch(person))).status_code == 201


def altered(answer: str, **changes: Any) -> str:
    """An answer with some of its parts replaced, by name."""
    payload = json.loads(base64.b64decode(answer))
    for part in (payload["challenge"], payload["challenge"]["parameters"], payload["solution"]):
        part.update({name: value for name, value in changes.items() if name in part})
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_an_answer_that_was_tampered_with_is_worth_nothing(guarded: Place) -> None:
    person = guarded.stranger("Anna")
    answer = solve(fetch(person))
    counter = json.loads(base64.b64decode(answer))["solution"]["counter"]
    later = int(time.time()) + 3_600
    tampered: list[dict[str, Any]] = [
        {"counter": counter + 1},
        {"counter": 0, "derivedKey": "00" * 32},
        {"derivedKey": "00" * 32},
        {"cost": 1},
        {"keyPrefix": ""},
        {"expiresAt": later},
        {"signature": "0" * 64},
        {"nonce": "00" * 16},
        {"salt": "00" * 16},
        {"algorithm": "SHA-256"},
        {"data": {"purpose": "login", "room": guarded.room, "level": "hard"}},
    ]
    for changes in tampered:
        if altered(answer, **changes) != altered(answer):
            refused(person.sign_in(altcha=altered(answer, **changes)), 403, "challenge_failed")
    assert guarded.tables() == []
    assert person.sign_in(altcha=altered(answer)).status_code == 201, "in another spelling it is still the answer"


def test_an_answer_is_good_once_in_every_spelling_and_even_at_the_same_moment(guarded: Place) -> None:
    people = [guarded.stranger(f"Person {number}") for number in range(8)]
    answer = solve(fetch(people[0]))
    people[0].facts()
    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(lambda each: each.sign_in(altcha=answer).status_code, people))
    assert statuses == {201: 1, 403: 7}
    refused(guarded.stranger("Bea").sign_in(altcha=altered(answer, time=1)), 403, "challenge_failed")
    assert len(guarded.rows("SELECT 1 FROM used_challenges")) == 1


def test_an_answer_is_good_once_also_where_nobody_has_entered_and_from_other_addresses(guarded: Place) -> None:
    people = [guarded.stranger(f"Person {number}") for number in range(6)]
    answer = solve(fetch(people[0]))
    people[0].facts()
    with ThreadPoolExecutor(6) as pool:
        statuses = Counter(pool.map(lambda each: each.sign_in("wrong password", altcha=answer).status_code, people))
    assert statuses == {401: 1, 403: 5}
    assert guarded.tables() == []


def test_an_address_that_failed_often_has_to_work_harder_in_every_room(guarded: Place) -> None:
    eve = guarded.stranger("Eve")
    easy = solve(fetch(eve))
    for _ in range(CHALLENGE_HARD_FAILURES):
        assert eve.sign_in("wrong password").status_code == 401
    elsewhere = guarded.next_door()
    assert fetch(elsewhere.stranger("Eve", address=eve.address))["parameters"]["cost"] == CHALLENGE_COST_HARD
    assert fetch(elsewhere.stranger("Anna"))["parameters"]["cost"] == CHALLENGE_COST
    refused(eve.sign_in(altcha=easy), 403, "challenge_failed")
    assert eve.sign_in().status_code == 201
    assert fetch(eve)["parameters"]["cost"] == CHALLENGE_COST


def test_a_wrong_password_spends_the_answer_and_a_wait_does_not(guarded: Place) -> None:
    eve = guarded.stranger("Eve")
    answer = solve(fetch(eve))
    refused(eve.sign_in("wrong password", altcha=answer), 401, "wrong_password")
    refused(eve.sign_in(altcha=answer), 403, "challenge_failed")
    blocked = (now_ms(), now_ms() + 60_000)
    guesses = guarded.guesses(eve.address)
    guesses.change("UPDATE attempts SET window_started_at = ?, blocked_until = ?", *blocked)
    fresh = solve(fetch(eve))
    refused(eve.sign_in(altcha=fresh), 429, "too_many_attempts")
    guesses.change("UPDATE attempts SET blocked_until = 1")
    assert eve.sign_in(altcha=fresh).status_code == 201


def test_an_answer_for_another_room_is_not_for_this_one(guarded: Place) -> None:
    answer = solve(fetch(guarded.next_door().stranger()))
    refused(guarded.stranger("Anna").sign_in(altcha=answer), 403, "challenge_failed")


@pytest.mark.parametrize(("age_ms", "status"), [(CHALLENGE_MS - 60_000, 201), (CHALLENGE_MS, 403)])
async def test_an_answer_is_good_for_ten_minutes(guarded: Place, age_ms: int, status: int) -> None:
    """Signed with the room's real key, as the Worker would have done it so long ago."""
    key = await challenge.signing_key(from_b64url(MASTER_KEY), guarded.room, OpenSslCiphers())
    asked = challenge.issue(room=guarded.room, key=key, now_ms=now_ms() - age_ms, hard=False)
    assert guarded.stranger("Anna").sign_in(altcha=solve(asked)).status_code == status


async def test_an_answer_signed_with_another_master_key_is_refused(guarded: Place) -> None:
    key = await challenge.signing_key(bytes(32), guarded.room, OpenSslCiphers())
    asked = challenge.issue(room=guarded.room, key=key, now_ms=now_ms(), hard=False)
    refused(guarded.stranger("Anna").sign_in(altcha=solve(asked)), 403, "challenge_failed")


def test_a_room_under_attack_asks_everybody_for_more_work_and_locks_nobody_out(guarded: Place) -> None:
    eve, anna = guarded.stranger("Eve"), guarded.stranger("Anna")
    easy = solve(fetch(anna))
    assert guarded.stranger("Bea").sign_in().status_code == 201
    assert eve.sign_in("wrong password").status_code == 401
    guarded.change("UPDATE attempts SET failures = ? WHERE address = x''", ROOM_ATTACK_FAILURES - 1)
    assert fetch(anna)["parameters"]["cost"] == CHALLENGE_COST
    assert eve.sign_in("wrong password").status_code == 401, "the fiftieth failure of the hour"
    assert fetch(anna)["parameters"]["cost"] == CHALLENGE_COST_HARD
    refused(anna.sign_in(altcha=easy), 403, "challenge_failed")
    assert anna.sign_in().status_code == 201
    guarded.change("UPDATE attempts SET window_started_at = window_started_at - 3600000 WHERE address = x''")
    assert fetch(anna)["parameters"]["cost"] == CHALLENGE_COST, "an hour later"


def test_without_a_proof_of_work_there_is_no_challenge_to_fetch(place: Place) -> None:
    stranger = place.stranger("Anna")
    assert stranger.facts()["challenges"] == []
    refused(stranger.http.get("/challenge"), 404, "not_found")
    assert stranger.sign_in().status_code == 201


# --- Turnstile ---


@pytest.fixture
def watched(turnstile_server: Server, siteverify: Siteverify) -> Iterator[Place]:
    """A room that asks for a Turnstile answer."""
    siteverify.asked.clear()
    siteverify.replies.clear()
    place = Place(turnstile_server)
    yield place
    place.close()


def test_a_good_answer_lets_a_login_through_and_siteverify_is_asked_as_documented(
    watched: Place, siteverify: Siteverify
) -> None:
    anna = watched.stranger("Anna", address="203.0.113.77")
    facts = anna.facts()
    assert (facts["challenges"], facts["turnstile_site_key"]) == (["turnstile"], SITE_KEY)
    assert anna.sign_in(turnstile="good-1").status_code == 201
    (asked,) = siteverify.asked
    assert UUID.fullmatch(asked.pop("idempotency_key"))
    assert asked == {
        "secret": SECRET,
        "response": "good-1",
        "remoteip": "203.0.113.77",
        "path": "/turnstile/v0/siteverify",
    }


@pytest.mark.parametrize("answer", [None, "", "x" * 2_049, "é"], ids=["none", "empty", "long", "not ASCII"])
def test_what_can_be_no_answer_is_refused_without_asking(
    watched: Place, siteverify: Siteverify, answer: str | None
) -> None:
    refusal = watched.stranger("Anna").sign_in(turnstile=answer)
    assert refusal.json()["code"] in ("challenge_failed", "malformed")
    assert siteverify.asked == []
    assert watched.tables() == []


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (failure("missing-input-response"), 403, "challenge_failed"),
        (failure("invalid-input-response"), 403, "challenge_failed"),
        (failure("timeout-or-duplicate"), 403, "challenge_failed"),
        (failure("bad-request"), 403, "challenge_failed"),
        (failure("a-code-of-next-year"), 403, "challenge_failed"),
        (failure(), 403, "challenge_failed"),
        (failure("missing-input-secret"), 500, "misconfigured"),
        (failure("invalid-input-secret"), 500, "misconfigured"),
        (success(hostname="evil.example"), 403, "challenge_failed"),
        (success(hostname=None), 403, "challenge_failed"),
        (success(action="signup"), 403, "challenge_failed"),
        (success(action=None), 403, "challenge_failed"),
        (success(success="true"), 503, "challenge_unavailable"),
        (success(success=1), 503, "challenge_unavailable"),
        (success(success=None), 503, "challenge_unavailable"),
        (Reply("[]"), 503, "challenge_unavailable"),
        (Reply(""), 503, "challenge_unavailable"),
        (Reply("<html>Bad gateway</html>", status=502), 503, "challenge_unavailable"),
        (Reply('{"success": tru'), 503, "challenge_unavailable"),
        (Reply("[" * 50_000), 503, "challenge_unavailable"),
        (Reply("", status=302), 503, "challenge_unavailable"),
    ],
    ids=[
        "missing response",
        "invalid response",
        "spent",
        "bad request",
        "unknown code",
        "no code",
        "missing secret",
        "invalid secret",
        "other host",
        "no host",
        "other action",
        "no action",
        "success as text",
        "success as number",
        "no success",
        "list",
        "empty",
        "bad gateway",
        "cut off",
        "deep",
        "redirect",
    ],
)
def test_whatever_is_no_clear_yes_keeps_people_out(
    watched: Place, siteverify: Siteverify, reply: Reply, status: int, code: str
) -> None:
    siteverify.replies.append(reply)
    answer = watched.stranger("Anna").sign_in(turnstile="good-token")
    refused(answer, status, code)
    assert SECRET not in answer.text + watched.server.log()
    assert watched.tables() == [], "the room was not even asked"


def test_an_internal_error_is_asked_about_once_more_with_the_same_idempotency_key(
    watched: Place, siteverify: Siteverify
) -> None:
    siteverify.replies.append(failure("internal-error"))
    assert watched.stranger("Anna").sign_in(turnstile="good-after-all").status_code == 201
    first, second = siteverify.asked
    assert first == second
    siteverify.replies += [failure("internal-error"), failure("internal-error")]
    refused(watched.stranger("Bea").sign_in(turnstile="good-never"), 503, "challenge_unavailable")
    assert len(siteverify.asked) == 4


@pytest.mark.parametrize(
    "slow", [Reply(success().body, wait=600), Reply(success().body, drip=True)], ids=["head", "body"]
)
def test_a_slow_answer_is_none(watched: Place, siteverify: Siteverify, slow: Reply) -> None:
    siteverify.replies.append(slow)
    anna = watched.stranger("Anna")
    anna.facts()
    asked_at = time.monotonic()
    refused(anna.sign_in(turnstile="good-but-slow"), 503, "challenge_unavailable")
    assert time.monotonic() - asked_at > 4.9, "it has its five seconds"


def test_nobody_is_let_in_while_turnstile_cannot_be_reached(watched: Place, siteverify: Siteverify) -> None:
    with siteverify.gone():
        refused(watched.stranger("Anna").sign_in(turnstile="good-2"), 503, "challenge_unavailable")
    assert watched.stranger("Anna").sign_in(turnstile="good-2").status_code == 201


def test_an_answer_is_accepted_once_even_if_siteverify_forgets(watched: Place, siteverify: Siteverify) -> None:
    people = [watched.stranger(f"Person {number}") for number in range(6)]
    people[0].facts()
    siteverify.replies += [success()] * 12
    with ThreadPoolExecutor(6) as pool:
        statuses = Counter(pool.map(lambda each: each.sign_in(turnstile="good-often").status_code, people))
    assert statuses == {201: 1, 403: 5}


def test_siteverify_itself_knows_a_spent_answer(watched: Place, siteverify: Siteverify) -> None:
    """The same answer in another room of the installation, which has a memory of its own."""
    assert watched.stranger("Anna").sign_in(turnstile="good-3").status_code == 201
    refused(watched.next_door().stranger("Anna").sign_in(turnstile="good-3"), 403, "challenge_failed")


def test_both_means_both(siteverify: Siteverify, start_server: Any) -> None:
    keys = {"TURNSTILE_SITE_KEY": SITE_KEY, "TURNSTILE_SECRET_KEY": SECRET, "TURNSTILE_VERIFY_URL": siteverify.url}
    place = Place(start_server(settings={"BOT_PROTECTION": "both", **keys}), "main")
    siteverify.asked.clear()
    anna = place.stranger("Anna")
    assert anna.facts()["challenges"] == ["altcha", "turnstile"]
    refused(anna.sign_in(altcha=None, turnstile="good-4"), 403, "challenge_failed")
    assert siteverify.asked == [], "the cheap check comes first"
    refused(anna.sign_in(), 403, "challenge_failed")
    refused(anna.sign_in(turnstile="bad"), 403, "challenge_failed")
    assert place.tables() == []
    assert anna.sign_in(turnstile="good-5").status_code == 201
    place.close()
