"""workerd dies again and again while everybody writes: what was acknowledged is there once, in one order, for all."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from websockets.exceptions import WebSocketException

from limits import MAX_RESUME_EVENTS
from tests.conftest import StartServer
from tests.people import Frame, Line, Person
from tests.worker.gathering import FAST, Gathering
from tests.worker.view import View, whole_history

CLIENTS = 8
OUTSTANDING = 4  # messages of one client that wait for their ack
PAUSE_SECONDS = 0.01  # between two messages of one client: load bounded, and the outbox never far behind
SETTLE_SECONDS = 60.0


@dataclass
class Writer:
    """A client with an outbox: whatever was not acknowledged is sent again, in order, after every reconnect."""

    person: Person
    random: random.Random
    view: View
    outbox: dict[str, str] = field(default_factory=dict)
    acks: dict[str, int] = field(default_factory=dict)
    reconnects: int = 0
    wrong: list[str] = field(default_factory=list)

    def live(self, stop: threading.Event) -> None:
        """Write until told to stop, then until the outbox is empty."""
        while not (stop.is_set() and not self.outbox):
            try:
                line = self._connect()
                self._write(line, stop)
            except (OSError, WebSocketException, EOFError):
                time.sleep(0.05)
            except AssertionError as error:
                self.wrong.append(str(error))
                return

    def _connect(self) -> Line:
        line = self.person.open()
        line.put({"type": "hello", "last_seq": self.view.seq})
        line.welcome = line.next("welcome")
        if not line.welcome["resumed"]:  # on a slow machine the others may have said more than is caught up with
            assert line.welcome["seq"] - self.view.seq > MAX_RESUME_EVENTS, "could not resume"
            self.view = View.load(line).take(line.catch_up())
        self.reconnects += 1
        for message_id, body in self.outbox.items():
            self._send(line, message_id, body)
        return line

    def _write(self, line: Line, stop: threading.Event) -> None:
        while not (stop.is_set() and not self.outbox):
            if len(self.outbox) < OUTSTANDING and not stop.is_set():
                message_id = str(UUID(int=self.random.getrandbits(128), version=4))
                self.outbox[message_id] = f"{self.person.name} {len(self.acks) + len(self.outbox)}"
                self._send(line, message_id, self.outbox[message_id])
            for frame in line.frames(PAUSE_SECONDS):
                self._take(frame)
                if len(self.outbox) < OUTSTANDING:
                    break

    def _send(self, line: Line, message_id: str, body: str) -> None:
        line.put({"type": "send", "id": message_id, "channel": "general", "body": body})

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "events":
            self.view.take(frame["events"])
        elif frame["type"] == "ack":
            seq = self.acks.setdefault(frame["ref"], frame["seq"])
            assert seq == frame["seq"], f"{frame['ref']} had {seq} and now has {frame['seq']}"
            self.outbox.pop(frame["ref"], None)
        assert frame["type"] != "error", f"refused: {frame}"


def resumed(writer: Writer) -> Line:
    """Come back to where the writer was; a member who has just read a lot is asked to load afresh, for a while."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while not (line := writer.person.come(writer.view.seq)).welcome["resumed"]:
        line.close()
        assert time.monotonic() < deadline, "could not resume"
        time.sleep(1)  # one socket a second may be opened
    return line


def crash_times(chance: random.Random, crashes: int) -> Iterator[float]:
    """Seconds of life before each crash: often in the middle of the catching up, sometimes well into it."""
    for _ in range(crashes):
        yield chance.choice([chance.uniform(0.0, 0.3), chance.uniform(0.3, 2.5)])


@pytest.mark.timeout(0)  # as long as --crashes takes
def test_nothing_acknowledged_is_lost_doubled_or_reordered_by_crashes(
    start_server: StartServer, request: pytest.FixtureRequest, seeded: random.Random
) -> None:
    crashes = int(request.config.getoption("--crashes"))
    server = start_server(settings=FAST)
    gathering = Gathering(server)
    people = [gathering.enter(f"Writer {number}") for number in range(CLIENTS)]
    writers = []
    for person in people:
        line = person.come()
        writers.append(Writer(person, random.Random(seeded.random()), View.load(line)))
        line.close()
    stop = threading.Event()
    threads = [threading.Thread(target=writer.live, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    for seconds in crash_times(seeded, crashes):
        time.sleep(seconds)
        server.kill()
        server.restart()
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join(SETTLE_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    assert [writer.wrong for writer in writers] == [[]] * CLIENTS
    assert sum(writer.reconnects for writer in writers) >= CLIENTS

    line = people[0].come()
    fresh = whole_history(line)
    acked = {message_id: seq for writer in writers for message_id, seq in writer.acks.items()}
    written = len(acked)
    assert written > 20 * CLIENTS
    assert {message["id"]: message["seq"] for message in fresh} == acked  # each once, none lost, none invented
    assert len(fresh) == written
    for writer in writers:
        own = [message["id"] for message in fresh if message["author"] == writer.person.id]
        assert own == sorted(writer.acks, key=writer.acks.__getitem__)
        writer.view.take(resumed(writer).catch_up())
        shown = writer.view.messages["general"]
        assert [(seq, shown[seq]["id"], shown[seq]["body"]) for seq in sorted(shown)] == [
            (message["seq"], message["id"], message["body"]) for message in fresh
        ]
    assert [line for line in server.lines("error") if "failed" in line["message"]] == []
    gathering.end()
