"""The page for admins: who is here, what takes room, and what admins did."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_invites import make_link
from tests.browser.test_lanes import secure
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.server import ADMIN_PASSWORD

PHONE = {"width": 390, "height": 844}
WORDS = {"en-GB": ("Settings", "Administration"), "ru-RU": ("Настройки", "Управление")}


def admin(window: OpenWindow, name: str, **look: object) -> Visitor:
    """A window of an admin."""
    visitor = window(**look)
    visitor.sign_in(name, ADMIN_PASSWORD)
    return visitor


def open_page(visitor: Visitor, language: str = "en-GB") -> Locator:
    settings, name = WORDS[language]
    if visitor.page.viewport_size is not None and visitor.page.viewport_size["width"] < 600:
        visitor.page.locator(".channel-header .icon-button").first.click()
    visitor.page.get_by_role("button", name=settings).click()
    visitor.page.get_by_role("button", name=name).click()
    dialog = visitor.page.get_by_role("dialog", name=name)
    expect(dialog.get_by_role("navigation", name=name)).to_be_visible()
    return dialog


def choose(dialog: Locator, section: str) -> Locator:
    dialog.get_by_role("navigation", name="Administration").get_by_role("button", name=section).click()
    return dialog.get_by_role("region", name=section)


def test_an_admin_sees_members_removes_one_and_finds_that_in_the_list(window: OpenWindow) -> None:
    anna, olga = window(), admin(window, "Olga Looks")
    anna.sign_in("Anna Looks")
    dialog = open_page(olga)
    members = dialog.get_by_role("region", name="Members")
    annas = members.get_by_role("listitem").filter(has_text="Anna Looks")
    expect(annas).to_contain_text("1 device. Last here: Today. Name not secured.")
    olgas = members.get_by_role("listitem").filter(has_text="Olga Looks")
    expect(olgas).to_contain_text("Admin")
    expect(olgas.get_by_role("button")).to_have_count(0)
    annas.get_by_role("button", name="Remove Anna Looks").click()
    question = olga.page.get_by_role("dialog", name=re.compile("Remove Anna Looks"))
    question.get_by_role("button", name="Remove").click()
    expect(annas.get_by_role("button", name="Unban Anna Looks")).to_be_visible()
    acts = choose(dialog, "What admins did")
    expect(acts.get_by_role("listitem").first).to_contain_text("Olga Looks removed and banned Anna Looks")
    expect(acts.get_by_role("listitem").filter(has_text="became an admin")).to_be_visible()


def test_an_admin_makes_somebody_one_whose_page_follows_and_takes_it_back(window: OpenWindow) -> None:
    anna, olga = window("Anna Rises"), admin(window, "Olga Gives")
    annas = open_page(olga).get_by_role("region", name="Members").get_by_role("listitem").filter(has_text="Anna Rises")
    corner = anna.page.locator(".member-corner .role")

    def ask(act: str, name: str) -> Locator:
        annas.get_by_role("button", name=f"{act}: Anna Rises").click()
        return olga.page.get_by_role("dialog", name=name)

    early = ask("Make admin", "Make Anna Rises an admin?")
    expect(early).to_contain_text("the name is not secured")
    early.get_by_role("button", name="Cancel").click()
    secure(anna)
    expect(annas).to_contain_text("Name secured.")
    for opened, shows in (("Administration", "Admin by the password."), ("Integrations", "New webhook")):
        ask("Make admin", "Make Anna Rises an admin?").get_by_role("button", name="Make admin").click()
        expect(corner).to_have_text("Admin")
        own = anna.page.locator(".member-corner__name")
        assert own.evaluate("(name) => name.scrollWidth <= name.clientWidth"), "a role takes no room from a name"
        anna.page.get_by_role("button", name="Settings").click()
        anna.page.get_by_role("dialog").get_by_role("button", name=opened).click()
        hers = anna.page.get_by_role("dialog", name=opened)
        expect(hers).to_contain_text(shows)
        ask("Revoke admin", "Revoke Anna Rises’s admin rights?").get_by_role("button", name="Revoke admin").click()
        expect(corner).to_have_count(0)
        expect(hers).to_have_count(0)
    expect(annas.get_by_role("button", name="Make admin: Anna Rises")).to_be_visible()
    assert olga.flaws() == []
    olga.page.keyboard.press("Escape")
    olga.page.locator(".channel-header__people").click()
    olga.page.locator(".person", has_text="Anna Rises").locator(".person__open").click()
    card = olga.page.get_by_role("dialog", name="Anna Rises", exact=True)
    card.get_by_role("button", name="Make admin").click()
    question = olga.page.get_by_role("dialog", name="Make Anna Rises an admin?")
    question.get_by_role("button", name="Make admin").click()
    expect(corner).to_have_text("Admin")
    expect(card.get_by_role("button", name="Revoke admin")).to_be_visible()


def test_each_section_shows_what_there_is(window: OpenWindow, person: Callable[[str], Person]) -> None:
    make_link(person("Boris Invites"), label="For the crew")
    olga = admin(window, "Olga Sections")
    dialog = open_page(olga)
    invites = choose(dialog, "Invites")
    expect(invites.get_by_role("listitem")).to_contain_text(["By Boris Invites."])
    invites.get_by_role("button", name="Revoke For the crew").click()
    olga.page.get_by_role("dialog", name="Revoke this link?").get_by_role("button", name="Revoke").click()
    expect(invites.get_by_text("No open links.")).to_be_visible()
    expect(choose(dialog, "Bots and webhooks").get_by_role("button", name="New webhook")).to_be_visible()
    retention = choose(dialog, "How long messages stay")
    retention.get_by_label("Delete messages after").fill("14")
    retention.get_by_role("button", name="Save").click()
    storage = choose(dialog, "Storage")
    expect(storage.get_by_role("listitem").filter(has_text="general")).to_contain_text("0 MB")
    expect(choose(dialog, "Passwords")).to_contain_text("whoever runs the chat changes them")
    acts = choose(dialog, "What admins did")
    expect(acts.get_by_role("listitem").first).to_contain_text("Days that messages stay: default → 14")


def test_nobody_else_is_offered_the_page(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna Outside")
    anna.page.get_by_role("button", name="Settings").click()
    expect(anna.page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Administration")).to_have_count(0)


def test_on_a_phone_a_section_takes_the_place_of_the_list_and_escape_goes_back(window: OpenWindow) -> None:
    olga = admin(window, "Olga Phone", **PHONE)
    dialog = open_page(olga)
    sections = dialog.get_by_role("navigation", name="Administration")
    choose(dialog, "Storage")
    expect(sections).to_have_count(0)
    expect(dialog.get_by_role("button", name="All sections")).to_be_focused()
    olga.page.keyboard.press("Escape")
    expect(sections.get_by_role("button", name="Storage")).to_be_focused()
    olga.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="All sections").click()
    expect(sections.get_by_role("button", name="Storage")).to_be_focused()
    olga.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_question_that_is_closed_by_escape_leaves_the_page_open(window: OpenWindow) -> None:
    anna, olga = window(), admin(window, "Olga Asks", **PHONE)
    anna.sign_in("Anna Asked")
    dialog = open_page(olga)
    members = choose(dialog, "Members")
    members.get_by_role("button", name="Remove Anna Asked").click()
    question = olga.page.get_by_role("dialog", name=re.compile("Remove Anna Asked"))
    expect(question).to_be_visible()
    olga.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(members.get_by_role("button", name="Remove Anna Asked")).to_be_visible()


def test_a_section_that_does_not_come_says_so_and_comes_when_asked_again(window: OpenWindow) -> None:
    olga = window()
    refused: list[bool] = [True]

    def answer(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def ask(frame: str | bytes) -> None:
            asked = json.loads(frame) if isinstance(frame, str) and frame.startswith("{") else {}
            if asked.get("type") == "audit" and refused[0]:
                refusal = {"type": "error", "ref": asked["ref"], "code": "limit_reached", "detail": ""}
                socket.send(json.dumps(refusal))
            else:
                server.send(frame)

        socket.on_message(ask)

    olga.page.route_web_socket(re.compile("/socket$"), answer)
    olga.come()
    olga.sign_in("Olga Waits", ADMIN_PASSWORD)
    acts = choose(open_page(olga), "What admins did")
    expect(acts.get_by_role("alert")).to_contain_text("could not be loaded")
    refused[0] = False
    acts.get_by_role("button", name="Try again").click()
    expect(acts.get_by_role("listitem").filter(has_text="became an admin")).to_be_visible()
    expect(acts.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [("light", "en-GB", {}), ("dark", "ru-RU", {}), ("light", "ru-RU", PHONE), ("dark", "en-GB", PHONE)],
    ids=["desktop", "desktop in Russian", "phone in Russian", "phone"],
)
def test_it_is_usable_in_both_languages_and_themes(
    window: OpenWindow, theme: str, language: str, size: dict[str, int]
) -> None:
    olga = admin(window, "Olga", theme=theme, language=language, **size)
    dialog = open_page(olga, language)
    for number in range(7):
        dialog.locator(".administration__section").nth(number).click()
        expect(dialog.locator(".administration__view [role=status]")).to_have_count(0)
        assert olga.flaws() == []
        olga.picture(f"administration-{'phone' if size else 'desktop'}-{language[:2]}-{theme}-{number}")
        if size:
            dialog.locator(".administration__back button").click()
