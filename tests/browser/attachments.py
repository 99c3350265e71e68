"""Pictures and files for the tests of pages, and somebody who sends what no page of ours would send."""

import secrets
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload

from encoding import b64url
from files.layout import sealed_bytes
from tests import confidential
from tests.browser.visitor import Visitor
from tests.people import Frame, Line, Person


def picture(width: int = 240, height: int = 160, colour: str = "teal", kind: str = "PNG") -> bytes:
    """A picture in two colours."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width // 2, height // 2), fill="coral")
    made = BytesIO()
    image.save(made, kind)
    return made.getvalue()


def as_file(name: str, data: bytes, kind: str = "image/png") -> FilePayload:
    """As a picker hands it over."""
    confidential.keep("file", name)
    return {"name": name, "mimeType": kind, "buffer": data}


def attach(visitor: Visitor, *files: FilePayload | Path) -> None:
    """Choose files with the button, and wait until they are prepared."""
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.locator(".composer__attach").click()
    chooser.value.set_files(list(files))  # type: ignore[arg-type]  # Playwright wants a list of one kind
    visitor.page.locator(".picked").last.wait_for()
    visitor.page.locator(".picked--preparing").first.wait_for(state="detached")


def send_sealed(person: Person, line: Line, files: Sequence[tuple[bytes, dict[str, Any]]], body: str = "") -> Frame:
    """Send files by the protocol alone: whatever is said about them, the room takes it, for it is sealed."""
    return line.say(body, files=[_stored(person, data, info) for data, info in files])


def _stored(person: Person, data: bytes, info: dict[str, Any]) -> dict[str, Any]:
    file, key = secrets.token_bytes(16), secrets.token_bytes(32)
    sealed = AESGCM(key).encrypt(bytes([*bytes(11), 1]), data, b"durable-chat file v1" + file)  # one chunk
    name = b64url(file)
    size = {"size": sealed_bytes(len(data)), "thumb": 0}
    reserved = person.http.post("/files", json={"id": name, "channel": "general", **size}, headers=_origin(person))
    ticket = reserved.raise_for_status().json()["ticket"]
    put = person.http.put(
        f"/files/{name}/parts/0", content=sealed, headers={**_origin(person), "Upload-Ticket": ticket}
    )
    assert put.status_code == httpx.codes.NO_CONTENT, put.text
    confidential.keep("file", str(info["name"]))
    return {"id": name, "key": b64url(key), "size": len(data), **info}


def _origin(person: Person) -> dict[str, str]:
    return {"Origin": person.url}
