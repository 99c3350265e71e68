"""What a page says of when people were here: on the card of each."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.layout import misplaced
from tests.people import Person


def test_a_card_says_when_somebody_was_here_without_moving(window: OpenWindow, person: Callable[[str], Person]) -> None:
    boris = person("Boris").come()
    boris.say("good morning")
    anna = window("Anna")
    name = anna.sees("good morning").locator(".message__author")
    days = anna.page.locator(".card__days")
    name.click()
    expect(days).to_contain_text("Here now")
    today = datetime.now(UTC)
    expect(days).to_contain_text(f"Joined {today.day} {today:%B %Y}")
    anna.page.keyboard.press("Escape")
    expect(days).to_have_count(0)

    boris.close()
    expect(anna.page.locator(".channel-header__people")).to_have_text("1")
    asked = anna.page.evaluate_handle("""() => {
      const heights = []
      new MutationObserver(() => {
        const card = document.querySelector("dialog[open] .card__days")
        if (card) heights.push(card.closest("dialog").offsetHeight)
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
      return heights
    }""")
    name.click()
    expect(days).to_have_text(re.compile("Last seen recentlyJoined"))
    heights = asked.json_value()
    assert len(heights) > 0
    assert len(set(heights)) == 1, "the card moved when the answer came"
    assert misplaced(anna.page) == []
