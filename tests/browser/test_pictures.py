"""Pictures of a conversation worth showing: of the README (docs/images/) and of the design guide (docs/design/images/).

They are kept when DURABLE_CHAT_PICTURES is set, to be looked at and committed; without it a run only checks that they
can be made.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Frame, Line, Person
from tests.server import ADMIN_PASSWORD
from tools.paths import ROOT

README = ROOT / "docs" / "images"
GUIDE = ROOT / "docs" / "design" / "images"
LARGEST_BYTES = 200_000
CHANNELS = ("design", "releases", "tea kitchen")


def _talk(enter: Callable[..., Person]) -> None:
    """A morning in a team that is about to release something."""
    mira = enter("Mira Okafor", password=ADMIN_PASSWORD)
    people = {name: enter(name) for name in ("Jonas Weber", "Lena Park")}
    lines: dict[str, Line] = {"Mira Okafor": mira.come(), **{name: each.come() for name, each in people.items()}}
    ids = {member["name"]: member["id"] for member in lines["Lena Park"].welcome["members"]}
    channels = {name: lines["Mira Okafor"].ask("channel.create", name=name)["channel"] for name in CHANNELS}
    lines["Mira Okafor"].ask("channel.update", id="general", topic="Everything that concerns all of us")

    def say(name: str, body: str, **more: Any) -> Frame:
        return lines[name].say(body, **more)

    first = say("Mira Okafor", "Good morning! Version 1.2 goes out **on Thursday**. What is left?")
    say("Jonas Weber", "Two things from my side:\n- the import keeps its place after a restart\n- `bin/check` is green")
    question = say("Lena Park", "The empty state still says *nothing here*. Friendlier: *Say hello!*")
    say("Mira Okafor", "Yes, please. That is the first thing people see.", reply_to=question["id"])
    say(
        "Jonas Weber",
        "The retry waits longer each time now:\n```python\nwait = min(first * 1.7**attempt, longest)\n```",
    )
    last = say("Lena Park", "@Anna Lindqvist, do you want to try it on your phone?", mentions=[ids["Anna Lindqvist"]])
    for name in ("Jonas Weber", "Lena Park"):
        lines[name].ask("react", id=first["id"], emoji="⚓", on=True)
    lines["Mira Okafor"].ask("react", id=first["id"], emoji="☕", on=True)
    lines["Jonas Weber"].ask("react", id=last["id"], emoji="⚡", on=True)
    say("Lena Park", "New icons are in", channel=channels["design"])
    lines["Lena Park"].put({"type": "typing", "channel": "general"})


@pytest.mark.parametrize(
    ("name", "look", "folder"),
    [
        ("chat", {"width": 1280, "height": 800}, README),
        ("chat-dark", {"width": 1280, "height": 800, "theme": "dark"}, GUIDE),
        ("chat-phone", {"width": 390, "height": 780}, GUIDE),
    ],
)
def test_a_conversation_is_worth_showing(
    window: OpenWindow,
    person: Callable[..., Person],
    name: str,
    look: dict[str, Any],
    folder: Path,
) -> None:
    anna = window("Anna Lindqvist", **look)
    _talk(person)
    expect(anna.message("on your phone?")).to_be_visible()
    expect(anna.page.locator(".reaction", has_text="⚡")).to_be_visible()
    expect(anna.page.locator(".channel-header__people")).to_contain_text("4")
    _show(anna, name, folder, keep="DURABLE_CHAT_PICTURES" in os.environ)


def _show(visitor: Visitor, name: str, folder: Path, *, keep: bool) -> None:
    visitor.page.wait_for_timeout(300)
    picture = visitor.picture(f"show-{name}")
    assert picture.stat().st_size < LARGEST_BYTES * 2
    if keep:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(picture.read_bytes())
