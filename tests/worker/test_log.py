"""Every kind of change, and what others are told of it, with two and three people in real workerd."""

import json
import time

import pytest
from websockets.exceptions import InvalidStatus

from limits import MAX_EMOJIS, MAX_MENTIONS, TYPING_EVERY_MS
from tests.people import Frame, Line
from tests.server import Server
from tests.worker.gathering import Gathering, member_of
from tests.worker.view import View, whole_history


def channels(line: Line) -> dict[str, Frame]:
    return {channel["id"]: channel for channel in line.welcome["channels"]}


def test_every_change_takes_the_next_number_and_reaches_everybody_once(gathering: Gathering) -> None:
    root, bob = gathering.join("Root", admin=True), gathering.join("Bob")
    for line in (root, bob):
        line.catch_up()
    start: int = bob.welcome["seq"]
    channel = bob.ask("channel.create", name="Garden", topic="What grows")["channel"]
    message = bob.say("Tomatoes", channel=channel)
    seqs = [
        bob.ask("edit", id=message["id"], body="Tomatoes and basil", mentions=[member_of(root)])["seq"],
        root.ask("react", id=message["id"], emoji="🍅", on=True)["seq"],
        root.ask("react", id=message["id"], emoji="🍅", on=False)["seq"],
        bob.ask("delete", id=message["id"])["seq"],
        bob.ask("channel.update", id=channel, topic="What grew", archived=True)["seq"],
        bob.ask("channel.delete", id=channel)["seq"],
        root.ask("room.update", retention_days=7)["seq"],
        root.ask("room.update", retention_days=None)["seq"],
    ]
    carol = gathering.join("Carol")
    removed = root.ask("member.remove", id=member_of(carol))
    events = bob.catch_up()
    assert [event["seq"] for event in events] == list(range(start + 1, removed["seq"] + 1))
    assert seqs == list(range(start + 3, start + 11))
    assert [event["kind"] for event in events] == [
        "channel",
        "message",
        "edit",
        "reaction",
        "reaction",
        "delete",
        "channel",
        "channel_deleted",
        "room",
        "room",
        "member",
        "member_removed",
    ]
    assert root.catch_up() == events
    made, said, edited, on, off, deleted, changed, gone, week, operator, came, went = events
    bobs, roots = member_of(bob), member_of(root)
    shown = {"id": channel, "name": "Garden", "topic": "What grows", "archived": False, "created_by": bobs}
    assert made["channel"] == {**shown, "retention_days": None}
    assert made["by"] == bobs
    assert (said["author"], said["body"], said["sent_at"]) == (bobs, "Tomatoes", message["sent_at"])
    assert (edited["body"], edited["by"], edited["mentions"]) == ("Tomatoes and basil", bobs, [roots])
    assert edited["edited_at"] >= said["sent_at"]
    assert (on["emoji"], on["by"], on["on"], off["on"]) == ("🍅", roots, True, False)
    assert (deleted["id"], deleted["channel"], deleted["by"]) == (message["id"], channel, bobs)
    assert abs(deleted["at"] - time.time() * 1_000) < 60_000
    assert changed["channel"] == {**shown, "topic": "What grew", "archived": True, "retention_days": None}
    assert (gone["channel"], gone["by"]) == (channel, bobs)
    assert ([week["retention_days"], operator["retention_days"]], week["by"]) == ([7, None], roots)
    assert came["reason"] == "joined"
    assert came["member"] == {"id": member_of(carol), "name": "Carol", "role": "member", "hue": 2}
    assert (went["member"], went["by"]) == (member_of(carol), roots)


def test_whoever_wrote_a_message_may_change_it_and_nobody_else(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    message = alice.say("Mine.")
    assert bob.ask("edit", id=message["id"], body="Yours?")["code"] == "forbidden"
    assert bob.ask("delete", id=message["id"])["code"] == "forbidden"
    assert bob.say("Mine too?", id=message["id"])["code"] == "forbidden"
    root = gathering.join("Root", admin=True)
    assert root.ask("edit", id=message["id"], body="Admins do not put words into mouths.")["code"] == "forbidden"
    first = root.ask("delete", id=message["id"])
    assert (first["type"], root.ask("delete", id=message["id"])["seq"]) == ("ack", first["seq"])
    assert alice.ask("delete", id=message["id"])["seq"] == first["seq"]
    for change in ({"body": "Back?"}, {"emoji": "👻", "on": True}):
        assert alice.ask("edit" if "body" in change else "react", id=message["id"], **change)["code"] == "not_found"
    (shown,) = bob.history()
    assert shown == {
        "seq": message["seq"],
        "id": message["id"],
        "channel": "general",
        "deleted_at": shown["deleted_at"],
    }


def test_reactions_are_counted_by_member_and_bounded(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    message = alice.say("Cake?")
    first = alice.ask("react", id=message["id"], emoji="🍰", on=True)["seq"]
    assert alice.ask("react", id=message["id"], emoji="🍰", on=True)["seq"] == first
    bob.ask("react", id=message["id"], emoji="🍰", on=True)
    assert bob.history()[0]["reactions"] == {"🍰": [member_of(alice), member_of(bob)]}
    for number in range(MAX_EMOJIS - 1):
        assert bob.ask("react", id=message["id"], emoji=chr(0x1F600 + number), on=True)["type"] == "ack"
    assert bob.ask("react", id=message["id"], emoji="🧱", on=True)["code"] == "limit_reached"
    alice.ask("react", id=message["id"], emoji="🍰", on=False)
    assert bob.history()[0]["reactions"]["🍰"] == [member_of(bob)]
    assert alice.ask("react", id=message["id"], emoji="plain text", on=True)["code"] == "malformed"


def test_unread_messages_and_mentions_are_counted_until_they_are_read(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.enter("Bob")
    first, writing = alice.come(), bob.come()
    hello = first.say("Hello")
    for body in ("one", "two"):
        writing.say(body)
    mention = writing.say("three, Alice?", mentions=[alice.id, bob.id, "nobody"])
    answer = writing.say("four", reply_to=hello["id"])
    shown = channels(alice.come())["general"]
    assert (shown["last_seq"], shown["read_seq"]) == (answer["seq"], 0)
    assert (shown["unread"], shown["mentions"]) == (4, 2)  # not her own "Hello"
    assert channels(bob.come())["general"]["unread"] == 0  # whoever wrote last has seen the rest
    second = alice.come()
    first.put({"type": "read", "channel": "general", "seq": mention["seq"]})
    told = second.next("read")
    assert told == {"type": "read", "channel": "general", "seq": mention["seq"], "unread": 1, "mentions": 1}
    shown = channels(alice.come())["general"]
    assert (shown["read_seq"], shown["unread"], shown["mentions"]) == (mention["seq"], 1, 1)
    first.put({"type": "read", "channel": "general", "seq": hello["seq"]})  # reading does not go backwards
    first.put({"type": "read", "channel": "general", "seq": 2**53 - 1})
    told = second.next("read")
    assert (told["seq"], told["unread"], told["mentions"]) == (answer["seq"], 0, 0)
    for line in (first, second, writing):
        line.catch_up()
    assert not [frame for frame in first.passed_over + writing.passed_over if frame["type"] == "read"]


def test_a_deleted_mention_is_no_longer_counted(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    message = bob.say("Alice!", mentions=[alice.id])
    assert channels(alice.come())["general"]["mentions"] == 1
    bob.ask("delete", id=message["id"])
    assert channels(alice.come())["general"]["mentions"] == 0


def test_mentions_are_bounded(gathering: Gathering) -> None:
    alice = gathering.join("Alice")
    assert alice.say("All of you", mentions=[f"m{number}" for number in range(MAX_MENTIONS)])["type"] == "ack"
    refused = alice.say("And you", mentions=[f"m{number}" for number in range(MAX_MENTIONS + 1)])
    assert refused["code"] == "too_large"


def test_typing_is_told_to_the_others_and_not_too_often(gathering: Gathering) -> None:
    alice, bob, carol = gathering.enter("Alice"), gathering.join("Bob"), gathering.join("Carol")
    here, there = alice.come(), alice.come()
    began = time.monotonic()
    for _ in range(5):
        here.put({"type": "typing", "channel": "general"})
    for line in (bob, carol):
        assert line.next("typing") == {"type": "typing", "channel": "general", "member": alice.id}
    here.put({"type": "typing", "channel": "nowhere", "ref": "t"})
    assert here.answer("t")["code"] == "not_found"
    for line in (here, there, bob, carol):
        line.catch_up()
        told = [frame for frame in line.passed_over if frame["type"] == "typing"]
        assert len(told) <= (time.monotonic() - began) // (TYPING_EVERY_MS / 1_000)
        assert line in (bob, carol) or told == []


def test_presence_is_told_as_differences(gathering: Gathering) -> None:
    bob, alice = gathering.join("Bob"), gathering.enter("Alice")
    here = alice.come()
    assert {each["id"]: each["online"] for each in here.welcome["members"]} == {member_of(bob): True, alice.id: True}
    while alice.id not in (told := bob.next("presence"))["online"]:
        assert told["offline"] == []
    there = alice.come()
    here.close()
    time.sleep(1.5)
    bob.catch_up()
    assert not [frame for frame in bob.passed_over if frame["type"] == "presence"]  # she has another window
    there.close()
    assert bob.next("presence") == {"type": "presence", "online": [], "offline": [alice.id]}


def test_channels_belong_to_who_made_them_and_to_the_admins(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    garden = alice.ask("channel.create", name="Garden")["channel"]
    assert bob.ask("channel.create", name="ＧＡＲＤＥＮ")["code"] == "name_taken"
    for request in ({"name": "Mine"}, {"archived": True}, {"topic": "x"}):
        assert bob.ask("channel.update", id=garden, **request)["code"] == "forbidden"
    assert bob.ask("channel.delete", id=garden)["code"] == "forbidden"
    assert alice.ask("channel.update", id="general", name="Lobby")["code"] == "forbidden"
    assert alice.ask("channel.update", id=garden, retention_days=1)["code"] == "forbidden"
    assert alice.ask("channel.update", id=garden, name="Allotment")["channel"] == garden
    assert alice.ask("channel.update", id="nowhere", name="x")["code"] == "not_found"
    root = gathering.join("Root", admin=True)
    assert root.ask("channel.update", id=garden, retention_days=1, archived=True)["type"] == "ack"
    assert root.ask("channel.update", id="general", name="Lobby")["type"] == "ack"
    assert root.ask("channel.delete", id="general")["code"] == "forbidden"
    message = {"code": alice.say("Too late", channel=garden).get("code")}
    assert message["code"] == "archived"
    assert alice.ask("channel.update", id=garden, archived=False)["type"] == "ack"
    kept = alice.say("In time", channel=garden)
    assert alice.ask("channel.delete", id=garden)["type"] == "ack"
    for answer in (
        alice.say("Nobody hears", channel=garden),
        alice.ask("history", channel=garden, before=None, limit=1),
        alice.ask("edit", id=kept["id"], body="x"),
        alice.ask("react", id=kept["id"], emoji="👻", on=True),
        alice.ask("delete", id=kept["id"]),
    ):
        assert answer["code"] == "not_found"
    assert set(channels(gathering.join("Carol"))) == {"general"}


@pytest.mark.parametrize(
    "request_of_an_admin",
    [
        {"kind": "room.update", "retention_days": 1},
        {"kind": "member.remove", "id": "anybody"},
        {"kind": "member.role", "id": "anybody", "role": "admin"},
        {"kind": "login.answer", "id": "anything", "approve": True},
    ],
)
def test_what_admins_may_others_may_not(gathering: Gathering, request_of_an_admin: Frame) -> None:
    kind, fields = request_of_an_admin["kind"], {**request_of_an_admin}
    del fields["kind"]
    answer = gathering.join("Alice").ask(kind, **fields)
    assert answer["code"] in ("forbidden", "not_found")
    assert answer["type"] == "error"


def test_a_removed_member_is_out_at_once_and_the_name_is_free(gathering: Gathering) -> None:
    root, mallory = gathering.join("Root", admin=True), gathering.enter("Mallory")
    here, there = mallory.come(), mallory.come()
    message = here.say("I was here.")
    root.ask("member.remove", id=mallory.id)
    assert (here.closed(), there.closed()) == (4401, 4401)
    assert mallory.http.get("/session").status_code == 401
    with pytest.raises(InvalidStatus):
        mallory.open()
    newcomer = gathering.enter("Mallory")  # no confirmation: nobody is called so any more
    assert newcomer.id != mallory.id
    line = newcomer.come()
    assert line.welcome["former_members"] == [{"id": mallory.id, "name": "Mallory"}]
    assert [each["author"] for each in line.history()] == [mallory.id]
    assert line.ask("edit", id=message["id"], body="Not mine.")["code"] == "forbidden"
    assert root.ask("member.remove", id=mallory.id)["code"] == "not_found"
    assert root.ask("member.remove", id=member_of(root))["code"] == "forbidden"


def test_two_rooms_never_see_a_byte_of_each_other(fast_server: Server) -> None:
    main, other = Gathering(fast_server), Gathering(fast_server)
    alice, bob = main.enter("Alice"), other.enter("Bob")
    here, there = alice.come(), bob.come()
    channel = here.ask("channel.create", name="whispers-in-main")["channel"]
    message = here.say("whispers-in-main", channel=channel)
    there.say("whispers-in-other")
    here.put({"type": "typing", "channel": "general"})
    # Ids of one room mean nothing in the other, nor does its cookie under whatever name.
    assert there.ask("history", channel=channel, before=None, limit=10)["code"] == "not_found"
    for kind in ("edit", "delete", "react"):
        answer = there.ask(kind, id=message["id"], body="x", emoji="👻", on=True)
        assert answer["code"] == "not_found"
    thief = other.stranger()
    thief.http.headers["Cookie"] = alice.cookie.replace(main.place.room, other.place.room)
    assert thief.http.get("/session").status_code == 401
    with pytest.raises(InvalidStatus):
        thief.open()
    for line in (here, there):
        line.catch_up()
    seen_there = json.dumps([there.welcome, there.passed_over, there.history(), there.catch_up()])
    assert "whispers-in-main" not in seen_there
    assert alice.id not in seen_there
    assert "whispers-in-other" not in json.dumps([here.welcome, here.passed_over, whole_history(here)])
    assert here.welcome["seq"] == there.welcome["seq"]  # each counts by itself
    main.end()
    other.end()


def test_a_view_of_events_is_the_same_as_a_fresh_load(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    view = View(bob.welcome)
    first = alice.say("one")
    second = bob.say("two", reply_to=first["id"], mentions=[member_of(alice)])
    alice.ask("react", id=second["id"], emoji="👍", on=True)
    bob.ask("edit", id=second["id"], body="two, again")
    alice.ask("delete", id=first["id"])
    channel = bob.ask("channel.create", name="Kitchen")["channel"]
    bob.say("in the kitchen", channel=channel)
    view.take(bob.catch_up())
    assert view.known() == View.load(gathering.join("Carol")).known() | {
        "seqs": view.seqs,
        "members": view.members,
    }
    assert view.bodies() == ["", "two, again"]
