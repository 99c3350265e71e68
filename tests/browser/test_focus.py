"""Where the keys go when what had the focus goes away: never nowhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Person

Enter = Callable[[str], Person]

# Every ring around what has the focus, its own and those of what it stands in, be it an outline or a shadow.
_RINGS = """() => {
  const rings = []
  for (let each = document.activeElement; each !== null; each = each.parentElement) {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(each)
    if (outlineStyle !== "none") rings.push([outlineWidth, outlineStyle, outlineColor].join(" "))
    if (/ 0px 0px 0px [2-9]px/.test(boxShadow)) rings.push(boxShadow)
  }
  return rings
}"""
_NAME = """() => {
  const {ariaLabel, labels, name, innerText, tagName} = document.activeElement
  return ariaLabel || labels?.[0]?.innerText || name || innerText || tagName
}"""
_STOPS = {
    *("Your name", "Room password", "Show password", "Sign in"),
    *("Channels", "New channel", "general", "Direct messages", "Settings", "Search messages", "Star", "Notifications"),
    *("Invite somebody", "Edit message", "Save", "Cancel", "Message to general", "Channel name", "Name", "Topic"),
    "Search emoji",
}
"""What must be among them, of every kind one; others may come a moment later than these."""
_FAR = 60  # stops, more than any walk here has
_LEAD_NOWHERE = "location.hash = '#nowhere'"  # which is said in passing
_DROP = """() => {
  const data = new DataTransfer()
  data.items.add(new File(["…"], "cat.png", {type: "image/png"}))
  return ["dragover", "drop"].map((kind) => {
    const event = new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})
    document.body.dispatchEvent(event)
    return event.defaultPrevented
  })
}"""


def _has_focus(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.activeElement !== document.body"))


def _press(visitor: Visitor, name: str, where: str = "body") -> None:
    visitor.page.locator(where).get_by_role("button", name=name, exact=True).last.press("Enter")


def test_what_closes_gives_the_focus_back(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    boris.say("are you there?")
    anna.act("are you there?", "Reply")
    _press(anna, "Cancel reply")
    expect(anna.composer).to_be_focused()
    anna.page.evaluate(_LEAD_NOWHERE)
    _press(anna, "Close", ".notice")
    expect(anna.composer).to_be_focused()
    anna.context.set_offline(True)
    anna.page.locator(".line-banner button").focus()
    anna.context.set_offline(False)
    anna.wait_until_live()
    expect(anna.composer).to_be_focused()
    for number in range(60):
        boris.say(f"line {number} of sixty")
    anna.sees("line 59 of sixty")
    anna.page.locator(".timeline__frame").evaluate("(frame) => { frame.scrollTop -= 900 }")
    anna.page.locator(".newest").press("Enter")
    expect(anna.message("line 59 of sixty")).to_be_in_viewport()
    expect(anna.page.locator(".newest")).to_have_count(0)
    until(anna.page, lambda: _has_focus(anna))


def _rings(visitor: Visitor, last: Locator) -> dict[str, list[str]]:
    """What has the focus, and what the Tab key leads to from there up to `last`, by name, each with its rings."""
    rings = {}
    for _ in range(_FAR):
        rings[visitor.page.evaluate(_NAME)] = visitor.page.evaluate(_RINGS)
        if last.evaluate("(last) => last === document.activeElement"):
            return rings
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead there, but to {list(rings)}")


def test_whatever_has_the_focus_has_one_ring_of_one_kind(window: OpenWindow) -> None:
    anna = window()
    page = anna.page
    page.locator("[name=username]").focus()
    rings = _rings(anna, page.locator("#login [type=submit], [form=login]").last)
    anna.sign_in("Anna")
    anna.say("something")
    anna.sees("something")
    # The tools of the header and of a message come a moment later.
    page.get_by_role("button", name="Notifications", exact=True).wait_for()
    page.locator("article.message").hover()
    expect(page.locator(".message__actions").get_by_role("button", name="Edit message")).to_be_visible()
    page.mouse.move(0, 0)
    page.get_by_role("button", name="Go to a channel").focus()
    rings |= _rings(anna, page.locator("article.message"))
    anna.act("something", "Edit message")
    expect(page.locator(".message-editor__text")).to_be_focused()
    rings |= _rings(anna, anna.composer)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    rings |= _rings(anna, page.get_by_role("combobox"))
    page.keyboard.press("Escape")
    _press(anna, "New channel")
    page.get_by_label("Name", exact=True).focus()
    page.locator("dialog").get_by_role("button", name="Cancel", exact=True).wait_for()
    rings |= _rings(anna, page.locator("dialog").get_by_role("button", name="Cancel", exact=True))
    page.keyboard.press("Escape")
    _press(anna, "Emoji", ".composer")
    search = page.get_by_role("searchbox", name="Search emoji")
    expect(search).to_be_focused()
    rings |= _rings(anna, search)
    assert rings.keys() >= _STOPS
    on_page, in_sidebar = "2px solid rgb(12, 111, 127)", "2px solid rgb(241, 250, 250)"
    assert {stop: found for stop, found in rings.items() if found not in ([on_page], [in_sidebar])} == {}


@pytest.mark.parametrize("opener", ["New channel", "Settings", "Notifications"])
def test_a_dialog_gives_the_focus_back_to_what_opened_it(window: OpenWindow, opener: str) -> None:
    anna = window("Anna")
    button = anna.page.get_by_role("button", name=opener, exact=True)
    for _ in range(2):  # the first time it is downloaded, behind a dialog of its own
        button.press("Enter")
        expect(anna.page.locator("dialog")).to_be_visible()
        anna.page.keyboard.press("Escape")
        expect(anna.page.locator("dialog")).to_have_count(0)
        expect(button).to_be_focused()


def test_escape_closes_a_dialog_and_leaves_the_drawer_that_it_was_opened_from(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=844)
    anna.page.get_by_role("button", name="Show channels").press("Enter")
    button = anna.page.get_by_role("button", name="Settings", exact=True)
    button.press("Enter")
    expect(anna.page.locator("dialog")).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    expect(anna.page.locator(".chat--drawer")).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator(".chat--drawer")).to_have_count(0)


def test_a_dialog_that_the_browser_closes_by_itself_is_closed_for_the_page_too(window: OpenWindow) -> None:
    anna = window("Anna")
    button = anna.page.get_by_role("button", name="Settings", exact=True)
    for _ in range(3):  # nobody has pressed anything since: Chromium asks no dialog whether it wants to close
        button.evaluate("(button) => button.click()")
        expect(anna.page.locator("dialog")).to_be_visible()
        anna.page.locator("dialog").evaluate("(dialog) => dialog.close()")
        expect(anna.page.locator("dialog")).to_have_count(0)


def test_a_reaction_that_is_taken_back_leaves_the_focus_at_its_message(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("well done")
    anna.sees("well done")
    anna.act("well done", "React")
    anna.page.get_by_role("searchbox", name="Search emoji").press_sequentially("tada", delay=40)
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator(".emoji-popover")).to_have_count(0)
    reaction = anna.message("well done").locator(".reaction")
    reaction.press("Enter")
    expect(reaction).to_have_count(0)
    expect(anna.message("well done")).to_be_focused()


def test_an_emoji_that_enter_picks_brings_no_new_line(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.get_by_role("button", name="Emoji", exact=True).click()
    anna.page.get_by_role("searchbox", name="Search emoji").press_sequentially("tada", delay=40)
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_be_focused()
    expect(anna.composer).to_have_value("🎉")


def test_a_file_that_is_dropped_at_the_door_does_not_lead_away(window: OpenWindow) -> None:
    visitor = window()
    visitor.page.locator("form#login").wait_for()
    assert visitor.page.evaluate(_DROP) == [True, True]
    until(visitor.page, lambda: visitor.page.locator("[name=username]").is_visible())


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_said_in_passing_covers_neither_messages_nor_what_is_pressed(
    window: OpenWindow, person: Enter, width: int
) -> None:
    anna, boris = window("Anna", width=width, height=800), person("Boris").come()
    for number in range(60):
        boris.say(f"line {number} of sixty")
    anna.sees("line 59 of sixty")
    anna.page.evaluate(_LEAD_NOWHERE)
    notice = anna.page.locator(".notice")
    expect(notice).to_be_visible()
    for under in (anna.message("line 59 of sixty"), anna.composer, anna.page.locator(".channel-header__people")):
        assert not _overlap(notice, under)
    anna.page.locator(".timeline__frame").evaluate("(frame) => { frame.scrollTop -= 900 }")
    expect(anna.page.locator(".newest")).to_be_visible()
    assert not _overlap(notice, anna.page.locator(".newest"))


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_said_in_passing_does_not_cover_a_question(window: OpenWindow, room: str, width: int) -> None:
    anna = window("Anna", width=width, height=800)
    stranger = Person(anna.address.partition("/r/")[0], "Anna", room=room)
    stranger.sign_in()
    question, notice = anna.page.locator(".question"), anna.page.locator(".notice")
    expect(question).to_be_visible()
    anna.page.evaluate(_LEAD_NOWHERE)
    expect(notice).to_be_visible()
    assert not _overlap(notice, question)
    assert not _overlap(notice, anna.composer)
    stranger.leave()


def _overlap(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not beside and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
