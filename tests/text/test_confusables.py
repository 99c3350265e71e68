"""text/confusables.py: the table is the package's, and small."""

import pytest

from text.confusables import GROUPS
from text.names import looks
from tools.confusables import TARGET, module, table

MOST_BYTES = 100_000  # the Worker reads it at every cold start


def test_the_module_is_what_the_tool_writes() -> None:
    assert TARGET.read_text(encoding="utf-8") == module(table())


def test_the_module_is_small_and_shows_no_character_but_ascii() -> None:
    assert TARGET.stat().st_size < MOST_BYTES
    assert TARGET.read_bytes().isascii()


def test_no_character_has_two_prototypes() -> None:
    sources = [source for _, group in GROUPS for source in group]
    assert len(sources) == len(set(sources))


@pytest.mark.parametrize("prototype", ["A", "a", "o", "l", "rn", "O", "p", "x", "e", "i", "S"])
def test_what_is_taken_for_a_letter_looks_like_it(prototype: str) -> None:
    for source in (source for source, target in table().items() if target == prototype):
        assert not looks(f"b{source}b").isdisjoint(looks(f"b{prototype}b")), f"U+{ord(source):04X}"
