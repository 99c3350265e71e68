"""sealing/verifiers.py: proofs and verifiers. The vectors are read by the client's tests too."""

import hashlib
import hmac
import json
import unicodedata
from typing import Any

import pytest

from encoding import b64url, from_b64url
from errors import Malformed
from limits import KDF_ITERATIONS, KDF_ROUNDS, VERIFIER_ITERATIONS
from sealing.verifiers import RoomVerifier, Verifier, format_verifier, make_verifier, parse_verifiers, proves, stretch
from tests.fakes import OpenSslCiphers
from tools.paths import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/login_proof.json").read_text(encoding="utf-8"))
CIPHERS = OpenSslCiphers()
SALT = bytes(range(16))
PROOF = bytes(range(32))
TOKEN = bytes(range(100, 132))
COOKIE = f"__Host-session-main={b64url(TOKEN)}"
ENTRY = RoomVerifier(bytes(16), Verifier(bytes(range(16)), bytes(range(32))))


def proof_by_hashlib(password: str, salt: bytes, iterations: int, rounds: int) -> bytes:
    """docs/protocol.md, "Login", written a second time and with nothing but the standard library."""
    key = unicodedata.normalize("NFKC", password).encode()
    for number in range(rounds):
        key = hashlib.pbkdf2_hmac("sha256", key, salt + bytes([number]), iterations, 32)
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, b"durable-chat login v1\x01", "sha256")


def test_the_vectors_cover_what_goes_wrong_between_two_languages() -> None:
    passwords = [vector["password"] for vector in VECTORS]
    assert any(password.isascii() for password in passwords)
    assert any("а" in password for password in passwords), "Cyrillic"
    assert any(unicodedata.normalize("NFKC", password) != password for password in passwords), "not NFKC"
    assert any(ord(character) > 0xFFFF for password in passwords for character in password), "surrogate pairs"


@pytest.mark.parametrize("vector", VECTORS, ids=[str(number) for number in range(len(VECTORS))])
async def test_a_proof_is_as_the_contract_says(vector: dict[str, Any]) -> None:
    salt = from_b64url(vector["salt"])
    expected = from_b64url(vector["proof"])
    assert proof_by_hashlib(vector["password"], salt, vector["iterations"], vector["rounds"]) == expected
    if (vector["iterations"], vector["rounds"]) == (KDF_ITERATIONS, KDF_ROUNDS):
        assert await stretch(vector["password"], salt, CIPHERS) == expected


async def test_spellings_of_one_password_give_one_proof() -> None:
    assert await stretch("ﬁle Ａ e\u0301", SALT, CIPHERS) == await stretch("file A é", SALT, CIPHERS)


async def test_another_salt_gives_another_proof() -> None:
    assert await stretch("correct horse", SALT, CIPHERS) != await stretch("correct horse", bytes(16), CIPHERS)


async def test_a_password_that_is_no_text_is_refused() -> None:
    with pytest.raises(Malformed):
        await stretch("correct \ud800 horse", SALT, CIPHERS)


async def test_a_verifier_is_one_salted_hash_of_the_proof() -> None:
    verifier = await make_verifier(PROOF, salt=SALT, ciphers=CIPHERS)
    assert verifier == Verifier(SALT, hashlib.pbkdf2_hmac("sha256", PROOF, SALT, VERIFIER_ITERATIONS, 32))


async def test_a_proof_proves_itself_and_nothing_else() -> None:
    verifier = await make_verifier(PROOF, salt=SALT, ciphers=CIPHERS)
    assert await proves(PROOF, verifier, CIPHERS)
    for wrong in (b"", PROOF[:-1], PROOF + b"\0", bytes(32), PROOF[::-1], verifier.hash):
        assert not await proves(wrong, verifier, CIPHERS)


async def test_a_verifier_with_another_salt_does_not_fit() -> None:
    verifier = await make_verifier(PROOF, salt=SALT, ciphers=CIPHERS)
    assert not await proves(PROOF, Verifier(bytes(16), verifier.hash), CIPHERS)


def test_printed_verifiers_are_read_back() -> None:
    text = f"{format_verifier('main', ENTRY)}, {format_verifier('team-2', ENTRY)}"
    assert parse_verifiers(text) == {"main": ENTRY, "team-2": ENTRY}
    assert parse_verifiers("") == {}


@pytest.mark.parametrize(
    "damage",
    [
        "main",
        "main:",
        ":a.b.c",
        format_verifier("main", ENTRY)[:-1],
        format_verifier("main", ENTRY) + "A",
        format_verifier("main", ENTRY) + ".AAAA",
        format_verifier("main", ENTRY) + "=",
        format_verifier("main", RoomVerifier(bytes(15), ENTRY.verifier)),
        format_verifier("main", RoomVerifier(bytes(16), Verifier(bytes(17), bytes(32)))),
        format_verifier("main", RoomVerifier(bytes(16), Verifier(bytes(16), bytes(31)))),
        f"{format_verifier('main', ENTRY)},{format_verifier('main', ENTRY)}",
    ],
)
def test_a_damaged_verifier_is_refused(damage: str) -> None:
    with pytest.raises(Malformed):
        parse_verifiers(damage)
