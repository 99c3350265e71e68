"""wire/profiles.py: the frames in which members and admins say how they look."""

from typing import Any

import pytest

from encoding import b64url
from errors import ChatError, Malformed, TooLarge
from limits import MAX_ROOM_NAME_CHARACTERS, MAX_STATUS_CHARACTERS
from tests.faces import png
from tests.wire.frames import parsed, refusal
from wire.pictures import MAX_PICTURE_BYTES
from wire.profiles import COLOURS, UpdateProfile, UpdateRoom

PALM = "🌴"


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({}, {}),
        ({"name": None, "colour": None, "picture": None}, {"name": "", "colour": "", "picture": b""}),
        ({"name": "x" * MAX_ROOM_NAME_CHARACTERS}, {"name": "x" * MAX_ROOM_NAME_CHARACTERS}),
        ({"picture": b64url(png(32))}, {"picture": png(32)}),
        *[({"colour": colour}, {"colour": colour}) for colour in COLOURS],
    ],
)
def test_a_room_is_given_what_the_frame_names(fields: dict[str, Any], changes: dict[str, Any]) -> None:
    assert parsed({"type": "room.update", **fields}) == UpdateRoom(None, changes)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, Malformed),
        ({"name": "\u200b"}, Malformed),
        ({"name": "a\nb"}, Malformed),
        ({"name": "a\u202eb"}, Malformed),
        ({"name": 7}, Malformed),
        ({"name": "x" * (MAX_ROOM_NAME_CHARACTERS + 1)}, TooLarge),
        ({"colour": "red"}, Malformed),
        ({"colour": "#ff0000"}, Malformed),
        ({"colour": 3}, Malformed),
        ({"picture": "***"}, Malformed),
        ({"picture": b64url(b"<svg/>")}, Malformed),
        ({"picture": []}, Malformed),
        ({"picture": "A" * (MAX_PICTURE_BYTES * 4 // 3 + 2)}, TooLarge),
    ],
)
def test_other_looks_of_a_room_are_refused(fields: dict[str, Any], error: type[ChatError]) -> None:
    assert type(refusal({"type": "room.update", **fields})) is error


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (None, None),
        ({"emoji": PALM}, {"emoji": PALM, "text": ""}),
        ({"emoji": PALM, "text": " at sea ", "until": None}, {"emoji": PALM, "text": "at sea"}),
        ({"emoji": PALM, "text": None, "until": 7.0}, {"emoji": PALM, "text": "", "until": 7}),
        ({"emoji": PALM, "text": "x" * MAX_STATUS_CHARACTERS, "more": 1}, {"emoji": PALM, "text": "x" * 60}),
    ],
)
def test_a_status_is_an_emoji_with_a_line_and_an_end(status: Any, kept: Any) -> None:
    assert parsed({"type": "profile.update", "status": status}) == UpdateProfile(None, {"status": kept})


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("away", Malformed),
        ([], Malformed),
        ({"text": "without"}, Malformed),
        ({"emoji": "x"}, Malformed),
        ({"emoji": PALM + "x"}, Malformed),
        ({"emoji": PALM, "text": 7}, Malformed),
        ({"emoji": PALM, "text": "a\nb"}, Malformed),
        ({"emoji": PALM, "text": "x" * (MAX_STATUS_CHARACTERS + 1)}, TooLarge),
        ({"emoji": PALM, "until": 0}, Malformed),
        ({"emoji": PALM, "until": "soon"}, Malformed),
    ],
)
def test_other_statuses_are_refused(status: Any, error: type[ChatError]) -> None:
    assert type(refusal({"type": "profile.update", "status": status})) is error
