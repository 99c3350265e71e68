"""storage/calls.py: calls come back when they are due, the longest due first."""

from dataclasses import replace

from storage.bots import Bot
from storage.calls import Call
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY
from wire.bots import PROGRAM

CALL = Call("robo", "general", 7, 0, NOON)


def test_calls_come_back_when_they_are_due(store: Store) -> None:
    assert store.calls.next_at() is None
    later, other = replace(CALL, seq=8, due_at=NOON + 1), Call(NASTY[0], NASTY[1], BIG, 3, NOON - 1)
    for each in (later, CALL, other):
        store.calls.insert(each)
    assert store.calls.next_at() == NOON - 1
    assert store.calls.due(NOON, 10) == [other, CALL]
    assert store.calls.due(NOON + 1, 2) == [other, CALL]
    assert (store.calls.count("robo"), store.calls.count("nobody")) == (2, 0)
    store.calls.put_off(CALL, tries=2, due_at=BIG)
    store.calls.delete(other)
    assert store.calls.due(BIG, 10) == [later, replace(CALL, tries=2, due_at=BIG)]
    store.calls.delete(later)
    assert store.calls.next_at() == BIG


def test_calls_are_counted_a_day_for_each_bot(store: Store) -> None:
    for bot in ("robo", "other"):
        store.bots.insert(Bot(bot, PROGRAM, b"", (), (), "olga", NOON))
    for day, bot in [(1, "robo"), (1, "robo"), (1, "other"), (2, "robo")]:
        store.bots.count_call(bot, day)
    assert store.bots.calls_on(1) == {"other": 1}
    assert store.bots.calls_on(2) == {"robo": 1}
    assert store.bots.calls_on(3) == {}
