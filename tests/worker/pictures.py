"""Files that people send with messages, from the reservation to the last part. Their bytes are random, as if sealed."""

import os
import sqlite3
import time

import httpx

from encoding import b64url
from files.layout import sealed_bytes
from tests import confidential
from tests.people import Frame, Person
from tests.places import Place
from tests.worker.parcels import files_of


def stored_files(place: Place) -> set[str]:
    """The ids of the files of which any part is stored."""
    stored = files_of(place)
    try:
        return {b64url(file) for (file,) in stored.rows("SELECT DISTINCT id FROM parts")} if stored.tables() else set()
    except sqlite3.OperationalError:  # an object that holds nothing has no tables
        return set()


class Picture:
    """A picture of somebody's, of so many bytes before sealing."""

    def __init__(
        self, person: Person, *, size: int = 3_000, thumb: int | None = None, channel: str = "general"
    ) -> None:
        self.person = person
        self.size = size
        self.thumb = thumb
        self.channel = channel
        self.id = b64url(os.urandom(16))
        self._key = b64url(os.urandom(32))
        self.parts: dict[str, bytes] = {}
        """What was stored, by the name of the part."""

    def described(self) -> Frame:
        """What the message says of it."""
        kind, name = "image/jpeg", "The sea in May.jpg"
        file: Frame = {"id": self.id, "key": self._key, "name": name, "type": kind, "size": self.size}
        small = {"type": "image/webp", "size": self.thumb, "width": 4, "height": 3}
        return file | ({} if self.thumb is None else {"thumb": small})

    def reserve(self) -> httpx.Response:
        """What the room answers to whoever wants to upload it; who asks too fast asks again when told to."""
        thumb = 0 if self.thumb is None else sealed_bytes(self.thumb)
        wanted = {"id": self.id, "channel": self.channel, "size": sealed_bytes(self.size), "thumb": thumb}
        while (answer := self.person.http.post("/files", json=wanted)).json().get("code") == "too_many_attempts":
            time.sleep(answer.json()["retry_after"])
        confidential.keep_text(answer.read())
        return answer

    def upload(self) -> "Picture":
        """Store all of it."""
        answer = self.reserve()
        assert answer.status_code == httpx.codes.CREATED, answer.text
        told = answer.json()
        whole, part_bytes = os.urandom(sealed_bytes(self.size)), told["part_bytes"]
        starts = range(0, len(whole), part_bytes)
        self.parts = {str(number): whole[start : start + part_bytes] for number, start in enumerate(starts)}
        assert len(self.parts) == told["parts"]
        if self.thumb is not None:
            self.parts["t"] = os.urandom(sealed_bytes(self.thumb))
        for part in self.parts:
            stored = self.store(part, told["ticket"])
            assert stored.status_code == httpx.codes.NO_CONTENT, stored.text
        return self

    def store(self, part: str, ticket: str) -> httpx.Response:
        """The answer to a part."""
        headers = {"Upload-Ticket": ticket}
        return self.person.http.put(self._path(part), content=self.parts[part], headers=headers)

    def _path(self, part: str) -> str:
        return f"/files/{self.id}/parts/{part}"
