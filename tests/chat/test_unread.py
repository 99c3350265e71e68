"""chat/unread.py: what a member has not read, counted anew here from all that was ever posted."""

import random
from typing import Any

import pytest

from chat.directory import GENERAL
from chat.unread import count_unread, read_up_to
from limits import UNREAD_ROWS_A_CHANNEL, UNREAD_ROWS_AT_ONCE
from tests.rooms import ChatRoom, Person, accepted, answers, told, uuid
from wire.changes import Delete


async def unread(room: ChatRoom, person: Person, channel: str = GENERAL) -> int:
    """As a welcome shows it; the same before and after a sleep."""
    awake = await room.channel_of(person, channel)
    await room.wake()
    assert await room.channel_of(person, channel) == awake
    return int(awake["unread"])


async def delete(room: ChatRoom, person: Person, message: str) -> None:
    accepted(await room.ask(person, Delete("d", message)))


async def post(room: ChatRoom, person: Person, count: int, channel: str = GENERAL) -> None:
    await room.commit(*((person, room.text(str(number), channel)) for number in range(count)))


async def test_ones_own_messages_are_not_unread_though_one_never_read_them(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    await room.say(boris, "mine")
    await room.say(anna, "one")
    assert await unread(room, boris) == 1
    await room.say(boris, "mine again")
    await room.say(anna, "two")
    assert await unread(room, boris) == 2


async def mark(room: ChatRoom, person: Person, seq: int) -> dict[str, Any]:
    """Mark unread from a message on; what the member's sockets are told."""
    effects = await room.receive(
        await room.connect(person), {"type": "unread", "ref": "u", "channel": GENERAL, "seq": seq}
    )
    [(frame, members, but)] = told(effects)
    assert (answers(effects), members, but) == ([{"type": "ok", "ref": "u"}], frozenset({person.id}), None)
    return frame


async def test_what_is_marked_unread_stays_so_until_one_reads_on_or_writes(
    room: ChatRoom, anna: Person, boris: Person
) -> None:
    first = (await room.say(anna, "a question"))["seq"]
    await room.say(anna, "and another")
    last = (await room.say(boris, "wait"))["seq"]
    assert await unread(room, boris) == 0
    back = {"type": "read", "channel": GENERAL, "seq": first - 1, "unread": 2, "mentions": 0, "back": True}
    assert await mark(room, boris, first) == back
    assert (await unread(room, boris), await unread(room, anna)) == (2, 1)
    await room.receive(await room.connect(boris), {"type": "read", "channel": GENERAL, "seq": last})
    assert await unread(room, boris) == 0
    await mark(room, boris, first + 1)
    assert await unread(room, boris) == 1
    await room.say(boris, "here is the answer")
    assert await unread(room, boris) == 0
    await room.say(anna, "thanks")
    await mark(room, boris, 10**9)
    assert await unread(room, boris) == 0
    await mark(room, boris, 0)
    assert await unread(room, boris) == 3


async def test_a_deleted_message_is_not_unread(room: ChatRoom, anna: Person, boris: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    assert await unread(room, boris) == 1
    await delete(room, anna, uuid(1))
    assert await unread(room, boris) == 0
    await room.say(anna, "y", id=uuid(2))
    await room.say(anna, "z")
    await delete(room, anna, uuid(2))
    assert await unread(room, boris) == 1


async def test_an_admin_deletes_a_message_that_is_unread(
    room: ChatRoom, anna: Person, boris: Person, olga: Person
) -> None:
    await room.say(boris, "mine", id=uuid(1))
    await room.say(anna, "x", id=uuid(2))
    await delete(room, olga, uuid(1))
    assert await unread(room, boris) == 1, "an own message is left out once, not twice"
    await delete(room, olga, uuid(2))
    assert await unread(room, boris) == 0


async def test_who_comes_to_a_room_with_messages_starts_at_zero(room: ChatRoom, anna: Person) -> None:
    plans = await room.create_channel(anna, "plans")
    await post(room, anna, 10)
    await post(room, anna, 3, plans)
    boris = await room.join("Boris")
    assert [await unread(room, boris, channel) for channel in (GENERAL, plans)] == [0, 0]
    shown = await room.channel_of(boris)
    assert shown["read_seq"] == shown["last_seq"]
    await room.say(anna, "hello Boris")
    later = await room.create_channel(anna, "later")
    await post(room, anna, 2, later)
    assert [await unread(room, boris, channel) for channel in (GENERAL, plans, later)] == [1, 0, 2]
    clara = await room.join("Clara")
    assert [await unread(room, clara, channel) for channel in (GENERAL, plans, later)] == [0, 0, 0]


async def test_what_was_there_before_one_came_may_be_deleted_and_purged(room: ChatRoom, anna: Person) -> None:
    await room.say(anna, "x", id=uuid(1))
    await post(room, anna, 2)
    boris = await room.join("Boris")
    await room.say(anna, "y", id=uuid(2))
    await delete(room, anna, uuid(1))
    assert await unread(room, boris) == 1
    await delete(room, anna, uuid(2))
    assert await unread(room, boris) == 0


async def test_members_of_before_that_was_noted_have_everything_unread_that_they_have_not_read(
    room: ChatRoom, anna: Person
) -> None:
    await post(room, anna, 3)
    boris = await room.join("Boris")
    room.database.tamper("UPDATE members SET joined_seq = 0")
    await room.wake()
    assert await unread(room, boris) == 3


@pytest.mark.parametrize("seed", range(20))
async def test_counts_are_those_of_somebody_who_counts_one_by_one(room: ChatRoom, seed: int) -> None:
    chance = random.Random(seed)
    people = [await room.join("Anna"), await room.join("Boris")]
    read = dict.fromkeys((person.id for person in people), 0)
    joined = dict.fromkeys(read, 0)
    posted: dict[int, tuple[str, str]] = {}  # seq: author, id
    gone: set[int] = set()
    for step in range(120):
        person = chance.choice(people)
        match chance.choice(["post", "post", "post", "read", "delete", "join", "sleep", "ask", "purge"]):
            case "post":
                name = uuid(step)
                ack = await room.say(person, "x", id=name)
                posted[ack["seq"]] = person.id, name
            case "read" if posted:
                seq = chance.choice(list(posted))
                connection = await room.connect(person)
                await room.receive(connection, {"type": "read", "channel": GENERAL, "seq": seq})
                room.state.presence.go(person.id)
                read[person.id] = max(read[person.id], seq)
            case "delete":
                stored = {row["seq"] for row in room.database.rows("messages")}
                own = [seq for seq in sorted(stored - gone) if posted[seq][0] == person.id]
                if own:
                    seq = chance.choice(own)
                    await delete(room, person, posted[seq][1])
                    gone.add(seq)
            case "join" if len(people) < 4:
                joined_seq = room.state.directory.seq
                people.append(await room.join(f"Guest {step}"))
                read[people[-1].id], joined[people[-1].id] = 0, joined_seq
            case "sleep":
                await room.wake()
            case "purge" if chance.random() < 0.3:
                await purge_up_to(room, chance.choice([*posted, 0]))
        stored = {row["seq"] for row in room.database.rows("messages")}
        newest = max(stored, default=0)
        for each in people:
            since = max(read[each.id], joined[each.id])
            waiting = [seq for seq in stored - gone if seq > since and posted[seq][0] != each.id]
            is_last = bool(newest) and posted[newest][0] == each.id
            channels = room.state.directory.present_channels()
            positions = read_up_to(each.id, channels, room.state.directory, room.state.store)
            found = count_unread(each.id, channels, positions, room.state.store)[GENERAL]
            if newest:
                assert found == (0 if is_last else len(waiting)), (seed, step)


async def purge_up_to(room: ChatRoom, seq: int) -> None:
    """Retention takes what is as old as a message, but never the newest."""
    rows = [row for row in room.database.rows("messages") if row["seq"] <= seq][:-1]
    if rows:
        last = rows[-1]
        room.state.store.delete_messages(GENERAL, last["seq"], last["position"])
        channel = room.state.directory.channels[GENERAL]
        channel.purged_seq, channel.purged_position = last["seq"], last["position"]


class CountedRows:
    """A store's rows of authors, counted as they are read."""

    def __init__(self, room: ChatRoom, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = self.statements = 0
        table = type(room.state.store.positions)
        read = table.authors_between

        def counted(positions: object, *arguments: object) -> object:
            found = read(positions, *arguments)  # type: ignore[arg-type]
            self.statements += 1
            self.rows += sum(map(len, found.values()))
            return found

        monkeypatch.setattr(table, "authors_between", counted)


async def test_what_a_welcome_reads_of_messages_is_bounded_and_read_once(
    room: ChatRoom, anna: Person, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = [await room.create_channel(anna, f"channel {number}") for number in range(12)]
    for number, channel in enumerate(channels):
        for _ in range(3):
            await post(room, anna, 400 + number, channel)
        await room.say(boris, "mine", channel)
        await room.say(anna, "the newest", channel)
    counted = CountedRows(room, monkeypatch)
    await room.wake()
    welcome = await room.welcome(boris)
    assert (counted.statements, counted.rows) == (1, UNREAD_ROWS_AT_ONCE)
    assert counted.rows == 5 * UNREAD_ROWS_A_CHANNEL
    shown = {each["id"]: each["unread"] for each in welcome["channels"]}
    behind = [3 * (400 + number) + 2 for number in range(12)]
    assert [shown[channel] for channel in channels[:5]] == [each - 1 for each in behind[:5]]
    assert [shown[channel] for channel in channels[5:]] == behind[5:], "not looked at: nothing is left out"
    await room.welcome(boris)
    assert counted.rows == 2 * UNREAD_ROWS_AT_ONCE, "the next ones"
    for _ in range(3):
        welcome = await room.welcome(boris)
    assert counted.rows == 12 * UNREAD_ROWS_A_CHANNEL
    shown = {each["id"]: each["unread"] for each in welcome["channels"]}
    assert [shown[channel] for channel in channels] == [each - 1 for each in behind]
    await room.say(anna, "one more", channels[0])
    await room.welcome(boris)
    assert counted.rows == 12 * UNREAD_ROWS_A_CHANNEL, "what is posted is known"


async def test_little_that_is_unread_is_read_in_one_statement_as_far_as_it_goes(
    room: ChatRoom, anna: Person, boris: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = [await room.create_channel(anna, f"channel {number}") for number in range(20)]
    for channel in channels:
        await post(room, anna, 3, channel)
    counted = CountedRows(room, monkeypatch)
    await room.wake()
    await room.welcome(boris)
    assert (counted.statements, counted.rows) == (1, 20 * 3)
    clara = await room.join("Clara")
    await room.welcome(clara)
    await room.welcome(anna)
    assert counted.statements == 1
