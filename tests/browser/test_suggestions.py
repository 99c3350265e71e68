"""What a person types is theirs: suggestions wait to be chosen, all of it can be undone, and nothing stops the page."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Person

Enter = Callable[..., Person]

KEY_MS = 45
"""How fast a quick typist is."""


def write(visitor: Visitor, text: str, *, into: Locator | None = None) -> None:
    """Type as a person does: key by key, Enter and Shift+Enter as they are written."""
    (into or visitor.composer).focus()
    for part in text.replace("⇧⏎", "\0").replace("⏎", "\1").replace("\0", "|\0|").replace("\1", "|\1|").split("|"):
        if part in ("\0", "\1"):
            visitor.page.keyboard.press("Enter" if part == "\1" else "Shift+Enter")
        else:
            visitor.page.keyboard.type(part, delay=KEY_MS)


def options(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("option")


def test_enter_sends_what_was_typed(window: OpenWindow) -> None:
    anna = window("Anna")
    for text in (":DD", ":PP", "haha :DD", "в :да", "in :en", "so :smi", "std::vector", "10:30", "@nobody"):
        write(anna, text)
        if ":smi" in text:
            options(anna).first.wait_for()
        anna.page.keyboard.press("Enter")
        expect(anna.sees(text).locator("p")).to_have_text(text)
        expect(anna.composer).to_have_value("")


def test_enter_sends_what_was_typed_in_russian(window: OpenWindow) -> None:
    anna = window("Anna", language="ru-RU")
    write(anna, "в :да")
    options(anna).first.wait_for()
    anna.page.keyboard.press("Enter")
    expect(anna.sees("в :").locator("p")).to_have_text("в :да")
    expect(anna.composer).to_have_value("")


def test_a_whole_name_is_sent_by_one_enter(window: OpenWindow, person: Enter) -> None:
    person("Boris Petrov")
    anna, boris = window("Anna"), window("Boris")
    write(anna, "ask @Boris")
    expect(options(anna)).to_have_count(2)
    anna.page.keyboard.press("Enter")
    expect(boris.sees("ask @Boris").locator(".mention--me")).to_have_text("@Boris")


def test_an_unambiguous_beginning_of_a_name_is_completed_by_enter(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris Petrov")
    write(anna, "ask @Bor")
    expect(options(anna)).to_have_attribute("aria-selected", "true")
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_have_value("ask @Boris Petrov ")
    write(anna, "please⏎")
    expect(boris.sees("please").locator(".mention--me")).to_have_text("@Boris Petrov")


def test_an_ambiguous_beginning_is_taken_only_with_an_arrow_or_tab(window: OpenWindow, person: Enter) -> None:
    person("Antonia")
    anna = window("Anna")
    write(anna, "hi @an")
    expect(options(anna)).to_have_count(2)
    expect(anna.page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    anna.page.keyboard.press("ArrowDown")
    anna.page.keyboard.press("ArrowDown")
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_have_value("hi @Antonia ")
    write(anna, "and @an")
    expect(options(anna)).to_have_count(2)
    anna.page.keyboard.press("Tab")
    expect(anna.composer).to_have_value("hi @Antonia and @Anna ")
    write(anna, "@an⏎")
    anna.sees("hi @Antonia and @Anna @an")


def test_shift_and_enter_begins_a_line_while_names_are_offered(window: OpenWindow, person: Enter) -> None:
    person("Boris")
    anna = window("Anna")
    write(anna, "hi @an")
    expect(options(anna)).to_have_count(1)
    write(anna, "⇧⏎there")
    expect(anna.composer).to_have_value("hi @an\nthere")
    expect(options(anna)).to_have_count(0)


def test_names_are_offered_behind_brackets_dashes_and_letters_without_spaces(window: OpenWindow, person: Enter) -> None:
    person("Boris Petrov")
    anna = window("Anna")
    for before in ("«", "“", "(", "/", "—", "你好", "さん"):
        write(anna, f"{before}@bo")
        expect(options(anna)).to_have_count(1)
        write(anna, "ris ")
        expect(options(anna)).to_have_count(1)
        write(anna, "p")
        anna.page.keyboard.press("Tab")
        expect(anna.composer).to_have_value(f"{before}@Boris Petrov ")
        anna.composer.fill("")


def test_no_names_are_offered_in_code_or_addresses(window: OpenWindow, person: Enter) -> None:
    person("Boris Petrov")
    anna = window("Anna")
    for before in ("`", "```⇧⏎", "https://medium.com/", "anna"):
        write(anna, f"{before}@bo")
        typed = f"{before.replace('⇧⏎', chr(10))}@bo"
        expect(anna.composer).to_have_value(typed)
        expect(options(anna)).to_have_count(0)
        anna.page.keyboard.press("Enter")
        expect(anna.composer).to_have_value("")


def test_names_and_emoji_are_completed_in_the_editor_as_well(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris Petrov")
    write(anna, "morning⏎")
    anna.sees("morning")
    anna.page.keyboard.press("ArrowUp")
    editor = anna.page.get_by_role("textbox", name="Edit message")
    expect(editor).to_be_focused()
    write(anna, " @bor", into=editor)
    expect(options(anna)).to_have_count(1)
    anna.page.keyboard.press("Escape")
    expect(options(anna)).to_have_count(0)
    expect(editor).to_be_visible()
    write(anna, " @bor", into=editor)
    anna.page.keyboard.press("Enter")
    expect(editor).to_have_value("morning @bor @Boris Petrov ")
    anna.page.keyboard.press("Control+z")
    expect(editor).to_have_value("morning @bor @bor")
    write(anna, "is Petrov", into=editor)
    anna.page.keyboard.press("Enter")
    expect(boris.sees("morning").locator(".mention--me")).to_have_text("@boris Petrov")


def test_everything_that_is_put_into_the_text_can_be_undone(window: OpenWindow, person: Enter) -> None:
    person("Boris Petrov")
    anna = window("Anna")
    write(anna, "hi @bo")
    expect(options(anna)).to_have_count(1)
    anna.page.keyboard.press("Tab")
    expect(anna.composer).to_have_value("hi @Boris Petrov ")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("hi @bo")
    anna.page.keyboard.press("Control+Shift+z")
    expect(anna.composer).to_have_value("hi @Boris Petrov ")
    anna.page.locator(".composer").get_by_role("button", name="Emoji").click()
    anna.page.get_by_role("searchbox", name="Search emoji").fill("party popper")
    anna.page.get_by_role("button", name="party popper").first.click()
    expect(anna.composer).to_have_value("hi @Boris Petrov 🎉")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("hi @Boris Petrov ")
    expect(anna.composer).to_be_focused()


def test_a_shortcode_becomes_an_emoji_with_its_second_colon(window: OpenWindow) -> None:
    anna = window("Anna")
    write(anna, "done :tada:")
    expect(anna.composer).to_have_value("done 🎉")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("done :tada:")
    write(anna, " :nonsense: `:tada:`")
    expect(anna.composer).to_have_value("done :tada: :nonsense: `:tada:`")


def test_a_smiley_becomes_a_picture_and_stays_text_where_that_is_undone(window: OpenWindow) -> None:
    anna = window("Anna")
    write(anna, "good :) ")
    expect(anna.composer).to_have_value("good 🙂 ")
    write(anna, "and :-D⏎")
    expect(anna.sees("good").locator("p")).to_have_text("good 🙂 and 😄")
    write(anna, "really :) ")
    expect(anna.composer).to_have_value("really 🙂 ")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("really :) ")
    write(anna, "and :D⏎")
    expect(anna.sees("really").locator("p")).to_have_text("really :) and :D")
    write(anna, "`if :)` x⏎")
    expect(anna.sees("if :)").locator("code")).to_have_text("if :)")


def test_after_sending_undo_brings_nothing_odd_back(window: OpenWindow) -> None:
    anna = window("Anna")
    write(anna, "first⏎")
    anna.sees("first")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("")
    write(anna, "second")
    anna.page.keyboard.press("Control+z")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("")


def test_a_name_that_is_nobodys_is_pointed_out_and_can_be_corrected(window: OpenWindow) -> None:
    anna, olga = window("Anna"), window("Olga Petrova")
    write(anna, "hi @Olga, ready?")
    hint = anna.page.locator(".composer__hint")
    expect(hint).to_contain_text("Nobody here is called “Olga”")
    hint.get_by_role("button", name="@Olga Petrova").click()
    expect(anna.composer).to_have_value("hi @Olga Petrova, ready?")
    expect(hint).to_be_empty()
    anna.composer.press("Enter")
    expect(olga.sees("ready?").locator(".mention--me")).to_have_text("@Olga Petrova")


def test_who_stands_out_is_who_is_told(window: OpenWindow) -> None:
    anna, ming = window("Anna"), window("小明")
    ming.page.get_by_role("button", name="New channel").click()
    ming.page.get_by_role("textbox", name="Name").fill("elsewhere")
    ming.page.keyboard.press("Enter")
    expect(ming.composer).to_have_attribute("placeholder", "Message to elsewhere")
    for text in (
        "`@小明`",
        "https://medium.com/@小明/x",
        "[@小明](https://example.com/)",
        "你好@小明",
        "交给@小明处理",
    ):
        anna.say(text)
    expect(ming.page.locator(".badge--mention")).to_contain_text("2 mentions")
    ming.page.get_by_role("button", name="general").click()
    messages = ming.page.locator("article.message")
    expect(messages).to_have_count(5)
    expect(messages.locator(".mention")).to_have_text(["@小明", "@小明"])
    expect(messages.nth(3).locator(".mention")).to_have_count(1)
    expect(messages.nth(4).locator(".mention")).to_have_count(1)


def test_a_link_that_names_another_place_shows_the_real_one(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("[https://bank.example/login](https://evil.example/) here")
    message = anna.sees("here")
    expect(message.get_by_role("link", name="https://bank.example/login")).to_have_attribute(
        "href", "https://evil.example/"
    )
    expect(message.locator(".message__host")).to_have_text(" (evil.example)")
    anna.say("«https://example.com/a»。https://пример.рф/путь there")
    links = anna.sees("there").get_by_role("link")
    expect(links).to_have_text(["https://example.com/a", "https://пример.рф/путь"])
    expect(anna.message("there").locator(".message__host")).to_have_count(0)


def test_a_paste_that_is_far_too_long_is_cut_and_the_keys_stay_quick(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.evaluate("navigator.clipboard.writeText('a line of a log\\n'.repeat(65_536))")
    anna.composer.focus()
    anna.page.keyboard.press("Control+v")
    expect(anna.page.locator(".composer__hint")).to_contain_text("Only the beginning of what you pasted fits in")
    assert len(anna.composer.input_value()) == 8_000
    expect(anna.page.locator(".composer__count--over")).to_be_visible()
    anna.page.keyboard.press("Backspace")
    expect(anna.page.locator(".composer__hint")).to_be_empty()
    anna.page.keyboard.press("Control+z")
    anna.page.keyboard.press("Control+z")
    expect(anna.composer).to_have_value("")
