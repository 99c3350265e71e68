"""chat/importing.py: what was said elsewhere, with its own times, and nothing of it new to anybody."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import MAX_FORMER_MEMBERS, MAX_IMPORTED
from live.announcements import committed
from live.effects import BuildSegments, Notify
from sealing.keyring import Header, Sealed
from tests.chat.asking import HEART, THUMB, delete, edit, react, update
from tests.files.uploading import described, states, upload
from tests.lanes import create_private, open_direct, secure
from tests.rooms import DAY, HOUR, ChatRoom, Person, accepted, events, parsed, refused, told, uuid
from upkeep.stats import last_days, messages_a_day
from wire.importing import Import
from wire.profiles import UpdateRoom
from wire.reading import parse

LONG_AGO = 1_500_000_000_000
CLARA = {"id": "clara", "name": "Clara"}


def message(number: int, **more: Any) -> dict[str, Any]:
    return {"id": uuid(number), "author": "clara", "sent_at": LONG_AGO + number, "body": f"said {number}"} | more


def frame(*messages: dict[str, Any], channel: str = GENERAL, people: Any = (CLARA,)) -> Import:
    fields = {"type": "import", "ref": "r", "channel": channel, "messages": messages, "people": list(people)}
    read = parse(json.dumps(fields))
    assert isinstance(read, Import)
    return read


async def bring(room: ChatRoom, person: Person, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Import into a room that keeps everything; the answer."""
    return await room.ask(person, frame(*messages, **more))


@pytest.fixture(autouse=True)
async def _keeps(room: ChatRoom, olga: Person) -> None:
    accepted(await room.ask(olga, UpdateRoom("u", {"retention_days": 0})))


async def history(room: ChatRoom, channel: str = GENERAL) -> list[dict[str, Any]]:
    return list((await room.history(channel))["messages"])


async def test_messages_from_elsewhere_keep_their_times_and_authors_and_say_where_they_come_from(
    room: ChatRoom, olga: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    answer = await bring(
        room,
        olga,
        message(1),
        message(2, author=boris.id, edited_at=LONG_AGO + 9, reactions={THUMB: ["clara", boris.id]}),
        message(3, reply_to=uuid(1), mentions=[boris.id, "clara", "nobody"], shown_as={"name": "builds"}),
        {"id": uuid(4), "deleted_at": LONG_AGO + 50},
    )
    assert answer == {
        "type": "imported",
        "ref": "r",
        "channel": GENERAL,
        "seq": seq + 5,
        "counts": {"added": 4, "known": 0, "elsewhere": 0, "expired": 0},
        "retention_days": 0,
    }
    mark = {"imported_at": room.now_ms, "imported_by": olga.id}
    expected: list[dict[str, Any]] = [
        {"author": "clara", "sent_at": LONG_AGO + 1, "body": "said 1", **mark}
        | {"replies": {"count": 1, "at": LONG_AGO + 3, "as_of": seq + 5}},
        {
            "author": boris.id,
            "sent_at": LONG_AGO + 2,
            "body": "said 2",
            "edited_at": LONG_AGO + 9,
            "reactions": {THUMB: ["clara", boris.id]},
            **mark,
        },
        {
            "author": "clara",
            "sent_at": LONG_AGO + 3,
            "body": "said 3",
            "reply_to": uuid(1),
            "reply_seq": seq + 2,
            "mentions": [boris.id, "clara"],
            "shown_as": {"name": "builds"},
            **mark,
        },
        {"deleted_at": LONG_AGO + 50},
    ]
    shown = [
        {"seq": seq + 2 + number, "id": uuid(number + 1), "channel": GENERAL} | each
        for number, each in enumerate(expected)
    ]
    assert await history(room) == shown
    await room.wake()
    assert await history(room) == shown
    assert (await room.welcome(boris))["former_members"] == [CLARA]


async def test_everybody_is_told_at_once_and_whoever_was_away_later(
    room: ChatRoom, olga: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    outcome = await room.commit((olga, frame(message(1, edited_at=LONG_AGO + 5, reactions={HEART: [boris.id]}))))
    former, said = events(outcome)
    assert former == {"seq": seq + 1, "kind": "former", "members": [CLARA], "by": olga.id}
    (stored,) = await history(room)
    assert said == {"kind": "message", **stored}
    assert outcome.posted == []
    assert not any(isinstance(effect, Notify) for effect in committed(room.state, outcome))
    missed = await room.missed(boris, seq)
    assert missed[0] == former
    without = {name: value for name, value in said.items() if name not in ("edited_at", "reactions")}
    assert missed[1] == without, "as of every message that was edited: the page asks for history after a while away"


async def test_rows_are_two_for_a_message_one_for_a_person_and_two(room: ChatRoom, olga: Person) -> None:
    await room.say(olga, "so that a data key is there")
    before = room.database.connection.total_changes
    many = [message(number, reactions={THUMB: ["clara"]}) for number in range(1, MAX_IMPORTED + 1)]
    await bring(room, olga, *many)
    people, change, channel, act = 1, 1, 1, 1
    assert room.database.connection.total_changes - before == MAX_IMPORTED + people + change + channel + act
    before = room.database.connection.total_changes
    assert (await bring(room, olga, *many))["counts"]["known"] == MAX_IMPORTED
    assert room.database.connection.total_changes == before, "a repetition writes nothing"
    await bring(room, olga, message(500))
    assert room.database.connection.total_changes - before == 1 + channel


async def test_a_repetition_adds_nothing_and_of_a_frame_only_what_is_new_is_added(room: ChatRoom, olga: Person) -> None:
    await bring(room, olga, message(1), message(2))
    dump = room.database.dump()
    assert (await bring(room, olga, message(1), message(2)))["counts"]["added"] == 0
    assert room.database.dump() == dump
    answer = await bring(room, olga, message(2, body="other"), message(3))
    assert (answer["counts"]["added"], answer["counts"]["known"]) == (1, 1)
    assert await room.bodies() == ["said 1", "said 2", "said 3"]


async def test_a_frame_that_fails_leaves_nothing(room: ChatRoom, olga: Person) -> None:
    await bring(room, olga, message(9))
    dump = room.database.dump()
    room.database.fail_at = "UPDATE channels SET imported_seq"
    with pytest.raises(Exception, match="disk full"):
        await bring(room, olga, message(1), message(2))
    room.database.fail_at = None
    assert room.database.dump() == dump
    assert (await bring(room, olga, message(1), message(2)))["counts"]["added"] == 2


# --- who, and where ---


async def test_only_admins_import(room: ChatRoom, anna: Person) -> None:
    assert refused(await bring(room, anna, message(1))) == "forbidden"


async def test_where_people_have_written_nothing_is_imported(room: ChatRoom, olga: Person, anna: Person) -> None:
    await bring(room, olga, message(1))
    await room.say(anna, "hello")
    assert refused(await bring(room, olga, message(2))) == "forbidden"
    assert (await bring(room, olga, message(1)))["counts"]["known"] == 1, "an answer that was lost is given again"
    assert await room.bodies() == ["said 1", "hello"]


async def test_what_the_admin_has_written_is_in_nobodys_way(room: ChatRoom, olga: Person) -> None:
    await room.say(olga, "soon")
    assert (await bring(room, olga, message(1)))["counts"]["added"] == 1
    oskar = await room.join("Oskar", admin=True)
    assert (await bring(room, oskar, message(2)))["counts"]["added"] == 1, "another one may go on"
    await room.say(olga, "done")
    assert refused(await bring(room, oskar, message(3))) == "forbidden"


async def test_an_archived_channel_takes_it_and_an_unknown_one_does_not(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    accepted(await room.ask(olga, update(plans, archived=True)))
    assert (await bring(room, olga, message(1), channel=plans))["counts"]["added"] == 1
    assert refused(await bring(room, olga, message(2), channel="nowhere")) == "not_found"


async def test_an_id_of_a_message_elsewhere_is_only_counted(room: ChatRoom, olga: Person, anna: Person) -> None:
    await room.say(anna, "hello", id=uuid(1))
    plans = await room.create_channel(olga, "plans")
    answer = await bring(room, olga, message(1), message(2), channel=plans)
    assert (answer["counts"]["added"], answer["counts"]["elsewhere"]) == (1, 1)
    assert await room.bodies() == ["hello"]


async def test_private_channels_and_conversations_take_it_from_those_who_are_in_them(
    room: ChatRoom, olga: Person, anna: Person, boris: Person
) -> None:
    await secure(room, olga, anna, boris)
    ours = await create_private(room, olga, "ours", anna)
    outcome = await room.commit((olga, frame(message(1), channel=ours)))
    assert [(event.lane, event.seq, event.members) for event in outcome.events[1:]] == [
        (ours, 1, frozenset({olga.id, anna.id}))
    ]
    both = await open_direct(room, olga, anna)
    outcome = await room.commit((olga, frame(message(1, author=anna.id), channel=both)))
    assert [(parsed(event.text).get("type", "event"), event.members) for event in outcome.events] == [
        ("lane", frozenset({anna.id})),
        ("event", frozenset({olga.id, anna.id})),
    ]
    await room.wake()
    await room.state.lanes.know(olga.id)
    assert (await bring(room, olga, message(1), channel=ours))["counts"]["known"] == 1
    theirs = await create_private(room, anna, "theirs", boris)
    assert refused(await bring(room, olga, message(2), channel=theirs)) == "not_found"
    await room.wake(SUPERVISION="on")
    await room.state.lanes.know(olga.id)
    assert refused(await bring(room, olga, message(2), channel=theirs)) == "forbidden"


# --- people ---


async def test_a_member_keeps_their_name_and_a_former_one_too(room: ChatRoom, olga: Person, boris: Person) -> None:
    await bring(room, olga, message(1, author=boris.id), people=[{"id": boris.id, "name": "Eve"}, CLARA])
    await bring(room, olga, message(2), people=[{"id": "clara", "name": "Eve"}])
    await room.wake()
    assert room.state.directory.member(boris.id).name == "Boris"
    assert (await room.welcome(boris))["former_members"] == [CLARA]


async def test_a_former_member_cannot_be_signed_in_as_and_their_name_is_free(room: ChatRoom, olga: Person) -> None:
    await bring(room, olga, message(1))
    clara = await room.join("Clara")
    assert clara.id != "clara"
    assert {member.id for member in room.state.directory.former_members()} == {"clara"}


@pytest.mark.parametrize("more", [{"author": "eve"}, {"reactions": {THUMB: ["eve"]}}])
async def test_somebody_whom_nobody_knows_is_refused(room: ChatRoom, olga: Person, more: dict[str, Any]) -> None:
    dump = room.database.dump()
    answer = await bring(room, olga, message(1), message(2, **more))
    assert refused(answer) == "not_found"
    assert answer["detail"].startswith("messages 1: ")
    assert room.database.dump() == dump


async def test_there_are_so_many_former_members_and_no_more(
    room: ChatRoom, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_FORMER_MEMBERS > 1
    monkeypatch.setattr("chat.importing.MAX_FORMER_MEMBERS", 1)
    await bring(room, olga, message(1))
    two = [CLARA, {"id": "dora", "name": "Dora"}]
    assert refused(await bring(room, olga, message(2), people=two)) == "limit_reached"


# --- what does not follow ---


async def test_nobody_has_it_to_read_and_the_statistics_begin_after_it(
    room: ChatRoom, olga: Person, anna: Person, boris: Person
) -> None:
    plans = await room.create_channel(olga, "plans")
    await room.say(anna, "in another channel, today")
    recent = [message(number, sent_at=room.now_ms - HOUR + number, mentions=[boris.id]) for number in range(1, 8)]
    await bring(room, olga, *recent, channel=plans)
    await room.wake()
    shown = await room.channel_of(boris, plans)
    assert (shown["unread"], shown["mentions"], shown["last_seq"]) == (0, 0, room.state.directory.seq)
    await room.say(anna, "new", plans)
    assert (await room.channel_of(boris, plans))["unread"] == 1
    directory, days = room.state.directory, last_days(room.now_ms)
    counted = messages_a_day(directory.channels.values(), room.state.store, days, newest_seq=directory.seq)
    assert counted == [0] * (len(days) - 1) + [2]


async def test_old_times_do_not_hide_what_others_write_from_the_statistics(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    days = last_days(room.now_ms)
    for _ in range(3):
        await room.say(anna, "today")
    plans = await room.create_channel(olga, "plans")
    await bring(room, olga, *[message(number) for number in range(1, 50)], channel=plans)
    directory = room.state.directory
    counted = messages_a_day(directory.channels.values(), room.state.store, days, newest_seq=directory.seq)
    assert counted[-1] == 3


async def test_the_search_takes_it_in(room: ChatRoom, olga: Person) -> None:
    built = False
    for start in range(1, 1_200, MAX_IMPORTED):
        many = [message(start + number) for number in range(MAX_IMPORTED)]
        outcome = await room.commit((olga, frame(*many)))
        built = built or any(isinstance(effect, BuildSegments) for effect in committed(room.state, outcome))
    assert built


async def test_retention_is_asked_before_it_would_delete_what_was_just_imported(room: ChatRoom, olga: Person) -> None:
    accepted(await room.ask(olga, UpdateRoom("u", {"retention_days": 7})))
    young = room.now_ms - 7 * DAY
    answer = await bring(room, olga, message(1), message(2, sent_at=young - 1), message(3, sent_at=young))
    assert (answer["counts"]["added"], answer["counts"]["expired"], answer["retention_days"]) == (1, 2, 7)
    cleaned = await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert cleaned.events == []
    assert await room.bodies() == ["said 3"]
    accepted(await room.ask(olga, UpdateRoom("u", {"retention_days": 0})))
    assert (await bring(room, olga, message(1)))["counts"]["added"] == 1


async def test_a_deleted_one_is_as_old_as_it_is_said_to_be_and_keeps_nothing_that_follows(
    room: ChatRoom, olga: Person
) -> None:
    accepted(await room.ask(olga, UpdateRoom("u", {"retention_days": 7})))
    young = room.now_ms - 7 * DAY
    erased = {"id": uuid(1), "deleted_at": room.now_ms, "sent_at": young}
    too_old = {"id": uuid(2), "deleted_at": room.now_ms, "sent_at": young - 1}
    answer = await bring(
        room, olga, erased, too_old, message(3, sent_at=young + 1), message(4, sent_at=young + DAY, reply_to=uuid(1))
    )
    assert (answer["counts"]["added"], answer["counts"]["expired"]) == (3, 1)
    first, _, answering = await history(room)
    assert first["deleted_at"] == room.now_ms
    assert answering["reply_seq"] == first["seq"]
    await room.state.retention.run(now_ms=room.now_ms + HOUR, is_online=())
    assert await room.bodies() == ["said 4"]


async def test_a_time_that_has_not_come_is_refused(room: ChatRoom, olga: Person) -> None:
    now = room.now_ms
    assert refused(await bring(room, olga, message(1, sent_at=now + 1))) == "malformed"
    assert refused(await bring(room, olga, message(1, edited_at=now + 1))) == "malformed"
    assert refused(await bring(room, olga, {"id": uuid(1), "deleted_at": now + 1})) == "malformed"
    assert refused(await bring(room, olga, {"id": uuid(1), "deleted_at": now + 1, "sent_at": now})) == "malformed"
    assert (await bring(room, olga, message(1, sent_at=now)))["counts"]["added"] == 1


# --- what can be done with it ---


async def test_it_is_edited_deleted_and_reacted_to_like_every_message(
    room: ChatRoom, olga: Person, boris: Person
) -> None:
    await bring(room, olga, message(1, author=boris.id), message(2, reactions={THUMB: ["clara"]}), message(3))
    accepted(await room.ask(boris, edit(uuid(1), "said better")))
    accepted(await room.ask(boris, react(uuid(2), HEART)))
    accepted(await room.ask(olga, delete(uuid(3))))
    first, second, third = await history(room)
    assert (first["body"], first["imported_at"]) == ("said better", room.now_ms)
    assert second["reactions"] == {THUMB: ["clara"], HEART: [boris.id]}
    assert third["deleted_at"] == room.now_ms
    assert (await bring(room, olga, message(3)))["counts"]["known"] == 1, "what was deleted here does not come back"


async def test_answers_find_what_they_answer_in_the_frame_before_it_or_not_at_all(room: ChatRoom, olga: Person) -> None:
    plans = await room.create_channel(olga, "plans")
    await bring(room, olga, message(50), channel=plans)
    await bring(room, olga, message(1))
    await bring(room, olga, message(2, reply_to=uuid(1)), message(3, reply_to=uuid(50)), message(4, reply_to=uuid(2)))
    first, *rest = await history(room)
    assert [each["reply_seq"] for each in rest] == [first["seq"], 0, rest[0]["seq"]]
    assert [each["reply_to"] for each in rest] == [uuid(1), uuid(50), uuid(2)]


async def test_files_are_the_ones_that_the_admin_has_uploaded(room: ChatRoom, olga: Person, anna: Person) -> None:
    files = [described(1)]
    assert refused(await bring(room, olga, message(1, files=files))) == "malformed"
    upload(room, anna, 1)
    assert refused(await bring(room, olga, message(1, files=files))) == "malformed"
    upload(room, olga, 2)
    twice = [message(1, files=[described(2)]), message(2, files=[described(2)])]
    assert refused(await bring(room, olga, *twice)) == "malformed"
    assert (await bring(room, olga, twice[0]))["counts"]["added"] == 1
    assert (await history(room))[0]["files"] == [described(2)]
    assert states(room)[described(2)["id"]] == "sent"


async def test_a_frame_without_messages_says_whether_there_is_anything_against_it(
    room: ChatRoom, olga: Person, anna: Person
) -> None:
    assert (await bring(room, olga))["counts"]["added"] == 0
    await room.say(olga, "mine")
    assert (await bring(room, olga))["counts"]["added"] == 0
    await room.say(anna, "hers")
    assert refused(await bring(room, olga)) == "forbidden"


async def test_over_a_socket_a_frame_counts_as_three_and_its_files_must_be_there(room: ChatRoom, olga: Person) -> None:
    connection = await room.connect(olga)
    before = room.state.budgets.of(olga.id, room.now_ms).changes.tokens
    fields = {"type": "import", "ref": "r", "channel": GENERAL, "messages": [message(1, files=[described(1)])]}
    assert told(await room.receive(connection, fields | {"messages": []})) == []
    assert before - room.state.budgets.of(olga.id, room.now_ms).changes.tokens == 3
    (effect,) = await room.receive(connection, fields)
    assert parsed(getattr(effect, "text", "{}"))["code"] == "malformed"


async def test_a_clean_up_meanwhile_forgets_nobody_whose_messages_are_about_to_come(
    room: ChatRoom, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = room.state.keyring
    seal = keyring.seal
    forgetting: list[asyncio.Task[list[str]]] = []

    async def seal_slowly(items: Sequence[tuple[bytes, Header]], *, now_ms: int) -> list[Sealed]:
        if any(header.kind == "message" for _, header in items):
            forgetting.append(asyncio.create_task(room.state.retention._vacancies.forget_former()))
            await asyncio.sleep(0.01)
        return await seal(items, now_ms=now_ms)

    monkeypatch.setattr(keyring, "seal", seal_slowly)
    await bring(room, olga, message(1))
    assert [await each for each in forgetting] == [[]]
    assert [member.name for member in room.state.directory.former_members()] == ["Clara"]
