"""chat/profiles.py: how long the room keeps messages, how it looks, and how members show themselves."""

import json
from typing import Any

import pytest

from chat.profiles import owner_of
from encoding import b64url
from storage.profiles import ROOM
from tests.faces import png
from tests.rooms import DAY, ChatRoom, Person, accepted, events, refused
from wire.changes import RemoveMember
from wire.profiles import UpdateProfile, UpdateRoom

AWAY = {"emoji": "🌴", "text": "Wilhelmina"}
FACE = png(32)


async def profile(room: ChatRoom, person: Person, **changes: Any) -> dict[str, Any]:
    """Somebody changes something of themselves; returns the answer."""
    return await room.asked(person, {"type": "profile.update", **changes})


# --- the room ---


@pytest.mark.parametrize("days", [0, 7, None])
async def test_an_admin_says_how_long_the_room_keeps_messages(
    room: ChatRoom, anna: Person, olga: Person, days: int | None
) -> None:
    assert refused(await room.ask(anna, UpdateRoom("u", {"retention_days": days}))) == "forbidden"
    await room.commit((olga, UpdateRoom("u", {"retention_days": 90})))
    outcome = await room.commit((olga, UpdateRoom("u", {"retention_days": days})))
    assert events(outcome) == [
        {
            "seq": room.state.directory.seq,
            "kind": "room",
            "retention_days": days,
            "room": {**room.state.directory.look.public(), "keeps": days is not None},
            "by": olga.id,
        }
    ]
    assert outcome.clean_up_is_due is True
    await room.wake()
    assert room.state.retention.room_days() == (30 if days is None else days)


async def test_a_rooms_rule_that_stays_as_it_is_is_not_written(room: ChatRoom, olga: Person) -> None:
    await room.commit((olga, UpdateRoom("ref", {"retention_days": 7})))
    stored = room.database.dump()
    outcome = await room.commit((olga, UpdateRoom("ref", {"retention_days": 7})))
    assert (outcome.events, outcome.clean_up_is_due, room.database.dump()) == ([], False, stored)


async def test_an_admin_gives_the_room_a_name_a_colour_and_a_picture(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    look = {"name": "Leopoldine", "colour": "iris", "picture": b64url(FACE)}
    assert refused(await room.asked(anna, {"type": "room.update", **look})) == "forbidden"
    accepted(await room.asked(olga, {"type": "room.update", **look}))
    picture = room.state.directory.look.picture
    shown = {"title": "Leopoldine", "name": "Leopoldine", "colour": "iris", "picture": picture}
    for _ in range(2):
        assert room.state.directory.look.public() == shown
        assert (await room.welcome(anna))["room"] == {**shown, "keeps": False}
        assert owner_of(picture, room.state.directory) == ROOM
        await room.wake()
    assert "Leopoldine" not in room.database.dump()
    assert FACE not in [row["sealed"] for row in room.database.rows("pictures")]


async def test_without_a_name_the_room_is_called_as_the_operator_set_it(room: ChatRoom, olga: Person) -> None:
    await room.asked(olga, {"type": "room.update", "name": "Boats", "colour": "sky", "picture": b64url(FACE)})
    outcome = await room.commit((olga, UpdateRoom("u", {"name": "", "picture": b"", "colour": ""})))
    (event,) = events(outcome)
    assert event["room"] == {"title": room.settings.chat_title, "name": "", "colour": "", "picture": "", "keeps": False}
    assert outcome.clean_up_is_due is False
    assert (room.database.rows("profiles"), room.database.rows("pictures")) == ([], [])


async def test_a_rooms_colour_changes_neither_its_name_nor_its_days(room: ChatRoom, olga: Person) -> None:
    await room.ask(olga, UpdateRoom("u", {"retention_days": 5, "name": "Boats"}))
    (event,) = events(await room.commit((olga, UpdateRoom("u", {"colour": "sky"}))))
    assert (event["retention_days"], event["room"]["name"], event["room"]["colour"]) == (5, "Boats", "sky")
    assert event["room"]["keeps"] is True


# --- members ---


async def test_a_member_shows_a_picture_and_a_status(room: ChatRoom, anna: Person, boris: Person) -> None:
    before = room.state.directory.seq
    accepted(await profile(room, anna, picture=b64url(FACE), status=AWAY))
    (event,) = await room.missed(boris, before)
    shown = event["member"]
    assert event == {"seq": before + 1, "kind": "member", "member": shown, "reason": "profile"}
    assert shown.items() >= {"id": anna.id, "status": AWAY}.items()
    for _ in range(2):
        entry = next(each for each in (await room.welcome(boris))["members"] if each["id"] == anna.id)
        assert (entry["picture"], entry["status"]) == (shown["picture"], AWAY)
        assert owner_of(shown["picture"], room.state.directory) == anna.id
        await room.wake()
    assert "Wilhelmina" not in room.database.dump()


async def test_each_picture_has_an_id_of_its_own_and_the_former_one_is_nobodys(room: ChatRoom, anna: Person) -> None:
    await profile(room, anna, picture=b64url(FACE))
    first = room.state.directory.members[anna.id].picture
    await profile(room, anna, picture=b64url(FACE))
    second = room.state.directory.members[anna.id].picture
    assert len({first, second, ""}) == 3
    assert owner_of(first, room.state.directory) is None
    assert room.database.count("pictures") == 1
    await profile(room, anna, picture=None)
    assert (room.database.count("pictures"), owner_of(second, room.state.directory)) == (0, None)


async def test_the_id_of_no_picture_is_nobodys(room: ChatRoom, anna: Person) -> None:
    assert owner_of("", room.state.directory) is None


async def test_what_stays_as_it_is_is_not_written(room: ChatRoom, anna: Person) -> None:
    await profile(room, anna, status=AWAY)
    stored = room.database.dump()
    outcome = await room.commit((anna, UpdateProfile("p", {"status": AWAY, "picture": b""})))
    assert (outcome.events, room.database.dump()) == ([], stored)


async def test_a_status_ends_by_itself(room: ChatRoom, anna: Person) -> None:
    until = room.now_ms + DAY // 2
    assert refused(await profile(room, anna, status={**AWAY, "until": room.now_ms})) == "malformed"
    accepted(await profile(room, anna, status={**AWAY, "until": until}))
    room.later(DAY // 2 - 1)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    assert room.database.count("profiles") == 1
    room.later(1)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[])
    assert (room.database.count("profiles"), room.state.directory.members[anna.id].status) == (0, None)


async def test_somebody_who_is_removed_leaves_no_picture_and_no_status(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    await profile(room, anna, picture=b64url(FACE), status=AWAY)
    picture = room.state.directory.members[anna.id].picture
    await room.ask(olga, RemoveMember("m", anna.id))
    assert (room.database.rows("profiles"), room.database.rows("pictures")) == ([], [])
    assert owner_of(picture, room.state.directory) is None
    assert (await room.welcome(olga))["former_members"] == [{"id": anna.id, "name": "Anna"}]


@pytest.mark.parametrize("table", ["profiles", "pictures"])
async def test_a_damaged_row_locks_nobody_out(room: ChatRoom, anna: Person, olga: Person, table: str) -> None:
    await profile(room, anna, picture=b64url(FACE), status=AWAY)
    await room.asked(olga, {"type": "room.update", "name": "Boats", "picture": b64url(FACE)})
    room.database.tamper(f"UPDATE {table} SET sealed = zeroblob(60)")
    await room.wake()
    assert (await room.welcome(anna))["member"]["name"] == "Anna"


# --- a status that is gone ---


async def test_a_status_that_was_taken_away_is_neither_stored_nor_sent_again(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    before = room.state.directory.seq
    accepted(await room.asked(anna, {"type": "profile.update", "status": {"emoji": "🤒", "text": "at the clinic"}}))
    missed = json.dumps(await room.missed(boris, before), ensure_ascii=False)
    assert "at the clinic" in missed
    accepted(await room.asked(anna, {"type": "profile.update", "status": None}))
    assert "at the clinic" not in json.dumps(await room.missed(boris, before))
    assert not [text for text in await room.plaintexts() if "at the clinic" in text]


async def test_a_removed_members_status_is_nowhere(room: ChatRoom, anna: Person) -> None:
    olga = await room.join("Olga", admin=True)
    accepted(await room.asked(anna, {"type": "profile.update", "status": {"emoji": "🤒", "text": "at the clinic"}}))
    accepted(await room.ask(olga, RemoveMember("x", anna.id, False)))
    assert not [text for text in await room.plaintexts() if "at the clinic" in text]


async def test_a_welcome_does_not_tell_a_status_that_ended_by_itself(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    status = {"emoji": "🤒", "text": "at the clinic", "until": room.now_ms + 1_000}
    accepted(await room.asked(anna, {"type": "profile.update", "status": status}))
    assert [each["name"] for each in (await room.welcome(boris))["members"] if "status" in each] == ["Anna"]
    room.later(DAY)
    await room.state.retention.run(now_ms=room.now_ms, is_online=[anna.id])
    assert room.database.count("profiles") == 0
    assert [each for each in (await room.welcome(boris))["members"] if "status" in each] == []
