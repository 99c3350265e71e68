"""wire/quiet.py: the frame in which a member says when they are not to be disturbed."""

from typing import Any

import pytest

from errors import Malformed
from limits import MAX_ZONE_CHARACTERS
from tests.wire.frames import parsed, refusal
from wire.quiet import Hours, SetQuiet

NIGHTS: dict[str, Any] = {"from": 1_320, "to": 480, "days": [1, 2], "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, Hours(1_320, 480, (1, 2), "Europe/Berlin")),
        ({"from": 0, "to": 1_439}, Hours(0, 1_439, (1, 2), "Europe/Berlin")),
        ({"days": [7, 1, 7]}, Hours(1_320, 480, (1, 7), "Europe/Berlin")),
        ({"zone": "America/Argentina/ComodRivadavia"}, Hours(1_320, 480, (1, 2), "America/Argentina/ComodRivadavia")),
        ({"zone": "Etc/GMT+12"}, Hours(1_320, 480, (1, 2), "Etc/GMT+12")),
    ],
)
def test_hours_are_kept_with_each_day_once(given: dict[str, Any], kept: Hours) -> None:
    assert parsed({"type": "quiet", "hours": NIGHTS | given}) == SetQuiet(None, {"hours": kept})


@pytest.mark.parametrize(
    "given",
    [
        {"from": -1},
        {"to": 1_440},
        {"from": 1.5},
        {"to": None},
        {"days": []},
        {"days": [0]},
        {"days": [8]},
        {"days": ["1"]},
        {"days": [1] * 8},
        {"days": 1},
        {"zone": ""},
        {"zone": None},
        {"zone": "+01:00"},
        {"zone": "Europe/"},
        {"zone": "Europe/Berlin\n"},
        {"zone": "../etc"},
        {"zone": "x" * (MAX_ZONE_CHARACTERS + 1)},
    ],
)
def test_what_are_no_hours_is_malformed(given: dict[str, Any]) -> None:
    assert type(refusal({"type": "quiet", "hours": NIGHTS | given})) is Malformed
