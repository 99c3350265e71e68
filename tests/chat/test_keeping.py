"""chat/keeping.py: whose word counts."""

import pytest

from chat.directory import Channel, Directory
from chat.keeping import days_kept, room_days


@pytest.mark.parametrize(
    ("operator", "room", "channel", "kept"),
    [(30, None, None, 30), (30, 7, None, 7), (30, 0, None, 0), (30, 7, 90, 90), (30, 7, 0, 0), (0, None, 1, 1)],
)
def test_a_channel_is_asked_first_then_the_room_and_then_the_operator(
    operator: int, room: int | None, channel: int | None, kept: int
) -> None:
    directory = Directory(retention_days=room, default_days=operator)
    assert days_kept(Channel("plans", "plans", "", "anna", 0, retention_days=channel), directory) == kept
    assert room_days(directory) == (operator if room is None else room)
