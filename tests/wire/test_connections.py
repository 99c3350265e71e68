"""wire/connections.py: what a room remembers of a socket."""

from itertools import product

import pytest

from limits import (
    HELLO_WITHIN_SECONDS,
    MALFORMED_WINDOW_MS,
    MAX_MALFORMED_FRAMES,
    SILENT_READER_BYTES,
    SLOW_READER_BYTES,
    SOCKET_ALIVE_STEP_MS,
    SOCKET_MUTE_MS,
    SOCKET_SILENT_MS,
)
from wire.connections import Connection

NOON = 1_800_000_000_000
EXPIRES_AT = 1_797_931_355_006
ATTACHMENT_BYTES = 16_384  # the platform's limit


@pytest.fixture
def connection() -> Connection:
    return Connection("c1", "anna", "s1", EXPIRES_AT)


@pytest.mark.parametrize("flags", list(product([True, False], repeat=3)))
def test_whose_socket_it_is_survives_hibernation_and_how_it_behaved_does_not(flags: tuple[bool, bool, bool]) -> None:
    connection = Connection("c1", "anna", "s1", EXPIRES_AT, *flags)
    connection.is_broken(NOON)
    connection.refusals, connection.answered_bytes = 2, 7
    assert Connection.from_attachment(connection.attachment()) == Connection("c1", "anna", "s1", EXPIRES_AT, *flags)


def test_its_last_sign_of_life_and_that_it_is_gone_survive_hibernation() -> None:
    connection = Connection("c1", "anna", "s1", EXPIRES_AT, alive_at=NOON, is_gone=True)
    assert Connection.from_attachment(connection.attachment()) == connection


@pytest.mark.parametrize("step", [0, SOCKET_ALIVE_STEP_MS - 1, SOCKET_ALIVE_STEP_MS, -1])
def test_a_frame_is_a_sign_of_life_that_is_news_now_and_then(connection: Connection, step: int) -> None:
    connection.alive_at = NOON
    is_news = step not in range(SOCKET_ALIVE_STEP_MS)
    assert connection.shows_life(NOON + step) is is_news
    assert connection.alive_at == (NOON + step if is_news else NOON)


@pytest.mark.parametrize(("pinged_ago", "heard_ago"), [(None, 0), (None, 1), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("is_ready", [True, False])
def test_a_socket_of_which_nothing_is_heard_is_silent(
    connection: Connection, is_ready: bool, pinged_ago: int | None, heard_ago: int
) -> None:
    """Whether it has ever pinged or not: its opening, its hello and every frame count as well."""
    patience = SOCKET_MUTE_MS if pinged_ago is None else SOCKET_SILENT_MS
    if not is_ready:
        patience, pinged_ago = HELLO_WITHIN_SECONDS * 1_000, None
    connection.is_ready, connection.alive_at = is_ready, NOON - patience - heard_ago
    pinged_at = None if pinged_ago is None else NOON - patience - pinged_ago
    assert connection.is_silent(pinged_at, NOON) is (heard_ago == 1 and pinged_ago != 0)


def test_an_attachment_stays_below_the_platforms_limit() -> None:
    assert len(Connection("c" * 64, "m" * 64, "s" * 64, EXPIRES_AT).attachment()) < ATTACHMENT_BYTES / 50


@pytest.mark.parametrize(
    ("after", "is_broken"), [(0, True), (MALFORMED_WINDOW_MS - 1, True), (MALFORMED_WINDOW_MS, False)]
)
def test_so_many_damaged_frames_within_a_time_are_a_broken_program(
    connection: Connection, after: int, is_broken: bool
) -> None:
    assert not any(connection.is_broken(NOON) for _ in range(MAX_MALFORMED_FRAMES - 1))
    assert connection.is_broken(NOON + after) is is_broken


def test_a_damaged_frame_now_and_then_never_is(connection: Connection) -> None:
    apart = MALFORMED_WINDOW_MS // (MAX_MALFORMED_FRAMES - 1) + 1
    assert not any(connection.is_broken(NOON + number * apart) for number in range(10 * MAX_MALFORMED_FRAMES))


def test_damaged_frames_are_counted_anew_when_the_clock_was_set_back(connection: Connection) -> None:
    for _ in range(MAX_MALFORMED_FRAMES - 1):
        connection.is_broken(NOON)
    assert connection.is_broken(NOON - 1) is False


@pytest.mark.parametrize(("pinged_at", "limit"), [(NOON, SLOW_READER_BYTES), (None, SILENT_READER_BYTES)])
@pytest.mark.parametrize(("over", "is_slow"), [(-1, False), (0, False), (1, True)])
def test_a_socket_that_shows_no_life_while_much_is_sent_is_slow(
    connection: Connection, pinged_at: int | None, limit: int, over: int, is_slow: bool
) -> None:
    assert connection.is_slow(pinged_at, 1_000) is False
    assert connection.is_slow(pinged_at, 1_000 + limit + over) is is_slow


def test_a_socket_whose_pings_are_answered_is_never_slow(connection: Connection) -> None:
    sent = 1
    for number in range(100):
        sent += SLOW_READER_BYTES
        assert connection.is_slow(NOON + number, sent) is False


def test_a_socket_is_measured_from_when_it_was_first_looked_at(connection: Connection) -> None:
    assert connection.is_slow(None, 10 * SILENT_READER_BYTES) is False
    assert connection.is_slow(NOON, 11 * SILENT_READER_BYTES) is False
    assert connection.is_slow(NOON, 11 * SILENT_READER_BYTES + SLOW_READER_BYTES + 1) is True


@pytest.mark.parametrize(("over", "is_slow"), [(0, False), (1, True)])
@pytest.mark.parametrize("sent", [0, 1_000])
def test_a_socket_that_never_pings_may_get_so_much_in_answers(
    connection: Connection, sent: int, over: int, is_slow: bool
) -> None:
    connection.answered_bytes = SILENT_READER_BYTES + over
    assert connection.is_slow(None, sent) is is_slow


def test_answers_count_from_the_last_ping(connection: Connection) -> None:
    for number in range(100):
        connection.answered_bytes += SLOW_READER_BYTES + 1
        assert connection.is_slow(NOON + number, 0) is False
    connection.answered_bytes += SLOW_READER_BYTES
    assert connection.is_slow(NOON + 99, 0) is False
    connection.answered_bytes += 1
    assert connection.is_slow(NOON + 99, 0) is True


def test_a_bots_connection_is_one_by_its_session_also_after_a_sleep() -> None:
    bot = Connection("c1", "robo", "bot.00ff", EXPIRES_AT)
    assert bot.is_bot
    assert Connection.from_attachment(bot.attachment()).is_bot
    assert not Connection("c1", "anna", "s1", EXPIRES_AT).is_bot
