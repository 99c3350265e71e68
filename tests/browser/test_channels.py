"""Finding the way between many channels."""

import re
from collections.abc import Callable

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import until
from tests.people import Person
from tests.server import ADMIN_PASSWORD

Enter = Callable[[str], Person]

COUNT = 40


def test_the_field_of_the_switcher_stands_still_while_one_types(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for number in range(COUNT):
        boris.ask("channel.create", name=f"channel {number:02}")
    expect(anna.page.locator(".channel-list__item")).to_have_count(COUNT + 1)
    anna.page.keyboard.press("Control+k")
    field = anna.page.locator(".switcher__query")
    expect(field).to_be_focused()
    expect(anna.page.locator(".switcher__item")).to_have_count(COUNT + 1)
    place = field.bounding_box()
    for key, found in (("c", COUNT), ("h", COUNT), ("a", COUNT), ("n", COUNT), ("x", 0)):
        anna.page.keyboard.type(key, delay=40)
        expect(anna.page.locator(".switcher__name")).to_have_count(found)
        assert field.bounding_box() == place


def test_the_shortcut_of_the_switcher_takes_no_keys_of_others(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.evaluate(
        """() => {
          window.taken = []
          addEventListener("keydown", ({code, defaultPrevented}) => code === "KeyK" && taken.push(defaultPrevented))
        }"""
    )
    for keys in ("Control+Alt+k", "Control+Shift+k", "Control+k"):
        anna.page.keyboard.press(keys)
    expect(anna.page.locator(".switcher__query")).to_be_focused()
    assert anna.page.evaluate("taken") == [False, False, True]


def test_unread_channels_are_first_in_the_switcher_and_archived_ones_last(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    ids = {name: boris.ask("channel.create", name=name)["channel"] for name in ("apples", "books", "clouds", "dust")}
    boris.ask("channel.update", id=ids["apples"], archived=True)
    boris.say("somebody wrote", ids["clouds"])
    me = next(member["id"] for member in boris.welcome["members"] if member["name"] == "Anna")
    boris.say("@Anna look", ids["dust"], mentions=[me])
    expect(anna.page.locator(".badge")).to_have_count(2)
    anna.page.keyboard.press("Control+k")
    names = anna.page.locator(".switcher__name")
    expect(names).to_have_text(["dust", "clouds", "general", "books", "apples"])
    expect(anna.page.locator(".switcher__item").last).to_contain_text("Archived")
    for _ in range(2):
        anna.page.keyboard.press("ArrowDown")
    boris.say("and in books", ids["books"])
    expect(anna.page.locator(".switcher__item", has_text="books").locator(".badge")).to_be_visible()
    expect(names).to_have_text(["dust", "clouds", "general", "books", "apples"])


def test_the_chosen_channel_is_in_sight_and_so_is_where_somebody_is_wanted(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna", height=600), person("Boris").come()
    ids = [boris.ask("channel.create", name=f"channel {number:02}")["channel"] for number in range(COUNT)]
    items = anna.page.locator(".channel-list__item")
    expect(items).to_have_count(COUNT + 1)
    anna.page.keyboard.press("Alt+ArrowUp")  # the last one
    expect(items.last).to_be_in_viewport(ratio=0.9)
    boris.say("up here", ids[0])
    anna.page.get_by_role("button", name="More unread above").click()
    expect(items.first).to_be_in_viewport(ratio=0.9)
    items.first.click()
    expect(anna.page.get_by_role("button", name="More unread")).to_have_count(0)
    boris.say("down there", ids[-2])
    anna.page.get_by_role("button", name="More unread below").click()
    expect(items.nth(COUNT - 1)).to_be_in_viewport(ratio=0.9)


def test_the_chosen_channel_stays_in_sight_whatever_becomes_of_the_list(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    ids = [boris.ask("channel.create", name=f"channel {number:02}")["channel"] for number in range(COUNT)]
    chosen = anna.page.locator(".channel-list__item[aria-current=page]")
    expect(anna.page.locator(".channel-list__item")).to_have_count(COUNT + 1)
    anna.page.locator(".channel-list__item", has_text="channel 12").click()
    expect(chosen).to_have_text("channel 12")
    anna.page.set_viewport_size({"width": 1440, "height": 420})
    expect(chosen).to_be_in_viewport(ratio=0.9)
    boris.ask("channel.update", id=ids[12], name="zebra")
    expect(chosen).to_have_text("zebra")
    expect(chosen).to_be_in_viewport(ratio=0.9)
    anna.page.locator(".channel-list").evaluate("list => list.scrollTo(0, 0)")
    expect(chosen).not_to_be_in_viewport()
    boris.ask("channel.create", name="yet another")
    expect(anna.page.locator(".channel-list__item")).to_have_count(COUNT + 2)
    expect(chosen).not_to_be_in_viewport()


def test_a_channel_is_found_however_its_name_is_typed(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for name in ("Zoë", "straße", "İstanbul", "Ёлка", "plans 2"):
        boris.ask("channel.create", name=name)
    expect(anna.page.locator(".channel-list__item")).to_have_count(6)
    anna.page.keyboard.press("Control+k")
    field = anna.page.locator(".switcher__query")
    for typed, name in (
        ("zoe", "Zoë"),
        ("STRASSE", "straße"),
        ("istanbul", "İstanbul"),
        ("елка", "Ёлка"),
        ("#plans  2", "plans 2"),
    ):
        field.fill("")
        field.press_sequentially(typed)
        expect(anna.page.locator(".switcher__name")).to_have_text([name])
    field.fill("nothing like it")
    expect(anna.page.get_by_role("dialog").get_by_role("status").first).not_to_be_empty()
    for key in ("ArrowDown", "ArrowUp"):
        field.press(key)
    field.fill("zoe")
    field.press("Enter")
    expect(anna.page.get_by_role("heading", name="Zoë", exact=True)).to_be_visible()


def test_a_form_that_is_sent_without_a_network_says_so(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna", ADMIN_PASSWORD)
    page = anna.page
    for button in ("New channel", "Edit channel", "Settings"):  # what they show is there then
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog").get_by_role("textbox").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    anna.context.set_offline(True)
    expect(page.locator(".line-banner")).to_be_visible()
    for button in ("New channel", "Edit channel"):
        page.get_by_role("button", name=button).click()
        page.get_by_label("Name", exact=True).fill("plans")
        page.get_by_label("Name", exact=True).press("Enter")
        expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(
            "No connection right now. Try again in a moment."
        )
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog").locator(".notice")).to_have_text(
        "No connection right now. Try again in a moment."
    )


def test_an_answer_that_comes_late_closes_no_other_dialog_and_leads_nowhere(window: OpenWindow) -> None:
    anna = window()
    page = anna.page
    held: list[Callable[[], None]] = []

    def pass_on(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def send(text: str | bytes) -> None:
            held.append(lambda: server.send(text)) if "channel.create" in str(text) else server.send(text)

        line.on_message(send)

    def make(name: str) -> None:
        page.get_by_role("button", name="New channel").click()
        page.get_by_label("Name", exact=True).fill(name)
        for _ in range(2):  # as an impatient hand does
            page.get_by_label("Name", exact=True).press("Enter")
        until(page, lambda: held)
        page.keyboard.press("Escape")

    page.route_web_socket(re.compile("/socket$"), pass_on)
    anna.come()
    page.reload()  # a fragment alone would not make a new line
    anna.sign_in("Anna")
    make("plans")
    page.get_by_role("button", name="Settings").click()
    assert len(held) == 1
    held.pop()()
    expect(page.locator(".channel-list__item")).to_have_count(2)
    expect(page.get_by_role("dialog").get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    make("plans")
    held.pop()()
    expect(page.locator(".notice")).to_have_text("This name is taken already.")
