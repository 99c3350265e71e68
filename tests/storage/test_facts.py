"""storage/facts.py: what goes in comes out."""

from typing import Any

import pytest

from storage.store import Store
from tests.storage.samples import BIG, NASTY


@pytest.mark.parametrize("value", [0, 1, BIG, -BIG, 1.5, "text", "7", "", b"", b"\x00\xff", None], ids=repr)
def test_facts_come_back_as_they_were(store: Store, value: Any) -> None:
    assert store.facts.get("x") is None
    store.facts.put("x", "before")
    store.facts.put("x", value)
    assert store.facts.get("x") == value
    assert type(store.facts.get("x")) is type(value)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    store.facts.put(text, text)
    assert store.facts.get(text) == text
