"""Files that people store and fetch by parts, with tickets as the room makes them.

Their bytes are random: no server can tell them from sealed ones.
"""

import asyncio
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from access.cookies import session_token, token_digest
from encoding import b64url, from_b64url
from files.layout import SEALED_CHUNK_BYTES, block_sizes, full_part_bytes, part_bytes, part_count
from files.tickets import DOWNLOAD, UPLOAD, Ticket, issue, ticket_key
from sealing.ciphers import TAG_BYTES
from tests import confidential
from tests.fakes import OpenSslCiphers
from tests.people import PATIENCE_SECONDS, Person
from tests.places import Place, Stored
from tests.server import Server
from tests.worker.meter import put_together

HEADERS = {UPLOAD: "Upload-Ticket", DOWNLOAD: "Download-Ticket"}
_BUCKET = re.compile(r"^#(?=\[\[r2_buckets\]\]|binding = \"FILES_BUCKET\"|bucket_name)", re.MULTILINE)


def start_with_bucket(folder: Path) -> Server:
    """A chat with a bucket for files, which miniflare plays, and with the address of storing/main.py."""
    config = put_together(folder, "storing")
    config.write_text(_BUCKET.sub("", config.read_text(encoding="utf-8")), encoding="utf-8")
    return Server.start(folder / "state", {"ROOM_NAMES": "*"}, config=config)


def ask_store(place: Place, call: str, where: str = "", files: tuple[str, ...] = ()) -> Any:
    """What a place answers a room that asks for `sizes` or wants to `remove`.

    Also how many `rows` the object has written since the last time, and how many bytes are on their way `through` it.
    """
    order = {"room": place.room, "call": call, "place": where, "files": files}
    answer = httpx.post(f"{place.server.url}/test-store", json=order, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def files_of(place: Place) -> Stored:
    """What the object `Files` of a room has on disk."""
    return Stored(place.server, "Files", place.room)


class Parcel:
    """One file of somebody's; `where` names its place, sizes are sealed bytes."""

    def __init__(self, place: Place, person: Person, where: str, size: int, thumb: int = 0) -> None:
        self.place = place
        self.person = person
        self.where = where
        self.size = size
        self.thumb = thumb
        self.id = b64url(os.urandom(16))
        self.key = b64url(os.urandom(32))
        self.parts = {name: os.urandom(self.bytes_of(name)) for name in self._names()}

    def _names(self) -> list[str]:
        return [str(number) for number in range(part_count(self.size, self.where))] + ["t"] * bool(self.thumb)

    def blocks(self) -> dict[str, int]:
        """The sizes of what is stored of it."""
        return block_sizes(self.size, self.thumb, self.where)

    def bytes_of(self, part: str) -> int:
        """The size of a part."""
        return part_bytes(part, self.size, self.thumb, self.where) or 0

    def ticket(self, purpose: str, **changes: Any) -> str:
        """A ticket for this file and the person's session; `changes` of its fields, `master_key` and `token` too."""
        token = changes.pop("token", session_token(self.person.cookie, self.place.room))
        key = _key(changes.pop("master_key", self.place.server.settings["MASTER_KEY"]))
        in_a_minute = int(time.time() * 1_000) + 60_000
        good = Ticket(purpose, self.place.room, self.id, self.size, self.thumb, self.where, in_a_minute)
        text = issue(replace(good, **changes), key=key, token_digest=token_digest(token or b""))
        confidential.keep(confidential.SECRET, text.partition(".")[2])
        return text

    def put(self, part: str, data: bytes | None = None, **more: Any) -> httpx.Response:
        """Store a part, or other bytes in its place."""
        return self.ask("PUT", part, content=self.parts[part] if data is None else data, **more)

    def get(self, part: str, **more: Any) -> httpx.Response:
        """Fetch a part."""
        return self.ask("GET", part, **more)

    def ask(self, method: str, part: str, *, ticket: str | None = None, **more: Any) -> httpx.Response:
        """Ask for anything about a part, with a good ticket unless another or an empty one is given."""
        purpose = UPLOAD if method == "PUT" else DOWNLOAD
        given = self.ticket(purpose) if ticket is None else ticket
        headers = {**({HEADERS[purpose]: given} if given else {}), **more.pop("headers", {})}
        return self.person.http.request(method, f"/files/{self.id}/parts/{part}", headers=headers, **more)

    def reserve(self, channel: str = "general") -> str:
        """The room's own ticket to store it."""
        form = {"id": self.id, "channel": channel, "size": self.size, "thumb": self.thumb}
        answer = self.person.http.post("/files", json=form)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        assert answer.json()["part_bytes"] == full_part_bytes(self.size, self.where), "new files go elsewhere"
        confidential.keep(confidential.SECRET, self.key, answer.json()["ticket"].partition(".")[2])
        return str(answer.json()["ticket"])

    def told(self, name: str = "Our summer.jpg") -> dict[str, Any]:
        """The file as its message has it."""
        confidential.keep("name", name)
        file: dict[str, Any] = {"id": self.id, "key": self.key, "name": name, "type": "image/jpeg"}
        file["size"] = self.size - TAG_BYTES * -(-self.size // SEALED_CHUNK_BYTES)
        if self.thumb:
            file["thumb"] = {"type": "image/webp", "size": self.thumb - TAG_BYTES, "width": 40, "height": 30}
        return file

    def store(self) -> "Parcel":
        """Store all parts."""
        for part in self.parts:
            answer = self.put(part)
            assert answer.status_code == 204, answer.text
        return self


def _key(master_key: str) -> bytes:
    return asyncio.run(ticket_key(from_b64url(master_key), OpenSslCiphers()))
