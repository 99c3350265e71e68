"""Polls in a page: asked, voted in by the keyboard and by touch, in two languages, and closed."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.shifts import still, watch
from tests.people import Person

Enter = Callable[[str], Person]


def test_a_poll_is_asked_answered_live_and_closed(window: OpenWindow, person: Enter) -> None:
    anna = window("Anna")
    tools = anna.page.locator(".tools")
    expect(tools).to_be_visible()
    boris = window("Борис", width=390, height=844, theme="dark", language="ru")
    vera = person("Vera").come()
    tools.get_by_role("button", name="Poll", exact=True).click()
    dialog = anna.page.get_by_role("dialog", name="Poll")
    question = dialog.get_by_label("Question")
    expect(question).to_be_focused()
    question.fill("Where do we meet?")
    dialog.get_by_label("Option 1").fill("At the lighthouse")
    dialog.get_by_label("Option 2").fill("At the lighthouse")
    expect(dialog.get_by_label("Option 3")).to_be_visible()
    dialog.get_by_role("button", name="Ask").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give two options or more, each of them different.")
    dialog.get_by_label("Option 2").fill("In the harbour office, where it is warm")
    assert anna.flaws() == []
    anna.picture("poll-dialog")
    dialog.get_by_role("button", name="Ask").click()
    expect(dialog).to_have_count(0)

    poll = anna.page.get_by_role("group", name="Where do we meet?")
    asked = boris.page.get_by_role("group", name="Where do we meet?")
    expect(poll).to_be_visible()
    expect(asked).to_be_visible()
    watch(anna)
    asked.get_by_role("radio", name="At the lighthouse").check()
    expect(asked).to_contain_text("Проголосовал 1 человек")
    expect(poll).to_contain_text("1 person voted")
    message = vera.event("message")
    vera.ask("vote", id=message["id"], options=[0])
    expect(asked).to_contain_text("Проголосовали 2 человека")
    still(anna, "votes")

    first = poll.get_by_role("radio", name="At the lighthouse")
    first.focus()
    anna.page.keyboard.press("ArrowDown")
    expect(asked).to_contain_text("Проголосовали 3 человека")
    expect(poll.get_by_role("button", name="Who chose this: 2")).to_have_attribute("title", "Борис, Vera")
    asked.get_by_role("button", name="Кто выбрал: 1").click()
    expect(asked).to_contain_text("Anna")
    boris.page.get_by_role("button", name="Прикрепить файлы").tap()
    boris.page.locator(".attach-menu").get_by_role("button", name="Опрос").tap()
    expect(boris.page.get_by_role("dialog", name="Опрос").get_by_label("Вопрос")).to_be_visible()
    boris.page.keyboard.press("Escape")
    expect(boris.page.get_by_role("dialog")).to_have_count(0)
    anna.picture("poll")
    boris.picture("poll-phone")
    assert (anna.flaws(), boris.flaws()) == ([], [])
    poll.get_by_role("button", name="Take my vote back").click()
    expect(asked).to_contain_text("Проголосовали 2 человека")

    poll.get_by_role("button", name="Close poll").click()
    poll.get_by_role("button", name="Close it for good?").click()
    expect(asked).to_contain_text("Завершён")
    expect(asked.get_by_role("radio").first).to_be_disabled()
    boris.reload()
    expect(asked).to_contain_text("Завершён · Проголосовали 2 человека")
    expect(asked.get_by_role("radio", name="At the lighthouse")).to_be_checked()

    anna.composer.fill("/poll Tea or coffee?")
    anna.composer.press("Enter")
    expect(dialog.get_by_label("Question")).to_have_value("Tea or coffee?")
