"""notify/subscriptions.py: where devices are reached, sealed, one address a device, ten devices a member."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from errors import Unauthenticated
from limits import MAX_SUBSCRIPTIONS, SESSION_IDLE_MS
from notify.subscriptions import Subscriptions
from notify.web_push import Device
from sealing.keyring import Header, Sealed
from storage.entries import Resealed
from storage.registry import REGISTRY
from storage.subscriptions import Subscription
from tests.fakes import public_bytes
from tests.push_service import Browser
from tests.rooms import DAY, HOUR, ChatRoom, Person, make_room, sealed_texts, sign_in_again
from upkeep.resealing import OldKeys


def table(room: ChatRoom) -> Subscriptions:
    """The room's devices, with nothing remembered."""
    return Subscriptions(room.state.store, room.state.keyring)


def new_device(name: str = "x") -> Device:
    browser = Browser(f"https://fcm.googleapis.com/fcm/send/{name}")
    return Device(browser.endpoint, public_bytes(browser.key), browser.auth)


async def put(room: ChatRoom, person: Person, device: Device, session: str | None = None) -> None:
    if session is not None:
        sign_in_again(room, person, session)
    await table(room).put(person.id, session or person.session.id, device, now_ms=room.now_ms)


def of(room: ChatRoom, person: Person) -> list[Subscription]:
    return table(room).of(person.id, now_ms=room.now_ms)


async def stored(room: ChatRoom, person: Person) -> list[Device | None]:
    return await table(room).open(of(room, person))


async def test_a_device_is_found_again_as_it_was_registered(room: ChatRoom, anna: Person) -> None:
    device = new_device()
    await put(room, anna, device)
    assert await stored(room, anna) == [device]
    assert table(room).members() == {anna.id}


async def test_registering_again_writes_nothing(room: ChatRoom, anna: Person) -> None:
    device = new_device()
    await put(room, anna, device)
    before = room.database.dump()
    room.later(DAY // 2)
    await put(room, anna, device)
    assert room.database.dump() == before


async def test_nothing_of_an_address_is_stored_in_the_clear(room: ChatRoom, anna: Person) -> None:
    device = new_device("very-secret")
    await put(room, anna, device)
    dump = room.database.dump()
    for secret in (device.endpoint.encode(), b"very-secret", device.auth, device.p256dh):
        assert secret.hex() not in dump.lower()
        assert repr(secret)[2:-1] not in dump


async def test_a_device_has_one_address_and_an_address_one_device(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    await put(room, anna, new_device("old"))
    newer = new_device("new")
    await put(room, anna, newer)
    assert await stored(room, anna) == [newer]
    await put(room, boris, newer)
    assert await stored(room, anna) == []
    assert await stored(room, boris) == [newer]


async def test_the_same_browser_with_another_session_of_its_member_moves(room: ChatRoom, anna: Person) -> None:
    device = new_device()
    await put(room, anna, device)
    await put(room, anna, device, "another-session")
    assert [each.session for each in of(room, anna)] == ["another-session"]


@pytest.mark.parametrize("more", [-1, 0, 1, 2])
async def test_the_oldest_device_makes_room_for_the_newest(room: ChatRoom, anna: Person, more: int) -> None:
    for number in range(MAX_SUBSCRIPTIONS + more):
        room.later(1)
        await put(room, anna, new_device(str(number)), f"session-{number}")
    found = [each.session for each in of(room, anna)]
    assert found == [f"session-{number}" for number in range(max(0, more), MAX_SUBSCRIPTIONS + more)]


async def test_a_device_is_removed_by_its_address_and_only_by_its_member(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    device = new_device()
    await put(room, anna, device)
    await table(room).delete(boris.id, device.endpoint, now_ms=room.now_ms)
    await table(room).delete(anna.id, device.endpoint + "x", now_ms=room.now_ms)
    assert await stored(room, anna) == [device]
    for _ in range(2):
        await table(room).delete(anna.id, device.endpoint, now_ms=room.now_ms)
    assert await stored(room, anna) == []


async def test_an_address_moved_to_another_member_or_device_does_not_open(room: ChatRoom, anna: Person) -> None:
    await put(room, anna, new_device())
    (found,) = of(room, anna)
    moved = [replace(found, session="other"), replace(found, member="boris")]
    assert await table(room).open(moved) == [None, None]


async def test_a_member_without_devices_is_forgotten_when_that_shows(room: ChatRoom, anna: Person) -> None:
    await put(room, anna, new_device())
    known = table(room)
    assert known.members() == {anna.id}
    room.state.store.delete_session(anna.id, anna.session.id)
    assert known.of(anna.id, now_ms=room.now_ms) == []
    assert known.members() == set()


@pytest.mark.parametrize("ends_in", ["idle", "expired"])
async def test_a_device_ends_with_its_session_before_any_clean_up(room: ChatRoom, anna: Person, ends_in: str) -> None:
    device = new_device()
    await put(room, anna, device)
    session = anna.session
    if ends_in == "idle":
        room.now_ms = session.seen_at + SESSION_IDLE_MS - 1
    else:
        room.now_ms = session.expires_at - 1
        room.state.sessions.note_seen(anna.id, session.id, now_ms=room.now_ms)
    assert await stored(room, anna) == [device]
    room.later(1)
    assert await stored(room, anna) == []
    with pytest.raises(Unauthenticated):
        await put(room, anna, new_device("new"))


async def test_a_session_that_ends_while_its_address_is_sealed_leaves_none(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(room, anna, new_device(), "another-session")
    before = room.database.rows("push_subscriptions")
    seal = room.state.keyring.seal

    async def seal_slowly(items: Sequence[tuple[bytes, Header]], *, now_ms: int) -> list[Sealed]:
        sealed = await seal(items, now_ms=now_ms)
        room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
        return sealed

    monkeypatch.setattr(room.state.keyring, "seal", seal_slowly)
    with pytest.raises(Unauthenticated):
        await put(room, anna, new_device("new"))
    assert room.database.rows("push_subscriptions") == before


async def test_addresses_move_to_the_newest_data_key_and_damaged_ones_stay_behind(room: ChatRoom, anna: Person) -> None:
    device = new_device()
    await put(room, anna, device)
    await put(room, anna, new_device("damaged"), "damaged")
    (good, bad) = sorted(of(room, anna), key=lambda each: each.session == "damaged")
    room.database.tamper("UPDATE push_subscriptions SET sealed = zeroblob(60) WHERE session = 'damaged'")
    room.later(2 * DAY)
    await room.state.keyring.seal([(b"", Header("any"))], now_ms=room.now_ms)
    room.later(HOUR)
    await OldKeys(room.state.store, room.state.keyring, room.state.directory).forget(now_ms=room.now_ms)
    moved = {each.session: each for each in of(room, anna)}
    assert moved[anna.session.id].sealed.epoch > good.sealed.epoch
    assert moved["damaged"].sealed.epoch == bad.sealed.epoch == good.sealed.epoch
    assert await table(room).open([moved[anna.session.id], moved["damaged"]]) == [device, None]


async def test_an_address_that_changes_while_the_old_one_is_sealed_anew_stays(room: ChatRoom, anna: Person) -> None:
    await put(room, anna, new_device("old"))
    (column,) = next(entry.sealed for entry in REGISTRY if entry.table == "push_subscriptions")
    (old,) = sealed_texts(room.database, "push_subscriptions", column)
    newer = new_device("new")
    room.later(2 * DAY)
    await put(room, anna, newer)
    assert isinstance(column.key, Resealed)
    room.state.store.sealed.reseal(column.key, old, old.sealed)
    assert await stored(room, anna) == [newer]


async def test_the_clean_up_keeps_devices_although_their_data_key_goes() -> None:
    room = await make_room(RETENTION_DAYS="1")
    anna = await room.join("Anna")
    device = new_device()
    await put(room, anna, device)
    epoch = of(room, anna)[0].sealed.epoch
    for _ in range(3):
        room.later(2 * DAY)
        room.state.sessions.note_seen(anna.id, anna.session.id, now_ms=room.now_ms)
        await room.say(anna, "a message that does not last")
        await room.state.retention.run(now_ms=room.now_ms, is_online=frozenset())
    assert of(room, anna)[0].sealed.epoch > epoch
    assert epoch not in [key.epoch for key in room.state.store.keys.data_keys()]
    assert await stored(room, anna) == [device]
