"""Somebody comes to a room in which much has been said: at its end, with a quiet line, without a flood of unread."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Person

OLD = 300


def _above(visitor: Visitor, line: Locator, text: str) -> bool:
    """Whether a line stands below a message, and nothing between them."""
    message, joined = visitor.message(text).bounding_box(), line.bounding_box()
    assert message is not None
    assert joined is not None
    return 0 <= joined["y"] - message["y"] - message["height"] < 2


def test_a_newcomer_starts_at_the_end_of_an_old_room(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    pier = boris.ask("channel.create", name="pier")["channel"]
    boris.say_many(OLD, "old {}")
    boris.say_many(OLD, "pier {}", channel=pier)
    anna = window("Anna")
    expect(anna.message(f"old {OLD - 1}")).to_be_in_viewport()
    line = anna.page.locator(".row__joined")
    expect(line).to_have_text("You joined")
    expect(line).to_be_in_viewport()
    assert _above(anna, line, f"old {OLD - 1}")
    expect(anna.page.locator(".row__new")).to_have_count(0)
    expect(anna.page.locator(".sidebar .badge")).to_have_count(0)
    assert anna.flaws() == []
    anna.picture("newcomer")

    boris.say("good to see you")
    anna.sees("good to see you")
    anna.reload()
    anna.sees("good to see you")
    assert _above(anna, line, f"old {OLD - 1}"), "it stays where it was"
    message = anna.message("good to see you")
    expect(message.locator(".message__author")).to_have_text("Boris")
    anna.page.locator(".channel-list__item", has_text="pier").click()
    expect(anna.message(f"pier {OLD - 1}")).to_be_in_viewport()
    expect(line).to_have_count(0)
    expect(anna.page.locator(".row__new")).to_have_count(0)


def test_who_begins_a_room_has_joined_nothing(window: OpenWindow) -> None:
    anna = window("Anna")
    expect(anna.page.get_by_role("heading", name="Your harbour is open")).to_be_visible()
    anna.picture("first-login")
    anna.say("first of all")
    anna.sees("first of all")
    expect(anna.page.locator(".row__joined")).to_have_count(0)
