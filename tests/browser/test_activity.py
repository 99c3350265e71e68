"""What happened around a member, in a page: the count at its button, the list, and the way to each message."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Line, Person

Enter = Callable[[str], Person]


def _id(line: Line, name: str) -> str:
    return str(next(member["id"] for member in line.welcome["members"] if member["name"] == name))


def _button(visitor: Visitor) -> Locator:
    return visitor.page.locator(".activity .sidebar__place")


def _count(visitor: Visitor) -> Locator:
    return visitor.page.locator(".activity__count")


def _panel(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Activity")


def _deeds(visitor: Visitor) -> Locator:
    return _panel(visitor).locator(".hit__deed")


def _something_happens(anna: Visitor, person: Enter) -> Line:
    """In a channel that Anna does not look at, and to what she said in the one that she does."""
    anna.say("the boat leaves at **six**")
    sent = anna.sees("the boat leaves at six")
    expect(sent).to_be_visible()
    boris, clara = person("Boris").come(), person("Clara").come()
    her, said = _id(boris, "Anna"), boris.history(limit=1)[0]["id"]
    plans = str(boris.ask("channel.create", name="plans")["channel"])
    boris.say("who has the key?", plans, mentions=[her])
    for line, emoji in ((boris, "👍"), (clara, "🎉")):
        assert line.ask("react", id=said, emoji=emoji, on=True)["type"] == "ack"
    return boris


def test_mentions_answers_and_reactions_are_counted_listed_and_led_to(window: OpenWindow, person: Enter) -> None:
    anna = window("Anna")
    expect(_button(anna)).to_have_accessible_name("Activity (Alt Shift M)")
    _something_happens(anna, person)
    expect(_count(anna)).to_have_text("2")
    expect(_button(anna)).to_have_accessible_name("Activity, 2 new (Alt Shift M)")

    _button(anna).click()
    expect(_deeds(anna)).to_have_text(["and 1 other reacted 👍 🎉", "mentioned you"])
    expect(_panel(anna).locator(".hit__author")).to_have_text(["Boris", "Boris"])
    expect(_panel(anna).locator(".hit__place")).to_have_text(["#general", "#plans"])
    expect(_panel(anna).locator(".hit__words")).to_have_text(["the boat leaves at six", "who has the key?"])
    expect(_panel(anna).locator(".hit__fresh")).to_have_count(2)
    assert anna.flaws() == []

    _panel(anna).get_by_role("button", name="who has the key?").click()
    expect(_panel(anna)).to_have_count(0)
    expect(anna.page.locator(".channel-header__name")).to_have_text("plans")
    expect(anna.sees("who has the key?")).to_be_in_viewport()
    expect(_count(anna)).to_have_text("1")
    _button(anna).click()
    expect(_panel(anna).locator(".hit--fresh .hit__deed")).to_have_text(["and 1 other reacted 👍 🎉"])
    _panel(anna).get_by_role("button", name="the boat leaves at six").click()
    expect(anna.sees("the boat leaves at six")).to_be_in_viewport()
    expect(_count(anna)).to_have_count(0)


def test_what_is_marked_as_seen_is_seen_on_all_devices_and_the_open_list_follows(
    window: OpenWindow, person: Enter
) -> None:
    anna = window("Anna")
    boris = _something_happens(anna, person)
    expect(_count(anna)).to_have_text("2")
    anna.page.keyboard.press("Alt+Shift+M")
    expect(_deeds(anna)).to_have_count(2)
    her = _id(boris, "Anna")
    boris.say("and the oars?", str(boris.ask("channel.create", name="oars")["channel"]), mentions=[her])
    expect(_deeds(anna)).to_have_count(3)
    seen = _panel(anna).get_by_role("button", name="Mark all as seen")
    seen.click()
    expect(seen).to_be_disabled()
    expect(_panel(anna).locator(".hit__fresh")).to_have_count(0)
    anna.page.keyboard.press("Escape")
    expect(_count(anna)).to_have_count(0)
    anna.reload()
    expect(_button(anna)).to_have_accessible_name("Activity (Alt Shift M)")
    expect(anna.page.locator(".channel-list__item", has_text="plans").locator(".badge")).to_contain_text("1 mention")


def test_an_empty_list_says_what_comes_there_and_a_lost_line_is_tried_again(window: OpenWindow) -> None:
    anna = window("Anna")
    _button(anna).click()
    expect(_panel(anna).locator(".media__foot")).to_contain_text("When somebody mentions you")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(_panel(anna)).to_have_count(0)
    anna.context.set_offline(True)
    expect(anna.page.locator(".connection--offline").first).to_be_visible()
    anna.page.keyboard.press("Alt+Shift+M")
    expect(_panel(anna)).to_contain_text("Could not load them.")
    assert anna.flaws() == []
    anna.context.set_offline(False)
    expect(anna.page.locator(".connection--live").first).to_be_attached()
    _panel(anna).get_by_role("button", name="Try again").click()
    expect(_panel(anna).locator(".media__foot")).to_contain_text("When somebody mentions you")
