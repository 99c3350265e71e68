"""access/sessions.py: devices that are signed in."""

import pytest

from access.cookies import token_digest
from access.sessions import is_over
from errors import NotFound, Unauthenticated
from limits import MAX_SESSIONS_PER_MEMBER, SESSION_IDLE_MS, SESSION_SEEN_STEP_MS
from sealing.keyring import Sealed
from storage.headers import agent_header
from storage.sessions import Session
from tests.logins import PHONE
from tests.rooms import DAY, HOUR, ChatRoom, Person, make_room
from wire.changes import RemoveMember


async def second_device(room: ChatRoom, person: Person, agent: str = PHONE) -> Person:
    return await room.join(person.name, admin=True, agent=agent)


def is_signed_in(room: ChatRoom, token: bytes | None) -> bool:
    try:
        room.state.sessions.authenticate(token, now_ms=room.now_ms)
    except Unauthenticated:
        return False
    return True


async def test_a_token_proves_its_member_also_after_a_sleep(room: ChatRoom, anna: Person) -> None:
    await room.wake()
    assert room.state.sessions.authenticate(anna.token, now_ms=room.now_ms) == anna.session


@pytest.mark.parametrize("token", [None, b"", b"\0" * 32, b"x" * 31, b"x" * 33, b"x" * 100_000])
async def test_what_is_no_token_proves_nobody(room: ChatRoom, anna: Person, token: bytes | None) -> None:
    assert is_signed_in(room, token) is False


async def test_neither_what_is_stored_nor_a_changed_token_proves_anybody(room: ChatRoom, anna: Person) -> None:
    assert is_signed_in(room, token_digest(anna.token)) is False
    for place in range(32):
        changed = bytearray(anna.token)
        changed[place] ^= 1
        assert is_signed_in(room, bytes(changed)) is False
    assert is_signed_in(room, anna.token) is True


async def test_a_token_of_another_room_proves_nobody(room: ChatRoom, anna: Person) -> None:
    other = await make_room("other")
    boris = await other.join("Boris")
    assert is_signed_in(room, boris.token) is False
    assert is_signed_in(other, anna.token) is False


@pytest.mark.parametrize(("age", "good"), [(-1, True), (0, False), (1, False)])
async def test_a_session_ends_after_its_days(room: ChatRoom, anna: Person, age: int, good: bool) -> None:
    room.later(30 * DAY + age)
    room.state.sessions.note_seen(anna.id, anna.session.id, now_ms=room.now_ms - HOUR)
    assert is_signed_in(room, anna.token) is good


@pytest.mark.parametrize(("age", "good"), [(-1, True), (0, False), (1, False)])
async def test_a_session_that_is_not_used_ends_after_a_week(room: ChatRoom, anna: Person, age: int, good: bool) -> None:
    room.later(SESSION_IDLE_MS + age)
    assert is_signed_in(room, anna.token) is good


async def test_a_session_that_is_used_goes_on_for_its_days(room: ChatRoom, anna: Person) -> None:
    for _ in range(29):
        room.later(DAY)
        assert is_signed_in(room, anna.token) is True
    room.later(DAY)
    assert is_signed_in(room, anna.token) is False


@pytest.mark.parametrize(("age", "noted"), [(SESSION_SEEN_STEP_MS - 1, False), (SESSION_SEEN_STEP_MS, True)])
async def test_being_seen_is_written_at_most_once_an_hour(room: ChatRoom, anna: Person, age: int, noted: bool) -> None:
    before = room.database.dump()
    room.later(age)
    session = room.state.sessions.authenticate(anna.token, now_ms=room.now_ms)
    assert (room.database.dump() != before) is noted
    assert session.seen_at == (room.now_ms if noted else anna.session.seen_at)
    assert room.state.directory.member(anna.id).seen_at == session.seen_at


async def test_a_removed_members_token_proves_nobody(room: ChatRoom, anna: Person) -> None:
    olga = await room.join("Olga", admin=True)
    await room.ask(olga, RemoveMember("m", anna.id))
    assert is_signed_in(room, anna.token) is False


async def test_an_ended_device_is_signed_out_and_the_others_are_not(room: ChatRoom, anna: Person) -> None:
    phone = await second_device(room, anna)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    assert (is_signed_in(room, anna.token), is_signed_in(room, phone.token)) == (False, True)
    with pytest.raises(NotFound):
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)


async def test_nobody_ends_anothers_device(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    with pytest.raises(NotFound):
        room.state.sessions.end(boris.session, anna.session.id, now_ms=room.now_ms)
    assert is_signed_in(room, anna.token) is True


async def test_ones_own_devices_are_listed_and_nobody_elses(room: ChatRoom, anna: Person) -> None:
    await room.join("Boris")
    room.later(HOUR)
    phone = await second_device(room, anna)
    await room.wake()
    assert await room.state.sessions.listed(phone.session, now_ms=room.now_ms) == [
        {
            "id": anna.session.id,
            "created_at": room.now_ms - HOUR,
            "seen_at": room.now_ms - HOUR,
            "agent": "Firefox, Linux",
            "current": False,
        },
        {
            "id": phone.session.id,
            "created_at": room.now_ms,
            "seen_at": room.now_ms,
            "agent": "Safari, iPhone",
            "current": True,
        },
    ]


async def test_devices_that_are_over_are_not_listed(room: ChatRoom, anna: Person) -> None:
    room.later(SESSION_IDLE_MS)
    phone = await second_device(room, anna)
    listed = await room.state.sessions.listed(phone.session, now_ms=room.now_ms)
    assert [each["id"] for each in listed] == [phone.session.id]
    assert room.state.sessions.find(anna.id, anna.session.id, now_ms=room.now_ms) is None
    assert room.state.sessions.find(anna.id, phone.session.id, now_ms=room.now_ms) == phone.session


async def test_a_device_whose_description_is_damaged_is_listed_without(room: ChatRoom, anna: Person) -> None:
    room.database.tamper("UPDATE sessions SET sealed = zeroblob(50)")
    assert [each["agent"] for each in await room.state.sessions.listed(anna.session, now_ms=room.now_ms)] == [""]


async def test_a_device_is_listed_by_its_kind_and_stored_sealed() -> None:
    room = await make_room()
    anna = await room.join("Anna", agent=PHONE)
    assert "Safari" not in room.database.dump()
    (listed,) = await room.state.sessions.listed(anna.session, now_ms=room.now_ms)
    assert listed["agent"] == "Safari, iPhone"


@pytest.mark.parametrize(
    "agent", ["", "x" * 10_000, "ünï 🙂", "'; --", "<script>", "your old phone, as agreed", "\ud800"]
)
async def test_a_device_that_we_do_not_know_is_listed_without_its_words(agent: str) -> None:
    room = await make_room()
    anna = await room.join("Anna", agent=agent)
    (listed,) = await room.state.sessions.listed(anna.session, now_ms=room.now_ms)
    assert listed["agent"] == ""


async def test_what_an_older_version_stored_of_a_device_is_listed_by_its_kind(room: ChatRoom, anna: Person) -> None:
    header = agent_header(anna.id, anna.session.id)
    (sealed,) = await room.state.keyring.seal([(f"let me in {PHONE}".encode(), header)], now_ms=room.now_ms)
    room.database.tamper("UPDATE sessions SET epoch = ?, sealed = ?", sealed.epoch, sealed.data)
    (listed,) = await room.state.sessions.listed(anna.session, now_ms=room.now_ms)
    assert listed["agent"] == "Safari, iPhone"


@pytest.mark.parametrize("more", [-1, 0, 1, 3])
async def test_the_oldest_devices_beyond_the_limit_are_surplus(room: ChatRoom, anna: Person, more: int) -> None:
    devices = [anna.session.id]
    for _ in range(MAX_SESSIONS_PER_MEMBER + more - 1):
        room.later(1)
        session, _ = await room.state.sessions.begin(
            anna.id, "member", "password", "", lasts_ms=DAY, now_ms=room.now_ms
        )
        devices.append(session.id)
    assert [session.id for session in room.state.sessions.surplus(anna.id)] == devices[: max(0, more)]


async def test_tokens_and_ids_are_never_the_same(room: ChatRoom, anna: Person) -> None:
    begun = [
        await room.state.sessions.begin(anna.id, "member", "password", "", lasts_ms=DAY, now_ms=room.now_ms)
        for _ in range(50)
    ]
    assert len({session.id for session, _ in begun}) == len({token for _, token in begun}) == 50
    assert {len(token) for _, token in begun} == {32}


def test_a_session_is_over_by_either_clock() -> None:
    session = Session("s", "anna", "member", 0, seen_at=1_000, expires_at=SESSION_IDLE_MS, sealed=Sealed(1, b""))
    assert [is_over(session, now) for now in (0, SESSION_IDLE_MS - 1, SESSION_IDLE_MS)] == [False, False, True]
