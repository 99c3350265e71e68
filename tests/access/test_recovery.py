"""access/recovery.py: a recovery code proves its member's name, and nothing else does."""

import hashlib

import pytest

from limits import LOGIN_FAILURES_ALLOWED
from tests.access.test_standing import CODE, secure
from tests.logins import AWAY, get_in, kinds, refusal
from tests.rooms import ADMIN_PASSWORD, DAY, ChatRoom, Person, make_room

OTHER = bytes(32)


async def test_the_digest_of_the_proof_is_kept_and_not_the_proof(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    (row,) = room.database.rows("recovery_codes")
    assert row == {"member": anna.id, "digest": hashlib.sha256(CODE).digest(), "created_at": room.now_ms}
    assert CODE.hex() not in room.database.dump()


@pytest.mark.parametrize("name", ["Anna", "anna", "ＡＮＮＡ"])
@pytest.mark.parametrize("days", [0, 2, 100])
async def test_a_code_lets_its_member_in_on_any_device(room: ChatRoom, anna: Person, name: str, days: int) -> None:
    await secure(room, anna)
    room.later(days * DAY)
    result = await get_in(room, name, recovery=CODE, address=AWAY)
    assert (result.member.id, result.session.role, result.session.began) == (anna.id, "member", "recovery")
    assert kinds(result) == [("Anna", "new_device", "member")]


async def test_a_code_lets_in_again_and_again_until_there_is_another(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    for _ in range(2):
        assert (await get_in(room, "Anna", recovery=CODE)).member.id == anna.id
    await secure(room, anna, OTHER)
    assert (await refusal(room, "Anna", recovery=CODE)).code == "wrong_recovery"
    assert (await get_in(room, "Anna", recovery=OTHER)).member.id == anna.id


@pytest.mark.parametrize("name", ["Anna", "Boris", "Zoe"], ids=["secured", "without a code", "nobody's"])
async def test_a_wrong_code_is_answered_the_same_whatever_the_name_is(
    room: ChatRoom, anna: Person, boris: Person, name: str
) -> None:
    await secure(room, anna)
    error = await refusal(room, name, recovery=OTHER)
    assert (error.code, error.status, error.detail) == (
        "wrong_recovery",
        401,
        "The name or the recovery code is wrong.",
    )


async def test_anothers_code_is_a_wrong_one(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna)
    await secure(room, boris, OTHER)
    assert (await refusal(room, "Boris", recovery=CODE)).code == "wrong_recovery"


async def test_a_room_that_nobody_has_entered_answers_the_same_and_writes_nothing() -> None:
    room = await make_room()
    assert (await refusal(room, "Anna", recovery=CODE)).code == "wrong_recovery"
    assert room.database.tables() == []


async def test_guesses_at_codes_meet_the_limits_of_guesses_at_passwords(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    tried = [(await refusal(room, "Anna", recovery=OTHER, address=AWAY)).code for _ in range(LOGIN_FAILURES_ALLOWED)]
    assert tried == ["wrong_recovery"] * LOGIN_FAILURES_ALLOWED
    assert (await refusal(room, "Anna", recovery=CODE, address=AWAY)).code == "too_many_attempts"
    (count,) = (row for row in room.database.rows("attempts") if row["address"] == b"")
    assert count["failures"] == LOGIN_FAILURES_ALLOWED
    assert (await get_in(room, "Anna", recovery=CODE)).member.id == anna.id


async def test_a_right_code_is_no_failed_login(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    for _ in range(2 * LOGIN_FAILURES_ALLOWED):
        await get_in(room, "Anna", recovery=CODE, address=AWAY)
    (count,) = (row for row in room.database.rows("attempts") if row["address"] == b"")
    assert count["failures"] == 0


async def test_with_the_admins_password_a_code_gives_the_admins_rights(room: ChatRoom, olga: Person) -> None:
    await secure(room, olga)
    result = await get_in(room, "Olga", recovery=CODE, with_password=ADMIN_PASSWORD, address=AWAY)
    assert (result.member.id, result.session.role, result.session.began) == (olga.id, "admin", "recovery")


async def test_a_wrong_password_beside_a_right_code_is_a_wrong_password(room: ChatRoom, olga: Person) -> None:
    await secure(room, olga)
    error = await refusal(room, "Olga", recovery=CODE, with_password="not the password")
    assert error.code == "wrong_password"


async def test_a_code_lets_in_where_the_password_does_not_any_more(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    await room.wake(ACCESS="invite")
    assert (await refusal(room, "Boris")).code == "wrong_password"
    assert (await refusal(room, "Anna", current=anna.session)).code == "wrong_password"
    assert (await get_in(room, "Anna", recovery=CODE)).member.id == anna.id
    assert (await get_in(room, "Anna", recovery=CODE, with_password="correct horse battery")).member.id == anna.id
    assert (await get_in(room, "Olga", password=ADMIN_PASSWORD)).session.role == "admin"
