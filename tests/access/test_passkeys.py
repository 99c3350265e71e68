"""access/passkeys.py: a passkey proves its member, once for each challenge, and secures the name."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from access.passkey_forms import parse_registration, read_assertion
from access.webauthn import Assertion, site_at
from chat.changes import Event
from encoding import b64url
from errors import Forbidden, LimitReached, NotFound, Unauthenticated, WrongPasskey
from limits import LOGIN_FAILURES_ALLOWED, MAX_PASSKEYS_PER_MEMBER, PASSKEY_CHALLENGE_MS
from storage.passkeys import Passkey
from tests.devices import ALGORITHMS, VERIFIED, Device, Page
from tests.logins import AWAY, get_in, kinds, refusal
from tests.rooms import ADMIN_PASSWORD, DAY, HOUR, ORIGIN, ChatRoom, Person, events, make_room

SITE = site_at(ORIGIN)


async def page(room: ChatRoom, **more: Any) -> Page:
    """A page of the room that has just fetched a challenge."""
    challenge, _ = await room.state.passkeys.challenge(now_ms=room.now_ms)
    return Page(more.pop("origin", ORIGIN), b64url(challenge), **more)


async def register(
    room: ChatRoom, person: Person, device: Device, name: str = "Laptop", asked: Page | None = None
) -> tuple[Passkey, list[Event]]:
    made = parse_registration(json.dumps(device.made(asked or await page(room), name)))
    return await room.state.passkeys.register(room.state.directory.member(person.id), made, SITE, now_ms=room.now_ms)


async def use(room: ChatRoom, device: Device, **more: Any) -> Assertion:
    return read_assertion(device.used(await page(room, **more)))


async def refused(room: ChatRoom, passkey: Assertion, name: str = "", **more: Any) -> str:
    """Why a login with this passkey is refused; it says so with the one code for all of it."""
    error = await refusal(room, name, passkey=passkey, **more)
    assert (error.code, error.status) == ("wrong_passkey", 401)
    return error.detail


def failures(room: ChatRoom) -> int:
    (count,) = (row for row in room.database.rows("attempts") if row["address"] == b"")
    return int(count["failures"])


# --- making ---


async def test_the_first_passkey_secures_the_name_and_everybody_is_told_once(room: ChatRoom, anna: Person) -> None:
    _, told = await register(room, anna, Device())
    assert events(told) == [
        {
            "seq": room.state.directory.seq,
            "kind": "member",
            "member": {"id": anna.id, "name": "Anna", "role": "member", "hue": 0, "secured": True},
            "reason": "secured",
        }
    ]
    _, told = await register(room, anna, Device(), "Phone")
    assert told == []


async def test_the_list_has_the_names_that_the_member_gave_oldest_first(room: ChatRoom, anna: Person) -> None:
    first, second = Device(), Device()
    await register(room, anna, first, "Laptop")
    room.later(HOUR)
    await register(room, anna, second, "Телефон")
    room.later(HOUR)
    await get_in(room, "Anna", passkey=await use(room, second))
    assert await room.state.passkeys.listed(anna.id) == [
        {"id": b64url(first.id), "name": "Laptop", "created_at": room.now_ms - 2 * HOUR, "used_at": None},
        {"id": b64url(second.id), "name": "Телефон", "created_at": room.now_ms - HOUR, "used_at": room.now_ms},
    ]
    assert "Телефон" not in room.database.dump()
    assert "Телефон" in await room.plaintexts()


async def test_a_member_has_ten_at_most(room: ChatRoom, anna: Person, boris: Person) -> None:
    for number in range(MAX_PASSKEYS_PER_MEMBER):
        await register(room, anna, Device(), f"Number {number}")
    asked = await page(room)
    with pytest.raises(LimitReached):
        await register(room, anna, Device(), asked=asked)
    assert len(await room.state.passkeys.listed(anna.id)) == MAX_PASSKEYS_PER_MEMBER == 10
    await register(room, boris, Device(), asked=asked)  # what was refused has used nothing up


async def test_a_key_of_another_kind_than_it_says_is_refused(room: ChatRoom, anna: Person) -> None:
    for algorithm in ALGORITHMS:
        for other in set(ALGORITHMS) - {algorithm}:
            body = Device(algorithm).made(await page(room)) | {"algorithm": other}
            with pytest.raises(WrongPasskey, match="public_key"):
                await room.state.passkeys.register(
                    room.state.directory.member(anna.id),
                    parse_registration(json.dumps(body)),
                    SITE,
                    now_ms=room.now_ms,
                )
    assert room.database.count("passkeys") == 0
    assert not room.state.directory.member(anna.id).secured


async def test_a_device_cannot_be_registered_twice_nor_taken_from_somebody_else(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    device = Device()
    await register(room, anna, device)
    for person in (anna, boris):
        with pytest.raises(WrongPasskey, match="known already"):
            await register(room, person, device)
    assert (await get_in(room, "", passkey=await use(room, device))).member.id == anna.id
    assert not room.state.directory.member(boris.id).secured


async def test_a_challenge_makes_one_passkey(room: ChatRoom, anna: Person) -> None:
    asked = await page(room)
    await register(room, anna, Device(), asked=asked)
    with pytest.raises(WrongPasskey, match="used before"):
        await register(room, anna, Device(), asked=asked)


async def test_a_challenge_is_good_for_five_minutes_and_in_its_own_room(room: ChatRoom, anna: Person) -> None:
    asked = await page(room)
    room.later(PASSKEY_CHALLENGE_MS)
    with pytest.raises(WrongPasskey, match="stale"):
        await register(room, anna, Device(), asked=asked)
    other = await make_room("team")
    with pytest.raises(WrongPasskey, match="not from here"):
        await register(room, anna, Device(), asked=await page(other))
    asked = await page(room)
    room.later(PASSKEY_CHALLENGE_MS - 1)
    await register(room, anna, Device(), asked=asked)


async def test_whoever_was_removed_meanwhile_gets_no_passkey(room: ChatRoom, anna: Person) -> None:
    made = parse_registration(json.dumps(Device().made(await page(room))))
    member = room.state.directory.member(anna.id)
    member.removed_at = room.now_ms
    with pytest.raises(Unauthenticated):
        await room.state.passkeys.register(member, made, SITE, now_ms=room.now_ms)
    assert room.database.count("passkeys") == 0


# --- using ---


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("name", ["", "Anna", "ANNA"])
async def test_a_passkey_lets_its_member_in_with_the_name_or_without(
    room: ChatRoom, anna: Person, algorithm: int, name: str
) -> None:
    device = Device(algorithm)
    await register(room, anna, device)
    room.later(91 * DAY)
    result = await get_in(room, name, passkey=await use(room, device), address=AWAY)
    assert (result.member.id, result.session.role, result.session.began) == (anna.id, "member", "passkey")
    assert kinds(result) == [("Anna", "new_device", "member")]
    assert failures(room) == 0


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"origin": "https://chat.example.org", "rp_id": "chat.example"}, "another address"),
        ({"origin": "http://chat.example"}, "another address"),
        ({"origin": "https://chat.example:8443"}, "another address"),
        ({"rp_id": "example"}, "belongs to another address"),
        ({"type": "webauthn.create"}, "type"),
        ({"flags": VERIFIED}, "who uses it"),
        ({"more": {"challenge": b64url(bytes(56))}}, "another challenge"),
        ({"more": {"crossOrigin": True}}, "another site's page"),
    ],
)
async def test_what_was_signed_for_something_else_lets_nobody_in_and_counts_as_a_failed_login(
    room: ChatRoom, anna: Person, wrong: dict[str, Any], detail: str
) -> None:
    device = Device()
    await register(room, anna, device)
    assert detail in await refused(room, await use(room, device, **wrong))
    assert failures(room) == 1
    assert (await room.state.passkeys.listed(anna.id))[0]["used_at"] is None


async def test_a_use_is_good_once(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    used = await use(room, device)
    await get_in(room, "", passkey=used)
    assert "used before" in await refused(room, used)


async def test_a_challenge_that_made_a_passkey_is_used_up_for_logins_too(room: ChatRoom, anna: Person) -> None:
    device, asked = Device(), await page(room)
    await register(room, anna, device, asked=asked)
    assert "used before" in await refused(room, read_assertion(device.used(asked)))


async def test_a_stale_challenge_or_another_rooms_lets_nobody_in(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    used = await use(room, device)
    room.later(PASSKEY_CHALLENGE_MS)
    assert "stale" in await refused(room, used)
    elsewhere = await make_room("team")
    assert "not from here" in await refused(room, await use(elsewhere, device))


async def test_a_passkey_of_another_room_is_unknown_here(room: ChatRoom, anna: Person) -> None:
    device, elsewhere = Device(), await make_room("team")
    await register(room, anna, device)
    await elsewhere.join("Anna")
    assert "no such passkey" in await refused(elsewhere, await use(elsewhere, device))


async def test_a_room_that_nobody_has_entered_answers_the_same_and_writes_nothing() -> None:
    room = await make_room()
    assert "no such passkey" in await refused(room, await use(room, Device()))
    assert room.database.tables() == []


async def test_another_key_or_a_damaged_signature_lets_nobody_in(room: ChatRoom, anna: Person) -> None:
    device, other = Device(), Device()
    await register(room, anna, device)
    other.id = device.id
    assert "not the passkey's" in await refused(room, await use(room, other))
    good = await use(room, device)
    assert "malformed" in await refused(room, replace(good, signature=good.signature[:-1]), address=AWAY)
    assert "malformed" in await refused(room, replace(good, signature=good.signature + b"\0"), address=AWAY)
    one = bytes.fromhex("020101")
    zero = b"\x30\x06\x02\x01\x00" + one
    assert "malformed" in await refused(room, replace(good, signature=zero), address=AWAY)
    ones = b"\x30\x06" + one + one
    assert "not the passkey's" in await refused(room, replace(good, signature=ones), address="198.51.100.1")
    assert (await get_in(room, "", passkey=good)).member.id == anna.id  # what failed has used nothing up


async def test_the_passkey_of_somebody_else_proves_no_other_name(room: ChatRoom, anna: Person, boris: Person) -> None:
    device = Device()
    await register(room, anna, device)
    for name in ("Boris", "Zoe"):
        assert "another member's" in await refused(room, await use(room, device), name)


async def test_a_passkey_beside_the_admins_password_gives_the_admins_rights(room: ChatRoom, olga: Person) -> None:
    device = Device()
    await register(room, olga, device)
    used = await use(room, device)
    result = await get_in(room, "Olga", passkey=used, with_password=ADMIN_PASSWORD, address=AWAY)
    assert (result.member.id, result.session.role, result.session.began) == (olga.id, "admin", "passkey")
    error = await refusal(room, "Olga", passkey=await use(room, device), with_password="not the password")
    assert error.code == "wrong_password"


async def test_a_passkey_lets_in_where_the_password_does_not_any_more(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    await room.wake(ACCESS="invite", CHAT_PASSWORD="")
    assert (await get_in(room, "", passkey=await use(room, device))).member.id == anna.id


async def test_guesses_with_passkeys_meet_the_limits_of_guesses_at_passwords(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    for _ in range(LOGIN_FAILURES_ALLOWED):
        await refused(room, await use(room, Device()), address=AWAY)
    error = await refusal(room, "", passkey=await use(room, device), address=AWAY)
    assert error.code == "too_many_attempts"
    assert failures(room) == LOGIN_FAILURES_ALLOWED


async def test_a_count_that_does_not_grow_is_logged_and_lets_in_all_the_same(
    room: ChatRoom, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    device = Device()
    await register(room, anna, device)
    for count, is_logged in [(5, False), (6, False), (6, True), (2, True), (3, False), (0, True), (0, False)]:
        caplog.clear()
        device.count = count - 1
        result = await get_in(room, "", passkey=await use(room, device))
        assert result.member.id == anna.id
        assert [record.getMessage() for record in caplog.records] == ["a passkey counted backwards"] * is_logged, count


async def test_a_removed_member_takes_the_passkeys_along(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    room.state.store.remove_member(anna.id, room.now_ms)
    assert room.database.count("passkeys") == 0
    assert "no such passkey" in await refused(room, await use(room, device))


async def test_passkeys_survive_sleep(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    await room.wake()
    assert room.state.directory.member(anna.id).secured
    assert (await get_in(room, "", passkey=await use(room, device))).member.id == anna.id


# --- removing ---


async def test_one_of_two_may_go_and_lets_nobody_in_any_more(room: ChatRoom, anna: Person) -> None:
    first, second = Device(), Device()
    await register(room, anna, first)
    await register(room, anna, second, "Phone")
    used = await use(room, first)
    room.state.passkeys.remove(anna.id, b64url(first.id))
    assert "no such passkey" in await refused(room, used)
    assert (await get_in(room, "", passkey=await use(room, second))).member.id == anna.id
    assert room.state.directory.member(anna.id).secured


async def test_the_last_one_goes_only_if_there_is_a_recovery_code(room: ChatRoom, anna: Person) -> None:
    device = Device()
    await register(room, anna, device)
    with pytest.raises(Forbidden, match="recovery code"):
        room.state.passkeys.remove(anna.id, b64url(device.id))
    member = room.state.directory.member(anna.id)
    await room.state.recovery_codes.put(member, bytes(32), now_ms=room.now_ms)
    room.state.passkeys.remove(anna.id, b64url(device.id))
    assert await room.state.passkeys.listed(anna.id) == []
    assert room.state.directory.member(anna.id).secured


async def test_nobody_removes_anothers(room: ChatRoom, anna: Person, boris: Person) -> None:
    device = Device()
    await register(room, anna, device)
    for passkey in (b64url(device.id), "AAAA", "", "a'b"):
        with pytest.raises(NotFound):
            room.state.passkeys.remove(boris.id, passkey)
    assert len(await room.state.passkeys.listed(anna.id)) == 1


async def test_of_two_uses_of_one_challenge_at_once_one_counts(room: ChatRoom, anna: Person) -> None:
    device, asked = Device(), await page(room)
    await register(room, anna, device)
    proving = [
        room.state.passkeys.prove(read_assertion(device.used(asked)), SITE, now_ms=room.now_ms) for _ in range(2)
    ]
    results = await asyncio.gather(*proving, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Member", "WrongPasskey"]


async def test_a_passkey_that_is_removed_while_its_signature_is_checked_lets_nobody_in(
    room: ChatRoom, anna: Person
) -> None:
    device = Device()
    await register(room, anna, device)
    used = await use(room, device)

    async def remove() -> None:
        room.state.store.passkeys.delete(b64url(device.id))

    proving = room.state.passkeys.prove(used, SITE, now_ms=room.now_ms)
    result, _ = await asyncio.gather(proving, remove(), return_exceptions=True)
    assert isinstance(result, WrongPasskey)
