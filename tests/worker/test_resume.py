"""Coming back after having been away: every change since, or a clear word that a fresh start is needed."""

import pytest
from websockets.exceptions import InvalidStatus

from limits import MAX_RESUME_EVENTS
from tests.conftest import StartServer
from tests.people import Frame, Line, Person
from tests.places import DAY_MS
from tests.worker.gathering import Gathering, keep_signed_in, let_pass, member_of, until
from tests.worker.view import View


def resumed(person: Person, last_seq: int) -> tuple[Line, list[Frame]]:
    """A new socket and all it was told of what happened after `last_seq`."""
    line = person.come(last_seq)
    assert line.welcome["resumed"] is True
    events = line.next("events")["events"] + line.catch_up()
    return line, events


def test_nothing_missed(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    seq = alice.come().say("The last word.")["seq"]
    line, events = resumed(alice, seq)
    assert events == []
    assert line.welcome["seq"] == seq


def test_some_missed(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    before = alice.come().say("Good night.")["seq"]
    sent = bob.say_many(5)
    _, events = resumed(alice, before)
    assert [(event["kind"], event["id"], event["seq"]) for event in events] == [
        ("message", ack["id"], ack["seq"]) for ack in sent
    ]
    assert [event["body"] for event in events] == [f"message {number}" for number in range(5)]


def test_exactly_at_the_limit_and_one_over_it(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    before = alice.come().say("A long holiday begins.")["seq"]
    sent = bob.say_many(MAX_RESUME_EVENTS)
    _, events = resumed(alice, before)
    assert [event["seq"] for event in events] == [ack["seq"] for ack in sent]
    one_more = bob.say("One too many.")["seq"]
    line = alice.come(before)
    assert (line.welcome["resumed"], line.welcome["seq"]) == (False, one_more)
    line.catch_up()
    assert not [frame for frame in line.passed_over if frame["type"] == "events"]
    assert resumed(alice, before + 1)[1][0]["seq"] == before + 2


def test_much_that_was_missed_comes_in_several_frames(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    before = alice.come().say("Short.")["seq"]
    sent = bob.say_many(200, "long {} " + "ж" * 3_900)
    line = alice.come(before)
    frames: list[list[Frame]] = []
    while sum(map(len, frames)) < len(sent):
        frames.append(line.next("events")["events"])
    assert len(frames) > 1
    assert [event["seq"] for frame in frames for event in frame] == [ack["seq"] for ack in sent]


def test_a_position_from_the_future(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    seq = alice.come().say("Now.")["seq"]
    for future in (seq + 1, 2**53 - 1):
        line = alice.come(future)
        assert (line.welcome["resumed"], line.welcome["seq"]) == (False, seq)


def test_no_position_at_all(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    alice.come().say("Before.")
    assert alice.come(None).welcome["resumed"] is False


def test_an_empty_room(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    line, events = resumed(alice, 0)
    assert [(event["kind"], event["seq"]) for event in events] == [("member", 1)]
    assert line.history() == []
    assert resumed(alice, 1)[1] == []


def test_edits_deletes_and_reactions_missed(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    away = alice.come()
    edited, deleted, liked = (bob.say(body) for body in ("draft", "oops", "nice"))
    away.history()
    view = View.load(alice.come())
    for body in ("second draft", "final text"):
        bob.ask("edit", id=edited["id"], body=body)
    bob.ask("delete", id=deleted["id"])
    for on in (True, False, True):
        bob.ask("react", id=liked["id"], emoji="🎉", on=on)
    missed = bob.say("written while she was away")
    bob.ask("edit", id=missed["id"], body="and edited while she was away")
    doomed = bob.say("written and deleted while she was away")
    bob.ask("delete", id=doomed["id"])
    line, events = resumed(alice, view.seq)
    assert [event["kind"] for event in events] == [
        "edit",
        "edit",
        "delete",
        "reaction",
        "reaction",
        "reaction",
        "message",
        "edit",
        "message",
        "delete",
    ]
    assert "deleted while she was away" not in str(events)
    assert events[-2]["body"] == ""
    assert events[-2]["deleted_at"] == events[-1]["at"]
    view.take(events)
    line.welcome = alice.come().welcome
    assert view.known() == View.load(line).known()
    assert view.bodies() == ["final text", "", "nice", "and edited while she was away", ""]


def test_channel_and_member_changes_missed(gathering: Gathering) -> None:
    alice, root = gathering.enter("Alice"), gathering.join("Root", admin=True)
    view = View.load(alice.come())
    garden = root.ask("channel.create", name="Garden")["channel"]
    root.say("in the garden", channel=garden)
    shed = root.ask("channel.create", name="Shed")["channel"]
    root.say("in the shed", channel=shed)
    root.ask("channel.update", id=garden, name="Park", topic="green", archived=True)
    root.ask("channel.delete", id=shed)
    carol = gathering.join("Carol")
    root.ask("member.remove", id=member_of(carol))
    root.ask("room.update", retention_days=14)
    _, events = resumed(alice, view.seq)
    assert "in the shed" not in str(events)
    view.take(events)
    assert view.known() == View.load(alice.come()).known()
    assert view.channels[garden]["name"] == "Park"
    assert shed not in view.channels
    assert view.former == {member_of(carol): "Carol"}


def test_an_ended_session_gets_not_a_byte(gathering: Gathering) -> None:
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    line = alice.come()
    seq = line.say("Mine.")["seq"]
    waiting = alice.open()  # open, but no hello yet
    bob.say("Said while Alice was away.")
    device = alice.http.get("/sessions").json()["sessions"][0]["id"]
    assert alice.http.delete(f"/sessions/{device}").status_code == 204
    assert line.closed() == 4401
    assert waiting.closed() == 4401
    with pytest.raises(InvalidStatus) as refused:
        alice.come(seq)
    assert refused.value.response.status_code == 401
    assert b"Said while" not in (refused.value.response.body or b"")
    assert not [frame for frame in waiting.passed_over if "Said while" in str(frame)]


def test_a_position_before_a_purge_is_told_of_the_gap(start_server: StartServer) -> None:
    server = start_server(settings={"RETENTION_DAYS": "30", "MESSAGE_RATE": "100/100"})
    gathering = Gathering(server, "main")
    alice, bob = gathering.enter("Alice"), gathering.enter("Bob")
    line = bob.come()
    gone = [line.say(f"old {number}") for number in range(4)]
    server.stop()
    let_pass(gathering.place, 31 * DAY_MS)
    keep_signed_in(gathering.place, 31 * DAY_MS)
    server.restart()
    until(lambda: gathering.place.rows("SELECT count(*) FROM messages") == [(0,)])  # by the alarm: nobody has come yet
    bob.come().say("new")
    line, events = resumed(alice, gone[1]["seq"])
    purge, said = events
    assert purge == {
        "seq": gone[-1]["seq"] + 1,
        "kind": "purge",
        "channel": "general",
        "up_to_seq": gone[-1]["seq"],
        "count": 4,
        "reason": "retention",
    }
    assert said["body"] == "new"
    assert [each["body"] for each in line.history()] == ["new"]
    gathering.end()
