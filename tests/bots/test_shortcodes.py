"""bots/shortcodes.py: names of emoji become emoji, and everything else between colons stays."""

import pytest

from bots.shortcodes import EMOJI, with_emoji
from text.emoji import is_emoji, normal_emoji


@pytest.mark.parametrize("name", EMOJI)
def test_every_name_stands_for_one_emoji_in_its_full_form(name: str) -> None:
    assert is_emoji(EMOJI[name])
    assert normal_emoji(EMOJI[name]) == EMOJI[name]
    assert with_emoji(f":{name}:") == EMOJI[name]


@pytest.mark.parametrize("words", ["", "a:b", "10:30:15", "::", ":Fire:", ":nothing:", "https://a.example:443/x:y"])
def test_other_texts_stay(words: str) -> None:
    assert with_emoji(words) == words


def test_names_stand_anywhere() -> None:
    assert with_emoji("a:fire::tada:b") == "a🔥🎉b"
