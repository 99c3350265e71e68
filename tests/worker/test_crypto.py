"""crypto.py in workerd against the package `cryptography`: what one seals the other opens, bytes for bytes.

A Worker of the tests' own (probe/) calls the chat's modules, so the chat needs no route for it.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import altcha
import httpx
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from encoding import from_b64url
from limits import KEYS_KEPT_IMPORTED, PBKDF2_MAX_ITERATIONS
from sealing.keyring import DataKey, Header, Keyring, Sealed
from tests.devices import ALGORITHMS, Device
from tests.fakes import MemoryKeyStore, OpenSslCiphers, private_key, public_bytes
from tests.server import Server
from tools.paths import PYTHON_MODULES, ROOT

MASTER = bytes(range(32))
NOON = 1_800_000_000_000
VECTORS = json.loads((ROOT / "tests" / "vectors" / "login_proof.json").read_text(encoding="utf-8"))
SIZES = [0, 1, 15, 16, 17, 4_000, 65_536]


class Probe:
    """The chat's modules, running in workerd."""

    def __init__(self, url: str) -> None:
        self._url = url

    def call(self, name: str, **given: Any) -> Any:
        answer = httpx.post(self._url, json={"call": name, "given": given}, timeout=60.0)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    folder = tmp_path_factory.mktemp("probe")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).parent / "probe" / "main.py", folder / "src")
    shutil.copy(Path(__file__).parent / "probe" / "wrangler.toml", folder)
    (folder / "python_modules").symlink_to(PYTHON_MODULES)
    running = Server.start(config=folder / "wrangler.toml")
    yield Probe(running.url)
    running.stop()


def items_of(sizes: list[int]) -> list[tuple[bytes, bytes, bytes]]:
    return [(os.urandom(12), os.urandom(size), b"context %d" % size) for size in sizes]


def as_hex(items: list[tuple[bytes, bytes, bytes]]) -> list[list[str]]:
    return [[part.hex() for part in item] for item in items]


def test_what_the_worker_seals_openssl_opens(probe: Probe) -> None:
    key, items = os.urandom(32), items_of(SIZES)
    (batch,) = probe.call("seal", key=key.hex(), items=as_hex(items))
    for (nonce, text, context), sealed in zip(items, batch, strict=True):
        assert AESGCM(key).decrypt(nonce, bytes.fromhex(sealed), context) == text


def test_what_openssl_seals_the_worker_opens(probe: Probe) -> None:
    key, items = os.urandom(32), items_of(SIZES)
    sealed = [(nonce, AESGCM(key).encrypt(nonce, text, context), context) for nonce, text, context in items]
    (batch,) = probe.call("open_sealed", key=key.hex(), items=as_hex(sealed))
    assert [bytes.fromhex(text) for text in batch] == [text for _, text, _ in items]


def test_what_does_not_authenticate_is_none_and_the_rest_of_the_batch_opens(probe: Probe) -> None:
    key, (nonce, text, context) = os.urandom(32), items_of([40])[0]
    good = AESGCM(key).encrypt(nonce, text, context)
    damaged = [
        (nonce, good[:-1] + bytes([good[-1] ^ 1]), context),
        (nonce, bytes([good[0] ^ 1]) + good[1:], context),
        (nonce, good, context + b"x"),
        (nonce, good, b""),
        (os.urandom(12), good, context),
        (nonce, good[:-1], context),
        (nonce, good[:15], context),
        (nonce, b"", context),
    ]
    (batch,) = probe.call(
        "open_sealed", key=key.hex(), items=as_hex([(nonce, good, context), *damaged, (nonce, good, context)])
    )
    assert batch == [text.hex(), *[None] * len(damaged), text.hex()]
    for each in damaged:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(*each)


def test_an_empty_batch_is_an_empty_answer(probe: Probe) -> None:
    assert probe.call("seal", key=bytes(32).hex(), items=[]) == [[]]
    assert probe.call("open_sealed", key=bytes(32).hex(), items=[]) == [[]]


def test_a_thousand_texts_in_one_batch_keep_their_order(probe: Probe) -> None:
    key, items = os.urandom(32), [(os.urandom(12), b"%d" % number, b"") for number in range(1_000)]
    first, second = probe.call("seal", key=key.hex(), items=as_hex(items), times=2)
    assert first == second, "the imported key is used again"
    opened = [
        AESGCM(key).decrypt(nonce, bytes.fromhex(sealed), b"")
        for (nonce, _, _), sealed in zip(items, first, strict=True)
    ]
    assert opened == [text for _, text, _ in items]


def test_more_keys_than_are_kept_work_all_the_same(probe: Probe) -> None:
    count = KEYS_KEPT_IMPORTED + 5
    assert probe.call("many_keys", count=count) == {"kept": KEYS_KEPT_IMPORTED, "opened": count}


@pytest.mark.parametrize("iterations", [1, 1_000, PBKDF2_MAX_ITERATIONS - 1, PBKDF2_MAX_ITERATIONS])
async def test_pbkdf2_agrees(probe: Probe, iterations: int) -> None:
    password, salt = os.urandom(24), os.urandom(17)
    derived = probe.call("pbkdf2", password=password.hex(), salt=salt.hex(), iterations=iterations, length=32)
    assert bytes.fromhex(derived) == await OpenSslCiphers().pbkdf2(password, salt, iterations, 32)


def test_more_iterations_than_production_allows_are_refused_here_too(probe: Probe) -> None:
    too_many = PBKDF2_MAX_ITERATIONS + 1
    assert probe.call("pbkdf2", password="00", salt="00", iterations=too_many, length=32) == "ValueError"


@pytest.mark.parametrize(
    ("salt", "info", "length"), [(b"", b"", 32), (b"salt", b"info", 16), (bytes(100), b"i" * 99, 64)]
)
async def test_hkdf_agrees(probe: Probe, salt: bytes, info: bytes, length: int) -> None:
    secret = os.urandom(32)
    derived = probe.call("hkdf", ikm=secret.hex(), salt=salt.hex(), info=info.hex(), length=length)
    assert bytes.fromhex(derived) == await OpenSslCiphers().hkdf(secret, salt=salt, info=info, length=length)


def test_a_secret_is_shared_with_the_owner_of_a_public_key_and_never_the_same_twice(probe: Probe) -> None:
    peer = ec.generate_private_key(ec.SECP256R1())
    agreed = [probe.call("agree", public=public_bytes(peer).hex()) for _ in range(3)]
    for own, secret in agreed:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(own))
        assert peer.exchange(ec.ECDH(), theirs).hex() == secret
    assert len({own for own, _ in agreed}) == len({secret for _, secret in agreed}) == 3


@pytest.mark.parametrize(
    "public", [b"", bytes(65), b"\x04" + bytes(63) + b"\x01", b"\x04" + b"\xff" * 64, b"\x02" + b"\xff" * 32]
)
def test_what_is_no_point_of_the_curve_shares_no_secret(probe: Probe, public: bytes) -> None:
    assert probe.call("agree", public=public.hex()) is None


@pytest.mark.parametrize("size", [0, 1, 3_994])
def test_a_text_sealed_once_opens_with_openssl(probe: Probe, size: int) -> None:
    key, nonce, text = os.urandom(16), os.urandom(12), os.urandom(size)
    sealed = probe.call("seal_once", key=key.hex(), nonce=nonce.hex(), text=text.hex())
    assert AESGCM(key).decrypt(nonce, bytes.fromhex(sealed), None) == text


def test_a_signature_of_the_worker_is_good_under_its_public_key(probe: Probe) -> None:
    for private in (b"\0" * 31 + b"\x01", os.urandom(31) + b"\x07"):
        public = bytes.fromhex(probe.call("public_key", private=private.hex()))
        assert public == public_bytes(private_key(private))
        signature = bytes.fromhex(probe.call("sign", private=private.hex(), message=b"to be signed".hex()))
        assert len(signature) == 64
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(encode_dss_signature(r, s), b"to be signed", ec.ECDSA(SHA256()))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_that_openssl_made_is_good_under_its_own_key_alone(probe: Probe, algorithm: int) -> None:
    device, other = Device(algorithm), Device(algorithm)
    message = os.urandom(69)
    good = device.raw_signature(message)

    def is_good(**given: bytes | int) -> bool:
        asked = {"algorithm": algorithm, "public": device.public, "signature": good, "message": message} | given
        told = {name: value.hex() if isinstance(value, bytes) else value for name, value in asked.items()}
        return bool(probe.call("verify", **told))

    assert is_good()
    assert not is_good(public=other.public)
    assert not is_good(message=message + b"x")
    assert not is_good(message=b"")
    for wrong in (b"", good[:-1], good + b"\0", bytes(len(good)), good[:-1] + bytes([good[-1] ^ 1])):
        assert not is_good(signature=wrong)
    assert [each for each in (*ALGORITHMS, -37, 0) if is_good(algorithm=each)] == [algorithm]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_public_key_is_one_for_its_own_algorithm_alone(probe: Probe, algorithm: int) -> None:
    public = Device(algorithm).public
    other_curve = ec.generate_private_key(ec.SECP384R1()).public_key()
    damaged = [
        b"",
        public[:-1],
        public[1:],
        bytes(len(public)),
        other_curve.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ]

    def is_key(number: int, candidate: bytes) -> bool:
        return bool(probe.call("is_public_key", algorithm=number, public=candidate.hex()))

    assert [each for each in (*ALGORITHMS, -37, 0) if is_key(each, public)] == [algorithm]
    assert [each for each in damaged if is_key(algorithm, each)] == []


@pytest.mark.parametrize("vector", VECTORS[2:5], ids=["cyrillic", "not NFKC", "emoji"])
def test_a_proof_is_the_same_in_the_worker(probe: Probe, vector: dict[str, Any]) -> None:
    proof = probe.call("proof", password=vector["password"], salt=from_b64url(vector["salt"]).hex())
    assert bytes.fromhex(proof) == from_b64url(vector["proof"])


def test_random_bytes_are_as_many_as_asked_for_and_never_the_same(probe: Probe) -> None:
    for count in (0, 1, 12, 65_536):
        assert len(bytes.fromhex(probe.call("random_bytes", count=count))) == count
    assert len({probe.call("random_bytes", count=16) for _ in range(5)}) == 5


HEADERS = [Header("message", "general", "alice", f"message-{number}") for number in range(3)]
TEXTS = ["first", "второе", "third 😀"]


async def test_a_room_sealed_in_the_worker_opens_with_openssl(probe: Probe) -> None:
    items = [[text, asdict(header)] for text, header in zip(TEXTS, HEADERS, strict=True)]
    made = probe.call("keyring_seal", room="main", master=MASTER.hex(), rows=[], items=items, now_ms=NOON)
    store = MemoryKeyStore()
    for row in made["rows"]:
        store.add_data_key(DataKey(**{**row, "wrapped": bytes.fromhex(row["wrapped"])}))
    sealed = [Sealed(epoch, bytes.fromhex(data)) for epoch, data in made["sealed"]]
    keys = Keyring("main", MASTER, None, OpenSslCiphers(), store)
    await keys.rewrap()
    opened = await keys.open(list(zip(sealed, HEADERS, strict=True)))
    assert opened == [text.encode() for text in TEXTS]
    assert await keys.open(list(zip(sealed, HEADERS[::-1], strict=True))) == [None, TEXTS[1].encode(), None]


async def test_a_room_sealed_with_openssl_opens_in_the_worker(probe: Probe) -> None:
    store = MemoryKeyStore()
    keys = Keyring("main", MASTER, None, OpenSslCiphers(), store)
    sealed = await keys.seal([(t.encode(), h) for t, h in zip(TEXTS, HEADERS, strict=True)], now_ms=NOON)
    rows = [{**asdict(key), "wrapped": key.wrapped.hex()} for key in store.data_keys()]
    items = [[each.epoch, each.data.hex(), asdict(header)] for each, header in zip(sealed, HEADERS, strict=True)]
    given = {"room": "main", "master": MASTER.hex(), "rows": rows, "items": items}
    assert probe.call("keyring_open", **given) == [text.encode().hex() for text in TEXTS]
    assert probe.call("keyring_open", **{**given, "room": "team"}) == [None] * 3
    assert probe.call("keyring_open", **{**given, "master": bytes(32).hex()}) == [None] * 3


@pytest.mark.parametrize("hard", [False, True])
def test_a_proof_of_work_issued_and_checked_in_the_worker_is_solved_with_the_altcha_package(
    probe: Probe, hard: bool
) -> None:
    key = os.urandom(32).hex()
    asked = altcha.Challenge.from_dict(probe.call("challenge_issue", room="main", key=key, hard=hard))
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    answer = altcha.Payload(asked, solution).to_base64()
    assert len(bytes.fromhex(probe.call("challenge_verify", room="main", key=key, answer=answer))) == 32
    for room, other_key in (("team", key), ("main", bytes(32).hex())):
        assert probe.call("challenge_verify", room=room, key=other_key, answer=answer) == "challenge_failed"


def test_garbage_is_no_proof_of_work_in_the_worker_either(probe: Probe) -> None:
    deep = base64.b64encode(b"[" * 2_900).decode()
    for answer in ("", "!!!", deep, base64.b64encode(b"{}").decode(), "привет"):
        refusal = probe.call("challenge_verify", room="main", key=bytes(32).hex(), answer=answer)
        assert refusal == "challenge_failed"
