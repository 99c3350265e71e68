"""Messages that people keep at hand, in a page: pins of a channel."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.people import Person

Enter = Callable[[str], Person]


def test_a_message_is_pinned_found_and_unpinned(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), window("Boris", width=390, height=844)
    writer = person("Vera").come()
    writer.say("the **code** of the gate is 4711")
    for number in range(40):
        writer.say(f"line {number}")
    anna.page.keyboard.press("Home")
    anna.act("the code of the gate", "Pin")
    count = boris.page.get_by_role("button", name="1 pinned message")
    expect(count).to_be_visible()

    count.click()
    panel = boris.page.get_by_role("dialog", name="Pinned messages")
    expect(panel).to_contain_text("Pinned by Anna")
    assert boris.flaws() == []
    panel.get_by_role("button", name="the code of the gate").click()
    expect(panel).to_have_count(0)
    expect(boris.sees("the code of the gate")).to_be_in_viewport()

    boris.reload()
    count.click()
    panel.get_by_role("button", name="Unpin").click()
    expect(panel).to_contain_text("Nothing is pinned here")
    boris.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("button", name="1 pinned message")).to_have_count(0)


def test_a_saved_message_follows_its_member(window: OpenWindow, person: Enter) -> None:
    anna = window("Anna", width=390, height=844)
    for number in (1, 2):
        person(f"Vera {number}").come().say(f"letter {number}")
    anna.act("letter 1", "Save for later")
    anna.act("letter 2", "Save for later")
    expect(anna.message("letter 2").get_by_role("button", name="Remove from saved")).to_be_attached()
    anna.reload()
    anna.message("letter 1").last.focus()
    expect(anna.message("letter 1").get_by_role("button", name="Remove from saved")).to_be_attached()

    anna.page.get_by_role("button", name="Show channels").click()
    anna.page.get_by_role("button", name="Saved for later").click()
    panel = anna.page.get_by_role("dialog", name="Saved for later")
    expect(panel.locator(".hit__words")).to_have_text(["letter 2", "letter 1"])
    assert anna.flaws() == []
    panel.get_by_role("button", name="Remove from saved").first.click()
    expect(panel.locator(".hit__words")).to_have_text(["letter 1"])
    panel.get_by_role("button", name="letter 1").click()
    expect(panel).to_have_count(0)
    expect(anna.sees("letter 1")).to_be_in_viewport()


def test_what_a_message_said_before_is_behind_its_mark(window: OpenWindow, person: Enter) -> None:
    anna, writer = window("Anna"), person("Vera").come()
    sent = writer.say("the gate opens at **six**")
    writer.ask("edit", id=sent["id"], body="the gate opens at seven")
    anna.sees("the gate opens at seven").get_by_role("button", name="(edited)").click()
    panel = anna.page.get_by_role("dialog", name="What it said before")
    expect(panel.locator("strong")).to_have_text("six")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
