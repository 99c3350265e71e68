"""Pictures of a conversation worth showing: of the README (docs/images/) and of the design guide (docs/design/images/).

They are kept when DURABLE_CHAT_PICTURES is set, to be looked at and committed; without it a run only checks that they
can be made. The screens of docs/design/SCREENS.md are made only then: other tests look at each of them.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.gallery import IN_THE_CHAT, LOOK, PHONE, called_on_the_way, keep, leads_nowhere, talk
from tests.browser.panels import show_activity
from tests.browser.test_invites import follow, make_link
from tests.browser.views import show_channels
from tests.browser.visitor import Theme, Visitor
from tests.people import Line, Person
from tests.server import ADMIN_PASSWORD
from tools.paths import ROOT

README = ROOT / "docs" / "images"
GUIDE = ROOT / "docs" / "design" / "images"
LARGEST_BYTES = 200_000
SCREENS = GUIDE / "after"
KEPT = "DURABLE_CHAT_PICTURES" in os.environ


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
    talk(person, ADMIN_PASSWORD)["Lena Park"].put({"type": "typing", "channel": "general"})
    expect(anna.message("on your phone?")).to_be_visible()
    expect(anna.page.locator(".reaction", has_text="⚡")).to_be_visible()
    expect(anna.page.locator(".channel-header__people")).to_contain_text("4")
    _show(anna, name, folder)


def _show(visitor: Visitor, name: str, folder: Path) -> None:
    visitor.page.wait_for_timeout(300)
    picture = visitor.picture(f"show-{name}")
    assert picture.stat().st_size < LARGEST_BYTES * 2
    if KEPT:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(picture.read_bytes())


if KEPT:

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_the_screens_of_the_gallery_are_made_anew(
        window: OpenWindow, person: Callable[..., Person], room: str, theme: Theme
    ) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        anna = window(theme=theme, **LOOK)
        if theme == "light":
            expect(anna.page.get_by_role("button", name="I have a link")).to_be_visible()
            keep(anna, "sign-in", SCREENS)
            _show_beginning(window(theme=theme, place=f"{room}-new", **LOOK))
        else:
            _show_nowhere(window(theme=theme, **LOOK))
        anna.sign_in("Anna Lindqvist", ADMIN_PASSWORD)
        people: dict[str, Person] = {}

        def enter(name: str, **more: Any) -> Person:
            return people.setdefault(name, person(name, **more).secure())

        lines = talk(enter, ADMIN_PASSWORD)
        for name, (hour, show) in IN_THE_CHAT.items():
            if hour == theme:
                anna.page.goto("about:blank")
                anna.come("#general")
                anna.sees("on your phone?")
                show(anna, lines)
                keep(anna, name, SCREENS)
        if theme == "light":
            _show_joining(window(theme=theme, comes=False, **LOOK), make_link(people["Lena Park"]))
            _show_phone(window("Nora Berg", theme=theme, **PHONE), lines)

    def _show_joining(visitor: Visitor, link: str) -> None:
        follow(visitor, link)
        expect(visitor.page.get_by_text("Lena Park")).to_be_visible()
        keep(visitor, "join", SCREENS)

    def _show_phone(visitor: Visitor, lines: dict[str, Line]) -> None:
        called_on_the_way(visitor, lines)
        visitor.sees("Shout if anything")
        keep(visitor, "phone-channel", SCREENS)
        show_channels(visitor)
        expect(visitor.page.locator(".badge--mention")).to_be_visible()
        keep(visitor, "phone-channels", SCREENS)
        show_activity(visitor)
        keep(visitor, "phone-activity", SCREENS)

    def _show_beginning(visitor: Visitor) -> None:
        visitor.sign_in("Anna Lindqvist", ADMIN_PASSWORD)
        expect(visitor.page.get_by_role("heading", name="Your harbour is open")).to_be_visible()
        keep(visitor, "welcome", SCREENS)

    def _show_nowhere(visitor: Visitor) -> None:
        visitor.page.route("**/api/rooms/*", leads_nowhere)
        visitor.page.reload()
        expect(visitor.page.locator(".blocked__title")).to_have_text("Room not found")
        keep(visitor, "not-found", SCREENS)
