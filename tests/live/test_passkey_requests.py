"""live/passkey_requests.py: making, listing and removing passkeys over HTTP, and what it costs a member."""

import json
from typing import Any

import pytest

from chat.directory import GENERAL
from encoding import b64url, compact_json
from errors import Forbidden, LimitReached, Malformed, NotFound, TooManyAttempts, WrongPasskey
from limits import PASSKEY_CHALLENGE_MS, REQUEST_BURST, WRITE_QUESTIONS
from tests.devices import Device, Page
from tests.live.test_requests import Counter
from tests.rooms import ORIGIN, ChatRoom, Person, make_room, told


@pytest.fixture
def counter(room: ChatRoom) -> Counter:
    return Counter(room)


async def page(counter: Counter, **more: Any) -> Page:
    """A page that has asked for a challenge."""
    return Page(ORIGIN, (await challenge(counter))["challenge"], **more)


async def challenge(counter: Counter, origin: str = ORIGIN) -> dict[str, Any]:
    return await counter.json("POST", "/passkeys/challenge", origin=origin)


async def add(counter: Counter, person: Person, device: Device, name: str = "Laptop") -> dict[str, Any]:
    body = compact_json(device.made(await page(counter), name))
    reply = await counter.reply("POST", "/passkeys", person, body=body, origin=ORIGIN)
    assert reply.status == 201
    return dict(json.loads(reply.body or ""))


async def test_a_challenge_is_for_anybody_names_the_host_and_writes_nothing() -> None:
    counter = Counter(await make_room())
    first, second = await challenge(counter), await challenge(counter)
    assert first["challenge"] != second["challenge"]
    assert first["expires_at"] == counter.room.now_ms + PASSKEY_CHALLENGE_MS
    assert first["rp_id"] == "chat.example"
    assert (await challenge(counter, "http://localhost:8787"))["rp_id"] == "localhost"
    assert counter.room.database.tables() == []


async def test_a_new_passkey_is_answered_as_the_list_shows_it_and_everybody_learns_that_the_name_is_secured(
    counter: Counter, anna: Person
) -> None:
    device = Device()
    body = compact_json(device.made(await page(counter), "Телефон"))
    reply = await counter.reply("POST", "/passkeys", anna, body=body, origin=ORIGIN)
    shown = {"id": b64url(device.id), "name": "Телефон", "created_at": counter.room.now_ms, "used_at": None}
    assert (reply.status, json.loads(reply.body or "")) == (201, shown)
    ((frame, members, _),) = told(reply.effects)
    (event,) = frame["events"]
    assert (event["reason"], event["member"]["secured"], members) == ("secured", True, None)
    assert await counter.json("GET", "/passkeys", anna) == {"passkeys": [shown]}
    assert (await counter.json("GET", "/session", anna))["member"]["secured"] is True


async def test_a_second_one_is_nobody_elses_business(counter: Counter, anna: Person) -> None:
    await add(counter, anna, Device())
    body = compact_json(Device().made(await page(counter)))
    assert list((await counter.reply("POST", "/passkeys", anna, body=body, origin=ORIGIN)).effects) == []


async def test_everybody_sees_and_removes_their_own(counter: Counter, anna: Person, boris: Person) -> None:
    first, second = Device(), Device()
    await add(counter, anna, first)
    await add(counter, anna, second)
    assert await counter.json("GET", "/passkeys", boris) == {"passkeys": []}
    path = f"/passkeys/{b64url(first.id)}"
    assert isinstance(await counter.refusal("DELETE", path, boris), NotFound)
    assert (await counter.reply("DELETE", path, anna)).status == 204
    assert isinstance(await counter.refusal("DELETE", path, anna), NotFound)
    assert isinstance(await counter.refusal("DELETE", f"/passkeys/{b64url(second.id)}", anna), Forbidden)
    (left,) = (await counter.json("GET", "/passkeys", anna))["passkeys"]
    assert left["id"] == b64url(second.id)


async def test_a_passkey_of_another_address_or_none_is_refused_and_nothing_is_stored(
    counter: Counter, anna: Person
) -> None:
    body = compact_json(Device().made(await page(counter)))
    other = await counter.refusal("POST", "/passkeys", anna, body=body, origin="https://chat.example.org")
    assert isinstance(other, WrongPasskey)
    assert isinstance(await counter.refusal("POST", "/passkeys", anna, body="{}", origin=ORIGIN), Malformed)
    assert counter.room.database.count("passkeys") == 0


async def test_an_eleventh_is_over_the_limit(counter: Counter, anna: Person) -> None:
    for _ in range(10):
        await add(counter, anna, Device())
    body = compact_json(Device().made(await page(counter)))
    refusal = await counter.refusal("POST", "/passkeys", anna, body=body, origin=ORIGIN)
    assert isinstance(refusal, LimitReached)


async def test_making_and_removing_are_charged_like_every_write(counter: Counter, anna: Person) -> None:
    for method, path in (("POST", "/passkeys"), ("DELETE", "/passkeys/AAAA")):
        counter.room.later(60_000)
        for _ in range(REQUEST_BURST // WRITE_QUESTIONS):
            refusal = await counter.refusal(method, path, anna, body="{}")
            assert isinstance(refusal, (Malformed, NotFound))
        assert isinstance(await counter.refusal(method, path, anna, body="{}"), TooManyAttempts)


async def test_a_member_who_must_secure_their_name_does_so_with_a_passkey() -> None:
    room = await make_room(NAMES="secured")
    counter, anna = Counter(room), await room.join("Anna")
    connection = await room.connect(anna)
    wave = {"type": "send", "id": room.new_id(), "channel": GENERAL, "body": "hello"}
    (before,) = await room.receive(connection, wave)
    assert "forbidden" in str(before)
    await add(counter, anna, Device())
    assert "forbidden" not in str(await room.receive(connection, wave))
