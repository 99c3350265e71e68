"""What an open tab tells of: a sound, counted by its tones, and a notice where nobody looks.

Hidden is a page that says so of itself: headless Chromium has every page in sight, and each with the focus.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_lanes import listed
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person

Enter = Callable[[str], Person]

_COUNT_TONES = """
  globalThis.tones = 0
  const {start} = OscillatorNode.prototype
  OscillatorNode.prototype.start = function (...when) { globalThis.tones++; return start.apply(this, when) }
"""
_TONES = 2  # of one sound
_BECOME = """(state) => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true})
  document.dispatchEvent(new Event("visibilitychange"))
}"""
_NOTICES = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({title, body, silent, data}) => ({title, body, silent, seq: data.seq}))"""
_IS_LISTENING = """async () => performance.getEntriesByType("resource").some(({name}) => /inTab-/.test(name))"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    return whole_browser


class Listener:
    """Somebody in a tab whose tones are counted."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    @classmethod
    def enter(cls, window: OpenWindow, name: str = "Anna") -> "Listener":
        visitor = window(service_workers="allow")
        visitor.context.add_init_script(_COUNT_TONES)
        visitor.context.grant_permissions(["notifications"])
        visitor.page.reload()
        visitor.sign_in(name)
        return cls(visitor).ready()

    def ready(self) -> "Listener":
        until(self.page, lambda: self.page.evaluate(_IS_LISTENING))
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return self

    def another_tab(self) -> "Listener":
        other = Visitor(self.visitor.context, self.visitor.context.new_page(), self.visitor.address)
        other.watch(other.page)
        other.come()
        other.wait_until_live()
        return Listener(other).ready()

    def hide(self) -> None:
        self.page.evaluate(_BECOME, "hidden")

    def look(self) -> None:
        self.page.evaluate(_BECOME, "visible")

    def sounds(self) -> float:
        return float(self.page.evaluate("globalThis.tones")) / _TONES

    def hears(self, count: int) -> None:
        until(self.page, lambda: self.sounds() >= count)
        assert self.sounds() == count

    def notices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(_NOTICES)
        return found

    def go(self, channel: str) -> None:
        listed(self.visitor, channel).click()
        expect(self.page.get_by_role("heading", name=channel, exact=True).first).to_be_visible()

    def turn(self, *names: str) -> None:
        """Turn switches in the settings the other way."""
        self.page.get_by_role("button", name="Settings", exact=True).click()
        for name in names:
            self.page.get_by_label(name).click()
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog")).to_have_count(0)


def _elsewhere(boris: Line, anna: Listener) -> str:
    """A channel that Anna goes to, so that what is said in general is unread."""
    channel: str = boris.ask("channel.create", name="elsewhere")["channel"]
    anna.go("elsewhere")
    return channel


def test_what_comes_elsewhere_is_heard_and_what_one_reads_is_not(window: OpenWindow, person: Enter) -> None:
    anna, boris = Listener.enter(window), person("Boris").come()
    elsewhere = _elsewhere(boris, anna)
    boris.say("before your eyes", channel=elsewhere)
    anna.visitor.sees("before your eyes")
    boris.say("in general")
    anna.hears(1)
    anna.turn("A sound when something comes for you")
    boris.say("unheard")
    expect(listed(anna.visitor, "general").locator(".badge")).to_contain_text("2")
    anna.turn("A sound when something comes for you")  # which lets one hear it
    anna.hears(2)
    boris.say("heard again")
    anna.hears(3)
    assert anna.notices() == []


def test_who_looks_elsewhere_gets_a_notice_that_goes_when_it_is_read(window: OpenWindow, person: Enter) -> None:
    anna, boris = Listener.enter(window), person("Boris").come()
    anna.hide()
    boris.say("are you **there**?")
    anna.hears(1)
    until(anna.page, lambda: [notice["body"] for notice in anna.notices()] == ["are you there?"])
    assert [(notice["title"], notice["silent"]) for notice in anna.notices()] == [("Boris in #general", True)]
    boris.say("hello?")
    until(anna.page, lambda: [notice["body"] for notice in anna.notices()] == ["hello?\nand 1 more"])
    anna.look()
    until(anna.page, lambda: anna.notices() == [])
    anna.turn("Notices while you are in another window")
    anna.hide()
    boris.say("once more")
    anna.hears(3)
    assert anna.notices() == []


def test_only_one_tab_tells_and_none_while_another_is_looked_at(window: OpenWindow, person: Enter) -> None:
    anna, boris = Listener.enter(window), person("Boris").come()
    other = anna.another_tab()
    elsewhere = _elsewhere(boris, other)
    anna.hide()
    boris.say("one of them is looked at")
    other.hears(1)
    other.hide()
    boris.say("nobody looks", channel=elsewhere)
    until(anna.page, lambda: len(anna.notices()) == 1)
    until(anna.page, lambda: anna.sounds() + other.sounds() == 2)


def test_a_muted_channel_and_what_was_said_before_are_not_heard(window: OpenWindow, person: Enter) -> None:
    anna, boris = Listener.enter(window), person("Boris").come()
    elsewhere = _elsewhere(boris, anna)
    anna.go("general")
    boris.say("still heard", channel=elsewhere)
    anna.hears(1)
    boris.say("said while nobody was there", channel=elsewhere)
    anna.hears(2)
    anna.visitor.reload()
    anna.ready()
    expect(listed(anna.visitor, "elsewhere").locator(".badge")).to_contain_text("2")
    anna.go("elsewhere")
    anna.page.get_by_role("button", name="Notifications", exact=True).click()
    anna.page.get_by_label("Notify me about").select_option("none")
    expect(listed(anna.visitor, "elsewhere")).to_contain_text("Muted")
    anna.page.keyboard.press("Escape")
    anna.go("general")
    boris.say("into the void", channel=elsewhere)
    anna.go("elsewhere")
    anna.visitor.sees("into the void")
    assert anna.sounds() == 0
    boris.say("but this")
    anna.hears(1)
