"""What the operator decides about talking in private, what admins see of it, and what a name taken over loses."""

import json
import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_lanes import KEPT, choose, closed, listed, press, secure
from tests.browser.visitor import Visitor, until
from tests.people import Person
from tests.server import ADMIN_PASSWORD, Server

SUPERVISED = {"ROOM_NAMES": "*", "SUPERVISION": "on", "DIRECT_MESSAGES": "with-admins"}
SIGN_OUT = """() => fetch(`/api/rooms/${location.pathname.split("/").at(-1)}/session`, {method: "DELETE"})"""


@pytest.fixture(scope="module")
def supervised() -> Iterator[Server]:
    """A chat in which admins read along, and people write directly to them only."""
    running = Server.start(settings=SUPERVISED)
    yield running
    running.stop()


def _make_private(visitor: Visitor, name: str) -> None:
    press(visitor, "New private channel")
    visitor.page.get_by_label("Name", exact=True).first.fill(name)
    press(visitor, "Create")
    closed(visitor)


def test_where_admins_read_along_everybody_is_told_before_and_inside(window: OpenWindow, supervised: Server) -> None:
    anna, olga = window(server=supervised), window(server=supervised)
    expect(anna.page.get_by_text("This chat is supervised: admins can read everything")).to_be_visible()
    assert anna.flaws() == []
    anna.sign_in("Anna")
    olga.sign_in("Olga", ADMIN_PASSWORD)
    for visitor in (anna, olga):
        secure(visitor)
    _make_private(anna, "den")
    expect(anna.page.locator(".channel-header__supervised")).to_have_text(re.compile("Admins can read this"))
    anna.say("among us")
    listed(olga, "den").click()
    olga.sees("among us")
    expect(olga.page.locator(".channel__archived")).to_contain_text("You can read this as an admin")
    expect(olga.composer).to_have_count(0)

    press(anna, "New direct message")
    expect(anna.page.get_by_role("dialog")).to_contain_text("you can write directly to admins only")
    choose(anna, "Olga")
    press(anna, "Start")
    closed(anna)
    anna.say("dear admin")
    expect(listed(olga, "Anna").locator(".badge")).to_contain_text("1")
    olga.page.evaluate(SIGN_OUT)
    expect(anna.page.locator(".channel__archived")).to_have_text("In this chat you can write directly to admins only.")
    anna.sees("dear admin").hover()
    expect(anna.page.get_by_role("button", name="Reply")).to_have_count(0)
    assert anna.flaws() == []


def test_where_direct_messages_are_off_a_conversation_says_so_and_notes_go_on(
    window: OpenWindow, person: Callable[[str], Person], room: str
) -> None:
    boris = person("Boris").secure()
    anna = window()
    anna.sign_in("Anna")
    secure(anna)
    me = anna.page.evaluate("fetch(`/api/rooms/${location.pathname.split('/').at(-1)}/session`).then((a) => a.json())")
    line = boris.come(lanes={})
    lane = line.ask("direct.open", members=[me["member"]["id"]])["channel"]
    line.say("from before", lane)
    expect(listed(anna, "Boris")).to_be_visible()

    def turn_off(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(text: str | bytes) -> None:
            frame = json.loads(text) if text != "pong" else {}
            turned = json.dumps(frame | {"direct_messages": "off"}) if frame.get("type") == "welcome" else text
            socket.send(turned)

        server.on_message(pass_on)

    anna.page.route_web_socket(re.compile("/socket$"), turn_off)
    anna.reload()
    listed(anna, "Boris").click()
    anna.sees("from before")
    expect(anna.page.locator(".channel__archived")).to_contain_text("Direct messages are turned off in this chat")
    expect(anna.composer).to_have_count(0)
    anna.picture("lanes-off")
    assert anna.flaws() == []
    press(anna, "New direct message")
    expect(anna.page.get_by_role("dialog")).to_contain_text("Direct messages are turned off")
    press(anna, "Notes")
    anna.say("milk and bread")
    anna.sees("milk and bread")


def test_admins_see_of_private_channels_what_they_may_and_a_name_taken_over_loses_them(
    window: OpenWindow, person: Callable[..., Person], chat: Server, room: str
) -> None:
    anna, olga = window("Anna"), window()
    olga.sign_in("Olga", ADMIN_PASSWORD)
    secure(anna)
    secret = f"secret {uuid4().hex}"
    for name in ("den", "attic"):
        _make_private(anna, name)
        anna.say(secret)
        anna.sees(secret)
    anna.composer.fill("a draft for the attic")
    until(anna.page, lambda: "draft for the attic" in anna.page.evaluate(KEPT))
    expect(listed(olga, "den")).to_have_count(0)

    press(olga, "Settings")
    press(olga, "Room statistics")
    shown = olga.page.locator(".device", has_text="den")
    expect(shown).to_contain_text(re.compile(r"1 member, \d+ MB\. Last active on "))
    olga.picture("lanes-admins")
    assert olga.flaws() == []
    press(olga, "Keep for …: den")
    olga.page.get_by_role("dialog").last.get_by_role("textbox").fill("7")
    press(olga, "Save")
    press(olga, "Delete den")
    olga.page.get_by_role("dialog").last.get_by_role("button", name="Delete").click()
    expect(olga.page.locator(".device", has_text="den")).to_have_count(0)
    expect(listed(anna, "den")).to_have_count(0)
    expect(listed(anna, "attic")).to_have_count(1)

    boss, stranger = person("Boss", password=ADMIN_PASSWORD).come(), Person(chat.url, "Anna", room=room)
    assert stranger.sign_in().status_code == 409
    assert boss.ask("login.answer", id=boss.next("approval")["id"], approve=True)["type"] == "ok"
    assert stranger.sign_in(confirmation=stranger.confirmation).status_code == 201
    expect(listed(anna, "attic")).to_have_count(0)
    expect(anna.page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    until(anna.page, lambda: not re.search("attic|secret", anna.page.evaluate(KEPT)))
    stranger.leave()
