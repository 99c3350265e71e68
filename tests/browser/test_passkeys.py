"""Passkeys in real Chromium, with its virtual authenticators: made, used, carried to another device, and removed."""

import json
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor

HOST = "localhost"
SIGN_IN = "Sign in with a passkey"
OPTIONS = {
    "protocol": "ctap2",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """What keeps passkeys in one window: here it agrees to everything at once."""

    def __init__(self, visitor: Visitor, transport: str = "internal") -> None:
        self._devtools: CDPSession = visitor.context.new_cdp_session(visitor.page)
        self._devtools.send("WebAuthn.enable")
        options = {**OPTIONS, "transport": transport}
        added = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        """What it keeps."""
        found = self._devtools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(found["credentials"])

    def keep(self, credential: dict[str, Any]) -> None:
        """Take a passkey over from another device, as synchronising does."""
        self._devtools.send("WebAuthn.addCredential", {"authenticatorId": self._id, "credential": credential})

    def verify(self, agrees: bool) -> None:
        """Whether the person can be recognised from now on."""
        given = {"authenticatorId": self._id, "isUserVerified": agrees}
        self._devtools.send("WebAuthn.setUserVerified", given)


def passkeys_of(visitor: Visitor) -> Locator:
    """The settings' list, opened; on a phone the way leads over the channels."""
    channels = visitor.page.get_by_role("button", name="Show channels")
    if channels.is_visible():
        channels.tap()
    visitor.page.get_by_role("button", name="Settings").click()
    section = visitor.page.locator("section", has=visitor.page.get_by_role("heading", name="Passkeys", exact=True))
    expect(section.get_by_role("button", name="Add a passkey")).to_be_visible()
    return section


def ask_only(visitor: Visitor) -> None:
    """Let the browser offer nothing by itself: a virtual authenticator takes each offer at once."""
    visitor.context.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    visitor.page.reload()
    visitor.page.get_by_role("button", name=SIGN_IN).wait_for()


def add(section: Locator, name: str) -> None:
    section.get_by_role("button", name="Add a passkey").click()
    section.get_by_label("Name of the passkey").fill(name)
    section.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_passkey_is_made_in_the_settings_and_signs_in_where_it_is_kept(window: OpenWindow, width: int) -> None:
    first = window("Anna", host=HOST, width=width)
    kept = Authenticator(first)
    section = passkeys_of(first)
    section.get_by_role("button", name="Add a passkey").click()
    name = section.get_by_label("Name of the passkey")
    expect(name).to_be_focused()
    expect(name).to_have_value("Chrome, Linux")
    assert first.flaws() == []
    first.picture(f"passkey-new-{width}")
    name.press("Enter")
    item = section.locator(".device", has_text="Chrome, Linux")
    expect(item).to_contain_text("not used yet")
    assert first.flaws() == []
    first.picture(f"passkeys-{width}")
    (credential,) = kept.credentials()
    assert (credential["rpId"], credential["isResidentCredential"]) == (HOST, True)

    # The same passkey on another device: no name, no password, no question.
    second = window(host=HOST, width=width)
    ask_only(second)
    Authenticator(second).keep(credential)
    assert second.flaws() == []
    second.picture(f"passkey-door-{width}")
    second.page.get_by_role("button", name=SIGN_IN).click()
    second.wait_until_live()
    expect(second.page.locator(".member-corner")).to_contain_text("Anna")
    section = passkeys_of(second)
    expect(section.locator(".device")).to_contain_text("last used")


def test_a_passkey_that_the_browser_offers_in_the_name_field_signs_in(window: OpenWindow) -> None:
    first = window("Anna", host=HOST)
    kept = Authenticator(first)
    section = passkeys_of(first)
    add(section, "Laptop")
    expect(section.locator(".device", has_text="Laptop")).to_be_visible()
    second = window(host=HOST)
    field = second.page.locator("[name=username]")
    expect(field).to_have_attribute("autocomplete", "username webauthn")
    keeps = Authenticator(second)
    for credential in kept.credentials():
        keeps.keep(credential)
    second.page.reload()  # the virtual authenticator chooses what is offered by itself
    second.wait_until_live()
    expect(second.page.locator(".member-corner")).to_contain_text("Anna")


def test_what_went_wrong_is_said_and_can_be_tried_again(window: OpenWindow) -> None:
    visitor = window("Anna", host=HOST)
    device = Authenticator(visitor)
    section = passkeys_of(visitor)
    device.verify(agrees=False)
    add(section, "Laptop")
    expect(section.get_by_role("alert")).to_contain_text("No passkey was used")
    assert visitor.flaws() == []
    device.verify(agrees=True)
    section.get_by_role("button", name="Continue").click()
    expect(section.locator(".device")).to_have_count(1)
    add(section, "Once more")
    expect(section.get_by_role("alert")).to_contain_text("This device already has a passkey for you.")
    section.get_by_role("button", name="Cancel").click()
    expect(section.locator(".device")).to_have_count(1)


def test_a_passkey_of_another_room_is_refused_in_words(window: OpenWindow, room: str) -> None:
    first = window("Anna", host=HOST)
    kept = Authenticator(first)
    section = passkeys_of(first)
    add(section, "Laptop")
    expect(section.locator(".device", has_text="Laptop")).to_be_visible()
    elsewhere = window(host=HOST, place=f"{room}-2")
    ask_only(elsewhere)
    keeps = Authenticator(elsewhere)
    elsewhere.page.get_by_role("button", name=SIGN_IN).click()
    expect(elsewhere.page.get_by_role("alert")).to_contain_text("No passkey was used")
    for credential in kept.credentials():
        keeps.keep(credential)
    elsewhere.page.get_by_role("button", name=SIGN_IN).click()
    expect(elsewhere.page.get_by_role("alert")).to_contain_text("This passkey is not for this room")


def test_one_of_two_passkeys_is_removed_and_the_last_one_is_not(window: OpenWindow) -> None:
    visitor = window("Анна", host=HOST, language="ru-RU")
    Authenticator(visitor)
    visitor.page.get_by_role("button", name="Настройки").click()
    section = visitor.page.locator("section", has=visitor.page.get_by_role("heading", name="Ключи доступа", exact=True))
    section.get_by_role("button", name="Добавить ключ доступа").click()
    section.get_by_label("Название ключа доступа").fill("Телефон")
    section.get_by_role("button", name="Продолжить").click()
    remove = section.get_by_role("button", name="Удалить Телефон")
    remove.click()
    dialog = visitor.page.get_by_role("dialog", name="Удалить «Телефон»?")
    assert visitor.flaws() == []
    dialog.get_by_role("button", name="Удалить", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Это ваш последний ключ доступа.")
    visitor.picture("passkey-last-russian")
    dialog.get_by_role("button", name="Отмена").click()
    expect(remove).to_be_focused()
    Authenticator(visitor, "usb")
    section.get_by_role("button", name="Добавить ключ доступа").click()
    section.get_by_role("button", name="Продолжить").click()
    expect(section.locator(".device")).to_have_count(2)
    remove.click()
    dialog.get_by_role("button", name="Удалить", exact=True).click()
    expect(section.locator(".device")).to_have_count(1)
    expect(section.get_by_role("heading")).to_be_focused()


def test_whoever_is_asked_for_six_digits_may_use_a_passkey(window: OpenWindow) -> None:
    first = window("Anna", host=HOST)
    kept = Authenticator(first)
    section = passkeys_of(first)
    add(section, "Laptop")
    expect(section.locator(".device", has_text="Laptop")).to_be_visible()
    second = window(host=HOST)
    keeps = Authenticator(second)
    second.sign_in("Anna", enters=False)
    expect(second.page.get_by_role("heading", name="Is that you, Anna?")).to_be_visible()
    for credential in kept.credentials():
        keeps.keep(credential)
    assert second.flaws() == []
    second.picture("passkey-confirm")
    second.page.get_by_role("button", name=SIGN_IN).click()
    second.wait_until_live()


def test_where_passkeys_cannot_work_nothing_speaks_of_them(window: OpenWindow) -> None:
    visitor = window()
    visitor.page.wait_for_load_state("networkidle")
    expect(visitor.page.get_by_role("button", name=SIGN_IN)).to_have_count(0)
    visitor.sign_in("Anna")
    visitor.page.get_by_role("button", name="Settings").click()
    expect(visitor.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    expect(visitor.page.get_by_role("heading", name="Passkeys")).to_have_count(0)


def test_nothing_is_asked_of_the_server_while_somebody_types_their_name(window: OpenWindow) -> None:
    visitor = window(host=HOST)
    visitor.page.get_by_role("button", name=SIGN_IN).wait_for()
    visitor.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(json.dumps([request.method, request.url])))
    visitor.page.locator("[name=username]").press_sequentially("Anna Lindqvist")
    visitor.page.locator("[name=password]").press_sequentially("a password")
    assert asked == []
