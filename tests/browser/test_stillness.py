"""Nothing that is read ever moves: the layout shift that Chromium measures, over what a day is made of."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.attachments import as_file, attach, picture
from tests.browser.conftest import OpenWindow
from tests.browser.shifts import WATCH, still, watch
from tests.browser.test_invites import follow, join, make_link
from tests.browser.visitor import Visitor, until
from tests.people import Person

_NOTE_MOTION = """() => {
  globalThis.moved = []
  addEventListener("animationstart", ({animationName: name, target}) => moved.push(`${name} ${target.className}`), true)
}"""
_TOP = "(row) => row.getBoundingClientRect().top"


def _late(route: Route) -> None:
    """What comes beside the conversation, long after it."""
    time.sleep(0.5)
    route.continue_()


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_that_is_read_moves(window: OpenWindow, person: Callable[..., Person], width: int) -> None:
    boris = person("Boris").come()
    pier = boris.ask("channel.create", name="pier")["channel"]
    for number in range(60):
        boris.say(f"general {number}")
        boris.say(f"pier {number}", channel=pier)
    anna = window("Anna", width=width, height=844, motion="no-preference")
    anna.sees("general 59")
    anna.page.wait_for_timeout(500)
    watch(anna)
    boris.say("somebody speaks")
    anna.sees("somebody speaks")
    still(anna, "a message arrives")
    anna.say("sent and acknowledged")
    expect(anna.message("sent and acknowledged").locator(".message__pending")).to_have_count(0)
    still(anna, "sending")
    if width > 600:  # a phone asks the system where pictures come from
        attach(anna, as_file("pier.png", picture(900, 600)))
        anna.say("a picture")
        expect(anna.message("a picture").locator("img")).to_be_visible()
        still(anna, "a picture is sent")
    boris.say("the last word", channel=pier)
    if width < 600:
        anna.page.get_by_role("button", name="Show channels").tap()
        still(anna, "the drawer opens")
    anna.page.locator(".channel-list__item", has_text="pier").click()
    anna.sees("the last word")
    still(anna, "another channel")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_while_the_page_comes_and_while_somebody_signs_in(
    window: OpenWindow, person: Callable[..., Person], width: int
) -> None:
    boris = person("Boris").come()
    boris.ask("channel.create", name="pier")
    for number in range(60):
        boris.say(f"general {number}")
    anna = window(width=width, height=844, motion="no-preference", host="localhost")
    anna.page.add_init_script(f"({WATCH})()")
    anna.page.reload()
    expect(anna.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    still(anna, "the door comes")
    anna.page.locator("[name=username]").press_sequentially("Anna")
    still(anna, "filling in the form")
    anna.page.route("**/assets/Beside-*.js", _late)
    anna.sign_in("Anna")
    anna.sees("general 59")
    expect(anna.page.locator(".channel-header__people")).to_contain_text("2")
    still(anna, "signing in")
    anna.reload()
    anna.sees("general 59")
    expect(anna.page.locator(".channel-header__people")).to_contain_text("2")
    still(anna, "the chat comes")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_message_moves_when_a_recovery_code_is_offered_above_them(
    window: OpenWindow, person: Callable[..., Person], width: int
) -> None:
    boris = person("Boris").come()
    for number in range(30):
        boris.say(f"general {number}")
    anna = window(width=width, height=844, motion="no-preference")
    anna.page.route("**/assets/Beside-*.js", _late)
    anna.sign_in("Anna", is_offered=True)
    newest = anna.sees("general 29")
    offer = anna.page.locator(".alert--offer")
    expect(offer).to_have_count(0)
    top = newest.evaluate(_TOP)
    expect(offer).to_be_visible()
    assert newest.evaluate(_TOP) == top


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_while_a_link_is_looked_at_and_what_was_missed_is_listed(
    window: OpenWindow, person: Callable[..., Person], width: int
) -> None:
    boris = person("Boris")
    anna = window(width=width, height=844, motion="no-preference")
    anna.page.add_init_script(f"({WATCH})()")
    anna.page.route("**/invite", _late)
    follow(anna, make_link(boris))
    expect(anna.page.locator(".login__card")).to_contain_text("Boris")
    still(anna, "a link is looked at")
    join(anna, "Anna")
    anna.page.locator(".alert--offer").wait_for()
    line = boris.come()
    me = next(member["id"] for member in line.welcome["members"] if member["name"] == "Anna")
    for number in range(8):
        line.say(f"@Anna, {number}", mentions=[me])
    anna.sees("@Anna, 7")
    if width < 600:
        anna.page.get_by_role("button", name="Show channels").tap()
    bell = anna.page.get_by_role("button", name="Activity")
    bell.wait_for()
    watch(anna)
    bell.click()
    expect(anna.page.get_by_role("dialog").locator(".hit")).to_have_count(8)
    still(anna, "what was missed is listed")


def test_what_comes_fades_in_once(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    boris.ask("channel.create", name="pier")
    anna = window("Anna", motion="no-preference")
    anna.page.get_by_role("button", name="Search messages").wait_for()
    anna.page.evaluate(_NOTE_MOTION)
    said = [boris.say("somebody speaks")]
    anna.sees("somebody speaks")
    while _moved(anna, "message--arrives") == 0:  # on a slow machine it may be old by the time it is drawn
        said.append(boris.say(f"somebody speaks, {len(said)}"))
        anna.sees(f"somebody speaks, {len(said) - 1}")
    anna.say("my own")
    anna.sees("my own")
    anna.page.locator(".channel-list__item", has_text="pier").click()
    until(anna.page, lambda: _moved(anna, "timeline__frame"))
    anna.page.get_by_role("button", name="Settings").click()
    anna.page.get_by_role("dialog").get_by_label("Theme").select_option("dark")
    until(anna.page, lambda: _moved(anna, "view-transition-fade-in"))
    assert _moved(anna, "message--outgoing") <= 1, "it may be stored before the next picture"
    assert 1 <= _moved(anna, "message--arrives") <= len(said)


def _moved(visitor: Visitor, what: str) -> int:
    return [what in each for each in visitor.page.evaluate("globalThis.moved")].count(True)
