"""Rooms of a test's own on a server that many tests share, and a look into what they store.

`ROOM_NAMES=*` opens any room, and rooms share nothing, so each test has a fresh one. Their SQLite files are read and
changed while the server runs: that is how a test lets weeks pass or plays the thief.
"""

import hashlib
import hmac
import itertools
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from access.attempts import address_digest
from encoding import b64url, from_b64url
from tests.people import Person
from tests.server import PASSWORD, Server, numbered_room

DAY_MS = 86_400_000
_addresses = itertools.count(1)
_rooms = itertools.count(1)


def fresh_address() -> str:
    """A client address that no other test has: limits count by address."""
    number = next(_addresses)
    return f"198.18.{number // 250}.{number % 250 + 1}"  # RFC 2544: for tests


def fresh_room() -> str:
    """The name of a room that no other test of this process has."""
    return numbered_room(next(_rooms))


class Stored:
    """What one Durable Object has on disk."""

    def __init__(self, server: Server, kind: str, name: str) -> None:
        self._folder = server.state / "v3" / "do" / f"durable-chat-{kind}"
        self._key = hashlib.sha256(f"durable-chat-{kind}".encode()).digest()
        self._name = name

    @property
    def file(self) -> Path:
        """The SQLite file; workerd calls it by the id that it makes of the object's name."""
        half = hmac.digest(self._key, self._name.encode(), "sha256")[:16]
        object_id = half + hmac.digest(self._key, half, "sha256")[:16]
        return self._folder / f"{object_id.hex()}.sqlite"

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a thief of the database would see."""
        # Read-only, as the last to close a database it may write to locks it, just when workerd may want to open it.
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True, timeout=60)) as database:
            return database.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> int:
        """Change stored rows behind the object's back; returns how many."""
        with closing(sqlite3.connect(self.file, timeout=60)) as database, database:
            return database.execute(statement, values).rowcount

    def tables(self) -> list[str]:
        """The names of what is stored at all, the platform's own tables aside."""
        if not self.file.exists():
            return []
        found = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found if not name.startswith("_cf_")]

    def stored_bytes(self) -> bytes:
        """Everything on disk of this object."""
        files = [self.file, self.file.with_name(self.file.name + "-wal")]
        return b"".join(file.read_bytes() for file in files if file.exists())


class Place(Stored):
    """One room."""

    def __init__(self, server: Server, room: str | None = None) -> None:
        self.server = server
        self.room = room or fresh_room()
        self._people: list[Person] = []
        super().__init__(server, "Room", self.room)

    def next_door(self) -> "Place":
        """Another room of the same server."""
        place = Place(self.server)
        place._people = self._people
        return place

    def close(self) -> None:
        """Everybody leaves."""
        for person in self._people:
            person.leave()

    @property
    def url(self) -> str:
        """The room's address for HTTP."""
        return f"{self.server.url}/api/rooms/{self.room}"

    def stranger(self, name: str = "Eve", *, address: str | None = None) -> Person:
        """Somebody with a browser who has not signed in, at an address of their own."""
        person = Person(self.server.url, name, room=self.room, address=address or fresh_address())
        self._people.append(person)
        return person

    def member(self, name: str, *, password: str = PASSWORD, **more: Any) -> Person:
        """Somebody who has signed in."""
        person = self.stranger(name)
        answer = person.sign_in(password, **more)
        assert answer.status_code == 201, answer.text
        return person

    def guesses(self, address: str) -> Stored:
        """What the object of an address has stored, whichever rooms its logins were for."""
        master_key = from_b64url(self.server.settings["MASTER_KEY"])
        key = HKDF(SHA256(), 32, salt=None, info=b"durable-chat address v1").derive(master_key)
        return Stored(self.server, "Guesses", b64url(address_digest(key, address)))
