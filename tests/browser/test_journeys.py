"""What people do with the chat, from the first visit on. Each journey leaves a picture in screenshots/."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.kept import kept, until_kept
from tests.browser.visitor import until
from tests.conftest import StartServer
from tests.people import Person
from tests.server import ADMIN_PASSWORD

_NOTED = "JSON.stringify(localStorage)"
_COMES_BACK_MS = 120_000  # tries to connect again are up to half a minute apart


def test_the_password_can_be_looked_at_before_it_is_sent(window: OpenWindow) -> None:
    anna = window()
    field = anna.page.locator("[name=password]")
    field.fill("secret")
    anna.page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    anna.page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_two_people_talk_edit_react_answer_and_delete(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    anna.say("Good *morning*, see `bin/dev`")
    boris.sees("Good morning, see bin/dev")
    boris.act("Good morning", "React")
    boris.page.get_by_role("searchbox", name="Search emoji").fill("thumbs up")
    boris.page.get_by_role("button", name="thumbs up", exact=True).first.click()
    expect(anna.page.locator(".reaction")).to_have_text("👍1")
    anna.page.locator(".reaction").click()
    expect(boris.page.locator(".reaction")).to_have_text("👍2")

    boris.act("Good morning", "Reply")
    boris.say("Morning, @Anna!")
    boris.sees("Morning, @Anna!")
    answer = anna.sees("Morning, @Anna!")
    expect(answer.locator(".mention--me")).to_have_text("@Anna")
    expect(answer.locator(".quote")).to_contain_text("Good morning, see bin/dev")

    boris.composer.press("ArrowUp")
    boris.page.get_by_role("textbox", name="Edit message").fill("Morning, @Anna! Coffee?")
    boris.page.get_by_role("textbox", name="Edit message").press("Enter")
    expect(anna.sees("Coffee?")).to_contain_text("(edited)")
    anna.picture("two-people")

    boris.act("Coffee?", "Delete message")
    boris.page.get_by_role("button", name="Undo").click()
    boris.sees("Coffee?")
    boris.act("Coffee?", "Delete message")
    expect(boris.message("Coffee?")).to_have_count(0)
    expect(anna.message("Message deleted")).to_have_count(1)


def test_what_was_written_offline_is_sent_once_when_the_network_is_back(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    anna.context.set_offline(True)
    expect(anna.page.locator(".line-banner")).to_contain_text("Offline")
    for number in range(3):
        anna.say(f"from the tunnel {number}")
    expect(anna.page.locator(".message--outgoing")).to_have_count(3)
    anna.page.wait_for_timeout(1_200)  # the banner lets short failures pass
    anna.picture("offline")
    boris.say("are you there?")
    anna.context.set_offline(False)
    boris.sees("from the tunnel", count=3)
    bodies = boris.page.locator("article.message p", has_text="from the tunnel").all_inner_texts()
    assert bodies == ["from the tunnel 0", "from the tunnel 1", "from the tunnel 2"]
    anna.sees("are you there?")
    expect(anna.page.locator(".message--outgoing")).to_have_count(0)


def test_what_was_written_offline_survives_a_closed_window(window: OpenWindow) -> None:
    anna, boris = window("Anna", service_workers="allow"), window("Boris")
    anna.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    anna.context.set_offline(True)
    anna.say("do not lose me")
    expect(anna.page.locator(".message--outgoing")).to_have_count(1)
    until_kept(anna, "do not lose me")
    anna.page.close()
    anna.context.set_offline(False)
    anna.page = anna.context.new_page()
    anna.watch(anna.page)
    anna.come()
    boris.sees("do not lose me")
    anna.sees("do not lose me")


def test_two_tabs_of_one_browser_do_not_send_twice(window: OpenWindow, person: Callable[[str], Person]) -> None:
    anna = window("Anna")
    listener = person("Boris").come()
    other = anna.context.new_page()
    anna.watch(other)
    other.goto(anna.address)
    other.locator(".composer__text").wait_for()
    anna.context.set_offline(True)
    anna.say("only once")
    expect(anna.page.locator(".message--outgoing")).to_have_count(1)
    anna.context.set_offline(False)
    anna.sees("only once")
    expect(other.locator("article.message", has_text="only once")).to_have_count(1)
    said = [message for message in listener.history() if message.get("body") == "only once"]
    assert len(said) == 1


def test_the_chat_comes_back_by_itself_when_the_server_restarts(window: OpenWindow, start_server: StartServer) -> None:
    server = start_server(settings={"CHAT_TITLE": "Harbour"})
    anna = window("Anna", server=server, place="main")
    anna.say("before the storm")
    anna.sees("before the storm")
    anna.composer.fill("half a thought")
    server.stop()
    expect(anna.page.locator(".line-banner")).to_be_visible()
    anna.picture("server-away")
    server.restart()
    expect(anna.page.locator(".member-corner .connection--live")).to_be_attached(timeout=_COMES_BACK_MS)
    expect(anna.composer).to_have_value("half a thought")
    anna.composer.press("Enter")
    anna.sees("half a thought")


def test_channels_are_made_found_renamed_archived_and_deleted(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    anna.page.get_by_role("button", name="New channel").click()
    anna.page.get_by_label("Name", exact=True).fill("release plan")
    anna.page.get_by_label("Topic").fill("What is left until spring")
    anna.page.get_by_role("button", name="Create").click()
    expect(anna.page.get_by_role("heading", name="release plan", exact=True)).to_be_visible()
    anna.say("@Boris, look here")
    expect(boris.page.locator(".badge--mention")).to_be_visible()
    boris.picture("unread-mention")

    boris.page.keyboard.press("Control+k")
    boris.page.get_by_role("combobox", name="Channel name").fill("plan")
    boris.picture("switcher")
    boris.page.keyboard.press("Enter")
    boris.sees("look here")
    expect(boris.page.locator(".badge--mention")).to_have_count(0)
    expect(boris.page).to_have_url(re.compile(r"#[^/]+$"))

    anna.page.get_by_role("button", name="Edit channel").click()
    anna.page.get_by_label("Name", exact=True).fill("launch plan")
    anna.page.get_by_role("button", name="Save", exact=True).click()
    expect(boris.page.get_by_role("heading", name="launch plan", exact=True)).to_be_visible()

    anna.page.get_by_role("button", name="Edit channel").click()
    anna.page.get_by_role("button", name="Archive").click()
    expect(boris.page.locator(".channel__archived")).to_be_visible()
    anna.page.get_by_role("button", name="Edit channel").click()
    anna.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    anna.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(boris.page.get_by_role("heading", name="general", exact=True)).to_be_visible()


def test_who_made_a_channel_is_told_why_only_an_admin_can_delete_what_others_have_written_in(
    window: OpenWindow,
) -> None:
    anna, boris = window("Anna"), window("Boris")
    anna.page.get_by_role("button", name="New channel").click()
    anna.page.get_by_label("Name", exact=True).fill("shared")
    anna.page.get_by_role("button", name="Create").click()
    expect(anna.page.get_by_role("heading", name="shared", exact=True)).to_be_visible()
    boris.page.keyboard.press("Control+k")
    boris.page.get_by_role("combobox", name="Channel name").fill("shared")
    boris.page.keyboard.press("Enter")
    expect(boris.page.get_by_role("heading", name="shared", exact=True)).to_be_visible()
    boris.say("I was here, too")
    anna.sees("I was here, too")
    anna.page.get_by_role("button", name="Edit channel").click()
    dialog = anna.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_text("as long as nobody else has written here")).to_be_visible()
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("alert")).to_contain_text("only an admin can delete the channel")
    dialog.get_by_role("button", name="Cancel").click()
    anna.sees("I was here, too")


def test_a_link_to_a_message_leads_to_it_from_elsewhere(window: OpenWindow, person: Callable[[str], Person]) -> None:
    said = person("Boris").come().say_many(200)
    anna = window("Anna")
    anna.come(f"#general/{said[20]['seq']}")
    anna.page.reload()
    expect(anna.message("message 20").first).to_be_in_viewport()
    anna.page.get_by_role("button", name=re.compile("latest|new message")).click()
    expect(anna.message("message 199")).to_be_in_viewport()


def test_drafts_wait_in_their_channel_through_a_reload(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.composer.fill("not yet finished")
    anna.page.reload()
    expect(anna.composer).to_have_value("not yet finished")


def test_writing_is_seen_by_others(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    is_told = boris.page.locator(".typing", has_text="Anna is typing").is_visible

    def writes_and_is_seen() -> bool:
        anna.composer.press("m")
        return is_told()

    until(anna.page, writes_and_is_seen)


def test_names_and_emoji_are_completed_while_one_writes(window: OpenWindow) -> None:
    anna, _ = window("Anna"), window("Boris Petrov")
    anna.composer.press_sequentially("hi @bo")
    anna.page.get_by_role("option", name="Boris Petrov").wait_for()
    anna.composer.press("Tab")
    expect(anna.composer).to_have_value("hi @Boris Petrov ")
    anna.composer.press_sequentially(":tada")
    anna.page.get_by_role("option").first.wait_for()
    anna.picture("completion")
    anna.composer.press("ArrowDown")
    anna.composer.press("Enter")
    expect(anna.composer).to_have_value("hi @Boris Petrov 🎉 ")


def test_escape_puts_suggestions_away_and_enter_sends_what_was_written(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris Petrov")
    anna.composer.press_sequentially("hi @bo")
    anna.page.get_by_role("option", name="Boris Petrov").wait_for()
    anna.composer.press("Escape")
    expect(anna.page.get_by_role("option")).to_have_count(0)
    anna.composer.press("Enter")
    boris.sees("hi @bo")
    anna.composer.press_sequentially("that is funny :-D")
    anna.composer.press("Enter")
    boris.sees("funny 😄")


def test_the_name_that_looks_chosen_is_taken_when_the_list_has_become_shorter(window: OpenWindow) -> None:
    anna, _ = window("Anna"), window("Boris Petrov")
    anna.composer.press("@")
    anna.page.get_by_role("option", name="Boris Petrov").wait_for()
    anna.composer.press("ArrowDown")
    anna.composer.press_sequentially("bo")
    expect(anna.page.get_by_role("option")).to_have_count(1)
    anna.composer.press("Enter")
    expect(anna.composer).to_have_value("@Boris Petrov ")


def test_a_finger_scrolls_suggestions_and_a_tap_takes_one(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=844)
    anna.composer.press_sequentially(":smi")
    item = anna.page.get_by_role("option").nth(1)
    place = item.bounding_box()
    assert place is not None
    touch = anna.context.new_cdp_session(anna.page)
    start = {"x": place["x"] + 20, "y": place["y"] + 20}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    for step in range(1, 6):
        moved = {**start, "y": start["y"] - 10 * step}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(anna.composer).to_have_value(":smi")
    anna.page.wait_for_timeout(1_000)  # a tap on a list that still glides only stops it
    item.tap()
    expect(anna.composer).not_to_have_value(re.compile("smi"))
    expect(anna.composer).to_be_focused()


def test_a_changed_message_that_is_too_long_stays_in_its_editor(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("short")
    anna.sees("short")
    anna.composer.press("ArrowUp")
    editor = anna.page.get_by_role("textbox", name="Edit message")
    expect(editor).to_be_focused()  # where the caret goes to the end of what is there
    editor.fill("x" * 4_001)
    editor.press("Enter")
    expect(editor).to_have_value("x" * 4_001)
    expect(anna.page.locator(".message-editor .composer__count")).to_contain_text("1 character too many")
    expect(anna.page.get_by_role("button", name="Save", exact=True)).to_be_disabled()


def test_a_deleted_message_is_gone_though_the_phone_is_put_away_at_once(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    anna.say("take me back")
    boris.sees("take me back")
    anna.sees("take me back")
    anna.act("take me back", "Delete message")
    expect(anna.page.get_by_role("button", name="Undo")).to_be_visible()
    anna.page.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", {value: "hidden"})
            globalThis.setTimeout = () => 0
            document.dispatchEvent(new Event("visibilitychange"))
        }"""
    )
    expect(anna.page.get_by_role("button", name="Undo")).to_have_count(0, timeout=3_000)
    expect(boris.message("Message deleted")).to_have_count(1)


def test_what_is_said_in_passing_stands_above_the_dialog_that_is_open(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna", ADMIN_PASSWORD)
    anna.page.get_by_role("button", name="Settings").click()
    settings = anna.page.get_by_role("dialog", name="Settings")
    settings.get_by_role("button", name="Save", exact=True).click()
    notice = settings.locator(".notice")
    expect(notice).to_contain_text("Saved")
    anna.picture("notice-over-settings")
    notice.get_by_role("button", name="Close").click()
    expect(settings.locator(".notice")).to_have_count(0)
    expect(settings).to_be_visible()


def test_a_dialog_is_closed_by_a_press_beside_it_but_not_by_choosing_text(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.get_by_role("button", name="New channel").click()
    name = anna.page.get_by_label("Name", exact=True)
    name.fill("release plan")
    place = name.bounding_box()
    assert place is not None
    anna.page.mouse.move(place["x"] + 60, place["y"] + 10)
    anna.page.mouse.down()
    anna.page.mouse.move(20, place["y"] + 10)
    anna.page.mouse.up()
    expect(name).to_have_value("release plan")
    anna.page.mouse.click(20, 20)
    expect(anna.page.get_by_role("dialog")).to_have_count(0)


def test_a_question_that_comes_while_one_writes_takes_neither_focus_nor_keys(window: OpenWindow, room: str) -> None:
    anna = window("Anna")
    anna.composer.press_sequentially("half a")
    stranger = Person(anna.address.partition("/r/")[0], "Anna", room=room)
    stranger.sign_in()
    expect(anna.page.locator(".question__code")).to_be_visible()
    anna.page.keyboard.type(" sentence")
    anna.page.keyboard.press("Enter")
    anna.sees("half a sentence")
    expect(anna.page.locator(".question__code")).to_be_visible()
    assert anna.flaws() == []
    anna.page.locator(".question").get_by_role("button", name="Close").click()
    expect(anna.page.locator(".question")).to_have_count(0)
    stranger.leave()


def test_the_switcher_opens_by_the_place_of_its_key_where_letters_are_not_latin(window: OpenWindow) -> None:
    anna = window("Anna")
    press = """({key, code}) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key, code, ctrlKey: true, bubbles: true}))"""
    anna.page.evaluate(press, {"key": "t", "code": "KeyK"})
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    for more in ["altKey", "shiftKey"]:  # somebody else's shortcuts, and AltGr
        held = press.replace("ctrlKey: true", f"ctrlKey: true, {more}: true")
        anna.page.evaluate(held, {"key": "k", "code": "KeyK"})
        expect(anna.page.get_by_role("dialog")).to_have_count(0)
    anna.page.evaluate(press, {"key": "\u043b", "code": "KeyK"})
    expect(anna.page.get_by_role("combobox", name="Channel name")).to_be_focused()


def test_steps_from_channel_to_channel_follow_the_list(window: OpenWindow, person: Callable[[str], Person]) -> None:
    boris = person("Boris").come()
    for name in ("zebra", "ant"):
        boris.ask("channel.create", name=name)
    anna = window("Anna")
    for name in ("ant", "zebra", "general"):
        anna.page.keyboard.press("Alt+ArrowDown")
        expect(anna.page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_devices_are_called_what_they_are(window: OpenWindow) -> None:
    agent = (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
    )
    anna = window("Anna", user_agent=f"{agent} EdgA/140.0")
    anna.page.get_by_role("button", name="Settings").click()
    expect(anna.page.locator(".device__name")).to_have_text("Edge, Android")


def test_each_text_runs_in_the_direction_of_its_letters(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("\u05e9\u05dc\u05d5\u05dd")
    distance = (
        anna.sees("\u05e9\u05dc\u05d5\u05dd")
        .locator("p")
        .evaluate(
            """(paragraph) => {
            const range = document.createRange()
            range.selectNodeContents(paragraph)
            return paragraph.getBoundingClientRect().right - range.getBoundingClientRect().right
        }"""
        )
    )
    assert distance < 1


def test_everything_can_be_done_by_keyboard(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    boris.say("first")
    boris.say("second")
    anna.sees("second")
    anna.composer.press("Shift+Tab")
    for _ in range(8):
        if anna.page.evaluate("document.activeElement.dataset.row !== undefined"):
            break
        anna.page.keyboard.press("Shift+Tab")
    expect(anna.message("second")).to_be_focused()
    anna.page.keyboard.press("ArrowUp")
    expect(anna.message("first")).to_be_focused()
    anna.page.keyboard.press("Tab")
    expect(anna.message("first").get_by_role("button", name="React")).to_be_focused()
    anna.picture("keyboard")
    anna.page.keyboard.press("Tab")
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_be_focused()
    anna.page.keyboard.type("by keyboard")
    anna.page.keyboard.press("Enter")
    expect(boris.sees("by keyboard").locator(".quote")).to_contain_text("first")
    anna.page.keyboard.press("Shift+Tab")
    anna.page.keyboard.press("?")
    expect(anna.page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)


def test_the_chat_fits_a_phone(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=844)
    for text in ("On the way", "```\nlong line of code that does not fit into a phone at all, not even nearly\n```"):
        anna.say(text)
    anna.sees("On the way")
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 390
    anna.picture("phone")
    anna.page.get_by_role("button", name="Show channels").tap()
    expect(anna.page.get_by_role("navigation", name="Channels")).to_be_in_viewport()
    anna.picture("phone-drawer")
    anna.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("navigation", name="Channels")).to_have_count(0)
    anna.page.get_by_role("button", name="Show channels").tap()
    anna.page.get_by_role("navigation", name="Channels").get_by_role("button", name="general").tap()
    expect(anna.page.get_by_role("navigation", name="Channels")).to_have_count(0)
    anna.message("On the way").tap()
    anna.message("On the way").get_by_role("button", name="React").tap()
    expect(anna.page.get_by_role("searchbox", name="Search emoji")).to_be_visible()
    anna.picture("phone-emoji")


def test_the_smallest_window_shows_everything(window: OpenWindow) -> None:
    anna = window("W" * 40, width=320, height=568)
    anna.say("small")
    anna.sees("small")
    anna.act("small", "Reply")
    expect(anna.page.get_by_role("button", name="Cancel reply")).to_be_in_viewport(ratio=1)
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 320
    anna.picture("smallest")


def test_the_dark_look_can_be_chosen_and_stays(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.get_by_role("button", name="Settings").click()
    anna.page.get_by_label("Theme").select_option("dark")
    anna.page.keyboard.press("Escape")
    anna.say("good night")
    anna.sees("good night")
    anna.page.reload()
    anna.sees("good night")
    assert anna.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    anna.picture("dark")


def test_somebody_can_leave_and_nothing_of_theirs_stays_in_the_browser(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("soon gone")
    anna.sees("soon gone")
    until_kept(anna, "soon gone")
    anna.composer.fill("nobody's business")
    assert "nobody's business" in anna.page.evaluate(_NOTED)
    anna.page.evaluate("navigator.setAppBadge = async (count) => { globalThis.badge = count }")
    anna.page.get_by_role("button", name="Settings").click()
    anna.page.get_by_role("button", name="Sign out").click()
    anna.page.locator("form#login").wait_for()
    assert "soon gone" not in kept(anna)
    assert "nobody's business" not in anna.page.evaluate(_NOTED)
    assert anna.page.evaluate("globalThis.badge") == 0


def test_a_damaged_address_opens_the_room(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.goto("about:blank")
    anna.come("#100%")
    anna.wait_until_live()
    expect(anna.page).to_have_url(re.compile("#general$"))
    expect(anna.page).to_have_title(re.compile("Harbour"))


def test_the_shell_opens_without_a_network_and_shows_what_was_loaded(window: OpenWindow) -> None:
    anna = window("Anna", service_workers="allow")
    anna.say("kept for the train")
    anna.sees("kept for the train")
    anna.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until_kept(anna, "kept for the train")
    anna.context.set_offline(True)
    anna.page.reload()
    anna.sees("kept for the train")
    anna.picture("offline-reload")
