"""access/bans.py: whom an admin has banned, and what that keeps out."""

import pytest

from access.cookies import token_digest
from errors import Banned, NotFound
from tests.access.test_invites import SECRET, invite
from tests.logins import AWAY, WRONG, get_in, refusal
from tests.rooms import ADMIN_PASSWORD, DAY, ChatRoom, Person, answers, make_room, refused
from wire.changes import RemoveMember
from wire.questions import DEVICE


async def ban(room: ChatRoom, admin: Person, whom: Person) -> None:
    await room.ask(admin, RemoveMember("m", whom.id, ban=True))


async def test_who_is_removed_without_a_ban_may_come_again(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.ask(olga, RemoveMember("m", anna.id))
    assert (await get_in(room, "Anna", device=token_digest(anna.token))).member.id != anna.id
    assert room.state.bans.listed() == []


@pytest.mark.parametrize("name", ["Anna", "ANNA", " anna ", "Ａｎｎａ", "Аnnа", "An\u200dna", "Anna\u3164"])
async def test_a_banned_name_stays_outside_in_every_spelling(
    room: ChatRoom, anna: Person, olga: Person, name: str
) -> None:
    await ban(room, olga, anna)
    error = await refusal(room, name, address=AWAY)
    assert isinstance(error, Banned)
    assert (error.code, error.status) == ("banned", 403)
    await room.wake()
    assert isinstance(await refusal(room, name, address=AWAY), Banned)


async def test_a_banned_device_stays_outside_under_any_name(room: ChatRoom, anna: Person, olga: Person) -> None:
    await ban(room, olga, anna)
    assert isinstance(await refusal(room, "Somebody", device=token_digest(anna.token)), Banned)
    await get_in(room, "Somebody")


async def test_no_name_is_like_a_banned_one(room: ChatRoom, anna: Person, olga: Person) -> None:
    await ban(room, olga, await room.join("\u0640"))  # a stroke that only makes words longer: it looks like nothing
    await invite(room, anna, kind=DEVICE)
    assert (await get_in(room, "", invite=SECRET, address=AWAY)).member.id == anna.id


async def test_a_ban_is_told_to_nobody_who_does_not_know_the_password(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await ban(room, olga, anna)
    for name in ("Anna", "Boris"):
        assert (await refusal(room, name, password=WRONG, device=token_digest(anna.token))).code == "wrong_password"


async def test_who_is_banned_has_made_no_failed_login(room: ChatRoom, anna: Person, olga: Person) -> None:
    await ban(room, olga, anna)
    codes = {(await refusal(room, "Anna", address=AWAY)).code for _ in range(20)}
    assert codes == {"banned"}


async def test_the_admins_password_is_stronger_than_a_ban(room: ChatRoom, anna: Person, olga: Person) -> None:
    await ban(room, olga, anna)
    result = await get_in(room, "Anna", password=ADMIN_PASSWORD, device=token_digest(anna.token))
    assert result.member.id != anna.id


async def test_admins_see_who_is_banned_and_lift_it(room: ChatRoom, anna: Person, boris: Person, olga: Person) -> None:
    await ban(room, olga, anna)
    room.later(DAY)
    await ban(room, olga, boris)
    line = await room.connect(olga)
    (told,) = answers(await room.receive(line, {"type": "bans", "ref": "b"}))
    assert [(each["id"], each["name"]) for each in told["bans"]] == [(boris.id, "Boris"), (anna.id, "Anna")]
    await room.receive(line, {"type": "ban.lift", "ref": "l", "id": anna.id})
    await get_in(room, "Anna", device=token_digest(anna.token))
    assert isinstance(await refusal(room, "Boris"), Banned)
    assert room.database.count("banned_devices") == 1


@pytest.mark.parametrize("kind", [{"type": "bans", "ref": "r"}, {"type": "ban.lift", "ref": "r", "id": "x"}])
async def test_nobody_else_does(room: ChatRoom, anna: Person, kind: dict[str, str]) -> None:
    (answer,) = answers(await room.receive(await room.connect(anna), kind))
    assert refused(answer) == "forbidden"


async def test_a_ban_that_is_not_there_cannot_be_lifted(room: ChatRoom, anna: Person) -> None:
    with pytest.raises(NotFound):
        room.state.bans.lift(anna.id)


async def test_a_banned_member_is_not_forgotten() -> None:
    room = await make_room(RETENTION_DAYS="1")
    olga, anna = await room.join("Olga", admin=True), await room.join("Anna")
    await ban(room, olga, anna)
    room.later(60 * DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[olga.id])
    await room.wake()
    assert [each["name"] for each in room.state.bans.listed()] == ["Anna"]
    assert isinstance(await refusal(room, "Anna"), Banned)
