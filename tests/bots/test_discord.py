"""bots/discord.py: content and embeds."""

from typing import Any

import pytest

from bots.discord import is_meant, read
from bots.incoming import People


def body(given: dict[str, Any]) -> str:
    return read(given, People({"1": "Anna"}.get)).body


@pytest.mark.parametrize(
    ("given", "is_one"),
    [
        ({"content": "x"}, True),
        ({"content": None, "embeds": []}, True),
        ({"embeds": [{}]}, True),
        ({"content": "x", "text": "y"}, False),
        ({"text": "x"}, False),
    ],
)
def test_it_is_recognized_by_its_fields(given: dict[str, Any], is_one: bool) -> None:
    assert is_meant(given) is is_one


def test_people_channels_emoji_and_times_are_shown() -> None:
    words = "<@1> <@!1> <@2> <#3> <:party:4> <a:party:4> <t:1800000000> <t:1800000000:F> <x> @everyone"
    shown = "@Anna @Anna @2 #3 :party: :party: 2027-01-15 08:00 UTC 2027-01-15 08:00 UTC <x> @everyone"
    assert body({"content": words}) == shown


@pytest.mark.parametrize(
    ("timestamp", "shown"),
    [
        ("2026-11-29T16:05:59.000Z", "2026-11-29 16:05 UTC"),
        ("2026-11-29T16:05:59+00:00", "2026-11-29 16:05 UTC"),
        ("2026-11-29T16:05:59+03:00", ""),
        ("yesterday", ""),
        (7, ""),
    ],
)
def test_the_time_of_an_embed_is_shown_where_it_is_one(timestamp: Any, shown: str) -> None:
    assert body({"embeds": [{"title": "x", "timestamp": timestamp}]}) == "\n".join(filter(None, ["**x**", shown]))


def test_a_picture_that_is_sent_along_is_left_out() -> None:
    embed = {"title": "x", "image": {"url": "attachment://a.png"}, "thumbnail": {"url": "https://a.example/b.png"}}
    assert body({"embeds": [embed]}) == "**x**\n[image](https://a.example/b.png)"


def test_embeds_and_fields_are_as_many_as_discord_takes() -> None:
    given = {"embeds": [{"title": f"e{number}"} for number in range(20)]}
    assert body(given).count("**e") == 10
    assert body({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 30}]}).count("**n:** v") == 25
