"""credentials.py: what a proof is checked against."""

import asyncio

import pytest

from credentials import ADMIN, MEMBER, ROLES
from limits import KDF_ITERATIONS, KDF_ROUNDS, VERIFIER_ITERATIONS
from login import stretch
from tests.fakes import OpenSslCiphers
from tests.rooms import ADMIN_PASSWORD, PASSWORD, ChatRoom, make_room


@pytest.fixture
async def room() -> ChatRoom:
    room = await make_room()
    room.state.prepare()
    return room


@pytest.mark.parametrize(
    ("password", "role"), [(PASSWORD, MEMBER), (ADMIN_PASSWORD, ADMIN), ("something else", None), ("", None)]
)
async def test_a_proof_proves_the_role_of_its_password(room: ChatRoom, password: str, role: str | None) -> None:
    assert await room.state.credentials.role_of(await room.proof(password)) == role


@pytest.mark.parametrize("proof", [b"", b"\0" * 32, b"\xff" * 32, b"x" * 31, b"x" * 33])
async def test_bytes_that_nobody_made_of_a_password_prove_nothing(room: ChatRoom, proof: bytes) -> None:
    assert await room.state.credentials.role_of(proof) is None


async def test_a_proof_with_zeros_after_it_proves_nothing(room: ChatRoom) -> None:
    proof = await room.proof(PASSWORD)
    assert await room.state.credentials.role_of(proof) == MEMBER
    assert await room.state.credentials.role_of(proof + b"\0") is None


async def test_a_proof_of_another_room_proves_nothing(room: ChatRoom) -> None:
    other = await make_room("other")
    assert await room.state.credentials.role_of(await other.proof(PASSWORD)) is None


async def test_a_password_is_stretched_once_and_then_remembered(room: ChatRoom) -> None:
    proof = await room.proof(PASSWORD)
    room.ciphers.stretched.clear()
    for _ in range(3):
        await room.state.credentials.role_of(proof)
    made = ([KDF_ITERATIONS] * KDF_ROUNDS + [VERIFIER_ITERATIONS, VERIFIER_ITERATIONS]) * len(ROLES)
    assert room.ciphers.stretched == made + [VERIFIER_ITERATIONS] * 2 * len(ROLES)


async def test_nothing_is_kept_before_a_login_succeeds(room: ChatRoom) -> None:
    before = room.database.dump()
    await room.state.credentials.role_of(await room.proof("wrong"))
    assert room.database.dump() == before


async def test_what_is_kept_holds_neither_password_nor_proof(room: ChatRoom) -> None:
    await room.join("Anna")
    proofs = [await room.proof(password) for password in (PASSWORD, ADMIN_PASSWORD)]
    stored = {value for row in room.database.rows("credentials") for value in row.values()}
    assert stored.isdisjoint(proofs)
    assert not any(password in room.database.dump() for password in (PASSWORD, ADMIN_PASSWORD))
    assert {len(row["hash"]) for row in room.database.rows("credentials")} == {32}


async def test_keeping_again_writes_nothing(room: ChatRoom) -> None:
    await room.state.credentials.keep(now_ms=room.now_ms)
    before = room.database.dump()
    await room.state.credentials.keep(now_ms=room.now_ms)
    await room.wake()
    await room.state.credentials.keep(now_ms=room.now_ms)
    assert room.database.dump() == before


async def test_only_changed_passwords_count_as_changed(room: ChatRoom) -> None:
    assert await room.state.credentials.changed_roles(now_ms=room.now_ms) == []
    await room.join("Anna")
    assert await room.state.credentials.changed_roles(now_ms=room.now_ms) == []


async def test_two_rooms_with_one_password_have_different_hashes_and_fingerprints() -> None:
    rows = []
    for name in ("one", "two"):
        room = await make_room(name)
        await room.join("Anna")
        rows += room.database.rows("credentials")
    assert len({row["hash"] for row in rows}) == len({row["fingerprint"] for row in rows}) == 4


async def test_a_browsers_own_stretching_opens_the_room() -> None:
    """The one test with the real rounds: everything else in these tests takes one round."""
    room = await make_room(ADMIN_PASSWORD="")
    ciphers = OpenSslCiphers()
    room.ciphers.pbkdf2 = ciphers.pbkdf2  # type: ignore[method-assign]
    salt = await room.state.credentials.salt(stored=False)
    room.state.prepare()
    proof, wrong = await asyncio.gather(stretch(PASSWORD, salt, ciphers), stretch(f"{PASSWORD} ", salt, ciphers))
    assert await room.state.credentials.role_of(wrong) is None
    assert await room.state.credentials.role_of(proof) == MEMBER
    await room.state.credentials.keep(now_ms=room.now_ms)
    await room.wake()
    assert await room.state.credentials.role_of(proof) == MEMBER
