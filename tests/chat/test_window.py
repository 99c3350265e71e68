"""chat/window.py: when a room collects changes and when it commits each at once."""

import pytest

from chat.window import Window, busy_ms, commit_ms, window_ms, worth
from limits import BUSY_FRAMES, WINDOW_MOST_MS, WINDOW_MS, WINDOW_RETRY_CHANGES, WINDOW_RETRY_MOST

NOON = 1_800_000_000_000
SOCKETS = 2
WINDOW_WORTH = worth(SOCKETS)
BUSY_MS = int(busy_ms(SOCKETS))


def waits(window: Window, *times: int) -> list[int]:
    return [window.wait_ms(NOON + time, SOCKETS) for time in times]


def opened() -> Window:
    window = Window()
    assert waits(window, *range(BUSY_FRAMES))[-1] == WINDOW_MS
    return window


def test_an_idle_room_commits_at_once() -> None:
    assert waits(Window(), *range(0, 100 * BUSY_MS, BUSY_MS // 2)) == [0] * 200


def test_many_changes_within_a_moment_open_the_window() -> None:
    assert waits(Window(), *[0] * BUSY_FRAMES) == [0] * (BUSY_FRAMES - 1) + [WINDOW_MS]


def test_the_moment_ends_after_its_time() -> None:
    window = Window()
    last_chance = [0] * (BUSY_FRAMES - 1)
    assert waits(window, *last_chance, BUSY_MS + 1) == [0] * BUSY_FRAMES
    assert waits(window, *[BUSY_MS + 1] * (BUSY_FRAMES - 1))[-1] == WINDOW_MS
    assert waits(Window(), *last_chance, BUSY_MS)[-1] == WINDOW_MS


def test_a_window_that_is_worth_it_stays_open() -> None:
    window = opened()
    for _ in range(10):
        window.collected(WINDOW_WORTH, SOCKETS)
        assert waits(window, 10**6) == [WINDOW_MS]


def test_a_window_that_was_not_worth_it_closes_for_a_while() -> None:
    window = opened()
    window.collected(WINDOW_WORTH - 1, SOCKETS)
    assert waits(window, *[0] * WINDOW_RETRY_CHANGES) == [0] * WINDOW_RETRY_CHANGES
    assert waits(window, *[0] * BUSY_FRAMES) == [0] * (BUSY_FRAMES - 1) + [WINDOW_MS]


def alone(window: Window) -> int:
    """How many changes go one by one until a window is tried again."""
    count = 0
    while window.wait_ms(NOON, SOCKETS) == 0:
        count += 1
    return count - (BUSY_FRAMES - 1)


def test_each_window_that_was_not_worth_it_is_followed_by_twice_as_many_single_changes_up_to_a_limit() -> None:
    window = opened()
    counts = []
    for _ in range(9):
        window.collected(1, SOCKETS)
        counts.append(alone(window))
    assert counts[:3] == [WINDOW_RETRY_CHANGES, 2 * WINDOW_RETRY_CHANGES, 4 * WINDOW_RETRY_CHANGES]
    assert counts[-3:] == [WINDOW_RETRY_MOST] * 3


def test_a_window_that_is_worth_it_again_forgets_the_bad_ones() -> None:
    window = opened()
    for _ in range(4):
        window.collected(1, SOCKETS)
        alone(window)
    window.collected(WINDOW_WORTH, SOCKETS)
    window.collected(1, SOCKETS)
    assert alone(window) == WINDOW_RETRY_CHANGES


# --- large rooms ---


@pytest.mark.parametrize(
    ("sockets", "milliseconds", "changes"), [(2, 2, 5), (10, 2, 4), (100, 2, 2), (500, 9, 3), (2_000, 20, 2)]
)
def test_the_more_sockets_are_told_the_longer_a_window_and_the_sooner_it_is_worth_it(
    sockets: int, milliseconds: int, changes: int
) -> None:
    assert (window_ms(sockets), worth(sockets)) == (milliseconds, changes)


@pytest.mark.parametrize("sockets", [0, 1, 2, 10, 100, 500, 2_000, 32_768])
def test_a_worthwhile_window_is_faster_than_one_change_after_the_other(sockets: int) -> None:
    together = window_ms(sockets) + commit_ms(sockets)
    assert worth(sockets) * commit_ms(sockets) > together - 1  # the clock has whole milliseconds
    assert WINDOW_MS <= window_ms(sockets) <= WINDOW_MOST_MS


@pytest.mark.parametrize("sockets", [2, 100, 500, 2_000])
def test_a_room_that_does_nothing_but_commit_is_busy(sockets: int) -> None:
    """Otherwise a large room, which takes long for each change, would never find out that it could do better."""
    window = Window()
    told = [window.wait_ms(NOON + int(number * commit_ms(sockets)), sockets) for number in range(BUSY_FRAMES)]
    assert told == [0] * (BUSY_FRAMES - 1) + [window_ms(sockets)]
