"""bots/programs.py: a hook is a member that nobody can become, and its secret is kept by nobody."""

import pytest

from bot_limits import HOOK_FAILED_STEP_MS, MAX_BOTS
from bots.programs import Programs
from bots.tokens import Token, token_of
from chat.directory import BOT, GENERAL
from errors import Archived, Forbidden, LimitReached, NameTaken, NotFound
from limits import MEMBER_IDLE_MS, SESSION_SEEN_STEP_MS
from tests.rooms import ADMIN_PASSWORD, PASSWORD, ChatRoom, Person, events, make_room
from upkeep.stats import Platform, stats
from wire.bots import HOOK, CreateHook
from wire.changes import Edit, RemoveMember, UpdateChannel

ALERTS = CreateHook(None, "Alerts", GENERAL, ("name",))


async def made(room: ChatRoom, by: Person, frame: CreateHook = ALERTS) -> Token:
    hook, token, _ = await room.state.programs.create(by.id, frame, now_ms=room.now_ms)
    found = token_of(token, "", None)
    assert (found.room, found.id) == (room.name, hook)
    return found


async def revoked(room: ChatRoom, by: Person, hook: str) -> None:
    await room.state.programs.revoke(by.id, HOOK, hook, now_ms=room.now_ms)


def hooks_of(room: ChatRoom) -> Programs:
    return room.state.programs


async def test_a_hook_is_a_member_that_everybody_hears_of(room: ChatRoom, olga: Person, anna: Person) -> None:
    hook, _, event = await room.state.programs.create(olga.id, ALERTS, now_ms=room.now_ms)
    shown = {"id": hook, "name": "Alerts", "role": "bot", "hue": 2, "created_by": olga.id}
    put = {"channels": [GENERAL], "rights": list(ALERTS.rights)}
    (told,) = events([event])
    assert told == {"seq": told["seq"], "kind": "member", "member": {**shown, **put}, "reason": "joined"}
    for _ in range(2):
        assert {**shown, **put, "online": False} in (await room.welcome(anna))["members"]
        await room.wake()


async def test_the_database_has_no_secret(room: ChatRoom, olga: Person) -> None:
    _, token, _ = await room.state.programs.create(olga.id, ALERTS, now_ms=room.now_ms)
    secret = token.rpartition("_")[2]
    assert secret not in room.database.dump()
    assert not any(secret in text for text in await room.plaintexts())


async def test_only_the_present_secret_opens(room: ChatRoom, olga: Person) -> None:
    token, other = await made(room, olga), await made(room, olga, CreateHook(None, "Builds", GENERAL, ()))
    assert hooks_of(room).authorised(HOOK, token.id, token.digest).id == token.id
    await room.wake()
    assert hooks_of(room).authorised(HOOK, token.id, token.digest).channels == (GENERAL,)
    for hook, digest in [(token.id, other.digest), (token.id, b""), ("unknown", token.digest), ("unknown", b"")]:
        with pytest.raises(NotFound, match=r"^There is no such hook or bot\.$"):
            hooks_of(room).authorised(HOOK, hook, digest)
    renewed = token_of(await hooks_of(room).rotate(olga.id, HOOK, token.id, now_ms=room.now_ms), "", None)
    assert renewed.digest != token.digest
    with pytest.raises(NotFound):
        hooks_of(room).authorised(HOOK, token.id, token.digest)
    assert hooks_of(room).authorised(HOOK, token.id, renewed.digest).rights == ("name",)


async def test_a_hook_that_was_revoked_opens_no_more_and_its_messages_stay_under_its_name(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    token = await made(room, olga)
    event = await hooks_of(room).revoke(olga.id, HOOK, token.id, now_ms=room.now_ms)
    assert events([event])[0] == {
        "seq": event.seq,
        "kind": "member_removed",
        "member": token.id,
        "by": olga.id,
    }
    for _ in range(2):
        with pytest.raises(NotFound):
            hooks_of(room).authorised(HOOK, token.id, token.digest)
        with pytest.raises(NotFound):
            await hooks_of(room).rotate(olga.id, HOOK, token.id, now_ms=room.now_ms)
        welcome = await room.welcome(anna)
        assert {"id": token.id, "name": "Alerts", "role": "bot"} in welcome["former_members"]
        assert hooks_of(room).listed(HOOK) == []
        await room.wake()
    with pytest.raises(NotFound):
        await revoked(room, olga, token.id)


async def test_removing_the_member_ends_the_hook(room: ChatRoom, olga: Person) -> None:
    token = await made(room, olga)
    assert (await room.ask(olga, RemoveMember("r", token.id)))["type"] == "ack"
    with pytest.raises(NotFound):
        hooks_of(room).authorised(HOOK, token.id, token.digest)
    assert room.database.count("bots") == 0


async def test_nobody_gets_in_under_the_name_of_a_hook_and_nobody_is_asked(room: ChatRoom, olga: Person) -> None:
    await made(room, olga)
    for name in ("Alerts", "ALERTS", "@alerts"):
        for password in (PASSWORD, ADMIN_PASSWORD):
            with pytest.raises(NameTaken) as refused:
                await room.sign_in(name, password=password)
            assert refused.value.extra == {"alike": True}
    with pytest.raises(NameTaken):
        await room.sign_in("Аlerts")  # with a Cyrillic letter
    assert room.database.count("confirmations") == 0


@pytest.mark.parametrize("name", ["Anna", "ANNA", "Аnnа", "Anna ✓", "Alerts", "Builds"])
async def test_a_hook_gets_no_name_that_somebody_has_or_could_be_taken_for(
    room: ChatRoom, olga: Person, anna: Person, name: str
) -> None:
    await made(room, olga)
    frame = CreateHook(None, name, GENERAL, ())
    if name == "Builds":
        await made(room, olga, frame)
    else:
        with pytest.raises(NameTaken):
            await made(room, olga, frame)
    assert room.database.count("bots") == (2 if name == "Builds" else 1)


async def test_a_name_is_free_again_once_its_hook_is_revoked(room: ChatRoom, olga: Person) -> None:
    token = await made(room, olga)
    await revoked(room, olga, token.id)
    await room.join("Alerts")


async def test_a_room_has_at_most_twenty(room: ChatRoom, olga: Person) -> None:
    for number in range(MAX_BOTS):
        await made(room, olga, CreateHook(None, f"Hook {number}", GENERAL, ()))
    with pytest.raises(LimitReached):
        await made(room, olga)


async def test_a_hook_stands_in_a_channel_that_takes_messages_and_that_everybody_sees(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    with pytest.raises(NotFound):
        await made(room, olga, CreateHook(None, "x", "unknown", ()))
    plans = await room.create_channel(anna, "plans")
    room.restricted = {plans: frozenset({olga.id})}
    await room.wake()
    with pytest.raises(Forbidden):
        await made(room, olga, CreateHook(None, "x", plans, ()))
    room.restricted = {plans: frozenset({anna.id})}
    await room.wake()
    with pytest.raises(NotFound):
        await made(room, olga, CreateHook(None, "x", plans, ()))
    room.restricted = None
    await room.wake()
    await room.ask(anna, UpdateChannel("r", plans, {"archived": True}))
    with pytest.raises(Archived):
        await made(room, olga, CreateHook(None, "x", plans, ()))


async def test_where_hooks_are_off_there_is_none() -> None:
    room = await make_room()
    olga = await room.join("Olga", admin=True)
    token = await made(room, olga)
    await room.wake(BOT_MESSAGES_DAY="0")
    with pytest.raises(Forbidden):
        hooks_of(room).authorised(HOOK, token.id, token.digest)
    with pytest.raises(Forbidden):
        await made(room, olga, CreateHook(None, "Builds", GENERAL, ()))


async def test_use_is_noted_once_an_hour_and_failures_once_a_minute(room: ChatRoom, olga: Person) -> None:
    token = await made(room, olga)

    def look() -> tuple[object, ...]:
        (listed,) = hooks_of(room).listed(HOOK)
        return listed["used_at"], listed["failed_at"], listed["failure"]

    def note(code: str) -> None:
        hook = hooks_of(room).authorised(HOOK, token.id, token.digest)
        hooks_of(room).note_used(hook, now_ms=room.now_ms)
        hooks_of(room).note_failed(hook, code, now_ms=room.now_ms)

    assert look() == (None, None, None)
    begun = room.now_ms
    note("malformed")
    assert look() == (begun, begun, "malformed")
    room.later(HOOK_FAILED_STEP_MS - 1)
    note("archived")
    assert look() == (begun, begun, "malformed")
    room.later(1)
    note("archived")
    assert look() == (begun, room.now_ms, "archived")
    room.now_ms = begun + SESSION_SEEN_STEP_MS
    note("archived")
    assert look() == (room.now_ms, room.now_ms, "archived")


async def test_a_hook_stays_however_long_nobody_uses_it_and_counts_as_nobody(room: ChatRoom, olga: Person) -> None:
    token = await made(room, olga)
    platform = Platform(0, 0, 0, None, has_push=False)
    state = room.state
    figures = stats(olga.id, state.audience, state.directory, state.store, state.quota, platform, now_ms=room.now_ms)
    assert figures["members"] == 1
    assert state.vacancies.silent(now_ms=room.now_ms, is_online=lambda _: False) == []
    room.later(MEMBER_IDLE_MS + 1)
    await state.retention.run(now_ms=room.now_ms, is_online=frozenset())
    assert state.directory.members[token.id].removed_at is None
    assert state.directory.members[token.id].role == BOT


async def test_what_people_answer_to_a_hook_leaves_no_note_for_it(room: ChatRoom, olga: Person, anna: Person) -> None:
    token = await made(room, olga)
    sent = await room.say(anna, "@Alerts are you there?", mentions=[token.id])
    assert room.database.count("activity") == 0
    (message,) = (await room.history())["messages"]
    assert message["mentions"] == [token.id]
    await room.ask(anna, Edit("r", message["id"], "@Alerts @Olga", (token.id, olga.id)))
    assert [row["member"] for row in room.database.rows("activity")] == [olga.id]
    assert sent["type"] == "ack"
