"""access/standing.py: what everybody sees of a member, and what a secured name is worth."""

import asyncio
from typing import Any

import pytest

from access.confirmations import Waiting
from access.cookies import token_digest
from chat.changes import Author, Request
from errors import Forbidden, NameTaken, NotFound, Unauthenticated
from limits import MEMBER_IDLE_MS, NAME_HELD_MS
from tests.logins import AWAY, PHONE, code_for, get_in, kinds, refusal, token_of, wait
from tests.rooms import ADMIN_PASSWORD, DAY, HOUR, PASSWORD, ChatRoom, Person, events, make_room
from tests.rooms import refusal as frame_refusal
from wire.administration import SetRole
from wire.changes import RemoveMember

CODE = bytes(range(32))


async def secure(room: ChatRoom, person: Person, code: bytes = CODE) -> list[dict[str, object]]:
    """Give a member a recovery code; what everybody is told."""
    member = room.state.directory.member(person.id)
    return events(await room.state.recovery_codes.put(member, code, now_ms=room.now_ms))


async def make_admin(room: ChatRoom, by: Person, whom: Person, *, on: bool = True) -> list[dict[str, Any]]:
    """Let an admin make somebody an admin, or take that back; what is told."""
    session = room.state.session(by.id, by.session.id, now_ms=room.now_ms)
    frame = SetRole(None, whom.id, "admin" if on else "member")
    return events(await room.state.standing.make_admin(Author(by.id, session.role), frame, now_ms=room.now_ms))


def role_of(room: ChatRoom, person: Person) -> tuple[str, str]:
    """The role that others see, and that of the person's device."""
    session = room.state.session(person.id, person.session.id, now_ms=room.now_ms)
    return room.state.directory.member(person.id).role, session.role


async def test_everybody_is_told_once_that_a_member_is_secured(room: ChatRoom, anna: Person) -> None:
    shown = {"id": anna.id, "name": "Anna", "role": "member", "hue": 0, "secured": True}
    seq = room.state.directory.seq
    told = {"seq": seq + 1, "kind": "member", "member": shown, "reason": "secured"}
    assert await secure(room, anna) == [told]
    assert await secure(room, anna, bytes(32)) == []
    assert room.state.directory.seq == seq + 1
    assert (await room.welcome(anna))["members"] == [{**shown, "online": True}]
    await room.wake()
    assert room.state.directory.member(anna.id).secured


async def test_a_member_who_is_not_secured_is_shown_without_a_word_about_it(room: ChatRoom, anna: Person) -> None:
    assert (await room.welcome(anna))["member"] == {"id": anna.id, "name": "Anna", "role": "member", "hue": 0}


async def test_a_code_that_could_not_be_stored_secures_nobody(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    room.database.fail_at = "INSERT OR REPLACE INTO recovery_codes"
    with pytest.raises(Exception, match="disk full"):
        await secure(room, anna)
    room.database.fail_at = None
    assert (room.state.directory.member(anna.id).secured, room.state.directory.seq) == (False, seq)


async def test_a_member_who_is_removed_meanwhile_leaves_no_code_behind(room: ChatRoom, anna: Person) -> None:
    member = room.state.directory.member(anna.id)
    put = asyncio.create_task(room.state.recovery_codes.put(member, CODE, now_ms=room.now_ms))
    await asyncio.sleep(0)  # it seals its event
    room.state.store.remove_member(anna.id, room.now_ms)
    member.removed_at = room.now_ms
    with pytest.raises(Unauthenticated):
        await put
    assert room.database.count("recovery_codes") == 0


async def test_an_event_shows_its_member_as_they_are_when_it_is_stored(room: ChatRoom, anna: Person) -> None:
    member = room.state.directory.member(anna.id)
    (secured,), told = await asyncio.gather(
        secure(room, anna), room.state.standing.tell_new_device(member, now_ms=room.now_ms)
    )
    (new_device,) = events([told])
    assert (secured["reason"], new_device["reason"]) == ("secured", "new_device")
    assert new_device["seq"] == room.state.directory.seq
    assert new_device["member"] == member.public() | {"secured": True}


async def test_nothing_is_told_of_a_member_who_was_removed_meanwhile(room: ChatRoom, anna: Person) -> None:
    olga, petra = await room.join("Olga", admin=True), await room.join("Petra", admin=True)
    standing, members = room.state.standing, room.state.directory.members
    room.state.store.delete_session(petra.id, petra.session.id)
    removing = asyncio.create_task(
        room.commit((olga, RemoveMember("a", anna.id, ban=False)), (olga, RemoveMember("p", petra.id, ban=False)))
    )
    await asyncio.sleep(0)  # it seals its event
    told = asyncio.create_task(standing.tell_new_device(members[anna.id], now_ms=room.now_ms))
    settled = asyncio.create_task(standing.settle_role(members[petra.id], now_ms=room.now_ms))
    outcome = await removing
    with pytest.raises(Unauthenticated):
        await told
    assert await settled == []
    assert [event["kind"] for event in events(outcome)] == ["member_removed", "member_removed"]
    assert events(outcome)[-1]["seq"] == room.state.directory.seq


async def test_a_role_that_changes_leaves_a_name_secured(room: ChatRoom, olga: Person) -> None:
    await secure(room, olga)
    room.later(7 * DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    member = room.state.directory.member(olga.id)
    assert (member.role, member.secured) == ("member", True)


# --- nobody else gets the name ---


@pytest.mark.parametrize("away", [25 * HOUR, 91 * DAY], ids=["25 hours", "91 days"])
async def test_a_secured_name_is_its_members_however_long_they_are_away(room: ChatRoom, away: int) -> None:
    anna, boris = await room.join("Anna"), await room.join("Boris")
    await secure(room, anna)
    room.later(away)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    await room.wake()
    assert isinstance(await room.sign_in("Anna", address=AWAY), Waiting)
    assert room.state.directory.has_member(anna.id)
    # Boris is not secured, and his name is free by now.
    other = await get_in(room, "Boris", address=AWAY)
    assert other.member.id != boris.id
    assert away >= NAME_HELD_MS
    assert not room.state.directory.has_member(boris.id)


async def test_a_secured_name_without_any_device_is_held(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    assert isinstance(await room.sign_in("Anna", address=AWAY), Waiting)


@pytest.mark.parametrize("age", [-1, 0, 1])
async def test_a_secured_member_never_leaves_for_being_away(room: ChatRoom, anna: Person, age: int) -> None:
    await secure(room, anna)
    room.later(MEMBER_IDLE_MS + age)
    cleaned = await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    assert cleaned.removed_members == []


async def test_a_secured_member_keeps_the_place_in_a_full_room_and_after_a_changed_password(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await secure(room, anna)
    for person in (anna, boris):
        room.state.sessions.end(person.session, person.session.id, now_ms=room.now_ms)
    silent = room.state.vacancies.silent(now_ms=room.now_ms, is_online=lambda _: False)
    assert [member.name for member in silent] == ["Boris"]


async def test_the_admins_password_is_no_proof_of_a_secured_name(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    assert isinstance(await room.sign_in("Anna", password=ADMIN_PASSWORD, address=AWAY), Waiting)


async def test_the_own_browser_continues_a_secured_member(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    assert (await get_in(room, "Anna", current=anna.session)).member.id == anna.id


async def test_a_code_from_an_own_device_continues_a_secured_member_and_ends_nothing(
    room: ChatRoom, anna: Person
) -> None:
    await secure(room, anna)
    waiting = await wait(room, "Anna", address=AWAY)
    code = await code_for(room, waiting)
    room.state.confirmations.answer(waiting.confirmation, approve=True)  # an admin was quicker, and is not needed
    result = await get_in(room, "Anna", address=AWAY, code=code, confirmation=token_of(waiting))
    assert (result.member.id, result.member.secured) == (anna.id, True)
    assert kinds(result) == [("Anna", "new_device", "member")]


async def test_an_admins_word_ends_the_credentials_and_every_device_is_told(room: ChatRoom, anna: Person) -> None:
    await secure(room, anna)
    waiting = await wait(room, "Anna", address=AWAY, agent=PHONE)
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    result = await get_in(room, "Anna", address=AWAY, confirmation=token_of(waiting))
    assert result.member.id == anna.id
    assert kinds(result) == [("Anna", "secured", "member"), ("Anna", "new_device", "member")]
    assert "secured" not in events(result.events)[0]["member"]
    assert room.database.count("recovery_codes") == 0
    assert [alert.kind for alert in room.state.alerts.of(anna.session)] == ["credentials_ended"]
    assert room.state.alerts.of(result.session) == []
    assert (await refusal(room, "Anna", recovery=CODE)).code == "wrong_recovery"
    await room.wake()
    assert not room.state.directory.member(anna.id).secured


async def test_an_admins_word_for_a_name_without_credentials_is_told_as_before(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna", address=AWAY)
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    await get_in(room, "Anna", address=AWAY, confirmation=token_of(waiting))
    assert [alert.kind for alert in room.state.alerts.of(anna.session)] == ["new_device"]


async def test_a_removed_member_takes_the_credentials_along(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    await room.commit((olga, RemoveMember("r", anna.id, ban=False)))
    assert room.database.count("recovery_codes") == 0
    result = await get_in(room, "Anna", address=AWAY)
    assert (result.member.id != anna.id, result.member.secured) == (True, False)


async def test_a_name_like_a_secured_one_is_refused_however_long_its_member_is_away(
    room: ChatRoom, anna: Person
) -> None:
    await secure(room, anna)
    room.later(91 * DAY)
    error = await refusal(room, "Аnnа", address=AWAY)  # with Cyrillic letters
    assert isinstance(error, NameTaken)
    assert error.extra == {"alike": True}


# --- where names have to be secured ---


async def test_where_names_have_to_be_secured_others_may_read_and_change_nothing() -> None:
    room = await make_room(NAMES="secured")
    anna = await room.join("Anna")
    connection = await room.connect(anna)
    frame = {"type": "send", "id": room.new_id(), "channel": "general", "body": "let me in"}
    (refused,) = await room.receive(connection, frame)
    assert '"code":"forbidden"' in refused.text  # type: ignore[union-attr]
    history = {"type": "history", "channel": "general", "before": None, "limit": 5}
    (page,) = await room.receive(connection, history)
    assert '"type":"history"' in page.text  # type: ignore[union-attr]
    await secure(room, anna)
    (enqueued,) = await room.receive(connection, frame)
    assert type(enqueued).__name__ == "Enqueue"


async def test_where_names_have_to_be_secured_others_let_nobody_in() -> None:
    room = await make_room(NAMES="secured")
    olga = await room.join("Olga", admin=True)
    connection = await room.connect(olga)
    digest = "A" * 43
    frames: list[dict[str, Any]] = [
        {"type": "invite.create", "digest": digest, "hours": 1, "uses": 1},
        {"type": "login.answer", "id": "x", "approve": True},
        {"type": "ban.lift", "id": "x"},
    ]
    assert [(await frame_refusal(room, connection, frame))["code"] for frame in frames] == ["forbidden"] * 3
    refuse = {"type": "login.answer", "id": "x", "approve": False}
    assert (await frame_refusal(room, connection, refuse))["code"] == "not_found"
    device = {"type": "invite.create", "digest": digest, "kind": "device"}
    (made,) = await room.receive(connection, device)
    assert '"type":"invite"' in made.text  # type: ignore[union-attr]
    await secure(room, olga)
    (made,) = await room.receive(connection, {**frames[0], "digest": "B" * 42 + "A"})
    assert '"type":"invite"' in made.text  # type: ignore[union-attr]
    assert [(await frame_refusal(room, connection, frame))["code"] for frame in frames[1:]] == ["not_found"] * 2


# --- who was made an admin ---

ADMIN_TWICE, MEMBER_TWICE = ("admin", "admin"), ("member", "member")


async def test_who_is_made_an_admin_is_one_on_every_device_at_once_and_after_waking(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await secure(room, anna)
    phone = await get_in(room, "Anna", address=AWAY, recovery=CODE)
    seq = room.state.directory.seq
    (told,) = await make_admin(room, olga, anna)
    assert (told["seq"], told["reason"], told["member"]["role"]) == (seq + 1, "role", "admin")
    for _ in range(2):
        for session in (anna.session, phone.session):
            assert room.state.session(anna.id, session.id, now_ms=room.now_ms).role == "admin"
        assert role_of(room, anna) == ADMIN_TWICE
        await room.wake()
    assert await make_admin(room, olga, anna) == []
    assert room.state.directory.seq == seq + 1
    (told,) = await make_admin(room, olga, anna, on=False)
    assert (told["reason"], told["member"]["role"]) == ("role", "member")
    for _ in range(2):
        assert role_of(room, anna) == MEMBER_TWICE
        assert room.state.session(anna.id, phone.session.id, now_ms=room.now_ms).role == "member"
        await room.wake()
    assert await make_admin(room, olga, anna, on=False) == []


async def test_whoever_could_fall_into_other_hands_is_not_made_an_admin(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, boris)
    robo = await room.bot(olga)
    before = room.database.dump()
    for by, whom, error, says in (
        (olga, anna, Forbidden, "secured first, by a recovery code or a passkey"),
        (olga, robo, Forbidden, "bot"),
        (olga, olga, Forbidden, "own role"),
        (anna, boris, Forbidden, "Only an admin"),
        (boris, boris, Forbidden, "Only an admin"),
    ):
        with pytest.raises(error, match=says):
            await make_admin(room, by, whom)
    with pytest.raises(NotFound):
        await make_admin(room, olga, Person("nobody", "Nobody", olga.session, b""))
    assert room.database.dump() == before


async def test_who_proved_the_admins_password_is_an_admin_whatever_others_take_back(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    petra = await room.join("Petra", admin=True)
    with pytest.raises(Forbidden, match="admins' password"):
        await make_admin(room, olga, petra, on=False)
    await secure(room, petra)
    await make_admin(room, olga, petra)
    await make_admin(room, olga, petra, on=False)
    assert role_of(room, petra) == ADMIN_TWICE
    await make_admin(room, olga, petra)
    room.state.sessions.end(petra.session, petra.session.id, now_ms=room.now_ms)
    member = room.state.directory.member(petra.id)
    assert await room.state.standing.settle_role(member, now_ms=room.now_ms) == []
    (told,) = await make_admin(room, olga, petra, on=False)
    assert told["member"]["role"] == "member"


async def test_who_was_made_an_admin_makes_others_admins_and_takes_it_back(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna)
    await secure(room, boris, bytes(32))
    await make_admin(room, olga, anna)
    await make_admin(room, anna, boris)
    await make_admin(room, boris, anna, on=False)
    assert (role_of(room, anna), role_of(room, boris)) == (MEMBER_TWICE, ADMIN_TWICE)
    with pytest.raises(Forbidden):
        await make_admin(room, anna, boris, on=False)


async def test_a_made_admins_name_is_theirs_however_long_they_are_away(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    room.later(91 * DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    assert room.state.directory.member(anna.id).role == "admin"
    for password in (PASSWORD, ADMIN_PASSWORD):
        assert isinstance(await room.sign_in("Anna", address=AWAY, password=password), Waiting)
    again = await get_in(room, "Anna", address=AWAY, recovery=CODE)
    assert room.state.session(anna.id, again.session.id, now_ms=room.now_ms).role == "admin"
    assert kinds(again) == [("Anna", "new_device", "admin")]


@pytest.mark.parametrize("password", [PASSWORD, ADMIN_PASSWORD])
async def test_whoever_an_admin_lets_in_under_the_name_is_an_admin_by_the_password_only(
    room: ChatRoom, anna: Person, olga: Person, password: str
) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    waiting = await wait(room, "Anna", address=AWAY, password=password)
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    result = await get_in(room, "Anna", address=AWAY, password=password, confirmation=token_of(waiting))
    assert kinds(result)[0] == ("Anna", "secured", "member")
    expected = ADMIN_TWICE if password == ADMIN_PASSWORD else MEMBER_TWICE
    for _ in range(2):
        session = room.state.session(anna.id, result.session.id, now_ms=room.now_ms)
        assert (room.state.directory.member(anna.id).role, session.role) == expected
        assert room.state.session(anna.id, anna.session.id, now_ms=room.now_ms).role == "member"
        await room.wake()


async def test_who_is_removed_comes_back_as_no_admin(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    await room.commit((olga, RemoveMember("r", anna.id, ban=False)))
    former = room.state.directory.members[anna.id]
    assert (former.role, former.made_admin) == ("member", False)
    again = await get_in(room, "Anna", address=AWAY)
    assert again.member.role == "member"
    assert room.database.rows("members")[0]["made_admin"] == 0


async def test_what_a_frame_that_waits_its_turn_may_is_asked_then(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    as_admin = Author(anna.id, "admin")
    removing = Request(as_admin, RemoveMember("r", olga.id, ban=True), "")
    taking, outcome = await asyncio.gather(
        make_admin(room, olga, anna, on=False),
        room.state.conversation.commit([removing], now_ms=room.now_ms),
    )
    assert [event["kind"] for event in taking] == ["member"]
    assert '"code":"forbidden"' in str(outcome.answers[0])
    with pytest.raises(Forbidden):
        await room.state.standing.make_admin(as_admin, SetRole(None, olga.id, "member"), now_ms=room.now_ms)


async def test_whoever_is_removed_meanwhile_is_made_nothing(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, anna)
    making, removing = await asyncio.gather(
        room.commit((olga, RemoveMember("r", boris.id)), (olga, RemoveMember("r", anna.id))),
        make_admin(room, olga, anna),
        return_exceptions=True,
    )
    assert isinstance(removing, NotFound)
    assert [event["kind"] for event in events(making)] == ["member_removed"] * 2
    assert {row["made_admin"] for row in room.database.rows("members")} == {0}


async def test_whose_credentials_end_meanwhile_is_no_admin(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    member = room.state.directory.member(anna.id)
    await asyncio.gather(make_admin(room, olga, anna), room.state.standing.end_credentials(member, now_ms=room.now_ms))
    for _ in range(2):
        member = room.state.directory.member(anna.id)
        assert (member.secured, member.made_admin, *role_of(room, anna)) == (False, False, *MEMBER_TWICE)
        await room.wake()


async def test_who_signs_in_as_an_admin_while_another_device_signs_out_is_one(room: ChatRoom, olga: Person) -> None:
    standing, member = room.state.standing, room.state.directory.member(olga.id)
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    leaving = asyncio.create_task(standing.settle_role(member, now_ms=room.now_ms))
    await room.state.sessions.begin(olga.id, "admin", "password", "", lasts_ms=DAY, now_ms=room.now_ms)
    assert await standing.settle_role(member, now_ms=room.now_ms) == []
    assert [each["member"]["role"] for each in events(await leaving)] == ["member", "admin"]
    assert member.role == "admin"


async def test_what_could_not_be_stored_made_nobody_an_admin(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    room.database.fail_at = "INSERT INTO audit"
    with pytest.raises(Exception, match="disk full"):
        await make_admin(room, olga, anna)
    room.database.fail_at = None
    assert role_of(room, anna) == MEMBER_TWICE
    await room.wake()
    assert role_of(room, anna) == MEMBER_TWICE


async def test_the_cookie_of_a_made_admin_proves_an_admin(room: ChatRoom, anna: Person, olga: Person) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    assert room.state.sessions.authenticate(anna.token, now_ms=room.now_ms).role == "admin"
    stored = room.state.store.sessions.get(token_digest(anna.token))
    assert stored is not None
    assert stored.role == "member"
