"""What was begun and not sent is marked in the list of channels, and follows to other devices."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.attachments import as_file, attach, picture
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Person

DRAFT = re.compile(r"Draft|Черновик")


def _item(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(".channel-list__item", has_text=name)


def test_a_channel_with_a_draft_says_so_until_it_is_sent(window: OpenWindow, person: Callable[..., Person]) -> None:
    person("Boris").come().ask("channel.create", name="pier")
    anna = window("Anna")
    anna.composer.fill("begun and")
    # What is open shows it itself.
    expect(_item(anna, "general")).not_to_contain_text(DRAFT)
    _item(anna, "pier").click()
    expect(_item(anna, "general")).to_contain_text("Draft")
    expect(_item(anna, "pier")).not_to_contain_text(DRAFT)
    assert anna.flaws() == []
    anna.picture("draft-in-the-list")
    anna.reload()
    expect(_item(anna, "general")).to_contain_text("Draft")

    # Another tab of the browser marks it as well, and sends it.
    other = anna.context.new_page()
    anna.watch(other)
    other.goto(anna.address)
    expect(other.locator(".composer__text")).to_be_visible()
    other.locator(".channel-list__item", has_text="general").click()
    expect(other.locator(".composer__text")).to_have_value("begun and")
    other.locator(".composer__text").press("Enter")
    expect(_item(anna, "general")).not_to_contain_text(DRAFT)
    other.close()


def test_a_file_that_waits_is_a_draft_and_white_space_is_none(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    person("Boris").come().ask("channel.create", name="pier")
    anna = window("Anna", language="ru-RU")
    anna.composer.fill("  ")
    _item(anna, "pier").click()
    attach(anna, as_file("pier.png", picture(90, 60)))
    expect(anna.page.locator(".tray__items > *")).to_have_count(1)
    _item(anna, "general").click()
    expect(_item(anna, "pier")).to_contain_text("Черновик")
    expect(_item(anna, "general")).not_to_contain_text(DRAFT)
    _item(anna, "pier").click()
    expect(_item(anna, "general")).not_to_contain_text(DRAFT)


def test_a_draft_follows_its_author_to_other_devices(window: OpenWindow, person: Callable[..., Person]) -> None:
    line = person("Anna").come()
    line.ask("channel.create", name="pier")
    laptop, phone = window(), window(width=390, height=844)
    for device in (laptop, phone):
        device.sign_in("Anna", enters=False)
        code = device.page.get_by_label("Six-digit code")
        code.fill(line.next("confirmation")["code"])
        code.press("Enter")
        device.wait_until_live()

    # Whoever leaves the channel does not have to rest first.
    laptop.composer.fill("begun at home")
    _item(laptop, "pier").click()
    expect(phone.composer).to_have_value("begun at home")
    phone.composer.fill("begun at home, and on the way")
    assert [line.next("draft")["body"] for _ in range(2)] == ["begun at home", "begun at home, and on the way"]
    _item(laptop, "general").click()
    expect(laptop.composer).to_have_value("begun at home, and on the way")

    # The caret stays where somebody left it.
    laptop.composer.evaluate("field => (field.focus(), field.setSelectionRange(5, 5))")
    line.ask("draft", channel="general", body="begun at home, on the way and at work")
    expect(laptop.composer).to_have_value("begun at home, on the way and at work")
    until(laptop.page, lambda: laptop.composer.evaluate("field => field.selectionEnd") == 5)
    expect(phone.composer).to_have_value("begun at home, on the way and at work")
    laptop.picture("draft-that-followed")
    phone.picture("draft-that-followed-phone")

    phone.page.get_by_role("button", name="Send", exact=True).tap()
    laptop.sees("on the way and at work")
    expect(laptop.composer).to_have_value("")
    assert line.ask("drafts")["drafts"] == []
