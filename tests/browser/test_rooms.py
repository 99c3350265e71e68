"""The rooms of one host that a browser knows, in a page: what is said of them, the way there, and forgetting one."""

import re

from playwright.sync_api import Request, expect

from tests.browser.conftest import OpenWindow
from tests.browser.layout import misplaced
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.server import Server


def test_a_browser_knows_its_rooms_and_asks_none_that_nobody_looks_at(
    window: OpenWindow, chat: Server, room: str
) -> None:
    other = f"{room}-b"
    anna = window("Anna")
    button = anna.page.get_by_role("button", name=re.compile("^Rooms"))
    expect(anna.page.locator(".activity")).to_have_count(1)
    expect(button).to_have_count(0)

    there = Visitor(anna.context, anna.context.new_page(), f"{chat.url}/r/{other}", anna.troubles)
    there.watch(there.page)
    there.come()
    there.sign_in("Anna")
    expect(button).to_have_accessible_name("Rooms (Alt Shift R)")

    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    anna.page.on("request", note)
    boris = Person(chat.url, "Boris", room=other).enter()
    line = boris.come()
    her = next(each["id"] for each in line.welcome["members"] if each["name"] == "Anna")
    plans = str(line.ask("channel.create", name="plans")["channel"])
    line.say("who has the key?", plans, mentions=[her])
    expect(button).to_have_accessible_name("Rooms, 1 mention elsewhere (Alt Shift R)")
    boris.leave()

    anna.page.keyboard.press("Alt+Shift+R")
    dialog = anna.page.get_by_role("dialog", name="Rooms")
    way = dialog.get_by_role("link", name=re.compile(other))
    expect(way).to_be_focused()
    expect(way).to_contain_text("1 mention")
    expect(dialog.get_by_role("link", name=re.compile("You are here"))).to_have_attribute("aria-current", "page")
    assert misplaced(anna.page) == []
    assert anna.flaws() == []

    there.page.evaluate("(key) => localStorage.removeItem(key)", f"durable-chat:{other}:member")
    forget = dialog.get_by_role("button", name=re.compile("^Forget"))
    expect(way).not_to_contain_text("mention")
    assert not [url for url in asked if other in url]
    there.page.close()
    forget.click()
    expect(dialog.get_by_role("link")).to_have_count(1)
    assert (
        anna.page.evaluate(
            "(prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix))", f"durable-chat:{other}:"
        )
        == []
    )
    anna.page.keyboard.press("Escape")
    expect(button).to_have_count(0)
