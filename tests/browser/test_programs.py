"""Integrations: admins make, try out, renew and revoke the addresses that other programs post to."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from limits import MAX_BOTS
from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.server import ADMIN_PASSWORD

PHONE = {"width": 390, "height": 844}


def admin(window: OpenWindow, name: str, **look: Any) -> Visitor:
    """A window of an admin."""
    visitor = window(**look)
    visitor.sign_in(name, ADMIN_PASSWORD)
    return visitor


def open_dialog(visitor: Visitor, settings: str = "Settings", button: str = "Integrations") -> Locator:
    if visitor.page.viewport_size is not None and visitor.page.viewport_size["width"] < 600:
        visitor.page.locator(".channel-header .icon-button").first.click()
    visitor.page.get_by_role("button", name=settings).click()
    visitor.page.get_by_role("button", name=button).click()
    return visitor.page.get_by_role("dialog", name=button)


def make(dialog: Locator, name: str) -> str:
    """Make a hook, and read its address."""
    confidential.keep("name", name)
    dialog.get_by_role("button", name="New webhook").click()
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Create webhook").click()
    return address_in(dialog)


def address_in(dialog: Locator) -> str:
    field = dialog.locator(".copy-field__text")
    expect(field).to_be_focused()
    address = field.input_value()
    confidential.keep_path(f"/hooks/{address.rpartition('/')[2]}")
    return address


def post(address: str, text: str) -> int:
    confidential.keep("message", text)
    return httpx.post(address, json={"text": text}, timeout=60.0).status_code


def test_an_admin_makes_a_hook_tries_it_out_renews_it_and_revokes_it(window: OpenWindow) -> None:
    olga = admin(window, "Olga Hooks")
    dialog = open_dialog(olga)
    expect(dialog.get_by_text("No webhooks yet.")).to_be_visible()
    dialog.get_by_role("button", name="New webhook").click()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    expect(dialog.get_by_role("checkbox")).to_have_count(3)
    olga.picture("hook-form")
    assert olga.flaws() == []
    dialog.get_by_role("button", name="Cancel").click()
    first = make(dialog, "Alarms")
    expect(dialog.get_by_text("This address is shown only now.")).to_be_visible()
    dialog.get_by_role("button", name="Copy address").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert olga.page.evaluate("() => navigator.clipboard.readText()") == first
    item = dialog.locator(".device", has_text="Alarms")
    expect(item).to_contain_text("Posts in “general”. Created now by Olga Hooks. Never used.")
    dialog.get_by_role("button", name="Send a test message").click()
    expect(dialog.get_by_text("The test message is in “general”.")).to_be_visible()
    expect(item).to_contain_text("Last used now.")
    recipe = dialog.locator(".recipe")
    expect(recipe.locator("code")).to_have_text(f'curl -d "The backup is done" {first}')
    recipe.get_by_label("How to set up").select_option(label="Apprise")
    expect(recipe.locator("code")).to_have_text(first.replace("http:", "json:"))
    olga.picture("hook-address")
    assert olga.flaws() == []
    assert post(first, "the first address works") == 200
    expect(olga.message("This is a test message").locator(".message__header")).to_contain_text("Alarms Bot")
    dialog.get_by_role("button", name="Done").click()
    assert first.rpartition("_")[2] not in dialog.inner_html()
    expect(recipe.locator("code")).to_contain_text("/hooks/TOKEN")

    dialog.get_by_role("button", name="New address for Alarms").click()
    olga.page.get_by_role("dialog", name="New address for “Alarms”?").get_by_role("button", name="New address").click()
    second = address_in(dialog)
    assert (post(first, "not any more"), post(second, "the second address works")) == (404, 200)
    dialog.get_by_role("button", name="Done").click()
    item.get_by_role("button", name="Revoke Alarms").click()
    question = olga.page.get_by_role("dialog", name="Revoke “Alarms”?")
    assert olga.flaws() == []
    question.get_by_role("button", name="Revoke").click()
    expect(dialog.get_by_text("No webhooks yet.")).to_be_visible()
    assert post(second, "never") == 404
    olga.page.keyboard.press("Escape")
    for text in ("This is a test message", "the first address works", "the second address works"):
        olga.sees(text)


def test_what_goes_wrong_is_said(window: OpenWindow, person: Callable[..., Person]) -> None:
    anna = window("Anna Member")
    anna.page.get_by_role("button", name="Settings").click()
    expect(anna.page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Integrations")).to_have_count(0)

    olga = admin(window, "Olga Wrong", service_workers="block")
    dialog = open_dialog(olga)
    dialog.get_by_role("button", name="New webhook").click()
    dialog.get_by_label("Name", exact=True).fill("Anna Member")
    dialog.get_by_label("Name", exact=True).press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Someone here has this name")
    dialog.get_by_role("button", name="Cancel").click()
    address = make(dialog, "Builds")
    assert httpx.post(address, json={}, timeout=60.0).status_code == 400
    olga.page.route("**/hooks/*", lambda route: route.abort())
    dialog.get_by_role("button", name="Send a test message").click()
    expect(dialog.get_by_role("alert")).to_contain_text("No connection right now.")
    expect(dialog.locator(".hook__failure")).to_contain_text("There was no text in the message, or it was damaged.")
    assert olga.flaws() == []
    olga.page.keyboard.press("Escape")

    other = person("Pavel", password=ADMIN_PASSWORD).come()
    olga.context.set_offline(True)
    expect(olga.page.locator(".line-banner")).to_be_visible()
    dialog = open_dialog(olga)
    expect(dialog.get_by_role("alert")).to_contain_text("The list could not be loaded.")
    olga.context.set_offline(False)
    expect(olga.page.locator(".line-banner")).to_have_count(0)
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.locator(".device")).to_have_count(1)
    for number in range(1, MAX_BOTS):
        confidential.keep("name", f"Hook number {number}")
        assert other.ask("hook.create", name=f"Hook number {number}", channel="general")["type"] == "hook"
    expect(dialog.locator(".device")).to_have_count(MAX_BOTS)
    expect(dialog.get_by_text("There cannot be more than 20 webhooks and bots here.")).to_be_visible()
    expect(dialog.get_by_role("button", name="New webhook")).to_have_count(0)
    olga.picture("hooks-full")


def test_a_hook_is_made_and_renewed_with_the_keyboard_alone(window: OpenWindow) -> None:
    olga = admin(window, "Olga Keyboard")
    keys = olga.page.keyboard
    dialog = open_dialog(olga)
    expect(dialog.get_by_text("No webhooks yet.")).to_be_visible()
    dialog.get_by_role("button", name="New webhook").focus()
    keys.press("Enter")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    confidential.keep("name", "By hand alone")
    keys.type("By hand alone")
    keys.press("Enter")
    first = address_in(dialog)
    dialog.get_by_role("button", name="New address for By hand alone").focus()
    keys.press("Enter")
    olga.page.get_by_role("dialog", name="New address for “By hand alone”?").wait_for()
    for _ in range(3):
        keys.press("Tab")
    keys.press("Enter")
    expect(dialog.locator(".copy-field__text")).not_to_have_value(first)
    address_in(dialog)
    keys.press("Escape")
    expect(dialog).to_have_count(0)


LOOKS: list[dict[str, Any]] = [
    {"theme": "dark"},
    {**PHONE, "language": "ru-RU"},
    {**PHONE, "theme": "dark"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["dark", "phone-ru", "phone-dark"])
def test_every_look_is_without_flaws(window: OpenWindow, look: dict[str, Any], request: pytest.FixtureRequest) -> None:
    is_russian = "language" in look
    olga = admin(window, "Olga Looks", **look)
    dialog = open_dialog(olga, *(("Настройки", "Интеграции") if is_russian else ()))
    dialog.locator(".button--primary").click()
    confidential.keep("name", "Hook of looks")
    dialog.locator("input.field__input").fill("Hook of looks")
    olga.picture(f"hook-form-{request.node.callspec.id}")
    dialog.locator("button[type=submit]").click()
    address_in(dialog)
    expect(dialog.locator(".device")).to_have_count(1)
    if is_russian:
        expect(dialog.get_by_text("Адрес виден только сейчас.")).to_be_visible()
    olga.picture(f"hook-address-{request.node.callspec.id}")
    assert olga.flaws() == []
    dialog.locator(".hook-address > .form__buttons .button").click()
    olga.picture(f"hooks-{request.node.callspec.id}")
    assert olga.flaws() == []
    assert olga.page.evaluate("() => document.querySelector('dialog').scrollWidth <= innerWidth")
