"""live/reception.py: from a frame to what follows from it."""

import itertools
from typing import Any

import pytest

from access.signing_in import SignedIn
from chat.directory import GENERAL
from limits import (
    DROPPED_AN_OPENING,
    MALFORMED_WINDOW_MS,
    MAX_BODY_CHARACTERS,
    MAX_FRAME_BYTES,
    MAX_MALFORMED_FRAMES,
    REFUSAL_BURST,
    REFUSALS_SPARED,
    REQUEST_BURST,
)
from live.announcements import signed_out
from live.effects import Enqueue
from tests.contract import CLIENT_FRAMES, good_frame
from tests.rooms import (
    ADMIN_PASSWORD,
    DAY,
    HOUR,
    SECOND,
    ChatRoom,
    Person,
    answers,
    closed,
    errors,
    refusal,
    uuid,
)
from wire.changes import RemoveMember

TYPING = {"type": "typing", "channel": GENERAL}
HELLO = {"type": "hello", "last_seq": None}
SEND = {"type": "send", "id": uuid(1), "channel": GENERAL, "body": "hello"}
EVERY_OTHER_FRAME: list[dict[str, Any]] = [
    SEND,
    TYPING,
    {"type": "edit", "id": uuid(1), "body": "x"},
    {"type": "delete", "id": uuid(1)},
    {"type": "react", "id": uuid(1), "emoji": "👍", "on": True},
    {"type": "history", "channel": GENERAL, "before": None, "limit": 1},
    {"type": "read", "channel": GENERAL, "seq": 1},
    {"type": "channel.create", "name": "x"},
    {"type": "channel.update", "id": "x"},
    {"type": "channel.delete", "id": "x"},
    {"type": "member.remove", "id": "x"},
    {"type": "room.update", "retention_days": 1},
    {"type": "alert.seen", "id": "x"},
    {"type": "login.answer", "id": "x", "approve": True},
]


@pytest.mark.parametrize(
    "frame",
    [*EVERY_OTHER_FRAME, "", "not JSON", "ping", {"type": "hallo"}, {"type": "hello", "last_seq": "1"}, None],
    ids=str,
)
async def test_anything_before_hello_closes(room: ChatRoom, anna: Person, frame: dict[str, Any] | str | None) -> None:
    effects = await room.receive(room.socket(anna), frame)
    assert closed(effects) == 4408
    assert len(effects) == 1


@pytest.mark.parametrize("frame", [HELLO, *EVERY_OTHER_FRAME, "not JSON", None], ids=str)
@pytest.mark.parametrize("how", ["signed out", "expired", "idle", "removed", "another's", "unknown"])
async def test_an_ended_session_closes_whatever_is_sent_and_gets_nothing(
    room: ChatRoom, anna: Person, olga: Person, how: str, frame: dict[str, Any] | str | None
) -> None:
    connection = await room.connect(anna)
    match how:
        case "signed out":
            room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
            await signed_out(room.state, anna.id, anna.session.id, now_ms=room.now_ms)
        case "expired":
            room.later(30 * DAY)
        case "idle":
            room.later(7 * DAY)
        case "removed":
            await room.ask(olga, RemoveMember("m", anna.id))
        case "another's":
            connection.session = olga.session.id
            await room.wake()
        case "unknown":
            connection.session = "AAAAAAAAAAAA"
    effects = await room.receive(connection, frame)
    assert closed(effects) == 4401
    assert len(effects) == 1


async def test_the_role_is_asked_of_storage_with_every_frame(room: ChatRoom, olga: Person) -> None:
    connection = await room.connect(olga)
    room.database.tamper("UPDATE sessions SET role = 'member'")
    await room.wake()
    (effect,) = await room.receive(connection, {"type": "room.update", "retention_days": 1})
    assert isinstance(effect, Enqueue)
    assert effect.request.author.role == "member"


@pytest.mark.parametrize("wanted", [None, True, False])
async def test_a_client_may_take_the_event_of_a_message_for_its_answer(
    room: ChatRoom, anna: Person, wanted: bool | None
) -> None:
    connection = room.socket(anna)
    await room.receive(connection, HELLO | ({} if wanted is None else {"acks": wanted}))
    (effect,) = await room.receive(connection, SEND)
    assert isinstance(effect, Enqueue)
    assert effect.request.wants_ack is (wanted is not False)
    await room.receive(connection, HELLO | {"acks": not wanted})
    (effect,) = await room.receive(connection, SEND)
    assert isinstance(effect, Enqueue)
    assert effect.request.wants_ack is not wanted


async def test_changes_are_queued_with_who_asks_as_storage_says(room: ChatRoom, anna: Person, olga: Person) -> None:
    for person, role in ((anna, "member"), (olga, "admin")):
        frame = SEND | {"author": "somebody else", "role": "admin", "member": "somebody else"}
        (effect,) = await room.receive(await room.connect(person), frame)
        assert isinstance(effect, Enqueue)
        assert (effect.request.author.member, effect.request.author.role) == (person.id, role)


@pytest.mark.parametrize("kind", CLIENT_FRAMES)
async def test_every_frame_of_the_contract_leads_to_something(room: ChatRoom, anna: Person, kind: str) -> None:
    connection = await room.connect(anna)
    frame = {name: value for name, value in good_frame(kind).items() if name != "files"}  # nobody has uploaded them
    codes = set(errors(await room.receive(connection, frame)))
    assert codes <= {"forbidden", "not_found", "wrong_time"}


async def test_every_new_channel_gets_another_id(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    ids = set()
    for _ in range(10):
        (effect,) = await room.receive(connection, {"type": "channel.create", "name": "x"})
        assert isinstance(effect, Enqueue)
        ids.add(effect.request.fresh_id)
    assert len(ids) == 10
    assert {len(each) for each in ids} == {12}


async def test_twenty_damaged_frames_in_a_minute_close(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    frames = ["", "[]", {"type": "send"}, None, {"type": "typing", "channel": 1}]
    for number in range(MAX_MALFORMED_FRAMES - 1):
        assert (await refusal(room, connection, frames[number % len(frames)]))["code"] == "malformed"
    await room.receive(connection, TYPING)
    effects = await room.receive(connection, "")
    assert closed(effects) == 4400
    assert len(effects) == 1


async def test_twenty_damaged_frames_over_a_day_close_nothing(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(3 * MAX_MALFORMED_FRAMES):
        assert (await refusal(room, connection, ""))["code"] == "malformed"
        room.later(MALFORMED_WINDOW_MS // (MAX_MALFORMED_FRAMES - 1) + 1)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "poll", "ref": "r"}, "unknown_type"),
        ({"type": "send", "id": uuid(1), "channel": GENERAL, "body": "x" * (MAX_BODY_CHARACTERS + 1)}, "too_large"),
        ({"type": "edit", "ref": "r", "id": uuid(1), "body": "x", "mentions": ["m"] * 51}, "too_large"),
    ],
)
async def test_a_newer_client_lives_with_an_older_room(
    room: ChatRoom, anna: Person, frame: dict[str, Any], code: str
) -> None:
    connection = await room.connect(anna)
    for _ in range(5 * MAX_MALFORMED_FRAMES):
        assert (await refusal(room, connection, frame))["code"] == code


@pytest.mark.parametrize("frame", ["", {"type": "poll"}, {"type": "edit", "id": uuid(1), "body": "x" * 4_001}])
async def test_what_cannot_be_taken_counts_as_a_question_of_the_member(
    room: ChatRoom, anna: Person, frame: str | dict[str, Any]
) -> None:
    """Else reopened sockets would give no end of refusals."""
    for _ in range(REQUEST_BURST // 10):
        connection = await room.connect(anna)
        for _ in range(9):
            assert (await refusal(room, connection, frame))["code"] != "rate_limited"
        room.state.presence.go(anna.id)
    connection = await room.connect(anna)
    for _ in range(REFUSALS_SPARED):
        assert (await refusal(room, connection, frame))["code"] == "rate_limited"


async def test_a_malformed_frame_is_refused_with_its_ref(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    answer = await refusal(room, connection, {"type": "edit", "ref": "r1", "id": uuid(1), "body": 7})
    assert answer == {"type": "error", "ref": "r1", "code": "malformed", "detail": "body is not a string."}
    assert (await refusal(room, connection, SEND | {"body": 7}))["ref"] == uuid(1)
    assert (await refusal(room, connection, "[]"))["ref"] is None


@pytest.mark.parametrize(
    ("size", "code"), [(MAX_FRAME_BYTES - 1, None), (MAX_FRAME_BYTES, None), (MAX_FRAME_BYTES + 1, 4413)]
)
@pytest.mark.parametrize("character", ["x", "я", "🙂"])
async def test_a_frame_has_a_size_in_bytes(
    room: ChatRoom, anna: Person, size: int, code: int | None, character: str
) -> None:
    connection = await room.connect(anna)
    start, end = '{"type":"typing","channel":"general","more":"', '"}'
    room_left = size - len(start) - len(end)
    width = len(character.encode())
    frame = start + character * (room_left // width) + "x" * (room_left % width) + end
    assert len(frame.encode()) == size
    assert closed(await room.receive(connection, frame)) == code


async def test_a_frame_too_large_closes_before_anything_else_is_looked_at(room: ChatRoom, anna: Person) -> None:
    connection = room.socket(anna)
    connection.session = "unknown"
    assert closed(await room.receive(connection, "x" * (MAX_FRAME_BYTES + 1))) == 4413


async def test_changes_have_a_rate_and_the_refusal_says_when_to_repeat(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(20):
        (effect,) = await room.receive(connection, SEND)
        assert isinstance(effect, Enqueue)
    answer = await refusal(room, connection, SEND)
    assert answer == {
        "type": "error",
        "ref": uuid(1),
        "code": "rate_limited",
        "detail": "Too fast.",
        "retry_after": 0.2,
    }
    room.later(199)
    assert (await refusal(room, connection, SEND))["code"] == "rate_limited"
    room.later(1)
    assert isinstance((await room.receive(connection, SEND))[0], Enqueue)
    assert (await refusal(room, connection, SEND))["code"] == "rate_limited"


async def test_the_rate_is_a_members_over_all_sockets_and_no_others(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    for number in range(20):
        connection = room.socket(anna)
        connection.is_ready = True
        kind = SEND if number % 2 else {"type": "channel.create", "name": "x"}
        assert isinstance((await room.receive(connection, kind))[0], Enqueue)
    assert (await refusal(room, await room.connect(anna), SEND))["code"] == "rate_limited"
    assert isinstance((await room.receive(await room.connect(boris), SEND))[0], Enqueue)


async def test_the_rate_is_the_operators(room: ChatRoom) -> None:
    await room.wake(MESSAGE_RATE="2/0.5")
    anna = await room.join("Anna")
    connection = await room.connect(anna)
    for _ in range(2):
        assert isinstance((await room.receive(connection, SEND))[0], Enqueue)
    assert (await refusal(room, connection, SEND))["retry_after"] == 2


async def test_requests_that_store_nothing_have_a_rate_of_their_own(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    history = {"type": "history", "ref": "h", "channel": GENERAL, "before": None, "limit": 1}
    for _ in range(REQUEST_BURST - 1):
        assert answers(await room.receive(connection, history))[0]["type"] == "history"
    for frame in (history, TYPING, {"type": "read", "channel": GENERAL, "seq": 1}, HELLO):
        assert (await refusal(room, connection, frame))["code"] == "rate_limited"
    assert isinstance((await room.receive(connection, SEND))[0], Enqueue)
    room.later(20)
    assert answers(await room.receive(connection, history))[0]["type"] == "history"


async def test_questions_are_a_members_over_all_sockets_and_a_new_socket_brings_none(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    lines = [await room.connect(anna) for _ in range(4)]
    for number in range(REQUEST_BURST - 4):
        assert not errors(await room.receive(lines[number % 4], TYPING))
    for each in (*lines, await room.connect(anna)):
        assert (await refusal(room, each, TYPING))["code"] == "rate_limited"
    assert not errors(await room.receive(await room.connect(boris), TYPING))


async def test_a_member_who_floods_on_many_sockets_gets_no_more_refusals_and_a_quiet_one_stays(
    room: ChatRoom, anna: Person
) -> None:
    lines = [await room.connect(anna) for _ in range(10)]
    quiet = await room.connect(anna)
    for _ in range(20):
        await room.receive(lines[0], SEND)
    refused = 0
    for each in lines:
        while closed(await room.receive(each, SEND)) is None:
            refused += 1
    assert refused < REFUSAL_BURST + len(lines) * REFUSALS_SPARED
    assert (await refusal(room, quiet, SEND))["code"] == "rate_limited"


async def test_whoever_goes_on_although_told_to_slow_down_is_closed(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(20):
        await room.receive(connection, SEND)
    for _ in range(REFUSAL_BURST):
        assert (await refusal(room, connection, SEND))["code"] == "rate_limited"
    effects = await room.receive(connection, SEND)
    assert closed(effects) == 4429
    assert len(effects) == 1


async def test_whoever_slowed_down_starts_anew(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(20):
        await room.receive(connection, SEND)
    for _ in range(3):
        for _ in range(REFUSAL_BURST):
            await refusal(room, connection, SEND)
        room.later(10 * SECOND)
        for _ in range(20):
            await room.receive(connection, SEND)


async def test_what_is_taken_in_between_makes_no_end_of_refusals(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    refused = 0
    for number in itertools.count():
        effects = await room.receive(connection, SEND)
        refused += bool(errors(effects))
        if closed(effects) is not None:
            break
        room.later(number % 2)  # two thousand a second, five of which are taken
    assert refused < 2 * REFUSAL_BURST


async def test_what_comes_on_a_closed_socket_costs_openings(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    openings = room.state.budgets.of(anna.id, room.now_ms).openings
    before = openings.tokens
    for _ in range(DROPPED_AN_OPENING - 1):
        room.reception.drop(connection, room.now_ms)
    assert openings.tokens == before
    room.reception.drop(connection, room.now_ms)
    assert openings.tokens == before - 1


async def test_other_refusals_close_nothing(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(REFUSAL_BURST + 1):
        room.later(SECOND)
        answer = await refusal(room, connection, {"type": "history", "channel": "nowhere", "before": None, "limit": 1})
        assert answer["code"] == "not_found"


async def test_a_changed_password_closes_the_sockets_that_are_left(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    room.later(HOUR)
    await room.wake(CHAT_PASSWORD="another password")
    assert closed(await room.receive(connection, TYPING)) == 4401


async def test_an_admins_password_alone_gives_an_admins_frames(room: ChatRoom) -> None:
    anna = await room.join("Anna")
    connection = await room.connect(anna)
    (effect,) = await room.receive(connection, {"type": "room.update", "ref": "u", "retention_days": 1})
    assert isinstance(effect, Enqueue)
    assert (await room.ask(anna, effect.request.frame))["code"] == "forbidden"
    admin = await room.sign_in("Anna", password=ADMIN_PASSWORD, current=anna.session)
    assert isinstance(admin, SignedIn)
    assert admin.session.role == "admin"
