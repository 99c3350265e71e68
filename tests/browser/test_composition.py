"""Input methods (Chinese, Japanese, Korean): their keys choose among their suggestions and do nothing else anywhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor

Compose = Callable[[Locator, str], None]

# Chromium's and Firefox's order: the key, then the end. Synthetic events do what a listener sees, nothing else.
KEY_FIRST = """(field, key) => {
  const press = (more) => field.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}))
  const compose = (type) => field.dispatchEvent(new CompositionEvent(type, {bubbles: true, data: "ni"}))
  compose("compositionstart"); compose("compositionupdate")
  press({isComposing: true, keyCode: 229}); compose("compositionend")
}"""
SAFARI = KEY_FIRST.replace(
    'press({isComposing: true, keyCode: 229}); compose("compositionend")',
    'compose("compositionend"); return new Promise((done) => setTimeout(() => { press({keyCode: 229}); done() }, 50))',
)
SAFARI_AT_ONCE = KEY_FIRST.replace(
    'press({isComposing: true, keyCode: 229}); compose("compositionend")',
    'compose("compositionend"); press({keyCode: 13})',
)
ORDERS = {"the key first": KEY_FIRST, "Safari": SAFARI, "Safari, in one task": SAFARI_AT_ONCE}


@pytest.fixture(params=list(ORDERS.values()), ids=list(ORDERS))
def compose(request: pytest.FixtureRequest) -> Compose:
    return lambda field, key: field.evaluate(request.param, key)


def test_enter_that_ends_a_composition_sends_nothing(window: OpenWindow, compose: Compose) -> None:
    anna = window("Anna")
    anna.composer.fill("你好")
    compose(anna.composer, "Enter")
    expect(anna.composer).to_have_value("你好")
    anna.composer.press("Enter")
    anna.sees("你好")


def test_neither_enter_nor_escape_of_a_composition_closes_the_editor(window: OpenWindow, compose: Compose) -> None:
    anna = window("Anna")
    anna.say("おはよう")
    anna.sees("おはよう")
    anna.composer.press("ArrowUp")
    editor = anna.page.get_by_role("textbox", name="Edit message")
    editor.fill("おはようございます")
    for key in ("Enter", "Escape"):
        compose(editor, key)
    expect(editor).to_have_value("おはようございます")
    editor.press("Enter")
    anna.sees("おはようございます")


def test_keys_of_a_composition_do_not_reach_the_suggestions(window: OpenWindow, compose: Compose) -> None:
    anna, _ = window("Anna"), window("Boris Petrov")
    anna.composer.press_sequentially("hi @")
    options = anna.page.get_by_role("option")
    expect(options).to_have_count(2)
    anna.composer.press("ArrowDown")
    for key in ("Enter", "Tab", "Escape"):
        compose(anna.composer, key)
    expect(anna.composer).to_have_value("hi @")
    expect(options).to_have_count(2)


def test_keys_of_a_composition_do_nothing_in_the_fields_of_dialogs(window: OpenWindow, compose: Compose) -> None:
    anna = window("Anna")
    anna.page.keyboard.press("Control+k")
    query = anna.page.get_by_role("combobox")
    for key in ("Enter", "ArrowDown", "Escape"):
        compose(query, key)
    expect(query).to_be_focused()
    anna.page.keyboard.press("Escape")
    anna.page.locator(".composer").get_by_role("button", name="Emoji").click()
    search = anna.page.get_by_role("searchbox", name="Search emoji")
    expect(search).to_be_focused()
    for key in ("Enter", "Escape"):
        compose(search, key)
    expect(search).to_be_focused()
    expect(anna.composer).to_have_value("")


def composing(visitor: Visitor, text: str) -> None:
    """A real composition, which stays open."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def test_no_form_goes_off_while_a_name_is_composed(window: OpenWindow) -> None:
    anna = window()
    name = anna.page.locator("form#login [name=username]")
    anna.page.locator("form#login [name=password]").fill("to be composed")
    name.focus()
    composing(anna, "にほん")
    expect(name).to_have_value("にほん")
    anna.page.evaluate("document.querySelector('form#login').requestSubmit()")
    expect(anna.page.locator("form#login")).to_be_visible()
    expect(anna.page.locator("button[form=login]")).to_be_enabled()
    name.fill("日本")
    expect(name).to_have_value("日本")


def test_enter_during_a_real_composition_sends_nothing(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.composer.focus()
    composing(anna, "にほん")
    expect(anna.composer).to_have_value("にほん")
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("article.message")).to_have_count(0)
    anna.composer.fill("日本です")
    anna.composer.press("Enter")
    anna.sees("日本です")


def test_a_field_that_goes_away_while_one_composes_does_not_hold_the_keys(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.keyboard.press("Control+k")
    expect(anna.page.get_by_role("combobox")).to_be_focused()
    composing(anna, "にほん")
    anna.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    anna.composer.fill("still here")
    anna.composer.press("Enter")
    anna.sees("still here")
