"""What somebody types, and the history above it, stay where they are: typed key by key, as people do."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person

_KEY_MS = 40
_LEFT = """() => {
  const {scrollHeight, clientHeight, scrollTop} = document.querySelector(".timeline__frame")
  return scrollHeight - clientHeight - scrollTop
}"""
# Safari and Firefox have no `field-sizing` everywhere: there a twin of the text area is measured.
_WITHOUT_FIELD_SIZING = """
  const supports = CSS.supports.bind(CSS)
  CSS.supports = (...words) => words[0] !== "field-sizing" && supports(...words)
"""
_FIXED = """() => document.styleSheets[0].insertRule(
  "textarea { field-sizing: fixed !important }", document.styleSheets[0].cssRules.length)"""

Enter = Callable[[str], Person]


def _fill(boris: Line, count: int) -> None:
    for number in range(count):
        boris.say(f"line {number} of what was said before")


def _stands_at_end(visitor: Visitor) -> None:
    until(visitor.page, lambda: visitor.page.evaluate(_LEFT) <= 1)


def _type(visitor: Visitor, text: str) -> None:
    for line in text.split("\n"):
        visitor.page.keyboard.type(line, delay=_KEY_MS)
        visitor.page.keyboard.press("Shift+Enter")


def _arrives_in_sight(visitor: Visitor, boris: Line, text: str) -> None:
    """A message is seen at once, and read: nothing has moved the history from its end."""
    boris.say(text)
    expect(visitor.message(text)).to_be_in_viewport(ratio=0.9)
    expect(visitor.page.locator(".newest")).to_have_count(0)
    _stands_at_end(visitor)


def test_the_history_stays_at_its_end_while_many_lines_are_typed(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    expect(anna.message("line 59")).to_be_in_viewport()
    anna.composer.click()
    for number in range(6):
        _type(anna, f"line {number}, and on")
        _arrives_in_sight(anna, boris, f"in between {number}")
    for _ in range(60):
        anna.page.keyboard.press("Backspace")
        assert anna.page.evaluate(_LEFT) <= 1
    _arrives_in_sight(anna, boris, "after all")
    anna.page.keyboard.press("Enter")
    expect(anna.message("line 0, and on")).to_be_in_viewport()


def test_a_browser_that_does_not_size_fields_itself_holds_the_history_as_well(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    anna.context.add_init_script(_WITHOUT_FIELD_SIZING)
    anna.reload()
    anna.page.evaluate(_FIXED)
    expect(anna.message("line 59")).to_be_in_viewport()
    low = anna.composer.bounding_box()
    anna.composer.click()
    _type(anna, "one\ntwo\nthree\nfour\nfive")
    high = anna.composer.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] > low["height"] * 3
    _stands_at_end(anna)
    _arrives_in_sight(anna, boris, "and on")
    anna.composer.fill("")
    until(anna.page, lambda: anna.composer.bounding_box() == low)


def test_the_history_stays_at_its_end_whatever_makes_room_around_it(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    expect(anna.message("line 59")).to_be_in_viewport()
    anna.act("line 59", "Reply")
    expect(anna.page.locator(".reply-bar")).to_be_visible()
    _arrives_in_sight(anna, boris, "with the reply bar")
    anna.page.set_viewport_size({"width": 1440, "height": 500})  # as the keyboard of a phone does
    _arrives_in_sight(anna, boris, "in a low window")
    anna.page.set_viewport_size({"width": 700, "height": 900})
    _arrives_in_sight(anna, boris, "in a narrow one")
    anna.page.evaluate("document.documentElement.style.fontSize = '150%'")  # as a zoom does
    _arrives_in_sight(anna, boris, "zoomed in")
    anna.page.evaluate("document.documentElement.style.fontSize = ''")
    _arrives_in_sight(anna, boris, "and out")


def test_who_scrolls_up_stays_there_while_typing_and_while_others_write(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 80)
    expect(anna.message("line 79")).to_be_in_viewport()
    frame = anna.page.locator(".timeline__frame")
    frame.hover()
    anna.page.mouse.wheel(0, -900)
    expect(anna.page.locator(".newest")).to_be_visible()
    seen = anna.message("line 50")
    seen.scroll_into_view_if_needed()
    place = seen.bounding_box()
    anna.composer.click()
    _type(anna, "one\ntwo\nthree\nfour")
    boris.say("far below")
    expect(anna.page.locator(".newest")).to_contain_text("1 new message")
    assert seen.bounding_box() == place
    # Without the wheel too: a search of the browser, the keys, a screen reader move it as they like.
    anna.page.locator(".newest").click()
    _stands_at_end(anna)
    frame.evaluate("(frame) => { frame.scrollTop -= 400 }")
    expect(anna.page.locator(".newest")).to_be_visible()
