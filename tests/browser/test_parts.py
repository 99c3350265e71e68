"""Parts of the page that are downloaded when they are first needed: ahead of that, in spite of trouble, offline."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.kept import until_kept
from tests.browser.test_updates import CONTROLLED
from tests.browser.visitor import Visitor, until
from tests.people import Person

LATER = "**/assets/later-*.js"
SETTINGS = "**/assets/settings-*.js"
REST = re.compile(r"/assets/(later|Beside|Completer|EmojiPicker)-[^/]*\.js$")


def refuse(route: Route) -> None:
    route.abort()


def without_parts(window: OpenWindow, **look: object) -> Visitor:
    """Somebody inside whose network went away before the rest of the page had come."""
    visitor = window(**look)
    visitor.page.route(LATER, refuse)
    visitor.sign_in("Anna")
    visitor.say("Something to change")
    visitor.sees("Something to change")
    visitor.context.set_offline(True)
    visitor.page.unroute(LATER, refuse)
    return visitor


def open_settings(visitor: Visitor) -> Locator:
    visitor.page.locator(".member-corner .icon-button").click()
    return visitor.page.get_by_role("dialog")


def open_people(visitor: Visitor) -> Locator:
    visitor.page.locator(".channel-header__people").click()
    return visitor.page.locator(".people")


def open_picker(visitor: Visitor) -> Locator:
    visitor.page.get_by_role("button", name="Emoji", exact=True).click()
    return visitor.page.locator(".emoji-popover")


def open_editor(visitor: Visitor) -> Locator:
    visitor.composer.press("ArrowUp")
    return visitor.message("Something to change").or_(visitor.page.locator("article:has(.waiting)"))


def test_the_door_comes_without_the_styles_of_what_is_inside(window: OpenWindow) -> None:
    asked: list[str] = []
    visitor = window()
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.reload()
    visitor.page.locator("form#login").wait_for()
    assert [url for url in asked if "/styles-" in url]
    assert not [url for url in asked if "/beside-" in url]
    visitor.sign_in("Anna")
    expect(visitor.page.locator(".search-button, .sidebar__search")).to_be_visible()
    assert [url for url in asked if "/beside-" in url]


PARTS = [
    pytest.param(open_settings, ".devices li", id="dialog"),
    pytest.param(open_people, ".person", id="people"),
    pytest.param(open_editor, ".message-editor__text", id="editor"),
    pytest.param(open_picker, ".emoji-picker__search", id="emoji"),
]


@pytest.mark.parametrize(("opened", "content"), PARTS)
def test_a_part_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    window: OpenWindow, opened: Callable[[Visitor], Locator], content: str
) -> None:
    anna = without_parts(window)
    place = opened(anna)
    expect(place.get_by_role("alert")).to_contain_text("This could not be loaded.")
    again = place.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    again.press("Enter")  # still without a network
    expect(again).to_have_attribute("aria-busy", "false")
    expect(again).to_be_focused()
    anna.context.set_offline(False)
    again.press("Enter")
    expect(anna.page.locator(content).first).to_be_visible()


def test_a_question_whose_part_does_not_come_is_in_sight_and_takes_no_keys(window: OpenWindow, room: str) -> None:
    anna = window()
    anna.page.route(LATER, refuse)
    anna.sign_in("Anna")
    anna.composer.press_sequentially("half a")
    stranger = Person(anna.address.partition("/r/")[0], "Anna", room=room)
    stranger.sign_in()
    again = anna.page.get_by_role("button", name="Try again")
    expect(again).to_be_in_viewport()
    anna.page.keyboard.type(" sentence")
    expect(anna.composer).to_have_value("half a sentence")
    anna.page.unroute(LATER, refuse)
    again.click()
    expect(anna.page.locator(".question__code")).to_be_visible()
    stranger.leave()


def test_emoji_that_do_not_come_can_be_asked_for_again(window: OpenWindow) -> None:
    anna = window("Anna")
    emoji = re.compile(r"/assets/en-[^/]*\.json$")
    anna.page.route(emoji, refuse)
    again = open_picker(anna).get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    anna.page.unroute(emoji, refuse)
    again.press("Enter")
    expect(anna.page.get_by_placeholder("Search emoji")).to_be_focused()


def test_reading_and_writing_need_nothing_that_comes_later(window: OpenWindow) -> None:
    """Neither is anything lost when the rest comes at last: the text, the caret, what was begun."""
    boris, anna = window("Boris"), window()
    anna.page.route(REST, refuse)
    anna.sign_in("Anna")
    boris.say("Is anybody here?")
    anna.sees("Is anybody here?").hover()
    anna.page.get_by_role("button", name="Reply", exact=True).click()
    anna.say("I am :)")
    expect(boris.sees("I am 🙂").locator(".quote")).to_contain_text("Is anybody here?")
    anna.composer.fill("Half a sentence for @Bor")
    anna.page.reload()
    anna.wait_until_live()
    expect(anna.composer).to_have_value("Half a sentence for @Bor")
    anna.composer.press("ArrowLeft")
    anna.page.unroute(REST, refuse)
    anna.page.keyboard.press("Delete")
    expect(anna.page.get_by_role("option", name="Boris")).to_be_visible()
    expect(anna.composer).to_have_value("Half a sentence for @Bo")
    expect(anna.composer).to_be_focused()


def test_what_could_not_be_loaded_is_said_in_russian(window: OpenWindow) -> None:
    anna = without_parts(window, language="ru-RU")
    dialog = open_settings(anna)
    expect(dialog.get_by_role("alert")).to_contain_text("Не удалось загрузить")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    anna.context.set_offline(False)
    open_settings(anna)
    expect(anna.page.locator(".devices li")).to_have_count(1)


def test_of_two_languages_the_one_that_was_chosen_last_counts(window: OpenWindow) -> None:
    anna = window()
    held: list[Route] = []
    anna.page.route("**/assets/ru-*.js", lambda route: held.append(route))
    language = anna.page.get_by_label("Language")
    language.select_option("ru")
    until(anna.page, lambda: held)
    language.select_option("en")
    for each in held:
        each.continue_()
    anna.page.wait_for_timeout(500)
    expect(anna.page.locator("button[form=login]")).to_have_text("Sign in")
    expect(anna.page.locator("html")).to_have_attribute("lang", "en")


def test_parts_are_downloaded_before_anybody_asks_for_them(window: OpenWindow) -> None:
    visitor = window()
    with visitor.page.expect_response(LATER):
        visitor.sign_in("Anna")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.keyboard.press("Control+k")
    expect(visitor.page.get_by_role("dialog", name="Go to a channel")).to_be_visible()
    assert [url for url in asked if "/assets/later-" in url] == []


def test_a_part_that_a_newer_version_replaced_is_found_by_loading_the_page_anew(window: OpenWindow) -> None:
    visitor = window()
    visitor.page.route(SETTINGS, gone := lambda route: route.fulfill(status=404, body="gone"))
    visitor.sign_in("Anna")
    visitor.composer.fill("Half a sentence")
    dialog = open_settings(visitor)
    visitor.page.evaluate("() => { globalThis.isOld = true }")
    again = dialog.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    again.press("Enter")
    visitor.page.wait_for_function("() => globalThis.isOld === undefined")
    visitor.page.unroute(SETTINGS, gone)
    visitor.wait_until_live()
    expect(visitor.composer).to_have_value("Half a sentence")


def test_whoever_comes_back_without_a_network_has_every_part(window: OpenWindow) -> None:
    anna = window("Anna", service_workers="allow")
    anna.say("kept for the train")
    anna.sees("kept for the train")
    anna.act("kept for the train", "Reply")
    anna.say("what is?")
    anna.sees("what is?")
    anna.page.wait_for_function(CONTROLLED)
    until_kept(anna, "what is?")
    anna.context.set_offline(True)
    anna.page.reload()
    anna.sees("what is?")
    anna.page.get_by_role("button", name="1 reply").press("Enter")
    replies = anna.page.get_by_role("complementary", name="Replies")
    expect(replies).to_contain_text("Could not load them.")
    replies.get_by_role("button", name="Close").click()
    open_people(anna)
    expect(anna.page.locator(".person")).to_have_count(1)
    expect(open_settings(anna).get_by_role("heading", name="Settings")).to_be_visible()
    expect(anna.page.locator(".waiting")).to_have_count(0)


def test_a_page_whose_words_did_not_come_says_so_and_can_be_loaded_again(window: OpenWindow) -> None:
    visitor = window()
    words = re.compile(r"/assets/en-[^/]*\.js$")
    visitor.page.route(words, refuse)
    visitor.page.reload()
    again = visitor.page.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    visitor.page.unroute(words, refuse)
    again.press("Enter")
    visitor.sign_in("Anna")
