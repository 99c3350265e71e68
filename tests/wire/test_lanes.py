"""wire/lanes.py: who is in a lane, as frames say it."""

from typing import Any

import pytest

from errors import Malformed, TooLarge
from limits import MAX_DIRECT_OTHERS, MAX_LANE_MEMBERS, MAX_LANES_SAID
from tests.wire.frames import parsed, refusal
from wire.lanes import AddMembers, OpenDirect
from wire.questions import Hello

MANY = [f"m{number}" for number in range(MAX_LANE_MEMBERS + 1)]


@pytest.mark.parametrize("count", [1, MAX_DIRECT_OTHERS])
def test_a_conversation_has_so_many_others(count: int) -> None:
    frame = parsed({"type": "direct.open", "members": MANY[:count]})
    assert frame == OpenDirect(None, tuple(MANY[:count]))
    assert isinstance(refusal({"type": "direct.open", "members": MANY[: MAX_DIRECT_OTHERS + 1]}), TooLarge)


def test_people_are_added_with_the_past_or_without() -> None:
    add: dict[str, Any] = {"type": "channel.add", "id": "c", "members": ["a", "a"], "history": "none"}
    assert parsed(add) == AddMembers(None, "c", ("a",), "none")
    wrong: list[dict[str, Any]] = [{"history": "some"}, {"members": []}, {"members": "a"}, {"members": ["!"]}]
    for each in [*wrong, {"members": None}]:
        assert isinstance(refusal(add | each), Malformed)
    assert isinstance(refusal(add | {"members": MANY}), TooLarge)
    assert isinstance(refusal({"type": "direct.open", "members": []}), Malformed)


def test_a_channel_is_open_or_private() -> None:
    for kind in ("direct", "", None, 1):
        assert isinstance(refusal({"type": "channel.create", "name": "x", "kind": kind}), Malformed)


def test_a_hello_says_how_far_each_lane_is_known() -> None:
    said = {"type": "hello", "lanes": {"a": 0, "b": 7.0}}
    assert parsed(said) == Hello(None, None, acks=True, lanes={"a": 0, "b": 7})
    assert parsed({"type": "hello", "lanes": {}}) == Hello(None, None, acks=True, lanes={})
    assert parsed({"type": "hello", "lanes": None}) == Hello(None, None, acks=True)
    wrong: list[Any] = [[], "a", {"a": "1"}, {"a": -1}, {"": 1}, {"a b": 1}, {"a": None}]
    for each in wrong:
        assert isinstance(refusal({"type": "hello", "lanes": each}), Malformed)
    most = {f"c{number}": number for number in range(MAX_LANES_SAID)}
    assert parsed({"type": "hello", "lanes": most}) == Hello(None, None, acks=True, lanes=most)
    assert isinstance(refusal({"type": "hello", "lanes": most | {"x": 1}}), TooLarge)
