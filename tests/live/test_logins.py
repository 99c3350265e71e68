"""live/logins.py: logins that wait."""

from access.confirmations import Waiting
from access.signing_in import SignedIn
from live.logins import ask
from tests.logins import PHONE
from tests.rooms import (
    ChatRoom,
    Person,
    answers,
    refusal,
    told,
)


async def ask_for(room: ChatRoom, name: str) -> Waiting:
    waiting = await room.sign_in(name, agent=PHONE)
    assert isinstance(waiting, Waiting)
    return waiting


async def open_logins(room: ChatRoom) -> set[str]:
    return {each.id for each in room.state.confirmations.waiting(now_ms=room.now_ms)}


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
    assert told(await ask(room.state, waiting)) == [
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
    assert await ask(room.state, again) == []


async def test_an_admin_is_not_asked_to_approve_a_login_under_the_same_name(room: ChatRoom, olga: Person) -> None:
    own, others = told(await ask(room.state, await ask_for(room, "Olga")))
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


async def test_a_settled_login_is_not_there_any_more(room: ChatRoom, anna: Person, olga: Person) -> None:
    waiting = await ask_for(room, "Anna")
    connection = await room.connect(olga)
    refused = {"type": "login.answer", "id": waiting.confirmation.id, "approve": False}
    await room.receive(connection, refused)
    for frame in (refused, refused | {"approve": True}, refused | {"id": "unknown"}):
        assert (await refusal(room, connection, frame))["code"] == "not_found"
