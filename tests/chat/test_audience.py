"""chat/audience.py: one door says who may see what of a channel, and every place that shows something asks it.

In most of these tests Anna and Clara see a channel that is hidden from Boris, who is an admin.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chat.audience import EVERYBODY, Audience
from chat.changes import Event, Outcome, Request
from chat.directory import GENERAL, Channel, Directory, Member
from errors import Archived, NotFound
from limits import DAY_MS, PUSH_WINDOW_MS
from live.announcements import cleaned, committed
from live.effects import Effect, Tell
from storage.notices import Notice
from tests.chat.asking import delete, edit, react, update
from tests.notify.absent import PUSH, Absent
from tests.rooms import (
    HOUR,
    NOON,
    ChatRoom,
    Person,
    Restricted,
    accepted,
    answers,
    make_room,
    parsed,
    refused,
    told,
    uuid,
)
from upkeep.retention import Cleaned
from upkeep.stats import Platform, stats
from wire.bots import POST
from wire.changes import Change, CreateChannel, Delete, DeleteChannel, Edit, React, Send, UpdateChannel

SECRET = "s3cr3t"
UNKNOWN = "unknown"
WORD = "Wilhelmina"
SAID = uuid(7)
NEVER = uuid(8)


async def test_a_bot_sees_its_channels_only_and_hears_them_if_it_may_read(room: ChatRoom, olga: Person) -> None:
    other = await room.create_channel(olga, "plans")
    bot, deaf = await room.bot(olga), await room.bot(olga, other, rights=(POST,), name="Deaf")
    audience = room.state.audience
    assert [audience.is_bot(each.id) for each in (olga, bot)] == [False, True]
    assert [audience.hears(each.id) for each in (olga, bot, deaf)] == [True, True, False]
    for who, sees in ((olga, [GENERAL, other]), (bot, [GENERAL]), (deaf, [other])):
        assert [channel.id for channel in audience.channels_of(who.id)] == sees
        assert [channel for channel in (GENERAL, other) if audience.may_see(who.id, channel)] == sees
    assert audience.may_see(bot.id, ""), "what happens to the room"
    with pytest.raises(NotFound):
        audience.channel(bot.id, other)
    assert len({audience.view_of(each.id) for each in (olga, bot, deaf)}) == 3, "nobody shares an answer with them"
    await room.say(olga, "both", other, mentions=[bot.id, deaf.id])
    (said,) = (await room.history(other))["messages"]
    assert said["mentions"] == [deaf.id]
    await room.wake()
    assert [channel.id for channel in room.state.audience.channels_of(bot.id)] == [GENERAL], "after a sleep, too"


def plans(**more: object) -> Channel:
    channel = Channel("c1", "Plans", "", "anna", NOON)
    for name, value in more.items():
        setattr(channel, name, value)
    return channel


# --- the door ---


def test_channels_that_are_there_open_or_archived() -> None:
    directory = Directory(channels={"c1": plans()})
    audience = Audience(directory)
    assert audience.channel("anna", "c1") is audience.open_channel("anna", "c1") is directory.channels["c1"]
    directory.channels["c1"].archived = True
    assert audience.channel("anna", "c1").archived is True
    with pytest.raises(Archived):
        audience.open_channel("anna", "c1")
    directory.channels["c1"].deleted_at = NOON
    for find in (audience.channel, audience.open_channel):
        for name in ("c1", "c2", ""):
            with pytest.raises(NotFound):
                find("anna", name)
    assert audience.channels_of("anna") == []


@pytest.mark.parametrize("name", ["Plans", "PLANS", "plans", "Ｐｌａｎｓ", "pl\u200bans", "Рlаns", "P1ans", "pl ans"])
def test_a_channels_name_is_taken_however_it_is_written_and_by_what_looks_like_it(name: str) -> None:
    directory = Directory(channels={"c1": plans()})
    like = Audience(directory).channel_like
    assert like("anna", name) is directory.channels["c1"]
    assert like("anna", name, other_than="c1") is None
    assert like("anna", f"{name} B") is None
    directory.channels["c1"].deleted_at = NOON
    assert like("anna", name) is None


def test_everybody_who_is_in_the_room_sees_everything() -> None:
    members = {"anna": Member("anna", "Anna", "member", NOON), "carl": Member("carl", "Carl", "member", NOON, NOON)}
    audience = Audience(Directory(channels={"c1": plans()}, members=members))
    for channel in ("c1", "", "gone"):
        assert audience.members_of(channel) is EVERYBODY
        assert [audience.may_see(member, channel) for member in ("anna", "carl", "nobody")] == [True, False, False]
        assert audience.within(channel, frozenset({"anna", "nobody"})) == {"anna", "nobody"}
    assert audience.view_of("anna") == audience.view_of("nobody")
    assert audience.is_everybody()


def test_a_restricted_channel_is_there_for_its_members_only() -> None:
    members = {name: Member(name, name, "member", NOON) for name in ("anna", "boris")}
    members["carl"] = Member("carl", "carl", "member", NOON, removed_at=NOON)
    directory = Directory(channels={"c1": plans(), "c2": plans(id="c2", archived=True, name="Ideas")}, members=members)
    audience = Restricted(directory, {"c1": frozenset({"anna", "carl"}), "c2": frozenset({"anna"})})
    assert [audience.may_see(name, "c1") for name in ("anna", "boris", "carl")] == [True, False, False]
    assert audience.within("c1", {"anna", "boris"}) == {"anna"}
    assert (audience.channels_of("anna"), audience.channels_of("boris")) == (list(directory.channels.values()), [])
    assert not audience.is_everybody()
    assert audience.view_of("anna") != audience.view_of("boris") == audience.view_of("nobody")
    assert audience.channel_like("boris", "Plans") is None
    for find in (audience.channel, audience.open_channel):
        details = set()
        for hidden in ("c1", "c2", "never"):
            with pytest.raises(NotFound) as refusal:
                find("boris", hidden)
            details.add(str(refusal.value))
        assert len(details) == 1
    directory.channels["c1"].deleted_at = NOON
    assert [channel.id for channel in audience.counted_for("anna")] == ["c1", "c2"]
    assert audience.counted_for("boris") == []


# --- every place asks it ---


@dataclass
class House:
    """A room with a channel that is hidden from Boris."""

    room: ChatRoom
    anna: Person
    boris: Person
    clara: Person

    async def commit(self, *changes: tuple[Person, Change], fresh_id: str = "") -> tuple[Outcome, list[Effect]]:
        requests = [Request(person.author, frame, fresh_id) for person, frame in changes]
        outcome = await self.room.state.conversation.commit(requests, now_ms=self.room.now_ms)
        assert outcome.failure is None
        return outcome, committed(self.room.state, outcome)

    async def do(self, person: Person, frame: Change, fresh_id: str = "") -> list[Effect]:
        """A change that is accepted; what follows from it."""
        outcome, effects = await self.commit((person, frame), fresh_id=fresh_id)
        accepted(parsed(outcome.answers[0]))
        return effects

    def say(self, body: str, name: str = "") -> Send:
        return self.room.text(body, SECRET, **({"id": name} if name else {}))


@pytest.fixture
async def house() -> House:
    room = await make_room(**PUSH)
    anna, boris, clara = await room.join("Anna"), await room.join("Boris", admin=True), await room.join("Clara")
    room.restricted = {SECRET: frozenset({anna.id, clara.id})}
    await room.wake()
    house = House(room, anna, boris, clara)
    await house.do(anna, CreateChannel("c", WORD, f"of {WORD}"), SECRET)
    await house.do(anna, house.say(f"about {WORD}", SAID))
    return house


def received(effects: Sequence[Effect], person: Person) -> list[dict[str, Any]]:
    """The frames that a socket of this person gets which did not ask."""
    return [frame for frame, members, _ in told(effects) if members is None or person.id in members]


def gives_away(*found: object) -> bool:
    """Whether what somebody got names the hidden channel, or has a word that stands in it only."""
    text = json.dumps(found)
    return any(sign in text for sign in (SECRET, WORD, SAID))


async def test_a_welcome_lists_what_a_member_sees(house: House) -> None:
    assert [gives_away(await house.room.welcome(person)) for person in (house.anna, house.boris, house.clara)] == [
        True,
        False,
        True,
    ]
    channels = (await house.room.welcome(house.boris))["channels"]
    assert [(channel["id"], channel["unread"], channel["mentions"]) for channel in channels] == [(GENERAL, 0, 0)]


async def test_events_of_every_kind_go_to_those_who_see_the_channel(house: House) -> None:
    changes: list[Change] = [
        house.say("x", uuid(1)),
        edit(uuid(1), "y"),
        react(uuid(1)),
        delete(uuid(1)),
        update(SECRET, topic="z"),
        DeleteChannel("d", SECRET),
    ]
    await house.do(house.anna, DeleteChannel("d", await house.room.create_channel(house.anna, "control")))
    kinds = []
    for change in changes:
        effects = await house.do(house.anna, change)
        assert received(effects, house.boris) == []
        assert received(effects, house.anna) == received(effects, house.clara)
        kinds += [event["kind"] for frame in received(effects, house.anna) for event in frame["events"]]
    assert kinds == ["message", "edit", "reaction", "delete", "channel", "channel_deleted"]


async def test_the_creation_of_a_channel_is_announced_to_those_who_see_it(house: House) -> None:
    assert house.room.restricted is not None
    house.room.restricted["another"] = frozenset({house.anna.id})
    effects = await house.do(house.anna, CreateChannel("c", "other", ""), "another")
    assert [len(received(effects, person)) for person in (house.anna, house.boris, house.clara)] == [1, 0, 0]


async def test_a_purge_is_announced_to_those_who_see_the_channel(house: House) -> None:
    room = house.room
    room.later(40 * DAY_MS)
    online = [house.anna.id, house.boris.id, house.clara.id]
    result = await room.state.retention.run(now_ms=room.now_ms, is_online=online)
    purges = [event for event in result.events if event.channel == SECRET]
    assert [parsed(event.text)["kind"] for event in purges] == ["purge"]
    effects = cleaned(room.state, Cleaned(purges))
    assert [len(received(effects, person)) for person in (house.anna, house.boris)] == [1, 0]


async def test_what_is_committed_together_is_sent_to_each_in_order_without_what_is_hidden(house: House) -> None:
    open_text = house.room.text
    said = [open_text("1"), house.say("2"), house.say("3"), open_text("4"), open_text("5")]
    outcome, effects = await house.commit(*[(house.anna, each) for each in said])
    assert all(accepted(parsed(answer)) for answer in outcome.answers)
    bodies = {
        person.name: [event["body"] for frame in received(effects, person) for event in frame["events"]]
        for person in (house.anna, house.boris)
    }
    assert bodies == {"Anna": ["1", "2", "3", "4", "5"], "Boris": ["1", "4", "5"]}


async def test_in_a_room_that_hides_nothing_there_is_one_frame_for_everybody(room: ChatRoom, anna: Person) -> None:
    ideas = await room.create_channel(anna, "ideas")
    outcome = await room.commit(*[(anna, room.text("x", channel)) for channel in (GENERAL, ideas, GENERAL, ideas)])
    (frame,) = [effect for effect in committed(room.state, outcome) if isinstance(effect, Tell)]
    assert (frame.members, frame.but, len(parsed(frame.text)["events"])) == (EVERYBODY, None, 4)


async def test_catching_up_leaves_out_what_is_hidden_whoever_asked_before(house: House) -> None:
    for change in (edit(SAID, "edited"), react(SAID), update(SECRET, topic="t"), house.say("more"), delete(SAID)):
        await house.do(house.anna, change)
    await house.room.say(house.anna, "open")
    everything = await house.room.missed(house.anna, 0)
    for _ in range(2):  # the second time it is kept
        missed = await house.room.missed(house.boris, 0)
        assert not gives_away(missed)
        assert [event["body"] for event in missed if event["kind"] == "message"] == ["open"]
        assert await house.room.missed(house.clara, 0) == everything
    assert {event["kind"] for event in everything} >= {"channel", "message", "edit", "reaction", "delete"}
    await house.do(house.anna, DeleteChannel("d", SECRET))
    assert not gives_away(await house.room.missed(house.boris, 0))


async def test_a_page_of_history_is_refused_as_that_of_a_channel_that_never_was_though_it_is_kept(house: House) -> None:
    async def ask(person: Person, channel: str, **where: int) -> dict[str, Any]:
        connection = await house.room.connect(person)
        frame = {"type": "history", "ref": "h", "channel": channel, "limit": 10, **where}
        (answer,) = answers(await house.room.receive(connection, frame))
        return answer

    for where in ({}, {"after": 0}, {"before": 99}):
        for _ in range(2):
            assert gives_away(await ask(house.anna, SECRET, **where))
            assert await ask(house.boris, SECRET, **where) == await ask(house.boris, UNKNOWN, **where)
    assert refused(await ask(house.boris, SECRET)) == "not_found"


async def test_typing_is_shown_to_those_who_see_the_channel(house: House) -> None:
    sockets = [await house.room.connect(person) for person in (house.anna, house.boris, house.clara)]
    effects = await house.room.receive(sockets[0], {"type": "typing", "channel": SECRET})
    assert [len(received(effects, person)) for person in (house.boris, house.clara)] == [0, 1]
    await same_as_unknown(house, {"type": "typing", "channel": SECRET})


async def test_nobody_reads_or_chooses_notifications_of_what_is_hidden(house: House) -> None:
    await same_as_unknown(house, {"type": "read", "channel": SECRET, "seq": 1})
    await same_as_unknown(house, {"type": "unread", "ref": "n", "channel": SECRET, "seq": 1})
    await same_as_unknown(house, {"type": "notify", "ref": "n", "channel": SECRET, "level": "all"})
    await same_as_unknown(house, {"type": "star", "ref": "n", "channel": SECRET, "on": True})
    assert house.room.database.rows("stars") == []
    assert house.room.database.rows("read_positions") == []
    assert house.room.database.count("notify_choices") == 0
    reader = await house.room.connect(house.clara)
    effects = await house.room.receive(
        reader, {"type": "read", "channel": SECRET, "seq": house.room.state.directory.seq}
    )
    assert [len(received(effects, person)) for person in (house.anna, house.boris, house.clara)] == [0, 0, 1]


async def same_as_unknown(house: House, frame: dict[str, Any]) -> None:
    """Boris gets the same for the hidden channel as for one that never existed: a refusal."""
    connection = await house.room.connect(house.boris)
    hidden = answers(await house.room.receive(connection, frame))
    unknown = answers(await house.room.receive(connection, frame | {"channel": UNKNOWN}))
    assert hidden == unknown
    assert [refused(answer) for answer in hidden] == ["not_found"]


@pytest.mark.parametrize(
    ("hidden", "unknown"),
    [
        (Send("r", NEVER, SECRET, "x", None, ()), Send("r", NEVER, UNKNOWN, "x", None, ())),
        (Send("r", NEVER, GENERAL, "x", SAID, ()), Send("r", NEVER, GENERAL, "x", uuid(9), ())),
        (Edit("r", SAID, "x", ()), Edit("r", NEVER, "x", ())),
        (Delete("r", SAID), Delete("r", NEVER)),
        (React("r", SAID, "👍", True), React("r", NEVER, "👍", True)),
        (UpdateChannel("r", SECRET, {"topic": "x"}), UpdateChannel("r", UNKNOWN, {"topic": "x"})),
        (DeleteChannel("r", SECRET), DeleteChannel("r", UNKNOWN)),
    ],
    ids=["send", "reply", "edit", "delete", "react", "update", "delete channel"],
)
async def test_a_change_to_what_is_hidden_is_refused_like_one_to_what_never_was(
    house: House, hidden: Change, unknown: Change
) -> None:
    stored = house.room.database.dump()
    answer = await house.room.ask(house.boris, hidden)
    assert answer == await house.room.ask(house.boris, unknown)
    assert refused(answer) == "not_found"
    assert house.room.database.dump() == stored


async def test_a_hidden_channel_takes_no_name_away(house: House) -> None:
    assert refused(await house.room.ask(house.clara, CreateChannel("c", WORD, ""))) == "name_taken"
    await house.room.create_channel(house.boris, WORD)


async def test_nobody_is_mentioned_or_answered_where_they_see_nothing(house: House) -> None:
    effects = await house.do(house.anna, replace(house.say("x", uuid(1)), mentions=(house.boris.id, house.clara.id)))
    sent, noted = received(effects, house.clara)
    assert [event["mentions"] for event in sent["events"]] == [[house.clara.id]]
    assert (noted["type"], received(effects, house.boris)) == ("activity.new", [])
    await house.do(house.anna, edit(uuid(1), "x", house.boris.id, house.clara.id))
    assert house.room.restricted is not None
    house.room.restricted[SECRET] |= {house.boris.id}
    await house.do(house.boris, house.say("question", uuid(2)))
    house.room.restricted[SECRET] -= {house.boris.id}
    await house.do(house.anna, replace(house.say("answer"), reply_to=uuid(2)))
    assert {row["member"] for row in house.room.database.rows("activity")} == {house.clara.id}


async def test_notifications_are_for_those_who_see_the_channel(house: House) -> None:
    absent = Absent(house.room)
    for person in (house.boris, house.clara):
        await absent.register(person)
        for channel in (GENERAL, SECRET):  # as if Boris had seen it once
            absent.notices.choices.choose(person.id, channel, "all")
    await absent.say(house.anna, "news", SECRET)
    assert [notice["member"] for notice in house.room.database.rows("notices")] == [house.clara.id]
    open_seq = await absent.say(house.anna, "open")
    house.room.state.store.notices.put([Notice(house.boris.id, SECRET, "", open_seq - 1, 0, house.room.now_ms)])
    sent = await absent.told()
    assert sorted((name, news["channel"]) for name, news in sent) == [
        ("Boris", GENERAL),
        ("Clara", GENERAL),
        ("Clara", SECRET),
    ]
    badges = {(name, news["unread"]) for name, news in sent}
    assert badges == {("Boris", 1), ("Clara", 3)}
    assert not gives_away([news for name, news in sent if name == "Boris"])


async def test_a_member_whose_line_died_is_notified_of_what_they_see(house: House) -> None:
    absent = Absent(house.room)
    for person in (house.boris, house.clara):
        await absent.register(person)
        absent.notices.choices.choose(person.id, SECRET, "all")
    house.room.later(HOUR)
    await house.do(house.anna, house.say("news"))
    since_ms, now_ms = house.room.now_ms - 1, house.room.now_ms
    assert await absent.notices.note_missed(house.boris.id, since_ms, now_ms=now_ms) is False
    assert await absent.notices.note_missed(house.clara.id, since_ms, now_ms=now_ms) is True
    assert [name for name, _ in await absent.told(PUSH_WINDOW_MS)] == ["Clara"]


async def test_figures_count_what_the_admin_who_asks_sees(house: House) -> None:
    platform = Platform(sockets=0, online=0, storage_bytes=0, clean_up_at=None, has_push=False)
    await house.room.say(house.anna, "open")

    def today(person: Person) -> int:
        state = house.room.state
        asked = person.id, state.audience, state.directory, state.store, state.quota
        return int(stats(*asked, platform, now_ms=house.room.now_ms)["messages"][-1]["count"])

    assert (today(house.anna), today(house.boris)) == (2, 1)
    await house.do(house.anna, DeleteChannel("d", SECRET))
    assert (today(house.anna), today(house.boris)) == (2, 1)


def test_an_event_of_the_room_itself_is_for_everybody() -> None:
    audience = Restricted(Directory(), {SECRET: frozenset()})
    assert audience.members_of(Event(1, "", "{}").channel) is EVERYBODY
