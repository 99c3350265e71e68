"""Nothing that is read ever moves: the layout shift that Chromium measures, over what a day is made of."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.attachments import as_file, attach, picture, send_sealed
from tests.browser.conftest import OpenWindow
from tests.browser.shifts import WATCH, still, watch
from tests.browser.test_invites import follow, join, make_link
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person
from tests.server import ADMIN_PASSWORD

# What begins to move, and for how many milliseconds. On a slow machine it may be over before its beginning is told.
_NOTE_MOTION = """() => {
  globalThis.moved = []
  const note = ({ animationName, propertyName, target, pseudoElement }) => {
    const name = animationName ?? propertyName
    const running = document.getAnimations().find((each) =>
      (each.animationName ?? each.transitionProperty) === name &&
      each.effect.target === target && (each.effect.pseudoElement ?? "") === pseudoElement)
    const style = getComputedStyle(target, pseudoElement || null)
    const declared = animationName ? style.animationDuration : style.transitionDuration
    const lasts = running?.effect.getComputedTiming().duration ?? 1000 * parseFloat(declared)
    moved.push([`${name} ${target.className}`, lasts])
  }
  for (const kind of ["animationstart", "transitionrun"]) addEventListener(kind, note, true)
}"""
# By the guide (docs/design/DESIGN_GUIDE.md, "Motion"): the animation or the property, and where.
_MOTIONS = {
    "a message": ("appear", "message--arrives"),
    "a reaction": ("pop", "reaction"),
    "what can be done with a message": ("opacity", "message__actions"),
    "a badge": ("grow", "badge"),
    "another channel": ("appear", "timeline__frame"),
    "light and dark": ("view-transition-fade-in", ""),
}
_SHORTEST_MS, _LONGEST_MS = 120, 180
_TOP = "(row) => row.getBoundingClientRect().top"


def _late(route: Route) -> None:
    """What comes beside the conversation, long after it."""
    time.sleep(0.5)
    route.continue_()


def _hold_line(visitor: Visitor) -> Callable[[], None]:
    """The server's frames wait from the next line on, until the result is called."""
    held: list[Callable[[], None]] = []
    is_open = False

    def relay(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        server.on_message(lambda frame: line.send(frame) if is_open else held.append(partial(line.send, frame)))

    def let_through() -> None:
        nonlocal is_open
        is_open = True
        for send in held:
            send()

    visitor.page.route_web_socket(re.compile("/socket$"), relay)
    return let_through


def _yesterday(admin: Line, count: int) -> str:
    """A channel with messages of the day before; its id."""
    channel = str(admin.ask("channel.create", name="pier")["channel"])
    admin.ask("channel.update", id=channel, retention_days=0)
    first = datetime.now(UTC) - timedelta(days=1)
    messages: list[dict[str, Any]] = [
        {
            "id": f"0199f3a0-1111-7222-8333-{number:012}",
            "author": "clara",
            "sent_at": int(first.timestamp() * 1000) + number,
            "body": f"pier {number}",
        }
        for number in range(count)
    ]
    answer = admin.ask("import", channel=channel, messages=messages, people=[{"id": "clara", "name": "Clara"}])
    assert answer["counts"]["added"] == count
    return channel


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_that_is_read_moves(window: OpenWindow, person: Callable[..., Person], width: int) -> None:
    sender = person("Boris", password=ADMIN_PASSWORD)
    boris = sender.come()
    pier = _yesterday(boris, 60)
    for number in range(60):
        boris.say(f"general {number}")
    anna = window("Anna", width=width, height=844, motion="no-preference")
    anna.sees("general 59")
    anna.page.wait_for_timeout(500)
    watch(anna)
    boris.say("somebody speaks")
    anna.sees("somebody speaks")
    still(anna, "a message arrives")
    info = {"name": "quay.png", "type": "image/png", "width": 900, "height": 600}
    send_sealed(sender, boris, [(picture(900, 600), info)], "look")
    expect(anna.message("look").locator("img")).to_be_visible()
    still(anna, "a picture comes")
    anna.say("sent and acknowledged")
    expect(anna.message("sent and acknowledged").locator(".message__pending")).to_have_count(0)
    still(anna, "sending")
    if width > 600:  # a phone asks the system where pictures come from
        attach(anna, as_file("pier.png", picture(900, 600)))
        anna.say("a picture")
        expect(anna.message("a picture").locator("img")).to_be_visible()
        still(anna, "a picture is sent")
    if width < 600:
        anna.page.get_by_role("button", name="Show channels").tap()
        still(anna, "the drawer opens")
    anna.page.locator(".channel-list__item", has_text="pier").click()
    anna.sees("pier 59")
    still(anna, "another channel")
    boris.say("the first word today", channel=pier)
    expect(anna.page.locator(".row", has=anna.sees("the first word today")).locator(".row__day")).to_be_visible()
    still(anna, "the first message of a day")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_while_the_page_comes_and_while_somebody_signs_in(
    window: OpenWindow, person: Callable[..., Person], width: int
) -> None:
    boris = person("Boris").come()
    for name in ("pier", "quay", "sail loft", "tea kitchen"):
        boris.ask("channel.create", name=name)
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
    let_through = _hold_line(anna)
    anna.sign_in("Anna", enters=False)
    expect(anna.page.locator(".sidebar__place")).to_have_count(2)  # what comes beside is there before the channels
    let_through()
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


def test_what_comes_fades_in_once_and_not_for_who_wants_no_motion(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris")
    anna = window("Anna", motion="no-preference")
    line = boris.come()
    pier = line.ask("channel.create", name="pier")["channel"]
    anna.page.get_by_role("button", name="Search messages").wait_for()
    anna.page.evaluate(_NOTE_MOTION)
    said = 0
    while not _moved(anna, "message--arrives"):  # on a slow machine it may be old by the time it is drawn
        said += 1
        line.say(f"somebody speaks, {said}")
        anna.sees(f"somebody speaks, {said}")
    anna.say("my own")
    anna.sees("my own")
    _much_comes(anna, line, here="general", there=pier, theme="dark")
    until(anna.page, lambda: all(_moved(anna, *motion) for motion in _MOTIONS.values()))
    for what, motion in _MOTIONS.items():
        assert all(_SHORTEST_MS <= lasts <= _LONGEST_MS for lasts in _moved(anna, *motion)), what
    assert len(_moved(anna, "message--outgoing")) <= 1, "it may be stored before the next picture"
    assert len(_moved(anna, "message--arrives")) <= said + 2

    anna.page.emulate_media(reduced_motion="reduce")
    anna.page.evaluate("moved.length = 0")
    _much_comes(anna, line, here=pier, there="general", theme="light")
    assert [each for each in anna.page.evaluate("moved") if each[1] > 0] == []
    assert anna.page.evaluate("document.getAnimations().filter((each) => each.effect.getTiming().duration > 0)") == []


def _much_comes(anna: Visitor, boris: Line, *, here: str, there: str, theme: str) -> None:
    """Everything that is seen to come; in the end another channel is open, in another light."""
    me = next(member["id"] for member in boris.welcome["members"] if member["name"] == "Anna")
    boris.ask("react", id=boris.say(f"look at this in {here}", channel=here)["id"], emoji="🎉", on=True)
    message = anna.sees(f"look at this in {here}")
    expect(message.locator(".reaction")).to_be_visible()
    message.hover()
    expect(message.locator(".message__actions")).to_have_css("opacity", "1")
    boris.say(f"@Anna, come to {there}", channel=there, mentions=[me])
    item = anna.page.locator(f"[data-channel='{there}']")
    expect(item.locator(".badge--mention")).to_be_visible()
    item.click()
    anna.sees(f"@Anna, come to {there}")
    anna.page.get_by_role("button", name="Settings").click()
    anna.page.get_by_role("dialog").get_by_label("Theme").select_option(theme)
    expect(anna.page.locator("html")).to_have_attribute("data-theme", theme)
    anna.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)


def _moved(visitor: Visitor, *what: str) -> list[float]:
    """How long each movement took of which all this is said."""
    moved: list[tuple[str, float]] = visitor.page.evaluate("moved")
    return [lasts for name, lasts in moved if all(each in name for each in what)]
