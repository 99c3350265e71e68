"""text/emoji.py: one thing has one spelling."""

import json

import pytest

from text.emoji import merged, normal_emoji
from tools.paths import ROOT

DATA = json.loads((ROOT / "node_modules/emojibase-data/en/data.json").read_text(encoding="utf-8"))
ALL = [skin for each in DATA for skin in (each, *each.get("skins", ()))]
HEART = "❤\ufe0f"


@pytest.mark.parametrize(
    "spelling", ["❤", "❤\ufe0e", HEART, "❤\ufe0f\ufe0f", "❤\ufe00", "❤\U000e0100", "❤\u200d", "❤\U000e0067"]
)
def test_however_a_heart_is_spelled_it_is_one(spelling: str) -> None:
    assert normal_emoji(spelling) == HEART


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("👍", "👍🏽"),
        ("1\ufe0f\u20e3", "2\ufe0f\u20e3"),
        ("🇩🇪", "🇫🇷"),
        ("👨‍👩‍👧", "👩‍👩‍👧"),
        ("🏴", "🏳"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴"),
    ],
)
def test_what_looks_different_stays_different(one: str, other: str) -> None:
    assert normal_emoji(one) != normal_emoji(other)


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("1\u20e3", "1\ufe0f\u20e3"),
        ("ℹ", "ℹ\ufe0f"),
        ("☝\ufe0f🏽", "☝🏽"),
        ("👁\u200d🗨", "👁\ufe0f\u200d🗨\ufe0f"),
        ("🏳\u200d🌈", "🏳\ufe0f\u200d🌈"),
        ("👍\ufe0f", "👍"),
        ("★\ufe0f", "★"),
        ("\ufe0f", ""),
    ],
)
def test_what_was_left_out_is_put_in(spelling: str, normal: str) -> None:
    assert normal_emoji(spelling) == normal == normal_emoji(normal)


def test_every_emoji_of_unicode_is_the_same_with_and_without_its_selectors() -> None:
    """And what the client's picker sends has the form that the room keeps."""
    assert len(ALL) > 3_000
    for each in ALL:
        normal = normal_emoji(each["emoji"])
        assert normal == normal_emoji(normal) == normal_emoji(each["emoji"].replace("\ufe0f", ""))
        assert normal.replace("\ufe0f", "") == each["emoji"].replace("\ufe0f", "").replace("\ufe0e", "")


def test_reactions_that_were_stored_in_several_spellings_are_one() -> None:
    assert merged({"❤": ["anna", "boris"], "👍": ["anna"], HEART: ["boris", "olga"]}) == {
        HEART: ["anna", "boris", "olga"],
        "👍": ["anna"],
    }
