"""live/state.py: a room put together from its tables and the operator's settings."""

import pytest

from access.confirmations import Waiting
from access.signing_in import SignedIn
from chat.directory import ADMIN, MEMBER
from errors import Misconfigured, Unauthenticated, Unopenable
from limits import SESSION_SEEN_STEP_MS
from live.announcements import signed_out
from sealing.verifiers import RoomVerifier, format_verifier, make_verifier, stretch
from tests.access.test_standing import make_admin
from tests.lanes import secure
from tests.rooms import ADMIN_PASSWORD, DAY, HOUR, PASSWORD, ChatRoom, Person
from wire.changes import RemoveMember

OTHER_PASSWORD = "another password"
SALT = bytes(range(16))


def signed_in(room: ChatRoom, *people: Person) -> list[str]:
    """Whose first session is still good."""
    good = []
    for person in people:
        try:
            room.state.session(person.id, person.session.id, now_ms=room.now_ms)
        except Unauthenticated:
            continue
        good.append(person.name)
    return good


async def test_waking_twice_writes_nothing(room: ChatRoom, anna: Person) -> None:
    before = room.database.dump()
    await room.wake()
    await room.wake()
    assert room.database.dump() == before


async def test_the_tables_are_made_by_the_first_attempt_to_sign_in(room: ChatRoom) -> None:
    assert (room.state.is_stored, room.database.tables()) == (False, [])
    room.state.prepare()
    room.state.prepare()
    assert room.state.is_stored is True
    assert room.database.count("members") == 0


# --- passwords that the operator has changed ---


async def test_another_room_password_ends_every_session(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "kept")
    assert signed_in(room, anna, olga) == ["Anna", "Olga"]
    await room.wake(CHAT_PASSWORD=OTHER_PASSWORD)
    assert signed_in(room, anna, olga) == []
    assert room.database.count("sessions") == 0
    assert await room.bodies() == ["kept"]


async def test_after_a_changed_password_only_the_new_one_opens(room: ChatRoom, anna: Person) -> None:
    salt = await room.state.credentials.salt(stored=True)
    await room.wake(CHAT_PASSWORD=OTHER_PASSWORD)
    assert await room.state.credentials.salt(stored=True) == salt
    assert await room.state.credentials.role_of(await room.proof(PASSWORD), stored=True) is None
    assert await room.state.credentials.role_of(await room.proof(OTHER_PASSWORD), stored=True) == MEMBER
    again = await room.sign_in("Anna", password=OTHER_PASSWORD)
    assert isinstance(again, SignedIn)
    assert again.member.id != anna.id, "the old password is no proof of who somebody is"
    await room.wake()
    assert room.database.count("sessions") == 1


async def test_another_admins_password_ends_the_admins_sessions_only(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await room.wake(ADMIN_PASSWORD=OTHER_PASSWORD)
    assert signed_in(room, anna, olga) == ["Anna"]
    assert await room.state.credentials.role_of(await room.proof(ADMIN_PASSWORD), stored=True) is None
    assert await room.state.credentials.role_of(await room.proof(OTHER_PASSWORD), stored=True) == ADMIN


async def test_no_admins_password_any_more_leaves_no_admin(room: ChatRoom, anna: Person, olga: Person) -> None:
    seq = room.state.directory.seq
    await room.wake(ADMIN_PASSWORD="")
    assert signed_in(room, anna, olga) == ["Anna"]
    assert [row["role"] for row in room.database.rows("credentials")] == [MEMBER]
    assert room.state.directory.member(olga.id).role == MEMBER
    (event,) = await room.missed(anna, seq)
    assert (event["kind"], event["reason"], event["member"]["name"]) == ("member", "role", "Olga")
    await room.wake()
    assert room.state.directory.seq == seq + 1


async def test_another_admins_password_leaves_nobody_an_admin_whom_one_made(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna)
    await room.wake(MASTER_KEY="A" * 43, MASTER_KEY_PREVIOUS=room.given["MASTER_KEY"], CHAT_PASSWORD=PASSWORD)
    assert room.state.directory.member(anna.id).role == ADMIN
    seq = room.state.directory.seq
    await room.wake(ADMIN_PASSWORD=OTHER_PASSWORD)
    assert signed_in(room, anna, olga) == ["Anna"]
    assert room.state.session(anna.id, anna.session.id, now_ms=room.now_ms).role == MEMBER
    events = await room.missed(anna, seq)
    assert {each["member"]["name"]: each["member"]["role"] for each in events} == {"Anna": MEMBER, "Olga": MEMBER}
    await room.wake()
    assert not room.state.directory.member(anna.id).made_admin


async def test_the_same_password_written_anew_ends_nothing(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.wake(CHAT_PASSWORD=PASSWORD, ADMIN_PASSWORD=ADMIN_PASSWORD, CHAT_TITLE="Another title")
    assert signed_in(room, anna, olga) == ["Anna", "Olga"]


async def test_a_rotated_master_key_ends_no_session(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "kept")
    old = room.given["MASTER_KEY"]
    await room.wake(MASTER_KEY="A" * 43, MASTER_KEY_PREVIOUS=old)
    await room.wake(MASTER_KEY_PREVIOUS="")
    assert signed_in(room, anna, olga) == ["Anna", "Olga"]
    assert await room.bodies() == ["kept"]


async def test_a_lost_master_key_is_a_clear_error_and_damages_nothing(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "kept")
    before, old = room.database.dump(), room.given["MASTER_KEY"]
    with pytest.raises(Misconfigured, match="MASTER_KEY is not the key"):
        await room.wake(MASTER_KEY="A" * 43)
    assert room.database.dump() == before
    await room.wake(MASTER_KEY=old)
    assert await room.bodies() == ["kept"]


async def test_a_damaged_index_key_lets_nobody_in_and_names_stay_unguessable(room: ChatRoom, anna: Person) -> None:
    room.database.tamper("UPDATE data_keys SET wrapped = zeroblob(61) WHERE epoch = 0")
    await room.wake()
    for name in ("Anna", "Boris"):
        with pytest.raises(Unopenable):
            await room.sign_in(name)


# --- a verifier instead of the password ---


async def verifier_for(room: ChatRoom, password: str, salt: bytes = SALT) -> str:
    proof = await stretch(password, salt, room.ciphers)
    verifier = await make_verifier(proof, salt=bytes(16), ciphers=room.ciphers)
    return format_verifier(room.name, RoomVerifier(salt, verifier))


async def test_a_verifier_opens_the_room_without_the_password(room: ChatRoom) -> None:
    await room.wake(CHAT_PASSWORD="", ROOM_NAMES="main", CHAT_PASSWORD_VERIFIER=await verifier_for(room, PASSWORD))
    assert await room.state.credentials.salt(stored=False) == SALT
    anna = await room.join("Anna")
    assert room.state.store.facts.get("salt") == SALT
    assert await room.state.credentials.role_of(await room.proof("not the password"), stored=True) is None
    await room.wake()
    assert signed_in(room, anna) == ["Anna"]
    assert isinstance(await room.sign_in("Anna"), Waiting)


async def test_another_verifier_ends_every_session(room: ChatRoom) -> None:
    await room.wake(CHAT_PASSWORD_VERIFIER=await verifier_for(room, PASSWORD))
    anna, olga = await room.join("Anna"), await room.join("Olga", admin=True)
    await room.wake(CHAT_PASSWORD_VERIFIER=await verifier_for(room, OTHER_PASSWORD))
    assert signed_in(room, anna, olga) == []
    result = await room.sign_in("Anna", password=OTHER_PASSWORD)
    assert isinstance(result, SignedIn)


async def test_a_verifier_goes_before_the_password(room: ChatRoom) -> None:
    await room.wake(CHAT_PASSWORD_VERIFIER=await verifier_for(room, OTHER_PASSWORD))
    room.state.prepare()
    assert await room.state.credentials.role_of(await room.proof(OTHER_PASSWORD), stored=True) == MEMBER
    assert await room.state.credentials.role_of(await room.proof(PASSWORD), stored=True) is None


async def test_a_room_changes_over_from_password_to_verifier_with_its_own_salt(room: ChatRoom, anna: Person) -> None:
    salt = await room.state.credentials.salt(stored=True)
    await room.wake(CHAT_PASSWORD_VERIFIER=await verifier_for(room, PASSWORD, salt))
    again = await room.sign_in("Anna")
    assert isinstance(again, SignedIn)


async def test_a_verifier_with_anothers_salt_is_named_as_the_mistake(room: ChatRoom, anna: Person) -> None:
    await room.wake(CHAT_PASSWORD_VERIFIER=await verifier_for(room, PASSWORD, bytes(16)))
    with pytest.raises(Misconfigured, match="CHAT_PASSWORD_VERIFIER has another salt"):
        await room.sign_in("Anna")


# --- sessions of sockets ---


async def test_a_session_is_its_members_only(room: ChatRoom, anna: Person, olga: Person) -> None:
    with pytest.raises(Unauthenticated):
        room.state.session(anna.id, olga.session.id, now_ms=room.now_ms)


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("how", ["ended", "expired", "removed"])
async def test_a_session_that_is_over_is_refused_whether_it_was_seen_before_or_not(
    room: ChatRoom, anna: Person, olga: Person, how: str, warm: bool
) -> None:
    if warm:
        assert signed_in(room, anna) == ["Anna"]
    if how == "ended":
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
        await signed_out(room.state, anna.id, anna.session.id, now_ms=room.now_ms)
    elif how == "expired":
        room.later(30 * DAY)
    else:
        await room.ask(olga, RemoveMember("m", anna.id))
    assert signed_in(room, anna) == []
    assert room.state.signed_in == {}


async def test_a_used_session_is_noted_at_most_once_an_hour(room: ChatRoom, anna: Person) -> None:
    first = room.now_ms
    for _ in range(10):
        room.later(HOUR // 2)
        assert signed_in(room, anna) == ["Anna"]
    (row,) = room.database.rows("sessions")
    assert row["seen_at"] == room.now_ms == first + 5 * HOUR
    assert room.database.rows("members")[0]["seen_at"] == room.now_ms
    before = room.database.dump()
    room.later(SESSION_SEEN_STEP_MS - 1)
    assert signed_in(room, anna) == ["Anna"]
    assert room.database.dump() == before
