"""Every screen in both themes: axe-core finds nothing against WCAG AA or good practice; a picture of each is left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Theme, Visitor
from tests.colours import contrast
from tests.people import Person
from tests.server import ADMIN_PASSWORD

Prepare = Callable[[Visitor], None]

COLUMN = 61 * 16
NEAR = 24

_MEASURES = """() => {
  const measure = (selector) => {
    const { fontSize, fontWeight, color } = getComputedStyle(document.querySelector(selector))
    const { height } = document.querySelector(selector).getBoundingClientRect()
    return { size: parseFloat(fontSize), weight: Number(fontWeight), colour: color, height }
  }
  const of = { row: ".channel-list__item", header: ".channel-header", title: ".channel-header__name",
    name: ".message__author", words: ".message__body", time: ".message__time" }
  return Object.fromEntries(Object.entries(of).map(([name, selector]) => [name, measure(selector)]))
}"""

_GROUNDS = """() => {
  const ground = (selector) => getComputedStyle(document.querySelector(selector)).backgroundColor
  const probe = document.querySelector("main").appendChild(document.createElement("i"))
  probe.style.backgroundColor = "var(--side)"
  const sea = getComputedStyle(probe).backgroundColor
  probe.remove()
  return { sea, sheet: ground(".channel"), panel: ground(".people"), toast: ground(".notice") }
}"""

_PAINTS = """(all) => all.map((each) => {
  const style = getComputedStyle(each)
  const [top, base] = style.backgroundImage.match(/rgb[^)]*[)]/g)
  return { image: style.backgroundImage, top, base, letters: style.color }
})"""


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", colour)[:3])


CONVERSATION = [
    "Good morning! **Bold**, *emphasis*, `code`, [a link](https://example.org) and ~~nothing~~",
    "> quoted\n\nand answered",
    "1. first\n2. second\n\n- a\n- b",
    "```python\nprint('hello')\n```",
    "@Anna, look",
]


def _open_settings(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Settings").click()
    expect(visitor.page.locator(".device")).not_to_have_count(0)


def _open_people(visitor: Visitor) -> None:
    visitor.page.locator(".channel-header__people").click()
    expect(visitor.page.locator(".people")).to_be_visible()


def _open_new_channel(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="New channel").click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()


def _open_switcher(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Control+k")
    expect(visitor.page.locator(".switcher__list")).to_be_visible()


def _open_shortcuts(visitor: Visitor) -> None:
    visitor.page.locator(".channel-header__people").focus()
    visitor.page.keyboard.press("?")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()


def _open_emoji(visitor: Visitor) -> None:
    visitor.page.locator(".composer").get_by_role("button", name="Emoji").click()
    expect(visitor.page.get_by_role("searchbox", name="Search emoji")).to_be_focused()


def _answer_and_edit(visitor: Visitor) -> None:
    visitor.act("Good morning", "Reply")
    visitor.composer.fill("x" * 3_900)
    expect(visitor.page.locator(".composer__count")).to_be_visible()


def _edit(visitor: Visitor) -> None:
    visitor.say("to be changed")
    visitor.sees("to be changed")
    visitor.composer.press("ArrowUp")
    expect(visitor.page.locator(".message-editor")).to_be_visible()


def _delete(visitor: Visitor) -> None:
    message = visitor.message("Good morning").first  # an answer that quotes it stands below
    message.focus()
    message.get_by_role("button", name="Delete message", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Undo")).to_be_visible()


def _nothing(_visitor: Visitor) -> None:
    pass


SCREENS: dict[str, Prepare] = {
    "conversation": _nothing,
    "settings": _open_settings,
    "people": _open_people,
    "new-channel": _open_new_channel,
    "switcher": _open_switcher,
    "shortcuts": _open_shortcuts,
    "emoji": _open_emoji,
    "answering": _answer_and_edit,
    "editing": _edit,
    "deleting": _delete,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_has_no_flaw(window: OpenWindow, theme: Theme) -> None:
    visitor = window(theme=theme)
    visitor.page.locator("form#login").wait_for()
    assert visitor.flaws() == []
    visitor.sign_in("Anna", "wrong password", enters=False)
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert visitor.flaws() == []
    visitor.picture(f"door-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_has_a_flaw(window: OpenWindow, person: Callable[..., Person], theme: Theme) -> None:
    boris = person("Boris").come()
    anna = window(theme=theme)
    anna.sign_in("Anna", ADMIN_PASSWORD)
    me = next(member["id"] for member in person("Clara").come().welcome["members"] if member["name"] == "Anna")
    said = [boris.say(body, mentions=[me] if "@Anna" in body else []) for body in CONVERSATION]
    boris.ask("react", id=said[-1]["id"], emoji="🎉", on=True)
    anna.sees("@Anna, look")
    _has_the_measures_of_the_guide(anna.page)
    flaws = {}
    for name, prepare in SCREENS.items():
        prepare(anna)
        _let_settle(anna.page)
        flaws[name] = anna.flaws()
        anna.picture(f"{name}-{theme}")
        anna.reload()
        anna.sees("@Anna, look")
    assert {name: found for name, found in flaws.items() if found} == {}


def _has_the_measures_of_the_guide(page: Page) -> None:
    """docs/design/DESIGN_GUIDE.md: rows, header, steps of type; who speaks is quieter than what is said."""
    measures = page.evaluate(_MEASURES)
    assert (measures["row"]["height"], measures["header"]["height"]) == (30, 48)
    title, words, name, time = (measures[each]["size"] for each in ("title", "words", "name", "time"))
    assert title > words > name > time >= 12
    assert measures["name"]["weight"] <= 600
    sheet = _rgb(page.evaluate("getComputedStyle(document.querySelector('.channel')).backgroundColor"))
    loud, quiet = (contrast(_rgb(measures[each]["colour"]), sheet) for each in ("words", "name"))
    assert quiet < loud


def test_twelve_members_have_twelve_colours_that_can_be_read(window: OpenWindow, person: Callable[..., Person]) -> None:
    for name in ("Boris", "Chiara", "David", "Elif", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kofi", "Lena"):
        person(name)
    anna = window("Anna")
    _open_people(anna)
    avatars = anna.page.locator(".person .avatar")
    expect(avatars).to_have_count(12)
    paints = avatars.evaluate_all(_PAINTS)
    assert len({paint["image"] for paint in paints}) == 12
    for paint in paints:  # axe-core looks at no gradient
        for end in (paint["top"], paint["base"]):
            assert contrast(_rgb(end), _rgb(paint["letters"])) >= 4.5, paint
    assert anna.flaws() == []


def test_what_lies_above_stands_out_in_the_dark(window: OpenWindow) -> None:
    anna = window("Anna", theme="dark")
    anna.say("worth a link")
    anna.sees("worth a link")
    _open_people(anna)
    anna.act("worth a link", "Copy link")
    expect(anna.page.locator(".notice")).to_be_visible()
    grounds = {name: _rgb(colour) for name, colour in anna.page.evaluate(_GROUNDS).items()}
    assert contrast(grounds["panel"], grounds["sea"]) > 1.1
    assert contrast(grounds["toast"], grounds["sheet"]) > 1.2
    _open_new_channel(anna)
    anna.page.get_by_label("Name", exact=True).wait_for()
    ground, inside, ring = anna.page.evaluate(
        """() => {
          const dialog = getComputedStyle(document.querySelector("dialog"))
          const {backgroundColor} = getComputedStyle(document.querySelector(".channel"))
          return [backgroundColor, dialog.backgroundColor, dialog.boxShadow]
        }"""
    )
    assert contrast(_rgb(inside), _rgb(ground)) > 1.2, "what lies above is lighter"
    assert " 0px 0px 0px 1px" in ring


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_has_a_flaw_on_a_phone(window: OpenWindow, theme: Theme) -> None:
    anna = window("Anna", width=390, height=844, theme=theme)
    anna.say("On the way")
    anna.sees("On the way")
    _let_settle(anna.page)
    flaws = anna.flaws()
    anna.page.get_by_role("button", name="Show channels").tap()
    _let_settle(anna.page)
    flaws += anna.flaws()
    anna.picture(f"phone-drawer-{theme}")
    assert flaws == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chat_that_cannot_be_reached_says_so(window: OpenWindow, theme: Theme) -> None:
    visitor = window(theme=theme, place="main")
    visitor.page.route("**/api/rooms/main", lambda route: route.abort())
    visitor.page.reload()
    expect(visitor.page.get_by_role("heading", name="The chat cannot be reached")).to_be_visible()
    expect(visitor.page.locator(".scene--lighthouse")).to_be_visible()
    assert visitor.flaws() == []
    visitor.picture(f"unreachable-{theme}")


@pytest.mark.parametrize("width", [320, 768, 1024, 2560])
def test_the_layout_fits_any_width(window: OpenWindow, width: int) -> None:
    anna = window("Anna", width=width, height=900)
    anna.say("How wide are we?")
    anna.sees("How wide are we?")
    assert anna.page.evaluate("document.documentElement.scrollWidth") == width
    anna.picture(f"width-{width}")
    anna.message("How wide are we?").focus()
    box = anna.page.locator(".composer__box").bounding_box()
    tools = anna.page.locator(".message__actions").bounding_box()
    people = anna.page.locator(".channel-header__people").bounding_box()
    assert box is not None
    assert tools is not None
    assert people is not None
    assert box["width"] <= COLUMN
    for each in (tools, people):  # what can be done stands in the column of what is said
        assert abs(each["x"] + each["width"] - box["x"] - box["width"]) <= NEAR


def test_touch_targets_are_large_enough(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=844)
    anna.say("touch me")
    anna.sees("touch me")
    small = anna.page.evaluate(
        """[...document.querySelectorAll("button, select, input, textarea")]
            .filter((each) => each.checkVisibility() && !each.closest(".sidebar"))
            .map((each) => [each.getAttribute("aria-label") ?? each.innerText, each.getBoundingClientRect()])
            .filter(([, {width, height}]) => Math.min(width, height) < 43.5)
            .map(([name, {width, height}]) => `${name} ${width}x${height}`)"""
    )
    assert small == []


def _let_settle(page: Page) -> None:
    """Until fonts are there and what appears has appeared: half-faded colours are not what people read."""
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))")
