"""archive.html of an export, opened from a folder: it shows everything without a network, and runs nothing of it."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hostile import TEXTS
from tests.browser.visitor import PICTURES, flaws_of
from tests.photos import png
from tools import paths

START = 1_800_000_000_000
ANNA, BORIS = {"id": "anna", "name": "Anna", "role": "admin"}, {"id": "boris", "name": "Boris", "role": "member"}
ELEMENTS = frozenset(
    "p strong em del code pre a ul ol li blockquote span div table tbody tr th td".split()  # noqa: SIM905
)
MARKUP = b" \n<html><script>document.title = 'pwned'</script>"
_WATCH = (
    "addEventListener('securitypolicyviolation', (event) => (globalThis.reports ??= []).push(event.violatedDirective))"
)


def a_channel(channel: str, count: int, **more: Any) -> dict[str, Any]:
    return {"id": channel, "name": channel, "topic": f"about {channel}", "last_seq": count, **more}


def said(seq: int, body: str, channel: str = "general", **more: Any) -> dict[str, Any]:
    sent_at = START + seq * 60_000
    return {
        "seq": seq,
        "id": f"m{seq}",
        "channel": channel,
        "author": "boris",
        "body": body,
        "sent_at": sent_at,
        **more,
    }


def a_file(name: str, kind: str, content: bytes, **more: Any) -> dict[str, Any]:
    return {"id": name.replace(".", "-"), "key": "", "name": name, "type": kind, "size": len(content), **more}


PIXELS = png()
PICTURE = a_file("sea.png", "image/png", PIXELS, width=60, height=44, alt="the sea")
PAGE = a_file("page.pdf", "application/pdf", MARKUP)
NOTES = a_file("notes.txt", "text/plain", b"hello")
HISTORY = {
    "general": [
        said(1, "Good **morning** @Anna", mentions=["anna"], reactions={"👍": ["anna", "boris"]}),
        said(2, "And to you", author="anna", reply_to="m1", edited_at=START + 200_000, imported_at=START + 300_000),
        {"seq": 3, "id": "m3", "channel": "general", "deleted_at": START + 180_000},
        said(4, "", files=[PICTURE, PAGE, NOTES]),
        *[said(5 + number, text) for number, text in enumerate(TEXTS)],
    ],
    "many": [said(number, f"line {number}", "many") for number in range(1, 1_001)],
    "den": [said(1, "only for us", "den")],
}
ROOM = {
    "room": "main",
    "title": "</title><script>alert(1)</script> & co",
    "origin": "https://chat.example",
    "me": ANNA,
    "retention_days": None,
    "channels": [
        a_channel("general", 5 + len(TEXTS), name='<img src=x onerror="alert(1)">'),
        a_channel("many", 1_000),
        a_channel("den", 1, kind="private", members=["anna", "boris"]),
        a_channel("empty", 0),
    ],
    "members": [ANNA, BORIS],
    "former": [],
    "now": START,
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked export."""
    folder = tmp_path_factory.mktemp("export")
    contents = {PICTURE["id"]: PIXELS, PAGE["id"]: MARKUP, NOTES["id"]: b"hello"}
    encoded = {name: base64.b64encode(content).decode() for name, content in contents.items()}
    given = json.dumps({"room": ROOM, "history": HISTORY, "contents": encoded})
    command = [str(paths.node()), str(paths.ROOT / "tests" / "archiving.mjs"), str(folder)]
    subprocess.run(command, input=given, text=True, check=True, timeout=120)
    return folder / "archive.html"


@pytest.fixture
def page(browser: Browser, archive: Path) -> Iterator[Page]:
    """A window without a network; it fails if anything went wrong on the page, or if it asked for anything outside."""
    context = browser.new_context(offline=True, viewport={"width": 1100, "height": 800})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("dialog", lambda dialog: problems.append(dialog.message))
    opened.on("request", lambda request: None if request.url.startswith("file:") else problems.append(request.url))
    opened.add_init_script(_WATCH)
    opened.goto(archive.as_uri())
    yield opened
    problems += opened.evaluate("globalThis.reports ?? []")
    if opened.evaluate("globalThis.pwned !== undefined"):
        problems.append("a text ran")
    context.close()
    assert problems == []


def open_channel(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name).click()
    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_contain_text(name)


def test_everything_is_shown_and_nothing_runs(page: Page) -> None:
    expect(page).to_have_title(re.compile(r"</title><script>alert\(1\)</script> & co"))
    rows = page.locator(".message")
    expect(rows).to_have_count(4 + len(TEXTS))
    expect(rows.nth(0).locator("strong").nth(1)).to_have_text("morning")
    expect(rows.nth(0).locator(".mention")).to_have_text("@Anna")
    expect(rows.nth(1).locator(".quote")).to_contain_text("Good morning @Anna")
    expect(rows.nth(1)).to_contain_text("edited")
    expect(rows.nth(1).get_by_text("imported")).to_have_attribute(
        "title", re.compile(r"15 January 2027|January 15, 2027")
    )
    expect(page.get_by_text("imported")).to_have_count(1)
    expect(rows.nth(2)).to_contain_text("This message was deleted.")
    shown = set(page.evaluate("[...new Set([...document.querySelectorAll('.body *')].map((each) => each.localName))]"))
    assert shown <= ELEMENTS
    links = page.evaluate("[...document.querySelectorAll('.body a')].map((each) => each.href)")
    assert all(href.startswith(("http:", "https:", "mailto:")) for href in links)
    attributes = page.evaluate(
        "[...new Set([...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames()))]"
        ".filter((name) => name.startsWith('on') || name === 'style' || name === 'srcdoc')"
    )
    assert attributes == []


def test_files_are_shown_from_the_folder_and_pages_are_not_linked(page: Page) -> None:
    row = page.locator(".message").nth(3)
    picture = row.get_by_role("img", name="the sea")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 60)
    expect(row.get_by_role("link", name="notes.txt")).to_have_attribute("href", "files/notes-txt")
    expect(row.get_by_role("link", name="page.pdf")).to_have_count(0)
    expect(row).to_contain_text("files/page-pdf")


def test_long_channels_come_in_pieces_and_a_search_finds_in_all(page: Page) -> None:
    open_channel(page, "many")
    rows = page.locator(".message")
    expect(rows).to_have_count(300)
    expect(rows.last).to_contain_text("line 1000")
    page.get_by_role("button", name="Show earlier messages").click()
    expect(rows).to_have_count(600)
    page.get_by_role("searchbox", name="Search").fill("LINE 17")
    expect(page.get_by_role("status")).to_have_text("Messages found: 20")
    page.get_by_role("link", name=re.compile("many ·")).first.click()
    expect(page.locator(".message:focus")).to_contain_text("line 17")
    expect(rows).to_have_count(166)
    page.get_by_role("button", name="Show later messages").click()
    expect(rows).to_have_count(466)
    page.get_by_role("searchbox", name="Search").fill("only us")
    expect(page.get_by_role("status")).to_have_text("Messages found: 1")
    page.get_by_role("searchbox", name="Search").fill("nowhere")
    expect(page.get_by_role("status")).to_have_text("Nothing found.")
    open_channel(page, "empty")
    expect(page.get_by_role("status")).to_have_text("There are no messages here.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1_100, 390])
def test_axe_finds_nothing(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    open_channel(page, "den")
    assert flaws_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=PICTURES / f"archive-{scheme}-{width}.png")
