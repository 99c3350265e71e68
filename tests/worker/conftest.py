"""Servers that several files of Worker tests share: starting one takes longer than most tests."""

import random
from collections.abc import Iterator

import pytest

from tests.places import Place
from tests.server import Server
from tests.siteverify import SECRET, SITE_KEY, Siteverify
from tests.worker.dead_line import DeadLine
from tests.worker.gathering import FAST, Gathering


@pytest.fixture(scope="session")
def many_rooms() -> Iterator[Server]:
    """A running chat in which every room exists, without bot protection."""
    running = Server.start(settings={"ROOM_NAMES": "*"})
    yield running
    running.stop()


@pytest.fixture
def place(many_rooms: Server) -> Iterator[Place]:
    """A room that only this test uses."""
    room = Place(many_rooms)
    yield room
    room.close()


@pytest.fixture(scope="session")
def siteverify() -> Iterator[Siteverify]:
    """What stands in for Cloudflare's Turnstile."""
    running = Siteverify()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def turnstile_server(siteverify: Siteverify) -> Iterator[Server]:
    """A running chat in which every room exists and Turnstile is asked for."""
    keys = {"TURNSTILE_SITE_KEY": SITE_KEY, "TURNSTILE_SECRET_KEY": SECRET, "TURNSTILE_VERIFY_URL": siteverify.url}
    running = Server.start(settings={"ROOM_NAMES": "*", "BOT_PROTECTION": "turnstile", **keys})
    yield running
    running.stop()


@pytest.fixture(scope="session")
def fast_server() -> Iterator[Server]:
    """A running chat in which every room exists and nobody is told to slow down."""
    running = Server.start(settings=FAST)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def dead_line(fast_server: Server) -> Iterator[DeadLine]:
    """A line that died without a word when the first test began: noticing takes up to three minutes."""
    line = DeadLine(fast_server)
    yield line
    line.end()


@pytest.fixture
def gathering(fast_server: Server, dead_line: DeadLine) -> Iterator[Gathering]:
    """People in a room of their own who may write as fast as they can; they leave when the test ends."""
    people = Gathering(fast_server)
    yield people
    people.end()


@pytest.fixture
def seeded(request: pytest.FixtureRequest) -> random.Random:
    """Randomness that a failed run can be repeated with: `--seed`."""
    seed = request.config.getoption("--seed")
    chosen = random.SystemRandom().randrange(2**32) if seed is None else int(seed)
    print(f"repeat with --seed {chosen}")  # noqa: T201 (pytest shows it with a failure)
    return random.Random(chosen)
