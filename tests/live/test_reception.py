"""live/reception.py: from a frame to what follows from it."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from access.confirmations import Waiting
from access.signing_in import SignedIn
from chat.changes import Outcome
from chat.directory import GENERAL
from encoding import compact_json
from limits import (
    ANSWER_BURST,
    ANSWER_RATE,
    ANSWERED_BYTES_A_UNIT,
    MALFORMED_WINDOW_MS,
    MAX_BODY_CHARACTERS,
    MAX_FRAME_BYTES,
    MAX_MALFORMED_FRAMES,
    MAX_PAGE_BYTES,
    MAX_RESUME_BYTES,
    MAX_SOCKETS_PER_MEMBER,
    MISUSE_OPENINGS,
    REFUSAL_BURST,
    REFUSALS_SPARED,
    REQUEST_BURST,
    TYPING_EVERY_MS,
    WRITE_QUESTIONS,
    public_limits,
)
from live.effects import Answer, CleanUpSoon, CloseMembers, CloseSessions, Effect, Enqueue, Tell, Welcomed
from sealing.ciphers import Item
from tests.logins import PHONE, token_of
from tests.rooms import (
    ADMIN_PASSWORD,
    DAY,
    HOUR,
    SECOND,
    ChatRoom,
    Person,
    answers,
    closed,
    told,
    uuid,
)
from upkeep.retention import Cleaned
from wire.changes import DeleteChannel, RemoveMember, UpdateChannel, UpdateRoom
from wire.connections import Connection

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


async def refusal(room: ChatRoom, connection: Connection, frame: dict[str, Any] | str | None) -> dict[str, Any]:
    """The refusal that a frame leads to, and nothing besides."""
    (effect,) = await room.receive(connection, frame)
    (answer,) = answers([effect])
    assert answer["type"] == "error"
    return answer


def errors(effects: Sequence[Effect]) -> list[str]:
    """The codes of the refusals among these."""
    return [each["code"] for each in answers(effects) if each["type"] == "error"]


# --- hello ---


@pytest.mark.parametrize(
    "frame",
    [*EVERY_OTHER_FRAME, "", "not JSON", "ping", {"type": "hallo"}, {"type": "hello", "last_seq": "1"}, None],
    ids=str,
)
async def test_anything_before_hello_closes(room: ChatRoom, anna: Person, frame: dict[str, Any] | str | None) -> None:
    effects = await room.receive(room.socket(anna), frame)
    assert closed(effects) == 4408
    assert len(effects) == 1


async def test_a_welcome_tells_the_state_of_the_room(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", mentions=[boris.id])
    await room.connect(anna)
    effects = await room.receive(room.socket(boris), HELLO)
    assert [type(effect) for effect in effects] == [Welcomed, Answer]
    (welcome,) = answers(effects)
    members = welcome.pop("members")
    assert sorted(members, key=lambda member: str(member["name"])) == [
        {"id": anna.id, "name": "Anna", "role": "member", "online": True},
        {"id": boris.id, "name": "Boris", "role": "member", "online": True},
    ]
    (general,) = welcome.pop("channels")
    expected = {
        "type": "welcome",
        "member": {"id": boris.id, "name": "Boris", "role": "member"},
        "seq": 3,
        "resumed": False,
        "former_members": [],
        "retention_days": 30,
        "session": {"id": boris.session.id, "expires_at": boris.session.expires_at},
        "limits": public_limits(20, 5),
    }
    assert welcome == welcome | expected
    assert general == general | {
        "id": GENERAL,
        "name": GENERAL,
        "topic": "",
        "archived": False,
        "created_by": "",
        "retention_days": None,
        "last_seq": 3,
        "read_seq": 0,
        "unread": 1,
        "mentions": 1,
    }


async def test_a_welcome_tells_the_role_of_the_session_not_of_the_name(room: ChatRoom, olga: Person) -> None:
    waiting = await room.sign_in("Olga")
    assert isinstance(waiting, Waiting)
    code = await room.state.confirmations.code_of(waiting.confirmation)
    phone = await room.join("Olga", code=code, confirmation=token_of(waiting))
    assert (await room.welcome(phone))["member"]["role"] == "member"
    assert (await room.welcome(olga))["member"]["role"] == "admin"


async def test_a_second_hello_tells_the_state_again_and_counts_no_second_socket(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    assert (await room.hello(connection, room.state.directory.seq))[0]["resumed"] is True
    assert room.state.presence.sockets(anna.id) == 1


async def test_a_message_that_comes_while_a_hello_is_answered_is_in_the_answer(
    room: ChatRoom, anna: Person, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = (await room.say(boris, "one"))["seq"]
    open_texts = room.ciphers.open

    async def open_late(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        monkeypatch.undo()
        await room.say(boris, "two")
        return await open_texts(key, items)

    monkeypatch.setattr(room.ciphers, "open", open_late)
    welcome, frame = await room.hello(room.socket(anna), seq - 1)
    assert welcome["seq"] == seq + 1
    assert [event["body"] for event in frame["events"]] == ["one", "two"]
    assert room.state.presence.sockets(anna.id) == 1


@pytest.mark.parametrize(
    ("open_sockets", "is_welcome"),
    [(MAX_SOCKETS_PER_MEMBER - 1, True), (MAX_SOCKETS_PER_MEMBER, False), (MAX_SOCKETS_PER_MEMBER + 1, False)],
)
async def test_a_member_has_at_most_20_sockets(
    room: ChatRoom, anna: Person, boris: Person, open_sockets: int, is_welcome: bool
) -> None:
    for _ in range(open_sockets):
        room.state.presence.come(anna.id)
    connection = room.socket(anna)
    effects = await room.receive(connection, HELLO | {"ref": "h"})
    assert closed(effects) == (None if is_welcome else 4429)
    assert connection.is_ready is is_welcome
    assert [(answer["type"], answer.get("code")) for answer in answers(effects)] == [
        ("welcome", None) if is_welcome else ("error", "limit_reached")
    ]
    assert room.state.presence.sockets(anna.id) == open_sockets + is_welcome
    await room.connect(boris)


async def test_a_socket_that_went_makes_room_for_another(room: ChatRoom, anna: Person) -> None:
    for _ in range(MAX_SOCKETS_PER_MEMBER):
        await room.connect(anna)
    room.state.presence.go(anna.id)
    await room.connect(anna)


# --- sessions ---


@pytest.mark.parametrize("frame", [HELLO, *EVERY_OTHER_FRAME, "not JSON", None], ids=str)
@pytest.mark.parametrize("how", ["signed out", "expired", "idle", "removed", "another's", "unknown"])
async def test_an_ended_session_closes_whatever_is_sent_and_gets_nothing(
    room: ChatRoom, anna: Person, olga: Person, how: str, frame: dict[str, Any] | str | None
) -> None:
    connection = await room.connect(anna)
    match how:
        case "signed out":
            room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
            await room.reception.signed_out(anna.id, anna.session.id, now_ms=room.now_ms)
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


async def test_every_new_channel_gets_another_id(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    ids = set()
    for _ in range(10):
        (effect,) = await room.receive(connection, {"type": "channel.create", "name": "x"})
        assert isinstance(effect, Enqueue)
        ids.add(effect.request.fresh_id)
    assert len(ids) == 10
    assert {len(each) for each in ids} == {12}


# --- too much ---


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


async def test_a_page_costs_by_what_it_says(room: ChatRoom, anna: Person) -> None:
    for _ in range(100):
        await room.say(anna, "x" * MAX_BODY_CHARACTERS)
    connection = await room.connect(anna)
    page = {"type": "history", "channel": GENERAL, "before": room.state.directory.seq + 1, "limit": 100}
    taken = 0
    while not errors(await room.receive(connection, page)):
        taken += 1
    units = len(compact_json(await room.history(before=room.state.directory.seq + 1))) // ANSWERED_BYTES_A_UNIT
    assert units > 1
    assert taken == -(-ANSWER_BURST // units)
    room.later(SECOND)
    for _ in range(ANSWER_RATE // units):
        assert not errors(await room.receive(connection, page))
    room.later(10 * SECOND)
    kept = {"type": "history", "channel": GENERAL, "before": None, "limit": 100}
    again = 0
    while not errors(await room.receive(connection, kept)):
        again += 1
    assert again == taken, "one that is kept costs the same"
    assert not errors(await room.receive(connection, TYPING)), "other questions are not concerned"


async def test_coming_back_costs_by_what_was_missed_and_then_one_starts_anew(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    for _ in range(400):
        await room.say(anna, "hello")
    resumed = [(await room.welcome(anna, seq))["resumed"] for _ in range(15)]
    assert resumed[0] is True
    assert resumed == sorted(resumed, reverse=True)
    assert resumed[-1] is False
    room.later(10 * SECOND)
    assert (await room.welcome(anna, seq))["resumed"] is True


async def test_what_was_missed_and_is_too_much_to_send_is_not_sent(room: ChatRoom, anna: Person) -> None:
    seq = room.state.directory.seq
    for _ in range(MAX_RESUME_BYTES // (4 * MAX_BODY_CHARACTERS)):
        await room.say(anna, "🙂" * MAX_BODY_CHARACTERS)
    assert (await room.catch_up(anna, seq))[0]["resumed"] is False
    room.later(10 * SECOND)
    assert (await room.catch_up(anna, seq + 10))[0]["resumed"] is True


async def test_a_choice_costs_more_than_a_look_and_the_same_one_is_not_written_again(
    room: ChatRoom, anna: Person
) -> None:
    connection = await room.connect(anna)
    await room.connect(anna)
    choose = {"type": "notify", "ref": "n", "channel": GENERAL, "level": "none"}
    assert len(await room.receive(connection, choose)) == 2
    stored = room.database.dump()
    effects = await room.receive(connection, choose)
    assert (answers(effects), len(effects)) == ([{"type": "ok", "ref": "n"}], 1)
    assert room.database.dump() == stored
    for number in range(REQUEST_BURST // WRITE_QUESTIONS - 2):
        assert not errors(await room.receive(connection, choose | {"level": ["all", None][number % 2]}))
    assert (await refusal(room, connection, choose))["code"] == "rate_limited"


async def test_no_choice_is_not_written_either(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    stored = room.database.dump()
    effects = await room.receive(connection, {"type": "notify", "ref": "n", "channel": GENERAL, "level": None})
    assert (answers(effects), room.database.dump()) == ([{"type": "ok", "ref": "n"}], stored)


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


@pytest.mark.parametrize("code", [4400, 4408, 4413, 4429])
async def test_whoever_is_closed_for_what_they_sent_opens_the_next_socket_later(
    room: ChatRoom, anna: Person, code: int
) -> None:
    frame: dict[str, Any] | str = {4400: "{", 4413: "x" * (MAX_FRAME_BYTES + 1)}.get(code, SEND)
    allowance = room.state.budgets.of(anna.id, room.now_ms)
    while not allowance.openings.wait(room.now_ms):
        connection = await room.connect(anna) if code != 4408 else room.socket(anna)
        while (found := closed(await room.receive(connection, frame))) is None:
            pass
        assert found == code
    assert -MISUSE_OPENINGS <= allowance.openings.tokens <= 0


async def test_pages_that_are_asked_for_at_once_are_owed_at_once(room: ChatRoom, anna: Person) -> None:
    """On twenty sockets, else, all would be made before the first is paid for."""
    for _ in range(100):
        await room.say(anna, "hello")
    lines = [await room.connect(anna) for _ in range(10)]
    page = {"type": "history", "channel": GENERAL, "before": 90, "limit": 100}
    text = compact_json(page)
    together = [room.reception.receive(each, text, now_ms=room.now_ms) for each in lines]
    refused = [follows for follows in together if isinstance(follows, list)]
    assert [errors(effects) for effects in refused] == [["rate_limited"]] * 4
    for follows in together:
        if not isinstance(follows, list):
            assert not errors(await follows)


async def test_a_page_of_long_messages_is_as_long_as_it_may_be_and_says_that_there_are_more(
    room: ChatRoom, anna: Person
) -> None:
    for _ in range(60):
        await room.say(anna, "x" * 4_000)
    oldest = await room.history(GENERAL, after=0, limit=100)
    newest = await room.history(GENERAL, limit=100)
    for page in (oldest, newest):
        assert 25 < len(page["messages"]) <= MAX_PAGE_BYTES // 4_000
        assert page["more"] is True
    assert oldest["messages"][0]["seq"] < newest["messages"][0]["seq"]
    assert newest["messages"][-1]["seq"] == room.state.directory.seq


async def test_a_page_has_at_least_one_message_however_long_it_is(room: ChatRoom, anna: Person) -> None:
    for _ in range(3):
        await room.say(anna, "🙂" * MAX_BODY_CHARACTERS)
    page = await room.history(GENERAL, limit=100)
    assert len(page["messages"]) == 3


async def test_other_refusals_close_nothing(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    for _ in range(REFUSAL_BURST + 1):
        room.later(SECOND)
        answer = await refusal(room, connection, {"type": "history", "channel": "nowhere", "before": None, "limit": 1})
        assert answer["code"] == "not_found"


# --- typing ---


async def test_typing_on_many_sockets_is_told_once(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.connect(boris)
    lines = [await room.connect(anna) for _ in range(5)]
    assert [len(await room.receive(each, TYPING)) for each in lines] == [1, 0, 0, 0, 0]


async def test_typing_is_told_to_the_others_who_are_here(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    connection = await room.connect(anna)
    assert await room.receive(connection, TYPING) == []
    room.later(TYPING_EVERY_MS)
    await room.connect(boris)
    effects = await room.receive(connection, TYPING)
    assert told(effects) == [({"type": "typing", "channel": GENERAL, "member": anna.id}, frozenset({boris.id}), None)]
    assert len(effects) == 1


@pytest.mark.parametrize(("after", "is_told"), [(TYPING_EVERY_MS - 1, False), (TYPING_EVERY_MS, True)])
async def test_typing_is_told_every_two_seconds_a_channel(
    room: ChatRoom, anna: Person, boris: Person, after: int, is_told: bool
) -> None:
    await room.connect(boris)
    connection = await room.connect(anna)
    plans = await room.create_channel(anna, "plans")
    assert len(await room.receive(connection, TYPING)) == 1
    assert len(await room.receive(connection, {"type": "typing", "channel": plans})) == 1
    room.later(after)
    assert bool(await room.receive(connection, TYPING)) is is_told


async def test_typing_where_nobody_can_write_is_refused(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    connection = await room.connect(anna)
    await room.ask(anna, UpdateChannel("u", plans, {"archived": True}))
    assert (await refusal(room, connection, {"type": "typing", "channel": plans}))["code"] == "archived"
    await room.ask(anna, DeleteChannel("x", plans))
    assert (await refusal(room, connection, {"type": "typing", "channel": plans}))["code"] == "not_found"


# --- reading ---


async def test_a_read_position_is_told_to_ones_own_other_sockets_only(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seqs = [(await room.say(anna, f"{number}", mentions=[boris.id]))["seq"] for number in range(3)]
    connection = await room.connect(boris)
    await room.connect(boris)
    effects = await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": seqs[0]})
    expected = {"type": "read", "channel": GENERAL, "seq": seqs[0], "unread": 2, "mentions": 2}
    assert told(effects) == [(expected, frozenset({boris.id}), connection.id)]
    assert len(effects) == 1
    assert (await room.channel_of(boris))["unread"] == 2


@pytest.mark.parametrize("seq", [0, 3])
async def test_a_read_position_that_is_not_further_is_not_told(room: ChatRoom, anna: Person, seq: int) -> None:
    boris = await room.join("Boris")
    await room.say(anna, "x")
    connection = await room.connect(boris)
    await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": 3})
    before = room.database.dump()
    assert await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": seq}) == []
    assert room.database.dump() == before


async def test_reading_beyond_the_newest_message_is_reading_it(room: ChatRoom, anna: Person, boris: Person) -> None:
    newest = (await room.say(anna, "x"))["seq"]
    effects = await room.receive(await room.connect(boris), {"type": "read", "channel": GENERAL, "seq": 2**53 - 1})
    assert told(effects)[0][0] == {"type": "read", "channel": GENERAL, "seq": newest, "unread": 0, "mentions": 0}


async def test_reading_a_channel_that_is_not_there_is_refused(room: ChatRoom, anna: Person) -> None:
    answer = await refusal(room, await room.connect(anna), {"type": "read", "ref": "r", "channel": "x", "seq": 1})
    assert (answer["ref"], answer["code"]) == ("r", "not_found")


# --- history ---


async def test_history_is_answered_to_the_one_who_asked(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x")
    frame = {"type": "history", "ref": "h", "channel": GENERAL, "before": None, "limit": 1}
    (effect,) = await room.receive(await room.connect(anna), frame)
    (page,) = answers([effect])
    assert (page["ref"], [message["body"] for message in page["messages"]]) == ("h", ["x"])


# --- logins that wait ---


async def ask_for(room: ChatRoom, name: str) -> Waiting:
    waiting = await room.sign_in(name, agent=PHONE)
    assert isinstance(waiting, Waiting)
    return waiting


async def test_a_held_name_asks_its_own_devices_and_the_admins(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    waiting = await ask_for(room, "Anna")
    confirmation = waiting.confirmation
    code = await room.state.confirmations.code_of(confirmation)
    question = {
        "id": confirmation.id,
        "compare": waiting.refusal.extra["compare"],
        "agent": "Safari, iPhone",
        "expires_at": confirmation.expires_at,
    }
    assert told(await room.reception.waiting(waiting)) == [
        (
            {"type": "confirmation", **question, "code": code},
            frozenset({anna.id}),
            None,
        ),
        (
            {"type": "approval", **question, "member": anna.id},
            frozenset({olga.id}),
            None,
        ),
    ]


async def test_asking_again_asks_nobody_again(room: ChatRoom, anna: Person) -> None:
    first = await ask_for(room, "Anna")
    again = await room.sign_in("Anna", confirmation=first.refusal.extra["confirmation"])
    assert isinstance(again, Waiting)
    assert await room.reception.waiting(again) == []


async def test_an_admin_is_not_asked_to_approve_a_login_under_the_same_name(room: ChatRoom, olga: Person) -> None:
    own, others = told(await room.reception.waiting(await ask_for(room, "Olga")))
    assert own[1] == frozenset({olga.id})
    assert others[1] == frozenset()


async def test_a_device_that_was_away_is_asked_when_it_returns(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    waiting = await ask_for(room, "Anna")
    asked = {
        person.name: [frame["type"] for frame in (await room.catch_up(person, None))[1:]]
        for person in (anna, boris, olga)
    }
    assert asked == {"Anna": ["confirmation"], "Boris": [], "Olga": ["approval"]}
    room.later(waiting.confirmation.expires_at - room.now_ms)
    assert len(await room.catch_up(anna, None)) == 1


async def test_an_admin_lets_somebody_in(room: ChatRoom, anna: Person, olga: Person) -> None:
    waiting = await ask_for(room, "Anna")
    frame = {"type": "login.answer", "ref": "a", "id": waiting.confirmation.id, "approve": True}
    effects = await room.receive(await room.connect(olga), frame)
    assert answers(effects) == [{"type": "ok", "ref": "a"}]
    done = {"type": "login.done", "id": waiting.confirmation.id}
    assert told(effects) == [(done, frozenset({anna.id, olga.id}), None)]
    result = await room.sign_in("Anna", confirmation=waiting.refusal.extra["confirmation"])
    assert isinstance(result, SignedIn)


async def test_only_an_admin_lets_somebody_in(room: ChatRoom, anna: Person, boris: Person) -> None:
    waiting = await ask_for(room, "Anna")
    frame = {"type": "login.answer", "id": waiting.confirmation.id, "approve": True}
    for person in (anna, boris):
        assert (await refusal(room, await room.connect(person), frame))["code"] == "forbidden"
    result = await room.sign_in("Anna", confirmation=waiting.refusal.extra["confirmation"])
    assert isinstance(result, Waiting)


async def test_a_member_or_an_admin_refuses_a_login_and_nobody_else(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    for person, allowed in ((boris, False), (anna, True), (olga, True)):
        waiting = await ask_for(room, "Anna")
        frame = {"type": "login.answer", "id": waiting.confirmation.id, "approve": False}
        (answer,) = answers(await room.receive(await room.connect(person), frame))
        assert answer.get("code") == (None if allowed else "forbidden")
        assert (waiting.confirmation.id not in await open_logins(room)) is allowed


async def open_logins(room: ChatRoom) -> set[str]:
    return {each.id for each in room.state.confirmations.waiting(now_ms=room.now_ms)}


async def test_a_settled_login_is_not_there_any_more(room: ChatRoom, anna: Person, olga: Person) -> None:
    waiting = await ask_for(room, "Anna")
    connection = await room.connect(olga)
    refused = {"type": "login.answer", "id": waiting.confirmation.id, "approve": False}
    await room.receive(connection, refused)
    for frame in (refused, refused | {"approve": True}, refused | {"id": "unknown"}):
        assert (await refusal(room, connection, frame))["code"] == "not_found"


# --- what follows from what was done ---


async def test_a_new_device_is_told_and_what_it_settles_and_replaces_is_closed(
    room: ChatRoom, anna: Person, olga: Person
) -> None:
    waiting = await ask_for(room, "Anna")
    code = await room.state.confirmations.code_of(waiting.confirmation)
    result = await room.sign_in("Anna", code=code, confirmation=token_of(waiting))
    assert isinstance(result, SignedIn)
    effects = room.reception.signed_in(result)
    first, alert, second = told(effects)
    shown = {"type": "alert", "id": alert[0]["id"], "kind": "new_device", "at": room.now_ms}
    assert alert == (shown, frozenset({anna.id}), None)
    assert (first[0]["type"], first[0]["events"][0]["reason"], first[1]) == ("events", "new_device", None)
    assert second == ({"type": "login.done", "id": waiting.confirmation.id}, frozenset({anna.id, olga.id}), None)
    again = await room.sign_in("Anna", current=anna.session)
    assert isinstance(again, SignedIn)
    assert room.reception.signed_in(again) == [CloseSessions([anna.session.id])]


async def test_a_session_that_was_replaced_is_over_at_once(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    again = await room.sign_in("Anna", current=anna.session)
    assert isinstance(again, SignedIn)
    room.reception.signed_in(again)
    assert closed(await room.receive(connection, TYPING)) == 4401


async def test_signing_out_closes_the_device_and_may_end_a_role(room: ChatRoom, anna: Person, olga: Person) -> None:
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    effects = await room.reception.signed_out(anna.id, anna.session.id, now_ms=room.now_ms)
    assert effects == [CloseSessions([anna.session.id])]
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    effects = await room.reception.signed_out(olga.id, olga.session.id, now_ms=room.now_ms)
    assert effects[0] == CloseSessions([olga.session.id])
    ((frame, members, _),) = told(effects)
    assert (frame["events"][0]["reason"], frame["events"][0]["member"]["role"], members) == ("role", "member", None)


async def test_an_admin_with_a_second_admins_device_stays_one(room: ChatRoom, olga: Person) -> None:
    await room.join("Olga", admin=True)
    room.state.sessions.end(olga.session, olga.session.id, now_ms=room.now_ms)
    effects = await room.reception.signed_out(olga.id, olga.session.id, now_ms=room.now_ms)
    assert effects == [CloseSessions([olga.session.id])]


async def test_a_removed_member_is_closed_before_anything_is_told(room: ChatRoom, anna: Person, olga: Person) -> None:
    outcome = await room.commit((olga, RemoveMember("m", anna.id)), (olga, UpdateRoom("u", 3)))
    effects = room.reception.committed(outcome)
    assert [type(effect) for effect in effects] == [CloseMembers, Tell, CleanUpSoon]
    ((frame, members, but),) = told(effects)
    assert ([event["kind"] for event in frame["events"]], members, but) == (["member_removed", "room"], None, None)
    assert effects[0] == CloseMembers([anna.id], by_admin=True)


async def test_a_batch_of_repetitions_tells_nobody_anything(room: ChatRoom, anna: Person) -> None:
    message = room.text("x")
    await room.ask(anna, message)
    assert room.reception.committed(await room.commit((anna, message))) == []
    assert room.reception.committed(Outcome([])) == []


async def test_a_clean_up_tells_its_events_and_closes_what_ended(room: ChatRoom, anna: Person, olga: Person) -> None:
    connection = await room.connect(anna)
    assert room.reception.cleaned(Cleaned()) == []
    await room.say(anna, "x")
    room.later(31 * DAY)
    effects = room.reception.cleaned(await room.state.retention.run(now_ms=room.now_ms, is_online=[]))
    assert [type(effect) for effect in effects] == [Tell, CloseSessions]
    assert [event["kind"] for event in told(effects)[0][0]["events"]] == ["member", "purge"]
    assert closed(await room.receive(connection, TYPING)) == 4401
    room.later(90 * DAY)
    effects = room.reception.cleaned(await room.state.retention.run(now_ms=room.now_ms, is_online=[]))
    assert isinstance(effects[-1], CloseMembers)
    assert set(effects[-1].members) == {anna.id, olga.id}


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


# --- alerts ---


async def test_somebody_new_closes_what_the_replaced_member_still_had_open(room: ChatRoom, anna: Person) -> None:
    connection = await room.connect(anna)
    room.state.sessions.end(anna.session, anna.session.id, now_ms=room.now_ms)
    result = await room.sign_in("Anna")
    assert isinstance(result, SignedIn)
    effects = room.reception.signed_in(result)
    assert effects[0] == CloseMembers([anna.id])
    assert [event["reason"] for event in told(effects)[0][0]["events"]] == ["replaced", "joined"]
    assert closed(await room.receive(connection, TYPING)) == 4401


async def test_an_alert_is_told_after_every_welcome_until_it_was_seen(room: ChatRoom, anna: Person) -> None:
    room.later(1)
    phone = await room.join("Anna", admin=True)
    welcomes = []
    for _ in range(2):
        room.later(HOUR)
        await room.wake()
        welcomes.append(await room.hello(room.socket(anna)))
    assert [[frame["type"] for frame in frames[:2]] for frames in welcomes] == [["welcome", "alert"]] * 2
    alert = welcomes[0][1]
    assert [frame["type"] for frame in await room.hello(room.socket(phone))] == ["welcome"]
    connection = await room.connect(anna)
    done = ({"type": "alert.done", "id": alert["id"]}, frozenset({anna.id}), connection.id)
    for expected in ([done], []):
        effects = await room.receive(connection, {"type": "alert.seen", "ref": "s", "id": alert["id"]})
        assert answers(effects) == [{"type": "ok", "ref": "s"}]
        assert told(effects) == expected
    assert [frame["type"] for frame in await room.hello(room.socket(anna))] == ["welcome"]
