"""access/challenge.py: proofs of work, solved here with the solver of the altcha package."""

import base64
import copy
import hashlib
import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from access import challenge
from access.challenge import Accepted, issue, signing_key, verify
from errors import ChallengeFailed
from limits import CHALLENGE_COST, CHALLENGE_COST_HARD, CHALLENGE_MS, MAX_CHALLENGE_ANSWER_CHARACTERS
from sealing.keyring import Keyring
from tests.fakes import MemoryKeyStore, OpenSslCiphers
from tools.paths import NODE_MODULES, node

KEY = bytes(range(32))
CIPHERS = OpenSslCiphers()
# The library asks the clock itself: a day ahead, so that the tests may run long after this file was read.
NOW = int(time.time() * 1_000) + 86_400_000
# The widget's worker thinks it is in a browser: `self` is where it listens and answers.
RUN_WORKER = """
globalThis.self = globalThis
globalThis.postMessage = (solution) => console.log(JSON.stringify(solution))
await import(process.argv[1])
self.onmessage({ data: { type: "work", challenge: JSON.parse(process.argv[2]), counterStart: 0, counterStep: 1 } })
"""
QUICK = 10  # iterations of one try, where it is not the work that is tested


@pytest.fixture(autouse=True)
def quick_work(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "real_work" not in request.fixturenames:
        monkeypatch.setattr(challenge, "CHALLENGE_COST", QUICK)
        monkeypatch.setattr(challenge, "CHALLENGE_COST_HARD", 2 * QUICK)


@pytest.fixture
def real_work() -> None:
    """The test does as much work as a browser would."""


def fresh(*, room: str = "main", key: bytes = KEY, now_ms: int = NOW, hard: bool = False) -> dict[str, Any]:
    # By way of JSON, as a client gets it.
    made: dict[str, Any] = json.loads(json.dumps(issue(room=room, key=key, now_ms=now_ms, hard=hard)))
    return made


def solve(given: dict[str, Any]) -> dict[str, Any]:
    asked = Challenge.from_dict(given)
    solution = solve_challenge(asked)
    assert solution is not None
    answer: dict[str, Any] = json.loads(base64.b64decode(Payload(asked, solution).to_base64()))
    return answer


def solve_as_widget(given: dict[str, Any]) -> Any:
    worker = NODE_MODULES / "altcha" / "dist" / "workers" / "pbkdf2.js"
    command = [str(node()), "--input-type=module", "--eval", RUN_WORKER, str(worker), json.dumps(given)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(run.stdout)


def encode(answer: Any) -> str:
    return base64.b64encode(json.dumps(answer).encode()).decode()


async def check(
    answer: str, *, room: str = "main", key: bytes = KEY, now_ms: int = NOW, hard: bool = False
) -> Accepted:
    return await verify(answer, room=room, key=key, ciphers=CIPHERS, now_ms=now_ms, hard=hard)


@pytest.mark.usefixtures("real_work")
async def test_a_client_with_the_altcha_package_gets_in() -> None:
    given = fresh()
    assert given["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert given["parameters"]["cost"] == CHALLENGE_COST
    accepted = await check(encode(solve(given)))
    assert not accepted.hard
    assert NOW < accepted.expires_at <= NOW + CHALLENGE_MS


@pytest.mark.usefixtures("real_work")
async def test_the_worker_of_the_altcha_widget_solves_it() -> None:
    given = fresh()
    await check(encode({"challenge": given, "solution": solve_as_widget(given)}))


@pytest.mark.usefixtures("real_work")
def test_a_hard_challenge_is_four_times_the_work() -> None:
    assert fresh(hard=True)["parameters"]["cost"] == CHALLENGE_COST_HARD == 4 * CHALLENGE_COST


async def test_a_hard_answer_opens_both_doors_and_a_normal_one_only_its_own() -> None:
    normal, hard = encode(solve(fresh())), encode(solve(fresh(hard=True)))
    assert (await check(hard, hard=True)).hard
    assert (await check(hard)).hard
    with pytest.raises(ChallengeFailed, match="more work"):
        await check(normal, hard=True)


async def test_a_repeated_answer_has_the_same_digest_however_it_is_written() -> None:
    answer = solve(fresh())
    digest = (await check(encode(answer))).digest
    longer = {**answer, "more": 1, "solution": {**answer["solution"], "time": 1}}
    other_spelling = base64.b64encode(json.dumps(longer, indent=1).encode()).decode()
    assert (await check(other_spelling)).digest == digest
    assert len(digest) == 32
    assert (await check(encode(solve(fresh())))).digest != digest


async def test_the_entry_point_checks_with_the_key_that_the_room_signs_with() -> None:
    room = Keyring("main", KEY, None, CIPHERS, MemoryKeyStore())
    signed_with = await room.derive("challenge")
    assert await signing_key(KEY, "main", CIPHERS) == signed_with
    assert await signing_key(KEY, "team", CIPHERS) != signed_with


async def test_an_answer_opens_no_other_room() -> None:
    answer = encode(solve(fresh()))
    with pytest.raises(ChallengeFailed):
        await check(answer, room="team")


async def test_a_challenge_of_another_installation_is_not_ours() -> None:
    answer = encode(solve(fresh(key=bytes(32))))
    with pytest.raises(ChallengeFailed):
        await check(answer)


@pytest.mark.parametrize(("later_ms", "good"), [(-1, True), (0, False), (1, False)])
async def test_an_answer_expires(later_ms: int, good: bool) -> None:
    given = fresh()
    expires_at = given["parameters"]["expiresAt"] * 1_000
    answer = encode(solve(given))
    if good:
        await check(answer, now_ms=expires_at + later_ms)
    else:
        with pytest.raises(ChallengeFailed):
            await check(answer, now_ms=expires_at + later_ms)


async def test_an_answer_that_is_stale_by_the_clock_of_the_library_is_refused_too() -> None:
    answer = encode(solve(fresh(now_ms=int(time.time() * 1_000) - CHALLENGE_MS - 5_000)))
    with pytest.raises(ChallengeFailed):
        await check(answer, now_ms=0)


Damage = Callable[[dict[str, Any]], object]


def change(*path: str, to: Any) -> Damage:
    def damage(answer: dict[str, Any]) -> None:
        target = answer
        for name in path[:-1]:
            target = target[name]
        if to is None:
            del target[path[-1]]
        else:
            target[path[-1]] = to

    return damage


PARAMETERS = ("challenge", "parameters")
DAMAGES = {
    "less work": change(*PARAMETERS, "cost", to=1),
    "more work": change(*PARAMETERS, "cost", to=10**9),
    "no prefix": change(*PARAMETERS, "keyPrefix", to=""),
    "another prefix": change(*PARAMETERS, "keyPrefix", to="01"),
    "a prefix in capitals that is no hex": change(*PARAMETERS, "keyPrefix", to="ZZ"),
    "a cheaper algorithm": change(*PARAMETERS, "algorithm", to="SHA-256"),
    "an unknown algorithm": change(*PARAMETERS, "algorithm", to="ROT13"),
    "a later expiry": change(*PARAMETERS, "expiresAt", to=2**40),
    "no expiry": change(*PARAMETERS, "expiresAt", to=None),
    "an expiry that is text": change(*PARAMETERS, "expiresAt", to="never"),
    "an endless expiry": change(*PARAMETERS, "expiresAt", to=float("inf")),
    "another nonce": change(*PARAMETERS, "nonce", to="00" * 16),
    "a nonce that is no hex": change(*PARAMETERS, "nonce", to="xyz"),
    "another salt": change(*PARAMETERS, "salt", to="00" * 16),
    "a key signature of one's own": change(*PARAMETERS, "keySignature", to="00" * 32),
    "a shorter key": change(*PARAMETERS, "keyLength", to=1),
    "another room": change(*PARAMETERS, "data", "room", to="team"),
    "another level": change(*PARAMETERS, "data", "level", to="hard"),
    "another purpose": change(*PARAMETERS, "data", "purpose", to="vote"),
    "no data": change(*PARAMETERS, "data", to=None),
    "data that is a list": change(*PARAMETERS, "data", to=[]),
    "data with a prototype": change(*PARAMETERS, "data", "__proto__", to={}),
    "no signature": change("challenge", "signature", to=None),
    "an empty signature": change("challenge", "signature", to=""),
    "another signature": change("challenge", "signature", to="00" * 32),
    "a signature that is a number": change("challenge", "signature", to=1),
    "a counter of text": change("solution", "counter", to="1"),
    "a counter below zero": change("solution", "counter", to=-1),
    "a counter over 32 bits": change("solution", "counter", to=2**32),
    "a counter that is true": change("solution", "counter", to=True),
    "a fraction of a counter": change("solution", "counter", to=1.5),
    "another counter": change("solution", "counter", to=2**31),
    "another key": change("solution", "derivedKey", to="00" * 32),
    "a key that is a list": change("solution", "derivedKey", to=[1]),
    "a key with lone surrogates": change("solution", "derivedKey", to="\ud800"),
    "no key": change("solution", "derivedKey", to=None),
    "no solution": change("solution", to=None),
    "a solution of text": change("solution", to="yes"),
    "no challenge": change("challenge", to=None),
    "a challenge that is a list": change("challenge", to=[1]),
    "parameters of text": change(*PARAMETERS, to="x"),
    "parameters that are a list": change(*PARAMETERS, to=["algorithm"]),
}


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(challenge, "CHALLENGE_COST", QUICK)
        return solve(fresh())


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_a_changed_answer_is_refused(solved: dict[str, Any], damage: Damage) -> None:
    answer = copy.deepcopy(solved)
    damage(answer)
    with pytest.raises(ChallengeFailed):
        await check(encode(answer))


async def test_the_answer_that_was_damaged_above_is_good(solved: dict[str, Any]) -> None:
    await check(encode(solved))


GARBAGE = {
    "nothing": "",
    "no base64": "!!!",
    "base64 of no JSON": base64.b64encode(b"{").decode(),
    "base64 of no UTF-8": base64.b64encode(b"\xff\xfe\x00").decode(),
    "base64url": base64.urlsafe_b64encode(b'{"a":"\xc3\xbf\xc3\xbf"}').decode() + "_-",
    "null": encode(None),
    "a number": encode(1),
    "a list": encode([]),
    "a text": encode("challenge"),
    "an empty object": encode({}),
    "Cyrillic": "привет",
    "a lone surrogate": "\ud800",
    "deep nesting": base64.b64encode(b"[" * 2_900).decode(),
    "a huge number": base64.b64encode(b'{"challenge":' + b"9" * 2_900 + b"}").decode(),
    "not a number": base64.b64encode(b'{"challenge":NaN,"solution":Infinity}').decode(),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_refused_like_a_wrong_answer(answer: str) -> None:
    with pytest.raises(ChallengeFailed):
        await check(answer)


@pytest.mark.parametrize("more", [-1, 0, 1])
async def test_an_answer_over_the_limit_is_not_looked_at(solved: dict[str, Any], more: int) -> None:
    answer = json.dumps(solved)
    padding = (MAX_CHALLENGE_ANSWER_CHARACTERS // 4 + more) * 3 - len(answer)
    long = base64.b64encode((answer + " " * padding).encode()).decode()
    assert len(long) == MAX_CHALLENGE_ANSWER_CHARACTERS + 4 * more
    if more <= 0:
        await check(long)
    else:
        with pytest.raises(ChallengeFailed, match="too long"):
            await check(long)


async def test_who_follows_the_contract_to_the_letter_gets_in() -> None:
    asked = fresh()
    parameters = asked["parameters"]
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    cost, length = parameters["cost"], parameters["keyLength"]
    counter, derived = -1, ""
    while not derived.startswith(parameters["keyPrefix"]):
        counter += 1
        derived = hashlib.pbkdf2_hmac("sha256", nonce + counter.to_bytes(4, "big"), salt, cost, length).hex()
    answer = {"challenge": asked, "solution": {"counter": counter, "derivedKey": derived}}
    accepted = await check(base64.b64encode(json.dumps(answer).encode()).decode())
    assert accepted.expires_at == parameters["expiresAt"] * 1_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
NAMES = ("algorithm", "nonce", "salt", "cost", "keyLength", "keyPrefix", "keySignature", "expiresAt", "data")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()))
async def test_any_text_is_refused_and_raises_nothing_else(answer: str) -> None:
    with pytest.raises(ChallengeFailed):
        await check(answer)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON)), JSON, JSON, JSON)
async def test_any_json_is_refused_and_raises_nothing_else(
    parameters: dict[str, Any], signature: Any, counter: Any, derived: Any
) -> None:
    made = {"parameters": parameters, "signature": signature}
    with pytest.raises(ChallengeFailed):
        await check(encode({"challenge": made, "solution": {"counter": counter, "derivedKey": derived}}))
