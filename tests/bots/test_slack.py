"""bots/slack.py: Slack's markup and Mattermost's Markdown, in one field."""

from typing import Any

import pytest

from bots.incoming import People
from bots.slack import is_meant, marked, read


def people() -> People:
    return People({"U1": "Anna"}.get)


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"),
        ("*bold ~both~*", "**bold ~~both~~**"),
        ("2*3*4 and a * b * c and **", "2*3*4 and a * b * c and **"),
        ("snake_case ~/bin and ~/lib", "snake_case ~/bin and ~/lib"),
        ("*one\ntwo*", "*one\ntwo*"),
        ("`*code*` and ```*more*\n<x>``` *bold*", "`*code*` and ```*more*\n<x>``` **bold**"),
        ("<https://a.example>", "https://a.example"),
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<https://a.example|a &amp; b>", "[a & b](https://a.example)"),
        ("<mailto:a@b.example|write>", "[write](mailto:a@b.example)"),
        ("<javascript:alert(1)|x>", "<javascript:alert(1)|x>"),
        ("<@U1> <@U2> <@U2|Zoë>", "@Anna @U2 @Zoë"),
        ("<#C1> <#C1|ops>", "#C1 #ops"),
        ("<!here> <!channel> <!everyone|all>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!date^1800000000^{date}|in 2027>", "@team in 2027"),
        ("a < b &lt; c &gt; d &amp;amp; &copy;", "a < b < c > d &amp; &copy;"),
        ("<b>html</b>", "<b>html</b>"),
        (":warning: :no_such_thing: 10:30:00", "⚠️ :no_such_thing: 10:30:00"),
        ("**bold** *it* [x](https://a.example)", "**bold** *it* [x](https://a.example)"),
        ("# Title\n*it*", "# Title\n*it*"),
        ("**x** *<https://a.example|it>* ~&lt;~", "**x** *[it](https://a.example)* ~<~"),
        ("`&amp;lt;` &amp;lt; *&amp;lt;*", "`&lt;` &lt; **&lt;**"),
        (
            "<https://a.example/?b&amp;amp;c|x> <https://a.example/&amp;lt;>",
            "[x](https://a.example/?b&amp;c) https://a.example/&lt;",
        ),
        (
            "`:x:` <https://a.example/:x:/|:x:> https://a.example/:x:/",
            "`:x:` [❌](https://a.example/:x:/) https://a.example/:x:/",
        ),
        ("<https://a.example|[x](javascript:alert(1))>", "[[x](javascript:alert(1))](https://a.example)"),
        ("&lt;@U1&gt; &lt;https://a.example|x&gt;", "<@U1> <https://a.example|x>"),
        ("", ""),
    ],
)
def test_markup_becomes_the_dialect(words: str, written: str) -> None:
    assert marked(words, people()) == written


def test_whoever_is_mentioned_is_noted_once() -> None:
    found = people()
    marked("<@U1> <@U2> <@U1>", found)
    assert found.mentioned == ["U1"]


@pytest.mark.parametrize(
    ("given", "is_one"),
    [
        ({"text": "x"}, True),
        ({"text": None}, True),
        ({"blocks": [{}]}, True),
        ({"attachments": [{"text": "x"}]}, True),
        ({"attachments": {"title": "x"}}, True),
        ({"attachments": []}, False),
        ({"attachments": [{"base64": "x", "filename": "y"}], "message": "x"}, False),
        ({"message": "x"}, False),
    ],
)
def test_it_is_recognized_by_its_fields(given: dict[str, Any], is_one: bool) -> None:
    assert is_meant(given) is is_one


@pytest.mark.parametrize(
    ("colour", "mark"),
    [
        ("good", "🟢 "),
        ("warning", "🟡 "),
        ("danger", "🔴 "),
        ("#ff0000", "🔴 "),
        ("E01E5A", "🔴 "),
        ("#2eb886", "🟢 "),
        ("#ffcc00", "🟡 "),
        ("#0000ff", "🔵 "),
        ("#cccccc", ""),
        ("#fff", ""),
        ("pink", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_the_colour_of_an_attachment_is_a_sign_before_its_title(colour: Any, mark: str) -> None:
    assert read({"attachments": [{"color": colour, "title": "x"}]}, people()).body == f"{mark}**x**"


def test_a_text_that_an_attachment_repeats_is_said_once() -> None:
    given = {"text": "Down", "attachments": [{"title": "Down", "text": "web"}]}
    assert read(given, people()).body == "**Down**\nweb"


def test_a_name_a_picture_and_a_channel_are_passed_on() -> None:
    said = read({"text": "x", "username": "CI", "icon_emoji": ":rocket:", "channel": "#ops"}, people())
    assert (said.name, said.emoji, said.channel, said.is_discord) == ("CI", ":rocket:", "#ops", False)
