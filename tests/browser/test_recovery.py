"""A name that stays its member's: the offer, the code that is made and kept, and the way back in with it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import Locator, Page, Route, expect

from encoding import b64url, from_b64url
from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.conftest import StartServer
from tests.people import Person
from tests.server import ADMIN_PASSWORD, PASSWORD, Server

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")
MAKE = re.compile("^(Make a recovery code|Создать код восстановления)$")
DAY_SECONDS = 86_400
PROOF_MS = 120_000  # by luck a proof of work takes several times as long as usual


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A chat in which everybody secures their name before they write."""
    running = Server.start(settings={"ROOM_NAMES": "*", "CHAT_TITLE": "Harbour", "NAMES": "secured"})
    yield running
    running.stop()


def _offer(page: Page) -> Locator:
    return page.locator(".alert--offer")


def _make_code(visitor: Visitor) -> str:
    """Open the dialog from wherever it is offered; the code in it, which the server does not have yet."""
    visitor.page.get_by_role("button", name=MAKE).first.click()
    return _shown_code(visitor.page)


def _shown_code(page: Page) -> str:
    shown = page.locator(".recovery__code")
    expect(shown).to_have_text(CODE)
    code = shown.inner_text()
    confidential.keep(confidential.SECRET, code, code.replace("-", ""))
    return code


def _keep(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=re.compile("^(I have kept it|Код сохранён)$")).click()
    expect(visitor.page.locator(".recovery__code")).to_have_count(0)


def _secure(visitor: Visitor) -> str:
    """Secure one's name from the settings, which are there again afterwards."""
    visitor.page.get_by_role("button", name="Settings").click()
    code = _make_code(visitor)
    _keep(visitor)
    expect(visitor.page.get_by_role("dialog", name="Settings")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    return code


def _to_code_form(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Sign in with a recovery code").click()
    expect(visitor.page.get_by_role("heading", name="Sign in with a recovery code")).to_be_visible()


def _enter(visitor: Visitor, name: str, code: str) -> None:
    confidential.keep("name", name)
    visitor.page.locator("[name=username]").fill(name)
    visitor.page.locator("[name=code]").fill(code)
    visitor.page.locator("[name=code]").press("Enter")


def test_the_first_sign_in_offers_a_code_once_and_typing_goes_on(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna", is_offered=True)
    expect(_offer(anna.page)).to_be_visible()
    expect(anna.composer).to_be_focused()
    anna.page.keyboard.type("Nobody is kept from writing")
    expect(anna.composer).to_have_value("Nobody is kept from writing")
    anna.picture("recovery-offer")
    assert anna.flaws() == []
    _offer(anna.page).get_by_role("button", name="Later").click()
    expect(_offer(anna.page)).to_have_count(0)
    anna.reload()
    _wait_for_the_rest(anna.page)
    expect(_offer(anna.page)).to_have_count(0)


def test_who_is_not_secured_is_reminded_twice_and_never_again(window: OpenWindow) -> None:
    anna = window()
    anna.page.clock.install()
    anna.sign_in("Anna", is_offered=True)
    for days, is_due in ((0, True), (6, False), (1, True), (29, False), (1, True), (400, False)):
        anna.page.clock.set_system_time(anna.page.evaluate("Date.now()") / 1000 + days * DAY_SECONDS)
        anna.reload()
        if is_due:
            _offer(anna.page).get_by_role("button", name="Later").click()
        else:
            _wait_for_the_rest(anna.page)
        expect(_offer(anna.page)).to_have_count(0)


def test_a_code_is_good_as_soon_as_it_is_taken_along_and_lets_another_browser_in(
    window: OpenWindow, person: Callable[[str], Person]
) -> None:
    boris = person("Boris").come()
    anna = window()
    anna.sign_in("Anna", is_offered=True)
    code = _make_code(anna)
    anna.picture("recovery-code")
    assert anna.flaws() == []
    assert "secured" not in boris.event("member")["member"]
    anna.page.get_by_role("button", name="Copy", exact=True).click()
    expect(anna.page.locator(".recovery__state")).to_have_text("Your name is secured with this code.")
    assert anna.page.evaluate("navigator.clipboard.readText()") == code
    told = boris.event("member")
    assert (told["reason"], told["member"]["secured"]) == ("secured", True)
    expect(_offer(anna.page)).to_have_count(0)
    anna.picture("recovery-kept")
    assert anna.flaws() == []
    anna.page.get_by_role("button", name="Done").click()
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    anna.say("before")

    second = window()
    _to_code_form(second)
    second.picture("recovery-form")
    assert second.flaws() == []
    _enter(second, "Anna", code.lower().replace("-", " "))
    second.wait_until_live()
    second.sees("before")
    second.say("from the other one")
    expect(second.page.locator("article.message").last).to_have_attribute("aria-label", re.compile("^Anna,"))
    expect(anna.page.locator(".alert", has_text="A new device signed in under your name")).to_be_visible()
    assert second.page.evaluate("Object.values(localStorage).join()").find(code.replace("-", "")) == -1


def test_the_file_says_for_which_chat_and_name_it_is(window: OpenWindow, tmp_path: Path) -> None:
    anna = window()
    anna.sign_in("Anna Li", is_offered=True)
    code = _make_code(anna)
    with anna.page.expect_download() as coming:
        anna.page.get_by_role("button", name="Download").click()
    expect(anna.page.locator(".recovery__stored")).to_be_visible()
    assert coming.value.suggested_filename == "Harbour – recovery code of Anna Li.txt"
    file = tmp_path / "code.txt"
    coming.value.save_as(file)
    text = file.read_text(encoding="utf-8-sig")
    title, line, how, *_ = text.split("\n\n")
    assert title == "Recovery code of Anna Li for the chat “Harbour”"
    assert line == code
    assert anna.address in how
    assert "Anna Li" in how


def test_russian_speakers_get_it_all_in_russian(window: OpenWindow, tmp_path: Path) -> None:
    anna = window(language="ru-RU", theme="dark")
    anna.sign_in("Анна", is_offered=True)
    expect(_offer(anna.page)).to_contain_text("Сохраните своё имя за собой")
    anna.picture("recovery-offer-russian-dark")
    code = _make_code(anna)
    anna.picture("recovery-code-russian-dark")
    assert anna.flaws() == []
    with anna.page.expect_download() as coming:
        anna.page.get_by_role("button", name="Скачать").click()
    assert coming.value.suggested_filename == "Harbour – код восстановления, Анна.txt"
    file = tmp_path / "code.txt"
    coming.value.save_as(file)
    assert file.read_text(encoding="utf-8-sig").startswith(
        f"Код восстановления для имени Анна в чате «Harbour»\n\n{code}\n\n"
    )
    expect(anna.page.locator(".recovery__stored")).to_have_text("Ваше имя защищено этим кодом.")
    anna.page.get_by_role("button", name="Готово").click()

    second = window(language="ru-RU", theme="dark")
    second.page.get_by_role("button", name="Войти по коду восстановления").click()
    _enter(second, "Анна", code[:-1])
    expect(second.page.get_by_role("alert")).to_have_text("Чего-то не хватает: введено 19 символов из 20.")
    second.picture("recovery-form-russian-dark")
    assert second.flaws() == []
    _enter(second, "Анна", code)
    second.wait_until_live()


def test_only_the_sheet_goes_onto_paper(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna", is_offered=True)
    anna.page.evaluate("globalThis.print = () => { globalThis.printed = true }")
    code = _make_code(anna)
    paper = anna.page.locator(".recovery__paper")
    expect(paper).to_be_hidden()
    anna.page.get_by_role("button", name="Print").click()
    expect(anna.page.locator(".recovery__stored")).to_be_visible()
    assert anna.page.evaluate("printed")
    anna.page.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(paper.get_by_text(code, exact=True)).to_be_visible()
    expect(paper).to_contain_text("Recovery code of Anna for the chat “Harbour”")
    seen = anna.page.evaluate(
        """[...document.querySelectorAll("body *")]
            .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".recovery__paper"))
            .map((each) => each.className)"""
    )
    assert seen == []
    anna.picture("recovery-paper")
    anna.page.emulate_media(media="screen")


def test_nothing_is_called_kept_that_the_server_does_not_have(window: OpenWindow) -> None:
    anna = window()
    anna.sign_in("Anna", is_offered=True)
    code = _make_code(anna)
    anna.page.route("**/recovery", lambda route: route.abort())
    anna.page.get_by_role("button", name="Copy", exact=True).click()
    trouble = anna.page.get_by_role("dialog").get_by_role("alert")
    expect(trouble).to_contain_text("This code does not work yet")
    expect(anna.page.locator(".recovery__stored")).to_have_count(0)
    anna.picture("recovery-failed")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator(".notice")).to_have_text("The new recovery code was not saved, so it does not work.")
    expect(_offer(anna.page)).to_be_visible()

    another = _make_code(anna)
    assert another != code
    anna.page.get_by_role("button", name="I have kept it").click()
    expect(trouble).to_be_visible()
    anna.page.unroute("**/recovery")
    anna.page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    expect(_offer(anna.page)).to_have_count(0)


def test_a_new_code_ends_the_old_one_and_the_settings_show_none(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.get_by_role("button", name="Settings").click()
    expect(anna.page.get_by_role("dialog")).to_contain_text("Anna is not secured")
    old = _make_code(anna)
    _keep(anna)
    dialog = anna.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Anna is secured")
    expect(dialog).to_contain_text("you need your recovery code or a passkey to come back as Anna")
    expect(dialog.locator(".device")).to_have_count(1)
    assert old not in anna.page.content()
    anna.picture("recovery-settings")
    assert anna.flaws() == []
    dialog.get_by_role("button", name="Make a new code").click()
    expect(dialog).to_contain_text("it stops working as soon as you keep the new one")
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Make a new code").click()
    dialog.get_by_role("button", name="Make a new code").click()
    new = _shown_code(anna.page)
    _keep(anna)

    second = window()
    _to_code_form(second)
    _enter(second, "Anna", old)
    expect(second.page.get_by_role("alert")).to_contain_text("This code does not belong to this name")
    second.picture("recovery-wrong")
    assert second.flaws() == []
    _enter(second, "Anna", new)
    second.wait_until_live()


def test_a_code_is_read_however_it_is_typed_and_the_caret_stays(window: OpenWindow) -> None:
    visitor = window()
    _to_code_form(visitor)
    field = visitor.page.locator("[name=code]")
    field.press_sequentially("oil2 34abc")
    expect(field).to_have_value("01123-4ABC")
    for _ in range(4):
        field.press("ArrowLeft")
    field.press_sequentially("xy")
    expect(field).to_have_value("01123-XY4AB-C")
    assert field.evaluate("(field) => field.selectionStart") == len("01123-XY")
    field.press("Backspace")
    expect(field).to_have_value("01123-X4ABC")
    field.fill("")
    visitor.page.evaluate("navigator.clipboard.writeText('  abcde fghjk\\nmnpqr-stvwx ')")
    field.press("Control+v")
    expect(field).to_have_value("ABCDE-FGHJK-MNPQR-STVWX")
    for typed, said in (
        ("", "Enter your recovery code."),
        ("ABCDE-FGHJK-MNPQR-STVW", "Something is missing: that is 19 of 20 characters."),
        ("ABCDE-FGHJK-MNPQR-STVWXY", "That is too long: 21 characters in place of 20."),
        ("ABCDE-FGHJK-MNPQR-STUWX", "A recovery code never has a U. Look again: it may be a V."),
        ("АBCDE-FGHJK-MNPQR-STVWX", "A recovery code has only digits and the letters A to Z."),
    ):
        _enter(visitor, "Anna", typed)
        expect(visitor.page.get_by_role("alert")).to_have_text(said)
        expect(field).to_be_focused()
    visitor.page.locator("[name=username]").fill("")
    field.press("Enter")
    expect(visitor.page.get_by_role("alert").first).to_have_text("Enter your name.")


def test_the_way_in_is_found_with_the_keys_alone_and_leads_back(window: OpenWindow) -> None:
    anna = window("Anna")
    code = _secure(anna)
    second = window()
    second.page.get_by_role("button", name="Sign in with a recovery code").press("Enter")
    expect(second.page.locator("[name=username]")).to_be_focused()
    second.page.get_by_role("button", name="Back").press("Enter")
    expect(second.page.locator("[name=password]")).to_be_visible()
    second.page.get_by_role("button", name="Sign in with a recovery code").press("Enter")
    expect(second.page.locator("[name=username]")).to_be_focused()
    second.page.keyboard.type("Anna")
    second.page.keyboard.press("Tab")
    second.page.keyboard.type(code)
    second.page.keyboard.press("Enter")
    second.wait_until_live()


def test_a_robot_check_runs_before_a_code_is_tried(window: OpenWindow, start_server: StartServer) -> None:
    server = start_server(settings={"BOT_PROTECTION": "altcha"})
    anna = Person(server.url, "Anna").enter()
    code = "0123456789ABCDEFGHJK"
    salt = from_b64url(anna.facts()["kdf"]["salt"])
    proof = HKDF(SHA256(), length=32, salt=salt, info=b"durable-chat recovery v1").derive(code.encode())
    assert anna.http.put("/recovery", json={"proof": b64url(proof)}).status_code == httpx.codes.NO_CONTENT
    anna.leave()
    second = window(server=server, place="main")
    _to_code_form(second)
    _enter(second, "Anna", code)
    second.composer.wait_for(timeout=PROOF_MS)


def test_an_admin_agrees_while_somebody_looks_for_the_code(window: OpenWindow) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    window("Anna")
    second = window()
    second.sign_in("Anna", enters=False)
    second.page.get_by_role("button", name="Use my recovery code").click()
    expect(second.page.locator("[name=code]")).to_be_focused()
    admin.page.get_by_role("region", name="Someone wants to sign in as Anna").get_by_role(
        "button", name="Approve"
    ).click()
    second.wait_until_live()


def test_an_admin_whose_name_is_held_comes_in_with_the_code_and_stays_an_admin(window: OpenWindow) -> None:
    clara = window()
    clara.sign_in("Clara", ADMIN_PASSWORD)
    code = _secure(clara)
    second = window()
    second.sign_in("Clara", ADMIN_PASSWORD, enters=False)
    expect(second.page.get_by_role("heading", name="Is that you, Clara?")).to_be_visible()
    second.picture("recovery-confirm")
    assert second.flaws() == []
    second.page.get_by_role("button", name="Use my recovery code").click()
    second.page.locator("[name=code]").fill("00000-00000-00000-00000")
    second.page.locator("[name=code]").press("Enter")
    expect(second.page.get_by_role("alert")).to_contain_text("This code does not belong to this name")
    second.page.locator("[name=code]").fill(code)
    second.page.locator("[name=code]").press("Enter")
    second.wait_until_live()
    expect(second.page.locator(".member-corner .role")).to_have_text("Admin")


def test_a_name_that_is_secured_is_marked_wherever_it_stands(
    window: OpenWindow, person: Callable[[str], Person]
) -> None:
    person("Boris").come()
    anna = window("Anna")
    anna.say("marked")
    anna.sees("marked")
    sign = "Secured: nobody else can take this name"
    expect(anna.page.get_by_role("img", name=sign)).to_have_count(0)
    _secure(anna)
    expect(anna.page.locator(".message__header").get_by_role("img", name=sign)).to_be_visible()
    expect(anna.page.locator(".member-corner").get_by_role("img", name=sign)).to_have_attribute("title", sign)
    anna.page.locator(".channel-header__people").click()
    expect(anna.page.locator(".person", has_text="Anna").get_by_role("img", name=sign)).to_be_visible()
    expect(anna.page.locator(".person", has_text="Boris").get_by_role("img", name=sign)).to_have_count(0)
    anna.picture("recovery-sign")
    assert anna.flaws() == []


def test_an_approval_ends_the_code_and_every_device_is_told(window: OpenWindow) -> None:
    admin = window()
    admin.sign_in("Clara", ADMIN_PASSWORD)
    anna = window("Anna")
    code = _secure(anna)
    other = window()
    other.sign_in("Anna", enters=False)
    question = admin.page.get_by_role("region", name="Someone wants to sign in as Anna")
    expect(question).to_contain_text("This name is secured.")
    admin.picture("recovery-approval")
    assert admin.flaws() == []
    question.get_by_role("button", name="Approve").click()
    other.wait_until_live()
    alert = anna.page.locator(".alert", has_text="your recovery code and passkeys no longer work")
    expect(alert).to_be_visible()
    anna.picture("recovery-ended")
    assert anna.flaws() == []
    alert.get_by_role("button", name="Settings").click()
    expect(anna.page.get_by_role("dialog")).to_contain_text("Anna is not secured")
    third = window()
    _to_code_form(third)
    _enter(third, "Anna", code)
    expect(third.page.get_by_role("alert")).to_contain_text("This code does not belong to this name")


def test_where_names_are_to_be_secured_one_reads_first_and_writes_afterwards(
    window: OpenWindow, strict: Server
) -> None:
    anna = window(server=strict)
    anna.page.locator("form#login").wait_for()
    anna.sign_in("Anna", enters=False)
    reason = anna.page.get_by_text("To write here, first secure your name.")
    expect(reason).to_be_visible()
    expect(anna.composer).to_have_count(0)
    expect(_offer(anna.page)).to_be_visible()
    expect(_offer(anna.page).get_by_role("button", name="Later")).to_have_count(0)
    anna.picture("recovery-required")
    assert anna.flaws() == []
    anna.page.get_by_role("button", name="New channel").click()
    anna.page.get_by_role("dialog").get_by_label("Name").fill("plans")
    anna.page.get_by_role("dialog").get_by_label("Name").press("Enter")
    expect(anna.page.get_by_role("dialog").get_by_role("alert")).to_have_text(
        "First secure your name: see the settings."
    )
    anna.page.keyboard.press("Escape")
    anna.page.get_by_role("button", name=MAKE).last.click()
    _shown_code(anna.page)
    _keep(anna)
    expect(reason).to_have_count(0)
    expect(_offer(anna.page)).to_have_count(0)
    anna.say("now I may")
    anna.sees("now I may")
    anna.page.reload()
    expect(anna.composer).to_be_visible()
    expect(reason).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_of_it_fits_a_phone(window: OpenWindow, theme: str) -> None:
    anna = window(width=360, height=740, theme=theme)
    anna.sign_in("Anna", is_offered=True)
    expect(_offer(anna.page)).to_be_visible()
    anna.picture(f"recovery-phone-offer-{theme}")
    assert anna.flaws() == []
    code = _make_code(anna)
    _fits(anna.page)
    anna.picture(f"recovery-phone-code-{theme}")
    assert anna.flaws() == []
    _keep(anna)
    second = window(width=360, height=740, theme=theme)
    second.page.get_by_role("button", name="Sign in with a recovery code").tap()
    _enter(second, "Anna", "0")
    expect(second.page.get_by_role("alert")).to_be_visible()
    _fits(second.page)
    second.picture(f"recovery-phone-form-{theme}")
    assert second.flaws() == []
    _enter(second, "Anna", code)
    second.wait_until_live()


def test_the_code_itself_never_travels(window: OpenWindow) -> None:
    anna = window()
    sent: list[str] = []
    anna.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    anna.sign_in("Anna", is_offered=True)
    code = _make_code(anna)
    bodies: list[object] = []

    def look(route: Route) -> None:
        bodies.append(json.loads(route.request.post_data or ""))
        confidential.keep_fields(bodies[-1])
        route.continue_()

    anna.page.route("**/recovery", look)
    _keep(anna)
    until(anna.page, lambda: bodies)
    assert [list(body) for body in bodies if isinstance(body, dict)] == [["proof"]]
    assert [each for each in sent if code in each or code.replace("-", "") in each or PASSWORD in each] == []


def _wait_for_the_rest(page: Page) -> None:
    """Until what works beside the conversation has come: it shows the offer at once, or not at all."""
    page.locator(".for-listeners[aria-live], [aria-live=polite]").first.wait_for(state="attached")
    page.wait_for_timeout(300)


def _fits(page: Page) -> None:
    width, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner
    cut = page.evaluate(
        """[...document.querySelectorAll(".dialog *, .login *")]
            .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
            .map((each) => each.className)"""
    )
    assert cut == []
