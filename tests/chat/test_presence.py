"""chat/presence.py: who is here, told as differences, at most once a second."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.presence import Listeners, Presence
from limits import PRESENCE_EVERY_MS

NOON = 1_800_000_000_000


@pytest.fixture
def presence() -> Presence:
    return Presence()


def test_nobody_is_here_at_first_and_there_is_nothing_to_tell(presence: Presence) -> None:
    assert presence.online() == frozenset()
    assert presence.sockets("anna") == 0
    assert presence.is_online("anna") is False
    assert presence.due_in_ms(NOON) is None


def test_whoever_comes_is_told_once_however_many_sockets(presence: Presence) -> None:
    for _ in range(3):
        presence.come("anna")
    presence.come("boris")
    assert presence.online() == {"anna", "boris"}
    assert presence.sockets("anna") == 3
    assert presence.due_in_ms(NOON) == 0
    assert presence.take(NOON) == (["anna", "boris"], [])
    assert presence.due_in_ms(NOON) is None


def test_whoever_goes_is_told_with_the_last_socket(presence: Presence) -> None:
    presence.come("anna")
    presence.come("anna")
    presence.take(NOON)
    presence.go("anna")
    assert presence.is_online("anna") is True
    assert presence.due_in_ms(NOON) is None
    presence.go("anna")
    assert presence.is_online("anna") is False
    assert presence.take(NOON + PRESENCE_EVERY_MS) == ([], ["anna"])


def test_comings_and_goings_are_told_sorted_in_one_frame(presence: Presence) -> None:
    for member in ("dora", "carl"):
        presence.come(member)
    presence.take(NOON)
    for member in ("dora", "carl"):
        presence.go(member)
    for member in ("boris", "anna"):
        presence.come(member)
    assert presence.take(NOON) == (["anna", "boris"], ["carl", "dora"])


@pytest.mark.parametrize(("after", "due"), [(-60_000, 1_000), (0, 1_000), (1, 999), (999, 1), (1_000, 0), (5_000, 0)])
def test_a_frame_goes_out_at_most_once_a_second(presence: Presence, after: int, due: int) -> None:
    presence.come("anna")
    presence.take(NOON)
    presence.come("boris")
    assert presence.due_in_ms(NOON + after) == due


def test_whoever_came_and_went_within_the_second_is_not_told(presence: Presence) -> None:
    presence.come("anna")
    presence.go("anna")
    assert presence.due_in_ms(NOON) is None
    assert presence.take(NOON) == ([], [])


def test_whoever_went_and_came_back_within_the_second_is_not_told(presence: Presence) -> None:
    presence.come("anna")
    presence.take(NOON)
    presence.go("anna")
    presence.come("anna")
    assert presence.due_in_ms(NOON + 1) is None
    assert presence.online() == {"anna"}


def test_whoever_came_went_and_came_is_told_as_here(presence: Presence) -> None:
    presence.come("anna")
    presence.go("anna")
    presence.come("anna")
    assert presence.take(NOON) == (["anna"], [])


def test_whoever_was_here_before_the_room_slept_is_not_told_again(presence: Presence) -> None:
    presence.come("anna", told=True)
    assert presence.is_online("anna") is True
    assert presence.due_in_ms(NOON) is None
    presence.go("anna")
    assert presence.take(NOON) == ([], ["anna"])


def test_a_socket_that_was_never_here_may_go(presence: Presence) -> None:
    presence.go("anna")
    assert presence.due_in_ms(NOON) is None
    presence.come("anna")
    assert presence.sockets("anna") == 1


MOVES = st.lists(st.tuples(st.sampled_from(["come", "go", "take"]), st.sampled_from("abc")), max_size=60)


@given(MOVES)
def test_whoever_adds_up_the_differences_knows_who_is_here(moves: list[tuple[str, str]]) -> None:
    presence, sockets, view = Presence(), Counter[str](), set[str]()
    for move, member in [*moves, ("take", "")]:
        if move == "come":
            presence.come(member)
            sockets[member] += 1
        elif move == "go":
            presence.go(member)
            sockets[member] = max(0, sockets[member] - 1)
        else:
            online, offline = presence.take(NOON)
            assert not set(online) & view
            assert set(offline) <= view
            view = view - set(offline) | set(online)
    assert view == presence.online() == {member for member, count in sockets.items() if count}


def test_bots_with_sockets_are_counted_apart() -> None:
    here = Listeners()
    here.come("robo")
    here.come("robo")
    here.come("other")
    here.go("other")
    here.go("nobody")
    assert (here.all(), here.sockets("robo"), here.sockets("other")) == (["robo"], 2, 0)
    here.go("robo")
    assert here.all() == ["robo"]
    here.go("robo")
    assert here.all() == []
