"""Finding what was said: from the field to the place in the channel, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Person

Enter = Callable[[str], Person]


def _search(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog")


def _hits(visitor: Visitor) -> Locator:
    return visitor.page.locator(".hit")


def _open(visitor: Visitor) -> Locator:
    """The search, by its key; gives the field."""
    # What hears the key comes with the button, a moment after the messages.
    expect(
        visitor.page.get_by_role("button", name=re.compile("^(Search messages|Поиск по сообщениям)$"))
    ).to_be_visible()
    visitor.page.locator(".timeline__frame").focus()
    visitor.page.keyboard.press("/")
    field = visitor.page.get_by_role("combobox", name=re.compile("Search messages|Поиск по сообщениям"))
    expect(field).to_be_focused()
    return field


def _turn_wheel(visitor: Visitor) -> int:
    """A little down; gives how far from the top the history stands."""
    visitor.page.mouse.wheel(0, 100)
    return int(visitor.page.evaluate("document.querySelector('.timeline__frame').scrollTop"))


def test_an_old_message_is_found_opened_read_around_and_left_again(window: OpenWindow, person: Enter) -> None:
    boris = person("Boris").come()
    plans = boris.ask("channel.create", name="plans")["channel"]
    keeper = boris.say("The **lighthouse** keeper is called Магнус 👋 today", channel=plans)
    for thousand in range(10):
        boris.say_many(1_000, f"line {thousand}" + "{:03} in the plans", channel=plans)
    boris.say("in general")
    anna = window("Anna")
    anna.sees("in general")
    field = _open(anna)
    field.press_sequentially("lightHOUSE keep")
    expect(_hits(anna)).to_have_count(1)
    expect(_hits(anna)).to_contain_text("The lighthouse keeper is called Магнус 👋 today")
    expect(_hits(anna)).to_contain_text("#plans")
    expect(_hits(anna).locator("mark").first).to_have_text(re.compile("lighthouse"))
    anna.page.keyboard.press("ArrowDown")
    expect(_hits(anna).locator(".hit__open")).to_be_focused()
    anna.page.keyboard.press("ArrowRight")
    expect(_hits(anna).locator(".hit__beside")).to_have_text("Boris line 0000 in the plans")
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator(".message--highlit")).to_contain_text("lighthouse keeper")
    expect(anna.message("lighthouse keeper")).to_be_in_viewport()
    expect(anna.message("line 9999 in the plans")).to_have_count(0)
    # What is said meanwhile does not come into the old piece; scrolling leads to it.
    boris.say("said meanwhile", channel=plans)
    anna.page.locator(".timeline__frame").hover()
    until(anna.page, lambda: _turn_wheel(anna) > 400)
    expect(anna.message("line 0020 in the plans")).to_be_in_viewport()
    expect(anna.message("said meanwhile")).to_have_count(0)
    anna.page.get_by_role("button", name="Back to where you were").click()
    expect(anna.message("in general")).to_be_in_viewport()
    expect(anna.page.locator(".ways-back")).to_have_count(0)
    # The search is as it was left.
    expect(_open(anna)).to_have_value("lightHOUSE keep")
    expect(_hits(anna)).to_have_count(1)
    # What happens to a message happens to what was found.
    boris.ask("edit", id=keeper["id"], body="The lighthouse keeper is called Nora")
    expect(_hits(anna)).to_contain_text("called Nora")
    boris.ask("delete", id=keeper["id"])
    expect(_hits(anna)).to_have_count(0)
    expect(_search(anna)).to_contain_text("Nothing found.")
    expect(_search(anna).locator(".scene--net")).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(_search(anna)).to_have_count(0)


def test_filters_are_typed_completed_and_taken_back_by_keyboard(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    boris.say("the harbour of Boris, see https://example.org/harbour")
    anna.say("the harbour of Anna")
    anna.sees("of Anna")
    field = _open(anna)
    expect(_search(anna).get_by_role("button", name="from:")).to_be_visible()
    field.press_sequentially("harbour from:bo")
    expect(anna.page.get_by_role("option")).to_have_text(["BBoris"])
    field.press("Enter")
    expect(_search(anna).locator(".search__chip")).to_have_text("from: Boris")
    expect(_hits(anna)).to_have_count(1)
    field.press_sequentially(" has:li")
    field.press("Tab")
    field.press_sequentially(" in:general ")
    expect(_search(anna).locator(".search__chip")).to_have_text(["from: Boris", "has: a link", "in: general"])
    expect(_hits(anna)).to_have_count(1)
    assert anna.flaws() == []
    for _ in range(3):
        field.press("Home")
        field.press("Backspace")
    expect(_hits(anna)).to_have_count(2)
    field.fill("harbour from:nobody here")
    expect(_search(anna)).to_contain_text("Nobody here is called “nobody”.")
    field.fill("no such words at all")
    expect(_search(anna)).to_contain_text("Nothing found. Try fewer letters, or remove a filter.")
    anna.page.keyboard.press("Escape")
    anna.page.keyboard.press("Control+k")
    anna.page.keyboard.type("harbour of A")
    anna.page.get_by_role("option", name="Search messages for “harbour of A”").click()
    expect(_hits(anna)).to_have_count(1)
    field.press("Enter")
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator(".message--highlit")).to_contain_text("the harbour of Anna")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_search_is_a_page_on_a_phone_and_speaks_russian(window: OpenWindow, person: Enter, theme: str) -> None:
    boris = person("Борис").come()
    for number in range(30):
        boris.say(f"В договоре номер {number} нет подписи")
    anna = window("Анна", width=390, height=844, language="ru-RU", theme=theme)
    anna.page.get_by_role("button", name="Поиск по сообщениям").tap()
    field = anna.page.get_by_role("combobox")
    expect(_search(anna).get_by_role("button", name="есть:")).to_be_visible()
    assert anna.flaws() == []
    box = _search(anna).bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    field.fill("договор от:борис до:2199-01-01 ")
    expect(_hits(anna)).to_have_count(20)
    assert anna.flaws() == []
    _search(anna).get_by_role("button", name="Искать дальше").tap()
    expect(_hits(anna)).to_have_count(30)
    expect(_search(anna)).to_contain_text("30 сообщений")
    _hits(anna).last.locator(".hit__open").tap()
    expect(anna.page.locator(".message--highlit")).to_contain_text("номер 0 нет")
