"""chat/contents.py: what is sealed of a message belongs to its place."""

import json

import pytest

from chat.contents import ANSWERED
from chat.directory import GENERAL
from errors import Misconfigured
from sealing.keyring import Header
from tests.chat.asking import THUMB, react
from tests.rooms import ChatRoom, Person, SqliteDatabase, events, make_room, uuid
from wire.changes import Edit


async def shown(room: ChatRoom, channel: str = GENERAL) -> list[str]:
    return [
        "unreadable" if message.get("unreadable") else message["body"]
        for message in (await room.history(channel))["messages"]
    ]


@pytest.fixture
async def three(room: ChatRoom, anna: Person, boris: Person) -> SqliteDatabase:
    for number, person in enumerate([anna, boris, anna]):
        await room.say(person, f"text {number}", id=uuid(number))
    return room.database


async def test_two_swapped_messages_are_unreadable_and_the_others_stay_readable(
    room: ChatRoom, three: SqliteDatabase
) -> None:
    first, second = (row["sealed"] for row in three.rows("messages")[:2])
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", second, uuid(0).replace("-", ""))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", first, uuid(1).replace("-", ""))
    assert await shown(room) == ["unreadable", "unreadable", "text 2"]


async def test_two_swapped_messages_of_one_author_are_unreadable(room: ChatRoom, three: SqliteDatabase) -> None:
    first, _, third = (row["sealed"] for row in three.rows("messages"))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", third, uuid(0).replace("-", ""))
    three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", first, uuid(2).replace("-", ""))
    assert await shown(room) == ["unreadable", "text 1", "unreadable"]


async def test_a_message_moved_to_another_channel_is_unreadable_there(
    room: ChatRoom, anna: Person, three: SqliteDatabase
) -> None:
    plans = await room.create_channel(anna, "plans")
    await room.say(anna, "of plans", plans)
    three.tamper("UPDATE messages SET channel = ? WHERE id = unhex(?)", plans, uuid(0).replace("-", ""))
    await room.wake()
    assert await shown(room, plans) == ["unreadable", "of plans"]
    assert await shown(room) == ["text 1", "text 2"]


@pytest.mark.parametrize(
    "damage",
    [
        "author = 'somebody else'",
        "id = unhex('00000000000040008000000000000abc')",
        "epoch = epoch + 1",
        "epoch = 0",
        "sealed = x''",
        "sealed = substr(sealed, 1, 20)",
        "sealed = CAST(sealed || x'00' AS BLOB)",
        "sealed = CAST(x'01' || substr(sealed, 2) AS BLOB)",
        "sealed = CAST(x'02' || substr(sealed, 2) AS BLOB)",
        "sent_at = sent_at + 1",
        "sent_at = 0",
        "seq = seq + 1000",
    ],
)
async def test_a_damaged_message_is_unreadable_and_the_others_stay_readable(
    room: ChatRoom, three: SqliteDatabase, damage: str
) -> None:
    three.tamper(f"UPDATE messages SET {damage} WHERE id = unhex(?)", uuid(1).replace("-", ""))
    assert sorted(await shown(room)) == ["text 0", "text 2", "unreadable"]


@pytest.mark.parametrize("columns", ["seq", "sent_at", "seq, sent_at"])
@pytest.mark.parametrize("other", [1, 2], ids=["of another author", "of the same author"])
async def test_two_messages_whose_order_or_time_was_exchanged_are_unreadable(
    room: ChatRoom, anna: Person, boris: Person, columns: str, other: int
) -> None:
    for number, person in enumerate([anna, boris, anna]):
        await room.say(person, f"text {number}", id=uuid(number))
        room.later(1_000)
    await room.ask(anna, Edit("ref", uuid(0), "edited 0", ()))
    await room.ask(anna, react(uuid(0)))
    exchange(room.database, columns, uuid(0), uuid(other))
    page = (await room.history())["messages"]
    exchanged = [message for message in page if message["id"] in (uuid(0), uuid(other))]
    assert [message.get("unreadable") for message in exchanged] == [True, True]
    assert not any("reactions" in message for message in exchanged)


def exchange(database: SqliteDatabase, columns: str, one: str, other: str) -> None:
    """Give each of two messages what stands in these columns of the other."""
    names = columns.split(", ")
    ids = [name.replace("-", "") for name in (one, other)]
    found = [
        database.connection.execute(f"SELECT {columns} FROM messages WHERE id = unhex(?)", (each,)).fetchone()
        for each in ids
    ]
    put = "UPDATE messages SET " + ", ".join(f"{name} = ?" for name in names) + " WHERE id = unhex(?)"
    database.tamper(put, *(-value for value in found[1]), ids[0])  # the key is never there twice
    database.tamper(put, *found[0], ids[1])
    database.tamper(put, *found[1], ids[0])


async def test_what_was_sealed_before_order_and_time_were_bound_stays_readable(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "old", id=uuid(7))
    text, emojis = b'{"body":"old"}', json.dumps({THUMB: [anna.id]}).encode()
    headers = [Header(kind, GENERAL, anna.id, uuid(7)) for kind in ("message", "reactions")]
    old = await room.state.keyring.seal(list(zip((text, emojis), headers, strict=True)), now_ms=room.now_ms)
    assert [each.data[:1] for each in old] == [b"\x01", b"\x01"]
    room.database.tamper(
        "UPDATE messages SET sealed = ?, reactions_epoch = ?, reactions = ?", old[0].data, old[1].epoch, old[1].data
    )
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["reactions"]) == ("old", {THUMB: [anna.id]})
    await room.ask(anna, Edit("ref", uuid(7), "new", ()))
    (row,) = room.database.rows("messages")
    assert row["sealed"][:1] == b"\x03", "whatever is sealed from now on is bound"
    (message,) = (await room.history())["messages"]
    assert (message["body"], message["reactions"]) == ("new", {THUMB: [anna.id]})


async def test_every_flipped_bit_of_a_message_makes_it_unreadable(room: ChatRoom, three: SqliteDatabase) -> None:
    sealed = three.rows("messages")[1]["sealed"]
    for place in range(len(sealed)):
        damaged = bytes([*sealed[:place], sealed[place] ^ 1 << place % 8, *sealed[place + 1 :]])
        three.tamper("UPDATE messages SET sealed = ? WHERE id = unhex(?)", damaged, uuid(1).replace("-", ""))
        assert sorted(await shown(room)) == ["text 0", "text 2", "unreadable"]


async def test_reactions_of_another_message_are_not_shown(room: ChatRoom, anna: Person, three: SqliteDatabase) -> None:
    await room.ask(anna, react(uuid(0)))
    three.tamper(
        "UPDATE messages SET (reactions_epoch, reactions) = (SELECT reactions_epoch, reactions FROM messages"
        " WHERE reactions IS NOT NULL)"
    )
    assert ["reactions" in message for message in (await room.history())["messages"]] == [True, False, False]


async def test_whom_a_message_answers_is_sealed_with_it_and_told_nobody(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    seq = room.state.directory.seq
    await room.say(anna, "Q", id=uuid(1))
    outcome = await room.commit((boris, room.text("R", id=uuid(2), reply_to=uuid(1))))
    told = [*events(outcome), *await room.missed(anna, seq), *(await room.history())["messages"]]
    assert not any(ANSWERED in each for each in told)
    edited = await room.commit((boris, Edit("e", uuid(2), "R!", ())))
    assert not any(ANSWERED in each for each in events(edited))
    assert [each for each in await room.plaintexts() if ANSWERED in each], "it is sealed"


async def test_the_database_of_one_room_does_not_open_as_another(three: SqliteDatabase) -> None:
    with pytest.raises(Misconfigured, match="MASTER_KEY is not the key"):
        await make_room("other", database=three.copy())
