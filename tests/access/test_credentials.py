"""access/credentials.py: what a proof is checked against."""

import asyncio

import pytest

from access.credentials import ROLES
from chat.directory import ADMIN, MEMBER
from limits import KDF_ITERATIONS, KDF_ROUNDS, VERIFIER_ITERATIONS
from sealing.verifiers import RoomVerifier, format_verifier, make_verifier, stretch
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
    assert await room.state.credentials.role_of(await room.proof(password), stored=True) == role


@pytest.mark.parametrize("proof", [b"", b"\0" * 32, b"\xff" * 32, b"x" * 31, b"x" * 33])
async def test_bytes_that_nobody_made_of_a_password_prove_nothing(room: ChatRoom, proof: bytes) -> None:
    assert await room.state.credentials.role_of(proof, stored=True) is None


async def test_a_proof_with_zeros_after_it_proves_nothing(room: ChatRoom) -> None:
    proof = await room.proof(PASSWORD)
    assert await room.state.credentials.role_of(proof, stored=True) == MEMBER
    assert await room.state.credentials.role_of(proof + b"\0", stored=True) is None


async def test_a_proof_of_another_room_proves_nothing(room: ChatRoom) -> None:
    other = await make_room("other")
    assert await room.state.credentials.role_of(await other.proof(PASSWORD), stored=True) is None


async def test_where_nobody_has_entered_the_password_is_stretched_once_and_then_remembered(room: ChatRoom) -> None:
    proof = await room.proof("something else")
    room.ciphers.stretched.clear()
    for _ in range(3):
        await room.state.credentials.role_of(proof, stored=True)
    assert room.ciphers.stretched == [KDF_ITERATIONS] * KDF_ROUNDS * len(ROLES)


async def test_where_somebody_has_a_guess_costs_one_hash_for_each_password(room: ChatRoom) -> None:
    await room.join("Anna")
    await room.wake(version="1")
    await room.wake(version="1")
    proof = await room.proof("something else")
    room.ciphers.stretched.clear()
    for _ in range(3):
        await room.state.credentials.role_of(proof, stored=True)
    assert room.ciphers.stretched == [VERIFIER_ITERATIONS] * 3 * len(ROLES)


async def test_nothing_is_kept_before_a_login_succeeds(room: ChatRoom) -> None:
    before = room.database.dump()
    await room.state.credentials.role_of(await room.proof("wrong"), stored=True)
    assert room.database.dump() == before


async def test_what_is_kept_holds_neither_password_nor_proof(room: ChatRoom) -> None:
    await room.join("Anna")
    proofs = [await room.proof(password) for password in (PASSWORD, ADMIN_PASSWORD)]
    stored = {value for row in room.database.rows("credentials") for value in row.values()}
    assert stored.isdisjoint(proofs)
    assert not any(password in room.database.dump() for password in (PASSWORD, ADMIN_PASSWORD))
    assert {len(row["hash"]) for row in room.database.rows("credentials")} == {32}


async def test_keeping_again_writes_nothing(room: ChatRoom) -> None:
    await room.state.credentials.keep()
    before = room.database.dump()
    await room.state.credentials.keep()
    await room.wake()
    await room.state.credentials.keep()
    assert room.database.dump() == before


async def test_only_changed_passwords_count_as_changed(room: ChatRoom) -> None:
    assert await room.state.credentials.changed_roles(version=None) == []
    await room.join("Anna")
    assert await room.state.credentials.changed_roles(version=None) == []


async def test_two_rooms_with_one_password_have_different_hashes() -> None:
    rows = []
    for name in ("one", "two"):
        room = await make_room(name)
        await room.join("Anna")
        rows += room.database.rows("credentials")
    assert len({row["hash"] for row in rows}) == 4


async def test_nothing_that_is_stored_tells_a_right_guess_for_less_than_the_whole_hash(room: ChatRoom) -> None:
    """Not even to whoever has MASTER_KEY, from which all other keys come."""
    await room.join("Anna")
    assert [row["fingerprint"] for row in room.database.rows("credentials")] == [b""] * len(ROLES)


async def test_the_quick_sign_of_a_password_that_an_older_version_kept_is_dropped(room: ChatRoom) -> None:
    anna = await room.join("Anna")
    room.database.tamper("UPDATE credentials SET fingerprint = x'0102'")
    await room.wake()
    assert [row["fingerprint"] for row in room.database.rows("credentials")] == [b""] * len(ROLES)
    assert room.state.session(anna.id, anna.session.id, now_ms=room.now_ms).id == anna.session.id
    assert await room.state.credentials.role_of(await room.proof(PASSWORD), stored=True) == MEMBER


async def test_a_version_is_compared_once(room: ChatRoom) -> None:
    await room.join("Anna")
    comparison = ([KDF_ITERATIONS] * KDF_ROUNDS + [VERIFIER_ITERATIONS]) * len(ROLES)
    for version, work in (("1", comparison), ("1", []), ("2", comparison), ("2", []), (None, comparison)):
        room.ciphers.stretched.clear()
        await room.wake(version=version)
        assert room.ciphers.stretched == work, version


async def test_a_verifier_is_compared_without_stretching_anything() -> None:
    room = await make_room(ADMIN_PASSWORD="")
    proof = await room.proof(PASSWORD)
    verifier = await make_verifier(proof, salt=bytes(16), ciphers=room.ciphers)
    entry = RoomVerifier(await room.state.credentials.salt(stored=False), verifier)
    await room.wake(CHAT_PASSWORD="", ROOM_NAMES="main", CHAT_PASSWORD_VERIFIER=format_verifier("main", entry))
    await room.join("Anna")
    room.ciphers.stretched.clear()
    await room.wake()
    assert room.ciphers.stretched == []


async def test_a_browsers_own_stretching_opens_the_room() -> None:
    """The one test with the real rounds: everything else in these tests takes one round."""
    room = await make_room(ADMIN_PASSWORD="")
    ciphers = OpenSslCiphers()
    room.ciphers.pbkdf2 = ciphers.pbkdf2  # type: ignore[method-assign]
    salt = await room.state.credentials.salt(stored=False)
    room.state.prepare()
    proof, wrong = await asyncio.gather(stretch(PASSWORD, salt, ciphers), stretch(f"{PASSWORD} ", salt, ciphers))
    assert await room.state.credentials.role_of(wrong, stored=True) is None
    assert await room.state.credentials.role_of(proof, stored=True) == MEMBER
    await room.state.credentials.keep()
    await room.wake()
    assert await room.state.credentials.role_of(proof, stored=True) == MEMBER
