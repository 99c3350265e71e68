"""The days of a channel: which one is at the top of the list, and the way to any other."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.shifts import still, watch
from tests.browser.visitor import Visitor, until
from tests.fakes import offset_of
from tests.people import Line, Person
from tests.server import ADMIN_PASSWORD

Enter = Callable[..., Person]

# Days back, and how many messages were sent then.
_DAYS = {40: 12, 29: 10, 20: 10, 6: 10, 1: 10}

# What of the real day lines lies under the one at the top, in one frame of the screen.
_DOUBLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame()
  await frame()
  const shown = document.querySelector(".top-day")
  const place = shown?.getBoundingClientRect()
  if (!place || place.bottom < document.querySelector(".timeline__frame").getBoundingClientRect().top) return []
  return [...document.querySelectorAll(".row__day button")]
    .filter((line) => {
      const words = document.createRange()
      words.selectNodeContents(line)
      const { top, bottom } = words.getBoundingClientRect()
      return bottom > place.top + 6 && top < place.bottom - 1 && line.textContent !== shown.textContent
    })
    .map((line) => [line.textContent, line.getBoundingClientRect().top, place.top])
}"""


def _noon() -> datetime:
    """Noon of this day in Berlin, where the pages of tests are: there it begins before it does in UTC."""
    now = datetime.now(UTC)
    ahead = timedelta(minutes=offset_of("Europe/Berlin", int(now.timestamp() * 1_000)) or 0)
    return (now + ahead).replace(hour=12, minute=0, second=0, microsecond=0) - ahead


def _bring_days(admin: Line) -> str:
    """A channel with some days of messages, at noon or shortly after; its id."""
    channel = str(admin.ask("channel.create", name="logbook")["channel"])
    admin.ask("channel.update", id=channel, retention_days=0)
    noon = _noon()
    messages: list[dict[str, Any]] = []
    for back, count in _DAYS.items():
        for number in range(count):
            sent_at = noon - timedelta(days=back) + timedelta(minutes=6 * number)
            id_ = f"0199f3a0-1111-7222-8333-{len(messages) + 1:012}"
            body = f"{back} days ago, entry {number} of the log"
            messages.append({"id": id_, "author": "clara", "sent_at": int(sent_at.timestamp() * 1000), "body": body})
    answer = admin.ask("import", channel=channel, messages=messages, people=[{"id": "clara", "name": "Clara"}])
    assert answer["counts"]["added"] == len(messages)
    for number in range(12):
        admin.say(f"today, entry {number}", channel=channel)
    return channel


def _day(visitor: Visitor) -> Locator:
    return visitor.page.locator(".top-day")


def _menu(visitor: Visitor) -> Locator:
    return visitor.page.locator(".jump")


def _open_menu(visitor: Visitor) -> None:
    """By keys, as soon as what hears them has come."""

    def is_open() -> bool:
        if _menu(visitor).count() == 0:
            visitor.page.keyboard.press("Alt+Shift+J")
        return _menu(visitor).count() > 0

    until(visitor.page, is_open)


def _wheel(visitor: Visitor, by: int) -> None:
    visitor.page.locator(".timeline__frame").hover()
    visitor.page.mouse.wheel(0, by)


def _opened(window: OpenWindow, person: Enter, **look: Any) -> tuple[Visitor, str]:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    channel = _bring_days(olga)
    anna = window("Anna", **look)
    anna.come(f"#{channel}")
    expect(anna.message("today, entry 11")).to_be_in_viewport()
    return anna, channel


def test_the_day_at_the_top_stands_there_while_one_reads_back_and_shifts_nothing(
    window: OpenWindow, person: Enter
) -> None:
    anna, _ = _opened(window, person, height=700)
    expect(anna.page.locator(".row__day").last).to_be_visible()
    expect(_day(anna)).to_have_count(0)
    watch(anna)
    _wheel(anna, -500)
    expect(_day(anna)).to_be_visible()
    for _ in range(12):
        _wheel(anna, -150)
        assert anna.page.evaluate(_DOUBLED) == []
    expect(_day(anna)).to_be_visible()
    # Rows are measured as they come into sight; what lies over them moves nothing, and is not moved.
    moved = anna.page.evaluate("globalThis.shifts.splice(0).flatMap(([, ...names]) => names)")
    assert "top-day" not in moved
    _day(anna).click()
    expect(_menu(anna)).to_be_visible()
    still(anna, "the menu opens")
    anna.page.keyboard.press("Escape")
    expect(_menu(anna)).to_have_count(0)
    still(anna, "the menu closes")
    # A press on it leads on, and so does its wheel.
    _day(anna).hover()
    before = anna.page.evaluate("document.querySelector('.timeline__frame').scrollTop")
    anna.page.mouse.wheel(0, 200)
    until(anna.page, lambda: anna.page.evaluate("document.querySelector('.timeline__frame').scrollTop") > before)
    anna.page.get_by_role("button", name="Jump to latest").click()
    expect(anna.message("today, entry 11")).to_be_in_viewport()
    expect(_day(anna)).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_menu_leads_to_other_days(window: OpenWindow, person: Enter, width: int) -> None:
    anna, _ = _opened(window, person, width=width, height=844)
    page = anna.page
    _open_menu(anna)
    page.keyboard.press("Escape")
    page.locator(".row__day button").last.click()
    expect(_menu(anna)).to_be_in_viewport(ratio=1)
    assert anna.flaws() == []
    anna.picture(f"days-menu-{width}")
    page.get_by_role("button", name="Yesterday", exact=True).and_(page.locator(".jump__item")).click()
    expect(anna.message("1 days ago, entry 0")).to_be_in_viewport()
    expect(_menu(anna)).to_have_count(0)

    # A week ago nothing was said: the next day that has something.
    _day(anna).click()
    page.get_by_role("button", name="Last week").click()
    expect(anna.message("6 days ago, entry 0")).to_be_in_viewport()
    anna.picture(f"days-{width}")
    _day(anna).click()
    page.get_by_role("button", name="The beginning").click()
    expect(anna.message("40 days ago, entry 0")).to_be_in_viewport()
    expect(page.locator(".timeline__welcome")).to_be_visible()

    # Any day, by its date; one that has not come leads to the end.
    page.locator(".row__day button").first.click()
    page.get_by_label("Date").fill((_noon() - timedelta(days=25)).strftime("%Y-%m-%d"))
    page.get_by_role("button", name="Go", exact=True).click()
    expect(anna.message("20 days ago, entry 0")).to_be_in_viewport()
    page.get_by_role("button", name="Back to where you were").click()
    expect(anna.message("40 days ago, entry 0")).to_be_in_viewport()
    page.locator(".row__day button").first.click()
    page.get_by_role("button", name="Newest messages").click()
    expect(anna.message("today, entry 11")).to_be_in_viewport()


def test_the_keys_do_all_of_it(window: OpenWindow, person: Enter) -> None:
    anna, _ = _opened(window, person)
    page = anna.page
    anna.composer.focus()
    _open_menu(anna)
    expect(page.get_by_role("button", name="Newest messages")).to_be_focused()
    page.keyboard.press("Escape")
    expect(_menu(anna)).to_have_count(0)
    expect(anna.composer).to_be_focused()
    page.keyboard.press("Alt+Shift+J")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Last month")).to_be_focused()
    page.keyboard.press("Enter")
    expect(anna.message("29 days ago, entry 0")).to_be_in_viewport()
    # The keys go on in the list.
    expect(page.locator(".timeline__frame")).to_be_focused()
    # The day at the top is a stop of its own.
    _day(anna).focus()
    page.keyboard.press("Enter")
    expect(_menu(anna)).to_be_visible()
    page.keyboard.press("Escape")
    expect(_day(anna)).to_be_focused()


def test_it_says_when_an_answer_takes_long_and_when_there_is_none(window: OpenWindow, person: Enter) -> None:
    anna = window()
    held: list[str | bytes] = []

    def relay(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if '"at"' in str(message):
                held.append(message)
            else:
                server.send(message)

        line.on_message(pass_on)

    anna.page.route_web_socket(re.compile("/socket$"), relay)
    anna.page.reload()
    anna.sign_in("Anna")
    person("Boris").come().say("something")
    anna.sees("something")
    _open_menu(anna)
    anna.page.get_by_role("button", name="The beginning").click()
    until(anna.page, lambda: held)
    expect(_menu(anna)).to_have_attribute("aria-busy", "true")
    expect(_menu(anna).get_by_role("status")).to_have_text("One moment…")
    # Who does not want to wait goes on.
    anna.page.keyboard.press("Escape")
    expect(_menu(anna)).to_have_count(0)


def test_it_is_said_in_russian_too(window: OpenWindow, person: Enter) -> None:
    anna, _ = _opened(window, person, language="ru-RU", theme="dark")
    _open_menu(anna)
    expect(_menu(anna)).to_contain_text("Неделю назад")
    expect(_menu(anna).get_by_label("Дата")).to_be_visible()
    assert anna.flaws() == []
    anna.picture("days-menu-ru-dark")
