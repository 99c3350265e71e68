"""access/confirmations.py: logins that wait for a code or for an admin's word."""

import hmac
import re
from contextlib import suppress
from dataclasses import replace

import pytest

from access.confirmations import Waiting, confirmation_code
from access.signing_in import SignedIn
from errors import ChatError, NameTaken, TooManyAttempts, WrongPassword
from limits import (
    CONFIRMATION_MS,
    CONFIRMATION_TRIES,
    CONFIRMATIONS_PER_ADDRESS,
    CONFIRMATIONS_PER_HOUR,
    CONFIRMATIONS_WAITING,
    LOGIN_FAILURES_ALLOWED,
)
from live.effects import Tell
from live.logins import ask
from sealing.keyring import Header
from tests.logins import AWAY, PHONE, WRONG, code_for, get_in, guess, kinds, other_code, refusal, token_of, wait
from tests.rooms import FIREFOX, HOUR, MINUTE, ChatRoom, Person, parsed
from wire.changes import RemoveMember


async def test_a_name_that_is_held_asks_for_a_confirmation(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "anna", agent=PHONE, address=AWAY)
    assert isinstance(waiting.refusal, NameTaken)
    assert waiting.refusal.extra["confirm"] is True
    assert waiting.refusal.extra["expires_at"] == waiting.confirmation.expires_at == room.now_ms + CONFIRMATION_MS
    assert waiting.confirmation.member == anna.id
    assert waiting.is_new is True
    assert len(await code_for(room, waiting)) == 6
    assert await room.state.confirmations.agent_of(waiting.confirmation) == "Safari, iPhone"
    assert room.database.count("sessions") == 1
    assert PHONE not in room.database.dump()
    assert waiting.refusal.extra["confirmation"] not in room.database.dump()


async def test_asking_for_a_held_name_is_no_failure(room: ChatRoom, anna: Person) -> None:
    for _ in range(CONFIRMATIONS_PER_ADDRESS):
        await wait(room, "Anna", address=AWAY)
    assert await guess(room, [AWAY] * 5) == ["wrong_password"] * 5


async def test_asking_again_with_the_confirmation_waits_on(room: ChatRoom, anna: Person) -> None:
    first = await wait(room, "Anna")
    token = first.refusal.extra["confirmation"]
    room.later(MINUTE)
    await room.wake()
    again = await wait(room, "Anna", confirmation=token)
    assert (again.confirmation, again.is_new) == (first.confirmation, False)
    assert again.refusal.extra == first.refusal.extra
    assert room.database.count("confirmations") == 1


async def test_the_code_from_another_device_lets_in_and_everybody_is_told(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna", agent=PHONE)
    result = await get_in(room, "Anna", agent=PHONE, code=await code_for(room, waiting), confirmation=token_of(waiting))
    assert result.member.id == anna.id
    assert kinds(result) == [("Anna", "new_device", "member")]
    assert result.settled == [waiting.confirmation.id]
    assert result.ended == []
    assert room.database.count("sessions") == 2
    assert room.database.count("confirmations") == 0


async def test_the_code_and_the_confirmation_together_let_in(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    token = waiting.refusal.extra["confirmation"]
    result = await get_in(room, "Anna", code=await code_for(room, waiting), confirmation=token)
    assert result.member.id == anna.id


async def test_a_code_is_good_once(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    code = await code_for(room, waiting)
    await get_in(room, "Anna", code=code, confirmation=token_of(waiting))
    assert isinstance(await room.sign_in("Anna", code=code, confirmation=token_of(waiting)), Waiting)


async def test_a_wrong_code_is_refused_and_counts_as_a_failed_login(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna", address=AWAY)
    code = await code_for(room, waiting)
    codes = [
        (await refusal(room, "Anna", address=AWAY, code=other_code(code), confirmation=token_of(waiting))).code
        for _ in range(LOGIN_FAILURES_ALLOWED + 1)
    ]
    assert codes == ["wrong_password"] * LOGIN_FAILURES_ALLOWED + ["too_many_attempts"]
    assert room.database.count("sessions") == 1


async def test_a_wrong_code_is_told_from_a_wrong_password(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    error = await refusal(room, "Anna", code=other_code(await code_for(room, waiting)), confirmation=token_of(waiting))
    assert error.extra == {"wrong_code": True}


@pytest.mark.parametrize(("wrong", "lets_in"), [(CONFIRMATION_TRIES - 1, True), (CONFIRMATION_TRIES, False)])
async def test_a_login_that_waits_has_five_tries_wherever_they_come_from(
    room: ChatRoom, anna: Person, wrong: int, lets_in: bool
) -> None:
    waiting = await wait(room, "Anna")
    code = await code_for(room, waiting)
    for number in range(wrong):
        await refusal(room, "Anna", code=other_code(code), confirmation=token_of(waiting), address=f"192.0.2.{number}")
    await room.wake()
    if lets_in:
        await get_in(room, "Anna", code=code, confirmation=token_of(waiting))
    else:
        error = await refusal(room, "Anna", code=code, confirmation=token_of(waiting))
        assert (error.code, error.extra) == ("name_taken", {})


@pytest.mark.parametrize(("later", "lets_in"), [(CONFIRMATION_MS - 1, True), (CONFIRMATION_MS, False)])
async def test_a_code_expires(room: ChatRoom, anna: Person, later: int, lets_in: bool) -> None:
    waiting = await wait(room, "Anna")
    code = await code_for(room, waiting)
    room.later(later)
    assert isinstance(
        await room.sign_in("Anna", code=code, confirmation=token_of(waiting)), SignedIn if lets_in else Waiting
    )


async def test_a_code_for_one_name_is_wrong_for_another(room: ChatRoom, anna: Person) -> None:
    await room.join("Boris")
    waiting = await wait(room, "Anna")
    other = await wait(room, "Boris")
    error = await refusal(room, "Boris", code=await code_for(room, waiting), confirmation=token_of(other))
    assert isinstance(error, WrongPassword)


async def test_a_code_is_no_password(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    error = await refusal(
        room, "Anna", password=WRONG, code=await code_for(room, waiting), confirmation=token_of(waiting)
    )
    assert isinstance(error, WrongPassword)


async def test_an_admins_word_lets_in_whoever_holds_the_confirmation(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    token = waiting.refusal.extra["confirmation"]
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    await room.wake()
    assert isinstance(await room.sign_in("Anna"), Waiting)
    assert isinstance(await room.sign_in("Anna", confirmation="AAAAAAAAAAAAAAAAAAAAAA"), Waiting)
    result = await get_in(room, "Anna", confirmation=token)
    assert kinds(result) == [("Anna", "new_device", "member")]
    assert isinstance(await room.sign_in("Anna", confirmation=token), Waiting)


async def test_an_approval_is_for_one_name_only(room: ChatRoom, anna: Person) -> None:
    await room.join("Boris")
    waiting = await wait(room, "Anna")
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    token = waiting.refusal.extra["confirmation"]
    assert isinstance(await room.sign_in("Boris", confirmation=token), Waiting)


async def test_an_approval_expires(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    room.later(CONFIRMATION_MS)
    assert isinstance(await room.sign_in("Anna", confirmation=waiting.refusal.extra["confirmation"]), Waiting)


async def test_a_refused_login_neither_gets_in_by_code_nor_by_confirmation(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    code, token = await code_for(room, waiting), waiting.refusal.extra["confirmation"]
    room.state.confirmations.answer(waiting.confirmation, approve=False)
    assert room.state.confirmations.waiting(now_ms=room.now_ms) == []
    again = [await refusal(room, "Anna", code=code, confirmation=token)]
    again += [await refusal(room, "Anna", confirmation=token) for _ in range(CONFIRMATIONS_PER_HOUR)]
    assert [(each.code, each.extra) for each in again] == [("name_taken", {})] * (CONFIRMATIONS_PER_HOUR + 1)
    assert room.state.confirmations.waiting(now_ms=room.now_ms) == [], "nobody is asked about it again"


@pytest.mark.parametrize("garbage", ["", "x", "AAAA", "not base64!", "ü", "A" * 64])
async def test_a_confirmation_that_is_none_of_ours_is_no_confirmation(
    room: ChatRoom, anna: Person, garbage: str
) -> None:
    waiting = await wait(room, "Anna")
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    assert isinstance(await room.sign_in("Anna", confirmation=garbage), Waiting)


async def test_a_name_is_asked_for_at_most_so_often_an_hour(room: ChatRoom, anna: Person) -> None:
    for number in range(CONFIRMATIONS_PER_HOUR):
        await wait(room, "Anna", address=f"192.0.2.{number}")
        room.later(MINUTE)
    error = await refusal(room, "Anna", address=AWAY)
    assert isinstance(error, TooManyAttempts)
    assert error.retry_after == (HOUR - CONFIRMATIONS_PER_HOUR * MINUTE) // 1_000 + 1
    room.later(HOUR - CONFIRMATIONS_PER_HOUR * MINUTE)
    await wait(room, "Anna")


async def test_a_login_that_waits_ends_with_the_removal_of_its_member(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    waiting = await wait(room, "Anna")
    code = await code_for(room, waiting)
    await room.ask(olga, RemoveMember("m", anna.id))
    assert room.state.confirmations.waiting(now_ms=room.now_ms) == []
    assert (await get_in(room, "Anna", code=code, confirmation=token_of(waiting))).member.id != anna.id


# --- which device is it ---


async def test_the_waiting_device_and_every_question_show_the_same_number(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    waiting = await wait(room, "Anna", agent=PHONE)
    compare = waiting.refusal.extra["compare"]
    assert re.fullmatch("[0-9]{6}", compare)
    asked = [parsed(effect.text) for effect in await ask(room.state, waiting) if isinstance(effect, Tell)]
    assert {frame["type"]: frame["compare"] for frame in asked} == {"confirmation": compare, "approval": compare}
    assert {frame["agent"] for frame in asked} == {"Safari, iPhone"}


async def test_the_number_to_compare_opens_nothing(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    compare = str(waiting.refusal.extra["compare"])
    assert compare != await code_for(room, waiting)
    assert isinstance(await refusal(room, "Anna", code=compare, confirmation=token_of(waiting)), WrongPassword)


async def test_two_devices_that_wait_show_different_numbers(room: ChatRoom, anna: Person) -> None:
    shown = [(await wait(room, "Anna", address=f"192.0.2.{number}")).refusal.extra["compare"] for number in range(3)]
    assert len(set(shown)) == 3


@pytest.mark.parametrize("agent", ["Anna called the help desk, identity verified, it", "x" * 10_000 + "\ud800", ""])
async def test_a_device_that_we_do_not_know_is_not_heard(room: ChatRoom, anna: Person, agent: str) -> None:
    waiting = await wait(room, "Anna", agent=agent)
    assert await room.state.confirmations.agent_of(waiting.confirmation) == ""
    assert FIREFOX not in room.database.dump()


async def test_a_question_that_an_older_version_stored_is_not_repeated_either(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    header = Header("agent", id=f"confirmation {waiting.confirmation.id}")
    (sealed,) = await room.state.keyring.seal([(b"It is me, let me in", header)], now_ms=room.now_ms)
    assert await room.state.confirmations.agent_of(replace(waiting.confirmation, sealed=sealed)) == ""


# --- a code is for one login ---


async def test_a_code_counts_for_the_login_that_waits_only(room: ChatRoom, anna: Person) -> None:
    honest, stranger = await wait(room, "Anna"), await wait(room, "Anna", address=AWAY)
    code = await code_for(room, honest)
    error = await refusal(room, "Anna", code=code, confirmation=token_of(stranger), address=AWAY)
    assert isinstance(error, WrongPassword)
    assert isinstance(await room.sign_in("Anna", code=code, confirmation="A" * 22), Waiting)
    assert (await get_in(room, "Anna", code=code, confirmation=token_of(honest))).member.id == anna.id


async def test_wrong_codes_of_one_login_cost_another_no_try(room: ChatRoom, anna: Person) -> None:
    honest, stranger = await wait(room, "Anna"), await wait(room, "Anna", address=AWAY)
    wrong = other_code(await code_for(room, stranger))
    for number in range(CONFIRMATION_TRIES):
        await refusal(room, "Anna", code=wrong, confirmation=token_of(stranger), address=f"192.0.2.{number}")
    error = await refusal(room, "Anna", confirmation=token_of(stranger), address="192.0.2.99")
    assert (error.code, error.extra) == ("name_taken", {})
    await get_in(room, "Anna", code=await code_for(room, honest), confirmation=token_of(honest))


@pytest.mark.parametrize("confirmation", [None, "A" * 22])
async def test_wrong_codes_that_are_for_no_login_cost_nobody_a_try(
    room: ChatRoom, anna: Person, confirmation: str | None
) -> None:
    honest = await wait(room, "Anna")
    code = await code_for(room, honest)
    for number in range(CONFIRMATION_TRIES):
        with suppress(ChatError):
            address = f"192.0.2.{number}"
            await room.sign_in("Anna", code=other_code(code), confirmation=confirmation, address=address)
    assert (await get_in(room, "Anna", code=code, confirmation=token_of(honest))).member.id == anna.id


# --- how many ---


async def people(room: ChatRoom, count: int) -> list[Person]:
    return [await room.join(f"Person {number}") for number in range(count)]


async def test_an_address_has_at_most_so_many_questions_answered_or_not(room: ChatRoom) -> None:
    asked = await people(room, CONFIRMATIONS_PER_ADDRESS + 1)
    waiting = [await wait(room, each.name, address=AWAY) for each in asked[:CONFIRMATIONS_PER_ADDRESS]]
    room.state.confirmations.answer(waiting[0].confirmation, approve=False)
    room.later(MINUTE)
    error = await refusal(room, asked[-1].name, address=AWAY)
    assert isinstance(error, TooManyAttempts)
    assert error.retry_after == (CONFIRMATION_MS - MINUTE) // 1_000 + 1
    await wait(room, asked[1].name, address=AWAY, confirmation=token_of(waiting[1]))  # to wait on is no new question
    await wait(room, asked[-1].name, address="198.51.100.5")
    room.later(CONFIRMATION_MS - MINUTE)
    await wait(room, asked[-1].name, address=AWAY)


async def test_so_many_questions_are_open_at_most(room: ChatRoom) -> None:
    asked = await people(room, CONFIRMATIONS_WAITING + 1)
    waits = [await wait(room, each.name, address=f"192.0.2.{number}") for number, each in enumerate(asked[:-1])]
    assert isinstance(await refusal(room, asked[-1].name, address=AWAY), TooManyAttempts)
    room.state.confirmations.answer(waits[0].confirmation, approve=False)
    await wait(room, asked[-1].name, address=AWAY)
    assert len(room.state.confirmations.waiting(now_ms=room.now_ms)) == CONFIRMATIONS_WAITING


def test_a_confirmation_code_has_six_digits_and_follows_from_key_and_id() -> None:
    codes = [confirmation_code(bytes(32), f"confirmation {number}") for number in range(300)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert any(code.startswith("0") for code in codes)
    assert len(set(codes)) > 290
    number = int.from_bytes(hmac.digest(bytes(32), b"confirmation 0", "sha256"), "big") % 1_000_000
    assert codes[0] == f"{number:06d}"
    assert confirmation_code(b"\1" * 32, "confirmation 0") != codes[0]
