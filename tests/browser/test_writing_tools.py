"""The tools of the composer: marks around words and before lines, by press and by key, and what becomes of them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.shifts import still, watch
from tests.browser.visitor import Visitor
from tests.people import Person

Enter = Callable[..., Person]

_PASTE = """(field, text) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""


def _tool(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(".tools").get_by_role("button", name=name, exact=True)


def _write(visitor: Visitor, text: str, start: int = 0, end: int | None = None) -> None:
    """Type a text and choose a part of it; all, if nothing is said."""
    visitor.composer.fill(text)
    visitor.composer.evaluate(
        "(field, [start, end]) => field.setSelectionRange(start, end)", [start, len(text) if end is None else end]
    )


def test_each_tool_marks_what_is_chosen_takes_it_off_again_and_is_undone(window: OpenWindow) -> None:
    anna = window("Anna")
    for name, text, marked in [
        ("Bold", "words", "**words**"),
        ("Italic", "words", "*words*"),
        ("Strikethrough", "words", "~~words~~"),
        ("Link", "words", "[words](https://)"),
        ("Bulleted list", "one\ntwo", "- one\n- two"),
        ("Numbered list", "one\ntwo", "1. one\n2. two"),
        ("Quote", "one\ntwo", "> one\n> two"),
        ("Code", "x = 1", "`x = 1`"),
        ("Code block", "x = 1\ny = 2", "```\nx = 1\ny = 2\n```"),
    ]:
        _write(anna, text)
        _tool(anna, name).click()
        expect(anna.composer).to_have_value(marked)
        expect(anna.composer).to_be_focused()
        expect(_tool(anna, name)).to_have_attribute("aria-pressed", "true")
        anna.page.keyboard.press("Control+z")
        expect(anna.composer).to_have_value(text)
        _write(anna, text)
        _tool(anna, name).click()
        expect(anna.composer).to_have_value(marked)
        _tool(anna, name).click()
        expect(anna.composer).to_have_value(text)
        expect(_tool(anna, name)).to_have_attribute("aria-pressed", "false")
    _write(anna, "see the words", 8)
    anna.composer.evaluate(_PASTE, "https://example.org/pier")
    expect(anna.composer).to_have_value("see the [words](https://example.org/pier)")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("see the words")
    assert anna.flaws() == []


def test_each_tool_has_keys_and_says_them_whether_it_is_shown_or_not(window: OpenWindow) -> None:
    anna = window("Anna")
    keys = {
        "Bold": ("Ctrl B", "Control+b", "**word**"),
        "Italic": ("Ctrl I", "Control+i", "*word*"),
        "Strikethrough": ("Ctrl Shift X", "Control+Shift+X", "~~word~~"),
        "Link": ("Ctrl Shift L", "Control+Shift+L", "[word](https://)"),
        "Numbered list": ("Ctrl Shift 7", "Control+Shift+Digit7", "1. word"),
        "Bulleted list": ("Ctrl Shift 8", "Control+Shift+Digit8", "- word"),
        "Quote": ("Ctrl Shift 9", "Control+Shift+Digit9", "> word"),
        "Code": ("Ctrl E", "Control+e", "`word`"),
        "Code block": ("Ctrl Shift E", "Control+Shift+E", "```\nword\n```"),
    }
    for name, (said, _, _) in keys.items():
        expect(_tool(anna, name)).to_have_attribute("title", f"{name} ({said})")
    _tool(anna, "Hide formatting").click()
    expect(anna.page.get_by_role("toolbar", name="Formatting")).to_have_count(0)
    for _, pressed, marked in keys.values():
        _write(anna, "word")
        anna.page.keyboard.press(pressed)
        expect(anna.composer).to_have_value(marked)
    anna.page.get_by_role("button", name="Emoji").focus()
    anna.page.keyboard.press("?")
    shortcuts = anna.page.get_by_role("dialog", name="Shortcuts").locator(".shortcuts__row")
    expect(shortcuts.filter(has_text="Ctrl Shift L")).to_contain_text("Link")


def test_a_message_that_is_changed_has_the_same_tools_and_keys(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("word :)")
    anna.sees("word")
    anna.composer.press("ArrowUp")
    editor = anna.page.get_by_role("textbox", name="Edit message")
    tools = anna.page.locator(".message-editor .tools")
    for name, pressed, marked in (("Bold", None, "**word** :)"), ("Italic", "Control+i", "*word* :)")):
        editor.fill("word :)")
        editor.evaluate("(field) => field.setSelectionRange(0, 4)")
        if pressed is None:
            tools.get_by_role("button", name=name, exact=True).click()
        else:
            anna.page.keyboard.press(pressed)
        expect(editor).to_have_value(marked)
        expect(editor).to_be_focused()
    expect(tools.get_by_role("button", name="Poll")).to_have_count(0)
    tools.get_by_role("button", name="Preview").click()
    expect(anna.page.locator(".message-editor .preview")).to_have_text("word :)")
    expect(anna.page.locator(".message-editor .preview em")).to_have_text("word")
    anna.picture("tools-editor")
    assert anna.flaws() == []
    tools.get_by_role("button", name="Hide formatting").click()
    expect(anna.page.get_by_role("toolbar", name="Formatting")).to_have_count(0)
    editor.press("Enter")
    expect(anna.sees("word").locator("em")).to_have_text("word")


def test_the_browser_remembers_that_the_tools_are_put_away_and_nothing_that_is_read_moves(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for number in range(40):
        boris.say(f"line {number} of many")
    expect(anna.message("line 39")).to_be_in_viewport()
    expect(_tool(anna, "Bold")).to_be_visible()
    high = anna.page.locator(".composer").bounding_box()
    watch(anna)
    _tool(anna, "Hide formatting").click()
    expect(_tool(anna, "Bold")).to_have_count(0)
    expect(anna.message("line 39")).to_be_in_viewport()
    low = anna.page.locator(".composer").bounding_box()
    assert high is not None
    assert low is not None
    assert 0 < high["height"] - low["height"] < 60
    # It is as low, and as high, from the first moment on.
    for tool, height in (("Show formatting", low["height"]), ("Hide formatting", high["height"])):
        anna.page.route("**/assets/Tools-*.js", lambda route: route.abort())
        anna.reload()
        box = anna.page.locator(".composer").bounding_box()
        assert box is not None
        assert abs(box["height"] - height) < 1
        anna.page.unroute_all()
        anna.reload()
        watch(anna)
        expect(_tool(anna, tool)).to_be_visible()
        still(anna, "the tools come")
        box = anna.page.locator(".composer").bounding_box()
        assert box is not None
        assert abs(box["height"] - height) < 1
        _tool(anna, tool).click()


def test_the_preview_shows_what_the_message_will_be(window: OpenWindow) -> None:
    anna = window("Anna")
    body = "**Bold** and `code` :)\n\n- one\n- two\n\n```python\nprint('x')\n```"
    _tool(anna, "Preview").click()
    preview = anna.page.get_by_role("region", name="Preview")
    expect(preview).to_have_text("Nothing to preview yet")
    anna.composer.fill(body)
    expect(preview.locator("strong")).to_have_text("Bold")
    expect(preview.locator("li")).to_have_text(["one", "two"])
    expect(preview.locator(".code-block")).to_contain_text("print('x')")
    anna.picture("tools-preview")
    assert anna.flaws() == []
    shown = preview.locator(".message__body").inner_html()
    anna.composer.press("Enter")
    expect(preview).to_have_text("Nothing to preview yet")
    message = anna.sees("and code")
    assert message.locator(".message__body").inner_html() == shown
    _tool(anna, "Preview").click()
    expect(preview).to_have_count(0)


def test_a_block_of_code_gets_its_language_in_a_field_beside_the_tools(window: OpenWindow) -> None:
    anna = window("Anna")
    _write(anna, "x = 1")
    _tool(anna, "Code block").click()
    language = anna.page.get_by_label("Language")
    language.fill("python")
    language.press("Enter")
    expect(anna.composer).to_have_value("```python\nx = 1\n```")
    expect(anna.composer).to_be_focused()
    anna.page.keyboard.type("y")
    expect(anna.composer).to_have_value("```python\ny\n```")
    language.fill("")
    anna.composer.focus()
    expect(anna.composer).to_have_value("```\ny\n```")
    anna.composer.fill("no code")
    expect(language).to_have_count(0)


def test_the_keys_go_along_the_tools_as_one_stop(window: OpenWindow) -> None:
    anna = window("Anna")
    _write(anna, "word")
    expect(_tool(anna, "Bold")).to_be_visible()
    anna.page.keyboard.press("Tab")
    expect(_tool(anna, "Hide formatting")).to_be_focused()
    anna.page.keyboard.press("Tab")
    expect(_tool(anna, "Bold")).to_be_focused()
    anna.page.keyboard.press("ArrowRight")
    expect(_tool(anna, "Italic")).to_be_focused()
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_have_value("*word*")
    expect(anna.composer).to_be_focused()


@pytest.mark.parametrize("language", ["en-GB", "ru-RU"])
def test_on_a_phone_they_are_put_away_at_first_and_scroll_then(window: OpenWindow, language: str) -> None:
    anna = window("Anna", width=390, height=844, language=language)
    toggle = anna.page.locator(".tools > .icon-button")
    expect(toggle).to_be_visible()
    expect(anna.page.locator(".tools__row")).to_have_count(0)
    anna.say("something to read")
    anna.sees("something to read")
    toggle.tap()
    expect(anna.page.locator(".tools__row")).to_be_visible()
    expect(anna.message("something to read")).to_be_in_viewport()
    anna.composer.fill("word")
    anna.composer.evaluate("(field) => field.select()")
    anna.page.locator(".tools__tool").nth(1).tap()
    expect(anna.composer).to_have_value("*word*")
    anna.page.locator(".tools__eye").tap()
    expect(anna.page.locator(".preview em")).to_have_text("word")
    expect(anna.page.locator(".composer__send")).to_be_in_viewport(ratio=1)
    assert anna.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert anna.flaws() == []
    anna.picture(f"tools-phone-{language[:2]}")
    anna.message("something to read").tap()
    anna.message("something to read").get_by_role(
        "button", name=re.compile("^(Edit message|Изменить сообщение)$")
    ).tap()
    anna.page.locator(".message-editor .tools__eye").tap()
    expect(anna.page.locator(".message-editor .preview")).to_have_text("something to read")
    assert anna.page.evaluate("document.querySelector('.timeline__frame').scrollWidth <= innerWidth")
