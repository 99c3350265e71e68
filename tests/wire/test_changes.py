"""wire/changes.py: each frame that changes a conversation becomes what it says; test_fields.py has the fields."""

from typing import Any

import pytest

from tests.wire.frames import GOOD_CHANGES, parsed
from wire.changes import Change


@pytest.mark.parametrize(("fields", "frame"), GOOD_CHANGES)
def test_a_good_change_becomes_what_it_says(fields: dict[str, Any], frame: Change) -> None:
    assert parsed(fields) == frame
