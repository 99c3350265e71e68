"""memory.py: what the rooms of one isolate may hold together."""

import pytest

from chat.answer_cache import AnswerCache
from errors import TooManyAttempts
from files.crowding import Crowding
from live.backlogs import Backlog
from live.watch import Watch
from memory import Budget
from tests.live.test_watch import FakeSockets, too_slow
from tests.rooms import NOON, ChatRoom
from wire.connections import Connection

HOUR = 3_600_000


class Holder:
    """Anything that takes memory."""


def test_holders_share_what_there_is() -> None:
    budget, one, other = Budget(100), Holder(), Holder()
    budget.hold(one, 30)
    budget.hold(other, 60)
    assert (budget.left_for(one), budget.left_for(other), budget.left_for(Holder())) == (40, 70, 10)
    budget.hold(other, 200)
    assert (budget.left_for(one), budget.left_for(other)) == (0, 70)


def test_what_is_gone_holds_nothing() -> None:
    budget, one = Budget(100), Holder()
    budget.hold(one, 80)
    del one
    assert budget.left_for(Holder()) == 100


def test_files_wait_while_another_room_has_the_memory() -> None:
    memory = Budget(1_000)
    room, other = Crowding(memory), Crowding(memory)
    room.enter("anna", 700)
    with pytest.raises(TooManyAttempts):
        other.enter("boris", 400)
    other.enter("boris", 300)
    room.leave("anna", 700)
    other.enter("boris", 700)


def test_kept_answers_give_way_to_those_of_other_rooms(room: ChatRoom) -> None:
    memory = Budget(2_000)
    caches = [
        AnswerCache(room.state.directory, room.state.audience, most=9, most_characters=9_000, memory=memory)
        for _ in range(2)
    ]
    seq = room.state.directory.seq
    for number in range(3):
        caches[0].keep("anna", number, seq, "x" * 500)
    assert [caches[0].get("anna", number) is not None for number in range(3)] == [True, True, True]
    caches[1].keep("anna", 0, seq, "y" * 900)
    assert caches[1].get("anna", 0) is None
    caches[1].keep("anna", 1, seq, "y" * 200)
    assert caches[1].get("anna", 1) is not None
    room.state.directory.seq += 1
    assert caches[0].get("anna", 0) is None
    assert memory.left_for(caches[1]) == 2_000


def test_the_slowest_of_a_room_goes_sooner_while_other_rooms_hold_much() -> None:
    memory, other = Budget(40_000_000), Holder()
    sockets = FakeSockets()
    watch = Watch(sockets, memory)
    sockets.connections = [Connection(name, name, "session", NOON + HOUR, is_ready=True) for name in ("a", "b")]
    sockets.unread = {"a": 7_000_000, "b": 600_000}
    sockets.queued_bytes = 10_000_000
    assert watch.after_commit() == []
    memory.hold(other, 34_000_000)
    sockets.queued_bytes = 40_000_000
    assert watch.after_commit() == [too_slow("a")]
    assert memory.left_for(other) == 40_000_000 - 7_600_000
    assert Backlog(0, "a", 1).is_open
