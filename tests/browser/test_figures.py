"""The room in figures: an admin sees what happened, nobody else finds the way there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Theme, Visitor
from tests.people import Person
from tests.places import DAY_MS, Place
from tests.server import ADMIN_PASSWORD, Server


def open_figures(visitor: Visitor, settings: str = "Settings", entry: str = "Room statistics") -> Locator:
    """The dialog, by the way that a person takes."""
    visitor.page.get_by_role("button", name=settings).click()
    visitor.page.get_by_role("button", name=entry).click()
    dialog = visitor.page.get_by_role("dialog", name=entry)
    expect(dialog.locator("tbody tr")).to_have_count(7)
    return dialog


def figure(dialog: Locator, name: str) -> Locator:
    return dialog.locator("dl > div", has=dialog.page.get_by_text(name, exact=True)).locator("dd")


def counts(dialog: Locator) -> list[str]:
    return dialog.locator("tbody td:first-of-type").all_inner_texts()


@pytest.fixture
def busy(chat: Server, room: str, person: Callable[..., Person]) -> Person:
    """Somebody who said 1,234 things yesterday and three today; the figures are those of this room."""
    boris = person("Boris the busy")
    line = boris.come()
    line.say_many(1_234, body="said yesterday {}")
    Place(chat, room).change("UPDATE messages SET sent_at = sent_at - ?", DAY_MS)
    line.say_many(3, body="said today {}")
    return boris


def test_an_admin_sees_figures_that_match_what_happened(window: OpenWindow, busy: Person) -> None:
    root = window()
    root.sign_in("Root of the harbour", ADMIN_PASSWORD)
    dialog = open_figures(root)
    assert counts(dialog) == ["0", "0", "0", "0", "0", "1,234", "3"]
    days = dialog.locator("tbody th").all_inner_texts()
    assert days[-1] in ("Today", "Yesterday")  # by the calendar of the person; the days are those of UTC
    expect(figure(dialog, "Connections")).to_have_text("2")
    expect(figure(dialog, "Members online")).to_have_text("2 / 2")
    expect(figure(dialog, "Storage, MB")).to_have_text("1 / 10,000")
    expect(figure(dialog, "Pictures and files, MB")).to_have_text("0 / 524")
    expect(figure(dialog, "Next clean-up")).to_have_text(re.compile(r"\d{4} at \d\d:\d\d$"))
    expect(figure(dialog, "Failed notifications")).to_have_text("Not set up")
    root.picture("figures-wide-light")
    busy.lines[0].say("and one more")
    busy.come()
    dialog.get_by_role("button", name="Refresh").click()
    expect(figure(dialog, "Connections")).to_have_text("3")
    assert counts(dialog)[-2:] == ["1,234", "4"]


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark"), (390, "dark")])
def test_the_figures_fit_every_screen_and_language(window: OpenWindow, busy: Person, width: int, theme: Theme) -> None:
    root = window(width=width, theme=theme, language="ru-RU")
    root.page.route("**/stats", with_failures)
    root.sign_in("Root of the harbour", ADMIN_PASSWORD)
    if width < 600:
        root.page.get_by_role("button", name="Показать каналы").click()
    dialog = open_figures(root, "Настройки", "Статистика комнаты")
    assert counts(dialog)[-2:] == ["1\N{NO-BREAK SPACE}234", "3"]
    expect(figure(dialog, "Сбои уведомлений")).to_contain_text(
        "1\N{NO-BREAK SPACE}007, первый: пятница, 15 января 2027"
    )
    expect(figure(dialog, "Сбои уведомлений")).to_contain_text("последний ответ: 503")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    root.picture(f"figures-{width}-{theme}")
    assert root.flaws() == []


def with_failures(route: Route) -> None:
    """The room's own answer, as if a push service had been away."""
    answer = route.fetch()
    told: dict[str, Any] = answer.json()
    push = {"failures": 1_007, "since": 1_800_000_000_000, "last_at": 1_800_000_000_000, "last_status": 503}
    route.fulfill(response=answer, json={**told, "push": push})


def test_figures_that_do_not_come_say_so_and_come_later(window: OpenWindow) -> None:
    root = window()
    root.sign_in("Root of the harbour", ADMIN_PASSWORD)
    root.page.route("**/stats", lambda route: route.abort())
    root.page.get_by_role("button", name="Settings").click()
    root.page.get_by_role("button", name="Room statistics").click()
    dialog = root.page.get_by_role("dialog", name="Room statistics")
    expect(dialog.get_by_role("alert")).to_have_text("The statistics could not be loaded.")
    root.page.unroute("**/stats")
    dialog.get_by_role("button", name="Refresh").click()
    expect(dialog.locator("tbody tr")).to_have_count(7)
    assert set(counts(dialog)) == {"0"}
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_without_a_network_nobody_is_told_that_nobody_is_banned(window: OpenWindow) -> None:
    root = window()
    root.sign_in("Root of the harbour", ADMIN_PASSWORD)
    dialog = open_figures(root)
    root.page.keyboard.press("Escape")
    root.context.set_offline(True)
    expect(root.page.locator(".line-banner")).to_be_visible()
    root.page.get_by_role("button", name="Settings").click()
    root.page.get_by_role("button", name="Room statistics").click()
    expect(dialog.get_by_role("heading", name="Banned")).to_be_visible()
    banned = dialog.locator("section", has_text="Banned")
    expect(banned.get_by_text("The list could not be loaded.")).to_be_visible()
    root.context.set_offline(False)
    root.wait_until_live()
    banned.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_role("heading", name="Banned")).to_have_count(0)


def test_a_plain_member_does_not_find_the_way_there(window: OpenWindow) -> None:
    anna = window("Anna the plain")
    anna.page.get_by_role("button", name="Settings").click()
    expect(anna.page.get_by_role("button", name="Shortcuts")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Room statistics")).to_have_count(0)


def test_whom_an_admin_keeps_out_can_be_let_in_again(
    window: OpenWindow, busy: Person, person: Callable[..., Person]
) -> None:
    person("Olga", password=ADMIN_PASSWORD).come().ask("member.remove", id=busy.id, ban=True)
    root = window()
    root.sign_in("Root of the harbour", ADMIN_PASSWORD)
    dialog = open_figures(root)
    lift = dialog.get_by_role("button", name="Unban Boris the busy")
    expect(lift).to_have_text("Unban")
    assert root.flaws() == []
    lift.press("Enter")
    expect(lift).to_have_count(0)
    assert root.page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
