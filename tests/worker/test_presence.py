"""Who is here: lines that die without a word, many who come at once, and one who does not read."""

import threading
import time
from itertools import pairwise

from limits import SOCKET_CHECK_MS, SOCKET_SILENT_MS
from protocol import Close
from tests.people import Line
from tests.worker.dead_line import DeadLine
from tests.worker.gathering import ASLEEP_AFTER_SECONDS, Gathering, has_slept, prepare_to_sleep
from tests.worker.raw_socket import RawSocket

JOINING = 12


def told_offline(line: Line) -> list[str]:
    """Who has left, as far as this socket was told."""
    return [member for frame in line.passed_over if frame["type"] == "presence" for member in frame["offline"]]


def test_a_line_that_died_without_a_word_is_noticed(dead_line: DeadLine) -> None:
    at_most = (SOCKET_SILENT_MS + SOCKET_CHECK_MS) / 1_000 + 10
    left = dead_line.died_at + at_most - time.monotonic()
    offline: list[str] = []
    while dead_line.member not in offline:
        offline = dead_line.watcher.next("presence", max(left, 1))["offline"]


def test_leaving_a_room_that_sleeps_is_told(gathering: Gathering) -> None:
    alice, bob, witness = gathering.enter("Alice"), gathering.join("Bob"), gathering.join("Carol")
    line = alice.come()
    while alice.id not in bob.next("presence")["online"]:
        pass
    prepare_to_sleep(witness)
    time.sleep(ASLEEP_AFTER_SECONDS)
    line.close()
    assert bob.next("presence") == {"type": "presence", "online": [], "offline": [alice.id]}
    assert has_slept(witness)


def test_many_who_come_at_once_are_told_in_one_frame_a_second(gathering: Gathering) -> None:
    bob = gathering.join("Bob")
    people = [gathering.enter(f"Member {number}") for number in range(JOINING)]
    bob.catch_up()
    bob.passed_over.clear()
    came: list[tuple[float, list[str]]] = []

    def watch() -> None:
        for frame in bob.frames(3):
            if frame["type"] == "presence":
                came.append((time.monotonic(), frame["online"]))
                assert frame["offline"] == []

    watcher = threading.Thread(target=watch)
    watcher.start()
    for person in people:
        person.come()
        time.sleep(0.15)
    watcher.join(20)
    assert sorted(member for _, online in came for member in online) == sorted(person.id for person in people)
    times = [at for at, _ in came]
    assert len(times) < JOINING
    assert all(after - before > 0.9 for before, after in pairwise(times))


def test_whoever_does_not_read_is_closed_and_the_others_do_not_notice(gathering: Gathering) -> None:
    alice, bob, carol = gathering.enter("Alice"), gathering.join("Bob"), gathering.join("Carol")
    stuck = RawSocket(alice)
    stuck.put({"type": "hello", "last_seq": None})
    stuck.put("ping")
    said: list[str] = []
    slowest = 0.0
    deadline = time.monotonic() + 150
    while alice.id not in told_offline(carol):
        assert time.monotonic() < deadline
        said += [ack["id"] for ack in bob.say_many(100, "{} " + "x" * 3_900)]
        stuck.put("ping")
        started = time.monotonic()
        said.append(carol.say("I notice nothing.")["id"])
        slowest = max(slowest, time.monotonic() - started)
    told = [event["id"] for event in carol.catch_up() if event["kind"] == "message"]
    assert told == said
    assert slowest < 5
    end = stuck.read_to_the_end()
    assert int(Close.FLOOD).to_bytes(2, "big") in end[-60:]
    assert b"too slow to read" in end[-60:]
    back = alice.come(bob.say("Welcome back.")["seq"] - 1)
    assert back.welcome["resumed"] is True
    assert back.event("message")["body"] == "Welcome back."
    stuck.close()
