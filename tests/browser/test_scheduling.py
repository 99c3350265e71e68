"""Sending later, in a page: from the arrow beside the button to the list of what is to be sent."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow


def test_what_is_written_is_sent_later_changed_and_sent_now(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=844, theme="dark")
    page = anna.page
    anna.composer.fill("Good morning, all of you")
    send = page.get_by_role("button", name="Send", exact=True)
    before = send.bounding_box()
    page.get_by_role("button", name="Attach files").tap()
    page.get_by_role("button", name="Send later…").tap()
    dialog = page.get_by_role("dialog", name="Send later…")
    expect(dialog.get_by_role("button", name="Tomorrow")).to_be_visible()
    anna.picture("scheduling-times")
    assert anna.flaws() == []
    dialog.get_by_label("Date").fill("2001-01-01")
    dialog.get_by_label("Date").evaluate("(field) => field.removeAttribute('min')")
    dialog.get_by_role("button", name="Schedule").click()
    expect(dialog.get_by_role("alert")).to_contain_text("at least a minute")
    dialog.get_by_role("button", name="Tomorrow").click()
    expect(dialog).to_have_count(0)
    expect(anna.composer).to_have_value("")
    assert send.bounding_box() == before

    page.get_by_role("button", name="1 scheduled").click()
    listed = page.get_by_role("dialog", name="Scheduled messages")
    expect(listed).to_contain_text("Tomorrow, 09:00")
    listed.get_by_role("button", name="Change").click()
    listed.get_by_label("Message").fill("Good morning, Boris")
    listed.get_by_role("button", name="Save").click()
    expect(listed.locator(".hit__words")).to_have_text("Good morning, Boris")
    anna.picture("scheduling-list")
    assert anna.flaws() == []
    listed.get_by_role("button", name="Send now").click()
    expect(listed).to_contain_text("Nothing is scheduled")
    page.keyboard.press("Escape")
    anna.sees("Good morning, Boris")
    expect(page.get_by_role("button", name="1 scheduled")).to_have_count(0)
