"""search/filters.py: where, whose, when, and with what in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.filters import Filter, entry, flags_for, flags_of
from search.segment import FILE, IMAGE, LINK, LIVE, REPLY, Segment
from tests.rooms import NOON
from tests.storage.samples import new, stored
from wire.fields import HAS

PICTURE = {"type": "image/webp"}


@pytest.mark.parametrize(
    ("texts", "flags"),
    [
        ({"body": "hello"}, 0),
        ({"body": "see https://example.org"}, LINK),
        ({"body": "WWW.EXAMPLE.ORG"}, LINK),
        ({"body": "xhttps://example.org and awww.no"}, 0),
        ({"body": "", "files": [{"type": "application/pdf"}]}, FILE),
        ({"body": "", "files": [{"type": "application/pdf"}, PICTURE]}, FILE | IMAGE),
        ({"body": "yes", "reply_to": "x"}, REPLY),
    ],
)
def test_flags(texts: dict[str, Any], flags: int) -> None:
    assert flags_of(texts) == flags | LIVE


def test_everything_that_can_be_asked_for_has_a_flag() -> None:
    assert flags_for(HAS) == LINK | FILE | IMAGE
    assert flags_for(["link", "link"]) == LINK


LIMITS = st.builds(
    Filter,
    st.frozensets(st.sampled_from(["general", "plans", "other"])),
    st.sampled_from([None, "anna", "boris", "nobody"]),
    st.one_of(st.none(), st.integers(NOON - 1, NOON + 12)),
    st.one_of(st.none(), st.integers(NOON - 1, NOON + 12)),
    st.sampled_from([0, LINK, FILE, FILE | IMAGE, LINK | IMAGE]),
)
TEXTS = st.sampled_from([{"body": "x"}, {"body": "http://x"}, {"body": "http://x", "files": [PICTURE]}, {"body": ""}])


@given(LIMITS, st.lists(st.tuples(st.sampled_from(["general", "plans"]), st.sampled_from(["anna", "boris"]), TEXTS)))
def test_a_segment_knows_what_each_message_says(limits: Filter, said: list[tuple[str, str, dict[str, Any]]]) -> None:
    segment = Segment(0, 0, NOON)
    admitted = 0
    for number, (channel, author, texts) in enumerate(said, 1):
        message = stored(new(number, channel=channel, author=author))
        segment.add(entry(message, texts))
        admitted |= limits.admits(message, flags_of(texts)) << (number - 1)
    assert limits.columns(segment) == admitted
    every, odd = (1 << segment.count) - 1, sum(1 << column for column in range(1, segment.count, 2))
    for few in (0, segment.count):  # messages that are looked at together, and one by one
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("search.filters._FEW", few)
            assert (limits.among(segment, every), limits.among(segment, odd)) == (admitted, admitted & odd)
