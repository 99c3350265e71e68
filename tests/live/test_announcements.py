"""live/announcements.py: what follows when something was stored."""

from access.signing_in import SignedIn
from chat.changes import Outcome
from chat.directory import GENERAL
from live.announcements import cleaned, committed, signed_in, signed_out
from live.effects import CleanUpSoon, CloseMembers, CloseSessions, Tell
from tests.lanes import create_private, secure
from tests.logins import PHONE, token_of, wait
from tests.rooms import (
    DAY,
    ChatRoom,
    Person,
    closed,
    make_room,
    told,
)
from upkeep.retention import Cleaned
from wire.changes import RemoveMember
from wire.profiles import UpdateRoom

TYPING = {"type": "typing", "channel": GENERAL}


async def test_a_new_device_is_told_and_what_it_settles_and_replaces_is_closed(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    waiting = await wait(room, "Anna", agent=PHONE)
    code = await room.state.confirmations.code_of(waiting.confirmation)
    result = await room.sign_in("Anna", code=code, confirmation=token_of(waiting))
    assert isinstance(result, SignedIn)
    effects = signed_in(room.state, result)
    first, alert, second = told(effects)
    shown = {"type": "alert", "id": alert[0]["id"], "kind": "new_device", "at": room.now_ms}
    assert alert == (shown, frozenset({anna.id}), None)
    assert (first[0]["type"], first[0]["events"][0]["reason"], first[1]) == ("events", "new_device", None)
    assert second == ({"type": "login.done", "id": waiting.confirmation.id}, frozenset({anna.id, olga.id}), None)
    again = await room.sign_in("Anna", current=anna.session)
    assert isinstance(again, SignedIn)
    assert signed_in(room.state, again) == [CloseSessions([anna.session.id])]


async def test_a_session_that_was_replaced_is_over_at_once(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    again = await room.sign_in("Anna", current=anna.session)
    assert isinstance(again, SignedIn)
    signed_in(room.state, again)
    assert closed(await room.receive(connection, TYPING)) == 4401


async def test_signing_out_closes_the_device_and_may_end_a_role(room: ChatRoom, anna: Person, olga: Person) -> None:
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    effects = await signed_out(room.state, anna.id, anna.session.id, now_ms=room.now_ms)
    assert effects == [CloseSessions([anna.session.id])]
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    effects = await signed_out(room.state, olga.id, olga.session.id, now_ms=room.now_ms)
    assert effects[0] == CloseSessions([olga.session.id])
    ((frame, members, _),) = told(effects)
    assert (frame["events"][0]["reason"], frame["events"][0]["member"]["role"], members) == ("role", "member", None)


async def test_an_admin_with_a_second_admins_device_stays_one(room: ChatRoom, olga: Person) -> None:
    await room.join("Olga", admin=True)
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    effects = await signed_out(room.state, olga.id, olga.session.id, now_ms=room.now_ms)
    assert effects == [CloseSessions([olga.session.id])]


async def test_a_removed_member_is_closed_before_anything_is_told(room: ChatRoom, anna: Person, olga: Person) -> None:
    outcome = await room.commit((olga, RemoveMember("m", anna.id)), (olga, UpdateRoom("u", {"retention_days": 3})))
    effects = committed(room.state, outcome)
    assert [type(effect) for effect in effects] == [CloseMembers, Tell, CleanUpSoon]
    ((frame, members, but),) = told(effects)
    assert ([event["kind"] for event in frame["events"]], members, but) == (["member_removed", "room"], None, None)
    assert effects[0] == CloseMembers([anna.id], by_admin=True)


async def test_a_batch_of_repetitions_tells_nobody_anything(room: ChatRoom, anna: Person) -> None:
    message = room.text("x")
    await room.ask(anna, message)
    assert committed(room.state, await room.commit((anna, message))) == []
    assert committed(room.state, Outcome([])) == []


async def test_a_clean_up_tells_its_events_and_closes_what_ended(room: ChatRoom, anna: Person, olga: Person) -> None:
    connection = await room.connect(anna)
    assert cleaned(room.state, Cleaned()) == []
    await room.say(anna, "x")
    room.later(31 * DAY)
    effects = cleaned(room.state, await room.state.retention.run(now_ms=room.now_ms, is_online=[]))
    assert [type(effect) for effect in effects] == [Tell, CloseSessions]
    assert [event["kind"] for event in told(effects)[0][0]["events"]] == ["member", "purge"]
    assert closed(await room.receive(connection, TYPING)) == 4401
    room.later(90 * DAY)
    effects = cleaned(room.state, await room.state.retention.run(now_ms=room.now_ms, is_online=[]))
    assert isinstance(effects[-1], CloseMembers)
    assert set(effects[-1].members) == {anna.id, olga.id}


async def test_somebody_new_closes_what_the_replaced_member_still_had_open(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    result = await room.sign_in("Anna")
    assert isinstance(result, SignedIn)
    effects = signed_in(room.state, result)
    assert effects[0] == CloseMembers([anna.id])
    assert [event["reason"] for event in told(effects)[0][0]["events"]] == ["replaced", "joined"]
    assert closed(await room.receive(connection, TYPING)) == 4401


async def test_a_device_that_stays_is_told_which_lanes_its_member_loses_even_after_the_room_slept() -> None:
    room = await make_room(SUPERVISION="on")
    olga, boris = await room.join("Olga", admin=True), await room.join("Boris")
    await secure(room, boris)
    lane = await create_private(room, boris, "plans")
    await room.wake()
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    effects = await signed_out(room.state, olga.id, olga.session.id, now_ms=room.now_ms)
    gone = ({"type": "lane.gone", "channel": lane}, frozenset({olga.id}), None)
    assert [each for each in told(effects) if each[0]["type"] != "events"] == [gone]
