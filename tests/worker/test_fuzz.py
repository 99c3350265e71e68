"""A room under fire: tens of thousands of damaged frames, and two people in it who notice nothing."""

import itertools
import json
import random
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.people import Frame, Line, Person
from tests.server import Server
from tests.worker.gathering import Gathering, member_of
from tests.worker.view import View

ATTACKERS = 4
MEMBERS_OF_AN_ATTACKER = 12
"""Enough that none of them has used up what a member may ask and open: a frame that is refused unread tests nothing."""

BURST = 20
TALK_EVERY_SECONDS = 0.05
SETTLE_SECONDS = 60.0
MAX_GROWTH_BYTES = 300 * 2**20  # of workerd's memory over the whole run: what is kept for each frame would be more

NASTY: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**53,
    -(2**63),
    10**400,
    "",
    " ",
    "general",
    "x" * 5_000,
    "\x00",
    "\ud83d",
    "\u202e",
    "ﷺ" * 300,
    [],
    {},
    [[[[]]]],
    {"type": "hello"},
    ["general"] * 60,
    "__proto__",
    "constructor",
    "'; DROP TABLE messages",
    "%s",
    "../..",
    "🦑",
    "00000000-0000-4000-8000-000000000000",
    "FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF",
]


def good_frames(chance: random.Random, known: list[str], member: str) -> Frame:
    """A frame as the protocol has it, about messages and people that exist."""
    message = chance.choice(known)
    ref = uuid4().hex
    return chance.choice(
        [
            {"type": "hello", "last_seq": chance.choice([None, 0, 3, 10**6])},
            {"type": "send", "id": str(uuid4()), "channel": "general", "body": "fuzz", "mentions": [member]},
            {"type": "send", "id": message, "channel": "general", "body": "fuzz", "reply_to": message},
            {"type": "edit", "ref": ref, "id": message, "body": "fuzz"},
            {"type": "delete", "ref": ref, "id": message},
            {"type": "react", "ref": ref, "id": message, "emoji": "🦑", "on": chance.random() < 0.5},
            {"type": "history", "ref": ref, "channel": "general", "before": chance.choice([None, 5]), "limit": 2},
            {"type": "history", "ref": ref, "channel": "general", "after": 1, "limit": 1},
            {"type": "read", "channel": "general", "seq": chance.randrange(100)},
            {"type": "typing", "channel": "general"},
            {"type": "channel.create", "ref": ref, "name": f"fuzz {chance.randrange(10**9)}", "topic": "t"},
            {"type": "channel.update", "ref": ref, "id": "general", "name": "x", "retention_days": 1},
            {"type": "channel.delete", "ref": ref, "id": "general"},
            {"type": "member.remove", "ref": ref, "id": member},
            {"type": "member.role", "ref": ref, "id": member, "role": "admin"},
            {"type": "room.update", "ref": ref, "retention_days": 1},
            {"type": "login.answer", "ref": ref, "id": "x", "approve": True},
        ]
    )


def mutated(chance: random.Random, frame: Frame) -> str | bytes:
    """The frame with something wrong with it: its values, its fields, its text, or its being text at all."""
    match chance.randrange(6):
        case 0 | 1:
            frame[chance.choice(list(frame))] = chance.choice(NASTY)
        case 2:
            del frame[chance.choice(list(frame))]
        case 3:
            frame[chance.choice(["type", "id", "channel", "limit", "x" * 100, ""])] = chance.choice(NASTY)
        case 4:
            text = json.dumps(frame)
            place = chance.randrange(len(text))
            junk = chance.choice(['"', "{", "]", "\\", "\x00", "é", "1e999", "NaN", "[" * 6_000, " " * 500, ""])
            return text[:place] + junk + text[place + chance.randrange(3) :]
        case _ if chance.random() < 0.05:
            return chance.randbytes(chance.randrange(200))
        case _:
            pass  # once in a while a frame is fine
    return json.dumps(frame)


class Attacker:
    """Members with a broken program: whenever one of them is shown the door, the next one comes."""

    def __init__(self, people: list[Person], chance: random.Random, known: list[str]) -> None:
        self.people = people
        self.chance = chance
        self.known = known
        self.sent = 0
        self.closed: dict[int, int] = {}

    def attack(self, frames: int) -> None:
        for person in itertools.cycle(self.people):
            if self.sent >= frames:
                return
            try:
                line = person.open()
            except InvalidStatus as refused:
                if refused.response.status_code != 429:
                    raise
                time.sleep(1 / len(self.people))  # each of them may open one more in a second
                continue
            except OSError:
                continue
            try:
                if self.chance.random() < 0.95:
                    line.put({"type": "hello", "last_seq": None})
                self._shoot(line, person.id, frames)
            except ConnectionClosed as error:
                code = error.rcvd.code if error.rcvd else 0
                self.closed[code] = self.closed.get(code, 0) + 1
            line.close()

    def _shoot(self, line: Line, member: str, frames: int) -> None:
        """Send in bursts, each with an answer awaited: what is counted as sent has been looked at."""
        while self.sent < frames:
            for _ in range(BURST):
                line.put(mutated(self.chance, good_frames(self.chance, self.known, member)))
                self.sent += 1
            ref = uuid4().hex
            line.put({"type": "history", "ref": ref, "channel": "general", "before": None, "limit": 1})
            if line.answer(ref).get("code") == "rate_limited":
                self.sent -= BURST
                return
            line.passed_over.clear()


@pytest.mark.timeout(0)  # as long as --frames takes
def test_two_people_lose_nothing_while_others_send_garbage(
    gathering: Gathering, request: pytest.FixtureRequest, seeded: random.Random
) -> None:
    frames = int(request.config.getoption("--frames"))
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    views = [View(line.welcome) for line in (alice, bob)]
    known = [alice.say(f"before {number}")["id"] for number in range(5)]
    attackers = [
        Attacker(
            [gathering.enter(f"Mallory {number}.{each}") for each in range(MEMBERS_OF_AN_ATTACKER)],
            random.Random(seeded.random()),
            known,
        )
        for number in range(ATTACKERS)
    ]
    before = memory_of(gathering.server)
    threads = [threading.Thread(target=each.attack, args=(frames // ATTACKERS,)) for each in attackers]
    for thread in threads:
        thread.start()
    said: list[tuple[str, str]] = []
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        for line in (alice, bob):
            started = time.monotonic()
            ack = line.say(f"still here {len(said)}")
            slowest = max(slowest, time.monotonic() - started)
            assert ack["type"] == "ack", ack
            said.append((ack["id"], member_of(line)))
            forget_frames(line)
        time.sleep(TALK_EVERY_SECONDS)
    for thread in threads:
        thread.join(SETTLE_SECONDS)
    closed = [attacker.closed for attacker in attackers]
    print(f"{len(said)} messages meanwhile, slowest ack {slowest:.2f} s, attackers closed {closed}")  # noqa: T201
    assert sum(each.sent for each in attackers) >= frames // ATTACKERS * ATTACKERS
    assert all(set(codes) <= {4400, 4408, 4413, 4429} for codes in closed)
    assert len(said) > 10
    fresh = View.load(gathering.enter("Carol").come())
    for line, view in zip((alice, bob), views, strict=True):
        events = line.catch_up()
        ids = {message_id for message_id, _ in said}
        assert [
            (event["id"], event["author"]) for event in events if event.get("id") in ids and "author" in event
        ] == said
        assert view.take(events).known() == fresh.known()
    assert gathering.server.lines("error") == []
    assert memory_of(gathering.server) - before < MAX_GROWTH_BYTES


def forget_frames(line: Line) -> None:
    """Keep the events of what has come, and drop the rest: a test of memory should not use it up itself."""
    for frame in line.passed_over:
        if frame["type"] == "events":
            line.events += frame["events"]
    line.passed_over.clear()


def memory_of(server: Server) -> int:
    """Resident bytes of all processes of a server; the largest is workerd."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in server.pids()]
    return max(pages) * 4_096
