"""access/invites.py: a link lets in whom it may, as often as it may, and is used only by who comes in."""

import asyncio
import hashlib
from typing import Any

import pytest

from access.signing_in import SignedIn
from errors import InviteInvalid, LimitReached, NameTaken, NotFound, Unauthenticated
from limits import LOGIN_FAILURES_ALLOWED, MAX_INVITES, MAX_INVITES_PER_MEMBER
from storage.invites import Invite
from tests.access.test_standing import secure
from tests.logins import AWAY, PHONE, code_for, get_in, refusal, token_of, wait
from tests.rooms import ADMIN_PASSWORD, DAY, HOUR, MINUTE, ChatRoom, Person, events, make_room
from wire.changes import RemoveMember
from wire.questions import DEVICE, PERSON

SECRET = bytes(range(32))


async def invite(
    room: ChatRoom, person: Person, secret: bytes = SECRET, *, kind: str = PERSON, uses: int | None = 1, **more: Any
) -> Invite:
    """A link of this person's."""
    lasts_ms = more.pop("lasts_ms", HOUR)
    return await room.state.invites.create(
        person.session,
        kind,
        hashlib.sha256(secret).digest(),
        more.pop("label", ""),
        uses=uses,
        lasts_ms=lasts_ms,
        now_ms=room.now_ms,
    )


async def test_a_link_lets_somebody_in_and_everybody_hears_who_invited(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    result = await get_in(room, "Boris", invite=SECRET, address=AWAY)
    (joined,) = events(result.events)
    assert (joined["reason"], joined["member"]["name"], joined["invited_by"]) == ("joined", "Boris", anna.id)
    assert (result.session.role, result.session.began) == ("member", "invite")
    assert [(row["invite"], row["member"]) for row in room.database.rows("invite_uses")] == [
        (room.database.rows("invites")[0]["id"], result.member.id)
    ]


async def test_a_login_by_password_says_nothing_of_an_invite(room: ChatRoom, anna: Person) -> None:
    (joined,) = events((await get_in(room, "Boris")).events)
    assert "invited_by" not in joined


@pytest.mark.parametrize("uses", [1, 2, 3])
async def test_a_link_lets_in_so_many_and_no_more(room: ChatRoom, anna: Person, uses: int) -> None:
    await invite(room, anna, uses=uses)
    for number in range(uses):
        await get_in(room, f"Guest {number}", invite=SECRET)
    assert (await refusal(room, "One more", invite=SECRET)).code == "invite_invalid"
    assert len(room.state.directory.present_members()) == 1 + uses


async def test_a_link_without_a_number_lets_everybody_in(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, uses=None)
    for number in range(20):
        await get_in(room, f"Guest {number}", invite=SECRET)


@pytest.mark.parametrize(("later", "is_open"), [(HOUR - 1, True), (HOUR, False), (HOUR + 1, False)])
async def test_a_link_works_for_its_time(room: ChatRoom, anna: Person, later: int, is_open: bool) -> None:
    await invite(room, anna)
    room.later(later)
    if is_open:
        await get_in(room, "Boris", invite=SECRET)
    else:
        assert (await refusal(room, "Boris", invite=SECRET)).code == "invite_invalid"


async def test_unknown_expired_revoked_used_up_and_not_allowed_are_answered_the_same(
    room: ChatRoom, anna: Person
) -> None:
    answers: list[tuple[str, str, dict[str, Any]]] = []

    async def tried(secret: bytes) -> None:
        error = await refusal(room, "Boris", invite=secret, address=f"198.51.100.{len(answers) + 1}")
        answers.append((error.code, error.detail, error.extra))

    await tried(bytes(32))
    await invite(room, anna, b"e" * 32, lasts_ms=1)
    room.later(1)
    await tried(b"e" * 32)
    revoked = await invite(room, anna, b"r" * 32)
    room.state.invites.revoke(anna.session, revoked.id, is_admin=False)
    await tried(b"r" * 32)
    await invite(room, anna, b"u" * 32)
    await get_in(room, "Zoe", invite=b"u" * 32)
    await tried(b"u" * 32)
    await invite(room, anna, b"n" * 32)
    for setting in ({"ACCESS": "password"}, {"ACCESS": "both", "INVITES": "off"}):
        await room.wake(**setting)
        await tried(b"n" * 32)
    assert len(answers) == 6
    assert len(set(map(str, answers))) == 1
    assert answers[0][0] == "invite_invalid"


async def test_a_link_of_another_room_is_an_unknown_one() -> None:
    here, there = await make_room(), await make_room()
    await invite(here, await here.join("Anna"))
    await there.join("Anna")
    assert (await refusal(there, "Boris", invite=SECRET)).code == "invite_invalid"


async def test_a_room_that_nobody_has_entered_knows_no_link_and_writes_nothing() -> None:
    room = await make_room()
    assert (await refusal(room, "Anna", invite=SECRET)).code == "invite_invalid"
    assert room.database.tables() == []


async def test_guesses_at_links_meet_the_limits_of_guesses_at_passwords(room: ChatRoom, anna: Person) -> None:
    for number in range(LOGIN_FAILURES_ALLOWED):
        assert (await refusal(room, "B", invite=bytes([number]) * 32, address=AWAY)).code == "invite_invalid"
    await invite(room, anna)
    assert (await refusal(room, "B", invite=SECRET, address=AWAY)).code == "too_many_attempts"


async def test_two_at_once_on_the_last_use_and_one_gets_in(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    results = await asyncio.gather(
        room.sign_in("Boris", invite=SECRET), room.sign_in("Chen", invite=SECRET), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["InviteInvalid", "SignedIn"]
    assert len(room.state.directory.present_members()) == 2
    assert room.database.count("sessions") == 2
    assert room.database.count("invite_uses") == 1


async def test_who_is_too_late_for_the_last_use_frees_nobodys_name(room: ChatRoom, anna: Person, boris: Person) -> None:
    await invite(room, anna)
    room.state.sessions.end(boris.session, boris.session.id, now_ms=room.now_ms)
    in_time, too_late = await asyncio.gather(
        room.sign_in("Chen", invite=SECRET), room.sign_in("Boris", invite=SECRET, address=AWAY), return_exceptions=True
    )
    assert isinstance(in_time, SignedIn)
    assert isinstance(too_late, InviteInvalid)
    assert events(in_time.events)[-1]["seq"] == room.state.directory.seq, "nobody misses an event"
    await room.wake()
    assert room.state.directory.has_member(boris.id)


async def test_who_takes_a_free_name_by_a_link_uses_it_once(room: ChatRoom, anna: Person, boris: Person) -> None:
    await invite(room, anna, uses=2)
    room.state.sessions.end(boris.session, boris.session.id, now_ms=room.now_ms)
    result = await get_in(room, "Boris", invite=SECRET)
    assert result.replaced == [boris.id]
    assert [row["member"] for row in room.database.rows("invite_uses")] == [result.member.id]


async def test_a_link_lets_somebody_in_under_the_free_name_of_its_maker(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    result = await get_in(room, "Anna", invite=SECRET)
    assert result.replaced == [anna.id]
    await room.wake()
    assert [member.id for member in room.state.directory.present_members()] == [result.member.id]
    assert (await refusal(room, "Chen", invite=SECRET)).code == "invite_invalid", "a link goes with its maker"


@pytest.mark.parametrize("how", ["removed", "signed out"])
async def test_who_is_put_out_while_making_a_link_leaves_none_behind(room: ChatRoom, anna: Person, how: str) -> None:
    making = asyncio.create_task(invite(room, anna, uses=None))
    await asyncio.sleep(0)  # it seals the label
    if how == "removed":
        room.state.store.remove_member(anna.id, room.now_ms)
    else:
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    with pytest.raises(Unauthenticated):
        await making
    assert room.database.count("invites") == 0


async def test_a_name_that_is_held_is_asked_about_as_with_a_password_and_uses_nothing(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await invite(room, anna)
    waiting = await wait(room, "Boris", invite=SECRET, address=AWAY, agent=PHONE)
    assert room.database.count("invite_uses") == 0
    code = await code_for(room, waiting)
    more = {"code": code, "confirmation": token_of(waiting), "address": AWAY}
    result = await get_in(room, "Boris", invite=SECRET, **more)
    assert result.member.id == boris.id
    assert room.database.count("invite_uses") == 1


async def test_who_came_by_a_link_comes_by_it_again_and_counts_once(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, uses=2)
    first = await get_in(room, "Boris", invite=SECRET)
    again = await get_in(room, "Boris", invite=SECRET, current=first.session)
    assert again.member.id == first.member.id
    assert room.database.count("invite_uses") == 1
    await get_in(room, "Chen", invite=SECRET)


async def test_a_link_is_no_proof_of_a_name(room: ChatRoom, anna: Person, boris: Person) -> None:
    await invite(room, anna, uses=None)
    await secure(room, boris)
    room.later(91 * DAY)
    await room.wake()
    await invite(room, anna, b"x" * 32)
    await wait(room, "Boris", invite=b"x" * 32, address=AWAY)


# --- for another device of one's own ---


async def test_a_link_for_another_device_signs_its_maker_in_once(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, kind=DEVICE)
    result = await get_in(room, "", invite=SECRET, address=AWAY, agent=PHONE)
    assert (result.member.id, result.session.role, result.session.began) == (anna.id, "member", "password")
    assert [event["reason"] for event in events(result.events)] == ["new_device"]
    assert [alert.kind for alert in room.state.alerts.of(anna.session)] == ["new_device"]
    assert (await refusal(room, "", invite=SECRET, address=AWAY)).code == "invite_invalid"


async def test_two_at_once_with_one_link_for_a_device_and_one_gets_in(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, kind=DEVICE)
    results = await asyncio.gather(
        *(room.sign_in("", invite=SECRET, address=AWAY) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["InviteInvalid", "SignedIn"]
    assert room.database.count("sessions") == 2


async def test_a_link_for_another_device_lasts_no_longer_than_the_one_that_made_it(
    room: ChatRoom, anna: Person
) -> None:
    await invite(room, anna, kind=DEVICE)
    phone = await get_in(room, "", invite=SECRET, address=AWAY, agent=PHONE)
    await invite(room, Person(anna.id, "Anna", phone.session, phone.token), b"x" * 32, kind=DEVICE)
    room.state.sessions.end(anna.session, phone.session.id, now_ms=room.now_ms)
    assert (await refusal(room, "", invite=b"x" * 32)).code == "invite_invalid"


async def test_a_changed_password_ends_links_for_devices_that_had_proven_the_former_one(
    room: ChatRoom, anna: Person
) -> None:
    await invite(room, anna, kind=DEVICE)
    await room.wake(CHAT_PASSWORD="another password")
    assert (await refusal(room, "", invite=SECRET)).code == "invite_invalid"


async def test_a_link_for_another_device_of_an_admin_makes_no_admin(room: ChatRoom, olga: Person) -> None:
    await invite(room, olga, kind=DEVICE)
    result = await get_in(room, "", invite=SECRET, address=AWAY)
    assert (result.member.id, result.session.role) == (olga.id, "member")


async def test_a_link_for_another_device_works_where_nobody_new_comes_by_links(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, kind=DEVICE)
    await room.wake(ACCESS="password", INVITES="off")
    assert (await get_in(room, "", invite=SECRET)).member.id == anna.id


async def test_a_link_for_somebody_new_needs_a_name(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    assert (await refusal(room, "", invite=SECRET)).code == "malformed"
    await get_in(room, "Boris", invite=SECRET)


async def test_a_link_for_another_device_ends_with_its_member(room: ChatRoom, anna: Person, olga: Person) -> None:
    await invite(room, anna, kind=DEVICE)
    await room.commit((olga, RemoveMember("r", anna.id, ban=False)))
    assert (await refusal(room, "", invite=SECRET)).code == "invite_invalid"


# --- making, seeing and revoking ---


async def test_a_label_is_sealed_and_the_secret_is_not_here(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, label="the class of 2027", uses=30)
    for part in ("the class", "class of", "of 2027"):  # four digits alone stand in random bytes now and then
        assert part not in room.database.dump()
        assert part.encode().hex() not in room.database.dump().lower()
    assert SECRET.hex() not in room.database.dump().lower()
    invites = room.state.invites.seen_by(anna.session, is_admin=False, now_ms=room.now_ms)
    (listed,) = await room.state.invites.listed(invites)
    assert listed == {
        "id": invites[0].id,
        "label": "the class of 2027",
        "by": anna.id,
        "created_at": room.now_ms,
        "expires_at": room.now_ms + HOUR,
        "uses": 30,
        "used": [],
    }


async def test_one_sees_and_revokes_ones_own_and_an_admin_all(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    annas = await invite(room, anna)
    await invite(room, boris, b"b" * 32)
    await invite(room, anna, b"d" * 32, kind=DEVICE)

    def seen(person: Person) -> list[str]:
        is_admin = person.session.role == "admin"
        found = room.state.invites.seen_by(person.session, is_admin=is_admin, now_ms=room.now_ms)
        return [each.member for each in found]

    assert (seen(anna), seen(boris), sorted(seen(olga))) == ([anna.id], [boris.id], sorted([anna.id, boris.id]))
    with pytest.raises(NotFound):
        room.state.invites.revoke(boris.session, annas.id, is_admin=False)
    room.state.invites.revoke(olga.session, annas.id, is_admin=True)
    with pytest.raises(NotFound):
        room.state.invites.revoke(anna.session, annas.id, is_admin=False)
    assert seen(olga) == [boris.id]


async def test_a_member_has_so_many_open_links_and_no_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    made = [await invite(room, anna, bytes([number]) * 32) for number in range(MAX_INVITES_PER_MEMBER)]
    with pytest.raises(LimitReached):
        await invite(room, anna, b"x" * 32)
    await invite(room, boris, b"y" * 32)
    room.state.invites.revoke(anna.session, made[0].id, is_admin=False)
    await invite(room, anna, b"x" * 32)
    with pytest.raises(LimitReached):
        await invite(room, anna, b"z" * 32)
    await get_in(room, "Chen", invite=b"x" * 32)  # used up, so open no more
    await invite(room, anna, b"z" * 32)


async def test_a_room_has_so_many_open_links_and_no_more(room: ChatRoom, anna: Person, boris: Person) -> None:
    made = await invite(room, boris, b"b" * 32, uses=None)
    row = "INSERT INTO invites SELECT ?, ?, kind, 'somebody', session, created_at, expires_at, uses, epoch, sealed"
    for number in range(MAX_INVITES - 2):
        room.database.tamper(f"{row} FROM invites WHERE id = ?", number.to_bytes(4, "big"), f"i{number}", made.id)
    await invite(room, anna)
    with pytest.raises(LimitReached):
        await invite(room, anna, b"x" * 32)


async def test_a_secret_that_is_taken_is_refused(room: ChatRoom, anna: Person, boris: Person) -> None:
    await invite(room, anna)
    with pytest.raises(NameTaken):
        await invite(room, boris)
    assert room.database.count("invites") == 1


async def test_a_link_costs_one_row_and_each_use_one_more(room: ChatRoom, anna: Person) -> None:
    def rows() -> dict[str, int]:
        return {table: room.database.count(table) for table in room.database.tables()}

    before = rows()
    await invite(room, anna, uses=5)
    assert {table: count - before[table] for table, count in rows().items() if count != before[table]} == {"invites": 1}
    await get_in(room, "Boris")  # by password: what any login costs
    by_password = rows()
    await get_in(room, "Chen", invite=SECRET)
    by_link = {table: count - by_password[table] for table, count in rows().items() if count != by_password[table]}
    assert by_link == {"changes": 1, "invite_uses": 1, "members": 1, "sessions": 1}


async def test_what_is_over_is_cleaned_up(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, lasts_ms=MINUTE, uses=2)
    await get_in(room, "Boris", invite=SECRET)
    room.later(MINUTE)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    assert (room.database.count("invites"), room.database.count("invite_uses")) == (0, 0)


async def test_a_changed_password_ends_the_sessions_that_began_with_it_and_no_others(
    room: ChatRoom, anna: Person
) -> None:
    await invite(room, anna, uses=None)
    await invite(room, anna, b"d" * 32, kind=DEVICE)
    await secure(room, anna, b"c" * 32)
    by_link = await get_in(room, "Boris", invite=SECRET)
    linked_device = await get_in(room, "", invite=b"d" * 32)
    by_code = await get_in(room, "Anna", recovery=b"c" * 32)
    await room.wake(CHAT_PASSWORD="another password")
    assert {row["id"] for row in room.database.rows("sessions")} == {by_link.session.id, by_code.session.id}
    assert linked_device.session.began == "password"


async def test_a_changed_admins_password_ends_the_admins_sessions_however_they_began(
    room: ChatRoom, olga: Person
) -> None:
    await secure(room, olga, b"c" * 32)
    with_code = await get_in(room, "Olga", recovery=b"c" * 32, with_password=ADMIN_PASSWORD)
    by_code = await get_in(room, "Olga", recovery=b"c" * 32)
    await room.wake(ADMIN_PASSWORD="another of the admins")
    assert [row["id"] for row in room.database.rows("sessions")] == [by_code.session.id]
    assert with_code.session.role == "admin"


async def test_a_stored_failure_lets_nobody_in_and_uses_nothing(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    room.database.fail_at = "INSERT INTO invite_uses"
    with pytest.raises(Exception, match="disk full"):
        await room.sign_in("Boris", invite=SECRET)
    room.database.fail_at = None
    assert len(room.state.directory.present_members()) == 1
    result = await room.sign_in("Boris", invite=SECRET, address=AWAY)
    assert isinstance(result, SignedIn)


async def test_a_whole_class_follows_a_link_at_the_same_moment(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna, uses=None)
    names = [f"Pupil {number}" for number in range(3 * LOGIN_FAILURES_ALLOWED)]
    results = await asyncio.gather(*(room.sign_in(name, invite=SECRET, address=AWAY) for name in names))
    assert {type(result).__name__ for result in results} == {"SignedIn"}


async def test_a_changed_password_ends_the_links_that_those_have_made_who_had_proven_it(
    room: ChatRoom, anna: Person
) -> None:
    await invite(room, anna, b"f" * 32, uses=None)
    friend = await get_in(room, "Boris", invite=b"f" * 32)
    boris = Person(friend.member.id, "Boris", friend.session, friend.token)
    await invite(room, boris, b"b" * 32, uses=None)
    await room.wake(CHAT_PASSWORD="another password")
    assert (await refusal(room, "Eve", invite=b"f" * 32)).code == "invite_invalid"
    await get_in(room, "Chen", invite=b"b" * 32)


async def test_a_link_for_another_device_ends_the_former_one_and_takes_no_place_of_others(
    room: ChatRoom, anna: Person
) -> None:
    for number in range(MAX_INVITES_PER_MEMBER):
        await invite(room, anna, bytes([number]) * 32)
        await invite(room, anna, b"d" * 31 + bytes([number]), kind=DEVICE)
    assert room.database.count("invites") == MAX_INVITES_PER_MEMBER + 1
    assert (await refusal(room, "", invite=b"d" * 31 + b"\0")).code == "invite_invalid"
    last = b"d" * 31 + bytes([MAX_INVITES_PER_MEMBER - 1])
    assert (await get_in(room, "", invite=last)).member.id == anna.id


async def test_links_that_let_nobody_in_any_more_are_not_listed_as_open(room: ChatRoom, anna: Person) -> None:
    await invite(room, anna)
    await room.wake(INVITES="off")
    assert room.state.invites.seen_by(anna.session, is_admin=True, now_ms=room.now_ms) == []
    await room.wake(INVITES="members")
    assert len(room.state.invites.seen_by(anna.session, is_admin=False, now_ms=room.now_ms)) == 1
