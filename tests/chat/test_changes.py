"""chat/changes.py: what comes of changes is put together in order."""

import pytest

from chat.changes import Author, Event, Outcome, Posted, ack, channel_of, together
from tests.rooms import parsed


def test_what_comes_of_later_changes_stands_behind_what_came_of_earlier_ones() -> None:
    first, second = Event(1, "a", "one"), Event(2, "", "two")
    posted = Posted("a", 1, "anna", frozenset())
    parts = [
        Outcome(["x"], [first], [posted]),
        Outcome([None], [second], [], ["boris"], clean_up_is_due=True),
        Outcome(["y"]),
    ]
    assert together(parts) == Outcome(["x", None, "y"], [first, second], [posted], ["boris"], clean_up_is_due=True)
    assert together(parts[:1]) is parts[0]
    assert together([]) == Outcome()
    failure = OSError()
    assert together([*parts, Outcome(failure=failure)]).failure is failure


@pytest.mark.parametrize(
    ("event", "channel"),
    [
        ({"kind": "edit", "channel": "general"}, "general"),
        ({"kind": "channel", "channel": {"id": "plans", "name": "Plans"}}, "plans"),
        ({"kind": "room", "retention_days": 7}, ""),
    ],
)
def test_an_event_belongs_to_the_channel_that_it_names(event: dict[str, object], channel: str) -> None:
    assert channel_of(event) == channel


def test_only_the_admins_password_makes_an_admin() -> None:
    assert [Author("anna", role).is_admin for role in ("admin", "member", "")] == [True, False, False]


def test_an_answer_names_a_channel_only_where_there_is_one_to_name() -> None:
    assert parsed(ack("r", 7)) == {"type": "ack", "ref": "r", "seq": 7}
    assert parsed(ack(None, 7, channel="plans")) == {"type": "ack", "ref": None, "seq": 7, "channel": "plans"}
