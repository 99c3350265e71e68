"""Rooms for the tests of the search."""

import pytest

from tests.rooms import ChatRoom, make_room
from tests.search.scanning import make_small


@pytest.fixture
async def room() -> ChatRoom:
    """A room in which nobody has to wait, and whose sessions last."""
    return await make_room(MESSAGE_RATE="1000000/1000000", SESSION_DAYS="400")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of ten messages, and few of everything else, so that few messages come to every border."""
    make_small(monkeypatch)
