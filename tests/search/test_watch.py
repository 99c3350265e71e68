"""search/watch.py: what changes while something waits."""

from dataclasses import replace

import pytest

from search.watch import Watches
from tests.storage.samples import new, stored

MESSAGE = stored(new(7))


def test_a_watch_sees_what_happens_while_it_lasts() -> None:
    watches = Watches()
    watches.note_changed(7)
    with watches.watching() as first, watches.watching() as second:
        assert not first.has_seen(MESSAGE)
        watches.note_changed(7)
        assert first.has_seen(MESSAGE)
        assert second.has_seen(MESSAGE)
        first.clear()
        assert not first.has_seen(MESSAGE)
    watches.note_changed(8)
    assert not first.has_seen(replace(MESSAGE, seq=8))


@pytest.mark.parametrize(
    ("seq", "channel", "is_gone"), [(7, "general", True), (8, "general", False), (7, "other", False)]
)
def test_removed_messages(seq: int, channel: str, is_gone: bool) -> None:
    watches = Watches()
    with watches.watching() as watch:
        watches.note_removed("general", 7)
        watches.note_removed("general", 3)
        assert watch.has_seen(replace(MESSAGE, seq=seq, channel=channel)) is is_gone


@pytest.mark.parametrize(("after", "up_to", "is_seen"), [(6, 7, True), (7, 9, False), (3, 6, False), (0, 99, True)])
def test_a_range(after: int, up_to: int, is_seen: bool) -> None:
    watches = Watches()
    with watches.watching() as watch:
        watches.note_changed(7)
        assert watch.has_seen_any(after, up_to) is is_seen


def test_a_removal_concerns_every_range_that_begins_before() -> None:
    watches = Watches()
    with watches.watching() as watch:
        watches.note_removed("general", 7)
        assert watch.has_seen_any(6, 9)
        assert not watch.has_seen_any(7, 9)
