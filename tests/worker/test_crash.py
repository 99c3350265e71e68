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
from tests.people import Frame, Line, Person, placed
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
    lane: str
    """A conversation of everybody: each other message goes there."""
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
        line.put({"type": "hello", "last_seq": self.view.seq, "lanes": self.view.lanes})
        line.welcome = line.next("welcome")
        if not (line.welcome["resumed"] and line.welcome["lanes_resumed"] == [self.lane]):
            assert self._missed(line) > MAX_RESUME_EVENTS, "could not resume"  # on a slow machine others say so much
            self.view = View.load(line).take(line.catch_up())
        self.reconnects += 1
        for message_id, body in self.outbox.items():
            self._send(line, message_id, body)
        return line

    def _missed(self, line: Line) -> int:
        """How many events the room or the conversation has had since."""
        in_lane = max(each.get("seq", 0) - self.view.lanes.get(each["id"], 0) for each in line.welcome["channels"])
        return int(max(line.welcome["seq"] - self.view.seq, in_lane))

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
        line.put({"type": "send", "id": message_id, "channel": self.place(message_id), "body": body})

    def place(self, message_id: str) -> str:
        """Where a message goes."""
        return "general" if UUID(message_id).int % 2 else self.lane

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "events":
            self.view.take(placed(frame))
        elif frame["type"] == "ack":
            seq = self.acks.setdefault(frame["ref"], frame["seq"])
            assert seq == frame["seq"], f"{frame['ref']} had {seq} and now has {frame['seq']}"
            self.outbox.pop(frame["ref"], None)
        assert frame["type"] != "error", f"refused: {frame}"


def resumed(writer: Writer) -> Line:
    """Come back to where the writer was; a member who has just read a lot is asked to load afresh, for a while."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        line = writer.person.come(writer.view.seq, writer.view.lanes)
        if line.welcome["resumed"] and line.welcome["lanes_resumed"] == [writer.lane]:
            return line
        line.close()
        assert time.monotonic() < deadline, "could not resume"
        time.sleep(1)  # one socket a second may be opened


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
    people = [gathering.enter(f"Writer {number}").secure() for number in range(CLIENTS)]
    first = people[0].come(lanes={})
    lane = str(first.ask("direct.open", members=[person.id for person in people[1:]])["channel"])
    begun = first.say("from now on everybody knows of it", channel=lane)["id"]
    writers = []
    for person in people:
        line = person.come(lanes={})
        writers.append(Writer(person, random.Random(seeded.random()), View.load(line), lane))
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

    line = people[0].come(lanes={})
    assert sum(len(writer.acks) for writer in writers) > 20 * CLIENTS
    for writer in writers:
        writer.view.take(resumed(writer).catch_up())
    for channel in ("general", lane):
        fresh = [message for message in whole_history(line, channel) if message["id"] != begun]
        acked = {
            message_id: seq
            for writer in writers
            for message_id, seq in writer.acks.items()
            if writer.place(message_id) == channel
        }
        assert {message["id"]: message["seq"] for message in fresh} == acked  # each once, none lost, none invented
        assert len(fresh) == len(acked)
        for writer in writers:
            own = [message["id"] for message in fresh if message["author"] == writer.person.id]
            assert own == sorted(acked.keys() & writer.acks.keys(), key=writer.acks.__getitem__)
            shown = writer.view.messages[channel]
            assert [
                (seq, shown[seq]["id"], shown[seq]["body"]) for seq in sorted(shown) if shown[seq]["id"] != begun
            ] == [(message["seq"], message["id"], message["body"]) for message in fresh]
    assert [line for line in server.lines("error") if "failed" in line["message"]] == []
    gathering.end()
