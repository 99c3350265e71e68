"""chat/renaming.py: a member takes another name, and nobody takes anybody else's that way."""

import asyncio
import json
from typing import Any

import pytest

from chat.renaming import forget_former_names
from limits import FORMER_NAMES_KEPT_MS, RENAMES_ALLOWED
from tests.access.test_standing import CODE, secure
from tests.live.test_people import comings
from tests.logins import AWAY, get_in, refusal, token_of, wait
from tests.rooms import DAY, HOUR, ChatRoom, Person, accepted, errors, events, refused
from wire.changes import RemoveMember
from wire.profiles import UpdateProfile


async def rename(room: ChatRoom, person: Person, name: Any) -> dict[str, Any]:
    """Somebody wants to be called something else; returns the answer."""
    return await room.asked(person, {"type": "profile.update", "name": name})


@pytest.fixture
async def anna(room: ChatRoom, anna: Person) -> Person:
    """A member whose name is secured."""
    await secure(room, anna)
    return anna


def name_of(room: ChatRoom, person: Person) -> str:
    return room.state.directory.member(person.id).name


def held(room: ChatRoom, person: Person) -> list[str]:
    return [each.name for each in room.state.directory.member(person.id).former_names]


# --- what everybody sees ---


async def test_everybody_sees_the_new_name_and_old_messages_have_it(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(anna, "before")
    before = room.state.directory.seq
    accepted(await rename(room, anna, "  Anja "))
    (event,) = await room.missed(boris, before)
    shown = {"id": anna.id, "name": "Anja", "role": "member", "hue": 0, "secured": True}
    assert event == {"seq": before + 1, "kind": "member", "member": shown, "reason": "renamed"}
    for _ in range(2):
        entries = {each["id"]: each["name"] for each in (await room.welcome(boris))["members"]}
        assert entries == {anna.id: "Anja", boris.id: "Boris"}
        assert (await room.history())["messages"][-1]["author"] == anna.id
        assert held(room, anna) == ["Anna"]
        await room.wake()


async def test_name_and_status_change_together_or_not_at_all(room: ChatRoom, anna: Person, boris: Person) -> None:
    status = {"emoji": "🌴", "text": "away"}
    outcome = await room.commit((anna, UpdateProfile("p", {"name": "Anja", "status": status})))
    (event,) = events(outcome)
    assert (event["reason"], event["member"]["name"], event["member"]["status"]) == ("renamed", "Anja", status)
    stored = room.database.dump()
    answer = await room.ask(anna, UpdateProfile("p", {"name": "Boris", "status": None}))
    assert (refused(answer), room.database.dump()) == ("name_taken", stored)
    assert room.state.directory.member(anna.id).status == status


async def test_the_quiet_line_tells_who_was_called_how(room: ChatRoom, anna: Person, boris: Person) -> None:
    told = []
    for name in ("Anja", "Ania"):
        room.later(HOUR)
        accepted(await rename(room, anna, name))
        told.append(room.now_ms)
    for _ in range(2):
        assert (await comings(room, boris))["comings"][:2] == [
            {"at": told[1], "member": anna.id, "renamed": ["Anja", "Ania"]},
            {"at": told[0], "member": anna.id, "renamed": ["Anna", "Anja"]},
        ]
        await room.wake()


async def test_a_bot_is_told_the_new_name_and_not_the_former_one(room: ChatRoom, anna: Person, olga: Person) -> None:
    bot = await room.bot(olga)
    before = room.state.directory.seq
    accepted(await rename(room, anna, "Anja"))
    (event,) = await room.missed(bot, before)
    member = {"id": anna.id, "name": "Anja", "role": "member"}
    assert event == {"seq": before + 1, "kind": "member", "member": member}


# --- who may, and which name ---


async def test_only_who_is_secured_may(room: ChatRoom, anna: Person, boris: Person) -> None:
    stored = room.database.dump()
    assert refused(await rename(room, boris, "Bob")) == "forbidden"
    assert refused(await room.ask(boris, UpdateProfile("p", {"name": "BORIS"}))) == "forbidden"
    assert (name_of(room, boris), room.database.dump()) == ("Boris", stored)


async def test_a_bot_may_not(room: ChatRoom, olga: Person) -> None:
    bot = await room.bot(olga)
    frame = {"type": "profile.update", "ref": "r", "name": "Anna"}
    assert errors(await room.receive(await room.connect(bot), frame)) == ["forbidden"]


@pytest.mark.parametrize("name", ["Boris", "bORIS", "Ｂｏｒｉｓ", "Bo\u200dris", "Вoris", "Boris.", "robo", "Robo"])
async def test_nobody_takes_a_name_that_is_or_looks_like_somebody_elses(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, name: str
) -> None:
    await room.bot(olga)
    stored = room.database.dump()
    assert refused(await room.ask(anna, UpdateProfile("p", {"name": name}))) == "name_taken"
    assert (name_of(room, anna), room.database.dump()) == ("Anna", stored)


@pytest.mark.parametrize("name", ["ANNA", "Аnnа", "Anna."])
async def test_ones_own_name_may_be_written_otherwise(room: ChatRoom, anna: Person, name: str) -> None:
    accepted(await rename(room, anna, name))
    await room.wake()
    assert name_of(room, anna) == name


@pytest.mark.parametrize("name", ["Boris", "BORIS", "Вoris"])
async def test_a_banned_name_is_refused_as_at_sign_in_and_an_admin_may_take_it(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, name: str
) -> None:
    await room.ask(olga, RemoveMember("m", boris.id, ban=True))
    assert refused(await rename(room, anna, name)) == "banned"
    await secure(room, olga, bytes(32))
    accepted(await rename(room, olga, name))


@pytest.mark.parametrize(
    ("name", "code"), [("A" * 40, "ack"), ("A" * 41, "too_large"), (" ", "malformed"), (None, "malformed")]
)
async def test_a_name_is_cleaned_as_at_sign_in(room: ChatRoom, anna: Person, name: str | None, code: str) -> None:
    answer = await rename(room, anna, name)
    assert answer.get("code", answer["type"]) == code


async def test_a_name_that_stays_is_not_written_and_counts_as_no_change(room: ChatRoom, anna: Person) -> None:
    stored = room.database.dump()
    for _ in range(RENAMES_ALLOWED + 1):
        accepted(await room.ask(anna, UpdateProfile("p", {"name": "Anna"})))
    assert room.database.dump() == stored


async def test_a_name_changes_three_times_a_day_on_all_devices_and_after_waking(room: ChatRoom, anna: Person) -> None:
    for name in ("Anja", "Ania", "Anna")[:RENAMES_ALLOWED]:
        accepted(await rename(room, anna, name))
        room.later(HOUR)
    await room.wake()
    answer = await rename(room, anna, "Anette")
    assert (refused(answer), answer["retry_after"]) == ("limit_reached", (DAY - RENAMES_ALLOWED * HOUR) // 1_000 + 1)
    accepted(await room.ask(anna, UpdateProfile("p", {"status": {"emoji": "🌴", "text": ""}})))
    room.later(DAY - RENAMES_ALLOWED * HOUR - 1)
    assert refused(await rename(room, anna, "Anette")) == "limit_reached"
    room.later(1)
    accepted(await rename(room, anna, "Anette"))


# --- the former name ---


@pytest.mark.parametrize("name", ["Anna", "anna", "Аnna"])
async def test_nobody_gets_the_former_name_for_a_day(room: ChatRoom, anna: Person, boris: Person, name: str) -> None:
    await secure(room, boris, bytes(32))
    accepted(await rename(room, anna, "Anja"))
    await room.wake()
    assert refused(await rename(room, boris, name)) == "name_taken"
    assert (await refusal(room, "Аnna", address=AWAY)).code == "name_taken"
    await wait(room, "Anna", address=AWAY)
    room.later(DAY)
    accepted(await rename(room, boris, name))


async def test_the_former_name_is_free_after_a_day_for_somebody_new(room: ChatRoom, anna: Person) -> None:
    accepted(await rename(room, anna, "Anja"))
    room.later(DAY)
    newcomer = await room.join("Anna", address=AWAY)
    assert newcomer.id != anna.id
    assert name_of(room, anna) == "Anja"


async def test_one_may_go_back_to_ones_former_name(room: ChatRoom, anna: Person) -> None:
    accepted(await rename(room, anna, "Anja"))
    accepted(await rename(room, anna, "Anna"))
    assert (name_of(room, anna), held(room, anna)) == ("Anna", ["Anna", "Anja"])


@pytest.mark.parametrize("name", ["Anja", "Anna"])
async def test_ones_code_lets_one_in_under_the_new_name_and_for_a_day_under_the_former_one(
    room: ChatRoom, anna: Person, name: str
) -> None:
    accepted(await rename(room, anna, "Anja"))
    await room.wake()
    result = await get_in(room, name, recovery=CODE, address=AWAY)
    assert (result.member.id, result.member.name) == (anna.id, "Anja")
    room.later(DAY)
    assert (await get_in(room, "Anja", recovery=CODE, address=AWAY)).member.id == anna.id
    assert (await refusal(room, "Anna", recovery=CODE, address=AWAY)).code == "wrong_recovery"


async def test_of_two_who_want_one_name_one_gets_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, boris, bytes(32))
    first, second = await asyncio.gather(*(rename(room, each, "Kim") for each in (anna, boris)))
    assert (first["type"], refused(second)) == ("ack", "name_taken")
    assert [name_of(room, each) for each in (anna, boris)] == ["Kim", "Boris"]


async def test_who_signs_in_and_who_renames_do_not_get_one_name(room: ChatRoom, anna: Person) -> None:
    results = await asyncio.gather(room.sign_in("Kim", address=AWAY), rename(room, anna, "Kim"), return_exceptions=True)
    names = [each.name for each in room.state.directory.present_members()]
    assert names.count("Kim") == 1, results


# --- what is stored ---


async def test_no_name_is_stored_in_the_open(room: ChatRoom, anna: Person) -> None:
    accepted(await rename(room, anna, "Wilhelmina"))
    accepted(await rename(room, anna, "Leopoldine"))
    dump = room.database.dump()
    assert not [name for name in ("Wilhelmina", "Leopoldine") if name in dump or name.encode().hex() in dump.lower()]
    assert {"Leopoldine", "Wilhelmina"} <= set(await room.plaintexts())


async def test_what_was_stored_of_another_member_or_time_does_not_open(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    accepted(await rename(room, anna, "Anja"))
    room.database.tamper("UPDATE former_names SET member = ?", boris.id)
    await room.wake()
    assert held(room, boris) == ["\N{REPLACEMENT CHARACTER}"]


async def test_what_could_not_be_stored_renamed_nobody(room: ChatRoom, anna: Person) -> None:
    stored = room.database.dump()
    room.database.fail_at = "INSERT INTO former_names"
    with pytest.raises(Exception, match="disk full"):
        await room.commit((anna, UpdateProfile("p", {"name": "Anja"})))
    assert (name_of(room, anna), held(room, anna), room.database.dump()) == ("Anna", [], stored)


async def test_after_thirty_days_nobody_is_told_the_former_name(room: ChatRoom, anna: Person) -> None:
    accepted(await rename(room, anna, "Anja"))
    room.later(HOUR)
    accepted(await rename(room, anna, "Ania"))
    room.later(FORMER_NAMES_KEPT_MS - HOUR - 1)
    forget_former_names(room.state.store, room.state.directory, now_ms=room.now_ms)
    assert (held(room, anna), room.database.count("former_names")) == (["Anna", "Anja"], 2)
    room.later(1)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    assert (held(room, anna), room.database.count("former_names")) == (["Anja"], 1)
    room.later(HOUR)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    assert "Anna" not in json.dumps(await room.plaintexts())


async def test_who_is_removed_leaves_no_former_name(room: ChatRoom, anna: Person, olga: Person) -> None:
    accepted(await rename(room, anna, "Anja"))
    await room.ask(olga, RemoveMember("m", anna.id))
    assert room.database.count("former_names") == 0
    assert (await room.welcome(olga))["former_members"] == [{"id": anna.id, "name": "Anja"}]
    assert (await room.join("Anna", address=AWAY)).id != anna.id


async def test_whom_an_admin_lets_in_under_the_name_was_never_called_otherwise(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    accepted(await rename(room, anna, "Anja"))
    waiting = await wait(room, "Anja", address=AWAY)
    room.state.confirmations.answer(waiting.confirmation, approve=True)
    result = await get_in(room, "Anja", address=AWAY, confirmation=token_of(waiting))
    assert (result.member.id, held(room, anna), room.database.count("former_names")) == (anna.id, [], 0)
