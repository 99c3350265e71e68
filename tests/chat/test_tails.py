"""chat/tails.py: who wrote a channel's newest messages."""

import random

import pytest

from chat.tails import Tail
from limits import UNREAD_ROWS_A_CHANNEL


@pytest.fixture
def tail() -> Tail:
    """Anna, Boris, a deleted one of Anna's, Anna."""
    tail = Tail()
    tail.lengthen([(9, "anna", False), (7, "anna", True), (5, "boris", False), (3, "anna", False)])
    return tail


@pytest.mark.parametrize(
    ("after", "of_anna", "of_boris"), [(0, 3, 2), (3, 2, 2), (4, 2, 2), (5, 2, 1), (7, 1, 0), (9, 0, 0)]
)
def test_own_and_deleted_messages_are_left_out(tail: Tail, after: int, of_anna: int, of_boris: int) -> None:
    assert (tail.left_out("anna", after), tail.left_out("boris", after)) == (of_anna, of_boris)
    assert tail.left_out("clara", after) == (1 if after < 7 else 0)


def test_it_follows_what_is_posted_and_deleted(tail: Tail) -> None:
    tail.append(12, "boris")
    assert tail.left_out("boris", 9) == 1
    tail.delete(12)
    tail.delete(12)
    tail.delete(11)
    tail.delete(99)
    tail.delete(1)
    assert (tail.left_out("boris", 9), tail.left_out("clara", 9)) == (1, 1)


def test_it_can_be_lengthened_towards_the_past(tail: Tail) -> None:
    tail.lengthen([(1, "boris", False), (2, "boris", True)])
    assert (len(tail), tail.first_seq) == (6, 1)
    assert [tail.left_out("boris", after) for after in (0, 1, 2, 3)] == [4, 3, 2, 2]


def test_an_empty_one_leaves_out_nothing() -> None:
    assert (len(Tail()), Tail().left_out("anna", 0)) == (0, 0)


def test_a_busy_channel_does_not_fill_the_memory() -> None:
    tail = Tail()
    for seq in range(1, 5 * UNREAD_ROWS_A_CHANNEL):
        tail.append(seq, random.choice(["anna", "boris"]))
        assert len(tail) <= 2 * UNREAD_ROWS_A_CHANNEL
    assert len(tail) >= UNREAD_ROWS_A_CHANNEL
    assert tail.first_seq + len(tail) == seq + 1, "the newest are those that are kept"
