"""chat/former.py: what a message said before it was edited."""

from typing import Any

from limits import MAX_FORMER_TEXTS
from tests.chat.asking import delete, edit
from tests.lanes import add, create_private, secure
from tests.rooms import HOUR, ChatRoom, Person, answers, refusal, uuid


async def former(room: ChatRoom, person: Person) -> list[dict[str, Any]]:
    effects = await room.receive(await room.connect(person), {"type": "former", "ref": "f", "id": uuid(1)})
    return list(answers(effects)[0]["texts"])


async def test_everybody_who_reads_a_message_sees_what_it_said_before(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    sent = await room.say(anna, "first", id=uuid(1))
    assert await former(room, boris) == []
    times = [sent["sent_at"]]
    for text in ("second", "second", "third"):
        room.later(HOUR)
        await room.ask(anna, edit(uuid(1), text))
        times.append(room.now_ms)
    assert await former(room, boris) == [{"body": "first", "at": times[0]}, {"body": "second", "at": times[2]}]
    assert "former" not in (await room.history())["messages"][0]


async def test_only_the_newest_of_many_are_kept(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "0", id=uuid(1))
    for number in range(1, MAX_FORMER_TEXTS + 2):
        await room.ask(anna, edit(uuid(1), str(number)))
    bodies = [each["body"] for each in await former(room, anna)]
    assert bodies == [str(number) for number in range(1, MAX_FORMER_TEXTS + 1)]


async def test_former_texts_are_sealed_and_go_with_the_message(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "embarrassing", id=uuid(1))
    await room.ask(anna, edit(uuid(1), "polite"))
    assert "embarrassing" not in room.database.dump()
    assert any("embarrassing" in text for text in await room.plaintexts())
    await room.ask(anna, delete(uuid(1)))
    assert not any("embarrassing" in text for text in await room.plaintexts())
    asked = {"type": "former", "ref": "f", "id": uuid(1)}
    assert (await refusal(room, await room.connect(anna), asked))["code"] == "not_found"


async def test_a_hidden_past_stays_hidden(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "x", lane, id=uuid(1))
    await room.ask(anna, edit(uuid(1), "y"))
    await add(room, anna, lane, boris, history="none")
    asked = {"type": "former", "ref": "f", "id": uuid(1), "channel": lane}
    assert (await refusal(room, await room.connect(boris), asked))["code"] == "not_found"
