"""Threads in a page: how many replies a message has, and what stands in them."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.people import Person

Enter = Callable[[str], Person]


def test_the_replies_to_a_message_are_read_beside_the_channel(window: OpenWindow, person: Enter) -> None:
    writer = person("Vera").come()
    asked = writer.say("Where do we eat **today**?")
    first = writer.say("By the river", reply_to=asked["id"])
    anna = window("Anna", width=1400, height=800)
    anna.page.get_by_role("button", name="1 reply").click()
    panel = anna.page.get_by_role("complementary", name="Replies")
    expect(panel).to_be_focused()
    expect(panel.locator(".message__body")).to_have_text(["Where do we eat today?", "By the river"])

    writer.say("At the market", reply_to=asked["id"])
    writer.say("Something else")
    writer.ask("edit", id=first["id"], body="By the lake")
    expect(panel.locator(".message__body")).to_contain_text(["Where do we eat", "By the lake", "At the market"])
    expect(anna.page.get_by_role("button", name="2 replies")).to_be_visible()
    assert anna.flaws() == []
    anna.picture("thread")
    writer.ask("delete", id=first["id"])
    expect(panel.locator(".message__body")).to_have_count(2)

    other = writer.say("Who brings the boat?")
    writer.say("Not I", reply_to=other["id"])
    anna.message("Who brings the boat?").first.get_by_role("button", name="1 reply").press("Enter")
    expect(panel.locator(".message__body")).to_have_text(["Who brings the boat?", "Not I"])
    panel.get_by_role("button", name="Reply", exact=True).click()
    expect(anna.page.locator(".reply-bar")).to_contain_text("Who brings the boat?")
    anna.page.keyboard.type("I come along")
    anna.page.keyboard.press("Enter")
    expect(panel.locator(".message__body").last).to_have_text("I come along")
    expect(anna.page.locator(".timeline__frame .message__body").last).to_have_text("I come along")
    panel.get_by_role("button", name="Close").focus()
    anna.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    pier = writer.ask("channel.create", name="pier")["channel"]
    anna.page.locator(f"[data-channel='{pier}']").click()
    writer.say("Good", reply_to=other["id"])
    expect(anna.page.locator(".badge")).to_have_count(1)
    expect(anna.page.locator("[data-channel='general'] .badge")).to_contain_text("1")


def test_on_a_phone_the_replies_lie_over_the_channel(window: OpenWindow, person: Enter) -> None:
    writer = person("Vera").come()
    asked = writer.say("Когда встречаемся?")
    for hour in (6, 7, 8):
        writer.say(f"В {hour} часов", reply_to=asked["id"])
    boris = window("Boris", width=390, height=844, language="ru", theme="dark")
    line = boris.page.get_by_role("button", name="3 ответа")
    boris.page.route("**/assets/Thread-*.js", lambda route: route.abort())
    line.click()
    panel = boris.page.get_by_role("complementary", name="Ответы")
    expect(panel.get_by_role("alert")).to_contain_text("Не удалось загрузить")
    boris.page.unroute_all()
    panel.get_by_role("button", name="Повторить").click()
    expect(panel.locator(".message__body")).to_have_count(4)
    assert boris.flaws() == []
    boris.picture("thread-phone")
    panel.get_by_role("button", name="Закрыть").click()
    expect(line).to_be_focused()
    line.click()
    panel.locator(".thread__open").nth(2).click()
    expect(panel).to_have_count(0)
    expect(boris.sees("В 7 часов")).to_be_in_viewport()

    writer.ask("delete", id=asked["id"])
    boris.page.get_by_role("button", name="3 ответа").click()
    expect(panel).to_contain_text("Сообщение удалено")
    expect(panel.get_by_role("button", name="Ответить")).to_have_count(0)
