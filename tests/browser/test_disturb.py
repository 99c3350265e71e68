"""Do not disturb: set on one device, it holds on all of them, and an open tab keeps still."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_in_tab import _COUNT_TONES, _IS_LISTENING, Listener
from tests.browser.visitor import Visitor, until
from tests.people import Person

Words = tuple[str, str, str, str, str]
EN: Words = ("Your profile", "Do not disturb", "For 30 minutes", "Do not disturb until", "Switch on")
RU: Words = ("Ваш профиль", "Не беспокоить", "На 30 минут", "Не беспокоить до", "Включить")


def _dialog(visitor: Visitor, words: Words) -> Locator:
    """Open it by the keys: the corner, the card, the button in it."""
    page = visitor.page
    expect(page.locator(".sidebar .activity")).to_be_attached()  # it comes with what hears the press
    page.get_by_role("button", name=words[0], exact=True).press("Enter")
    page.get_by_role("button", name=words[1], exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name=words[1], exact=True)
    expect(dialog.get_by_role("button", name=words[2])).to_be_visible()
    return dialog


@pytest.mark.parametrize(
    ("words", "look"),
    [(EN, {}), (RU, {"language": "ru-RU", "width": 390, "height": 844, "theme": "dark"})],
    ids=["en", "ru-phone-dark"],
)
def test_the_corner_shows_a_moon_while_one_is_not_to_be_disturbed(
    window: OpenWindow, request: pytest.FixtureRequest, words: Words, look: dict[str, object]
) -> None:
    anna = window("Anna", **look)
    if look:
        anna.page.locator(".channel-header button").first.click()
    dialog = _dialog(anna, words)
    dialog.get_by_role("button", name=words[2]).press("Enter")
    expect(dialog).to_contain_text(words[3])
    dialog.get_by_role("button", name=words[4]).press("Enter")
    expect(dialog.get_by_role("button", name=words[4])).to_have_count(0)  # it is "save" now
    anna.picture(f"disturb-{request.node.callspec.id}")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    moon = anna.page.locator(".member-corner").get_by_role("button", name=words[3])
    expect(moon).to_be_visible()
    anna.picture(f"disturb-moon-{request.node.callspec.id}")
    anna.reload()
    if look:
        anna.page.locator(".channel-header button").first.click()
    expect(moon).to_be_visible()


def test_an_open_tab_keeps_still_until_it_is_over(window: OpenWindow, person: Callable[..., Person]) -> None:
    visitor = window()
    visitor.context.add_init_script(_COUNT_TONES)
    visitor.page.reload()
    visitor.sign_in("Anna")
    until(visitor.page, lambda: visitor.page.evaluate(_IS_LISTENING))
    anna, boris = Listener(visitor), person("Boris").come()
    elsewhere = boris.ask("channel.create", name="elsewhere")["channel"]
    dialog = _dialog(anna.visitor, EN)
    dialog.get_by_role("button", name=EN[2]).press("Enter")
    anna.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    moon = anna.page.locator(".member-corner").get_by_role("button", name=EN[3])
    expect(moon).to_be_visible()
    boris.say("in the night", channel=elsewhere)
    expect(anna.page.locator(".channel-list__item", has_text="elsewhere").locator(".badge")).to_contain_text("1")
    moon.press("Enter")
    anna.page.get_by_role("button", name="End it now", exact=True).press("Enter")
    expect(moon).to_have_count(0)
    boris.say("in the morning", channel=elsewhere)
    anna.hears(1)
