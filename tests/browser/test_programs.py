"""Integrations: admins make, try out, renew and revoke the addresses that other programs post to, and bots."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from bot_limits import MAX_BOTS
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

    olga = admin(window, "Olga Wrong")
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
    hooks, bots = (dialog.get_by_role("region", name=name) for name in ("Webhooks", "Bots"))
    for section in (hooks, bots):
        expect(section.get_by_role("alert")).to_contain_text("The list could not be loaded.")
    assert olga.flaws() == []
    olga.context.set_offline(False)
    expect(olga.page.locator(".line-banner")).to_have_count(0)
    for section in (hooks, bots):
        section.get_by_role("button", name="Try again").click()
    expect(hooks.locator(".device")).to_have_count(1)
    expect(bots.get_by_text("No bots yet.")).to_be_visible()
    bots.get_by_role("button", name="New bot").click()
    bots.get_by_label("Bot’s name").fill("anna  MEMBER")
    bots.get_by_label("Bot’s name").press("Enter")
    expect(bots.get_by_role("alert")).to_contain_text("Someone here has this name")
    bots.get_by_role("checkbox", name="general").uncheck()
    expect(bots.get_by_role("button", name="Create bot")).to_be_disabled()
    bots.get_by_role("button", name="Cancel").click()
    for number in range(1, MAX_BOTS):
        confidential.keep("name", f"Hook number {number}")
        assert other.ask("hook.create", name=f"Hook number {number}", channel="general")["type"] == "hook"
    expect(dialog.locator(".device")).to_have_count(MAX_BOTS)
    expect(dialog.get_by_text("There cannot be more than 20 webhooks and bots here.")).to_have_count(2)
    expect(dialog.get_by_role("button", name=re.compile("New webhook|New bot"))).to_have_count(0)
    olga.picture("hooks-full")


def test_an_admin_makes_a_bot_gives_it_a_new_token_and_revokes_it(window: OpenWindow) -> None:
    olga = admin(window, "Olga Bots")
    bots = open_dialog(olga).get_by_role("region", name="Bots")
    expect(bots.get_by_text("No bots yet.")).to_be_visible()
    bots.get_by_role("button", name="New bot").click()
    expect(bots.get_by_label("Bot’s name")).to_be_focused()
    confidential.keep("name", "Clock")
    olga.page.keyboard.type("Clock")
    expect(bots.get_by_role("checkbox", checked=True)).to_have_count(5)
    bots.get_by_role("checkbox", name="edit and delete its own messages").uncheck()
    bots.scroll_into_view_if_needed()
    olga.picture("bot-form")
    assert olga.flaws() == []
    bots.get_by_label("Bot’s name").press("Enter")
    first = token_in(bots, "Clock")
    item = bots.locator(".device", has_text="Clock")
    expect(item).to_contain_text("In: general. It may: post, read, react. Created now by Olga Bots. Never used.")
    recipe = bots.locator(".recipe code")
    expect(recipe).to_contain_text(f"Bearer {first}")
    olga.picture("bot-token")
    assert olga.flaws() == []
    assert say(olga, first, "it is noon") == 201
    expect(olga.message("it is noon").locator(".message__header")).to_contain_text("Clock Bot")
    bots.get_by_role("button", name="Done").click()
    assert first.rpartition("_")[2] not in bots.inner_html()
    expect(recipe).to_contain_text("Bearer TOKEN")

    bots.get_by_role("button", name="New token for Clock").click()
    olga.page.get_by_role("dialog", name="New token for “Clock”?").get_by_role("button", name="New token").click()
    second = token_in(bots, "Clock")
    assert (say(olga, first, "not any more"), say(olga, second, "it is one")) == (401, 201)
    assert say(olga, second, "elsewhere", channel="AAAAAAAAAAAA") == 404
    bots.get_by_role("button", name="Done").click()
    item.get_by_role("button", name="Revoke Clock").click()
    olga.page.get_by_role("dialog", name="Revoke “Clock”?").get_by_role("button", name="Revoke").click()
    expect(bots.get_by_text("No bots yet.")).to_be_visible()
    assert say(olga, second, "never") == 401
    olga.page.keyboard.press("Escape")
    for text in ("it is noon", "it is one"):
        olga.sees(text)


def test_a_bot_is_told_at_an_address_called_by_its_command_and_known_to_everybody(window: OpenWindow) -> None:
    olga = admin(window, "Olga Calls")
    bots = open_dialog(olga).get_by_role("region", name="Bots")
    bots.get_by_role("button", name="New bot").click()
    confidential.keep("name", "Ferry")
    bots.get_by_label("Bot’s name").fill("Ferry")
    bots.get_by_role("checkbox", name="Tell it at an address").check()
    expect(bots.get_by_label("Address of its program")).to_be_focused()
    bots.get_by_label("Address of its program").fill("http://ferry.example.org")
    bots.get_by_role("button", name="Create bot").click()
    expect(bots.get_by_role("alert")).to_have_text("Enter a whole address that begins with https://.")
    bots.get_by_label("Address of its program").fill("https://no-such-host.example.org/ferry")
    bots.get_by_label("Command (optional)").fill("two words")
    bots.get_by_role("button", name="Create bot").click()
    expect(bots.get_by_role("alert")).to_contain_text("Use letters, digits")
    olga.picture("bot-webhook-form")
    assert olga.flaws() == []
    bots.get_by_label("Command (optional)").fill("/Ferry")
    bots.get_by_role("button", name="Create bot").click()
    token = token_in(bots, "Ferry")
    secret = secret_in(bots)
    bots.locator(".recipe select").select_option(label="Be told at its address (Python)")
    expect(bots.locator(".recipe code")).to_contain_text(f'KEY = base64.b64decode("{secret}"')
    olga.picture("bot-webhook-secret")
    assert olga.flaws() == []
    bots.get_by_role("button", name="Done").click()
    item = bots.locator(".device", has_text="Ferry")
    expect(item).to_contain_text("Is told at https://no-such-host.example.org/ferry, also by /ferry.")
    item.get_by_role("button", name="Test the address of Ferry").click()
    expect(item.get_by_role("alert")).to_have_text("The test did not arrive.")
    expect(item.locator(".hook__failure").first).to_contain_text("Its address")
    olga.picture("bot-webhook-test")
    assert olga.flaws() == []
    item.get_by_role("button", name="Address of Ferry", exact=True).click()
    dialog = olga.page.get_by_role("dialog", name="Address of Ferry")
    dialog.get_by_label("Address of its program").fill("https://127.0.0.1/")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("This cannot be used.")
    assert olga.flaws() == []
    dialog.get_by_label("Address of its program").fill("https://other.example.org/")
    dialog.get_by_label("Command (optional)").press("Enter")
    assert secret_in(bots) != secret
    expect(bots.get_by_label("Signing secret of Ferry")).to_be_focused()
    bots.get_by_role("button", name="Done").click()
    assert say(olga, token, "the token is the same") == 201
    olga.page.keyboard.press("Escape")

    anna = window("Anna Calls")
    anna.composer.press_sequentially("/fe")
    listed = anna.page.get_by_role("option")
    expect(listed).to_contain_text("/ferryFerry, Bot")
    anna.picture("bot-command")
    assert anna.flaws() == []
    anna.composer.press("Enter")
    expect(anna.composer).to_have_value("/ferry ")
    anna.composer.fill("")
    anna.composer.press_sequentially("at 5 /fe")
    expect(listed).to_have_count(0)
    anna.composer.fill("")


def secret_in(bots: Locator) -> str:
    secret = bots.get_by_label("Signing secret of Ferry").input_value()
    confidential.keep(confidential.SECRET, secret)
    return secret


def test_everybody_sees_what_a_bot_is(window: OpenWindow, person: Callable[..., Person]) -> None:
    olga = person("Olga Cards", password=ADMIN_PASSWORD).come()
    confidential.keep("name", "Ferry")
    made = olga.ask("bot.create", name="Ferry", channels=["general"], rights=["post", "read"])
    confidential.keep(confidential.SECRET, made["token"].rpartition("_")[2])
    looks: dict[str, dict[str, Any]] = {"en": {}, "ru": {**PHONE, "theme": "dark", "language": "ru-RU"}}
    for language, look in looks.items():
        anna = window(f"Anna {language}", **look)
        if language == "en":
            assert say(anna, made["token"], "the ferry leaves") == 201
        anna.message("the ferry leaves").locator(".message__author").click()
        card = anna.page.get_by_role("dialog", name="Ferry")
        expect(card.locator(".card__about p")).to_have_text(CARD[language])
        expect(card.locator(".card__facts")).to_have_text({"en": "Bot", "ru": "Бот"}[language])
        anna.picture(f"bot-card-{language}")
        assert anna.flaws() == []
        anna.page.keyboard.press("Escape")
        anna.page.locator(".channel-header__people").click()
        people = anna.page.locator(".people")
        expect(people.get_by_role("heading").last).to_have_text({"en": "Bots: 1", "ru": "Боты: 1"}[language])
        anna.picture(f"bot-people-{language}")
        assert anna.flaws() == []
        anna.page.locator(".people__header button").click()
        anna.composer.press_sequentially("@fer")
        expect(anna.page.get_by_role("option")).to_contain_text({"en": "FerryBot", "ru": "FerryБот"}[language])
        anna.picture(f"bot-mention-{language}")
        anna.composer.fill("")


CARD = {
    "en": ["Olga Cards has created this bot.", "It is in: general.", "It may: post, read."],
    "ru": ["Бота создал участник Olga Cards.", "Каналы: general.", "Ему можно: писать, читать."],
}


def token_in(bots: Locator, name: str) -> str:
    field = bots.get_by_label(f"Token of {name}")
    expect(field).to_be_focused()
    token = field.input_value()
    confidential.keep(confidential.SECRET, token.rpartition("_")[2])
    return token


def say(visitor: Visitor, token: str, text: str, channel: str = "general") -> int:
    """Post as a bot of the room that a window shows."""
    confidential.keep("message", text)
    url, _, room = visitor.address.rpartition("/r/")
    address = f"{url}/api/rooms/{room}/channels/{channel}/messages"
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(address, json={"body": text}, headers=headers, timeout=60.0).status_code


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
    dialog.locator(".button--primary").first.click()
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
    bots = dialog.get_by_role("region").last
    bots.get_by_role("button").last.click()
    confidential.keep("name", "Bot of looks")
    bots.locator("input.field__input").fill("Bot of looks")
    bots.get_by_role("checkbox").last.check()
    bots.locator("input.field__input").nth(1).fill("https://bots.example.org/looks")
    bots.evaluate("section => section.scrollIntoView({block: 'end'})")
    olga.picture(f"bot-form-{request.node.callspec.id}")
    assert olga.flaws() == []
    bots.locator("button[type=submit]").click()
    expect(bots.locator(".copy-field__text").first).to_be_focused()
    for field in bots.locator(".copy-field__text").all():
        confidential.keep(confidential.SECRET, field.input_value().rpartition("_")[2])
    bots.evaluate("section => section.scrollIntoView()")
    olga.picture(f"bot-token-{request.node.callspec.id}")
    assert olga.flaws() == []
    bots.locator(".hook-address > .form__buttons .button").click()
    bots.evaluate("section => section.scrollIntoView()")
    olga.picture(f"bots-{request.node.callspec.id}")
    assert olga.page.evaluate("() => document.querySelector('dialog').scrollWidth <= innerWidth")
