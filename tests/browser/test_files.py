"""Pictures and files as people meet them: chosen, sent, seen, saved, deleted; and what somebody may send to do harm."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Download, FileChooser, Locator, Route, expect

from tests.browser.attachments import as_file, attach, picture, send_sealed
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Person

PARTS = "**/files/*/parts/*"
THREE = [as_file(f"the {name} picture.png", picture(colour=name)) for name in ("teal", "navy", "olive")]
HEIGHTS = "[...document.querySelectorAll('[data-row]')].map((row) => row.offsetHeight)"
SENT = "article.message:not(.message--outgoing)"


def shown(visitor: Visitor, count: int) -> Locator:
    """Wait until so many pictures are there, decoded."""
    pictures = visitor.page.locator(f"{SENT} .picture__image")
    expect(pictures).to_have_count(count)
    decoded = "(all) => all.every((one) => one.complete && one.naturalWidth > 0)"
    until(visitor.page, lambda: pictures.evaluate_all(decoded))
    return pictures


def saves(visitor: Visitor, button: Locator) -> Download:
    with visitor.page.expect_download() as download:
        button.click()
    return download.value


def test_three_pictures_with_a_caption_are_seen_by_the_others_until_they_are_deleted(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    attach(anna, *THREE, as_file("to be removed.png", picture(colour="red")))
    expect(anna.page.locator(".picked__image")).to_have_count(4)
    anna.page.get_by_role("button", name="Remove to be removed.png").click()
    anna.page.get_by_role("button", name="Describe the navy picture.png").click()
    anna.page.get_by_label("Description for people").fill("The sea by night")
    anna.page.get_by_role("button", name="Done").click()
    anna.say("Which of the three?")
    boris.sees("Which of the three?")
    alts = shown(boris, 3).evaluate_all("(all) => all.map(({alt}) => alt)")
    assert alts == ["Picture: the teal picture.png", "The sea by night", "Picture: the olive picture.png"]
    expect(anna.page.locator(".tray")).to_have_count(0)

    boris.page.get_by_role("button", name="The sea by night").click()
    viewer = boris.page.locator("dialog.viewer")
    expect(viewer.locator(".viewer__image")).to_have_attribute("alt", "The sea by night")
    expect(viewer).to_contain_text("2 of 3")
    expect(viewer).to_contain_text("Which of the three?")
    boris.page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("3 of 3")
    saved = saves(boris, viewer.get_by_role("button", name="Download the olive picture.png"))
    assert saved.suggested_filename == "the olive picture.png"
    assert saved.path().read_bytes()[:4] == b"\x89PNG"
    assert boris.flaws() == []

    anna.act("Which of the three?", "Edit message")
    expect(anna.page.locator(".message-editor")).to_be_visible()
    shown(anna, 3)
    anna.page.keyboard.press("Escape")
    anna.act("Which of the three?", "Delete message")
    expect(viewer).to_have_count(0)
    expect(boris.page.locator(".picture")).to_have_count(0)


def test_twenty_pictures_at_once_become_two_messages_in_their_order(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    attach(anna, *(as_file(f"number {number:02}.png", picture(60 + number, 60)) for number in range(20)))
    expect(anna.page.locator(".tray")).to_contain_text("Will be sent as 2 messages.")
    anna.say("All of the walk")
    boris.sees("All of the walk")
    alts = shown(boris, 20).evaluate_all("(all) => all.map(({alt}) => alt)")
    assert alts == [f"Picture: number {number:02}.png" for number in range(20)]
    expect(boris.page.locator(SENT)).to_have_count(2)


def test_nothing_moves_when_pictures_come(window: OpenWindow, person: Callable[[str], Person]) -> None:
    boris = person("Boris")
    line, anna = boris.come(), window("Anna")
    anna.page.route(PARTS, lambda route: route.abort() if route.request.method == "GET" else route.continue_())
    info = {"name": "a wide one.png", "type": "image/png", "width": 900, "height": 300}
    for count in (1, 2, 3, 5):
        send_sealed(boris, line, [(picture(900, 300), info)] * count, f"{count} of them")
    send_sealed(boris, line, [(b"words", {"name": "some words.txt", "type": "text/plain"})], "and words")
    anna.sees("and words")
    trouble = anna.page.locator(".trouble")
    expect(trouble).to_have_count(11)
    expect(trouble.first).to_contain_text("Check your connection")
    before = anna.page.evaluate(HEIGHTS)
    anna.page.unroute(PARTS)
    trouble.get_by_role("button", name="Try again").evaluate_all("(all) => { for (const one of all) one.click() }")
    shown(anna, 11)
    assert anna.page.evaluate(HEIGHTS) == before
    frame = anna.page.locator(".timeline__frame")
    assert frame.evaluate("(it) => Math.abs(it.scrollHeight - it.clientHeight - it.scrollTop)") < 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"status": 404, "json": {"code": "not_found"}}, "This file has been deleted."), ({"body": b"x" * 16}, "damaged")],
)
def test_a_file_that_does_not_come_says_why(
    window: OpenWindow, person: Callable[[str], Person], answer: dict[str, Any], words: str
) -> None:
    boris = person("Boris")
    line, anna = boris.come(), window("Anna")

    def instead(route: Route) -> None:
        route.fulfill(**answer)

    anna.page.route(PARTS, instead)
    send_sealed(boris, line, [(b"words", {"name": "the minutes.txt", "type": "text/plain"})])
    anna.page.get_by_role("button", name="Download the minutes.txt").click()
    expect(anna.page.locator(".file-card__about--trouble")).to_contain_text(words)


def test_an_upload_that_is_cut_goes_on_after_a_reload_and_sends_no_part_twice(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    stored: list[str] = []

    def cut(route: Route) -> None:
        """Only the first part comes through."""
        if route.request.url.endswith("/parts/0"):
            route.continue_()
        else:
            route.abort()

    anna.page.route(PARTS, cut)
    anna.page.on(
        "response",
        lambda answer: stored.append(answer.url.rpartition("/")[2]) if answer.request.method == "PUT" else None,
    )
    attach(anna, as_file("the whole log.bin", bytes(range(256)) * 12_000, "application/octet-stream"))
    anna.say("All that was logged")
    expect(anna.page.locator(".sending")).to_contain_text("30%")
    anna.say("and this comes after it")
    anna.page.reload()
    anna.page.unroute(PARTS, cut)
    anna.page.locator(".message--outgoing").first.wait_for(state="detached")
    boris.sees("All that was logged")
    assert boris.page.locator(SENT).all_inner_texts()[-1].endswith("and this comes after it")
    assert sorted(stored) == ["0", "1", "2"]
    saved = saves(boris, boris.page.get_by_role("button", name="Download the whole log.bin"))
    assert saved.path().read_bytes() == bytes(range(256)) * 12_000


def test_a_message_whose_files_are_refused_waits_with_its_words_until_there_is_room(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    full = {"code": "limit_reached", "title": "", "used_bytes": 9, "room_file_bytes": 9}
    anna.page.route("**/files", lambda route: route.fulfill(status=429, json=full))
    attach(anna, THREE[0])
    anna.say("For the wall")
    expect(anna.message("For the wall").get_by_role("alert")).to_contain_text("no space left for files in this room")
    anna.reload()
    expect(anna.message("For the wall").get_by_role("alert")).to_be_visible()
    anna.page.unroute("**/files")
    anna.message("For the wall").get_by_role("button", name="Try again").click()
    boris.sees("For the wall")
    shown(boris, 1)


def test_who_cancels_keeps_the_words_and_nobody_gets_the_file(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.route(PARTS, lambda _: None)  # never answered
    attach(anna, as_file("the wrong one.bin", b"0" * 900, "application/octet-stream"))
    anna.say("Here it is")
    anna.page.locator(".sending").get_by_role("button", name="Cancel").click()
    expect(anna.message("Here it is")).to_have_count(0)
    expect(anna.composer).to_have_value("Here it is")
    expect(anna.page.locator(".picked")).to_have_count(0)


def test_leaving_asks_only_if_something_would_be_lost(window: OpenWindow) -> None:
    anna = window("Anna")
    attach(anna, THREE[0])
    anna.reload()
    expect(anna.page.locator(".picked--ready")).to_have_count(1)
    assert anna.troubles == []
    boris = window()
    boris.context.add_init_script("delete globalThis.indexedDB")
    boris.page.reload()
    boris.sign_in("Boris")
    attach(boris, THREE[0])
    boris.page.evaluate("setTimeout(() => location.reload())")
    until(boris.page, lambda: boris.troubles)
    assert [boris.troubles.pop()] == ["dialog: "]
    expect(boris.page.locator(".picked--ready")).to_have_count(1)


RUNS = "<script>globalThis.pwned = 1; parent.pwned = 1; location = '/pwned'</script>"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='pwned=1'>{RUNS}</svg>".encode()
HTML = f"<!doctype html><html><body onload='pwned=1'>{RUNS}</body></html>".encode()
GIF_AND_HTML = b"GIF89a" + HTML
BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0" + b"\0" * 40
SQUARE = {"width": 40, "height": 40}


def test_what_somebody_sends_to_do_harm_neither_runs_nor_leads_anywhere(
    window: OpenWindow, person: Callable[[str], Person]
) -> None:
    boris = person("Boris")
    line, anna = boris.come(), window("Anna")
    anna.page.evaluate(
        "globalThis.reports = [];"
        "document.addEventListener('securitypolicyviolation', (event) => globalThis.reports.push(event.blockedURI))"
    )
    address = anna.page.url
    files: list[tuple[bytes, dict[str, Any]]] = [
        (SVG, {"name": "a drawing.png", "type": "image/png", **SQUARE}),
        (HTML, {"name": "a photo.jpg", "type": "image/jpeg", **SQUARE}),
        (GIF_AND_HTML, {"name": "both at once.gif", "type": "image/gif", **SQUARE}),
        (BOMB, {"name": "far too large.png", "type": "image/png", **SQUARE}),
        (SVG, {"name": "a vector.svg", "type": "image/svg+xml", **SQUARE}),
        (HTML, {"name": "../../a page.html", "type": "text/html"}),
        (HTML, {"name": "a film.mp4", "type": "video/mp4", **SQUARE}),
        (HTML, {"name": "a song.mp3", "type": "audio/mpeg"}),
        (picture(), {"name": "so large it says.png", "type": "image/png", "width": 60_000, "height": 60_000}),
    ]
    send_sealed(boris, line, files, "open these")
    message = anna.sees("open these")
    expect(message.locator(".trouble")).to_have_count(4)
    message.get_by_role("button", name=re.compile("^Play a film")).click()
    message.get_by_role("button", name=re.compile("^Play a song")).click()
    expect(message.locator(".trouble")).to_have_count(5)
    expect(message.locator(".trouble").last).to_contain_text("This cannot be shown here.")
    names = [saves(anna, each).suggested_filename for each in message.get_by_role("button", name="Download").all()]
    assert "_.._a page.html" in names
    assert len(names) == len(files)
    anna.page.wait_for_timeout(200)
    assert anna.page.evaluate("[globalThis.pwned, globalThis.reports]") == [None, []]
    assert anna.page.url == address
    assert len(anna.context.pages) == 1


def test_a_name_cannot_pretend_to_be_of_another_kind(window: OpenWindow) -> None:
    anna, boris = window("Anna"), window("Boris")
    attach(anna, as_file("holiday\u202egnp.exe", b"MZ" + b"\0" * 60, "application/x-msdownload"))
    anna.say("Look at this")
    boris.sees("Look at this")
    name = boris.page.locator(f"{SENT} .file-name")
    expect(name).to_have_text("holidaygnp.exe")
    saved = saves(boris, boris.page.get_by_role("button", name="Download holidaygnp.exe"))
    assert saved.suggested_filename == "holidaygnp.exe"


def test_files_are_sent_and_seen_with_the_keyboard_alone(window: OpenWindow) -> None:
    anna = window("Anna")
    keys = anna.page.keyboard
    choosers: list[FileChooser] = []
    anna.page.on("filechooser", lambda one: choosers.append(one))  # before the key, which would be quicker
    expect(anna.composer).to_be_focused()
    anna.tab_to(anna.page.get_by_role("button", name="Attach files"))
    keys.press("Enter")
    until(anna.page, lambda: choosers)
    choosers[0].set_files(THREE[:2])
    expect(anna.page.locator(".picked__image")).to_have_count(2)
    assert anna.flaws() == []
    expect(anna.composer).to_be_focused()
    keys.press("Enter")  # without a word
    shown(anna, 2)
    assert anna.flaws() == []
    anna.page.locator(f"{SENT}").last.focus()
    keys.press("Tab")
    expect(anna.page.locator(".picture").first).to_be_focused()
    keys.press("Enter")
    viewer = anna.page.locator("dialog.viewer")
    expect(viewer).to_contain_text("1 of 2")
    for key, place in (("ArrowRight", "2 of 2"), ("ArrowRight", "2 of 2"), ("Home", "1 of 2"), ("End", "2 of 2")):
        keys.press(key)
        expect(viewer).to_contain_text(place)
    keys.press("Escape")
    expect(viewer).to_have_count(0)
    expect(anna.page.locator(".picture").first).to_be_focused()


def test_on_a_phone_in_russian_files_come_from_a_menu_and_stand_in_a_list(window: OpenWindow) -> None:
    anna = window("Anna", width=390, height=780, language="ru-RU", theme="dark")
    anna.page.get_by_role("button", name="Прикрепить файлы").tap()
    expect(anna.page.get_by_role("button", name="Сделать снимок")).to_be_visible()
    with anna.page.expect_file_chooser() as chooser:
        anna.page.get_by_role("button", name="Выбрать файлы").tap()
    chooser.value.set_files([*THREE, as_file("the contract.pdf", b"%PDF-1.4\n" + b"0" * 900, "application/pdf")])
    expect(anna.page.locator(".picked--ready")).to_have_count(4)
    expect(anna.page.locator(".tray")).to_contain_text("личные данные")
    assert anna.flaws() == []
    anna.say("Прогулка у моря")
    anna.sees("Прогулка у моря")
    shown(anna, 3)
    anna.picture("files-phone-ru")
    anna.page.get_by_role("button", name="Ещё об этом канале").tap()
    anna.page.get_by_role("button", name="Картинки и файлы").tap()
    media = anna.page.get_by_role("dialog", name="Картинки и файлы")
    expect(media.locator(".picture__image")).to_have_count(3)
    assert anna.flaws() == []
    media.get_by_role("button", name="Файлы", exact=True).tap()
    expect(media.locator(".file-name")).to_have_text("the contract.pdf")
    assert anna.flaws() == []
    assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_dropped_or_pasted_is_attached_and_text_is_not(window: OpenWindow) -> None:
    anna = window("Anna")
    happens = """([kind, text]) => {
      const data = new DataTransfer()
      if (text === "") data.items.add(new File([new Uint8Array([1, 2, 3])], "a dropped one.bin"))
      else data.setData("text/plain", text)
      const where = document.querySelector(text === "" ? ".timeline__frame" : ".composer__text")
      const event = kind === "paste"
        ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})
      where.dispatchEvent(event)
      return event.defaultPrevented
    }"""
    target = anna.page.locator(".drop-target")
    # As browsers do while something is dragged: several times a second.
    until(anna.page, lambda: anna.page.evaluate(happens, ["dragover", ""]) and target.is_visible())
    expect(target).to_contain_text("Drop to attach to general")
    assert anna.page.evaluate(happens, ["drop", ""]) is True
    expect(target).to_have_count(0)
    expect(anna.page.locator(".picked--ready")).to_have_count(1)
    assert anna.page.evaluate(happens, ["paste", ""]) is True
    expect(anna.page.locator(".picked--ready")).to_have_count(2)
    for kind in ("dragover", "drop", "paste"):
        assert anna.page.evaluate(happens, [kind, "some text"]) is False
    anna.reload()
    expect(anna.page.locator(".picked--ready")).to_have_count(2)
