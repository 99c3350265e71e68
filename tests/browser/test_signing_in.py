"""The door with its locks: robot checks, waiting times, a name that belongs to somebody, several devices."""

import base64
import json
import re

from playwright.sync_api import Locator, Response, Route, expect

from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.conftest import StartServer
from tests.people import Person
from tests.server import ADMIN_PASSWORD, PASSWORD

PROOF_MS = 120_000  # by luck a proof of work takes several times as long as usual
TURNSTILE = {
    "BOT_PROTECTION": "turnstile",
    "TURNSTILE_SITE_KEY": "1x00000000000000000000AA",
    "TURNSTILE_SECRET_KEY": "1x0000000000000000000000000000000AA",
}
_SOLVED = "document.querySelector('altcha-widget')?.getState() === 'verified'"
FILL_AND_SUBMIT = """([name, password, tells]) => {
  const form = document.querySelector("form#login")
  for (const [field, value] of [["username", name], ["password", password]]) {
    form.elements[field].value = value
    if (tells) form.elements[field].dispatchEvent(new Event("input", { bubbles: true }))
  }
  form.requestSubmit()
}"""
# What Turnstile's script offers, as far as the client uses it; its own is not ours to keep a copy of.
FAKE_TURNSTILE = """
globalThis.turnstile = {
  render(place, options) {
    globalThis.rendered = { ...options, place, resets: 0 }
    setTimeout(() => options.callback("XXXX.DUMMY.TOKEN.XXXX"), 50)
    return "1"
  },
  reset() {
    globalThis.rendered.resets += 1
  },
  remove() {},
}
"""


def test_the_console_of_a_healthy_page_stays_empty(window: OpenWindow) -> None:
    """A first visit, a login, a reload and a look at the settings: no refusal is provoked to learn something."""
    visitor = window(place="main", service_workers="allow")
    visitor.page.locator("form#login").wait_for()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.said == []
    visitor.sign_in("Anna")
    visitor.reload()
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.get_by_role("button", name="Settings").click()
    expect(visitor.page.get_by_text("Notifications are turned off in this chat")).to_be_visible()
    assert visitor.said == []


def test_a_proof_of_work_is_done_while_somebody_fills_in_the_form(
    window: OpenWindow, start_server: StartServer
) -> None:
    server = start_server(settings={"BOT_PROTECTION": "altcha"})
    visitor = window(server=server, place="main")
    loaded: list[str] = []
    visitor.page.on("request", lambda request: loaded.append(request.url))
    visitor.page.reload()
    visitor.page.locator("form#login").wait_for()
    visitor.page.wait_for_load_state("networkidle")
    assert not [url for url in loaded if "altcha" in url and "/assets/" in url], "nothing before somebody types"
    visitor.page.locator("[name=username]").press_sequentially("An")
    until(visitor.page, lambda: visitor.page.evaluate(_SOLVED), PROOF_MS / 1000)
    expect(visitor.page.locator("altcha-widget")).to_be_hidden()
    visitor.picture("proof-of-work")
    assert visitor.flaws() == []
    visitor.sign_in("Anna", "wrong password", enters=False)
    expect(visitor.page.get_by_role("alert")).to_contain_text("not the password", timeout=PROOF_MS)
    visitor.sign_in("Anna", enters=False)
    visitor.composer.wait_for(timeout=PROOF_MS)
    assert {re.sub(r"^(\w+://[^/]+).*", r"\1", url) for url in loaded} == {server.url}, "nothing from elsewhere"


def test_a_password_manager_that_fills_in_and_submits_at_once_is_let_in(
    window: OpenWindow, start_server: StartServer
) -> None:
    server = start_server(settings={"BOT_PROTECTION": "altcha"})
    visitor = window(server=server, place="main")
    for attempt in range(24):
        confidential.keep("name", f"Anna {attempt}")
        if attempt > 0:
            visitor.context.clear_cookies()
            visitor.page.reload()
        visitor.page.locator("form#login").wait_for()
        # Every second one says nothing of it to the page.
        visitor.page.evaluate(FILL_AND_SUBMIT, [f"Anna {attempt}", PASSWORD, attempt % 2 == 0])
        outcome = visitor.composer.or_(visitor.page.get_by_role("alert"))
        expect(outcome).to_be_visible(timeout=PROOF_MS)
        assert visitor.page.get_by_role("alert").all_inner_texts() == []
        confidential.keep(confidential.SECRET, *(cookie["value"] for cookie in visitor.context.cookies()))


def test_the_door_says_itself_what_is_missing(window: OpenWindow) -> None:
    visitor = window(language="ru-RU")
    form = visitor.page.locator("form#login")
    form.locator("[name=username]").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Введите имя.")
    expect(form.locator("[name=username]")).to_be_focused()
    form.locator("[name=username]").fill("Анна")
    expect(form.get_by_role("alert")).to_have_count(0)
    form.locator("[name=username]").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Введите пароль комнаты.")
    expect(form.locator("[name=password]")).to_be_focused()
    assert visitor.flaws() == []


def test_turnstile_that_cannot_load_is_explained_and_can_be_retried(
    window: OpenWindow, start_server: StartServer
) -> None:
    visitor = window(server=start_server(settings=TURNSTILE), place="main")
    _answer_for_turnstile(visitor, failures=2)
    visitor.page.locator("[name=username]").fill("Anna")
    expect(visitor.page.get_by_role("alert")).to_contain_text("did not load")
    visitor.picture("turnstile-missing")
    visitor.page.get_by_role("button", name="Try again").click()
    until(visitor.page, lambda: visitor.page.evaluate("Boolean(globalThis.rendered)"))
    expect(visitor.page.get_by_role("alert")).to_have_count(0)
    assert visitor.page.evaluate("[rendered.sitekey, rendered.action]") == ["1x00000000000000000000AA", "login"]


def test_turnstile_is_seen_only_while_it_asks_something_and_repeats_what_fails_once(
    window: OpenWindow, start_server: StartServer
) -> None:
    visitor = window(server=start_server(settings=TURNSTILE), place="main")
    _answer_for_turnstile(visitor, failures=1)
    button = visitor.page.get_by_role("button", name="Sign in", exact=True)
    before = button.bounding_box()
    visitor.page.locator("[name=username]").fill("Anna")
    until(visitor.page, lambda: visitor.page.evaluate("Boolean(globalThis.rendered)"))
    assert visitor.page.evaluate("rendered.appearance") == "interaction-only"
    assert button.bounding_box() == before, "nobody sees it load, fail and load"
    expect(visitor.page.get_by_role("alert")).to_have_count(0)
    assert visitor.page.evaluate("rendered['error-callback']()"), "its console stays quiet"
    assert visitor.page.evaluate("rendered.resets") == 1
    visitor.page.evaluate("rendered.place.append('Are you human?')")
    place = visitor.page.locator(".challenge")
    expect(place).not_to_have_class(re.compile("quiet"))
    box, below = place.bounding_box(), button.bounding_box()
    assert box is not None
    assert below is not None
    assert box["y"] + box["height"] < below["y"]
    visitor.page.evaluate("rendered.place.replaceChildren()")
    expect(place).to_have_class(re.compile("quiet"))
    assert button.bounding_box() == before


def _answer_for_turnstile(visitor: Visitor, *, failures: int) -> None:
    """Cloudflare's script does not come so often, then it does."""
    left = [failures]

    def answer(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            route.abort()
        else:
            route.fulfill(body=FAKE_TURNSTILE, content_type="text/javascript")

    visitor.context.route("https://challenges.cloudflare.com/**", answer)


def test_a_proof_of_work_that_fails_once_or_is_too_old_is_done_again_without_a_word(
    window: OpenWindow, start_server: StartServer
) -> None:
    server = start_server(settings={"BOT_PROTECTION": "altcha"})
    visitor = window(server=server, place="main")
    asked: list[str] = []

    def fail_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    answers: list[Response] = []
    visitor.page.on("response", lambda answer: answers.append(answer) if "/challenge" in answer.url else None)
    visitor.context.route("**/challenge", fail_once)
    visitor.page.clock.install()
    visitor.page.reload()
    visitor.page.locator("[name=username]").fill("Anna")
    until(visitor.page, lambda: visitor.page.evaluate(_SOLVED), PROOF_MS / 1000)
    assert len(asked) == 2
    (known,) = [answer.json()["parameters"]["nonce"] for answer in answers]
    visitor.page.clock.fast_forward("09:00")
    with visitor.page.expect_request(lambda request: request.method == "POST", timeout=PROOF_MS) as login:
        visitor.sign_in("Anna", enters=False)
    given = json.loads(base64.b64decode(json.loads(login.value.post_data or "")["altcha"]))
    assert given["challenge"]["parameters"]["nonce"] != known, "the server would not take that one much longer"
    visitor.composer.wait_for(timeout=PROOF_MS)


def test_two_fields_and_a_button_are_as_high_as_one_another_and_other_ways_stand_beside(window: OpenWindow) -> None:
    visitor = window(host="localhost")
    lines = visitor.page.locator("form#login .field__line")
    expect(lines).to_have_count(2)
    button = visitor.page.get_by_role("button", name="Sign in", exact=True)
    heights = {box["height"] for each in (*lines.all(), button) if (box := each.bounding_box())}
    assert len(heights) == 1
    passkey = visitor.page.get_by_role("button", name="Sign in with a passkey").bounding_box()
    link = visitor.page.get_by_role("button", name="I have a link").bounding_box()
    assert passkey is not None
    assert link is not None
    assert passkey["y"] == link["y"]
    visitor.picture("door-ways")


def test_a_link_can_be_pasted_at_the_door(window: OpenWindow, room: str) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    visitor = window()
    visitor.page.get_by_role("button", name="I have a link").click()
    field = visitor.page.get_by_label("Link")
    expect(field).to_be_focused()
    field.fill("https://elsewhere.example/join#main.AAAAAAAAAAAAAAAAAAAAAA")
    field.press("Enter")
    expect(visitor.page.get_by_role("alert")).to_contain_text("no link to a room of this chat")
    assert visitor.flaws() == []
    visitor.picture("door-link")
    field.fill(f"{visitor.address.partition('/r/')[0]}/join#{room}.AAAAAAAAAAAAAAAAAAAAAA")
    field.press("Enter")
    expect(visitor.page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_the_wait_after_too_many_attempts_is_counted_down(window: OpenWindow, start_server: StartServer) -> None:
    server = start_server()
    visitor = window(server=server, place="main")
    for _ in range(5):
        with visitor.page.expect_response(lambda answer: answer.request.method == "POST"):
            visitor.sign_in("Anna", "wrong password", enters=False)
        expect(visitor.page.locator(".login__progress")).to_have_count(0)
    visitor.sign_in("Anna", enters=False)
    button = visitor.page.get_by_role("button", name=re.compile(r"Try again in 0:\d\d"))
    expect(button).to_be_disabled()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Too many attempts")
    visitor.picture("too-many-attempts")
    before = button.inner_text()
    expect(button).not_to_have_text(before)


def test_a_second_device_is_let_in_with_the_six_digits_of_the_first(window: OpenWindow) -> None:
    first = window("Anna")
    second = window()
    second.sign_in("Anna", enters=False)
    expect(second.page.get_by_role("heading", name="Is that you, Anna?")).to_be_visible()
    shown = first.page.locator(".question__code")
    expect(shown).to_be_visible()
    first.picture("sign-in-question")
    second.picture("sign-in-code")
    code = shown.inner_text().replace("\u00a0", "")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    second.page.get_by_label("Six-digit code").fill(wrong)
    second.page.get_by_label("Six-digit code").press("Enter")
    expect(second.page.get_by_role("alert")).to_contain_text("not right")
    second.page.get_by_label("Six-digit code").fill(code)
    second.page.get_by_label("Six-digit code").press("Enter")
    alert = first.page.locator(".alert", has_text="A new device signed in under your name")
    expect(alert).to_be_visible()
    expect(first.page.locator(".question__code")).to_have_count(0)
    second.composer.wait_for()
    first.picture("new-device")

    first.come()
    expect(alert).to_be_visible()  # until it was read
    alert.get_by_role("button", name="Got it").press("Enter")
    expect(alert).to_have_count(0)
    expect(first.composer).to_be_focused()
    expect(second.page.locator(".alert")).to_have_count(0)
    first.page.get_by_role("button", name="Settings").click()
    expect(first.page.locator(".device")).to_have_count(2)
    first.picture("devices")
    first.page.locator(".device").get_by_role("button", name="End session").click()
    second.page.locator("form#login").wait_for()
    expect(second.page.get_by_role("status")).to_contain_text("You were signed out")


def test_an_admin_lets_somebody_in_and_may_remove_them(window: OpenWindow, room: str) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    first = window("Anna")
    second = window()
    second.sign_in("Anna", enters=False)
    question = admin.page.get_by_role("region", name="Someone wants to sign in as Anna")
    question.get_by_role("button", name="Approve").click()
    second.composer.wait_for()

    admin.page.locator(".channel-header__people").click()
    expect(admin.page.locator(".person", has_text="Clara")).to_contain_text("Admin")
    admin.page.locator(".person", has_text="Anna").hover()
    admin.page.get_by_role("button", name="Remove Anna").click()
    admin.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    first.page.locator("form#login").wait_for()
    second.page.locator("form#login").wait_for()
    expect(admin.page.locator(".person", has_text="Anna")).to_have_count(0)


def _removing(admin: Visitor, name: str) -> Locator:
    """The dialog in which an admin removes somebody."""
    admin.page.locator(".person", has_text=name).hover()
    admin.page.get_by_role("button", name=f"Remove {name}").click()
    return admin.page.get_by_role("dialog")


def test_whom_an_admin_removes_stays_outside_and_both_are_told_what_that_takes(window: OpenWindow) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    jonas = window("Jonas")
    admin.page.locator(".channel-header__people").click()
    dialog = _removing(admin, "Jonas")
    expect(dialog.get_by_label("Also ban the name Jonas and the devices signed in with it")).to_be_checked()
    expect(dialog).to_contain_text("only a new room password keeps them out for certain")
    assert admin.flaws() == []
    admin.picture("remove-member")
    dialog.get_by_role("button", name="Remove").click()
    expect(jonas.page.locator(".login__notice")).to_contain_text("An admin has removed you from this room")
    for name in ("Jonas", "jonаs", "Somebody else"):
        jonas.sign_in(name, enters=False)
        expect(jonas.page.get_by_role("alert")).to_contain_text("An admin has banned you from this room")
        jonas.page.reload()
    elsewhere = window()
    elsewhere.sign_in("Jonas", enters=False)
    expect(elsewhere.page.get_by_role("alert")).to_contain_text("An admin has banned you from this room")


def test_whom_an_admin_removes_without_a_ban_may_come_again_as_the_dialog_says(window: OpenWindow) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    jonas = window("Jonas")
    admin.page.locator(".channel-header__people").click()
    dialog = _removing(admin, "Jonas")
    dialog.get_by_label("Also ban").uncheck()
    expect(dialog).to_contain_text("They can sign in again right away with the room's password.")
    expect(dialog).not_to_contain_text("new room password")
    dialog.get_by_role("button", name="Remove").click()
    expect(jonas.page.locator(".login__notice")).to_contain_text("An admin has removed you from this room")
    jonas.sign_in("Jonas")


def test_whoever_takes_a_free_name_is_told_apart_from_the_former_member(window: OpenWindow) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    admin.say("from an admin")
    anna = window("Anna")
    anna.say("from the first one")
    header = anna.page.locator("article.message", has_text="from an admin").locator(".message__header")
    expect(header.locator(".role")).to_have_text("Admin")
    assert anna.page.get_by_role("article", name="Clara, Admin").count() == 1
    anna.page.get_by_role("button", name="Settings").click()
    anna.page.get_by_role("button", name="Sign out").click()
    anna.page.locator("form#login").wait_for()

    other = window("Anna")
    other.say("from somebody new")
    for reader in (other, admin):
        reader.sees("from somebody new")
        former = reader.page.locator("article.message", has_text="from the first one").locator(".message__header")
        expect(former.locator(".role")).to_have_text("Former member")
        new = reader.page.locator("article.message", has_text="from somebody new").locator(".message__header")
        expect(new.locator(".message__author")).to_have_text("Anna")
        expect(new.locator(".role")).to_have_count(0)
    other.picture("former-member")


def test_a_look_alike_of_a_members_name_is_refused_in_words(window: OpenWindow) -> None:
    window("Anna")
    mallory = window()
    mallory.sign_in("Аnna", enters=False)
    expect(mallory.page.get_by_role("alert")).to_contain_text("looks too much like")


def test_somebody_refuses_a_stranger_under_their_name(window: OpenWindow, chat: "object", room: str) -> None:
    anna = window("Anna")
    stranger = Person(anna.address.partition("/r/")[0], "Anna", room=room)
    asked = stranger.sign_in()
    assert asked.json()["code"] == "name_taken"
    code = anna.page.locator(".question__code").inner_text().replace("\u00a0", "")
    anna.page.get_by_role("button", name="Deny").click()
    expect(anna.page.locator(".question")).to_have_count(0)
    assert stranger.sign_in(code=code, confirmation=asked.json()["confirmation"]).status_code != 201
    stranger.leave()


def test_messages_that_come_too_fast_wait_and_are_sent_by_themselves(
    window: OpenWindow, start_server: StartServer
) -> None:
    server = start_server(settings={"MESSAGE_RATE": "2/1"})
    anna = window("Anna", server=server, place="main")
    for number in range(5):
        anna.say(f"quick {number}")
    anna.sees("quick", count=5)
    bodies = anna.page.locator("article.message p", has_text="quick").all_inner_texts()
    assert bodies == [f"quick {number}" for number in range(5)]
