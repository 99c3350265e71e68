"""access/signing_in.py: who may sign in, and as whom (docs/protocol.md, "Signing in on another device")."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from access.confirmations import Waiting
from access.cookies import token_digest
from access.credentials import ROLES
from access.guessing import Spent
from access.signing_in import SignedIn
from chat.changes import Author, Request
from chat.directory import GENERAL, UNREADABLE
from errors import (
    ChallengeFailed,
    LimitReached,
    NameTaken,
    TooManyAttempts,
    Unauthenticated,
    WrongPassword,
)
from limits import (
    FORGIVEN_FAILURES,
    KDF_ROUNDS,
    LOGIN_FAILURES_ALLOWED,
    MAX_MEMBERS,
    MAX_SESSIONS_PER_MEMBER,
    NAME_HELD_MS,
    PAST_DEVICE_MS,
    ROOM_ATTACK_FAILURES,
    ROOM_ATTACK_WINDOW_MS,
    SESSION_IDLE_MS,
)
from tests.logins import AWAY, PHONE, WRONG, code_for, get_in, guess, kinds, refusal, token_of, wait
from tests.rooms import (
    ADMIN_PASSWORD,
    DAY,
    HOME,
    HOUR,
    MINUTE,
    PASSWORD,
    SECOND,
    ChatRoom,
    Person,
    SqliteDatabase,
    accepted,
    events,
    make_room,
    parsed,
)
from wire.changes import Delete, DeleteChannel, Edit, RemoveMember, UpdateChannel

# --- the first one ---


async def test_a_mere_visit_writes_nothing() -> None:
    room = await make_room()
    await room.state.credentials.salt(stored=room.state.is_stored)
    await room.wake()
    assert room.database.tables() == []
    assert room.database.connection.total_changes == 0


async def test_the_first_login_stores_the_salt_the_hashes_and_the_first_channel() -> None:
    room = await make_room()
    derived = await room.state.credentials.salt(stored=False)
    await room.join("Anna")
    assert room.state.store.facts.get("salt") == derived
    assert {row["role"] for row in room.database.rows("credentials")} == set(ROLES)
    assert [row["id"] for row in room.database.rows("channels")] == [GENERAL]
    assert room.state.directory.channels[GENERAL].name == GENERAL


async def test_a_wrong_guess_at_a_room_that_nobody_has_entered_writes_nothing_there() -> None:
    room = await make_room()
    assert (await refusal(room, "Anna", password=WRONG)).code == "wrong_password"
    assert room.database.tables() == []
    assert room.database.connection.total_changes == 0


async def test_a_new_name_joins_and_everybody_is_told(room: ChatRoom) -> None:
    result = await get_in(room, "Anna", agent=PHONE)
    assert events(result.events) == [
        {
            "seq": 1,
            "kind": "member",
            "reason": "joined",
            "member": {"id": result.member.id, "name": "Anna", "role": "member", "hue": 0},
        }
    ]
    (row,) = room.database.rows("sessions")
    assert row["token_digest"] == token_digest(result.token)
    assert result.token not in [
        value for table in room.database.tables() for row in room.database.rows(table) for value in row.values()
    ]
    assert (row["member"], row["role"], row["created_at"]) == (result.member.id, "member", room.now_ms)
    assert row["expires_at"] == room.now_ms + 30 * DAY
    assert (result.ended, result.settled) == ([], [])


async def test_the_name_is_stored_sealed_only(room: ChatRoom) -> None:
    await room.join("Wilhelmina")
    dump = room.database.dump()
    assert "Wilhelmina" not in dump
    assert b"Wilhelmina".hex().upper() not in dump.upper()
    assert "203.0.113" not in dump


@pytest.mark.parametrize("name", ["'; DROP TABLE members; --", '"', "100%", "a\\b", "Ünï", "名前", "🙂 smile"])
async def test_any_name_is_found_again_as_it_was_typed(room: ChatRoom, name: str) -> None:
    person = await room.join(name)
    await room.wake()
    assert room.state.directory.member(person.id).name == name
    assert isinstance(await room.sign_in(name), Waiting)


ALIKE = ["Аnnа", "ANNА", "ꓮnna", "Ann a", "Anna.", "(Anna)", "𝐀nnа"]


@pytest.mark.parametrize("name", ALIKE)
async def test_a_name_that_looks_like_a_members_is_refused(room: ChatRoom, anna: Person, name: str) -> None:
    error = await refusal(room, name)
    assert isinstance(error, NameTaken)
    assert error.extra == {"alike": True}
    assert "looks like" in error.detail
    assert room.database.count("members") == room.database.count("sessions") == 1


async def test_a_look_alike_is_no_failed_login_and_not_for_admins_either(room: ChatRoom, anna: Person) -> None:
    for _ in range(LOGIN_FAILURES_ALLOWED + 1):
        assert isinstance(await refusal(room, "Аnnа"), NameTaken)
    assert isinstance(await refusal(room, "Аnnа", password=ADMIN_PASSWORD), NameTaken)
    assert isinstance(await refusal(room, "Аnnа", current=anna.session), NameTaken)


@pytest.mark.parametrize("name", ["Анна", "Hanna", "Anna 2", "Änna", "安娜"])
async def test_a_name_that_people_tell_apart_is_taken(room: ChatRoom, anna: Person, name: str) -> None:
    assert (await get_in(room, name)).member.name == name


async def test_two_look_alikes_who_come_at_the_same_moment_do_not_both_get_in() -> None:
    for steps in range(0, 30, 3):
        room = await make_room()
        await room.join("Olga", admin=True)

        async def come_later(room: ChatRoom = room, steps: int = steps) -> SignedIn | Waiting:
            for _ in range(steps):
                await asyncio.sleep(0)
            return await room.sign_in("Аnnа", address=AWAY)

        results = await asyncio.gather(room.sign_in("Anna"), come_later(), return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["NameTaken", "SignedIn"]
        assert room.database.count("members") == room.database.count("sessions") == 2


SPELLINGS = [
    "Anna",
    "ANNA",
    " Anna ",
    "@Anna",
    "Ａｎｎａ",
    "𝐀𝐧𝐧𝐚",
    "Anna\U000e0100",
    "Anna\u180b",
    "\u3164Anna",
    "An\u115fna",
    "Anna\u2800",
    "An\u17b5na",
    "Anna\u2065",
    "An\u200bna",
]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=ascii)
async def test_every_spelling_of_a_name_is_the_same_member(room: ChatRoom, anna: Person, spelling: str) -> None:
    assert (await wait(room, spelling)).confirmation.member == anna.id


@pytest.mark.parametrize(
    "stored", ["Anna  Smith", "Anna\u2003Smith", "An\u3164na Smith", "@Anna Smith", "Anna\u200d Smith"]
)
async def test_a_member_whose_name_was_stored_by_older_rules_is_still_the_same(
    room: ChatRoom, anna: Person, stored: str
) -> None:
    member = room.state.directory.member(anna.id)
    sealed = (await room.state.keyring.seal([(stored.encode(), member.header())], now_ms=room.now_ms))[0]
    room.database.tamper(
        "UPDATE members SET name_digest = x'00', epoch = ?, sealed = ? WHERE id = ?", sealed.epoch, sealed.data, anna.id
    )
    await room.wake()
    assert room.state.directory.member(anna.id).name == stored
    for typed in (stored, "Anna Smith", "anna  smith"):
        assert (await wait(room, typed)).confirmation.member == anna.id


async def test_the_admins_password_makes_an_admin(room: ChatRoom, olga: Person) -> None:
    assert olga.session.role == "admin"
    assert room.state.directory.member(olga.id).role == "admin"


async def test_without_an_admins_password_nobody_is_an_admin() -> None:
    room = await make_room(ADMIN_PASSWORD="")
    assert isinstance(await refusal(room, "Olga", password=ADMIN_PASSWORD), WrongPassword)


@pytest.mark.parametrize(("present", "full"), [(MAX_MEMBERS - 1, False), (MAX_MEMBERS, True), (MAX_MEMBERS + 1, True)])
async def test_a_room_has_at_most_so_many_members(room: ChatRoom, anna: Person, present: int, full: bool) -> None:
    anna_herself = room.state.directory.member(anna.id)
    for number in range(present - 1):
        room.state.directory.members[f"m{number}"] = replace(anna_herself, id=f"m{number}")
    if full:
        assert isinstance(await refusal(room, "Boris"), LimitReached)
    else:
        await room.join("Boris")


async def test_two_who_take_one_name_at_the_same_moment_do_not_both_get_it() -> None:
    for steps in range(30):
        room = await make_room()
        await room.join("Olga", admin=True)

        async def come_later(room: ChatRoom = room, steps: int = steps) -> SignedIn | Waiting:
            for _ in range(steps):
                await asyncio.sleep(0)
            return await room.sign_in("anna", address=AWAY)

        results = await asyncio.gather(room.sign_in("Anna"), come_later())
        assert sorted(type(result).__name__ for result in results) == ["SignedIn", "Waiting"]
        assert room.database.count("members") == room.database.count("sessions") == 2
        assert len(room.state.directory.members) == 2


async def test_who_comes_first_may_post_while_others_still_come_in() -> None:
    for steps in range(0, 60, 3):
        room = await make_room()

        async def come_and_post(room: ChatRoom = room) -> None:
            await room.say(await room.join("Anna"), "first")

        async def come_later(room: ChatRoom = room, steps: int = steps) -> None:
            for _ in range(steps):
                await asyncio.sleep(0)
            await room.join("Boris", address=AWAY)

        await asyncio.gather(come_and_post(), come_later())
        standing = room.state.directory.channels[GENERAL]
        await room.wake()
        assert room.state.directory.channels[GENERAL] == standing
        assert standing.last_position == 1


async def test_many_who_come_first_at_the_same_moment_all_get_in(room: ChatRoom) -> None:
    people = await asyncio.gather(*[room.join(f"Person {number}", address=f"192.0.2.{number}") for number in range(10)])
    assert len({person.id for person in people}) == 10
    await room.wake()
    assert len(room.state.directory.present_members()) == 10
    await room.join("Person 11")
    assert len(room.database.rows("credentials")) == 2


# --- the wrong password ---


async def test_a_wrong_password_is_refused_and_leaves_no_member(room: ChatRoom) -> None:
    error = await refusal(room, "Anna", password=WRONG)
    assert isinstance(error, WrongPassword)
    assert "wrong_code" not in error.extra
    assert room.state.directory.members == {}


async def warm(room: ChatRoom) -> None:
    """Let the room make what it checks proofs against, and forget how much that cost."""
    await room.join("Somebody", address="192.0.2.1")
    room.ciphers.stretched.clear()


async def test_of_200_wrong_guesses_from_one_address_five_reach_the_hash(room: ChatRoom) -> None:
    await warm(room)
    codes = await guess(room, [HOME] * 200)
    assert codes == ["wrong_password"] * 5 + ["too_many_attempts"] * 195
    assert len(room.ciphers.stretched) == 5 * len(ROLES)
    assert (await get_in(room, "Boris", address=AWAY)).member.name == "Boris"


async def test_200_guesses_at_once_from_one_address_see_each_other(room: ChatRoom) -> None:
    await warm(room)
    results = await asyncio.gather(*[refusal(room, "Anna", password=WRONG) for _ in range(200)])
    codes = [result.code for result in results]
    assert (codes.count("wrong_password"), codes.count("too_many_attempts")) == (5, 195)
    assert len(room.ciphers.stretched) == 5 * len(ROLES)


async def test_of_200_wrong_guesses_from_50_addresses_four_each_reach_the_hash(room: ChatRoom) -> None:
    await warm(room)
    codes = await guess(room, [f"192.0.2.{number % 50 + 100}" for number in range(200)])
    assert codes == ["wrong_password"] * 200
    assert len(room.ciphers.stretched) == 200 * len(ROLES)
    assert (await guess(room, [f"192.0.2.{number % 50 + 100}" for number in range(200)])).count("wrong_password") == 50
    await room.join("Boris", address=AWAY)


async def test_of_200_wrong_guesses_from_50_addresses_50_reach_the_hash_where_a_proof_of_work_is_asked(
    room: ChatRoom,
) -> None:
    await room.wake(BOT_PROTECTION="altcha")
    await warm(room)
    codes = await guess(room, [f"192.0.2.{number % 50 + 100}" for number in range(200)])
    assert codes == ["wrong_password"] * ROOM_ATTACK_FAILURES + ["challenge_failed"] * (200 - ROOM_ATTACK_FAILURES)
    assert len(room.ciphers.stretched) == ROOM_ATTACK_FAILURES * len(ROLES)
    assert isinstance(await refusal(room, "Boris", address=AWAY), ChallengeFailed)
    assert (await get_in(room, "Boris", address=AWAY, hard=True)).member.name == "Boris"


async def test_a_right_password_while_the_address_has_to_wait_is_refused_unhashed(room: ChatRoom) -> None:
    await warm(room)
    await guess(room, [HOME] * LOGIN_FAILURES_ALLOWED)
    room.ciphers.stretched.clear()
    error = await refusal(room, "Anna")
    assert isinstance(error, TooManyAttempts)
    assert error.retry_after == 30
    assert room.ciphers.stretched == []
    room.later(30 * SECOND)
    await room.join("Anna")


async def test_each_further_failure_waits_twice_as_long_also_after_a_sleep(room: ChatRoom) -> None:
    await guess(room, [HOME] * LOGIN_FAILURES_ALLOWED)
    waits = []
    for _ in range(7):
        await room.wake()
        error = await refusal(room, "Anna")
        assert error.retry_after is not None
        waits.append(error.retry_after)
        room.later(int(error.retry_after) * SECOND)
        assert await guess(room, [HOME]) == ["wrong_password"]
    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_a_success_clears_the_count_of_its_address_only(room: ChatRoom) -> None:
    await guess(room, [HOME] * 4 + [AWAY] * 4)
    await room.join("Anna", address=HOME)
    assert await guess(room, [HOME] * 4) == ["wrong_password"] * 4
    assert await guess(room, [AWAY, AWAY]) == ["wrong_password", "too_many_attempts"]


async def test_a_member_s_own_logins_do_not_clear_the_way_for_guesses_at_the_admins_password(room: ChatRoom) -> None:
    mallory = await room.join("Mallory", address=HOME)
    codes: list[str] = []
    for _ in range(30):
        codes += await guess(room, [HOME] * 4, hard=True)
        with suppress(TooManyAttempts):
            mallory.session = (await get_in(room, "Mallory", address=HOME, current=mallory.session, hard=True)).session
    assert codes.count("wrong_password") == FORGIVEN_FAILURES + LOGIN_FAILURES_ALLOWED
    room.later(ROOM_ATTACK_WINDOW_MS)
    for _ in range(3):
        assert await guess(room, [HOME] * 4, hard=True) == ["wrong_password"] * 4, "the next hour begins afresh"
        await get_in(room, "Mallory", address=HOME, current=mallory.session, hard=True)


async def test_where_there_is_no_other_password_to_guess_at_each_success_clears_the_count() -> None:
    room = await make_room(ADMIN_PASSWORD="")
    for number in range(30):
        assert await guess(room, [HOME] * 4, hard=True) == ["wrong_password"] * 4
        await room.join(f"Member {number}", address=HOME, hard=True)


async def test_addresses_are_counted_by_customer(room: ChatRoom) -> None:
    codes = await guess(room, [f"2001:db8:1:2::{number}" for number in range(6)])
    assert codes[-1] == "too_many_attempts"
    assert await guess(room, ["2001:db8:1:3::1"]) == ["wrong_password"]


@pytest.mark.parametrize(
    ("failures", "attacked"),
    [(ROOM_ATTACK_FAILURES - 1, False), (ROOM_ATTACK_FAILURES, True), (ROOM_ATTACK_FAILURES + 1, True)],
)
async def test_a_room_is_attacked_from_so_many_failures_an_hour(room: ChatRoom, failures: int, attacked: bool) -> None:
    await room.join("Anna", address=AWAY)  # a room that nobody has entered counts nothing
    await guess(room, [f"192.0.2.{number}" for number in range(failures)])
    assert room.state.proving.is_attacked(room.now_ms) is attacked
    await room.wake()
    assert room.state.proving.is_attacked(room.now_ms + ROOM_ATTACK_WINDOW_MS - 1) is attacked
    assert room.state.proving.is_attacked(room.now_ms + ROOM_ATTACK_WINDOW_MS) is False


async def test_successful_logins_are_no_attack(room: ChatRoom) -> None:
    for number in range(ROOM_ATTACK_FAILURES + 5):
        await room.join(f"Person {number}", address=f"192.0.2.{number}")
    assert room.state.proving.is_attacked(room.now_ms) is False


async def test_an_attacked_room_without_a_proof_of_work_lets_members_in(room: ChatRoom) -> None:
    await guess(room, [f"192.0.2.{number}" for number in range(ROOM_ATTACK_FAILURES)])
    await room.join("Anna", address=AWAY)


# --- challenges ---


async def test_an_answer_to_a_challenge_lets_in_once(room: ChatRoom) -> None:
    answer = Spent(b"digest", room.now_ms + MINUTE)
    await room.join("Anna", spent=[answer])
    await room.wake()
    assert isinstance(await refusal(room, "Boris", spent=[answer]), ChallengeFailed)
    await room.join("Boris", spent=[Spent(b"another", room.now_ms + MINUTE)])


async def test_a_used_answer_is_refused_before_the_hash(room: ChatRoom) -> None:
    await warm(room)
    answer = Spent(b"digest", room.now_ms + MINUTE)
    await refusal(room, "Anna", password=WRONG, spent=[answer])
    assert len(room.ciphers.stretched) == len(ROLES)
    assert isinstance(await refusal(room, "Anna", spent=[answer]), ChallengeFailed)
    assert len(room.ciphers.stretched) == len(ROLES)


async def test_two_logins_at_once_with_one_answer_let_one_in(room: ChatRoom) -> None:
    answer = Spent(b"digest", room.now_ms + MINUTE)
    results = await asyncio.gather(
        room.sign_in("Anna", spent=[answer]), room.sign_in("Boris", spent=[answer]), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["ChallengeFailed", "SignedIn"]


# --- a name that exists ---


@pytest.mark.parametrize(("age", "free"), [(NAME_HELD_MS - 1, False), (NAME_HELD_MS, True), (NAME_HELD_MS + 1, True)])
async def test_a_name_whose_devices_were_not_seen_for_a_day_is_free(
    room: ChatRoom, anna: Person, age: int, free: bool
) -> None:
    room.later(age)
    assert isinstance(await room.sign_in("Anna"), SignedIn if free else Waiting)


async def test_a_name_is_held_while_one_of_its_devices_was_seen(room: ChatRoom, anna: Person) -> None:
    waiting = await wait(room, "Anna")
    await get_in(room, "Anna", code=await code_for(room, waiting), confirmation=token_of(waiting))
    room.later(NAME_HELD_MS)
    room.state.sessions.note_seen(anna.id, anna.session.id, now_ms=room.now_ms)
    assert isinstance(await room.sign_in("Anna"), Waiting)


async def test_a_name_is_held_while_it_is_connected_however_long(room: ChatRoom, anna: Person) -> None:
    await room.connect(anna)
    room.later(NAME_HELD_MS * 2)
    assert isinstance(await room.sign_in("Anna"), Waiting)


async def test_a_device_that_speaks_on_its_socket_is_seen(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(10):
        room.later(23 * HOUR)
        await room.receive(connection, {"type": "typing", "channel": GENERAL})
    room.state.presence.go(anna.id)
    assert isinstance(await room.sign_in("Anna"), Waiting)
    await room.wake()
    assert room.state.sessions.authenticate(anna.token, now_ms=room.now_ms).id == anna.session.id


async def test_a_name_that_signed_out_everywhere_goes_to_somebody_new(room: ChatRoom, anna: Person) -> None:
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    result = await get_in(room, "Anna")
    assert result.member.id != anna.id
    assert events(result.events) == [
        {"seq": 2, "kind": "member_removed", "member": anna.id, "by": "", "reason": "replaced"},
        {
            "seq": 3,
            "kind": "member",
            "reason": "joined",
            "member": {"id": result.member.id, "name": "Anna", "role": "member", "hue": 1},
        },
    ]
    assert result.replaced == [anna.id]
    for _ in range(2):
        former = [(member.id, member.name) for member in room.state.directory.former_members()]
        assert former == [(anna.id, "Anna")]
        assert [member.id for member in room.state.directory.present_members()] == [result.member.id]
        await room.wake()


async def test_a_name_all_of_whose_sessions_expired_goes_to_somebody_new(room: ChatRoom, anna: Person) -> None:
    room.later(SESSION_IDLE_MS)
    assert (await get_in(room, "Anna")).member.id != anna.id


async def test_somebody_new_inherits_nothing(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    said = room.text("mine", plans)
    accepted(await room.ask(olga, said))
    room.state.store.reading.set_position(olga.id, GENERAL, 1, 1)
    room.state.store.notify_choices.put(olga.id, GENERAL, "none")
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    await room.state.standing.settle_role(room.state.directory.member(olga.id), now_ms=room.now_ms)
    mallory = await get_in(room, "Olga")
    author = Author(mallory.member.id, mallory.session.role)
    assert (mallory.member.role, author.is_admin) == ("member", False)
    assert room.state.store.reading.positions(mallory.member.id) == {}
    assert room.database.count("notify_choices") == 0
    for frame in (
        Edit("e", said.id, "not mine", ()),
        Delete("d", said.id),
        DeleteChannel("c", plans),
        UpdateChannel("u", plans, {"name": "others"}),
        RemoveMember("r", olga.id),
    ):
        request = Request(author, frame, "")
        outcome = await room.state.conversation.commit([request], now_ms=room.now_ms)
        assert parsed(outcome.answers[0] or "")["code"] == "forbidden"
    assert await room.bodies(plans) == ["mine"]


@pytest.mark.parametrize("again", [{"password": ADMIN_PASSWORD}, {}])
async def test_an_admins_word_continues_a_member_whose_name_is_free(
    room: ChatRoom, anna: Person, again: dict[str, str]
) -> None:
    room.later(NAME_HELD_MS + HOUR)
    assert ((await get_in(room, "Anna", **again)).member.id == anna.id) is bool(again)


async def test_a_code_continues_a_member_also_when_the_name_has_become_free(room: ChatRoom, anna: Person) -> None:
    room.later(NAME_HELD_MS - MINUTE)
    waiting = await wait(room, "Anna")
    code = await code_for(room, waiting)
    room.later(2 * MINUTE)
    assert (await get_in(room, "Anna", code=code, confirmation=token_of(waiting))).member.id == anna.id


async def test_two_who_take_a_free_name_at_the_same_moment_do_not_both_get_it() -> None:
    for steps in range(0, 40, 2):
        room = await make_room()
        anna = await room.join("Anna")
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)

        async def come_later(room: ChatRoom = room, steps: int = steps) -> SignedIn | Waiting:
            for _ in range(steps):
                await asyncio.sleep(0)
            return await room.sign_in("anna", address=AWAY)

        results = await asyncio.gather(room.sign_in("Anna"), come_later())
        assert sorted(type(result).__name__ for result in results) == ["SignedIn", "Waiting"]
        assert len(room.state.directory.present_members()) == len(room.state.directory.former_members()) == 1
        assert room.database.count("members") == 2
        seqs = [event["seq"] for each in results if isinstance(each, SignedIn) for event in events(each.events)]
        assert seqs == [room.state.directory.seq - 1, room.state.directory.seq], "nobody misses an event"


async def test_a_full_room_keeps_a_place_for_whoever_takes_a_free_name(room: ChatRoom, anna: Person) -> None:
    anna_herself = room.state.directory.member(anna.id)
    for number in range(MAX_MEMBERS - 1):
        room.state.directory.members[f"m{number}"] = replace(anna_herself, id=f"m{number}", name=UNREADABLE)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    await room.join("Anna")


# --- who was replaced is told ---


async def test_a_device_whose_member_was_replaced_is_told_at_its_next_visit(room: ChatRoom, anna: Person) -> None:
    room.later(NAME_HELD_MS + HOUR)
    taken_at = room.now_ms
    await get_in(room, "Anna", address=AWAY)
    for _ in range(2):
        with pytest.raises(Unauthenticated) as refused:
            room.state.sessions.authenticate(anna.token, now_ms=room.now_ms)
        assert refused.value.extra == {"replaced_at": taken_at}
        await room.wake()
    assert room.state.sessions.forget_past(anna.token) is True
    assert room.state.sessions.forget_past(anna.token) is False
    with pytest.raises(Unauthenticated) as refused:
        room.state.sessions.authenticate(anna.token, now_ms=room.now_ms)
    assert refused.value.extra == {}


@pytest.mark.parametrize("how", ["idle", "ended elsewhere", "password"])
async def test_a_device_that_was_signed_out_before_is_told_too(room: ChatRoom, anna: Person, how: str) -> None:
    if how == "idle":
        room.later(SESSION_IDLE_MS)
        await room.state.retention.run(now_ms=room.now_ms, is_online=())
    elif how == "ended elsewhere":
        other = await get_in(room, "Anna", password=ADMIN_PASSWORD)
        room.state.sessions.end(other.session, anna.session.id, now_ms=room.now_ms)
        room.state.sessions.end(other.session, other.session.id, now_ms=room.now_ms)
    else:
        await room.wake(CHAT_PASSWORD="another one entirely")
    with pytest.raises(Unauthenticated) as refused:
        room.state.sessions.authenticate(anna.token, now_ms=room.now_ms)
    assert refused.value.extra == {}, "the name is nobody's yet"
    await get_in(room, "Anna", password="another one entirely" if how == "password" else PASSWORD)
    with pytest.raises(Unauthenticated) as refused:
        room.state.sessions.authenticate(anna.token, now_ms=room.now_ms)
    assert refused.value.extra == {"replaced_at": room.now_ms}


@pytest.mark.parametrize("how", ["on its day", "a week unused", "not cleaned up yet", "a new password"])
async def test_the_same_browser_is_the_same_person_after_its_session_has_ended_by_itself(
    room: ChatRoom, anna: Person, how: str
) -> None:
    await room.say(anna, "mine")
    password = PASSWORD
    if how == "a new password":
        password = "another one entirely"
        await room.wake(CHAT_PASSWORD=password)
    else:
        room.later(30 * DAY if how == "on its day" else SESSION_IDLE_MS)
        if how != "not cleaned up yet":
            await room.state.retention.run(now_ms=room.now_ms, is_online=())
    result = await get_in(room, "Anna", password=password, device=token_digest(anna.token))
    assert result.member.id == anna.id
    assert [each for each in kinds(result) if each[1] != "role"] == []
    assert room.database.count("past_devices") == 0
    stranger = await room.sign_in("Anna", password=password, device=token_digest(anna.token), address=AWAY)
    assert isinstance(stranger, Waiting), "the old cookie was good once"


@pytest.mark.parametrize(("later", "is_same"), [(PAST_DEVICE_MS - 1, True), (PAST_DEVICE_MS, False)])
async def test_a_browser_proves_whose_it_was_for_ninety_days(
    room: ChatRoom, anna: Person, later: int, is_same: bool
) -> None:
    await room.wake(CHAT_PASSWORD="another one entirely")
    room.later(later)
    digest = token_digest(anna.token)
    result = await get_in(room, "Anna", password="another one entirely", device=digest)
    assert (result.member.id == anna.id) is is_same


@pytest.mark.parametrize("how", ["here", "elsewhere", "removed", "replaced"])
async def test_a_browser_that_was_signed_out_proves_nothing(
    room: ChatRoom, anna: Person, olga: Person, how: str
) -> None:
    if how == "here":
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    elif how == "elsewhere":
        other = await get_in(room, "Anna", password=ADMIN_PASSWORD)
        room.state.sessions.end(other.session, anna.session.id, now_ms=room.now_ms)
        room.state.sessions.end(other.session, other.session.id, now_ms=room.now_ms)
    elif how == "removed":
        await room.ask(olga, RemoveMember("m", anna.id))
    else:
        room.later(NAME_HELD_MS + HOUR)
        mallory = await get_in(room, "Anna", address=AWAY)
        room.state.sessions.end(mallory.session, mallory.session.id, now_ms=room.now_ms)
    result = await get_in(room, "Anna", device=token_digest(anna.token))
    assert result.member.id != anna.id


async def test_a_past_device_of_one_member_is_none_of_another(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    await room.wake(CHAT_PASSWORD="another one entirely")
    result = await get_in(room, "Boris", password="another one entirely", device=token_digest(anna.token))
    assert result.member.id not in (anna.id, boris.id)


async def test_a_device_that_signs_out_itself_leaves_nothing(room: ChatRoom, anna: Person) -> None:
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    await get_in(room, "Anna")
    assert room.database.count("past_devices") == 0


async def test_the_browser_of_a_replaced_member_is_told_after_it_has_signed_in_again(
    room: ChatRoom, anna: Person
) -> None:
    room.later(NAME_HELD_MS + HOUR)
    taken_at = room.now_ms
    mallory = await get_in(room, "Anna", address=AWAY)
    room.later(HOUR)
    past = room.state.sessions.past(anna.token)
    back = await get_in(room, "Anna P.", past=past)
    (alert,) = room.state.alerts.of(back.session)
    assert (alert.kind, alert.at, alert.member) == ("replaced", taken_at, back.member.id)
    assert room.state.alerts.of(mallory.session) == []
    assert room.database.count("past_devices") == 0
    assert room.state.alerts.see(back.session, alert.id) is True
    assert room.state.alerts.of(back.session) == []


async def test_cookies_that_have_expired_are_forgotten(room: ChatRoom, anna: Person) -> None:
    room.later(NAME_HELD_MS + HOUR)
    await get_in(room, "Anna", address=AWAY)
    assert room.database.count("past_devices") == 1
    room.later(PAST_DEVICE_MS)
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert {row["token_digest"] for row in room.database.rows("past_devices")} & {token_digest(anna.token)} == set()


async def test_the_device_that_is_signed_in_already_signs_in_without_a_code(room: ChatRoom, anna: Person) -> None:
    result = await get_in(room, "Anna", current=anna.session)
    assert result.events == []
    assert [session.id for session in result.ended] == [anna.session.id]
    assert room.database.count("sessions") == 1
    assert result.session.id != anna.session.id
    assert result.token != anna.token


async def test_another_members_device_needs_a_code_all_the_same(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    assert isinstance(await room.sign_in("Anna", current=boris.session), Waiting)
    assert room.database.count("sessions") == 2


async def test_a_device_that_becomes_somebody_else_is_signed_out_as_who_it_was(room: ChatRoom, anna: Person) -> None:
    result = await get_in(room, "Boris", current=anna.session)
    assert kinds(result) == [("Boris", "joined", "member")]
    assert [session.member for session in result.ended] == [anna.id]
    assert [row["member"] for row in room.database.rows("sessions")] == [result.member.id]


async def test_an_admins_device_that_becomes_somebody_else_leaves_no_admin_behind(room: ChatRoom, olga: Person) -> None:
    result = await get_in(room, "Boris", current=olga.session)
    assert kinds(result) == [("Boris", "joined", "member"), ("Olga", "role", "member")]


async def test_the_admins_password_takes_any_name_without_a_code(room: ChatRoom, anna: Person) -> None:
    result = await get_in(room, "Anna", password=ADMIN_PASSWORD)
    assert result.member.id == anna.id
    assert kinds(result) == [("Anna", "new_device", "member"), ("Anna", "role", "admin")]
    assert result.session.role == "admin"
    assert result.member.role == "admin"


async def test_an_admins_name_is_not_given_up_to_the_rooms_password(room: ChatRoom, olga: Person) -> None:
    room.later(NAME_HELD_MS + HOUR)
    assert isinstance(await room.sign_in("Olga"), Waiting)
    assert (await get_in(room, "Olga", password=ADMIN_PASSWORD)).member.id == olga.id


async def test_an_admins_name_is_given_up_with_a_code_but_without_the_role(room: ChatRoom, olga: Person) -> None:
    waiting = await wait(room, "Olga")
    result = await get_in(room, "Olga", code=await code_for(room, waiting), confirmation=token_of(waiting))
    assert (result.member.id, result.session.role, result.member.role) == (olga.id, "member", "admin")
    assert kinds(result) == [("Olga", "new_device", "admin")]


async def test_an_admin_who_comes_back_with_the_rooms_password_is_a_member(room: ChatRoom, olga: Person) -> None:
    result = await get_in(room, "Olga", current=olga.session)
    assert kinds(result) == [("Olga", "role", "member")]
    assert room.state.directory.member(olga.id).role == "member"


async def test_a_removed_members_name_is_free_for_a_new_member(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.ask(olga, RemoveMember("m", anna.id))
    result = await get_in(room, "Anna")
    assert result.member.id != anna.id
    assert kinds(result) == [("Anna", "joined", "member")]


@pytest.mark.parametrize(("present", "ended"), [(MAX_SESSIONS_PER_MEMBER - 1, 0), (MAX_SESSIONS_PER_MEMBER, 1)])
async def test_a_member_has_at_most_so_many_devices_and_the_oldest_gives_way(present: int, ended: int) -> None:
    room = await make_room()
    olga = await room.join("Olga", admin=True)
    for _ in range(present - 1):
        room.later(1)
        await get_in(room, "Olga", password=ADMIN_PASSWORD)
    room.later(1)
    result = await get_in(room, "Olga", password=ADMIN_PASSWORD)
    assert [session.id for session in result.ended] == [olga.session.id][:ended]
    assert room.database.count("sessions") == MAX_SESSIONS_PER_MEMBER


# --- salts, verifiers and changed passwords ---


async def test_the_salt_survives_a_rotated_master_key(room: ChatRoom, anna: Person) -> None:
    salt = await room.state.credentials.salt(stored=True)
    old = room.given["MASTER_KEY"]
    await room.wake(MASTER_KEY="A" * 43, MASTER_KEY_PREVIOUS=old)
    assert await room.state.credentials.salt(stored=True) == salt
    assert isinstance(await room.sign_in("Anna"), Waiting)
    await room.wake(MASTER_KEY_PREVIOUS="")
    assert await room.state.credentials.salt(stored=True) == salt
    assert [member.name for member in room.state.directory.present_members()] == ["Anna"]
    assert isinstance(await room.sign_in("Anna"), Waiting)


async def test_rooms_have_different_salts() -> None:
    database = SqliteDatabase()
    salts = {await (await make_room(name, database=database)).state.credentials.salt(stored=False) for name in "abc"}
    assert len(salts) == 3
    assert {len(salt) for salt in salts} == {16}


async def test_a_login_costs_one_hash_for_each_role_once_the_room_knows_its_passwords(room: ChatRoom) -> None:
    await room.join("Anna")
    assert len(room.ciphers.stretched) == len(ROLES) * (KDF_ROUNDS + 1)
    await room.wake(version="1")
    await room.wake(version="1")
    room.ciphers.stretched.clear()
    await room.join("Boris")
    assert len(room.ciphers.stretched) == len(ROLES)
