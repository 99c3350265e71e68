"""Files on their way from a page: what comes in between, and what arrives; test_files.py has what people see."""

import contextlib
import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image
from playwright.sync_api import Error, Route, expect

from encoding import from_b64url
from files.layout import BLOCK_BYTES, OBJECT, SEALED_CHUNK_BYTES, part_count, sealed_bytes
from tests.browser.attachments import as_file, attach
from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Frame, Line, Person
from tests.photos import DEVICES, SECRET, jpeg
from tests.server import ADMIN_PASSWORD

Enter = Callable[..., Person]
PARTS = "**/parts/*"
FOUR_PARTS = 4 * (BLOCK_BYTES[OBJECT] - 64) - 100
"""The bytes of a file of four parts."""


class Wire:
    """Between a browser and the server: one part passes, the others are held until the wire is mended."""

    def __init__(self, visitor: Visitor) -> None:
        self.passes = 1
        self.stored: list[str] = []
        self._held: list[Route] = []
        visitor.context.route(PARTS, self._pass)
        visitor.context.on("requestfinished", self._note)

    def _pass(self, route: Route) -> None:
        if self.passes > 0 or route.request.method != "PUT":
            self.passes -= 1
            route.continue_()
        else:
            self._held.append(route)

    def _note(self, request: Any) -> None:
        if "/parts/" in request.url and request.method == "PUT" and request.response().status == 204:
            self.stored.append(request.url.rpartition("/")[2])

    def is_cut(self) -> bool:
        """Whether one part is there, and the next three, which go at the same time, are not."""
        return len(self.stored) == 1 and len(self._held) == 3

    def mend(self) -> None:
        """Everything passes from now on, and what was held goes."""
        self.passes = 1_000
        for route in self._held:
            with contextlib.suppress(Error):  # the page has given it up
                route.continue_()
        self._held.clear()


def receive(person: Person, line: Line, file: Frame) -> bytes:
    """What a file holds for somebody who has its message, opened with OpenSSL."""
    line.put({"type": "file.tickets", "ref": file["id"], "ids": [file["id"]]})
    ticket = line.answer(file["id"])["tickets"][file["id"]]
    sealed = b"".join(
        person.http.get(f"/files/{file['id']}/parts/{part}", headers={"Download-Ticket": ticket}).content
        for part in range(part_count(sealed_bytes(file["size"]), OBJECT))
    )
    chunks = [sealed[at : at + SEALED_CHUNK_BYTES] for at in range(0, len(sealed), SEALED_CHUNK_BYTES)]
    cipher, context = AESGCM(from_b64url(file["key"])), b"durable-chat file v1" + from_b64url(file["id"])
    return b"".join(
        cipher.decrypt(bytes(7) + index.to_bytes(4, "big") + bytes([index == len(chunks) - 1]), chunk, context)
        for index, chunk in enumerate(chunks)
    )


def messages_with_files(line: Line) -> list[Frame]:
    """The messages of the channel that have files."""
    line.put({"type": "history", "ref": "all", "channel": "general", "before": None, "limit": 50})
    return [message for message in line.answer("all")["messages"] if message.get("files")]


def test_of_two_tabs_one_sends_and_the_other_goes_on_when_it_is_gone(window: OpenWindow, person: Enter) -> None:
    line = person("Boris").come()
    anna = window("Anna")
    wire = Wire(anna)
    attach(anna, as_file("holiday.bin", os.urandom(FOUR_PARTS), "application/octet-stream"))
    other = anna.context.new_page()
    anna.watch(other)
    other.goto(anna.address)
    anna.say("the holiday")
    until(anna.page, wire.is_cut)
    expect(other.get_by_text("the holiday")).to_have_count(0)
    expect(other.locator(".picked")).to_have_count(0)
    anna.page.close()
    anna.page = other
    anna.reload()
    wire.mend()
    anna.sees("the holiday")
    assert set(wire.stored) == {"0", "1", "2", "3"}
    assert len(messages_with_files(line)) == 1


def test_a_ticket_that_is_over_is_renewed_in_the_middle(window: OpenWindow, person: Enter) -> None:
    boris = person("Boris")
    line = boris.come()
    anna = window("Anna")
    wrong: list[str] = []

    def spoil(route: Route) -> None:
        if len(wrong) == 3 or route.request.url in wrong:
            return route.continue_()
        wrong.append(route.request.url)
        return route.continue_(headers={**route.request.headers, "upload-ticket": "W10.AAAA"})

    anna.context.route(PARTS, spoil)
    content = os.urandom(FOUR_PARTS)
    attach(anna, as_file("holiday.bin", content, "application/octet-stream"))
    anna.say("the holiday")
    anna.sees("the holiday")
    assert len(wrong) == 3
    [message] = messages_with_files(line)
    assert receive(boris, line, message["files"][0]) == content


def test_who_is_signed_out_in_the_middle_goes_on_after_coming_back(window: OpenWindow, person: Enter) -> None:
    phone = person("Anna")  # keeps the name
    line = phone.come()
    anna = window()
    anna.sign_in("Anna", enters=False)
    _confirm(anna, line)
    wire = Wire(anna)
    attach(anna, as_file("holiday.bin", os.urandom(FOUR_PARTS), "application/octet-stream"))
    anna.say("the holiday")
    until(anna.page, wire.is_cut)
    [other] = [each for each in phone.http.get("/sessions").json()["sessions"] if not each["current"]]
    assert phone.http.delete(f"/sessions/{other['id']}").status_code == 204
    wire.mend()
    anna.page.locator("form#login").wait_for()
    expect(anna.page.get_by_role("status")).to_contain_text("You were signed out")
    anna.sign_in("Anna", enters=False)
    _confirm(anna, line)
    anna.sees("the holiday")
    assert len(messages_with_files(line)) == 1


def _confirm(visitor: Visitor, line: Line) -> None:
    """Type in the six digits that the member's other device shows."""
    visitor.page.get_by_label("Six-digit code").fill(line.next("confirmation")["code"])
    visitor.page.get_by_label("Six-digit code").press("Enter")
    visitor.wait_until_live()


def test_what_was_on_its_way_to_a_deleted_channel_is_in_the_composer_of_another(
    window: OpenWindow, person: Enter
) -> None:
    boris = person("Boris")
    boss = person("Boss", password=ADMIN_PASSWORD).come()
    boss.put({"type": "channel.create", "ref": "new", "name": "holidays"})
    channel = boss.answer("new")["channel"]
    anna = window("Anna")
    anna.page.get_by_role("button", name="holidays").click()
    expect(anna.page.get_by_role("main").get_by_role("heading", name="holidays", exact=True)).to_be_visible()
    wire = Wire(anna)
    content = os.urandom(FOUR_PARTS)
    attach(anna, as_file("holiday.bin", content, "application/octet-stream"))
    anna.say("the holiday")
    until(anna.page, wire.is_cut)
    boss.put({"type": "channel.delete", "ref": "gone", "id": channel})
    boss.answer("gone")
    expect(anna.page.get_by_text("What you were sending is now in the message field of “general”.")).to_be_visible()
    wire.mend()
    expect(anna.composer).to_have_value("the holiday")
    expect(anna.page.locator(".picked--ready")).to_have_count(1)
    anna.composer.press("Enter")
    anna.sees("the holiday")
    line = boris.come()
    [message] = messages_with_files(line)
    assert receive(boris, line, message["files"][0]) == content


def test_photos_of_devices_arrive_without_what_cameras_note(window: OpenWindow, person: Enter) -> None:
    boris = person("Boris")
    line = boris.come()
    anna = window("Anna")
    attach(anna, *(as_file(f"{device.name}.jpg", jpeg(device), "image/jpeg") for device in DEVICES))
    anna.say("twelve photos")
    until(anna.page, lambda: sum(len(message["files"]) for message in messages_with_files(line)) == len(DEVICES))
    files = [file for message in messages_with_files(line) for file in message["files"]]
    assert [file["name"] for file in files] == [f"{device.name}.jpg" for device in DEVICES]
    for file, device in zip(files, DEVICES, strict=True):
        content = receive(boris, line, file)
        assert SECRET not in content
        with Image.open(BytesIO(content)) as image:
            assert dict(image.getexif()) == ({} if device.orientation == 1 else {0x0112: device.orientation})
        assert file["hash"]
        assert (file["width"] < file["height"]) == (device.orientation >= 5)
