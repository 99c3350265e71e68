"""chat/intake.py: when a room commits a change at once, and when it first takes in the changes that wait."""

from itertools import pairwise

from chat.intake import Intake
from limits import ALONE_AFTER_WAKING, ALONE_MOST, SATURATED_CHANGES, SATURATED_WAIT_MS


def commits(intake: Intake, waiting: int, count: int) -> list[int | None]:
    """What so many commits are preceded by while each wait would bring so many further changes."""
    waits = []
    for _ in range(count):
        waits.append(intake.wait_ms())
        if waits[-1] is not None:
            intake.brought(waiting)
    return waits


def crowded() -> Intake:
    intake = Intake()
    commits(intake, 1, ALONE_AFTER_WAKING + 1)
    return intake


def test_a_room_that_wakes_commits_its_first_changes_at_once_and_then_looks_who_waits() -> None:
    assert commits(Intake(), 0, ALONE_AFTER_WAKING + 1) == [None] * ALONE_AFTER_WAKING + [0]


def test_while_changes_wait_each_commit_takes_them_in_first() -> None:
    assert commits(crowded(), 1, 1_000) == [0] * 1_000


def test_while_nobody_waits_the_looks_become_rare() -> None:
    waits = commits(crowded(), 0, 5 * ALONE_MOST)
    looks = [number for number, wait_ms in enumerate(waits) if wait_ms is not None]
    between = [later - earlier - 1 for earlier, later in pairwise(looks)]
    assert between[:7] == [1, 2, 4, 8, 16, 32, 64]
    assert set(between[6:]) == {ALONE_MOST}


def test_one_look_that_brings_a_change_makes_a_quiet_room_a_crowded_one() -> None:
    intake = crowded()
    commits(intake, 0, 1_000)
    assert 0 in commits(intake, 1, ALONE_MOST + 1)
    assert commits(intake, 1, 10) == [0] * 10


def test_a_crowded_room_that_one_wait_finds_empty_looks_again_after_one_commit() -> None:
    intake = crowded()
    assert commits(intake, 0, 2) == [0, None]
    assert commits(intake, 3, 3) == [0, 0, 0]


def test_a_saturated_room_waits_for_more_and_only_while_it_is_saturated() -> None:
    intake = crowded()
    assert commits(intake, SATURATED_CHANGES - 1, 2) == [0, 0]
    assert commits(intake, SATURATED_CHANGES, 3) == [0, SATURATED_WAIT_MS, SATURATED_WAIT_MS]
    assert commits(intake, SATURATED_CHANGES - 1, 2) == [SATURATED_WAIT_MS, 0]
