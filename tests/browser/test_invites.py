"""Links that let somebody in: followed, damaged on the way, used up, made and revoked; and what they leave behind."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import CDPSession, Locator, Page, expect

from encoding import b64url
from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.conftest import StartServer
from tests.people import Person
from tests.places import fresh_room
from tests.server import ADMIN_PASSWORD, Server

Enter = Callable[..., Person]

PHONE = {"width": 390, "height": 844}
ROOMY = {"ROOM_NAMES": "*", "MESSAGE_RATE": "100000/100000"}


def make_link(person: Person, **wanted: Any) -> str:
    """What stands behind `/join#` in a link that this member makes, without the page."""
    secret = secrets.token_bytes(16)
    proof = HKDF(SHA256(), length=32, salt=b"", info=b"durable-chat invite v1").derive(secret)
    confidential.keep(confidential.SECRET, b64url(secret), b64url(proof))
    limits = {} if wanted.get("kind") == "device" else {"hours": 24, "uses": 1}
    digest = b64url(hashlib.sha256(proof).digest())
    answer = person.come().ask("invite.create", digest=digest, **{**limits, **wanted})
    assert answer["type"] == "invite", answer
    return f"{person.room}.{b64url(secret)}"


def used(person: Person) -> list[list[str]]:
    """Who came by each of the member's open links."""
    return [invite["used"] for invite in person.come().ask("invites")["invites"]]


def follow(visitor: Visitor, link: str, mark: str = "#") -> None:
    """Open a link in the visitor's window."""
    base = visitor.address.partition("/r/")[0]
    confidential.keep_path(f"/join{mark.partition('#')[0]}{'' if '#' in mark else link}".partition("?")[0])
    visitor.page.goto("about:blank")
    visitor.page.goto(f"{base}/join{mark}{link}")


def form(visitor: Visitor) -> Locator:
    return visitor.page.locator("form#join")


def join(visitor: Visitor, name: str) -> None:
    """Fill in the form behind a link and be inside."""
    confidential.keep("name", name)
    form(visitor).locator("[name=username]").fill(name)
    visitor.page.keyboard.press("Enter")
    visitor.wait_until_live()


def test_where_people_come_by_links_only_the_door_says_so(window: OpenWindow, start_server: StartServer) -> None:
    server = start_server(settings={"ACCESS": "invite"})
    olga = Person(server.url, "Olga").enter(ADMIN_PASSWORD)
    stranger = window(server=server, place="main")
    expect(stranger.page.get_by_text("People join this chat by a link.")).to_be_visible()
    expect(stranger.page.get_by_label("Admin password", exact=True)).to_be_visible()
    stranger.sign_in("Anna Link", enters=False)
    expect(stranger.page.get_by_role("alert")).to_contain_text("password")
    follow(stranger, make_link(olga))
    join(stranger, "Anna Link")
    olga.leave()


def test_where_there_is_no_such_room_an_empty_mooring_is_drawn(window: OpenWindow, start_server: StartServer) -> None:
    server = start_server()
    stranger = window(server=server, place="nowhere")
    drawing = stranger.page.locator("use[href='/scenes.svg#mooring']")
    for heading in ("There is nothing here", "Room not found"):
        expect(stranger.page.get_by_role("heading", name=heading)).to_be_visible()
        expect(drawing).to_have_count(1)
        assert stranger.flaws() == []
        stranger.picture(f"nowhere-{len(heading)}")
        follow(stranger, f"nowhere.{'A' * 22}")  # a link to a room that is gone


def test_everyone_is_told_who_joined_and_by_whose_invitation(window: OpenWindow, person: Enter) -> None:
    ben = person("Ben Told")
    carla, anna = window("Carla Told"), window()
    follow(anna, make_link(ben))
    join(anna, "Anna Told")
    expect(carla.page.locator(".notice")).to_have_text(re.compile("Anna Told joined, invited by Ben Told."))
    carla.picture("joined-notice")
    expect(anna.page.locator(".notice")).to_have_count(0)


@pytest.mark.parametrize(
    ("mark", "rest"),  # client/core/invites.test.ts has all of them together
    [
        ("#", "&sa=D&source=editors"),
        ("/#", ""),
        ("%23", "?fbclid=x"),
        ("%2523", "&sa=D&source=editors"),
        ("?utm_source=mail#", "?fbclid=x"),
    ],
)
def test_a_link_that_mail_programs_have_changed_still_leads_in(
    window: OpenWindow, person: Enter, room: str, mark: str, rest: str
) -> None:
    visitor = window()
    follow(visitor, make_link(person("Ben Mail")) + rest, mark)
    expect(visitor.page.get_by_text("Ben Mail invites you")).to_be_visible()
    assert visitor.page.url == f"{visitor.address}"
    if mark == "%2523":
        join(visitor, "Anna Mail")


def test_a_visit_uses_nothing(window: OpenWindow, person: Enter, chat: Server) -> None:
    ben = person("Ben Visited")
    link = make_link(ben)
    for mark in ("", "#", "%23", "%2523"):
        for _ in range(25):
            address = f"{chat.url}/join{mark}{link if mark != '#' else ''}"
            answer = ben.http.get(address)
            assert answer.status_code == 200, answer.text
            assert "set-cookie" not in answer.headers
    visitor = window()
    for _ in range(10):
        follow(visitor, link)
        visitor.page.get_by_text("Ben Visited invites you").wait_for()
    assert used(ben) == [[]]
    join(visitor, "Anna Visited")
    assert used(ben) == []


class Wire:
    """Everything that a page sends, as the browser's own tools see it."""

    def __init__(self, page: Page) -> None:
        self.sent: list[str] = []
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Network.enable")
        self._cdp.send("Page.enable")
        self._cdp.on("Network.requestWillBeSent", lambda given: self._note(given["request"]))
        self._cdp.on("Network.requestWillBeSentExtraInfo", lambda given: self._note(given["headers"]))
        self._cdp.on("Network.webSocketFrameSent", lambda given: self._note(given["response"]))

    def _note(self, sent: dict[str, Any]) -> None:
        # The browser reports the fragment of an address beside it, and sends it to nobody.
        self.sent.append(json.dumps({key: value for key, value in sent.items() if key != "urlFragment"}))

    def carrying(self, secret: str) -> list[str]:
        """What this text was sent in."""
        return [sent for sent in self.sent if secret in sent]

    def history(self) -> list[str]:
        """Every address that Back and Forward know."""
        return [entry["url"] for entry in self._cdp.send("Page.getNavigationHistory")["entries"]]


@pytest.mark.parametrize("mark", ["#", "%23"])
def test_the_secret_is_in_no_address_no_history_and_no_request(window: OpenWindow, person: Enter, mark: str) -> None:
    link = make_link(person("Ben Secret"))
    secret = link.partition(".")[2]
    visitor = window()
    wire = Wire(visitor.page)
    follow(visitor, link, mark)
    expect(visitor.page.get_by_text("Ben Secret invites you")).to_be_visible()
    assert visitor.page.evaluate("() => Object.values(sessionStorage)") == [secret]
    visitor.page.reload()
    expect(visitor.page.get_by_text("Ben Secret invites you")).to_be_visible()
    join(visitor, "Anna Secret")
    visitor.say("No secret in this one")
    visitor.sees("No secret in this one")
    kept = "JSON.stringify([history.state, {...localStorage}, {...sessionStorage}])"
    assert secret not in visitor.page.evaluate(f"() => location.href + document.referrer + {kept}")
    assert [address for address in wire.history() if "join" in address] == []
    assert len(wire.sent) > 20
    # Whoever writes %23 has it sent with the first request, of which the Worker logs the route; and with no other.
    first = [sent for sent in wire.carrying(secret) if f"/join%23{link}" in sent]
    assert len(first) == (0 if mark == "#" else 1)
    assert wire.carrying(secret) == first


def test_back_does_not_bring_the_secret_back(window: OpenWindow, person: Enter) -> None:
    link = make_link(person("Ben Back"))
    secret = link.partition(".")[2]
    visitor = window()
    wire = Wire(visitor.page)
    follow(visitor, link)
    expect(visitor.page.get_by_text("Ben Back invites you")).to_be_visible()
    visitor.page.get_by_role("button", name="Sign in without a link").click()
    visitor.page.goto(f"{visitor.address}-else")
    visitor.page.go_back()
    visitor.page.locator("form#login").wait_for()
    assert visitor.page.url == visitor.address
    assert [address for address in wire.history() if secret in address or "/join" in address] == []
    visitor.page.go_back()
    visitor.page.go_forward()
    visitor.page.locator("form#login").wait_for()
    assert visitor.page.url == visitor.address


@pytest.mark.parametrize("storage", ["kept", "refused"])
def test_whoever_does_without_the_link_finds_the_password_form(window: OpenWindow, person: Enter, storage: str) -> None:
    visitor = window()
    if storage == "refused":
        refuse = "() => { throw new DOMException('no', 'SecurityError') }"
        visitor.context.add_init_script(f"Storage.prototype.getItem = Storage.prototype.setItem = {refuse}")
    follow(visitor, make_link(person("Ben Without")))
    expect(visitor.page.get_by_text("Ben Without invites you")).to_be_visible()
    visitor.page.get_by_role("button", name="Sign in without a link").click()
    visitor.page.locator("form#login").wait_for()
    visitor.page.reload()
    visitor.page.locator("form#login").wait_for()
    expect(form(visitor)).to_have_count(0)


def test_a_damaged_link_says_so(window: OpenWindow, room: str) -> None:
    visitor = window()
    follow(visitor, f"{room}.AAECAwQFBgcICQ")
    expect(visitor.page.get_by_role("heading", name="This link is incomplete")).to_be_visible()
    visitor.page.reload()
    expect(visitor.page.get_by_text("Copy the whole link")).to_be_visible()
    assert visitor.flaws() == []
    visitor.page.get_by_role("button", name="Sign in without a link").click()
    visitor.sign_in("Anna Damaged")
    follow(visitor, "", "")
    expect(visitor.page.get_by_role("heading", name="This link is incomplete")).to_be_visible()


def test_two_at_once_on_the_last_use_are_one_member_more(window: OpenWindow, person: Enter) -> None:
    ben = person("Ben Twice")
    link = make_link(ben)
    pair = [window(), window()]
    for number, visitor in enumerate(pair):
        follow(visitor, link)
        name = f"Guest number {number}"
        confidential.keep("name", name)
        form(visitor).locator("[name=username]").fill(name)
    for visitor in pair:
        visitor.page.evaluate("() => void document.querySelector('form#join').requestSubmit()")
    over = [visitor.page.get_by_role("heading", name="This link no longer works") for visitor in pair]
    for visitor, heading in zip(pair, over, strict=True):
        expect(visitor.composer.or_(heading)).to_be_visible()
    assert sorted(heading.count() for heading in over) == [0, 1]
    loser = pair[0 if over[0].count() else 1]
    loser.picture("join-over")
    assert loser.flaws() == []
    loser.page.get_by_role("button", name="Sign in without a link").click()
    loser.sign_in("Guest with password")
    joined = [member["name"] for member in ben.come().welcome["members"] if member["name"].startswith("Guest number")]
    assert len(joined) == 1


def test_a_link_that_was_revoked_lets_nobody_in(window: OpenWindow, person: Enter) -> None:
    ben = person("Ben Revoked")
    link = make_link(ben)
    (invite,) = ben.come().ask("invites")["invites"]
    assert ben.come().ask("invite.revoke", id=invite["id"])["type"] == "ok"
    visitor = window()
    follow(visitor, link)
    expect(visitor.page.get_by_role("alert")).to_contain_text("Ask the person who sent it to you for a new one.")
    expect(form(visitor)).to_have_count(0)


def test_a_name_that_is_taken_or_looks_like_one_can_be_changed(window: OpenWindow, person: Enter) -> None:
    ben = person("Ben Taken")
    ben.come()
    visitor = window()
    follow(visitor, make_link(ben))
    name = form(visitor).locator("[name=username]")
    name.press("Enter")
    expect(visitor.page.get_by_text("Enter your name.")).to_be_visible()
    expect(name).to_be_focused()
    name.fill("Веn Taken")  # the first two letters are Cyrillic
    name.press("Enter")
    expect(visitor.page.get_by_role("alert")).to_contain_text("looks too much like")
    name.fill("Ben Taken")
    name.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Is that you, Ben Taken?")).to_be_visible()
    visitor.page.get_by_role("button", name="Use another name").click()
    join(visitor, "Anna Taken")


def test_whoever_is_signed_in_already_finds_the_chat_and_uses_nothing(window: OpenWindow, person: Enter) -> None:
    ben = person("Ben Inside")
    anna = window("Anna Inside")
    follow(anna, make_link(ben))
    anna.wait_until_live()
    assert used(ben) == [[]]
    assert anna.page.evaluate("() => Object.keys({...sessionStorage}).length") == 0


def test_a_server_that_cannot_be_asked_is_asked_again(window: OpenWindow, person: Enter) -> None:
    visitor = window()
    invite = re.compile(r"/api/rooms/[^/]+/invite$")
    visitor.page.route(invite, lambda route: route.abort())
    follow(visitor, make_link(person("Ben Asked")))
    expect(visitor.page.get_by_role("alert")).to_contain_text("The server is not responding.")
    assert visitor.flaws() == []
    visitor.page.unroute(invite)
    answer = {"status": 429, "json": {"code": "too_many_attempts", "retry_after": 2}}
    visitor.page.route(invite, lambda route: route.fulfill(**answer), times=1)
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Too many attempts.")
    visitor.page.get_by_role("button", name="Try again", exact=True).click()
    expect(visitor.page.get_by_text("Ben Asked invites you")).to_be_visible()


# --- making links ---


def open_dialog(visitor: Visitor, button: str = "Invite people") -> Locator:
    visitor.page.get_by_role("button", name=button).click()
    return visitor.page.get_by_role("dialog")


def link_in(dialog: Locator) -> str:
    """What stands behind `/join#` in the link that a dialog shows."""
    link = dialog.locator(".copy-field__text").input_value()
    confidential.keep(confidential.SECRET, link.partition("#")[2].partition(".")[2])
    return link.partition("#")[2]


def test_a_member_makes_a_link_sees_who_came_by_it_and_revokes_it(window: OpenWindow) -> None:
    ben, anna = window("Ben Maker"), window()
    ben.context.add_init_script("navigator.share = async (what) => { globalThis.shared = what }")
    ben.reload()
    dialog = open_dialog(ben)
    expect(dialog.get_by_text("No open links.")).to_be_visible()
    dialog.get_by_label("Valid for").select_option("168")
    dialog.get_by_role("combobox", name="For", exact=True).select_option("5")
    dialog.get_by_label("Label").fill("The design team")
    ben.picture("invite-form")
    assert ben.flaws() == []
    dialog.get_by_role("button", name="Create link").click()
    link = link_in(dialog)
    expect(dialog.get_by_role("img", name="The link as a QR code")).to_be_visible()
    dialog.get_by_role("button", name="Copy link").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert ben.page.evaluate("() => navigator.clipboard.readText()").endswith(f"/join#{link}")
    dialog.get_by_role("button", name="Share…").click()
    shared = ben.page.evaluate("() => globalThis.shared")
    assert shared["text"] == "Ben Maker invites you to Harbour:"
    assert shared["url"].endswith(link)
    item = dialog.locator(".device", has_text="The design team")
    expect(item).to_contain_text("Used by 0 of 5 people, valid until")
    ben.picture("invite-link")
    assert ben.flaws() == []
    follow(anna, link)
    join(anna, "Anna Made")
    expect(item).to_contain_text("Used by 1 of 5 people")
    expect(item).to_contain_text("Joined: Anna Made")
    ben.picture("invite-used")
    dialog.get_by_role("button", name="Create another link").click()
    assert link not in dialog.inner_html()
    item.get_by_role("button", name="Revoke The design team").click()
    question = ben.page.get_by_role("dialog", name="Revoke this link?")
    assert ben.flaws() == []
    question.get_by_role("button", name="Revoke").click()
    expect(item).to_have_count(0)
    expect(dialog.get_by_text("No open links.")).to_be_visible()
    follow(guest := window(), link)
    expect(guest.page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_the_code_is_saved_as_a_drawing_and_as_a_picture(window: OpenWindow) -> None:
    ben = window("Ben Printer")
    dialog = open_dialog(ben)
    dialog.get_by_role("button", name="Create link").click()
    link_in(dialog)
    saved = {}
    for kind in ("SVG", "PNG"):
        with ben.page.expect_download() as download:
            dialog.get_by_role("button", name=kind).click()
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")
        saved[kind] = download.value.path().read_bytes()
    assert saved["SVG"].startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert saved["PNG"].startswith(b"\x89PNG")
    width = int.from_bytes(saved["PNG"][16:20])
    assert 1_000 <= width <= 1_200


def test_a_link_is_made_and_revoked_with_the_keyboard_alone(window: OpenWindow) -> None:
    ben = window("Ben Keyboard")
    keys = ben.page.keyboard
    ben.page.get_by_role("button", name="Invite people").focus()
    keys.press("Enter")
    dialog = ben.page.get_by_role("dialog")
    dialog.get_by_label("Label").focus()
    keys.type("By hand alone")
    keys.press("Enter")
    expect(dialog.locator(".copy-field__text")).to_be_focused()
    link_in(dialog)
    keys.press("Tab")
    keys.press("Enter")
    expect(dialog.get_by_role("button", name="Copied")).to_be_focused()
    revoke = dialog.get_by_role("button", name="Revoke By hand alone")
    for _ in range(8):
        keys.press("Tab")
        if revoke.evaluate("button => button === document.activeElement"):
            break
    expect(revoke).to_be_focused()
    keys.press("Enter")
    ben.page.get_by_role("dialog", name="Revoke this link?").wait_for()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(dialog.get_by_text("No open links.")).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_have_count(0)


def test_more_links_than_a_member_may_have_are_refused(window: OpenWindow, person: Enter, room: str) -> None:
    ben = window("Ben Many")
    dialog = open_dialog(ben)
    expect(dialog.get_by_text("No open links.")).to_be_visible()
    for number in range(20):
        dialog.get_by_role("button", name="Create link").click()
        dialog.get_by_role("button", name="Create another link").click()
        expect(dialog.locator(".device")).to_have_count(number + 1)
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Too many links are open.")
    ben.picture("invite-many")
    assert ben.flaws() == []


def test_a_list_that_does_not_come_can_be_asked_for_again(window: OpenWindow) -> None:
    ben = window("Ben Offline")
    expect(open_dialog(ben).get_by_text("No open links.")).to_be_visible()
    ben.page.keyboard.press("Escape")
    ben.context.set_offline(True)
    expect(ben.page.locator(".line-banner")).to_be_visible()
    dialog = open_dialog(ben)
    expect(dialog.get_by_role("alert")).to_contain_text("The list could not be loaded.")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_text("No connection right now.")).to_be_visible()
    ben.context.set_offline(False)
    expect(ben.page.locator(".line-banner")).to_have_count(0)
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_text("No open links.")).to_be_visible()


# --- another device ---


def test_a_link_for_another_device_signs_in_as_oneself(window: OpenWindow) -> None:
    laptop, phone = window("Anna Device"), window(**PHONE)
    laptop.page.get_by_role("button", name="Settings").click()
    dialog = open_dialog(laptop, "A link for my other device")
    expect(dialog.get_by_role("heading", name="A link for my other device")).to_be_visible()
    link = link_in(dialog)
    expect(dialog.get_by_text(re.compile(r"Valid for another (10:00|9:\d\d)\."))).to_be_visible()
    expect(dialog.get_by_role("img", name="The link as a QR code")).to_be_visible()
    laptop.picture("device-link")
    assert laptop.flaws() == []
    follow(phone, link)
    expect(phone.page.get_by_text("Sign in as Anna Device on this device")).to_be_visible()
    expect(phone.page.get_by_role("textbox")).to_have_count(0)
    phone.picture("join-device-phone")
    assert phone.flaws() == []
    phone.page.get_by_role("button", name="Sign in", exact=True).tap()
    phone.wait_until_live()
    expect(laptop.page.locator(".alert")).to_contain_text("A new device signed in under your name")
    follow(again := window(), link)
    expect(again.page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_a_link_for_another_device_ends_and_is_made_anew(window: OpenWindow) -> None:
    anna = window("Anna Countdown")
    anna.page.clock.install()
    anna.page.get_by_role("button", name="Settings").click()
    dialog = open_dialog(anna, "A link for my other device")
    first = link_in(dialog)
    anna.page.clock.run_for(601_000)
    expect(dialog.get_by_text("This link has expired.")).to_be_visible()
    expect(dialog.locator(".invite-link")).to_have_count(0)
    dialog.get_by_role("button", name="Create a new link").click()
    dialog.locator(".invite-link").wait_for()
    assert link_in(dialog) != first


# --- settings and looks ---


@pytest.fixture(scope="module")
def admins_only() -> Iterator[Server]:
    """A chat in which admins invite, and robots are kept out."""
    running = Server.start(settings={**ROOMY, "INVITES": "admins", "BOT_PROTECTION": "altcha"})
    yield running
    running.stop()


def test_where_admins_invite_others_are_not_offered_it_and_robots_are_kept_out(
    window: OpenWindow, admins_only: Server, room: str
) -> None:
    anna = window(server=admins_only)
    chief = Person(admins_only.url, "Chief of all", room=room).enter(ADMIN_PASSWORD)
    follow(anna, make_link(chief))
    join(anna, "Anna Robot")
    expect(anna.page.get_by_role("button", name="Invite people")).to_have_count(0)
    chief.leave()
    alone = window("Carla Alone", server=admins_only, place=fresh_room())
    welcome = alone.page.get_by_role("region", name="Your harbour is open")
    expect(welcome.get_by_role("button", name="Copy address")).to_be_visible()
    expect(welcome).to_contain_text("you cannot create invite links here")
    expect(welcome.get_by_role("button", name="Invite somebody")).to_have_count(0)


LOOKS: list[dict[str, Any]] = [
    {"width": 1440, "height": 900},
    {"width": 1440, "height": 900, "theme": "dark"},
    {**PHONE, "theme": "dark", "language": "ru-RU"},
    {**PHONE, "language": "ru-RU"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["wide", "dark", "phone-dark-ru", "phone-ru"])
def test_every_look_is_without_flaws(
    window: OpenWindow, person: Enter, look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    visitor = window(**look)
    follow(visitor, make_link(person("Ben Looks")))
    form(visitor).wait_for()
    visitor.picture(f"join-{name}")
    assert visitor.flaws() == []
    join(visitor, "Anna Looks")
    if look["width"] < 600:
        visitor.page.locator(".channel-header .icon-button").first.click()
    visitor.page.locator(".sidebar__invite").click()
    dialog = visitor.page.get_by_role("dialog")
    visitor.page.wait_for_timeout(300)
    visitor.picture(f"invite-form-{name}")
    dialog.locator("button[type=submit]").click()
    dialog.locator(".qr").wait_for()
    link_in(dialog)
    visitor.page.wait_for_timeout(300)
    visitor.picture(f"invite-link-{name}")
    assert visitor.flaws() == []
