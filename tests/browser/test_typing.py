"""What somebody types, and the history above it, stay where they are: typed key by key, as people do."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.kept import until_kept
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person

_KEY_MS = 40
_LEFT = """() => {
  const {scrollHeight, clientHeight, scrollTop} = document.querySelector(".timeline__frame")
  return scrollHeight - clientHeight - scrollTop
}"""
# Safari and Firefox have no `field-sizing` everywhere: there a twin of the text area is measured.
_WITHOUT_FIELD_SIZING = """
  const supports = CSS.supports.bind(CSS)
  CSS.supports = (...words) => words[0] !== "field-sizing" && supports(...words)
"""
_TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_FIXED = """() => document.styleSheets[0].insertRule(
  "textarea { field-sizing: fixed !important }", document.styleSheets[0].cssRules.length)"""

Enter = Callable[[str], Person]


def _fill(boris: Line, count: int) -> None:
    for number in range(count):
        boris.say(f"line {number} of what was said before")


def _stands_at_end(visitor: Visitor) -> None:
    until(visitor.page, lambda: visitor.page.evaluate(_LEFT) <= 1)


def _type(visitor: Visitor, text: str) -> None:
    for line in text.split("\n"):
        visitor.page.keyboard.type(line, delay=_KEY_MS)
        visitor.page.keyboard.press("Shift+Enter")


def _arrives_in_sight(visitor: Visitor, boris: Line, text: str) -> None:
    """A message is seen at once, and read: nothing has moved the history from its end."""
    boris.say(text)
    expect(visitor.message(text)).to_be_in_viewport(ratio=0.9)
    expect(visitor.page.locator(".newest")).to_have_count(0)
    _stands_at_end(visitor)


def test_the_history_stays_at_its_end_while_many_lines_are_typed(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    expect(anna.message("line 59")).to_be_in_viewport()
    anna.composer.click()
    for number in range(6):
        _type(anna, f"line {number}, and on")
        _arrives_in_sight(anna, boris, f"in between {number}")
    for _ in range(60):
        anna.page.keyboard.press("Backspace")
        assert anna.page.evaluate(_LEFT) <= 1
    _arrives_in_sight(anna, boris, "after all")
    anna.page.keyboard.press("Enter")
    expect(anna.message("line 0, and on")).to_be_in_viewport()


def test_a_browser_that_does_not_size_fields_itself_holds_the_history_as_well(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    expect(anna.message("line 59")).to_be_in_viewport()
    anna.context.add_init_script(_WITHOUT_FIELD_SIZING)
    anna.reload()
    anna.page.evaluate(_FIXED)
    expect(anna.message("line 59")).to_be_in_viewport()
    low = anna.composer.bounding_box()
    anna.composer.click()
    _type(anna, "one\ntwo\nthree\nfour\nfive")
    high = anna.composer.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] > low["height"] * 3
    _stands_at_end(anna)
    _arrives_in_sight(anna, boris, "and on")
    anna.composer.fill("")
    until(anna.page, lambda: anna.composer.bounding_box() == low)


def test_the_history_stays_at_its_end_whatever_makes_room_around_it(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 60)
    expect(anna.message("line 59")).to_be_in_viewport()
    anna.act("line 59", "Reply")
    expect(anna.page.locator(".reply-bar")).to_be_visible()
    _arrives_in_sight(anna, boris, "with the reply bar")
    anna.page.set_viewport_size({"width": 1440, "height": 500})  # as the keyboard of a phone does
    _arrives_in_sight(anna, boris, "in a low window")
    anna.page.set_viewport_size({"width": 700, "height": 900})
    _arrives_in_sight(anna, boris, "in a narrow one")
    anna.page.evaluate("document.documentElement.style.fontSize = '150%'")  # as a zoom does
    _arrives_in_sight(anna, boris, "zoomed in")
    anna.page.evaluate("document.documentElement.style.fontSize = ''")
    _arrives_in_sight(anna, boris, "and out")


def test_who_scrolls_up_stays_there_while_typing_and_while_others_write(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    _fill(boris, 80)
    expect(anna.message("line 79")).to_be_in_viewport()
    frame = anna.page.locator(".timeline__frame")
    frame.hover()
    anna.page.mouse.wheel(0, -900)
    expect(anna.page.locator(".newest")).to_be_visible()
    seen = anna.message("line 50")
    seen.scroll_into_view_if_needed()
    place = seen.bounding_box()
    anna.composer.click()
    _type(anna, "one\ntwo\nthree\nfour")
    boris.say("far below")
    expect(anna.page.locator(".newest")).to_contain_text("1 new message")
    assert seen.bounding_box() == place
    # Without the wheel too: a search of the browser, the keys, a screen reader move it as they like.
    anna.page.locator(".newest").click()
    _stands_at_end(anna)
    frame.evaluate("(frame) => { frame.scrollTop -= 400 }")
    expect(anna.page.locator(".newest")).to_be_visible()


def _editor(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("textbox", name="Edit message")


def _go_back_to_editor(visitor: Visitor) -> None:
    """Scroll up to it and into it. While a new width is laid out, a history that stands at its end stays there."""
    visitor.rest()

    def is_there() -> bool:
        _editor(visitor).scroll_into_view_if_needed()
        return visitor.page.locator(".newest").is_visible()

    until(visitor.page, is_there)
    _editor(visitor).focus()


def _tab(visitor: Visitor) -> Visitor:
    """Another tab of the same browser."""
    other = Visitor(visitor.context, visitor.context.new_page(), visitor.address)
    other.watch(other.page)
    other.come()
    other.wait_until_live()
    return other


def test_an_edit_in_progress_outlives_everything_but_its_end(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    boris.ask("channel.create", name="plans")
    anna.say("what I said")
    anna.sees("what I said")
    anna.composer.press("ArrowUp")
    expect(_editor(anna)).to_be_focused()
    _editor(anna).press_sequentially(", and more", delay=_KEY_MS)
    typed = "what I said, and more"
    anna.page.keyboard.press("Alt+ArrowDown")
    expect(anna.page.get_by_role("heading", name="plans", exact=True)).to_be_visible()
    anna.page.keyboard.press("Alt+ArrowUp")
    expect(_editor(anna)).to_have_value(typed)
    anna.page.reload()
    expect(_editor(anna)).to_have_value(typed)
    anna.wait_until_live()
    expect(anna.composer).to_be_focused()
    _fill(boris, 80)
    expect(anna.message("line 79")).to_be_in_viewport()
    expect(_editor(anna)).to_have_value(typed)
    sidebar = anna.page.get_by_role("navigation", name="Channels", include_hidden=True)
    anna.page.set_viewport_size({"width": 700, "height": 900})
    expect(sidebar).to_have_js_property("inert", True)
    _go_back_to_editor(anna)
    anna.page.set_viewport_size({"width": 1440, "height": 900})
    expect(sidebar).to_have_js_property("inert", False)
    anna.page.evaluate(_TWO_FRAMES)  # whatever would take the focus does it by then
    expect(_editor(anna)).to_be_focused()
    anna.rest()
    anna.page.locator(".newest").click()
    anna.act("line 79", "Reply")
    expect(_editor(anna)).to_have_value(typed)
    _editor(anna).press("Enter")
    assert boris.event("edit")["body"] == typed
    expect(_editor(anna)).to_have_count(0)
    anna.reload()
    expect(_editor(anna)).to_have_count(0)


def test_the_key_after_the_one_that_begins_an_edit_is_for_the_editor(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("what I said")
    anna.sees("what I said")
    anna.composer.press("ArrowUp")
    _editor(anna).press("Escape")  # by now its file is there
    expect(anna.composer).to_be_focused()
    focused = anna.page.evaluate(
        """async () => {
          const key = new KeyboardEvent("keydown", {key: "ArrowUp", bubbles: true})
          document.querySelector(".composer__text").dispatchEvent(key)
          for (let step = 0; step < 20; step++) await null  // nothing is painted meanwhile
          const {ariaLabel, value, selectionStart} = document.activeElement
          return [ariaLabel, selectionStart === value.length]
        }"""
    )
    assert focused == ["Edit message", True]


def test_an_edit_that_was_not_stored_before_the_page_went_is_not_lost(
    window: OpenWindow, person: Callable[[str], Person]
) -> None:
    anna = window("Anna")
    anna.say("what I said")
    anna.sees("what I said")

    def lose_edits(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda text: None if '"edit"' in str(text) else server.send(text))

    anna.page.route_web_socket(re.compile("/socket$"), lose_edits)
    anna.reload()
    anna.composer.press("ArrowUp")
    _editor(anna).fill("what I meant")
    _editor(anna).press("Enter")
    anna.sees("what I meant")
    person("Boris").come().say("said meanwhile")
    anna.sees("said meanwhile")
    until_kept(anna, "said meanwhile")  # what is shown has been put away for the next visit
    anna.reload()
    anna.sees("what I said")
    anna.composer.press("ArrowUp")
    expect(_editor(anna)).to_have_value("what I meant")


def test_no_field_takes_so_much_that_it_stops_the_page(window: OpenWindow) -> None:
    anna = window()
    page = anna.page

    def taken(field: Locator) -> int:
        field.focus()
        page.evaluate("document.execCommand('insertText', false, 'word '.repeat(200_000))")
        return len(field.input_value())

    for field in ("username", "password"):
        assert 0 < taken(page.locator(f"form#login [name={field}]")) <= 1_000
    anna.sign_in("Anna")
    page.keyboard.press("Control+k")
    assert 0 < taken(page.locator(".switcher__query")) <= 100
    page.keyboard.press("Escape")
    page.locator(".composer").get_by_role("button", name="Emoji").click()
    assert 0 < taken(page.locator(".emoji-popover input")) <= 100
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New channel").click()
    for field in ("Name", "Topic"):
        assert 0 < taken(page.get_by_label(field, exact=True)) <= 250


def test_an_edit_of_another_message_does_not_lose_the_first(window: OpenWindow) -> None:
    anna = window("Anna")
    for text in ("the first", "the second"):
        anna.say(text)
        anna.sees(text)
    anna.act("the first", "Edit message")
    _editor(anna).press_sequentially(" is not lost")
    anna.act("the second", "Edit message")
    expect(_editor(anna)).to_have_value("the second")
    _editor(anna).press("Escape")
    anna.act("the first", "Edit message")
    expect(_editor(anna)).to_have_value("the first is not lost")
    _editor(anna).press("Escape")
    anna.act("the first", "Edit message")
    expect(_editor(anna)).to_have_value("the first")


def test_whom_one_answers_outlives_a_reload(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    boris.say("are you there?")
    anna.act("are you there?", "Reply")
    anna.composer.press_sequentially("yes, I", delay=_KEY_MS)
    anna.reload()
    expect(anna.page.locator(".reply-bar")).to_contain_text("are you there?")
    expect(anna.composer).to_have_value("yes, I")
    anna.composer.press_sequentially(" am")
    anna.composer.press("Enter")
    expect(anna.sees("yes, I am").locator(".quote")).to_contain_text("are you there?")
    anna.reload()
    expect(anna.page.locator(".reply-bar")).to_have_count(0)


def test_tabs_of_one_browser_share_a_draft_and_let_go_of_it_together(window: OpenWindow) -> None:
    anna = window("Anna")
    other = _tab(anna)
    anna.composer.press_sequentially("half a sentence", delay=_KEY_MS)
    expect(other.composer).to_have_value("half a sentence")
    anna.composer.press("Enter")
    expect(other.composer).to_have_value("")
    other.reload()
    expect(other.composer).to_have_value("")
    other.composer.press_sequentially("the other way")
    expect(anna.composer).to_have_value("the other way")


def test_a_channel_that_is_being_described_waits_however_its_dialog_closes(window: OpenWindow) -> None:
    anna = window("Anna")
    opener = anna.page.get_by_role("button", name="New channel", exact=True)
    name, topic = (anna.page.locator("dialog").get_by_label(label, exact=True) for label in ("Name", "Topic"))
    opener.click()
    name.press_sequentially("plans", delay=_KEY_MS)
    topic.press_sequentially("What we do next", delay=_KEY_MS)
    closings: list[Callable[[], object]] = [
        lambda: anna.page.keyboard.press("Escape"),
        lambda: anna.page.mouse.click(3, 3),
        lambda: anna.page.locator("dialog").get_by_role("button", name="Close", exact=True).click(),
        anna.reload,
    ]
    for close in closings:
        close()
        expect(anna.page.locator("dialog")).to_have_count(0)
        opener.click()
        expect(name).to_have_value("plans")
        expect(topic).to_have_value("What we do next")
    anna.page.get_by_role("button", name="Create", exact=True).click()
    expect(anna.page.get_by_role("heading", name="plans", exact=True)).to_be_visible()
    opener.click()
    expect(name).to_have_value("")
    name.fill("nothing yet")
    anna.page.locator("dialog").get_by_role("button", name="Cancel", exact=True).click()
    opener.click()
    expect(name).to_have_value("")


def test_the_editor_says_that_a_paste_was_too_long(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("short")
    anna.sees("short")
    anna.act("short", "Edit message")
    anna.page.evaluate("navigator.clipboard.writeText('long '.repeat(5_000))")
    _editor(anna).press("ControlOrMeta+v")
    expect(anna.page.locator(".message-editor")).to_contain_text("Only the beginning of what you pasted fits in.")
    assert len(_editor(anna).input_value()) == 8_000
    _editor(anna).press("ControlOrMeta+z")
    expect(_editor(anna)).to_have_value("short")


def test_a_finger_makes_a_new_line_with_enter_and_sends_with_the_button(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=800)
    anna.composer.press_sequentially("one")
    anna.composer.press("Enter")
    anna.composer.press_sequentially("two")
    expect(anna.composer).to_have_value("one\ntwo")
    anna.page.get_by_role("button", name="Send").click()
    anna.sees("one")
    expect(anna.composer).to_have_value("")


def test_a_link_pasted_over_words_makes_a_link_of_them(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.evaluate("navigator.clipboard.writeText('https://example.org/plan')")
    anna.composer.fill("see plan")
    anna.composer.evaluate("(field) => field.setSelectionRange(4, 8)")
    anna.page.keyboard.press("ControlOrMeta+v")
    expect(anna.composer).to_have_value("see [plan](https://example.org/plan)")
    anna.page.keyboard.press("ControlOrMeta+z")
    expect(anna.composer).to_have_value("see plan")
