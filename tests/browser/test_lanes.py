"""Private channels and direct messages in a page: who sees what, who comes in, who goes, and what is left then."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Locator, WebSocketRoute, expect

from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Frame, Person
from tests.server import ADMIN_PASSWORD

Enter = Callable[[str], Person]

SECURE = """async () => {
  const proof = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  const sent = await fetch(`/api/rooms/${location.pathname.split("/").at(-1)}/recovery`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ proof: proof.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") }),
  })
  return sent.status
}"""

KEPT = """async () => {
  const all = [JSON.stringify(localStorage)]
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => resolve(opening.result)
    })
    for (const store of database.objectStoreNames) {
      const reading = database.transaction(store).objectStore(store).getAll()
      all.push(JSON.stringify(await new Promise((resolve) => (reading.onsuccess = () => resolve(reading.result)))))
    }
    database.close()
  }
  return all.join()
}"""


def secure(visitor: Visitor) -> None:
    """A name that is somebody's, without the dialog for it, which other tests go through."""
    assert visitor.page.evaluate(SECURE) == 204
    expect(visitor.page.locator(".member-corner .secured")).to_be_attached()


def listed(visitor: Visitor, name: str) -> Locator:
    """An item of the sidebar."""
    return visitor.page.locator(".channel-list__item", has_text=name)


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).last.click()


def choose(visitor: Visitor, name: str) -> None:
    """Choose somebody in the field for people, with the keys."""
    field = visitor.page.get_by_role("combobox")
    field.fill(name)
    expect(visitor.page.get_by_role("option")).to_have_text(re.compile(name))
    field.press("Enter")
    expect(visitor.page.locator(".people-field__chip").last).to_have_text(re.compile(name))


def closed(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def _onlooker(person: Enter) -> tuple[Person, list[Frame]]:
    """Somebody who is in no lane and asks for all there are; every frame they have got until now."""
    vera = person("Vera")
    line = vera.open()
    line.put({"type": "hello", "last_seq": None, "lanes": {}})
    line.next("welcome")
    return vera, line.passed_over


def test_two_talk_in_private_while_a_third_looks_on(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), window("Boris", width=390, height=844)
    vera, heard = _onlooker(person)
    boris.say("in the open")
    anna.sees("in the open").locator(".avatar").click()
    card = anna.page.get_by_role("dialog", name="Boris")
    expect(card).to_contain_text("Boris has not secured their name yet")
    anna.page.keyboard.press("Escape")
    secure(boris)
    anna.page.get_by_text("Boris", exact=True).first.click()
    anna.picture("lanes-card")
    assert anna.flaws() == []
    press(anna, "Message")
    expect(card.get_by_role("button", name="Make a recovery code")).to_be_visible()
    anna.page.keyboard.press("Escape")
    secure(anna)

    press(anna, "New direct message")
    choose(anna, "Boris")
    anna.picture("lanes-direct")
    assert anna.flaws() == []
    press(anna, "Start")
    closed(anna)
    expect(anna.composer).to_have_attribute("placeholder", "Message to Boris")
    expect(listed(boris, "Anna")).to_have_count(0)  # who has only opened it has said nothing yet
    anna.say("between the two of us")
    anna.sees("between the two of us")
    expect(listed(boris, "Anna").locator(".badge")).to_contain_text("1")
    press(boris, "Show channels")
    boris.picture("lanes-phone")
    assert boris.flaws() == []
    listed(boris, "Anna").click()
    boris.sees("between the two of us")
    boris.composer.click()  # as soon as the drawer has gone
    boris.composer.press_sequentially("I am")
    expect(anna.page.locator(".typing")).to_contain_text("Boris is typing")
    boris.say("I am listening")
    anna.sees("I am listening")
    anna.act("I am listening", "Reply")
    anna.say("good")
    expect(boris.sees("good").locator(".quote")).to_contain_text("I am listening")
    anna.act("between the two of us", "Edit message")
    anna.page.locator(".message-editor__text").fill("between us two")
    anna.page.locator(".message-editor__text").press("Enter")
    boris.sees("between us two")
    anna.composer.fill("half a thought")
    address = anna.page.evaluate("location.hash")
    anna.reload()
    assert anna.page.evaluate("location.hash") == address
    anna.sees("between us two")
    expect(anna.composer).to_have_value("half a thought")
    anna.composer.fill("")

    press(anna, "New direct message")
    press(anna, "Notes")
    anna.say("milk and bread")
    expect(anna.page.get_by_role("heading", name="Notes").first).to_be_visible()
    anna.picture("lanes-notes")
    anna.page.keyboard.press("Control+k")
    anna.page.keyboard.type("bor")
    anna.page.keyboard.press("Enter")
    expect(anna.composer).to_have_attribute("placeholder", "Message to Boris")
    anna.page.locator(".timeline__frame").focus()
    anna.page.keyboard.press("/")
    anna.page.get_by_role("combobox", name="Search messages").press_sequentially("listening")
    expect(anna.page.locator(".hit")).to_contain_text("Boris")
    anna.page.keyboard.press("Escape")

    line = vera.lines[0]
    line.catch_up()
    told = [frame for frame in heard if frame.get("channel") != "general"]
    assert {frame["type"] for frame in told} <= {"events", "presence"}
    assert line.ask("history", channel=address.removeprefix("#"), before=None, limit=9)["code"] == "not_found"


def test_who_comes_in_sees_the_past_or_not_and_who_goes_keeps_nothing(window: OpenWindow) -> None:
    anna, vera = window("Anna"), window("Vera")
    for visitor in (anna, vera):
        secure(visitor)
    secret = f"secret {uuid4().hex}"
    press(anna, "New private channel")
    anna.page.get_by_label("Name", exact=True).first.fill("den")
    anna.picture("lanes-new")
    assert anna.flaws() == []
    press(anna, "Create")
    closed(anna)
    expect(anna.page.locator(".channel-header__topic")).to_have_text("Only you are here.")
    anna.say(secret)
    anna.sees(secret)

    anna.composer.press_sequentially("@Vera, look")
    expect(anna.page.locator(".composer__hint")).to_contain_text("Vera is not in here")
    press(anna, "Add Vera")
    expect(anna.page.locator(".people-field__chip")).to_have_text(re.compile("Vera"))
    anna.picture("lanes-add")
    assert anna.flaws() == []
    press(anna, "Add")
    closed(anna)
    listed(vera, "den").click()
    expect(vera.page.get_by_text("You see what has been said since you were added.")).to_be_visible()
    expect(vera.message(secret)).to_have_count(0)
    anna.composer.press("Enter")
    expect(vera.sees("@Vera, look").locator(".mention--me")).to_be_visible()
    vera.composer.fill("a draft for the den")
    until(vera.page, lambda: "look" in vera.page.evaluate(KEPT))

    vera.page.locator(".timeline__frame").focus()
    vera.page.keyboard.press("/")
    vera.page.get_by_role("combobox", name="Search messages").press_sequentially("look")
    expect(vera.page.locator(".hit")).to_have_count(1)

    anna.page.locator(".channel-header__people").click()
    press(anna, "Remove Vera from this channel")
    expect(anna.page.get_by_role("dialog")).to_contain_text("disappears from their devices at once")
    press(anna, "Remove")
    closed(anna)
    expect(vera.page.locator(".hit")).to_have_count(0)
    vera.page.keyboard.press("Escape")
    expect(listed(vera, "den")).to_have_count(0)
    expect(vera.page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    until(vera.page, lambda: not re.search("den|Vera, look", vera.page.evaluate(KEPT)))

    press(anna, "Add people")
    choose(anna, "Vera")
    anna.page.get_by_label("They see everything that you can see here").check()
    press(anna, "Add")
    closed(anna)
    listed(vera, "den").click()
    vera.sees(secret)
    press(anna, "Make Vera a keeper")
    expect(anna.page.locator(".person", has_text="Vera")).to_contain_text("Keeper")
    anna.picture("lanes-members")
    assert anna.flaws() == []

    vera.page.locator(".channel-header__people").click()
    press(vera, "Leave channel")
    expect(vera.page.get_by_role("dialog")).to_contain_text("only when a keeper adds you again")
    vera.picture("lanes-leave")
    assert vera.flaws() == []
    vera.page.get_by_role("dialog").get_by_role("button", name="Leave channel").click()
    expect(listed(vera, "den")).to_have_count(0)
    expect(anna.page.locator(".notice")).to_have_text("Vera left.")
    until(vera.page, lambda: secret not in vera.page.evaluate(KEPT))
    vera.page.evaluate("location.hash = '#general'")  # the same address again would lead nowhere
    expect(vera.page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    vera.page.evaluate("hash => { location.hash = hash }", anna.page.evaluate("location.hash"))
    expect(vera.page.locator(".notice")).to_have_text("This channel does not exist, or you cannot see it.")


def test_a_keeper_adds_a_bot_and_no_webhook(window: OpenWindow, person: Callable[..., Person]) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    for kind, more in (("bot", {"channels": ["general"], "rights": ["read"]}), ("hook", {"channel": "general"})):
        made = olga.ask(f"{kind}.create", name=f"Pilot {kind}", **more)
        confidential.keep(confidential.SECRET, made["token"].rpartition("_")[2])
    anna = window("Anna")
    secure(anna)
    press(anna, "New private channel")
    anna.page.get_by_label("Name", exact=True).first.fill("den")
    press(anna, "Create")
    closed(anna)
    anna.page.locator(".channel-header__people").click()
    press(anna, "Add people")
    choose(anna, "Pilot")
    anna.picture("lanes-add-bot")
    assert anna.flaws() == []
    press(anna, "Add")
    closed(anna)
    bot = anna.page.locator(".people .person", has_text="Pilot bot")
    expect(bot.locator(".role")).to_have_text("Bot")
    expect(bot.get_by_role("button", name="Make Pilot bot a keeper")).to_have_count(0)
    bot.get_by_role("button", name="Remove Pilot bot from this channel").click()
    press(anna, "Remove")
    expect(bot).to_have_count(0)


def test_a_private_channel_in_russian_on_a_phone(window: OpenWindow) -> None:
    anna = window("Анна", width=390, height=844, language="ru-RU", theme="dark")
    confidential.keep("channel", "берлога")
    secure(anna)
    page = anna.page
    press(anna, "Показать каналы")
    press(anna, "Новый закрытый канал")
    page.get_by_label("Название").fill("берлога")
    anna.picture("lanes-phone-ru")
    assert anna.flaws() == []
    press(anna, "Создать")
    closed(anna)
    anna.say("до того")
    page.locator(".channel-header__people").click()
    expect(page.get_by_text("Здесь: 1 человек")).to_be_visible()
    anna.picture("lanes-phone-members-ru")
    assert anna.flaws() == []
    page.keyboard.press("Escape")


COUNT_MUTATIONS = """() => {
  globalThis.mutations = 0
  new MutationObserver((all) => (globalThis.mutations += all.length)).observe(document.querySelector(".sidebar"), {
    subtree: true, childList: true, attributes: true, characterData: true,
  })
}"""


def test_a_page_with_four_hundred_lanes_shows_them_and_draws_none_again_for_a_message(
    window: OpenWindow, person: Enter
) -> None:
    boris = person("Boris")
    line, anna = boris.come(), window("Anna")

    def lanes(me: str) -> list[Frame]:
        plain: Frame = {
            "topic": "",
            "archived": False,
            "created_by": me,
            "retention_days": None,
            "seq": 1,
            "last_at": 1,
        }
        read: Frame = {
            "last_seq": 1,
            "read_seq": 1,
            "unread": 0,
            "mentions": 0,
            "notify": None,
            "members": [me, boris.id],
        }
        private = [{"kind": "private", "name": f"den {number:03}", "keepers": [me]} for number in range(200)]
        direct: list[Frame] = [{"kind": "direct", "name": ""} for _ in range(200)]
        return [{"id": f"lane{number:08}", **plain, **read, **each} for number, each in enumerate([*private, *direct])]

    def add_lanes(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(text: str | bytes) -> None:
            frame = json.loads(text) if text != "pong" else {}
            if frame.get("type") == "welcome":
                frame["channels"] += lanes(frame["member"]["id"])
                text = json.dumps(frame)
            socket.send(text)

        server.on_message(pass_on)

    anna.page.route_web_socket(re.compile("/socket$"), add_lanes)
    anna.reload()
    expect(anna.page.locator(".channel-list__item")).to_have_count(401)
    expect(listed(anna, "Boris")).to_have_count(200)
    anna.page.evaluate(COUNT_MUTATIONS)
    line.say("in the open")
    anna.sees("in the open")
    assert anna.page.evaluate("mutations") <= 10
