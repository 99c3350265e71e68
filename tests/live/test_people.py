"""live/people.py: what members learn of each other by asking, and how coarse that is."""

from typing import Any

from chat.directory import GENERAL, MEMBER, Member
from limits import MAX_OVERVIEW_ROWS, SESSION_SEEN_STEP_MS
from live.effects import Answer
from tests.access.test_standing import make_admin
from tests.chat.test_importing import bring, message
from tests.lanes import secure
from tests.live.test_administration import day
from tests.rooms import DAY, HOUR, NOON, ChatRoom, Person, answers, errors, parsed
from wire.changes import RemoveMember
from wire.profiles import UpdateRoom


async def card(room: ChatRoom, asking: Person, of: str) -> dict[str, Any]:
    (answer,) = answers(await room.receive(await room.connect(asking), {"type": "person", "ref": "r", "id": of}))
    assert (answer.pop("type"), answer.pop("ref"), answer.pop("id")) == ("person", "r", of)
    days: dict[str, Any] = answer.pop("days")
    assert set(answer) <= {"made_admin"}
    return days


async def made_admin(room: ChatRoom, asking: Person, of: str) -> bool | None:
    """Whether an admin made somebody one, as far as the card says."""
    (answer,) = answers(await room.receive(await room.connect(asking), {"type": "person", "ref": "r", "id": of}))
    return answer.get("made_admin")


async def comings(room: ChatRoom, asking: Person, before: int | None = None) -> dict[str, Any]:
    (answer,) = answers(
        await room.receive(await room.connect(asking), {"type": "comings", "ref": "r", "before": before})
    )
    return answer


async def test_a_card_says_the_days_and_nothing_finer(room: ChatRoom, anna: Person, boris: Person) -> None:
    joined = day(room.now_ms)
    assert await card(room, anna, boris.id) == {"joined_on": joined, "seen_on": joined, "recently": True}
    room.later(SESSION_SEEN_STEP_MS - 1)
    assert (await card(room, anna, boris.id))["recently"] is True
    room.later(1)
    assert await card(room, anna, boris.id) == {"joined_on": joined, "seen_on": joined}
    room.later(2 * DAY)
    room.state.note_connected(boris.id, boris.session.id, now_ms=room.now_ms)
    shown = await card(room, anna, boris.id)
    assert shown == {"joined_on": joined, "seen_on": day(room.now_ms), "recently": True}
    await room.wake()
    assert await card(room, anna, boris.id) == shown


async def test_of_one_who_is_gone_a_card_says_since_when_and_not_how(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    clara = await room.join("Clara")
    joined = day(room.now_ms)
    room.later(3 * DAY)
    await room.ask(olga, RemoveMember("r", boris.id))
    await room.ask(olga, RemoveMember("r", clara.id, ban=True))
    for gone in (boris, clara):
        assert await card(room, anna, gone.id) == {"joined_on": joined, "gone_on": day(room.now_ms)}


async def test_only_admins_learn_on_a_card_whether_an_admin_made_somebody_one(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await secure(room, boris)
    await make_admin(room, olga, boris)
    cards = [await made_admin(room, olga, of.id) for of in (boris, olga, anna)]
    assert cards == [True, False, False]
    assert await made_admin(room, anna, boris.id) is None
    bot = await room.bot(olga, GENERAL)
    await room.ask(olga, RemoveMember("r", anna.id))
    assert [await made_admin(room, olga, of) for of in (bot.id, anna.id)] == [None, None]


async def test_a_program_was_never_seen_and_nobody_knows_a_stranger(room: ChatRoom, anna: Person, olga: Person) -> None:
    bot = await room.bot(olga, GENERAL)
    assert await card(room, anna, bot.id) == {"joined_on": day(room.now_ms)}
    connection = await room.connect(anna)
    assert errors(await room.receive(connection, {"type": "person", "id": "nobody"})) == ["not_found"]
    for frame in ({"type": "person", "id": anna.id}, {"type": "comings"}):
        assert errors(await room.receive(await room.connect(bot), frame)) == ["forbidden"]


async def test_who_was_known_elsewhere_has_no_days_and_never_came(room: ChatRoom, olga: Person) -> None:
    await room.ask(olga, UpdateRoom("u", {"retention_days": 0}))
    await bring(room, olga, message(1))
    assert await card(room, olga, "clara") == {}
    assert [each["member"] for each in (await comings(room, olga))["comings"]] == [olga.id]


async def test_comings_are_the_same_after_waking_and_leave_programs_out(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    first = room.now_ms
    await room.bot(olga, GENERAL)
    room.later(DAY)
    clara = await room.join("Clara")
    came = room.now_ms
    room.later(HOUR)
    later = room.now_ms
    await room.ask(olga, RemoveMember("r", clara.id))
    shown = await comings(room, anna)
    assert shown["more"] is False
    assert shown["comings"][:2] == [
        {"at": later, "member": clara.id, "gone": True, "went": "removed"},
        {"at": came, "member": clara.id},
    ]
    assert {(each["at"], each["member"]) for each in shown["comings"][2:]} == {(first, anna.id), (first, olga.id)}
    await room.wake()
    assert await comings(room, anna) == shown
    assert (await comings(room, anna, came))["comings"] == shown["comings"][2:]


async def test_who_left_is_told_from_whom_an_admin_removed_and_nothing_is_said_of_those_who_went_before(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    clara, dora = await room.join("Clara"), await room.join("Dora")
    room.later(HOUR)
    await room.ask(olga, RemoveMember("r", boris.id, ban=True))
    room.state.sessions.end(dora.session, dora.session.id, now_ms=room.now_ms)
    await room.join("Dora", address="192.0.2.9")  # takes a name that had become free
    room.state.sessions.end(clara.session, clara.session.id, now_ms=room.now_ms)
    removed = await room.state.vacancies.remove(room.state.directory.member(clara.id), now_ms=room.now_ms)
    assert len(removed) == 1
    for _ in range(2):
        gone = {each["member"]: each["went"] for each in (await comings(room, olga))["comings"] if "gone" in each}
        assert gone == {boris.id: "removed", clara.id: "left", dora.id: "left"}
        await room.wake()
    room.database.tamper("UPDATE members SET went = NULL")
    await room.wake()
    shown = [each for each in (await comings(room, olga))["comings"] if "gone" in each]
    assert (len(shown), any("went" in each for each in shown)) == (3, False)


async def test_whom_the_room_has_forgotten_never_came(room: ChatRoom, anna: Person, olga: Person) -> None:
    clara = await room.join("Clara")
    room.later(HOUR)
    await room.ask(olga, RemoveMember("r", clara.id))
    assert len((await comings(room, anna))["comings"]) == 4
    del room.state.directory.members[clara.id]
    assert len((await comings(room, anna))["comings"]) == 2


async def test_a_page_is_charged_by_its_size(room: ChatRoom, anna: Person) -> None:
    for n in range(1, MAX_OVERVIEW_ROWS):
        room.state.directory.members[f"m{n}"] = Member(f"m{n}" + "x" * 20, "", MEMBER, NOON, joined_at=NOON + n)
    connection = await room.connect(anna)
    allowance = room.state.budgets.of(anna.id, room.now_ms)
    before = allowance.answers.tokens
    (answer,) = await room.receive(connection, {"type": "comings"})
    assert isinstance(answer, Answer)
    assert len(parsed(answer.text)["comings"]) == MAX_OVERVIEW_ROWS
    assert allowance.answers.tokens == before - len(answer.text) // 16_384
    allowance.answers.spend(100)
    assert errors(await room.receive(connection, {"type": "comings"})) == ["rate_limited"]
