"""How the page stands beside what else a browser does: it translates, copies, follows links, paints before it runs."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import until
from tests.people import Person

EnterAs = Callable[[str], Person]

# Those colours for a browser's own bar that count.
BARS = """() => [...document.querySelectorAll("meta[name=theme-color]")]
  .filter((bar) => matchMedia(bar.media).matches).map((bar) => bar.dataset.scheme)"""
# As Google's translator does it: every text node gives way to elements that it makes.
TRANSLATE = """() => {
  const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT)
  const texts = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() && !node.parentElement.closest("[translate=no], textarea")) texts.push(node)
  }
  for (const text of texts) {
    const font = document.createElement("font")
    font.textContent = "translated " + text.data
    text.replaceWith(font)
  }
}"""


def test_an_edit_is_seen_on_a_page_that_the_browser_translated(window: OpenWindow, person: EnterAs) -> None:
    anna = window("Anna")
    boris = person("Boris").come()
    sent = boris.say("first words")
    anna.sees("first words")
    anna.page.evaluate(TRANSLATE)
    expect(anna.page.locator(".message__body")).to_contain_text("translated first words")
    boris.ask("edit", id=sent["id"], body="second words", mentions=[])
    expect(anna.page.locator(".message__body")).to_have_text(re.compile("^second words"))
    expect(anna.page.locator(".message__author")).to_have_text("Boris")
    anna.context.set_offline(True)
    expect(anna.page.locator(".member-corner .connection__words")).to_have_text("Offline")


_TRANSLATE = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = []
  while (texts.nextNode()) all.push(texts.currentNode)
  for (const text of all) {
    if (!text.data.trim() || text.parentElement.closest("textarea, script, [translate=no]")) continue
    const [outer, inner] = [document.createElement("font"), document.createElement("font")]
    inner.textContent = "T:" + text.data
    outer.append(inner)
    text.replaceWith(outer)
  }
}"""


def test_whatever_changes_is_seen_on_a_page_that_the_browser_translates(window: OpenWindow, person: EnterAs) -> None:
    anna, boris = window("Anna"), person("Boris")
    page, line = anna.page, boris.come()
    said = line.say("hello")
    anna.sees("hello")
    plans = line.ask("channel.create", name="plans")["channel"]
    line.say("one", plans)
    line.ask("react", id=said["id"], emoji="👍", on=True)
    expect(page.locator(".badge")).to_contain_text("1 unread message")
    page.locator(".channel-header__people").click()
    expect(page.locator(".people__label").first).to_have_text("Online: 2")
    page.evaluate(_TRANSLATE)
    expect(page.locator(".people__label").first).to_have_text("T:Online: 2")
    line.say("two", plans)
    expect(page.locator(".badge")).to_contain_text("2 unread messages")
    page.locator(".reaction").click()
    expect(page.locator(".reaction")).to_contain_text("2")
    person("Clara").come()
    expect(page.locator(".people__label").first).to_have_text("Online: 3")
    line.ask("channel.update", id=plans, archived=True)
    expect(page.locator(".channel-list__more")).to_contain_text("1 archived")
    page.evaluate(_TRANSLATE)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Language").wait_for()
    page.evaluate(_TRANSLATE)
    page.get_by_label("Language").select_option("ru")
    expect(page.locator("dialog[open] h2")).to_have_text("Настройки")
    expect(page.locator(".sidebar__label").first).to_have_text("Каналы")


def test_why_a_login_failed_is_seen_on_a_page_that_the_browser_translates(window: OpenWindow) -> None:
    anna = window()
    refusals = [(401, "wrong_password", None), (429, "too_many_attempts", 30)]

    def refuse(route: Route) -> None:
        status, code, wait = refusals.pop(0)
        route.fulfill(status=status, json={"status": status, "title": "", "code": code, "retry_after": wait})

    anna.page.route("**/session", refuse)
    trouble = anna.page.locator(".login__trouble, .field__error")
    anna.page.locator("form#login [name=password]").press("Enter")
    expect(trouble).to_have_text("Enter your name.")
    anna.page.evaluate(_TRANSLATE)
    anna.sign_in("Anna", "not the password", enters=False)
    expect(trouble).to_have_text("That is not the password for this room.")
    anna.page.evaluate(_TRANSLATE)
    anna.sign_in("Anna", "not the password", enters=False)
    expect(trouble).to_contain_text("Too many attempts")
    anna.page.evaluate(_TRANSLATE)
    wait = anna.page.locator("button[form=login]")
    expect(wait).not_to_have_text(wait.inner_text())


def test_a_triple_click_copies_what_was_said_and_nothing_around_it(window: OpenWindow) -> None:
    anna = window("Anna")
    for words in ["first thing", "second thing", "third thing"]:
        anna.say(words)
        anna.sees(words)
    anna.page.locator(".message__body", has_text="second thing").click(click_count=3)
    anna.page.keyboard.press("Control+c")
    assert anna.page.evaluate("navigator.clipboard.readText()") == "second thing"


def test_dragging_over_messages_copies_no_hidden_times(window: OpenWindow) -> None:
    anna = window("Anna")
    for words in ["first thing", "second thing", "third thing"]:
        anna.say(words)
        anna.sees(words)
    ends = [anna.page.locator(".message__body p", has_text=f"{which} thing") for which in ("first", "third")]
    until(anna.page, lambda: all(each.bounding_box() for each in ends))  # a row that is drawn anew has none
    start, end = (each.bounding_box() for each in ends)
    assert start is not None
    assert end is not None
    anna.page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    anna.page.mouse.down()
    anna.page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=5)
    anna.page.mouse.up()
    anna.page.keyboard.press("Control+c")
    copied = anna.page.evaluate("navigator.clipboard.readText()")
    assert "first thing" in copied
    assert "third thing"[:8] in copied
    assert not re.search(r"\d:\d\d|\n\n\n", copied)


@pytest.mark.parametrize(("chosen", "system"), [("dark", "light"), ("light", "dark")])
def test_whoever_chose_a_theme_sees_no_other_first(window: OpenWindow, chosen: str, system: str) -> None:
    visitor = window(theme=system)
    visitor.page.evaluate("(theme) => localStorage.setItem('durable-chat:theme', theme)", chosen)
    held: list[Route] = []
    visitor.page.route("**/assets/main-*.js", lambda route: held.append(route))
    visitor.page.goto(visitor.address, wait_until="commit")
    until(visitor.page, lambda: bool(held))
    scheme = "() => getComputedStyle(document.documentElement).colorScheme"
    until(visitor.page, lambda: visitor.page.evaluate(scheme) == chosen)
    (bar,) = visitor.page.evaluate(BARS)
    assert bar == chosen
    for route in held:
        route.continue_()
    visitor.page.locator("form#login").wait_for()


def test_a_link_to_a_message_of_this_room_opens_no_tab(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("the first one")
    anna.sees("the first one")
    anna.act("the first one", "Copy link")
    link = anna.page.evaluate("navigator.clipboard.readText()")
    anna.say(f"look at {link}")
    anna.sees("look at")
    anna.page.locator(".message__body a").last.click()
    anna.page.wait_for_url(link)
    expect(anna.page.locator(".message--highlit")).to_contain_text("the first one")
    assert len(anna.context.pages) == 1
    anna.say("and https://example.com/elsewhere")
    expect(anna.page.locator(".message__body a").last).to_have_attribute("target", "_blank")


def test_going_back_to_a_deleted_channel_shows_the_address_of_what_is_open(window: OpenWindow, person: EnterAs) -> None:
    anna = window("Anna")
    boris = person("Boris").come()
    made = boris.ask("channel.create", name="plans", topic="")["channel"]
    anna.page.get_by_role("button", name="plans").click()
    anna.page.wait_for_url(f"**#{made}")
    anna.page.get_by_role("button", name="general").click()
    anna.page.wait_for_url("**#general")
    boris.ask("channel.delete", id=made)
    expect(anna.page.get_by_role("button", name="plans")).to_have_count(0)
    anna.page.go_back()
    anna.page.wait_for_url("**#general")
    expect(anna.page.locator(".channel-header__text")).to_have_text("general")


@pytest.mark.parametrize(("language", "clock"), [("de-DE", r"^\d\d:\d\d$"), ("en-US", r"^\d{1,2}:\d\d\s[AP]M$")])
def test_the_clock_is_that_of_the_browsers_region(window: OpenWindow, language: str, clock: str) -> None:
    anna = window("Anna", language=language)
    anna.say("what time is it?")
    expect(anna.sees("what time is it?").locator("header .message__time")).to_have_text(re.compile(clock))


def test_what_cannot_be_sent_now_says_that_it_waits(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.context.set_offline(True)
    expect(anna.page.locator(".member-corner .connection__words")).to_have_text("Offline")
    anna.say("later then")
    expect(anna.message("later then").locator(".message__pending")).to_contain_text("Waiting for a connection")
    expect(anna.message("later then")).to_have_attribute("aria-label", "Waiting for a connection")
    anna.context.set_offline(False)
    anna.sees("later then")


def test_how_much_is_too_much_is_said_with_a_number_that_people_use(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.composer.fill("x" * 4_200)
    expect(anna.page.locator(".composer__count")).to_have_text("200 characters too many")
    anna.composer.fill("x" * 3_999)
    expect(anna.page.locator(".composer__count")).to_have_text("1 character left")


def test_an_empty_channel_says_what_it_is_about(window: OpenWindow, person: EnterAs) -> None:
    anna = window("Anna")
    person("Boris").come().ask("channel.create", name="plans", topic="What we do next")
    anna.page.get_by_role("button", name="plans").click()
    expect(anna.page.locator(".timeline__edge")).to_contain_text("What we do next")


def test_the_button_that_copies_code_never_covers_it(window: OpenWindow) -> None:
    anna = window("Anna", width=390)
    anna.say("```\n" + "a very long line of code " * 12 + "\n```")
    block = anna.page.locator(".message:not(.message--outgoing) .code-block")
    code = block.locator("pre").bounding_box()
    button = block.get_by_role("button").bounding_box()
    assert code is not None
    assert button is not None
    assert code["x"] + code["width"] <= button["x"]
