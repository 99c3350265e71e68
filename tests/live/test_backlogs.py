"""live/backlogs.py: whose unread answers are too many, and who is left in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import (
    MEMBER_UNREAD_BYTES,
    ROOM_UNREAD_BYTES,
    SLOW_READER_BYTES,
    UNREAD_SPARED_BYTES,
    UNREAD_STEP_BYTES,
)
from live.backlogs import Backlog, look_again_after, owes_too_much, too_slow

SLOW = SLOW_READER_BYTES
HALF = MEMBER_UNREAD_BYTES // 2


def of(member: str, *unread: int, start: int = 0) -> list[Backlog]:
    return [Backlog(start + number, member, each) for number, each in enumerate(unread)]


def gone(member: str, unread: int) -> Backlog:
    """A socket that was closed, and whose line is still there."""
    return Backlog(-1, member, unread, is_open=False)


@pytest.mark.parametrize(("unread", "closed"), [(SLOW - 1, []), (SLOW, []), (SLOW + 1, [0])])
def test_a_slow_phone_has_eight_megabytes(unread: int, closed: list[int]) -> None:
    assert too_slow(of("anna", unread, 0)) == closed


def test_the_slowest_of_a_member_go_until_the_others_fit() -> None:
    assert too_slow(of("anna", SLOW // 2, SLOW, SLOW // 4, SLOW // 2)) == [1]
    assert too_slow(of("anna", SLOW // 2, SLOW // 2, SLOW, 0)) == []


def test_twenty_sockets_have_no_more_than_two() -> None:
    twenty = of("anna", *[SLOW // 4] * 20)
    assert len(too_slow(twenty)) == 12


def test_a_closed_socket_counts_until_its_line_is_gone() -> None:
    assert too_slow([gone("anna", HALF), *of("anna", HALF)]) == []
    assert too_slow([gone("anna", HALF + 1), *of("anna", HALF)]) == [0]


def test_who_reads_stays_whatever_their_other_sockets_did() -> None:
    assert too_slow([gone("anna", 3 * MEMBER_UNREAD_BYTES), *of("anna", UNREAD_SPARED_BYTES)]) == []
    assert too_slow([gone("anna", 3 * MEMBER_UNREAD_BYTES), *of("anna", UNREAD_SPARED_BYTES + 1)]) == [0]


def test_another_member_is_not_charged_for_it() -> None:
    assert too_slow([gone("anna", MEMBER_UNREAD_BYTES), *of("boris", SLOW, start=7)]) == []


def test_a_room_has_a_budget_for_all_and_its_slowest_go_first() -> None:
    members = [Backlog(number, str(number), SLOW - number) for number in range(5)]
    assert too_slow(members) == [0]
    held = [gone("eve", MEMBER_UNREAD_BYTES), gone("mallory", MEMBER_UNREAD_BYTES)]
    assert too_slow([*held, Backlog(7, "boris", UNREAD_SPARED_BYTES)]) == []
    assert too_slow([*held, Backlog(7, "boris", UNREAD_SPARED_BYTES + 1)]) == [7]


def test_while_nothing_waits_it_is_seldom_looked_at() -> None:
    assert look_again_after([]) == look_again_after(of("anna", 0, 0)) == HALF
    assert look_again_after(of("anna", HALF)) == HALF // 2
    assert look_again_after([gone("anna", 10 * MEMBER_UNREAD_BYTES)]) == UNREAD_STEP_BYTES
    assert look_again_after([gone(str(number), SLOW) for number in range(4)]) == UNREAD_STEP_BYTES


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2 * SLOW), st.booleans()), max_size=40),
)
def test_what_stays_open_fits_or_is_next_to_nothing(found: list[tuple[str, int, bool]]) -> None:
    backlogs = [Backlog(number, *each) for number, each in enumerate(found)]
    closed = set(too_slow(backlogs))
    assert all(backlogs[key].is_open for key in closed)
    large = [each for each in backlogs if each.key not in closed and each.unread_bytes > UNREAD_SPARED_BYTES]
    for member in "abc":
        held = sum(each.unread_bytes for each in backlogs if each.member == member and not each.is_open)
        going_on = [each.unread_bytes for each in large if each.member == member and each.is_open]
        assert not going_on or sum(going_on) + held <= MEMBER_UNREAD_BYTES
    held = sum(each.unread_bytes for each in backlogs if not each.is_open)
    going_on = [each.unread_bytes for each in large if each.is_open]
    assert not going_on or sum(going_on) + held <= ROOM_UNREAD_BYTES


@pytest.mark.parametrize(
    ("own", "room", "refused"),
    [
        (MEMBER_UNREAD_BYTES - 1, 0, False),
        (MEMBER_UNREAD_BYTES, 0, True),
        (UNREAD_SPARED_BYTES, ROOM_UNREAD_BYTES, False),
        (UNREAD_SPARED_BYTES + 1, ROOM_UNREAD_BYTES, True),
        (UNREAD_SPARED_BYTES + 1, ROOM_UNREAD_BYTES - 1, False),
        (0, 10 * ROOM_UNREAD_BYTES, False),
    ],
)
def test_who_owes_too_much_gets_no_further_socket_and_who_reads_does(own: int, room: int, refused: bool) -> None:
    assert owes_too_much(own, room) is refused
