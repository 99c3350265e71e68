"""storage/channels.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.channels import ChannelRow
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, SEALED, plain_channel


@pytest.mark.parametrize("archived", [True, False])
@pytest.mark.parametrize("number", [None, 0, BIG])
def test_channels_come_back_oldest_first_and_are_replaced_whole(
    store: Store, archived: bool, number: int | None
) -> None:
    younger = ChannelRow("a", "anna", NOON + 1, archived, number, number or 0, number or 0, number, SEALED)
    older = replace(younger, id="b", created_at=NOON)
    store.channels.put(younger)
    store.channels.put(older)
    assert store.channels.all() == [older, younger]
    changed = replace(younger, archived=not archived, retention_days=7, sealed=OTHER)
    store.channels.put(changed)
    assert store.channels.all() == [older, changed]
    store.forget_channel("a")
    assert [channel.id for channel in store.channels.all()] == ["b"]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    channel = plain_channel(text)
    store.channels.put(channel)
    assert store.channels.all() == [channel]
