"""live/entrance.py: the challenge before a login, and the login itself."""

import json
from typing import Any

import pytest

from access.cookies import session_token
from access.guessing import Finding, Spent
from access.handover import FINDING, Handover
from encoding import b64url, compact_json
from errors import ChallengeFailed, Malformed, NotFound, WrongPassword
from limits import CLEAN_UP_EVERY_MS
from live.effects import CloseSessions, Tell
from live.replies import Reply
from tests.access.test_invites import SECRET, invite
from tests.live.test_requests import Counter
from tests.logins import PHONE, WRONG, code_for, other_code, wait
from tests.rooms import ADMIN_PASSWORD, HOME, NOON, PASSWORD, ChatRoom, Person, make_room

LAPTOP = Handover("request", HOME, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")


@pytest.fixture
def counter(room: ChatRoom) -> Counter:
    return Counter(room)


async def sign_in(
    counter: Counter, name: str, password: str = PASSWORD, handover: Handover = LAPTOP, **more: Any
) -> Reply:
    proof = b64url(await counter.room.proof(password))
    return await counter.reply(
        "POST",
        "/session",
        more.pop("person", None),
        body=compact_json({"name": name, "proof": proof, **more}),
        handover=handover,
    )


async def test_the_first_login_makes_the_room_and_plans_its_clean_up(counter: Counter, room: ChatRoom) -> None:
    reply = await sign_in(counter, "Anna")
    assert reply.status == 201
    session = json.loads(reply.body or "")
    assert (session["member"]["name"], session["member"]["role"]) == ("Anna", "member")
    assert room.state.is_stored
    assert counter.tending.clean_up_at() == counter.bell.rings_at == room.now_ms + CLEAN_UP_EVERY_MS
    token = session_token(reply.headers["Set-Cookie"].partition(";")[0], room.name)
    assert token is not None
    assert room.state.sessions.authenticate(token, now_ms=room.now_ms).member == session["member"]["id"]
    assert [type(effect) for effect in reply.effects] == [Tell]


@pytest.mark.parametrize(("password", "finding"), [(PASSWORD, Finding.RIGHT), (ADMIN_PASSWORD, Finding.CLEARED)])
async def test_the_objects_of_addresses_are_told_that_the_password_was_right(
    counter: Counter, password: str, finding: Finding
) -> None:
    assert (await sign_in(counter, "Anna", password)).headers[FINDING] == finding


async def test_a_wrong_password_leaves_no_trace_in_a_room_that_nobody_has_entered(
    counter: Counter, room: ChatRoom
) -> None:
    reply = await sign_in(counter, "Anna", WRONG)
    assert (reply.status, reply.headers[FINDING]) == (WrongPassword.status, Finding.WRONG)
    assert not room.state.is_stored


@pytest.mark.parametrize("is_entered", [False, True])
@pytest.mark.parametrize(
    ("proof", "code", "status"), [("recovery", "wrong_recovery", 401), ("invite", "invite_invalid", 403)]
)
async def test_what_stands_in_place_of_a_password_and_is_wrong_is_a_failed_login(
    counter: Counter, room: ChatRoom, is_entered: bool, proof: str, code: str, status: int
) -> None:
    if is_entered:
        await room.join("Anna")
    body = compact_json({"name": "Anna", proof: b64url(bytes(32))})
    reply = await counter.reply("POST", "/session", body=body)
    assert (reply.status, json.loads(reply.body or "")["code"]) == (status, code)
    assert reply.headers[FINDING] == Finding.WRONG
    assert room.state.is_stored is is_entered


async def test_a_right_code_leaves_a_password_to_guess_at(counter: Counter, room: ChatRoom, anna: Person) -> None:
    member = room.state.directory.member(anna.id)
    await room.state.recovery_codes.put(member, bytes(32), now_ms=room.now_ms)
    body = compact_json({"name": "Anna", "recovery": b64url(bytes(32))})
    reply = await counter.reply("POST", "/session", body=body)
    assert (reply.status, reply.headers[FINDING]) == (201, Finding.RIGHT)


# --- looking at a link ---


async def test_whoever_opens_a_link_sees_who_invites_and_nothing_is_used_or_written(
    counter: Counter, room: ChatRoom, anna: Person
) -> None:
    made = await invite(room, anna)
    before = room.database.dump()
    body = compact_json({"invite": b64url(SECRET)})
    for _ in range(100):
        shown = await counter.json("POST", "/invite", body=body)
        assert shown == {"kind": "person", "by": "Anna", "expires_at": made.expires_at}
    assert room.database.dump() == before


@pytest.mark.parametrize("is_entered", [False, True])
async def test_a_look_at_a_link_that_lets_nobody_in_is_a_failed_login(
    counter: Counter, room: ChatRoom, is_entered: bool
) -> None:
    if is_entered:
        await room.join("Anna")
    reply = await counter.reply("POST", "/invite", body=compact_json({"invite": b64url(bytes(32))}))
    assert (reply.status, json.loads(reply.body or "")["code"]) == (403, "invite_invalid")
    assert reply.headers[FINDING] == Finding.WRONG
    if is_entered:
        (count,) = (row for row in room.database.rows("attempts") if row["address"] == b"")
        assert count["failures"] == 1
    else:
        assert room.database.tables() == []


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"name": "Anna", "proof": "short"}'])
async def test_a_form_that_cannot_be_read_is_refused(counter: Counter, body: str) -> None:
    assert isinstance(await counter.refusal("POST", "/session", body=body), Malformed)


async def test_a_name_that_is_held_waits_and_its_member_is_asked(counter: Counter, anna: Person) -> None:
    reply = await sign_in(counter, "Anna", handover=Handover("request", HOME, PHONE))
    refusal = json.loads(reply.body or "")
    assert (reply.status, refusal["code"], refusal["request_id"]) == (409, "name_taken", "request")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers[FINDING] == Finding.RIGHT
    asked = [effect for effect in reply.effects if isinstance(effect, Tell)]
    assert [(json.loads(each.text)["type"], each.members) for each in asked] == [
        ("confirmation", frozenset({anna.id})),
        ("approval", frozenset()),
    ]
    assert json.loads(asked[0].text)["agent"] == "Safari, iPhone"


async def test_a_wrong_code_is_a_failed_login(counter: Counter, anna: Person) -> None:
    waiting = await wait(counter.room, "Anna")
    code = other_code(await code_for(counter.room, waiting))
    reply = await sign_in(counter, "Anna", confirmation=waiting.refusal.extra["confirmation"], code=code)
    assert (reply.status, reply.headers[FINDING]) == (WrongPassword.status, Finding.WRONG)


async def test_signing_in_again_replaces_the_session_of_the_cookie(counter: Counter, anna: Person) -> None:
    reply = await sign_in(counter, "Anna", person=anna)
    assert reply.status == 201
    assert CloseSessions([anna.session.id]) in list(reply.effects)


async def test_an_answer_to_a_challenge_is_good_once(counter: Counter, anna: Person) -> None:
    handover = Handover("request", HOME, PHONE, (Spent(bytes(32), NOON * 2),))
    assert (await sign_in(counter, "Boris", handover=handover)).status == 201
    with pytest.raises(ChallengeFailed):
        await sign_in(counter, "Carol", handover=handover)


async def test_a_mistake_of_ours_after_a_right_password_is_told_as_such_and_no_more(
    counter: Counter, room: ChatRoom, anna: Person
) -> None:
    room.database.fail_at = "INSERT INTO sessions"
    reply = await sign_in(counter, "Boris")
    assert (reply.status, json.loads(reply.body or "")["code"]) == (500, "internal")
    assert "disk full" not in (reply.body or "")
    assert reply.headers[FINDING] == Finding.RIGHT


# --- challenges ---


async def test_a_room_without_proof_of_work_has_no_challenge(counter: Counter) -> None:
    assert isinstance(await counter.refusal("GET", "/challenge"), NotFound)


async def test_a_suspect_address_gets_a_hard_challenge_that_names_its_home() -> None:
    counter = Counter(await make_room(BOT_PROTECTION="altcha"))
    easy = await counter.json("GET", "/challenge", handover=Handover("request", home="home"))
    hard = await counter.json("GET", "/challenge", handover=Handover("request", home="home", is_suspect=True))
    assert hard["parameters"]["cost"] > easy["parameters"]["cost"]
    assert easy["parameters"]["data"]["home"] == "home"
