"""A message is named before it is sent, so sending it again is harmless: at once, elsewhere, later, after a crash."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.conftest import StartServer
from tests.people import Frame, Line
from tests.worker.gathering import FAST, HOUR_MS, Gathering, let_pass, sleep_until_evicted, until


def only_once(line: Line, first: Frame) -> None:
    """The message is in the history once, and nothing took a number after it."""
    assert [(each["id"], each["seq"]) for each in line.history()] == [(first["id"], first["seq"])]


def again(line: Line, first: Frame, body: str = "Once, please.") -> Frame:
    """Send the same message again; the answer, as `say` gave it first."""
    return line.say(body, id=first["id"])


def test_at_once(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    message_id = str(uuid4())
    frame = {"type": "send", "id": message_id, "channel": "general", "body": "Once, please."}
    for _ in range(10):
        alice.put(frame)
    answers = [alice.answer(message_id) for _ in range(10)]
    assert answers == [answers[0]] * 10
    assert answers[0]["type"] == "ack"
    only_once(bob, {**answers[0], "id": message_id})
    assert [event["id"] for event in bob.catch_up() if event["kind"] == "message"] == [message_id]


def test_in_a_busy_room_that_commits_many_together(gathering: Gathering) -> None:
    lines = [gathering.join(f"Member {number}") for number in range(4)]

    def chatter(line: Line) -> list[Frame]:
        ids = [str(uuid4()) for _ in range(150)]
        for message_id in ids:
            for _ in range(2):
                line.put({"type": "send", "id": message_id, "channel": "general", "body": "Twice."})
        first = {message_id: line.answer(message_id) for message_id in ids}
        assert {message_id: line.answer(message_id) for message_id in ids} == first
        return list(first.values())

    with ThreadPoolExecutor(len(lines)) as pool:
        acks = [ack for answers in pool.map(chatter, lines) for ack in answers]
    seqs = sorted(ack["seq"] for ack in acks)
    assert seqs == list(range(seqs[0], seqs[0] + 600))
    for line in lines:
        told = [(event["seq"], event["id"]) for event in line.catch_up() if event["kind"] == "message"]
        assert told == sorted((ack["seq"], ack["ref"]) for ack in acks)


def test_where_the_event_is_the_answer(gathering: Gathering) -> None:
    """A client that asks for no acks has one frame for each message, before and after the room has slept."""
    alice, witness = gathering.enter("Alice").open(), gathering.enter("Bob")
    alice.put({"type": "hello", "last_seq": None, "acks": False})
    alice.next("welcome")
    for body in ("Before the room sleeps.", "After the room has slept."):
        message_id = str(uuid4())
        frame = {"type": "send", "id": message_id, "channel": "general", "body": body}
        alice.put(frame)
        event = alice.event("message")
        assert (event["id"], event["body"]) == (message_id, body)
        assert [each for each in alice.passed_over if each["type"] == "ack"] == []
        alice.put(frame)
        ack = alice.answer(message_id)
        assert (ack["type"], ack["seq"], ack["sent_at"]) == ("ack", event["seq"], event["sent_at"])
        if body.startswith("Before"):
            sleep_until_evicted(witness)


def test_in_another_socket(gathering: Gathering) -> None:
    alice = gathering.enter("Alice")
    first = alice.come().say("Once, please.")
    second = alice.come()
    assert again(second, first) == first
    assert again(second, first, body="Another text does not change it.") == first
    assert [each["body"] for each in second.history()] == ["Once, please."]


def test_after_an_eviction(gathering: Gathering) -> None:
    alice, witness = gathering.join("Alice"), gathering.enter("Bob")
    first = alice.say("Once, please.")
    sleep_until_evicted(witness)
    assert again(alice, first) == first
    only_once(alice, first)


def test_after_the_message_was_deleted(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    first = alice.say("Once, please.")
    alice.ask("delete", id=first["id"])
    bob.catch_up()
    assert again(alice, first) == first
    assert "deleted_at" in bob.history()[0]
    assert bob.catch_up() == []


def test_after_a_crash_and_a_day_later(start_server: StartServer) -> None:
    server = start_server(settings=FAST)
    gathering = Gathering(server)
    alice = gathering.enter("Alice")
    line = alice.come()
    first = line.say("Once, please.")
    server.kill()
    server.restart()
    line = alice.come(first["seq"])
    assert line.welcome["resumed"] is True
    assert again(line, first) == first
    only_once(line, first)

    server.stop()
    let_pass(gathering.place, 24 * HOUR_MS)
    server.restart()
    line = alice.come(first["seq"])
    answer = again(line, first)
    assert (answer["seq"], answer["sent_at"]) == (first["seq"], first["sent_at"] - 24 * HOUR_MS)
    only_once(line, first)
    after = line.say("The next day goes on, under a new data key.")
    assert after["seq"] == first["seq"] + 1
    assert [epoch for (epoch,) in gathering.place.rows("SELECT epoch FROM messages ORDER BY seq")] == [1, 2]
    gathering.end()


def test_a_scheduled_message_is_sent_by_the_alarm_of_a_room_that_was_killed_and_that_nobody_visits(
    start_server: StartServer,
) -> None:
    server = start_server(settings=FAST)
    gathering, message_id = Gathering(server), str(uuid4())
    alice = gathering.enter("Alice")
    at = int(time.time() * 1_000) + HOUR_MS
    line = alice.come()
    assert line.ask("schedule", id=message_id, channel="general", body="Once, please.", at=at)["type"] == "ok"
    server.kill()
    let_pass(gathering.place, HOUR_MS)
    server.restart()
    until(lambda: gathering.place.rows("SELECT count(*) FROM messages") == [(1,)])
    assert gathering.place.rows("SELECT count(*) FROM scheduled") == [(0,)]
    line = alice.come()
    assert line.welcome["scheduled"] == {"waiting": 0, "failed": 0}
    (message,) = line.history()
    assert (message["id"], message["body"]) == (message_id, "Once, please.")
    only_once(line, message)
    gathering.end()
