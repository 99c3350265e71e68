"""Servers that several files of Worker tests share: starting one takes longer than most tests."""

from collections.abc import Iterator

import pytest

from tests.places import Place
from tests.server import Server


@pytest.fixture(scope="session")
def many_rooms() -> Iterator[Server]:
    """A running chat in which every room exists, without bot protection."""
    running = Server.start(settings={"ROOM_NAMES": "*"})
    yield running
    running.stop()


@pytest.fixture
def place(many_rooms: Server) -> Place:
    """A room that only this test uses."""
    return Place(many_rooms)
