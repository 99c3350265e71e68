"""Catching up after a while away: what is unread, where it stands, and the way to it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Line, Person

Enter = Callable[[str], Person]

# A colour of client/styles/colors.css as it is painted now; and what the line "new" is painted with.
_PAINT = """(name) => {
  const probe = document.body.appendChild(document.createElement("i"))
  probe.style.color = `var(${name})`
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}"""
_LINE = "(it) => getComputedStyle(it, '::before').backgroundImage"


def _names(visitor: Visitor) -> Locator:
    return visitor.page.locator(".channel-list__name")


def _item(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(".channel-list__item", has_text=name)


def _header(visitor: Visitor) -> Locator:
    return visitor.page.locator(".channel-header__name")


def _open(visitor: Visitor, name: str) -> None:
    _item(visitor, name).click()
    expect(_header(visitor)).to_have_text(name)


def _id(person: Line, name: str) -> str:
    found: str = next(member["id"] for member in person.welcome["members"] if member["name"] == name)
    return found


def test_what_is_unread_stands_first_and_everybody_arranges_the_list_as_they_like(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    page = anna.page
    ids = {name: boris.ask("channel.create", name=name)["channel"] for name in ("apples", "books", "clouds")}
    expect(_names(anna)).to_have_text(["general", "apples", "books", "clouds"])
    boris.say("somebody wrote", ids["clouds"])
    expect(_names(anna)).to_have_text(["clouds", "general", "apples", "books"])

    # Nothing moves while somebody points at the list.
    _item(anna, "apples").hover()
    boris.say("and here", ids["books"])
    expect(_item(anna, "books").locator(".badge")).to_be_visible()
    expect(_names(anna)).to_have_text(["clouds", "general", "apples", "books"])
    anna.composer.hover()
    expect(_names(anna)).to_have_text(["books", "clouds", "general", "apples"])
    # What is opened stays where it was, until something else is opened.
    _item(anna, "clouds").click()
    anna.sees("somebody wrote")
    anna.composer.hover()
    expect(_names(anna)).to_have_text(["books", "clouds", "general", "apples"])
    page.keyboard.press("Alt+ArrowUp")
    anna.sees("and here")
    expect(_names(anna)).to_have_text(["books", "general", "apples", "clouds"])

    # A star puts a channel on top, on every device.
    _open(anna, "clouds")
    page.get_by_role("button", name="Star", exact=True).click()
    expect(page.get_by_role("list", name="Starred")).to_have_text("clouds")
    # Somebody who has muted a channel is called there only by what is said to them.
    _open(anna, "apples")
    expect(page.locator(".scene--buoy")).to_be_visible()
    page.get_by_role("button", name="Notifications", exact=True).click()
    page.get_by_label("Notify me about").select_option("none")
    page.keyboard.press("Escape")
    _open(anna, "general")
    anna.composer.hover()
    boris.say("nothing much", ids["apples"])
    boris.say("done", "general")
    anna.sees("done")
    apples = _item(anna, "apples")
    expect(apples).to_contain_text("Muted")
    expect(apples.locator(".badge")).to_have_count(0)
    expect(_names(anna)).to_have_text(["clouds", "general", "apples", "books"])
    boris.say("@Anna look", ids["apples"], mentions=[_id(boris, "Anna")])
    expect(apples.locator(".badge--mention")).to_be_visible()
    expect(_names(anna)).to_have_text(["clouds", "apples", "general", "books"])
    expect(apples.locator(".badge--mention")).to_have_css("background-color", page.evaluate(_PAINT, "--coral"))

    # The keys and a button lead to what is unread, and say when there is no more of it.
    boris.say("more", ids["books"])
    expect(_item(anna, "books").locator(".badge")).to_be_visible()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(_header(anna)).to_have_text("apples")
    expect(page.locator(".row__new")).to_have_css("color", page.evaluate(_PAINT, "--coral-ink"))
    assert page.evaluate(_PAINT, "--coral") in page.locator(".row__new").evaluate(_LINE)
    page.get_by_role("button", name="Next unread (Alt Shift ↓)").click()
    expect(_header(anna)).to_have_text("books")
    expect(page.get_by_role("button", name="Next unread")).to_have_count(0)
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(page.locator(".notice")).to_contain_text("You have read everything.")
    _open(anna, "general")
    boris.say("@Anna again", ids["apples"], mentions=[_id(boris, "Anna")])
    expect(apples.locator(".badge--mention")).to_be_visible()

    anna.composer.hover()

    # A folded part shows what is open and what wants to be read; the browser remembers it.
    page.get_by_role("button", name="Channels", exact=True).click()
    expect(_names(anna)).to_have_text(["clouds", "apples", "general"])
    anna.reload()
    expect(page.get_by_role("button", name="Channels", exact=True)).to_have_attribute("aria-expanded", "false")
    expect(_names(anna)).to_have_text(["clouds", "apples", "general"])
    expect(page.get_by_role("button", name="Remove the star")).to_have_count(0)
    assert anna.flaws() == []

    # What was read is unread again from a message on, and is counted once one looks elsewhere.
    _open(anna, "clouds")
    anna.act("somebody wrote", "Mark unread from here")
    expect(page.locator(".row__new")).to_be_visible()
    _open(anna, "apples")
    expect(_item(anna, "clouds").locator(".badge")).to_contain_text("1")
    anna.picture("list-arranged")
