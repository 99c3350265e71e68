"""Ways to learn of a private channel or conversation what is not for one, each of which was open once.

tests/test_secrecy.py shows that nothing of a lane reaches those outside. Here somebody was inside, or will be.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from errors import LimitReached
from sealing.ciphers import Item
from tests.chat.asking import update
from tests.files.uploading import file_id, upload
from tests.lanes import Screen, Screens, add, create_private, open_direct, secure
from tests.rooms import DAY, ChatRoom, Person, accepted, answers, refused, uuid
from wire.changes import CreateChannel, DeleteChannel, Edit
from wire.lanes import LeaveChannel, PartMember, SetKeeper

People = tuple[Person, Person, Person]


@pytest.fixture
async def people(room: ChatRoom, anna: Person, boris: Person) -> People:
    """Three people whose names are secured."""
    clara = await room.join("Clara")
    await secure(room, anna, boris, clara)
    return anna, boris, clara


async def shown(screens: Screens, screen: Screen, lane: str) -> list[str]:
    """The texts that somebody finds in a lane."""
    screen.take()
    await screens.receive(screen, {"type": "history", "ref": "h", "channel": lane, "limit": 50})
    (page,) = screen.take()
    return [message["body"] for message in page["messages"]]


async def entry(screens: Screens, person: Person, lane: str) -> dict[str, Any]:
    """A lane as a welcome shows it."""
    channels = (await screens.open(person, {})).take()[0]["channels"]
    return next(each for each in channels if each["id"] == lane)


# --- with a name that was somebody else's ---


async def test_who_took_a_name_over_opens_its_conversations_without_their_past(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    lane = await open_direct(room, anna, boris)
    for number in range(3):
        await room.say(anna, f"secret {number}", lane)
    await room.state.conversation.end_lanes(boris.id, now_ms=room.now_ms)
    await room.wake()  # nobody is here who is in it, so it is not in memory
    screens = Screens(room)
    his = await screens.open(boris, {})
    await screens.receive(his, {"type": "direct.open", "ref": "o", "members": [anna.id]})
    assert await shown(screens, his, lane) == []
    await screens.receive(his, {"type": "send", "id": uuid(50), "channel": lane, "body": "hi"})
    await room.wake()
    screens = Screens(room)
    his, hers = await screens.open(boris, {}), await screens.open(anna, {})
    assert await shown(screens, his, lane) == ["hi"]
    assert await shown(screens, hers, lane) == ["secret 0", "secret 1", "secret 2", "hi"]


@pytest.mark.parametrize("is_cleaned", [True, False])
async def test_who_took_a_name_over_has_notes_of_their_own(room: ChatRoom, people: People, is_cleaned: bool) -> None:
    anna, *_ = people
    lane = await open_direct(room, anna)
    await room.say(anna, "secret", lane)
    await room.state.conversation.end_lanes(anna.id, now_ms=room.now_ms)
    if is_cleaned:
        await room.state.retention.run(now_ms=room.now_ms, is_online=())
        assert "secret" not in "".join(await room.plaintexts())
    assert await open_direct(room, anna) == lane
    await room.say(anna, "mine", lane)
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert "secret" not in "".join(await room.plaintexts()), "nobody could see it any more"
    await room.wake()
    screens = Screens(room)
    hers = await screens.open(anna, {})
    assert await shown(screens, hers, lane) == ["mine"]


async def test_what_nobody_sees_any_more_goes_with_the_next_clean_up_and_nobody_is_told(
    room: ChatRoom, people: People
) -> None:
    anna, boris, clara = people
    big = await open_direct(room, anna, boris, clara)
    plans = await create_private(room, anna, "plans", boris)
    for lane in (big, plans):
        await room.say(anna, "secret", lane, files=[upload(room, anna, 1 + (lane == big), lane)])
    accepted(await add(room, anna, plans, clara, history="none"))
    for person in (anna, boris):
        await room.state.conversation.end_lanes(person.id, now_ms=room.now_ms)
    screens = Screens(room)
    hers = await screens.open(clara, {})
    hers.take()
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert await shown(screens, hers, big) == ["secret"], "she was never without it"
    assert await room.bodies(plans) == []
    await room.state.conversation.end_lanes(clara.id, now_ms=room.now_ms)
    assert await open_direct(room, clara, anna, boris) == big
    hers.take()
    screens.announce((await room.state.retention.run(now_ms=room.now_ms, is_online=())).events)
    assert hers.take() == []
    assert "secret" not in "".join(await room.plaintexts())
    assert room.state.store.files.has_gone()


async def test_what_admins_may_read_where_they_read_along_stays(room: ChatRoom, people: People) -> None:
    anna, *_ = people
    await room.wake(SUPERVISION="on")
    lane = await open_direct(room, anna)
    await room.say(anna, "old", lane)
    await room.state.conversation.end_lanes(anna.id, now_ms=room.now_ms)
    assert await open_direct(room, anna) == lane
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert await room.bodies(lane) == ["old"]


async def test_a_conversation_that_is_being_removed_is_not_opened(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upkeep.retention.PURGE_BATCH_ROWS", 1)
    anna, *_ = people
    lane = await open_direct(room, anna)
    await room.say(anna, "one", lane)
    await room.say(anna, "two", lane)
    await room.state.conversation.end_lanes(anna.id, now_ms=room.now_ms)
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    await room.wake()
    with pytest.raises(AssertionError, match=LimitReached.code):
        await open_direct(room, anna)
    while (await room.state.retention.run(now_ms=room.now_ms, is_online=())).more:
        pass
    assert await open_direct(room, anna) == lane


# --- before the first message ---


async def test_nobody_learns_who_opened_a_conversation_first(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    answered = []
    for is_open in (False, True):
        if is_open:
            await open_direct(room, anna, boris)
        screens = Screens(room)
        his = await screens.open(boris, {})
        his.take()
        await screens.receive(his, {"type": "direct.open", "ref": "o", "members": [anna.id]})
        answered.append(his.frames)
        room.database.tamper("DELETE FROM lanes")
        room.database.tamper("DELETE FROM lane_members")
        await room.wake()
    assert answered[0] == answered[1]


async def test_nobody_hears_of_a_silent_conversation_by_a_name_that_is_taken_over(
    room: ChatRoom, people: People
) -> None:
    screens = Screens(room)
    hers, his, third = [await screens.open(each, {}) for each in people]
    anna, boris, clara = people
    lane = await open_direct(room, anna, boris, clara)
    for screen in screens.all:
        screen.take()
    screens.announce(await room.state.conversation.end_lanes(boris.id, now_ms=room.now_ms))
    assert [screen.take() for screen in screens.all] == [[], [], []]
    await secure(room, boris)
    await screens.receive(hers, {"type": "direct.open", "ref": "o", "members": [boris.id, clara.id]})
    assert [frame["type"] for frame in hers.take()] == ["ack", "lane"]
    assert [his.take(), third.take()] == [[], []]
    await screens.receive(hers, {"type": "send", "id": uuid(51), "channel": lane, "body": "hi"})
    assert [[frame["type"] for frame in screen.take()] for screen in (his, third)] == [["lane", "events"]] * 2
    await room.wake()
    screens = Screens(room)
    his = await screens.open(boris, {})
    assert await shown(screens, his, lane) == ["hi"]


async def test_who_opened_a_silent_conversation_is_told_that_it_is_gone(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    screens = Screens(room)
    hers, his = [await screens.open(each, {}) for each in (anna, boris)]
    lane = await open_direct(room, anna, boris)
    hers.take(), his.take()
    screens.announce(await room.state.conversation.end_lanes(anna.id, now_ms=room.now_ms))
    assert (hers.take(), his.take()) == ([{"type": "lane.gone", "channel": lane}], [])
    assert room.database.count("lane_changes") == 0


# --- what was before somebody came ---


async def test_nobody_shows_others_what_is_hidden_from_themselves(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "secret", lane)
    accepted(await add(room, anna, lane, boris, history="none"))
    accepted(await room.ask(anna, SetKeeper("ref", lane, boris.id, on=True)))
    await room.say(anna, "new", lane)
    accepted(await add(room, boris, lane, clara, history="all"))
    screens = Screens(room)
    assert await shown(screens, await screens.open(clara, {}), lane) == ["new"]
    accepted(await room.ask(anna, PartMember("ref", lane, clara.id)))
    accepted(await add(room, anna, lane, clara, history="all"))
    assert await shown(screens, await screens.open(clara, {}), lane) == ["secret", "new"]


async def test_who_comes_back_is_not_told_what_happened_meanwhile(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "old", lane)
    accepted(await room.ask(anna, PartMember("ref", lane, boris.id)))
    accepted(await room.ask(anna, update(lane, name="secret schemes")))
    accepted(await room.ask(anna, update(lane, name="plans")))
    accepted(await add(room, anna, lane, boris, history="none"))
    await room.say(anna, "new", lane)
    _, *frames = (await Screens(room).open(boris, {lane: 1})).take()
    assert [event["kind"] for frame in frames for event in frame["events"]] == ["message"]


async def test_an_edit_mentions_nobody_who_does_not_see_the_message(room: ChatRoom, people: People) -> None:
    anna, boris, _ = people
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "old", lane, id=uuid(1))
    accepted(await add(room, anna, lane, boris, history="none"))
    await room.say(anna, "new", lane, id=uuid(2))
    for number in (1, 2):
        accepted(await room.ask(anna, Edit("ref", uuid(number), "hey", (boris.id,), lane)))
    assert (await entry(Screens(room), boris, lane))["mentions"] == 1


async def test_when_and_how_much_was_said_before_somebody_came_is_not_told(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    lane = await create_private(room, anna, "plans", clara)
    await room.say(anna, "old", lane)
    said_at = room.now_ms
    screens = Screens(room)
    mine, his, hers = [await screens.open(each, {}) for each in people]
    for screen in screens.all:
        screen.take()
    adding = {"type": "channel.add", "ref": "a", "id": lane, "members": [boris.id], "history": "none"}
    await screens.receive(mine, adding)
    (got,) = his.take()
    assert got["channel"]["last_at"] == (await entry(screens, boris, lane))["last_at"] == 0
    assert (await entry(screens, clara, lane))["last_at"] == said_at
    room.later(2 * DAY)
    hers.take()
    await room.ask(await room.join("Olga", admin=True), update(lane, retention_days=1))
    screens.announce((await room.state.retention.run(now_ms=room.now_ms, is_online=())).events)
    assert [event["kind"] for frame in hers.take() for event in frame["events"]] == ["purge"]
    assert his.take() == []
    for person, kinds in ((boris, ["channel"]), (clara, ["members", "channel", "purge"])):
        _, *frames = (await screens.open(person, {lane: 1})).take()
        assert [event["kind"] for frame in frames for event in frame["events"]] == kinds


# --- while something is under way ---


@pytest.mark.parametrize("is_back", [False, True])
async def test_a_page_that_was_asked_for_before_a_removal_does_not_come_after_it(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch, is_back: bool
) -> None:
    anna, boris, _ = people
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "secret", lane)
    connection = (await Screens(room).open(boris, {})).connection
    really = room.ciphers.open

    async def meanwhile(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        monkeypatch.undo()
        accepted(await room.ask(anna, PartMember("ref", lane, boris.id)))
        if is_back:
            accepted(await add(room, anna, lane, boris, history="none"))
        return await really(key, items)

    monkeypatch.setattr(room.ciphers, "open", meanwhile)
    asked = {"type": "history", "ref": "h", "channel": lane, "limit": 5}
    (answer,) = answers(await room.receive(connection, asked))
    assert refused(answer) == "not_found"


async def test_a_ticket_that_was_asked_for_before_a_removal_does_not_come_after_it(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris, _ = people
    lane = await create_private(room, anna, "plans", boris)
    await room.say(anna, "secret", lane, files=[upload(room, anna, 1, lane)])
    connection = (await Screens(room).open(boris, {})).connection
    really = room.ciphers.hkdf

    async def meanwhile(key: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        monkeypatch.undo()
        accepted(await room.ask(anna, PartMember("ref", lane, boris.id)))
        return await really(key, salt=salt, info=info, length=length)

    monkeypatch.setattr(room.ciphers, "hkdf", meanwhile)
    (told,) = answers(await room.receive(connection, {"type": "file.tickets", "ids": [file_id(1)]}))
    assert told["tickets"] == {}
    assert refused(await room.ask(boris, room.text("x", lane))) == "not_found"


# --- from outside ---


async def test_an_admin_learns_nothing_from_answers_about_private_channels(room: ChatRoom, people: People) -> None:
    anna, boris, clara = people
    olga = await room.join("Olga", admin=True)
    lanes = [await create_private(room, each, f"plans {each.name}") for each in (clara, anna, boris)]
    lane = lanes[1]
    answered = []
    for _ in range(3):
        await room.say(anna, "secret", lane)
        answered.append(await room.ask(olga, update(lane, retention_days=5)))
    assert {answer["seq"] for answer in answered} == {0}
    listed = []
    for number in range(2):
        await room.wake()
        screens = Screens(room)
        for person in people[:: 1 - 2 * number]:
            await screens.open(person, {})
        hers = await screens.open(olga, {})
        hers.take()
        await screens.receive(hers, {"type": "lanes", "ref": "l"})
        listed += hers.take()
    assert listed[0] == listed[1]
    assert (await room.ask(olga, DeleteChannel("ref", lane)))["seq"] == 0
    assert (await room.ask(boris, DeleteChannel("ref", lanes[2])))["seq"] == 1


async def test_who_leaves_the_private_channels_they_made_does_not_make_more(
    room: ChatRoom, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.private.MAX_PRIVATE_CHANNELS", 2)
    anna, boris, _ = people
    for number in range(2):
        accepted(await room.ask(anna, LeaveChannel("ref", await create_private(room, anna, f"{number} plans", boris))))
    assert refused(await room.ask(anna, CreateChannel("ref", "more", "", "private"))) == "limit_reached"
    for lane in list(room.state.directory.lanes):
        accepted(await room.ask(boris, DeleteChannel("ref", lane)))
    await create_private(room, anna, "more")
