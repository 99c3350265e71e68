"""Somebody comes to a room in which much has been said: at its end, with a quiet line, without a flood of unread."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_invites import link_in
from tests.browser.visitor import Visitor
from tests.people import Person

OLD = 300

# A browser that asks before it shows notices, and that hands links on.
_BROWSER = """
  Object.defineProperty(Notification, "permission", { get: () => globalThis.permission ?? "default" })
  Notification.requestPermission = async () => (globalThis.permission = "granted")
  navigator.share = async (what) => { globalThis.shared = what }
"""


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


def test_who_begins_a_room_has_joined_nothing_and_is_shown_what_to_do_first(window: OpenWindow) -> None:
    anna = window()
    anna.page.add_init_script(_BROWSER)
    anna.page.reload()
    anna.sign_in("Anna")
    welcome = anna.page.get_by_role("region", name="Your harbour is open")
    expect(welcome).to_contain_text("Nobody else is in Harbour yet.")
    expect(welcome.locator(".scene--harbour")).to_be_visible()
    anna.picture("first-login")
    steps, done = welcome.locator(".welcome__step"), welcome.locator(".welcome__step--done")
    expect(steps).to_have_text(["Say hello", "Invite somebody", "Switch on notifications"])
    expect(done).to_have_count(0)
    anna.say("first of all")
    anna.sees("first of all")
    expect(anna.page.locator(".row__joined")).to_have_count(0)
    expect(done).to_contain_text(["Say hello"])

    welcome.get_by_role("button", name="Create link").click()
    expect(welcome.locator(".qr__code")).to_be_visible()
    link = link_in(welcome)
    welcome.get_by_role("button", name="Copy link").click()
    expect(welcome.get_by_role("button", name="Copied")).to_be_visible()
    assert anna.page.evaluate("navigator.clipboard.readText()").endswith(f"/join#{link}")
    welcome.get_by_role("button", name="Share").click()
    assert anna.page.evaluate("shared.text") == "Anna invites you to Harbour:"
    expect(done).to_contain_text(["Say hello", "Invite somebody"])
    anna.picture("first-link")
    assert anna.flaws() == []

    steps.nth(2).click()
    anna.page.get_by_label("Notices while you are in another window").click()
    expect(anna.page.get_by_label("Notices while you are in another window")).to_be_checked()
    anna.page.keyboard.press("Escape")
    expect(done).to_have_count(3)
    # What was done stays done, without the link as well.
    steps.nth(1).click()
    anna.page.get_by_role("button", name="Revoke Link without a label").click()
    anna.page.get_by_role("button", name="Revoke", exact=True).last.click()
    expect(anna.page.get_by_text("No open links.")).to_be_visible()
    expect(anna.page.locator("dialog")).to_have_count(1)
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator("dialog")).to_have_count(0)
    anna.reload()
    expect(done).to_have_count(3)
