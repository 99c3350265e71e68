"""chat/managing.py: channels, members and the room's own rules."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import MAX_CHANNELS
from tests.chat.asking import delete, edit, react, update
from tests.rooms import ChatRoom, Person, accepted, events, parsed, refused, uuid
from wire.changes import Change, CreateChannel, DeleteChannel, RemoveMember, UpdateChannel

# --- channels ---


async def test_a_channel_is_created_and_told(room: ChatRoom, anna: Person) -> None:
    outcome = await room.commit((anna, CreateChannel("c", "plans", "what to do")))
    (event,) = events(outcome)
    created = event["channel"]
    assert event == {"seq": room.state.directory.seq, "kind": "channel", "channel": created, "by": anna.id}
    assert created == {
        "id": created["id"],
        "name": "plans",
        "topic": "what to do",
        "archived": False,
        "created_by": anna.id,
        "retention_days": None,
    }
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "c", "seq": event["seq"], "channel": created["id"]}
    assert outcome.clean_up_is_due is False
    await room.wake()
    assert room.state.directory.channel(created["id"]).public() == created


async def test_names_and_topics_of_channels_are_stored_sealed_only(room: ChatRoom, anna: Person) -> None:
    await room.create_channel(anna, "Wilhelmina", "Leopoldine")
    assert "Wilhelmina" not in room.database.dump()
    assert "Leopoldine" not in room.database.dump()


@pytest.mark.parametrize("name", ["Plans", "PLANS", "ｐｌａｎｓ", "plans\u200b"])
async def test_two_channels_have_no_name_that_people_read_as_one(room: ChatRoom, anna: Person, name: str) -> None:
    await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, CreateChannel("c", name, ""))) == "name_taken"
    other = await room.create_channel(anna, "other")
    assert refused(await room.ask(anna, update(other, name=name))) == "name_taken"


@pytest.mark.parametrize("name", ["рlаns", "p1ans", "pl ans", "plans\u2800"])
async def test_a_channel_that_looks_like_another_is_refused(room: ChatRoom, anna: Person, name: str) -> None:
    await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, CreateChannel("c", name, ""))) == "name_taken"
    other = await room.create_channel(anna, "other")
    assert refused(await room.ask(anna, update(other, name=name))) == "name_taken"


async def test_two_channels_that_look_alike_from_before_can_still_be_changed(room: ChatRoom, anna: Person) -> None:
    plans, other = await room.create_channel(anna, "plans"), await room.create_channel(anna, "other")
    room.state.directory.channels[other].name = "рlаns"
    for channel, name in ((plans, "plans"), (other, "рlаns")):
        accepted(await room.ask(anna, update(channel, name=name, topic="the same name, another topic")))


async def test_a_channel_may_be_called_as_before_or_as_a_deleted_one(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    accepted(await room.ask(anna, update(plans, name="Plans")))
    accepted(await room.ask(anna, DeleteChannel("x", plans)))
    await room.create_channel(anna, "plans")


async def test_what_an_update_does_not_name_stays(room: ChatRoom, anna: Person, olga: Person) -> None:
    plans = await room.create_channel(anna, "plans", "topic")
    await room.ask(olga, update(plans, retention_days=3))
    (event,) = events(await room.commit((anna, update(plans, archived=True))))
    assert event["channel"] == {
        "id": plans,
        "name": "plans",
        "topic": "topic",
        "archived": True,
        "created_by": anna.id,
        "retention_days": 3,
    }
    (event,) = events(await room.commit((anna, update(plans, topic="", name="ideas"))))
    assert (event["channel"]["name"], event["channel"]["topic"], event["channel"]["archived"]) == ("ideas", "", True)


async def test_an_update_keeps_where_the_channel_stands(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    ack = await room.say(anna, "x", plans)
    await room.ask(anna, update(plans, topic="t"))
    shown = await room.channel_of(anna, plans)
    assert shown["last_seq"] == ack["seq"]
    assert (await room.say(anna, "y", plans))["seq"] == ack["seq"] + 2
    await room.wake()
    assert [row["position"] for row in room.database.rows("messages")] == [1, 2]


@pytest.mark.parametrize("change", [update("?", name="x"), DeleteChannel("u", "?")], ids=["update", "delete"])
async def test_only_its_creator_and_admins_manage_a_channel(
    room: ChatRoom, anna: Person, boris: Person, olga: Person, change: UpdateChannel | DeleteChannel
) -> None:
    for person, allowed in ((boris, False), (olga, True), (anna, True)):
        channel = await room.create_channel(anna, f"of {person.name}")
        answer = await room.ask(person, replace(change, id=channel))
        assert (answer["type"], answer.get("code")) == (("ack", None) if allowed else ("error", "forbidden"))
        await room.ask(anna, DeleteChannel("x", channel))


async def test_a_creator_deletes_a_channel_until_others_have_written_in_it(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    own, shared, deleted = [await room.create_channel(anna, name) for name in ("own", "shared", "deleted")]
    for channel in (own, shared, deleted):
        await room.say(anna, "mine", channel)
    await room.say(boris, "ours", shared)
    await room.say(boris, "regretted", deleted, id=uuid(9))
    await room.ask(boris, delete(uuid(9)))
    assert accepted(await room.ask(anna, DeleteChannel("x", own)))
    for channel in (shared, deleted):
        refusal = await room.ask(anna, DeleteChannel("x", channel))
        assert (refusal["code"], "admin" in refusal["detail"]) == ("forbidden", True)
        accepted(await room.ask(anna, update(channel, topic="still mine", archived=True)))
        accepted(await room.ask(olga, DeleteChannel("x", channel)))


async def test_a_message_that_arrives_with_the_deletion_saves_the_channel(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    plans = await room.create_channel(anna, "plans")
    outcome = await room.commit((boris, room.text("just in time", plans)), (anna, DeleteChannel("x", plans)))
    assert parsed(outcome.answers[1])["code"] == "forbidden"


async def test_an_admin_who_made_a_channel_and_is_none_any_more_is_like_anybody(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    plans = await room.create_channel(olga, "plans")
    await room.say(anna, "x", plans)
    olga.session = replace(olga.session, role="member")
    assert refused(await room.ask(olga, DeleteChannel("x", plans))) == "forbidden"


@pytest.mark.parametrize("days", [7, 0, None])
async def test_only_admins_say_how_long_a_channel_is_kept(
    room: ChatRoom, anna: Person, olga: Person, days: int | None
) -> None:
    plans = await room.create_channel(anna, "plans")
    assert refused(await room.ask(anna, update(plans, retention_days=days))) == "forbidden"
    await room.commit((olga, update(plans, retention_days=30)))
    outcome = await room.commit((olga, update(plans, retention_days=days)))
    assert events(outcome)[0]["channel"]["retention_days"] == days
    await room.wake()
    assert room.state.directory.channel(plans).retention_days == days


async def test_the_first_channel_is_managed_by_admins_and_never_deleted(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    assert refused(await room.ask(anna, update(GENERAL, name="x"))) == "forbidden"
    assert refused(await room.ask(anna, DeleteChannel("x", GENERAL))) == "forbidden"
    assert refused(await room.ask(olga, DeleteChannel("x", GENERAL))) == "forbidden"
    accepted(await room.ask(olga, update(GENERAL, name="lobby")))


@pytest.mark.parametrize("change", ["send", "edit", "react"])
async def test_an_archived_channel_takes_no_more_changes_to_its_messages(
    room: ChatRoom, anna: Person, change: str
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    await room.ask(anna, update(plans, archived=True))
    frames: dict[str, Change] = {
        "send": room.text("y", plans),
        "edit": edit(uuid(1), "y"),
        "react": react(uuid(1)),
    }
    frame = frames[change]
    assert refused(await room.ask(anna, frame)) == "archived"
    assert await room.bodies(plans) == ["x"]
    await room.ask(anna, update(plans, archived=False))
    accepted(await room.ask(anna, frame))


async def test_an_archived_channel_can_still_be_read_and_lose_a_message(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    await room.ask(anna, update(plans, archived=True))
    accepted(await room.ask(anna, delete(uuid(1))))
    assert await room.bodies(plans) == [""]


async def test_a_deleted_channel_is_gone_for_every_request(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "x", plans, id=uuid(1))
    outcome = await room.commit((anna, DeleteChannel("x", plans)))
    assert parsed(outcome.answers[0]) == {
        "type": "ack",
        "ref": "x",
        "seq": room.state.directory.seq,
        "channel": plans,
    }
    assert events(outcome) == [
        {"seq": room.state.directory.seq, "kind": "channel_deleted", "channel": plans, "by": anna.id}
    ]
    assert outcome.clean_up_is_due is True
    for frame in (
        room.text("y", plans),
        edit(uuid(1), "y"),
        delete(uuid(1)),
        react(uuid(1)),
        update(plans, name="z"),
        DeleteChannel("x", plans),
    ):
        assert refused(await room.ask(anna, frame)) == "not_found", frame
    assert [channel["id"] for channel in (await room.welcome(anna))["channels"]] == [GENERAL]


async def test_a_room_has_at_most_so_many_channels(room: ChatRoom, anna: Person) -> None:
    for number in range(MAX_CHANNELS - 2):
        channel = replace(room.state.directory.channels[GENERAL], id=f"c{number}", name=f"c{number}")
        room.state.directory.channels[channel.id] = channel
    last = await room.create_channel(anna, "the last one")
    assert refused(await room.ask(anna, CreateChannel("c", "one more", ""))) == "limit_reached"
    await room.ask(anna, DeleteChannel("x", last))
    await room.create_channel(anna, "one more")


@pytest.mark.parametrize(
    "change", [{}, {"topic": ""}, {"name": "plans"}, {"archived": False}, {"retention_days": None}]
)
async def test_a_channel_that_stays_as_it_is_is_not_written(
    room: ChatRoom, olga: Person, change: dict[str, Any]
) -> None:
    plans = await room.create_channel(olga, "plans")
    stored = room.database.dump()
    outcome = await room.commit((olga, UpdateChannel("ref", plans, change)))
    assert (outcome.events, outcome.clean_up_is_due) == ([], False)
    answer = {"type": "ack", "ref": "ref", "seq": room.state.directory.seq, "channel": plans}
    assert json.loads(outcome.answers[0] or "") == answer
    assert room.database.dump() == stored


# --- members and the room ---


async def test_an_admin_removes_a_member_and_all_their_devices(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.say(anna, "hers")
    outcome = await room.commit((olga, RemoveMember("m", anna.id)))
    assert parsed(outcome.answers[0]) == {"type": "ack", "ref": "m", "seq": room.state.directory.seq}
    assert events(outcome) == [
        {"seq": room.state.directory.seq, "kind": "member_removed", "member": anna.id, "by": olga.id}
    ]
    assert outcome.removed_members == [anna.id]
    assert [row["member"] for row in room.database.rows("sessions")] == [olga.id]
    welcome = await room.welcome(olga)
    assert [member["name"] for member in welcome["members"]] == ["Olga"]
    assert welcome["former_members"] == [{"id": anna.id, "name": "Anna"}]
    assert await room.bodies() == ["hers"]


async def test_only_admins_remove_members_and_nobody_oneself(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    assert refused(await room.ask(anna, RemoveMember("m", boris.id))) == "forbidden"
    assert refused(await room.ask(olga, RemoveMember("m", olga.id))) == "forbidden"
    assert refused(await room.ask(olga, RemoveMember("m", "nobody"))) == "not_found"
    accepted(await room.ask(olga, RemoveMember("m", boris.id)))
    assert refused(await room.ask(olga, RemoveMember("m", boris.id))) == "not_found"


async def test_the_name_of_a_removed_member_is_free(room: ChatRoom, anna: Person, olga: Person) -> None:
    await room.ask(olga, RemoveMember("m", anna.id))
    again = await room.join("anna")
    assert again.id != anna.id
