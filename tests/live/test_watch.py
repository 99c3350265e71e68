"""live/watch.py: which sockets a room closes by itself."""

from dataclasses import dataclass, field

import pytest

from errors import LimitReached
from limits import (
    MAX_CLOSING_SOCKETS,
    MAX_SOCKETS_PER_MEMBER,
    MEMBER_UNREAD_BYTES,
    SLOW_READER_BYTES,
    SLOW_READER_STEP_BYTES,
    SOCKET_CHECK_MS,
    SOCKET_MISSED_MS,
    SOCKET_SILENT_MS,
    UNREAD_STEP_BYTES,
)
from live.backlogs import Backlog
from live.effects import Dismiss
from live.watch import Watch
from tests.rooms import HOUR, NOON
from wire.connections import Connection
from wire.writing import ENDED, Close


@dataclass
class FakeSockets:
    """Sockets that are called by the ids of their connections."""

    connections: list[Connection] = field(default_factory=list)
    pings: dict[str, int] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    closing: int = 0
    sent_bytes: int = 0
    queued_bytes: int = 0
    looks: int = 0

    def add(
        self, name: str, *, is_ready: bool = True, expires_at: int = NOON + HOUR, pinged_at: int = NOON
    ) -> Connection:
        connection = Connection(
            name, f"member of {name}", f"session of {name}", expires_at, is_ready, alive_at=pinged_at
        )
        self.connections.append(connection)
        if is_ready:
            self.pings[name] = pinged_at
        return connection

    def ready(self) -> list[tuple[Connection, str]]:
        return [(each, each.id) for each in self.connections if each.is_ready]

    def waiting(self) -> list[tuple[Connection, str]]:
        return [(each, each.id) for each in self.connections if not each.is_ready]

    def ready_at(self, key: int) -> tuple[Connection, str] | None:
        connection = self.connections[key]
        return (connection, connection.id) if connection.is_ready else None

    def last_ping_ms(self, socket: str) -> int | None:
        return self.pings.get(socket)

    def backlogs(self) -> list[Backlog]:
        self.looks += 1
        self.queued_bytes = 0
        return [Backlog(key, each.member, self.unread.get(each.id, 0)) for key, each in enumerate(self.connections)]

    def unread_of(self, member: str) -> int:
        return sum(self.unread.get(each.id, 0) for each in self.connections if each.member == member)

    def count(self, member: str) -> tuple[int, int]:
        return sum(each.member == member for each in self.connections), self.closing


@pytest.fixture
def sockets() -> FakeSockets:
    return FakeSockets()


@pytest.fixture
def watch(sockets: FakeSockets) -> Watch:
    return Watch(sockets)


def too_slow(socket: str) -> Dismiss:
    return Dismiss(socket, Close.TOO_MUCH, "too slow to read", is_lost=True)


@pytest.mark.parametrize(
    ("here", "closing", "is_let_in"),
    [
        (2 * MAX_SOCKETS_PER_MEMBER - 1, MAX_CLOSING_SOCKETS - 1, True),
        (2 * MAX_SOCKETS_PER_MEMBER, 0, False),
        (0, MAX_CLOSING_SOCKETS, False),
    ],
)
def test_a_member_holds_so_many_sockets(
    watch: Watch, sockets: FakeSockets, here: int, closing: int, is_let_in: bool
) -> None:
    sockets.connections = [Connection(str(number), "anna", "session", NOON + HOUR) for number in range(here)]
    sockets.closing = closing
    if is_let_in:
        watch.check_opening("anna")
    else:
        with pytest.raises(LimitReached):
            watch.check_opening("anna")


def test_who_has_not_read_what_they_asked_for_opens_no_other_socket(watch: Watch, sockets: FakeSockets) -> None:
    anna = sockets.add("a")
    sockets.unread["a"] = MEMBER_UNREAD_BYTES
    with pytest.raises(LimitReached, match="have not read"):
        watch.check_opening(anna.member)
    watch.check_opening("boris")


@pytest.mark.parametrize(("answered", "closes"), [(SLOW_READER_BYTES, False), (SLOW_READER_BYTES + 1, True)])
def test_who_asks_and_does_not_read_is_closed(watch: Watch, sockets: FakeSockets, answered: int, closes: bool) -> None:
    slow = sockets.add("slow")
    assert watch.after_frame(slow, "slow") == ()
    slow.is_slow(NOON, 0)  # it was seen to read
    slow.answered_bytes = answered
    assert list(watch.after_frame(slow, "slow")) == ([too_slow("slow")] if closes else [])


def test_who_does_not_read_what_everybody_is_sent_is_closed(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("slow")
    sockets.add("quick")
    for _ in range(2 + SLOW_READER_BYTES // SLOW_READER_STEP_BYTES):
        assert watch.after_commit() == []
        sockets.sent_bytes += SLOW_READER_STEP_BYTES
        sockets.pings["quick"] += 1
    assert watch.after_commit() == [too_slow("slow")]


def test_a_bot_is_not_slow_for_what_only_people_are_sent(watch: Watch, sockets: FakeSockets) -> None:
    bot = sockets.add("bot")
    bot.session = "bot.00"
    bot.is_slow(NOON, 0)
    sockets.sent_bytes = SLOW_READER_BYTES + SLOW_READER_STEP_BYTES
    assert watch.after_commit() == []
    bot.answered_bytes = SLOW_READER_BYTES + 1
    assert watch.after_frame(bot, "bot") == [Dismiss("bot", Close.TOO_MUCH, "too slow to read", is_lost=True)]


def test_sockets_are_looked_at_only_when_enough_was_sent(watch: Watch, sockets: FakeSockets) -> None:
    anna = sockets.add("a")
    for queued, looks in ((UNREAD_STEP_BYTES, 0), (UNREAD_STEP_BYTES + 1, 1)):
        sockets.queued_bytes = queued
        assert list(watch.after_frame(anna, "a")) == []
        assert sockets.looks == looks
    sockets.queued_bytes = UNREAD_STEP_BYTES + 1
    watch.after_commit()
    assert sockets.looks == 1, "half of what is left may be sent first"


def test_who_has_too_much_unread_is_closed_unless_gone_already(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("slow")
    sockets.add("gone").is_ready = False
    sockets.unread = {"slow": SLOW_READER_BYTES + 1, "gone": SLOW_READER_BYTES + 1}
    sockets.queued_bytes = UNREAD_STEP_BYTES + 1
    assert watch.after_commit() == [too_slow("slow")]


def test_dead_sockets_are_found(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("alive")
    sockets.add("over", expires_at=NOON)
    sockets.add("silent", pinged_at=NOON - SOCKET_SILENT_MS - 1)
    sockets.add("just so", pinged_at=NOON - SOCKET_SILENT_MS)
    sockets.add("mute", is_ready=False, pinged_at=NOON - HOUR)
    sockets.add("new", is_ready=False)
    assert watch.dead(NOON) == [
        Dismiss("over", Close.SESSION_ENDED, ENDED),
        Dismiss("silent", Close.TOO_MUCH, "no sign of life", is_lost=True),
        Dismiss("mute", Close.NO_HELLO, "no hello"),
    ]


def test_sockets_of_ended_sessions_are_closed(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("a")
    sockets.add("b")
    assert watch.ended({"session of b"}) == [Dismiss("b", Close.SESSION_ENDED, ENDED)]


def test_a_member_alone_is_not_looked_after(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("a")
    assert (watch.first_look(NOON), watch.next_look(NOON)) == (None, None)
    sockets.add("b")
    assert (watch.first_look(NOON), watch.next_look(NOON)) == (NOON + SOCKET_CHECK_MS, NOON + SOCKET_CHECK_MS)


def test_who_has_missed_a_ping_is_looked_at_sooner(watch: Watch, sockets: FakeSockets) -> None:
    sockets.add("a")
    missed_at = NOON - SOCKET_MISSED_MS - 1
    late = sockets.add("b", pinged_at=missed_at)
    assert watch.next_look(NOON) == late.dead_at(missed_at) + 1 <= NOON + SOCKET_CHECK_MS
