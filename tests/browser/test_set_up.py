"""A Worker without its key: the page makes one for the operator to set, and nothing runs before."""

from playwright.sync_api import Browser, expect

from setting_values import key
from tests.browser.visitor import Visitor
from tests.conftest import StartServer


def test_whoever_sets_the_chat_up_gets_a_fresh_key_to_copy(browser: Browser, start_server: StartServer) -> None:
    running = start_server(settings={"MASTER_KEY": ""})
    visitor = Visitor.open(browser, running.url, "main", width=390, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    page.goto(running.url)
    expect(page.get_by_role("heading")).to_have_text("This chat is not set up yet")
    made = page.get_by_role("status")
    expect(made).to_have_count(2)
    shown = made.first.inner_text()
    assert len(key(shown)) == 32
    page.get_by_role("button", name="Скопировать").click()
    expect(page.get_by_role("button", name="Скопировано")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown == made.last.inner_text()
    assert visitor.flaws() == []
    visitor.picture("set-up")
    page.reload()
    expect(made.first).not_to_have_text(shown)
    assert visitor.troubles == []
    visitor.leave()
