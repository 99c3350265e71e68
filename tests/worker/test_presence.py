"""Who is here: lines that die without a word, many who come at once, and one who does not read."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from limits import SLOW_READER_BYTES
from tests.people import Line
from tests.worker.dead_line import DeadLine
from tests.worker.gathering import ASLEEP_AFTER_SECONDS, Gathering, has_slept, prepare_to_sleep, until
from tests.worker.raw_socket import RawSocket
from wire.writing import Close

JOINING = 12
TOO_SLOW = int(Close.TOO_MUCH).to_bytes(2, "big") + b"too slow to read"


def told_offline(line: Line) -> list[str]:
    """Who has left, as far as this socket was told."""
    return [member for frame in line.passed_over if frame["type"] == "presence" for member in frame["offline"]]


def test_a_line_that_died_without_a_word_is_noticed(dead_line: DeadLine) -> None:
    dead_line.wait_until_offline(dead_line.member)


def test_a_line_that_died_is_noticed_when_its_session_ends(dead_line: DeadLine) -> None:
    dead_line.wait_until_offline(dead_line.signed_out)


def test_a_line_that_died_before_its_first_ping_is_noticed(dead_line: DeadLine) -> None:
    dead_line.wait_until_offline(dead_line.newcomer)


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
    started = time.monotonic()
    with ThreadPoolExecutor(JOINING) as pool:
        list(pool.map(lambda person: person.come(), people))
    frames = [bob.next("presence")]
    while len(online := [member for frame in frames for member in frame["online"]]) < JOINING:
        frames.append(bob.next("presence"))
    assert sorted(online) == sorted(person.id for person in people)
    assert not any(frame["offline"] for frame in frames)
    assert len(frames) < JOINING
    assert len(frames) <= time.monotonic() - started + 2


@pytest.mark.timeout(900)
def test_whoever_does_not_read_is_closed_and_the_others_do_not_notice(gathering: Gathering) -> None:
    alice, bob, carol = gathering.enter("Alice"), gathering.join("Bob"), gathering.join("Carol")
    said: list[str] = []

    def wait_of_carol() -> float:
        """Bob says a lot, then Carol a word; how long hers takes."""
        said.extend(ack["id"] for ack in bob.say_many(100, "{} " + "x" * 3_900))
        started = time.monotonic()
        said.append(carol.say("I notice nothing.")["id"])
        return time.monotonic() - started

    usual = max(wait_of_carol() for _ in range(5))
    stuck = RawSocket(alice)
    stuck.put({"type": "hello", "last_seq": None})
    slowest = 0.0
    deadline = time.monotonic() + 600
    while alice.id not in told_offline(carol):
        assert time.monotonic() < deadline
        stuck.put("ping")
        slowest = max(slowest, wait_of_carol())
    told = [event["id"] for event in carol.catch_up() if event["kind"] == "message"]
    assert told == said
    assert slowest <= 10 * usual + 5
    assert stuck.read_up_to(TOO_SLOW).endswith(TOO_SLOW)
    back = alice.come(bob.say("Welcome back.")["seq"] - 1)
    assert back.welcome["resumed"] is True
    assert back.event("message")["body"] == "Welcome back."
    stuck.close()


def test_whoever_asks_for_much_and_does_not_read_it_is_closed(gathering: Gathering) -> None:
    """At the pace that a member may ask at: what is asked for beyond it is refused and not answered."""
    alice, bob = gathering.enter("Alice"), gathering.join("Bob")
    bob.say_many(100, "{} " + "🙂" * 3_900)  # bytes count, not characters
    page = {"type": "history", "ref": "r", "channel": "general", "before": None, "limit": 100}
    stuck = RawSocket(alice)
    stuck.put({"type": "hello", "last_seq": None})
    stuck.put("ping")
    while alice.id not in bob.next("presence")["online"]:  # who comes and goes within a second is not told at all
        pass

    def asks_on() -> bool:
        stuck.put(page)
        bob.catch_up()
        return alice.id in told_offline(bob)

    until(asks_on, seconds=120)
    told = stuck.read_up_to(TOO_SLOW)
    assert told.endswith(TOO_SLOW)
    assert SLOW_READER_BYTES < len(told) < 2 * SLOW_READER_BYTES + 1_000_000, "the first look after a ping begins anew"
    stuck.close()


def test_whoever_asks_for_much_and_shows_that_they_read_stays(gathering: Gathering) -> None:
    alice = gathering.join("Alice")
    alice.say_many(100, "{} " + "x" * 3_900)
    shown_bytes = 0
    while shown_bytes < 2 * SLOW_READER_BYTES:
        alice.put("ping")
        for _ in range(10):
            page = alice.history(limit=100)
            assert page
            shown_bytes += sum(len(message["body"]) for message in page)
