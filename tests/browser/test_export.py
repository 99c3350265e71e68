"""The export that the page makes: the same bytes as bin/export, into a file that somebody chooses, or as a download."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyrage
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.sealed_files import upload
from tests.server import PASSWORD, Server
from tools.paths import ROOT

CONTENT = os.urandom(700_000)
# Where somebody would choose a file stands one of the browser's own, which a test can read.
_CHOOSE = """() => {
  window.showSaveFilePicker = async ({ suggestedName }) => {
    window.suggested = suggestedName
    return (await navigator.storage.getDirectory()).getFileHandle("chosen", { create: true })
  }
}"""
_CHOSEN = """async () => {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle("chosen")
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer())
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
}"""


def open_export(visitor: Visitor, settings: str = "Settings", entry: str = "Export") -> Locator:
    """The dialog, by the way that a person takes."""
    visitor.page.get_by_role("button", name=settings).click()
    visitor.page.get_by_role("button", name=entry, exact=True).click()
    dialog = visitor.page.get_by_role("dialog", name=entry)
    expect(dialog.get_by_role("checkbox")).to_be_checked()
    return dialog


def press(dialog: Locator, name: str = "Export") -> None:
    dialog.get_by_role("button", name=name, exact=True).click()


def test_the_page_and_the_script_make_the_same_parts(
    window: OpenWindow, person: Callable[..., Person], chat: Server, room: str, tmp_path: Path
) -> None:
    boris = person("Boris")
    line = boris.come()
    file = upload(boris, CONTENT, name="summer.bin", kind="application/octet-stream")
    said = line.say("Good **morning** 🌞")
    line.say("", files=[file], reply_to=said["id"])
    line.say_many(150)
    anna = window("Anna")
    anna.sees("message 149")
    by_script = tmp_path / "script.zip"
    command = [sys.executable, str(ROOT / "bin/export"), chat.url, "--room", room, "--output", str(by_script)]
    who = {"CHAT_NAME": "Eve", "CHAT_PASSWORD": PASSWORD}
    subprocess.run(
        command, env=os.environ | who, stdin=subprocess.DEVNULL, check=True, capture_output=True, timeout=120
    )
    # Without a dialog for it the export is a download.
    anna.page.evaluate("delete window.showSaveFilePicker; delete Window.prototype.showSaveFilePicker")
    dialog = open_export(anna)
    assert anna.flaws() == []
    with anna.page.expect_download() as download:
        press(dialog)
    by_page = tmp_path / "page.zip"
    download.value.save_as(by_page)
    assert re.fullmatch(r"Harbour \d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    expect(dialog.get_by_text("Done: Harbour")).to_be_visible()
    with zipfile.ZipFile(by_script) as first, zipfile.ZipFile(by_page) as second:
        assert second.testzip() is None
        assert first.namelist() == second.namelist()
        same = [name for name in first.namelist() if name.endswith(".jsonl") or name.startswith("files/")]
        assert [name for name in same if first.read(name) != second.read(name)] == []
        assert second.read(f"files/{file['id']}") == CONTENT
        manifest = json.loads(second.read("manifest.json"))
        assert (manifest["exported_by"]["name"], manifest["counts"]["messages"]) == ("Anna", 152)
        # The page of both is the same but for who made it and when.
        pages = [re.sub(rb"<script type=.*?</script>\n", b"", each.read("archive.html")) for each in (first, second)]
        assert pages[0] == pages[1]


def test_somebody_chooses_where_it_goes_and_a_passphrase_seals_it(
    window: OpenWindow, person: Callable[..., Person], room: str
) -> None:
    person("Boris").come().say("for the safe")
    anna = window("Anna", theme="dark")
    anna.sees("for the safe")
    anna.page.evaluate(_CHOOSE)
    dialog = open_export(anna)
    passphrase = dialog.get_by_label("Passphrase (optional)")
    passphrase.fill("short")
    press(dialog)
    expect(dialog.get_by_role("alert")).to_have_text("At least 8 characters, or none.")
    assert anna.flaws() == []
    passphrase.fill("correct horse")
    press(dialog)
    expect(dialog.get_by_text("Done: Harbour")).to_be_visible()
    assert anna.page.evaluate("window.suggested").endswith(".zip.age")
    sealed = anna.page.evaluate(_CHOSEN).encode("latin-1")
    with zipfile.ZipFile(BytesIO(pyrage.passphrase.decrypt(sealed, "correct horse"))) as archive:
        assert b"for the safe" in archive.read("messages/general.jsonl")


def test_whoever_cancels_keeps_nothing_and_may_begin_again(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris")
    file = upload(boris, CONTENT, name="slow.bin", kind="application/octet-stream")
    boris.come().say("with a file", files=[file])
    anna = window("Anna")
    anna.sees("with a file")
    anna.page.evaluate(_CHOOSE)
    anna.page.route("**/files/*/parts/*", lambda route: None)  # it never comes
    dialog = open_export(anna)
    press(dialog)
    expect(dialog).to_contain_text("Files: 0 of 1")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    press(dialog, "Cancel")
    expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_visible()
    anna.page.unroute("**/files/*/parts/*")
    press(dialog)
    expect(dialog.get_by_text("Done: Harbour")).to_be_visible()
    assert "with a file" in anna.page.evaluate(_CHOSEN)
