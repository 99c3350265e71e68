"""What a page says of when people were here: on the card of each, and below the days of general."""

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


def test_who_came_went_or_changed_their_name_stands_below_the_day_and_moves_nothing(
    window: OpenWindow, person: Callable[[str], Person]
) -> None:
    boris = person("Boris").secure().come()
    boris.say("good morning")
    for name in ("Clara", "Dora", "Eva"):
        person(name)
    anna = window("Anna", language="ru-RU")
    line = anna.page.locator(".row__comings")
    expect(line).to_have_text("Теперь с нами: Boris, Clara и ещё 2 человека")
    message = anna.sees("good morning")
    place = message.bounding_box()
    person("Fritz")
    expect(line).to_have_text("Теперь с нами: Boris, Clara и ещё 3 человека")
    assert message.bounding_box() == place
    expect(anna.page.locator(".channel-list__unread")).to_have_count(0)
    assert misplaced(anna.page) == []
    assert boris.ask("profile.update", name="Bob")["type"] == "ack"
    told = "Теперь с нами: Bob, Clara и ещё 3 человека · Boris теперь носит имя Bob"
    expect(line).to_have_text(told)
    expect(message.locator(".message__author")).to_have_text("Bob")
    assert message.bounding_box() == place
    anna.reload()
    expect(line).to_have_text(told)
    assert anna.flaws() == []
