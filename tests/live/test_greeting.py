"""live/greeting.py: the answer to hello."""

from collections.abc import Sequence

import pytest

from access.confirmations import Waiting
from chat.directory import GENERAL
from limits import (
    FILE_BYTES,
    MAX_BODY_CHARACTERS,
    MAX_RESUME_BYTES,
    MAX_SOCKETS_PER_MEMBER,
)
from live import logins
from live.effects import AnnouncePresence, Answer, Effect, Welcomed
from live.state import RoomState
from sealing.ciphers import Item
from storage.sessions import Session
from tests.access.test_standing import make_admin
from tests.lanes import secure
from tests.logins import token_of
from tests.rooms import (
    HOUR,
    SECOND,
    ChatRoom,
    Person,
    answers,
    closed,
    told,
)
from wire.public_limits import public_limits

HELLO = {"type": "hello", "last_seq": None}


async def test_a_welcome_tells_the_state_of_the_room(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", mentions=[boris.id])
    await room.connect(anna)
    effects = await room.receive(room.socket(boris), HELLO)
    assert [type(effect) for effect in effects] == [Welcomed, Answer, AnnouncePresence]
    (welcome,) = answers(effects)
    members = welcome.pop("members")
    assert sorted(members, key=lambda member: str(member["name"])) == [
        {"id": anna.id, "name": "Anna", "role": "member", "hue": 0, "online": True},
        {"id": boris.id, "name": "Boris", "role": "member", "hue": 1, "online": True},
    ]
    (general,) = welcome.pop("channels")
    expected = {
        "type": "welcome",
        "member": {"id": boris.id, "name": "Boris", "role": "member", "hue": 1},
        "seq": 3,
        "resumed": False,
        "joined_seq": 1,
        "former_members": [],
        "retention_days": 30,
        "session": {"id": boris.session.id, "expires_at": boris.session.expires_at},
        "limits": public_limits(20, 5, FILE_BYTES),
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


async def test_members_are_told_where_to_meet_if_the_operator_says_where(room: ChatRoom, anna: Person) -> None:
    assert "call_url" not in await room.welcome(anna)
    await room.wake(CALL_URL="https://meet.example.org/{call}")
    assert (await room.welcome(anna))["call_url"] == "https://meet.example.org/{call}"


async def test_what_a_device_changes_while_another_one_says_hello_is_in_its_welcome(
    room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await room.connect(anna)

    async def pending(*_: object) -> list[Effect]:
        """Logins wait, whose texts have to be opened."""
        await room.receive(other, {"type": "quiet", "ref": "q", "minutes": 60})
        return []

    monkeypatch.setattr(logins, "pending", pending)
    welcome = await room.welcome(anna)
    assert welcome["quiet"] == {"until": room.now_ms + HOUR, "hours": None}


@pytest.mark.parametrize("on", [True, False])
async def test_a_role_that_changes_while_a_hello_is_answered_is_in_the_answer(
    room: ChatRoom, anna: Person, olga: Person, monkeypatch: pytest.MonkeyPatch, on: bool
) -> None:
    await secure(room, anna)
    await make_admin(room, olga, anna, on=not on)
    await room.sign_in("Olga", address="192.0.2.7")
    pending = logins.pending

    async def late(state: RoomState, session: Session, now_ms: int) -> list[Effect]:
        monkeypatch.undo()
        await make_admin(room, olga, anna, on=on)
        return await pending(state, session, now_ms)

    monkeypatch.setattr(logins, "pending", late)
    welcome, *others = await room.catch_up(anna, None)
    assert (welcome["seq"], welcome["member"]["role"]) == (room.state.directory.seq, "admin" if on else "member")
    assert [each["type"] for each in others] == ["approval"] * on
