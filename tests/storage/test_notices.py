"""storage/notices.py: notices that wait, and the levels that members have chosen."""

from dataclasses import replace

import pytest

from storage.notices import Notice
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY

NOTICE = Notice("anna", "general", "", 5, 0, NOON)


def test_notices_are_due_in_their_order(store: Store) -> None:
    later = replace(NOTICE, channel="plans", due_at=NOON + 2)
    sooner = replace(NOTICE, member="boris", due_at=NOON - 1)
    assert store.notices.next_at() is None
    store.notices.put([later, NOTICE, sooner])
    assert store.notices.next_at() == NOON - 1
    assert store.notices.due(NOON - 2, 9) == []
    assert store.notices.due(NOON, 9) == [sooner, NOTICE]
    assert store.notices.due(NOON + 2, 2) == [sooner, NOTICE]
    store.notices.drop()
    assert store.notices.next_at() is None


@pytest.mark.parametrize(("seq", "kept"), [(4, 5), (5, 5), (6, 6)])
def test_a_later_notice_replaces_an_earlier_one_but_never_with_a_lower_seq(store: Store, seq: int, kept: int) -> None:
    store.notices.put([NOTICE])
    store.notices.put([replace(NOTICE, seq=seq, tries=1, due_at=NOON + 1)])
    assert store.notices.due(NOON + 1, 9) == [replace(NOTICE, seq=kept, tries=1, due_at=NOON + 1)]


@pytest.mark.parametrize(
    ("stored", "gone"),
    [
        (NOTICE, True),
        (replace(NOTICE, seq=4), True),
        (replace(NOTICE, seq=6), False),
        (replace(NOTICE, tries=1), False),
        (replace(NOTICE, device="phone"), False),
        (replace(NOTICE, channel="plans"), False),
        (replace(NOTICE, member="boris"), False),
    ],
    ids=["the same", "older", "newer messages", "a later try", "one device", "another channel", "another member"],
)
def test_a_notice_goes_unless_there_is_more_to_say(store: Store, stored: Notice, *, gone: bool) -> None:
    store.notices.put([stored])
    store.notices.delete(NOTICE, 5)
    assert store.notices.due(NOON, 9) == ([] if gone else [stored])


def test_choices_come_back_by_member_until_they_are_the_default_again(store: Store) -> None:
    store.notify_choices.put("anna", "general", "all")
    store.notify_choices.put("anna", "general", "none")
    store.notify_choices.put("anna", "plans", "all")
    store.notify_choices.put("boris", "general", "all")
    assert sorted(store.notify_choices.of(["anna", "olga"])) == [("anna", "general", "none"), ("anna", "plans", "all")]
    store.notify_choices.put("anna", "general", None)
    assert store.notify_choices.of(["anna"]) == [("anna", "plans", "all")]
    assert store.notify_choices.of([]) == []


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    notice = replace(NOTICE, member=text, channel=text, device=text)
    store.notices.put([notice])
    assert store.notices.due(NOON, 9) == [notice]
    store.notify_choices.put(text, text, text)
    assert store.notify_choices.of([text]) == [(text, text, text)]
