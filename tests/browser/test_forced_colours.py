"""Where the system chooses the colours: things stand out by an edge or by the system's own pairs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.layout import misplaced
from tests.browser.views import each_view, furnish, settle
from tests.browser.visitor import Theme, Visitor
from tests.people import Person

# How an element stands out: its own ground, its edges, its ring.
_LOOK = """(each) => {
  const style = getComputedStyle(each)
  const ground = getComputedStyle(document.body).backgroundColor
  const edge = Math.max(...["Top", "Right", "Bottom", "Left"].map((side) =>
    style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`])))
  const ring = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth)
  return { ground: style.backgroundColor, edge, ring, ringColor: style.outlineColor, color: style.color, page: ground }
}"""


def _look(visitor: Visitor, selector: str) -> dict[str, object]:
    return dict(visitor.page.locator(selector).first.evaluate(_LOOK))


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_screen_keeps_its_edges_in_forced_colours(
    window: OpenWindow, person: Callable[..., Person], theme: Theme, width: int
) -> None:
    anna = window(width=width, height=844, theme=theme, forced_colors="active")
    anna.page.locator("form#login").wait_for()
    settle(anna)
    assert _look(anna, ".login__card")["edge"] == 1
    assert _look(anna, ".field__line:focus-within")["ring"] == 2
    flaws, troubles = {"sign-in": anna.flaws()}, {"sign-in": misplaced(anna.page)}
    anna.picture(f"forced-sign-in-{width}-{theme}")
    furnish(anna, person)
    for name in each_view(anna):
        flaws[name], troubles[name] = anna.flaws(), misplaced(anna.page)
        dialog = anna.page.locator("dialog[open]")
        if dialog.count() > 0 and (box := dialog.bounding_box()) and box["width"] < width:
            assert _look(anna, "dialog[open]")["edge"] == 1, name
        anna.picture(f"forced-{name}-{width}-{theme}")
    assert "\n".join(f"{name}: {each}" for name, found in flaws.items() for each in found) == ""
    assert "\n".join(f"{name}: {each}" for name, found in troubles.items() for each in found) == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_chosen_new_or_mine_is_told_apart_in_forced_colours(
    window: OpenWindow, person: Callable[..., Person], theme: Theme
) -> None:
    anna = window(theme=theme, forced_colors="active")
    furnish(anna, person)
    anna.act("look", "Reply")
    anna.say("my own")
    anna.sees("my own")
    anna.page.locator(".reaction").click()
    expect(anna.page.locator(".reaction--mine")).to_be_visible()
    chosen, other = (
        _look(anna, ".channel-list__item[aria-current]"),
        _look(anna, ".channel-list__item:not([aria-current])"),
    )
    assert chosen["ground"] != other["ground"]
    anna.page.locator(".channel-list__item[aria-current]").focus()
    anna.page.keyboard.press("ArrowDown")
    anna.page.keyboard.press("ArrowUp")
    focused = _look(anna, ".channel-list__item[aria-current]")
    assert focused["ring"] == 2
    assert focused["ringColor"] not in (focused["ground"], focused["page"])
    mention, plain = _look(anna, ".badge--mention"), _look(anna, ".badge:not(.badge--mention)")
    assert plain["edge"] == mention["edge"] == 1
    assert mention["ground"] not in (plain["ground"], chosen["ground"])
    assert _look(anna, ".message--mention")["edge"] == 4
    assert _look(anna, ".message:not(.message--mention)")["edge"] == 0
    assert _look(anna, ".reaction--mine")["ground"] != _look(anna, ".reaction:not(.reaction--mine), .channel")["ground"]
    assert _look(anna, ".avatar")["edge"] == 1
    sheet = _look(anna, ".channel")
    assert sheet["edge"] == 1
    anna.picture(f"forced-apart-{theme}")


def test_a_welcome_can_be_read_in_forced_colours(window: OpenWindow) -> None:
    anna = window("Anna", forced_colors="active")
    expect(anna.page.locator(".welcome__step")).not_to_have_count(0)
    settle(anna)
    assert anna.flaws() == []
    assert misplaced(anna.page) == []
    assert _look(anna, ".welcome__tick")["edge"] == 2
    anna.picture("forced-welcome")


def test_who_lets_pages_choose_colours_sees_ours(window: OpenWindow) -> None:
    anna = window("Anna")
    assert anna.page.locator(".channel").evaluate(_LOOK)["edge"] == 0
