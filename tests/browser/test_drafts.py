"""What was begun and not sent is marked in the list of channels."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.attachments import as_file, attach, picture
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
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
